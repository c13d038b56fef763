"""What all counters of the site count: from readings to rows for the archive, and the totals as they are now.

Owns the makers of intervals and samples, what each device counts for, and what was closed but not handed on yet. Does
no I/O and no waiting: ``history`` hands the rows on. A long gap closes thousands of intervals with one reading; they
are worked out while the rows are taken, some at a time.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Final, Literal, cast

from .archive import LONGEST, IntervalRow, SampleRow
from .catalog import QUANTITIES, Commodity
from .const import OTHERS
from .metering import UNIT, Interval, IntervalMaker, Mark, ReadingKind, SampleMaker, Span, Totals, scopes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import tzinfo
    from decimal import Decimal

    from .archive import BookedRow, Quantity
    from .billing import CostFigures
    from .cost_book import CostBook
    from .device import Device
    from .metering import Intervals, Reading

_EXPORT: Final = "energy_export"
_LATE: Final = 120.0
"""Seconds without a reading after which what was counted in an earlier hour is late for Home Assistant's statistics."""
_HOUR: Final = 3600

type CommodityName = Literal["electricity", "gas", "water"]


@dataclass(frozen=True, kw_only=True)
class Place:
    """What a device counts for."""

    commodity: CommodityName
    load: str | None
    groups: tuple[str, ...] = ()
    counted: bool = True


@dataclass(frozen=True, kw_only=True)
class GasFactors:
    """What a m3 of gas is worth, kWh, from a local day on."""

    factors: tuple[tuple[date, Decimal | None], ...] = ()
    """In order of time; None: from then on that is not known."""

    def on(self, day: date) -> Decimal | None:
        """Return the factor of a day, None where that is not known."""
        return next((factor for since, factor in reversed(self.factors) if since <= day), None)


@dataclass(frozen=True, kw_only=True)
class Late:
    """What a counter counted in a past hour, and nobody knew until now."""

    device: str
    quantity: str
    keys: Mapping[str, int]
    """The totals that it counts for, with the millionths of each unit."""
    hour: int
    """POSIX seconds of its beginning."""
    amount: int
    at: float
    """When it became known, POSIX seconds."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """A total, and what it was in the spans: whole units."""

    total: int
    current: tuple[int, int, int]
    """Today, this month, this year."""
    previous: tuple[int, int, int]
    """Yesterday, last month, last year."""


@dataclass(frozen=True, kw_only=True)
class _Meter:
    """A counter of a device."""

    device: str
    quantity: Quantity
    maker: IntervalMaker


@dataclass(frozen=True, kw_only=True)
class _Closed:
    """Intervals that one reading closed, with what they count for."""

    meter: _Meter
    place: Place
    intervals: Intervals
    seen: int | None = None
    """Cut total that Home Assistant's statistics know; None where nothing is late."""
    at: float = 0.0


def place_of(device: Device) -> Place:
    """Return what a device counts for."""
    commodity = device.model.commodity or Commodity.ELECTRICITY
    load = device.config.load or (OTHERS if commodity is Commodity.ELECTRICITY else None)
    return Place(
        commodity=commodity.value,
        load=load,
        groups=device.config.groups,
        counted=not device.config.exclude_from_totals,
    )


