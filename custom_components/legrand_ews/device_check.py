"""A look at a device before it is saved: which register map it has, what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from homeassistant.components.modbus import async_get_temporary_unit
from homeassistant.config_entries import ConfigEntryState
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.translation import async_get_translations
from modbus_connection.exceptions import ModbusError

from .bus import Index, Link, Priority, UnitClient, UnitReader, identify
from .catalog import QUANTITIES
from .catalog_store import profiles_folder
from .connection import line_speed, modbus_params
from .const import DEFAULT_RS485_TIMEOUT, DOMAIN, OPT_RS485_TIMEOUT
from .coordinator import target_of
from .device import resolve
from .names import state_name
from .sensor import describe, factor_of, in_unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.core import HomeAssistant

    from .bus import TargetReading, Value
    from .catalog import Catalog, Profile
    from .coordinator import GatewayConfigEntry
    from .device import Device, DeviceConfig

_SHOWN: Final = 12


@dataclass(frozen=True, kw_only=True)
class Check:
    """The outcome of a look at a device."""

    result: str
    """``found``, ``silent`` or ``no_map``."""
    profile: str | None = None
    """The register map that the device was found to have, where there was a choice."""
    placeholders: Mapping[str, str] = field(default_factory=dict)


async def async_check(hass: HomeAssistant, entry: GatewayConfigEntry, catalog: Catalog, config: DeviceConfig) -> Check:
    """Read a device over its gateway's link, or over a connection of the moment where the gateway is not loaded."""
    device = resolve(catalog, config)
    if device.profile is None:
        return Check(
            result="no_map",
            placeholders={"model": device.carrier.display_number, "folder": str(profiles_folder(hass))},
        )
    link = entry.runtime_data.link if entry.state is ConfigEntryState.LOADED else Link()
    try:
        async with async_get_temporary_unit(hass, modbus_params(entry.data), config.address) as unit:
            client = UnitClient(
                link,
                unit,
                rs485_timeout=entry.options.get(OPT_RS485_TIMEOUT, DEFAULT_RS485_TIMEOUT) / 1000,
                baudrate=line_speed(entry.data),
            )
            chosen = await _identify(client, catalog, device)
            if chosen is not None:
                device = resolve(catalog, replace(config, profile=chosen.id))
            reader = UnitReader(client)
            target = target_of(device, device.keys)
            target = replace(target, keys=target.keys | device.states.keys())
            [reading] = await reader.read([target], Priority.READBACK, now=True)
    except (ModbusError, HomeAssistantError) as err:
        return Check(result="silent", placeholders={"reason": str(err)})
    table = await _table(hass, device, reading)
    return Check(result="found", profile=None if chosen is None else chosen.id, placeholders=table)


async def _identify(client: UnitClient, catalog: Catalog, device: Device) -> Profile | None:
    """Return the map that a device of a model with several candidates has, as far as it tells."""
    candidates = catalog.candidates(device.carrier.number)
    if device.config.profile is not None or len(candidates) < 2:  # noqa: PLR2004 -- nothing to choose from
        return None
    return await identify(client, [catalog.profiles[row.profile] for row in candidates], Priority.READBACK)


async def _table(hass: HomeAssistant, device: Device, reading: TargetReading) -> dict[str, str]:
    """Return what was read as a table, what people look at daily first."""
    names = await async_get_translations(hass, hass.config.language, "entity", {DOMAIN})
    rows = [
        f"| {state_name(hass, device, key)} | {reading.values[key]} |"
        for key in device.states
        if reading.values.get(key) is not None
    ]
    for key, row in sorted(device.keys.items(), key=lambda item: _rank(item[0])):
        value = reading.values.get(row)
        if value is not None:
            rows.append(f"| {_name(names, device, key)} | {_shown(device, key, value)} |")
    profile = device.profile
    return {
        "readings": "\n".join(rows[:_SHOWN]) or "| — | — |",
        "count": str(len(rows)),
        "map": profile.name if profile is not None else "",
        "confidence": _confidence(device),
        "source": profile.source if profile is not None else "",
    }


def _rank(key: str) -> tuple[bool, str]:
    """Order daily quantities before the others."""
    quantity = QUANTITIES.get(key)
    return (quantity is not None and not quantity.daily, "")


def _confidence(device: Device) -> str:
    """Return how sure the device's map is: the model's word for it, or the map's own."""
    profile = device.profile
    if profile is None:
        return ""
    for candidate in device.carrier.candidates:
        if candidate.profile == profile.id:
            return candidate.confidence.value
    return profile.confidence.value


def _name(names: Mapping[str, str], device: Device, key: str) -> str:
    """Return the name of a quantity in the user's language."""
    quantity = QUANTITIES.get(key)
    if quantity is None:
        measure = device.profile.measures.get(key) if device.profile is not None else None
        return measure.name if measure is not None and measure.name else key
    name = names.get(f"component.{DOMAIN}.entity.sensor.{quantity.label}.name", key)
    return name.format(**quantity.placeholders)


def _shown(device: Device, key: str, value: Value) -> str:
    """Return a value with its unit."""
    description = describe(device, key)
    number = value.value if isinstance(value, Index) else value
    shown = in_unit(number, factor_of(QUANTITIES.get(key), description))
    precision = description.suggested_display_precision
    text = f"{shown:.{precision}f}" if isinstance(shown, Decimal | float) and precision is not None else str(shown)
    unit = description.native_unit_of_measurement
    return text if unit is None else f"{text} {unit}"
