"""What is told to the journal, what stands in it, and how that is written down.

Owns the shapes and their way to a line of JSON and back. Which occurrence becomes an entry is the matter of
``journal``. What an entry shows follows the manual, 8.7: when, which device, which gateway and address, what.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import isfinite
from typing import TYPE_CHECKING, Any, Final, Self

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

type AlarmKey = tuple[str | None, Kind, str]
"""Device id, kind and subject: there is one alarm of each at a time."""


class Kind(StrEnum):
    """What an occurrence is about: the four kinds of the manual, 8.6.4, and what people do."""

    STATE = "state"
    THRESHOLD = "threshold"
    CONFIGURATION = "configuration"
    """An error of configuration or of installation."""
    COMMUNICATION = "communication"
    COMMAND = "command"
    CLOCK = "clock"
    CHARGING = "charging"
    """What the load manager could not do gently."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where something happened, as it was called at that time."""

    device_id: str | None
    """None: the installation itself."""
    device: str
    """Name."""
    gateway: str
    """Name."""
    address: str
    """Modbus address, "5", or with the side, "5-1"; empty for a gateway."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Occurrence:
    """Something that happened. Raises ValueError if its time is no finite number."""

    at: float
    """POSIX seconds."""
    kind: Kind
    event: str
    """A key such as ``breaker_tripped``."""
    origin: Origin
    subject: str = ""
    """Key of the state it is about, ``breaker``, ``input_3``."""
    text: str
    """The same in plain words."""
    user: str | None = None
    alarm: bool | None = None
    """True begins the alarm of this device, kind and subject, False ends it, None has to do with no alarm."""
    details: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a time that cannot be written down."""
        if not isfinite(self.at):
            raise ValueError("the time of an occurrence must be finite")


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A line of the journal: an occurrence, or several alike."""

    id: int
    """Grows in the order of recording, whatever the clock does."""
    at: float
    """POSIX seconds, first occurrence."""
    kind: Kind
    event: str
    device_id: str | None
    device: str
    gateway: str
    address: str
    subject: str = ""
    text: str
    user: str | None = None
    alarm: bool | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    count: int = 1
    """Occurrences in this entry."""
    last_at: float
    """POSIX seconds, last occurrence, never before the first."""
    ended_at: float | None = None
    """POSIX seconds, end of the alarm that began here, never before ``last_at``."""
    acknowledged_at: float | None = None
    """POSIX seconds."""
    acknowledged_by: str | None = None

    @property
    def active(self) -> bool:
        """True for an alarm that has not ended."""
        return self.alarm is True and self.ended_at is None

    @property
    def alarm_key(self) -> AlarmKey:
        """What the alarm is told by, if it is one."""
        return self.device_id, self.kind, self.subject

    @classmethod
    def of(cls, number: int, occurrence: Occurrence) -> Self:
        """Return the entry of one occurrence."""
        origin = occurrence.origin
        return cls(
            id=number,
            at=occurrence.at,
            kind=occurrence.kind,
            event=occurrence.event,
            device_id=origin.device_id,
            device=origin.device,
            gateway=origin.gateway,
            address=origin.address,
            subject=occurrence.subject,
            text=occurrence.text,
            user=occurrence.user,
            alarm=occurrence.alarm,
            details=dict(occurrence.details),
            last_at=occurrence.at,
        )

    def repeated(self, at: float) -> Self:
        """Return the entry with one more occurrence; an alarm that had ended is on again. ``at``: POSIX seconds."""
        return replace(self, count=self.count + 1, last_at=max(at, self.last_at), ended_at=None)

    def ended(self, at: float) -> Self:
        """Return the entry of an alarm that ended. ``at``: POSIX seconds."""
        return replace(self, ended_at=max(at, self.last_at))

    def as_dict(self) -> dict[str, Any]:
        """Return all fields as JSON-able values."""
        plain = {name: getattr(self, name) for name in _READERS}
        return {**plain, "kind": self.kind.value, "details": dict(self.details)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read an entry back. Fields unknown here are left aside; raises ValueError for anything damaged."""
        try:
            return cls(**{name: read(data[name]) for name, read in _READERS.items() if name in data})
        except TypeError as error:
            raise ValueError("not an entry") from error


def to_line(data: Mapping[str, Any]) -> str:
    """Write JSON-able values in one line."""
    try:
        return orjson.dumps(data).decode()
    except orjson.JSONEncodeError:
        # A text with half of a character in it, which UTF-8 cannot hold, is worth its other letters.
        return json.dumps(data, ensure_ascii=False).encode(errors="replace").decode()


def from_line(line: str) -> dict[str, Any]:
    """Read values back; raises ValueError if it is no JSON, TypeError if it is no object."""
    data = orjson.loads(line)
    if not isinstance(data, dict):
        raise TypeError("not an object")
    return data


def read_text(value: Any) -> str:
    """Check a text; raises TypeError."""
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def optional[T](read: Callable[[Any], T]) -> Callable[[Any], T | None]:
    """Return a check that lets nothing pass as well."""
    return lambda value: None if value is None else read(value)


def _seconds(value: Any) -> float:
    """Check a time; JSON has no other numbers than finite ones."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("not a time")
    return float(value)


def _number(value: Any) -> int:
    """Check an id or a count."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("not a whole number")
    if value < 1:
        raise ValueError("ids and counts begin at 1")
    return value


def _truth(value: Any) -> bool:
    """Check a truth value."""
    if not isinstance(value, bool):
        raise TypeError("not a truth value")
    return value


def _texts(value: Any) -> dict[str, str]:
    """Check texts by their keys."""
    if not isinstance(value, dict):
        raise TypeError("not a table")
    return {name: read_text(text) for name, text in value.items()}


_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "id": _number,
    "at": _seconds,
    "kind": Kind,
    "event": read_text,
    "device_id": optional(read_text),
    "device": read_text,
    "gateway": read_text,
    "address": read_text,
    "subject": read_text,
    "text": read_text,
    "user": optional(read_text),
    "alarm": optional(_truth),
    "details": _texts,
    "count": _number,
    "last_at": _seconds,
    "ended_at": optional(_seconds),
    "acknowledged_at": optional(_seconds),
    "acknowledged_by": optional(read_text),
}
"""The fields of an entry, each with what checks it."""
