"""The stations under the load manager, each with its port.

A station on a gateway is one whose map says how it is told a limit, and that the user allows to be commanded; all
others count as load of the building. So does one on a phase that the main meter does not see: nobody knows what is left
there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..catalog import Kind
from ..const import LOGGER
from ..greenup import StationConfig
from ..greenup.config import FLOOR
from ..installation import find_installation
from .charger import chargers
from .entity_port import EntityPort
from .meter import meter_phases
from .modbus_port import ModbusPort
from .reach import devices

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


class Unwatched(NamedTuple):
    """A station on phases that the main meter does not see."""

    name: str
    phases: str
    """As people write them: L2, L3."""


class Found(NamedTuple):
    """The stations of the site, by id, but those that are left alone."""

    ports: dict[str, Port]
    """Those that are managed."""
    unwatched: dict[str, Unwatched]
    """Those that cannot be."""


def ports(hass: HomeAssistant, settings: GreenupSettings) -> Found:
    """Return the stations that are managed, and those that the meter does not see; what takes no orders is left out."""
    seen, found = meter_phases(hass, settings), Found({}, {})
    for port in (*_on_gateways(hass), *_bound(hass)):
        config = port.config
        if config.id in settings.unmanaged:
            continue
        if missing := [f"L{phase + 1}" for phase in sorted(config.phases) if phase not in seen]:
            found.unwatched[config.id] = Unwatched(port.name, ", ".join(missing))
        else:
            found.ports[config.id] = port
    return found


def _on_gateways(hass: HomeAssistant) -> Iterator[Port]:
    """Yield the stations of all gateways, loaded or not."""
    for device in devices(hass):
        if can_be_managed(device):
            try:
                yield ModbusPort(hass, station_config(device), device.config.name)
            except ValueError as err:
                LOGGER.error("%s cannot be managed: %s", device.config.name, err)


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
