"""A meter that shows the same while cars change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.greenup import (
    LoadManager,
    LoadManagerConfig,
    MeterReading,
    Mode,
    StationReading,
    StationState,
    Zone,
)
from custom_components.legrand_ews.greenup.failsafe import MeterWatch
from custom_components.legrand_ews.greenup.frozen import LAG, MOVED, Stillness

from .site import NOTHING, single

SAME = (20.0, 5.0, 5.0)


def believed(draws: list[float], currents: tuple[float, float, float] = SAME, every: float = 10.0) -> list[bool]:
    stillness = Stillness()
    return [
        stillness.believes(MeterReading(n * every, currents), {"a": (n * every, (draw, 0.0, 0.0))})
        for n, draw in enumerate(draws)
    ]


def test_a_meter_at_rest_is_believed_while_cars_change_little() -> None:
    assert all(believed([6.0, 6.0, 8.9, 3.1, 6.0] * 20))


@given(st.floats(-30, 30), st.floats(-30, 30))
def test_a_change_that_no_meter_overlooks_is_doubted(before: float, after: float) -> None:
    assert believed([before, after])[-1] is (abs(after - before) <= MOVED)


def test_a_frozen_meter_stays_so_until_it_shows_something_else() -> None:
    stillness = Stillness()
    for n, draw in enumerate((6.0, 16.0, 16.0, 6.0, 6.0)):
        stillness.believes(MeterReading(n * 10, SAME), {"a": (n * 10, (draw, 0.0, 0.0))})
    assert stillness.frozen
    assert stillness.believes(MeterReading(60, (20.1, 5.0, 5.0)), {"a": (60, (6.0, 0.0, 0.0))})
    assert not stillness.frozen


def test_a_meter_that_shows_a_change_a_little_late_is_not_frozen() -> None:
    stillness = Stillness()
    drawn = {"a": (0.0, NOTHING)}
    assert stillness.believes(MeterReading(0, SAME), drawn)
    for second in range(1, int(LAG)):
        assert not stillness.believes(MeterReading(second, SAME), {"a": (second, (16.0, 0.0, 0.0))})
    assert not stillness.frozen
    assert stillness.believes(MeterReading(LAG, (36.0, 5.0, 5.0)), {"a": (LAG, (16.0, 0.0, 0.0))})


def test_a_car_that_was_read_before_the_meter_moved_proves_nothing() -> None:
    stillness = Stillness()
    stillness.believes(MeterReading(0, NOTHING), {"a": (-2.0, NOTHING)})
    stillness.believes(MeterReading(5, SAME), {"a": (-2.0, NOTHING)})
    for second in range(6, 30):
        assert stillness.believes(MeterReading(second, SAME), {"a": (8.0, (16.0, 0.0, 0.0))})


def test_a_station_that_no_longer_answers_proves_nothing() -> None:
    stillness = Stillness()
    cars = {"a": (0.0, (16.0, 0.0, 0.0)), "b": (0.0, (10.0, 0.0, 0.0))}
    assert stillness.believes(MeterReading(0, SAME), cars)
    assert stillness.believes(MeterReading(10, SAME), {"b": (10.0, (10.0, 0.0, 0.0))})


def test_two_cars_that_change_places_on_a_phase_prove_nothing() -> None:
    stillness = Stillness()
    assert stillness.believes(MeterReading(0, SAME), {"a": (0, (16.0, 0, 0)), "b": (0, (6.0, 0, 0))})
    assert stillness.believes(MeterReading(9, SAME), {"a": (9, (6.0, 0, 0)), "b": (9, (16.0, 0, 0))})
    assert not stillness.believes(MeterReading(9.5, SAME), {"a": (9, (6.0, 0, 0)), "b": (9, (0.0, 16.0, 0))})


def test_the_age_of_a_frozen_meter_is_that_of_its_values() -> None:
    watch = MeterWatch()
    for at, draw in ((0, 6.0), (100, 6.0), (110, 12.0)):
        watch.take(at, MeterReading(at, SAME), {"a": (at, (draw, 0.0, 0.0))})
    assert watch.age(110) == 10
    assert not watch.take(120, MeterReading(120, SAME), {"a": (120, (12.0, 0.0, 0.0))})
    assert watch.age(120) == 120


@pytest.mark.parametrize("mode", Mode)
def test_a_frozen_meter_is_as_good_as_none(mode: Mode) -> None:
    manager = LoadManager(LoadManagerConfig(80, 80, mode=mode), [single(0)])
    zones, limits = [], []
    for now in range(0, 600, 10):
        draw = 0.0 if now < 100 else 6.0
        state = StationState.CHARGING if draw else StationState.WAITING
        reading = StationReading(now, state, (draw, 0.0, 0.0), 0.0)
        plan = manager.step(now, MeterReading(now, SAME), {"s0": reading})
        zones.append(plan.zone)
        limits.append(plan.orders["s0"].limit)
    assert limits[9] == limits[10] > 0
    assert set(zones[11:]) == {Zone.BLIND}
    assert set(limits[11:31]) == {6.0}
    assert set(limits[31:]) == {0.0}
    assert manager.headroom is None
