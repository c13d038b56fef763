"""Loads and groups: what the devices of the site are sorted by (manual 7.16.2).

This module owns which there are and which devices belong to them. The six loads of RT 2012 and "others" are always
there and can be switched off; the user's own, and groups, are subentries of the installation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .const import (
    CONF_GROUPS,
    CONF_IN_USE,
    CONF_LOAD,
    DOMAIN,
    LOADS,
    OPT_LOADS_OFF,
    OTHERS,
    SUBENTRY_GROUP,
    SUBENTRY_LOAD,
)
from .device import device_subentries
from .device_form import MOST_GROUPS
from .installation import find_installation
from .load_choices import Choices
from .names import selector_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from homeassistant.config_entries import ConfigEntry, ConfigSubentry
    from homeassistant.core import HomeAssistant

CONF_DEVICES: Final = "devices"
MOST_OWN_LOADS: Final = 8


def choices(hass: HomeAssistant) -> Choices:
    """Return the loads that are on and the groups, with their names in the system's language."""
    entry = find_installation(hass)
    off = set() if entry is None else set(entry.options.get(OPT_LOADS_OFF, ()))
    loads = {key: selector_text(hass, "load", key) for key in LOADS if key not in off}
    return Choices(loads=loads | names_in_use(entry, SUBENTRY_LOAD), groups=names_in_use(entry, SUBENTRY_GROUP))


def named(known: Choices, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is stored of a device with the names of the user's own load and groups, as lists have them."""
    told = dict(data)
    if (load := data.get(CONF_LOAD)) is not None and load not in LOADS:
        told[CONF_LOAD] = known.loads.get(load, load)
    if groups := data.get(CONF_GROUPS):
        told[CONF_GROUPS] = [known.groups.get(group, group) for group in groups]
    return told


def clean(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Sort the devices that new loads and groups were made with; take deleted ones away from the devices.

    Returns whether there were new ones: then the entry was changed.
    """
    new = False
    for row in list(entry.subentries.values()):
        if (wanted := row.data.get(CONF_DEVICES)) is not None:
            new = True
            assign(hass, row.subentry_type, row.subentry_id, wanted)
            data = {key: value for key, value in row.data.items() if key != CONF_DEVICES}
            hass.config_entries.async_update_subentry(entry, row, data=data)
    known = {*LOADS, *entry.subentries}
    for gateway, device in list(devices(hass)):
        data = dict(device.data)
        if data.get(CONF_LOAD, OTHERS) not in known:
            del data[CONF_LOAD]
        if groups := data.get(CONF_GROUPS):
            data[CONF_GROUPS] = [group for group in groups if group in known]
        if data != device.data:
            hass.config_entries.async_update_subentry(gateway, device, data=data)
    return new


def subentry_names(entry: ConfigEntry | None, kind: str) -> dict[str, str]:
    """Return the names of the installation's loads or groups by their ids."""
    if entry is None:
        return {}
    return {row.subentry_id: row.title for row in entry.subentries.values() if row.subentry_type == kind}


def devices(hass: HomeAssistant) -> Iterator[tuple[ConfigEntry, ConfigSubentry]]:
    """Yield all devices of all gateways."""
    for entry in hass.config_entries.async_entries(DOMAIN):
        for subentry in device_subentries(entry):
            yield entry, subentry


def names_in_use(entry: ConfigEntry | None, kind: str) -> dict[str, str]:
    """Return the same but for those that are switched off."""
    names = subentry_names(entry, kind)
    off = [] if entry is None else [key for key in names if not entry.subentries[key].data.get(CONF_IN_USE, True)]
    return {key: name for key, name in names.items() if key not in off}


def members(hass: HomeAssistant, kind: str, key: str) -> list[str]:
    """Return the ids of the devices that have a load, or are in a group."""
    if kind == SUBENTRY_LOAD:
        return [row.subentry_id for _, row in devices(hass) if row.data.get(CONF_LOAD) == key]
    return [row.subentry_id for _, row in devices(hass) if key in row.data.get(CONF_GROUPS, ())]


def overfull(hass: HomeAssistant, key: str, wanted: Collection[str]) -> list[str]:
    """Return the names of devices that are in as many groups already as they can be."""
    return [
        row.title
        for _, row in devices(hass)
        if row.subentry_id in wanted
        and key not in (groups := row.data.get(CONF_GROUPS, ()))
        and len(groups) >= MOST_GROUPS
    ]


def assign(hass: HomeAssistant, kind: str, key: str, wanted: Collection[str]) -> None:
    """Give exactly these devices a load, or put them into a group; their gateways take it over a second later."""
    for entry, row in list(devices(hass)):
        data = dict(row.data)
        chosen = row.subentry_id in wanted
        if kind == SUBENTRY_LOAD:
            if chosen:
                data[CONF_LOAD] = key
            elif data.get(CONF_LOAD) == key:
                del data[CONF_LOAD]
        else:
            groups = [group for group in data.get(CONF_GROUPS, ()) if group != key]
            data[CONF_GROUPS] = [*groups, key] if chosen else groups
            if not data[CONF_GROUPS]:
                del data[CONF_GROUPS]
        if data != row.data:
            hass.config_entries.async_update_subentry(entry, row, data=data)
