"""Stations that do not answer (A2 number 17). Owns what is booked for them.

Their last order may still be active, so their rated current is booked. What the meter shows contains what they draw
now: as much of it as came to the base load with them is taken off, and once it has gone it is never taken off again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .session import Session


@dataclass(slots=True)
class LostLoad:
    """What lost stations draw, A per phase, as far as the meter shows it."""

    drawn: list[float] = field(default_factory=lambda: [0.0] * 3)
    known: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    """What each drew when it was lost."""
    before: list[float] = field(default_factory=lambda: [0.0] * 3)
    """The base load then."""

    def split(self, unknown: Sequence[float], level: Sequence[float], sessions: Iterable[Session]) -> list[float]:
        """Return the base load: what is unknown at the meter without what lost stations draw of it."""
        lost = {one.id: one for one in sessions if one.lost and one.seen is not None}
        if not lost:
            self.known.clear()
            self.drawn = [0.0] * 3
            return list(unknown)
        for gone in [one for one in self.known if one not in lost]:
            back = self.known.pop(gone)
            self.drawn = [max(self.drawn[p] - back[p], 0.0) for p in range(3)]
        for new, one in lost.items():
            if new not in self.known:
                if not self.known:
                    self.before = list(level)
                self.known[new] = last_of(one)
                self.drawn = [self.drawn[p] + self.known[new][p] for p in range(3)]
        self.drawn = [min(self.drawn[p], max(unknown[p] - self.before[p], 0.0)) for p in range(3)]
        return [unknown[p] - self.drawn[p] for p in range(3)]

    def booked(self, sessions: Iterable[Session]) -> list[float]:
        """Return what is to be reckoned with, A per phase."""
        total = [0.0] * 3
        for one in sessions:
            if one.lost:
                for p in one.config.phases:
                    total[p] += one.config.rated_current
        return total


def last_of(one: Session) -> tuple[float, float, float]:
    """Return what a station drew when it was last heard."""
    if one.drawn is not None:
        return one.drawn
    first, second, third = (one.limit if p in one.phases else 0.0 for p in range(3))
    return first, second, third
