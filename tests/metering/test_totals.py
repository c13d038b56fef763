"""Totals and the sums of days, months and years, held against adding up every booking anew."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from datetime import datetime, tzinfo
from decimal import Decimal
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.metering import (
    GAS_EQUIVALENT,
    OVERALL,
    UNIT,
    Span,
    Totals,
    group_key,
    load_key,
    scopes,
)

from .wall import ZONES, moments

PARIS = ZoneInfo("Europe/Paris")
type Booking = tuple[dict[str, int], int, float]
"""Keys, amount and time."""

FORMATS = {Span.DAY: "%Y-%m-%d", Span.MONTH: "%Y-%m", Span.YEAR: "%Y"}

setups = st.fixed_dictionaries(
    {
        "commodity": st.sampled_from(["electricity", "gas", "water"]),
        "load": st.sampled_from([None, "heating", "sockets"]),
        "groups": st.sets(st.sampled_from(["a", "b", "c"])).map(sorted),
        "counted": st.booleans(),
        "gas_factor": st.none() | st.decimals(0, 13, places=4),
    }
)
places = st.sampled_from(ZONES).flatmap(lambda zone: st.tuples(st.just(zone), moments(zone)))


def local(text: str) -> float:
    """Return the time of a wall clock in Paris."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).timestamp()


