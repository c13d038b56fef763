"""The rules of the manual's examples (7.16.3.1), and short words for tests."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from custom_components.legrand_ews.billing import CostPlan, CostRule, Price, Tariff

if TYPE_CHECKING:
    from collections.abc import Iterable

    from custom_components.legrand_ews.billing import CostPart

PARIS: Final = ZoneInfo("Europe/Paris")
MIDNIGHT: Final = time(0, 0)
LAST: Final = time(23, 59)
WORKDAYS: Final = frozenset(range(5))


def tariff(key: str, amount: str) -> Tariff:
    """Return a tariff with one price."""
    return Tariff(key, key, (Price(Decimal(amount)),))


T1: Final = tariff("T1", "0.20")
T2: Final = tariff("T2", "0.12")
T3: Final = tariff("T3", "0.30")
LOW: Final = tariff("low", "0.10")
HIGH: Final = tariff("high", "0.25")

MARCH: Final = CostRule("T3", first_day=date(2020, 3, 1), last_day=date(2020, 3, 31))
CHRISTMAS: Final = CostRule("T2", first_day=date(2019, 12, 25), every_year=True)
DAYTIME: Final = CostRule("T1", MIDNIGHT, time(18, 59), WORKDAYS)
EVENING: Final = CostRule("T2", time(19, 0), LAST, WORKDAYS)
EXAMPLE: Final = CostPlan((T1, T2, T3), (MARCH, CHRISTMAS, DAYTIME, EVENING), PARIS)


def wall(text: str) -> datetime:
    """Return a time of the wall clock in Paris."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def second(text: str) -> int:
    """Return the same in POSIX seconds."""
    return int(wall(text).timestamp())


def bill(parts: Iterable[CostPart]) -> dict[str | None, tuple[Decimal, Decimal | None]]:
    """Return quantity and cost by tariff."""
    sums: dict[str | None, tuple[Decimal, Decimal | None]] = {}
    for part in parts:
        quantity, cost = sums.get(part.tariff_id, (Decimal(0), None if part.cost is None else Decimal(0)))
        sums[part.tariff_id] = quantity + part.quantity, None if part.cost is None or cost is None else cost + part.cost
    return sums


def cost(parts: Iterable[CostPart]) -> Decimal:
    """Return what is billed."""
    return sum((part.cost for part in parts if part.cost is not None), Decimal(0))
