"""What happened in a step."""

from __future__ import annotations

from custom_components.legrand_ews.greenup import Event, EventKind
from custom_components.legrand_ews.greenup.journal import Journal


def test_events_are_kept_in_order_with_their_time_and_data() -> None:
    journal = Journal(12.5)
    journal.add(EventKind.OVERLOAD, phase=1, excess=3.2)
    journal.add(EventKind.SKIPPED, "s1")
    assert journal.events == [
        Event(EventKind.OVERLOAD, None, 12.5, {"phase": 1, "excess": 3.2}),
        Event(EventKind.SKIPPED, "s1", 12.5, {}),
    ]


def test_each_step_has_its_own_events() -> None:
    Journal(1.0).add(EventKind.LOST, "s1")
    assert Journal(2.0).events == []
