"""The days of a rule."""

from __future__ import annotations

from datetime import UTC, date, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.billing import CostRule

from .witness import begins, rules

dates = st.dates(date(2019, 1, 1), date(2033, 1, 1))
DAY = timedelta(days=1)


@settings(deadline=None)
@given(dates, st.data())
def test_the_days_are_those_of_a_second_method(day: date, data: st.DataObject) -> None:
    rule = data.draw(rules(day, "a"))
    edges = [one for one in (rule.first_day, rule.last_day) if one]
    for one in (day, *(edge + number * DAY for edge in edges for number in range(-8, 9))):
        for year in range(2019, 2029):
            moved = one + (date(year, 1, 1) - date(one.year, 1, 1))
            assert rule.holds_on(moved) == begins(rule, moved)


@pytest.mark.parametrize(
    ("first", "last", "every_year", "days"),
    [
        pytest.param("2026-05-01", None, False, {"2026-05-01": 1, "2026-05-02": 0, "2027-05-01": 0}, id="one day"),
        pytest.param("2026-05-01", None, True, {"2025-05-01": 1, "2027-05-01": 1, "2027-05-02": 0}, id="every year"),
        pytest.param(None, "2026-05-01", False, {"1999-01-01": 1, "2026-05-01": 1, "2026-05-02": 0}, id="up to"),
        pytest.param(
            "2026-12-30",
            "2027-01-02",
            True,
            {"2024-12-29": 0, "2024-12-30": 1, "2025-01-02": 1, "2025-01-03": 0},
            id="over New Year",
        ),
        pytest.param("2024-02-29", None, True, {"2025-02-28": 0, "2025-03-01": 0, "2028-02-29": 1}, id="29 February"),
        pytest.param(
            "2024-02-01", "2024-02-29", True, {"2025-02-28": 1, "2025-03-01": 0, "2028-02-29": 1}, id="to 29 February"
        ),
        pytest.param("2026-05-02", "2026-05-01", False, {"2026-05-01": 0, "2026-05-02": 0}, id="backwards"),
    ],
)
def test_periods(first: str | None, last: str | None, every_year: bool, days: dict[str, int]) -> None:  # noqa: FBT001
    begin, end = (one and date.fromisoformat(one) for one in (first, last))
    rule = CostRule("T", first_day=begin or None, last_day=end or None, every_year=every_year)
    assert {day: rule.holds_on(date.fromisoformat(day)) for day in days} == days


@pytest.mark.parametrize(
    "parts",
    [
        {"start": time(1, 2, 3)},
        {"end": time(1, 2, 0, 4)},
        {"end": time(1, 2, tzinfo=UTC)},
        {"weekdays": frozenset({7})},
        {"every_year": True},
        {"every_year": True, "last_day": date(2026, 1, 1)},
    ],
)
def test_rules_that_are_none(parts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"minutes|weekdays|every year"):
        CostRule("T", **parts)
