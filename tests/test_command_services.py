"""Actions that command devices: what their targets mean, who may, what is refused before anything is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import voluptuous as vol
from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized, UnknownUser
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import label_registry as lr

from custom_components.legrand_ews.alarms import Kind
from custom_components.legrand_ews.clock_sync import wall_clock
from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.journal import DATA_JOURNAL
from plant.scenario import DeviceSpec

from .support import COUNTER, METER, install_profiles

if TYPE_CHECKING:
    from homeassistant.auth.models import User
    from homeassistant.core import HomeAssistant

    from custom_components.legrand_ews.coordinator import GatewayConfigEntry

    from .support import Panel

HEATER = DeviceSpec(name="Water heater", model="414931", address=12, at="sockets")
PUMP = DeviceSpec(name="Pump", model="414931", address=22, at="sockets")
SIGNALS = DeviceSpec(name="Signals", model="026136", address=13, at="mains")
RELAYS = DeviceSpec(name="Relays", model="028812", address=14, at="mains")
MOULDED = DeviceSpec(name="Moulded case", model="dpx3_250_electronic", address=15, at="sockets")
MOTOR = DeviceSpec(name="Motor", model="414932", address=11, at="sockets")
MAPS = (
    "plant_ems_contactor",
    "plant_signalling_interface",
    "plant_output_module",
    "plant_dpx3_state",
    "plant_ems_control",
)
ALLOWED = {"allow_commands": True}
TWO_BREAKERS = """
id: mine
name: My own
source: my own measurements
confidence: inferred
models: ["414932"]
read: {function: 4, max_words: 8}
commands:
  breaker_1:
    open: {address: 0x4800, write: 6, value: 1}
  breaker_2:
    open: {address: 0x4801, write: 6, value: 1}
