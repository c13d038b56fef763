"""What is said of the rules of a plan."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.billing import CostPlan, CostRule, Gap, review

from .manual import CHRISTMAS, DAYTIME, EVENING, EXAMPLE, LAST, MARCH, MIDNIGHT, PARIS, T1, T2, T3
from .witness import begins, rules, true

if TYPE_CHECKING:
    from custom_components.legrand_ews.billing import Review

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)
ALWAYS = CostRule("T1")
HALVES = [time(*divmod(30 * number, 60)) for number in range(48)]


def look(*chosen: CostRule, today: date = TODAY) -> Review:
    """Review some rules."""
    return review(CostPlan((T1, T2, T3), chosen, PARIS), today)


def rounded(rule: CostRule) -> CostRule:
    """Return a rule that changes on half hours only."""
    start = rule.start.replace(minute=rule.start.minute // 30 * 30)
    end = rule.end.replace(minute=rule.end.minute // 30 * 30 + 29)
    return CostRule("T1", start, end, rule.weekdays, rule.first_day, rule.last_day, rule.every_year, rule.condition)


def wins(chosen: list[CostRule], number: int, at: datetime) -> bool:
    """Tell whether a rule is the first true one, with its own condition on and all others off."""
    above = [rule for rule in chosen[:number] if rule.condition is None]
    return true(chosen[number], at) and not any(true(rule, at) for rule in above)


def won(chosen: list[CostRule], number: int, days: int) -> bool:
    """Tell whether it is so at any half hour of the coming days."""
    coming = [TODAY + one * DAY for one in range(days)]
    near = [day for day in coming if begins(chosen[number], day) or begins(chosen[number], day - DAY)]
    return any(wins(chosen, number, datetime.combine(day, at)) for day in near for at in HALVES)


@settings(deadline=None, max_examples=12)
@given(st.lists(rules(TODAY, "a").map(rounded), max_size=4))
def test_gaps_and_idle_rules_are_those_of_a_second_method(chosen: list[CostRule]) -> None:
    found = look(*chosen)
    missing = dict.fromkeys(((weekday, at) for weekday in range(7) for at in HALVES), 0)
    firm = [rule for rule in chosen if rule.condition is None]
    for number in range(366):
        day = TODAY + number * DAY
        for at in HALVES:
            missing[day.weekday(), at] += not any(true(rule, datetime.combine(day, at)) for rule in firm)
    told = dict.fromkeys(missing, 0)
    for gap in found.gaps:
        for at in HALVES:
            told[gap.weekday, at] += gap.days if gap.start <= at <= gap.end else 0
    assert told == missing
    # The 29th of February is on every weekday within 28 years.
    for number in range(len(chosen)):
        assert (number not in found.idle) == won(chosen, number, 29 * 366)


def test_the_manual_s_example_leaves_weekends_out() -> None:
    found = look(MARCH, CHRISTMAS, DAYTIME, EVENING, today=date(2027, 1, 4))
    # Christmas 2027 is a Saturday.
    assert found.gaps == (Gap(5, MIDNIGHT, LAST, 51), Gap(6, MIDNIGHT, LAST, 52))
    assert found.idle == {0: "over"}
    assert review(EXAMPLE, date(2020, 3, 31)).idle == {}


def test_gaps_begin_and_end_on_the_minute() -> None:
    (gap, *others) = look(CostRule("T1", time(6), time(5, 57))).gaps
    assert gap == Gap(0, time(5, 58), time(5, 59), 53)
    assert len(others) == 6


def test_times_that_are_missing_on_as_many_days_are_one_gap() -> None:
    rest = CostRule("T1", weekdays=frozenset(range(6)))
    special = CostRule("T2", time(12), LAST, first_day=date(2026, 11, 29))
    assert look(special, rest).gaps == (Gap(6, MIDNIGHT, time(11, 59), 52), Gap(6, time(12), LAST, 51))


@pytest.mark.parametrize(
    ("chosen", "idle"),
    [
        pytest.param([CostRule("T1", last_day=TODAY - DAY)], {0: "over"}, id="up to yesterday"),
        pytest.param([CostRule("T1", last_day=TODAY)], {}, id="up to today"),
        pytest.param([CostRule("T1", time(22), time(5), last_day=TODAY - DAY)], {}, id="the morning after"),
        pytest.param([CostRule("T1", time(22), time(5), last_day=TODAY - 2 * DAY)], {0: "over"}, id="two days ago"),
        pytest.param([CostRule("T1", weekdays=frozenset())], {0: "never"}, id="no weekday"),
        pytest.param(
            [CostRule("T1", weekdays=frozenset({6}), first_day=TODAY, last_day=TODAY + 5 * DAY)],
            {0: "never"},
            id="no Sunday in the period",
        ),
        pytest.param([CostRule("T1", first_day=TODAY + 5 * DAY, last_day=TODAY + DAY)], {0: "never"}, id="backwards"),
        pytest.param([ALWAYS, DAYTIME], {1: "hidden"}, id="under one that always holds"),
        pytest.param([CHRISTMAS, ALWAYS], {}, id="an exception"),
        pytest.param(
            [CostRule("T1", MIDNIGHT, time(11, 59)), CostRule("T2", time(12), LAST), CHRISTMAS],
            {2: "hidden"},
            id="under two",
        ),
        pytest.param([CostRule("T1", condition="red"), ALWAYS], {}, id="a condition may be off"),
        pytest.param([ALWAYS, CostRule("T1", condition="red")], {1: "hidden"}, id="and does not help"),
        pytest.param([CostRule("T1", first_day=date(2024, 2, 29), every_year=True)], {}, id="29 February"),
        pytest.param(
            [CostRule("T1", weekdays=frozenset({0}), first_day=date(2024, 2, 29), every_year=True)],
            {},
            id="29 February on a Monday, 2044",
        ),
        pytest.param([CostRule("T1", first_day=date(2090, 1, 1))], {}, id="far away"),
    ],
)
def test_idle_rules(chosen: list[CostRule], idle: dict[int, str]) -> None:
    assert look(*chosen).idle == idle


def test_a_rule_that_always_holds_leaves_no_gap_and_one_with_a_condition_covers_nothing() -> None:
    assert look(ALWAYS).gaps == look(CostRule("T1", time(6), time(5, 59))).gaps == ()
    assert look(CostRule("T1", condition="red")).gaps == look().gaps
    assert [gap.days for gap in look().gaps] == [53, 53, 52, 52, 52, 52, 52]
