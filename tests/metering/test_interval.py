"""What is handed out between two boundaries: held against exact fractions, with every fault that a site knows."""

from __future__ import annotations

import json
import tracemalloc
from bisect import bisect_left, bisect_right
from collections import deque
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, islice, pairwise
from math import floor, inf, nan
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.metering import IndexTracker, Interval, IntervalMaker, Reading, ReadingKind
from custom_components.legrand_ews.metering.grid import Grid
from custom_components.legrand_ews.metering.interval import LONGEST_GAP

from .wall import PERIODS, ZONES, is_boundary, moments

if TYPE_CHECKING:
    from datetime import tzinfo

type Sample = tuple[float, Decimal]

UTC = ZoneInfo("UTC")
NOON = 1_767_268_800
"""A time that is a boundary of every period."""
MODULUS = 10**7
RATE = 20
CALM = 40
"""Polls that confirm anything."""

places = st.sampled_from(ZONES).flatmap(lambda zone: st.tuples(st.just(zone), moments(zone)))
periods = st.sampled_from(PERIODS)


def new_maker(period: int = 600, zone: tzinfo = UTC, state: Any = None) -> IntervalMaker:
    """Return a maker."""
    return IntervalMaker(period=period, zone=zone, state=state)


def written(maker: IntervalMaker) -> Any:
    """Return a snapshot as it comes back from a file."""
    return json.loads(json.dumps(maker.snapshot(), allow_nan=False))


def feed(maker: IntervalMaker, samples: list[tuple[float, float]]) -> list[tuple[int, int, int, bool]]:
    """Update with every sample, times from noon on, and return all intervals as plain tuples."""
    return [
        (one.start - NOON, one.end - NOON, one.amount, one.estimated)
        for at, total in samples
        for one in maker.update(NOON + at, Decimal(str(total)))
    ]


def check_chain(intervals: list[Interval]) -> None:
    """Hold intervals against what is true of all."""
    assert all(one.amount >= 0 for one in intervals)
    assert all(one.end == two.start for one, two in pairwise(intervals))


def check_aligned(intervals: list[Interval], period: int, zone: tzinfo) -> None:
    """Hold intervals against the wall clock."""
    for one in intervals:
        assert is_boundary(one.start, period, zone)
        assert is_boundary(one.end, period, zone)
        assert 0 < one.end - one.start <= period


def level(samples: list[Sample], second: int) -> int:
    """Return the cut total at a time, from the two readings around it."""
    place = bisect_left([at for at, _ in samples], second)
    if place == 0 or samples[place][0] == second:
        return floor(samples[place][1])
    (begin, low), (end, high) = samples[place - 1], samples[place]
    share = (second - Fraction(begin)) / (Fraction(end) - Fraction(begin))
    return floor(Fraction(low) + (Fraction(high) - Fraction(low)) * share)


@st.composite
def histories(draw: st.DrawFn, start: float, period: int) -> list[Sample]:
    """Draw readings as they come, with missed ones and gaps of many periods, some of them right at boundaries."""
    waits = draw(
        st.lists(st.sampled_from([period]) | st.floats(0.1, 2 * period) | st.integers(1, 90 * period), max_size=12)
    )
    used = draw(
        st.lists(
            st.integers(0, 10**6).map(Decimal) | st.decimals(0, 1000, places=3),
            min_size=len(waits) + 1,
            max_size=len(waits) + 1,
        )
    )
    return list(zip(accumulate(waits, initial=start), accumulate(used), strict=True))


@settings(deadline=None)
@given(st.data(), places, periods)
def test_every_interval_is_the_difference_of_the_cut_totals_at_its_ends(
    data: st.DataObject, place: tuple[tzinfo, int], period: int
) -> None:
    zone, start = place
    samples = data.draw(histories(start, period))
    restarts = data.draw(st.sets(st.integers(0, len(samples))))
    told = data.draw(st.sets(st.integers(1, len(samples))))
    maker = new_maker(period, zone)
    intervals: list[Interval] = []
    for number, (at, total) in enumerate(samples):
        intervals += maker.update(at, total, estimated=number in told)
        if number in restarts:
            maker = new_maker(period, zone, written(maker))
    check_chain(intervals)
    check_aligned(intervals, period, zone)
    grid = Grid(period=period, zone=zone)
    assert [one.start for one in intervals[:1]] == [grid.before(start) for _ in intervals[:1]]
    assert (intervals[-1].end if intervals else grid.before(start)) == grid.before(samples[-1][0])
    for one in intervals:
        assert one.amount == level(samples, one.end) - level(samples, one.start)
        seen = any(one.start < at <= one.end for at, _ in samples)
        touched = any(
            number in told and before < one.end and one.start < at
            for number, ((before, _), (at, _)) in enumerate(pairwise(samples), start=1)
        )
        assert one.estimated == (not seen or touched)


