"""What chance makes of a workload."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.greenup import Mode
from simulation.day import STEP, day_of
from simulation.fields import WorkloadError
from simulation.workload import load_workload, names

from .support import small


def levels(load: dict[str, Any], *minutes: int) -> list[float]:
    day = day_of(small(loads=[load]), 1)
    return [day.base[0][minute * 12] for minute in minutes]


@pytest.mark.parametrize("name", names())
def test_the_same_seed_makes_the_same_day_and_another_one_another(name: str) -> None:
    workload = load_workload(name)
    first = day_of(workload, 1)
    assert first == day_of(workload, 1)
    other = day_of(workload, 2)
    assert (first.base, first.stays) != (other.base, other.stays)
    assert day_of(workload, 1, mode=Mode.STEPS).stays == first.stays


@pytest.mark.parametrize("name", names())
@settings(max_examples=15)
@given(seed=st.integers())
def test_cars_stay_within_the_day(name: str, seed: int) -> None:
    day = day_of(load_workload(name), seed)
    assert len(day.stays) == len(day.stations)
    for stay in day.stays:
        assert 0 <= stay.arrive <= stay.begin <= stay.leave <= day.steps
        assert stay.arrive < stay.leave
        assert stay.phases == day.stations[stay.station].phases[: len(stay.phases)]
        assert stay.current <= day.stations[stay.station].rated_current


def test_cars_are_of_their_kinds_by_share() -> None:
    day = day_of(load_workload("W2"), 3)
    kinds = Counter((stay.current, len(stay.phases)) for stay in day.stays)
    assert kinds == {(16, 3): 10, (32, 1): 4, (16, 1): 2}


def test_three_cars_of_the_garage_postpone_to_eleven() -> None:
    day = day_of(load_workload("W6"), 4)
    late = [stay for stay in day.stays if stay.begin > stay.arrive]
    assert [day.start + stay.begin * STEP for stay in late] == [23 * 3600] * 3
    assert {len(station.phases) for station in day.stations} == {1}


def test_stations_rotate_and_the_first_have_priority() -> None:
    day = day_of(small(group={"stations": 4, "rotate": True, "priority": 2, "wires": 2, "phases": [3, 2, 1]}), 1)
    assert [station.phases for station in day.stations] == [(2, 1), (1, 0), (0, 2), (2, 1)]
    assert [station.priority for station in day.stations] == [True, True, False, False]


def test_a_current_follows_a_line_through_its_points_and_over_midnight() -> None:
    assert levels({"current": {"10:00": 10, "10:30": 40, "11:00": 10}}, 0, 10, 30, 45) == [10, 20, 40, 25]
    assert levels({"current": 7}, 0, 59) == [7, 7]
    assert levels({"current": {"22:00": 10, "14:00": 26}}, 0, 30) == [22, 22.5]


def test_a_load_runs_in_its_hours_on_its_phases() -> None:
    load = {"phases": [2], "current": 5, "from": "10:10", "until": "10:20"}
    day = day_of(small(loads=[load, load]), 1)
    assert [sum(line) for line in day.base] == [0, 2 * 5 * 120, 0]
    assert day.base[1][119:121] == [0, 10]
    assert day.base[1][239:241] == [10, 0]


def test_a_load_that_comes_and_goes_runs_its_share() -> None:
    (line, *_) = day_of(small(loads=[{"current": 9, "on": 60, "every": 300}]), 1).base
    assert Counter(line) == {9: 144, 0: 576}
    assert sum(one != other for one, other in pairwise(line)) in range(23, 26)


def test_noise_has_its_deviation_and_memory_and_is_of_each_phase() -> None:
    load = {"current": 100, "noise": 5, "noise_time": 60}
    lines = day_of(small(start="00:00", end="00:00", loads=[load], visit={"arrive": "10:00", "leave": "11:00"}), 1).base
    noise = [[value - 100 for value in line] for line in lines]
    variances = [sum(value * value for value in line) / len(line) for line in noise]
    assert all(4.5 < variance**0.5 < 5.5 for variance in variances)
    memory = sum(one * other for one, other in zip(noise[0], noise[0][12:], strict=False)) / len(noise[0])
    assert 0.25 < memory / variances[0] < 0.5, "e^-1 after its time"
    assert abs(sum(one * other for one, other in zip(*noise[:2], strict=True))) / len(noise[0]) < 0.15 * variances[0]


def test_two_cars_at_once_are_refused_and_one_after_the_other_are_not() -> None:
    first, second = (
        {"arrive": one, "leave": other, "need": 1} for one, other in (("10:05", "10:20"), ("10:20", "10:40"))
    )
    assert len(day_of(small(group={"visits": [second, first]}), 1).stays) == 2
    with pytest.raises(WorkloadError, match="two cars are at station S1 at the same time"):
        day_of(small(group={"visits": [first | {"leave": "10:21"}, second]}), 1)


def test_settings_take_the_place_of_the_workloads() -> None:
    assert day_of(small(), 1, hold_time=0, mode=Mode.STEPS).config.hold_time == 0
    with pytest.raises(WorkloadError, match="manager: "):
        day_of(small(), 1, hold_time=-1)


def test_a_time_is_the_nearest_step_of_the_day() -> None:
    day = day_of(small(), 1)
    assert [day.step_of(time) for time in (0, 36000, 36004, 36300, 86400)] == [0, 0, 1, 60, 720]
