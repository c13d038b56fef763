"""What all entities of charging have in common: their ids, names and devices, and when they are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import async_capture_events  # type: ignore[import-untyped]

from custom_components.legrand_ews.charging.entity import MARK, settings_of
from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.history import DATA_HISTORY

from ..support import subentry_id
from .garage import ID, NAME, call

if TYPE_CHECKING:
    from .garage import Garage

OF_STATION = {
    "sensor": ("state", "limit", "reason", "energy", "charge", "start", "cost"),
    "binary_sensor": ("problem",),
    "switch": ("priority", "default_priority"),
    "button": ("start", "hold"),
}
OF_MANAGER = {
    "sensor": ("zone", "charging", "waiting", "headroom_l1", "headroom_l2", "headroom_l3"),
    "switch": ("control_logic", "load_control"),
    "event": ("event",),
}
NAMES = {
    "sensor.garage_charging": "Garage Charging",
    "sensor.garage_charging_limit": "Garage Charging limit",
    "sensor.garage_reason": "Garage Reason",
    "sensor.garage_charged_energy": "Garage Charged energy",
    "sensor.garage_charged_quantity": "Garage Charged quantity",
    "sensor.garage_car_since": "Garage Car since",
    "sensor.garage_cost_of_the_session": "Garage Cost of the session",
    "binary_sensor.garage_charging_problem": "Garage Charging problem",
    "switch.garage_priority": "Garage Priority",
    "switch.garage_priority_by_default": "Garage Priority by default",
    "button.garage_start_charging": "Garage Start charging",
    "button.garage_hold_charging": "Garage Hold charging",
}


def ids(owner: str, keys: dict[str, tuple[str, ...]]) -> set[tuple[str, str]]:
    """Return the unique ids of an owner's entities, each with its platform."""
    return {(platform, f"{owner}_greenup_{key}") for platform, rows in keys.items() for key in rows}


def registered(garage: Garage) -> list[er.RegistryEntry]:
    registry = er.async_get(garage.hass)
    entries = [garage.site.entry_id, garage.gateway.entry_id]
    rows = [row for entry in entries for row in er.async_entries_for_config_entry(registry, entry)]
    return [row for row in rows if MARK in row.unique_id]


def owner_of(garage: Garage, row: er.RegistryEntry) -> dr.DeviceEntry:
    device = dr.async_get(garage.hass).async_get(row.device_id or "")
    assert isinstance(device, dr.DeviceEntry)
    return device


def of(garage: Garage, *owners: str) -> dict[str, str]:
    """Return the states of all entities of some owners."""
    rows = [row for row in registered(garage) if row.unique_id.startswith(owners)]
    states = {row.entity_id: garage.hass.states.get(row.entity_id) for row in rows}
    return {key: "" if state is None else state.state for key, state in states.items()}


async def test_each_station_and_the_manager_have_their_entities_and_no_others(garage: Garage) -> None:
    wanted = ids(garage.site.entry_id, OF_MANAGER)
    for name in (NAME, "Bay 1", "Bay 2", "Bay 3", "Bay 4"):
        wanted |= ids(subentry_id(name), OF_STATION)
    assert {(row.domain, row.unique_id) for row in registered(garage)} == wanted


async def test_entities_are_on_the_device_of_what_they_tell_of(garage: Garage) -> None:
    for row in registered(garage):
        station = row.unique_id.partition(MARK)[0]
        device = owner_of(garage, row)
        if station == garage.site.entry_id:
            assert (device.name, device.model, row.config_subentry_id) == ("Green'Up", "Load manager", None)
        else:
            assert (DOMAIN, station) in device.identifiers
            assert row.config_subentry_id == station


async def test_a_charger_is_under_the_manager_and_that_under_the_installation(garage: Garage) -> None:
    registry, entry = dr.async_get(garage.hass), garage.site.entry_id
    charger = registry.async_get_device_by_identifier((DOMAIN, ID), entry)
    manager = registry.async_get_device_by_identifier((DOMAIN, f"{entry}_greenup"), entry)
    site = registry.async_get_device_by_identifier((DOMAIN, entry), entry)
    assert charger is not None
    assert manager is not None
    assert site is not None
    assert (charger.via_device_id, manager.via_device_id) == (manager.id, site.id)
    assert (charger.name, charger.model) == (NAME, "Charger")


async def test_names_are_what_people_would_say(garage: Garage) -> None:
    found = {key: garage.hass.states.get(key) for key in NAMES}
    assert {key: state and state.name for key, state in found.items()} == NAMES


async def test_without_a_manager_at_work_its_stations_are_unavailable(garage: Garage) -> None:
    assert "unavailable" not in of(garage, "").values()
    bays = tuple(subentry_id(f"Bay {n}") for n in (1, 2, 3, 4))
    await garage.hass.config_entries.async_unload(garage.site.entry_id)
    assert set(of(garage, *bays).values()) == {"unavailable"}
    await garage.hass.config_entries.async_setup(garage.site.entry_id)
    await garage.wait(20)
    assert "unavailable" not in of(garage, "").values()


async def test_nothing_is_written_while_nothing_changes(garage: Garage) -> None:
    await garage.wait(20)
    seen = async_capture_events(garage.hass, EVENT_STATE_CHANGED)
    reported = {key: garage.hass.states.get(key) for key in of(garage, "")}
    before = {key: state and state.last_reported for key, state in reported.items()}
    await garage.wait(30)
    reported = {key: garage.hass.states.get(key) for key in before}
    assert {key: state and state.last_reported for key, state in reported.items()} == before
    assert [row.data["entity_id"] for row in seen if row.data["entity_id"] in before] == []


async def test_settings_that_contradict_themselves_manage_nothing_and_leave_nothing_running(garage: Garage) -> None:
    stored: dict[str, Any] = garage.control.settings.stored()
    wrong = {**stored, "config": {**stored["config"], "charge_current": 50}}
    entry, hass = garage.site, garage.hass
    hass.config_entries.async_update_entry(entry, options={"greenup": wrong})
    await garage.panel.settle()
    assert settings_of(entry) is None
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert DATA_HISTORY not in hass.data
    assert {row.unique_id.partition(MARK)[0] for row in registered(garage)} == {entry.entry_id, ID}
    hass.config_entries.async_update_entry(entry, options={"greenup": stored})
    await hass.config_entries.async_reload(entry.entry_id)
    await garage.wait(20)
    assert garage.shown(NAME, "state").state == "free"


async def test_what_needs_a_manager_says_so_where_there_is_none(garage: Garage) -> None:
    component = garage.hass.data["entity_components"]["button"]
    button = component.get_entity(garage.entity("Bay 1", "button", "hold"))
    await garage.hass.config_entries.async_unload(garage.site.entry_id)
    with pytest.raises(ServiceValidationError) as info:
        await button.async_press()
    assert info.value.translation_key == "no_load_manager"


async def test_a_renamed_charger_is_renamed_on_its_device(garage: Garage) -> None:
    row = garage.site.subentries[ID]
    garage.hass.config_entries.async_update_subentry(garage.site, row, title="Carport")
    await garage.wait(20)
    device = dr.async_get(garage.hass).async_get_device_by_identifier((DOMAIN, ID), garage.site.entry_id)
    assert device is not None
    assert device.name == "Carport"
    assert garage.control.ports[ID].name == "Carport"
    with pytest.raises(ServiceValidationError, match="Carport"):
        await call(garage.hass, garage.entity(NAME, "button", "hold"), "press")
