"""Sensors of breakers, choices, links between modules, and the alarms of the site."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry  # type: ignore[import-untyped]

from custom_components.legrand_ews.const import DOMAIN
from plant.scenario import DeviceSpec

from .station_support import CHARGE, LEFT, RIGHT, STATION, STRIDE, start
from .support import install_profiles

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant, State

    from .support import Panel

BREAKER = DeviceSpec(name="Breaker", model="414930", address=11, at="sockets", registers={"link_1": 12, "link_2": 99})
HEATER = DeviceSpec(name="Water heater", model="414931", address=12, at="sockets", registers={"link_1": 11})
POWER_BREAKER = DeviceSpec(name="Air breaker", model="028800", address=16, at="mains", states={"position": "test"})
CONTACTS = DeviceSpec(name="Contacts", model="414929", address=17, at="mains")
MAPS = ("plant_ems_state", "plant_ems_contactor", "plant_dmx3_state", "plant_ems_contacts")


@pytest.mark.parametrize("spec", [BREAKER, POWER_BREAKER, CONTACTS])
async def test_a_breaker_has_three_states_however_it_tells_them(
    hass: HomeAssistant, panel: Panel, spec: DeviceSpec
) -> None:
    install_profiles(hass, *MAPS)
    await panel.start(spec)
    shown = panel.shown(spec.name, "breaker")
    assert (shown.attributes["device_class"], shown.attributes["options"]) == ("enum", ["open", "closed", "tripped"])
    unit = panel.unit(spec.address)
    for word in ("open", "closed", "tripped"):
        unit.hand("breaker", word)
        await panel.wait(60)
        assert panel.state(spec.name, "breaker") == word


async def test_contradictory_contacts_are_unknown(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, *MAPS)
    await panel.start(BREAKER)
    read = panel.unit(11).read
    panel.unit(11).read = lambda *args: [1, 1, 0, 0][: args[2]] if args[0] == 2 else read(*args)  # type: ignore[method-assign]
    await panel.wait(60)
    assert panel.state("Breaker", "breaker") == "unknown"
    assert panel.state("Breaker", "breaker_trip") == "unknown"


async def test_a_choice_of_a_maps_own(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, *MAPS)
    await panel.start(POWER_BREAKER)
    shown = panel.shown("Air breaker", "position")
    assert (shown.state, shown.name) == ("test", "Air breaker Position")
    assert shown.attributes["options"] == ["inserted", "test", "drawn out"]
    panel.unit(16).hand("position", "drawn out")
    await panel.wait(60)
    assert panel.state("Air breaker", "position") == "drawn out"


async def test_a_station_tells_of_itself_and_of_the_charge_side_by_side(hass: HomeAssistant, panel: Panel) -> None:
    _, bank = await start(hass, panel, LEFT, RIGHT)
    assert panel.shown("Left", "charge").attributes["options"] == ["free", "waiting", "charging", "done", "fault"]
    assert panel.shown("Left", "station").attributes["options"] == ["off", "on", "managed", "fault"]
    for raw, word in enumerate(("free", "waiting", "charging", "done", "fault")):
        bank.words |= {CHARGE: raw, STRIDE + CHARGE: 4 - raw}
        await panel.wait()
        assert panel.state("Left", "charge") == word
        assert (panel.state("Right", "charge") == word) is (word == "charging")
        assert panel.state("Left", "station") == panel.state("Right", "station") == "managed"
    bank.words |= {CHARGE: 9, STRIDE + STATION: 0}
    await panel.wait()
    assert (panel.state("Left", "charge"), panel.state("Right", "station")) == ("unknown", "off")


async def test_links_tell_of_the_other_module(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, *MAPS)
    await panel.start(BREAKER, HEATER)
    shown = panel.shown("Breaker", "links")
    assert shown.state == "2"
    assert shown.attributes["links"] == [
        {"role": "event", "address": 12, "device": "Water heater", "error": False},
        {"role": "event", "address": 99, "device": None, "error": False},
    ]
    assert panel.shown("Water heater", "links").attributes["links"][0]["role"] == "action"
    panel.unit(11).link_error(2)
    await panel.wait(60)
    assert [link["error"] for link in panel.shown("Breaker", "links").attributes["links"]] == [False, True]


async def test_without_links_there_are_none_and_a_silent_module_has_no_number(
    hass: HomeAssistant, panel: Panel
) -> None:
    install_profiles(hass, *MAPS)
    await panel.start(replace(BREAKER, registers={}))
    assert panel.state("Breaker", "links") == "0"
    panel.unit(11).faults.silent = True
    await panel.wait(60)
    assert panel.state("Breaker", "links") == "unavailable"


async def test_the_installation_counts_the_alarms_that_are_on(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, *MAPS)
    await panel.start(BREAKER)
    site = MockConfigEntry(domain=DOMAIN, title="Site", data={"kind": "installation"})
    site.add_to_hass(hass)
    assert await hass.config_entries.async_setup(site.entry_id)
    await panel.settle()
    entity = er.async_get(hass).async_get_entity_id("sensor", DOMAIN, f"{site.entry_id}_active_alarms")
    assert entity is not None

    def shown() -> State:
        """Return the sensor as it is now."""
        state = hass.states.get(entity)
        assert state is not None
        return state

    assert shown().state == "0"
    panel.unit(11).trip()
    await panel.wait(60)
    assert shown().state == "1"
    (alarm,) = shown().attributes["alarms"]
    assert (alarm["device"], alarm["event"], alarm["text"]) == ("Breaker", "breaker_tripped", "Breaker tripped")
    panel.unit(11).hand("breaker", "open")
    await panel.wait(60)
    assert shown().state == "0"
