"""Devices of gateways as they are reached now: gateways are loaded anew while the load manager goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..bus import Priority, Target, UnitReader
from ..catalog_store import DATA_CATALOG
from ..const import CONF_KIND, DOMAIN, KIND_GATEWAY
from ..device import configs_of, resolve

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from homeassistant.core import HomeAssistant

    from ..bus import TargetReading
    from ..coordinator import GatewayConfigEntry, UnitCoordinator
    from ..device import Device


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a device is reached."""

    entry: GatewayConfigEntry
    device: Device
    unit: UnitCoordinator


def devices(hass: HomeAssistant) -> Iterator[Device]:
    """Yield the devices of all gateways that are not disabled, loaded or not, whose model is known."""
    catalog = hass.data[DATA_CATALOG]
    for entry in hass.config_entries.async_entries(DOMAIN):
        if entry.data.get(CONF_KIND) == KIND_GATEWAY and entry.disabled_by is None:
            yield from (resolve(catalog, config) for config in configs_of(entry) if config.model in catalog.models)


def device_of(hass: HomeAssistant, device_id: str) -> Device | None:
    """Return a device of a gateway by its id, loaded or not."""
    return next((device for device in devices(hass) if device.config.id == device_id), None)


def place_of(hass: HomeAssistant, device_id: str) -> Place | None:
    """Return where a device with a register map is reached, by its id; None while its gateway is not loaded."""
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        if entry.data[CONF_KIND] != KIND_GATEWAY:
            continue
        device = entry.runtime_data.devices.get(device_id)
        if device is not None and device.profile is not None:
            return Place(entry=entry, device=device, unit=entry.runtime_data.units[device.config.address])
    return None


class WatchReader:
    """Reads some keys of one device, in the class of the load manager."""

    def __init__(self) -> None:
        """Begin with the first read."""
        self._unit: UnitCoordinator | None = None
        self._reader: UnitReader | None = None

    async def async_read(self, place: Place, keys: Collection[str], priority: Priority) -> TargetReading:
        """Read, also a unit that was silent a moment ago. Raises ``ModbusError``."""
        if self._reader is None or self._unit is not place.unit:
            self._unit, self._reader = place.unit, UnitReader(place.unit.client, health=place.unit.reader.health)
        assert place.device.profile is not None  # noqa: S101 -- places have one
        target = Target(profile=place.device.profile, keys=frozenset(keys))
        readings = await self._reader.read([target], priority, now=True)
        return readings[0]
