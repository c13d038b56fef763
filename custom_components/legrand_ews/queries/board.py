"""What is installed, for panel boards and dashboards that build themselves (manual 8.2.1).

Owns the shape of the answer, and finds devices and entities by what identifies them, never by names. An entity that is
disabled or hidden is left out. On which page of a device an entity is, ``pages`` knows.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er

from ..bill_settings import PLANS
from ..catalog_store import DATA_CATALOG
from ..charging.entity import MARK, manager_id
from ..charging.stations import known
from ..connection import endpoint_name
from ..const import DOMAIN, OPT_CODE
from ..consumption import place_of
from ..device import configs_of, resolve
from ..installation import find_installation
from ..state_sensor import ACTIVE_ALARMS
from .links import links_of
from .pages import pages_of, row_of
from .system import gateways_of, is_loaded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant

    from ..coordinator import GatewayConfigEntry
    from ..device import Device
    from .questions import Answer

_PRICES: Final = (("price", "sensor", "price"), ("tariff", "sensor", "tariff"), ("calendar", "calendar", "tariffs"))
"""Field, platform and what is in the unique id."""


async def async_board(hass: HomeAssistant, _msg: dict[str, Any]) -> Answer:
    """Return what is installed: gateways, devices, totals, stations, each with its entities."""
    found = _Found(hass)
    gateways = gateways_of(hass)
    installation = find_installation(hass)
    return {
        "gateways": [_gateway(found, entry) for entry in gateways],
        "devices": [_device(found, entry, device) for entry in gateways for device in _devices_of(hass, entry)],
        "stations": {key: _station(found, key) for key in known(hass)},
        **_site(found, installation),
    }


class _Found:
    """Devices and shown entities of the registries, each looked up once."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Go through the registries."""
        self.devices: dict[str, dr.DeviceEntry] = {}
        """By our identifier."""
        self._entities: dict[str | None, list[er.RegistryEntry]] = {}
        devices, entities = dr.async_get(hass), er.async_get(hass)
        for entry in hass.config_entries.async_entries(DOMAIN):
            for device in dr.async_entries_for_config_entry(devices, entry.entry_id):
                self.devices |= {own: device for domain, own in device.identifiers if domain == DOMAIN}
            for row in er.async_entries_for_config_entry(entities, entry.entry_id):
                if row.disabled_by is None and row.hidden_by is None:
                    self._entities.setdefault(row.device_id, []).append(row)

    def id_of(self, own: str) -> str | None:
        """Return Home Assistant's id of a device; None where it has none."""
        device = self.devices.get(own)
        return None if device is None else device.id

    def area_of(self, *own: str) -> str | None:
        """Return the area of the first of these devices that has one."""
        devices = (self.devices.get(one) for one in own)
        return next((device.area_id for device in devices if device is not None and device.area_id), None)

    def entities(self, own: str) -> list[er.RegistryEntry]:
        """Return the entities of a device."""
        device = self.devices.get(own)
        return [] if device is None else self._entities.get(device.id, [])


def _keyed(rows: Iterable[er.RegistryEntry], prefix: str) -> Iterator[tuple[str, er.RegistryEntry]]:
    """Yield the entities whose unique id begins so, with the rest of it."""
    for row in rows:
        if row.unique_id.startswith(prefix):
            yield row.unique_id[len(prefix) :], row


def _gateway(found: _Found, entry: GatewayConfigEntry) -> Answer:
    """Return a gateway."""
    own = entry.entry_id
    return {
        "id": own,
        "name": entry.title,
        "device_id": found.id_of(own),
        "area": found.area_of(own),
        "endpoint": endpoint_name(entry.data),
        "loaded": is_loaded(entry),
        "entities": {key: row.entity_id for key, row in _keyed(found.entities(own), f"{own}_")},
    }


def _devices_of(hass: HomeAssistant, entry: GatewayConfigEntry) -> Iterator[Device]:
    """Yield the devices of a gateway; of one that is not loaded, as they are stored."""
    if is_loaded(entry):
        yield from entry.runtime_data.devices.values()
        return
    for config in configs_of(entry):
        # A model that the catalogue does not know: left out, as when the gateway is loaded.
        with suppress(KeyError):
            yield resolve(hass.data[DATA_CATALOG], config)


