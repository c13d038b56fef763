"""Whether the meter still measures. Owns comparing what it shows with what cars are read to draw."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .reading import Currents, MeterReading

MOVED: Final = 3.0
"""A on a phase that no meter overlooks."""
LAG: Final = 5.0
"""s that it may take to show them."""

type Cars = Mapping[str, tuple[float, Currents]]
"""By station: when it was read, and what it drew, A per phase."""


@dataclass(slots=True)
class Stillness:
    """How long the meter has shown exactly the same, and what cars drew since."""

    currents: Currents | None = None
    since: float = 0.0
    """s: when these were first seen."""
    drawn: dict[str, Currents] = field(default_factory=dict)
    """What each car drew when it was first read after that."""
    doubted: float | None = None
    """s: the first reading that should have been another."""
    frozen: bool = False

    def believes(self, reading: MeterReading, cars: Cars) -> bool:
        """Tell whether a reading can be what the meter measures; one that cannot may be late before it is frozen."""
        if reading.currents != self.currents:
            self.currents, self.since, self.drawn = reading.currents, reading.at, {}
            self.doubted, self.frozen = None, False
        for key, (at, drawn) in cars.items():
            if at >= self.since:
                self.drawn.setdefault(key, drawn)
        if self.frozen:
            return False
        if self._moved(cars) <= MOVED:
            self.doubted = None
            return True
        self.doubted = reading.at if self.doubted is None else self.doubted
        self.frozen = reading.at - self.doubted >= LAG
        return False

    def _moved(self, cars: Cars) -> float:
        """Return how much what cars draw has changed meanwhile on the phase where that is most, A."""
        both = [(cars[key][1], before) for key, before in self.drawn.items() if key in cars]
        return max(abs(sum(now[p] - before[p] for now, before in both)) for p in range(3))
