"""Moments are taken apart, and shapes and the mains follow them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plant.moments import Clock, moment_of, share_of, supply_at
from plant.shapes import SHAPES

from .support import MONDAY

MOMENTS = st.datetimes(min_value=datetime(2025, 1, 1), max_value=datetime(2027, 1, 1))  # noqa: DTZ001


@settings(max_examples=50, deadline=None)
@given(when=MOMENTS, name=st.sampled_from(sorted(SHAPES)))
def test_shares_lie_between_their_hours(when: datetime, name: str) -> None:
    shape, moment = SHAPES[name], moment_of(when)
    hours = shape.weekend if when.weekday() >= 5 else shape.working
    pair = (hours[when.hour], hours[(when.hour + 1) % 24])
    assert min(pair) - 1e-9 <= share_of(shape, moment) <= max(pair) + 1e-9


@settings(max_examples=50, deadline=None)
@given(when=MOMENTS)
def test_the_mains_stay_near_their_voltage(when: datetime) -> None:
    assert supply_at(moment_of(when)) == pytest.approx(231_500, rel=0.0081)


def test_a_clock_counts_milliseconds() -> None:
    clock = Clock(start=MONDAY, elapsed=90_500)
    assert clock.now == MONDAY + timedelta(seconds=90.5)
