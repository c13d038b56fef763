"""What was measured between two boundaries: held against sorting all readings into their intervals at the end."""

from __future__ import annotations

from itertools import accumulate, pairwise
from math import fsum, inf, isfinite, nan
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.metering import Sample, SampleMaker
from custom_components.legrand_ews.metering.grid import Grid

from .wall import PERIODS, ZONES, moments

if TYPE_CHECKING:
    from datetime import tzinfo

NOON = 1_767_268_800
"""A time that is a boundary of every period."""
DAY = 86400

places = st.sampled_from(ZONES).flatmap(lambda zone: st.tuples(st.just(zone), moments(zone)))
figures = st.floats(-1e30, 1e30) | st.sampled_from([nan, inf, -inf])
readings = st.dictionaries(st.sampled_from(["power", "current_l1", "thd_voltage_l1"]), figures)


def new_maker(period: int = 600) -> SampleMaker:
    """Return a maker."""
    return SampleMaker(period=period, zone=ZoneInfo("UTC"))


def feed(maker: SampleMaker, samples: list[tuple[float, float]]) -> list[tuple[int, int, tuple[float, float, float]]]:
    """Add every value, times from noon on, and return all samples as plain tuples."""
    done = [maker.add(NOON + at, {"power": value}) for at, value in samples]
    return [(one.start - NOON, one.end - NOON, one.values["power"]) for one in done if one is not None]


@settings(deadline=None)
@given(places, st.sampled_from(PERIODS), st.lists(st.tuples(st.floats(0.1, 3000), readings), max_size=30))
def test_a_sample_has_the_average_and_the_extremes_of_all_readings_between_its_boundaries(
    place: tuple[tzinfo, int], period: int, drawn: list[tuple[float, dict[str, float]]]
) -> None:
    zone, start = place
    maker, grid = SampleMaker(period=period, zone=zone), Grid(period=period, zone=zone)
    times = list(accumulate((wait for wait, _ in drawn), initial=float(start)))[1:]
    done: list[Sample] = []
    for at, (_, values) in zip(times, drawn, strict=True):
        sample = maker.add(at, values)
        if sample is not None:
            assert sample.end <= at
            done.append(sample)
    assert all(one.end <= two.start for one, two in pairwise(done))
    expected: dict[int, dict[str, list[float]]] = {}
    for at, (_, values) in zip(times, drawn, strict=True):
        for quantity, value in values.items():
            if isfinite(value) and grid.before(at) < grid.before(times[-1]):
                expected.setdefault(grid.before(at), {}).setdefault(quantity, []).append(value)
    assert [one.start for one in done] == list(expected)
    for one in done:
        assert one.end == grid.after(one.start)
        assert one.values.keys() == expected[one.start].keys()
        for quantity, (average, low, high) in one.values.items():
            values = expected[one.start][quantity]
            assert (low, high) == (min(values), max(values))
            assert average == pytest.approx(fsum(values) / len(values), abs=1e-12 * max(map(abs, values)))


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_no_rounding_and_no_overflow_brings_an_average_out_of_its_extremes(values: list[float]) -> None:
    ((_, _, (average, low, high)),) = feed(new_maker(), [*((10, value) for value in values), (600, 0)])
    assert low == min(values) <= average <= max(values) == high


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        pytest.param([(0, 1), (599, 3)], [], id="open"),
        pytest.param([(0, 1), (500, 3), (599, 8), (600, 9)], [(0, 600, (4, 1, 8))], id="every reading counts the same"),
        pytest.param([(0, 1), (1900, 3), (2400, 5)], [(0, 600, (1, 1, 1)), (1800, 2400, (3, 3, 3))], id="gap"),
        pytest.param([(0, 1), (1, nan), (2, inf), (3, -inf), (600, 2)], [(0, 600, (1, 1, 1))], id="no numbers"),
        pytest.param([(0, nan), (600, 2)], [], id="nothing but no numbers"),
        pytest.param([(nan, 5), (0, 1), (nan, 5), (inf, 5), (-inf, 5), (600, 2)], [(0, 600, (1, 1, 1))], id="no time"),
        pytest.param([(500, 1), (100, 3), (600, 9)], [(0, 600, (2, 1, 3))], id="set back within the sample"),
        pytest.param([(700, 1), (100, 5), (800, 3), (1200, 9)], [(600, 1200, (2, 1, 3))], id="set back further"),
        pytest.param(
            [(600, 1), (600 - DAY, 5), (599 - DAY, 7), (700 - DAY, 9)],
            [(600, 1200, (1, 1, 1)), (-DAY, 600 - DAY, (7, 7, 7))],
            id="set back by more than a day",
        ),
    ],
)
def test_decisions(
    samples: list[tuple[float, float]], expected: list[tuple[int, int, tuple[float, float, float]]]
) -> None:
    assert feed(new_maker(), samples) == expected


def test_a_quantity_that_was_not_read_has_no_figures() -> None:
    maker = new_maker()
    maker.add(NOON, {"power": 5.0})
    maker.add(NOON + 600, {"frequency": 50.0})
    assert maker.add(NOON + 1200, {}) == Sample(start=NOON + 600, end=NOON + 1200, values={"frequency": (50, 50, 50)})
    assert maker.add(NOON + 1800, {"power": 5.0}) is None


def test_a_period_that_does_not_divide_an_hour_is_refused() -> None:
    with pytest.raises(ValueError, match="period"):
        new_maker(7)
