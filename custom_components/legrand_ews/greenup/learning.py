"""What a car really takes, and from which phases. Owns this knowledge of one car; not what it is used for.

A car may be single-phase at a three-phase station, and take less than the station gives. Both show only while it
charges. What is learned of a car is forgotten with it; how much it takes is asked again from time to time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .reading import Currents

DRAWING: Final = 0.5
"""A: less is electronics, not charging."""
_USED: Final = 0.25
"""Share of the highest phase from which on a phase is used."""
_SURE: Final = 2
"""Readings that must agree."""
_CLEARLY: Final = 0.9
"""Cars take some 95 % of what is offered; below this share of it, and ``DRAWING`` less, is a limit of the car."""
_RESERVE: Final = 0.5
"""A above what the car took at most, so that it can show that it wants more."""
_WANTS: Final = 0.2
"""A below the offer from which on it does."""
_ASK_AGAIN: Final = 3600.0
"""s."""


@dataclass(slots=True)
class Appetite:
    """What a car was seen to take."""

    used: tuple[int, ...] | None = None
    """Phases of the site, 0 to 2; None: not known yet."""
    most: float | None = None
    """A; None: as much as is offered, so far."""
    asked: float = 0.0
    """s: when ``most`` was learned."""
    growth: float = 1.0
    """A to add when it wants more."""
    pattern: tuple[int, ...] = ()
    seen: int = 0
    short: int = 0

    def see(self, now: float, limit: float, currents: Currents, *, settled: bool) -> None:
        """Learn from one reading of a car that charges; ``settled``: it had time to follow its limit."""
        highest = max(currents)
        if highest < DRAWING:
            return
        self._see_phases(tuple(p for p, one in enumerate(currents) if one > max(DRAWING, _USED * highest)))
        if self.most is not None:
            self._see_more(now, limit, highest)
        if not settled or highest >= _CLEARLY * limit - DRAWING:
            self.short = 0
            return
        self.short += 1
        if self.short >= _SURE:
            self.most, self.asked, self.growth, self.short = highest, now, 1.0, 0

    def _see_phases(self, pattern: tuple[int, ...]) -> None:
        """Take over phases that were seen often enough; one more is believed at once."""
        self.seen = self.seen + 1 if pattern == self.pattern else 1
        self.pattern = pattern
        if self.used is not None and not set(pattern) <= set(self.used):
            self.used = tuple(sorted({*pattern, *self.used}))
        elif self.seen >= _SURE:
            self.used = pattern

    def _see_more(self, now: float, limit: float, highest: float) -> None:
        """Offer more to a car that takes all, and ask again after some time."""
        if self.most is None:
            return
        if now - self.asked >= _ASK_AGAIN:
            self.most = None
        elif limit >= self.most + _RESERVE / 2 and highest > self.most + _RESERVE - _WANTS:
            self.most += self.growth
            self.growth *= 2

    @property
    def ceiling(self) -> float:
        """The highest limit that makes sense, A; infinite if that is not known."""
        return float("inf") if self.most is None else self.most + _RESERVE
