"""Whether a gateway can be reached; what is on or off of devices, and what of it is there at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNKNOWN, EntityCategory
from homeassistant.helpers import entity_registry as er

from custom_components.legrand_ews.const import DOMAIN
from plant.scenario import DeviceSpec

from .station_support import ERRORS, LEFT, start
from .support import METER, SOCKETS, install_profiles

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .support import Panel

BREAKER = DeviceSpec(name="Breaker", model="414930", address=11, at="sockets", registers={"link_1": 12})
MOULDED = DeviceSpec(name="Moulded case", model="dpx3_250_electronic", address=15, at="sockets")
INTERFACE = DeviceSpec(name="Interface", model="414940", address=18, at="mains")
SIGNALS = DeviceSpec(name="Signals", model="026136", address=13, at="mains")
ALARMS = DeviceSpec(name="Meter", model="412045", address=1, at="mains", registers={"output_type": 1})


async def test_connectivity_of_a_gateway(panel: Panel) -> None:
    await panel.serve(METER)
    entry = await panel.set_up()
    registry = er.async_get(panel.hass)
    entity = registry.async_get_entity_id("binary_sensor", DOMAIN, f"{entry.entry_id}_connected")
    assert entity == "binary_sensor.panel_connectivity"
    row = registry.async_get(entity)
    assert row is not None
    assert row.entity_category is EntityCategory.DIAGNOSTIC
    assert row.original_device_class is BinarySensorDeviceClass.CONNECTIVITY
    assert row.device_id == panel.device(entry).id


async def test_it_is_unknown_until_something_was_asked(panel: Panel) -> None:
    entry = await panel.start()
    assert panel.link(entry, "connected") == STATE_UNKNOWN


async def test_it_follows_the_gateway_at_once(panel: Panel) -> None:
    entry = await panel.start(METER)
    assert panel.link(entry, "connected") == STATE_ON
    await panel.plant.refuse(panel.gateway())
    await panel.wait()
    assert panel.link(entry, "connected") == STATE_OFF
    await panel.plant.refuse(panel.gateway(), refuse=False)
    await panel.wait()
    assert panel.link(entry, "connected") == STATE_ON


async def test_a_silent_device_is_not_the_gateways_fault(panel: Panel) -> None:
    entry = await panel.start(METER)
    panel.unit(1).faults.silent = True
    await panel.wait(31)
    assert panel.link(entry, "connected") == STATE_ON


async def test_inputs_and_outputs_are_on_or_off(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, "plant_signalling_interface")
    await panel.start(SIGNALS)
    panel.unit(13).set_input(8)
    panel.unit(13).hand("output_3", "on")
    await panel.wait(60)
    on = {key for key in ("input_1", "input_8", "output_2", "output_3") if panel.state("Signals", key) == "on"}
    assert on == {"input_8", "output_3"}
    assert "device_class" not in panel.shown("Signals", "input_8").attributes


@pytest.mark.parametrize(
    ("spec", "profile", "key"),
    [
        (BREAKER, "plant_ems_state", "configuration_error"),
        (BREAKER, "plant_ems_state", "duplicated"),
        (MOULDED, "plant_dpx3_state", "preset"),
        (INTERFACE, "plant_ems_interface", "bus_fault"),
    ],
)
async def test_an_alarm_is_a_problem_while_it_lasts(
    hass: HomeAssistant, panel: Panel, spec: DeviceSpec, profile: str, key: str
) -> None:
    install_profiles(hass, profile)
    await panel.start(spec)
    assert (panel.state(spec.name, key), panel.shown(spec.name, key).attributes["device_class"]) == ("off", "problem")
    for on in (True, False):
        panel.unit(spec.address).alarm(key, on=on)
        await panel.wait(60)
        assert panel.state(spec.name, key) == ("on" if on else "off")


async def test_errors_of_a_station_are_problems_with_the_maps_names(hass: HomeAssistant, panel: Panel) -> None:
    _, bank = await start(hass, panel, LEFT)
    for raw, on in ((0, set()), (1, {"lock"}), (2, {"diode"}), (3, {"lock", "diode"})):
        bank.words[ERRORS] = raw
        await panel.wait()
        assert {key for key in ("lock", "diode") if panel.state("Left", key) == "on"} == on
    shown = panel.shown("Left", "lock")
    assert (shown.name, shown.attributes["device_class"]) == ("Left Lock", "problem")


async def test_what_sensors_show_of_a_station_is_no_binary_sensor(hass: HomeAssistant, panel: Panel) -> None:
    await start(hass, panel, LEFT)
    shown = {state.entity_id for state in hass.states.async_all("binary_sensor")}
    own = {"left_connectivity", "left_lock", "left_diode", "left_ev_socket", "left_domestic_socket"}
    assert {entity for entity in shown if "left" in entity} == {f"binary_sensor.{name}" for name in own}


async def test_an_open_breaker_has_not_tripped(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, "plant_dpx3_state")
    await panel.start(MOULDED)
    for word, trip in (("open", "off"), ("closed", "off"), ("tripped", "on")):
        panel.unit(15).hand("breaker", word)
        await panel.wait(60)
        assert panel.state("Moulded case", "breaker_trip") == trip


async def test_a_link_that_fails_is_a_problem(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, "plant_ems_state")
    await panel.start(BREAKER)
    assert panel.state("Breaker", "link_error") == "off"
    for on in (True, False):
        panel.unit(11).link_error(1, on=on)
        await panel.wait(60)
        assert panel.state("Breaker", "link_error") == ("on" if on else "off")
    panel.unit(11).faults.silent = True
    await panel.wait(60)
    assert panel.state("Breaker", "link_error") == "unavailable"


async def test_a_module_without_links_has_no_link_error(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, "plant_dpx3_state")
    await panel.start(MOULDED)
    assert panel.find("Moulded case", "link_error") is None


async def test_outputs_and_alarms_of_meters_wait_to_be_switched_on(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(ALARMS)
    for key in ("output_1", "threshold_alarm"):
        row = er.async_get(hass).async_get(panel.entity("Meter", key))
        assert row is not None
        assert row.disabled_by is er.RegistryEntryDisabler.INTEGRATION


async def test_the_alarm_of_a_meter_where_it_is_switched_on(
    panel: Panel,
    all_enabled: None,  # noqa: ARG001
) -> None:
    await panel.start(ALARMS)
    assert (panel.state("Meter", "threshold_alarm"), panel.state("Meter", "output_1")) == ("off", "unknown")
    panel.unit(1).alarm("threshold_alarm")
    await panel.wait(60)
    assert (panel.state("Meter", "threshold_alarm"), panel.state("Meter", "output_1")) == ("on", "unknown")


async def test_a_meters_output_that_people_may_switch_is_there_at_once(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(ALARMS, settings={"allow_commands": True})
    assert hass.states.get(panel.entity("Meter", "output_1")) is not None
    assert panel.entity("Meter", "output_1").startswith("switch.")


async def test_a_device_tells_whether_it_answers(panel: Panel) -> None:
    await panel.start(METER, SOCKETS)
    assert panel.state("Mains", "answers") == "on"
    panel.unit(1).faults.silent = True
    await panel.wait()
    assert (panel.state("Mains", "answers"), panel.state("Sockets", "answers")) == ("off", "on")
    panel.unit(1).faults.silent = False
    await panel.wait()
    await panel.wait(20)
    assert panel.state("Mains", "answers") == "on"
