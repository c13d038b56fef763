"""Arithmetic that never rounds."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.billing.exact import EXACT, cut, plain

numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**40), max_value=10**40)


@given(numbers, numbers)
def test_sums_and_products_are_those_of_fractions(one: Decimal, other: Decimal) -> None:
    assert Fraction(EXACT.add(one, other)) == Fraction(one) + Fraction(other)
    assert Fraction(EXACT.multiply(one, other)) == Fraction(one) * Fraction(other)


@given(numbers)
def test_a_plain_number_is_the_same_one_and_written_in_one_way(number: Decimal) -> None:
    assert plain(number) == number
    assert str(plain(EXACT.multiply(number, Decimal("1.000")))) == str(plain(number))


@pytest.mark.parametrize(
    ("number", "text"), [("0.20", "0.2"), ("1E+2", "100"), ("-0.00", "0"), ("12.5", "12.5"), ("-3.0", "-3")]
)
def test_a_plain_number_is_short(number: str, text: str) -> None:
    assert str(plain(Decimal(number))) == text


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**9), min_size=1).filter(any))
def test_pieces_add_up_and_none_is_a_unit_off(amount: int, parts: list[int]) -> None:
    whole = sum(parts)
    edges = [sum(parts[:number]) for number in range(len(parts) + 1)]
    pieces = [cut(amount, after, whole) - cut(amount, before, whole) for before, after in pairwise(edges)]
    assert sum(pieces) == amount
    for piece, part in zip(pieces, parts, strict=True):
        assert abs(piece - Fraction(amount) * part / whole) <= 1
        assert piece * amount >= 0
