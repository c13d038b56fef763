"""Which entities there are of the load manager and its stations, on which entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er

from ..const import DOMAIN
from ..total_sensor import site_id
from .charger import chargers
from .entity import MARK, charger_infos, manager_id, manager_info, settings_of, station_info

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.device_registry import DeviceInfo
    from homeassistant.helpers.entity import Entity
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from ..coordinator import GatewayConfigEntry
    from ..device import Device

type Make = Callable[[str, DeviceInfo], Iterable[Entity]]
"""Makes the entities of a station or of the manager, from its id and device."""


def station_entities(entry: GatewayConfigEntry, device: Device, make: Make) -> list[Entity]:
    """Return the entities of a station on a gateway; none of a device that is not managed."""
    info = station_info(entry, device)
    return [] if info is None else list(make(device.config.id, info))


def add_of_installation(
    hass: HomeAssistant,
    entry: ConfigEntry,
    platform: str,
    async_add_entities: AddConfigEntryEntitiesCallback,
    *,
    of_manager: Make,
    of_stations: Make,
) -> None:
    """Add the entities of the manager, and of chargers that are bound by their entities; take others away."""
    kept: set[str | None] = set()
    managed: set[str] = set()
    if settings_of(entry) is not None:
        info = manager_info(hass, entry, site_id(hass, entry))
        manager = dr.async_get(hass).async_get_or_create(config_entry_id=entry.entry_id, **info)
        own = list(of_manager(manager_id(entry), info))
        async_add_entities(own)
        kept.update(entity.unique_id for entity in own)
        for charger, charger_info in charger_infos(entry, manager.id):
            entities = list(of_stations(charger, charger_info))
            async_add_entities(entities, config_subentry_id=charger)
            kept.update(entity.unique_id for entity in entities)
            managed.add(charger)
    forget_others(hass, entry, platform, kept)
    forget_chargers(hass, entry, managed)


def add_stations(
    hass: HomeAssistant,
    entry: GatewayConfigEntry,
    platform: str,
    async_add_entities: AddConfigEntryEntitiesCallback,
    make: Make,
) -> None:
    """Add the entities of a gateway's stations; take others away."""
    kept: set[str | None] = set()
    for device in entry.runtime_data.devices.values():
        if entities := station_entities(entry, device, make):
            async_add_entities(entities, config_subentry_id=device.config.id)
            kept.update(entity.unique_id for entity in entities)
    forget_others(hass, entry, platform, kept)


def forget_others(hass: HomeAssistant, entry: ConfigEntry, platform: str, kept: set[str | None]) -> None:
    """Take the entities of charging that there are no more out of the registry."""
    registry = er.async_get(hass)
    for row in er.async_entries_for_config_entry(registry, entry.entry_id):
        if (row.domain, row.platform) == (platform, DOMAIN) and MARK in row.unique_id and row.unique_id not in kept:
            registry.async_remove(row.entity_id)


def forget_chargers(hass: HomeAssistant, entry: ConfigEntry, managed: Collection[str]) -> None:
    """Take the devices of chargers that are left alone out of the registry."""
    registry = dr.async_get(hass)
    for charger in chargers(entry):
        device = registry.async_get_device_by_identifier((DOMAIN, charger.id), entry.entry_id)
        if device is not None and charger.id not in managed:
            registry.async_remove_device(device.id)
