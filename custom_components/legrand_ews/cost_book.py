"""What everything costs as it is now: devices, loads, groups, tariffs, commodities, and all together.

Owns what a row of the archive counts for. Prices are ``bill``'s matter, sums over the calendar the ``billing`` room's.
Money of another currency than today's is in the archive only.
"""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import datetime
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Final

from .archive import cost_of
from .billing import CostFigures, CostTotals, Span
from .metering import OVERALL, group_key, load_key
from .prices import PLAN_OF, commodity_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import tzinfo

    from .archive import ChargeRow, CostSum, HourCost, IntervalRow, RateRow
    from .consumption import Place
    from .prices import Prices

type _Row = IntervalRow | CostSum | HourCost

COST: Final = "cost"
CREDIT: Final = "credit"
CHARGES: Final = "charges"
BILL: Final = "bill"
TARIFF: Final = "tariff"
"""Kinds of money: what was consumed; what was fed back; fixed charges; all three, the credit taken off; one tariff."""

NOTHING: Final = CostFigures(total=Decimal(0), today=Decimal(0), this_month=Decimal(0), this_year=Decimal(0))
_EXPORT: Final = "energy_export"
_ZERO: Final = Decimal(0)
_SPANS: Final = {"today": tuple(Span), "month": (Span.MONTH, Span.YEAR), "year": (Span.YEAR,), "ever": ()}
"""The sums of the calendar that a sum of the archive is in."""


def entry_of(kind: str, key: str) -> str:
    """Return the name of a sum: a kind of money, and whose."""
    return f"{kind}/{key}"


def read_entry(entry: str) -> tuple[str, str]:
    """Return kind and key of the same."""
    kind, _, key = entry.partition("/")
    return kind, key


def device_key(device: str) -> str:
    """Return the key of a device."""
    return f"device:{device}"


def cost_id(entry_id: str, kind: str, key: str, measure: str = "total") -> str:
    """Return what identifies the sensor of a sum; ``entry_id``: the installation's."""
    owner, _, device = key.partition(":")
    if owner == "device":
        return f"{device}_{kind}_{measure}"
    return f"{entry_id}_{kind}_{measure}_{key}"


def tariff_key(plan: str, tariff: str) -> str:
    """Return the key of a tariff."""
    return f"{plan}:{tariff}"


