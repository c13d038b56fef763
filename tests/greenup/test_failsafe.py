"""Without a meter."""

from __future__ import annotations

import pytest

from custom_components.legrand_ews.greenup import LoadManagerConfig, Mode, Zone

from .site import NOTHING, Car, Site, single

HOUR = 3600.0


def site_of(mode: Mode, base: float, **config: float) -> Site:
    stations = [single(number, priority=number == 3) for number in range(5)]
    settings = LoadManagerConfig(63, 63, mode=mode, **config)  # type: ignore[arg-type]
    return Site(settings, stations, {one.id: Car(16) for one in stations}, base=lambda _: (base, 0.0, 0.0))


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("how", ["meter_lost", "meter_frozen"])
def test_the_blind_budget_holds_then_nobody_charges_then_all_is_as_before(mode: Mode, how: str) -> None:
    site = site_of(mode, 30)
    site.run(HOUR)
    before = sum(limit > 0 for limit in site.orders.values())
    start = site.now
    setattr(site, how, lambda now: start <= now < start + HOUR)
    site.run(60)
    assert site.plan is not None
    assert site.plan.zone is Zone.BLIND
    blind = {key: limit for key, limit in site.orders.items() if limit}
    assert set(blind.values()) == {6.0}
    assert "s3" in blind
    assert sum(blind.values()) + 1.1 * 30 <= 63
    site.run(280)
    assert not any(site.orders.values())
    site.run(2 * HOUR)
    assert sum(limit > 0 for limit in site.orders.values()) == before
    assert site.longest == 0


def test_a_longer_blind_time_can_be_chosen() -> None:
    site = site_of(Mode.CONTINUOUS, 30, stop_after=2 * HOUR)
    site.run(HOUR)
    site.meter_lost = lambda _: True
    site.run(HOUR)
    assert sum(site.orders.values()) == 30


def test_a_high_base_load_in_the_past_narrows_the_budget() -> None:
    site = site_of(Mode.CONTINUOUS, 0)
    site.base = lambda now: (50.0 if now < 600 else 0.0, 0.0, 0.0)
    site.run(HOUR)
    site.meter_lost = lambda _: True
    site.run(60)
    assert sum(site.orders.values()) == 6


def test_without_any_reading_nobody_starts() -> None:
    site = site_of(Mode.CONTINUOUS, 0)
    site.meter_lost = lambda _: True
    site.run(600)
    assert not any(site.orders.values())
    assert site.plan is not None
    assert site.plan.orders["s1"].reason == "waiting: the meter does not answer"


def test_export_is_room() -> None:
    site = Site(LoadManagerConfig(16, 16), [single(1)], {"s1": Car()}, base=lambda _: (-16.0, 0.0, 0.0))
    site.run(300)
    assert site.orders["s1"] == pytest.approx(31.5, abs=0.5)
    assert site.longest == 0


def test_an_unread_meter_is_not_blind_yet() -> None:
    site = Site(LoadManagerConfig(16, 16), [single(1)], {}, base=lambda _: NOTHING)
    site.run(10)
    assert site.plan is not None
    assert site.plan.zone is Zone.GREEN
