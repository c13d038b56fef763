"""What all entities of states have in common: names, availability, and leaving when there is no reason to stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component

from plant.faults import ExceptionOn
from plant.scenario import DeviceSpec

from .support import install_profiles, subentry_id

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .support import Panel

BREAKER = DeviceSpec(name="Breaker", model="414930", address=11, at="sockets")
SIGNALS = DeviceSpec(name="Signals", model="026136", address=13, at="mains")
ALLOWED = {"allow_commands": True}


async def test_entities_belong_to_the_device_and_its_subentry(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, "plant_signalling_interface")
    entry = await panel.start(SIGNALS, settings=ALLOWED)
    for key in ("input_1", "output_1", "output_1_mode", "output_1_on_time", "output_1_pulse"):
        row = er.async_get(hass).async_get(panel.entity("Signals", key))
        assert row is not None
        assert row.device_id == panel.device(entry, "Signals").id
        assert row.config_subentry_id == subentry_id("Signals")


async def test_labels_name_a_breaker_and_its_sensors(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, "plant_ems_state")
    await panel.start(BREAKER, settings={"labels": {"breaker": "Main feeder"}})
    assert panel.shown("Breaker", "breaker").name == "Breaker Main feeder"
    assert panel.shown("Breaker", "breaker_trip").name == "Breaker Trip"
    assert panel.shown("Breaker", "duplicated").name == "Breaker Duplicated function"
    assert panel.shown("Breaker", "configuration_error").name == "Breaker Configuration error"


async def test_what_the_map_no_longer_has_leaves_the_registry(hass: HomeAssistant, panel: Panel) -> None:
    folder = install_profiles(hass, "plant_signalling_interface")
    await panel.start(SIGNALS, settings=ALLOWED)
    gone = ("input_8", "output_6", "output_6_pulse", "output_6_mode", "output_6_on_time")
    assert None not in [panel.find("Signals", key) for key in gone]
    path = folder / "plant_signalling_interface.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    first = lines.index("  output_6:")
    kept = [*lines[:first], *lines[first + 4 :]]
    rest = [line for line in kept if not line.lstrip().startswith(("output_6", "input_8"))]
    path.write_text("\n".join(rest), encoding="utf-8")
    await hass.services.async_call("legrand_ews", "reload", blocking=True)
    await panel.settle()
    assert [panel.find("Signals", key) for key in gone] == [None] * len(gone)
    assert panel.state("Signals", "input_7") == "off"
    assert panel.link(hass.config_entries.async_entries("legrand_ews")[0], "connected") == "on"


async def test_what_the_user_switched_off_stays_off_and_stays(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, "plant_signalling_interface")
    entry = await panel.start(SIGNALS)
    entity = panel.entity("Signals", "input_8")
    er.async_get(hass).async_update_entity(entity, disabled_by=er.RegistryEntryDisabler.USER)
    await hass.config_entries.async_reload(entry.entry_id)
    await panel.settle()
    assert panel.find("Signals", "input_8") == entity
    assert hass.states.get(entity) is None


async def test_what_cannot_be_read_is_unavailable_and_the_rest_is_not(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, "plant_signalling_interface")
    await panel.serve(SIGNALS)
    panel.unit(13).faults.exceptions.append(ExceptionOn(code=2, first=0x0200, last=0x0200))
    await panel.set_up(settings=ALLOWED)
    assert panel.state("Signals", "output_1_normal_state") == "unavailable"
    assert panel.state("Signals", "output_1_mode") != "unavailable"
    assert panel.state("Signals", "input_1") == "off"


async def test_people_can_ask_for_a_poll(hass: HomeAssistant, panel: Panel) -> None:
    await async_setup_component(hass, "homeassistant", {})
    install_profiles(hass, "plant_signalling_interface")
    await panel.start(SIGNALS)
    panel.unit(13).set_input(1)
    data = {"entity_id": panel.entity("Signals", "input_1")}
    await hass.services.async_call("homeassistant", "update_entity", data, blocking=True)
    assert panel.state("Signals", "input_1") == "on"