FAULTS = ["none", "none", "zero", "high", "missed", "gap", "reset", "replaced", "frozen", "back", "ahead", "restart"]


@st.composite
def disturbed(draw: st.DrawFn, start: int, *, clock: bool) -> list[tuple[str, float, int]]:
    """Draw what is read from a meter near its modulus, as (fault, time, index); ends with a row without faults."""
    faults = FAULTS if clock else [one for one in FAULTS if one not in ("frozen", "back", "ahead")]
    index, at, seen = draw(st.integers(MODULUS - 10**5, MODULUS - 1)), float(start), []
    drawn = draw(st.lists(st.tuples(st.sampled_from(faults), st.integers(1, 900), st.integers(0, 5)), max_size=20))
    for fault, seconds, rate in drawn + [("none", 70, 2)] * CALM:
        step = {"gap": 20 * seconds, "frozen": 0, "back": -30 * seconds, "ahead": 30 * seconds}.get(fault, seconds)
        at += step
        index = {"reset": 0, "replaced": (index + 10**6) % MODULUS}.get(fault, index + rate * seconds) % MODULUS
        wrong = {"zero": 0, "high": (index + 10**6) % MODULUS}.get(fault)
        if fault != "missed":
            seen.append((fault, at, index if wrong is None else wrong))
    return seen


def new_tracker(state: Any = None) -> IndexTracker:
    """Return a tracker."""
    return IndexTracker(modulus=Decimal(MODULUS), resolution=Decimal(1), max_rate=Decimal(RATE), state=state)


def run(
    seen: list[tuple[str, float, int]], period: int, zone: tzinfo
) -> tuple[list[Interval], list[Reading], list[int]]:
    """Track and follow every index; return intervals, readings, and what was handed out by each of them."""
    tracker, maker, intervals, readings, handed = new_tracker(), new_maker(period, zone), [], [], []
    for fault, at, index in seen:
        if fault == "restart":
            tracker, maker = new_tracker(tracker.snapshot()), new_maker(period, zone, written(maker))
        readings.append(tracker.update(at, Decimal(index)))
        closed = list(maker.follow(readings[-1]))
        intervals += closed
        handed.append(sum(one.amount for one in closed))
    # The clock may still be behind, or the total ahead: a last reading at a boundary beyond all brings it to light.
    end = Grid(period=period, zone=zone).after(max(at for _, at, _ in seen) + 3600)
    readings.append(replace(tracker.update(end, Decimal(seen[-1][2])), kind=ReadingKind.NORMAL))
    intervals += maker.follow(readings[-1])
    return intervals, readings, handed


@settings(deadline=None)
@given(st.data(), places, periods)
def test_no_fault_of_meter_or_clock_loses_or_repeats_anything(
    data: st.DataObject, place: tuple[tzinfo, int], period: int
) -> None:
    zone, start = place
    intervals, readings, handed = run(data.draw(disturbed(start, clock=True)), period, zone)
    check_chain(intervals)
    check_aligned(intervals, period, zone)
    first = floor(readings[0].total)
    for reading, given_out in zip(readings, accumulate(handed), strict=False):
        assert given_out <= floor(reading.total) - first
    assert sum(one.amount for one in intervals) == floor(readings[-1].total) - first


