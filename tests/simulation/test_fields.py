"""Single values of a workload, and what is said of wrong ones."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.fields import (
    DAY,
    Fields,
    Spread,
    WorkloadError,
    clock,
    clock_from,
    many,
    number,
    phases,
    spread,
    whole,
    word,
    yes_or_no,
)


@given(st.integers(0, 23), st.integers(0, 59), st.integers(0, 23), st.integers(0, 59))
def test_a_time_is_at_or_after_the_start_and_less_than_a_day_later(
    hour: int, minute: int, start_hour: int, start_minute: int
) -> None:
    start = 3600.0 * start_hour + 60 * start_minute
    found = clock_from(start)(f"{hour:02}:{minute:02}", "x")
    assert start <= found < start + DAY
    assert found % DAY == clock(f"{hour:02}:{minute:02}", "x") == 3600 * hour + 60 * minute


@pytest.mark.parametrize(
    ("read", "value", "what"),
    [
        (clock, "8:15", "a time such as \"08:15\" is needed, not '8:15'"),
        (clock, "24:00", "a time"),
        (clock, 8, "a time"),
        (number(), "1", "a number is needed"),
        (number(), True, "a number is needed"),
        (number(), float("nan"), "a number is needed"),
        (number(6), 5.9, "a number from 6 is needed, not 5.9"),
        (number(0, 100), 101, "a number from 0 to 100 is needed, not 101"),
        (whole(1, 255), 1.0, "a whole number from 1 to 255"),
        (whole(1, 255), 256, "a whole number from 1 to 255"),
        (whole(0, 1), True, "a whole number"),
        (word, "  ", "a text is needed"),
        (yes_or_no, 1, "true or false is needed"),
        (many(word), [], "a list of 1 or more is needed"),
        (phases, [1, 4], "a whole number from 1 to 3"),
        (phases, [1, 1], "a phase is named twice"),
        (spread(number(0)), {"from": 3, "to": 2}, "ends before it begins"),
        (spread(number(0)), {"mean": 3}, "is missing"),
        (spread(number(0)), {"from": 1, "to": 2, "mean": 3, "deviation": 1}, "there is no such field"),
        (spread(number(0)), "x" * 60, "xxx ..."),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(read: Any, value: Any, what: str) -> None:
    with pytest.raises(WorkloadError) as caught:
        read(value, "groups[0].need")
    assert str(caught.value).startswith("groups[0].need")
    assert what in str(caught.value)


def test_the_place_of_a_wrong_element_is_named() -> None:
    with pytest.raises(WorkloadError, match=r"^a\[1\]: a number"):
        many(number())([1, "2"], "a")


def test_fields_are_taken_once_and_unknown_ones_refused() -> None:
    with Fields({"a": 1}, "x") as fields:
        assert "a" in fields
        assert fields.take("a", number()) == 1
        assert "a" not in fields
        assert fields.take("a", number(), 7.0) == 7
    with pytest.raises(WorkloadError, match=r"^x\.b: is missing"):
        Fields({}, "x").take("b", number())
    with pytest.raises(WorkloadError, match=r"^x\.b: there is no such field"), Fields({"b": 1}, "x"):
        pass
    with pytest.raises(WorkloadError, match="an object is needed"):
        Fields([], "x")


def test_phases_are_counted_from_nothing() -> None:
    assert phases([3, 1], "x") == (2, 0)


@given(st.floats(0, 100), st.floats(0, 100), st.integers())
def test_a_range_is_kept(low: float, width: float, seed: int) -> None:
    found = spread(number())({"from": low, "to": low + width}, "x").draw(Random(seed))  # noqa: S311
    assert low - 1e-9 <= found <= low + width + 1e-9


def test_a_deviation_is_in_its_unit() -> None:
    assert spread(clock, 60)({"mean": "01:00", "deviation": 2}, "x") == Spread(middle=3600, deviation=120)
    values = [Spread(middle=3600, deviation=120).draw(Random(seed)) for seed in range(400)]  # noqa: S311
    mean = sum(values) / 400
    assert abs(mean - 3600) < 30
    assert 90 < (sum((value - mean) ** 2 for value in values) / 400) ** 0.5 < 150
