"""Zones with every kind of change of the clock, and what a boundary is, said in the plainest way."""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

PERIODS = (60, 300, 600, 900, 1800, 3600)
ZONES: tuple[tzinfo, ...] = (
    *map(
        ZoneInfo,
        (
            "Europe/Paris",
            "America/New_York",
            "Asia/Kolkata",
            "Asia/Kathmandu",
            "Australia/Lord_Howe",
            "America/St_Johns",
            "America/Havana",
            "Antarctica/Troll",
            "Pacific/Chatham",
            "Asia/Tokyo",
            "UTC",
        ),
    ),
    timezone(timedelta(hours=-3, minutes=-30)),
)
_YEAR_2007, _YEAR_2009 = 1_167_609_600, 1_230_768_000
_YEAR_2026, _YEAR_2028 = 1_767_225_600, 1_830_297_600


def offset(second: int, zone: tzinfo) -> int:
    """Return the seconds that the wall clock is ahead of UTC."""
    return round((datetime.fromtimestamp(second, zone).utcoffset() or timedelta()).total_seconds())


def is_boundary(second: int, period: int, zone: tzinfo) -> bool:
    """Tell whether an interval begins there."""
    here = offset(second, zone)
    return (second + here) % period == 0 or here != offset(second - 1, zone)


@cache
def changes(zone: tzinfo) -> tuple[int, ...]:
    """Return when the clock of a zone changes, in years with changes at whole hours and at a minute past."""
    days = (*range(_YEAR_2007, _YEAR_2009, 86400), *range(_YEAR_2026, _YEAR_2028, 86400))
    return tuple(
        day + bisect_left(range(86400), True, key=lambda second: offset(day + second, zone) != offset(day, zone))  # noqa: FBT003
        for day in days
        if offset(day, zone) != offset(day + 86400, zone)
    )


@st.composite
def moments(draw: st.DrawFn, zone: tzinfo) -> int:
    """Draw a second, most often within hours of a change of the clock."""
    near = draw(st.sampled_from((*changes(zone), _YEAR_2026)))
    return near + draw(st.integers(-9000, 9000))
