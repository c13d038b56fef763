"""What is to be paid for what: intervals by tariffs and rules, days by fixed charges. Knows no Home Assistant.

Owns how settings and the ``billing`` room give the rows of the archive their prices, and the local days and hours that
these are told by.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from datetime import time as clock_time
from typing import TYPE_CHECKING, Final

from .archive import ChargeRow, PartRow, RateRow
from .billing import Pricer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, tzinfo

    from .archive import Commodity, IntervalRow
    from .bill_settings import BillSettings, PlanKey, Spans
    from .billing import ActivePrice, CostPlan, Tariff

PLAN_OF: Final[dict[tuple[str, str], PlanKey]] = {
    ("electricity", "energy_import"): "electricity",
    ("electricity", "energy_export"): "export",
    ("gas", "volume"): "gas",
    ("water", "volume"): "water",
}
"""The plan that prices a quantity of a commodity."""

type Priced = tuple[RateRow | None, tuple[PartRow, ...]]
"""The rate of an interval, or its parts."""

_UNPRICED: Final[Priced] = (None, ())


class Prices:
    """What intervals cost, by settings that do not change; for one thread."""

    def __init__(self, settings: BillSettings, spans: Mapping[str, Spans]) -> None:
        """Take the settings, and when each condition was on."""
        self.settings = settings
        self.plans: dict[PlanKey, CostPlan] = {key: settings.plan(key, spans) for key in settings.plans}
        self.keys: tuple[PlanKey, ...] = tuple(key for key, plan in settings.plans.items() if plan.tariffs)
        """The plans that have tariffs."""
        self._pricers = {key: Pricer(self.plans[key]) for key in self.keys}
        self._rates: dict[tuple[PlanKey, ActivePrice], RateRow] = {}

    def price(self, commodity: str, quantity: str, start: int, end: int, amount: int) -> Priced:
        """Return what an interval is to be paid at. ``amount``: Wh or dm3; times: POSIX seconds."""
        key = PLAN_OF.get((commodity, quantity))
        pricer = None if key is None else self._pricers.get(key)
        if key is None or pricer is None:
            return _UNPRICED
        pieces = pricer.price(start, end, amount)
        if len(pieces) == 1:
            return self._rate(key, pieces[0].active), ()
        return None, tuple(
            PartRow(start=one.start, amount=one.amount, rate=self._rate(key, one.active)) for one in pieces
        )

    def price_row(self, row: IntervalRow) -> Priced:
        """Return the same of an interval of the archive."""
        return self.price(row.commodity, row.quantity, row.start, row.start + row.seconds, row.amount)

    def _rate(self, key: PlanKey, active: ActivePrice | None) -> RateRow | None:
        """Return a price as the archive takes it."""
        if active is None:
            return None
        rate = self._rates.get((key, active))
        if rate is None:
            name = tariff_of(self.settings, key, active.tariff_id).name
            rate = self._rates[key, active] = RateRow(
                tariff=active.tariff_id, name=name, price=active.price, currency=self.settings.currency
            )
        return rate


def tariff_of(settings: BillSettings, key: PlanKey, tariff: str) -> Tariff:
    """Return a tariff of a plan, by its id."""
    return next(one for one in settings.plans[key].tariffs if one.id == tariff)


def commodity_of(plan: PlanKey) -> Commodity:
    """Return what a plan prices."""
    return "electricity" if plan == "export" else plan


def charges_between(settings: BillSettings, first: date, last: date, zone: tzinfo) -> Iterator[ChargeRow]:
    """Yield all fixed charges of days, both inclusive, at the prices that there are now."""
    for plan, plan_settings in settings.plans.items():
        for charge in plan_settings.charges:
            for number in range((last - first).days + 1):
                day = first + timedelta(days=number)
                cost = charge.on(day)
                if cost is not None:
                    yield ChargeRow(
                        day=first_instant(day, zone),
                        commodity=commodity_of(plan),
                        charge=charge.id,
                        name=charge.name,
                        cost=cost,
                        currency=settings.currency,
                    )


def day_of(at: float, zone: tzinfo) -> date:
    """Return the local day of a time, POSIX seconds."""
    return datetime.fromtimestamp(at, zone).date()


def first_instant(day: date, zone: tzinfo) -> int:
    """Return when a local day begins, POSIX seconds."""
    return int(datetime.combine(day, clock_time(), zone).timestamp())


def hour_of(at: float, zone: tzinfo) -> int:
    """Return when a local hour begins, POSIX seconds."""
    local = datetime.fromtimestamp(at, zone)
    return int(at) - 60 * local.minute - local.second
