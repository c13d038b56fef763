"""What a register map says beside measures: states, commands, settings of outputs, the clock, links.

This module owns the shape of these rows. It does not read files (``build_states``), nor speak to devices (``bus``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from .profile import Space

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .profile import Condition, Register


class StateKind(StrEnum):
    """What a state is of; decides which words it can have."""

    BREAKER = "breaker"
    """open, closed, tripped."""
    CONTACTOR = "contactor"
    """on (closed), off (open): latching relays and contactors."""
    INPUT = "input"
    """on, off."""
    OUTPUT = "output"
    """on, off."""
    CONTACT = "contact"
    """on, off: any other bit, with a name of the map's own."""
    ALARM = "alarm"
    """on, off: something is wrong while on."""
    CHOICE = "choice"
    """Words of the map's own."""
    CHARGE = "charge"
    """What goes on at a charging station: ``CHARGE_WORDS``."""
    STATION = "station"
    """Of the station itself: ``STATION_WORDS``."""
    SOCKET = "socket"
    """on, off: a socket of a station may give current (manual 8.2.1)."""


class AlarmGroup(StrEnum):
    """What an alarm state tells of (manual 8.6.4)."""

    THRESHOLD = "threshold"
    CONFIGURATION = "configuration"
    STATION = "station"
    """Something is wrong with a charging station."""
    CHARGE = "charge"
    """Something is wrong with the charging of a car."""


class Verb(StrEnum):
    """What a command does."""

    OPEN = "open"
    CLOSE = "close"
    ON = "on"
    OFF = "off"
    PULSE = "pulse"
    BLINK = "blink"


class SettingKind(StrEnum):
    """What can be set of an output (manual 8.2.1, "Configuration of digital outputs")."""

    NORMAL_STATE = "normal_state"
    """no, nc."""
    MODE = "mode"
    """impulsive, blinking."""
    ON_TIME = "on_time"
    """s; 0: maintained."""


OPEN: Final = "open"
CLOSED: Final = "closed"
TRIPPED: Final = "tripped"
ON: Final = "on"
OFF: Final = "off"
CHARGE_WORDS: Final = ("free", "waiting", "charging", "done", "fault")
"""No car; a car that asks; one that charges; one that wants no more; none of these, for an error."""
STATION_WORDS: Final = (OFF, ON, "managed", "fault")
"""Out of service; charges by itself; charges what it is told; in error."""
WORDS: Final[Mapping[StateKind, tuple[str, ...]]] = {
    StateKind.BREAKER: (OPEN, CLOSED, TRIPPED),
    **dict.fromkeys(
        (
            StateKind.CONTACTOR,
            StateKind.INPUT,
            StateKind.OUTPUT,
            StateKind.CONTACT,
            StateKind.ALARM,
            StateKind.SOCKET,
        ),
        (OFF, ON),
    ),
    StateKind.CHARGE: CHARGE_WORDS,
    StateKind.STATION: STATION_WORDS,
}
"""The words a state of each kind can have; a choice has its own."""

VERBS: Final[Mapping[StateKind, tuple[Verb, ...]]] = {
    StateKind.BREAKER: (Verb.OPEN, Verb.CLOSE),
    StateKind.CONTACTOR: (Verb.OPEN, Verb.CLOSE),
    StateKind.OUTPUT: (Verb.ON, Verb.OFF, Verb.PULSE, Verb.BLINK),
    StateKind.SOCKET: (Verb.ON, Verb.OFF),
}
"""What can be commanded."""

OUTCOMES: Final[Mapping[tuple[StateKind, Verb], str]] = {
    (StateKind.BREAKER, Verb.OPEN): OPEN,
    (StateKind.BREAKER, Verb.CLOSE): CLOSED,
    (StateKind.CONTACTOR, Verb.OPEN): OFF,
    (StateKind.CONTACTOR, Verb.CLOSE): ON,
    (StateKind.OUTPUT, Verb.ON): ON,
    (StateKind.OUTPUT, Verb.OFF): OFF,
    (StateKind.SOCKET, Verb.ON): ON,
    (StateKind.SOCKET, Verb.OFF): OFF,
}
"""The state that a command leads to; those that pass lead to none."""