"""


async def act(panel: Panel, action: str, context: Context | None = None, **data: Any) -> None:
    """Carry out an action of the integration."""
    await panel.hass.services.async_call(DOMAIN, action, data, blocking=True, context=context)


async def start(panel: Panel, *specs: DeviceSpec) -> GatewayConfigEntry:
    """Start devices that take commands."""
    install_profiles(panel.hass, *MAPS)
    return await panel.start(*specs, settings=ALLOWED)


def word(panel: Panel, spec: DeviceSpec, key: str) -> str:
    """Return how something really stands."""
    return panel.unit(spec.address).mechanism.word(key)


def journal(hass: HomeAssistant, kind: Kind = Kind.COMMAND) -> list[dict[str, Any]]:
    """Return the entries of one kind, newest first."""
    return [row.as_dict() for row in hass.data[DATA_JOURNAL].journal.select(kinds=[kind])]


async def test_a_contactor_by_its_entity(panel: Panel) -> None:
    await start(panel, HEATER)
    entity = panel.entity("Water heater", "contactor")
    await act(panel, "open_breaker", entity_id=entity)
    assert (word(panel, HEATER, "contactor"), panel.state("Water heater", "contactor")) == ("off", "off")
    await act(panel, "close_breaker", entity_id=entity)
    assert (word(panel, HEATER, "contactor"), panel.state("Water heater", "contactor")) == ("on", "on")


@pytest.mark.parametrize("key", ["output_2", "output_2_mode", "output_2_on_time", "output_2_pulse"])
async def test_each_entity_of_an_output_stands_for_it(panel: Panel, key: str) -> None:
    await start(panel, SIGNALS)
    await act(panel, "switch_output", entity_id=panel.entity("Signals", key), turn_on=True)
    assert word(panel, SIGNALS, "output_2") == "on"
    assert word(panel, SIGNALS, "output_1") == "off"


async def test_a_device_with_one_state_needs_no_number(panel: Panel) -> None:
    entry = await start(panel, HEATER)
    device = panel.device(entry, "Water heater").id
    await act(panel, "open_breaker", device_id=device)
    assert word(panel, HEATER, "contactor") == "off"
    await act(panel, "close_breaker", device_id=device, breaker=1)
    assert word(panel, HEATER, "contactor") == "on"
    with pytest.raises(ServiceValidationError) as info:
        await act(panel, "open_breaker", device_id=device, breaker=2)
    assert info.value.translation_key == "no_such_state"


async def test_a_device_with_several_outputs_needs_their_number(panel: Panel) -> None:
    entry = await start(panel, SIGNALS)
    device = panel.device(entry, "Signals").id
    with pytest.raises(ServiceValidationError) as info:
        await act(panel, "switch_output", device_id=device, turn_on=True)
    assert info.value.translation_key == "which_state"
    assert "output_1, output_2" in str(info.value)
    await act(panel, "switch_output", device_id=device, turn_on=True, output=4)
    on = [number for number in range(1, 7) if word(panel, SIGNALS, f"output_{number}") == "on"]
    assert on == [4]


async def test_a_device_with_several_breakers_that_are_only_commanded(panel: Panel) -> None:
    (install_profiles(panel.hass) / "mine.yaml").write_text(TWO_BREAKERS, encoding="utf-8")
    await panel.serve(MOTOR)
    entry = await panel.set_up(settings=ALLOWED)
    device = panel.device(entry, "Motor").id
    with pytest.raises(ServiceValidationError, match="breaker_1, breaker_2"):
        await act(panel, "open_breaker", device_id=device)
    assert word(panel, MOTOR, "breaker") == "closed"
    await act(panel, "open_breaker", device_id=device, breaker=1)
    assert word(panel, MOTOR, "breaker") == "open"


async def test_an_area_means_what_can_be_commanded_there(panel: Panel) -> None:
    entry = await start(panel, HEATER, PUMP, SIGNALS, replace(METER, model="412048"))
    area = ar.async_get(panel.hass).async_create("Cellar")
    registry = dr.async_get(panel.hass)
    for name in ("Water heater", "Pump", "Mains"):
        registry.async_update_device(panel.device(entry, name).id, area_id=area.id)
    await act(panel, "open_breaker", area_id=area.id)
    assert (word(panel, HEATER, "contactor"), word(panel, PUMP, "contactor")) == ("off", "off")
    with pytest.raises(ServiceValidationError) as info:
        await act(panel, "switch_output", area_id=area.id, output=1, turn_on=True)
    assert info.value.translation_key == "no_target"


async def test_a_label_on_an_entity_means_that_one(panel: Panel) -> None:
    await start(panel, SIGNALS)
    label = lr.async_get(panel.hass).async_create("Garden")
    entity = panel.entity("Signals", "output_3")
    er.async_get(panel.hass).async_update_entity(entity, labels={label.label_id})
    await act(panel, "switch_output", label_id=label.label_id, turn_on=True)
    assert word(panel, SIGNALS, "output_3") == "on"
    assert word(panel, SIGNALS, "output_2") == "off"


async def test_what_is_meant_twice_is_done_once(panel: Panel) -> None:
    entry = await start(panel, HEATER)
    device, entity = panel.device(entry, "Water heater").id, panel.entity("Water heater", "contactor")
    await act(panel, "open_breaker", device_id=device, entity_id=entity)
    assert [row["event"] for row in journal(panel.hass)] == ["command_done"]


async def test_one_device_that_fails_does_not_keep_the_others(panel: Panel) -> None:
    await start(panel, HEATER, PUMP)
    panel.unit(12).faults.refuse_writes = 1
    both = [panel.entity(name, "contactor") for name in ("Water heater", "Pump")]
    with pytest.raises(HomeAssistantError, match="Water heater refused"):
        await act(panel, "open_breaker", entity_id=both)
    assert (word(panel, HEATER, "contactor"), word(panel, PUMP, "contactor")) == ("on", "off")


async def test_nothing_is_sent_where_one_of_several_targets_is_wrong(panel: Panel) -> None:
    await start(panel, HEATER, METER)
    wrong = [panel.entity("Water heater", "contactor"), panel.entity("Mains", "power")]
    with pytest.raises(ServiceValidationError) as info:
        await act(panel, "open_breaker", entity_id=wrong)
    assert info.value.translation_key == "no_such_state"
    assert word(panel, HEATER, "contactor") == "on"


async def test_targets_of_others_are_refused(panel: Panel) -> None:
    entry = await start(panel, HEATER)
    other = dr.async_get(panel.hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={("other", "1")}, name="Lamp"
    )
    for target in (
        {"entity_id": "light.kitchen"},
        {"entity_id": "binary_sensor.panel_connectivity"},
        {"device_id": panel.device(entry).id},
        {"device_id": other.id},
        {"device_id": "nothing"},
    ):
        with pytest.raises(ServiceValidationError) as info:
            await act(panel, "open_breaker", None, **target)
        assert info.value.translation_key == "not_ours", target


async def test_a_device_of_a_gateway_that_is_not_loaded_is_refused(panel: Panel) -> None:
    entry = await start(panel, HEATER)
    entity = panel.entity("Water heater", "contactor")
    await panel.hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(ServiceValidationError):
        await act(panel, "open_breaker", entity_id=entity)


async def test_an_empty_area_is_no_target(panel: Panel) -> None:
    await start(panel, HEATER)
    area = ar.async_get(panel.hass).async_create("Attic")
    with pytest.raises(ServiceValidationError) as info:
        await act(panel, "open_breaker", area_id=area.id)
    assert info.value.translation_key == "no_target"


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("open_breaker", {}),
        ("open_breaker", {"entity_id": "switch.x", "breaker": 0}),
        ("switch_output", {"entity_id": "switch.x"}),
        ("pulse_output", {"entity_id": "switch.x", "duration": 0}),
        ("pulse_output", {"entity_id": "switch.x", "duration": 86401}),
        ("blink_output", {"entity_id": "switch.x", "cadence": -1}),
        ("configure_output", {"entity_id": "switch.x", "mode": "maintained"}),
        ("configure_output", {"entity_id": "switch.x", "normal_state": "open"}),
    ],
)
async def test_what_makes_no_sense_is_refused(panel: Panel, action: str, data: dict[str, Any]) -> None:
    await panel.load_integration()
    with pytest.raises(vol.Invalid):
        await act(panel, action, **data)


async def test_a_pulse_with_its_duration(panel: Panel) -> None:
    await start(panel, SIGNALS)
    entity = panel.entity("Signals", "output_1")
    await act(panel, "pulse_output", entity_id=entity, duration=7)
    assert panel.number("Signals", "output_1_on_time") == 7
    assert word(panel, SIGNALS, "output_1") == "on"
    panel.plant.advance(8)
    assert word(panel, SIGNALS, "output_1") == "off"


async def test_blinking_goes_on_until_it_is_turned_off(panel: Panel) -> None:
    await start(panel, RELAYS)
    entity = panel.entity("Relays", "output_5")
    await act(panel, "blink_output", entity_id=entity, cadence=2)
    seen = []
    for _ in range(4):
        seen.append(word(panel, RELAYS, "output_5"))
        panel.plant.advance(2)
    assert seen == ["on", "off", "on", "off"]
    await act(panel, "switch_output", entity_id=entity, turn_on=False)
    panel.plant.advance(2)
    assert word(panel, RELAYS, "output_5") == "off"


async def test_settings_are_written_together(panel: Panel) -> None:
    await start(panel, SIGNALS)
    entity = panel.entity("Signals", "output_1")
    await act(panel, "configure_output", entity_id=entity, normal_state="nc", mode="blinking", on_time=30)
    shown = {key: panel.state("Signals", f"output_1_{key}") for key in ("normal_state", "mode", "on_time")}
    assert shown == {"normal_state": "nc", "mode": "blinking", "on_time": "30.0"}
    settings = panel.unit(13).mechanism.settings
    assert [settings[f"output_1_{key}"] for key in shown] == ["nc", "blinking", 30]
    assert [(row["subject"], row["details"]["command"]) for row in journal(panel.hass)] == [("output_1", "configure")]


async def test_no_settings_are_nothing_to_write(panel: Panel) -> None:
    await start(panel, SIGNALS)
    with pytest.raises(ServiceValidationError) as info:
        await act(panel, "configure_output", entity_id=panel.entity("Signals", "output_1"))
    assert info.value.translation_key == "nothing_to_write"


async def test_a_guessed_map_is_not_commanded_by(panel: Panel) -> None:
    spec = replace(METER, model="412048", registers={"output_type": 2})
    entry = await start(panel, spec)
    with pytest.raises(ServiceValidationError) as info:
        await act(panel, "switch_output", device_id=panel.device(entry, "Mains").id, turn_on=True)
    assert info.value.translation_key == "commands_not_trusted"
    assert word(panel, METER, "output_1") == "off"


async def test_the_journal_tells_who_did_what_to_which(panel: Panel, hass_admin_user: User) -> None:
    await start(panel, replace(SIGNALS, name="Garden panel"))
    entity = panel.entity("Garden panel", "output_2")
    await act(panel, "switch_output", Context(user_id=hass_admin_user.id), entity_id=entity, turn_on=True)
    panel.unit(13).faults.refuse_writes = 1
    with pytest.raises(HomeAssistantError):
        await act(panel, "switch_output", entity_id=entity, turn_on=False)
    failed, done = journal(panel.hass)
    assert (done["user"], failed.get("user")) == (hass_admin_user.name, None)
    for row in (done, failed):
        told = (row["device"], row["gateway"], row["address"], row["subject"])
        assert told == ("Garden panel", "Panel", "13", "output_2")
    assert (done["text"], done["event"]) == ("Output 2, command on: confirmed", "command_done")
    assert failed["text"] == "Output 2, command off: not done, the device answered with an error"


async def test_a_user_without_rights_commands_nothing(panel: Panel, hass_read_only_user: User) -> None:
    entry = await start(panel, HEATER, MOULDED)
    context = Context(user_id=hass_read_only_user.id)
    clock = panel.unit(15).mechanism.clock_offset
    for action, name in (("open_breaker", "Water heater"), ("sync_clock", "Moulded case")):
        for target in (
            {"device_id": panel.device(entry, name).id},
            {"entity_id": next(row for row in panel.hass.states.async_entity_ids() if name.split()[0].lower() in row)},
        ):
            with pytest.raises(Unauthorized):
                await act(panel, action, context, **target)
    assert word(panel, HEATER, "contactor") == "on"
    assert panel.unit(15).mechanism.clock_offset == clock
    assert journal(panel.hass) == []


async def test_nobody_known_commands_nothing(panel: Panel) -> None:
    await start(panel, HEATER)
    with pytest.raises(UnknownUser):
        await act(panel, "open_breaker", Context(user_id="nobody"), entity_id=panel.entity("Water heater", "contactor"))
    assert word(panel, HEATER, "contactor") == "on"


async def test_clocks_of_an_area_are_set_once_each(panel: Panel) -> None:
    entry = await start(panel, HEATER, MOULDED)
    area = ar.async_get(panel.hass).async_create("Cellar")
    for name in ("Water heater", "Moulded case"):
        dr.async_get(panel.hass).async_update_device(panel.device(entry, name).id, area_id=area.id)
    await act(panel, "sync_clock", area_id=area.id, entity_id=panel.entity("Moulded case", "breaker"))
    assert abs((panel.unit(15).mechanism.clock - wall_clock()).total_seconds()) < 60
    assert [row["event"] for row in journal(panel.hass, Kind.CLOCK)] == ["clock_set"]


async def test_a_device_without_a_clock_is_said(panel: Panel) -> None:
    entry = await start(panel, HEATER)
    with pytest.raises(ServiceValidationError) as info:
        await act(panel, "sync_clock", device_id=panel.device(entry, "Water heater").id)
    assert info.value.translation_key == "no_clock"


async def test_a_device_without_a_map_has_nothing_to_command(panel: Panel) -> None:
    entry = await start(panel, COUNTER)
    with pytest.raises(ServiceValidationError) as info:
        await act(panel, "open_breaker", device_id=panel.device(entry, "Counter").id)
    assert info.value.translation_key == "no_such_state"
