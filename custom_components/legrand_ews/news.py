"""What is new in the history, for those who show it.

This module owns what followers are told: from which time on there is something new, and whether the site itself is
another one. It outlives the installation, so that a follower need not know when that is loaded again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from homeassistant.core import callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from homeassistant.core import CALLBACK_TYPE, HomeAssistant

    from .archive import WriterStatus

DATA_NEWS: HassKey[News] = HassKey(f"{DOMAIN}_news")

_PAUSE: Final = 5.0
"""Seconds in which news are gathered: devices are polled one after the other."""


class News:
    """What followers of the history have not been told yet."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin without news."""
        self.hass = hass
        self.revision = 0
        """Another number: devices, loads, tariffs or prices of the past are others, everything is to be asked anew."""
        self.since: int | None = None
        """Start of the earliest consumption that is new since the last time, POSIX s; None: there is none."""
        self._handed: int | None = None
        self._last_write: float | None = None
        self._followers: list[Callable[[], None]] = []
        self._due: CALLBACK_TYPE | None = None

    @callback
    def follow(self, follower: Callable[[], None]) -> CALLBACK_TYPE:
        """Call ``follower`` when there is something new, at most every 5 s. Returns the way out."""
        self._followers.append(follower)

        @callback
        def leave() -> None:
            """Follow no more."""
            self._followers.remove(follower)
            if not self._followers:
                self._rest()

        return leave

    @callback
    def handed_on(self, starts: Iterable[int]) -> None:
        """Note what is on its way into the archive."""
        self._handed = min(starts if self._handed is None else (self._handed, *starts), default=None)

    @callback
    def written(self, status: WriterStatus) -> None:
        """Take how writing goes: what was handed on can be asked for as soon as it is written."""
        before, self._last_write = self._last_write, status.last_write
        if status.last_write == before or self._handed is None:
            return
        self.since = self._handed if self.since is None else min(self.since, self._handed)
        if status.queued == 0:
            self._handed = None
        self._tell_soon()

    @callback
    def changed(self) -> None:
        """Note that the site is another one."""
        self.revision += 1
        self._tell_soon()

    @callback
    def _tell_soon(self) -> None:
        """Tell once it has been gathered."""

        @callback
        def tell(_now: datetime) -> None:
            """Tell now."""
            self._due = None
            for follower in tuple(self._followers):
                follower()
            self.since = None

        if not self._followers:
            self.since = None
        elif self._due is None:
            self._due = async_call_later(self.hass, _PAUSE, tell)

    @callback
    def _rest(self) -> None:
        """Gather nothing: nobody follows."""
        self.since = None
        if self._due is not None:
            self._due()
            self._due = None


@callback
def site_changed(hass: HomeAssistant) -> None:
    """Tell those who show the site that it is another one."""
    if (news := hass.data.get(DATA_NEWS)) is not None:
        news.changed()