SETTING_WORDS: Final[Mapping[SettingKind, tuple[str, ...]]] = {
    SettingKind.NORMAL_STATE: ("no", "nc"),
    SettingKind.MODE: ("impulsive", "blinking"),
}

_NUMBERED: Final = re.compile(r"(breaker|contactor|input|output)(?:_([1-9]\d?))?")
_NAMED: Final[Mapping[str, tuple[StateKind, AlarmGroup | None]]] = {
    "threshold_alarm": (StateKind.ALARM, AlarmGroup.THRESHOLD),
    "configuration_error": (StateKind.ALARM, AlarmGroup.CONFIGURATION),
    "charge": (StateKind.CHARGE, None),
    "station": (StateKind.STATION, None),
    "ev_socket": (StateKind.SOCKET, None),
    "domestic_socket": (StateKind.SOCKET, None),
}


def known_state(key: str) -> tuple[StateKind, int | None, AlarmGroup | None] | None:
    """Return kind, number and alarm group of a state that needs no name: ``breaker``, ``input_3``; None for others."""
    if (match := _NUMBERED.fullmatch(key)) is not None:
        return StateKind(match[1]), int(match[2]) if match[2] else None, None
    if key in _NAMED:
        kind, alarm = _NAMED[key]
        return kind, None, alarm
    return None


@dataclass(frozen=True, kw_only=True)
class State:
    """One state of a device, read at the status poll time."""

    key: str
    kind: StateKind
    number: int | None = None
    """Of ``input_3``: 3. None where there is only one."""
    register: Register | None = None
    """Holds the state as a number or a bit; None where contacts tell it."""
    values: Mapping[int, str] = field(default_factory=dict)
    """Word by raw number; empty: 0 is off, anything else on."""
    contacts: Mapping[str, Register] = field(default_factory=dict)
    """By word, the contact that is made in that state. tripped wins; else exactly one made contact tells; with a single
    contact of open and closed, the other word holds while it is not made. Contradictory contacts: unknown."""
    valid_if: Condition | None = None
    alarm: AlarmGroup | None = None
    name: str | None = None
    """For states of the map's own."""


@dataclass(frozen=True, kw_only=True)
class Write:
    """One write request."""

    space: Space
    """COIL or HOLDING."""
    address: int
    values: tuple[int, ...]
    single: bool = False
    """Functions 5 and 6, in place of 15 and 16."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """What brings a device to do something."""

    state: str
    """Key of the state that it changes; need not be in the map."""
    verb: Verb
    writes: tuple[Write, ...]
    """In this order, for example unlock, command, store."""
    expect: str | None
    """The state's word afterwards; None where it passes or cannot be read."""
    within: float = 3.0
    """How long the device may take until its state follows, s."""
    valid_if: Condition | None = None
    """Only while a named register holds one of these numbers."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One setting of an output."""

    key: str
    """``output_1_mode``."""
    output: str
    """``output_1``."""
    kind: SettingKind
    register: Register
    values: Mapping[int, str] = field(default_factory=dict)
    """Word by raw number, for normal state and mode."""
    minimum: float = 0.0
    maximum: float = 65535.0
    """Of the ON time, s."""
    single: bool = False
    """Written with function 6 (5), in place of 16 (15)."""


type ClockField = str
"""day, month, year, short_year, hour, minute, second, weekday (1 Monday to 7), or ``-`` for a register without
meaning, written as 0."""

CLOCK_FIELDS: Final = ("day", "month", "year", "short_year", "hour", "minute", "second", "weekday", "-")


@dataclass(frozen=True, kw_only=True)
class Clock:
    """Where a device keeps its date and time: local wall clock, set in one write."""

    address: int
    space: Space = Space.HOLDING
    fields: tuple[tuple[ClockField, ...], ...] = ()
    """One entry per register: one field, or two for its high and its low byte. Empty: seconds since 2000, two words."""

    @property
    def words(self) -> int:
        """Registers it takes."""
        return len(self.fields) or 2


@dataclass(frozen=True, kw_only=True)
class EmsLink:
    """One automatic action between two EMS modules, as this module knows it (manual 8.2.3)."""

    role: str
    """``event``: this module gives the event; ``action``: it acts."""
    partner: Register
    """Modbus address of the other module; 0: no link here."""
    error: Register | None = None
    """Other than 0: the link does not work."""
