"""States of devices, from real Modbus servers to entities."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from homeassistant.helpers import device_registry as dr

from plant.scenario import DeviceSpec

from .support import METER, install_profiles

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from custom_components.legrand_ews.bus import TargetReading

    from .support import Panel

BREAKER = DeviceSpec(name="Main breaker", model="414930", address=11, at="mains")
CONTACTOR = DeviceSpec(name="Water heater", model="414931", address=12, at="sockets")
SIGNALS = DeviceSpec(name="Signals", model="026136", address=13, at="mains")
OUTPUT, OUTPUT_TYPE = 4207, 8714
"""Registers of the meter."""
MAPS = ("plant_ems_state", "plant_ems_contactor", "plant_signalling_interface")


async def test_a_trip_shows_within_one_status_poll(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, *MAPS)
    await panel.serve(BREAKER)
    await panel.set_up(status_poll_time=3)
    assert panel.state("Main breaker", "breaker") == "closed"
    assert panel.state("Main breaker", "breaker_trip") == "off"
    panel.unit(11).trip()
    await panel.wait(3)
    assert panel.state("Main breaker", "breaker") == "tripped"
    assert panel.state("Main breaker", "breaker_trip") == "on"


async def test_states_are_polled_at_their_own_pace(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, *MAPS)
    await panel.serve(BREAKER)
    await panel.set_up(measure_interval=10, status_poll_time=60)
    asked = panel.requests_to(11)
    await panel.wait(10)
    assert asked == []
    await panel.wait(60)
    assert asked


async def test_inputs_are_called_as_the_user_says(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, *MAPS)
    await panel.serve(SIGNALS)
    await panel.set_up(settings={"labels": {"input_3": "Pump fault"}})
    panel.unit(13).set_input(3)
    await panel.wait(60)
    shown = panel.shown("Signals", "input_3")
    assert (shown.state, shown.name) == ("on", "Signals Pump fault")
    assert panel.shown("Signals", "input_1").name == "Signals Input 1"


async def test_a_silent_unit_takes_only_its_own_states(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, *MAPS)
    await panel.serve(BREAKER, CONTACTOR)
    await panel.set_up(status_poll_time=3)
    panel.unit(11).faults.silent = True
    await panel.wait(3)
    assert panel.state("Main breaker", "breaker") == "unavailable"
    assert panel.state("Water heater", "contactor") == "on"


async def test_without_leave_an_output_is_only_shown(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, *MAPS)
    await panel.serve(CONTACTOR)
    await panel.set_up()
    assert panel.entity("Water heater", "contactor").startswith("binary_sensor.")


async def test_the_output_of_a_meter_is_there_for_those_who_want_it(
    panel: Panel,
    all_enabled: None,  # noqa: ARG001
) -> None:
    await panel.start(METER)
    assert panel.state("Mains", "output_1") in ("off", "unknown")


async def test_settings_are_read_only_where_they_are_shown(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, *MAPS)
    await panel.serve(SIGNALS)
    asked = panel.requests_to(13)
    await panel.set_up()
    assert [row for row in asked if row[:2] == (3, 0x0200)] == []


async def test_a_device_that_answers_a_command_is_no_longer_silent(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, *MAPS)
    entry = await panel.start(CONTACTOR, settings={"allow_commands": True})
    panel.unit(12).faults.silent = True
    await panel.wait(60)
    entity = panel.entity("Water heater", "contactor")
    assert panel.state("Water heater", "contactor") == "unavailable"
    panel.unit(12).faults.silent = False
    data = {"entity_id": entity}
    await hass.services.async_call("legrand_ews", "open_breaker", data, blocking=True)
    assert panel.state("Water heater", "contactor") == "off"
    assert entry.runtime_data.states[12].data.problem is None


async def test_the_latest_look_counts_and_none_is_left_behind(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, *MAPS)
    entry = await panel.start(BREAKER)
    states = entry.runtime_data.states[11]
    states.look_later(20)
    states.look_later(5)
    asked = panel.requests_to(11)
    await panel.wait(6)
    assert asked == []
    await panel.wait(20)
    assert asked
    states.look_later(5)
    await hass.config_entries.async_unload(entry.entry_id)
    asked.clear()
    states.look_later(5)
    await panel.wait(6)
    assert asked == []


async def test_states_go_and_come_back_with_the_gateway(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, *MAPS)
    entry = await panel.start(BREAKER)
    for refuse, shown, problem in ((True, "unavailable", "gateway"), (False, "closed", None)):
        await panel.plant.refuse(panel.gateway(), refuse=refuse)
        await panel.wait(60)
        assert panel.state("Main breaker", "breaker") == shown
        assert entry.runtime_data.states[11].data.problem == problem


async def test_what_a_command_read_back_during_a_poll_is_newer_than_the_poll(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, *MAPS)
    entry = await panel.start(CONTACTOR)
    states = entry.runtime_data.states[12]
    (device,) = states.devices.values()
    read = states.reader.read

    async def overtaken(*args: Any, **more: Any) -> list[TargetReading]:
        """Read; meanwhile a command reads back something else."""
        readings = await read(*args, **more)
        states.take(device, {"contactor": "off"})
        return readings

    states.reader.read = overtaken  # type: ignore[method-assign]
    await panel.wait(60)
    assert panel.state("Water heater", "contactor") == "off"
    states.reader.read = read  # type: ignore[method-assign]
    await panel.wait(60)
    assert panel.state("Water heater", "contactor") == "on"


async def test_nothing_is_asked_for_a_device_that_is_switched_off(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, *MAPS)
    entry = await panel.start(CONTACTOR)
    device = panel.device(entry, "Water heater")
    dr.async_get(hass).async_update_device(device.id, disabled_by=dr.DeviceEntryDisabler.USER)
    await panel.settle()
    asked = panel.requests_to(12)
    await panel.wait(60)
    assert asked == []


async def test_what_the_settings_of_a_meter_rule_out_is_not_asked_for(panel: Panel) -> None:
    await panel.start(METER)
    asked = panel.requests_to(1)
    await panel.wait(60)
    assert (3, OUTPUT, 1) not in asked
    await panel.wait(301)
    assert (3, OUTPUT_TYPE, 1) in asked


async def test_a_poll_that_asks_nothing_tells_nothing_of_the_unit(panel: Panel, all_enabled: None) -> None:  # noqa: ARG001
    await panel.start(METER)
    panel.unit(1).faults.silent = True
    await panel.wait(10)
    await panel.wait(60)
    assert panel.state("Mains", "answers") == "off"


async def test_an_output_that_may_be_commanded_is_asked_for_at_each_poll(panel: Panel) -> None:
    await panel.start(replace(METER, registers={"output_type": 2}))
    asked = panel.requests_to(1)
    await panel.wait(60)
    assert (3, OUTPUT, 1) in asked
