"""What is handed out between two boundaries: held against exact fractions, with every fault that a site knows."""

from __future__ import annotations

import tracemalloc
from collections import deque
from dataclasses import replace
from decimal import Decimal
from itertools import accumulate, islice, pairwise
from math import floor, inf, nan
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.metering import IndexTracker, Interval, IntervalMaker, Mark, Reading, ReadingKind
from custom_components.legrand_ews.metering.grid import Grid
from custom_components.legrand_ews.metering.interval import LONGEST_GAP

from .wall import PERIODS, ZONES, is_boundary, moments
from .witness import Witness

if TYPE_CHECKING:
    from collections.abc import Container
    from datetime import tzinfo

UTC = ZoneInfo("UTC")
NOON = 1_767_268_800
"""A time that is a boundary of every period."""
MODULUS = 10**7
RATE = 20
CALM = 40
"""Polls that confirm anything."""
DAY = 86400

places = st.sampled_from(ZONES).flatmap(lambda zone: st.tuples(st.just(zone), moments(zone)))
periods = st.sampled_from(PERIODS)


def new_maker(period: int = 600, zone: tzinfo = UTC, mark: Mark | None = None) -> IntervalMaker:
    """Return a maker."""
    return IntervalMaker(period=period, zone=zone, mark=mark)


def last_mark(intervals: list[Interval]) -> Mark | None:
    """Return what an archive knows of intervals that it keeps."""
    return Mark(end=intervals[-1].end, level=intervals[-1].level) if intervals else None


def feed(maker: IntervalMaker, samples: list[tuple[float, float]]) -> list[tuple[int, int, int, bool]]:
    """Update with every sample, times from noon on, and return all intervals as plain tuples."""
    return [
        (one.start - NOON, one.end - NOON, one.amount, one.estimated)
        for at, total in samples
        for one in maker.update(NOON + at, Decimal(str(total)))
    ]


def check_chain(intervals: list[Interval]) -> None:
    """Hold intervals against what is true of all that follow each other, as long as no tracker began anew."""
    assert all(one.amount >= 0 for one in intervals)
    for one, two in pairwise(intervals):
        assert one.end == two.start
        assert two.amount == two.level - one.level


def check_aligned(intervals: list[Interval], period: int, zone: tzinfo, cuts: Container[int] = ()) -> None:
    """Hold intervals against the wall clock; ``cuts`` are the ends of those that were split."""
    grid = Grid(period=period, zone=zone)
    for one in intervals:
        assert one.start in cuts or is_boundary(one.start, period, zone)
        assert one.end in cuts or is_boundary(one.end, period, zone)
        assert one.start < one.end <= grid.after(one.start) <= one.start + period


@st.composite
def histories(draw: st.DrawFn, start: float, period: int) -> list[tuple[float, Decimal]]:
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
    numbers = st.sets(st.integers(0, len(samples) - 1))
    restarts, splits, told = data.draw(numbers), data.draw(numbers), data.draw(numbers)
    maker, witness = new_maker(period, zone), Witness()
    intervals: list[Interval] = []
    for number, (at, total) in enumerate(samples):
        if number in restarts:
            mark = last_mark(intervals)
            maker, witness = new_maker(period, zone, mark), Witness(mark, witness.cuts)
        estimated = number in told and bool(witness.samples)
        witness.read(at, total, told=estimated)
        closed = list(maker.update(at, total, estimated=estimated))
        if number in splits:
            closed += (pieces := list(maker.split()))
            witness.cut(pieces)
        for one in closed:
            witness.check(one)
        intervals += closed
    check_chain(intervals)
    check_aligned(intervals, period, zone, witness.cuts)
    last = Grid(period=period, zone=zone).before(samples[-1][0])
    assert maker.start == max([last, *witness.cuts])
    assert [one.end for one in intervals[-1:]] in ([], [maker.start])
    newest, total = witness.samples[-1]
    assert maker.at == (newest if witness.reads else None)
    assert maker.open_amount == floor(total) - witness.level(maker.start)


