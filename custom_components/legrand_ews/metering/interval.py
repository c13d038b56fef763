"""From totals at the times of polls to amounts between the boundaries of the wall clock.

Owns how a total is spread over time; holds no clock, does no I/O, does not ask whether a total is to be believed (that
is ``index``) nor where boundaries lie (that is ``grid``). Amounts are whole units: Wh, dm3.

The total at a boundary is interpolated linearly in real time between the readings around it and cut to whole units. An
interval is the difference of two cut totals, so over any window intervals add up to the difference of the cut totals at
its ends, whatever was lost in between. Rules:

1. First reading: nothing before it is invented. Its interval begins at the boundary before, and counts from it.
2. ``estimated`` is an interval without a reading in (start, end], or with an amount that the caller estimated.
3. A gap is spread evenly over all its intervals. One of more than 366 days is a clock gone wrong rather than a meter
   switched off: the open interval ends with what it had, nothing is said of the time up to the interval of the new
   reading, and that one gets all of the amount, estimated.
4. Clock set forward: as a gap. Set back within the open interval: goes on in it. Set back further: times that were
   handed out are not handed out again. Readings are left aside until the clock is back in the open interval, which then
   has what was consumed meanwhile, or shares it with those after it; it is estimated if it was more than 10 s.
5. A time that is none counts as the time of the reading before. A total below the one before waits until it is passed.
6. Another period or zone: the open interval ends at the first boundary of the new grid that is not before the newest
   reading.

A device that answers again after weeks closes thousands of intervals with one reading. They are worked out while
somebody iterates, one at a time, from two readings: no list of them exists here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain
from math import floor
from typing import TYPE_CHECKING, Any, Final

from .grid import FIRST_TIME, LAST_TIME, Grid
from .index import Reading, ReadingKind
from .interval_state import IntervalState, dump, load
from .state import EXACT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import tzinfo

LONGEST_GAP: Final = 366 * 86400
"""Seconds over which an amount is spread at most."""

_GRACE: Final = 10.0
"""Seconds that a clock may be corrected by without a word."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval:
    """What was consumed between two boundaries that follow each other."""

    start: int
    """POSIX seconds."""
    end: int
    amount: int
    """Whole base units, never negative."""
    estimated: bool


