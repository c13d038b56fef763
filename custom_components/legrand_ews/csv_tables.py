"""When the CSV folders follow the archive. What is in them is the ``archive`` room's matter."""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING, Final

from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError

from .archive import Folders
from .const import LOGGER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .archive import SessionRow
    from .history import History

FOLDER: Final = "csv"
_DAY: Final = 86400


class CsvTables:
    """The CSV folders of a site."""

    def __init__(self, history: History) -> None:
        """Take the history that they follow."""
        self._history = history
        self._folders = Folders(history.folder / FOLDER, history.style, history.zone)
        self._until = 0
        # What was written just before the end may be missing in the tables.
        self._since: int | None = int(time()) - _DAY

    @callback
    def note(self, starts: Iterable[int]) -> None:
        """Note when new rows begin, POSIX seconds: from then on the tables are to be looked at again."""
        for start in starts:
            if self._since is None or start < self._since:
                self._since = start

    @callback
    def note_sessions(self, rows: Iterable[SessionRow]) -> None:
        """Note charging sessions that ended, maybe long ago; those that go on are looked at in any case."""
        self.note(row.end for row in rows if row.end is not None)

    @callback
    def due(self) -> bool:
        """Tell once per interval that its rows are written and the tables can follow."""
        boundary = int(time()) // self._history.period * self._history.period
        if boundary <= self._until or self._history.writer.status.queued:
            return False
        self._until = boundary
        return True

    async def async_follow(self) -> None:
        """Bring the folders up to date; a failure is made good the next time."""
        since, self._since = self._since, None
        try:
            await self.async_update(since=int(time()) if since is None else since)
        except (HomeAssistantError, OSError) as err:
            LOGGER.warning("The CSV folders could not be brought up to date: %s", err)
            self.note(() if since is None else (since,))

    async def async_update(self, *, since: int | None = None) -> int:
        """Bring the folders up to date, return how many files were written.

        ``since``: what is older is known to be right, POSIX seconds; None: all is compared. Raises
        ``HomeAssistantError`` where the archive does not answer, ``OSError`` where the folders cannot be written.
        """
        site, now = self._history.site(), int(time())
        return await self._history.async_ask(lambda archive: self._folders.update(archive, site, now=now, since=since))
