"""Fixed charges."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.billing import Charge, Price

months = st.dates(date(2020, 1, 1), date(2030, 12, 31)).map(lambda day: day.replace(day=1))


def month(first: date) -> list[date]:
    """Return the days of a month."""
    return [first + timedelta(days=number) for number in range(monthrange(first.year, first.month)[1])]


@given(months, st.decimals(-1000, 1000, places=7), st.sampled_from([Decimal(0), Decimal(20)]))
def test_the_days_of_a_month_add_up_to_its_price(first: date, amount: Decimal, tax: Decimal) -> None:
    charge, days = Charge("c", "c", "month", (Price(amount, None, tax),)), month(first)
    price = Fraction(amount) * (100 + Fraction(tax)) / 100
    costs = [Fraction(charge.on(day) or 0) for day in days]
    assert sum(costs) == price
    assert all(abs(cost - price / len(days)) <= Fraction(2, 10**6) for cost in costs)


def test_a_day_costs_its_price_with_tax() -> None:
    charge = Charge("c", "c", "day", (Price(Decimal("0.50"), None, Decimal(10)), Price(Decimal(1), date(2026, 3, 1))))
    assert [charge.on(date(2026, 2, 28)), charge.on(date(2026, 3, 1))] == [Decimal("0.55"), 1]


def test_a_new_price_in_the_middle_of_a_month_is_laid_over_the_days_it_has() -> None:
    first, middle = date(2026, 4, 1), date(2026, 4, 16)
    charge = Charge("c", "c", "month", (Price(Decimal(30), first), Price(Decimal(60), middle)))
    assert charge.on(date(2026, 3, 31)) is None
    assert [charge.on(day) for day in month(first)] == [1] * 15 + [2] * 15


def test_two_prices_on_one_day_are_refused() -> None:
    with pytest.raises(ValueError, match="same day"):
        Charge("c", "c", "day", (Price(Decimal(1)), Price(Decimal(2))))
