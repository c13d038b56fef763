"""The two reduction steps of the manual 7.16.5.1, as A2 puts them. Owns who is reduced, raised, granted and stopped.

Two rules can be switched off for a faithful copy: what is granted or raised must be predicted to fit, and an overload
that nothing else removes is ended by force.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Final

from .config import FLOOR
from .continuous import TRIES, floor_of, stop, waited_long
from .plan import EventKind, Reason, Zone
from .queue import slot_taken, to_stop, waiting
from .session import Session, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .view import View

LAST: Final = 2
"""The second step."""
_GAIN: Final = 0.1
"""A: a reduction that takes less off is none (A2 number 11)."""
_ROUNDING: Final = 1e-6
"""A."""


def step_limit(view: View, one: Session, step: int) -> float:
    """Return the limit of a station at a step, A (A2 number 10)."""
    station = one.config
    if not station.adjustable:
        return station.rated_current
    share = (100.0, view.config.step_1, view.config.step_2)[step]
    return min(max(station.min_current, share * station.rated_current / 100), station.rated_current)


def decide(view: View, acted: float) -> float:
    """Do the first of the manual's actions that applies; return when something was last changed, s."""
    totals = predicted(view, view.managed)
    over = [p for p in range(3) if view.over(p) or totals[p] > _most(view, p, inf)]
    if over:
        _relieve(view, totals, over)
        return view.now
    if not view.growing or view.now - acted < view.config.settle_time:
        return acted
    done = _grant(view, totals) or _rotate(view, totals) or _make_room(view, totals) or _raise(view, totals)
    return view.now if done else acted


def expected(view: View, one: Session, limit: float) -> float:
    """Return what a session is reckoned with at a limit, A."""
    if floor_of(view, one) > one.config.floor and limit > 0:
        return max(limit, floor_of(view, one))
    return min(limit, one.appetite.ceiling)


def predicted(view: View, sessions: Iterable[Session]) -> list[float]:
    """Return what the meter will show when all orders are followed, A per phase."""
    totals = list(view.base)
    for one in sessions:
        _add(totals, one.phases, expected(view, one, one.limit))
    return totals


def _add(totals: list[float], phases: Iterable[int], current: float) -> None:
    """Add a current to phases."""
    for p in phases:
        totals[p] += current


def _reduce(view: View, one: Session, totals: list[float]) -> None:
    """Take a session down by a step."""
    before = expected(view, one, one.limit)
    one.step += 1
    one.reduced = view.now if one.reduced is None else one.reduced
    one.order(view.now, min(one.limit, step_limit(view, one, one.step)))
    _add(totals, one.phases, expected(view, one, one.limit) - before)


def _reducible(view: View, phases: Iterable[int]) -> list[Session]:
    """Return who can be reduced on one of some phases, in the order of A2 number 8."""
    wanted = set(phases)
    able = [
        one
        for one in view.managed
        if one.step < LAST and wanted & set(one.phases) and one.config.adjustable and one.stage is Stage.CHARGING
    ]
    return sorted(able, key=lambda one: (one.step, one.priority, one.plugged or 0.0, one.id))


def _reduce_some(view: View, totals: list[float], phase: int) -> None:
    """Reduce as many as needed on a phase: all by the first step before any by the second."""
    for _ in range(LAST):
        for one in _reducible(view, [phase]):
            if totals[phase] <= _most(view, phase, view.limit):
                return
            _reduce(view, one, totals)


def _relieve(view: View, totals: list[float], over: Sequence[int]) -> None:
    """Red, or over the cap: reduce, then stop, then by force, until the excess is predicted to be gone."""
    for p in over:
        _reduce_some(view, totals, p)
        _stop_some(view, totals, p, forced=False)
        most = _most(view, p, view.limit)
        if totals[p] <= most:
            continue
        if view.over(p) and view.excess_for + view.config.period < view.config.emergency_after:
            continue
        view.journal.add(EventKind.OVERLOAD, phase=p, excess=round(totals[p] - most, 1))
        if view.config.emergency:
            _force(view, totals, p)


def _stop_some(view: View, totals: list[float], phase: int, *, forced: bool) -> None:
    """Stop sessions of a phase: who does not draw yet, who has what is guaranteed; ``forced``: anybody."""
    some = to_stop([one for one in view.managed if phase in one.phases], view.config)
    if forced:
        some.sort(key=lambda one: (one.priority, -one.charge, one.id))
    for one in some:
        excess = totals[phase] - _most(view, phase, view.limit)
        if excess <= 0:
            return
        spared = one.priority or one.charge < view.config.guaranteed_charge
        if spared and one.stage is Stage.CHARGING and not forced:
            continue
        _add(totals, one.phases, -expected(view, one, one.limit))
        stop(view, one, phase, excess)


