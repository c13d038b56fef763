"""Which rule is the first true one at which time of a day. Owns the order of rules and their nights; knows no zone."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from .rule import MINUTES

if TYPE_CHECKING:
    from .rule import CostRule

type Pattern = tuple[tuple[int, int, int], ...]
"""The minutes of a wall clock's day, in order: the first one, the one after the last, and the number of the rule."""

NO_RULE: Final = -1


class Patterns:
    """The days of a list of rules. Sets of rules are the bits of a number."""

    __slots__ = ("_find", "_rules", "every", "held")

    def __init__(self, rules: tuple[CostRule, ...]) -> None:
        """Take the rules, the first one first."""
        self._rules = rules
        self.every = (1 << len(rules)) - 1
        self.held = lru_cache(maxsize=1024)(self._held)
        self._find = lru_cache(maxsize=1024)(self._paint)

    def of(self, day: int, allowed: int) -> Pattern:
        """Return the pattern of a day (its ordinal) if only some rules are allowed."""
        return self.find(self.held(day) & allowed, self.held(day - 1) & allowed)

    def find(self, today: int, yesterday: int) -> Pattern:
        """Return the pattern of a day on which some rules begin, after a day on which some others did."""
        return self._find(today, yesterday)

    def _held(self, day: int) -> int:
        """Return the rules that begin on a day, the ordinal of a date."""
        when = date.fromordinal(day)
        return sum(1 << number for number, rule in enumerate(self._rules) if rule.holds_on(when))

    def _paint(self, today: int, yesterday: int) -> Pattern:
        """Work out a pattern."""
        spans = list(self._spans(today, yesterday))
        edges = sorted({0, MINUTES, *(edge for begin, end, _ in spans for edge in (begin, end))})
        pattern: list[tuple[int, int, int]] = []
        for begin, end in pairwise(edges):
            rule = min((one for first, last, one in spans if first <= begin < last), default=NO_RULE)
            if pattern and pattern[-1][2] == rule:
                begin = pattern.pop()[0]  # noqa: PLW2901
            pattern.append((begin, end, rule))
        return tuple(pattern)

    def _spans(self, today: int, yesterday: int) -> list[tuple[int, int, int]]:
        """Return the minutes of the day in which rules are true, with their numbers."""
        spans = []
        for number, rule in enumerate(self._rules):
            begin, end = rule.minutes
            if today >> number & 1:
                spans.append((begin, MINUTES if rule.overnight else end, number))
            if rule.overnight and yesterday >> number & 1:
                spans.append((0, end, number))
        return spans
