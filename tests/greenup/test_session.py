"""The life of a session, seen through the manager."""

from __future__ import annotations

import itertools

import pytest

from custom_components.legrand_ews.greenup import (
    LoadManager,
    LoadManagerConfig,
    MeterReading,
    Mode,
    Plan,
    StationReading,
    StationState,
)

from .site import NOTHING, Car, FastSite, Site, kinds, single, triple

WIDE = LoadManagerConfig(250, 230)


def times(site: Site, kind: str, station: str) -> list[float]:
    return [one.at for one in site.events if one.kind == kind and one.station_id == station]


@pytest.mark.parametrize("mode", Mode)
def test_a_car_that_postpones_lets_the_next_one_go_first_as_in_scenario_e5(mode: Mode) -> None:
    config = LoadManagerConfig(250, 230, mode=mode)
    site = Site(config, [single(1), single(2)], {"s1": Car(begin=1e9), "s2": Car(arrive=10)})
    site.run(500)
    assert times(site, "granted", "s1") == [60, 450]
    assert times(site, "skipped", "s1") == [150]
    assert times(site, "granted", "s2") == [150]


def test_a_car_that_never_starts_delays_others_by_no_more_than_e12_allows() -> None:
    stations = [single(number, number % 3) for number in range(20)]
    cars = {one.id: Car() for one in stations}
    cars["s0"].begin = 1e9
    site = Site(LoadManagerConfig(400, 400), stations, cars)
    site.run(1500)
    granted = sorted(at for number in range(1, 20) for at in times(site, "granted", f"s{number}"))
    assert len(granted) == 19
    assert max(later - earlier for earlier, later in itertools.pairwise(granted)) <= 120


def test_one_car_is_started_at_a_time() -> None:
    stations = [single(number, number % 3) for number in range(6)]

    def check(site: Site, _before: dict[str, float], _plan: object) -> None:
        assert sum(one.stage == "authorising" for one in site.manager.sessions.values()) <= 1

    Site(WIDE, stations, {one.id: Car() for one in stations}).run(400, check)


def test_a_hold_stays_until_it_is_started_by_hand() -> None:
    site = Site(WIDE, [single(1)], {"s1": Car()})
    site.run(200)
    assert site.orders["s1"] > 0
    site.manager.hold("s1")
    site.run(600)
    assert site.orders["s1"] == 0
    assert site.plan is not None
    assert site.plan.orders["s1"].reason == "held by hand until started or unplugged"
    site.manager.start("s1")
    site.run(60)
    assert site.orders["s1"] > 0


def test_a_hold_and_a_priority_end_with_the_session() -> None:
    site = Site(WIDE, [single(1)], {"s1": Car(leave=300)})
    site.run(100)
    site.manager.hold("s1")
    site.manager.set_session_priority("s1", True)  # noqa: FBT003
    assert site.manager.sessions["s1"].priority
    site.run(250)
    assert not site.manager.sessions["s1"].priority
    site.cars["s1"] = Car(arrive=site.now)
    site.run(120)
    assert site.orders["s1"] > 0


def test_without_a_car_there_is_nothing_to_hold() -> None:
    site = Site(WIDE, [single(1)], {})
    site.run(20)
    site.manager.hold("s1")
    site.manager.set_session_priority("s1", True)  # noqa: FBT003
    site.manager.start("s1")
    assert site.manager.sessions["s1"].stage == "free"
    assert not site.manager.sessions["s1"].priority
    with pytest.raises(KeyError):
        site.manager.hold("s9")


def test_a_start_by_hand_goes_first_but_needs_room() -> None:
    config = LoadManagerConfig(13, 13, rotation_after=1e9, margin=0.0)
    site = Site(config, [single(number) for number in range(4)], {f"s{number}": Car() for number in range(4)})
    site.run(400)
    waiting = [key for key, limit in site.orders.items() if not limit]
    assert len(waiting) == 2
    site.manager.start(waiting[1])
    site.run(60)
    assert site.orders[waiting[1]] == 0
    charging = next(key for key, limit in site.orders.items() if limit)
    site.cars[charging].leave = site.now
    site.run(200)
    assert site.orders[waiting[1]] > 0
    assert site.orders[waiting[0]] == 0