def _force(view: View, totals: list[float], phase: int) -> None:
    """Take all to the floor, then stop anybody (A2 number 9)."""
    for one in view.managed:
        if totals[phase] <= _most(view, phase, view.limit):
            return
        if phase in one.phases and one.config.adjustable and one.limit > max(FLOOR, one.config.min_current):
            before = expected(view, one, one.limit)
            one.order(view.now, one.config.min_current)
            one.reduced = view.now if one.reduced is None else one.reduced
            one.step = LAST
            _add(totals, one.phases, expected(view, one, one.limit) - before)
    _stop_some(view, totals, phase, forced=True)


def _most(view: View, phase: int, most: float) -> float:
    """Return how high the prediction of a phase may be under a limit and the cap of all stations, A."""
    return min(most, view.base[phase] + view.cap(phase) + _ROUNDING)


def _fits(view: View, totals: Sequence[float], phases: Iterable[int], more: float, most: float) -> bool:
    """Tell whether so much more stays under a limit and the cap, A."""
    return all(totals[p] + more <= _most(view, p, most) for p in phases)


def _ceiling(view: View) -> float:
    """Return the current that grants and raises are predicted to stay under, A."""
    return view.limit - view.config.band


def _grant(view: View, totals: list[float]) -> bool:
    """Grant the first in the queue that fits, at the highest step that does."""
    if view.zone is not Zone.GREEN or slot_taken(view):
        return False
    most = _ceiling(view) if view.config.predicted_admission else inf
    for one in waiting(view):
        for step in range(LAST + 1):
            limit = step_limit(view, one, step)
            if _fits(view, totals, one.phases, limit, most):
                _start(view, one, step)
                return True
        lacks = [(totals[p] + limit - _most(view, p, most), p) for p in one.phases]
        view.missing[one.id] = max(lacks, key=lambda lack: (lack[0], -lack[1]))
    return False


def _start(view: View, one: Session, step: int) -> None:
    """Let a session begin at a step."""
    waited = one.age_of(view.now, one.asked)
    one.grant(view.now, step_limit(view, one, step))
    one.step = step
    one.reduced = view.now if step else None
    view.missing.pop(one.id, None)
    view.journal.add(EventKind.GRANTED, one.id, limit=one.limit, waited=waited)


def _rotate(view: View, totals: list[float]) -> bool:
    """Swap who waited too long with one that has what is guaranteed (A2 number 16)."""
    if slot_taken(view):
        return False
    able = sorted((one for one in view.managed if _may_swap(view, one)), key=lambda s: (-s.charge, s.id))
    long = [one for one in waiting(view) if waited_long(view, one)]
    for one in long[:TRIES]:
        for other in able:
            left = list(totals)
            _add(left, other.phases, -expected(view, other, other.limit))
            if _fits(view, left, one.phases, step_limit(view, one, LAST), _ceiling(view)):
                view.journal.add(EventKind.ROTATED, other.id, charge=round(other.charge, 2))
                other.stop(view.now, Reason("rotated"))
                _start(view, one, LAST)
                return True
    return False


def _may_swap(view: View, one: Session) -> bool:
    """Tell whether a session may be swapped for one that waits."""
    config = view.config
    return (
        one.stage is Stage.CHARGING
        and not one.priority
        and one.charge >= config.guaranteed_charge
        and one.age_of(view.now, one.started) >= config.min_on
    )


def _reachable(view: View) -> Session | None:
    """Return the first in the queue that could be granted if all others were at the second step."""
    totals = list(view.base)
    for one in view.managed:
        lowest = min(one.limit, step_limit(view, one, LAST)) if one.stage is Stage.CHARGING else one.limit
        _add(totals, one.phases, expected(view, one, lowest))
    if max(totals) > view.config.charge_current - view.config.band:
        return None
    for one in waiting(view):
        if _fits(view, totals, one.phases, step_limit(view, one, LAST), _ceiling(view)):
            return one
    return None


def _make_room(view: View, totals: list[float]) -> bool:
    """Reduce one session by a step for the queue."""
    head = _reachable(view)
    if head is None or slot_taken(view):
        return False
    for one in _reducible(view, head.phases):
        before = list(totals)
        _reduce(view, one, totals)
        if any(before[p] - totals[p] > _GAIN for p in range(3)):
            return True
    return False


def _raise(view: View, totals: Sequence[float]) -> bool:
    """Raise the session that was reduced first by a step."""
    if _reachable(view) is not None:
        return False
    config = view.config
    most = inf
    if config.predicted_admission:
        most = view.limit - config.band if view.zone is Zone.YELLOW else config.charge_current
    reduced = [one for one in view.managed if one.step and one.stage is Stage.CHARGING]
    for one in sorted(reduced, key=lambda s: (s.reduced or 0.0, s.id)):
        limit = step_limit(view, one, one.step)
        forced = one.limit < limit
        limit = limit if forced else step_limit(view, one, one.step - 1)
        more = expected(view, one, limit) - expected(view, one, one.limit)
        if not _fits(view, totals, one.phases, more, most):
            continue
        one.step -= 0 if forced else 1
        one.reduced = one.reduced if one.step else None
        one.order(view.now, limit)
        return True
    return False