class CostBook:
    """The money of a site as of now, by the names of ``entry_of``."""

    def __init__(self, prices: Prices, *, zone: tzinfo, now: float) -> None:
        """Start at zero. ``zone``: whose days, months and years count. ``now``: POSIX seconds."""
        self.prices = prices
        """As they are now; to be replaced where conditions change."""
        self._zone = zone
        self._totals = CostTotals(zone=zone, now=now)
        self._charged: dict[str, int] = {}
        self._known: dict[tuple[object, ...], tuple[tuple[str, ...], tuple[str, ...]]] = {}

    def begin(self, sums: Iterable[CostSum], charges: Iterable[ChargeRow], now: float) -> None:
        """Take over what the archive has, as of a time: POSIX seconds."""
        day = datetime.fromtimestamp(now, self._zone).replace(hour=0, minute=0, second=0, microsecond=0)
        month, year = day.replace(day=1).timestamp(), day.replace(month=1, day=1).timestamp()
        begins = {"today": now, "month": month, "year": year, "ever": 0.0}
        for row in sums:
            if row.span is not None:
                for keys, cost in self._signed(row, row.rate, row.amount):
                    self._totals.add(keys, cost, begins[row.span], _SPANS[row.span])
        self.charge(charges)

    def book(self, row: IntervalRow) -> None:
        """Book an interval that was priced."""
        self._book(self._totals, row)

    def correct(self, rows: Iterable[HourCost]) -> None:
        """Book what is priced anew: what left a rate, and what came to one."""
        for row in rows:
            for keys, cost in self._signed(row, row.rate, row.amount):
                self._totals.add(keys, cost, row.start)

    def charge(self, rows: Iterable[ChargeRow], *, back: bool = False) -> None:
        """Book fixed charges, or take them ``back``."""
        for row in rows:
            if not back:
                self._charged[row.charge] = max(row.day, self._charged.get(row.charge, row.day))
            if row.currency == self.prices.settings.currency:
                self._totals.add(_charge_entries(row.commodity), -row.cost if back else row.cost, row.day)

    def charged(self, charge: str) -> int | None:
        """Return the latest day for which a charge was booked: its first instant; None if there is none."""
        return self._charged.get(charge)

    def entries(self, places: Mapping[str, Place]) -> set[str]:
        """Return what there is to show: what was ever booked, and what is to come by today's devices and settings.

        Of what is fed back only what was booked: few devices ever do.
        """
        booked = self._totals.keys()
        found = {entry for entry in booked if read_entry(entry)[0] != TARIFF}
        for device, place in places.items():
            for (commodity, quantity), plan in PLAN_OF.items():
                if commodity == place.commodity and quantity != _EXPORT and plan in self.prices.keys:
                    owner = (device, quantity, commodity, place.load, place.groups, place.counted)
                    found.update(*_entries(*owner))
        for plan, settings in self.prices.settings.plans.items():
            found.update(entry_of(TARIFF, tariff_key(plan, tariff.id)) for tariff in settings.tariffs)
            if settings.charges:
                found.update(_charge_entries(commodity_of(plan)))
        return found

    def figures(self, now: float, opened: Iterable[IntervalRow], entries: Iterable[str]) -> dict[str, CostFigures]:
        """Return the sums as of now, POSIX seconds, with what is ``opened``: counted, but in no interval yet."""
        extra = CostTotals(zone=self._zone, now=now)
        for row in opened:
            self._book(extra, row)
        booked, more = self._totals.figures(now), extra.figures(now)
        return {entry: _plus(booked.get(entry, NOTHING), more.get(entry, NOTHING)) for entry in entries}

    def hourly(
        self, wanted: Iterable[int], before: Iterable[CostSum], hours: Iterable[HourCost], charges: Iterable[ChargeRow]
    ) -> dict[str, dict[int, Decimal]]:
        """Return what everything came to at the end of hours: by the first instants ``wanted``, in order of time.

        ``before``: sums up to the first one of ``hours``, or longer where there are none; ``charges``: all up to the
        last one wanted.
        """
        steps: dict[int, list[tuple[str, Decimal]]] = defaultdict(list)
        for hour in hours:
            steps[hour.start] += self._each(hour)
        for charge in charges:
            steps[charge.day] += self._each_charge(charge)
        running: dict[str, Decimal] = defaultdict(Decimal)
        for entry, cost in chain.from_iterable(map(self._each, before)):
            running[entry] += cost
        found, left = {}, deque(sorted(steps))
        for start in wanted:
            while left and left[0] <= start:
                for entry, cost in steps[left.popleft()]:
                    running[entry] += cost
            found[start] = dict(running)
        return {entry: {start: sums.get(entry, _ZERO) for start, sums in found.items()} for entry in running}

    def _each(self, row: CostSum | HourCost) -> Iterator[tuple[str, Decimal]]:
        """Yield what a sum of the archive adds to what; less than nothing where it is taken off."""
        for entries, cost in self._signed(row, row.rate, row.amount):
            yield from ((entry, cost) for entry in entries)

    def _each_charge(self, row: ChargeRow) -> Iterator[tuple[str, Decimal]]:
        """Yield what a fixed charge adds to."""
        if row.currency == self.prices.settings.currency:
            yield from ((entry, row.cost) for entry in _charge_entries(row.commodity))

    def _book(self, totals: CostTotals, row: IntervalRow) -> None:
        """Book an interval, or its parts."""
        for rate, amount, start in [(part.rate, part.amount, part.start) for part in row.parts] or [
            (row.rate, row.amount, row.start)
        ]:
            if amount:
                for entries, cost in self._signed(row, rate, amount):
                    totals.add(entries, cost, start)

    def _signed(self, row: _Row, rate: RateRow | None, amount: int) -> Iterator[tuple[tuple[str, ...], Decimal]]:
        """Yield what an amount adds to, and what it is taken off, each with the money."""
        if rate is None or rate.currency != self.prices.settings.currency or (cost := cost_of(amount, rate)) is None:
            return
        owner = (row.device, row.quantity, row.commodity, row.load, row.groups, row.counted)
        known = self._known.get((*owner, rate.tariff))
        if known is None:
            plus, minus = _entries(*owner)
            if row.counted:
                plus = (*plus, entry_of(TARIFF, tariff_key(PLAN_OF[row.commodity, row.quantity], rate.tariff)))
            known = self._known[*owner, rate.tariff] = (plus, minus)
        yield known[0], cost
        if known[1]:
            yield known[1], -cost


def _entries(
    device: str,
    quantity: str,
    commodity: str,
    load: str | None,
    groups: tuple[str, ...],
    counted: bool,  # noqa: FBT001
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what the money of a counter adds to, and what it is taken off."""
    own = device_key(device)
    if quantity == _EXPORT:
        if not counted:
            return (entry_of(CREDIT, own),), ()
        keys = [own, commodity, OVERALL, *(group_key(group, commodity) for group in groups)]
        return tuple(entry_of(CREDIT, key) for key in keys), (entry_of(BILL, commodity), entry_of(BILL, OVERALL))
    if not counted:
        return (entry_of(COST, own),), ()
    keys = [own, commodity, OVERALL, *(group_key(group, commodity) for group in groups)]
    if load is not None:
        keys.append(load_key(load, commodity))
    bills = (entry_of(BILL, commodity), entry_of(BILL, OVERALL))
    return (*(entry_of(COST, key) for key in keys), *bills), ()


def _charge_entries(commodity: str) -> tuple[str, ...]:
    """Return what a fixed charge adds to."""
    return tuple(entry_of(kind, key) for kind in (CHARGES, BILL) for key in (commodity, OVERALL))


def _plus(one: CostFigures, other: CostFigures) -> CostFigures:
    """Add figures up."""
    return CostFigures(
        total=one.total + other.total,
        today=one.today + other.today,
        this_month=one.this_month + other.this_month,
        this_year=one.this_year + other.this_year,
    )
