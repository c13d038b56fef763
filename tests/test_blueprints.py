"""The blueprints: load as Home Assistant loads them, and do what they say."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import load_yaml_dict
from pytest_homeassistant_custom_component.common import (  # type: ignore[import-untyped]
    MockConfigEntry,
    async_fire_time_changed,
    async_mock_service,
)

from plant.scenario import DeviceSpec

from .support import METER, install_profiles

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from homeassistant.core import HomeAssistant, ServiceCall

    from .support import Panel

FOLDER = Path(__file__).parents[1] / "blueprints" / "automation" / "legrand_ews"
BREAKER = DeviceSpec(name="Main breaker", model="414930", address=11, at="mains")
LOADS = ["input_boolean.heater", "input_boolean.car", "input_boolean.pool"]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_home_assistant_takes_it(path: Path) -> None:
    data = load_yaml_dict(str(path))
    blueprint = Blueprint(data, expected_domain="automation", path=path.name, schema=AUTOMATION_BLUEPRINT_SCHEMA)
    assert blueprint.validate() is None
    assert blueprint.metadata["source_url"].endswith(f"blueprints/automation/legrand_ews/{path.name}")


@asynccontextmanager
async def automation(hass: HomeAssistant, name: str, **inputs: Any) -> AsyncIterator[None]:
    """Make an automation of a blueprint; end what it still does at the end."""
    target = Path(hass.config.path("blueprints", "automation", "legrand_ews"))
    await hass.async_add_executor_job(lambda: shutil.copytree(FOLDER, target))
    use = {"path": f"legrand_ews/{name}.yaml", "input": inputs}
    assert await async_setup_component(hass, "automation", {"automation": {"use_blueprint": use}})
    await hass.async_block_till_done()
    (entity,) = hass.states.async_entity_ids("automation")
    assert hass.states.is_state(entity, "on")
    yield
    await hass.services.async_call("automation", "turn_off", {"entity_id": entity}, blocking=True)


async def turns(count: int = 40) -> None:
    """Let an automation go on; nothing can wait for the end of one that waits itself."""
    for _ in range(count):
        await asyncio.sleep(0)


async def pass_time(hass: HomeAssistant, **span: float) -> None:
    """Let timers of a time go off."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(**span) + timedelta(seconds=1))
    await turns()


async def poll(hass: HomeAssistant, panel: Panel) -> None:
    """Ask all units once, later than the last time."""
    panel.clock.now += 100
    for entry in hass.config_entries.async_loaded_entries("legrand_ews"):
        data = entry.runtime_data
        for coordinator in (*data.states.values(), *data.units.values(), data.status):
            await coordinator.async_refresh()
    await turns()


def phone(hass: HomeAssistant) -> str:
    """Register a phone; return its device."""
    entry = MockConfigEntry(domain="mobile_app", title="Ann's phone")
    entry.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={("mobile_app", "1")}, name="Ann's phone"
    )
    return device.id


async def answer(hass: HomeAssistant, calls: list[ServiceCall], button: int = 1) -> None:
    """Press a button of the last notification."""
    action = calls[-1].data["data"]["actions"][button]["action"]
    hass.bus.async_fire("mobile_app_notification_action", {"action": action})
    await turns()


@pytest.fixture
async def messages(hass: HomeAssistant, panel: Panel) -> AsyncIterator[list[ServiceCall]]:
    """Set up a breaker whose trips a phone is told of."""
    install_profiles(hass, "plant_ems_state")
    await panel.start(BREAKER, status_poll_time=10)
    calls: list[ServiceCall] = async_mock_service(hass, "notify", "mobile_app_ann_s_phone")
    event = panel.entity("Main breaker", "alarm")
    inputs = {"events": [event], "phone": phone(hass), "page": "/panel", "remind_after": 15}
    async with automation(hass, "breaker_tripped", **inputs):
        yield calls


async def trip(hass: HomeAssistant, panel: Panel) -> None:
    """Let the breaker trip, and wait for its poll."""
    panel.unit(11).trip()
    await poll(hass, panel)


async def test_a_trip_reaches_the_phone(hass: HomeAssistant, panel: Panel, messages: list[ServiceCall]) -> None:
    await trip(hass, panel)
    (call,) = messages
    assert call.data["title"] == "Main breaker"
    assert call.data["message"] == "Breaker tripped (Panel, 11)"
    show, remind = call.data["data"]["actions"]
    assert (show["action"], show["uri"]) == ("URI", "/panel")
    assert remind["action"].startswith("REMIND_")
    await pass_time(hass, hours=12)
    assert len(messages) == 1


async def test_other_events_do_not_reach_the_phone(
    hass: HomeAssistant, panel: Panel, messages: list[ServiceCall]
) -> None:
    panel.unit(11).hand("breaker", "open")
    await poll(hass, panel)
    panel.unit(11).faults.silent = True
    await poll(hass, panel)
    assert messages == []


async def test_the_phone_is_reminded_while_the_breaker_is_tripped_only(
    hass: HomeAssistant, panel: Panel, messages: list[ServiceCall]
) -> None:
    await trip(hass, panel)
    await answer(hass, messages)
    assert len(messages) == 1
    await pass_time(hass, minutes=15)
    assert [call.data["message"] for call in messages] == ["Breaker tripped (Panel, 11)"] * 2
    await answer(hass, messages)
    panel.unit(11).hand("breaker", "open")
    await poll(hass, panel)
    await pass_time(hass, minutes=15)
    assert len(messages) == 2


