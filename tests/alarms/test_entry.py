"""Entries written down and read back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.alarms import Entry, Journal, Kind, Occurrence

from .support import START, done, occurrence, occurrences, trip

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def entry_of(what: Occurrence) -> Entry:
    """Return the first entry of a journal."""
    return Journal.load([]).record(what).entry  # type: ignore[union-attr]


@given(occurrences.filter(lambda one: one.alarm is not False))
def test_an_entry_comes_back_from_json_as_it_was(what: Occurrence) -> None:
    entry = entry_of(what)
    assert Entry.from_dict(json.loads(json.dumps(entry.as_dict(), allow_nan=False))) == entry


def test_an_entry_says_what_happened_where_and_to_whom() -> None:
    entry = entry_of(trip(user="Ann", details={"reason": "overload"}))
    assert entry.as_dict() == {
        "id": 1,
        "at": START,
        "kind": "state",
        "event": "breaker_tripped",
        "device_id": "d1",
        "device": "Ovens",
        "gateway": "Cellar",
        "address": "5-1",
        "subject": "breaker",
        "text": "Ovens: breaker_tripped",
        "user": "Ann",
        "alarm": True,
        "details": {"reason": "overload"},
        "count": 1,
        "last_at": START,
        "ended_at": None,
        "acknowledged_at": None,
        "acknowledged_by": None,
    }


def test_fields_of_a_newer_version_are_left_aside() -> None:
    entry = entry_of(trip())
    assert Entry.from_dict({**entry.as_dict(), "severity": 3}) == entry


def test_fields_that_an_older_version_did_not_know_have_defaults() -> None:
    entry = entry_of(occurrence())
    needed = {"id", "at", "kind", "event", "device_id", "device", "gateway", "address", "text", "last_at", "subject"}
    assert Entry.from_dict({name: value for name, value in entry.as_dict().items() if name in needed}) == entry


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", 0),
        ("id", True),
        ("id", 1.5),
        ("at", None),
        ("at", "1"),
        ("at", False),
        ("kind", "weather"),
        ("event", 3),
        ("device_id", 3),
        ("alarm", 1),
        ("count", 0),
        ("details", []),
        ("details", {"reason": 1}),
        ("ended_at", "now"),
    ],
)
def test_a_wrong_field_is_refused(field: str, value: Any) -> None:
    data = {**entry_of(trip()).as_dict(), field: value}
    with pytest.raises(ValueError, match=r"\w"):
        Entry.from_dict(data)


@given(st.sampled_from(sorted(entry_of(trip()).as_dict())), json_values)
def test_a_damaged_field_is_refused_or_makes_an_entry_that_can_be_written(field: str, value: Any) -> None:
    try:
        entry = Entry.from_dict({**entry_of(trip()).as_dict(), field: value})
    except ValueError:
        return
    assert Entry.from_dict(entry.as_dict()).as_dict().keys() == entry.as_dict().keys()


@pytest.mark.parametrize("field", ["id", "at", "kind", "event", "text", "last_at"])
def test_a_missing_field_is_refused(field: str) -> None:
    data = entry_of(trip()).as_dict()
    del data[field]
    with pytest.raises(ValueError, match="not an entry"):
        Entry.from_dict(data)


@pytest.mark.parametrize("at", [float("nan"), float("inf"), float("-inf")])
def test_a_time_that_is_none_is_refused(at: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        occurrence(at)


def test_half_a_character_costs_that_character_only() -> None:
    journal = Journal()
    done(journal, occurrence(text="Ovens \ud83d", kind=Kind.COMMAND))
    assert [one.text for one in Journal.load(journal.pending).entries] == ["Ovens ?"]
