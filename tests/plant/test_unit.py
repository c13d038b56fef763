"""A unit's indexes can be set, and its values can stand still."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from plant.image import Section
from plant.instrument import Unconnected
from plant.meter import Meter
from plant.row import Refused
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


BREAKER = profile_of(states={"breaker": {"address": 0, "values": {0: "open", 1: "closed", 2: "tripped"}}})
DRIVE = profile_of(
    commands={"breaker": {"open": {"address": 8, "write": 6, "value": 1}, "close": {"address": 8, "value": 2}}}
)


def switch_at(plant: Installation, place: str = "panel") -> Unit:
    """A state module and a control module at one address, at a place."""
    sections = {
        name: Section(profile=profile, source=Unconnected(), place=place)
        for name, profile in (("State", BREAKER), ("Drive", DRIVE))
    }
    return Unit(7, sections, plant)


def test_modules_at_one_address_share_the_breaker_and_cut_what_lies_behind() -> None:
    plant = installation()
    unit = switch_at(plant)
    before = plant.nodes["panel"].power[3]
    assert before > 0
    unit.write(6, 8, [1])
    assert unit.read(3, 0, 1) == [0]
    assert plant.nodes["panel"].power == plant.nodes["servers"].power == [0] * 4
    unit.write(16, 8, [2])
    assert unit.read(3, 0, 1) == [1]
    assert plant.nodes["panel"].power[3] == before


def test_a_tripped_breaker_cuts_until_all_is_well() -> None:
    plant = installation()
    unit = switch_at(plant)
    unit.trip()
    plant.advance(60)
    assert unit.read(3, 0, 1) == [2]
    assert plant.nodes["panel"].power == [0] * 4
    unit.clear()
    assert plant.nodes["panel"].power[3] > 0


def test_a_breaker_that_starts_open_cuts_from_the_start() -> None:
    plant = installation()
    Unit(7, {"State": Section(profile=BREAKER, source=Unconnected(), states={"breaker": "open"}, place="sun")}, plant)
    assert plant.nodes["sun"].power == [0] * 4


def test_a_late_breaker_cuts_when_it_moves() -> None:
    plant = installation()
    unit = switch_at(plant)
    unit.faults.mechanism_delay = 10
    unit.write(6, 8, [1])
    plant.advance(9)
    assert plant.nodes["panel"].power[3] > 0
    plant.advance(1)
    assert plant.nodes["panel"].power[3] == 0


def test_a_frozen_unit_shows_the_state_it_had() -> None:
    unit = switch_at(installation())
    unit.freeze()
    unit.trip()
    assert unit.read(3, 0, 1) == [1]
    unit.freeze(frozen=False)
    assert unit.read(3, 0, 1) == [2]


def test_inputs_alarms_and_what_is_not_there() -> None:
    profile = profile_of(states={"input_3": {"address": 0}, "threshold_alarm": {"address": 1}})
    unit = Unit(1, {"it": Section(profile=profile, source=Unconnected())}, installation())
    unit.set_input(3)
    unit.alarm("threshold_alarm")
    assert unit.read(3, 0, 2) == [1, 1]
    unit.set_input(3, on=False)
    unit.alarm("threshold_alarm", on=False)
    assert unit.read(3, 0, 2) == [0, 0]
    with pytest.raises(ValueError, match="there is no state breaker"):
        unit.trip()
    with pytest.raises(ValueError, match="no clock"):
        unit.set_clock_offset(1)
    with pytest.raises(ValueError, match="no link 1"):
        unit.link_error(1)
