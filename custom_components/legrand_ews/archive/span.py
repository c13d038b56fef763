"""Where the rows of a site begin and end, found by a few look-ups in a table of any size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ScalarSelect, Select, func, select

from .schema import ALARM, DAY, DEVICE, HOUR, METER, MONTH, SAMPLE, SESSION, SESSION_PART

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Table

ALWAYS: Final = -(2**53)
NEVER: Final = 2**53
"""Before and after all times."""
_OWNERS: Final = {HOUR: (METER, "meter"), DAY: (METER, "meter"), MONTH: (METER, "meter"), SAMPLE: (DEVICE, "device")}
"""Tables that are laid down by owner, then by time."""


def devices_of(site: int) -> Select[tuple[int]]:
    """Return the numbers of the devices of a site."""
    return select(DEVICE.c.id).where(DEVICE.c.site == site)


def meters_of(
    site: int, devices: Collection[str | None] | None = None, quantities: Collection[str] | None = None
) -> Select[tuple[int]]:
    """Return the numbers of the meters of a site; only of these devices and quantities, of all if None."""
    meters = select(METER.c.id).join(DEVICE, DEVICE.c.id == METER.c.device).where(DEVICE.c.site == site)
    if devices is not None:
        meters = meters.where(DEVICE.c.key.in_(list(devices)))
    return meters if quantities is None else meters.where(METER.c.quantity.in_(quantities))


def rows_of(site: int, table: Table) -> Any:
    """Return the condition that tells the rows of a site."""
    if table in {ALARM, SESSION, SESSION_PART}:
        return table.c.site == site
    if table is SAMPLE:
        return SAMPLE.c.device.in_(devices_of(site))
    return table.c.meter.in_(meters_of(site))


def edges(site: int, table: Table) -> Select[Any]:
    """Return a statement for the first and the last time of a site's rows; both are NULL if there are none."""
    return select(_edge(site, table, last=False).label("first"), _edge(site, table, last=True).label("last"))


def _edge(site: int, table: Table, *, last: bool) -> ScalarSelect[Any]:
    """Return the least or the greatest time, in the way that the table's key makes quick."""
    if table not in _OWNERS:
        column = ALARM.c.at if table is ALARM else table.c.start
        ordered = column.desc() if last else column
        return select(column).where(rows_of(site, table)).order_by(ordered).limit(1).scalar_subquery()
    owner, name = _OWNERS[table]
    edge = func.max if last else func.min
    numbers = (devices_of(site) if owner is DEVICE else meters_of(site)).subquery()
    each = select(edge(table.c.start)).where(table.c[name] == numbers.c.id).scalar_subquery()
    return select(edge(each)).select_from(numbers).scalar_subquery()
