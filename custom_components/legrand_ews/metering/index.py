"""From readings of a meter's index to a total that never falls and never jumps.

Owns the decision what a reading means; holds no clock, does no I/O, spreads nothing over time. Works in the base unit
of the quantity (Wh, varh, L, pulses) as exact decimals.

The total is ``index + offset``. Only a rollover, a reset and a replacement change the offset. A reading is *possible*
after another when it is not lower and no more above it than ``max_rate`` allows in the time between, with one step of
the counter and 10 s of grace. A clock that stands still or goes back says nothing of the time that passed: such a step
counts as an hour. The first rule that holds decides:

1. First reading: FIRST, the total is the meter's own index.
2. At most 3 steps of the counter below the last believed index: HELD, until the index is back there.
3. Possible after the last believed reading: NORMAL. It also ends every doubt about the readings in between.
4. A drop that is a wrap of at most a tenth of the modulus: ROLLOVER. A wrap needs a known modulus, a way on through
   zero that is shorter than the way back, and to be possible. Not if rule 5a could apply.
5. Anything else: HELD, and it opens or continues a new level, in which each reading is possible after the one before.
   A level is confirmed by ``confirm`` readings in a row (ten times as many if it is a drop of less than 0.1 %, which
   usually comes back). An interruption restarts the row, but nothing seen on the level is forgotten. Then:

   a. possible after the believed reading before the last one, or a wrap from there: that last one was wrong, or the
      meter is back from somewhere else. Its old offset holds again: NORMAL, or HELD as long as the total is ahead.
      A rise on one and the same offset is excused so only if the last reading had merely repeated the one before it;
   b. a wrap of any size: ROLLOVER, nothing is lost;
   c. a drop to at most 1 % of the last believed index, or 3 steps: RESET. Counts from zero if that is possible since
      the last believed reading, otherwise from the first reading of the level;
   d. else REPLACED, counts from the first reading of the level: the jump is no consumption.

Two cases of doubt keep rule 3 from deciding, and leave the reading to rule 5:

- the offset has just changed, the index has not moved since, and the reading is possible on the old offset too (a unit
  that answered with zeros and is back);
- the modulus or the resolution was changed since the last reading (a new ratio of the current transformer) and the
  index is more than 1 % higher. Then the level is always REPLACED.

A wrong reading that is possible cannot be known for wrong when it comes: the total follows it, and then waits until
the meter has caught up. So ``max_rate`` should be what the circuit can carry, several times over, not more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from .state import EXACT, Anchor, Level, Memory, Point, Scale, dump, load

if TYPE_CHECKING:
    from collections.abc import Mapping

_ZERO: Final = Decimal(0)
_LARGEST: Final = Decimal(10) ** 40
"""An index beyond it is garbage; no counter and no float of 32 bits gets there."""

_DIP_STEPS: Final = 3
_SMALL_DIP: Final = 1000
"""A drop of less than one part in so many is a small dip."""
_DIP_PATIENCE: Final = 10
"""A small dip needs so many times more confirmations."""
_NEAR: Final = 100
"""One part in so many of the last index is near zero, and is as far as a changed scale can be overlooked."""
_PLAIN_WRAP: Final = 10
"""A wrap of at most one part in so many of the modulus needs no confirmation."""
_MOST_LEVELS: Final = 3

_GRACE: Final = 10.0
"""Seconds granted to every rise: the time of a reading is when it was asked for, not when the meter counted."""
_LONGEST_STEP: Final = 10 * 365.25 * 86400
_UNKNOWN_STEP: Final = 3600.0
"""Seconds credited when the caller's clock stood still or was set: what really passed is not known."""


class ReadingKind(StrEnum):
    """What a reading was taken for."""

    FIRST = "first"
    NORMAL = "normal"
    HELD = "held"
    """Not believed yet, or below a total that was already handed out: the total stays."""
    ROLLOVER = "rollover"
    RESET = "reset"
    REPLACED = "replaced"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """The outcome of one update; ``delta`` is what was consumed between ``previous_at`` and ``at``."""

    total: Decimal
    """Base unit; never lower than the one before."""
    delta: Decimal
    """Difference to the total before, exact, never negative."""
    kind: ReadingKind
    at: float
    """POSIX seconds."""
    previous_at: float
    """POSIX seconds, never after ``at``: the last believed reading, or the first of the level that was confirmed."""


