"""Questions about money. Owns what is told at its rate, and fixed charges; amounts alone are ``reading``'s."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, ColumnElement, cast, func, literal, null, select, union_all

from .bars import STEPS, TABLES, Bars
from .money import rate_row
from .pieces import Pieces, named, owner
from .reading import Reading
from .rows import ChargeRow, CostRow, CostSum, HourCost
from .schema import CHARGE, DAY, HOUR, MONTH, RATE, SITE
from .span import ALWAYS, NEVER, meters_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from sqlalchemy import Row, Select, Table

    from .bars import Step
    from .rows import CostSpan, Period, RateRow, Scope

_OWNER: Final = ("device", "quantity", "commodity", "load", "groups", "counted", "rate")
"""What sums are told by."""


class CostReading(Reading):
    """A site that can be asked what things cost."""

    def costs(
        self,
        scope: Scope,
        keys: Collection[str | None] | None,
        period: Period,
        since: int,
        until: int,
        *,
        group: str | None = None,
        whole: bool = False,
    ) -> list[CostRow]:
        """Return what ``consumption`` does, by rate; groups and totals have what was fed back, too."""
        bars = Bars(site=self._site, scope=scope, keys=keys, group=group, whole=whole)
        rows = [_cost(row) for row in self._ask(bars.costs(TABLES[period], since, until))]
        return rows if whole or period != "year" else self._costs_by_year(rows)

    def grouped_costs(
        self, scope: Scope, keys: Collection[str | None] | None, step: Step, since: int, until: int
    ) -> Iterator[CostRow]:
        """Yield what ``grouped`` does, by rate; groups and totals have what was fed back, too."""
        table, window = STEPS[step]
        bars = Bars(site=self._site, scope=scope, keys=keys)
        for start, end in self._time.windows(*self._span(table, since, until), window):
            yield from map(_cost, self._ask(bars.costs(table, start, end)))

    def cost_sums(self, now: int) -> list[CostSum]:
        """Return sums over the spans of the calendar that end with today; ``now``: POSIX seconds of today.

        No amount is in two of them, and all are in one; what begins after today counts as today's. Also of devices
        that are not counted. Where days are of several time zones, a span may have a day more or less.
        """
        today, month, year = (self._time.floor(now, period) for period in ("day", "month", "year"))
        before = MONTH if self._months_end_at(month) else DAY
        spans: dict[CostSpan, tuple[Table, int, int]] = {
            "today": (DAY, today, NEVER),
            "month": (DAY, month, today),
            "year": (before, year, month),
            "ever": (before, ALWAYS, year),
        }
        rows = self._named_sums(*(self._sums(*span, literal(name)) for name, span in spans.items()))
        return [CostSum(**_owner(row), amount=row.amount, span=row.told) for row in rows]

    def cost_history(self, since: int, until: int = NEVER) -> tuple[list[CostSum], list[HourCost]]:
        """Return sums of all before an hour, and the hours that begin in [since, until), in order of time.

        Both are of one moment. ``since``: start of an hour. Hours of its day that were deleted count as before it.
        Also of devices that are not counted.
        """
        month, tomorrow = self._time.floor(since, "month"), self._time.after(since, "day")
        nothing = cast(null(), BigInteger)
        if self._months_end_at(month):
            whole = [self._sums(MONTH, ALWAYS, month, nothing), self._sums(DAY, month, tomorrow, nothing)]
        else:
            whole, tomorrow = [self._sums(MONTH, ALWAYS, NEVER, nothing)], NEVER
        later = self._sums(HOUR, since, tomorrow, nothing, sign=-1)
        before: Counter[tuple[Any, ...]] = Counter()
        hours = []
        for row in self._named_sums(*whole, later, self._sums(HOUR, since, until, HOUR.c.start)):
            of = _owner(row)
            if row.told is None:
                before[tuple(of.values())] += row.amount
            else:
                hours.append(HourCost(**of, amount=row.amount, start=row.told))
        hours.sort(key=lambda hour: hour.start)
        return [CostSum(**dict(zip(_OWNER, key, strict=True)), amount=amount) for key, amount in before.items()], hours

    def charges(self, since: int, until: int) -> list[ChargeRow]:
        """Return the fixed charges of the days that begin in [since, until), in order of time."""
        statement = select(CHARGE).where(CHARGE.c.site == self._site, CHARGE.c.day >= since, CHARGE.c.day < until)
        return [charge_row(row) for row in self._ask(statement.order_by(CHARGE.c.day, CHARGE.c.charge))]

    def charged_until(self) -> int | None:
        """Return the latest day with a fixed charge: its first instant; None if there is none."""
        latest: int | None = self._ask(select(func.max(CHARGE.c.day)).where(CHARGE.c.site == self._site))[0][0]
        return latest

    def rates(self) -> list[RateRow]:
        """Return all rates that were ever written."""
        columns = RATE.c.tariff, RATE.c.name, RATE.c.price, RATE.c.currency
        found = self._ask(select(*columns).where(RATE.c.site == self._site).order_by(RATE.c.id))
        return [rate for row in found if (rate := rate_row(*row)) is not None]

    def _costs_by_year(self, rows: Iterable[CostRow]) -> list[CostRow]:
        """Add months up to years."""
        sums: dict[tuple[str | None, str, str, int, RateRow | None], int] = {}
        for row in rows:
            key = row.key, row.quantity, row.commodity, self._time.floor(row.start, "year"), row.rate
            sums[key] = sums.get(key, 0) + row.amount
        return [
            CostRow(key=key, quantity=quantity, commodity=commodity, start=start, rate=rate, amount=amount)
            for (key, quantity, commodity, start, rate), amount in sums.items()
        ]

    def _months_end_at(self, month: int) -> bool:
        """Tell whether the months before one end where its days begin: not so while it has some of another zone."""
        mixed = self._ask(select(SITE.c.zone_since).where(SITE.c.id == self._site))[0].zone_since
        return mixed is None or self._time.month_from(mixed) <= month

    def _sums(self, table: Table, since: int, until: int, told: ColumnElement[Any], *, sign: int = 1) -> Select[Any]:
        """Return a statement for what begins in [since, until), by meter, place, rate and what is ``told`` of it."""
        by = [table.c.meter, table.c.place, table.c.rate]
        amount = cast(sign * func.sum(table.c.amount), BigInteger)
        return (
            select(*by, told.label("told"), amount.label("amount"))
            .where(table.c.meter.in_(meters_of(self._site)), table.c.start >= since, table.c.start < until)
            .group_by(*by, *([told] if told is HOUR.c.start else []))
        )

    def _named_sums(self, *sums: Select[Any]) -> Sequence[Row[Any]]:
        """Return what statements find, all of one moment, with names."""
        found = union_all(*sums).subquery()
        return self._ask(named(Pieces(found, found.c.amount, found.c.rate), found, found.c.amount, found.c.told))


def _cost(row: Row[Any]) -> CostRow:
    """Return a bar."""
    key, quantity, commodity, start, amount, *rate = row
    return CostRow(
        key=key or None, quantity=quantity, commodity=commodity, start=start, rate=rate_row(*rate), amount=amount
    )


def _owner(row: Row[Any]) -> dict[str, Any]:
    """Return what a sum is of, in the order of ``_OWNER``."""
    return {**owner(row), "rate": rate_row(row.tariff, row.name, row.price, row.currency)}


def charge_row(row: Row[Any]) -> ChargeRow:
    """Return a fixed charge of a day."""
    return ChargeRow(
        day=row.day,
        commodity=row.commodity,
        charge=row.charge,
        name=row.name,
        cost=Decimal(row.cost),
        currency=row.currency,
    )
