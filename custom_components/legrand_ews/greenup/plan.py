"""What one step says: the zone, an order for each station with its reason, and what happened. Owns these types."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

type Value = str | int | float | bool | None


class Zone(StrEnum):
    """Where the highest phase of the meter is (manual 7.16.5.1)."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    BLIND = "blind"
    """The meter is missing or stale."""


class EventKind(StrEnum):
    """What can happen."""

    ZONE = "zone"
    """Data: ``zone``, ``before``."""
    GRANTED = "granted"
    """Data: ``limit``, ``waited``."""
    STARTED = "started"
    """The car draws. Data: ``waited`` since the grant."""
    SKIPPED = "skipped"
    """The car did not start in time."""
    STOPPED = "stopped"
    """The manager stopped a car. Data: ``why``, ``charge``."""
    ENDED = "ended"
    """The car wants no more, or left. Data: ``charge``, ``duration``."""
    EMERGENCY = "emergency"
    """A car was cut below what was promised. Data: ``phase``, ``excess``, ``charge``, ``guaranteed``."""
    OVERLOAD = "overload"
    """Nothing is left to cut. Data: ``phase``, ``excess``."""
    IGNORED = "ignored"
    """A car draws clearly more than it was offered. Data: ``limit``, ``current``."""
    ROTATED = "rotated"
    """The manager stopped a car so that another gets its turn. Data: ``charge``."""
    LOST = "lost"
    """A station no longer answers; it is counted with its rated current."""
    FOUND = "found"


REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "free": "no car",
        "full": "charging at {limit:g} A, all that the station or the car takes",
        "shared": "charging at {limit:g} A: {phase} is shared",
        "rising": "charging at {limit:g} A: gets more in a moment",
        "step": "charging at {limit:g} A: reduced to step {step}",
        "granted": "may charge at {limit:g} A: waiting for the car to start",
        "hold_time": "waiting: the station must ask for {seconds:.0f} s more",
        "queue": "waiting: number {place} in the queue",
        "short": "waiting: {short:.0f} A short on {phase}",
        "off_time": "waiting: stopped a moment ago, {seconds:.0f} s more",
        "skipped": "waiting: the car did not start, next try in {seconds:.0f} s",
        "stopped": "stopped: {short:.0f} A too much on {phase}",
        "rotated": "waiting: makes room for another car",
        "held": "held by hand until started or unplugged",
        "done": "the car wants no more",
        "fault": "the station reports a fault",
        "lost": "the station does not answer; the last order stays",
        "blind": "charging at {limit:g} A: the meter does not answer",
        "blind_waiting": "waiting: the meter does not answer",
        "restart": "waiting: readings of the meter and all stations are awaited",
        "no_limit": "charging at {limit:g} A: load control is off",
    }
)
"""In plain English; the keys are what a translation goes by."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an order is what it is: one of ``REASONS`` and its values; ``str`` gives the sentence."""

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the sentence in plain English."""
        return REASONS[self.key].format_map(dict(self.values))


@dataclass(frozen=True, slots=True)
class Order:
    """What a station is to do. ``limit``: A; 0.0 is not authorised. ``why``: the reason in parts, for translation."""

    limit: float
    reason: str
    why: Reason | None = None

    @classmethod
    def of(cls, limit: float, key: str, **values: Value) -> Self:
        """Return an order with a reason of ``REASONS``; ``limit`` is one of its values."""
        why = Reason(key, {"limit": round(limit, 1), **values})
        return cls(limit, str(why), why)


@dataclass(frozen=True, slots=True)
class Event:
    """What happened. ``station_id``: None if it is of the whole. ``at``: s, monotonic. ``data``: as its kind says."""

    kind: EventKind
    station_id: str | None
    at: float
    data: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer of a step. ``orders``: by station; empty while the control logic is off."""

    zone: Zone
    orders: dict[str, Order]
    events: list[Event]
