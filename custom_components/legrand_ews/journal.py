"""The journal of the site: kept in a file, told to listeners.

This module owns where the journal is kept and how its entries reach listeners. What an entry means is the ``alarms``
room's matter, who makes entries ``alarm_watch``'s, ``commands``'s and ``clock_sync``'s.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.util.hass_dict import HassKey

from .alarms import Journal, JournalFile, Kind, Occurrence, Origin
from .archive import AlarmRow
from .const import DOMAIN, LOGGER
from .names import selector_text, word_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from homeassistant.core import CALLBACK_TYPE, Context, Event, HomeAssistant

    from .alarms import Entry
    from .alarms.entry import AlarmKey

EVENT_ALARM: Final = f"{DOMAIN}_alarm"
"""Fired on Home Assistant's bus for each new entry of the journal, with the entry's fields."""

DATA_JOURNAL: HassKey[SiteJournal] = HassKey(f"{DOMAIN}_journal")

_WORDS: Final = frozenset({"command", "result"})
"""Details that are kept as words of ours and told in the system's language."""

_SAVE_AFTER: Final = 1.0
_SAVE_AGAIN_AFTER: Final = 60.0
_CALM: Final = 300.0
"""Seconds after which what joined an entry, and so was not told, is told if it still holds."""
_NOT_SAVED: Final = "journal_not_saved"
_NOT_READ: Final = "journal_not_read"


class SiteJournal:
    """The journal of all gateways and of what was commanded."""

    def __init__(self, hass: HomeAssistant, journal: Journal, file: JournalFile) -> None:
        """Take a loaded journal."""
        self.hass = hass
        self.journal = journal
        self._file = file
        self._listeners: dict[str | None, list[Callable[[Entry], None]]] = {}
        self._watchers: list[Callable[[], None]] = []
        self._followers: list[Callable[[Entry], None]] = []
        journal.on_store = self._stored
        self._told: dict[AlarmKey, str] = {}
        self._untold: dict[AlarmKey, CALLBACK_TYPE] = {}
        self._cancel_save: CALLBACK_TYPE | None = None
        self._saving = asyncio.Lock()

    @callback
    def record(
        self,
        kind: Kind,
        event: str,
        origin: Origin,
        *,
        subject: str = "",
        name: str = "",
        alarm: bool | None = None,
        user: str | None = None,
        details: Mapping[str, str] | None = None,
    ) -> None:
        """Put an event into the journal and tell those who listen.

        ``name`` is what people call the subject; ``alarm`` True begins an alarm, False ends it.
        """
        details = details or {}
        recorded = self.journal.record(
            Occurrence(
                at=time(),
                kind=kind,
                event=event,
                origin=origin,
                subject=subject,
                text=self.text_of(event, {"subject": name, **details}),
                user=user,
                alarm=alarm,
                details=details,
            )
        )
        if recorded is not None and recorded.new:
            self._tell(recorded.entry)
        elif recorded is not None:
            self._tell_when_calm(recorded.entry)
        self._changed()

    @callback
    def acknowledge(self, ids: Iterable[int] | None, user: str | None) -> list[int]:
        """Mark entries as seen, or (None) those of all alarms. Returns the ids of those that were not yet."""
        seen = self.journal.acknowledge(ids, time(), user)
        if seen:
            self._changed()
        return [entry.id for entry in seen]

    def text_of(self, event: str, placeholders: Mapping[str, str]) -> str:
        """Return what happened in plain words of the system's language."""
        text = selector_text(self.hass, "alarm_event", event)
        for key, value in placeholders.items():
            text = text.replace(f"{{{key}}}", word_text(self.hass, value) if key in _WORDS else value)
        return text.strip()

    @callback
    def note_state(self, device_id: str, key: str, word: str) -> None:
        """Remember the last state of something, over restarts too."""
        self.journal.note_state(device_id, key, word)
        self._save_later(_SAVE_AFTER)

    @callback
    def _tell(self, entry: Entry) -> None:
        """Tell everybody of an entry."""
        self._keep_to(entry)
        self._told[entry.alarm_key] = entry.event
        self.hass.bus.async_fire(EVENT_ALARM, self._event_data(entry))
        for listener in (*self._listeners.get(entry.device_id, ()), *self._listeners.get(None, ())):
            listener(entry)

    @callback
    def _tell_when_calm(self, entry: Entry) -> None:
        """Tell of an entry that took in another occurrence, once nothing followed that says what was told last."""
        self._keep_to(entry)
        if self._told.get(entry.alarm_key) == entry.event:
            return

        @callback
        def tell(_now: datetime) -> None:
            """Tell now."""
            self._tell(entry)

        self._untold[entry.alarm_key] = async_call_later(self.hass, _CALM, tell)

    @callback
    def _keep_to(self, entry: Entry) -> None:
        """Leave untold what waited before an entry about the same."""
        if (cancel := self._untold.pop(entry.alarm_key, None)) is not None:
            cancel()

    def _event_data(self, entry: Entry) -> dict[str, Any]:
        """Return an entry as others take it: the device by Home Assistant's id."""
        data = entry.as_dict()
        own = data.pop("device_id")
        registry = dr.async_get(self.hass)
        for device in registry.async_get_devices(identifiers={(DOMAIN, own)}) if own is not None else ():
            data["device_id"] = device.id
        return data

    @callback
    def _changed(self) -> None:
        """Tell who watches the active alarms, and save soon."""
        for watcher in self._watchers:
            watcher()
        self._save_later(_SAVE_AFTER)

    @callback
    def listen(self, device_id: str | None, listener: Callable[[Entry], None]) -> CALLBACK_TYPE:
        """Call ``listener`` with each new entry of a device (or gateway), or of all (None). Returns the way out."""
        listeners = self._listeners.setdefault(device_id, [])
        listeners.append(listener)
        return lambda: listeners.remove(listener)

    @callback
    def watch(self, watcher: Callable[[], None]) -> CALLBACK_TYPE:
        """Call ``watcher`` whenever the active alarms may have changed. Returns the way out."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    @callback
    def follow(self, follower: Callable[[Entry], None]) -> CALLBACK_TYPE:
        """Call ``follower`` with each entry that is new or changed, also by what joins it. Returns the way out."""
        self._followers.append(follower)
        return lambda: self._followers.remove(follower)

    @callback
    def _stored(self, entry: Entry) -> None:
        """Pass an entry on."""
        for follower in self._followers:
            follower(entry)

    @callback
    def forget(self, kept: set[str]) -> None:
        """End the alarms of devices and gateways that are gone."""
        for key in [key for key in self._untold if key[0] is not None and key[0] not in kept]:
            self._untold.pop(key)()
        self.journal.forget(kept)
        self._changed()

    @callback
    def _save_later(self, delay: float) -> None:
        """Save once things have calmed down."""

        async def save(_now: datetime) -> None:
            """Save now."""
            await self.async_save()

        if self._cancel_save is None:
            self._cancel_save = async_call_later(self.hass, delay, save)

    async def async_close(self, _event: Event[Any]) -> None:
        """Write what is new; nobody is told any more."""
        for cancel in self._untold.values():
            cancel()
        self._untold.clear()
        await self.async_save()

    async def async_save(self) -> None:
        """Write what is new. What cannot be written waits in memory."""
        if self._cancel_save is not None:
            self._cancel_save()
            self._cancel_save = None
        async with self._saving:
            await self._async_write()

    async def _async_write(self) -> None:
        """Write what is new, or all of it where the file got long."""
        try:
            if self.journal.wants_compaction:
                lines_of, count = self.journal.snapshot(), len(self.journal.pending)
                await self.hass.async_add_executor_job(lambda: self._file.rewrite(lines_of()))
                self.journal.compacted(count)
            elif lines := self.journal.pending:
                await self.hass.async_add_executor_job(self._file.append, lines)
                self.journal.saved(len(lines))
        except OSError as err:
            LOGGER.error("The journal of alarms cannot be written: %s", err)
            _raise_issue(self.hass, _NOT_SAVED, err)
            self._save_later(_SAVE_AGAIN_AFTER)
        else:
            ir.async_delete_issue(self.hass, DOMAIN, _NOT_SAVED)


def _raise_issue(hass: HomeAssistant, issue: str, error: OSError) -> None:
    """Show that the disk does not do what it should."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue,
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key=issue,
        translation_placeholders={"error": str(error)},
    )