class IndexTracker:
    """Follows the index of one counter."""

    __slots__ = ("_confirm", "_dip", "_max_rate", "_memory", "_modulus", "_resolution", "_step")

    def __init__(
        self,
        *,
        modulus: Decimal | None,
        resolution: Decimal = _ZERO,
        max_rate: Decimal,
        confirm: int = 3,
        state: Mapping[str, Any] | None = None,
    ) -> None:
        """Start afresh, or from a snapshot.

        ``modulus``: where the counter starts again at zero, base unit, None if not known. ``resolution``: one step of
        the counter, base unit. ``max_rate``: more than the circuit can ever pass, base units per second.
        ``confirm``: readings that make a new level believed. ``state``: a snapshot; one that cannot be read is left
        aside. Raises ValueError if modulus or max_rate is not positive, resolution negative or confirm below 1.
        """
        if (modulus is not None and modulus <= 0) or resolution < 0 or max_rate <= 0 or confirm < 1:
            raise ValueError("modulus, max_rate and confirm must be positive, resolution not negative")
        self._modulus = modulus
        self._resolution = resolution
        self._step = float(resolution)
        self._dip = EXACT.multiply(resolution, Decimal(-_DIP_STEPS))
        self._max_rate = float(max_rate)
        self._confirm = confirm
        self._memory: Memory | None = load(state, self._scale)

    @property
    def total(self) -> Decimal | None:
        """The total as of the last update or the restored snapshot, base unit; None before the first reading."""
        return None if self._memory is None else self._memory.total

    @property
    def _scale(self) -> Scale:
        """The face of the counter."""
        return self._modulus, self._resolution

    def snapshot(self) -> dict[str, Any]:
        """Return the whole state, JSON-able: a tracker restored from it goes on as this one would."""
        return dump(self._memory, self._scale)

    def update(self, at: float, index: Decimal) -> Reading:
        """Take a reading: ``at`` in POSIX seconds, ``index`` in the base unit.

        A time that stands still, goes back or is no number is bearable. Raises ValueError only if the very first
        index is no finite number, for then there is no total to answer with; later such an index is HELD.
        """
        usable = index.is_finite() and -_LARGEST < index < _LARGEST
        memory = self._memory
        if memory is None:
            if not usable:
                raise ValueError("the first index is not a number")
            return self._begin(at if isfinite(at) else 0.0, index)
        _advance(memory, at)
        last = memory.last
        if not usable:
            return _hold(memory)
        if self._possible(last, index, memory.clock):
            if index < last.index:
                memory.levels = ()
                return _hold(memory)
            if not self._doubtful(memory, index):
                # A new offset stays in doubt until the index moves on it.
                if not (memory.strayed and index == last.index):
                    memory.before = last
                return _believe(memory, index, last.offset, ReadingKind.NORMAL, last.at)
        elif self._rolls_over(memory, index):
            memory.before = last
            return _believe(memory, index, self._wrapped(last), ReadingKind.ROLLOVER, last.at)
        return self._weigh(memory, Point(index=index, at=memory.at, clock=memory.clock))

    def _begin(self, at: float, index: Decimal) -> Reading:
        """Take the first reading."""
        anchor = Anchor(index=index, at=at, clock=0.0, offset=_ZERO)
        self._memory = Memory(total=index, last=anchor, at=at, clock=0.0)
        return Reading(total=index, delta=_ZERO, kind=ReadingKind.FIRST, at=at, previous_at=at)

    def _possible(self, start: Point, index: Decimal, clock: float) -> bool:
        """Tell whether a meter can go from a point to an index by then; a few steps down can be jitter."""
        rise = EXACT.subtract(index, start.index)
        if rise < 0:
            return rise >= self._dip
        return float(rise) <= self._max_rate * (clock - start.clock + _GRACE) + self._step

    def _returns(self, memory: Memory, index: Decimal, clock: float) -> bool:
        """Tell whether the index goes on from the believed reading before the last one."""
        return memory.before is not None and self._possible(memory.before, index, clock)

    def _doubtful(self, memory: Memory, index: Decimal) -> bool:
        """Tell whether a possible rise may as well be something else."""
        if memory.rescaled:
            last = memory.last.index
            return EXACT.multiply(EXACT.subtract(index, last), Decimal(_NEAR)) > last
        return memory.strayed and index != memory.last.index and self._returns(memory, index, memory.clock)

    def _wrap(self, start: Point, index: Decimal, clock: float) -> Decimal | None:
        """Return the way from a point through zero to an index, None if the counter did not go there."""
        if self._modulus is None or not 0 <= index < start.index:
            return None
        way = EXACT.add(EXACT.subtract(self._modulus, start.index), index)
        turned = 0 <= way < EXACT.subtract(start.index, index)
        return way if turned and self._possible(replace(start, index=_ZERO), way, clock) else None

    def _wrapped(self, start: Anchor) -> Decimal:
        """Return the offset after one more turn of the counter."""
        return start.offset if self._modulus is None else EXACT.add(start.offset, self._modulus)

    def _rolls_over(self, memory: Memory, index: Decimal) -> bool:
        """Tell whether a wrap is so plain that it needs no confirmation."""
        way = None if memory.rescaled else self._wrap(memory.last, index, memory.clock)
        if way is None or self._modulus is None or self._returns(memory, index, memory.clock):
            return False
        return EXACT.multiply(way, Decimal(_PLAIN_WRAP)) <= self._modulus

    def _weigh(self, memory: Memory, now: Point) -> Reading:
        """Put a reading that is not believed to the levels it can belong to, and believe them once confirmed."""
        levels = [
            one.extended(now) if self._possible(one.latest, now.index, now.clock) else one.interrupted()
            for one in memory.levels
        ]
        current = [one for one in levels if one.streak] or [Level(first=now, latest=now)]
        if any(one.streak >= self._needed(memory.last, one.first) for one in current):
            return self._settle(memory, max(current, key=_count))
        others = sorted((one for one in levels if not one.streak), key=_count, reverse=True)
        memory.levels = (*current, *others)[:_MOST_LEVELS]
        return _hold(memory)

    def _needed(self, last: Point, first: Point) -> int:
        """Return how many readings in a row confirm a level."""
        drop = EXACT.subtract(last.index, first.index)
        small = drop > 0 and EXACT.multiply(drop, Decimal(_SMALL_DIP)) < last.index
        return self._confirm * _DIP_PATIENCE if small else self._confirm

    def _settle(self, memory: Memory, level: Level) -> Reading:
        """Decide what a confirmed level is, and go on from there."""
        last, before, first, index = memory.last, memory.before, level.first, level.latest.index
        if before is not None:
            if _excusable(memory, first.index) and self._returns(memory, first.index, first.clock):
                return _believe(memory, index, before.offset, ReadingKind.NORMAL, before.at)
            if self._wrap(before, first.index, first.clock) is not None:
                offset = self._wrapped(before)
                kind = ReadingKind.NORMAL if offset == last.offset else ReadingKind.ROLLOVER
                return _believe(memory, index, offset, kind, before.at)
        # A level that counts is a meter of its own; one that stands still may be a fault that passes.
        memory.before = last if first.index == index else None
        if not memory.rescaled:
            if self._wrap(last, first.index, first.clock) is not None:
                return _believe(memory, index, self._wrapped(last), ReadingKind.ROLLOVER, last.at)
            if self._near_zero(last, first):
                return self._reset(memory, first, index)
        offset = EXACT.subtract(last.level, first.index)
        return _believe(memory, index, offset, ReadingKind.REPLACED, first.at)

    def _near_zero(self, last: Point, first: Point) -> bool:
        """Tell whether a level begins where a counter begins after a reset."""
        if not 0 <= first.index < last.index:
            return False
        return first.index <= -self._dip or EXACT.multiply(first.index, Decimal(_NEAR)) <= last.index

    def _reset(self, memory: Memory, first: Point, index: Decimal) -> Reading:
        """Go on after a reset."""
        last = memory.last
        if self._possible(replace(last, index=_ZERO), first.index, first.clock):
            return _believe(memory, index, last.level, ReadingKind.RESET, last.at)
        return _believe(memory, index, EXACT.subtract(last.level, first.index), ReadingKind.RESET, first.at)


