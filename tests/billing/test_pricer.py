"""Prices of many intervals."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.billing import ActivePrice, Piece, Pricer

from .manual import EXAMPLE, second
from .witness import Witness, cases

BLOCK = 28 * 86400


@settings(deadline=None)
@given(
    cases(),
    st.lists(
        st.tuples(st.integers(-300_000, 300_000), st.integers(1, 100_000), st.integers(0, 10**9)),
        min_size=1,
        max_size=6,
    ),
    st.booleans(),
)
def test_pieces_are_the_plan_s_segments_and_add_up(
    case: tuple[Witness, int],
    intervals: list[tuple[int, int, int]],
    at_block: bool,  # noqa: FBT001
) -> None:
    witness, now = case
    now = now // BLOCK * BLOCK if at_block else now
    plan = witness.plan()
    pricer = Pricer(plan)
    for off, length, amount in intervals:
        start, end = now + off, now + off + length
        pieces = pricer.price(start, end, amount)
        assert [(one.start, one.end, one.active) for one in pieces] == [
            (one.start, one.end, one.active) for one in plan.segments(start, end)
        ]
        assert sum(one.amount for one in pieces) == amount
        for one in pieces:
            assert one.amount >= 0
            assert abs(one.amount - Fraction(amount * (one.end - one.start), length)) <= 1
        assert pricer.price(start, end, amount) == pieces
        assert sum(one.amount for one in pricer.price(start, end, amount + 1)) == amount + 1


def test_an_interval_over_months_is_in_one_row_of_pieces() -> None:
    pieces = Pricer(EXAMPLE).price(second("2026-01-01"), second("2026-07-01"), 10**7)
    assert sum(one.amount for one in pieces) == 10**7
    assert all(before.end == after.start and before.active != after.active for before, after in pairwise(pieces))


def test_all_devices_of_an_interval_over_a_change() -> None:
    pricer, change = Pricer(EXAMPLE), second("2026-01-12 19:00")
    before, after = ActivePrice("T1", Decimal("0.20")), ActivePrice("T2", Decimal("0.12"))
    for amount, parts in ((0, (0, 0)), (1, (1, 0)), (600, (300, 300)), (7, (4, 3))):
        assert pricer.price(change - 300, change + 300, amount) == (
            Piece(change - 300, change, parts[0], before),
            Piece(change, change + 300, parts[1], after),
        )


def test_what_was_used_in_no_time() -> None:
    pricer = Pricer(EXAMPLE)
    assert pricer.price(600, 600, 0) == ()
    for start, end, amount in ((600, 600, 1), (600, 0, 0)):
        with pytest.raises(ValueError, match="no time"):
            pricer.price(start, end, amount)
