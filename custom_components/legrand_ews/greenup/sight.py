"""What people see of a session and of the main. Owns the choice of it; changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .session import WAITING, Session, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .reading import Currents

ASKING: Final = (*WAITING, Stage.AUTHORISING)
"""There is a car that wants to charge and does not yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """A station and the car at it, as of the last step."""

    stage: Stage
    limit: float
    """A: the order that holds; 0.0 is not authorised."""
    priority: bool
    """Of this session."""
    default_priority: bool
    """Of the station."""
    held: bool
    plugged_for: float | None
    """s; None: no car."""
    waited: float | None
    """s since it asked or was stopped; None: it does not wait."""
    charge: float
    """Ah of one phase, in this session."""
    phases: tuple[int, ...]
    """Of the site, 0 to 2: those it loads, as far as that is known."""
    drawn: Currents | None
    """A per phase at the last reading; None: it does not measure."""
    lost: bool
    """The station does not answer; the rest is as it was."""


def view_of(one: Session, now: float) -> SessionView:
    """Return what is seen of a session."""
    waits = one.stage in ASKING and one.asked is not None
    return SessionView(
        stage=one.stage,
        limit=one.limit,
        priority=one.priority,
        default_priority=one.config.priority,
        held=one.stage is Stage.HELD,
        plugged_for=None if one.plugged is None else one.age_of(now, one.plugged),
        waited=one.age_of(now, one.asked) if waits else None,
        charge=one.charge,
        phases=one.phases,
        drawn=one.drawn,
        lost=one.lost,
    )


def counts_of(sessions: Iterable[Session]) -> tuple[int, int]:
    """Return how many charge, and how many want to and do not yet."""
    stages = [one.stage for one in sessions]
    return stages.count(Stage.CHARGING), sum(stage in ASKING for stage in stages)
