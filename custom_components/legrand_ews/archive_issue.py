"""The repair issue that tells of an archive that cannot be written."""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING, Final

from homeassistant.core import callback
from homeassistant.helpers import issue_registry as ir

from .const import DOCUMENTATION, DOMAIN

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .archive import WriterStatus

ISSUE: Final = "archive_not_written"
_TELL_AFTER: Final = 10.0
"""Seconds that the archive may be away before people are told: another program may hold a lock for a moment."""


class ArchiveIssue:
    """Raised while the archive is away, taken back by itself."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin without one."""
        self._hass = hass
        self._since: float | None = None
        self._closed = False

    @callback
    def take(self, status: WriterStatus) -> None:
        """Take how writing goes."""
        if status.error is None:
            if self._since is not None:
                ir.async_delete_issue(self._hass, DOMAIN, ISSUE)
            self._since = None
            return
        self._since = time() if self._since is None else self._since
        if time() - self._since < _TELL_AFTER or self._closed:
            return
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            ISSUE,
            is_fixable=False,
            learn_more_url=f"{DOCUMENTATION}/archive.md",
            severity=ir.IssueSeverity.ERROR,
            translation_key=ISSUE,
            translation_placeholders={
                "error": status.error,
                "queued": str(status.queued),
                "dropped": str(sum(status.dropped.values())),
            },
        )

    @callback
    def close(self) -> None:
        """Take it back: there is no history any more."""
        self._closed = True
        ir.async_delete_issue(self._hass, DOMAIN, ISSUE)
