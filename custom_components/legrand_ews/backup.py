"""Home Assistant's backup contains a consistent archive (manual 9).

While files are copied nothing is written to the archive: its rows wait in memory. A file in the configuration folder
is whole by itself then. Of an archive elsewhere a copy is laid beside for the time of the backup; ``restore_archive``
takes it back.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN, LOGGER
from .history import DATA_HISTORY
from .history_settings import COPY_FILE, file_url

if TYPE_CHECKING:
    from pathlib import Path

    from homeassistant.core import HomeAssistant

    from .archive import Archive

_PAUSE: Final = 60.0
_HELD: HassKey[bool] = HassKey(f"{DOMAIN}.held_for_backup")


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Hold writing, and make the archive one whole file. An archive that is away does not keep from backing up."""
    if (history := hass.data.get(DATA_HISTORY)) is None:
        return
    held = hass.data[_HELD] = await hass.async_add_executor_job(history.writer.pause, _PAUSE)
    if not held:
        LOGGER.warning("The archive is busy: this backup may contain it in the middle of a write")
    copy = history.folder / COPY_FILE
    try:
        if history.settings.url == file_url(history.folder):
            await history.async_ask(lambda archive: archive.settle())
        else:
            await history.async_ask(partial(_copy, path=copy))
    except HomeAssistantError as err:
        LOGGER.warning("The archive is not in this backup: %s", err)


async def async_post_backup(hass: HomeAssistant) -> None:
    """Write again."""
    if (history := hass.data.get(DATA_HISTORY)) is not None:
        if hass.data.pop(_HELD, False):
            history.writer.resume()
        await hass.async_add_executor_job(partial((history.folder / COPY_FILE).unlink, missing_ok=True))


def _copy(archive: Archive, *, path: Path) -> None:
    """Lay a copy of an archive beside. Blocking."""
    path.unlink(missing_ok=True)
    archive.backup(path)