def _device(found: _Found, entry: GatewayConfigEntry, device: Device) -> Answer:
    """Return a device with what its row and its pages show."""
    config, place = device.config, place_of(device)
    registered = found.devices.get(config.id)
    rows = {(row.domain, key): row.entity_id for key, row in _keyed(found.entities(config.id), f"{config.id}_")}
    return {
        "id": config.id,
        "name": config.name,
        "gateway": entry.entry_id,
        "device_id": None if registered is None else registered.id,
        "enabled": registered is None or registered.disabled_by is None,
        "area": found.area_of(config.id, entry.entry_id),
        "address": config.place,
        "model": "" if "_" in device.model.number else device.model.display_number,
        "model_name": device.model.name,
        "family": device.model.family,
        "kind": device.model.kind.value,
        "commodity": place.commodity if device.counters else None,
        "load": place.load,
        "groups": list(place.groups),
        "counted": place.counted,
        "functions": list(_functions(entry, device)),
        "main": row_of(device, rows),
        "pages": pages_of(device, rows),
    }


def _functions(entry: GatewayConfigEntry, device: Device) -> Iterator[str]:
    """Yield what a device does, as the symbols of its button say."""
    if device.keys:
        yield "measure"
    if device.states:
        yield "state"
    if device.commandable and device.profile is not None and device.profile.commands:
        yield "command"
    if is_loaded(entry) and links_of(entry.runtime_data, device):
        yield "link"


def _station(found: _Found, key: str) -> Answer:
    """Return what the load manager has of a station: no entities of one that is left alone."""
    rows = (row for _, row in _keyed(found.entities(key), f"{key}{MARK}_"))
    return {"device_id": found.id_of(key), "entities": _by_label(rows)}


def _by_label(rows: Iterable[er.RegistryEntry]) -> dict[str, str]:
    """Return entities by their translation keys."""
    return {row.translation_key: row.entity_id for row in rows if row.translation_key is not None}


def _site(found: _Found, entry: ConfigEntry | None) -> Answer:
    """Return what the whole site has in common; nothing without an installation."""
    if entry is None:
        nothing = dict.fromkeys(("installation", "totals", "load_manager", "active_alarms"))
        return {**nothing, **{kind: {} for kind in ("prices", "loads", "groups")}, "code": False}
    own = entry.entry_id
    totals, manager = f"{own}_total", manager_id(entry)
    alarms = _keyed(found.entities(own), f"{own}_{ACTIVE_ALARMS.key}")
    figures = _keyed(found.entities(manager), f"{manager}_")
    return {
        "installation": {"id": own, "name": entry.title, "device_id": found.id_of(own)},
        "code": OPT_CODE in entry.options,
        "active_alarms": next((row.entity_id for _, row in alarms), None),
        "totals": _part(found, totals, _by_label(_of_amounts(found.entities(totals), own))),
        "prices": _prices(found.entities(totals), own),
        "load_manager": _part(found, manager, {key: row.entity_id for key, row in figures}),
        "loads": _members(found, f"{own}_load_"),
        "groups": _members(found, f"{own}_group_"),
    }


def _part(found: _Found, own: str, entities: dict[str, str]) -> Answer | None:
    """Return a part of the installation with its entities; None where it has no device."""
    device_id = found.id_of(own)
    return None if device_id is None else {"device_id": device_id, "entities": entities}


def _members(found: _Found, prefix: str) -> dict[str, Answer | None]:
    """Return the loads, or the groups, by their ids: those whose identifier begins so."""
    own = (one for one in found.devices if one.startswith(prefix))
    return {one[len(prefix) :]: _part(found, one, _by_label(found.entities(one))) for one in own}


def _of_amounts(rows: Iterable[er.RegistryEntry], own: str) -> Iterator[er.RegistryEntry]:
    """Yield the entities of the totals but those of prices and of single tariffs."""
    return (row for row in rows if not row.unique_id.startswith((f"{own}_price_", f"{own}_tariff")))


def _prices(rows: Iterable[er.RegistryEntry], own: str) -> dict[str, dict[str, str]]:
    """Return the entities of each plan that has prices."""
    there = {(row.domain, row.unique_id): row.entity_id for row in rows}
    plans = {
        plan: {
            field: there[domain, f"{own}_{what}_{plan}"]
            for field, domain, what in _PRICES
            if (domain, f"{own}_{what}_{plan}") in there
        }
        for plan in PLANS
    }
    return {plan: entities for plan, entities in plans.items() if entities}
