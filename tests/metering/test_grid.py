"""Where the boundaries of the wall clock lie, held against a search second by second."""

from __future__ import annotations

from datetime import datetime, tzinfo
from itertools import count, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.metering.grid import FIRST_TIME, LAST_TIME, Grid

from .wall import PERIODS, ZONES, is_boundary, moments

places = st.sampled_from(ZONES).flatmap(lambda zone: st.tuples(st.just(zone), moments(zone)))


def boundaries(zone: str, period: int, first: str, last: str) -> list[int]:
    """Return the boundaries from one local time to another."""
    start, end = (
        round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) for text in (first, last)
    )
    grid, found = Grid(period=period, zone=ZoneInfo(zone)), [start]
    while found[-1] < end:
        found.append(grid.after(found[-1]))
    return found


@settings(deadline=None)
@given(places, st.sampled_from(PERIODS))
def test_the_nearest_boundaries_are_found(place: tuple[tzinfo, int], period: int) -> None:
    zone, at = place
    grid = Grid(period=period, zone=zone)
    before, after = (
        next(s for s in seconds if is_boundary(s, period, zone)) for seconds in (count(at, -1), count(at + 1))
    )
    assert (grid.before(at), grid.after(at)) == (before, after)
    assert (grid.before(at + 0.5), grid.after(at + 0.5)) == (before, after)


@settings(deadline=None)
@given(places, st.sampled_from(PERIODS), st.integers(0, 10**5))
def test_boundaries_in_a_row_are_those_one_after_the_other(place: tuple[tzinfo, int], period: int, length: int) -> None:
    zone, at = place
    grid = Grid(period=period, zone=zone)
    first, last = grid.before(at), grid.before(at + length)
    one_by_one = [first]
    while one_by_one[-1] < last:
        one_by_one.append(grid.after(one_by_one[-1]))
    assert [first, *grid.between(first, last)] == one_by_one
    assert one_by_one[-1] == last


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Paris", "2026-03-29", 23),
        ("Europe/Paris", "2026-10-25", 25),
        ("America/New_York", "2026-03-08", 23),
        ("America/New_York", "2026-11-01", 25),
        ("Asia/Kolkata", "2026-03-29", 24),
        ("Asia/Tokyo", "2026-10-25", 24),
    ],
)
@pytest.mark.parametrize("period", PERIODS)
def test_days_have_as_many_hours_as_they_have(zone: str, day: str, hours: int, period: int) -> None:
    next_day = f"{day[:-2]}{int(day[-2:]) + 1:02}"
    found = boundaries(zone, period, day, next_day)
    assert {end - start for start, end in pairwise(found)} == {period}
    assert len(found) - 1 == hours * 3600 // period


@pytest.mark.parametrize(
    ("zone", "first", "last", "lengths"),
    [
        ("Australia/Lord_Howe", "2026-04-05 00:00", "2026-04-05 03:00", [3600, 3600, 1800, 3600]),
        ("Australia/Lord_Howe", "2026-10-04 00:00", "2026-10-04 04:00", [3600, 3600, 1800, 3600]),
        ("America/St_Johns", "2008-03-09 00:00", "2008-03-09 03:00", [60, 3540, 3600]),
        ("America/St_Johns", "2008-11-01 23:00", "2008-11-02 01:00", [3600, 60, 3540, 3600]),
    ],
)
def test_odd_changes_of_the_clock_are_boundaries(zone: str, first: str, last: str, lengths: list[int]) -> None:
    found = boundaries(zone, 3600, first, last)
    assert [end - start for start, end in pairwise(found)] == lengths


@pytest.mark.parametrize("zone", ZONES)
def test_the_first_and_last_times_have_boundaries(zone: tzinfo) -> None:
    grid = Grid(period=3600, zone=zone)
    for at in (FIRST_TIME, LAST_TIME):
        assert 0 < grid.before(at) <= at < grid.after(at)


@pytest.mark.parametrize("period", [0, -60, 61, 7200])
def test_other_periods_are_refused(period: int) -> None:
    with pytest.raises(ValueError, match="period"):
        Grid(period=period, zone=ZoneInfo("UTC"))
