"""Totals of money against adding up every booking anew."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.billing import CostFigures, CostTotals, Span

from .manual import PARIS, second
from .witness import ZONES, moments

FORMATS = ("%Y", "%Y-%m-%d", "%Y-%m", "%Y")
places = st.sampled_from(ZONES).flatmap(lambda zone: st.tuples(st.just(zone), moments(zone)))
waits = st.sampled_from([0, 600, 3600, 86400, 31 * 86400, 366 * 86400])


@settings(deadline=None)
@given(
    places,
    st.lists(st.tuples(st.sets(st.sampled_from("abc")), st.decimals(-(10**30), 10**9, places=12), waits, waits)),
)
def test_figures_are_those_of_all_bookings(
    place: tuple[tzinfo, int], steps: list[tuple[set[str], Decimal, int, int]]
) -> None:
    zone, now = place
    totals, bookings = CostTotals(zone, now), []
    for keys, cost, wait, late in steps:
        totals.add(sorted(keys), cost, now - late)
        bookings += [(key, Fraction(cost), datetime.fromtimestamp(now - late, zone)) for key in sorted(keys)]
        now += wait
        figures, local = totals.figures(now), datetime.fromtimestamp(now, zone)
        assert set(figures) == totals.keys() == {key for key, _, _ in bookings}
        for key, one in figures.items():
            own = [(cost, at) for name, cost, at in bookings if name == key]
            today, month, year = (
                sum(cost for cost, at in own if at.strftime(form) == local.strftime(form)) for form in FORMATS[1:]
            )
            assert Fraction(one.total) == sum(cost for cost, _ in own)
            assert (Fraction(one.today), Fraction(one.this_month), Fraction(one.this_year)) == (today, month, year)


def figures(*texts: str) -> CostFigures:
    """Return figures."""
    return CostFigures(*(Decimal(one) for one in texts))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-02-01 00:00", figures("9", "9", "9", "9")),
        ("2026-01-31 23:59:59", figures("9", "0", "0", "9")),
        ("2025-12-31 23:59:59", figures("9", "0", "0", "0")),
        ("2019-01-01", figures("9", "0", "0", "0")),
    ],
)
def test_what_comes_late_is_booked_where_it_belongs(at: str, expected: CostFigures) -> None:
    now = second("2026-02-01 00:10")
    totals = CostTotals(zone=PARIS, now=now)
    totals.add(["x"], Decimal(9), at=second(at))
    assert totals.figures(now) == {"x": expected}


def test_the_sum_of_a_month_is_not_of_its_first_day() -> None:
    first = second("2026-02-01")
    totals = CostTotals(PARIS, first)
    totals.add(["x"], Decimal("0.5"), first, (Span.MONTH, Span.YEAR))
    totals.add(["x"], Decimal("0.25"), first, (Span.YEAR,))
    totals.add(["x"], Decimal("0.125"), first, ())
    assert totals.figures(first) == {"x": figures("0.875", "0", "0.5", "0.75")}


def test_a_clock_that_is_set_back_over_midnight_finds_its_day_again() -> None:
    midnight = int(datetime(2026, 1, 2, tzinfo=UTC).timestamp())
    totals = CostTotals(UTC, midnight - 60)
    totals.add(["x"], Decimal(1), midnight - 60)
    assert totals.figures(midnight)["x"].today == 0
    totals.add(["x"], Decimal(2), midnight)
    assert totals.figures(midnight - 30)["x"].today == 1
    assert totals.figures(midnight + 30)["x"].today == 2