FAULTS = (
    *("none", "none", "zero", "high", "missed", "gap", "reset", "replaced", "restart", "split"),
    *("frozen", "back", "ahead"),
)
CLOCK_FAULTS = 3


@st.composite
def disturbed(draw: st.DrawFn, start: int, *, clock: bool) -> list[tuple[str, float, int]]:
    """Draw what is read from a meter near its modulus, as (fault, time, index); ends with a row without faults."""
    faults = FAULTS if clock else FAULTS[:-CLOCK_FAULTS]
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


class Site:
    """A meter that is tracked and followed; starts again from what is kept: the tracker's state and the last mark."""

    def __init__(self, period: int, zone: tzinfo) -> None:
        """Keep nothing yet."""
        self._period, self._zone = period, zone
        self._tracker = self._new_tracker()
        self.intervals: list[Interval] = []
        self.cuts: set[int] = set()
        self.restart()

    def _new_tracker(self) -> IndexTracker:
        """Return a tracker that goes on from the one before."""
        state = self._tracker.snapshot() if hasattr(self, "_tracker") else None
        return IndexTracker(modulus=Decimal(MODULUS), resolution=Decimal(1), max_rate=Decimal(RATE), state=state)

    def restart(self) -> Mark | None:
        """Begin again, and return from where."""
        self._tracker, mark = self._new_tracker(), last_mark(self.intervals)
        self.maker = new_maker(self._period, self._zone, mark)
        return mark

    def split(self) -> list[Interval]:
        """Move the device."""
        pieces = list(self.maker.split())
        self.cuts.update(one.end for one in pieces)
        self.intervals += pieces
        return pieces

    def read(self, at: float, index: int) -> Reading:
        """Return what the tracker makes of an index."""
        return self._tracker.update(at, Decimal(index))

    def follow(self, reading: Reading) -> list[Interval]:
        """Return what the maker makes of a reading."""
        closed = list(self.maker.follow(reading))
        self.intervals += closed
        return closed

    def check(self) -> None:
        """Hold all that was handed out against what is true of all."""
        check_chain(self.intervals)
        check_aligned(self.intervals, self._period, self._zone, self.cuts)


@settings(deadline=None)
@given(st.data(), places, periods)
def test_no_fault_of_meter_or_clock_loses_or_repeats_anything(
    data: st.DataObject, place: tuple[tzinfo, int], period: int
) -> None:
    zone, start = place
    seen = data.draw(disturbed(start, clock=True))
    site, first = Site(period, zone), 0
    # The clock may still be behind, or the total ahead: a last reading at a boundary beyond all brings it to light.
    end = Grid(period=period, zone=zone).after(max(at for _, at, _ in seen) + 3600)
    for fault, at, index in [*seen, ("last", end, seen[-1][2])]:
        if fault == "restart":
            site.restart()
        if fault == "split":
            site.split()
        reading = site.read(at, index)
        if fault == "last":
            reading = replace(reading, kind=ReadingKind.NORMAL)
        maker = site.maker
        fresh = maker.at is None and (maker.start is None or maker.start > at + DAY)
        if fresh and reading.kind is not ReadingKind.HELD:
            # Nothing was kept, or of a clock gone wrong: only what was open is lost, and a new chain begins.
            site.check()
            site.intervals, first = [], floor(reading.total)
        site.follow(reading)
        assert sum(one.amount for one in site.intervals) <= floor(reading.total) - first
    site.check()
    assert sum(one.amount for one in site.intervals) == floor(reading.total) - first


@settings(deadline=None)
@given(st.data(), places, periods)
def test_with_a_true_clock_a_window_has_what_the_believed_readings_say(
    data: st.DataObject, place: tuple[tzinfo, int], period: int
) -> None:
    zone, start = place
    site, witness = Site(period, zone), Witness()
    for fault, at, index in data.draw(disturbed(start, clock=False)):
        if fault == "restart":
            witness = Witness(site.restart(), witness.cuts)
        if fault == "split":
            witness.cut(site.split())
        reading = site.read(at, index)
        witness.follow(reading)
        for one in site.follow(reading):
            assert one.level == witness.level(one.end)
            assert one.estimated or any(one.start < read <= one.end for read in witness.reads)
    site.check()


