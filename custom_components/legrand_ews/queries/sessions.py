"""Answers about charging sessions, with what they cost (docs/queries.md).

Owns the shape of these answers. They are made of what the archive keeps; what goes on right now is in
``charging``. Everything here blocks while the archive is read. Money is exact until it is told.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Final

from ..archive.rows import cost_of
from .costs import EXACT, money
from .periods import Calendar
from .questions import EVER, from_to, limit, unknown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from ..archive import Archive, RateRow, SessionBreak, SessionRow, SessionSum
    from .questions import Answer, Asked

type _Pieces = Collection[tuple[RateRow | None, int]]
"""Wh, each at a rate; None: unpriced."""

_OF_SESSION: Final = 11
_OF_PIECE: Final = 6
_OF_BREAK: Final = 4
"""Values in an answer."""


def sessions(archive: Archive, names: Mapping[str, str], asked: Asked) -> Answer:
    """Return the sessions that have a moment from start to end, and sums of those that begin then by station.

    ``names``: of the stations there are, by id, in their order. ``asked``: start, end, stations. Raises
    ServiceValidationError for what cannot be answered.
    """
    wanted: Collection[str] | None = asked.get("stations")
    _check(archive, names, wanted or ())
    window = from_to(Calendar(archive.zone), asked)
    rows = archive.sessions(window.start, window.end, wanted)
    limit(sum(_OF_SESSION + _OF_PIECE * len(row.pieces) + _OF_BREAK * len(row.breaks) for row in rows))
    sums = [one for one in archive.session_sums(window.start, window.end) if wanted is None or one.station in wanted]
    order = list(names)
    sums.sort(key=lambda one: (order.index(one.station) if one.station in order else len(order), one.station))
    with localcontext(EXACT):
        return {
            "time_zone": archive.zone,
            "start": window.start,
            "end": window.end,
            "sessions": [_session(row) for row in rows],
            "stations": [_sum(one, names) for one in sums],
        }


def _check(archive: Archive, names: Mapping[str, str], wanted: Collection[str]) -> None:
    """Raise for stations that neither the site has nor the archive: what was deleted is still in there."""
    strange = set(wanted) - set(names)
    if strange:
        strange -= {row.station for row in archive.sessions(-EVER, EVER, strange)}
    if strange:
        raise unknown(sorted(strange))


def _session(row: SessionRow) -> Answer:
    """Return a session."""
    return {
        "id": row.id,
        "station": row.station,
        "name": row.name,
        "start": row.start,
        "end": row.end,
        "energy": row.energy,
        "charge": None if row.charge is None else row.charge / 1000,
        "card": row.card,
        "priority": row.priority,
        **_cost(row.pieces),
        "interruptions": [_interruption(one) for one in row.breaks],
    }


def _sum(one: SessionSum, names: Mapping[str, str]) -> Answer:
    """Return what a station did, by its name of today; one that is deleted has the name that it had."""
    return {
        "station": one.station,
        "name": names.get(one.station, one.name),
        "count": one.count,
        "energy": one.energy,
        "charge": one.charge / 1000,
        **_cost([(part.rate, part.amount) for part in one.parts]),
    }


def _cost(pieces: _Pieces) -> Answer:
    """Return what energy cost, by currency and by tariff; Wh without a price are beside it."""
    costs: dict[str, Decimal] = {}
    for rate, amount in pieces:
        if rate is not None and (cost := cost_of(amount, rate)) is not None:
            costs[rate.currency] = costs.get(rate.currency, Decimal()) + cost
    return {
        "costs": {currency: money(cost) for currency, cost in sorted(costs.items())},
        "unpriced": sum(amount for rate, amount in pieces if rate is None),
        "tariffs": _tariffs(pieces),
    }


def _tariffs(pieces: Iterable[tuple[RateRow | None, int]]) -> list[Answer]:
    """Return what was charged at each rate."""
    return [
        {
            "tariff": rate.tariff,
            "tariff_name": rate.name,
            "price": money(rate.price),
            "currency": rate.currency,
            "energy": amount,
            "cost": money(cost_of(amount, rate)),
        }
        for rate, amount in pieces
        if rate is not None
    ]


def _interruption(one: SessionBreak) -> Answer:
    """Return when, for how long and why a car was not charged."""
    return {"start": one.at, "seconds": one.seconds, "reason": one.reason, "values": dict(one.values)}
