"""The two steps of the manual."""

from __future__ import annotations

import pytest

from custom_components.legrand_ews.greenup import LoadManagerConfig, Mode, StationConfig

from .site import Car, Site, kinds, limits, single, triple


def config(limit: float, charge: float, **more: float) -> LoadManagerConfig:
    return LoadManagerConfig(limit, charge, mode=Mode.STEPS, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rated", "step_2", "seen"), [(32, 50, [32, 24, 16]), (16, 50, [16, 12, 8]), (16, 30, [16, 12, 6])]
)
def test_scenario_e2_the_steps_are_shares_of_the_rating(rated: float, step_2: float, seen: list[float]) -> None:
    site = Site(config(100, 90, step_2=step_2), [single(0, rated=rated)], {"s0": Car()})
    site.run(120)
    orders = [site.orders["s0"]]
    for base in (100 - rated + 1.0, 100 - 0.75 * rated + 1):
        site.base = lambda _, base=base: (base, 0.0, 0.0)
        site.run(30)
        orders.append(site.orders["s0"])
    assert orders == seen
    assert site.longest <= 20


def test_who_was_reduced_first_is_raised_first() -> None:
    site = Site(config(100, 95), [single(0), single(1)], {"s0": Car(), "s1": Car(arrive=50)})
    site.run(300)
    site.base = lambda _: (42.0, 0.0, 0.0)
    site.run(40)
    assert limits(site) == {"s0": 24.0, "s1": 32.0}
    site.base = lambda _: (50.0, 0.0, 0.0)
    site.run(40)
    assert limits(site) == {"s0": 24.0, "s1": 24.0}
    site.base = lambda _: (36.0, 0.0, 0.0)
    site.run(40)
    assert limits(site) == {"s0": 32.0, "s1": 24.0}


def test_priority_is_reduced_last_and_never_stopped_by_the_normal_rule() -> None:
    stations = [single(0), single(1, priority=True)]
    site = Site(config(64, 64, guaranteed_charge=0.1), stations, {one.id: Car() for one in stations})
    site.run(400)
    site.base = lambda _: (40.0, 0.0, 0.0)
    site.run(60)
    assert site.orders["s0"] == 0
    assert site.orders["s1"] >= 16


def test_the_yellow_zone_makes_room_for_who_waits() -> None:
    site = Site(
        config(64, 50), [single(0), single(1)], {"s0": Car(), "s1": Car(arrive=300)}, base=lambda _: (20.0, 0.0, 0.0)
    )
    site.run(290)
    assert limits(site) == {"s0": 32.0, "s1": 0}
    site.run(400)
    assert all(site.orders.values())
    assert site.longest == 0


def test_a_car_with_its_guarantee_is_stopped_one_without_is_not() -> None:
    stations = [single(0), single(1)]
    cars = {"s0": Car(), "s1": Car(arrive=3600)}
    site = Site(config(64, 64, emergency=False), stations, cars)
    site.run(5000)
    assert site.manager.sessions["s0"].charge > 32
    site.base = lambda _: (45.0, 0.0, 0.0)
    site.run(60)
    assert site.orders["s0"] == 0
    assert site.orders["s1"] == 16
    assert "stopped" in kinds(site.events, "s0")
    site.base = lambda _: (60.0, 0.0, 0.0)
    site.run(600)
    assert site.orders["s1"] == 16
    assert "overload" in kinds(site.events)
    assert site.longest > 300


def test_the_emergency_rule_ends_what_nothing_else_does() -> None:
    site = Site(config(40, 40), [single(0)], {"s0": Car()}, base=lambda now: (30.0 * (now > 300), 0.0, 0.0))
    site.run(700)
    assert site.orders["s0"] == 6
    site.base = lambda _: (38.0, 0.0, 0.0)
    site.run(200)
    assert site.orders["s0"] == 0
    assert site.longest <= 90
    event = next(one for one in site.events if one.kind == "emergency")
    assert event.data["guaranteed"] == 32
    assert float(event.data["charge"] or 0) < 32


def test_after_an_emergency_a_car_rises_again() -> None:
    site = Site(config(40, 40), [single(0)], {"s0": Car()}, base=lambda now: (30.0 * (300 < now < 700), 0.0, 0.0))
    site.run(700)
    assert site.orders["s0"] == 6
    site.run(200)
    assert site.orders["s0"] == 32


def test_a_faithful_copy_grants_without_prediction() -> None:
    site = Site(config(60, 50, predicted_admission=False), [triple(0)], {"s0": Car()}, base=lambda _: (45.0, 0.0, 0.0))
    site.run(70)
    assert site.orders["s0"] == 32
    careful = Site(config(60, 50), [triple(0)], {"s0": Car()}, base=lambda _: (45.0, 0.0, 0.0))
    careful.run(70)
    assert careful.orders["s0"] == 0
    assert careful.plan is not None
    assert careful.plan.orders["s0"].reason == "waiting: 1 A short on L1"


def test_a_car_that_waited_long_is_swapped_for_one_that_has_its_guarantee() -> None:
    stations = [single(0), single(1)]
    site = Site(config(20, 20), stations, {"s0": Car(), "s1": Car(arrive=7000)})
    site.run(7000)
    assert limits(site) == {"s0": 16.0, "s1": 0}
    site.run(1900)
    assert limits(site) == {"s0": 0, "s1": 16.0}


def test_a_station_that_knows_no_steps_is_left_or_stopped() -> None:
    stations = [StationConfig("s0", 16, (0,), adjustable=False), single(1)]
    site = Site(config(48, 48, guaranteed_charge=0.0), stations, {one.id: Car() for one in stations})
    site.run(300)
    site.base = lambda _: (14.0, 0.0, 0.0)
    site.run(30)
    assert site.orders["s0"] == 16
    assert site.orders["s1"] == 16


@pytest.mark.parametrize("predicted", [True, False])
def test_a_cap_for_all_stations_holds(predicted: bool) -> None:  # noqa: FBT001
    stations = [single(0), single(1), triple(2, 16)]
    settings = config(200, 200, charging_cap=40.0, predicted_admission=predicted)
    site = Site(settings, stations, {one.id: Car() for one in stations})
    highest = [0.0]

    def check(one: Site, _before: dict[str, float], _plan: object) -> None:
        highest[0] = max(highest[0], one.total[0])

    site.run(1200, check)
    assert 32 < highest[0] <= 40
    assert sum(limit > 0 for limit in site.orders.values()) == 3


def test_a_cap_that_is_lowered_is_obeyed_at_once() -> None:
    stations = [single(0), single(1, 1)]
    site = Site(config(200, 200), stations, {one.id: Car() for one in stations})
    site.run(300)
    assert limits(site) == {"s0": 32.0, "s1": 32.0}
    for cap, order in ((20.0, 16.0), (10.0, 6.0), (5.0, 0.0)):
        site.config = config(200, 200, charging_cap=cap)
        site.restart()
        site.run(20)
        assert limits(site) == {"s0": order, "s1": order}


def test_a_lost_station_takes_from_the_cap() -> None:
    stations = [single(0), single(1)]
    site = Site(config(200, 200, charging_cap=40.0), stations, {"s0": Car()})
    site.offline = lambda key, _: key == "s1"
    site.run(300)
    assert limits(site)["s0"] == 0
    site.offline = lambda *_: False
    site.run(300)
    assert limits(site)["s0"] == 32
