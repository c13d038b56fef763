"""The figures of merit, on days that can be counted by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.bound import Bound
from simulation.day import VOLTS, day_of
from simulation.merit import Merit, energy_between, jain, merit, overload_between
from simulation.physics import simulate

from .support import Scripted, small

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulation.physics import Record


def record(limit: Callable[[float], float], **changes: Any) -> Record:
    day = day_of(small(**changes), 1)
    return simulate(day, Scripted(day, limit))


def judged(limit: Callable[[float], float], **changes: Any) -> Merit:
    return merit(record(limit, **changes))


def test_energy_is_shared_by_the_bound() -> None:
    passed = record(lambda _: 16, visit={"need": 100})
    energy = 16 * 3 * VOLTS * (3000 - 15) / 3600
    found = merit(passed, Bound(energy=2 * energy, early=energy))
    assert found.energy == pytest.approx(energy)
    assert found.energy_share == pytest.approx(0.5)
    assert found.early_share == pytest.approx(0.5, abs=0.01)
    assert merit(passed).energy_share is None
    assert found.lowest == pytest.approx(energy / 100_000)
    assert found.asked == 100_000


def test_an_overload_counts_while_a_car_draws_on_the_phase() -> None:
    over = {"phases": [1], "current": 30, "from": "10:10", "until": "10:12"}
    again = {"phases": [1], "current": 30, "from": "10:20", "until": "10:21"}
    found = judged(lambda _: 16, loads=[over, again])
    assert (found.overload_longest, found.overload_total) == (120, 180)
    passed = record(lambda _: 16, loads=[over, again])
    between = [overload_between(passed, 36000, end) for end in (36600, 36660, 39600)]
    assert [*between, overload_between(passed, 37000, 39600)] == [0, 60, 120, 60]
    assert found.overload_heat == pytest.approx(180 * ((46 / 40) ** 2 - 1))
    alone = judged(lambda _: 16, loads=[over | {"current": 60}], group={"phases": [2]})
    assert (alone.overload_longest, alone.overload_heat) == (0, 0)
    assert judged(lambda _: 10.4, loads=[over]).overload_total == 0, "within the tolerance"


def test_overloads_of_two_phases_that_follow_each_other_are_one() -> None:
    loads = [
        {"phases": [1], "current": 30, "from": "10:10", "until": "10:12"},
        {"phases": [2], "current": 30, "from": "10:12", "until": "10:13"},
    ]
    found = judged(lambda _: 16, loads=loads)
    assert (found.overload_longest, found.overload_total) == (180, 180)
    assert found.overload_heat == pytest.approx(120 * ((46 / 40) ** 2 - 1)), "of the worst phase"


def test_waits_are_from_asking_to_drawing() -> None:
    assert judged(lambda now: 16 if now >= 600 else 0).first_wait == 315
    assert judged(lambda _: 0).first_wait == 3000, "until it leaves"
    postponed = {"postpone": {"cars": 1, "until": "10:30"}}
    assert judged(lambda _: 16, visit=postponed).first_wait == 15


def test_wear_is_counted() -> None:
    found = judged(lambda now: 16 if now // 600 % 2 else 0)
    assert (found.starts, found.commands) == (3, 5)


def test_energy_of_a_window() -> None:
    passed = record(lambda _: 16)
    assert energy_between(passed, 36600, 37200) == pytest.approx(16 * 3 * VOLTS / 6)
    assert energy_between(passed, 36000, 36300) == 0


@given(st.lists(st.floats(0.001, 1), min_size=1))
def test_jains_index_lies_between_one_of_all_and_one(values: list[float]) -> None:
    assert 1 / len(values) - 1e-9 <= jain(values) <= 1 + 1e-9


def test_jains_index_of_known_values() -> None:
    assert jain([0.5, 0.5]) == 1
    assert jain([1, 0, 0, 0]) == 0.25
    assert jain([]) == jain([0, 0]) == 1


def test_a_car_without_need_is_served() -> None:
    found = judged(lambda _: 16, visit={"need": 0})
    assert (found.lowest, found.first_wait, found.starts, found.energy) == (1, 0, 0, 0)
