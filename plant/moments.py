"""Simulated moments: the clock, the parts of a moment, and what depends on them alone.

This module owns time and the pace of shapes and of the mains voltage. What flows is ``electrical``'s matter.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .shapes import Shape


@dataclass(kw_only=True)
class Clock:
    """Simulated local time."""

    start: datetime
    elapsed: int = 0
    """ms since the start."""

    @property
    def now(self) -> datetime:
        """The simulated moment, naive local time."""
        return self.start + timedelta(milliseconds=self.elapsed)


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A simulated moment, taken apart once for all loads."""

    hour: int
    fraction: float
    weekend: bool
    seconds: float
    """Since the first day of the calendar."""
    day: int


def moment_of(when: datetime) -> Moment:
    """Take a moment apart."""
    within = when.minute * 60 + when.second + when.microsecond / 1e6
    return Moment(
        hour=when.hour,
        fraction=within / 3600,
        weekend=when.weekday() >= 5,  # noqa: PLR2004
        seconds=when.toordinal() * 86400.0 + when.hour * 3600 + within,
        day=when.toordinal(),
    )


def share_of(shape: Shape, moment: Moment) -> float:
    """Return the share of the peak at a moment, interpolated between full hours."""
    hours = shape.weekend if moment.weekend else shape.working
    here, there = hours[moment.hour], hours[(moment.hour + 1) % 24]
    return here + (there - here) * moment.fraction


def supply_at(moment: Moment) -> float:
    """Return the voltage of the mains before noise, L1 to neutral, in mV."""
    return 231_500 * (1 - 0.008 * math.sin(moment.seconds / 86400 * 2 * math.pi))
