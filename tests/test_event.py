"""Event entities: of a device, of a gateway, of the installation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.core import Context
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry  # type: ignore[import-untyped]

from custom_components.legrand_ews.alarm_watch import DEVICE_EVENTS, GATEWAY_EVENTS
from custom_components.legrand_ews.charging.tell import EVENTS as CHARGING_EVENTS
from custom_components.legrand_ews.const import DOMAIN
from plant.scenario import DeviceSpec

from .support import METER, install_profiles

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant, State

    from .support import Panel

BREAKER = DeviceSpec(name="Main breaker", model="414930", address=11, at="mains")
HEATER = DeviceSpec(name="Water heater", model="414931", address=12, at="sockets")


@pytest.fixture
async def site(hass: HomeAssistant, panel: Panel) -> None:
    """Set up a breaker, a contactor that takes commands, a meter, and the installation."""
    install_profiles(hass, "plant_ems_state", "plant_ems_contactor")
    await panel.start(BREAKER, HEATER, METER, settings={"allow_commands": True}, status_poll_time=10)
    site = MockConfigEntry(domain=DOMAIN, title="Site", data={"kind": "installation"})
    site.add_to_hass(hass)
    await hass.config_entries.async_setup(site.entry_id)
    await panel.settle()


def shown(hass: HomeAssistant, name: str) -> State:
    """Return the state of an event entity."""
    state = hass.states.get(f"event.{name}_events")
    assert state is not None
    return state


@pytest.mark.usefixtures("site")
async def test_everything_that_may_happen_is_known_before(hass: HomeAssistant) -> None:
    assert shown(hass, "main_breaker").attributes["event_types"] == list(dict.fromkeys(DEVICE_EVENTS))
    assert shown(hass, "panel").attributes["event_types"] == list(GATEWAY_EVENTS)
    assert set(shown(hass, "site").attributes["event_types"]) == {*DEVICE_EVENTS, *GATEWAY_EVENTS, *CHARGING_EVENTS}


@pytest.mark.usefixtures("site")
async def test_a_trip_reaches_its_device_and_the_site_only(hass: HomeAssistant, panel: Panel) -> None:
    panel.unit(11).trip()
    await panel.wait()
    wanted = {
        "event_type": "breaker_tripped",
        "kind": "state",
        "text": "Breaker tripped",
        "subject": "breaker",
        "state": "tripped",
        "device": "Main breaker",
        "gateway": "Panel",
        "address": "11",
    }
    for name in ("main_breaker", "site"):
        assert wanted.items() <= shown(hass, name).attributes.items()
        assert {type(shown(hass, name).attributes[key]) for key in wanted} == {str}
    for name in ("mains", "water_heater", "panel"):
        assert shown(hass, name).state == "unknown"


@pytest.mark.usefixtures("site")
async def test_a_lost_gateway_is_an_event_of_the_gateway(hass: HomeAssistant, panel: Panel) -> None:
    await panel.plant.refuse(panel.gateway())
    await panel.wait(30)
    attributes = shown(hass, "panel").attributes
    assert (attributes["event_type"], attributes["text"]) == ("communication_lost", "Panel does not answer")
    assert "address" not in attributes
    assert shown(hass, "site").attributes["event_type"] == "communication_lost"
    assert shown(hass, "mains").state == "unknown"


@pytest.mark.usefixtures("site")
async def test_a_command_is_an_event_with_its_user(hass: HomeAssistant, panel: Panel, hass_admin_user: Any) -> None:
    entity = panel.entity("Water heater", "contactor")
    await hass.services.async_call(
        "switch", "turn_off", {"entity_id": entity}, blocking=True, context=Context(user_id=hass_admin_user.id)
    )
    attributes = shown(hass, "water_heater").attributes
    assert (attributes["event_type"], attributes["user"]) == ("command_done", hass_admin_user.name)


async def test_the_event_alone_has_the_states_polled(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, "plant_ems_state")
    await panel.serve(BREAKER)
    entry = await panel.set_up(status_poll_time=10)
    registry = er.async_get(hass)
    for row in er.async_entries_for_config_entry(registry, entry.entry_id):
        if row.domain != "event":
            registry.async_update_entity(row.entity_id, disabled_by=er.RegistryEntryDisabler.USER)
    await panel.settle()
    panel.unit(11).trip()
    await panel.wait()
    assert shown(hass, "main_breaker").attributes["event_type"] == "breaker_tripped"
