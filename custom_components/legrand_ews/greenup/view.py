"""What one step knows, for those who decide. Owns no decision."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .plan import Zone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .config import LoadManagerConfig
    from .journal import Journal
    from .reading import Currents
    from .session import Session


@dataclass(slots=True)
class View:
    """One step. Currents in A per phase."""

    now: float
    config: LoadManagerConfig
    sessions: Sequence[Session]
    journal: Journal
    zone: Zone
    meter: Currents
    base: list[float]
    """All that is not managed, lost stations with what they may draw."""
    booked: list[float]
    """What lost stations may draw."""
    high: list[float]
    """``base`` as high as it was lately."""
    noise: Currents
    may_grow: bool
    """The meter is fresh, all stations were seen."""
    over_for: list[float]
    """s that each phase has been over the maximum; 0.0: it is not."""
    excess_for: float
    """s that any phase has been."""
    limit: float
    """A: the maximum, infinite without load control."""
    missing: dict[str, tuple[float, int]] = field(default_factory=dict)
    """What the waiting lacked when they were looked at: A, phase."""

    @property
    def growing(self) -> bool:
        """Whether anything may grow (A3, invariant 2)."""
        return self.may_grow and self.zone is not Zone.RED

    @property
    def managed(self) -> list[Session]:
        """Those that may draw and hear what they are told."""
        return [one for one in self.sessions if one.managed]

    def over(self, phase: int) -> bool:
        """Whether the meter is over the maximum on a phase."""
        return self.meter[phase] > self.limit

    def cap(self, phase: int) -> float:
        """Return what the managed may draw together on a phase whatever the main bears, A; infinite without a cap."""
        cap = self.config.charging_cap
        return float("inf") if cap is None else max(cap - self.booked[phase], 0.0)
