"""Any current from the floor up."""

from __future__ import annotations

import pytest

from custom_components.legrand_ews.greenup import LoadManagerConfig, StationConfig, Zone

from .site import Car, Site, kinds, limits, single, triple


def config(limit: float, **more: float) -> LoadManagerConfig:
    return LoadManagerConfig(limit, limit, **{"margin": 0.0, **more})  # type: ignore[arg-type]


def settled(site: Site, seconds: float = 900) -> dict[str, float]:
    site.run(seconds)
    return limits(site)


def test_scenario_p1_each_phase_is_shared_by_itself() -> None:
    stations = [single(p, p, 16) for p in range(3)]
    site = Site(config(50), stations, {one.id: Car(16) for one in stations}, base=lambda _: (36.0, 20.0, 19.0))
    assert settled(site) == {"s0": 14.0, "s1": 16.0, "s2": 16.0}


def test_scenario_p3_who_does_not_draw_yet_has_its_least() -> None:
    site = Site(config(50), [single(0, 0, 16, min_current=10.0)], {"s0": Car(16, begin=1e9)})
    site.run(70)
    assert limits(site) == {"s0": 10.0}


@pytest.mark.parametrize(("meter", "order"), [(16.0, 16.0), (-16.0, 32.0)])
def test_scenario_p7_an_excess_is_cut_and_export_is_room(meter: float, order: float) -> None:
    site = Site(config(16), [single(0)], {"s0": Car()}, base=lambda now: (-40.0 if now < 600 else meter - 16, 0.0, 0.0))
    site.run(600)
    assert site.orders["s0"] == 32
    site.run(60)
    assert site.orders["s0"] == order
    assert site.longest <= 20


def test_an_excess_cuts_only_on_its_phase() -> None:
    stations = [single(0, 0), single(1, 1), triple(2, 16)]
    site = Site(
        config(40), stations, {one.id: Car() for one in stations}, base=lambda now: (20.0 * (now > 900), 0.0, 0.0)
    )
    before = settled(site)
    site.run(60)
    assert site.longest <= 20
    assert site.orders["s0"] < before["s0"]
    assert site.orders["s2"] < before["s2"]
    assert site.orders["s1"] >= before["s1"]


def test_priority_is_filled_first_and_cut_last() -> None:
    stations = [single(0), single(1, priority=True), single(2)]
    site = Site(config(60), stations, {one.id: Car() for one in stations})
    assert settled(site) == {"s0": 14.0, "s1": 32.0, "s2": 14.0}
    site.base = lambda _: (22.0, 0.0, 0.0)
    site.run(60)
    assert limits(site) == {"s0": 6.0, "s1": 26.0, "s2": 6.0}
    site.base = lambda _: (50.0, 0.0, 0.0)
    site.run(30)
    assert limits(site) == {"s0": 0, "s1": 10.0, "s2": 0}


def test_a_newcomer_is_let_in_by_lowering_others_in_the_same_step() -> None:
    stations = [single(0), single(1)]
    site = Site(config(32), stations, {"s0": Car(), "s1": Car(arrive=600)})
    settled(site, 660)
    assert limits(site) == {"s0": 32.0, "s1": 0}
    site.run(10)
    assert limits(site) == {"s0": 26.0, "s1": 6.0}
    site.run(60)
    assert limits(site) == {"s0": 16.0, "s1": 16.0}


def test_what_a_car_does_not_take_others_get() -> None:
    stations = [single(0), single(1)]
    site = Site(config(40), stations, {"s0": Car(8), "s1": Car()})
    assert settled(site) == {"s0": 8.5, "s1": 31.5}


def test_a_single_phase_car_at_a_three_phase_station_leaves_the_other_phases() -> None:
    stations = [triple(0), triple(1)]
    site = Site(config(32), stations, {"s0": Car(32, phases=(0,)), "s1": Car(32, phases=(1,))})
    assert settled(site) == {"s0": 32.0, "s1": 32.0}


def test_cars_take_turns_where_not_all_fit() -> None:
    stations = [single(number) for number in range(4)]
    site = Site(config(13), stations, {one.id: Car() for one in stations})
    site.run(4 * 3600)
    assert all(car.charge > 8 for car in site.cars.values())
    assert max(car.starts for car in site.cars.values()) <= 6
    assert "rotated" in kinds(site.events)
    assert site.longest == 0