@settings(deadline=None)
@given(st.data(), places, periods)
def test_with_a_true_clock_a_window_has_what_the_believed_readings_say(
    data: st.DataObject, place: tuple[tzinfo, int], period: int
) -> None:
    zone, start = place
    intervals, readings, _ = run(data.draw(disturbed(start, clock=False)), period, zone)
    believed: list[Sample] = []
    for reading in readings:
        if reading.kind is not ReadingKind.HELD:
            before = (reading.previous_at, reading.total - reading.delta)
            believed += [before] if believed and before[0] > believed[-1][0] else []
            believed.append((reading.at, reading.total))
    check_chain(intervals)
    assert intervals[0].start <= readings[0].at < intervals[0].end
    assert list(accumulate(one.amount for one in intervals)) == [
        level(believed, one.end) - floor(readings[0].total) for one in intervals
    ]
    times = [at for at, _ in believed]
    for one in intervals:
        assert one.estimated or bisect_right(times, one.start) < bisect_right(times, one.end)


@settings(deadline=None)
@given(st.data(), places, periods)
def test_a_restart_at_any_point_changes_nothing(data: st.DataObject, place: tuple[tzinfo, int], period: int) -> None:
    zone, start = place
    steady, restarted = new_maker(period, zone), new_maker(period, zone)
    tracker = new_tracker()
    for fault, at, index in data.draw(disturbed(start, clock=True)):
        reading = tracker.update(at, Decimal(index))
        assert list(steady.follow(reading)) == list(restarted.follow(reading))
        if fault != "none":
            restarted = new_maker(period, zone, written(restarted))
        assert restarted.snapshot() == steady.snapshot()


@settings(deadline=None)
@given(st.data(), places, st.lists(st.tuples(periods, st.sampled_from(ZONES)), min_size=2, max_size=4))
def test_another_period_or_zone_loses_nothing(
    data: st.DataObject, place: tuple[tzinfo, int], in_turn: list[tuple[int, tzinfo]]
) -> None:
    start, state, intervals = float(place[1]), None, []
    first = total = Decimal(data.draw(st.decimals(0, 1000, places=2)))
    for period, zone in in_turn:
        maker = new_maker(period, zone, state)
        closed: list[Interval] = []
        for _ in range(data.draw(st.integers(1, 4))):
            closed += maker.update(start, total)
            start, total = start + data.draw(st.floats(1, 3 * period)), total + data.draw(st.integers(0, 999))
        check_aligned(closed[1:], period, zone)
        assert all(is_boundary(one.end, period, zone) for one in closed)
        assert all(one.end - one.start <= 2 * 3600 for one in closed[:1])
        intervals += closed
        state = written(maker)
    end = Grid(period=period, zone=zone).after(start)
    intervals += new_maker(period, zone, state).update(end, total)
    check_chain(intervals)
    assert sum(one.amount for one in intervals) == floor(total) - floor(first)


@settings(deadline=None)
@given(st.data(), places, periods)
def test_a_power_cut_between_snapshots_loses_and_repeats_nothing(
    data: st.DataObject, place: tuple[tzinfo, int], period: int
) -> None:
    zone, start = place
    samples = data.draw(histories(start, period))
    kept = data.draw(st.integers(0, len(samples) - 1))
    cut = data.draw(st.integers(kept, len(samples) - 1))
    maker = new_maker(period, zone)
    stored: list[Interval] = []
    for number, (at, total) in enumerate(samples[: cut + 1]):
        stored += maker.update(at, total)
        if number == kept:
            state, begin = written(maker), len(stored)
    maker = new_maker(period, zone, state)
    maker.resume(end=stored[-1].end if stored else 0, amount=sum(one.amount for one in stored[begin:]))
    end = Grid(period=period, zone=zone).after(samples[-1][0])
    for at, total in [*samples[cut + 1 :], (float(end), samples[-1][1])]:
        stored += maker.update(at, total)
    check_chain(stored)
    check_aligned(stored, period, zone)
    assert sum(one.amount for one in stored) == floor(samples[-1][1]) - floor(samples[0][1])


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        pytest.param([(0, 100), (599, 105)], [], id="open"),
        pytest.param([(0, 100), (600, 106)], [(0, 600, 6, False)], id="read at the boundary"),
        pytest.param([(590, 100), (610, 110)], [(0, 600, 5, False)], id="boundary between two polls"),
        pytest.param([(300, 100.5), (900, 101.5)], [(0, 600, 1, False)], id="fractions add up"),
        pytest.param(
            [(540, 0), (1860, 22)], [(0, 600, 1, False), (600, 1200, 10, True), (1200, 1800, 10, True)], id="gap"
        ),
        pytest.param(
            [(500, 0), (400, 5), (700, 11)], [(0, 600, 9, False)], id="set back within the interval goes on in it"
        ),
        pytest.param(
            [(700, 0), (650, 5), (100, 9), (800, 9), (1200, 10)], [(600, 1200, 10, True)], id="set back further"
        ),
        pytest.param([(605, 0), (598, 5), (1200, 10)], [(600, 1200, 10, False)], id="corrected by seconds"),
        pytest.param(
            [(700, 0), (-9000, 99), (2400, 170)],
            [(600, 1200, 50, True), (1200, 1800, 60, True), (1800, 2400, 60, False)],
            id="a clock that starts behind hides no gap",
        ),
        pytest.param([(700, 5), (nan, 7), (inf, 8), (-inf, 9), (1200, 10)], [(600, 1200, 5, False)], id="no time"),
        pytest.param([(700, 50), (900, 40), (1200, 60)], [(600, 1200, 10, False)], id="below waits"),
        pytest.param(
            [(700, 50), (LONGEST_GAP + 1200, 99), (LONGEST_GAP + 1800, 100)],
            [(600, 1200, 0, False), (LONGEST_GAP + 1200, LONGEST_GAP + 1800, 50, True)],
            id="too long a gap is not spread",
        ),
    ],
)
def test_decisions(samples: list[tuple[float, float]], expected: list[tuple[int, int, int, bool]]) -> None:
    assert feed(new_maker(), samples) == expected


