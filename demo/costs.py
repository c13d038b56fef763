"""What the demo's past cost: its rows for the archive, and by hour for the statistics of the sensors that show money.

This module owns how the past is priced, for the archive, and which sensor has which part of that. Prices and rules are
those of the integration's settings.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final, cast
from zoneinfo import ZoneInfo

from custom_components.legrand_ews.archive import ChargeRow, PartRow, RateRow
from custom_components.legrand_ews.billing import Pricer
from custom_components.legrand_ews.metering import OVERALL, group_key, load_key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from custom_components.legrand_ews.archive import Archive, CostRow, IntervalRow, Scope
    from custom_components.legrand_ews.bill_settings import BillSettings, PlanKey
    from custom_components.legrand_ews.billing import ActivePrice

MICRO: Final = 1_000_000
"""Millionths of the currency are what costs are counted in."""
_EXPORT: Final = "energy_export"
_SCOPES: Final[tuple[Scope, ...]] = ("device", "load", "group", "total")

type Hours = dict[int, int]
"""Millionths of the currency by an hour's first instant, POSIX s."""


class Pricing:
    """Prices the past as the integration prices what is counted now."""

    def __init__(self, settings: BillSettings) -> None:
        """Take the prices; the demo's rules have no conditions."""
        self._settings = settings
        plans = {key: plan for key, plan in settings.plans.items() if plan.tariffs}
        self._pricers = {key: Pricer(settings.plan(key)) for key in plans}
        self._names = {key: {tariff.id: tariff.name for tariff in plan.tariffs} for key, plan in plans.items()}

    def priced(self, row: IntervalRow) -> IntervalRow:
        """Return an interval with its rate, or its parts."""
        plan = _plan_of(row.quantity, row.commodity)
        if (pricer := self._pricers.get(plan)) is None:
            return row
        pieces = pricer.price(row.start, row.start + row.seconds, row.amount)
        if len(pieces) == 1:
            return replace(row, rate=self._rate(plan, pieces[0].active))
        parts = (PartRow(start=one.start, amount=one.amount, rate=self._rate(plan, one.active)) for one in pieces)
        return replace(row, parts=tuple(parts))

    def charges(self, since: int, until: int, zone: str) -> list[ChargeRow]:
        """Return the fixed charges of the days from one instant to another, both days included."""
        first, last = (datetime.fromtimestamp(at, ZoneInfo(zone)).date() for at in (since, until))
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        return [
            ChargeRow(
                day=int(datetime.combine(day, time(), ZoneInfo(zone)).timestamp()),
                commodity="electricity" if plan == "export" else plan,
                charge=charge.id,
                name=charge.name,
                cost=cost,
                currency=self._settings.currency,
            )
            for plan, settings in self._settings.plans.items()
            for charge in settings.charges
            for day in days
            if (cost := charge.on(day)) is not None
        ]

    def _rate(self, plan: PlanKey, active: ActivePrice | None) -> RateRow | None:
        """Return a price as the archive takes it."""
        if active is None:
            return None
        name = self._names[plan][active.tariff_id]
        return RateRow(tariff=active.tariff_id, name=name, price=active.price, currency=self._settings.currency)


def costs(archive: Archive, entry_id: str, since: int, until: int) -> dict[str, Hours]:
    """Return what each hour cost, by the unique id of the sensor that adds it up; blocking.

    ``entry_id``: the installation's.
    """
    found: dict[str, dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for scope in _SCOPES:
        for row in archive.costs(scope, None, "hour", since, until):
            if row.cost is not None and (scope == "total" or row.key):
                for unique_id, sign in _sensors(scope, row, entry_id):
                    found[unique_id][row.start] += sign * row.cost
    for charge in archive.charges(since, until):
        for key in (charge.commodity, OVERALL):
            for kind in ("charges", "bill"):
                found[f"{entry_id}_{kind}_total_{key}"][charge.day] += charge.cost
    return {unique_id: micros(hours) for unique_id, hours in found.items()}


def device_costs(archive: Archive, counters: Collection[str], since: int, until: int) -> dict[str, Hours]:
    """Return what devices cost in each hour, by the unique ids of their counters; blocking."""
    found: dict[str, dict[int, Decimal]] = {counter: defaultdict(Decimal) for counter in counters}
    devices = {counter.split("_", 1)[0] for counter in counters}
    for row in archive.costs("device", devices, "hour", since, until):
        if row.cost is not None and (hours := found.get(f"{row.key}_{row.quantity}")) is not None:
            hours[row.start] += row.cost
    return {counter: micros(hours) for counter, hours in found.items()}


def micros(hours: Mapping[int, Decimal]) -> Hours:
    """Return whole millionths by hour: nothing of their sum is lost but what is less than one."""
    whole, passed = {}, Decimal(0)
    for hour in sorted(hours):
        before, passed = round(passed * MICRO), passed + hours[hour]
        whole[hour] = round(passed * MICRO) - before
    return whole


def _plan_of(quantity: str, commodity: str) -> PlanKey:
    """Return the plan that prices a quantity."""
    return "export" if quantity == _EXPORT else cast("PlanKey", commodity)


def _sensors(scope: Scope, row: CostRow, entry_id: str) -> Iterator[tuple[str, int]]:
    """Yield the unique ids of the sensors that a row counts for, and whether it is added or taken off."""
    back, commodity = row.quantity == _EXPORT, row.commodity
    kind = "credit" if back else "cost"
    if scope == "device":
        yield f"{row.key}_{kind}_total", 1
    elif scope == "total":
        for key in (commodity, OVERALL):
            yield f"{entry_id}_{kind}_total_{key}", 1
            yield f"{entry_id}_bill_total_{key}", -1 if back else 1
        if row.rate is not None:
            yield f"{entry_id}_tariff_total_{_plan_of(row.quantity, commodity)}:{row.rate.tariff}", 1
    elif not back:
        key_of = load_key if scope == "load" else group_key
        yield f"{entry_id}_cost_total_{key_of(row.key or '', commodity)}", 1
