"""Diagnostics download of a gateway: settings, link, register maps, what each device answered and refused."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_DEVICE, CONF_HOST

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .coordinator import GatewayConfigEntry, UnitCoordinator
    from .device import Device

TO_REDACT: Final = {CONF_HOST, CONF_DEVICE}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant,  # noqa: ARG001 -- Home Assistant's signature
    entry: GatewayConfigEntry,
) -> dict[str, Any]:
    """Return what a report from the field needs; addresses of the network are left out."""
    settings = {"entry": async_redact_data(dict(entry.data), TO_REDACT), "options": dict(entry.options)}
    if entry.state is not ConfigEntryState.LOADED:
        return settings
    data = entry.runtime_data
    return settings | {
        "link": {**asdict(data.link.statistics), "queued": data.link.queued, "last_error": None},
        "profile_errors": [str(replace(error, file=Path(error.file).name)) for error in data.catalog.errors],
        "units": {str(address): _unit(unit) for address, unit in data.units.items()},
    }


def _unit(unit: UnitCoordinator) -> dict[str, Any]:
    """Describe one Modbus address."""
    return {
        "problem": unit.data.problem,
        "failures": unit.reader.health.failures,
        "refused": {f"{row.space} {row.address}": error for row, error in unit.reader.refused.items()},
        "devices": [_device(unit, device) for device in unit.devices.values()],
    }


def _device(unit: UnitCoordinator, device: Device) -> dict[str, Any]:
    """Describe one device."""
    profile = device.profile
    return {
        "model": device.model.number,
        "place": device.config.place,
        "supply": device.config.supply,
        "profile": None
        if profile is None
        else {"id": profile.id, "confidence": profile.confidence, "user": profile.user},
        "values": {key: str(value) for key, value in unit.data.values.get(device.config.id, {}).items()},
        "unsupported": sorted(unit.data.unsupported.get(device.config.id, ())),
    }
