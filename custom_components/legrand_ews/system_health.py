"""How the archive fares, on Home Assistant's system page (manual 8.8)."""

from __future__ import annotations

import asyncio
from shutil import disk_usage
from typing import TYPE_CHECKING, Any, Final

from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from .archive import Archive
from .history import DATA_HISTORY

if TYPE_CHECKING:
    from pathlib import Path

    from homeassistant.components.system_health import SystemHealthRegistration
    from homeassistant.core import HomeAssistant

_PATIENCE: Final = 3.0
"""Seconds for the archive to answer: less than the page waits for us, which shows nothing at all then."""


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:  # noqa: ARG001 -- its signature
    """Register what is told."""
    register.async_register_info(_async_info)


async def _async_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return what the page shows."""
    history = hass.data.get(DATA_HISTORY)
    if history is None:
        return {"archive": "no installation"}
    status = history.writer.status
    told: dict[str, Any] = {
        "archive": status.error or "ok",
        "archive_waiting": status.queued,
        "archive_dropped": sum(status.dropped.values()),
        "archive_last_write": _shown(status.last_write),
        "archive_free": await _async_free(hass, history.folder),
    }
    try:
        async with asyncio.timeout(_PATIENCE):
            info = await history.async_ask(Archive.info)
    except HomeAssistantError, TimeoutError:
        return told
    return told | {
        "archive_engine": info.engine,
        "archive_size": _size(info.size),
        "archive_intervals": info.intervals,
        "archive_samples": info.samples,
        "archive_last_interval": _shown(info.last_interval),
    }


async def _async_free(hass: HomeAssistant, folder: Path) -> str | None:
    """Return the room that the configuration folder has; None where that cannot be told."""
    try:
        usage = await hass.async_add_executor_job(disk_usage, folder)
    except OSError:
        return None
    return _size(usage.free)


def _size(size: int) -> str:
    """Return bytes as people write them."""
    return f"{size / 1e6:.1f} MB"


def _shown(at: float | None) -> str | None:
    """Return a time as people write it."""
    return None if at is None else dt_util.as_local(dt_util.utc_from_timestamp(at)).isoformat(timespec="seconds")