class _Line:
    """The straight line between two readings, in integers: exact, and no slower than floats would be."""

    __slots__ = ("_base", "_origin", "_rise", "_run", "_tick", "at", "total")

    def __init__(self, opened: IntervalState, at: float, total: Decimal) -> None:
        """Bring both ends to common denominators."""
        (low, low_unit), (high, high_unit) = opened.total.as_integer_ratio(), total.as_integer_ratio()
        (begin, begin_tick), (end, end_tick) = opened.at.as_integer_ratio(), at.as_integer_ratio()
        self.at = at
        self.total = total
        self._tick = max(begin_tick, end_tick)
        self._origin = begin * (self._tick // begin_tick)
        length = end * (self._tick // end_tick) - self._origin
        self._run = low_unit * high_unit * length
        self._base = low * high_unit * length
        self._rise = high * low_unit - low * high_unit

    def cut(self, boundary: int) -> int:
        """Return the total at a boundary on the line, in whole units."""
        if boundary == self.at:
            return floor(self.total)
        return (self._base + self._rise * (boundary * self._tick - self._origin)) // self._run


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stretch:
    """The intervals that one reading closes, worked out anew by each iteration."""

    grid: Grid
    opened: IntervalState
    """Never changed any more."""
    first: int
    """The end of the open interval."""
    last: int
    """The end of the last one that is closed."""
    line: _Line
    estimated: bool

    def __iter__(self) -> Iterator[Interval]:
        """Yield the intervals, oldest first."""
        start, level = self.opened.start, self.opened.level
        seen, doubtful = self.opened.seen, self.opened.doubtful or self.estimated
        for end in chain((self.first,), self.grid.between(self.first, self.last)):
            reached = self.line.cut(end)
            measured = not doubtful and (seen or end == self.line.at)
            yield Interval(start=start, end=end, amount=reached - level, estimated=not measured)
            start, level, seen, doubtful = end, reached, False, self.estimated


@dataclass(frozen=True, slots=True)
class Intervals:
    """Closed intervals, oldest first: false if there are none; may be iterated any number of times, at any time."""

    _stretches: tuple[_Stretch, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return bool(self._stretches)

    def __iter__(self) -> Iterator[Interval]:
        """Yield one after the other."""
        return chain.from_iterable(self._stretches)

    def then(self, later: Intervals) -> Intervals:
        """Return these and then the others."""
        return Intervals(self._stretches + later._stretches) if self else later


_NONE: Final = Intervals()


class IntervalMaker:
    """Makes the intervals of one counter."""

    __slots__ = ("_end", "_grid", "_state")

    def __init__(self, *, period: int, zone: tzinfo, state: Mapping[str, Any] | None = None) -> None:
        """Start afresh, or from a snapshot.

        ``period``: 60, 300, 600, 900, 1800 or 3600 s. ``zone``: whose wall clock counts. ``state``: a snapshot, also
        of a maker with another period or zone; one that cannot be read is left aside. Raises ValueError for any other
        period.
        """
        self._grid = Grid(period=period, zone=zone)
        self._state = load(state)
        self._end = 0 if self._state is None else self._close_at(self._state)

    @property
    def start(self) -> int | None:
        """Where the open interval begins, POSIX seconds; later than now if the clock was set back behind it."""
        return None if self._state is None else self._state.start

    def snapshot(self) -> dict[str, Any]:
        """Return the whole state, JSON-able: a maker restored from it goes on as this one would.

        To be kept no earlier than the intervals handed out before it; if those reached further, see ``resume``.
        """
        return dump(self._state)

    def resume(self, *, end: int, amount: int) -> None:
        """Go on behind intervals that were handed out after the snapshot was taken, as after a power cut.

        ``end``: of the last of them, POSIX seconds. ``amount``: all of them since ``start``, whole units. Does nothing
        before the first reading, and for an end that is not after ``start``.
        """
        state = self._state
        if state is None or end <= state.start:
            return
        level = state.level + amount
        self._open(
            IntervalState(
                start=end, level=level, at=max(state.at, end), total=max(state.total, Decimal(level)), seen=False
            )
        )

    def follow(self, reading: Reading) -> Intervals:
        """Take what an index tracker made of a reading, and return the intervals that it closes.

        HELD readings say nothing. A delta goes where it was counted. A tracker that began afresh is followed to its
        new total: the jump is no consumption.
        """
        if reading.kind is ReadingKind.HELD:
            return _NONE
        closed, state = _NONE, self._state
        if state is not None and reading.kind is ReadingKind.FIRST:
            self._open(_rebased(state, reading.total))
        elif state is not None and reading.previous_at > state.at:
            before = EXACT.subtract(reading.total, reading.delta)
            closed = self.update(reading.previous_at, before, estimated=reading.kind is not ReadingKind.NORMAL)
        return closed.then(self.update(reading.at, reading.total))

    def update(self, at: float, total: Decimal, *, estimated: bool = False) -> Intervals:
        """Take a total, and return the intervals that it closes.

        ``at``: POSIX seconds. ``total``: base unit, as of an index tracker. ``estimated``: what was consumed since the
        reading before is no measurement. Raises ValueError if the total is no finite number.
        """
        if not total.is_finite():
            raise ValueError("a total is a finite number")
        state = self._state
        usable = FIRST_TIME <= at <= LAST_TIME
        if state is None:
            if usable:
                self._begin(at, total, doubtful=estimated)
            return _NONE
        if not usable:
            at = state.at
        if at < state.start:
            state.doubtful = state.doubtful or at < state.start - _GRACE
            return _NONE
        total = max(total, state.total)
        if at >= self._end:
            return self._close(state, _Line(state, at, total), estimated=estimated)
        state.at, state.total = at, total
        state.seen = state.seen or at > state.start
        state.doubtful = state.doubtful or estimated
        return _NONE

    def _begin(self, at: float, total: Decimal, *, doubtful: bool) -> None:
        """Take the first reading."""
        start = self._grid.before(at)
        self._open(
            IntervalState(start=start, level=floor(total), at=at, total=total, seen=at > start, doubtful=doubtful)
        )

    def _close(self, opened: IntervalState, line: _Line, *, estimated: bool) -> Intervals:
        """Close the open interval and those up to a reading, and open the one that it is in."""
        first, last, at = self._end, self._grid.before(line.at), line.at
        if spread := at - opened.at <= LONGEST_GAP:
            stretch = _Stretch(grid=self._grid, opened=opened, first=first, last=last, line=line, estimated=estimated)
            level = line.cut(last)
        else:
            flat = _Line(opened, at, opened.total)
            stretch = _Stretch(grid=self._grid, opened=opened, first=first, last=first, line=flat, estimated=False)
            level = floor(opened.total)
        doubtful = not spread or (estimated and at > last)
        self._open(IntervalState(start=last, level=level, at=at, total=line.total, seen=at > last, doubtful=doubtful))
        return Intervals((stretch,))

    def _open(self, state: IntervalState) -> None:
        """Go on from a state."""
        self._state = state
        self._end = self._close_at(state)

    def _close_at(self, state: IntervalState) -> int:
        """Return the first boundary after the start of the open interval that is not before the newest reading."""
        boundary = self._grid.after(state.start)
        if boundary >= state.at:
            return boundary
        boundary = self._grid.before(state.at)
        return boundary if boundary == state.at else self._grid.after(state.at)


def _rebased(state: IntervalState, total: Decimal) -> IntervalState:
    """Return the state with another total and the same whole units still to be handed out."""
    return replace(state, total=total, level=floor(total) - (floor(state.total) - state.level))
