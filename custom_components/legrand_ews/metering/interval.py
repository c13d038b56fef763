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
6. A maker that is given a mark goes on from there, also with another period or zone: its first interval begins at the
   mark and ends at the next boundary. What was read between the mark and the end of the maker before is covered by the
   total of the next reading. If that is below the mark, or a FIRST, the tracker was begun anew: it is followed to its
   new total, and nothing was consumed since the mark. A mark ahead of the clock is rule 4, but by more than a day it is
   of a clock gone wrong and left aside: the maker starts afresh, and may hand out times that the mark stands for.
7. A split ends the open interval at the second of the newest reading or the one after. Two or more intervals then share
   the time between two boundaries; if the one before a split is doubtful, so is the one after, as the whole would be.

A device that answers again after weeks closes thousands of intervals with one reading. They are worked out while
somebody iterates, one at a time, from two readings: no list of them exists here.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from math import ceil, floor
from typing import TYPE_CHECKING, Final

from .grid import FIRST_TIME, LAST_TIME, Grid
from .index import Reading, ReadingKind
from .state import EXACT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import tzinfo

LONGEST_GAP: Final = 366 * 86400
"""Seconds over which an amount is spread at most."""

_GRACE: Final = 10.0
"""Seconds that a clock may be corrected by without a word."""
_PATIENCE: Final = 86400
"""Seconds that a mark may be ahead of the first reading."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """Where the last interval that was handed out ended: all that a maker needs to go on."""

    end: int
    """POSIX seconds."""
    level: int
    """Whole base units: the cut total at ``end``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval:
    """What was consumed between two boundaries that follow each other, or up to or from a split between them."""

    start: int
    """POSIX seconds."""
    end: int
    amount: int
    """Whole base units, never negative."""
    estimated: bool
    level: int
    """The cut total at ``end``: with it the mark of this interval."""


@dataclass(kw_only=True, slots=True)
class _Open:
    """The open interval and the newest reading; not frozen, because it changes with every reading."""

    start: int
    """POSIX seconds: where the open interval begins, and the last one that was handed out ends."""
    level: int
    """The cut total at ``start``. What is above it is still to be handed out."""
    at: float
    """POSIX seconds; not after ``start`` as long as nothing was read in this interval."""
    total: Decimal
    """The total at ``at``, base unit."""
    doubtful: bool = False
    """What came since ``start`` is not all of that time, or was estimated by the caller."""
    marked: bool = False
    """Nothing was read since the mark: ``at`` and ``total`` are of the mark itself."""

    @property
    def amount(self) -> int:
        """What was read and is still to be handed out, whole units."""
        return floor(self.total) - self.level

    def rebase(self, total: Decimal) -> None:
        """Go on from another total, with the same amount still to be handed out."""
        self.level, self.total = floor(total) - self.amount, total


class _Line:
    """The straight line between two readings, in integers: exact, and no slower than floats would be."""

    __slots__ = ("_base", "_origin", "_rise", "_run", "_tick", "at", "total")

    def __init__(self, opened: _Open, at: float, total: Decimal) -> None:
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
    opened: _Open
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
        seen, doubtful = self.opened.at > start, self.opened.doubtful or self.estimated
        for end in chain((self.first,), self.grid.between(self.first, self.last)):
            reached = self.line.cut(end)
            measured = not doubtful and (seen or end == self.line.at)
            yield Interval(start=start, end=end, amount=reached - level, estimated=not measured, level=reached)
            start, level, seen, doubtful = end, reached, False, self.estimated


@dataclass(frozen=True, slots=True)
class Intervals:
    """Closed intervals, oldest first: false if there are none; may be iterated any number of times, at any time."""

    _stretches: tuple[Iterable[Interval], ...] = ()
    amount: int = 0
    """The sum of all of them, whole units."""

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return bool(self._stretches)

    def __iter__(self) -> Iterator[Interval]:
        """Yield one after the other."""
        return chain.from_iterable(self._stretches)

    def then(self, later: Intervals) -> Intervals:
        """Return these and then the others."""
        return Intervals(self._stretches + later._stretches, self.amount + later.amount) if self else later


_NONE: Final = Intervals()


