"""The base load: all that is no car. Owns its level, noise and highest values per phase; not what follows from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .reading import Currents

DAY: Final = 86400.0
DAYS: Final = 30
"""Of which the highest values are kept (A2, fail-safe)."""
_SPAN: Final = 10.0
"""s that the noise is expressed for."""
_HORIZON: Final = 1.5
"""How many such spans pass from a reading to the end of what was decided by it."""
_MEMORY: Final = 1 / 40
"""Weight of one change."""
_JUMP: Final = 9.0
"""A change counts with at most so many times the variance: a kettle is no noise."""
RECENT: Final = 100.0
"""s of which the highest level counts for who is admitted."""
_PARTS: Final = 10
"""Of that time, by which it moves on."""
_LEAST: Final = 0.01
"""A^2: where noise is looked for from."""


@dataclass(slots=True)
class BaseLoad:
    """Level, noise and history of the base load."""

    at: float | None = None
    level: list[float] = field(default_factory=lambda: [0.0] * 3)
    variance: list[float] = field(default_factory=lambda: [0.25] * 3)
    recent: list[tuple[float, list[float]]] = field(default_factory=list)
    """When parts of the recent time began, and the highest level in each."""
    lately: list[tuple[float, list[float]]] = field(default_factory=list)
    """Levels since the cars were last read."""
    mark: tuple[float, list[float]] | None = None
    """The level that noise is measured from, and when it was."""
    days: dict[int, list[float]] = field(default_factory=dict)
    """The highest level of a day of the monotonic clock."""

    def see(self, at: float, level: Sequence[float], since: float | None = None) -> None:
        """Take in a new level, A per phase.

        ``since``: when the car was read that was not read for longest, s. A level that falls may be that car pausing,
        so the highest since then holds.
        """
        self._see_noise(at, level)
        if since is not None:
            self.lately = [one for one in self.lately if since <= one[0] < at]
            self.lately.append((at, list(level)))
            level = [max(one[1][p] for one in self.lately) for p in range(3)]
        self._keep_recent(at, level)
        self.at, self.level = at, list(level)
        self._keep(int(at // DAY))

    def _see_noise(self, at: float, level: Sequence[float]) -> None:
        """Measure how much the level changes, over times that cars can follow."""
        if self.mark is not None and self.mark[0] <= at < self.mark[0] + _SPAN / 2:
            return
        if self.mark is not None and at > self.mark[0]:
            scale = min(_SPAN / (at - self.mark[0]), 4.0)
            for p in range(3):
                change = (level[p] - self.mark[1][p]) ** 2 * scale
                known = self.variance[p]
                self.variance[p] = known + _MEMORY * (min(change, _JUMP * max(known, _LEAST)) - known)
        self.mark = at, list(level)

    def _keep_recent(self, at: float, level: Sequence[float]) -> None:
        """Remember the highest level of the recent time, in parts."""
        self.recent = [one for one in self.recent if at - RECENT <= one[0] <= at]
        if not self.recent or at - self.recent[-1][0] >= RECENT / _PARTS:
            self.recent.append((at, list(level)))
        highest = self.recent[-1][1]
        for p in range(3):
            highest[p] = max(highest[p], level[p])

    @property
    def high(self) -> list[float]:
        """The highest level of the recent time, A per phase."""
        return [max((one[1][p] for one in self.recent), default=self.level[p]) for p in range(3)]

    def _keep(self, day: int) -> None:
        """Remember the highest level of each day."""
        highest = self.days.get(day)
        if highest is None:
            self.days[day] = list(self.level)
            for old in [one for one in self.days if one <= day - DAYS]:
                del self.days[old]
            return
        for p in range(3):
            highest[p] = max(highest[p], self.level[p])

    @property
    def noise(self) -> Currents:
        """Standard deviation of what the level may change until the next decision is followed, A per phase."""
        first, second, third = (sqrt(one * _HORIZON) if one > _LEAST / 4 else 0.0 for one in self.variance)
        return first, second, third

    @property
    def peak(self) -> Currents | None:
        """The highest level of the last days, A per phase; None: there is no history."""
        if not self.days:
            return None
        first, second, third = (max(day[p] for day in self.days.values()) for p in range(3))
        return first, second, third
