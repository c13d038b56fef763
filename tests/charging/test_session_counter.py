"""Readings of counters, good and bad."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.charging.session_counter import FRESH, Counters


def counted(levels: list[float | None], seconds: int = 10) -> int | None:
    """Return the Wh that readings make."""
    counters = Counters()
    for number, level in enumerate(levels):
        counters.take(None if level is None else Decimal(str(level)), None, number * seconds)
    return counters.energy.whole


INDEX: Final = 5_000_000.0


@pytest.mark.parametrize(
    ("levels", "whole"),
    [
        ([], None),
        ([None], None),
        ([INDEX], 0),
        ([INDEX, None, INDEX + 20.7], 20),
        ([0.4, 0.8, 1.2, 1.6], 1),
        ([7400, 0, 30], 30),
        ([7400, 30], 30),
        ([INDEX, 0, INDEX, INDEX + 5], 5),
        ([INDEX, INDEX - 1, INDEX + 5], 6),
        ([INDEX, 2**31, 2**31 + 5], 5),
        ([INDEX, INDEX + 1000], 1000),
    ],
)
def test_what_is_counted(levels: list[float | None], whole: int | None) -> None:
    assert counted(levels) == whole


def test_hours_without_a_reading_may_have_counted_much() -> None:
    assert counted([0, 300_000], seconds=3600) == 300_000


@given(levels=st.lists(st.integers(0, 1000), min_size=1))
def test_every_small_rise_counts_and_every_drop_starts_from_nothing(levels: list[int]) -> None:
    assert counted(list(levels)) == sum(
        after - before if after >= before else after for before, after in pairwise(levels)
    )


@pytest.mark.parametrize(("age", "whole"), [(FRESH, 20), (FRESH + 1, 0)])
def test_a_car_begins_with_the_level_of_just_before(age: int, whole: int) -> None:
    counters = Counters()
    counters.take(Decimal(1000), 1.5, 0)
    counters.begin(age)
    counters.take(Decimal(1020), 1.52, age)
    assert (counters.energy.whole, counters.charge.whole) == (whole, whole)


def test_the_noise_of_a_float_is_no_charge() -> None:
    counters = Counters()
    for number, charge in enumerate([12.34, 12.340000001, 12.3399999999, 12.35]):
        counters.take(None, charge, number)
    assert counters.charge.whole == 10