def test_a_full_car_ends_and_its_current_goes_to_the_others() -> None:
    site = Site(LoadManagerConfig(20, 20), [single(1), single(2)], {"s1": Car(need=1.0), "s2": Car()})
    site.run(900)
    assert site.orders == {"s1": 0, "s2": pytest.approx(19.7, abs=0.3)}
    assert "ended" in kinds(site.events, "s1")
    assert site.plan is not None
    assert site.plan.orders["s1"].why is not None
    assert site.plan.orders["s1"].why.key == "done"


def test_scenario_e8_the_charge_is_that_of_one_phase() -> None:
    for station, car in ((triple(1), Car(32)), (single(1, rated=16), Car(16))):
        site = Site(WIDE, [station], {"s1": car})
        site.run(100)
        site.manager.sessions["s1"].charge = 0.0
        site.run(3600 if car.most == 32 else 7200)
        assert site.manager.sessions["s1"].charge == pytest.approx(32, abs=0.2)


def test_a_station_that_counts_anew_goes_on() -> None:
    manager = LoadManager(WIDE, [single(1)])
    for number, charge in enumerate((1.0, 5.0, 0.5, 2.0)):
        reading = StationReading(number, StationState.CHARGING, (6.0, 0, 0), charge)
        manager.step(number, MeterReading(number, (6.0, 0, 0)), {"s1": reading})
    assert manager.sessions["s1"].charge == 7.0


def test_a_car_without_a_counter_is_reckoned() -> None:
    site = Site(WIDE, [single(1)], {"s1": Car(measured=False)})
    site.run(100 + 3600)
    assert site.manager.sessions["s1"].charge == pytest.approx(site.cars["s1"].charge, rel=0.02)


def test_what_the_last_car_got_is_not_the_next_ones() -> None:
    manager = LoadManager(WIDE, [single(1)])
    shown = [
        ("charging", 20.0),
        ("free", 20.0),
        ("free", 20.0),
        ("waiting", 20.0),
        ("charging", 0.5),
        ("charging", 1.0),
    ]
    for number, (state, charge) in enumerate(shown):
        reading = StationReading(number, StationState(state), (6.0, 0, 0) if state == "charging" else NOTHING, charge)
        manager.step(number, MeterReading(number, (10.0, 0, 0)), {"s1": reading})
    assert manager.view("s1").charge == 1.0


def test_a_car_that_already_charges_goes_on() -> None:
    manager = LoadManager(WIDE, [single(1)])
    plan = manager.step(
        10, MeterReading(5, (20, 0, 0)), {"s1": StationReading(5, StationState.CHARGING, (14.0, 0, 0), 3)}
    )
    assert plan.orders["s1"].limit >= 14


def test_a_fault_ends_the_grant_and_asks_again_afterwards() -> None:
    manager = LoadManager(WIDE, [single(1)])
    states = [StationState.CHARGING, StationState.FAULT, StationState.WAITING, StationState.WAITING]
    limits = []
    for at, state in zip((0, 10, 20, 90), states, strict=True):
        plan = manager.step(at, MeterReading(at, NOTHING), {"s1": StationReading(at, state, NOTHING, 0)})
        limits.append(plan.orders["s1"].limit)
    assert limits[1:3] == [0, 0]
    assert limits[3] == 6


def test_a_reading_from_before_the_grant_does_not_start_a_car() -> None:
    manager = LoadManager(LoadManagerConfig(50, 50, hold_time=0.0), [single(1)])
    old = StationReading(0.0, StationState.WAITING, NOTHING, 0)
    manager.step(0, MeterReading(0, NOTHING), {"s1": old})
    charging = StationReading(1.0, StationState.CHARGING, (6.0, 0, 0), 0)
    manager.hold("s1")
    for now in (1, 2):
        manager.step(now, MeterReading(now, (6.0, 0, 0)), {"s1": charging})
    manager.start("s1")
    manager.step(3, MeterReading(3, (6.0, 0, 0)), {"s1": charging})
    plan = manager.step(4, MeterReading(4, (6.0, 0, 0)), {"s1": charging})
    assert plan.orders["s1"].reason == "may charge at 6 A: waiting for the car to start"


def test_a_car_that_is_held_by_hand_may_draw_until_it_had_time_to_stop() -> None:
    site = FastSite(LoadManagerConfig(40, 40), [single(1), single(2)], {"s1": Car(), "s2": Car()}, delay=4)
    site.run(300)
    before = site.orders["s2"]
    site.manager.hold("s1")

    def check(_site: Site, _before: dict[str, float], plan: Plan) -> None:
        assert plan.orders["s2"].limit >= before

    site.run(60, check)
    assert site.orders["s2"] == 32
