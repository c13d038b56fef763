"""What the site consists of, in the words of its people: for tables, downloads and queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .archive import Site, SiteDevice
from .connection import endpoint_name
from .const import CONF_KIND, DOMAIN, KIND_GATEWAY, LOADS, SUBENTRY_GROUP, SUBENTRY_LOAD
from .consumption import place_of
from .loads import subentry_names
from .names import selector_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant

    from .device import Device


def site_of(
    hass: HomeAssistant, installation: ConfigEntry, devices: Mapping[str, Device], numbers: Mapping[str, int]
) -> Site:
    """Return the site with the names that everything has now; ``numbers``: of the devices in the archive."""
    loads = {key: selector_text(hass, "load", key) for key in LOADS}
    gateways = {
        subentry: entry
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry.data.get(CONF_KIND) == KIND_GATEWAY
        for subentry in entry.subentries
    }
    return Site(
        name=installation.title,
        devices=tuple(_device(device, gateways[key], numbers.get(key)) for key, device in devices.items()),
        loads=loads | subentry_names(installation, SUBENTRY_LOAD),
        groups=subentry_names(installation, SUBENTRY_GROUP),
    )


def _device(device: Device, gateway: ConfigEntry, number: int | None) -> SiteDevice:
    """Return a device as tables show it."""
    place = place_of(device)
    return SiteDevice(
        id=device.config.id,
        name=device.config.name,
        gateway=gateway.title,
        host=endpoint_name(gateway.data),
        address=device.config.place,
        model=device.model.display_number,
        family=device.model.family,
        commodity=place.commodity if device.counters else None,
        load=place.load,
        groups=place.groups,
        counted=place.counted,
        number=number,
    )
