"""Normal state and mode of outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from homeassistant.const import EntityCategory
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er

from plant.scenario import DeviceSpec

from .support import install_profiles

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .support import Panel

SIGNALS = DeviceSpec(name="Signals", model="026136", address=13, at="mains", settings={"output_2_mode": "blinking"})
RELAYS = DeviceSpec(name="Relays", model="028812", address=14, at="mains")
ALLOWED = {"allow_commands": True}


async def choose(hass: HomeAssistant, entity: str, option: str) -> None:
    """Choose an option."""
    await hass.services.async_call("select", "select_option", {"entity_id": entity, "option": option}, blocking=True)


@pytest.fixture
async def signals(hass: HomeAssistant, panel: Panel) -> Panel:
    """Return a panel with a device whose outputs have settings."""
    install_profiles(hass, "plant_signalling_interface")
    await panel.start(SIGNALS, settings={**ALLOWED, "labels": {"output_1": "Gate"}})
    return panel


async def test_it_shows_what_the_device_is_set_to(signals: Panel) -> None:
    mode = signals.shown("Signals", "output_2_mode")
    assert (mode.state, mode.attributes["options"]) == ("blinking", ["impulsive", "blinking"])
    assert mode.name == "Signals Output 2 mode"
    assert signals.shown("Signals", "output_1_mode").name == "Signals Gate mode"
    assert signals.state("Signals", "output_2_normal_state") == "no"


async def test_they_are_settings(hass: HomeAssistant, signals: Panel) -> None:
    row = er.async_get(hass).async_get(signals.entity("Signals", "output_1_normal_state"))
    assert row is not None
    assert row.entity_category is EntityCategory.CONFIG


async def test_a_choice_is_written_and_changes_the_relay(hass: HomeAssistant, signals: Panel) -> None:
    assert not signals.unit(13).mechanism.relay_closed("output_1")
    await choose(hass, signals.entity("Signals", "output_1_normal_state"), "nc")
    assert signals.state("Signals", "output_1_normal_state") == "nc"
    assert signals.unit(13).mechanism.relay_closed("output_1")


async def test_what_is_no_option_is_not_sent(hass: HomeAssistant, signals: Panel) -> None:
    with pytest.raises(ServiceValidationError):
        await choose(hass, signals.entity("Signals", "output_1_mode"), "maintained")
    assert signals.unit(13).mechanism.settings["output_1_mode"] == "impulsive"


async def test_a_refusal_shows_what_is(hass: HomeAssistant, signals: Panel) -> None:
    signals.unit(13).faults.refuse_writes = 1
    with pytest.raises(HomeAssistantError, match="answered with an error"):
        await choose(hass, signals.entity("Signals", "output_1_mode"), "blinking")
    assert signals.state("Signals", "output_1_mode") == "impulsive"


async def test_other_numbers_and_another_write(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, "plant_output_module")
    await panel.start(RELAYS, settings=ALLOWED)
    await choose(hass, panel.entity("Relays", "output_8_mode"), "blinking")
    assert panel.state("Relays", "output_8_mode") == "blinking"
    assert panel.unit(14).mechanism.settings["output_8_mode"] == "blinking"


async def test_without_leave_there_are_no_settings(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, "plant_signalling_interface")
    await panel.start(SIGNALS)
    assert hass.states.async_entity_ids(("select", "number")) == []
