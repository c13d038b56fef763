"""Puts other prices to intervals that are there. Owns what that changes; amounts, places and times stay."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import bindparam, delete, exists, select

from .pieces import owner
from .reading import read_intervals, select_intervals
from .rows import HourCost
from .schema import HOUR, INTERVAL, PART, PARTED, ROLL_UPS
from .span import meters_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlalchemy import Connection, Row, Table

    from .local_time import LocalTime
    from .rows import IntervalRow, PartRow, RateRow
    from .writing import Amount, Writing

type Price = Callable[[IntervalRow], tuple[RateRow | None, tuple[PartRow, ...]]]
"""Tells the rate of an interval, or its parts."""

_REMOVE_PARTS: Final = delete(PART).where(PART.c.start == bindparam("of"), PART.c.meter == bindparam("by"))


class Change(NamedTuple):
    """An interval that costs something else now."""

    stored: Row[Any]
    """With the numbers of meter and place."""
    before: IntervalRow
    after: IntervalRow

    def moved(self) -> Iterator[tuple[RateRow | None, int]]:
        """Yield what left a rate, negative, and what came to one."""
        yield from ((rate, -amount) for rate, amount in self.before.pieces)
        yield from self.after.pieces


def changes(connection: Connection, site: int, since: int, until: int, price: Price) -> list[Change]:
    """Return the intervals that begin in [since, until) and have another price now.

    Raises ValueError for parts that do not make the interval.
    """
    statement = select_intervals(meters_of(site)).where(INTERVAL.c.start >= since, INTERVAL.c.start < until)
    found = []
    for stored, row in read_intervals(connection.execute(statement).all()):
        rate, parts = price(row)
        if (rate, parts) != (row.rate, row.parts):
            found.append(Change(stored, row, replace(row, rate=rate, parts=parts)))
    return found


def apply(writing: Writing, changed: Sequence[Change]) -> None:
    """Write the other prices, and bring hours, days and months after them."""
    if not changed:
        return
    before = [(_record(writing, one.stored, one.before), one.before) for one in changed]
    after = [(_record(writing, one.stored, one.after), one.after) for one in changed]
    statement, values = writing.database.insertion(INTERVAL, [record for record, _ in after])
    other = {"rate": statement.excluded.rate}
    writing.connection.execute(statement.on_conflict_do_update(index_elements=["start", "meter"], set_=other), values)
    parted = [{"of": one.start, "by": one.meter} for one, row, _ in changed if row.parts]
    if parted:
        writing.connection.execute(_REMOVE_PARTS, parted)
    writing.parts(after)
    left = writing.rolled_up(_negative(one) for record, row in before for one in writing.amounts(record, row))
    came = writing.rolled_up(one for record, row in after for one in writing.amounts(record, row))
    for table, old, new in zip(ROLL_UPS, left, came, strict=True):
        kept = _kept_hours(writing, new) if table is HOUR else None
        for amounts in (old, new):
            here = [one for one in amounts if kept is None or (one.start, one.meter) in kept]
            writing.put(table, here, add=True)
        _tidy(writing, table, {_key(one) for one in old} - {_key(one) for one in new})


def hour_costs(changed: Iterable[Change], time: LocalTime) -> list[HourCost]:
    """Return what changes make in each hour, in order of time."""
    sums: Counter[tuple[int, int, int, RateRow | None]] = Counter()
    owners = {}
    for change in changed:
        hour, meter, place = time.floors(change.stored.start)[0], change.stored.meter, change.stored.place
        owners[meter, place] = change.stored
        for rate, amount in change.moved():
            sums[hour, meter, place, rate] += amount
    return [
        HourCost(**owner(owners[meter, place]), start=hour, rate=rate, amount=amount)
        for (hour, meter, place, rate), amount in sums.items()
        if amount
    ]


def _record(writing: Writing, stored: Row[Any], row: IntervalRow) -> dict[str, Any]:
    """Return an interval as it is stored with the rates it has in ``row``."""
    return {
        "start": stored.start,
        "amount": stored.amount,
        "meter": stored.meter,
        "place": stored.place,
        "seconds": stored.seconds,
        "estimated": stored.estimated,
        "rate": PARTED if row.parts else writing.names.rate(writing.connection, row.rate),
    }


def _negative(one: Amount) -> Amount:
    """Return what takes an amount away."""
    return one._replace(amount=-one.amount, estimated=-one.estimated)


def _key(one: Amount) -> tuple[int, int, int, int]:
    """Return what identifies the row of a roll-up."""
    return one.start, one.meter, one.place, one.rate


def _kept_hours(writing: Writing, amounts: list[Amount]) -> set[tuple[int, int]]:
    """Return the hours of meters that are there: they may have been deleted though their intervals were not."""
    starts = [one.start for one in amounts]
    reached = (HOUR.c.meter.in_(meters_of(writing.site)), HOUR.c.start.between(min(starts), max(starts)))
    found = writing.connection.execute(select(HOUR.c.start, HOUR.c.meter).where(*reached).distinct())
    return {(row.start, row.meter) for row in found}


def _tidy(writing: Writing, table: Table, left: Iterable[tuple[int, int, int, int]]) -> None:
    """Delete rows that nothing is left of, where another one tells of the bar."""
    names = ("start", "meter", "place", "rate")
    other = table.alias()
    same_bar = (other.c[name] == table.c[name] for name in names[:-1])
    told = exists().where(*same_bar, other.c.rate != table.c.rate)
    these = (table.c[name] == bindparam(f"of_{name}") for name in names)
    statement = delete(table).where(*these, table.c.amount == 0, table.c.estimated == 0, told)
    keys = [{f"of_{name}": value for name, value in zip(names, key, strict=True)} for key in left]
    if keys:
        writing.connection.execute(statement, keys)