@settings(deadline=None)
@given(st.data(), places, st.lists(st.tuples(periods, st.sampled_from(ZONES)), min_size=2, max_size=4))
def test_another_period_or_zone_loses_nothing_that_was_handed_out(
    data: st.DataObject, place: tuple[tzinfo, int], in_turn: list[tuple[int, tzinfo]]
) -> None:
    at, total, first = float(place[1]), Decimal(data.draw(st.decimals(0, 1000, places=2))), 0
    intervals: list[Interval] = []
    for period, zone in in_turn:
        first = first if intervals else floor(total)
        maker = new_maker(period, zone, last_mark(intervals))
        closed: list[Interval] = []
        for _ in range(data.draw(st.integers(1, 4))):
            closed += maker.update(at, total)
            at, total = at + data.draw(st.floats(1, 3 * period)), total + data.draw(st.integers(0, 999))
        check_aligned(closed, period, zone, [one.start for one in closed[:1]])
        intervals += closed
    end = Grid(period=period, zone=zone).after(at)
    intervals += new_maker(period, zone, last_mark(intervals)).update(end, total)
    check_chain(intervals)
    assert sum(one.amount for one in intervals) == floor(total) - first or not intervals


@settings(deadline=None)
@given(st.data(), places, periods)
def test_a_power_cut_that_loses_the_newest_intervals_loses_and_repeats_no_consumption(
    data: st.DataObject, place: tuple[tzinfo, int], period: int
) -> None:
    zone, start = place
    samples = data.draw(histories(start, period))
    cut = data.draw(st.integers(0, len(samples) - 1))
    maker, handed = new_maker(period, zone), list[Interval]()
    for at, total in samples[: cut + 1]:
        handed += maker.update(at, total)
    stored = handed[: data.draw(st.integers(0, len(handed)))]
    end = Grid(period=period, zone=zone).after(samples[-1][0])
    rest = [*samples[cut + 1 :], (float(end), samples[-1][1])]
    first = samples[0] if stored else rest[0]
    maker = new_maker(period, zone, last_mark(stored))
    for at, total in rest:
        stored += maker.update(at, total)
    check_chain(stored)
    check_aligned(stored, period, zone)
    assert sum(one.amount for one in stored) == floor(samples[-1][1]) - floor(first[1])
    if first == samples[0]:
        assert [one.end for one in stored[: len(handed)]] == [one.end for one in handed]


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


MARK = Mark(end=NOON + 600, level=50)


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        pytest.param([(900, 53.5), (1200, 56)], [(600, 1200, 6, False)], id="goes on from the mark"),
        pytest.param([(1200, 56)], [(600, 1200, 6, False)], id="read at the boundary only"),
        pytest.param([(600, 51), (1200, 56)], [(600, 1200, 6, False)], id="read at the mark"),
        pytest.param([(1800, 62)], [(600, 1200, 6, True), (1200, 1800, 6, False)], id="was down"),
        pytest.param([(900, 7), (1200, 9)], [(600, 1200, 2, False)], id="below the mark is another count"),
        pytest.param(
            [(1800, 7), (2400, 8)],
            [(600, 1200, 0, True), (1200, 1800, 0, False), (1800, 2400, 1, False)],
            id="below, late",
        ),
        pytest.param([(900, 53), (1000, 49), (1200, 56)], [(600, 1200, 6, False)], id="below, not first, waits"),
        pytest.param([(500, 53), (100, 54), (900, 55), (1200, 56)], [(600, 1200, 6, True)], id="ahead of the clock"),
        pytest.param([(100, 7), (200, 8), (900, 9), (1200, 11)], [(600, 1200, 4, True)], id="ahead and below"),
        pytest.param([(600 - DAY, 53), (1200, 56)], [(600, 1200, 6, True)], id="a day ahead"),
        pytest.param([(599.5 - DAY, 53), (600 - DAY, 54)], [(-DAY, 600 - DAY, 1, False)], id="more is left aside"),
        pytest.param([(0, 52), (-DAY, 53), (600 - DAY, 54)], [(-DAY, 600 - DAY, 1, False)], id="more, later"),
        pytest.param([(nan, 70), (1200, 56)], [(600, 1200, 6, False)], id="no time"),
    ],
)
def test_decisions_after_a_mark(samples: list[tuple[float, float]], expected: list[tuple[int, int, int, bool]]) -> None:
    assert feed(new_maker(mark=MARK), samples) == expected