def begin(at: float, zone: tzinfo, span: Span) -> float:
    """Return the first instant of the local day or month of a time."""
    when = datetime.fromtimestamp(at, zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return when.replace(day=when.day if span is Span.DAY else 1).timestamp()


def replayed(bookings: list[Booking], zone: tzinfo, now: float, since: float) -> Totals:
    """Return totals as they come back after a restart: by month before a month, by day from it on."""
    sums = Counter[tuple[tuple[tuple[str, int], ...], float, Span]]()
    for keys, amount, at in bookings:
        span = Span.MONTH if at < since else Span.DAY
        sums[tuple(keys.items()), begin(at, zone, span), span] += amount
    totals = Totals(zone=zone, now=now)
    for (keys, at, span), amount in sums.items():
        totals.add(dict(keys), amount, at=at, spans=tuple(Span)[span:])
    return totals


def previous(span: Span, now: float, zone: tzinfo) -> str:
    """Return the name of the day, month or year before that of a time."""
    when = datetime.fromtimestamp(now, zone).replace(tzinfo=None)
    first = {Span.DAY: when, Span.MONTH: when.replace(day=1), Span.YEAR: when.replace(month=1, day=1)}[span]
    return datetime.fromordinal(first.toordinal() - 1).strftime(FORMATS[span])


@settings(deadline=None)
@given(
    places,
    st.lists(
        st.tuples(
            setups,
            st.integers(0, 10**7),
            st.sampled_from([0, 600, 3600, 86400, 40 * 86400, 400 * 86400]),
            st.sampled_from([0, 600, 86400, 20 * 86400, 300 * 86400]),
            st.booleans(),
        ),
        max_size=15,
    ),
)
def test_totals_and_sums_are_those_of_all_bookings(
    place: tuple[tzinfo, int], steps: list[tuple[dict[str, Any], int, int, int, bool]]
) -> None:
    zone, now = place
    totals = Totals(zone=zone, now=now)
    bookings: list[Booking] = []
    for setup, amount, wait, late, restart in steps:
        now += wait
        totals.roll(now)
        before = {key: totals.value(key) for key in sorted(totals.keys())}
        keys = scopes(**setup)
        totals.add(keys, amount, at=now - late)
        bookings.append((keys, amount, now - late))
        for key, value in before.items():
            assert value <= totals.value(key) <= value + -(-amount * keys.get(key, 0) // UNIT)
        if restart:
            # Yesterday may be of the month before.
            totals = replayed(bookings, zone, now, begin(begin(now, zone, Span.DAY) - 7200, zone, Span.MONTH))
    booked = [(key, amount * weight, at) for keys, amount, at in bookings for key, weight in keys.items()]
    assert totals.keys() == {key for key, _, _ in booked}
    for key in sorted(totals.keys()):
        exact = sum(amount for one, amount, _ in booked if one == key)
        assert (totals.exact(key), totals.value(key)) == (exact, exact // UNIT)
        for span, name in FORMATS.items():
            for back, wanted in enumerate(
                (datetime.fromtimestamp(now, zone).strftime(name), previous(span, now, zone))
            ):
                expected = sum(
                    amount
                    for one, amount, at in booked
                    if one == key and datetime.fromtimestamp(at, zone).strftime(name) == wanted
                )
                assert totals.exact_sum(key, span, back=back) == expected
                assert totals.sum(key, span, back=back) == expected // UNIT


def test_the_sum_of_a_month_is_not_of_its_first_day() -> None:
    totals = Totals(zone=PARIS, now=local("2026-11-01 12:00"))
    totals.add({"water": UNIT}, 9, at=local("2026-11-01 00:00"), spans=(Span.MONTH, Span.YEAR))
    totals.add({"water": UNIT}, 5, at=local("2026-11-01 00:00"))
    assert [totals.sum("water", span) for span in Span] == [5, 14, 14]


@pytest.mark.parametrize(
    ("setup", "keys"),
    [
        pytest.param({"commodity": "electricity"}, {"electricity": 1, OVERALL: 1}, id="electricity"),
        pytest.param({"commodity": "water", "gas_factor": Decimal(11)}, {"water": 1}, id="water is no energy"),
        pytest.param({"commodity": "gas"}, {"gas": 1}, id="gas without a factor"),
        pytest.param(
            {"commodity": "gas", "gas_factor": Decimal("10.55")},
            {"gas": 1, GAS_EQUIVALENT: 10.55, OVERALL: 10.55},
            id="gas with a factor",
        ),
        pytest.param(
            {"commodity": "water", "load": "garden", "groups": ("a", "b")},
            {"water": 1, load_key("garden", "water"): 1, group_key("a", "water"): 1, group_key("b", "water"): 1},
            id="load and groups",
        ),
        pytest.param(
            {"commodity": "electricity", "load": "garden", "groups": "a", "counted": False}, {}, id="excluded"
        ),
    ],
)
def test_what_a_consumption_counts_for(setup: dict[str, Any], keys: dict[str, float]) -> None:
    assert {key: weight / UNIT for key, weight in scopes(**setup).items()} == keys


def test_a_moved_excluded_or_deleted_device_makes_no_jump() -> None:
    totals, now = Totals(zone=PARIS, now=local("2026-11-22 12:00")), local("2026-11-22 12:00")
    a, b = group_key("a", "electricity"), group_key("b", "electricity")
    history = []
    for groups, counted in ((("a",), True), (("b",), True), (("b",), False), ((), True)):
        totals.add(scopes("electricity", groups=groups, counted=counted), 10, at=now)
        history.append((totals.value(a), totals.value(b), totals.value("electricity")))
    assert history == [(10, 0, 10), (10, 10, 20), (10, 10, 20), (10, 10, 30)]


@given(st.lists(st.integers(0, 5), min_size=1, max_size=200), st.decimals(0, 13, places=4))
def test_cutting_the_gas_equivalent_loses_nothing_on_the_way(amounts: list[int], factor: Decimal) -> None:
    totals = Totals(zone=PARIS, now=0.0)
    for amount, total in zip(amounts, accumulate(amounts), strict=True):
        totals.add(scopes("gas", gas_factor=factor), amount, at=0.0)
        assert totals.value(GAS_EQUIVALENT) == int(total * factor)


@pytest.mark.parametrize(
    ("at", "sums"),
    [
        ("2025-12-31 23:59:59", [0, 9, 0, 9, 0, 9]),
        ("2026-01-01 00:00:00", [9, 0, 9, 0, 9, 0]),
        ("2025-12-30 12:00:00", [0, 0, 0, 9, 0, 9]),
        ("2025-11-30 12:00:00", [0, 0, 0, 0, 0, 9]),
        ("2024-12-31 23:59:59", [0, 0, 0, 0, 0, 0]),
    ],
)
def test_a_late_amount_is_booked_to_its_own_time(at: str, sums: list[int]) -> None:
    totals = Totals(zone=PARIS, now=local("2026-01-01 00:10"))
    totals.add({"water": UNIT}, 9, at=local(at))
    assert [totals.sum("water", span, back=back) for span in Span for back in (0, 1)] == sums
    assert totals.value("water") == 9


def test_sums_roll_at_the_local_boundary_and_totals_do_not() -> None:
    totals = Totals(zone=PARIS, now=local("2026-10-25 00:00"))
    totals.add({"water": UNIT}, 9, at=local("2026-10-25 23:50"))
    assert not totals.roll(local("2026-10-25 23:59:59"))
    assert totals.sum("water", Span.DAY) == 9
    assert totals.roll(local("2026-10-26 00:00"))
    assert (totals.sum("water", Span.DAY), totals.sum("water", Span.DAY, back=1)) == (0, 9)
    assert totals.roll(local("2026-10-27 00:00"))
    assert totals.sum("water", Span.DAY, back=1) == 0
    assert (totals.sum("water", Span.MONTH), totals.value("water")) == (9, 9)


def test_what_is_kept_does_not_grow_with_the_years() -> None:
    totals = Totals(zone=PARIS, now=0.0)
    totals.add({"water": UNIT}, 1, at=0.0)
    tracemalloc.start()
    try:
        for day in range(3000):
            totals.roll(86400.0 * day)
            totals.add({"water": UNIT}, 1, at=86400.0 * day)
        assert tracemalloc.get_traced_memory()[0] < 10_000
    finally:
        tracemalloc.stop()


def test_a_forgotten_total_starts_again_at_zero() -> None:
    totals = Totals(zone=PARIS, now=0.0)
    totals.add({"water": UNIT, "gas": UNIT}, 9, at=0.0)
    totals.forget("water")
    totals.forget("never booked")
    assert (totals.value("water"), totals.sum("water", Span.DAY), totals.value("gas")) == (0, 0, 9)


def test_negative_figures_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        Totals(zone=PARIS, now=0.0).add({"water": UNIT}, -1, at=0.0)
    with pytest.raises(ValueError, match="negative"):
        scopes("gas", gas_factor=Decimal(-1))
