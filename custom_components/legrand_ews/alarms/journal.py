"""The journal: what happened, which alarms are on, and the states known last.

Owns what becomes an entry, how long entries stay, and which lines bring a file up to date. Has no clock and does no
I/O: ``file`` writes the lines. The rules:

- An alarm is told by device, kind and subject. Where one begins that is on already, or one ends that is not on,
  nothing happened, with two exceptions, which are recorded as having to do with no alarm: commands and settings of a
  clock are an account of who did what, and a state that is left is news whether it was an alarm or not.
- An alarm that ends leaves two traces: the end of the entry that began it, and an entry of its own.
- Occurrences alike are damped, see ``damping``.
- Beyond the capacity the oldest entries go, those whose alarm is still on last; the newest entry always stays.

Every change adds lines to ``pending``. The caller writes them and says so with ``saved``; lines that could not be
written just stay for the next time. Lines of one entry replace each other, the last one wins, so that writing one twice
or losing the end of the file leaves a journal that makes sense. Where too many lines wait, they are given up for
a compaction: ``snapshot``, rewrite the file, ``compacted``. One writer at a time, between which things may happen.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final, Self

from .damping import Damper
from .entry import AlarmKey, Entry, Kind, from_line, optional, read_text, to_line

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from .entry import Occurrence

_CAPACITY: Final = 20_000
_SLACK: Final = 2.5
"""A file of so many times the lines it needs at most is to be compacted."""

_ACCOUNTS: Final = frozenset({Kind.COMMAND, Kind.CLOCK})
_STILL_NEWS: Final = {True: _ACCOUNTS, False: _ACCOUNTS | {Kind.STATE}}
"""Kinds recorded although the alarm that they begin (True) or end (False) is on, or off, already."""

_STATE: Final = "state"
"""The field that tells the line of a state from that of an entry."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """What became of an occurrence."""

    entry: Entry
    new: bool
    """False if the occurrence joined an entry that was there, or was no news at all."""


class Journal:
    """Entries by id, in the order of recording."""

    __slots__ = (
        "_active",
        "_behind",
        "_capacity",
        "_damper",
        "_entries",
        "_lines",
        "_newest",
        "_pending",
        "_snapshot_lines",
        "_states",
        "damaged",
        "on_store",
    )

    def __init__(self, *, capacity: int = _CAPACITY) -> None:
        """Start empty. ``capacity``: entries kept; raises ValueError if it is below 1."""
        if capacity < 1:
            raise ValueError("a journal needs room for an entry")
        self.damaged = 0
        """Lines that could not be read."""
        self.on_store: Callable[[Entry], None] | None = None
        """Called with each entry that is new or changed."""
        self._capacity = capacity
        self._entries: OrderedDict[int, Entry] = OrderedDict()
        self._newest = 0
        self._active: dict[AlarmKey, int] = {}
        self._states: dict[tuple[str, str], str] = {}
        self._damper = Damper(self._entries)
        self._pending: list[str] = []
        self._lines = 0
        self._behind = False
        self._snapshot_lines: int | None = None

    @classmethod
    def load(cls, lines: Iterable[str], *, capacity: int = _CAPACITY) -> Self:
        """Return the journal that a file's lines tell of; lines that cannot be read are counted in ``damaged``."""
        journal = cls(capacity=capacity)
        journal._read(lines)
        return journal

    @property
    def entries(self) -> list[Entry]:
        """All entries, newest first."""
        return list(reversed(self._entries.values()))

    def select(
        self,
        *,
        kinds: Collection[Kind] | None = None,
        device_id: str | None = None,
        since: float | None = None,
        until: float | None = None,
        limit: int | None = None,
    ) -> list[Entry]:
        """Return entries, newest first; what is None does not matter.

        ``since``, ``until``: POSIX seconds; entries that reach into this span, ``until`` not included.
        """
        found: Iterator[Entry] = reversed(self._entries.values())
        if kinds is not None:
            found = (one for one in found if one.kind in kinds)
        if device_id is not None:
            found = (one for one in found if one.device_id == device_id)
        if since is not None:
            found = (one for one in found if one.last_at >= since)
        if until is not None:
            found = (one for one in found if one.at < until)
        return list(islice(found, limit))

    @property
    def active(self) -> list[Entry]:
        """Entries of the alarms that are on, newest first."""
        return [self._entries[one] for one in sorted(self._active.values(), reverse=True)]

    def active_count(self, device_id: str | None = None) -> int:
        """Return how many alarms are on, of one device or (None) of all and of the installation."""
        return len(self._active) if device_id is None else sum(device == device_id for device, *_ in self._active)

    def is_active(self, device_id: str | None, kind: Kind, subject: str = "") -> bool:
        """Tell whether an alarm is on; ``device_id`` None: of the installation itself."""
        return (device_id, kind, subject) in self._active

    def record(self, occurrence: Occurrence) -> Recorded | None:
        """Take down what happened.

        Returns the active entry, not new, where an alarm begins that is on already; None where one ends that is not
        on. See above for the kinds that are recorded nevertheless.
        """
        fresh = Entry.of(self._newest + 1, occurrence)
        begun = self._active.get(fresh.alarm_key)
        if fresh.alarm is (begun is not None):
            if fresh.kind not in _STILL_NEWS[fresh.alarm]:
                return None if begun is None else Recorded(entry=self._entries[begun], new=False)
            fresh = replace(fresh, alarm=None)
        if fresh.alarm is False and begun is not None:
            self._store(self._entries[begun].ended(fresh.at))
        target = self._damper.target(fresh)
        entry = fresh if target is None else target.repeated(fresh.at)
        self._store(entry)
        self._damper.note(entry)
        self._trim()
        return Recorded(entry=entry, new=target is None)

    def acknowledge(self, ids: Iterable[int] | None, at: float, user: str | None) -> list[Entry]:
        """Mark entries as seen, or (None) those of all alarms, on or over. Returns those that were not yet.

        ``at``: POSIX seconds. Ids that are not there are left aside.
        """
        if ids is None:
            found = [one for one in self._entries.values() if one.alarm]
        else:
            found = [self._entries[one] for one in dict.fromkeys(ids) if one in self._entries]
        seen = [replace(one, acknowledged_at=at, acknowledged_by=user) for one in found if one.acknowledged_at is None]
        for entry in seen:
            self._store(entry)
        return seen

    def known_state(self, device_id: str, subject: str) -> str | None:
        """Return the word of a state as it was noted last."""
        return self._states.get((device_id, subject))

    def note_state(self, device_id: str, subject: str, word: str) -> None:
        """Remember a state, so that a change while nobody watched is noticed afterwards."""
        if self._states.get((device_id, subject)) != word:
            self._states[device_id, subject] = word
            self._queue(_state_line(device_id, subject, word))

    def forget(self, device_ids_kept: Collection[str], at: float | None = None) -> list[Entry]:
        """Let go of devices that are no more: their alarms end, their states are dropped, their entries stay.

        ``at``: POSIX seconds, when that was; by default each alarm ends with its last occurrence. Returns the entries
        of alarms that ended. What belongs to the installation itself stays.
        """
        kept = frozenset(device_ids_kept)
        over = [one for one in self.active if one.device_id is not None and one.device_id not in kept]
        ended = [one.ended(one.last_at if at is None else at) for one in over]
        for entry in ended:
            self._store(entry)
        for device_id, subject in [key for key in self._states if key[0] not in kept]:
            del self._states[device_id, subject]
            self._queue(_state_line(device_id, subject, None))
        return ended

    @property
    def pending(self) -> list[str]:
        """Lines to add to the file, oldest first. They stay until ``saved``."""
        return self._pending.copy()

    def saved(self, count: int) -> None:
        """Let go of the first lines of ``pending``: they are in the file."""
        self._lines += count
        del self._pending[:count]

    def take_changes(self) -> list[str]:
        """Return and let go of ``pending``, for a caller that keeps the lines until they are written."""
        lines = self.pending
        self.saved(len(lines))
        return lines

    @property
    def wants_compaction(self) -> bool:
        """True if the file is much longer than it needs to be, or lacks lines that were given up."""
        return self._behind or self._lines > self._most_lines

    def snapshot(self) -> Callable[[], list[str]]:
        """Return what makes the lines of a compacted file, in any thread; they say what ``pending`` says now, too."""
        entries, states = tuple(self._entries.values()), tuple(self._states.items())
        self._snapshot_lines = len(entries) + len(states)

        def lines() -> list[str]:
            """Return the lines."""
            return [to_line(entry.as_dict()) for entry in entries] + [_state_line(*key, word) for key, word in states]

        return lines

    def compacted(self, count: int) -> None:
        """Go on from the last snapshot, which is the file now. ``count``: lines of ``pending`` when it was taken."""
        if self._snapshot_lines is None:
            return
        del self._pending[:count]
        self._lines, self._snapshot_lines, self._behind = self._snapshot_lines, None, False

    @property
    def _most_lines(self) -> float:
        """Lines beyond which a compaction is worth its while."""
        return _SLACK * (self._capacity + len(self._states))

    def _store(self, entry: Entry) -> None:
        """Put a new or changed entry in its place."""
        self._place(entry)
        self._queue(to_line(entry.as_dict()))
        if self.on_store is not None:
            self.on_store(entry)

    def _place(self, entry: Entry) -> None:
        """Put an entry where it can be found."""
        self._entries[entry.id] = entry
        self._newest = max(self._newest, entry.id)
        if entry.active:
            self._active[entry.alarm_key] = entry.id
        elif self._active.get(entry.alarm_key) == entry.id:
            del self._active[entry.alarm_key]

    def _queue(self, line: str) -> None:
        """Have a line written; too many that nobody wrote are given up for a compaction."""
        self._pending.append(line)
        if len(self._pending) > self._most_lines:
            self._pending.clear()
            self._behind, self._snapshot_lines = True, None

    def _trim(self) -> None:
        """Keep the capacity."""
        excess = len(self._entries) - self._capacity
        if excess <= 0:
            return
        settled = (one for one in self._entries.values() if not one.active and one.id != self._newest)
        active = (one for one in self._entries.values() if one.active and one.id != self._newest)
        old = list(islice(chain(settled, active), excess))
        for entry in old:
            if entry.active:
                # Its last line must not say that it is on, or it would come back.
                self._store(entry.ended(entry.last_at))
            del self._entries[entry.id]
            self._damper.drop(entry)

    def _read(self, lines: Iterable[str]) -> None:
        """Fill an empty journal from a file's lines."""
        found: dict[int, Entry] = {}
        for line in lines:
            self._lines += 1
            try:
                data = from_line(line)
                if _STATE in data:
                    self._read_state(data)
                else:
                    entry = Entry.from_dict(data)
                    found[entry.id] = entry
            except TypeError, ValueError:
                self.damaged += 1
        for number in sorted(found):
            entry = found[number]
            older = self._active.get(entry.alarm_key) if entry.active else None
            if older is not None:
                self._store(self._entries[older].ended(entry.at))
            self._place(entry)
            self._damper.note(entry)
        self._trim()

    def _read_state(self, data: dict[str, Any]) -> None:
        """Read the line of a state; raises TypeError if it is damaged."""
        key = read_text(data.get("device_id")), read_text(data.get("subject"))
        word = optional(read_text)(data[_STATE])
        if word is None:
            self._states.pop(key, None)
        else:
            self._states[key] = word


def _state_line(device_id: str, subject: str, word: str | None) -> str:
    """Write a state down, None for one that was dropped."""
    return to_line({"device_id": device_id, "subject": subject, _STATE: word})
