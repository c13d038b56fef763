"""Cars being charged, from their coming to their leaving, for the archive. Owns which sessions there are.

Stations are read and ordered elsewhere; what a car got is ``session``'s matter. Knows no Home Assistant. Times are
POSIX seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, override

from ..greenup import StationState
from .session import UNKNOWN, OpenSession, Seen, Session
from .session_counter import Counters
from .session_prices import electricity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..archive import SessionRow
    from .session_prices import Price

__all__ = ["UNKNOWN", "OpenSession", "Seen", "SessionBook", "electricity"]

VERSION: Final = 1
_TELL: Final = 900
"""s after which an open session is told again."""


class _Open(Mapping[str, OpenSession]):
    """Sessions that go on, each priced only when it is looked at."""

    def __init__(self, sessions: Mapping[str, Session], price: Price) -> None:
        """Take the sessions, by station."""
        self._sessions = sessions
        self._price = price

    @override
    def __getitem__(self, station: str) -> OpenSession:
        """Return the session of a station. Raises KeyError if there is none."""
        return self._sessions[station].open(self._price)

    @override
    def __iter__(self) -> Iterator[str]:
        """Return the stations with a car."""
        return iter(self._sessions)

    @override
    def __len__(self) -> int:
        """Count them."""
        return len(self._sessions)


class SessionBook:
    """The sessions of all stations."""

    def __init__(self, price: Price) -> None:
        """Begin with none. ``price``: as ``electricity`` gives it."""
        self._price = price
        self._sessions: dict[str, Session] = {}
        self._free: dict[str, Counters] = {}
        """Of stations without a car."""
        self._unseen: set[str] = set()
        """Stations with a car that were not seen since a restart."""
        self._rows: dict[str, SessionRow] = {}
        self.open: Mapping[str, OpenSession] = _Open(self._sessions, price)
        """The sessions that go on, by station, as of their last sights."""

    def take(self, station: str, name: str, seen: Seen, at: float) -> None:
        """Take a sight of a station; an offline one says nothing of its car."""
        if seen.state is StationState.OFFLINE:
            return
        if station in self._unseen:
            self._unseen.discard(station)
            if seen.state is StationState.FREE:
                self._end(self._sessions[station])
        if station in self._sessions:
            self._go_on(self._sessions[station], name, seen, at)
        elif seen.state is StationState.FREE:
            self._free.setdefault(station, Counters()).take(seen.energy, seen.charge, at)
        else:
            self._begin(station, name, seen, at)

    def end_piece(self, at: float) -> None:
        """Book what was counted so far: another price holds from ``at`` on."""
        for one in self._sessions.values():
            one.book(self._price, min(at, one.seen))

    def close(self, station: str) -> None:
        """End the session of a station that is no more, at its last sight."""
        self._unseen.discard(station)
        if station in self._sessions:
            self._end(self._sessions[station])
        self._free.pop(station, None)

    def take_rows(self) -> list[SessionRow]:
        """Return what is new for the archive since the last call: sessions that began, go on or ended."""
        rows = list(self._rows.values())
        self._rows.clear()
        return rows

    def snapshot(self) -> dict[str, Any]:
        """Return the sessions that go on, as JSON; what was counted is booked, for prices may be others then."""
        for one in self._sessions.values():
            one.book(self._price, one.seen)
        return {"version": VERSION, "sessions": {station: one.stored() for station, one in self._sessions.items()}}

    def restore(self, snapshot: Mapping[str, Any], at: float) -> None:
        """Go on where another book stopped, once the stations are seen; what cannot be read is left out."""
        if snapshot.get("version") != VERSION:
            return
        for station, saved in snapshot.get("sessions", {}).items():
            with suppress(ArithmeticError, KeyError, TypeError, ValueError):
                self._sessions[station] = Session.restored(station, saved, at)
                self._unseen.add(station)

    def _begin(self, station: str, name: str, seen: Seen, at: float) -> None:
        """Begin a session."""
        counters = self._free.pop(station, None) or Counters()
        counters.begin(at)
        one = Session(station=station, name=name, start=int(at), seen=at, since=at, told=at, counters=counters)
        self._sessions[station] = one
        self._go_on(one, name, seen, at)
        self._tell(one)

    def _go_on(self, one: Session, name: str, seen: Seen, at: float) -> None:
        """Take a sight of a session; a clock that was set back stands still for it."""
        at, steady = max(at, one.seen), one.charging and seen.state is StationState.CHARGING
        one.take(name, seen, at)
        if seen.state is StationState.FREE:
            self._end(one)
            return
        if not steady:
            # What is counted later was not used in the time that ends here.
            one.book(self._price, at)
            one.since = at
        if at - one.told >= _TELL:
            self._tell(one)

    def _tell(self, one: Session, end: int | None = None) -> None:
        """Give the row of a session."""
        one.book(self._price, one.seen)
        one.told = one.seen
        self._rows[one.id] = one.row(end)

    def _end(self, one: Session) -> None:
        """End a session at its last sight."""
        one.resume()
        self._tell(one, int(one.seen))
        self._free[one.station] = one.counters
        del self._sessions[one.station]
