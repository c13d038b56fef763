"""A tracker written down and read back: the same tracker, or a fresh one where nothing sensible was written."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.metering import IndexTracker, ReadingKind

START = 1_700_000_000.0


def new_tracker(state: Any = None) -> IndexTracker:
    """Return a tracker of a counter with a modulus."""
    return IndexTracker(modulus=Decimal(10**6), resolution=Decimal("0.1"), max_rate=Decimal(50), state=state)


def written() -> dict[str, Any]:
    """Return the snapshot of a tracker that has everything to remember."""
    tracker = new_tracker()
    for number, index in enumerate([5000, 5100, 20, 20, 20, 9000, 300000, 9001]):
        tracker.update(START + 10 * number, Decimal(index))
    snapshot: dict[str, Any] = json.loads(json.dumps(tracker.snapshot(), allow_nan=False))
    return snapshot


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["NaN", "1E+999"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
samples = st.lists(
    st.tuples(st.floats(0.0, 600.0), st.one_of(st.integers(0, 200), st.integers(0, 10**6)), st.booleans()), max_size=40
)


@given(samples)
def test_a_restart_changes_no_reading(polls: list[tuple[float, int, bool]]) -> None:
    steady, restarted, at = new_tracker(), new_tracker(), START
    for seconds, index, restart in polls:
        at += seconds
        assert steady.update(at, Decimal(index)) == restarted.update(at, Decimal(index))
        if restart:
            restarted = new_tracker(json.loads(json.dumps(restarted.snapshot(), allow_nan=False)))
            assert restarted.snapshot() == steady.snapshot()


def test_a_snapshot_holds_all_it_could() -> None:
    snapshot = written()
    assert snapshot["before"] is not None
    assert len(snapshot["levels"]) == 2
    assert new_tracker(snapshot).snapshot() == snapshot


def test_a_fresh_tracker_is_restored_fresh() -> None:
    tracker = new_tracker(new_tracker().snapshot())
    assert tracker.total is None
    assert tracker.update(START, Decimal(7)).kind is ReadingKind.FIRST


@given(json_values)
def test_garbage_starts_afresh(garbage: Any) -> None:
    assert new_tracker(garbage).update(START, Decimal(7)).kind is ReadingKind.FIRST


@given(st.sampled_from(sorted(written())), json_values)
def test_a_damaged_field_never_raises_nor_lets_the_total_fall(key: str, value: Any) -> None:
    tracker = new_tracker({**written(), key: value})
    total = tracker.total
    for number in range(5):
        reading = tracker.update(START + 100 + number, Decimal(9100 + number))
        assert reading.delta >= 0
        assert total is None or reading.total >= total
    assert json.dumps(tracker.snapshot(), allow_nan=False)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("layout", 0),
        ("layout", None),
        ("total", "5.0"),
        ("total", "Infinity"),
        ("total", 99999.0),
        ("last", ["5000", START, 0.0]),
        ("last", ["5000", None, 0.0, "0"]),
        ("levels", 3),
        ("levels", [[1]]),
        ("at", "noon"),
        ("clock", float("inf")),
        ("modulus", 5),
    ],
)
def test_what_cannot_be_true_starts_afresh(key: str, value: Any) -> None:
    assert new_tracker({**written(), key: value}).total is None


@pytest.mark.parametrize("key", sorted(written()))
def test_a_missing_field_starts_afresh(key: str) -> None:
    snapshot = written()
    del snapshot[key]
    assert new_tracker(snapshot).total is None
