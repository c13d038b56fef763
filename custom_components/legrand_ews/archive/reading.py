"""Questions to the archive. Owns the statements; where they run is up to who asks.

Histograms come from the roll-ups. Long answers are read a window at a time, so that no transaction stays open while
somebody takes the rows one by one.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import BigInteger, ColumnElement, case, cast, func, null, select

from .packing import unpack
from .rows import CONSUMED, AlarmRow, BookedRow, ConsumptionRow, IntervalRow, SampleRow
from .schema import ALARM, DAY, DEVICE, HOUR, INTERVAL, LAYOUT, METER, MONTH, PLACE, PLACE_GROUP, SAMPLE, SITE
from .span import ALWAYS, NEVER, edges

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from sqlalchemy import Row, Select, Table

    from .local_time import LocalTime
    from .rows import Commodity, Period, Scope, Triple

type Step = Literal[900, 3600, 86400]

_TABLES: Final[dict[Period, Table]] = {"hour": HOUR, "day": DAY, "month": MONTH, "year": MONTH}
_STEPS: Final[dict[Step, tuple[Table, Literal["day", "month"]]]] = {
    900: (INTERVAL, "day"),
    3600: (HOUR, "day"),
    86400: (DAY, "month"),
}
"""Where the amounts of a step are, and how much of it is read at a time."""
_KEYS: Final[dict[Scope, ColumnElement[Any] | None]] = {
    "device": DEVICE.c.key,
    "load": PLACE.c.load,
    "group": PLACE_GROUP.c.key,
    "total": None,
}
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
    ) -> list[ConsumptionRow]:
        """Return amounts of the hours, days, months or years that begin in [since, until), in order of time.

        ``keys``: devices, loads (None: none) or groups, all if None; a total has no key. ``group``: only what was in
        this group then. Devices have all their quantities, the others only what is consumed and counted.
        """
        rows = self._amounts(scope, keys, _TABLES[period], since, until, group)
        return rows if period != "year" else self._by_year(rows)

    def grouped(
        self, scope: Scope, keys: Collection[str | None] | None, step: Step, since: int, until: int
    ) -> Iterator[ConsumptionRow]:
        """Yield amounts of quarters of an hour, hours or days that begin in [since, until), in order of time.

        Intervals longer than a quarter of an hour are in the quarter they begin in.
        """
        table, window = _STEPS[step]
        for start, end in self._time.windows(*self._span(table, since, until), window):
            yield from self._amounts(scope, keys, table, start, end)

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
        statement = (
            select(
                *(INTERVAL.c[name] for name in ("start", "seconds", "amount", "estimated")),
                DEVICE.c.key.label("device"),
                METER.c.quantity,
                *(PLACE.c[name] for name in ("commodity", "load", "groups", "counted")),
            )
            .join(METER, METER.c.id == INTERVAL.c.meter)
            .join(DEVICE, DEVICE.c.id == METER.c.device)
            .join(PLACE, PLACE.c.id == INTERVAL.c.place)
            .where(INTERVAL.c.meter.in_(self._meters(devices)))
            .order_by(INTERVAL.c.start, INTERVAL.c.meter)
        )
        for start, end in self._time.windows(*self._span(INTERVAL, since, until)):
            for row in self._ask(statement.where(INTERVAL.c.start >= start, INTERVAL.c.start < end)):
                yield _interval(row)

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
        table = _TABLES[span]
        statement = (
            select(
                *(PLACE.c[name] for name in ("commodity", "load", "groups")),
                table.c.start,
                cast(func.sum(table.c.amount), BigInteger).label("amount"),
            )
            .join(PLACE, PLACE.c.id == table.c.place)
            .where(PLACE.c.counted, table.c.meter.in_(self._meters(None, consumed=True)))
            .where(table.c.start >= since, table.c.start < until)
            .group_by(PLACE.c.id, table.c.start)
            .order_by(table.c.start, PLACE.c.id)
        )
        if commodity is not None:
            statement = statement.where(PLACE.c.commodity == commodity)
        for row in self._ask(statement):
            groups = tuple(json.loads(row.groups))
            values = {"commodity": row.commodity, "start": row.start, "amount": row.amount, "span": span}
            yield BookedRow(load=row.load or None, groups=groups, **values)

    def _meters(self, devices: Iterable[str | None] | None, *, consumed: bool = False) -> Select[tuple[int]]:
        """Return the numbers of the meters of devices, of all if None; ``consumed``: without what is exported."""
        meters = select(METER.c.id).join(DEVICE, DEVICE.c.id == METER.c.device).where(DEVICE.c.site == self._site)
        if devices is not None:
            meters = meters.where(DEVICE.c.key.in_(list(devices)))
        return meters.where(METER.c.quantity.in_(CONSUMED)) if consumed else meters

    def _span(self, table: Table, since: int, until: int) -> tuple[int, int]:
        """Cut a span down to where a table has rows."""
        row = self._ask(edges(self._site, table))[0]
        return (since, since) if row.first is None else (max(since, row.first), min(until, row.last + 1))

    def _amounts(
        self,
        scope: Scope,
        keys: Collection[str | None] | None,
        table: Table,
        since: int,
        until: int,
        group: str | None = None,
    ) -> list[ConsumptionRow]:
        """Add up what begins in [since, until)."""
        key = _KEYS[scope]
        device = scope == "device"
        start, estimated = _slot(table), _estimated(table)
        amounts = [cast(func.sum(column), BigInteger) for column in (table.c.amount, estimated)]
        by = [METER.c.quantity, PLACE.c.commodity, start]
        statement = (
            select(null() if key is None else key, *by, *amounts)
            .select_from(table)
            .join(METER, METER.c.id == table.c.meter)
            .join(DEVICE, DEVICE.c.id == METER.c.device)
            .join(PLACE, PLACE.c.id == table.c.place)
            .where(table.c.meter.in_(self._meters(keys if device else None, consumed=not device)))
            .where(table.c.start >= since, table.c.start < until)
            .group_by(*by, *([] if key is None else [key]))
            .order_by(start)
        )
        if scope == "group":
            statement = statement.join(PLACE_GROUP, PLACE_GROUP.c.place == PLACE.c.id)
        if not device:
            statement = statement.where(PLACE.c.counted)
        if not device and key is not None and keys is not None:
            statement = statement.where(key.in_([one or "" for one in keys]))
        if group is not None:
            inside = select(PLACE_GROUP.c.place).where(PLACE_GROUP.c.key == group)
            statement = statement.where(PLACE.c.id.in_(inside))
        return [_consumption(*row) for row in self._ask(statement)]

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


def _slot(table: Table) -> ColumnElement[int]:
    """Return the start of a bar; all offsets from UTC since 1972 are whole quarters of an hour."""
    return table.c.start - table.c.start % 900 if table is INTERVAL else table.c.start


def _estimated(table: Table) -> ColumnElement[int]:
    """Return the estimated part of an amount."""
    return case((table.c.estimated, table.c.amount), else_=0) if table is INTERVAL else table.c.estimated


def _consumption(
    key: str | None, quantity: str, commodity: str, start: int, amount: int, estimated: int
) -> ConsumptionRow:
    """Return a bar."""
    return ConsumptionRow(
        key=key or None, quantity=quantity, commodity=commodity, start=start, amount=amount, estimated=estimated
    )


def _interval(row: Row[Any]) -> IntervalRow:
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
        groups=tuple(json.loads(row.groups)),
        counted=row.counted,
    )


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
