"""Registers of states, settings, links and the clock, read and written."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from custom_components.legrand_ews.catalog import DataType, Profile, Space
from plant.image import Section
from plant.instrument import Unconnected
from plant.row import Refused
from plant.unit import Unit

from .support import MONDAY, catalog, installation, profile_of, state_word

WITH_STATES = sorted(name for name, profile in catalog().profiles.items() if profile.states)
WITH_CLOCK = sorted(name for name, profile in catalog().profiles.items() if profile.clock)
READ = {Space.COIL: 1, Space.DISCRETE: 2, Space.HOLDING: 3, Space.INPUT: 4}


def unit_of(profile: Profile, raw: dict[str, int] | None = None) -> Unit:
    """A unit with this map; its time stands still."""
    return Unit(1, {"it": Section(profile=profile, source=Unconnected(), raw=raw or {})}, installation())


def made(raw: dict[str, int] | None = None, **fields: Any) -> Unit:
    """A unit with this plain map."""
    return unit_of(profile_of(**fields), raw)


def shown(unit: Unit, key: str) -> str | None:
    """A state as the bus shows it."""
    state = unit.sections["it"].profile.states[key]
    return state_word(state, lambda register: unit.read(READ[register.space], register.address, register.words))


@pytest.mark.parametrize("name", WITH_STATES)
def test_every_word_of_every_state_of_every_map_comes_back(name: str) -> None:
    profile = catalog().profiles[name]
    for key, state in profile.states.items():
        held = {state.valid_if.register: min(state.valid_if.values)} if state.valid_if else {}
        unit = unit_of(profile, held)
        words = unit.mechanism.parts[key].words
        assert len(words) >= 2
        for word in words:
            unit.mechanism.parts[key].word = word
            unit.mechanism.version += 1
            assert shown(unit, key) == word


@pytest.mark.parametrize("name", WITH_CLOCK)
def test_every_clock_shows_the_plants_time_until_it_is_set(name: str) -> None:
    unit = unit_of(catalog().profiles[name])
    clock = unit.sections["it"].profile.clock
    assert clock is not None
    before = unit.read(3, clock.address, clock.words)
    assert unit.mechanism.clock == MONDAY
    unit.set_clock_offset(86_400 * 3 + 125)
    words = unit.read(3, clock.address, clock.words)
    assert words != before
    unit.mechanism.clear()
    unit.write(16, clock.address, words)
    assert unit.mechanism.clock == MONDAY + timedelta(days=3, seconds=125)


def test_a_socomec_clock_is_six_words() -> None:
    unit = unit_of(catalog().profiles["socomec_countis_e34"])
    assert unit.read(3, 0xE100, 6) == [2, 3, 2026, 9, 0, 0]
    with pytest.raises(Refused) as refused:
        unit.write(16, 0xE100, [31, 2, 2026, 9, 0, 0])
    assert refused.value.code == 3
    assert unit.read(3, 0xE100, 6) == [2, 3, 2026, 9, 0, 0]


SHARED = {
    "registers": {"output_type": {"address": 1}},
    "states": {
        "output_1": {"address": 0, "valid_if": {"register": "output_type", "in": [2, 3]}},
        "threshold_alarm": {"address": 0, "valid_if": {"register": "output_type", "in": [1]}},
    },
}


def test_conditions_choose_among_states_of_one_register_even_after_a_write() -> None:
    unit = made({"output_type": 2}, **SHARED)
    unit.alarm("threshold_alarm")
    assert unit.read(3, 0, 2) == [0, 2]
    unit.write(6, 1, [1])
    assert unit.read(3, 0, 2) == [1, 1]
    unit.write(6, 1, [0])
    assert unit.read(3, 0, 2) == [0, 0]


@pytest.mark.parametrize(("kind", "after"), [(0, [0, 0]), (1, [0, 0]), (2, [1, 1]), (3, [1, 0])])
def test_the_output_of_a_412045_obeys_by_its_type(kind: int, after: list[int]) -> None:
    unit = unit_of(catalog().profiles["ime_nemo_0x1000"], {"output_type": kind})
    unit.write(16, 0x106F, [1])
    seen = unit.read(3, 0x106F, 1)
    unit._installation.advance(1)
    assert [*seen, *unit.read(3, 0x106F, 1)] == after


def test_a_timed_relay_closes_for_as_long_as_its_register_says() -> None:
    fields = {
        "registers": {"output_type": {"address": 0x220A}, "closing_time": {"address": 0x220E}},
        "states": {"output_1": {"address": 0x106F}},
        "commands": {"output_1": {"pulse": {"address": 0x106F, "value": 1}}},
    }
    unit = made({"closing_time": 20}, **fields)
    unit.write(16, 0x106F, [1])
    unit._installation.advance(19)
    assert unit.read(3, 0x106F, 1) == [1]
    unit._installation.advance(1)
    assert unit.read(3, 0x106F, 1) == [0]


def test_a_breaker_that_cannot_say_tripped_says_open() -> None:
    unit = made(states={"breaker": {"address": 0, "values": {3: "open", 5: "closed"}}})
    unit.trip()
    assert unit.read(3, 0, 1) == [3]


def test_states_cannot_be_written_where_no_command_goes() -> None:
    unit = made(states={"contactor": {"address": 0}})
    with pytest.raises(Refused) as refused:
        unit.write(6, 0, [0])
    assert refused.value.code == 2


SETTINGS = {
    "states": {"output_1": {"address": 0}},
    "commands": {"output_1": {"on": {"address": 0x10, "value": 1}}},
    "settings": {
        "output_1_normal_state": {"address": 1, "values": {1: "no", 2: "nc"}, "write": 6},
        "output_1_on_time": {"address": 2, "type": "u32", "unit": "min", "maximum": 60, "word_order": "little"},
    },
}


def test_settings_are_read_written_and_obeyed() -> None:
    unit = made(**SETTINGS)
    assert unit.read(3, 1, 3) == [1, 0, 0]
    unit.write(6, 1, [2])
    unit.write(16, 2, [2, 0])
    assert unit.read(3, 1, 3) == [2, 2, 0]
    assert unit.mechanism.settings == {"output_1_normal_state": "nc", "output_1_on_time": 120.0}
    unit.write(16, 0x10, [1])
    unit._installation.advance(119)
    assert unit.read(3, 0, 1) == [1]
    unit._installation.advance(1)
    assert unit.read(3, 0, 1) == [0]


@pytest.mark.parametrize(
    ("function", "address", "values", "code"),
    [(16, 1, [2], 1), (6, 2, [5], 1), (6, 1, [3], 3), (16, 2, [61, 0], 3)],
)
def test_settings_that_cannot_be(function: int, address: int, values: list[int], code: int) -> None:
    unit = made(**SETTINGS)
    with pytest.raises(Refused) as refused:
        unit.write(function, address, values)
    assert refused.value.code == code
    assert unit.read(3, 1, 3) == [1, 0, 0]


def test_links_show_partner_and_error() -> None:
    unit = made(
        {"link_2": 7},
        links=[
            {"role": "event", "partner": {"address": 0}, "error": {"address": 2, "type": "bit", "bit": 0}},
            {"role": "action", "partner": {"address": 1}, "error": {"address": 2, "type": "bit", "bit": 4}},
        ],
    )
    assert unit.read(3, 0, 3) == [0, 7, 0]
    unit.link_error(2)
    assert unit.read(3, 0, 3) == [0, 7, 0x10]
    unit.link_error(2, on=False)
    assert unit.read(3, 0, 3) == [0, 7, 0]
    with pytest.raises(ValueError, match="no link 3"):
        unit.link_error(3)


def test_a_register_of_a_command_is_there_and_says_nothing() -> None:
    unit = made(commands={"breaker": {"open": {"address": 0x40, "value": [1, 2]}}})
    assert unit.read(3, 0x40, 2) == [0, 0]
    assert unit.sections["it"].profile.states == {}


def test_the_formats_are_all_in_use() -> None:
    own = [profile for profile in catalog().profiles.values() if profile.user]
    commands = [command for profile in own for command in profile.commands.values()]
    assert {(write.space, write.single) for row in commands for write in row.writes} == {
        (Space.HOLDING, True),
        (Space.HOLDING, False),
        (Space.COIL, True),
        (Space.COIL, False),
    }
    assert any(len(row.writes) > 1 for row in commands)
    states = [state for profile in own for state in profile.states.values()]
    told = [register for state in states for register in (state.register, *state.contacts.values()) if register]
    assert {register.space for register in told} == {*Space}
    assert {register.type for register in told} >= {DataType.BIT, DataType.U16}
    assert any(profile.links for profile in own)
    assert {bool(profile.clock.fields) for profile in own if profile.clock} == {True, False}
