"""Amounts with what they belong to, by name, and at what rate. Owns how the tables are put together for that."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import ColumnElement, FromClause, func, select

from .schema import DEVICE, INTERVAL, METER, PART, PLACE, RATE

if TYPE_CHECKING:
    from sqlalchemy import Select, Table

RATED: Final = (RATE.c.tariff, RATE.c.name, RATE.c.price, RATE.c.currency)
"""What makes a rate; NULLs where there is none."""
OWNED: Final = (
    DEVICE.c.key.label("device"),
    METER.c.quantity,
    *(PLACE.c[name] for name in ("commodity", "load", "groups", "counted")),
)
"""What a row belongs to."""


class Pieces(NamedTuple):
    """Rows each of which has one rate."""

    source: FromClause
    amount: ColumnElement[int]
    rate: ColumnElement[int]


_PARTED: Final = Pieces(
    INTERVAL.outerjoin(PART, (PART.c.start == INTERVAL.c.start) & (PART.c.meter == INTERVAL.c.meter)),
    func.coalesce(PART.c.amount, INTERVAL.c.amount),
    func.coalesce(PART.c.rate, INTERVAL.c.rate),
)


def pieces(table: Table) -> Pieces:
    """Return the rows of intervals, whose parts are rows of their own, or of a roll-up."""
    return _PARTED if table is INTERVAL else Pieces(table, table.c.amount, table.c.rate)


def named(rows: Pieces, of: Any, *columns: ColumnElement[Any]) -> Select[Any]:
    """Return a statement for columns, what the rows belong to, and their rates; ``of`` has their meter and place."""
    return (
        select(*columns, *OWNED, *RATED)
        .select_from(rows.source)
        .join(METER, METER.c.id == of.c.meter)
        .join(DEVICE, DEVICE.c.id == METER.c.device)
        .join(PLACE, PLACE.c.id == of.c.place)
        .outerjoin(RATE, RATE.c.id == rows.rate)
    )


def owner(row: Any) -> dict[str, Any]:
    """Return what a row belongs to, by the names that rows have for it."""
    return {
        "device": row.device,
        "quantity": row.quantity,
        "commodity": row.commodity,
        "load": row.load or None,
        "groups": read_groups(row.groups),
        "counted": row.counted,
    }


@lru_cache(maxsize=1000)
def read_groups(text: str) -> tuple[str, ...]:
    """Return the groups of a place; many rows have the same."""
    return tuple(json.loads(text))
