"""Over a restart."""

from __future__ import annotations

import json

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
