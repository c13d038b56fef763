"""From measured values at the times of polls to averages, minimums and maximums between the boundaries of a wall clock.

Owns what a sample is made of; holds no clock, does no I/O, knows no quantities nor where boundaries lie (that is
``grid``). Every reading counts the same, however long it stood: nothing is invented between two of them, so a time
without readings has no sample, and a quantity that was not read has no figures in it. An open sample does not outlive
the maker.

A clock that is set back: times that were handed out are not handed out again. Readings are left aside until the clock
is back in the open sample; by more than a day that sample was of a clock gone wrong, and is closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite
from typing import TYPE_CHECKING, Final

from .grid import FIRST_TIME, LAST_TIME, Grid

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

_PATIENCE: Final = 86400
"""Seconds that the open sample may be ahead of a reading."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """What was measured between two boundaries that follow each other."""

    start: int
    """POSIX seconds."""
    end: int
    values: dict[str, tuple[float, float, float]]
    """Average, minimum and maximum by quantity, in its unit; finite, and never empty."""


@dataclass(kw_only=True, slots=True)
class _Tally:
    """The values of one quantity so far; not frozen, because it changes with every reading."""

    count: int = 0
    total: float = 0.0
    low: float = inf
    high: float = -inf

    def take(self, value: float) -> None:
        """Count a value in."""
        self.count += 1
        self.total += value
        self.low = min(self.low, value)
        self.high = max(self.high, value)

    def figures(self) -> tuple[float, float, float]:
        """Return average, minimum and maximum; rounding never brings the average out of the other two."""
        return min(max(self.total / self.count, self.low), self.high), self.low, self.high


class SampleMaker:
    """Makes the samples of one device."""

    __slots__ = ("_end", "_grid", "_start", "_tallies")

    def __init__(self, *, period: int, zone: tzinfo) -> None:
        """Start with nothing. ``period``: as of ``Grid``, seconds; raises ValueError for another one."""
        self._grid = Grid(period=period, zone=zone)
        self._start = self._end = 0
        self._tallies: dict[str, _Tally] = {}

    def add(self, at: float, values: Mapping[str, float]) -> Sample | None:
        """Take what was read at one time, and return the open sample if that ended before it.

        ``at``: POSIX seconds; a time that is none is left aside, one right at a boundary is after it. ``values``: by
        quantity; those that are no finite number count as not read.
        """
        if not FIRST_TIME <= at <= LAST_TIME or self._start - _PATIENCE <= at < self._start:
            return None
        closed = None
        if not self._start <= at < self._end:
            closed = self._close()
            self._start, self._end = self._grid.before(at), self._grid.after(at)
        for quantity, value in values.items():
            if isfinite(value):
                self._tallies.setdefault(quantity, _Tally()).take(value)
        return closed

    def _close(self) -> Sample | None:
        """Hand out the open sample, if it has anything."""
        tallies, self._tallies = self._tallies, {}
        if not tallies:
            return None
        values = {quantity: tally.figures() for quantity, tally in tallies.items()}
        return Sample(start=self._start, end=self._end, values=values)