def _excusable(memory: Memory, index: Decimal) -> bool:
    """Tell whether it may be the last believed reading that was wrong, not this one."""
    last, before = memory.last, memory.before
    return before is not None and (memory.strayed or index <= last.index or last.index == before.index)


def _count(level: Level) -> int:
    """Sort key: readings that a level is made of."""
    return level.count


def _advance(memory: Memory, at: float) -> None:
    """Move on to the time of a reading."""
    if not isfinite(at):
        at = memory.at
    step = at - memory.at
    memory.clock += step if 0 < step <= _LONGEST_STEP else _UNKNOWN_STEP
    memory.at = at


def _hold(memory: Memory) -> Reading:
    """Leave the total where it is."""
    return Reading(
        total=memory.total,
        delta=_ZERO,
        kind=ReadingKind.HELD,
        at=memory.at,
        previous_at=min(memory.last.at, memory.at),
    )


def _believe(memory: Memory, index: Decimal, offset: Decimal, kind: ReadingKind, since: float) -> Reading:
    """Go on from an index, and raise the total to it unless the total is ahead of the meter."""
    memory.last = Anchor(index=index, at=memory.at, clock=memory.clock, offset=offset)
    memory.levels = ()
    memory.rescaled = False
    total = memory.last.level
    if total < memory.total:
        total = memory.total
        kind = ReadingKind.HELD if kind is ReadingKind.NORMAL else kind
    delta = EXACT.subtract(total, memory.total)
    memory.total = total
    return Reading(total=total, delta=delta, kind=kind, at=memory.at, previous_at=min(since, memory.at))
