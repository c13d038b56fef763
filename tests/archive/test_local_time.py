"""Where hours, days, months and years begin, in zones that do not make it easy."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.archive.local_time import LocalTime

from .support import TURNS, ZONES

near = st.builds(lambda turn, off: turn + off, st.sampled_from(TURNS), st.integers(-90_000, 90_000))


def at(zone: str, text: str) -> int:
    """Return an instant from ISO text with an offset."""
    return int(datetime.fromisoformat(text).astimezone(ZoneInfo(zone)).timestamp())


@pytest.mark.parametrize(
    ("zone", "when", "period", "begin"),
    [
        ("Europe/Paris", "2025-10-26T02:40:00+02:00", "hour", "2025-10-26T02:00:00+02:00"),
        ("Europe/Paris", "2025-10-26T02:40:00+01:00", "hour", "2025-10-26T02:00:00+01:00"),
        ("Europe/Paris", "2025-10-26T23:40:00+01:00", "day", "2025-10-26T00:00:00+02:00"),
        ("Europe/Paris", "2025-03-30T03:40:00+02:00", "hour", "2025-03-30T03:00:00+02:00"),
        ("Europe/Paris", "2025-03-31T23:59:59+02:00", "month", "2025-03-01T00:00:00+01:00"),
        ("Europe/Paris", "2025-07-01T00:00:00+02:00", "year", "2025-01-01T00:00:00+01:00"),
        ("Asia/Kolkata", "2025-06-01T00:20:00+05:30", "hour", "2025-06-01T00:00:00+05:30"),
        ("Australia/Lord_Howe", "2025-04-06T01:40:00+11:00", "hour", "2025-04-06T01:00:00+11:00"),
        ("Australia/Lord_Howe", "2025-04-06T01:40:00+10:30", "hour", "2025-04-06T01:30:00+10:30"),
        ("Australia/Lord_Howe", "2025-10-05T02:40:00+11:00", "hour", "2025-10-05T02:30:00+11:00"),
        ("Africa/Cairo", "2025-04-25T05:00:00+03:00", "day", "2025-04-25T01:00:00+03:00"),
        ("Africa/Cairo", "2025-10-30T23:30:00+02:00", "day", "2025-10-30T00:00:00+03:00"),
        ("Africa/Cairo", "2025-10-30T23:30:00+02:00", "hour", "2025-10-30T23:00:00+02:00"),
    ],
)
def test_periods_begin_where_the_clock_on_the_wall_says(zone: str, when: str, period: str, begin: str) -> None:
    time = LocalTime(zone)
    assert time.floor(at(zone, when), period) == at(zone, begin)  # type: ignore[arg-type]


@given(st.sampled_from(ZONES), near)
def test_a_beginning_is_its_own_beginning(zone: str, when: int) -> None:
    time = LocalTime(zone)
    hour, day, month = time.floors(when)
    assert month <= day <= hour <= when < hour + 3600
    assert time.floors(hour) == (hour, day, month)
    assert time.floors(day)[1:] == (day, month)
    assert time.floor(month, "month") == month


@given(st.sampled_from(ZONES), near, st.integers(0, 10_000_000), st.sampled_from(["day", "month"]))
def test_windows_are_the_span_cut_where_periods_begin(zone: str, since: int, length: int, period: str) -> None:
    time = LocalTime(zone)
    windows = list(time.windows(since, since + length, period))  # type: ignore[arg-type]
    edges = [start for start, _ in windows] + [since + length]
    assert edges[0] == since
    assert [end for _, end in windows] == edges[1:]
    assert all(time.floor(start, period) == start for start in edges[1:-1])  # type: ignore[arg-type]
    assert all(time.floor(start, period) == time.floor(end - 1, period) for start, end in windows)  # type: ignore[arg-type]


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(KeyError):
        LocalTime("Europe/Atlantis")
