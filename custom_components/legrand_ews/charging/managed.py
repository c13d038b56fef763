"""The stations under the load manager, each with its port.

A station on a gateway is one whose map says how it is told a limit, and that the user allows to be commanded; all
others count as load of the building.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..catalog import Kind
from ..catalog_store import DATA_CATALOG
from ..const import CONF_KIND, DOMAIN, KIND_GATEWAY, LOGGER
from ..device import configs_of, resolve
from ..greenup import StationConfig
from ..greenup.config import FLOOR
from ..installation import find_installation
from .charger import chargers
from .entity_port import EntityPort
from .modbus_port import ModbusPort

if TYPE_CHECKING:
    from collections.abc import Iterator

    from homeassistant.core import HomeAssistant

    from ..device import Device
    from .port import Port
    from .settings import GreenupSettings


def can_be_managed(device: Device) -> bool:
    """Tell whether a device is a station that takes orders."""
    station = device.model.kind is Kind.STATION and device.profile is not None and device.profile.charging is not None
    return station and device.commandable


def ports(hass: HomeAssistant, settings: GreenupSettings) -> dict[str, Port]:
    """Return the stations that are managed, by id; what cannot be is logged and left out."""
    found: dict[str, Port] = {}
    for make in (_on_gateways, _bound):
        for port in make(hass):
            if port.config.id not in settings.unmanaged:
                found[port.config.id] = port
    return found


def _on_gateways(hass: HomeAssistant) -> Iterator[Port]:
    """Yield the stations of all gateways, loaded or not."""
    catalog = hass.data[DATA_CATALOG]
    for entry in hass.config_entries.async_entries(DOMAIN):
        if entry.data.get(CONF_KIND) != KIND_GATEWAY or entry.disabled_by is not None:
            continue
        for config in configs_of(entry):
            if config.model in catalog.models and can_be_managed(device := resolve(catalog, config)):
                try:
                    yield ModbusPort(hass, station_config(device), config.name)
                except ValueError as err:
                    LOGGER.error("%s cannot be managed: %s", config.name, err)


def station_config(device: Device) -> StationConfig:
    """Return a device as the load manager knows it. Raises ValueError."""
    charging = None if device.profile is None else device.profile.charging
    assert charging is not None  # noqa: S101 -- the caller's promise
    adjustable = charging.limit is not None
    rated = device.config.rated_current or (charging.maximum if adjustable else 0.0)
    return StationConfig(
        id=device.config.id,
        rated_current=min(rated, charging.maximum),
        phases=device.config.station_phases(device.model),
        min_current=max(FLOOR, charging.minimum) if adjustable else FLOOR,
        adjustable=adjustable,
    )


def _bound(hass: HomeAssistant) -> Iterator[Port]:
    """Yield the chargers that are bound by their entities."""
    for charger in chargers(find_installation(hass)):
        try:
            yield EntityPort(hass, charger, charger.station())
        except ValueError as err:
            LOGGER.error("%s cannot be managed: %s", charger.name, err)
