"""Where intervals begin and end.

Owns the boundaries that a wall clock sets: every local time that is a multiple of the period, and every instant at
which the zone changes its offset, be it by half an hour or in the middle of one. So no interval has two offsets, none
crosses a local hour, day or month, and none is longer than the period; beside an odd change one can be shorter. Days of
23 and 25 hours have as many hours. Knows no readings.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import floor
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

PERIODS: Final = (60, 300, 600, 900, 1800, 3600)
"""Seconds; each is a part of an hour."""

FIRST_TIME: Final = 86400
LAST_TIME: Final = 250_000_000_000
"""POSIX seconds, in the years 1970 and 9892: a little further the calendar of some zone ends."""

_BLOCK: Final = 6 * 3600
"""Seconds in which no zone changes its offset twice."""
_SECOND: Final = timedelta(seconds=1)


class Grid:
    """The boundaries of one period in one zone, in POSIX seconds, for times from ``FIRST_TIME`` to ``LAST_TIME``."""

    __slots__ = ("_period", "_zone")

    def __init__(self, *, period: int, zone: tzinfo) -> None:
        """Raises ValueError if the period, in seconds, is none of ``PERIODS``."""
        if period not in PERIODS:
            raise ValueError(f"the period must be one of {PERIODS} s")
        self._period = period
        self._zone = zone

    def before(self, at: float) -> int:
        """Return the last boundary not after a time."""
        second = floor(at)
        offset = self._offset(second)
        boundary = second - (second + offset) % self._period
        return boundary if self._offset(boundary) == offset else self._change(boundary, second)

    def after(self, at: float) -> int:
        """Return the first boundary after a time."""
        second = floor(at)
        offset = self._offset(second)
        boundary = second - (second + offset) % self._period + self._period
        return boundary if self._offset(boundary) == offset else self._change(second, boundary)

    def between(self, first: int, last: int) -> Iterator[int]:
        """Yield the boundaries after one boundary up to another: as ``after`` would, in a fraction of the time."""
        while first < last:
            stop, boundary = min(first + _BLOCK, last), self.after(first)
            if self._offset(first) == self._offset(stop):
                yield from range(boundary, stop + 1, self._period)
                first = stop - (stop - boundary) % self._period
            else:
                yield boundary
                first = boundary

    def _offset(self, second: int) -> int:
        """Return the seconds that the wall clock is ahead of UTC."""
        return (datetime.fromtimestamp(second, self._zone).utcoffset() or timedelta()) // _SECOND

    def _change(self, low: int, high: int) -> int:
        """Return the first second after ``low`` that has another offset; ``high`` is known to have one."""
        offset = self._offset(low)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._offset(middle) == offset else (low, middle)
        return high