class Consumption:
    """The counters of a site. Readings are left aside until ``begin`` says what is in the archive."""

    def __init__(self, *, period: int, zone: tzinfo, now: float, factors: GasFactors, costs: CostBook) -> None:
        """``period``: the sample rate, s. ``zone``: whose clock the intervals keep to. ``now``: POSIX seconds."""
        self.totals = Totals(zone=zone, now=now)
        self.costs = costs
        self.ready = False
        self._period = period
        self._zone = zone
        self._factors = factors
        self._marks: dict[tuple[str, str], Mark] = {}
        self._told: set[tuple[str, str]] = set()
        self._places: dict[str, Place] = {}
        self._meters: dict[tuple[str, str], _Meter] = {}
        self._samplers: dict[str, SampleMaker] = {}
        self._closed: deque[_Closed] = deque()
        self._current: tuple[_Closed, Iterator[Interval]] | None = None
        self._samples: list[SampleRow] = []
        self._late: dict[tuple[str, str, int], Late] = {}
        self._unbooked: dict[Place, int] = defaultdict(int)
        self._weights: dict[tuple[Place, Decimal | None], dict[str, int]] = {}

    def begin(self, marks: Mapping[tuple[str, str], tuple[int, int]], booked: Iterable[BookedRow]) -> None:
        """Go on from what the archive tells: where each counter stood, and what was ever booked."""
        self._marks = {key: Mark(end=end, level=level) for key, (end, level) in marks.items()}
        self._told = set(marks)
        for row in booked:
            place = Place(commodity=row.commodity, load=row.load, groups=row.groups)
            spans = tuple(Span) if row.span == "day" else (Span.MONTH, Span.YEAR)
            self.totals.add(self._keys(place, row.start), row.amount, at=row.start, spans=spans)
        self.ready = True

    @property
    def waiting(self) -> bool:
        """Tell whether there are rows to take."""
        return bool(self._closed or self._current or self._samples)

    def survey(self, places: Mapping[str, Place]) -> bool:
        """Take over what the devices count for from now on; tell whether anything changed.

        What a device counted before goes where it belonged before, what is open of a deleted one is closed.
        """
        changed = False
        for device, old in self._places.items():
            if places.get(device) != old:
                changed = True
                for meter in [one for one in self._meters.values() if one.device == device]:
                    self._close(meter, old, meter.maker.split())
                    if device not in places:
                        del self._meters[device, meter.quantity]
                self._samplers.pop(device, None)
        changed = changed or bool(places.keys() - self._places.keys())
        self._places = dict(places)
        return changed

    def take(self, device: str, quantity: str, reading: Reading) -> None:
        """Take what a reading of a counter meant."""
        place = self._places.get(device)
        if place is None or not self.ready:
            return
        meter = self._meter(device, quantity)
        closed = meter.maker.follow(reading)
        if not closed:
            return
        known = reading.kind is not ReadingKind.FIRST and reading.at - reading.previous_at > _LATE
        late = known and reading.previous_at // _HOUR < reading.at // _HOUR
        self._close(meter, place, closed, reading if late else None)

    def sample(self, device: str, at: float, values: Mapping[str, object]) -> None:
        """Take what a device measures, by quantity; counters and words are left out."""
        if device not in self._places:
            return
        figures = {key: value for key, value in values.items() if isinstance(value, float) and key in QUANTITIES}
        sampler = self._samplers.get(device)
        if sampler is None:
            sampler = self._samplers[device] = SampleMaker(period=self._period, zone=self._zone)
        done = sampler.add(at, figures)
        if done is not None and done.values:
            row = SampleRow(device=device, start=done.start, seconds=done.end - done.start, values=done.values)
            self._samples.append(row)

    def rows(self, most: int) -> tuple[list[IntervalRow], list[SampleRow]]:
        """Take up to so many intervals, and the samples, for the archive; they are booked to the totals."""
        intervals = list(islice(self._stream(), most))
        samples, self._samples = self._samples, []
        return intervals, samples

    def split(self) -> None:
        """Close all that is open at the newest readings: what comes after is to be priced in another way."""
        for meter in self._meters.values():
            self._close(meter, self._places[meter.device], meter.maker.split())

    def settle(self) -> None:
        """Before the end: close what never had an interval, for nothing in the archive would tell of it."""
        for key, meter in self._meters.items():
            if key not in self._told:
                self._close(meter, self._places[meter.device], meter.maker.split())

    def take_late(self) -> list[Late]:
        """Return what became late with the rows taken since the last time."""
        late, self._late = list(self._late.values()), {}
        return late

    def keys(self) -> set[str]:
        """Return the totals that there are: something was booked, or a device counts for them."""
        found = set(self.totals.keys())
        for device, place in self._places.items():
            quantity = "volume" if place.commodity != "electricity" else "energy_import"
            if (device, quantity) in self._meters:
                found.update(self._keys(place, None))
        return found

    def costs_now(self, now: float) -> dict[str, CostFigures]:
        """Return what everything costs as of now, with what is open; what there is to show, is there from the start."""
        entries = self.costs.entries(self._places)
        return self.costs.figures(now, self._opened(), entries) if entries else {}

    def figures(self, now: float) -> dict[str, Figures]:
        """Return all totals as of now, with what is open."""
        self.totals.roll(now)
        begins = self._begins(now)
        totals: dict[str, int] = defaultdict(int)
        spans: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for place, amount in self._unbooked.items():
            for key, weight in self._keys(place, None).items():
                totals[key] += amount * weight
        for meter in self._meters.values():
            start = meter.maker.start
            if meter.quantity == _EXPORT or start is None:
                continue
            for key, weight in self._keys(self._places[meter.device], start).items():
                amount = meter.maker.open_amount * weight
                totals[key] += amount
                for span, begin in enumerate(begins):
                    spans[key][span] += amount if start >= begin else 0
        return {key: self._figure(key, totals[key], spans[key]) for key in self.keys() | totals.keys()}

    def _opened(self) -> Iterator[IntervalRow]:
        """Yield what is counted, but in no interval yet, as if it were one up to the newest reading."""
        for meter in self._meters.values():
            start, at, amount = meter.maker.start, meter.maker.at, meter.maker.open_amount
            if start is not None and at is not None and amount:
                seconds = min(max(int(at) - start, 1), LONGEST)
                interval = Interval(start=start, end=start + seconds, amount=amount, estimated=False, level=0)
                yield self._row(meter, self._places[meter.device], interval)

    def _figure(self, key: str, total: int, spans: Sequence[int]) -> Figures:
        """Join what was booked with what is open, millionths."""
        current = tuple(self.totals.exact_sum(key, span) + spans[span] for span in Span)
        previous = tuple(self.totals.exact_sum(key, span, back=1) // UNIT for span in Span)
        return Figures(
            total=(self.totals.exact(key) + total) // UNIT,
            current=cast("tuple[int, int, int]", tuple(one // UNIT for one in current)),
            previous=cast("tuple[int, int, int]", previous),
        )

    def _begins(self, now: float) -> tuple[float, float, float]:
        """Return the first instants of today, of this month and of this year."""
        day = datetime.fromtimestamp(now, self._zone).replace(hour=0, minute=0, second=0, microsecond=0)
        return day.timestamp(), day.replace(day=1).timestamp(), day.replace(month=1, day=1).timestamp()

    def _meter(self, device: str, quantity: str) -> _Meter:
        """Return a counter, which goes on from where the archive is."""
        meter = self._meters.get((device, quantity))
        if meter is None:
            maker = IntervalMaker(period=self._period, zone=self._zone, mark=self._marks.get((device, quantity)))
            meter = _Meter(device=device, quantity=cast("Quantity", quantity), maker=maker)
            self._meters[device, quantity] = meter
        return meter

    def _close(self, meter: _Meter, place: Place, intervals: Intervals, late: Reading | None = None) -> None:
        """Keep closed intervals for whoever takes the rows."""
        if intervals:
            self._told.add((meter.device, meter.quantity))
            seen = None if late is None else int(late.total - late.delta)
            if meter.quantity != _EXPORT:
                self._unbooked[place] += intervals.amount
            at = 0.0 if late is None else late.at
            self._closed.append(_Closed(meter=meter, place=place, intervals=intervals, seen=seen, at=at))

    def _stream(self) -> Iterator[IntervalRow]:
        """Yield what is closed, oldest first, and book it."""
        while self._current is not None or self._closed:
            if self._current is None:
                closed = self._closed.popleft()
                self._current = (closed, iter(closed.intervals))
            closed, intervals = self._current
            for interval in intervals:
                self._book(closed, interval)
                # Most meters never see an export: what never counted is not worth a row.
                if closed.meter.quantity != _EXPORT or interval.level:
                    row = self._row(closed.meter, closed.place, interval)
                    self.costs.book(row)
                    yield row
            self._current = None

    def _book(self, closed: _Closed, interval: Interval) -> None:
        """Book an interval to the totals it counts for."""
        keys: Mapping[str, int] = {}
        if closed.meter.quantity != _EXPORT:
            self._unbooked[closed.place] -= interval.amount
            keys = self._keys(closed.place, interval.start)
            self.totals.add(keys, interval.amount, at=interval.start)
        hour = interval.start // _HOUR * _HOUR
        if closed.seen is None or hour >= closed.at // _HOUR * _HOUR:
            return
        amount = interval.level - max(closed.seen, interval.level - interval.amount)
        if amount > 0:
            meter = closed.meter
            place = (meter.device, meter.quantity, hour)
            before = self._late[place].amount if place in self._late else 0
            self._late[place] = Late(
                device=meter.device,
                quantity=meter.quantity,
                keys=keys,
                hour=hour,
                amount=before + amount,
                at=closed.at,
            )

    def _keys(self, place: Place, at: int | None) -> dict[str, int]:
        """Return what a place counts for at a time, None: ever, with the weights."""
        factor = None
        if place.commodity == "gas" and self._factors.factors:
            day = date.max if at is None else datetime.fromtimestamp(at, self._zone).date()
            factor = self._factors.on(day)
        found = self._weights.get((place, factor))
        if found is None:
            found = self._weights[place, factor] = scopes(
                place.commodity, load=place.load, groups=place.groups, counted=place.counted, gas_factor=factor
            )
        return found

    def _row(self, meter: _Meter, place: Place, interval: Interval) -> IntervalRow:
        """Return an interval as the archive takes it, priced."""
        times = (interval.start, interval.end)
        rate, parts = self.costs.prices.price(place.commodity, meter.quantity, *times, interval.amount)
        return IntervalRow(
            device=meter.device,
            quantity=meter.quantity,
            commodity=place.commodity,
            start=interval.start,
            seconds=interval.end - interval.start,
            amount=interval.amount,
            level=interval.level,
            estimated=interval.estimated,
            load=place.load,
            groups=place.groups,
            counted=place.counted,
            rate=rate,
            parts=parts,
        )
