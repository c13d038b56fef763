"""Long work on the archive: one at a time, with its progress shown, ended where the history ends."""

from __future__ import annotations

from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Final, Self

from homeassistant.components import persistent_notification
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.translation import async_get_exception_message
from homeassistant.util.hass_dict import HassKey

from .archive import ArchiveError
from .const import DOMAIN
from .history import DATA_HISTORY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from .history import History

_NOTE: Final = f"{DOMAIN}_archive_work"
_WORKING: HassKey[bool] = HassKey(f"{DOMAIN}.archive_at_work")
_NEWS_EVERY: Final = 2.0


@contextmanager
def alone(hass: HomeAssistant) -> Iterator[None]:
    """Let one of these actions run at a time. Raises ``HomeAssistantError`` while another one does."""
    if hass.data.get(_WORKING, False):
        raise busy()
    hass.data[_WORKING] = True
    try:
        yield
    finally:
        hass.data[_WORKING] = False


def ends(hass: HomeAssistant, history: History) -> bool:
    """Tell whether a history is not kept any more."""
    return hass.is_stopping or hass.data.get(DATA_HISTORY) is not history


def busy() -> HomeAssistantError:
    """Return what tells people to try again."""
    return HomeAssistantError(translation_domain=DOMAIN, translation_key="archive_busy")


class Progress:
    """Shows how far work is, now and then, and ends it where nobody waits for it any more."""

    def __init__(self, hass: HomeAssistant, history: History, text: str) -> None:
        """Take whose archive it is; ``text``: the key of what is shown, with ``percent``, ``done`` and ``total``."""
        self._hass = hass
        self._history = history
        self._text = text
        self._told = monotonic()
        self._over = False

    def __enter__(self) -> Self:
        """Show that it began."""
        self._note(0, 0)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Show nothing any more."""
        self._over = True
        persistent_notification.async_dismiss(self._hass, _NOTE)

    def __call__(self, done: int, total: int) -> None:
        """Take how many rows are done, from the thread that works. Raises ``ArchiveError`` to end it."""
        if self._over or ends(self._hass, self._history):
            raise ArchiveError("it was ended")
        if monotonic() - self._told >= _NEWS_EVERY:
            self._told = monotonic()
            self._hass.loop.call_soon_threadsafe(self._note, done, total)

    @callback
    def _note(self, done: int, total: int) -> None:
        """Show it."""
        if self._over:
            return
        percent = 100 * done // total if total else 0
        text = async_get_exception_message(
            DOMAIN, self._text, {"percent": str(percent), "done": str(done), "total": str(total)}
        )
        persistent_notification.async_create(self._hass, text, notification_id=_NOTE)
