"""Workloads: those that come with it, and how a wrong one is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from custom_components.legrand_ews.greenup import Mode
from simulation.fields import WorkloadError
from simulation.workload import Fault, FaultKind, config_of, fault_of, load_workload, names, workload_of

from .support import small

if TYPE_CHECKING:
    from pathlib import Path

STATIONS = {"W1": 16, "W2": 16, "W3": 12, "W4": 9, "W5": 2, "W6": 20}
LIMITS = {"W1": (250, 230), "W2": (160, 150), "W3": (100, 95), "W4": (80, 75), "W5": (20, 19), "W6": (63, 63)}
GROUP = {"rated_current": 32, "visits": [{"arrive": "10:05", "leave": "10:55", "need": 10}]}


def test_the_six_workloads_come_with_it() -> None:
    assert names() == list(STATIONS)


@pytest.mark.parametrize("name", STATIONS)
def test_a_workload_has_the_stations_and_limits_of_the_study(name: str) -> None:
    workload = load_workload(name.lower())
    assert (workload.name, len(workload.stations)) == (name, STATIONS[name])
    config = config_of(workload.settings)
    assert (config.max_current, config.charge_current) == LIMITS[name]
    assert config.mode is Mode.CONTINUOUS


def test_times_before_the_start_are_of_the_next_day() -> None:
    found = small(
        start="22:00",
        end="21:00",
        visit={"arrive": "23:00", "leave": "06:00", "postpone": {"cars": 1, "until": "01:00"}},
    )
    (visit,) = found.groups[0].visits
    hours = [found.start, visit.arrive.middle, visit.postponed_to, visit.leave.middle, found.end]
    assert [hour / 3600 for hour in hours] == [22, 23, 25, 30, 45]


def test_what_is_left_out_is_as_the_station_has_it() -> None:
    (group,) = small(group={"phases": [2, 3]}).groups
    (car,) = group.visits[0].cars
    assert (group.name, group.phases, group.wires, group.priority, group.rotate) == ("S", (1, 2), 2, 0, False)
    assert (car.current, car.phases) == (32, 2)
    assert group.visits[0].need.middle == 100_000


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"end": "25:00"}, 'end: a time such as "08:15" is needed'),
        ({"weather": "fine"}, "weather: there is no such field"),
        ({"groups": []}, "groups: a list of 1 or more is needed"),
        ({"manager": {"max_current": 40}}, "manager: "),
        ({"manager": {"max_current": 40, "charge_current": 41}}, "manager: the current for charging"),
        ({"manager": {"max_current": 40, "charge_current": 40, "mode": "fast"}}, "manager: 'fast' is not"),
        ({"manager": {"max_current": 40, "charge_current": "x"}}, "manager: "),
        ({"manager": {"limit": 40}}, "manager.limit: there is no such setting; there are charge_current, "),
        ({"manager": 3}, "manager: an object is needed"),
        ({"loads": [{}]}, "loads[0].current: is missing"),
        ({"loads": [{"current": {}}]}, "loads[0].current: no time is named"),
        ({"loads": [{"current": {"8": 1}}]}, "loads[0].current: a time"),
        ({"loads": [{"current": {"08:00": "1"}}]}, "loads[0].current.08:00: a number"),
        ({"loads": [{"current": 1, "on": 10}]}, "loads[0].every: is missing"),
        ({"loads": [{"current": 1, "on": 10, "every": 5}]}, "loads[0].on: a number from 0 to 5"),
        ({"group": {"rated_current": 5}}, "groups[0].rated_current: a number from 6"),
        ({"group": {"stations": 256}}, "groups[0].stations: a whole number from 1 to 255"),
        ({"group": {"priority": 2}}, "groups[0].priority: a whole number from 0 to 1"),
        ({"group": {"wires": 2, "phases": [1]}}, "groups[0].wires: a whole number from 1 to 1"),
        ({"visit": {"need": -1}}, "groups[0].visits[0].need: a number from 0"),
        ({"visit": {"cars": [{"current": 3}]}}, "groups[0].visits[0].cars[0].current: a number from 6"),
        ({"visit": {"cars": [{"share": 0}]}}, "groups[0].visits[0].cars: a share above 0"),
        ({"visit": {"postpone": {"cars": 2, "until": "10:30"}}}, "groups[0].visits[0].postpone.cars: a whole number"),
        ({"groups": [GROUP | {"name": "S"}, GROUP | {"name": "S"}]}, "groups: two stations have one name"),
        ({"groups": [GROUP | {"stations": 200}, GROUP | {"stations": 56}]}, "groups: 256 stations, 255 are the most"),
        ({"faults": [{"kind": "fire", "from": "10:00", "until": "11:00"}]}, "faults[0].kind: one of frozen_meter, "),
        (
            {"faults": [{"kind": "lost_station", "station": "Q1", "from": "10:00", "until": "11:00"}]},
            "faults[0]: there is no station Q1; there are S1",
        ),
        ({"faults": [{"kind": "lost_station", "from": "10:00", "until": "11:00"}]}, "faults[0].station: is missing"),
        (
            {"faults": [{"kind": "lost_meter", "station": "S1", "from": "10:00", "until": "11:00"}]},
            "faults[0].station: there is no such field",
        ),
    ],
)
def test_a_wrong_workload_is_refused_with_the_place(changes: dict[str, Any], error: str) -> None:
    with pytest.raises(WorkloadError) as caught:
        small(**changes)
    assert str(caught.value).startswith(error)


def test_a_workload_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    value = {"start": "10:00", "end": "11:00", "manager": {"max_current": 40, "charge_current": 40}, "groups": [GROUP]}
    path.write_text(json.dumps(value), encoding="utf-8")
    found = load_workload(str(path))
    assert (found.name, found.title, found.stations) == ("mine", "mine", ("A1",))
    path.write_text(json.dumps(value | {"end": 3}), encoding="utf-8")
    with pytest.raises(WorkloadError, match=r"mine\.json: end: a time"):
        load_workload(str(path))
    path.write_text("{", encoding="utf-8")
    with pytest.raises(WorkloadError, match=r"mine\.json: not JSON"):
        load_workload(str(path))
    with pytest.raises(WorkloadError, match="W9 is neither one of W1, W2, W3, W4, W5, W6 nor a file"):
        load_workload("W9")


def test_a_fault_is_read_from_a_word() -> None:
    workload = small()
    assert fault_of("frozen_meter@10:10-10:20", workload) == Fault(kind=FaultKind.FROZEN_METER, start=36600, end=37200)
    assert fault_of("ignores_pilot:S1@10:10-10:20", workload).station == "S1"
    for text, error in (
        ("frozen_meter@10:10", "a fault is KIND@HH:MM-HH:MM"),
        ("frozen_meter:S1@10:10-10:20", "there is no such field"),
        ("lost_station@10:10-10:20", "is missing"),
        ("lost_station:S2@10:10-10:20", "there is no station S2"),
    ):
        with pytest.raises(WorkloadError, match=error):
            fault_of(text, workload)


def test_a_workload_that_is_no_object_is_refused() -> None:
    with pytest.raises(WorkloadError, match="an object is needed"):
        workload_of([], "x")
