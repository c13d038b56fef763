"""Home Assistant's backup contains a consistent archive (manual 9).

While files are copied nothing is written to an archive in the configuration folder: its rows wait in memory, and it is
whole by itself. Of an archive elsewhere a copy is laid beside for the time of the backup; ``restore_archive`` takes it
back.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Final

from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_call_later
from homeassistant.util.hass_dict import HassKey

from .archive import Archive
from .const import DOMAIN, LOGGER
from .history import DATA_HISTORY
from .history_settings import COPY_FILE, file_url

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from homeassistant.core import CALLBACK_TYPE, HomeAssistant

    from .archive import ArchiveWriter
    from .history import History

_PAUSE: Final = 60.0
_LONGEST: Final = 7200.0
"""Seconds after which a backup is taken for one that ended without a word."""
_HELD: HassKey[_Hold] = HassKey(f"{DOMAIN}.held_for_backup")
_LAID: HassKey[Path] = HassKey(f"{DOMAIN}.laid_for_backup")


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Make the archive one whole file. An archive that is away does not keep from backing up."""
    if (history := hass.data.get(DATA_HISTORY)) is None:
        return
    elsewhere = history.settings.url != file_url(history.folder)
    try:
        await (_async_lay if elsewhere else _async_hold)(hass, history)
    except HomeAssistantError as err:
        LOGGER.warning("The archive is not whole in this backup: %s", err)


async def async_post_backup(hass: HomeAssistant) -> None:
    """Write again, and remove the copy, also of an installation that is unloaded by now."""
    if (hold := hass.data.pop(_HELD, None)) is not None:
        hold.release()
    if (copy := hass.data.pop(_LAID, None)) is not None:
        await hass.async_add_executor_job(copy.unlink, True)  # noqa: FBT003 -- positional here: missing_ok


async def _async_hold(hass: HomeAssistant, history: History) -> None:
    """Hold writing, and bring what lies beside the file into it."""
    if await hass.async_add_executor_job(history.writer.pause, _PAUSE):
        hass.data[_HELD] = _Hold(hass, history.writer)
    else:
        LOGGER.warning("The archive is busy: this backup may contain it in the middle of a write")
    await history.async_ask(Archive.settle)


async def _async_lay(hass: HomeAssistant, history: History) -> None:
    """Lay a copy beside. One that is there was restored and not taken back yet: it gets what is new, and stays."""
    path = history.folder / COPY_FILE

    def lay(archive: Archive) -> bool:
        """Tell whether the copy is a new one. Blocking."""
        if not path.exists():
            archive.backup(path)
            return True
        with closing(Archive.open(f"sqlite:///{path}", site=archive.site, zone=archive.zone)) as copy:
            archive.copy_to(copy)
        return False

    if await history.async_ask(lay):
        hass.data[_LAID] = path


class _Hold:
    """Writing, held for a backup, but not for ever."""

    def __init__(self, hass: HomeAssistant, writer: ArchiveWriter) -> None:
        """Take a writer that pauses."""
        self._writer = writer
        self._wait: CALLBACK_TYPE | None = async_call_later(hass, _LONGEST, self._give_up)

    @callback
    def release(self) -> None:
        """Write again."""
        if self._wait is not None:
            self._wait()
            self._wait = None
            self._writer.resume()

    @callback
    def _give_up(self, _now: datetime) -> None:
        """Write again, whatever became of the backup."""
        LOGGER.warning("A backup that began %s hours ago never ended: the archive is written again", _LONGEST / 3600)
        self._wait = None
        self._writer.resume()
