"""Patterns of days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.billing import CostRule
from custom_components.legrand_ews.billing.pattern import NO_RULE, Patterns

from .witness import rules, true

TODAY = date(2026, 1, 1)


@settings(deadline=None, max_examples=50)
@given(st.lists(rules(TODAY, "ab"), max_size=5), st.data())
def test_a_pattern_is_a_whole_day_in_which_the_first_true_rule_wins(
    chosen: list[CostRule], data: st.DataObject
) -> None:
    patterns = Patterns(tuple(chosen))
    allowed = data.draw(st.integers(0, patterns.every))
    pattern = patterns.of(TODAY.toordinal(), allowed)
    assert (pattern[0][0], pattern[-1][1]) == (0, 1440)
    for before, after in pairwise(pattern):
        assert before[1] == after[0]
        assert before[2] != after[2]
    midnight = datetime.combine(TODAY, time(0))
    for begin, end, rule in pattern:
        for minute in {begin, (begin + end) // 2, end - 1}:
            at = midnight + timedelta(minutes=minute)
            found = (number for number, one in enumerate(chosen) if allowed >> number & 1 and true(one, at))
            assert rule == next(found, NO_RULE)


def test_a_night_belongs_to_the_day_that_it_begins() -> None:
    patterns = Patterns((CostRule("T", time(22), time(5, 59), first_day=TODAY),))
    days = [patterns.of(TODAY.toordinal() + number, 1) for number in range(-1, 3)]
    assert days == [
        ((0, 1440, NO_RULE),),
        ((0, 1320, NO_RULE), (1320, 1440, 0)),
        ((0, 360, 0), (360, 1440, NO_RULE)),
        ((0, 1440, NO_RULE),),
    ]
