"""Without load control."""

from __future__ import annotations

from itertools import pairwise

from custom_components.legrand_ews.greenup import LoadManagerConfig

from .site import Car, Site, single


def test_cars_are_let_in_one_after_the_other_at_their_rating_whatever_the_meter_says() -> None:
    stations = [single(0), single(1, rated=16.0), single(2)]
    config = LoadManagerConfig(20, 20, load_control=False)
    site = Site(config, stations, {one.id: Car() for one in stations}, base=lambda _: (50.0, 0.0, 0.0))
    site.run(300)
    granted = [event for event in site.events if event.kind == "granted"]
    assert [event.data["limit"] for event in granted] == [32.0, 16.0, 32.0]
    assert all(later.at - earlier.at >= 15 for earlier, later in pairwise(granted))
    assert site.orders == {"s0": 32.0, "s1": 16.0, "s2": 32.0}


def test_without_a_meter_cars_charge_too() -> None:
    site = Site(LoadManagerConfig(20, 20, load_control=False), [single(0)], {"s0": Car()})
    site.meter_lost = lambda _: True
    site.run(600)
    assert site.orders["s0"] == 32
