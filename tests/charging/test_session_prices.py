"""From the bill to a session and back to money."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from custom_components.legrand_ews.archive import RateRow
from custom_components.legrand_ews.bill_settings import BillSettings
from custom_components.legrand_ews.charging.session_prices import cost_in_all, electricity
from custom_components.legrand_ews.prices import Prices

from ..bill_support import PARIS, PLAN

ZONE = ZoneInfo(PARIS)
TEN_PM = int(datetime(2026, 3, 2, 22, tzinfo=ZONE).timestamp())
EURO = RateRow(tariff="n", name="Night", price=Decimal("0.12"), currency="EUR")
FRANC = RateRow(tariff="n", name="Night", price=Decimal("0.11"), currency="CHF")


def prices(**plans: object) -> Prices:
    return Prices(BillSettings.of({"billing": {"plans": plans}}, currency="EUR", zone=ZONE), {})


def test_electricity_is_priced_as_the_bill_is() -> None:
    price = electricity(lambda: prices(electricity=PLAN))
    first, second = price(TEN_PM - 600, TEN_PM + 1200, 900)
    assert [None if rate is None else (rate.name, amount) for rate, amount in (first, second)] == [
        ("Day", 300),
        ("Night", 600),
    ]
    ((rate, amount),) = price(TEN_PM, TEN_PM + 60, 5)
    assert (rate, amount) == (second[0], 5)


def test_without_tariffs_nothing_is_priced() -> None:
    assert electricity(prices)(TEN_PM, TEN_PM + 60, 5) == ((None, 5),)


def test_prices_that_come_later_are_asked() -> None:
    held = [prices()]
    price = electricity(lambda: held[-1])
    held.append(prices(electricity=PLAN))
    assert price(TEN_PM, TEN_PM + 60, 5)[0][0] is not None


@pytest.mark.parametrize(
    ("parts", "cost"),
    [
        ([], None),
        ([(None, 1000)], None),
        ([(EURO, 1001), (None, 500)], "0.12012"),
        ([(FRANC, 5000), (EURO, 1000), (EURO, 500)], "0.18"),
        ([(EURO, 1000), (FRANC, 0)], "0"),
    ],
)
def test_a_cost_is_what_is_priced_in_the_last_currency(
    parts: list[tuple[RateRow | None, int]], cost: str | None
) -> None:
    assert cost_in_all(parts) == (None if cost is None else Decimal(cost))
