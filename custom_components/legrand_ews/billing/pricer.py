"""Prices of many intervals, fast. Owns the cache of a plan's segments and the cutting of whole units."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from .exact import cut
from .plan import Segment

if TYPE_CHECKING:
    from .plan import CostPlan
    from .price import ActivePrice

_BLOCK: Final = 28 * 86400
"""Seconds that are worked out at once."""
_BLOCKS: Final = 16
"""Kept, so that a year can be gone through device by device."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole units with one price, POSIX seconds; ``end`` is not included."""

    start: int
    end: int
    amount: int
    active: ActivePrice | None


class Pricer:
    """A plan at work."""

    __slots__ = ("_block", "_last", "_plan", "_times")

    def __init__(self, plan: CostPlan) -> None:
        """Take a plan; another one needs another pricer."""
        self._plan = plan
        self._block = lru_cache(maxsize=_BLOCKS)(self._work_out)
        self._last: tuple[int, int] | None = None
        self._times: tuple[Segment, ...] = ()

    def price(self, start: int, end: int, amount: int) -> tuple[Piece, ...]:
        """Cut what was used evenly from start to end, POSIX seconds, where the price changes.

        ``amount``: whole units; the pieces add up to it, and a short one may have none. Nothing for no time. Raises
        ValueError if the end is before the start, or the same with an amount.
        """
        if (start, end) != self._last:
            # The intervals of all devices end together: the time before is most often the same.
            self._times, self._last = self._find(start, end), (start, end)
        times = self._times
        if len(times) == 1:
            return (Piece(start, end, amount, times[0].active),)
        return self._cut(start, end, amount)

    def _cut(self, start: int, end: int, amount: int) -> tuple[Piece, ...]:
        """Cut an amount in proportion to time."""
        if end < start or (amount and end == start):
            raise ValueError("something was used in no time")
        pieces, done = [], 0
        for one in self._times:
            upto = cut(amount, one.end - start, end - start)
            pieces.append(Piece(one.start, one.end, upto - done, one.active))
            done = upto
        return tuple(pieces)

    def _find(self, start: int, end: int) -> tuple[Segment, ...]:
        """Return the segments of a time, clipped to it."""
        found: list[Segment] = []
        while start < end:
            starts, segments = self._block(start // _BLOCK)
            for one in segments[bisect_right(starts, start) - 1 :]:
                if found and found[-1].active is one.active:
                    found[-1] = Segment(found[-1].start, min(end, one.end), one.active)
                else:
                    found.append(Segment(start, min(end, one.end), one.active))
                start = one.end
                if start >= end:
                    break
        return tuple(found)

    def _work_out(self, number: int) -> tuple[list[int], list[Segment]]:
        """Return the segments of a block, and where they start."""
        segments = list(self._plan.segments(number * _BLOCK, (number + 1) * _BLOCK))
        return [one.start for one in segments], segments