async def test_a_reload_is_no_second_trip(hass: HomeAssistant, panel: Panel, messages: list[ServiceCall]) -> None:
    await trip(hass, panel)
    (entry,) = hass.config_entries.async_loaded_entries("legrand_ews")
    await hass.config_entries.async_reload(entry.entry_id)
    await turns()
    await poll(hass, panel)
    assert len(messages) == 1


@pytest.fixture
async def letters(hass: HomeAssistant, panel: Panel) -> AsyncIterator[list[ServiceCall]]:
    """Set up a meter that somebody hears of when it is silent for ten minutes."""
    await panel.start(METER)
    await async_setup_component(hass, "notify", {})
    hass.services.async_remove("notify", "send_message")
    calls: list[ServiceCall] = async_mock_service(hass, "notify", "send_message")
    connections = ["binary_sensor.mains_connectivity", "binary_sensor.panel_connectivity"]
    assert [hass.states.get(connection).state for connection in connections] == ["on", "on"]  # type: ignore[union-attr]
    async with automation(hass, "device_silent", connections=connections, silent_for=10, notify=["notify.ann"]):
        yield calls


async def silence(hass: HomeAssistant, panel: Panel, *, silent: bool) -> None:
    """Let the meter fall silent, or answer, and wait until that is known."""
    panel.unit(1).faults.silent = silent
    await poll(hass, panel)


async def test_a_silent_device_is_told_after_its_time_and_when_it_is_back(
    hass: HomeAssistant, panel: Panel, letters: list[ServiceCall]
) -> None:
    await silence(hass, panel, silent=True)
    await pass_time(hass, minutes=9)
    assert letters == []
    await pass_time(hass, minutes=10)
    (call,) = letters
    assert (call.data["title"], call.data["entity_id"]) == ("Mains", ["notify.ann"])
    assert call.data["message"].startswith("Mains has not answered since ")
    await silence(hass, panel, silent=False)
    assert [call.data["message"] for call in letters[1:]] == ["Mains answers again."]


async def test_a_short_silence_is_not_told(hass: HomeAssistant, panel: Panel, letters: list[ServiceCall]) -> None:
    await silence(hass, panel, silent=True)
    await silence(hass, panel, silent=False)
    await pass_time(hass, minutes=30)
    assert letters == []


async def test_a_lost_gateway_is_told_and_so_are_its_devices_that_were_chosen(
    hass: HomeAssistant, panel: Panel, letters: list[ServiceCall]
) -> None:
    await panel.plant.refuse(panel.gateway())
    await poll(hass, panel)
    await pass_time(hass, minutes=10)
    assert sorted(call.data["title"] for call in letters) == ["Mains", "Panel"]


@pytest.fixture
async def turned(hass: HomeAssistant) -> AsyncIterator[list[tuple[str, str]]]:
    """Set up three loads that are shed above 5 kW and come back below 3 kW; return what is turned from now on."""
    booleans = {load.split(".")[1]: {"initial": True} for load in LOADS}
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "input_boolean", {"input_boolean": booleans})
    hass.states.async_set("sensor.power", "1000")
    seen: list[tuple[str, str]] = []

    @callback
    def note(event: Any) -> None:
        """Note what was turned."""
        if event.data["entity_id"] in LOADS:
            seen.append((event.data["entity_id"].split(".")[1], event.data["new_state"].state))

    hass.bus.async_listen("state_changed", note)
    inputs = {"power": "sensor.power", "limit": 5000, "above_for": 30, "back_below": 3000, "below_for": 300}
    async with automation(hass, "shed_load", loads=LOADS, **inputs):
        yield seen


async def power(hass: HomeAssistant, value: float | str, seconds: float) -> None:
    """Let power be so much for some time."""
    hass.states.async_set("sensor.power", str(value))
    await turns()
    await pass_time(hass, seconds=seconds)


async def test_loads_go_in_order_and_come_back_in_the_opposite_one(
    hass: HomeAssistant, turned: list[tuple[str, str]]
) -> None:
    await power(hass, 6000, 30)
    assert turned == [("heater", "off")]
    await power(hass, 6001, 30)
    assert turned[1:] == [("car", "off")]
    await power(hass, 4000, 3600)
    await power(hass, "unavailable", 3600)
    assert turned[2:] == []
    await power(hass, 2000, 290)
    await power(hass, 3500, 290)
    await power(hass, 2000, 290)
    assert turned[2:] == []
    await pass_time(hass, seconds=300)
    assert turned[2:] == [("car", "on")]
    await pass_time(hass, seconds=300)
    assert turned[3:] == [("heater", "on")]


async def test_only_what_was_shed_comes_back(hass: HomeAssistant, turned: list[tuple[str, str]]) -> None:
    await hass.services.async_call("input_boolean", "turn_off", {"entity_id": LOADS[0]}, blocking=True)
    await power(hass, 6000, 30)
    for _ in range(3):
        await pass_time(hass, seconds=30)
    assert turned == [("heater", "off"), ("car", "off"), ("pool", "off")]
    await power(hass, 2000, 300)
    for _ in range(3):
        await pass_time(hass, seconds=300)
    assert turned[3:] == [("pool", "on"), ("car", "on")]


async def test_a_peak_sheds_nothing(hass: HomeAssistant, turned: list[tuple[str, str]]) -> None:
    await power(hass, 6000, 20)
    await power(hass, 4000, 60)
    assert turned == []
