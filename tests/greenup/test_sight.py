"""What people see."""

from __future__ import annotations

import pytest

from custom_components.legrand_ews.greenup import LoadManager, LoadManagerConfig, SessionView, Stage

from .site import Car, Site, single, triple


def test_a_station_without_a_car() -> None:
    manager = LoadManager(LoadManagerConfig(50, 50), [triple(0, priority=True)])
    assert manager.view("s0") == SessionView(
        stage=Stage.FREE,
        limit=0.0,
        priority=True,
        default_priority=True,
        held=False,
        plugged_for=None,
        waited=None,
        charge=0.0,
        phases=(0, 1, 2),
        drawn=(0.0, 0.0, 0.0),
        lost=False,
    )
    assert (manager.headroom, manager.counts) == (None, (0, 0))
    with pytest.raises(KeyError):
        manager.view("s9")


def test_a_car_that_waits_then_charges_then_is_held_then_does_not_answer() -> None:
    site = Site(LoadManagerConfig(50, 50, margin=0.0), [triple(0)], {"s0": Car(16, phases=(1,))})
    site.run(40)
    seen = site.manager.view("s0")
    assert (seen.stage, seen.plugged_for, seen.waited) == (Stage.REQUEST, 30, 30)
    assert site.manager.counts == (0, 1)
    site.run(30)
    assert site.manager.view("s0").stage is Stage.AUTHORISING
    assert site.manager.counts == (0, 1)
    site.run(300)
    seen = site.manager.view("s0")
    assert (seen.stage, seen.waited, seen.phases, seen.drawn) == (Stage.CHARGING, None, (1,), (0.0, 16.0, 0.0))
    assert (seen.limit, seen.charge) == (site.orders["s0"], site.manager.sessions["s0"].charge)
    assert site.manager.counts == (1, 0)
    site.manager.hold("s0")
    seen = site.manager.view("s0")
    assert (seen.held, seen.limit, seen.waited) == (True, 0.0, None)
    assert site.manager.counts == (0, 0)
    site.offline = lambda *_: True
    site.run(10)
    assert site.manager.view("s0").lost


def test_the_headroom_is_what_the_meter_leaves_until_it_is_blind() -> None:
    site = Site(LoadManagerConfig(50, 40), [single(0)], {}, base=lambda _: (10.0, 60.0, -5.0))
    site.run(20)
    assert site.manager.headroom == (40.0, -10.0, 55.0)
    start = site.now
    site.meter_lost = lambda now: now >= start
    site.run(10)
    assert site.manager.headroom is not None
    site.run(10)
    assert site.manager.headroom is None
