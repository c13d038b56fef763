"""What the user sets: the stations and the limits. Owns defaults and checks; no state.

Currents in A per phase, times in s, charge in Ah. Letters and numbers as in ``facts/load-management.md`` A2.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import Final

FLOOR: Final = 6.0
"""A: the lowest current that a pilot signal can offer (IEC 61851-1)."""

PHASES: Final = 3


class Mode(StrEnum):
    """How a lack of current is shared."""

    CONTINUOUS = "continuous"
    """Any current from the floor to the rating, per phase."""
    STEPS = "steps"
    """The two reduction steps of the manual 7.16.5.1."""


@dataclass(frozen=True, slots=True)
class StationConfig:
    """A station, or one side of it. Raises ValueError for what cannot be.

    ``rated_current``: A. ``phases``: wiring, 0 to 2 for L1 to L3; a single-phase car loads the first. ``priority``: the
    default of its sessions. ``min_current``: the lowest limit it takes while it charges. ``adjustable``: False if it
    only knows on and off; it is then given its rated current or nothing.
    """

    id: str
    rated_current: float
    phases: tuple[int, ...]
    priority: bool = False
    min_current: float = FLOOR
    adjustable: bool = True

    def __post_init__(self) -> None:
        """Refuse what could not be managed."""
        phases = self.phases
        if not phases or len(set(phases)) < len(phases) or not set(phases) <= set(range(PHASES)):
            raise ValueError(f"{self.id}: phases are one to three of 0, 1, 2")
        if not (isfinite(self.rated_current) and self.rated_current >= FLOOR):
            raise ValueError(f"{self.id}: the rated current is at least {FLOOR:g} A")
        if not FLOOR <= self.min_current <= self.rated_current:
            raise ValueError(f"{self.id}: the minimum current is {FLOOR:g} A to the rated current")

    @property
    def floor(self) -> float:
        """The lowest limit that lets a car charge, A."""
        return self.min_current if self.adjustable else self.rated_current


@dataclass(frozen=True, slots=True)
class LoadManagerConfig:
    """Limits and times. Raises ValueError for what cannot be."""

    max_current: float
    """A: above it is red (manual "Maximum current available")."""
    charge_current: float
    """A: above it is yellow (manual "Maximum current available for the charging")."""
    hysteresis: float = 0.0
    """% of ``max_current``, only on the way down (A2 number 3)."""
    step_1: float = 75.0
    """% of the rated current of a station."""
    step_2: float = 50.0
    """%, as ``step_1``."""
    guaranteed_charge: float = 32.0
    """Ah of one phase that a session gets before it may be stopped (A2 number 12)."""
    hold_time: float = 60.0
    """s from the first report of waiting to the first grant (release notes)."""
    waiting_time: float = 90.0
    """s that a grant waits for the car (release notes)."""
    skip_time: float = 300.0
    """s that a car which did not start is passed over (release notes)."""
    load_control: bool = True
    """False: there is no limit (A2 numbers 25, E9)."""
    control_logic: bool = True
    """False: nothing is ordered (A2 number 24)."""
    mode: Mode = Mode.CONTINUOUS
    period: float = 10.0
    """s between steps at most, P of A2: a meter older than two of them lets nothing grow."""
    settle_time: float = 20.0
    """s between two changes in ``STEPS`` (A2 number 30); so long a car that was stopped may still draw."""
    stale_after: float = 20.0
    """s of age of the meter until the blind budget holds (A2, fail-safe)."""
    stop_after: float = 300.0
    """s of age of the meter until nobody charges (A2, fail-safe)."""
    min_on: float = 600.0
    """s that a car charges before it is swapped for another (A2 number 16)."""
    min_off: float = 60.0
    """s from a stop to the next grant (A2 number 14)."""
    rotation_after: float = 2700.0
    """s of waiting until a car that has had its share makes room (A2 number 16)."""
    emergency: bool = True
    """``STEPS``: when nothing else is left, the floor, then a stop of any car (A2 number 9)."""
    emergency_after: float = 60.0
    """s of an overload that nothing else removes until the emergency rule (A2 number 9)."""
    predicted_admission: bool = True
    """``STEPS``: grant and raise only what is predicted to fit (A2 number 5)."""
    turns: bool = True
    """``CONTINUOUS``: cars take turns, even before they have what is guaranteed, where this serves more cars, or gives
    clearly more energy (A4, reading). False: only who has what is guaranteed makes room."""
    lost_after: float = 60.0
    """s of age of a reading until its station counts as lost."""
    charging_cap: float | None = None
    """A per phase for all stations together, in ``CONTINUOUS`` and without a meter; None: none (A2 number 2)."""
    margin: float | None = None
    """A kept free under the limit in ``CONTINUOUS``; None: as the noise of the base load asks (A4, reading)."""

    def __post_init__(self) -> None:
        """Refuse limits that contradict each other."""
        if not (isfinite(self.max_current) and 0 < self.charge_current <= self.max_current):
            raise ValueError("the current for charging is above 0 and at most the maximum current")
        if not 0 < self.step_2 <= self.step_1 <= 100:  # noqa: PLR2004
            raise ValueError("the steps are percentages, the second not above the first")
        if not 0 <= self.hysteresis < 100:  # noqa: PLR2004
            raise ValueError("the hysteresis is a percentage")
        if min(self.hold_time, self.waiting_time, self.skip_time, self.min_on, self.min_off, self.settle_time) < 0:
            raise ValueError("times are not negative")
        if not 0 < self.stale_after <= self.stop_after:
            raise ValueError("a meter is stale before everything stops")
        if self.guaranteed_charge < 0:
            raise ValueError("the guaranteed charge is not negative")

    @property
    def band(self) -> float:
        """The hysteresis in A."""
        return self.hysteresis * self.max_current / 100
