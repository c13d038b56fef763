"""What happened in a step. Owns the collecting of events."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .plan import Event

if TYPE_CHECKING:
    from .plan import EventKind, Value


@dataclass(slots=True)
class Journal:
    """Events of one step."""

    now: float
    events: list[Event] = field(default_factory=list)

    def add(self, kind: EventKind, station_id: str | None = None, **data: Value) -> None:
        """Note an event."""
        self.events.append(Event(kind, station_id, self.now, data))
