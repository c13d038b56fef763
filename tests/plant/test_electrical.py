"""The installation balances, whatever the time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plant.electrical import (
    MICRO,
    TOTAL,
    FlowSpec,
    Installation,
    Load,
    Node,
    NodeSpec,
    Noise,
)
from plant.shapes import SHAPES, Manner

from .support import MONDAY, TREE, installation

MOMENTS = st.datetimes(min_value=datetime(2025, 1, 1), max_value=datetime(2027, 1, 1))  # noqa: DTZ001
SECONDS = st.integers(min_value=0, max_value=400).map(lambda tenths: tenths * 7.3)


def flat(node: Node) -> list[int]:
    """Everything a place has counted, import and export of energy as their difference."""
    index = node.index
    net = [one - other for one, other in zip(index.imported, index.exported, strict=True)]
    return [*net, *index.apparent, *(value for row in index.reactive for value in row)]


def panels(node: Node) -> list[Node]:
    """All places with children."""
    return [place for place in node.walk() if place.children]


@settings(max_examples=25, deadline=None)
@given(start=MOMENTS, seconds=SECONDS, seed=st.integers(0, 9))
def test_parents_carry_exactly_what_their_children_carry(start: datetime, seconds: float, seed: int) -> None:
    plant = installation(start=start, seed=seed)
    plant.advance(seconds)
    for panel in panels(plant.root):
        for phase in range(3):
            assert panel.power[phase] == sum(child.power[phase] for child in panel.children)
            assert panel.reactive[phase] == sum(child.reactive[phase] for child in panel.children)
        assert panel.power[TOTAL] == sum(panel.power[:3])


@settings(max_examples=25, deadline=None)
@given(start=MOMENTS, seconds=SECONDS)
def test_what_parents_counted_is_what_their_children_counted(start: datetime, seconds: float) -> None:
    plant = installation(start=start)
    plant.advance(seconds)
    for panel in panels(plant.root):
        for place in range(4):
            net = panel.index.imported[place] - panel.index.exported[place]
            assert net == sum(child.index.imported[place] - child.index.exported[place] for child in panel.children)


@settings(max_examples=25, deadline=None)
@given(pieces=st.lists(st.integers(0, 90_000), max_size=12))
def test_the_way_through_time_does_not_matter(pieces: list[int]) -> None:
    at_once, in_pieces = installation(), installation()
    at_once.advance_to(sum(pieces))
    for piece in pieces:
        in_pieces.advance(piece / 1000)
    assert in_pieces.now == at_once.now == MONDAY + timedelta(milliseconds=sum(pieces))
    for one, other in zip(at_once.root.walk(), in_pieces.root.walk(), strict=True):
        assert flat(one) == flat(other)
        assert one.power == other.power
    assert [flow.index for flow in at_once.flows.values()] == [flow.index for flow in in_pieces.flows.values()]


def test_a_seed_gives_the_same_numbers_and_another_gives_others() -> None:
    first, same, other = installation(seed=3), installation(seed=3), installation(seed=4)
    for plant in (first, same, other):
        plant.advance(60)
    assert first.root.power == same.root.power
    assert first.root.index == same.root.index
    assert first.root.power != other.root.power


@settings(max_examples=20, deadline=None)
@given(seconds=st.integers(1, 3000))
def test_indexes_only_grow_and_by_what_flowed(seconds: int) -> None:
    plant = installation()
    sockets = plant.nodes["sockets"]
    before = sockets.index.imported[TOTAL]
    plant.advance(seconds)
    grown = (sockets.index.imported[TOTAL] - before) / (MICRO * 1e6)
    assert 0 < grown <= 6000 * 2 * seconds / 3600
    assert sockets.index.exported[TOTAL] == 0


def test_energy_is_the_integral_of_constant_power() -> None:
    plant = installation(tick=3600)
    sockets = plant.nodes["sockets"]
    power, before = list(sockets.power), list(sockets.index.imported)
    plant.advance(90)
    assert [now - then for now, then in zip(sockets.index.imported, before, strict=True)] == [
        watts * 90_000 for watts in power
    ]


def test_sun_makes_the_mains_export_at_noon_and_not_at_night() -> None:
    noon = installation(start=MONDAY.replace(hour=13))
    night = installation(start=MONDAY.replace(hour=1))
    assert noon.root.power[TOTAL] < 0
    assert night.root.power[TOTAL] > 0
    before = noon.root.index.exported[TOTAL]
    noon.advance(60)
    assert noon.root.index.exported[TOTAL] > before


def test_single_phase_loads_use_their_phase_only() -> None:
    lighting = installation().nodes["lighting"]
    assert lighting.power[0] == lighting.power[2] == 0 < lighting.power[1]


def test_quadrants_follow_direction_and_side() -> None:
    plant = installation(start=MONDAY.replace(hour=13))
    plant.advance(30)
    lagging, leading, feeding = (plant.nodes[name].index.reactive[TOTAL] for name in ("sockets", "servers", "sun"))
    assert lagging[0] > 0 == lagging[1] == lagging[2] == lagging[3]
    assert leading[1] > 0 == leading[0] == leading[2] == leading[3]
    assert feeding[3] > 0 == feeding[0] == feeding[1] == feeding[2]


class Tap:
    """An outlet that draws what it is told."""

    watts = 0

    def drawn(self) -> tuple[list[int], list[int]]:
        """One phase only."""
        return [self.watts * 1000, 0, 0], [0, 0, 0]


def test_an_outlet_decides_in_place_of_the_shape() -> None:
    plant, tap = installation(), Tap()
    load = plant.nodes["compressor"]
    assert isinstance(load, Load)
    load.outlet = tap
    plant.advance(5)
    assert load.power[TOTAL] == 0
    version, tap.watts = plant.version, 700
    plant.renew(load)
    assert load.power == [700_000, 0, 0, 700_000]
    assert plant.version > version
    assert plant.root.power[TOTAL] == sum(child.power[TOTAL] for child in plant.root.children)


def test_noise_stays_around_one() -> None:
    noise = Noise("x", 0.1)
    values = [noise.step() for _ in range(3000)]
    mean = sum(values) / len(values)
    spread = (sum((value - mean) ** 2 for value in values) / len(values)) ** 0.5
    assert mean == pytest.approx(1, abs=0.03)
    assert 0.05 < spread < 0.15
    assert min(Noise("x", 50).step() for _ in range(3)) >= 0


def car(**more: object) -> Installation:
    """A car at work and nothing else, early on Monday."""
    spec = NodeSpec(name="car", shape="car_at_work", peak=11000, battery=10_000)
    tree = NodeSpec(name="mains", children=(replace(spec, **more),))  # type: ignore[arg-type]
    return Installation(tree, start=MONDAY.replace(hour=8, minute=30), tick=10)


def test_a_car_charges_until_it_is_full() -> None:
    plant = car()
    node = plant.nodes["car"]
    before = node.index.imported[TOTAL]
    assert node.power[TOTAL] == pytest.approx(11_000_000, rel=0.05)
    plant.advance(3 * 3600)
    assert node.power[TOTAL] == 0
    assert 4000 <= (node.index.imported[TOTAL] - before) / (MICRO * 1e6) <= 10_100


def test_a_car_away_draws_nothing_and_a_limited_one_less() -> None:
    plant = car()
    node = plant.nodes["car"]
    assert isinstance(node, Load)
    node.limit = 6.0
    plant.advance(10)
    assert node.power[TOTAL] == pytest.approx(3 * 6 * 230 * 1000, rel=0.05)
    node.limit = 0.0
    plant.advance(10)
    assert node.power[TOTAL] == 0
    assert Installation(TREE, start=MONDAY).nodes["mains"].power[TOTAL] != 0
    assert car(shape="car_at_home").nodes["car"].power[TOTAL] == 0


def test_a_car_charges_again_the_next_day() -> None:
    plant = car(battery=2000.0)
    node = plant.nodes["car"]
    plant.advance(2 * 3600)
    first_day = node.index.imported[TOTAL]
    plant.advance(12 * 3600)
    assert node.index.imported[TOTAL] == first_day
    plant.advance(10 * 3600)
    assert 700 <= (node.index.imported[TOTAL] - first_day) / (MICRO * 1e6) <= 2100


def test_quarters_are_called_on_the_quarter() -> None:
    plant = installation(start=MONDAY.replace(minute=7, second=3), tick=20)
    seen: list[datetime] = []
    plant.on_quarter.append(lambda: seen.append(plant.now))
    plant.advance(2000)
    assert seen == [MONDAY.replace(minute=15), MONDAY.replace(minute=30)]


def test_voltage_extremes_contain_the_voltage() -> None:
    plant = installation()
    plant.advance(600)
    for volts, low, high in zip(plant.voltage, plant.voltage_low, plant.voltage_high, strict=True):
        assert low <= volts <= high
        assert 210_000 < volts < 250_000
    assert plant.frequency == pytest.approx(50, abs=0.2)


def test_pipes_count_litres() -> None:
    plant = installation()
    water = plant.flows["water"]
    assert water.index // MICRO == 5000 * 1_000_000
    plant.advance(3600)
    litres = (water.index // MICRO) / 1e6 - 5000
    assert 50 < litres < 600


def test_unknown_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="no shape"):
        Installation(NodeSpec(name="x", shape="nothing"))
    with pytest.raises(ValueError, match="no shape"):
        Installation(TREE, [FlowSpec(name="x", shape="nothing", peak=1)])
    with pytest.raises(ValueError, match="no shape"):
        Installation(NodeSpec(name="empty panel"))


def test_every_manner_is_in_use() -> None:
    assert {shape.manner for shape in SHAPES.values()} == set(Manner)


@given(
    st.lists(
        st.tuples(st.sampled_from(["mains", "panel", "sockets", "sun"]), st.integers(1, 2), st.booleans()), max_size=8
    )
)
@settings(max_examples=30, deadline=None)
def test_nothing_flows_behind_an_open_switch_and_the_rest_is_as_without(turns: list[tuple[str, int, bool]]) -> None:
    switched, plain = installation(), installation()
    opened: set[tuple[str, int]] = set()
    for place, name, closed in turns:
        switched.switch(place, name, closed=closed)
        (opened.discard if closed else opened.add)((place, name))
        switched.advance(7)
        plain.advance(7)
    above = {"sockets": ("mains", "panel", "sockets"), "servers": ("mains", "panel"), "sun": ("mains", "sun")}
    for load, ways in above.items():
        dead = any((way, name) in opened for way in ways for name in (1, 2))
        assert switched.nodes[load].power == ([0] * 4 if dead else plain.nodes[load].power)
    panel = switched.nodes["panel"]
    assert panel.power[3] == sum(child.power[3] for child in panel.children)


def test_energy_stands_still_behind_an_open_switch() -> None:
    plant = installation()
    plant.switch("panel", "breaker", closed=False)
    before = plant.nodes["servers"].index.imported[3]
    plant.advance(600)
    assert plant.nodes["servers"].index.imported[3] == before
    plant.switch("panel", "breaker", closed=True)
    plant.advance(600)
    assert plant.nodes["servers"].index.imported[3] > before
