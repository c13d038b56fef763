"""What moves in a device: breakers, contactors, outputs, inputs, alarms, and its clock.

This module owns where these stand, what an order or a hand does to them, and when. All times are the installation's:
they pass as fast as its simulated time does, and at once where that is advanced. Which registers show a state is
``controls``'s matter, which writes give an order ``orders``'s.

A breaker that has tripped must be opened before it closes. An output that is on stays on where its ON time is 0; else
it falls back by itself (impulsive), or is on and off for that long in turn until it is told off (blinking).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, override

from custom_components.legrand_ews.catalog.state import (
    CLOSED,
    OFF,
    ON,
    OPEN,
    OUTCOMES,
    TRIPPED,
    WORDS,
    SettingKind,
    StateKind,
    Verb,
    known_state,
)

from .encode import DATE_ZERO
from .faults import Faults

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from custom_components.legrand_ews.catalog.profile import Profile
    from custom_components.legrand_ews.catalog.state import State

AT_REST: Final[Mapping[StateKind, str]] = {
    StateKind.BREAKER: CLOSED,
    **dict.fromkeys((StateKind.CONTACTOR, StateKind.SOCKET, StateKind.STATION), ON),
}
"""Where things stand at the start, if nobody says otherwise; at no station is a car, all others are off."""
UNSET: Final[Mapping[SettingKind, str | float]] = {
    SettingKind.NORMAL_STATE: "no",
    SettingKind.MODE: "impulsive",
    SettingKind.ON_TIME: 0.0,
}
SHORTEST: Final = 1.0
"""s of a pulse, or of each half of blinking, where nothing says how long."""


@dataclass(kw_only=True)
class Part:
    """One thing that can stand in different ways."""

    kind: StateKind
    words: tuple[str, ...]
    word: str

    def at(self, now: datetime) -> str:
        """Return how it stands at a moment."""
        del now
        return self.word


@dataclass(kw_only=True)
class Output(Part):
    """A relay that can fall back or blink."""

    since: datetime = DATE_ZERO
    seconds: float = 0.0
    """For how long it is on; 0: until it is told off."""
    blinks: bool = False

    @override
    def at(self, now: datetime) -> str:
        """Return on or off at a moment."""
        if self.word == OFF or not self.seconds:
            return self.word
        turns = int((now - self.since).total_seconds() // self.seconds)
        on = turns % 2 == 0 if self.blinks else turns == 0
        return ON if on else OFF


@dataclass(kw_only=True)
class Shown(Part):
    """What follows from other things; nobody can turn it."""

    tell: Callable[[], str]

    @override
    def at(self, now: datetime) -> str:
        """Return what follows now."""
        del now
        return self.tell()


class Mechanism:
    """All that moves in the devices at one address; devices there share what has the same name."""

    def __init__(self, time: Callable[[], datetime] = lambda: DATE_ZERO, faults: Faults | None = None) -> None:
        """Start without parts. ``time`` is the plant's; ``faults`` say whether the mechanism is stuck or slow."""
        self.parts: dict[str, Part] = {}
        self.settings: dict[str, str | float] = {}
        """Words and seconds by the setting's key."""
        self.link_errors: set[str] = set()
        self.clock_offset = timedelta()
        """How far the device's clock is ahead of the plant's time."""
        self.version = 0
        """Rises with every change that did not come with time alone."""
        self.on_change: Callable[[str], object] = str
        """Told the key of each part that was turned."""
        self._time = time
        self._faults = faults or Faults()
        self._late: list[tuple[datetime, str, Verb, float | None]] = []

    def fit(
        self,
        profile: Profile,
        states: Mapping[str, str] | None = None,
        settings: Mapping[str, str | float] | None = None,
    ) -> None:
        """Add the parts that a map shows or commands, as they stand at the start.

        Raises ``ValueError`` for a state that the map does not have, or a word that this state does not have.
        """
        for key in (*profile.states, *(key for key, _ in profile.commands)):
            if key not in self.parts:
                self.parts[key] = _part(key, profile.states.get(key))
        for key, setting in profile.settings.items():
            self.settings.setdefault(key, UNSET[setting.kind])
        for key, word in (states or {}).items():
            self._checked(key, word).word = word
        if unknown := sorted({*(settings or {})} - {*self.settings}):
            raise ValueError(f"there is no setting {', '.join(unknown)}")
        self.settings |= settings or {}

    def show(self, key: str, tell: Callable[[], str]) -> None:
        """Let a part, where there is one of that name, stand as ``tell`` says."""
        if (part := self.parts.get(key)) is not None:
            self.parts[key] = Shown(kind=part.kind, words=part.words, word=part.word, tell=tell)

    @property
    def clock(self) -> datetime:
        """What the device's clock shows, naive local time."""
        return self._time() + self.clock_offset

    def set_clock(self, when: datetime) -> None:
        """Put the device's clock right, or wrong."""
        self.clock_offset = when - self._time()
        self.version += 1

    def word(self, key: str) -> str:
        """Return how a part stands now."""
        return self.parts[key].at(self._time())

    def relay_closed(self, output: str) -> bool:
        """Return whether the contact of an output is closed: on, or off where its normal state is closed."""
        return (self.word(output) == ON) != (self.settings.get(f"{output}_{SettingKind.NORMAL_STATE}") == "nc")

    def order(self, key: str, verb: Verb, seconds: float | None = None) -> None:
        """Carry out a command, at once or as late as the mechanism is slow; ``seconds`` is how long a pulse is."""
        if self._faults.stuck:
            return
        due = self._time() + timedelta(seconds=self._faults.mechanism_delay)
        self._late.append((due, key, verb, seconds))
        self.settle()

    def settle(self) -> None:
        """Carry out the orders whose time has come."""
        now = self._time()
        while self._late and self._late[0][0] <= now:
            due, key, verb, seconds = self._late.pop(0)
            part = self.parts[key]
            word = OUTCOMES.get((part.kind, verb), ON)
            if (part.word, word) == (TRIPPED, CLOSED):
                continue
            if isinstance(part, Output):
                part.since, part.seconds, part.blinks = due, *self._manner(key, verb, seconds)
            self._turn(key, word)

    def hand(self, key: str, word: str) -> None:
        """Somebody turns it by hand, or something outside does: an input, a contact, a choice.

        Raises ``ValueError`` for what it does not have, for an alarm, and for closing or tripping a breaker that must
        be opened or closed first.
        """
        part = self._checked(key, word)
        if part.kind is StateKind.ALARM:
            raise ValueError(f"{key} is an alarm")
        if isinstance(part, Shown):
            raise ValueError(f"{key} follows from other things")  # noqa: TRY004
        if part.word == TRIPPED and word == CLOSED:
            raise ValueError(f"{key} has tripped: it must be opened first")
        if word == TRIPPED and part.word == OPEN:
            raise ValueError(f"{key} is open: it cannot trip")
        if isinstance(part, Output):
            part.seconds = 0.0
        self._turn(key, word)

    def trip(self, key: str = "breaker") -> None:
        """Trip a breaker. Raises ``ValueError`` where there is none, or an open one."""
        self.hand(key, TRIPPED)

    def alarm(self, key: str, *, on: bool = True) -> None:
        """Raise an alarm of the device, or end it. Raises ``ValueError`` where there is none of that name."""
        part = self._checked(key, ON)
        if part.kind is not StateKind.ALARM:
            raise ValueError(f"{key} is no alarm")
        self._turn(key, ON if on else OFF)

    def link_error(self, key: str, *, on: bool = True) -> None:
        """Let a link between modules fail, or work again."""
        (self.link_errors.add if on else self.link_errors.discard)(key)
        self.version += 1

    def clear(self) -> None:
        """End what was broken: alarms, failed links, a wrong clock; tripped breakers close. Nothing else moves."""
        for key, part in self.parts.items():
            if part.kind is StateKind.ALARM:
                self._turn(key, OFF)
            elif part.word == TRIPPED:
                self._turn(key, CLOSED)
        self._late.clear()
        self.link_errors.clear()
        self.clock_offset = timedelta()
        self.version += 1

    def _manner(self, key: str, verb: Verb, seconds: float | None) -> tuple[float, bool]:
        """Return for how long an output is on, s, and whether it blinks."""
        on_time = float(self.settings.get(f"{key}_{SettingKind.ON_TIME}", 0.0))
        blinks = self.settings.get(f"{key}_{SettingKind.MODE}") == "blinking"
        if verb is Verb.ON:
            return (on_time or SHORTEST if blinks else on_time), blinks
        return seconds or on_time or SHORTEST, verb is Verb.BLINK

    def _turn(self, key: str, word: str) -> None:
        """Bring a part into a position."""
        self.parts[key].word = word
        self.version += 1
        self.on_change(key)

    def _checked(self, key: str, word: str) -> Part:
        """Return a part that can stand like this; raises ``ValueError``."""
        part = self.parts.get(key)
        if part is None:
            raise ValueError(f"there is no state {key}; there are {', '.join(self.parts) or 'none'}")
        if word not in part.words:
            raise ValueError(f"{key} cannot be {word}: it is one of {', '.join(part.words)}")
        return part


def _part(key: str, state: State | None) -> Part:
    """Return a part at rest; a command-only module knows it by the key alone."""
    known = known_state(key)
    kind = state.kind if state else known[0] if known else StateKind.CONTACT
    words = WORDS[kind] if kind in WORDS else tuple(state.values.values()) if state else ()
    make = Output if kind is StateKind.OUTPUT else Part
    return make(kind=kind, words=words, word=AT_REST.get(kind, words[0]))
