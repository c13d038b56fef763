"""A car at a station: what it got, at which rates, when it was not charged and why. Owns one session and its state.

Which sessions there are is ``sessions``'s matter. Times are POSIX seconds.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Self
from uuid import uuid4

from ..archive import RateRow, SessionBreak, SessionPart, SessionRow
from ..greenup import StationState
from .session_counter import Counters
from .session_prices import cost_in_all

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..greenup import Reason
    from .session_prices import Part, Price

UNKNOWN: Final = "unknown"
"""Why a car was not charged where nobody said it; other reasons are those of ``greenup``."""
_INTERRUPTED: Final = (StationState.WAITING, StationState.FAULT)
_PLAIN: Final = ("id", "name", "card", "priority", "charging", "charged")
_TIMES: Final = ("start", "seen", "since")


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A station at a sight."""

    state: StationState
    order: float | None = None
    """A; None: nobody manages it."""
    reason: Reason | None = None
    """Of the order."""
    energy: Decimal | None = None
    """Wh: an index, or a counter that starts anew with a car."""
    charge: float | None = None
    """Ah, likewise."""
    card: str | None = None
    priority: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenSession:
    """A session as of the last sight."""

    id: str
    station: str
    start: int
    energy: int | None
    """Wh; None: not counted."""
    charge: float | None
    """Ah; None: not counted."""
    card: str | None
    cost: Decimal | None
    """In the currency of today's prices; None: nothing is priced."""
    breaks: tuple[SessionBreak, ...]


@dataclass(slots=True)
class Session:
    """A car at a station."""

    station: str
    name: str
    start: int
    seen: float
    """The last sight."""
    since: float
    """From when on what is counted but not booked was used."""
    told: float
    """When its row was last given."""
    counters: Counters = field(default_factory=Counters)
    id: str = field(default_factory=lambda: uuid4().hex)
    card: str | None = None
    priority: bool = False
    charging: bool = False
    charged: bool = False
    """Whether it ever was charging."""
    parts: dict[RateRow | None, int] = field(default_factory=dict)
    """Wh that are booked."""
    breaks: list[SessionBreak] = field(default_factory=list)
    pause: SessionBreak | None = None
    """The interruption that is not over."""

    def take(self, name: str, seen: Seen, at: float) -> None:
        """Take a sight, but of an offline station."""
        self.counters.take(seen.energy, seen.charge, at)
        self.seen = at
        if not self.charged or seen.state not in _INTERRUPTED:
            self.resume()
        elif self.pause is None:
            reason, values = _why(seen)
            self.pause = SessionBreak(at=int(at), seconds=0, reason=reason, values=values)
        if seen.state is not StationState.FREE:
            self.name, self.priority, self.card = name, seen.priority, seen.card or self.card
        self.charging = seen.state is StationState.CHARGING
        self.charged = self.charged or self.charging

    def resume(self) -> None:
        """End an interruption at the last sight."""
        self.breaks, self.pause = list(self.all_breaks), None

    @property
    def all_breaks(self) -> tuple[SessionBreak, ...]:
        """All interruptions, one that goes on up to the last sight."""
        if self.pause is None or int(self.seen) <= self.pause.at:
            return tuple(self.breaks)
        return (*self.breaks, replace(self.pause, seconds=int(self.seen) - self.pause.at))

    @property
    def unbooked(self) -> int:
        """Wh that are counted but not booked."""
        return (self.counters.energy.whole or 0) - sum(self.parts.values())

    def pending(self, price: Price, upto: float) -> Sequence[Part]:
        """Return what is not booked, at the prices that there are."""
        end = int(upto)
        return price(min(int(self.since), end - 1), end, self.unbooked)

    def book(self, price: Price, upto: float) -> None:
        """Book what was counted, at the prices that there are; a coarse counter that stands still is waited for."""
        if not self.unbooked:
            return
        for rate, amount in self.pending(price, upto):
            if amount:
                self.parts[rate] = self.parts.get(rate, 0) + amount
        self.since = upto

    def row(self, end: int | None = None) -> SessionRow:
        """Return it for the archive; what was counted has to be booked."""
        return SessionRow(
            id=self.id,
            station=self.station,
            name=self.name,
            start=self.start,
            end=end,
            energy=self.counters.energy.whole,
            charge=self.counters.charge.whole,
            card=self.card,
            priority=self.priority,
            parts=tuple(SessionPart(rate=rate, amount=amount) for rate, amount in self.parts.items()),
            breaks=self.all_breaks,
        )

    def open(self, price: Price) -> OpenSession:
        """Return it as of the last sight."""
        energy, charge = self.counters.energy.whole, self.counters.charge.whole
        return OpenSession(
            id=self.id,
            station=self.station,
            start=self.start,
            energy=energy,
            charge=None if charge is None else charge / 1000,
            card=self.card,
            cost=None if energy is None else cost_in_all([*self.parts.items(), *self.pending(price, self.seen)]),
            breaks=self.all_breaks,
        )

    def stored(self) -> dict[str, Any]:
        """Return the state as JSON."""
        return {
            **{name: getattr(self, name) for name in (*_PLAIN, *_TIMES)},
            "energy": self.counters.energy.stored(),
            "charge": self.counters.charge.stored(),
            "parts": [[_stored_rate(rate), amount] for rate, amount in self.parts.items()],
            "breaks": [asdict(one) for one in self.breaks],
            "pause": None if self.pause is None else asdict(self.pause),
        }

    @classmethod
    def restored(cls, station: str, saved: Mapping[str, Any], now: float) -> Self:
        """Return the session of a state, none of its times later than now."""
        times = {name: min(saved[name], int(now)) for name in _TIMES}
        one = cls(station=station, told=now, **times, **{name: saved[name] for name in _PLAIN})
        one.counters.energy.restore(saved["energy"], now)
        one.counters.charge.restore(saved["charge"], now)
        one.parts = {_rate(rate): amount for rate, amount in saved["parts"]}
        one.breaks = [SessionBreak(**each) for each in saved["breaks"]]
        one.pause = None if saved["pause"] is None else SessionBreak(**saved["pause"])
        return one


def _why(seen: Seen) -> tuple[str, Mapping[str, Any]]:
    """Return why a car is not charged, with what the reason speaks of: one that may charge pauses of itself."""
    if seen.state is StationState.FAULT:
        return "fault", {}
    if seen.order:
        return "granted", {"limit": round(seen.order, 1)}
    return (UNKNOWN, {}) if seen.reason is None else (seen.reason.key, dict(seen.reason.values))


def _stored_rate(rate: RateRow | None) -> dict[str, str] | None:
    """Return a rate as JSON."""
    return None if rate is None else asdict(rate) | {"price": str(rate.price)}


def _rate(saved: Mapping[str, str] | None) -> RateRow | None:
    """Return the same as a rate."""
    if saved is None:
        return None
    price = Decimal(saved["price"])
    return RateRow(tariff=saved["tariff"], name=saved["name"], price=price, currency=saved["currency"])
