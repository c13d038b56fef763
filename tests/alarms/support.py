"""What happens in the tests of the journal."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from custom_components.legrand_ews.alarms import Journal, Kind, Occurrence, Origin, Recorded

START = 1_700_000_000.0
MINUTE = 60.0


def occurrence(
    at: float = START,
    kind: Kind = Kind.STATE,
    event: str = "breaker_tripped",
    *,
    device_id: str | None = "d1",
    **more: Any,
) -> Occurrence:
    """Return something that happened to a device."""
    origin = Origin(device_id=device_id, device="Ovens", gateway="Cellar", address="5-1")
    more = {"subject": "breaker", "text": f"Ovens: {event}", **more}
    return Occurrence(at=at, kind=kind, event=event, origin=origin, **more)


def done(journal: Journal, what: Occurrence) -> Recorded:
    """Record something that is news."""
    recorded = journal.record(what)
    assert recorded is not None
    return recorded


def trip(at: float = START, **more: Any) -> Occurrence:
    """Return an alarm that begins."""
    return occurrence(at, alarm=True, **more)


def closing(at: float = START, **more: Any) -> Occurrence:
    """Return its end."""
    return occurrence(at, event="breaker_closed", alarm=False, **more)


times = st.one_of(
    st.floats(START, START + 3 * 3600),
    st.floats(allow_nan=False, allow_infinity=False),
)
occurrences = st.builds(
    occurrence,
    times,
    st.sampled_from(Kind),
    st.sampled_from(["one", "two"]),
    device_id=st.sampled_from([None, "d1", "d2"]),
    subject=st.sampled_from(["", "input_3"]),
    text=st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
    user=st.sampled_from([None, "Zoë"]),
    alarm=st.sampled_from([None, True, False]),
    details=st.dictionaries(st.sampled_from(["reason", "result"]), st.text("aé\n\u2028", max_size=3), max_size=2),
)
