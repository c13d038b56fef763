"""Commands: who may, what is shown, what fails and how, who is named in the journal."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from pytest_homeassistant_custom_component.common import MockConfigEntry  # type: ignore[import-untyped]

from custom_components.legrand_ews.alarms import Kind
from custom_components.legrand_ews.command_code import hashed_code
from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.journal import DATA_JOURNAL
from plant.scenario import DeviceSpec

from .support import install_profiles

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .support import Panel

HEATER = DeviceSpec(name="Water heater", model="414931", address=12, at="sockets")
SIGNALS = DeviceSpec(name="Signals", model="026136", address=13, at="mains")
MAPS = ("plant_ems_contactor", "plant_signalling_interface")
ALLOWED = {"allow_commands": True}


async def turn(hass: HomeAssistant, entity: str, action: str, context: Context | None = None) -> None:
    """Turn a switch on or off."""
    await hass.services.async_call("switch", f"turn_{action}", {"entity_id": entity}, blocking=True, context=context)


def account(hass: HomeAssistant) -> list[tuple[str, str, str | None]]:
    """Return what the journal tells of commands: event, result, user; newest first."""
    entries = hass.data[DATA_JOURNAL].journal.select(kinds=[Kind.COMMAND])
    return [(entry.event, entry.details["result"], entry.user) for entry in entries]


def ask_for_code(hass: HomeAssistant, code: str | None) -> None:
    """Let the installation ask for a code, or for none."""
    options = {} if code is None else {"code": hashed_code(code)}
    MockConfigEntry(domain=DOMAIN, data={"kind": "installation"}, options=options).add_to_hass(hass)


async def open_breaker(hass: HomeAssistant, entity: str, **data: Any) -> None:
    """Open a contactor by the action."""
    await hass.services.async_call(DOMAIN, "open_breaker", {"entity_id": entity, **data}, blocking=True)


def written(panel: Panel, address: int) -> asyncio.Event:
    """Return what is set once a unit was written to."""
    unit, done = panel.unit(address), asyncio.Event()
    write = unit.write

    def noted(function: int, start: int, values: list[int]) -> None:
        """Take the write, then say so."""
        write(function, start, values)
        done.set()

    unit.write = noted  # type: ignore[assignment, method-assign]
    return done


@pytest.fixture
async def heater(hass: HomeAssistant, panel: Panel) -> str:
    """Return the switch of a contactor that takes commands."""
    path = install_profiles(hass, *MAPS) / "plant_ems_contactor.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("write: 5, value: 1}", "write: 5, value: 1, within: 0.5}"), encoding="utf-8")
    await panel.start(HEATER, settings=ALLOWED, rs485_timeout=50)
    return panel.entity("Water heater", "contactor")


async def test_a_confirmed_command_shows_and_is_accounted_for(
    hass: HomeAssistant, panel: Panel, heater: str, hass_admin_user: Any
) -> None:
    await turn(hass, heater, "off", Context(user_id=hass_admin_user.id))
    assert panel.state("Water heater", "contactor") == "off"
    assert account(hass) == [("command_done", "confirmed", hass_admin_user.name)]


async def test_a_refused_command_fails_and_shows_what_is(hass: HomeAssistant, panel: Panel, heater: str) -> None:
    panel.unit(12).faults.refuse_writes = 4
    with pytest.raises(HomeAssistantError):
        await turn(hass, heater, "off")
    assert panel.state("Water heater", "contactor") == "on"
    assert account(hass) == [("command_failed", "failed", None)]


async def test_a_command_lost_on_its_way_fails(hass: HomeAssistant, panel: Panel, heater: str) -> None:
    panel.unit(12).faults.lose_before = 1
    with pytest.raises(HomeAssistantError, match="gave no answer"):
        await turn(hass, heater, "off")
    assert panel.state("Water heater", "contactor") == "on"


async def test_a_command_whose_answer_is_lost_is_confirmed_by_what_is_read(
    hass: HomeAssistant, panel: Panel, heater: str
) -> None:
    panel.unit(12).faults.lose_after = 1
    await turn(hass, heater, "off")
    assert panel.state("Water heater", "contactor") == "off"
    assert account(hass) == [("command_done", "confirmed", None)]


async def test_a_device_that_takes_it_and_does_nothing_is_found_out(
    hass: HomeAssistant, panel: Panel, heater: str
) -> None:
    panel.unit(12).faults.stuck = True
    with pytest.raises(HomeAssistantError, match="reads back on"):
        await turn(hass, heater, "off")
    assert panel.state("Water heater", "contactor") == "on"


async def test_two_people_at_once_are_served_one_after_the_other(
    hass: HomeAssistant, panel: Panel, heater: str
) -> None:
    await asyncio.gather(turn(hass, heater, "off"), turn(hass, heater, "on"))
    assert panel.state("Water heater", "contactor") == "on"
    assert [event for event, _, _ in account(hass)] == ["command_done", "command_done"]


async def test_without_leave_nothing_is_sent(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, *MAPS)
    await panel.start(HEATER)
    with pytest.raises(ServiceValidationError, match="takes no commands"):
        await hass.services.async_call(
            "legrand_ews", "open_breaker", {"entity_id": panel.entity("Water heater", "contactor")}, blocking=True
        )
    assert panel.unit(12).sections["Water heater"].mechanism.word("contactor") == "on"
    assert [event for event, _, _ in account(hass)] == ["command_failed"]


async def test_settings_of_an_output_are_written_and_read_back(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, *MAPS)
    await panel.start(SIGNALS, settings=ALLOWED)
    on_time, mode = panel.entity("Signals", "output_2_on_time"), panel.entity("Signals", "output_2_mode")
    await hass.services.async_call("number", "set_value", {"entity_id": on_time, "value": 7}, blocking=True)
    await hass.services.async_call("select", "select_option", {"entity_id": mode, "option": "blinking"}, blocking=True)
    assert (float(panel.state("Signals", "output_2_on_time")), panel.state("Signals", "output_2_mode")) == (
        7,
        "blinking",
    )
    await panel.wait(60)
    assert (float(panel.state("Signals", "output_2_on_time")), panel.state("Signals", "output_2_mode")) == (
        7,
        "blinking",
    )


async def test_the_code_is_asked_for(hass: HomeAssistant, panel: Panel, heater: str) -> None:
    ask_for_code(hass, "1234")
    for given, key in (({}, "code_required"), ({"code": "12345"}, "code_wrong"), ({"code": ""}, "code_wrong")):
        with pytest.raises(ServiceValidationError) as info:
            await open_breaker(hass, heater, **given)
        assert info.value.translation_key == key
    assert panel.unit(12).mechanism.word("contactor") == "on"
    await open_breaker(hass, heater, code="1234")
    assert panel.unit(12).mechanism.word("contactor") == "off"
    assert [event for event, _, _ in account(hass)] == ["command_done", *["command_failed"] * 3]


async def test_what_cannot_ask_for_a_code_does_nothing_where_one_is_needed(
    hass: HomeAssistant, panel: Panel, heater: str
) -> None:
    ask_for_code(hass, "1234")
    with pytest.raises(ServiceValidationError) as info:
        await turn(hass, heater, "off")
    assert info.value.translation_key == "code_required"
    assert panel.state("Water heater", "contactor") == "on"


async def test_without_a_code_of_the_site_none_is_asked_for(hass: HomeAssistant, panel: Panel, heater: str) -> None:
    ask_for_code(hass, None)
    await open_breaker(hass, heater, code="whatever")
    assert panel.state("Water heater", "contactor") == "off"


async def test_the_code_is_in_no_entry_of_the_journal(hass: HomeAssistant, heater: str) -> None:
    ask_for_code(hass, "31415926")
    await open_breaker(hass, heater, code="31415926")
    with pytest.raises(ServiceValidationError):
        await open_breaker(hass, heater, code="27182818")
    rows = str([row.as_dict() for row in hass.data[DATA_JOURNAL].journal.select()])
    assert ("31415926" in rows, "27182818" in rows) == (False, False)


async def test_a_user_without_rights_switches_nothing(
    hass: HomeAssistant, panel: Panel, heater: str, hass_read_only_user: Any
) -> None:
    with pytest.raises(Unauthorized):
        await turn(hass, heater, "off", Context(user_id=hass_read_only_user.id))
    assert panel.unit(12).mechanism.word("contactor") == "on"


async def test_what_the_map_cannot_do_is_said_and_accounted_for(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, *MAPS)
    await panel.start(SIGNALS, settings=ALLOWED)
    data = {"entity_id": panel.entity("Signals", "output_1"), "on_time": 4000}
    with pytest.raises(ServiceValidationError, match="out of its range"):
        await hass.services.async_call(DOMAIN, "configure_output", data, blocking=True)
    assert account(hass) == [("command_failed", "failed", None)]


async def test_a_slow_device_is_waited_for(hass: HomeAssistant, panel: Panel, heater: str) -> None:
    panel.unit(12).faults.mechanism_delay = 5
    done = written(panel, 12)
    turning = hass.async_create_task(turn(hass, heater, "off"))
    await done.wait()
    assert panel.state("Water heater", "contactor") == "on"
    panel.plant.advance(5)
    await turning
    assert panel.state("Water heater", "contactor") == "off"


async def test_a_gateway_out_of_reach_fails_the_command(hass: HomeAssistant, panel: Panel, heater: str) -> None:
    await panel.plant.refuse(panel.gateway())
    with pytest.raises(HomeAssistantError, match="Water heater"):
        await turn(hass, heater, "off")
    assert panel.unit(12).mechanism.word("contactor") == "on"
    assert account(hass)[0][0] == "command_failed"


async def test_a_command_given_up_is_carried_to_its_end_and_seen(
    hass: HomeAssistant, panel: Panel, heater: str
) -> None:
    done = written(panel, 12)
    panel.unit(12).faults.delay = 0.1
    turning = hass.async_create_task(turn(hass, heater, "off"))
    await done.wait()
    turning.cancel()
    with pytest.raises(asyncio.CancelledError):
        await turning
    assert [event for event, _, _ in account(hass)] == ["command_failed"]
    panel.unit(12).faults.delay = 0
    await panel.wait(1)
    assert panel.state("Water heater", "contactor") == "off"
    await turn(hass, heater, "on")
    assert panel.unit(12).mechanism.word("contactor") == "on"


@pytest.mark.parametrize("again", [True, False])
async def test_a_gateway_that_is_unloaded_meanwhile_leaves_no_doubt(
    hass: HomeAssistant, panel: Panel, heater: str, *, again: bool
) -> None:
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    done = written(panel, 12)
    panel.unit(12).faults.delay = 3600
    turning = hass.async_create_task(turn(hass, heater, "off"))
    await done.wait()
    panel.unit(12).faults.delay = 0
    await hass.config_entries.async_unload(entry.entry_id)
    if again:
        await hass.config_entries.async_setup(entry.entry_id)
    await turning
    assert [event for event, _, _ in account(hass)] == ["command_done"]
    if again:
        await panel.settle()
        assert panel.state("Water heater", "contactor") == "off"
        await turn(hass, heater, "on")
        assert panel.state("Water heater", "contactor") == "on"
