"""The past balances, keeps to local time and is the same each time it is told."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plant.electrical import TOTAL, Installation, Load, NodeSpec
from plant.past import STEP, Past

from .support import FLOWS, installation

ZONE = "Europe/Paris"
DAY = 86_400
STARTS = st.integers(1_760_000_000 // STEP, 1_800_000_000 // STEP).map(lambda place: place * STEP)


def local(*given: int) -> int:
    """A local time of Paris as POSIX s."""
    return int(datetime(*given, tzinfo=ZoneInfo(ZONE)).timestamp())  # type: ignore[misc,arg-type]


def past(since: int, until: int, plant: Installation | None = None) -> Past:
    """The past of the small installation."""
    return Past(plant or installation(), since=since, until=until, zone=ZONE)


def watt_hours(told: Past, place: str, since: int, until: int) -> float:
    """What a place drew in a span."""
    powers = zip(told.steps, told.power(place, TOTAL), strict=True)
    return sum(power for start, power in powers if since <= start < until) * STEP / 3.6e6


@given(since=STARTS, steps=st.integers(1, 40))
@settings(max_examples=25, deadline=None)
def test_a_panel_carries_what_its_children_carry_in_every_step(since: int, steps: int) -> None:
    plant = installation()
    told = past(since, since + steps * STEP, plant)
    for node in plant.root.walk():
        if node.children:
            for terminal in range(4):
                rows = [told.power(child.name, terminal) for child in node.children]
                assert list(told.power(node.name, terminal)) == [sum(step) for step in zip(*rows, strict=True)]
        rows = [told.power(node.name, phase) for phase in range(3)]
        assert list(told.power(node.name, TOTAL)) == [sum(step) for step in zip(*rows, strict=True)]


def test_the_same_seed_tells_the_same_past_and_another_one_another() -> None:
    since = local(2026, 5, 4)
    first, same, other = (past(since, since + DAY, installation(seed=seed)) for seed in (3, 3, 4))
    assert first.power("mains", TOTAL) == same.power("mains", TOTAL) != other.power("mains", TOTAL)
    assert first.rate("water") == same.rate("water") != other.rate("water")


def test_a_day_is_the_same_in_whatever_span_it_is() -> None:
    since = local(2026, 5, 4)
    long, short = past(since - 3 * DAY, since + DAY), past(since, since + DAY)
    for place in ("mains", "compressor", "sun"):
        assert list(long.power(place, TOTAL))[-144:] == list(short.power(place, TOTAL))
    assert long.rate("gas")[-144:] == short.rate("gas")


def test_lighting_is_low_at_night_and_at_the_weekend() -> None:
    friday, saturday = local(2026, 5, 8), local(2026, 5, 9)
    told = past(friday, saturday + DAY)
    night, work = (watt_hours(told, "lighting", friday + hour * 3600, friday + (hour + 4) * 3600) for hour in (0, 10))
    free = watt_hours(told, "lighting", saturday + 10 * 3600, saturday + 14 * 3600)
    assert night * 3 < work
    assert free * 3 < work


@pytest.mark.parametrize(("month", "day", "hours"), [(3, 29, 23), (10, 25, 25), (6, 1, 24)])
def test_work_begins_at_the_same_local_time_on_days_of_any_length(month: int, day: int, hours: int) -> None:
    since, until = local(2026, month, day), local(2026, month, day + 1)
    assert until - since == hours * 3600
    told = past(since, until)
    assert len(told.power("mains", TOTAL)) == hours * 6
    sun = dict(zip(told.steps, told.power("sun", TOTAL), strict=True))
    dark = [start for start, power in sun.items() if power == 0]
    risen = local(2026, month, day, 7)
    assert all(start < risen or start >= local(2026, month, day, 20) for start in dark)
    assert sun[risen] < 0 == sun[local(2026, month, day, 4)]


def test_a_car_takes_what_it_needs_in_a_stay_and_nothing_while_away() -> None:
    spec = NodeSpec(name="car", shape="car_at_work", peak=11_000, battery=20_000)
    plant = Installation(NodeSpec(name="mains", children=(spec,)))
    monday, sunday = local(2026, 5, 4), local(2026, 5, 10)
    told = past(monday, sunday + DAY, plant)
    load = plant.nodes["car"]
    assert isinstance(load, Load)
    taken = watt_hours(told, "car", monday, monday + DAY)
    assert taken == pytest.approx(load.need(datetime(2026, 5, 4).toordinal()), rel=0.03)  # noqa: DTZ001
    assert watt_hours(told, "car", sunday, sunday + DAY) == 0
    assert max(told.power("car", TOTAL)) <= 11_000_000 * 1.05


def test_a_thermostat_is_on_for_its_share_of_the_time() -> None:
    noon = local(2026, 5, 4, 12)
    told = Past(installation(), since=noon, until=noon + 3600, zone=ZONE, step=420)
    assert told.power("compressor", TOTAL)[4] == pytest.approx(4_000_000 * 0.45, rel=0.25)
    fine = Past(installation(), since=noon, until=noon + 3600, zone=ZONE, step=60).power("compressor", TOTAL)
    assert min(fine) == 0
    assert max(fine) > 3_000_000


def test_the_past_draws_about_what_the_simulation_draws() -> None:
    start = datetime(2026, 5, 4)  # noqa: DTZ001
    plant = installation(start=start, tick=60.0)
    before = plant.nodes["panel"].index.imported[TOTAL]
    plant.advance(DAY)
    simulated = (plant.nodes["panel"].index.imported[TOTAL] - before) / 3.6e9
    since = local(2026, 5, 4)
    assert watt_hours(past(since, since + DAY), "panel", since, since + DAY) == pytest.approx(simulated, rel=0.1)


def test_reactive_power_and_voltage_belong_to_each_step() -> None:
    since = local(2026, 5, 4, 9)
    told = past(since, since + 3600)
    lagging, leading = told.reactive("compressor", 0), told.reactive("servers", 0)
    assert all(value >= 0 for value in lagging)
    assert all(value < 0 for value in leading)
    whole = [
        sum(step) for step in zip(*(told.reactive(name, 0) for name in ("panel", "sun", "compressor")), strict=True)
    ]
    assert told.reactive("mains", 0) == whole
    assert all(210_000 < value < 250_000 for phase in range(3) for value in told.voltage(phase))


def test_pipes_flow() -> None:
    since = local(2026, 5, 4)
    told = past(since, since + DAY)
    litres = {spec.name: sum(told.rate(spec.name)) * STEP / 3.6e6 for spec in FLOWS}
    assert 0.2 < litres["gas"] / (4000 * 24) < 0.8
    assert 0.2 < litres["water"] / (300 * 24) < 0.6
    with pytest.raises(KeyError):
        told.rate("oil")
    with pytest.raises(KeyError):
        told.power("nowhere", TOTAL)


def test_telling_the_past_leaves_the_installation_as_it_is() -> None:
    told, plain = installation(), installation()
    past(local(2026, 5, 4), local(2026, 5, 5), told)
    for plant in (told, plain):
        plant.advance(60)
    assert told.root.power == plain.root.power
    assert told.root.index == plain.root.index
