"""The real time line of a list of rules. Owns the way from instants to the wall clock, and conditions; knows no prices.

Time goes in POSIX seconds. It is cut where the zone changes its offset and where a condition goes on or off; in between
the wall clock runs evenly, and days follow their patterns. Midnight plus minutes is never taken for an instant.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Final, NamedTuple

from .pattern import Patterns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .rule import CostRule

type Spans = Sequence[tuple[int, int | None]]
"""When a condition is on: from, and to (not included); None if it still is."""

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
DAY: Final = 86400
SECOND: Final = timedelta(seconds=1)


class Stretch(NamedTuple):
    """A time with one rule, of one local day, and with one offset."""

    start: int
    end: int
    offset: int
    """Seconds that the wall clock is ahead of UTC."""
    day: int
    """Ordinal of the local date."""
    rule: int
    """Its number; -1 for none."""


class Timetable:
    """The rules of a plan on the time line."""

    __slots__ = ("_allowed", "_edges", "_patterns", "_zone")

    def __init__(self, rules: tuple[CostRule, ...], zone: tzinfo, conditions: Mapping[str, Spans]) -> None:
        """Take rules, the first one first, whose clock they mean, and when conditions are on."""
        self._patterns = Patterns(rules)
        self._zone = zone
        used = {rule.condition for rule in rules if rule.condition is not None}
        changes = _changes({key: conditions.get(key, ()) for key in used})
        self._edges = list(changes)
        self._allowed = [
            sum(1 << number for number, rule in enumerate(rules) if rule.condition is None or rule.condition in on)
            for on in (frozenset[str](), *changes.values())
        ]

    def rule_at(self, when: int) -> int:
        """Return the number of the first true rule, -1 for none."""
        return next(self.walk(when, when + 1)).rule

    def walk(self, start: int, end: int) -> Iterator[Stretch]:
        """Go through a time in order; two stretches that follow may have the same rule."""
        for since, until, offset in self._offsets(start, end):
            for begin, finish, allowed in self._conditions(since, until):
                yield from self._days(begin, finish, offset, allowed)

    def _days(self, start: int, end: int, offset: int, allowed: int) -> Iterator[Stretch]:
        """Go through a time in which the clock runs evenly and no condition changes."""
        for number in range((start + offset) // DAY, (end - 1 + offset) // DAY + 1):
            midnight, day = number * DAY - offset, number + EPOCH_DAY
            for begin, finish, rule in self._patterns.of(day, allowed):
                since, until = max(start, midnight + begin * 60), min(end, midnight + finish * 60)
                if since < until:
                    yield Stretch(since, until, offset, day, rule)

    def _conditions(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Cut a time where conditions change: from, to, the rules that are allowed."""
        number = bisect_right(self._edges, start)
        while start < end:
            until = min(end, self._edges[number]) if number < len(self._edges) else end
            yield start, until, self._allowed[number]
            start, number = until, number + 1

    def _offsets(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Cut a time where the zone changes its offset, once a day at most: from, to, seconds ahead of UTC."""
        if start >= end:
            return
        offset, at = self._offset(start), start
        if isinstance(self._zone, timezone):
            at = end
        while at < end:
            following = min(end, at + DAY)
            if self._offset(following) != offset:
                following = self._transition(at, following)
                yield start, following, offset
                start, offset = following, self._offset(following)
            at = following
        if start < end:
            yield start, end, offset

    def _transition(self, before: int, after: int) -> int:
        """Return the first second of another offset, which is not yet there before."""
        offset = self._offset(before)
        while after - before > 1:
            middle = (before + after) // 2
            if self._offset(middle) == offset:
                before = middle
            else:
                after = middle
        return after

    def _offset(self, at: int) -> int:
        """Return how many seconds the wall clock is ahead of UTC."""
        ahead = datetime.fromtimestamp(at, self._zone).utcoffset()
        return 0 if ahead is None else ahead // SECOND


def posix(when: datetime) -> int:
    """Return the POSIX second that an instant is in. Raises ValueError if its zone is not known."""
    if when.utcoffset() is None:
        raise ValueError("a time needs a zone")
    return (when - EPOCH) // SECOND


def _changes(conditions: Mapping[str, Spans]) -> dict[int, frozenset[str]]:
    """Return, by the time of each change in order, which conditions are on from then."""
    steps: dict[int, list[tuple[str, int]]] = {}
    for key, spans in conditions.items():
        for begin, end in spans:
            if end is None or begin < end:
                steps.setdefault(begin, []).append((key, 1))
            if end is not None and begin < end:
                steps.setdefault(end, []).append((key, -1))
    depth = dict.fromkeys(conditions, 0)
    changes = {}
    for at in sorted(steps):
        for key, step in steps[at]:
            depth[key] += step
        changes[at] = frozenset(key for key, one in depth.items() if one)
    return changes
