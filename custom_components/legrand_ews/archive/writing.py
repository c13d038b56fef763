"""Writes rows and what follows from them, within one transaction. Owns idempotence and the roll-ups."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from sqlalchemy import bindparam, delete, func, or_, select, update

from .money import decimal_text
from .packing import layout, pack
from .schema import (
    ALARM,
    CHARGE,
    DEVICE,
    INTERVAL,
    METER,
    PART,
    PARTED,
    ROLL_UPS,
    SAMPLE,
    SESSION,
    SESSION_PART,
    SITE,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import Connection, Table

    from .database import Database
    from .local_time import LocalTime
    from .naming import Names
    from .rows import AlarmRow, ChargeRow, IntervalRow, SampleRow, SessionBreak, SessionRow

_MARK: Final = (
    update(METER)
    .where(METER.c.id == bindparam("of"), or_(METER.c.until.is_(None), METER.c.until < bindparam("end")))
    .values(until=bindparam("end"), level=bindparam("reached"))
)
_PARTS_OF: Final = delete(SESSION_PART).where(
    SESSION_PART.c.site == bindparam("at"), SESSION_PART.c.session == bindparam("of")
)
_NUMBER: Final = update(DEVICE).where(DEVICE.c.id == bindparam("of")).values(number=bindparam("given"))


class Amount(NamedTuple):
    """An amount of a meter at a place and a rate; the start is that of an interval, or of an hour, day or month."""

    start: int
    meter: int
    place: int
    rate: int
    amount: int
    estimated: int


@dataclass(frozen=True, kw_only=True)
class Writing:
    """A transaction that writes to a site, and holds the site's row: no other transaction writes to it meanwhile."""

    connection: Connection
    database: Database
    site: int
    names: Names
    time: LocalTime
    kept_since: int | None
    last_interval: int | None

    @classmethod
    def begin(cls, connection: Connection, database: Database, site: int, names: Names, time: LocalTime) -> Self:
        """Wait for the site's row."""
        row = connection.execute(
            select(SITE.c.kept_since, SITE.c.last_interval).where(SITE.c.id == site).with_for_update()
        ).one()
        return cls(
            connection=connection,
            database=database,
            site=site,
            names=names,
            time=time,
            kept_since=row.kept_since,
            last_interval=row.last_interval,
        )

    def intervals(self, rows: Iterable[IntervalRow]) -> None:
        """Add the intervals that are not there yet, to the roll-ups as well, and move the marks on.

        Those of a time whose intervals were deleted are left out: whether they were there cannot be told any more.
        """
        kept = [row for row in rows if self.kept_since is None or row.start >= self.kept_since]
        given: dict[tuple[int, int], IntervalRow] = {}
        for row in kept:
            given.setdefault((row.start, self.names.meter(self.connection, row.device, row.quantity)), row)
        if not given:
            return
        records = {key: self._record(key[1], row) for key, row in given.items()}
        added = self._insert(records)
        self.parts((records[key], given[key]) for key in added if given[key].parts)
        self.roll_up(one for key in added for one in self.amounts(records[key], given[key]))
        ends = [given[key].start + given[key].seconds for key in added]
        levels = ((key[1], end, given[key].level) for key, end in zip(added, ends, strict=True))
        self.mark((meter, end, level) for meter, end, level in levels if level is not None)
        if self.last_interval is not None:
            ends.append(self.last_interval)
        self._note(intervals=SITE.c.intervals + len(added), last_interval=max(ends, default=None))

    def _insert(self, records: Mapping[tuple[int, int], dict[str, Any]]) -> Collection[tuple[int, int]]:
        """Insert what is not there yet, by start and meter; return which ones these were."""
        statement, values = self.database.insertion(INTERVAL, list(records.values()))
        if self.last_interval is None or min(records)[0] >= self.last_interval:
            # After all that is there; so the database need not be asked about each, which takes twice the time.
            self.connection.execute(statement, values)
            return records.keys()
        asking = statement.on_conflict_do_nothing().returning(INTERVAL.c.start, INTERVAL.c.meter)
        return [(row.start, row.meter) for row in self.connection.execute(asking, values)]

    def parts(self, rows: Iterable[tuple[Mapping[str, Any], IntervalRow]]) -> None:
        """Insert the parts of intervals that have none yet; ``rows``: as they are stored, and as they are."""
        records = [
            {
                "start": record["start"],
                "meter": record["meter"],
                "at": part.start,
                "amount": part.amount,
                "rate": self.names.rate(self.connection, part.rate),
            }
            for record, row in rows
            for part in row.parts
        ]
        if records:
            self.connection.execute(*self.database.insertion(PART, records))

    def amounts(self, record: Mapping[str, Any], row: IntervalRow) -> tuple[Amount, ...]:
        """Return what an interval adds, at each of its rates; ``record``: as it is stored."""
        of = record["start"], record["meter"], record["place"]
        pieces = [(self.names.rate(self.connection, part.rate), part.amount) for part in row.parts]
        if not pieces:
            return (Amount(*of, record["rate"], row.amount, row.amount if row.estimated else 0),)
        return tuple(Amount(*of, rate, amount, amount if row.estimated else 0) for rate, amount in pieces)

    def samples(self, rows: Iterable[SampleRow]) -> None:
        """Add the samples that are not there yet."""
        records = [self._sample(row) for row in rows]
        if records:
            statement, values = self.database.insertion(SAMPLE, records)
            statement = statement.on_conflict_do_nothing()
            added = self.connection.execute(statement.returning(SAMPLE.c.device), values).all()
            self._note(samples=SITE.c.samples + len(added))

    def alarms(self, rows: Iterable[AlarmRow]) -> None:
        """Add entries of the journal, or replace those with the same id."""
        records = {
            row.id: {"site": self.site, "id": row.id, "at": row.at, "data": json.dumps(dict(row.data))} for row in rows
        }
        if records:
            statement, values = self.database.insertion(ALARM, list(records.values()))
            replaced = {"at": statement.excluded.at, "data": statement.excluded.data}
            self.connection.execute(
                statement.on_conflict_do_update(index_elements=["site", "id"], set_=replaced), values
            )

    def sessions(self, rows: Iterable[SessionRow]) -> None:
        """Add charging sessions with their parts, or replace those with the same id."""
        newest = {row.id: row for row in rows}
        if not newest:
            return
        statement, values = self.database.insertion(SESSION, [self._session(row) for row in newest.values()])
        replaced = {column.name: statement.excluded[column.name] for column in SESSION.c if not column.primary_key}
        self.connection.execute(statement.on_conflict_do_update(index_elements=["site", "id"], set_=replaced), values)
        self.connection.execute(_PARTS_OF, [{"at": self.site, "of": key} for key in newest])
        parts = [
            {
                "site": self.site,
                "session": row.id,
                "position": position,
                "amount": part.amount,
                "rate": self.names.rate(self.connection, part.rate),
            }
            for row in newest.values()
            for position, part in enumerate(row.parts)
        ]
        if parts:
            self.connection.execute(*self.database.insertion(SESSION_PART, parts))

    def charges(self, rows: Iterable[ChargeRow]) -> None:
        """Add fixed charges of days that do not have them yet."""
        records = [
            {
                "site": self.site,
                "day": row.day,
                "charge": row.charge,
                "commodity": row.commodity,
                "name": row.name,
                "cost": decimal_text(row.cost),
                "currency": row.currency,
            }
            for row in rows
        ]
        if records:
            statement, values = self.database.insertion(CHARGE, records)
            self.connection.execute(statement.on_conflict_do_nothing(), values)

    def remove_charges(self, since: int, until: int) -> None:
        """Delete the fixed charges of the days that begin in [since, until)."""
        mine = CHARGE.c.site == self.site
        self.connection.execute(delete(CHARGE).where(mine, CHARGE.c.day >= since, CHARGE.c.day < until))

    def mark(self, marks: Iterable[tuple[int, int, int]]) -> None:
        """Note what meters stood at, by meter, time and level; what is not newer than the mark changes nothing."""
        newest = {meter: {"of": meter, "end": until, "reached": level} for meter, until, level in sorted(marks)}
        if newest:
            self.connection.execute(_MARK, list(newest.values()))

    def number(self, devices: Iterable[str]) -> None:
        """Give the next numbers to devices that have none, in their order."""
        last = select(func.coalesce(func.max(DEVICE.c.number), 0)).where(DEVICE.c.site == self.site)
        given: int = self.connection.execute(last).scalar_one()
        for device in devices:
            one = update(DEVICE).where(DEVICE.c.id == self.names.device(self.connection, device))
            new = self.connection.execute(one.where(DEVICE.c.number.is_(None)).values(number=given + 1)).rowcount
            given += new

    def renumber(self, numbers: Mapping[str, int]) -> None:
        """Give devices these numbers; another one that has such a number is left without."""
        if not numbers:
            return
        taken = (DEVICE.c.site == self.site, DEVICE.c.number.in_(numbers.values()))
        self.connection.execute(update(DEVICE).where(*taken).values(number=None))
        given = [{"of": self.names.device(self.connection, key), "given": number} for key, number in numbers.items()]
        self.connection.execute(_NUMBER, given)

    def roll_up(self, amounts: Iterable[Amount]) -> None:
        """Add amounts to their hours, days and months."""
        for table, rows in zip(ROLL_UPS, self.rolled_up(amounts), strict=True):
            self.put(table, rows, add=True)

    def rolled_up(self, amounts: Iterable[Amount]) -> tuple[list[Amount], ...]:
        """Return what amounts make in each of ``ROLL_UPS``."""
        sums: tuple[dict[tuple[int, int, int, int], list[int]], ...]
        sums = tuple(defaultdict(lambda: [0, 0]) for _ in ROLL_UPS)
        for one in amounts:
            for start, found in zip(self.time.floors(one.start), sums, strict=True):
                total = found[start, one.meter, one.place, one.rate]
                total[0] += one.amount
                total[1] += one.estimated
        return tuple([Amount(*key, *total) for key, total in found.items()] for found in sums)

    def put(self, table: Table, amounts: Iterable[Amount], *, add: bool) -> None:
        """Add amounts to those of a roll-up, or replace them."""
        records = [one._asdict() for one in amounts]
        if not records:
            return
        statement, values = self.database.insertion(table, records)
        fresh = {name: statement.excluded[name] for name in ("amount", "estimated")}
        changed = {name: table.c[name] + value for name, value in fresh.items()} if add else fresh
        keys = ["meter", "start", "place", "rate"]
        self.connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), values)

    def _record(self, meter: int, row: IntervalRow) -> dict[str, Any]:
        """Return an interval as it is stored."""
        place = self.names.place(self.connection, row.commodity, row.load, row.groups, counted=row.counted)
        return {
            "start": row.start,
            "amount": row.amount,
            "meter": meter,
            "place": place,
            "seconds": row.seconds,
            "estimated": row.estimated,
            "rate": PARTED if row.parts else self.names.rate(self.connection, row.rate),
        }

    def _sample(self, row: SampleRow) -> dict[str, Any]:
        """Return a sample as it is stored."""
        names = layout(row.values)
        return {
            "start": row.start,
            "device": self.names.device(self.connection, row.device),
            "seconds": row.seconds,
            "layout": self.names.layout(self.connection, names),
            "packed": pack(names, row.values),
        }

    def _session(self, row: SessionRow) -> dict[str, Any]:
        """Return a charging session as it is stored."""
        return {
            "site": self.site,
            "id": row.id,
            "station": row.station,
            "name": row.name,
            "start": row.start,
            "until": row.end,
            "energy": row.energy,
            "charge": row.charge,
            "card": row.card,
            "priority": row.priority,
            "breaks": json.dumps([_break(one) for one in row.breaks]),
        }

    def _note(self, **columns: Any) -> None:
        """Keep the site's figures up to date."""
        self.connection.execute(update(SITE).where(SITE.c.id == self.site).values(**columns))


def _break(one: SessionBreak) -> dict[str, Any]:
    """Return an interruption as it is stored."""
    return {"at": one.at, "seconds": one.seconds, "reason": one.reason, "values": dict(one.values)}
