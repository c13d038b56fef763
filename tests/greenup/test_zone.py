"""The zones."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.greenup import LoadManagerConfig, Zone
from custom_components.legrand_ews.greenup.zone import next_zone

CONFIG = LoadManagerConfig(250, 230, 4)
currents = st.floats(-50, 400)


def test_the_readings_of_scenario_e1() -> None:
    zone, seen = Zone.GREEN, []
    for current in (229, 231, 251, 245, 240, 225, 220):
        zone = next_zone(zone, current, CONFIG)
        seen.append(zone)
    assert seen == [Zone.GREEN, Zone.YELLOW, Zone.RED, Zone.RED, Zone.YELLOW, Zone.YELLOW, Zone.GREEN]


def test_green_becomes_red_at_once() -> None:
    assert next_zone(Zone.GREEN, 250.1, CONFIG) is Zone.RED


@given(st.sampled_from(Zone), currents)
def test_up_at_once_down_only_under_the_hysteresis(before: Zone, current: float) -> None:
    after = next_zone(before, current, CONFIG)
    assert (after is Zone.RED) >= (current > 250)
    assert (after is Zone.GREEN) <= (current <= 230)
    assert (after is Zone.GREEN) >= (current <= 220)
    assert next_zone(after, current, CONFIG) is after


def test_equal_limits_know_no_yellow() -> None:
    config = LoadManagerConfig(63, 63)
    assert [next_zone(Zone.GREEN, current, config) for current in (63, 63.1)] == [Zone.GREEN, Zone.RED]
