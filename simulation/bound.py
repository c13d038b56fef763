"""What is possible at best on a day: a linear program that knows all in advance and needs no least current.

This module owns the bound; it needs scipy (HiGHS). The day is cut into slots at every arrival and departure and at
least every so many seconds. In a slot only the sum over its steps must fit, phase by phase: what is left for cars,
never below nothing and never above what the cars that are there can draw; and for the cars on several phases, what the
fullest of these leaves. Each of these sums follows from what must hold in each step, so the steps' own optimum fits the
slots too: the bound is never below it, and narrower slots only bring it nearer.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, Final

from .day import STEP, VOLTS
from .fields import PHASES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .day import Day, Stay

SLOT: Final = 60.0
"""s: at most."""
_HOUR: Final = 3600.0


class NoSolverError(RuntimeError):
    """There is no scipy."""


@dataclass(frozen=True, kw_only=True)
class Bound:
    """The most that cars can get inside the limit."""

    energy: float
    """Wh."""
    early: float
    """Wh, each weighted with the share of its stay that was still left."""


@dataclass(frozen=True, kw_only=True)
class _Slot:
    """Steps from ``begin`` to before ``end``, and the cars that may draw in all of them."""

    begin: int
    end: int
    stays: tuple[int, ...]
    room: tuple[float, ...]
    """A x steps left of each set of phases, for the cars on all of the set."""


def bound_of(day: Day, slot: float = SLOT) -> Bound:
    """Return the bound of a day; raises ``NoSolverError``."""
    sets = _sets(day)
    slots = list(_slots(day, sets, max(1, round(slot / STEP))))
    return Bound(energy=_solve(day, slots, sets, early=False), early=_solve(day, slots, sets, early=True))


def left(stay: Stay, step: int) -> float:
    """Return which share of a stay is left when a step begins."""
    return (stay.leave - step) / (stay.leave - stay.arrive)


def _sets(day: Day) -> list[frozenset[int]]:
    """Return each phase, and each set of phases that some car is on."""
    return list(
        dict.fromkeys(map(frozenset, [*((phase,) for phase in range(PHASES)), *(one.phases for one in day.stays)]))
    )


def _slots(day: Day, sets: Sequence[frozenset[int]], most: int) -> Iterator[_Slot]:
    """Cut the time in which there are cars."""
    cuts = sorted({cut for stay in day.stays for cut in (stay.begin, stay.leave)})
    for first, last in pairwise(cuts):
        stays = tuple(place for place, stay in enumerate(day.stays) if stay.begin <= first and stay.leave >= last)
        if not stays:
            continue
        rooms = [list(accumulate(room, initial=0.0)) for room in _rooms(day, stays, sets, first, last)]
        for begin, end in pairwise([*range(first, last, most), last]):
            room = tuple(one[end - first] - one[begin - first] for one in rooms)
            yield _Slot(begin=begin, end=end, stays=stays, room=room)


def _rooms(
    day: Day, stays: Sequence[int], sets: Sequence[frozenset[int]], first: int, last: int
) -> Iterator[list[float]]:
    """Yield what the cars on all phases of each set can draw in each step, A: what the fullest of them leaves."""
    free = [[max(day.limit - base, 0.0) for base in line[first:last]] for line in day.base]
    for phases in sets:
        most = sum(day.stays[place].current for place in stays if phases.issubset(day.stays[place].phases))
        yield [min(most, *left) for left in zip(*(free[phase] for phase in phases), strict=True)]


def _solve(day: Day, slots: Sequence[_Slot], sets: Sequence[frozenset[int]], *, early: bool) -> float:
    """Maximise the energy, Wh; ``early``: weighted by what is left of the stay when a slot begins.

    A variable for each car and slot: A x steps from each of its phases. A row for the need of each car, and for each
    set of phases in each slot.
    """
    shared = [[row for row, phases in enumerate(sets) if phases.issubset(stay.phases)] for stay in day.stays]
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    limits: list[float] = [stay.need * _HOUR / (STEP * stay.watts_per_ampere) for stay in day.stays]
    gains: list[float] = []
    most: list[float] = []
    for slot in slots:
        first = len(limits)
        limits += slot.room
        for place in slot.stays:
            stay, column = day.stays[place], len(gains)
            gains.append(len(stay.phases) * (left(stay, slot.begin) if early else 1.0))
            most.append(stay.current * (slot.end - slot.begin))
            touched = [place, *(first + row for row in shared[place])]
            rows += touched
            columns += [column] * len(touched)
            values += [1.0] * len(touched)
    if not gains:
        return 0.0
    return _maximum(gains, most, (values, (rows, columns)), limits) * VOLTS * STEP / _HOUR


def _maximum(gains: list[float], most: list[float], entries: Any, limits: list[float]) -> float:
    """Return the maximum of gains x variables, each from 0 to its most, where the rows stay within limits."""
    try:
        from scipy.optimize import linprog  # type: ignore[import-untyped] # noqa: PLC0415 -- only the bound needs it
        from scipy.sparse import csr_matrix  # type: ignore[import-untyped] # noqa: PLC0415
    except ImportError as err:
        raise NoSolverError("the bound needs scipy: run scripts/setup demo, or leave the bound out") from err
    found = linprog(
        [-gain for gain in gains],
        A_ub=csr_matrix(entries, shape=(len(limits), len(gains))),
        b_ub=limits,
        bounds=[(0.0, one) for one in most],
        method="highs",
    )
    if not found.success:
        raise RuntimeError(f"no optimum: {found.message}")
    return -float(found.fun)
