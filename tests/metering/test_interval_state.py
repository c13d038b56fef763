"""An interval maker written down and read back: the same maker, or a fresh one where nothing sensible was written."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.metering import IntervalMaker

START = 1_700_000_000.0


def new_maker(state: Any = None) -> IntervalMaker:
    """Return a maker of minutes."""
    return IntervalMaker(period=60, zone=ZoneInfo("Europe/Paris"), state=state)


def written() -> dict[str, Any]:
    """Return the snapshot of a maker amid an interval."""
    maker = new_maker()
    maker.update(START, Decimal("10.5"))
    maker.update(START + 90, Decimal("5000.75"))
    snapshot: dict[str, Any] = json.loads(json.dumps(maker.snapshot(), allow_nan=False))
    return snapshot


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["NaN", "1E+999"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def test_a_snapshot_is_restored_as_it_was() -> None:
    assert new_maker(written()).snapshot() == written()
    assert new_maker(new_maker().snapshot()).start is None


@given(json_values)
def test_garbage_starts_afresh(garbage: Any) -> None:
    maker = new_maker(garbage)
    assert maker.start is None
    assert not maker.update(START, Decimal(7))


@given(st.sampled_from(sorted(written())), json_values)
def test_a_damaged_field_never_raises_nor_makes_an_amount_negative(key: str, value: Any) -> None:
    maker = new_maker({**written(), key: value})
    for number in range(3):
        closed = maker.update(START + 100 + 60 * number, Decimal(5001 + number))
        assert all(one.amount >= 0 and one.start < one.end for one in closed)
    assert json.dumps(maker.snapshot(), allow_nan=False)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("layout", 0),
        ("layout", None),
        ("start", "noon"),
        ("start", -5),
        ("start", START + 1000),
        ("start", START - 10**6),
        ("level", "5001"),
        ("level", None),
        ("at", float("inf")),
        ("at", 1e15),
        ("at", START - 1000),
        ("total", "Infinity"),
        ("total", "1E+100"),
        ("total", "7"),
    ],
)
def test_what_cannot_be_true_starts_afresh(key: str, value: Any) -> None:
    assert new_maker({**written(), key: value}).start is None


@pytest.mark.parametrize("key", sorted(written()))
def test_a_missing_field_starts_afresh(key: str) -> None:
    snapshot = written()
    del snapshot[key]
    assert new_maker(snapshot).start is None
