"""Buttons: breakers, timed outputs, modules that are commanded only, clocks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError

from custom_components.legrand_ews.alarms import Kind
from custom_components.legrand_ews.clock_sync import wall_clock
from custom_components.legrand_ews.journal import DATA_JOURNAL
from plant.scenario import DeviceSpec

from .support import COUNTER, METER, install_profiles

if TYPE_CHECKING:
    from homeassistant.auth.models import User
    from homeassistant.core import HomeAssistant

    from .support import Panel

BREAKER = DeviceSpec(name="Breaker", model="414930", address=11, at="sockets")
MOTOR = DeviceSpec(name="Motor", model="414932", address=11, at="sockets")
HEATER = DeviceSpec(name="Water heater", model="414931", address=12, at="sockets")
SIGNALS = DeviceSpec(name="Signals", model="026136", address=13, at="mains")
RELAYS = DeviceSpec(name="Relays", model="028812", address=14, at="mains")
MOULDED = DeviceSpec(name="Moulded case", model="dpx3_250_electronic", address=15, at="sockets")
ALLOWED = {"allow_commands": True}
OWN_MAP = """
id: mine
name: My own
source: my own measurements
confidence: inferred
models: ["414930"]
read: {function: 4, max_words: 32}
states:
  breaker:
    contacts:
      closed: {address: 0x0000, function: 2, type: bit}
      tripped: {address: 0x0002, function: 2, type: bit}
commands:
  breaker:
    open: {address: 0x4800, write: 6, value: 1, within: 0.5}
    close:
      writes:
        - {address: 0x48F0, write: 16, value: [0xA5A5, 1]}
        - {address: 0x4800, write: 6, value: 2}
      within: 0.5
"""


async def press(hass: HomeAssistant, entity: str, context: Context | None = None) -> None:
    """Press a button."""
    await hass.services.async_call("button", "press", {"entity_id": entity}, blocking=True, context=context)


def results(hass: HomeAssistant) -> list[str]:
    """Return what the journal tells of commands, newest first."""
    return [row.details["result"] for row in hass.data[DATA_JOURNAL].journal.select(kinds=[Kind.COMMAND])]


async def test_a_module_that_only_commands_is_seen_through_its_sister_soon(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, "plant_ems_state", "plant_ems_control")
    await panel.start(BREAKER, MOTOR, settings=ALLOWED)
    assert panel.shown("Motor", "breaker_open").name == "Motor Breaker open"
    await press(hass, panel.entity("Motor", "breaker_open"))
    assert panel.unit(11).mechanism.word("breaker") == "open"
    assert results(hass) == ["accepted"]
    await panel.wait(3)
    assert panel.state("Breaker", "breaker") == "open"
    await press(hass, panel.entity("Motor", "breaker_close"))
    await panel.wait(10)
    assert panel.state("Breaker", "breaker") == "closed"
    assert results(hass) == ["accepted", "accepted"]


async def test_a_state_module_itself_has_no_commands(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, "plant_ems_state")
    await panel.start(BREAKER, settings=ALLOWED)
    assert panel.find("Breaker", "breaker_open") is None


async def test_a_breaker_is_opened_and_closed_and_does_not_close_while_tripped(
    hass: HomeAssistant, panel: Panel
) -> None:
    (install_profiles(hass) / "mine.yaml").write_text(OWN_MAP, encoding="utf-8")
    await panel.serve(BREAKER, MOTOR)
    await panel.set_up(devices=(BREAKER,), settings=ALLOWED)
    open_it, close_it = panel.entity("Breaker", "breaker_open"), panel.entity("Breaker", "breaker_close")
    await press(hass, open_it)
    assert panel.state("Breaker", "breaker") == "open"
    await press(hass, close_it)
    assert panel.state("Breaker", "breaker") == "closed"
    panel.unit(11).trip()
    with pytest.raises(HomeAssistantError, match="reads back tripped"):
        await press(hass, close_it)
    assert (panel.state("Breaker", "breaker"), panel.state("Breaker", "breaker_trip")) == ("tripped", "on")
    assert results(hass) == ["failed", "confirmed", "confirmed"]


async def test_buttons_are_for_what_no_switch_does(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, "plant_ems_contactor", "plant_signalling_interface", "plant_output_module")
    await panel.start(HEATER, SIGNALS, RELAYS, settings=ALLOWED)
    assert panel.find("Water heater", "contactor_open") is None
    for device in ("Signals", "Relays"):
        assert panel.find(device, "output_1_on") is None
        assert panel.entity(device, "output_1_pulse").startswith("button.")
        assert panel.entity(device, "output_1_blink").startswith("button.")


async def test_without_leave_there_are_no_buttons(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, "plant_ems_control", "plant_signalling_interface")
    await panel.start(MOTOR, SIGNALS)
    assert hass.states.async_entity_ids("button") == []


async def test_a_pulse_lasts_as_long_as_the_device_is_set_and_no_longer(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, "plant_signalling_interface")
    await panel.start(replace(SIGNALS, settings={"output_1_on_time": 5.0}), settings=ALLOWED)
    await press(hass, panel.entity("Signals", "output_1_pulse"))
    await panel.wait(3)
    assert panel.state("Signals", "output_1") == "on"
    await panel.wait(60)
    assert panel.state("Signals", "output_1") == "off"
    assert results(hass) == ["accepted"]


async def test_a_pulse_without_an_end_is_not_begun(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, "plant_signalling_interface")
    await panel.start(SIGNALS, settings=ALLOWED)
    with pytest.raises(HomeAssistantError, match="does not time this"):
        await press(hass, panel.entity("Signals", "output_1_pulse"))
    assert panel.unit(13).mechanism.word("output_1") == "off"
    assert results(hass) == ["failed"]


async def test_the_timed_output_of_a_meter(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(replace(METER, registers={"output_type": 3}), settings=ALLOWED)
    await press(hass, panel.entity("Mains", "output_1_pulse"))
    assert panel.unit(1).mechanism.word("output_1") == "on"
    assert panel.find("Mains", "output_1_blink") is None


async def test_buttons_say_what_the_user_calls_an_output(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, "plant_signalling_interface")
    await panel.start(SIGNALS, settings={**ALLOWED, "labels": {"output_1": "Gate"}})
    assert panel.shown("Signals", "output_1_pulse").name == "Signals Gate pulse"
    assert panel.shown("Signals", "output_2_blink").name == "Signals Output 2 blink"


async def test_a_clock_is_set_by_whom_presses(hass: HomeAssistant, panel: Panel, hass_admin_user: User) -> None:
    install_profiles(hass, "plant_dpx3_state")
    await panel.start(MOULDED)
    panel.unit(15).set_clock_offset(7200)
    await press(hass, panel.entity("Moulded case", "sync_clock"), Context(user_id=hass_admin_user.id))
    assert abs((panel.unit(15).mechanism.clock - wall_clock()).total_seconds()) < 60
    (entry,) = hass.data[DATA_JOURNAL].journal.select(kinds=[Kind.CLOCK])
    assert (entry.event, entry.user, entry.device) == ("clock_set", hass_admin_user.name, "Moulded case")


async def test_a_device_without_a_map_has_no_buttons(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(COUNTER, settings=ALLOWED)
    assert hass.states.async_entity_ids("button") == []
