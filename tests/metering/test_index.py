"""What a tracker makes of a meter's index: told by tables for single decisions, by properties for whole histories."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise
from math import nan
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from custom_components.legrand_ews.metering import IndexTracker, Reading, ReadingKind

type Step = tuple[int, int]
type Sample = tuple[float, Decimal]

RATE = 20
"""Base units per second; the true consumption below is at most half of it."""
START = 1_700_000_000.0
CONFIRM = 3
PATIENCE = 10 * CONFIRM
MODULUS = 2**32
F, N, H = ReadingKind.FIRST, ReadingKind.NORMAL, ReadingKind.HELD
ROLLOVER, RESET, REPLACED = ReadingKind.ROLLOVER, ReadingKind.RESET, ReadingKind.REPLACED


def new_tracker(**changes: Any) -> IndexTracker:
    """Return a tracker of a counter in whole units."""
    options: dict[str, Any] = {"modulus": None, "resolution": Decimal(1), "max_rate": Decimal(RATE), "confirm": CONFIRM}
    return IndexTracker(**{**options, **changes})


def restarted(tracker: IndexTracker, **changes: Any) -> IndexTracker:
    """Return the tracker as it comes back after a restart."""
    return new_tracker(state=json.loads(json.dumps(tracker.snapshot(), allow_nan=False)), **changes)


def feed(tracker: IndexTracker, samples: list[Sample]) -> list[Reading]:
    """Update with every sample."""
    return [tracker.update(at, index) for at, index in samples]


def check_exact(readings: list[Reading]) -> None:
    """Hold readings against what is true of any sequence, with as many digits as it takes."""
    for one, two in pairwise(readings):
        assert two.total >= one.total
        assert Fraction(two.delta) == Fraction(two.total) - Fraction(one.total)
        assert two.previous_at <= two.at
        assert two.kind is not H or two.delta == 0


def walk(first: int, steps: list[Step]) -> list[Sample]:
    """Return what a faultless meter shows at the start and after each step."""
    times = accumulate((seconds for seconds, _ in steps), initial=START)
    return list(zip(times, map(Decimal, accumulate((used for _, used in steps), initial=first)), strict=True))


@st.composite
def step(draw: st.DrawFn, intervals: tuple[int, ...] = (1, 5, 10, 60)) -> Step:
    """Draw the seconds to the next poll and what is consumed until then."""
    seconds = draw(st.sampled_from(intervals))
    return seconds, draw(st.integers(0, seconds * RATE // 2))


def histories(min_size: int = 0, max_size: int = 12) -> st.SearchStrategy[list[Step]]:
    """Draw polls, with missed ones and long gaps in between."""
    return st.lists(step((1, 5, 10, 60, 3600, 30 * 86400)), min_size=min_size, max_size=max_size)


def polls(min_size: int = 0, max_size: int = 12) -> st.SearchStrategy[list[Step]]:
    """Draw polls as they come while everything works."""
    return st.lists(step(), min_size=min_size, max_size=max_size)


indexes = st.integers(0, 10**10)
large = st.integers(10**9, MODULUS // 2 - 10**9)
"""Indexes of a meter that has run for a while, and is far from its modulus."""
wrongs = st.one_of(
    st.sampled_from([0, 1, 65535, 65536, 2**31, 2**32 - 1]).map(Decimal),
    st.decimals(min_value=-(10**12), max_value=10**12, allow_nan=False, allow_infinity=False),
)
odd = st.one_of(
    st.sampled_from(["NaN", "-Infinity", "Infinity", "1E+39", "1E+5000", "-1E+39", "1E-1000"]).map(Decimal),
    st.floats().map(Decimal),
    st.decimals(places=9),
)
"""What no meter shows, among ordinary numbers of any size."""
CALM = [(60, 7)] * PATIENCE
"""Enough polls to confirm anything."""


@pytest.mark.parametrize(
    ("indexes_seen", "kinds", "gain"),
    [
        pytest.param([5000, 5000, 5004], [F, N, N], 4, id="flat and rising"),
        pytest.param([5000, 0, 5004], [F, H, N], 4, id="zero in between"),
        pytest.param([5000, 99999, 5004], [F, H, N], 4, id="garbage in between"),
        pytest.param([5000, 0, 0, 99999, 99999, 5004], [F, H, H, H, H, N], 4, id="several wrong in a row"),
        pytest.param([5000, 4999, 4999, 4999, 4999, 5004], [F, H, H, H, H, N], 4, id="dip of one step stays"),
        pytest.param([90000, 89950, 89951, 89952, 90002], [F, H, H, H, N], 2, id="dip below 0.1 % comes back"),
        pytest.param([5000, 20000, 20003, 20005, 20009], [F, H, H, REPLACED, N], 9, id="replaced by a higher one"),
        pytest.param([5000, 3000, 3003, 3005, 3009], [F, H, H, REPLACED, N], 9, id="replaced by a lower one"),
        pytest.param([5000, 0, 3, 5, 9], [F, H, H, RESET, N], 9, id="reset"),
        pytest.param([5000, 40, 43, 45, 49], [F, H, H, RESET, N], 49, id="reset, counted since"),
        pytest.param([900000, 5000, 5003, 5005, 5009], [F, H, H, RESET, N], 9, id="reset, start not possible"),
        pytest.param([5000, 20000, 5004, 20003, 20004], [F, H, N, H, H], 4, id="two meters taking turns"),
        pytest.param(
            [5000, 3000, 20000, 3003, 3005, 3009], [F, H, H, H, H, REPLACED], 9, id="wrong one amid a new level"
        ),
        pytest.param([5000, 5200, 5003, 5006, 5009, 5250], [F, N, H, H, H, N], 250, id="wrong but possible"),
        pytest.param([5000, 0, 0, 0, 0, 5004, 5005, 5007], [F, H, H, RESET, N, H, H, N], 7, id="zeros for long"),
        pytest.param([5000, 0, 8, 0, 9, 10, 20], [F, H, H, H, H, RESET, N], 20, id="zero again after a reset"),
        pytest.param([5000, 2000, 2010, 2004, 2011, 2012], [F, H, H, H, H, REPLACED], 12, id="in two levels at once"),
        pytest.param([5000, 2000, 2005, 2003], [F, H, H, REPLACED], 5, id="dip in a new level"),
        pytest.param([5000, 3000, 4999, 3003, 3005], [F, H, H, H, H], 0, id="a dip is the old level too"),
        pytest.param(
            [900000, 0, 3, 5, 900050, 900052, 900055],
            [F, H, H, RESET, H, H, REPLACED],
            10,
            id="one meter after another",
        ),
        pytest.param([0, 3, 9], [F, N, N], 9, id="from zero"),
    ],
)
def test_decisions(indexes_seen: list[int], kinds: list[ReadingKind], gain: int) -> None:
    readings = feed(new_tracker(), [(START + 10 * number, Decimal(index)) for number, index in enumerate(indexes_seen)])
    assert [reading.kind for reading in readings] == kinds
    assert readings[0].total == indexes_seen[0]
    assert readings[-1].total - readings[0].total == gain
    check_exact(readings)


@pytest.mark.parametrize(
    ("indexes_seen", "kinds", "gain"),
    [
        pytest.param([9990, 10], [F, ROLLOVER], 20, id="at once"),
        pytest.param([9990, 0, 0], [F, ROLLOVER, N], 10, id="to exactly zero"),
        pytest.param([9990, 9988, 9989], [F, H, H], 0, id="a dip is no rollover"),
        pytest.param([4000, 0, 4001], [F, H, N], 1, id="the way back is shorter"),
        pytest.param([9000, 500, 501, 502], [F, H, H, REPLACED], 2, id="not possible in the time"),
        pytest.param([9990, 210, 60, 62, 64, 300], [F, ROLLOVER, H, H, H, N], 310, id="a wrong one before it"),
        pytest.param([9990, 5, 9991, 9992, 9994, 20], [F, ROLLOVER, H, H, H, ROLLOVER], 30, id="a wrong one undone"),
    ],
)
def test_rollover_decisions(indexes_seen: list[int], kinds: list[ReadingKind], gain: int) -> None:
    tracker = new_tracker(modulus=Decimal(10000))
    readings = feed(tracker, [(START + 10 * number, Decimal(index)) for number, index in enumerate(indexes_seen)])
    assert [reading.kind for reading in readings] == kinds
    assert readings[-1].total - readings[0].total == gain
    check_exact(readings)


def test_large_rollover_after_a_gap_is_confirmed_first() -> None:
    tracker = new_tracker(modulus=Decimal(10000))
    readings = feed(tracker, [(0, Decimal(8000)), *((3600.0 + at, Decimal(1000 + at)) for at in (0, 5, 10))])
    assert [reading.kind for reading in readings] == [F, H, H, ROLLOVER]
    assert readings[-1].delta == 3010
    assert readings[-1].previous_at == 0


def test_no_rollover_where_the_way_back_is_shorter() -> None:
    tracker = new_tracker(modulus=Decimal(10000))
    readings = feed(tracker, [(0, Decimal(4000)), *((3600.0 + at, Decimal(at)) for at in (0, 5, 10))])
    assert [reading.kind for reading in readings] == [F, H, H, RESET]
    assert readings[-1].delta == 10


def test_a_dip_of_one_step_is_never_a_new_level() -> None:
    tracker = new_tracker()
    readings = feed(tracker, [(START + number, Decimal(5000 - (0 < number < 100))) for number in range(101)])
    assert readings[-1].total == 5000
    assert {reading.kind for reading in readings[1:-1]} == {H}


def test_span_of_a_delta_reaches_back_to_what_it_counts_from() -> None:
    tracker = new_tracker()
    readings = feed(tracker, [(at, Decimal(index)) for at, index in ((0, 5000), (10, 0), (7200, 5100))])
    assert (readings[-1].previous_at, readings[-1].at, readings[-1].delta) == (0.0, 7200.0, Decimal(100))
    readings = feed(tracker, [(at, Decimal(index)) for at, index in ((7300, 90000), (7310, 90001), (7320, 90002))])
    assert (readings[-1].previous_at, readings[-1].at, readings[-1].delta) == (7300.0, 7320.0, Decimal(2))


def test_a_repeated_reading_after_an_outage_does_not_lose_the_outage() -> None:
    readings = feed(
        new_tracker(),
        [(at, Decimal(index)) for at, index in ((0, 5000), (7200, 5000), (7210, 90000), (7220, 90001), (7230, 90002))],
    )
    assert [reading.kind for reading in readings] == [F, N, H, H, N]
    assert (readings[-1].previous_at, readings[-1].at, readings[-1].delta) == (0.0, 7230.0, Decimal(85002))


@pytest.mark.parametrize("invalid", [0, MODULUS - 1])
def test_a_long_outage_after_an_invalid_value_brings_no_jump(invalid: int) -> None:
    values = [10**6, *[invalid] * 4]
    samples = [(START + 10 * number, Decimal(index)) for number, index in enumerate(values)]
    later = [(START + 10**6 + 10 * number, Decimal(10**6 + 5 + number)) for number in range(4)]
    readings = feed(new_tracker(modulus=Decimal(MODULUS)), samples + later)
    assert readings[-1].total == 10**6 + 8
    check_exact(readings)


def test_first_index_must_be_a_number_and_later_ones_need_not() -> None:
    tracker = new_tracker()
    with pytest.raises(ValueError, match="first index"):
        tracker.update(START, Decimal("NaN"))
    assert tracker.total is None
    tracker.update(nan, Decimal(5000))
    for odd in ("NaN", "sNaN", "Infinity", "-Infinity", "1E+5000", "-7"):
        assert tracker.update(START, Decimal(odd)).kind is H
    assert tracker.update(START, Decimal(5001)).delta == 1


@pytest.mark.parametrize(
    "options", [{"modulus": Decimal(0)}, {"resolution": Decimal(-1)}, {"max_rate": Decimal(0)}, {"confirm": 0}]
)
def test_options_that_make_no_sense(options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="positive"):
        new_tracker(**options)


@given(
    st.lists(
        st.tuples(
            st.floats() | st.floats(START, START + 1000),
            odd | st.integers(0, 50).map(Decimal) | st.integers(0, 10**6).map(Decimal),
            st.booleans(),
        ),
        min_size=1,
        max_size=40,
    ),
    st.sampled_from([None, Decimal(40), Decimal(10**6), Decimal(MODULUS)]),
    st.sampled_from([Decimal(0), Decimal("0.001"), Decimal(10)]),
    st.integers(1, 4),
)
def test_nothing_makes_the_total_fall_or_the_sum_wrong(
    samples: list[tuple[float, Decimal, bool]], modulus: Decimal | None, resolution: Decimal, confirm: int
) -> None:
    options = {"modulus": modulus, "resolution": resolution, "confirm": confirm}
    assume(samples[0][1].is_finite() and abs(samples[0][1]) < 10**40)
    tracker, readings = new_tracker(**options), []
    for at, index, restart in samples:
        readings.append(tracker.update(at, index))
        if restart:
            tracker = restarted(tracker, **options)
        assert tracker.total == readings[-1].total
    check_exact(readings)


@given(indexes, histories())
def test_without_faults_every_unit_is_counted(first: int, steps: list[Step]) -> None:
    samples = walk(first, steps)
    for (_, index), reading in zip(samples, feed(new_tracker(), samples), strict=True):
        assert reading.total == index
        assert reading.kind in (F, N)


@given(
    st.decimals(0, 10**9, places=3),
    st.lists(st.tuples(st.integers(1, 600), st.decimals(0, 1, places=3)), max_size=12),
    st.sampled_from([Decimal("0.001"), Decimal("0.1"), Decimal(10), Decimal(1000)]),
)
def test_a_coarse_counter_is_followed_exactly(
    first: Decimal, steps: list[tuple[int, Decimal]], resolution: Decimal
) -> None:
    tracker, at, true = new_tracker(resolution=resolution), START, first
    for seconds, share in steps:
        shown = true // resolution * resolution
        assert tracker.update(at, shown).total == shown
        at, true = at + seconds, true + share * seconds * RATE


@given(indexes, polls(), st.lists(st.tuples(st.sampled_from(["gone on", "frozen", "back"]), st.floats(0, 1e5))))
def test_a_clock_that_stops_or_is_set_back_loses_nothing(
    first: int, steps: list[Step], faults: list[tuple[str, float]]
) -> None:
    tracker = new_tracker()
    at = START
    faults = faults + [("gone on", 0.0)] * (len(steps) + 1)
    for number, (_, index) in enumerate(walk(first, steps)):
        reading = tracker.update(at, index)
        assert reading.total == index
        assert reading.previous_at <= reading.at
        fault, back = faults[number]
        at = {"gone on": at + 60, "frozen": at, "back": at - back}[fault]


@given(large, histories(), wrongs, histories())
def test_one_wrong_reading_does_not_last(first: int, before: list[Step], wrong: Decimal, after: list[Step]) -> None:
    samples = walk(first, [*before, (5, 3), *after, *CALM])
    cut = len(before) + 1
    tracker = new_tracker()
    readings = feed(tracker, samples[:cut])
    at = samples[cut - 1][0] + 2
    readings += feed(tracker, [(at, wrong)])
    ahead = readings[-1].total
    for sample in samples[cut:]:
        readings.append(tracker.update(*sample))
        assert readings[-1].total <= max(ahead, sample[1])
    assert readings[-1].total == max(ahead, samples[-1][1])
    check_exact(readings)


@given(large, histories(), st.integers(-(10**9), -1) | st.integers(1, 10**9), polls())
def test_one_impossible_reading_is_not_even_seen(first: int, before: list[Step], error: int, after: list[Step]) -> None:
    assume(not 0 < error <= RATE * 20)
    samples = walk(first, [*before, (5, 3), *after])
    cut = len(before) + 2
    tracker = new_tracker()
    feed(tracker, samples[:cut])
    at, index = samples[cut - 1]
    assert tracker.update(at + 2, index + error).kind is H
    for sample in samples[cut:]:
        assert tracker.update(*sample).total == sample[1]


@given(first=st.integers(MODULUS - 10**6, MODULUS - 1), steps=histories(), restart=st.booleans())
def test_a_rollover_loses_nothing(*, first: int, steps: list[Step], restart: bool) -> None:
    samples = walk(first, [*steps, *CALM])
    tracker = new_tracker(modulus=Decimal(MODULUS))
    for at, index in samples[: len(steps) + 1]:
        tracker.update(at, index % MODULUS)
        if restart:
            tracker = restarted(tracker, modulus=Decimal(MODULUS))
    for at, index in samples[len(steps) + 1 :]:
        total = tracker.update(at, index % MODULUS).total
    assert total == samples[-1][1]


@given(st.integers(MODULUS - 10**4, MODULUS - 1), polls(1), wrongs | st.integers(0, 10**4).map(Decimal), polls())
def test_one_wrong_reading_near_the_rollover(first: int, before: list[Step], wrong: Decimal, after: list[Step]) -> None:
    samples = walk(first, before + after + CALM)
    tracker = new_tracker(modulus=Decimal(MODULUS))
    cut = len(before) + 1
    feed(tracker, [(at, index % MODULUS) for at, index in samples[:cut]])
    at = samples[cut - 1][0]
    ahead = tracker.update(at + 0.5, wrong).total
    readings = feed(tracker, [(at, index % MODULUS) for at, index in samples[cut:]])
    assert readings[-1].total == max(ahead, samples[-1][1])


@given(large, polls(2), polls(1), histories(), st.sampled_from([None, Decimal(MODULUS)]))
def test_a_reset_at_a_reading_loses_nothing(
    first: int, before: list[Step], soon: list[Step], later: list[Step], modulus: Decimal | None
) -> None:
    before_reset = walk(first, before)
    at, index = before_reset[-1]
    since = [(at + time - START, used) for time, used in walk(0, soon + later + CALM)][1:]
    readings = feed(new_tracker(modulus=modulus), before_reset + since)
    assert readings[-1].total == index + since[-1][1]
    assert [reading.kind for reading in readings].count(RESET) == 1
    check_exact(readings)


@given(large, polls(2), indexes, polls(), st.lists(st.integers(0, 50), max_size=5))
def test_after_any_new_level_the_total_advances_as_the_meter_does(
    first: int, before: list[Step], level: int, after: list[Step], restarts: list[int]
) -> None:
    old = walk(first, before)
    assume(not old[-2][1] - 3 <= level < old[-1][1])
    new = [(old[-1][0] + 60 + at - START, index) for at, index in walk(level, CALM + after)]
    tracker, readings = new_tracker(), []
    for number, sample in enumerate(old + new):
        readings.append(tracker.update(*sample))
        if number in restarts:
            tracker = restarted(tracker)
    check_exact(readings)
    settled = len(old) + PATIENCE
    assert [reading.total - readings[settled].total for reading in readings[settled:]] == [
        index - new[PATIENCE][1] for _, index in new[PATIENCE:]
    ]
    assert readings[-1].total - readings[len(old) - 1].total <= new[-1][1] - new[0][1] + RATE * 70 + 1


@given(large, polls(2), wrongs, st.integers(1, 40), polls(1))
def test_a_unit_that_answers_one_value_for_long_and_is_back(
    first: int, before: list[Step], value: Decimal, times: int, after: list[Step]
) -> None:
    good = walk(first, [*before, (3600, 500), *after, *CALM])
    cut = len(before) + 1
    assume(not good[0][1] <= value <= good[-1][1] + RATE * 3600)
    stuck = [(good[cut - 1][0] + 10 * (number + 1), value) for number in range(times)]
    readings = feed(new_tracker(), good[:cut] + stuck + good[cut:])
    assert readings[-1].total == max(good[-1][1], readings[cut + times - 1].total)
    assert readings[cut + times - 1].total - readings[cut - 1].total <= RATE * (10 * times + 11)
    check_exact(readings)


@given(
    large,
    histories(),
    st.sampled_from([Decimal(10), Decimal("0.1"), Decimal("0.01"), Decimal(200)]),
    st.sampled_from([9, 3 * 10**8]),
    polls(),
)
def test_a_new_transformer_ratio_is_no_consumption(
    first: int, before: list[Step], ratio: Decimal, pause: int, after: list[Step]
) -> None:
    old = walk(first, before)
    tracker = new_tracker(modulus=Decimal(MODULUS))
    feed(tracker, old)
    total = tracker.total or Decimal(0)
    scaled = {"modulus": MODULUS * ratio, "resolution": ratio, "max_rate": max(ratio, Decimal(1)) * RATE}
    new = [
        (old[-1][0] + pause + at - START, index * ratio) for at, index in walk(int(old[-1][1]), CALM[:CONFIRM] + after)
    ]
    readings = []
    for sample in new:
        tracker = restarted(tracker, **scaled)
        readings.append(tracker.update(*sample))
    assert [reading.kind for reading in readings[:CONFIRM]] == [H, H, REPLACED]
    assert readings[-1].total == total + new[-1][1] - new[0][1]


def test_a_new_resolution_alone_goes_on() -> None:
    tracker = new_tracker()
    tracker.update(START, Decimal(5000))
    tracker = restarted(tracker, resolution=Decimal("0.1"))
    assert tracker.update(START + 60, Decimal("5003.5")).delta == Decimal("3.5")
    assert tracker.update(START + 3660, Decimal(9000)).kind is N


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        pytest.param([5000, 3000, 3001], [3002, 3003, 3004], [H, H, REPLACED], id="half confirmed"),
        pytest.param([900000, 0, 0, 0], [900001, 900002, 900003], [H, H, REPLACED], id="still to come back"),
    ],
)
def test_a_new_resolution_ends_what_was_open(before: list[int], after: list[int], kinds: list[ReadingKind]) -> None:
    tracker = new_tracker()
    feed(tracker, [(START + 10 * number, Decimal(index)) for number, index in enumerate(before)])
    tracker = restarted(tracker, resolution=Decimal(100))
    readings = feed(tracker, [(START + 50 + 10 * number, Decimal(index)) for number, index in enumerate(after)])
    assert [reading.kind for reading in readings] == kinds
    assert readings[-1].delta == 2


FAULTS = [
    "none",
    "none",
    "none",
    "zero",
    "high",
    "dip",
    "missed",
    "gap",
    "reset",
    "replaced",
    "frozen",
    "back",
    "restart",
]


def with_faults(first: int, events: list[tuple[str, Step]]) -> list[tuple[str, float, int, int]]:
    """Return readings as (fault, time, index, true consumption since the start)."""
    seen, at, index, used = [("none", START, first, 0)], START, first, 0
    turning = False
    for drawn, (wait, share) in events:
        # For a meter close to its modulus zero is no fault but where it is about to be.
        turning |= index > MODULUS - 10**9
        fault = "none" if turning and drawn in ("zero", "reset") else drawn
        seconds, consumed = (30 * 86400, share * 1000) if fault == "gap" else (wait, share)
        at += {"frozen": 0, "back": -seconds}.get(fault, seconds)
        other = 10**9 + (index + 10**9) % (MODULUS - 2 * 10**9)
        index = {"reset": 0, "replaced": other}.get(fault, index + consumed) % MODULUS
        used += 0 if fault in ("reset", "replaced") else consumed
        wrong = {"zero": 0, "high": index + 10**9 + 7, "dip": max(0, index - 1)}.get(fault)
        if wrong is not None:
            seen.append((fault, at - 0.5, wrong, used))
        if fault != "missed":
            seen.append((fault, at, index, used))
    return seen


@given(
    st.integers(10**6, MODULUS - 1),
    st.lists(st.tuples(st.sampled_from(FAULTS), step()), max_size=30),
    polls(1),
)
def test_no_mixture_of_faults_invents_anything_or_outlasts_the_confirmation(
    first: int, events: list[tuple[str, Step]], after: list[Step]
) -> None:
    tracker, readings = new_tracker(modulus=Decimal(MODULUS)), []
    # A meter that goes back to just where it was before one reading is taken to have shown a wrong one: catch up.
    calm = [*CALM, (10**8, 10**9), *CALM, *after]
    seen = with_faults(first, events + [("none", one) for one in calm])
    for fault, at, index, used in seen:
        if fault == "restart":
            tracker = restarted(tracker, modulus=Decimal(MODULUS))
        readings.append(tracker.update(at, Decimal(index)))
        assert readings[-1].total <= first + used
    check_exact(readings)
    settled = -1 - len(after)
    assert readings[-1].total - readings[settled].total == seen[-1][3] - seen[settled][3]
