"""How cars, stations and the meter behave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.greenup import Order, Plan, StationState, Zone
from simulation.day import STEP, VOLTS, day_of
from simulation.physics import PERIOD, START_DELAY, simulate

from .support import Scripted, small

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from custom_components.legrand_ews.greenup import MeterReading, StationReading
    from simulation.physics import Record
    from simulation.workload import Workload

ARRIVE = 300.0
"""s after the start."""


def passed(workload: Workload, limit: Callable[[float], float]) -> tuple[Record, Scripted]:
    day = day_of(workload, 1)
    manager = Scripted(day, limit)
    return simulate(day, manager), manager


def draws(record: Record) -> list[float]:
    return list(record.courses[0].draws)


def step(seconds: float) -> int:
    return round(seconds / STEP)


def test_a_car_begins_fifteen_seconds_after_it_may() -> None:
    record, _ = passed(small(), lambda now: 16 if now >= 600 else 0)
    drawn = draws(record)
    assert not any(drawn[: step(600 + START_DELAY)])
    assert set(drawn[step(600 + START_DELAY) : step(3300)]) == {16}
    assert not any(drawn[step(3300) :]), "it left"


def test_a_car_that_may_before_it_comes_begins_fifteen_seconds_after_that() -> None:
    record, _ = passed(small(), lambda _: 16)
    assert record.courses[0].first == step(ARRIVE + START_DELAY)
    assert record.courses[0].starts == 1


def test_a_car_follows_a_change_one_step_later() -> None:
    record, _ = passed(small(), lambda now: 20 if now < 900 else 10 if now < 1200 else 0)
    drawn = draws(record)
    assert drawn[step(900) : step(900) + 2] == [20, 10]
    assert drawn[step(1200) : step(1200) + 2] == [10, 0]


def test_a_stopped_car_starts_anew() -> None:
    record, _ = passed(small(), lambda now: 0 if 900 <= now < 1200 else 20)
    (course,) = record.courses
    assert course.starts == 2
    assert not any(course.draws[step(905) : step(1200 + START_DELAY)])
    assert course.draws[step(1200 + START_DELAY)] == 20
    assert (course.commands, record.commands) == (2, 3), "the first order came before the car"


def test_less_than_six_amperes_is_nothing() -> None:
    record, _ = passed(small(), lambda now: 5.9 if now < 900 else 6)
    assert record.courses[0].first == step(900 + START_DELAY)


def test_a_car_draws_no_more_than_it_can_from_its_own_phases() -> None:
    workload = small(
        visit={"cars": [{"current": 20, "phases": 1}]}, group={"phases": [2, 3, 1]}, loads=[{"current": 3}]
    )
    record, _ = passed(workload, lambda _: 32)
    assert [line[step(600)] for line in record.currents] == [3, 23, 3]
    assert set(draws(record)) == {0, 20}


@settings(max_examples=20)
@given(st.floats(0.5, 30), st.floats(6, 32))
def test_a_car_gets_no_more_than_it_needs_and_all_that_it_drew(need: float, current: float) -> None:
    record, _ = passed(small(visit={"need": need}), lambda _: current)
    (course,) = record.courses
    drawn = sum(course.draws) * 3 * VOLTS * STEP / 3600
    assert course.energy <= need * 1000 + 1e-6
    assert course.energy <= drawn + 1e-6
    assert drawn - course.energy <= current * 3 * VOLTS * STEP / 3600
    assert course.full == (course.energy >= need * 1000)
    assert 0 <= course.early <= course.energy


def test_a_postponing_car_waits_for_its_time_whatever_it_may() -> None:
    record, manager = passed(small(visit={"postpone": {"cars": 1, "until": "10:30"}}), lambda _: 16)
    assert record.courses[0].first == step(1800 + START_DELAY)
    states = {now - manager.day.start: stations["S1"].state for now, _, stations in manager.seen}
    assert states[1800] is StationState.WAITING


def test_the_manager_is_asked_every_ten_seconds_and_sees_what_was_one_step_before() -> None:
    record, manager = passed(small(loads=[{"current": {"10:00": 0, "11:00": 36}}]), lambda _: 16)
    times = [now - manager.day.start for now, _, _ in manager.seen]
    assert times == [PERIOD * number for number in range(1, 360)]
    for now, meter, stations in manager.seen:
        before = step(now - manager.day.start) - 1
        assert meter is not None
        assert meter.at == stations["S1"].at == now - STEP
        assert meter.currents == tuple(line[before] for line in record.currents)
        assert stations["S1"].currents == (draws(record)[before],) * 3


def test_a_station_says_what_its_car_does_and_counts_its_charge() -> None:
    record, manager = passed(small(visit={"need": 5}), lambda now: 16 if now >= 600 else 0)
    states = [stations["S1"].state for _, _, stations in manager.seen]
    assert list(dict.fromkeys(states)) == [
        StationState.FREE,
        StationState.WAITING,
        StationState.CHARGING,
        StationState.DONE,
    ]
    assert states[-1] is StationState.FREE
    full = [stations["S1"].charge for _, _, stations in manager.seen if stations["S1"].state is StationState.DONE]
    assert full == [pytest.approx(sum(record.courses[0].draws) * STEP / 3600)] * len(full)
    assert full
    assert manager.seen[-1][2]["S1"].charge == 0


def test_a_frozen_meter_keeps_its_reading_and_a_lost_one_has_none() -> None:
    for kind in ("frozen_meter", "lost_meter"):
        fault = {"kind": kind, "from": "10:10", "until": "10:20"}
        _, manager = passed(small(loads=[{"current": {"10:00": 0, "11:00": 36}}], faults=[fault]), lambda _: 16)
        meters = {now - manager.day.start: meter for now, meter, _ in manager.seen}
        if kind == "frozen_meter":
            assert meters[610] == meters[1200] == meters[600]
        else:
            assert meters[590] is not None
            assert [meters[600], meters[1190]] == [None, None]
        after = meters[1210]
        assert after is not None
        assert after.at == manager.day.start + 1205


def test_a_lost_station_takes_no_order_and_goes_on() -> None:
    fault = {"kind": "lost_station", "station": "S1", "from": "10:10", "until": "10:20"}
    record, manager = passed(small(faults=[fault]), lambda now: 20 if now < 700 else 10)
    readings = {now - manager.day.start: stations["S1"] for now, _, stations in manager.seen}
    assert readings[610].state is StationState.OFFLINE
    assert readings[610].currents is None
    assert set(draws(record)[step(600) : step(1205)]) == {20}
    assert draws(record)[step(1205)] == 10
    assert readings[1210].state is StationState.CHARGING


def test_a_car_that_ignores_the_pilot_draws_all_it_can_until_it_may_not() -> None:
    fault = {"kind": "ignores_pilot", "station": "S1", "from": "10:10", "until": "10:50"}
    record, _ = passed(small(faults=[fault]), lambda now: 8 if now < 1200 else 0)
    drawn = draws(record)
    assert drawn[step(600) - 1 : step(600) + 1] == [8, 32]
    assert drawn[step(1200) : step(1200) + 2] == [32, 0]


def test_one_car_comes_after_another() -> None:
    visits = [
        {"arrive": "10:05", "leave": "10:20", "need": 100},
        {"arrive": "10:20", "leave": "10:40", "need": 100},
    ]
    record, manager = passed(small(group={"visits": visits}), lambda _: 16)
    first, second = record.courses
    assert first.draws[step(1200) - 1] == 16
    assert not any(first.draws[step(1200) :])
    assert second.first == step(1200 + START_DELAY)
    readings = {now - manager.day.start: stations["S1"] for now, _, stations in manager.seen}
    assert readings[1210].charge == 0


def test_without_an_order_all_stays_as_it_was() -> None:
    class Silent:
        """It orders once."""

        def step(self, now: float, meter: MeterReading | None, stations: Mapping[str, StationReading]) -> Plan:  # noqa: ARG002
            return Plan(Zone.GREEN, {"S1": Order(12, "once")} if now == 36010 else {}, [])

    record = simulate(day_of(small(), 1), Silent())
    assert set(draws(record)[step(ARRIVE + START_DELAY) : step(3300)]) == {12}
    assert record.commands == 1


@pytest.mark.parametrize("seed", [1, 2])
def test_the_main_carries_the_loads_and_the_cars(seed: int) -> None:
    day = day_of(small(loads=[{"current": 20, "noise": 5}], group={"stations": 3, "rotate": True, "wires": 1}), seed)
    record = simulate(day, Scripted(day, lambda _: 10))
    for phase, line in enumerate(record.currents):
        cars = [one.draws for one in record.courses if phase in one.stay.phases]
        for at, current in enumerate(line):
            assert current == pytest.approx(day.base[phase][at] + sum(one[at] for one in cars))
