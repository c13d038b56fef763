"""Any current from the floor up, per phase. Owns who is stopped, swapped and granted, and what each gets.

Each step shares anew what the base load leaves. Room is kept free under the limit as the noise of the base load asks:
little while all is well, for an overload that is seen must be gone in one step, so then much more is cut. Who is
admitted leaves enough above all floors for such a cut, so that noise stops nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from .plan import EventKind, Reason, Zone
from .queue import slot_taken, to_stop, waiting
from .session import FOLLOW, Session, Stage
from .sharing import Taker, fill

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .view import View

CALM: Final = 1.1
"""Deviations of the noise kept free while all is well."""
CUT: Final = 4.0
"""Deviations below the limit after an overload."""
LEAVE: Final = 1.0
"""Deviations below the hysteresis, so that red is left at once."""
ADMIT: Final = 3.5
"""Deviations above the floors for one more car."""
STOP: Final = 1.0
"""Deviations that floors must leave after an overload."""
LEAST: Final = 0.25
"""A kept free at least."""
WORTH: Final = 0.2
"""A: a smaller raise is not worth a command."""
GRAIN: Final = 10
"""Parts of an ampere that orders are given in."""
FIRST_TURN: Final = 2 / 3
"""Share of the rotation time after which a car that never charged gets its turn."""
GAP: Final = 2.0
"""Ah that a car must have had more than one that it makes room for, if it has not what is guaranteed."""


YIELD: Final = 2.0
"""A over all phases that must be gained where a single-phase car waits for cars of more phases."""


LEAVES: Final = 7200.0
"""s before its departure from which on a car makes no room for others."""
TRIES: Final = 4
"""Sessions that are looked at closely in one step, so that it stays short."""


class Need(NamedTuple):
    """What is missing most: A, and on which phase; 0.0 or less if nothing is."""

    amount: float
    phase: int


def decide(view: View) -> None:
    """Give every managed session its order."""
    _make_fit(view)
    if view.growing and not slot_taken(view):
        _let_yield(view)
        _admit(view)
    _share(view)


def _margin(view: View, phase: int, deviations: float) -> float:
    """Return so many deviations of the noise, or what the user set, A."""
    fixed = view.config.margin
    return max(LEAST, deviations * view.noise[phase]) if fixed is None else fixed


def floor_of(view: View, one: Session) -> float:
    """Return what a session takes at least: its floor, or what it draws against its order, A."""
    if one.drawn is not None and one.stage is Stage.CHARGING and one.followed(view.now):
        highest = max(one.drawn)
        if highest > one.limit + 1.0:
            return max(one.config.floor, highest)
    return one.config.floor


def _floors(view: View, sessions: Iterable[Session]) -> list[float]:
    """Return the floors of sessions together, A per phase."""
    total = [0.0] * 3
    for one in sessions:
        floor = floor_of(view, one)
        for p in one.phases:
            total[p] += floor
    return total


def _room(view: View, phase: int, margin: float) -> float:
    """Return what cars may take of a phase, A."""
    return min(view.limit - margin - view.base[phase], view.cap(phase))


def _make_fit(view: View) -> None:
    """Stop as many as needed so that the floors of the others fit."""
    managed = view.managed
    floors = _floors(view, managed)
    for p in range(3):
        margin = _margin(view, p, STOP) if view.over(p) else 0.0
        able = to_stop([s for s in managed if p in s.phases], view.config)
        able.sort(key=lambda s: (not s.disobeyed, s.stage is Stage.CHARGING, s.priority, -s.charge, s.id))
        for one in able:
            excess = floors[p] - _room(view, p, margin)
            if excess <= 0 or not one.managed:
                break
            floor = floor_of(view, one)
            for q in one.phases:
                floors[q] -= floor
            stop(view, one, p, excess)
        managed = [one for one in managed if one.managed]


def stop(view: View, one: Session, phase: int, excess: float) -> None:
    """Stop a session because a phase is too full, and note it."""
    if one.stage is Stage.CHARGING:
        one.stops += 1
        kind = EventKind.STOPPED if one.charge >= view.config.guaranteed_charge else EventKind.EMERGENCY
        view.journal.add(
            kind,
            one.id,
            phase=phase,
            excess=round(excess, 1),
            charge=round(one.charge, 2),
            guaranteed=view.config.guaranteed_charge,
            priority=one.priority,
        )
    one.stop(view.now, Reason("stopped", {"short": max(excess, 0.0), "phase": f"L{phase + 1}"}))


def _need(view: View, floors: Sequence[float], one: Session) -> Need:
    """Return what a waiting session lacks."""
    lacks = []
    for p in one.phases:
        higher = max(view.high[p] - view.base[p], _margin(view, p, ADMIT))
        lacks.append(Need(floors[p] + one.config.floor - _room(view, p, higher), p))
    return max(lacks, key=lambda need: (need.amount, -need.phase))


def _admit(view: View) -> None:
    """Grant the first in the queue that fits, or swap one that waited long enough."""
    queue = waiting(view)
    if not queue:
        return
    managed = view.managed
    floors = _floors(view, managed)
    tries = TRIES
    for one in queue:
        need = _need(view, floors, one)
        if need.amount > 0:
            view.missing[one.id] = (need.amount, need.phase)
            continue
        if not _yields(view, one, managed):
            _grant(view, one)
            return
        tries -= 1
        if not tries:
            break
    for one in [one for one in queue if waited_long(view, one)][:TRIES]:
        victims = _victims(view, one, managed, floors)
        if victims:
            for victim in victims:
                _rotate(view, victim)
            _grant(view, one)
            return


def waited_long(view: View, one: Session) -> bool:
    """Tell whether it is the turn of a session that waits."""
    patience = view.config.rotation_after * (FIRST_TURN if one.first else 1.0)
    return one.age_of(view.now, one.asked) >= patience


def _leaves_soon(view: View, one: Session) -> bool:
    """Tell whether a car is known to leave so soon that it should not wait for others."""
    return one.departure is not None and 0 <= one.departure - view.now <= LEAVES


def _total(view: View, sessions: Iterable[Session]) -> float:
    """Return what sessions would draw together if they shared the room, A over all phases."""
    return sum(taker.level * len(taker.phases) for taker in _shared(view, sessions).values())


def _yields(view: View, one: Session, others: Sequence[Session]) -> bool:
    """Tell whether a single-phase car should wait, because cars of more phases draw more without it."""
    if not view.config.turns or len(one.phases) > 1 or one.priority or one.head:
        return False
    if _leaves_soon(view, one):
        return False
    if one.stage is Stage.QUEUED and waited_long(view, one):
        return False
    if not any(len(s.phases) > 1 and one.phases[0] in s.phases for s in others):
        return False
    rest = [s for s in others if s is not one]
    return _total(view, rest) > _total(view, [*rest, one]) + YIELD


def _let_yield(view: View) -> None:
    """Pause the single-phase car that holds up others most."""
    single = [one for one in view.managed if one.stage is Stage.CHARGING and len(one.phases) == 1]
    able = [one for one in single if one.age_of(view.now, one.started) >= view.config.min_on]
    if not able:
        return
    one = max(able, key=lambda s: (s.limit, s.id))
    if _yields(view, one, view.managed):
        _rotate(view, one)


def _grant(view: View, one: Session) -> None:
    """Let a session begin, at its floor until it draws."""
    waited = one.age_of(view.now, one.asked)
    one.grant(view.now, one.config.floor)
    view.missing.pop(one.id, None)
    view.journal.add(EventKind.GRANTED, one.id, limit=one.limit, waited=waited)


def _rotate(view: View, victim: Session) -> None:
    """Stop a session for another one."""
    view.journal.add(EventKind.ROTATED, victim.id, charge=round(victim.charge, 2))
    victim.stop(view.now, Reason("rotated"))


def _victims(view: View, one: Session, managed: Sequence[Session], floors: Sequence[float]) -> list[Session]:
    """Return who makes room for a session that waited too long; empty if that is not enough."""
    config = view.config
    able = [
        s
        for s in managed
        if s.stage is Stage.CHARGING
        and (one.priority or not s.priority)
        and not _leaves_soon(view, s)
        and s.age_of(view.now, s.started) >= config.min_on
        and (s.charge >= config.guaranteed_charge or (config.turns and s.charge >= one.charge + GAP))
    ]
    able.sort(key=lambda s: (s.priority, -s.charge, s.id))
    left, chosen = list(floors), []
    for s in able:
        need = _need(view, left, one)
        if need.amount <= 0:
            break
        if need.phase in s.phases:
            chosen.append(s)
            for p in s.phases:
                left[p] -= floor_of(view, s)
    return chosen if _need(view, left, one).amount <= 0 else []


def _targets(view: View) -> list[float]:
    """Return the room that is shared, A per phase."""
    rooms = []
    for p in range(3):
        margin = _margin(view, p, CALM)
        band = view.limit - view.config.band
        if view.over(p):
            margin = max(_margin(view, p, CUT), view.config.band + _margin(view, p, LEAVE))
        elif view.zone is Zone.RED and view.meter[p] > band:
            margin = max(margin, view.config.band + _margin(view, p, LEAVE))
        rooms.append(_room(view, p, margin))
    return rooms


def _share(view: View) -> None:
    """Share the room: floors, then priority up to its most, then the others."""
    for one, taker in zip(view.managed, _shared(view, view.managed).values(), strict=True):
        _order(view, one, taker.level)


def _shared(view: View, sessions: Iterable[Session]) -> dict[str, Taker]:
    """Return what each session would get."""
    managed = list(sessions)
    takers = {one.id: _taker(view, one) for one in managed}
    room = _targets(view)
    for taker in takers.values():
        for p in taker.phases:
            room[p] -= taker.low
    for priority, many in ((True, True), (True, False), (False, True), (False, False)):
        some = [takers[one.id] for one in managed if one.priority is priority and (len(one.phases) > 1) is many]
        for taker in some:
            for p in taker.phases:
                room[p] += taker.low
        room = fill(room, some)
    return takers


def _taker(view: View, one: Session) -> Taker:
    """Return what a session shares with."""
    low = floor_of(view, one)
    high = low if one.stage is Stage.AUTHORISING else max(low, one.ceiling)
    if one.drawn is None and any(view.over_for[p] > view.config.period for p in one.phases):
        high = low
    return Taker(one.phases, low, high)


def _order(view: View, one: Session, level: float) -> None:
    """Order a level: less at once, more only if it may grow, is worth it, and its car has followed."""
    level = (
        one.config.rated_current if not one.config.adjustable else int(min(level, one.ceiling) * GRAIN + 1e-6) / GRAIN
    )
    level = max(level, one.config.floor)
    if level > one.limit >= one.config.floor and not (level - one.limit >= WORTH and view.now - one.changed >= FOLLOW):
        return
    if level > one.limit and not view.growing:
        return
    one.order(view.now, level)
