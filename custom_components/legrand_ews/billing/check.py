"""What is wrong with the rules of a plan: times that none covers, and rules that can never be true.

Owns the looking ahead. Goes by the wall clock: what a change of the clock takes or adds is no fault of a rule.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Final, Literal

from .pattern import NO_RULE, Patterns
from .rule import MINUTES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .plan import CostPlan
    from .rule import CostRule

type Idle = Literal["over", "hidden", "never"]
"""Its period is past; rules above it always win; its period and its weekdays never meet."""

_YEAR: Final = 366
_FAR: Final = 40 * _YEAR
"""Days. The 29th of February is on every weekday within 40 years, also over a century without it."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A time of the week without a rule. ``end``: its last minute. ``days``: on how many of the coming 366 days."""

    weekday: int
    start: time
    end: time
    days: int


@dataclass(frozen=True, slots=True)
class Review:
    """What there is to say of a plan. ``idle``: by number of the rule, from 0."""

    gaps: tuple[Gap, ...]
    idle: Mapping[int, Idle]


def review(plan: CostPlan, today: date) -> Review:
    """Look at the rules of a plan from a local day on.

    A rule with a condition may be on, for it to be true, and may be off, for it to cover anything.
    """
    patterns = Patterns(plan.rules)
    firm = sum(1 << number for number, rule in enumerate(plan.rules) if rule.condition is None)
    return Review(_gaps(patterns, firm, today), _idle(plan.rules, patterns, firm, today))


def _gaps(patterns: Patterns, firm: int, today: date) -> tuple[Gap, ...]:
    """Return the times of the week that no firm rule covers; neighbours are one if they are so on as many days."""
    first = today.toordinal()
    days = Counter((date.fromordinal(day).weekday(), patterns.of(day, firm)) for day in range(first, first + _YEAR))
    counts = [[0] * MINUTES for _ in range(7)]
    for (weekday, pattern), number in days.items():
        for begin, end, rule in pattern:
            if rule == NO_RULE:
                for minute in range(begin, end):
                    counts[weekday][minute] += number
    return tuple(gap for weekday, minutes in enumerate(counts) for gap in _runs(weekday, minutes))


def _runs(weekday: int, minutes: list[int]) -> list[Gap]:
    """Return the runs of equal counts that are not 0."""
    edges = [at for at in range(MINUTES) if not at or minutes[at] != minutes[at - 1]]
    ends = [*edges[1:], MINUTES]
    return [
        Gap(weekday, _time(begin), _time(end - 1), minutes[begin])
        for begin, end in zip(edges, ends, strict=True)
        if minutes[begin]
    ]


def _idle(rules: tuple[CostRule, ...], patterns: Patterns, firm: int, today: date) -> dict[int, Idle]:
    """Return the rules that can never be true, and why."""
    first = today.toordinal()
    held = [patterns.held(day) for day in range(first - 1, first + _FAR)]
    pairs = set(zip(held[1:], held, strict=False))
    idle: dict[int, Idle] = {}
    for number, rule in enumerate(rules):
        bit, beyond = 1 << number, date.fromordinal(first + _FAR)
        if rule.first_day is not None and rule.first_day >= beyond and not rule.every_year:
            continue
        if _is_over(rule, today):
            idle[number] = "over"
        elif not any((now | (before if rule.overnight else 0)) & bit for now, before in pairs):
            idle[number] = "never"
        elif not any(_wins(patterns, now, before, number, firm | bit) for now, before in pairs):
            idle[number] = "hidden"
    return idle


def _wins(patterns: Patterns, today: int, yesterday: int, number: int, allowed: int) -> bool:
    """Tell whether a rule is true at any time of a day."""
    return any(rule == number for _, _, rule in patterns.find(today & allowed, yesterday & allowed))


def _is_over(rule: CostRule, today: date) -> bool:
    """Tell whether the last day of a rule is past, and the morning after it."""
    last = rule.first_day if rule.last_day is None else rule.last_day
    if rule.every_year or last is None:
        return False
    return last < today - timedelta(days=rule.overnight)


def _time(minute: int) -> time:
    """Return the time of a minute of the day."""
    return time(*divmod(minute, 60))
