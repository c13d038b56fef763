"""A meter sees its place as it is wired."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plant.electrical import TOTAL, Installation
from plant.terminals import Terminals

from .support import MONDAY, installation

PLACES = ("mains", "panel", "sockets", "lighting", "servers", "sun", "compressor")


def wires(plant: Installation, place: str = "panel", **more: object) -> Terminals:
    """A meter at a place."""
    return Terminals(plant, plant.nodes[place], **more)  # type: ignore[arg-type]


@settings(max_examples=30, deadline=None)
@given(hour=st.integers(0, 23), place=st.sampled_from(PLACES))
def test_values_of_a_moment_fit_together(hour: int, place: str) -> None:
    seen = wires(installation(start=MONDAY.replace(hour=hour)), place)
    for terminal in range(3):
        power, reactive, apparent = seen.power(terminal), seen.reactive_power(terminal), seen.apparent_power(terminal)
        voltage, current = seen.voltage(terminal), seen.current(terminal)
        assert None not in (power, reactive, apparent, voltage, current)
        assert power**2 + reactive**2 == pytest.approx(apparent**2, rel=1e-3, abs=1)  # type: ignore[operator]
        assert voltage * current == pytest.approx(apparent, rel=1e-6, abs=1e-6)  # type: ignore[operator]
        factor = seen.power_factor(terminal)
        assert factor is not None
        assert 0 <= abs(factor) <= 1
        assert abs(factor) * apparent == pytest.approx(abs(power), rel=1e-3, abs=1)  # type: ignore[arg-type, operator]
    assert seen.power(TOTAL) == pytest.approx(sum(seen.power(phase) or 0 for phase in range(3)), abs=1e-6)


def test_downstream_turns_power_and_swaps_energies() -> None:
    plant = installation(start=MONDAY.replace(hour=13))
    plant.advance(60)
    up, down = wires(plant, "mains"), wires(plant, "mains", downstream=True)
    assert up.power(TOTAL) < 0 < down.power(TOTAL)  # type: ignore[operator]
    assert down.power(TOTAL) == -up.power(TOTAL)  # type: ignore[operator]
    assert down.reactive_power(0) == -up.reactive_power(0)  # type: ignore[operator]
    assert down.energy(TOTAL) == up.energy(TOTAL, export=True)
    assert down.energy(TOTAL, export=True) == up.energy(TOTAL)
    for quadrant in range(4):
        assert down.reactive_energy(TOTAL, (quadrant,)) == up.reactive_energy(TOTAL, ((quadrant + 2) % 4,))
    assert down.apparent_energy(TOTAL) == up.apparent_energy(TOTAL)


def test_a_single_phase_meter_sees_the_phase_behind_its_terminal() -> None:
    plant = installation()
    seen = wires(plant, "panel", phases=(2,))
    whole = wires(plant, "panel")
    assert seen.power(TOTAL) == seen.power(0) == whole.power(1)
    assert seen.voltage(0) == whole.voltage(1)
    assert seen.energy(TOTAL) == whole.energy(1)
    assert seen.neutral_current() == seen.current(0)
    assert seen.voltage(1) is None
    assert seen.line_voltage(0) is None
    assert seen.average(seen.voltage) == whole.voltage(1)
    assert seen.energy(2) == seen.reactive_energy(2, (0,)) == seen.apparent_energy(2) == 0
    for reader in (seen.reactive_power, seen.apparent_power, seen.power_factor, seen.current, seen.angle, seen.sector):
        assert reader(1) is None
    assert seen.voltage_extreme(1, high=True) is None
    assert seen.angle_between(0, current=True) is None
    assert seen.distortion(1, current=True) is seen.crest(1, current=True) is None
    assert seen.line_distortion(0) is seen.line_crest(0) is None


def test_sides_of_the_power_factor() -> None:
    plant = installation()
    lagging, leading = wires(plant, "sockets"), wires(plant, "servers", phases=(1,))
    assert lagging.sector(0) == "inductive"
    assert lagging.power_factor(0) > 0  # type: ignore[operator]
    assert leading.sector(0) == "capacitive"
    assert leading.power_factor(0) < 0  # type: ignore[operator]
    idle = wires(plant, "lighting")
    assert idle.sector(0) == "unity"
    assert idle.power_factor(0) == 1


def test_line_voltages_and_angles() -> None:
    seen = wires(installation(), "compressor")
    assert seen.line_voltage(0) == pytest.approx(399, abs=8)
    assert sum(seen.angle_between(pair, current=False) or 0 for pair in range(3)) == pytest.approx(360)
    assert sum(seen.angle_between(pair, current=True) or 0 for pair in range(3)) % 360 == pytest.approx(0, abs=1e-6)


def test_the_neutral_carries_what_does_not_cancel_out() -> None:
    plant = installation()
    single = wires(plant, "lighting")
    assert single.neutral_current() == pytest.approx(single.current(1))
    balanced = wires(plant, "compressor")
    assert balanced.neutral_current() < 0.25 * (balanced.current(0) or 1)  # type: ignore[operator]


def test_distortion_falls_with_load() -> None:
    plant = installation()
    loaded, idle = wires(plant, "lighting", phases=(2,)), wires(plant, "lighting", phases=(1,))
    assert loaded.distortion(0, current=True) < idle.distortion(0, current=True)  # type: ignore[operator]
    assert 1 < loaded.distortion(0, current=False) < 5  # type: ignore[operator]
    assert 1.41 < loaded.crest(0, current=False) < 1.6  # type: ignore[operator]
    assert wires(plant).line_crest(0) > 1.41  # type: ignore[operator]
