"""The time line: offsets, days and rules of every stretch."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.billing.timetable import Timetable, posix

from .witness import Witness, cases


@settings(deadline=None)
@given(cases(), st.integers(1, 200_000))
def test_stretches_are_all_of_the_time_with_its_wall_clock(case: tuple[Witness, int], length: int) -> None:
    witness, start = case
    timetable = Timetable(tuple(witness.rules), witness.zone, witness.conditions)
    stretches = list(timetable.walk(start, start + length))
    assert (stretches[0].start, stretches[-1].end) == (start, start + length)
    assert all(before.end == after.start for before, after in pairwise(stretches))
    for one in stretches:
        for at in (one.start, (one.start + one.end) // 2, one.end - 1):
            local = datetime.fromtimestamp(at, witness.zone)
            assert (local.utcoffset() or datetime.resolution * 0).total_seconds() == one.offset
            assert local.toordinal() == one.day
            number = witness.rule(at)
            assert one.rule == (-1 if number is None else number) == timetable.rule_at(at)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        pytest.param("Europe/Paris", date(2026, 3, 29), 23, id="spring"),
        pytest.param("Europe/Paris", date(2026, 10, 25), 25, id="autumn"),
        pytest.param("Australia/Lord_Howe", date(2026, 4, 5), 24.5, id="half an hour"),
        pytest.param("Atlantic/Azores", date(2026, 3, 29), 23, id="at midnight"),
        pytest.param("Atlantic/Azores", date(2026, 10, 25), 25, id="back to midnight"),
        pytest.param("America/Havana", date(2026, 3, 8), 23, id="no midnight"),
        pytest.param("Pacific/Apia", date(2011, 12, 30), 0, id="no such day"),
        pytest.param("UTC", date(2026, 3, 29), 24, id="no change"),
    ],
)
def test_days_are_as_long_as_they_are(zone: str, day: date, hours: float) -> None:
    noon = int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp())
    walk = Timetable((), ZoneInfo(zone), {}).walk(noon - 3 * 86400, noon + 3 * 86400)
    assert sum(one.end - one.start for one in walk if one.day == day.toordinal()) == hours * 3600


def test_an_instant_is_in_its_second() -> None:
    assert posix(datetime(1970, 1, 1, 0, 0, 1, 999_999, tzinfo=UTC)) == 1
    assert posix(datetime(1969, 12, 31, 23, 59, 59, 1, tzinfo=UTC)) == -1


def test_a_time_that_ends_where_the_clock_changes_is_before_the_change() -> None:
    change = int(datetime(2026, 3, 29, 1, tzinfo=UTC).timestamp())
    timetable = Timetable((), ZoneInfo("Europe/Paris"), {})
    assert [(one.end, one.offset) for one in timetable.walk(change - 60, change)] == [(change, 3600)]
    assert [(one.start, one.offset) for one in timetable.walk(change, change + 60)] == [(change, 7200)]
    assert list(timetable.walk(change, change)) == []
