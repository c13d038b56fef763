"""Who waits, in which order, and who makes room (A2 numbers 6, 13, 16, 18, 20 to 22). Owns orders, not room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .session import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .config import LoadManagerConfig
    from .session import Session
    from .view import View

MOST: Final = 4
"""Times the shortest off time that a car waits at most, the more often it was stopped."""


def off_until(session: Session, config: LoadManagerConfig) -> float:
    """Return when a stopped car may charge again, s; longer the more often it was stopped."""
    if session.stopped is None or session.head:
        return float("-inf")
    return session.stopped + config.min_off * min(1 << max(session.stops - 1, 0), MOST)


def waiting(view: View) -> list[Session]:
    """Return who may be granted now: started by hand, then priority, then who waits longest."""
    ready = [
        one
        for one in view.sessions
        if one.stage is Stage.QUEUED and not one.lost and view.now >= off_until(one, view.config)
    ]
    return sorted(ready, key=lambda one: (not one.head, not one.priority, one.asked or 0.0, one.id))


def slot_taken(view: View) -> bool:
    """Tell whether a car is being started: one at a time."""
    return any(one.stage is Stage.AUTHORISING and not one.lost for one in view.sessions)


def to_stop(sessions: Iterable[Session], config: LoadManagerConfig) -> list[Session]:
    """Return who is stopped first.

    Who disobeys, who does not draw yet, who has no priority, who has what is guaranteed, who is connected longest.
    """
    return sorted(
        sessions,
        key=lambda one: (
            not one.disobeyed,
            one.stage is Stage.CHARGING,
            one.priority,
            one.charge < config.guaranteed_charge,
            one.plugged or 0.0,
            one.id,
        ),
    )
