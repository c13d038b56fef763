"""The numbers that stand for names. Owns looking them up, giving them out, and remembering them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from .money import decimal_text
from .schema import DEVICE, LAYOUT, METER, PLACE, PLACE_GROUP, RATE, UNPRICED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, Table

    from .database import Database
    from .rows import RateRow


class Names:
    """The names of a site. After a transaction that failed, call ``forget``: its numbers may be given out again."""

    def __init__(self, database: Database, site: int) -> None:
        """Begin without memory."""
        self._database = database
        self._site = site
        self._known: dict[tuple[Any, ...], int] = {}

    def forget(self) -> None:
        """Ask the database again from now on."""
        self._known.clear()

    def device(self, connection: Connection, key: str) -> int:
        """Return the number of a device."""
        return self._number(connection, DEVICE, site=self._site, key=key)

    def meter(self, connection: Connection, device: str, quantity: str) -> int:
        """Return the number of a quantity of a device."""
        found = self._known.get((device, quantity))
        if found is None:
            found = self._number(connection, METER, device=self.device(connection, device), quantity=quantity)
            self._known[device, quantity] = found
        return found

    def layout(self, connection: Connection, names: Sequence[str]) -> int:
        """Return the number of an order of quantities."""
        return self._number(connection, LAYOUT, names=json.dumps(names))

    def rate(self, connection: Connection, rate: RateRow | None) -> int:
        """Return the number of a rate."""
        if rate is None:
            return UNPRICED
        found = self._known.get((rate,))
        if found is None:
            price = decimal_text(rate.price)
            described = {"tariff": rate.tariff, "name": rate.name, "price": price, "currency": rate.currency}
            found = self._known[rate,] = self._number(connection, RATE, site=self._site, **described)
        return found

    def place(
        self, connection: Connection, commodity: str, load: str | None, groups: Iterable[str], *, counted: bool
    ) -> int:
        """Return the number of what rows belong to."""
        key = (commodity, load, groups, counted)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._make_place(connection, commodity, load or "", groups, counted=counted)
        return found

    def _make_place(
        self, connection: Connection, commodity: str, load: str, groups: Iterable[str], *, counted: bool
    ) -> int:
        """Look a place up, or make it with its groups."""
        ordered = sorted(set(groups))
        described = {"commodity": commodity, "load": load, "groups": json.dumps(ordered), "counted": counted}
        place = self._number(connection, PLACE, site=self._site, **described)
        if ordered:
            statement = self._database.insert(PLACE_GROUP).on_conflict_do_nothing()
            connection.execute(statement, [{"place": place, "key": group} for group in ordered])
        return place

    def _number(self, connection: Connection, table: Table, **columns: Any) -> int:
        """Return the number of a row, made where it is not there."""
        key = (table.name, *columns.values())
        found = self._known.get(key)
        if found is None:
            wanted = select(table.c.id).where(*(table.c[name] == value for name, value in columns.items()))
            found = connection.execute(wanted).scalar()
            if found is None:
                connection.execute(self._database.insert(table).values(**columns).on_conflict_do_nothing())
                found = connection.execute(wanted).scalar_one()
            self._known[key] = found
        return found