def test_after_a_mark_a_maker_stands_where_it_was_before_any_reading() -> None:
    maker = new_maker(mark=MARK)
    assert (maker.start, maker.level, maker.open_amount, maker.at) == (NOON + 600, 50, 0, None)
    assert not maker.split()
    maker.update(NOON + 500, Decimal(53))
    assert (maker.at, maker.open_amount) == (None, 0)
    maker.update(NOON + 700, Decimal("53.5"))
    assert (maker.start, maker.level, maker.open_amount, maker.at) == (NOON + 600, 50, 3, NOON + 700)


@pytest.mark.parametrize("end", [-5, 0, 10**15, 10**30])
def test_a_mark_that_no_calendar_reaches_is_left_aside(end: int) -> None:
    maker = new_maker(mark=Mark(end=end, level=5))
    assert (maker.start, maker.level, maker.open_amount, maker.at) == (None, None, 0, None)


@pytest.mark.parametrize("total", [7, 5000])
def test_a_tracker_that_began_afresh_after_a_mark_consumed_nothing(total: int) -> None:
    maker = new_maker(mark=MARK)
    first = Reading(
        total=Decimal(total), delta=Decimal(0), kind=ReadingKind.FIRST, at=NOON + 900, previous_at=NOON + 900
    )
    assert not maker.follow(first)
    assert (maker.level, maker.open_amount) == (total, 0)
    assert feed(maker, [(1200, total + 2)]) == [(600, 1200, 2, False)]


def test_a_mark_is_as_good_as_the_tracker_s_own_last_reading_where_that_is_older() -> None:
    maker = new_maker(mark=MARK)
    late = Reading(
        total=Decimal(80), delta=Decimal(20), kind=ReadingKind.NORMAL, at=NOON + 1900, previous_at=NOON + 700
    )
    assert [one.level for one in maker.follow(late)] == [68, 78]
    maker = new_maker(mark=MARK)
    older = replace(late, previous_at=NOON + 300, delta=Decimal(45))
    assert [one.level for one in maker.follow(older)] == [63, 77]


def test_a_split_gives_what_was_read_to_the_old_place_and_what_comes_to_the_new_one() -> None:
    maker = new_maker()
    assert not maker.split()
    assert feed(maker, [(0, 100), (200.25, 103.5)]) == []
    pieces = maker.split()
    assert list(pieces) == [Interval(start=NOON, end=NOON + 201, amount=3, estimated=False, level=103)]
    assert (maker.start, maker.level, maker.open_amount, maker.at) == (NOON + 201, 103, 0, NOON + 200.25)
    assert not maker.split()
    assert feed(maker, [(200.75, 104), (nan, 104), (600, 110)]) == [(201, 600, 7, False)]
    assert not maker.split()


def test_a_split_in_the_last_second_leaves_no_piece() -> None:
    maker = new_maker()
    feed(maker, [(0, 100), (599.5, 105)])
    assert [(one.end - NOON, one.amount) for one in maker.split()] == [(600, 5)]
    assert feed(maker, [(1200, 111)]) == [(600, 1200, 6, False)]


def test_doubt_about_what_is_split_is_doubt_about_both_pieces() -> None:
    maker = new_maker()
    feed(maker, [(700, 0), (800, 1), (0, 5)])
    assert [one.estimated for one in maker.split()] == [True]
    assert feed(maker, [(1200, 9), (1800, 12)]) == [(800, 1200, 8, True), (1200, 1800, 3, False)]


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
