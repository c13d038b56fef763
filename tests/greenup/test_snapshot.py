"""Over a restart."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.greenup import (
    LoadManager,
    LoadManagerConfig,
    MeterReading,
    Mode,
    StationReading,
    StationState,
)

from .site import Car, Site, single, triple

CONFIG = LoadManagerConfig(40, 36, 3)
STATIONS = [single(0), single(1, 1), triple(2), triple(3, priority=True), single(4, 2)]


def site_of(mode: Mode = Mode.CONTINUOUS) -> Site:
    cars = {one.id: Car(16, arrive=40.0 * number) for number, one in enumerate(STATIONS)}
    return Site(LoadManagerConfig(40, 36, 3, mode=mode), STATIONS, cars, base=lambda _: (8.0, 9.0, 10.0))


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 120), st.sampled_from([-1e6, -500.0, 0.0, 86400.0]), st.sampled_from(Mode))
def test_a_restart_at_any_time_on_any_clock_changes_little(cycles: int, shift: float, mode: Mode) -> None:
    site = site_of(mode)
    site.run(10.0 * cycles)
    charge = {key: one.charge for key, one in site.manager.sessions.items()}
    before = dict(site.orders)
    json.dumps(site.manager.snapshot())
    site.restart(shift)
    site.run(10)
    assert site.plan is not None
    assert all(site.orders[key] <= before[key] for key in before)
    assert all(site.manager.sessions[key].charge >= charge[key] for key in charge)
    site.run(1200)
    assert site.longest <= 30
    assert sum(limit > 0 for limit in site.orders.values()) >= 2


def test_what_a_person_ordered_survives() -> None:
    site = site_of()
    site.run(600)
    site.manager.hold("s0")
    site.manager.set_session_priority("s1", True)  # noqa: FBT003
    site.manager.set_departure("s1", site.now + 3600)
    site.restart(-200)
    site.run(300)
    assert site.orders["s0"] == 0
    assert site.manager.sessions["s1"].priority
    assert site.manager.sessions["s1"].departure == pytest.approx(site.now - 300 + 3600, abs=10)


def test_nothing_grows_until_all_stations_were_seen() -> None:
    site = site_of()
    site.run(600)
    saved = json.loads(json.dumps(site.manager.snapshot()))
    manager = LoadManager.restore(CONFIG, STATIONS, saved, 0.0)
    reading = StationReading(5, StationState.WAITING, (0.0, 0.0, 0.0), 0)
    for now in range(10, 300, 10):
        stations = {one.id: reading for one in STATIONS if one.id != "s4"}
        plan = manager.step(now, MeterReading(now, (0.0, 0.0, 0.0)), stations)
        assert all(plan.orders[key].limit <= limit for key, limit in site.orders.items())


def test_a_station_that_never_comes_back_does_not_block_for_ever() -> None:
    manager = LoadManager.restore(LoadManagerConfig(80, 80), STATIONS, {}, 0.0)
    granted = 0.0
    for now in range(10, 500, 10):
        reading = StationReading(now, StationState.WAITING, (0.0, 0.0, 0.0), 0)
        plan = manager.step(now, MeterReading(now, (0.0, 0.0, 0.0)), {"s0": reading})
        granted = max(granted, plan.orders["s0"].limit) if now > 300 else granted
    assert granted == 6


def test_a_station_that_is_gone_and_a_smaller_rating_are_understood() -> None:
    site = site_of()
    site.run(600)
    manager = LoadManager.restore(CONFIG, [single(0, rated=10), single(9)], site.manager.snapshot(), 0.0)
    assert set(manager.sessions) == {"s0", "s9"}
    assert manager.sessions["s0"].limit <= 10


def test_a_snapshot_of_another_version_is_as_good_as_none() -> None:
    manager = LoadManager.restore(CONFIG, STATIONS, {"version": 99}, 5.0)
    assert manager.awaited == {one.id for one in STATIONS}


def test_the_snapshot_of_a_restored_manager_is_the_same() -> None:
    site = site_of()
    site.run(600)
    saved = json.loads(json.dumps(site.manager.snapshot()))
    again = json.loads(json.dumps(LoadManager.restore(CONFIG, STATIONS, saved, site.now - 10.0).snapshot()))
    assert again["sessions"].keys() == saved["sessions"].keys()
    for key, one in saved["sessions"].items():
        assert {name: again["sessions"][key][name] for name in one if name not in {"ages", "appetite"}} == {
            name: value for name, value in one.items() if name not in {"ages", "appetite"}
        }
        for name, age in one["ages"].items():
            assert again["sessions"][key]["ages"][name] == pytest.approx(age)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(
    "changes",
    [
        {"hysteresis": 5.0},
        {"max_current": 45.0},
        {"charge_current": 30.0},
        {"mode": Mode.STEPS},
        {"mode": Mode.CONTINUOUS},
        {"guaranteed_charge": 5.0},
        {"charging_cap": 30.0},
        {"step_1": 60.0},
        {"load_control": False},
    ],
)
def test_cars_that_charge_go_on_when_a_setting_is_changed(mode: Mode, changes: dict[str, Any]) -> None:
    site = site_of(mode)
    site.run(900)
    charging = {key for key, limit in site.orders.items() if limit}
    starts = {key: car.starts for key, car in site.cars.items()}
    assert charging
    site.config = replace(site.config, **changes)
    site.restart()
    site.run(10)
    assert {key for key, limit in site.orders.items() if limit} >= charging
    site.run(60)
    assert all(site.cars[key].starts == starts[key] for key in charging)


def test_a_change_of_the_way_of_sharing_leaves_nobody_low() -> None:
    config = LoadManagerConfig(100, 100, mode=Mode.CONTINUOUS)
    site = Site(config, [single(0), single(1)], {"s0": Car(), "s1": Car()}, base=lambda _: (70.0, 0.0, 0.0))
    site.run(600)
    assert 6 < site.orders["s0"] < 16
    site.config = replace(config, mode=Mode.STEPS)
    site.restart()
    site.base = lambda _: (0.0, 0.0, 0.0)
    site.run(300)
    assert site.orders == {"s0": 32.0, "s1": 32.0}
    site.base = lambda _: (45.0, 0.0, 0.0)
    site.run(100)
    assert site.manager.sessions["s0"].step
    site.config = config
    site.restart()
    site.base = lambda _: (0.0, 0.0, 0.0)
    site.run(100)
    assert site.plan is not None
    assert {order.reason for order in site.plan.orders.values()} == {
        "charging at 32 A, all that the station or the car takes"
    }


def test_cars_that_charge_go_on_when_stations_are_changed() -> None:
    site = site_of()
    site.run(900)
    before = {key for key, limit in site.orders.items() if limit} - {"s4"}
    site.stations = [replace(site.stations[0], min_current=10.0), *site.stations[1:4], single(9)]
    site.cars["s9"] = Car(16, arrive=site.now)
    site.orders["s9"] = 0.0
    site.restart()
    site.run(10)
    assert site.plan is not None
    assert "s4" not in site.plan.orders
    assert all(site.plan.orders[key].limit for key in before)
    site.run(60)
    limits = {one.id: site.plan.orders[one.id].limit for one in site.stations}
    assert all(limit == 0 or limit >= one.floor for one, limit in zip(site.stations, limits.values(), strict=True))


def test_phases_that_were_learned_are_forgotten_when_the_wiring_is_changed() -> None:
    site = Site(LoadManagerConfig(80, 80), [triple(0)], {"s0": Car(16, phases=(1,))})
    site.run(300)
    assert site.manager.view("s0").phases == (1,)
    saved = site.manager.snapshot()
    assert LoadManager.restore(site.config, [single(0)], saved, 0.0).view("s0").phases == (0,)
    assert LoadManager.restore(site.config, [triple(0)], saved, 0.0).view("s0").phases == (1,)


def paths(value: Any, *before: str) -> list[tuple[str, ...]]:
    """Return the way to each field."""
    if not isinstance(value, dict):
        return [before]
    return [path for key, one in value.items() for path in [(*before, key), *paths(one, *before, key)]]


def test_a_field_that_is_missing_costs_no_more_than_its_part() -> None:
    site = site_of()
    site.run(600)
    whole = json.loads(json.dumps(site.manager.snapshot()))
    for path in [
        path for path in set(paths(whole)) if path and path[:2] not in {("sessions", f"s{n}") for n in (1, 2)}
    ]:
        saved = json.loads(json.dumps(whole))
        part = saved
        for key in path[:-1]:
            part = part[key]
        del part[path[-1]]
        manager = LoadManager.restore(site.config, STATIONS, saved, site.now)
        stations = {one.id: StationReading(site.now, StationState.CHARGING, (8.0, 8.0, 8.0), 1) for one in STATIONS}
        plan = manager.step(site.now, MeterReading(site.now, (20.0, 20.0, 20.0)), stations)
        assert set(plan.orders) == {one.id for one in STATIONS}
        if path[:2] != ("sessions", "s3") and path not in {("version",), ("sessions",)}:
            assert manager.sessions["s3"].charge >= whole["sessions"]["s3"]["charge"]
