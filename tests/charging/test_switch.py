"""Switches of stations and of the load manager."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from homeassistant.const import EntityCategory
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er

from custom_components.legrand_ews.charging.entity import settings_of

from ..support import subentry_id
from .garage import ID, NAME, call

if TYPE_CHECKING:
    from .garage import Garage

BAY = "Bay 1"


async def turn(garage: Garage, name: str, key: str, action: str) -> None:
    """Turn a switch of a station."""
    await call(garage.hass, garage.entity(name, "switch", key), f"turn_{action}")


async def turn_setting(garage: Garage, key: str, action: str) -> None:
    """Turn a switch of the manager."""
    await call(garage.hass, garage.managed("switch", key).entity_id, f"turn_{action}")
    await garage.panel.settle()


def switch(garage: Garage, name: str, key: str) -> str:
    return garage.shown(name, key, "switch").state


async def test_a_session_goes_first_until_the_car_leaves(garage: Garage) -> None:
    await garage.come()
    assert switch(garage, NAME, "priority") == "off"
    await turn(garage, NAME, "priority", "on")
    assert switch(garage, NAME, "priority") == "on"
    assert garage.control.stations[ID].view.priority
    garage.car = None
    await garage.wait(10)
    assert switch(garage, NAME, "priority") == "off"


async def test_a_session_may_wait_though_its_station_goes_first(garage: Garage) -> None:
    await turn(garage, NAME, "default_priority", "on")
    garage.car = 16
    await garage.wait(10)
    assert switch(garage, NAME, "priority") == "on"
    await turn(garage, NAME, "priority", "off")
    assert (switch(garage, NAME, "priority"), switch(garage, NAME, "default_priority")) == ("off", "on")


@pytest.mark.parametrize("name", [NAME, BAY])
async def test_without_a_car_there_is_no_session_to_go_first(garage: Garage, name: str) -> None:
    with pytest.raises(ServiceValidationError) as info:
        await turn(garage, name, "priority", "on")
    assert (info.value.translation_key, info.value.translation_placeholders) == ("no_car", {"target": name})
    assert switch(garage, name, "priority") == "off"


async def test_what_stations_have_by_default_is_kept(garage: Garage) -> None:
    history = garage.control._history
    for name in (NAME, BAY):
        assert switch(garage, name, "default_priority") == "off"
        await turn(garage, name, "default_priority", "on")
    assert history is garage.control._history
    settings = settings_of(garage.site)
    assert settings is not None
    assert settings.priority == {ID, subentry_id(BAY)}
    await garage.hass.config_entries.async_reload(garage.site.entry_id)
    await garage.wait(20)
    assert [switch(garage, name, "default_priority") for name in (NAME, BAY, "Bay 2")] == ["on", "on", "off"]
    await turn(garage, BAY, "default_priority", "off")
    settings = settings_of(garage.site)
    assert settings is not None
    assert settings.priority == {ID}


async def test_switches_that_are_turned_at_once_are_all_kept(garage: Garage) -> None:
    entities = [garage.entity(name, "switch", "default_priority") for name in (NAME, BAY, "Bay 2")]
    await garage.hass.services.async_call("switch", "turn_on", {"entity_id": entities}, blocking=True)
    assert garage.control.settings.priority == {ID, subentry_id(BAY), subentry_id("Bay 2")}


async def test_without_control_logic_nothing_is_ordered(garage: Garage) -> None:
    await turn_setting(garage, "control_logic", "off")
    assert garage.managed("switch", "control_logic").state == "off"
    garage.car = 16
    garage.plug(BAY, need=20_000, current=16)
    await garage.wait(60)
    assert garage.drawn == 0
    assert garage.shown(NAME, "limit").state == "unknown"
    await turn_setting(garage, "control_logic", "on")
    await garage.wait(60)
    assert garage.drawn == 16
    assert garage.managed("switch", "control_logic").state == "on"


async def test_without_load_control_there_is_no_limit(garage: Garage) -> None:
    garage.building = 39
    garage.car = 16
    await garage.wait(60)
    assert garage.drawn == 0
    await turn_setting(garage, "load_control", "off")
    await garage.wait(30)
    assert garage.drawn == 16
    assert garage.shown(NAME, "reason").attributes["reason"] == "no_limit"
    assert garage.managed("switch", "load_control").state == "off"


async def test_cars_go_on_while_a_switch_is_turned(garage: Garage) -> None:
    await garage.come()
    session = garage.shown(NAME, "start").state
    await turn(garage, BAY, "default_priority", "on")
    await turn_setting(garage, "load_control", "off")
    await turn_setting(garage, "load_control", "on")
    assert garage.drawn == 16
    await garage.wait(20)
    assert garage.shown(NAME, "state").state == "charging"
    assert garage.shown(NAME, "start").state == session


async def test_settings_are_not_among_the_daily_switches(garage: Garage) -> None:
    registry = er.async_get(garage.hass)
    entities = [garage.entity(BAY, "switch", key) for key in ("priority", "default_priority")]
    entities += [garage.managed("switch", key).entity_id for key in ("control_logic", "load_control")]
    found = [registry.async_get(entity) for entity in entities]
    assert [row and row.entity_category for row in found] == [None, *[EntityCategory.CONFIG] * 3]