def test_an_interval_that_the_caller_estimated_says_so_and_the_next_one_does_not() -> None:
    maker = new_maker()
    maker.update(NOON, Decimal(0))
    assert [one.estimated for one in maker.update(NOON + 600, Decimal(6), estimated=True)] == [True]
    assert [one.estimated for one in maker.update(NOON + 1200, Decimal(12))] == [False]


def test_a_time_that_is_none_and_a_total_that_is_none() -> None:
    maker = new_maker()
    assert not maker.update(nan, Decimal(5))
    assert maker.start is None
    with pytest.raises(ValueError, match="finite"):
        maker.update(NOON, Decimal("NaN"))


def test_held_readings_are_no_readings_and_a_delta_goes_where_it_was_counted() -> None:
    tracker, maker = IndexTracker(modulus=None, max_rate=Decimal(RATE)), new_maker()
    closed: list[Interval] = []
    for at, index in ((0, 50000), (100, 700000), (1300, 700003), (1400, 700005), (1800, 700005)):
        closed += maker.follow(tracker.update(NOON + at, Decimal(index)))
    assert [(one.amount, one.estimated) for one in closed] == [(1, True), (3, True), (1, False)]


def test_a_tracker_that_began_afresh_is_followed_without_a_jump() -> None:
    maker = new_maker()
    feed(maker, [(0, 5000), (500, 5007)])
    first = Reading(total=Decimal(90), delta=Decimal(0), kind=ReadingKind.FIRST, at=NOON + 900, previous_at=NOON + 900)
    assert [one.amount for one in maker.follow(first)] == [7]
    assert feed(maker, [(1200, 93)]) == [(600, 1200, 3, False)]


def test_resuming_behind_what_is_open_changes_nothing() -> None:
    maker = new_maker()
    maker.resume(end=NOON, amount=5)
    assert maker.start is None
    maker.update(NOON + 700, Decimal(5))
    before = maker.snapshot()
    maker.resume(end=NOON + 600, amount=5)
    assert maker.snapshot() == before


def test_weeks_at_once_need_no_list_and_can_be_read_twice() -> None:
    maker, weeks, total = new_maker(60, ZoneInfo("Europe/Paris")), 4, 123_456
    maker.update(NOON + 1, Decimal(0))
    closed = maker.update(NOON + weeks * 604800, Decimal(total))
    assert closed
    tracemalloc.start()
    try:
        deque(islice(closed, 2000), maxlen=0)
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()
    maker.update(NOON + weeks * 604800 + 600, Decimal(total + 5))
    amounts = [one.amount for one in closed]
    assert len(amounts) == weeks * 10080
    assert sum(amounts) == total == sum(one.amount for one in closed)
    assert max(amounts[1:]) - min(amounts[1:]) <= 1
