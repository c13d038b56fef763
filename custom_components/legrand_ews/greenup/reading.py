"""What is read: the meter and the stations. Owns their types, no state.

Times are seconds of one monotonic clock; currents A per phase.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

type Currents = tuple[float, float, float]


class StationState(StrEnum):
    """What a station says of its car."""

    FREE = "free"
    """No car."""
    WAITING = "waiting"
    """Plugged, asks for current."""
    CHARGING = "charging"
    DONE = "done"
    """Plugged, wants no more."""
    FAULT = "fault"
    """The station or the charge failed; it gives no current."""
    OFFLINE = "offline"
    """It does not answer: what it gives is unknown."""


@dataclass(frozen=True, slots=True)
class MeterReading:
    """The total meter: when it was read, and its currents; what is fed into the grid is negative."""

    at: float
    currents: Currents


@dataclass(frozen=True, slots=True)
class StationReading:
    """One station. ``currents``: L1 to L3 of the site, not of the plug; None: it does not measure.

    ``charge``: Ah of this session on its highest phase; None: it does not count.
    """

    at: float
    state: StationState
    currents: Currents | None
    charge: float | None
