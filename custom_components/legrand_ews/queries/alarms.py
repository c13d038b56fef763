"""The journal of alarms, as dashboards read, follow and acknowledge it (docs/queries.md, manual 8.7).

Owns filters, pages and the shape of the answers. What stands in the journal is the ``alarms`` room's matter. Needs
neither the installation nor the archive.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import voluptuous as vol
from homeassistant.core import callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.debounce import Debouncer

from ..alarms import Kind
from ..const import DOMAIN, LOGGER
from ..journal import DATA_JOURNAL
from .periods import Calendar
from .questions import from_to, instant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from homeassistant.components.websocket_api.connection import ActiveConnection
    from homeassistant.core import HomeAssistant

    from ..alarms import Entry, Journal
    from ..journal import SiteJournal
    from .questions import Answer, Asked

FIELDS: Final[Mapping[Any, Any]] = {
    vol.Optional("kinds"): vol.All([vol.Coerce(Kind)], vol.Length(min=1)),
    vol.Optional("device"): vol.Any(str, None),
    vol.Optional("since"): str,
    vol.Optional("until"): str,
    vol.Optional("active"): bool,
    vol.Optional("unacknowledged"): bool,
    vol.Optional("text"): str,
    vol.Optional("before"): int,
    vol.Optional("limit", default=100): vol.All(int, vol.Range(min=1, max=500)),
}
WHICH: Final[Mapping[Any, Any]] = {
    vol.Optional("ids"): vol.All([int], vol.Length(min=1)),
    vol.Optional("all"): True,
}

_MOST_CHANGED: Final = 100
_PAUSE: Final = 1.0
"""Seconds between two events of a subscription, at least."""


def _unseen(entry: Entry) -> bool:
    """Tell whether an entry is an alarm that nobody acknowledged."""
    return entry.alarm is True and entry.acknowledged_at is None


def _mentions(entry: Entry, text: str) -> bool:
    """Tell whether an entry has a text in what people read of it."""
    wanted = text.casefold()
    return any(wanted in one.casefold() for one in (entry.text, entry.device, entry.gateway))


_FILTERS: Final[Mapping[str, Callable[[Entry, Any], bool]]] = {
    "device": lambda entry, device: entry.device_id == device,
    "active": lambda entry, wanted: entry.active or not wanted,
    "unacknowledged": lambda entry, wanted: _unseen(entry) or not wanted,
    "text": _mentions,
    "before": lambda entry, number: entry.id < number,
}
"""Fields of a question, each with whether an entry passes it."""


async def async_alarms(hass: HomeAssistant, asked: Asked) -> Answer:
    """Return a page of the journal, newest first, and what there is to choose from.

    ``asked``: as ``FIELDS``. Raises ServiceValidationError for what is no time.
    """
    journal = hass.data[DATA_JOURNAL].journal
    filters = [(passes, asked[name]) for name, passes in _FILTERS.items() if name in asked]
    since, until = _times(hass, asked)
    found = journal.select(kinds=asked.get("kinds"), since=since, until=until)
    passing = (one for one in found if all(passes(one, value) for passes, value in filters))
    limit = asked["limit"]
    page = list(islice(passing, limit + 1))
    return {
        "entries": [one.as_dict() for one in page[:limit]],
        "more": len(page) > limit,
        **_counts(journal),
        "devices": _names(hass, journal),
    }


@callback
def follow_alarms(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Tell what is new in the journal, now and after each change, until the subscription ends."""

    @callback
    def send(event: Answer) -> None:
        """Send an event."""
        connection.send_event(msg["id"], event)

    connection.send_result(msg["id"])
    connection.subscriptions[msg["id"]] = _Follower(hass, send).leave


@callback
def acknowledge_alarms(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Mark entries as seen by the user of the connection."""
    connection.send_result(msg["id"], acknowledge(hass, msg, connection.user.name))


@callback
def acknowledge(hass: HomeAssistant, asked: Asked, user: str | None) -> Answer:
    """Mark entries as seen, and return the ids of those that were not yet.

    ``asked``: as ``WHICH``; raises ServiceValidationError unless it has exactly one of the two.
    """
    if ("ids" in asked) == ("all" in asked):
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="which_alarms")
    return {"acknowledged": hass.data[DATA_JOURNAL].acknowledge(asked.get("ids"), user)}


class _Follower:
    """Collects what changes in the journal, and tells it once it has been quiet for long enough."""

    def __init__(self, hass: HomeAssistant, send: Callable[[Answer], None]) -> None:
        """Begin, with an event."""
        site: SiteJournal = hass.data[DATA_JOURNAL]
        self._journal = site.journal
        self._send = send
        self._changed: dict[int, Entry] = {}
        self._pace = Debouncer(hass, LOGGER, cooldown=_PAUSE, immediate=True, function=self._tell, background=True)
        self._leave = (site.follow(self._note), site.watch(self._due), self._pace.async_shutdown)
        self._pace.async_schedule_call()

    @callback
    def leave(self) -> None:
        """Follow no more."""
        for leave in self._leave:
            leave()

    @callback
    def _note(self, entry: Entry) -> None:
        """Remember an entry that is new or changed."""
        self._changed[entry.id] = entry

    @callback
    def _due(self) -> None:
        """Tell soon: all that one occurrence changes is noted by now."""
        if self._changed:
            self._pace.async_schedule_call()

    @callback
    def _tell(self) -> None:
        """Tell what changed since the last event."""
        changed, self._changed = self._changed, {}
        newest = next(iter(self._journal.entries), None)
        few = len(changed) <= _MOST_CHANGED
        self._send(
            {
                **_counts(self._journal),
                "newest": None if newest is None else newest.id,
                "changed": [changed[number].as_dict() for number in sorted(changed)] if few else None,
            }
        )


def _times(hass: HomeAssistant, asked: Asked) -> tuple[int | None, int | None]:
    """Return the ends of the time that is asked for, POSIX seconds; None where it has none."""
    calendar = Calendar(hass.config.time_zone)
    if "since" in asked and "until" in asked:
        window = from_to(calendar, {"start": asked["since"], "end": asked["until"]})
        return window.start, window.end
    since, until = (instant(calendar, asked[name]) if name in asked else None for name in ("since", "until"))
    return since, until


def _counts(journal: Journal) -> Answer:
    """Return how many alarms are on, and how many nobody acknowledged."""
    return {"active": journal.active_count(), "unacknowledged": sum(map(_unseen, journal.entries))}


def _names(hass: HomeAssistant, journal: Journal) -> dict[str, str]:
    """Return what the journal is about: names of today, of what is gone those that it had last."""
    today = {
        key: title
        for entry in hass.config_entries.async_entries(DOMAIN)
        for key, title in (
            (entry.entry_id, entry.title),
            *((row.subentry_id, row.title) for row in entry.subentries.values()),
        )
    }
    last = {one.device_id: one.device for one in reversed(journal.entries)}
    return {key: today.get(key, name) for key, name in last.items() if key is not None}
