"""Questions about charging sessions. Owns their statements, and what a station did in a time."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, or_, select

from .cost_reading import CostReading
from .money import rate_row
from .rows import SessionBreak, SessionPart, SessionRow, SessionSum
from .schema import RATE, SESSION, SESSION_PART

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import ColumnElement, Row

    from .rows import RateRow

_RATE: Final = ("tariff", "name", "price", "currency")


class SessionReading(CostReading):
    """A site that can be asked what its charging stations did."""

    def sessions(self, since: int, until: int, stations: Collection[str] | None = None) -> list[SessionRow]:
        """Return the sessions that have a moment in [since, until), in order of time; ``stations``: all if None."""
        statement = (
            select(SESSION, SESSION_PART.c.amount, *(RATE.c[key].label(f"rate_{key}") for key in _RATE))
            .outerjoin(
                SESSION_PART, and_(SESSION_PART.c.site == SESSION.c.site, SESSION_PART.c.session == SESSION.c.id)
            )
            .outerjoin(RATE, RATE.c.id == SESSION_PART.c.rate)
            .where(SESSION.c.site == self._site, during(since, until))
            .order_by(SESSION.c.start, SESSION.c.id, SESSION_PART.c.position)
        )
        if stations is not None:
            statement = statement.where(SESSION.c.station.in_(list(stations)))
        return [_session(list(same)) for _, same in groupby(self._ask(statement), attrgetter("id"))]

    def session_sums(self, since: int, until: int) -> list[SessionSum]:
        """Return sums of the sessions that begin in [since, until), by station; each is in one of several spans."""
        by_station: dict[str, list[SessionRow]] = defaultdict(list)
        for row in self.sessions(since, until):
            if row.start >= since:
                by_station[row.station].append(row)
        return [_sum(rows) for _, rows in sorted(by_station.items())]


def during(since: int, until: int) -> ColumnElement[bool]:
    """Return the condition that tells sessions that have a moment in [since, until); open ones go on."""
    ends_later = or_(SESSION.c.until.is_(None), SESSION.c.until > since, SESSION.c.start >= since)
    return and_(SESSION.c.start < until, ends_later)


def _session(rows: list[Row[Any]]) -> SessionRow:
    """Return a session as it was written; ``rows``: one for each part, or one without."""
    row = rows[0]
    return SessionRow(
        id=row.id,
        station=row.station,
        name=row.name,
        start=row.start,
        end=row.until,
        energy=row.energy,
        charge=row.charge,
        card=row.card,
        priority=row.priority,
        parts=tuple(map(_part, rows)) if row.amount is not None else (),
        breaks=tuple(SessionBreak(**one) for one in json.loads(row.breaks)),
    )


def _part(row: Row[Any]) -> SessionPart:
    """Return a part as it was written."""
    rate = rate_row(row.rate_tariff, row.rate_name, row.rate_price, row.rate_currency)
    return SessionPart(rate=rate, amount=row.amount)


def _sum(rows: Iterable[SessionRow]) -> SessionSum:
    """Add sessions of a station up; they are in order of time."""
    found = list(rows)
    amounts: Counter[RateRow | None] = Counter()
    for row in found:
        for rate, amount in row.pieces:
            amounts[rate] += amount
    return SessionSum(
        station=found[-1].station,
        name=found[-1].name,
        count=len(found),
        energy=sum(row.energy or 0 for row in found),
        charge=sum(row.charge or 0 for row in found),
        parts=tuple(SessionPart(rate=rate, amount=amount) for rate, amount in amounts.items()),
    )
