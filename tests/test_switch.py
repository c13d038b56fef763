"""Outputs and contactors: a switch where people may command them, a binary sensor where not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from homeassistant.exceptions import HomeAssistantError

from custom_components.legrand_ews.const import CONF_ALLOW_COMMANDS
from plant.scenario import DeviceSpec

from .station_support import EV_SOCKET, LEFT, RIGHT, STRIDE, start
from .support import install_profiles, subentry_id

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .support import Panel

HEATER = DeviceSpec(name="Water heater", model="414931", address=12, at="sockets")
SIGNALS = DeviceSpec(name="Signals", model="026136", address=13, at="mains")
ALLOWED = {"allow_commands": True}
OWN_MAP = """
id: mine
name: My own
source: my own measurements
confidence: inferred
models: ["412048"]
read: {function: 3, max_words: 16}
states:
  output_1: {address: 0x106F}
commands:
  output_1:
    "on": {address: 0x106F, value: 1}
    "off": {address: 0x106F, value: 0}
"""


def meter(output_type: int, model: str = "412045") -> DeviceSpec:
    """Return a meter whose output is set to something: 0 pulses, 1 alarms, 2 and 3 commands."""
    return DeviceSpec(name="Meter", model=model, address=1, at="mains", registers={"output_type": output_type})


async def turn(hass: HomeAssistant, entity: str, action: str) -> None:
    """Turn a switch on or off."""
    await hass.services.async_call("switch", f"turn_{action}", {"entity_id": entity}, blocking=True)


async def test_leave_makes_a_switch_of_a_binary_sensor_and_back(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, "plant_ems_contactor")
    entry = await panel.start(HEATER)
    before = panel.entity("Water heater", "contactor")
    assert before == "binary_sensor.water_heater_contactor"
    device = entry.subentries[subentry_id("Water heater")]
    for allowed, after in ((True, "switch.water_heater_contactor"), (False, before)):
        hass.config_entries.async_update_subentry(entry, device, data={**device.data, CONF_ALLOW_COMMANDS: allowed})
        await panel.wait(2)
        assert panel.entity("Water heater", "contactor") == after
        assert panel.state("Water heater", "contactor") == "on"
        of_state = [state.entity_id for state in hass.states.async_all() if state.entity_id.endswith("_contactor")]
        assert of_state == [after]


async def test_what_has_no_commands_stays_a_binary_sensor(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, "plant_signalling_interface")
    await panel.start(SIGNALS, settings=ALLOWED)
    assert panel.entity("Signals", "input_1").startswith("binary_sensor.")
    assert panel.entity("Signals", "output_6").startswith("switch.")


async def test_an_output_is_turned_on_and_off_and_has_the_users_name(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, "plant_signalling_interface")
    await panel.start(SIGNALS, settings={**ALLOWED, "labels": {"output_2": "Garden"}})
    assert panel.shown("Signals", "output_2").name == "Signals Garden"
    assert panel.shown("Signals", "output_1").name == "Signals Output 1"
    for action in ("on", "off"):
        await turn(hass, panel.entity("Signals", "output_2"), action)
        assert panel.state("Signals", "output_2") == action
        assert panel.unit(13).mechanism.word("output_2") == action
    assert panel.state("Signals", "output_1") == "off"


async def test_a_socket_of_a_station_is_a_switch_where_its_map_commands_it(hass: HomeAssistant, panel: Panel) -> None:
    _, bank = await start(hass, panel, LEFT, RIGHT, allow_commands=True)
    assert panel.entity("Left", "domestic_socket") == "binary_sensor.left_domestic_socket"
    assert panel.entity("Right", "ev_socket") == "switch.right_ev_socket"
    for action, raw in (("off", 0), ("on", 1)):
        await turn(hass, "switch.right_ev_socket", action)
        assert panel.state("Right", "ev_socket") == action
        assert (bank.words[EV_SOCKET], bank.words[STRIDE + EV_SOCKET]) == (1, raw)


async def test_somebody_at_the_device_is_seen_at_the_next_poll(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, "plant_ems_contactor")
    await panel.start(HEATER, settings=ALLOWED)
    panel.unit(12).hand("contactor", "off")
    await panel.wait(60)
    assert panel.state("Water heater", "contactor") == "off"


@pytest.mark.parametrize("output_type", [2, 3])
async def test_the_output_of_the_meter_4_120_45_is_commanded(
    hass: HomeAssistant, panel: Panel, output_type: int
) -> None:
    await panel.start(meter(output_type), settings=ALLOWED)
    entity = panel.entity("Meter", "output_1")
    await turn(hass, entity, "on")
    assert panel.state("Meter", "output_1") == "on"
    await turn(hass, entity, "off")
    assert panel.state("Meter", "output_1") == "off"


@pytest.mark.parametrize("output_type", [0, 1])
async def test_an_output_for_pulses_or_alarms_is_not_commanded(
    hass: HomeAssistant, panel: Panel, output_type: int
) -> None:
    await panel.start(meter(output_type), settings=ALLOWED)
    entity = panel.entity("Meter", "output_1")
    assert panel.state("Meter", "output_1") == "unknown"
    with pytest.raises(HomeAssistantError, match="does not allow it now"):
        await turn(hass, entity, "on")
    assert panel.unit(1).mechanism.word("output_1") == "off"


async def test_a_sister_product_is_not_commanded_by_a_guessed_map(panel: Panel) -> None:
    await panel.start(meter(2, "412048"), settings=ALLOWED)
    assert panel.entity("Meter", "output_1").startswith("binary_sensor.")
    assert panel.find("Meter", "output_1_pulse") is None


async def test_a_sister_product_is_commanded_by_the_users_own_map(hass: HomeAssistant, panel: Panel) -> None:
    (install_profiles(hass) / "mine.yaml").write_text(OWN_MAP, encoding="utf-8")
    await panel.start(meter(2, "412048"), settings=ALLOWED)
    await turn(hass, panel.entity("Meter", "output_1"), "on")
    assert panel.state("Meter", "output_1") == "on"
    assert panel.unit(1).mechanism.word("output_1") == "on"
