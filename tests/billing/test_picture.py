"""A week as text."""

from __future__ import annotations

from datetime import date, time

import pytest

from custom_components.legrand_ews.billing import CostPlan, CostRule, Price, Tariff, week_picture

from .manual import EXAMPLE, LOW, MIDNIGHT, PARIS, T1, T2, tariff

NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LETTERS = {"T1": "A", "T2": "b", "T3": "c"}


def row(plan: CostPlan, day: date, letters: dict[str, str]) -> str:
    """Return the hours of one day."""
    return week_picture(plan, day, letters, NAMES).splitlines()[1].removeprefix(NAMES[day.weekday()] + " ")


def test_the_week_of_christmas() -> None:
    assert week_picture(EXAMPLE, date(2025, 12, 23), LETTERS, NAMES).splitlines() == [
        "    0     6     12    18",
        "Tue AAAAAAAAAAAAAAAAAAAbbbbb",
        "Wed AAAAAAAAAAAAAAAAAAAbbbbb",
        "Thu bbbbbbbbbbbbbbbbbbbbbbbb",
        "Fri AAAAAAAAAAAAAAAAAAAbbbbb",
        "Sat ........................",
        "Sun ........................",
        "Mon AAAAAAAAAAAAAAAAAAAbbbbb",
    ]


def test_it_is_narrow_whatever_the_names() -> None:
    names = ["Wednesday" * 2, "Mi", *NAMES[2:]]
    lines = week_picture(EXAMPLE, date(2025, 12, 22), LETTERS, names).splitlines()
    assert {len(line) for line in lines[1:]} == {32}
    assert lines[1].startswith("Wednesd A")
    assert lines[2].startswith("Mi      A")


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        pytest.param(date(2026, 3, 28), "AAbAAAAAAAAAAAAAAAAAAAA/", id="half an hour"),
        pytest.param(date(2026, 3, 29), "AA AAAAAAAAAAAAAAAAAAAA/", id="no such hour"),
        pytest.param(date(2026, 10, 25), "AAbAAAAAAAAAAAAAAAAAAAA/", id="twice the same"),
    ],
)
def test_the_hours_of_the_clock(day: date, hours: str) -> None:
    rules = CostRule("T2", time(2), time(2, 59)), CostRule("T2", time(23, 30)), CostRule("T1")
    assert row(CostPlan((T1, T2), rules, PARIS), day, LETTERS) == hours


def test_an_hour_that_is_there_twice_is_both() -> None:
    back = int(date(2026, 10, 25).toordinal() - date(1970, 1, 1).toordinal()) * 86400 + 3600
    rules = CostRule("T2", condition="winter"), CostRule("T1")
    plan = CostPlan((T1, T2), rules, PARIS, {"winter": [(back, None)]})
    assert row(plan, date(2026, 10, 25), LETTERS) == "AA/" + "b" * 21


def test_a_tariff_without_a_price_is_there_and_one_without_a_letter_is_a_question() -> None:
    later = Tariff("later", "later", (Price(LOW.prices[0].amount, date(2099, 1, 1)),))
    rules = CostRule("later", MIDNIGHT, time(11, 59)), CostRule("other", time(12), time(12, 59))
    plan = CostPlan((later, tariff("other", "1")), rules, PARIS)
    assert row(plan, date(2026, 1, 12), {"later": "L"}) == "L" * 12 + "?" + "." * 11
