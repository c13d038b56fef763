"""A unit's indexes can be set, and its values can stand still."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from plant.image import Refused, Section
from plant.meter import Meter
from plant.terminals import Terminals
from plant.unit import Unit

from .support import installation, profile_of

if TYPE_CHECKING:
    from plant.electrical import Installation

PROFILE = profile_of(
    read={"groups": [{"start": 0, "words": 10}]},
    measures={
        "energy_import": {"address": 0, "type": "u32", "scale": 10, "unit": "Wh"},
        "energy_export": {"address": 2, "type": "u16", "unit": "kWh"},
        "power": {"address": 4, "type": "s32"},
        "output_states": {"address": 6},
    },
)


def unit_at(plant: Installation, place: str = "panel") -> Unit:
    """A unit with a meter of 10 Wh steps."""
    meter = Meter(Terminals(plant, plant.nodes[place]), PROFILE.measures)
    return Unit(5, {"Meter": Section(profile=PROFILE, source=meter)}, plant)


def energy(unit: Unit) -> int:
    """The raw index of imported energy."""
    high, low = unit.read(3, 0, 2)
    return (high << 16) + low


def test_values_follow_the_installation() -> None:
    plant = installation()
    unit = unit_at(plant)
    before, power = energy(unit), unit.read(3, 4, 2)
    plant.advance(600)
    assert energy(unit) > before
    assert unit.read(3, 4, 2) != power


def test_a_reset_index_counts_from_zero() -> None:
    plant = installation()
    unit = unit_at(plant)
    assert unit.reset("energy_import") == ["Meter: energy_import"]
    assert energy(unit) == 0
    assert unit.read(3, 2, 1) != [0] or plant.nodes["panel"].index.exported[3] == 0
    plant.advance(3600)
    assert 0 < energy(unit) < 1000
    unit.restore()
    assert energy(unit) > 10_000


def test_an_index_rolls_over() -> None:
    plant = installation()
    unit = unit_at(plant)
    assert unit.roll_over() == ["Meter: energy_import", "Meter: energy_export"]
    assert energy(unit) == (1 << 32) - 3
    assert unit.read(3, 2, 1) == [65536 - 3]
    plant.advance(3600)
    assert energy(unit) < 1000


def test_how_far_below_the_rollover() -> None:
    unit = unit_at(installation())
    unit.roll_over("energy_import", "Meter", Decimal(5000))
    assert energy(unit) == (1 << 32) - 500
    assert unit.roll_over("energy_import", "Other") == unit.reset("power") == []


def test_frozen_values_stand_still() -> None:
    plant = installation()
    unit = unit_at(plant)
    unit.freeze()
    assert unit.frozen
    before = unit.read(3, 0, 6)
    plant.advance(900)
    assert unit.read(3, 0, 6) == before
    unit.freeze(frozen=False)
    assert not unit.frozen
    assert unit.read(3, 0, 6) != before


def test_writes_go_where_their_function_says() -> None:
    unit = unit_at(installation())
    unit.write(6, 6, [1])
    assert unit.read(3, 6, 1) == unit.read(6, 6, 1) == [1]
    with pytest.raises(Refused):
        unit.write(5, 6, [1])
    with pytest.raises(Refused):
        unit.write(16, 0, [1, 2])
