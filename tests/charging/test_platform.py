"""Which entities there are of the load manager and its stations, as the settings change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry  # type: ignore[import-untyped]

from custom_components.legrand_ews.charging.entity import MARK
from custom_components.legrand_ews.const import DOMAIN

from ..station_support import LEFT, start
from ..support import subentry_id
from .garage import ID, NAME, ROW, Garage, build

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from ..support import Panel

BAYS = {subentry_id(f"Bay {n}") for n in (1, 2, 3, 4)}


def owners(hass: HomeAssistant) -> set[str]:
    """Return what entities of charging there are of."""
    return {row.unique_id.partition(MARK)[0] for row in er.async_get(hass).entities.values() if MARK in row.unique_id}


async def manage(garage: Garage, *unmanaged: str) -> None:
    """Leave some stations alone, as the form does."""
    settings = replace(garage.control.settings, unmanaged=frozenset(unmanaged))
    options = {**garage.site.options, "greenup": settings.stored()}
    garage.hass.config_entries.async_update_entry(garage.site, options=options)
    await garage.wait(20)


def charger_device(garage: Garage) -> dr.DeviceEntry | None:
    return dr.async_get(garage.hass).async_get_device_by_identifier((DOMAIN, ID), garage.site.entry_id)


async def test_stations_that_are_left_alone_have_no_entities_of_charging(garage: Garage) -> None:
    everything = {garage.site.entry_id, ID, *BAYS}
    assert owners(garage.hass) == everything
    await manage(garage, ID, subentry_id("Bay 2"))
    assert owners(garage.hass) == everything - {ID, subentry_id("Bay 2")}
    assert charger_device(garage) is None
    assert garage.panel.state("Bay 2", "current_l1") == "0.0"
    await manage(garage)
    assert owners(garage.hass) == everything
    assert "unavailable" not in {garage.shown(name, "state").state for name in (NAME, "Bay 2")}


async def test_a_charger_that_is_deleted_takes_its_entities_with_it(garage: Garage) -> None:
    garage.hass.config_entries.async_remove_subentry(garage.site, ID)
    await garage.wait(20)
    assert owners(garage.hass) == {garage.site.entry_id, *BAYS}
    assert charger_device(garage) is None
    assert ID not in garage.control.ports


async def test_a_charger_that_is_added_is_managed(garage: Garage) -> None:
    await manage(garage)
    garage.hass.config_entries.async_remove_subentry(garage.site, ID)
    await garage.wait(20)
    subentry = next(iter(MockConfigEntry(domain=DOMAIN, subentries_data=[ROW]).subentries.values()))
    garage.hass.config_entries.async_add_subentry(garage.site, subentry)
    await garage.wait(20)
    assert ID in owners(garage.hass)
    await garage.come()


async def test_a_station_that_may_not_be_commanded_is_not_managed(garage: Garage) -> None:
    bay = garage.gateway.subentries[subentry_id("Bay 1")]
    garage.hass.config_entries.async_update_subentry(garage.gateway, bay, data={**bay.data, "allow_commands": False})
    await garage.panel.settle()
    await garage.hass.config_entries.async_reload(garage.gateway.entry_id)
    await garage.wait(20)
    assert owners(garage.hass) == {garage.site.entry_id, ID, *(BAYS - {subentry_id("Bay 1")})}
    assert set(garage.control.ports) == {ID, *(BAYS - {subentry_id("Bay 1")})}


async def test_where_charging_was_never_set_up_there_is_nothing_of_it(hass: HomeAssistant, panel: Panel) -> None:
    await build(hass)
    site = MockConfigEntry(
        domain=DOMAIN, title="Installation", data={"kind": "installation"}, options={}, subentries_data=[ROW]
    )
    site.add_to_hass(hass)
    await start(hass, panel, LEFT)
    assert panel.state("Left", "charge") == "free"
    assert owners(hass) == set()
    assert dr.async_get(hass).async_get_device_by_identifier((DOMAIN, ID), site.entry_id) is None
    assert dr.async_get(hass).async_get_device_by_identifier((DOMAIN, f"{site.entry_id}{MARK}"), site.entry_id) is None


async def test_stations_have_no_entities_of_charging_while_there_is_no_installation(
    hass: HomeAssistant, panel: Panel
) -> None:
    await start(hass, panel, LEFT)
    assert panel.state("Left", "charge") == "free"
    assert owners(hass) == set()
