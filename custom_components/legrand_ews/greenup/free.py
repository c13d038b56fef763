"""Without load control: everybody may, one after the other (A2 number 25). Owns nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .plan import EventKind
from .queue import slot_taken, waiting

if TYPE_CHECKING:
    from .view import View


def decide(view: View) -> None:
    """Grant the head of the queue its rated current, and give all others theirs."""
    for one in view.managed:
        one.step, one.reduced = 0, None
        one.order(view.now, one.config.rated_current)
    queue = waiting(view)
    if queue and not slot_taken(view):
        one = queue[0]
        waited = one.age_of(view.now, one.asked)
        one.grant(view.now, one.config.rated_current)
        view.journal.add(EventKind.GRANTED, one.id, limit=one.limit, waited=waited)
