"""Cars that charge: what one can take, and how it takes it.

This module owns the car. What it is offered, and what came of it, is the station's matter.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Car:
    """A car as a station sees it. Raises ``ValueError`` for what cannot be."""

    need: float = 20_000.0
    """Wh until it is full."""
    current: float = 32.0
    """A per phase that it takes at most."""
    phases: int = 3
    """How many it takes from, the plug's L1 first."""
    reaction: float = 1.0
    """s after which it follows what it is offered."""
    pauses: tuple[float, float] | None = None
    """s it takes current and s it then does not, in turn; None: it does not pause by itself."""
    ignores_pilot: bool = False
    """It takes all it can while it may charge."""
    card: str = ""
    """What its driver showed to the station."""

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        lasting = self.pauses or (1.0, 0.0)
        if not (self.need >= 0 and self.current > 0 and self.reaction >= 0 and lasting[0] > 0 and lasting[1] >= 0):
            raise ValueError("a car's need, current and times cannot be below 0, and it takes current for some time")
        if self.phases not in (1, 2, 3):
            raise ValueError(f"a car cannot take from {self.phases} phases")

    def takes(self, offered: float, seconds: float) -> float:
        """Return what it takes per phase of what it is offered, both in A, so many s after it was plugged in."""
        if offered <= 0 or seconds < self.reaction or self._rests(seconds):
            return 0.0
        return min(self.current, math.inf if self.ignores_pilot else offered)

    def _rests(self, seconds: float) -> bool:
        """Return True while it pauses by itself."""
        if self.pauses is None:
            return False
        active, idle = self.pauses
        return seconds % (active + idle) >= active
