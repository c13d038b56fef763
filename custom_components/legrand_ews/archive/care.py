"""What an archive needs over the years: deleting what is old, a new time zone, moving to another database."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import batched
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import case, delete, func, select, update

from .cost_reading import charge_row
from .money import rate_row
from .pieces import named, owner, pieces
from .rows import LONGEST, Batch
from .schema import ALARM, CHARGE, DEVICE, HOUR, INTERVAL, PART, ROLL_UPS, SAMPLE, SESSION, SESSION_PART, SITE
from .session_reading import during
from .span import ALWAYS, NEVER, edges, rows_of
from .writing import Amount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Table

    from .cost_reading import CostReading
    from .local_time import LocalTime
    from .rows import Kind
    from .session_reading import SessionReading
    from .writing import Writing

TABLES: Final[dict[Kind, Table]] = {
    "intervals": INTERVAL,
    "hours": HOUR,
    "samples": SAMPLE,
    "alarms": ALARM,
    "sessions": SESSION,
}
_BATCH: Final = 10_000


def forget(connection: Connection, site: int, before: int) -> None:
    """Note that intervals before a time go, so that one handed in again is not taken for a new one."""
    later = case((SITE.c.kept_since > before, SITE.c.kept_since), else_=before)
    connection.execute(update(SITE).where(SITE.c.id == site).values(kept_since=later))


def remove(connection: Connection, site: int, kind: Kind, before: int) -> int:
    """Delete the rows of a kind that begin before a time; return how many."""
    table = TABLES[kind]
    column = ALARM.c.at if table is ALARM else table.c.start
    old = rows_of(site, table), column < before
    if table is SESSION:
        parts = SESSION_PART.c.session.in_(select(SESSION.c.id).where(*old))
        connection.execute(delete(SESSION_PART).where(rows_of(site, SESSION_PART), parts))
    gone = connection.execute(delete(table).where(*old)).rowcount
    if table is INTERVAL:
        connection.execute(delete(PART).where(rows_of(site, PART), PART.c.start < before))
    counter = SITE.c.get(kind)
    if counter is not None and gone:
        connection.execute(update(SITE).where(SITE.c.id == site).values({counter: counter - gone}))
    return gone


def change_zone(writing: Writing, old: LocalTime) -> None:
    """Lay hours, days and months anew, from the first month on whose intervals are all there; charges keep dates."""
    connection, mine = writing.connection, rows_of(writing.site, INTERVAL)
    seam, mixed = ALWAYS, None
    if writing.kept_since is not None:
        before = connection.execute(select(SITE.c.zone_since).where(SITE.c.id == writing.site)).scalar()
        seam = mixed = old.month_from(max(writing.kept_since, ALWAYS if before is None else before))
    for table in ROLL_UPS:
        connection.execute(delete(table).where(rows_of(writing.site, table), table.c.start >= seam))
    first, last = connection.execute(edges(writing.site, INTERVAL)).one()
    source, amount, rate = pieces(INTERVAL)
    columns = (INTERVAL.c[name] for name in ("start", "meter", "place", "estimated"))
    statement = select(*columns, rate.label("rate"), amount.label("amount")).select_from(source).where(mine)
    if first is not None:
        for start, end in writing.time.windows(max(first, seam), last + 1):
            rows = connection.execute(statement.where(INTERVAL.c.start >= start, INTERVAL.c.start < end))
            writing.roll_up(
                Amount(
                    start=row.start,
                    meter=row.meter,
                    place=row.place,
                    rate=row.rate,
                    amount=row.amount,
                    estimated=row.amount if row.estimated else 0,
                )
                for row in rows
            )
    _move_charges(writing, old)
    connection.execute(update(SITE).where(SITE.c.id == writing.site).values(zone=writing.time.name, zone_since=mixed))


def _move_charges(writing: Writing, old: LocalTime) -> None:
    """Let fixed charges begin with the same days as before, as they are here."""
    statement = select(CHARGE).where(CHARGE.c.site == writing.site)
    rows = [charge_row(row) for row in writing.connection.execute(statement).all()]
    writing.remove_charges(ALWAYS, NEVER)
    writing.charges(replace(row, day=writing.time.same_day(row.day, old)) for row in rows)


def batches(reading: SessionReading, since: int = ALWAYS) -> Iterator[Batch]:
    """Yield intervals and sessions that end after a time, samples and alarms from it on, some thousand at a time."""
    late = (row for row in reading.intervals(None, since - LONGEST, NEVER) if row.start + row.seconds > since)
    for intervals in batched(late, _BATCH, strict=False):
        yield Batch(intervals=intervals)
    for device in reading.devices():
        for samples in batched(reading.samples(device, None, since, NEVER), _BATCH // 10, strict=False):
            yield Batch(samples=samples)
    for alarms in batched(reading.alarms(since, NEVER), _BATCH, strict=False):
        yield Batch(alarms=alarms)
    for sessions in batched(reading.sessions(since, NEVER), _BATCH, strict=False):
        yield Batch(sessions=sessions)


def rows_since(connection: Connection, site: int, since: int) -> int:
    """Count the rows that ``batches`` yields."""
    conditions = {
        INTERVAL: (INTERVAL.c.start >= since - LONGEST, INTERVAL.c.start + INTERVAL.c.seconds > since),
        SAMPLE: (SAMPLE.c.start >= since,),
        ALARM: (ALARM.c.at >= since,),
        SESSION: (during(since, NEVER),),
    }
    counts = (
        connection.execute(select(func.count()).select_from(table).where(rows_of(site, table), *condition))
        for table, condition in conditions.items()
    )
    return sum(int(count.scalar_one()) for count in counts)


def copy_register(reading: CostReading, writing: Writing) -> None:
    """Copy the numbers of the devices, the marks of the meters, rates, and fixed charges."""
    writing.renumber(reading.numbered())
    meter = partial(writing.names.meter, writing.connection)
    writing.mark((meter(*key), until, level) for key, (until, level) in reading.marks().items())
    for rate in reading.rates():
        writing.names.rate(writing.connection, rate)
    writing.charges(reading.charges(ALWAYS, NEVER))


def copy_old(connection: Connection, site: int, before: int, writing: Writing) -> None:
    """Copy the hours, days and months that intervals do not tell any more, as they are."""
    forget(writing.connection, writing.site, before)
    mixed = connection.execute(select(SITE.c.zone_since).where(SITE.c.id == site)).scalar()
    writing.connection.execute(update(SITE).where(SITE.c.id == writing.site).values(zone_since=mixed))
    for table in ROLL_UPS:
        # What is replaced may be of rates that it is of no longer.
        writing.connection.execute(delete(table).where(rows_of(writing.site, table), table.c.start < before))
        columns = (table.c[name] for name in ("start", "amount", "estimated"))
        statement = named(pieces(table), table, *columns).where(DEVICE.c.site == site, table.c.start < before)
        writing.put(table, (_translated(row, writing) for row in connection.execute(statement)), add=False)


def _translated(row: Any, writing: Writing) -> Amount:
    """Return an amount with the numbers of another database."""
    names, connection, of = writing.names, writing.connection, owner(row)
    return Amount(
        start=row.start,
        amount=row.amount,
        estimated=row.estimated,
        meter=names.meter(connection, of["device"], of["quantity"]),
        place=names.place(connection, of["commodity"], of["load"], of["groups"], counted=of["counted"]),
        rate=names.rate(connection, rate_row(row.tariff, row.name, row.price, row.currency)),
    )
