"""Prices and tariffs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.billing import Price, Tariff

JANUARY, JUNE = date(2026, 1, 1), date(2026, 6, 1)


@pytest.mark.parametrize(
    ("amount", "tax", "gross"),
    [("0.20", "0", "0.2"), ("0.20", "20", "0.24"), ("-0.10", "5.5", "-0.1055"), ("100", "25", "125"), ("0", "20", "0")],
)
def test_the_tax_is_added_exactly(amount: str, tax: str, gross: str) -> None:
    assert str(Price(Decimal(amount), None, Decimal(tax)).gross) == gross


@given(st.permutations([None, JANUARY, JUNE]))
def test_the_latest_price_that_has_begun_holds_whatever_the_order(dates: list[date | None]) -> None:
    tariff = Tariff("T", "T", tuple(Price(Decimal(one.month if one else 0), one) for one in dates))
    days = date(2025, 12, 31), JANUARY, date(2026, 5, 31), JUNE, date.max
    found = [tariff.price_on(day) for day in days]
    assert [one and one.amount for one in found] == [0, 1, 1, 6, 6]


def test_there_is_no_price_before_the_first_one() -> None:
    assert Tariff("T", "T", (Price(Decimal(1), JANUARY),)).price_on(date(2025, 12, 31)) is None
    assert Tariff("T", "T", ()).price_on(JANUARY) is None


@pytest.mark.parametrize(
    "dates",
    [
        pytest.param([date(year, 1, 1) for year in range(2020, 2026)], id="six"),
        pytest.param([JUNE, JANUARY, JUNE], id="two on one day"),
        pytest.param([None, None], id="two from ever"),
    ],
)
def test_prices_of_which_none_can_be_chosen(dates: list[date | None]) -> None:
    with pytest.raises(ValueError, match="prices"):
        Tariff("T", "T", tuple(Price(Decimal(1), one) for one in dates))


@pytest.mark.parametrize(("amount", "tax"), [("NaN", "0"), ("Infinity", "0"), ("1", "NaN")])
def test_a_price_is_a_number(amount: str, tax: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        Price(Decimal(amount), None, Decimal(tax))
