"""Sharing phases fairly: max-min with a least and a most for each. Owns the arithmetic, knows no stations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(slots=True)
class Taker:
    """One that shares. ``phases``: 0 to 2. ``low``, ``high``: A; ``low`` is booked by the caller's leave."""

    phases: tuple[int, ...]
    low: float
    high: float
    level: float = 0.0


def fill(room: Sequence[float], takers: Iterable[Taker]) -> list[float]:
    """Give each taker its level; return what is left per phase, A.

    ``room``: A per phase for all of them. Each gets its least, then all rise together until a phase is full or they
    have their most. A phase without room for the least leaves its takers there.
    """
    left = list(room)
    waiting = list(takers)
    for taker in waiting:
        taker.level = taker.low
    while waiting:
        levels = {p: _level(left[p], sharing) for p in range(3) if (sharing := [t for t in waiting if p in t.phases])}
        tightest = min(levels, key=lambda p: (levels[p], p))
        level = levels[tightest]
        rest = []
        for taker in waiting:
            if tightest in taker.phases or taker.high <= level:
                taker.level = min(max(level, taker.low), taker.high)
                for p in taker.phases:
                    left[p] -= taker.level
            else:
                rest.append(taker)
        waiting = rest
    return left


def _level(room: float, takers: Sequence[Taker]) -> float:
    """Return how high takers of one phase can rise together, A."""
    spare = room - sum(taker.low for taker in takers)
    edges = sorted([(taker.low, 1) for taker in takers] + [(max(taker.high, taker.low), -1) for taker in takers])
    level, slope = edges[0][0], 0
    if spare <= 0:
        return level
    for edge, change in edges:
        cost = (edge - level) * slope
        if cost > spare:
            return level + spare / slope
        spare -= cost
        level = edge
        slope += change
    return float("inf")
