"""Windows, their bars, and the period before: the arithmetic of local calendars."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from custom_components.legrand_ews.archive.local_time import LocalTime
from custom_components.legrand_ews.queries.periods import BARS, Calendar, Window

from ..archive.support import TURNS, ZONE, ZONES

if TYPE_CHECKING:
    from custom_components.legrand_ews.archive import Period

PARIS = Calendar(ZONE)
HALF = "Australia/Lord_Howe"
"""Where the clock is set by half an hour."""
CALENDARS = {zone: Calendar(zone) for zone in ZONES}
PERIODS: dict[Any, int] = {"hour": 3600, "day": 86400, "month": 31 * 86400, "year": 366 * 86400}
zones = st.sampled_from(ZONES)
periods = st.sampled_from(list(PERIODS))
times = st.one_of(
    st.integers(1_577_836_800, 1_893_456_000),
    st.builds(lambda turn, hours: turn + 1800 * hours, st.sampled_from(TURNS), st.integers(-100, 100)),
)


@st.composite
def windows(draw: st.DrawFn) -> tuple[Calendar, str, Any, Window]:
    """Return a window of whole bars of a zone."""
    zone, period, start = draw(zones), draw(periods), draw(times)
    length = draw(st.integers(1, 40 * PERIODS[period]))
    calendar = CALENDARS[zone]
    return calendar, zone, period, calendar.cover(Window(start=start, end=start + length), period)


def at(text: str) -> int:
    return PARIS.instant(text)


def window(start: str, end: str) -> Window:
    return Window(start=at(start), end=at(end))


def local(start: int | None, zone: str = ZONE) -> str | None:
    return None if start is None else datetime.fromtimestamp(start, ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def shown(first: str, last: str, period: Period) -> list[tuple[str | None, str | None]]:
    return [(local(now), local(then)) for now, then in PARIS.pairs(window(first, last), period)]


@given(windows())
@example((CALENDARS[HALF], HALF, "hour", Window(start=1_743_865_200 - 7200, end=1_743_865_200 + 9000)))
@example((CALENDARS[HALF], HALF, "hour", Window(start=1_759_591_800 - 7200, end=1_759_591_800 + 9000)))
def test_bars_fill_a_window_and_each_is_one_period(drawn: tuple[Calendar, str, Any, Window]) -> None:
    calendar, zone, period, whole = drawn
    bars = calendar.bars(whole, period)
    time = LocalTime(zone)
    assert bars[0] == whole.start
    for start, end in zip(bars, [*bars[1:], whole.end], strict=True):
        assert time.floor(start, period) == start < end
        assert time.floor(end - 1, period) == start
        assert end - start <= PERIODS[period] + 7200


@given(zones, periods, times, st.integers(1, 10**7))
def test_covering_keeps_what_was_asked_for_and_is_whole_then(zone: str, period: Any, start: int, length: int) -> None:
    asked = Window(start=start, end=start + length)
    whole = CALENDARS[zone].cover(asked, period)
    assert whole.start <= asked.start < asked.end <= whole.end
    assert CALENDARS[zone].cover(whole, period) == whole
    assert CALENDARS[zone].cover(Window(start=whole.end - 1, end=whole.end), period).end == whole.end


@given(windows())
@example((PARIS, ZONE, "hour", window("2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00")))
def test_the_period_before_ends_where_the_window_begins_or_earlier(drawn: tuple[Calendar, str, Any, Window]) -> None:
    calendar, _, period, whole = drawn
    before = calendar.before(whole)
    assert before.start < before.end <= whole.start
    assert calendar.cover(before, period) == before
    if calendar.cover(whole, "day") == whole:
        assert before.end == whole.start


@given(windows())
def test_every_bar_of_both_periods_is_in_one_pair(drawn: tuple[Calendar, str, Any, Window]) -> None:
    calendar, _, period, whole = drawn
    pairs = calendar.pairs(whole, period)
    assert [now for now, _ in pairs if now is not None] == calendar.bars(whole, period)
    assert [then for _, then in pairs if then is not None] == calendar.bars(calendar.before(whole), period)
    assert (None, None) not in pairs


@given(windows())
def test_hours_of_a_pair_show_the_same_clock(drawn: tuple[Calendar, str, Any, Window]) -> None:
    calendar, zone, period, drawn_window = drawn
    whole = calendar.cover(Window(start=drawn_window.start, end=drawn_window.start + PERIODS[period] // 20 + 1), "hour")
    pairs = [pair for pair in calendar.pairs(whole, "hour") if None not in pair]
    moments = (datetime.fromtimestamp(one or 0, ZoneInfo(zone)) for pair in pairs for one in pair)
    assert all(now.hour == then.hour for now, then in batched(moments, 2, strict=True))


@given(zones, st.sampled_from(list(BARS)), times)
def test_a_span_has_the_time_in_it_and_is_whole(zone: str, span: Any, moment: int) -> None:
    calendar = CALENDARS[zone]
    found = calendar.span(span, moment)
    assert found.start <= moment < found.end
    assert calendar.cover(found, BARS[span]) == found
    assert calendar.span(span, found.end - 1) == found
    if span != "ten_years":
        assert calendar.before(found) == calendar.span(span, found.start - 1)


@given(zones, st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001 -- local times are asked for
def test_local_times_and_times_with_an_offset_are_understood(zone: str, moment: datetime) -> None:
    calendar = CALENDARS[zone]
    moment = moment.replace(microsecond=0)
    seen = datetime.fromtimestamp(calendar.instant(moment.isoformat()), ZoneInfo(zone))
    # A time that the clock leaves out is moved by what it leaves out.
    assert abs(seen.replace(tzinfo=None) - moment) <= timedelta(hours=1)
    aware = moment.replace(tzinfo=UTC)
    assert calendar.instant(aware.isoformat()) == int(aware.timestamp())
    assert calendar.instant(moment.date().isoformat()) == LocalTime(zone).floor(
        calendar.instant(moment.replace(hour=12).isoformat()), "day"
    )


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "2026-02-29", "1979-12-31", "9000-01-01", "25:00"])
def test_what_is_no_date_of_our_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        PARIS.instant(text)


def test_every_span_has_bars() -> None:
    assert set(BARS.values()) == set(PERIODS)
    assert [len(PARIS.bars(PARIS.span(span, at("2026-02-14")), BARS[span])) for span in BARS] == [24, 28, 12, 10]


def test_ten_years_end_with_the_year_of_the_date() -> None:
    found = PARIS.span("ten_years", at("2026-06-01"))
    assert (local(found.start), local(found.end)) == ("2017-01-01 00:00", "2027-01-01 00:00")
    before = PARIS.before(found)
    assert (local(before.start), local(before.end)) == ("2007-01-01 00:00", "2017-01-01 00:00")


def test_the_hour_that_spring_leaves_out_has_yesterday_only() -> None:
    rows = shown("2026-03-29", "2026-03-30", "hour")
    assert len(rows) == 24
    assert [row for row in rows if None in row] == [(None, "2026-03-28 02:00")]


def test_the_second_hour_of_autumn_stands_alone_after_the_first() -> None:
    rows = shown("2026-10-25", "2026-10-26", "hour")
    assert len(rows) == 25
    assert rows[2:4] == [("2026-10-25 02:00", "2026-10-24 02:00"), ("2026-10-25 02:00", None)]


def test_the_day_after_autumn_has_an_hour_less_than_before() -> None:
    assert [row for row in shown("2026-10-26", "2026-10-27", "hour") if None in row] == [(None, "2026-10-25 02:00")]


def test_months_of_different_length_stand_side_by_side() -> None:
    february = shown("2026-02-01", "2026-03-01", "day")
    assert february[27:] == [
        ("2026-02-28 00:00", "2026-01-28 00:00"),
        *((None, f"2026-01-{day} 00:00") for day in (29, 30, 31)),
    ]
    assert shown("2026-03-01", "2026-04-01", "day")[28:] == [(f"2026-03-{day} 00:00", None) for day in (29, 30, 31)]


def test_a_leap_day_has_no_counterpart() -> None:
    rows = shown("2028-01-01", "2029-01-01", "day")
    assert len(rows) == 366
    assert rows[59:61] == [("2028-02-29 00:00", None), ("2028-03-01 00:00", "2027-03-01 00:00")]


@pytest.mark.parametrize(
    ("start", "end", "before"),
    [
        ("2026-01-05", "2026-01-12", ("2025-12-29 00:00", "2026-01-05 00:00")),
        ("2026-01-01", "2026-04-01", ("2025-10-01 00:00", "2026-01-01 00:00")),
        ("2026-01-01", "2028-01-01", ("2024-01-01 00:00", "2026-01-01 00:00")),
        ("2026-06-10T10:00", "2026-06-10T14:00", ("2026-06-09 10:00", "2026-06-09 14:00")),
        ("2026-06-10T22:00", "2026-06-12T02:00", ("2026-06-08 22:00", "2026-06-10 02:00")),
        ("2026-03-30T10:00", "2026-03-30T12:00", ("2026-03-29 10:00", "2026-03-29 12:00")),
    ],
)
def test_as_many_years_months_or_days_before(start: str, end: str, before: tuple[str, str]) -> None:
    found = PARIS.before(window(start, end))
    assert (local(found.start), local(found.end)) == before


@given(windows())
def test_about_how_many_bars_is_not_far_off(drawn: tuple[Calendar, str, Any, Window]) -> None:
    calendar, _, period, whole = drawn
    count = len(calendar.bars(whole, period))
    assert abs(whole.about(period) - count) <= 2 + count // 10