class IntervalMaker:
    """Makes the intervals of one counter."""

    __slots__ = ("_end", "_grid", "_open")

    def __init__(self, *, period: int, zone: tzinfo, mark: Mark | None = None) -> None:
        """Start afresh, or behind the last interval that was handed out and kept.

        ``period``: 60, 300, 600, 900, 1800 or 3600 s. ``zone``: whose wall clock counts. ``mark``: also of a maker with
        another period or zone; one that no calendar reaches is left aside. Raises ValueError for any other period.
        """
        self._grid = Grid(period=period, zone=zone)
        self._open: _Open | None = None
        self._end = 0
        if mark is not None and FIRST_TIME <= mark.end <= LAST_TIME:
            total = Decimal(mark.level)
            self._begin(_Open(start=mark.end, level=mark.level, at=float(mark.end), total=total, marked=True))

    @property
    def start(self) -> int | None:
        """Where the open interval begins, POSIX seconds; later than now if the clock was set back behind it."""
        return None if self._open is None else self._open.start

    @property
    def level(self) -> int | None:
        """The cut total at ``start``, whole units; None before the first reading, unless there was a mark."""
        return None if self._open is None else self._open.level

    @property
    def at(self) -> float | None:
        """The time of the newest reading that was not left aside, POSIX seconds; None before the first one."""
        return None if self._open is None or self._open.marked else self._open.at

    @property
    def open_amount(self) -> int:
        """What the open interval has so far, whole units; 0 before the first reading."""
        return 0 if self._open is None else self._open.amount

    def follow(self, reading: Reading) -> Intervals:
        """Take what an index tracker made of a reading, and return the intervals that it closes.

        HELD readings say nothing. A delta goes where it was counted. A tracker that began afresh is followed to its
        new total: the jump is no consumption.
        """
        if reading.kind is ReadingKind.HELD:
            return _NONE
        closed, opened = _NONE, self._open
        if opened is not None and reading.kind is ReadingKind.FIRST:
            opened.rebase(reading.total)
        elif opened is not None and reading.previous_at > opened.at:
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
        if not FIRST_TIME <= at <= LAST_TIME:
            if self.at is None:
                return _NONE
            at = self.at
        opened = self._met(at, total)
        if opened is None:
            start = self._grid.before(at)
            self._begin(_Open(start=start, level=floor(total), at=at, total=total, doubtful=estimated))
            return _NONE
        if at < opened.start:
            opened.doubtful = opened.doubtful or at < opened.start - _GRACE
            return _NONE
        total = max(total, opened.total)
        if at >= self._end:
            return self._close(opened, _Line(opened, at, total), estimated=estimated)
        opened.at, opened.total, opened.marked = at, total, False
        opened.doubtful = opened.doubtful or estimated
        return _NONE

    def split(self) -> Intervals:
        """End the open interval at the newest reading, rounded up to a second, and return it; nothing if it has none.

        For a device that is moved: what was read before belongs to the old place, what comes after to the new one.
        """
        opened = self._open
        if opened is None or opened.at <= opened.start:
            return _NONE
        end, level = ceil(opened.at), floor(opened.total)
        piece = Interval(start=opened.start, end=end, amount=opened.amount, estimated=opened.doubtful, level=level)
        self._begin(_Open(start=end, level=level, at=opened.at, total=opened.total, doubtful=opened.doubtful))
        return Intervals(((piece,),), piece.amount)

    def _met(self, at: float, total: Decimal) -> _Open | None:
        """Return the open interval that a reading meets; what comes first after a mark tells what that is worth."""
        opened = self._open
        if opened is not None and opened.marked:
            if at < opened.start - _PATIENCE:
                return None
            if total < opened.level:
                opened.rebase(total)
        return opened

    def _close(self, opened: _Open, line: _Line, *, estimated: bool) -> Intervals:
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
        self._begin(_Open(start=last, level=level, at=at, total=line.total, doubtful=doubtful))
        return Intervals((stretch,), level - opened.level)

    def _begin(self, opened: _Open) -> None:
        """Open an interval, which ends at the next boundary."""
        self._open = opened
        self._end = self._grid.after(opened.start)
