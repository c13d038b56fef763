"""Stations that do not answer."""

from __future__ import annotations

import pytest

from custom_components.legrand_ews.greenup import LoadManagerConfig, Mode

from .site import Car, Site, kinds, single


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("powerless", [True, False])
def test_a_lost_station_is_booked_with_its_rating_and_may_come_back(mode: Mode, powerless: bool) -> None:  # noqa: FBT001
    stations = [single(number) for number in range(3)]
    site = Site(LoadManagerConfig(80, 80, mode=mode), stations, {one.id: Car() for one in stations})
    site.run(900)
    start = site.now
    site.offline = lambda key, now: key == "s1" and start <= now < start + 900
    if powerless:
        site.cars["s1"].most = 0.0
    site.run(60)
    order = site.plan.orders["s1"] if site.plan else None
    assert order is not None
    assert order.reason == "the station does not answer; the last order stays"
    assert site.orders["s0"] + site.orders["s2"] <= 80 - 32
    site.run(600)
    assert site.orders["s0"] + site.orders["s2"] <= 80 - 32
    assert site.orders["s0"] >= 6
    site.cars["s1"].most = 32.0
    site.run(900)
    assert site.longest == 0
    assert kinds(site.events, "s1").count("lost") == 1
    assert kinds(site.events, "s1").count("found") == 1


def test_a_station_that_was_never_seen_is_booked_too() -> None:
    site = Site(LoadManagerConfig(40, 40), [single(0), single(1)], {"s0": Car()})
    site.offline = lambda key, _: key == "s1"
    site.run(300)
    assert site.orders["s0"] == pytest.approx(7.7, abs=0.3)


def test_a_lost_station_does_not_keep_others_from_starting() -> None:
    stations = [single(number) for number in range(2)]
    site = Site(LoadManagerConfig(80, 80), stations, {"s0": Car(), "s1": Car(arrive=100)})
    site.offline = lambda key, now: key == "s0" and now >= 65
    site.run(300)
    assert site.orders["s1"] > 0
