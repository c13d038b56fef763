"""What stations count. Owns how readings of an index or a counter of a session become what one car got."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

FRESH: Final = 60
"""s that a level from before a car came is what the car began with."""
_POWER: Final = 400_000
"""W: no station gives more."""
_CURRENT: Final = 1000
"""A, likewise."""
_STEP: Final = 1000
"""Wh, mAh: the coarsest that a counter counts in."""
_HOUR: Final = 3600


@dataclass(slots=True)
class Counter:
    """What a counter counted while a car was there. Times are POSIX seconds."""

    pace: float
    """The most that it counts in a second."""
    level: Decimal | None = None
    at: float = 0.0
    """When it was read."""
    total: Decimal | None = None
    """None: not counted."""

    @property
    def whole(self) -> int | None:
        """What was counted, in whole units."""
        return None if self.total is None else int(self.total)

    def begin(self, at: float) -> None:
        """Count a new car, from the level of just before if there is one."""
        if at - self.at > FRESH:
            self.level = None
        self.total = None if self.level is None else Decimal(0)

    def take(self, level: Decimal | None, at: float) -> None:
        """Take a reading. One below the last has started anew; a leap that no station gives counts for nothing."""
        if level is None:
            return
        before = level if self.level is None else self.level
        more = level - before if level >= before else level
        possible = float(more) <= _STEP + self.pace * (at - self.at)
        self.total = (self.total or Decimal(0)) + (more if possible else 0)
        self.level, self.at = level, at

    def stored(self) -> dict[str, Any]:
        """Return the state as JSON."""
        return {"level": _text(self.level), "at": self.at, "total": _text(self.total)}

    def restore(self, saved: Mapping[str, Any], now: float) -> None:
        """Take the same back."""
        self.level, self.total = _number(saved["level"]), _number(saved["total"])
        self.at = min(saved["at"], now)


@dataclass(slots=True)
class Counters:
    """The counters of a station: Wh and mAh."""

    energy: Counter = field(default_factory=lambda: Counter(_POWER / _HOUR))
    charge: Counter = field(default_factory=lambda: Counter(1000 * _CURRENT / _HOUR))

    def take(self, energy: Decimal | None, charge: float | None, at: float) -> None:
        """Take readings, Wh and Ah; None: there is none."""
        self.energy.take(energy, at)
        self.charge.take(None if charge is None else Decimal(round(1000 * charge)), at)

    def begin(self, at: float) -> None:
        """Count a new car."""
        self.energy.begin(at)
        self.charge.begin(at)


def _text(number: Decimal | None) -> str | None:
    """Return a number as JSON, exactly."""
    return None if number is None else str(number)


def _number(text: str | None) -> Decimal | None:
    """Return the same as a number."""
    return None if text is None else Decimal(text)
