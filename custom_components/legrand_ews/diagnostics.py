"""Diagnostics download.

Of a gateway: settings, link, register maps, what each device answered and refused. Of the installation: its journal.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.diagnostics import REDACTED, async_redact_data
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_DEVICE, CONF_HOST
from homeassistant.exceptions import HomeAssistantError

from .archive import Archive
from .const import CONF_KIND, KIND_INSTALLATION, OPT_ARCHIVE_URL, OPT_CODE
from .history import DATA_HISTORY
from .journal import DATA_JOURNAL

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .alarms import Journal
    from .coordinator import GatewayConfigEntry, UnitCoordinator
    from .device import Device
    from .status import StatusCoordinator

TO_REDACT: Final = {CONF_HOST, CONF_DEVICE, OPT_CODE, OPT_ARCHIVE_URL}
_NAMED: Final = re.compile(r"""'[^']*'|"[^"]*"|\([^)]*\)""")
"""How databases write hosts, addresses, users and paths in what they say."""


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant,
    entry: GatewayConfigEntry,
) -> dict[str, Any]:
    """Return what a report from the field needs; addresses of the network are left out."""
    settings = {
        "entry": async_redact_data(dict(entry.data), TO_REDACT),
        "options": async_redact_data(dict(entry.options), TO_REDACT),
    }
    if entry.data[CONF_KIND] == KIND_INSTALLATION:
        return settings | {"journal": _journal(hass.data[DATA_JOURNAL].journal), "archive": await _async_archive(hass)}
    if entry.state is not ConfigEntryState.LOADED:
        return settings
    data = entry.runtime_data
    return settings | {
        "link": {**asdict(data.link.statistics), "queued": data.link.queued, "last_error": None},
        "profile_errors": [str(replace(error, file=Path(error.file).name)) for error in data.catalog.errors],
        "units": {str(address): _unit(unit, data.states.get(address)) for address, unit in data.units.items()},
    }


async def _async_archive(hass: HomeAssistant) -> dict[str, Any] | None:
    """Describe the archive, without where it is."""
    history = hass.data.get(DATA_HISTORY)
    if history is None:
        return None
    status = history.writer.status
    error = status.error and _NAMED.sub(REDACTED, status.error)
    told: dict[str, Any] = {"writer": asdict(replace(status, error=error)), "period": history.period}
    with suppress(HomeAssistantError):
        told["info"] = asdict(await history.async_ask(Archive.info))
        told["health"] = await history.async_ask(Archive.check) or "ok"
    return told


def _journal(journal: Journal) -> dict[str, Any]:
    """Describe the journal of alarms, without its texts."""
    return {
        "entries": len(journal.entries),
        "active": [{"kind": entry.kind, "event": entry.event, "count": entry.count} for entry in journal.active],
        "damaged": journal.damaged,
        "pending": len(journal.pending),
    }


def _unit(unit: UnitCoordinator, states: StatusCoordinator | None) -> dict[str, Any]:
    """Describe one Modbus address."""
    readers = [unit.reader] if states is None else [unit.reader, states.reader]
    return {
        "problem": unit.data.problem,
        "failures": unit.reader.health.failures,
        "refused": {f"{row.space} {row.address}": error for reader in readers for row, error in reader.refused.items()},
        "devices": [_device(unit, states, device) for device in unit.devices.values()],
    }


def _device(unit: UnitCoordinator, states: StatusCoordinator | None, device: Device) -> dict[str, Any]:
    """Describe one device."""
    shown = {} if states is None else states.data.values.get(device.config.id, {})
    profile = device.profile
    return {
        "model": device.model.number,
        "place": device.config.place,
        "supply": device.config.supply,
        "profile": None
        if profile is None
        else {"id": profile.id, "confidence": profile.confidence, "user": profile.user},
        "values": {key: str(value) for key, value in unit.data.values.get(device.config.id, {}).items()},
        "states": {key: str(value) for key, value in shown.items()},
        "commands": device.commandable,
        "unsupported": sorted(unit.data.unsupported.get(device.config.id, ())),
    }
