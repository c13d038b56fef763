"""Which occurrences are one entry: what flaps must not bury the rest.

Owns the rule and what it has to remember; changes no entry. Occurrences alike that follow each other with at most
15 minutes between are a run. The first ones of a run stand for themselves, so many as the kind is worth; the others
join the last entry, until it is an hour old or was acknowledged: then the next one is a new entry that takes in those
after it. So a run that never ends makes one entry an hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .entry import Entry, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

_CALM: Final = 15 * 60.0
"""Seconds without the like after which a run is over."""
_LONGEST: Final = 3600.0
"""Seconds from its beginning during which an entry takes in others."""
_OWN_ENTRIES: Final[Mapping[Kind, int]] = {
    Kind.STATE: 3,
    Kind.THRESHOLD: 3,
    Kind.CONFIGURATION: 3,
    Kind.COMMUNICATION: 1,
    Kind.CHARGING: 3,
}
"""How many of a run stand for themselves. Kinds that are not here are an account of who did what: all of them."""

type _Likeness = tuple[str | None, Kind, str, str, bool | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Run:
    """Occurrences alike in a row."""

    entry: int
    """Id of the last entry."""
    last_at: float
    length: int


class Damper:
    """Knows the last run of everything that happened. Takes the entries of a journal, and looks them up as they are."""

    __slots__ = ("_entries", "_runs")

    def __init__(self, entries: Mapping[int, Entry]) -> None:
        """Start with no runs; ``entries``: by id, not copied."""
        self._entries = entries
        self._runs: dict[_Likeness, _Run] = {}

    def target(self, fresh: Entry) -> Entry | None:
        """Return the entry that a fresh one is to be joined to, None if it stands for itself."""
        own = _OWN_ENTRIES.get(fresh.kind)
        run = self._current(fresh)
        if own is None or run is None or run.length < own:
            return None
        entry = self._entries.get(run.entry)
        if entry is None or entry.acknowledged_at is not None or fresh.at - entry.at >= _LONGEST:
            return None
        return entry

    def note(self, entry: Entry) -> None:
        """Take note of an entry that is new or was just joined by another occurrence."""
        run = self._current(entry)
        length = entry.count
        if run is not None:
            length = run.length + (1 if run.entry == entry.id else entry.count)
        self._runs[_likeness(entry)] = _Run(entry=entry.id, last_at=entry.last_at, length=length)

    def drop(self, entry: Entry) -> None:
        """Forget the run that an entry is the last of."""
        likeness = _likeness(entry)
        run = self._runs.get(likeness)
        if run is not None and run.entry == entry.id:
            del self._runs[likeness]

    def _current(self, entry: Entry) -> _Run | None:
        """Return the run that an entry belongs to, None if it begins one."""
        run = self._runs.get(_likeness(entry))
        if run is None or run.entry == entry.id:
            return run
        return run if abs(entry.at - run.last_at) <= _CALM else None


def _likeness(entry: Entry) -> _Likeness:
    """Return what entries alike have in common."""
    return entry.device_id, entry.kind, entry.subject, entry.event, entry.alarm
