"""The manager: what is set while it runs, and how its parts are joined."""

from __future__ import annotations

import pytest

from custom_components.legrand_ews.greenup import (
    LoadManager,
    LoadManagerConfig,
    MeterReading,
    StationReading,
    StationState,
    Zone,
)

from .site import NOTHING, Car, Site, kinds, single

CONFIG = LoadManagerConfig(50, 40)


def test_the_default_priority_of_a_station_can_be_changed_while_it_charges() -> None:
    stations = [single(0), single(1)]
    site = Site(LoadManagerConfig(40, 40, margin=0.0), stations, {one.id: Car() for one in stations})
    site.run(600)
    assert site.orders == {"s0": 20.0, "s1": 20.0}
    site.manager.set_priority("s1", True)  # noqa: FBT003
    site.run(60)
    assert site.orders == {"s0": 8.0, "s1": 32.0}
    assert site.manager.view("s1").default_priority
    with pytest.raises(KeyError):
        site.manager.set_priority("s9", True)  # noqa: FBT003


def test_the_default_priority_holds_for_the_next_car_that_of_a_session_does_not() -> None:
    site = Site(CONFIG, [single(0)], {"s0": Car(leave=100)})
    site.run(50)
    site.manager.set_priority("s0", True)  # noqa: FBT003
    site.manager.set_session_priority("s0", False)  # noqa: FBT003
    seen = site.manager.view("s0")
    assert (seen.priority, seen.default_priority) == (False, True)
    site.run(100)
    assert site.manager.view("s0").priority


def test_a_zone_is_told_when_it_changes() -> None:
    manager = LoadManager(CONFIG, [])
    plans = [
        manager.step(now, MeterReading(now, (high, 0.0, 0.0)), {}) for now, high in enumerate((30, 45, 46, 55, 20))
    ]
    assert [plan.zone for plan in plans] == [Zone.GREEN, Zone.YELLOW, Zone.YELLOW, Zone.RED, Zone.GREEN]
    told = [(event.data["before"], event.data["zone"]) for plan in plans for event in plan.events]
    assert told == [("green", "yellow"), ("yellow", "red"), ("red", "green")]


def test_the_same_reading_of_the_meter_teaches_once() -> None:
    manager = LoadManager(CONFIG, [single(0)])
    free = {"s0": StationReading(0, StationState.FREE, NOTHING, 0.0)}
    meter = MeterReading(0, (10.0, 0.0, 0.0))
    for now in range(5):
        manager.step(now, meter, free)
    assert manager.base.level == [10.0, 0.0, 0.0]
    assert len(manager.base.recent) == 1
    assert manager.watch.age(4) == 4


def test_two_stations_of_different_ids_get_an_order_each() -> None:
    site = Site(CONFIG, [single(0), single(1)], {})
    site.run(10)
    assert site.plan is not None
    assert set(site.plan.orders) == {"s0", "s1"}
    assert kinds(site.events) == []
