"""Questions to the archive. Owns the statements; where they run is up to who asks.

Histograms come from the roll-ups. Long answers are read a window at a time, so that no transaction stays open while
somebody takes the rows one by one.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import BigInteger, cast, func, select

from .bars import STEPS, TABLES, Bars
from .money import rate_row
from .packing import unpack
from .pieces import named, pieces, read_groups
from .rows import CONSUMED, AlarmRow, BookedRow, ConsumptionRow, IntervalRow, PartRow, SampleRow
from .schema import ALARM, DAY, DEVICE, INTERVAL, LAYOUT, METER, PART, PLACE, SAMPLE, SITE
from .span import ALWAYS, NEVER, edges, meters_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from sqlalchemy import Row, Select, Table

    from .bars import Step
    from .local_time import LocalTime
    from .rows import Commodity, Period, Scope, Triple

_PERIODS: Final[dict[Step, Period]] = {3600: "hour", 86400: "day"}


class Reading(ABC):
    """A site that can be asked."""

    def __init__(self, site: int, time: LocalTime) -> None:
        """Take the site's number."""
        self._site = site
        self._time = time

    @abstractmethod
    def _ask(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        """Return what a statement finds."""

    def consumption(
        self,
        scope: Scope,
        keys: Collection[str | None] | None,
        period: Period,
        since: int,
        until: int,
        *,
        group: str | None = None,
        whole: bool = False,
    ) -> list[ConsumptionRow]:
        """Return amounts of the hours, days, months or years that begin in [since, until), in order of time.

        ``whole``: of all of them together, told as what begins at ``since``.
        ``keys``: devices, loads (None: none) or groups, all if None; a total has no key. ``group``: only what was in
        this group then. Devices have all their quantities, the others only what is consumed and counted.
        """
        bars = Bars(site=self._site, scope=scope, keys=keys, group=group, whole=whole)
        rows = [_consumption(*row) for row in self._ask(bars.amounts(TABLES[period], since, until))]
        return rows if whole or period != "year" else self._by_year(rows)

    def grouped(
        self, scope: Scope, keys: Collection[str | None] | None, step: Step, since: int, until: int
    ) -> Iterator[ConsumptionRow]:
        """Yield amounts of quarters of an hour, hours or days that begin in [since, until), in order of time.

        Intervals longer than a quarter of an hour are in the quarter they begin in.
        """
        table, window = STEPS[step]
        bars = Bars(site=self._site, scope=scope, keys=keys)
        for start, end in self._time.windows(*self._span(table, since, until), window):
            for row in self._ask(bars.amounts(table, start, end)):
                yield _consumption(*row)

    def booked(self, since: int | None, *, commodity: Commodity | None = None) -> Iterator[BookedRow]:
        """Yield what was consumed and counted, by place: months that begin before ``since``, days from it on.

        ``since``: first instant of a local month; None: days only, all of them. ``commodity``: only this one, all if
        None. In order of time; each amount is in one row. Where days are of an earlier time zone, it is months that
        are told, also from ``since`` on.
        """
        seam = ALWAYS
        if since is not None:
            mixed = self._ask(select(SITE.c.zone_since).where(SITE.c.id == self._site))[0].zone_since
            seam = since if mixed is None else max(since, self._time.month_from(mixed))
            yield from self._booked("month", ALWAYS, seam, commodity)
        for start, end in self._time.windows(*self._span(DAY, seam, NEVER), "month"):
            yield from self._booked("day", start, end, commodity)

    def intervals(self, devices: Collection[str] | None, since: int, until: int) -> Iterator[IntervalRow]:
        """Yield the intervals that begin in [since, until) as they were written, in order of time; None: of all."""
        statement = select_intervals(meters_of(self._site, devices))
        for start, end in self._time.windows(*self._span(INTERVAL, since, until)):
            rows = self._ask(statement.where(INTERVAL.c.start >= start, INTERVAL.c.start < end))
            yield from (row for _, row in read_intervals(rows))

    def samples(
        self, device: str, quantities: Collection[str] | None, since: int, until: int, step: Step | None = None
    ) -> Iterator[SampleRow]:
        """Yield the samples of a device that begin in [since, until), in order of time.

        ``quantities``: only these, all if None. ``step``: several as one, the average weighted by their seconds.
        """
        rows = self._samples(device, quantities, since, until)
        return rows if step is None else self._merged(rows, step)

    def alarms(self, since: float, until: float) -> list[AlarmRow]:
        """Return the entries of the journal of [since, until), in order of time."""
        statement = select(ALARM).where(ALARM.c.site == self._site, ALARM.c.at >= since, ALARM.c.at < until)
        found = self._ask(statement.order_by(ALARM.c.at, ALARM.c.id))
        return [AlarmRow(id=row.id, at=row.at, data=json.loads(row.data)) for row in found]

    def devices(self) -> list[str]:
        """Return the devices that were ever written or numbered."""
        found = self._ask(select(DEVICE.c.key).where(DEVICE.c.site == self._site).order_by(DEVICE.c.id))
        return [row.key for row in found]

    def numbered(self) -> dict[str, int]:
        """Return the numbers of the devices that have one."""
        statement = select(DEVICE.c.key, DEVICE.c.number).where(DEVICE.c.site == self._site)
        return {row.key: row.number for row in self._ask(statement.where(DEVICE.c.number.is_not(None)))}

    def marks(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Return by device and quantity the end of the newest interval, and what the counter stood at then.

        Only of intervals that were written with a level; they stay when the intervals are deleted.
        """
        statement = (
            select(DEVICE.c.key, METER.c.quantity, METER.c.until, METER.c.level)
            .join(DEVICE, DEVICE.c.id == METER.c.device)
            .where(DEVICE.c.site == self._site, METER.c.until.is_not(None))
        )
        return {(row.key, row.quantity): (row.until, row.level) for row in self._ask(statement)}

    def _booked(
        self, span: Literal["day", "month"], since: int, until: int, commodity: Commodity | None
    ) -> Iterator[BookedRow]:
        """Yield the sums by place of days or months that begin in [since, until)."""
        table = TABLES[span]
        statement = (
            select(
                *(PLACE.c[name] for name in ("commodity", "load", "groups")),
                table.c.start,
                cast(func.sum(table.c.amount), BigInteger).label("amount"),
            )
            .join(PLACE, PLACE.c.id == table.c.place)
            .where(PLACE.c.counted, table.c.meter.in_(meters_of(self._site, quantities=CONSUMED)))
            .where(table.c.start >= since, table.c.start < until)
            .group_by(PLACE.c.id, table.c.start)
            .order_by(table.c.start, PLACE.c.id)
        )
        if commodity is not None:
            statement = statement.where(PLACE.c.commodity == commodity)
        for row in self._ask(statement):
            values = {"commodity": row.commodity, "start": row.start, "amount": row.amount, "span": span}
            yield BookedRow(load=row.load or None, groups=read_groups(row.groups), **values)

    def _span(self, table: Table, since: int, until: int) -> tuple[int, int]:
        """Cut a span down to where a table has rows."""
        row = self._ask(edges(self._site, table))[0]
        return (since, since) if row.first is None else (max(since, row.first), min(until, row.last + 1))

    def _by_year(self, rows: Iterable[ConsumptionRow]) -> list[ConsumptionRow]:
        """Add months up to years."""
        sums: dict[tuple[str | None, str, str, int], list[int]] = {}
        for row in rows:
            key = row.key, row.quantity, row.commodity, self._time.floor(row.start, "year")
            total = sums.setdefault(key, [0, 0])
            total[0] += row.amount
            total[1] += row.estimated
        return [_consumption(*key, *total) for key, total in sums.items()]

    def _samples(self, device: str, quantities: Collection[str] | None, since: int, until: int) -> Iterator[SampleRow]:
        """Yield samples as they were written."""
        wanted = select(DEVICE.c.id).where(DEVICE.c.site == self._site, DEVICE.c.key == device).scalar_subquery()
        ends = select(func.min(SAMPLE.c.start).label("first"), func.max(SAMPLE.c.start).label("last"))
        row = self._ask(ends.where(SAMPLE.c.device == wanted))[0]
        if row.first is None:
            return
        statement = (
            select(SAMPLE.c.start, SAMPLE.c.seconds, SAMPLE.c.packed, LAYOUT.c.names)
            .join(LAYOUT, LAYOUT.c.id == SAMPLE.c.layout)
            .where(SAMPLE.c.device == wanted)
            .order_by(SAMPLE.c.start)
        )
        for start, end in self._time.windows(max(since, row.first), min(until, row.last + 1)):
            for one in self._ask(statement.where(SAMPLE.c.start >= start, SAMPLE.c.start < end)):
                values = unpack(json.loads(one.names), one.packed, quantities)
                yield SampleRow(device=device, start=one.start, seconds=one.seconds, values=values)

    def _merged(self, rows: Iterable[SampleRow], step: Step) -> Iterator[SampleRow]:
        """Make one of the samples of each step."""
        start: int | None = None
        together: list[SampleRow] = []
        for row in rows:
            period = _PERIODS.get(step)
            of = row.start - row.start % step if period is None else self._time.floor(row.start, period)
            if together and start is not None and of != start:
                yield _merge(start, together)
                together = []
            start = of
            together.append(row)
        if together and start is not None:
            yield _merge(start, together)


def select_intervals(meters: Select[tuple[int]]) -> Select[Any]:
    """Return a statement for the intervals of meters, with a row for each part; ``read_intervals`` takes the rows."""
    columns = [INTERVAL.c[name] for name in ("start", "meter", "place", "seconds", "amount", "estimated")]
    return (
        named(pieces(INTERVAL), INTERVAL, *columns, PART.c.at, PART.c.amount.label("piece"))
        .where(INTERVAL.c.meter.in_(meters))
        .order_by(INTERVAL.c.start, INTERVAL.c.meter, PART.c.at)
    )


def read_intervals(rows: Iterable[Row[Any]]) -> Iterator[tuple[Row[Any], IntervalRow]]:
    """Yield intervals as they were written, each with its first row, which has the numbers of meter and place."""
    for _, same in groupby(rows, itemgetter(0, 1)):
        row, *others = same
        yield row, _interval(row, () if row.at is None else tuple(map(_part, (row, *others))))


def _consumption(
    key: str | None, quantity: str, commodity: str, start: int, amount: int, estimated: int
) -> ConsumptionRow:
    """Return a bar."""
    return ConsumptionRow(
        key=key or None, quantity=quantity, commodity=commodity, start=start, amount=amount, estimated=estimated
    )


def _interval(row: Row[Any], parts: tuple[PartRow, ...]) -> IntervalRow:
    """Return an interval as it was written."""
    return IntervalRow(
        device=row.device,
        quantity=row.quantity,
        commodity=row.commodity,
        start=row.start,
        seconds=row.seconds,
        amount=row.amount,
        estimated=row.estimated,
        load=row.load or None,
        groups=read_groups(row.groups),
        counted=row.counted,
        rate=None if parts else rate_row(row.tariff, row.name, row.price, row.currency),
        parts=parts,
    )


def _part(row: Row[Any]) -> PartRow:
    """Return a part as it was written."""
    return PartRow(start=row.at, amount=row.piece, rate=rate_row(row.tariff, row.name, row.price, row.currency))


def _merge(start: int, rows: Sequence[SampleRow]) -> SampleRow:
    """Make one sample of several."""
    names = {name for row in rows for name in row.values}
    values = {
        name: _merge_values([(row.seconds, row.values[name]) for row in rows if name in row.values]) for name in names
    }
    return SampleRow(device=rows[0].device, start=start, seconds=sum(row.seconds for row in rows), values=values)


def _merge_values(parts: Sequence[tuple[int, Triple]]) -> Triple:
    """Weigh averages by their seconds."""
    seconds = sum(part[0] for part in parts)
    average = sum(part[0] * part[1][0] for part in parts) / seconds
    return average, min(part[1][1] for part in parts), max(part[1][2] for part in parts)