async def async_user_name(hass: HomeAssistant, context: Context | None) -> str | None:
    """Return the name of the user behind a context; None where it was an automation, or nobody known."""
    if context is None or context.user_id is None:
        return None
    user = await hass.auth.async_get_user(context.user_id)
    return None if user is None else user.name


def journal_path(hass: HomeAssistant) -> Path:
    """Return where the journal is kept."""
    return Path(hass.config.path(STORAGE_DIR, f"{DOMAIN}.journal.jsonl"))


async def async_load_journal(hass: HomeAssistant) -> None:
    """Load the journal, once. One that cannot be read now goes on in a file beside it, until it can."""
    path = journal_path(hass)
    file, aside = JournalFile(path), JournalFile(path.with_suffix(".aside.jsonl"))
    try:
        lines = await hass.async_add_executor_job(file.read)
    except OSError as err:
        LOGGER.error("The journal of alarms cannot be read, another one goes on: %s", err)
        _raise_issue(hass, _NOT_READ, err)
        file = aside
        lines = await hass.async_add_executor_job(_lines_aside, aside)
    else:
        ir.async_delete_issue(hass, DOMAIN, _NOT_READ)
        lines = await hass.async_add_executor_job(_reunite, file, aside, lines)
    journal = await hass.async_add_executor_job(Journal.load, lines)
    if journal.damaged:
        LOGGER.warning("%s lines of the journal of alarms are damaged and left out", journal.damaged)
    kept = hass.data[DATA_JOURNAL] = SiteJournal(hass, journal, file)
    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_FINAL_WRITE, kept.async_close)


def _lines_aside(aside: JournalFile) -> list[str]:
    """Return the lines of the file beside the journal; none where that cannot be read either. Blocking."""
    try:
        return aside.read()
    except OSError as err:
        LOGGER.error("The other journal cannot be read either: %s", err)
        return []


def _reunite(file: JournalFile, aside: JournalFile, lines: list[str]) -> list[str]:
    """Return all lines, those written aside behind the others, and leave no file aside. Blocking."""
    others = _lines_aside(aside)
    if not others:
        return lines
    newest = max((entry.id for entry in Journal.load(lines).entries), default=0)
    lines = [*lines, *(_renumbered(line, newest) for line in others)]
    try:
        file.rewrite(lines)
        aside.rewrite([])
    except OSError as err:
        LOGGER.error("The journals of alarms cannot be put together, which is tried again at the next start: %s", err)
    return lines


def _renumbered(line: str, newest: int) -> str:
    """Return the line of an entry with its id counted on from ``newest``; what is no entry as it is."""
    try:
        data = json.loads(line)
        data["id"] += newest
    except ValueError, TypeError, KeyError:
        return line
    return json.dumps(data, ensure_ascii=False)


def alarm_row(entry: Entry) -> AlarmRow:
    """Return an entry as the archive takes it."""
    return AlarmRow(id=entry.id, at=entry.at, data=entry.as_dict())
