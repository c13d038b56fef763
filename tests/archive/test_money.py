"""Numbers as text, and costs without rounding."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.archive import CostRow, cost_of
from custom_components.legrand_ews.archive.money import decimal_text, rate_row

from .support import START, rate

decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20)


@given(decimals)
def test_a_number_is_read_as_it_was_written(number: Decimal) -> None:
    assert Decimal(decimal_text(number)) == number


@given(decimals, st.integers(0, 30))
def test_equal_numbers_are_written_alike(number: Decimal, zeros: int) -> None:
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    other = Decimal((sign, (*digits, *[0] * zeros), exponent - zeros))
    assert decimal_text(other) == decimal_text(number)


@pytest.mark.parametrize(
    ("number", "text"), [("0.20", "0.2"), ("-0.00", "0"), ("1E+3", "1000"), ("100", "100"), ("-1.50", "-1.5")]
)
def test_zeros_that_say_nothing_go(number: str, text: str) -> None:
    assert decimal_text(Decimal(number)) == text


@given(st.integers(-(2**63), 2**63), decimals)
def test_costs_are_exact_whatever_the_precision(amount: int, price: Decimal) -> None:
    with localcontext(prec=3):
        cost = cost_of(amount, rate(str(price)))
    assert cost is not None
    assert Fraction(cost) == Fraction(amount) * Fraction(price) / 1000


def test_what_has_no_rate_has_no_cost() -> None:
    assert rate_row(None, "", "", "") is None
    assert cost_of(5, None) is None
    row = CostRow(key=None, quantity="volume", commodity="gas", start=START, rate=rate("0.95"), amount=12_500)
    assert row.cost == Decimal("11.875")
