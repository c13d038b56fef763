"""The map of a pulse meter, made from that of its concentrator."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.catalog import Profile, pulse_meter_profile
from custom_components.legrand_ews.catalog.build import build_profile

PULSES = {"address": 0x100, "stride": 2, "type": "u32"}


def carrier(**measures: dict[str, Any]) -> Profile:
    """A concentrator of three inputs."""
    fields = {
        "id": "carrier",
        "name": "Carrier",
        "source": "a test",
        "confidence": "manufacturer",
        "inputs": {"count": 3, "measures": measures or {"pulses": PULSES}},
    }
    profile, problems = build_profile(fields, path="carrier.yaml", user=True)
    assert not problems
    assert profile is not None
    return profile


@given(st.integers(1, 3), st.decimals("0.001", "100000", places=3))
def test_pulses_are_counted_as_what_one_stands_for(position: int, per_pulse: Decimal) -> None:
    profile = pulse_meter_profile(carrier(), position, "energy_import", per_pulse)
    (measure,) = profile.measures.values()
    (part,) = measure.parts
    assert measure.key == "energy_import"
    assert part.address == 0x100 + 2 * (position - 1)
    assert part.scale == per_pulse
    assert measure.modulus == 2**32 * per_pulse


def test_the_rest_of_the_map_stays() -> None:
    profile = pulse_meter_profile(carrier(), 1, "volume", Decimal(10))
    assert (profile.id, profile.name, profile.read) == ("carrier", "Carrier", carrier().read)
    assert profile.inputs is None


def test_an_input_that_already_gives_the_quantity_is_taken_as_it_is() -> None:
    energy = {"address": 0x200, "stride": 4, "type": "u32", "unit": "kWh"}
    profile = pulse_meter_profile(carrier(pulses=PULSES, energy_import=energy), 2, "energy_import", Decimal(7))
    (measure,) = profile.measures.values()
    assert measure.parts[0].address == 0x204
    assert measure.parts[0].scale == 1000


def test_an_input_without_pulses_gives_nothing_else() -> None:
    energy = {"address": 0x200, "stride": 4, "type": "u32", "unit": "kWh"}
    assert pulse_meter_profile(carrier(energy_import=energy), 1, "volume", Decimal(1)).measures == {}


def test_a_counter_whose_end_is_not_known_has_none_as_a_meter_either() -> None:
    profile = pulse_meter_profile(carrier(pulses={**PULSES, "type": "f32"}), 1, "energy_import", Decimal(10))
    assert profile.measures["energy_import"].modulus is None


@pytest.mark.parametrize("position", [0, 4])
def test_an_input_that_is_not_there(position: int) -> None:
    with pytest.raises(ValueError, match=f"carrier has no input {position}"):
        pulse_meter_profile(carrier(), position, "energy_import", Decimal(1))
