"""How costs add up in CSV files, and how they are written."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.archive import CsvStyle
from custom_components.legrand_ews.archive.csv_costs import cost_text, plus, spent
from custom_components.legrand_ews.archive.rows import RateRow

POINT = CsvStyle(decimal=".", separator=",")
costs = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15)


@pytest.mark.parametrize(
    ("cost", "text"),
    [
        (None, ""),
        ("0", "0"),
        ("0.000", "0"),
        ("100", "100"),
        ("1E+2", "100"),
        ("12.50", "12.5"),
        ("-0.10", "-0.1"),
        ("1E-9", "0.000000001"),
        ("0.1234567890123456789012345678901", "0.1234567890123456789012345678901"),
    ],
)
def test_digits(cost: str | None, text: str) -> None:
    assert cost_text(None if cost is None else Decimal(cost), POINT) == text
    assert cost_text(None if cost is None else Decimal(cost), CsvStyle()) == text.replace(".", ",")


@given(costs)
def test_what_is_written_is_the_cost(cost: Decimal) -> None:
    assert Fraction(cost_text(plus(None, cost), POINT)) == Fraction(cost)


@given(st.lists(costs))
def test_sums_are_exact(given_costs: list[Decimal]) -> None:
    total = None
    for cost in given_costs:
        total = plus(total, cost)
    assert Fraction(total or 0) == sum(map(Fraction, given_costs))


def test_only_what_has_a_price_costs_something() -> None:
    rate = RateRow(tariff="day", name="Day", price=Decimal("0.2"), currency="EUR")
    assert list(spent([(rate, 500), (None, 500), (rate, 0)])) == [("EUR", Decimal("0.1")), ("EUR", Decimal(0))]