def test_without_turns_the_guarantee_comes_first() -> None:
    stations = [single(number) for number in range(3)]
    site = Site(config(13, turns=False), stations, {one.id: Car() for one in stations})
    site.run(3600)
    assert "rotated" not in kinds(site.events)
    site.run(5 * 3600)
    rotated = [one for one in site.events if one.kind == "rotated"]
    assert rotated
    assert all(float(one.data["charge"] or 0) >= 32 for one in rotated)


def test_a_single_phase_car_yields_where_three_phases_give_more() -> None:
    stations = [triple(0, 16), single(1, 1, 16)]
    site = Site(config(16), stations, {"s0": Car(16), "s1": Car(16)})
    site.run(3600)
    assert site.orders == {"s0": 16.0, "s1": 0}
    site.run(3600)
    assert site.cars["s1"].charge > 1


def test_a_car_that_leaves_soon_yields_to_nobody() -> None:
    stations = [triple(0, 16), single(1, 1, 16)]
    site = Site(config(16), stations, {"s0": Car(16), "s1": Car(16)})
    site.run(60)
    site.manager.set_departure("s1", 5000)
    site.run(3540)
    assert site.orders["s1"] >= 6
    site.run(3600)
    assert site.orders["s1"] == 0


def test_a_cap_for_all_stations_holds() -> None:
    stations = [single(0), single(1)]
    site = Site(config(100, charging_cap=30.0), stations, {one.id: Car() for one in stations})
    assert settled(site) == {"s0": 15.0, "s1": 15.0}


def test_a_station_that_knows_only_on_and_off_gets_its_rating_or_nothing() -> None:
    stations = [StationConfig("s0", 16, (0,), adjustable=False), single(1)]
    site = Site(config(30), stations, {one.id: Car() for one in stations})
    assert settled(site) == {"s0": 16.0, "s1": 14.0}
    site.base = lambda _: (10.0, 0.0, 0.0)
    site.run(30)
    assert site.orders["s0"] in {0, 16.0}
    assert site.longest <= 20


def test_a_car_that_ignores_its_pilot_is_counted_told_and_stopped_first() -> None:
    stations = [single(0), single(1, priority=True)]
    site = Site(config(40), stations, {"s0": Car(20, ignores=True), "s1": Car()})
    site.run(200)
    site.base = lambda _: (16.0, 0.0, 0.0)
    site.run(300)
    assert site.longest <= 20
    assert "ignored" in kinds(site.events, "s0")
    assert site.orders["s1"] >= 6


def test_cars_that_are_not_measured_are_cut_until_it_helps() -> None:
    stations = [single(number) for number in range(3)]
    site = Site(
        config(100),
        stations,
        {one.id: Car(12, measured=False) for one in stations},
        base=lambda now: (62.0 * (now > 900), 0.0, 0.0),
    )
    site.run(1200)
    assert site.longest <= 40
    assert sum(limit > 0 for limit in site.orders.values()) == 3


def test_noise_sets_the_margin() -> None:
    noisy = LoadManagerConfig(60, 60)
    site = Site(noisy, [single(0)], {"s0": Car()}, base=lambda now: (30.0 + 3.0 * (int(now) // 10 % 2), 0.0, 0.0))
    site.run(3600)
    assert 20 < site.orders["s0"] < 26
    assert site.longest <= 10


def test_reasons_say_what_is_missing_and_where() -> None:
    stations = [single(number, 1) for number in range(3)]
    site = Site(config(13, rotation_after=1e9), stations, {one.id: Car() for one in stations})
    site.run(600)
    assert site.plan is not None
    texts = {order.reason for order in site.plan.orders.values()}
    assert texts == {"charging at 6.5 A: L2 is shared", "waiting: 5 A short on L2"}


def test_red_lets_nothing_grow() -> None:
    site = Site(
        config(40, hysteresis=5.0),
        [single(0, 0), single(1, 1)],
        {"s0": Car(), "s1": Car(arrive=880)},
        base=lambda now: (39.0 * (now > 900), 0.0, 0.0),
    )
    site.run(1200)
    assert site.plan is not None
    assert site.plan.zone is Zone.RED
    assert site.orders == {"s0": 0, "s1": 0}
