"""How good a day was: energy against what was possible, safety, fairness, wear.

This module owns the figures of merit; the names are those of ``docs/simulation.md``. Energies in Wh, times in s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .day import STEP
from .fields import PHASES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .bound import Bound
    from .physics import Record

TOLERANCE: Final = 0.5
"""A above the limit that are no overload."""
_HOUR: Final = 3600.0


@dataclass(frozen=True, kw_only=True)
class Merit:
    """The figures of a day."""

    energy: float
    asked: float
    energy_share: float | None
    """R_E: of the bound; None without one."""
    early_share: float | None
    """R_P: the same, where energy counts the more the sooner it comes."""
    overload_longest: float
    """Controllable only: a phase is over the limit while a car draws from it."""
    overload_total: float
    overload_heat: float
    """I²t of the worst phase: the sum of (I / limit)² - 1 over the overload."""
    lowest: float
    """The share of its need that the worst served car got."""
    jain: float
    """Jain's index of these shares: 1 where all are equal."""
    first_wait: float
    """The longest, from when a car asks until it draws; a car that never does waits until it leaves."""
    starts: int
    """The most of any car."""
    commands: float
    """The mean over cars."""


def merit(record: Record, bound: Bound | None = None) -> Merit:
    """Judge a day."""
    courses = record.courses
    energy, early = (sum(values) for values in ([one.energy for one in courses], [one.early for one in courses]))
    shares = [one.energy / one.stay.need for one in courses if one.stay.need]
    waits = [(one.stay.leave if one.first is None else one.first) - one.stay.begin for one in courses if one.stay.need]
    longest, total, heat = _overload(record, 0, record.day.steps)
    return Merit(
        energy=energy,
        asked=sum(one.stay.need for one in courses),
        energy_share=energy / bound.energy if bound and bound.energy else None,
        early_share=early / bound.early if bound and bound.early else None,
        overload_longest=longest,
        overload_total=total,
        overload_heat=heat,
        lowest=min(shares, default=1.0),
        jain=jain(shares),
        first_wait=max(waits, default=0) * STEP,
        starts=max((one.starts for one in courses), default=0),
        commands=sum(one.commands for one in courses) / max(len(courses), 1),
    )


def jain(values: Sequence[float]) -> float:
    """Return Jain's index of fairness; of nothing, or nothing but zeros, it is 1."""
    squares = sum(value * value for value in values)
    return sum(values) ** 2 / (len(values) * squares) if squares else 1.0


def energy_between(record: Record, start: float, end: float) -> float:
    """Return what all cars drew between two times of the day's clock, Wh."""
    first, last = record.day.step_of(start), record.day.step_of(end)
    return sum(sum(one.draws[first:last]) * one.stay.watts_per_ampere * STEP / _HOUR for one in record.courses)


def overload_between(record: Record, start: float, end: float) -> float:
    """Return the longest overload between two times of the day's clock, s."""
    return _overload(record, record.day.step_of(start), record.day.step_of(end))[0]


def _overload(record: Record, first: int, last: int) -> tuple[float, float, float]:
    """Return the longest overload of any phase in some steps, all of it, and its heat."""
    day = record.day
    over: set[int] = set()
    heats = []
    for phase in range(PHASES):
        drawing = [one.draws for one in record.courses if phase in one.stay.phases]
        heat = 0.0
        for step, current in enumerate(record.currents[phase][first:last], first):
            if current > day.limit + TOLERANCE and any(draws[step] for draws in drawing):
                over.add(step)
                heat += ((current / day.limit) ** 2 - 1) * STEP
        heats.append(heat)
    return _longest(sorted(over)) * STEP, len(over) * STEP, max(heats)


def _longest(steps: Sequence[int]) -> int:
    """Return the length of the longest run of neighbours."""
    longest = length = 0
    last = None
    for step in steps:
        length = length + 1 if last is not None and step == last + 1 else 1
        longest, last = max(longest, length), step
    return longest
