"""Histograms as statements. Owns what is in a bar; where the statements run is up to who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import BigInteger, ColumnElement, case, cast, func, literal, null, select

from .pieces import RATED, pieces
from .rows import CONSUMED
from .schema import DAY, DEVICE, HOUR, INTERVAL, METER, MONTH, PLACE, PLACE_GROUP, RATE
from .span import meters_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import FromClause, Select, Table

    from .rows import Period, Quantity, Scope

type Step = Literal[900, 3600, 86400]

TABLES: Final[dict[Period, Table]] = {"hour": HOUR, "day": DAY, "month": MONTH, "year": MONTH}
"""Where the amounts of a period are, or what it is made of."""
STEPS: Final[dict[Step, tuple[Table, Literal["day", "month"]]]] = {
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
_PRICED: Final[dict[Scope, Collection[Quantity] | None]] = {
    "device": None,
    "load": CONSUMED,
    "group": (*CONSUMED, "energy_export"),
    "total": (*CONSUMED, "energy_export"),
}
"""What costs are told of; None: all quantities."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bars:
    """Whose bars are wanted, as ``Reading.consumption`` takes it."""

    site: int
    scope: Scope
    keys: Collection[str | None] | None
    group: str | None = None
    whole: bool = False
    """All of the time as one bar."""

    def amounts(self, table: Table, since: int, until: int) -> Select[Any]:
        """Return a statement for key, quantity, commodity, start, amount, estimated."""
        quantities = None if self.scope == "device" else CONSUMED
        return self._select(table, table, (table.c.amount, _estimated(table)), quantities, since, until)

    def costs(self, table: Table, since: int, until: int) -> Select[Any]:
        """Return a statement for key, quantity, commodity, start, amount, and what makes the rate."""
        source, amount, rate = pieces(table)
        statement = self._select(table, source, (amount,), _PRICED[self.scope], since, until)
        return statement.outerjoin(RATE, RATE.c.id == rate).add_columns(*RATED).group_by(RATE.c.id)

    def _select(
        self,
        table: Table,
        source: FromClause,
        amounts: Collection[ColumnElement[int]],
        quantities: Collection[Quantity] | None,
        since: int,
        until: int,
    ) -> Select[Any]:
        """Add up what begins in [since, until)."""
        key, slot = _KEYS[self.scope], _slot(table)
        device = self.scope == "device"
        by = [METER.c.quantity, PLACE.c.commodity]
        start = cast(literal(since), BigInteger) if self.whole else slot
        sums = (cast(func.sum(one), BigInteger) for one in amounts)
        statement = (
            select(null() if key is None else key, *by, start, *sums)
            .select_from(source)
            .join(METER, METER.c.id == table.c.meter)
            .join(DEVICE, DEVICE.c.id == METER.c.device)
            .join(PLACE, PLACE.c.id == table.c.place)
            .where(table.c.meter.in_(meters_of(self.site, self.keys if device else None, quantities)))
            .where(table.c.start >= since, table.c.start < until)
            .group_by(*by, *([] if key is None else [key]))
        )
        if not self.whole:
            statement = statement.group_by(slot).order_by(slot)
        return self._narrowed(statement, key)

    def _narrowed(self, statement: Select[Any], key: ColumnElement[Any] | None) -> Select[Any]:
        """Leave out what is not counted, of other keys and of other groups."""
        if self.scope == "group":
            statement = statement.join(PLACE_GROUP, PLACE_GROUP.c.place == PLACE.c.id)
        if self.scope != "device":
            statement = statement.where(PLACE.c.counted)
            if key is not None and self.keys is not None:
                statement = statement.where(key.in_([one or "" for one in self.keys]))
        if self.group is not None:
            inside = select(PLACE_GROUP.c.place).where(PLACE_GROUP.c.key == self.group)
            statement = statement.where(PLACE.c.id.in_(inside))
        return statement


def _slot(table: Table) -> ColumnElement[int]:
    """Return the start of a bar; all offsets from UTC since 1972 are whole quarters of an hour."""
    return table.c.start - table.c.start % 900 if table is INTERVAL else table.c.start


def _estimated(table: Table) -> ColumnElement[int]:
    """Return the estimated part of an amount."""
    return case((table.c.estimated, table.c.amount), else_=0) if table is INTERVAL else table.c.estimated
