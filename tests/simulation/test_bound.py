"""The upper bound: known cases, and that nobody gets more."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.bound import NoSolverError, bound_of, left
from simulation.day import STEP, VOLTS, Day, day_of
from simulation.merit import merit
from simulation.physics import simulate
from simulation.workload import load_workload, names

from .support import Fill, small

if TYPE_CHECKING:
    from simulation.workload import Workload

HALF_HOUR = {"arrive": "10:05", "leave": "10:35", "need": 100}


def energy(workload: Workload) -> float:
    return bound_of(day_of(workload, 1)).energy


def kwh(current: float, phases: int, hours: float) -> float:
    return VOLTS * current * phases * hours


def test_one_car_gets_what_it_can_draw_while_it_is_there() -> None:
    assert energy(small(visit=HALF_HOUR)) == pytest.approx(kwh(32, 3, 0.5))
    assert energy(small(visit=HALF_HOUR | {"need": 3})) == pytest.approx(3000)
    assert energy(small(visit=HALF_HOUR, group={"phases": [2]})) == pytest.approx(kwh(32, 1, 0.5))


def test_what_the_other_loads_leave_is_the_limit_of_each_phase() -> None:
    loads = [{"phases": [1], "current": 30}]
    assert energy(small(visit=HALF_HOUR, loads=loads)) == pytest.approx(kwh(10, 3, 0.5))
    single = {"phases": [1, 2, 3], "rotate": True, "wires": 1, "stations": 3}
    assert energy(small(visit=HALF_HOUR, loads=loads, group=single)) == pytest.approx(kwh(10 + 32 + 32, 1, 0.5))


def test_no_time_is_saved_for_later() -> None:
    # Over the limit for half of the time, and more left than the car can draw in the other.
    loads = [{"current": 100, "from": "10:05", "until": "10:20"}]
    assert energy(small(visit=HALF_HOUR, loads=loads)) == pytest.approx(kwh(32, 3, 0.25))
    # Left on one phase and then on another is nothing for a car on all three.
    loads = [{"phases": [phase], "current": 40, "on": 30, "every": 60} for phase in (1, 2, 3)]
    day = day_of(small(visit=HALF_HOUR, loads=loads), 1)
    free = sum(not any(line[step] for line in day.base) for step in range(60, 420))
    assert bound_of(day).energy == pytest.approx(kwh(32, 3, free * STEP / 3600))


def test_a_car_that_postpones_gets_nothing_before() -> None:
    visit = HALF_HOUR | {"postpone": {"cars": 1, "until": "10:20"}}
    assert energy(small(visit=visit)) == pytest.approx(kwh(32, 3, 0.25))


def test_early_energy_counts_more() -> None:
    bound = bound_of(day_of(small(visit=HALF_HOUR), 1), 5.0)
    assert bound.early / bound.energy == pytest.approx(0.5, abs=0.002)
    (stay,) = day_of(small(visit=HALF_HOUR), 1).stays
    assert [left(stay, step) for step in (stay.arrive, stay.leave)] == [1, 0]


CARS = st.fixed_dictionaries(
    {
        "name": st.just(""),
        "rated_current": st.sampled_from([16, 32]),
        "phases": st.sampled_from([[1], [2], [3], [1, 2, 3], [3, 1, 2], [1, 2]]),
        "visits": st.tuples(
            st.fixed_dictionaries(
                {
                    "arrive": st.integers(0, 20).map(lambda minute: f"10:{minute:02}"),
                    "leave": st.integers(25, 59).map(lambda minute: f"10:{minute:02}"),
                    "need": st.floats(0.1, 15),
                }
            )
        ).map(list),
    }
)


@st.composite
def days(draw: Any) -> Day:
    groups = [
        group | {"name": f"G{place}-"} for place, group in enumerate(draw(st.lists(CARS, min_size=1, max_size=5)))
    ]
    base = draw(st.integers(0, 45))
    loads = [{"current": base, "noise": 10}, {"phases": [1], "current": 12, "on": 40, "every": 90}]
    return day_of(small(groups=groups, loads=loads), draw(st.integers(0, 9)))


@settings(max_examples=25)
@given(days(), st.floats(0, 3))
def test_nobody_gets_more_inside_the_limit(day: Day, margin: float) -> None:
    bound = bound_of(day)
    record = simulate(day, Fill(day.limit, day.stations, margin))
    reached = merit(record, bound)
    # Energy from beyond the limit is taken off as if all of it were the cars'.
    excess = sum(max(current - day.limit, 0.0) for line in record.currents for current in line) * VOLTS * STEP / 3600
    assert reached.energy <= bound.energy + excess + 1
    assert sum(one.early for one in record.courses) <= bound.early + excess + 1
    assert bound.energy <= reached.asked + 1e-6


@settings(max_examples=15)
@given(days())
def test_wider_slots_never_lower_the_bound(day: Day) -> None:
    fine, coarse = bound_of(day, STEP), bound_of(day, 60)
    assert fine.energy <= coarse.energy * (1 + 1e-6) + 0.01
    assert fine.early <= coarse.early * (1 + 1e-6) + 0.01


@pytest.mark.parametrize("name", names())
def test_wide_slots_lose_next_to_nothing_of_the_days_that_come_with_it(name: str) -> None:
    day = day_of(load_workload(name), 1)
    fine, coarse = bound_of(day, 60), bound_of(day, 300)
    assert fine.energy <= coarse.energy * (1 + 1e-6)
    assert coarse.energy <= fine.energy * 1.0005
    assert coarse.early <= fine.early * 1.015


def test_without_a_solver_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *args: Any) -> Any:
        if name.startswith("scipy"):
            raise ImportError(name)
        return real(name, *args)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(NoSolverError, match="scripts/setup demo"):
        energy(small())
