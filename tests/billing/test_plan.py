"""Plans: the vectors, the manual's examples, and every minute against a second method."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.billing import ActivePrice, CostPlan, CostRule, Price, Segment, Tariff

from .manual import (
    CHRISTMAS,
    DAYTIME,
    EVENING,
    EXAMPLE,
    HIGH,
    LAST,
    LOW,
    MARCH,
    MIDNIGHT,
    PARIS,
    T1,
    T2,
    T3,
    WORKDAYS,
    bill,
    cost,
    second,
    tariff,
    wall,
)
from .witness import ZONES, Witness, cases

NIGHT = CostPlan((LOW, HIGH), (CostRule("low", MIDNIGHT, time(5, 59)), CostRule("high")), PARIS)
RED_DAY = date(2026, 1, 14)
TEMPO = CostPlan(
    (LOW, HIGH),
    (
        CostRule("low", time(22), time(5, 59), first_day=RED_DAY),
        CostRule("high", time(6), time(5, 59), first_day=RED_DAY),
    ),
    PARIS,
)
EXCEPTION = CostPlan((T1, T3), (CostRule("T3", time(10), time(11, 59)), CostRule("T1")), PARIS)
SOON = CostPlan(
    [Tariff("T", "T", (Price(Decimal("0.20")), Price(Decimal("0.23"), date(2026, 1, 13))))], [CostRule("T")], PARIS
)


@pytest.mark.parametrize(
    ("plan", "start", "end", "quantity", "sums"),
    [
        pytest.param(
            EXAMPLE, "2026-01-12", "2026-01-13", "24", {"T1": ("19", "3.80"), "T2": ("5", "0.60")}, id="V01 Monday"
        ),
        pytest.param(EXAMPLE, "2026-01-10", "2026-01-11", "24", {None: ("24", None)}, id="V02 Saturday"),
        pytest.param(EXAMPLE, "2023-12-25", "2023-12-26", "24", {"T2": ("24", "2.88")}, id="V03 Christmas"),
        pytest.param(EXAMPLE, "2020-03-29", "2020-03-30", "23", {"T3": ("23", "6.90")}, id="V04 March, 23 h"),
        pytest.param(
            NIGHT, "2026-03-29", "2026-03-30", "23", {"low": ("5", "0.50"), "high": ("18", "4.50")}, id="V05 spring"
        ),
        pytest.param(
            NIGHT, "2026-10-25", "2026-10-26", "25", {"low": ("7", "0.70"), "high": ("18", "4.50")}, id="V06 autumn"
        ),
        pytest.param(SOON, "2026-01-12 23:55", "2026-01-13 00:05", "1", {"T": ("1", "0.215")}, id="V09 new price"),
        pytest.param(
            EXAMPLE,
            "2026-01-12 18:55",
            "2026-01-12 19:05",
            "0.6",
            {"T1": ("0.3", "0.060"), "T2": ("0.3", "0.036")},
            id="V10 across a change",
        ),
        pytest.param(
            TEMPO,
            "2026-01-14 06:00",
            "2026-01-15 06:00",
            "24",
            {"low": ("8", "0.80"), "high": ("16", "4.00")},
            id="V11 a day from 06:00 to 06:00",
        ),
        pytest.param(
            EXCEPTION,
            "2026-01-12",
            "2026-01-13",
            "24",
            {"T3": ("2", "0.60"), "T1": ("22", "4.40")},
            id="V14 the exception fires",
        ),
        pytest.param(
            EXAMPLE,
            "2026-01-12 18:59",
            "2026-01-12 19:01",
            "0.12",
            {"T1": ("0.06", "0.0120"), "T2": ("0.06", "0.0072")},
            id="V18 last and first minute",
        ),
        pytest.param(
            CostPlan([tariff("gas", "0.95")], [CostRule("gas")], PARIS),
            "2026-01-12",
            "2026-01-13",
            "12.5",
            {"gas": ("12.5", "11.875")},
            id="V19 gas",
        ),
    ],
)
def test_vectors(
    plan: CostPlan, start: str, end: str, quantity: str, sums: dict[str | None, tuple[str, str | None]]
) -> None:
    expected = {key: (Decimal(one), price and Decimal(price)) for key, (one, price) in sums.items()}
    assert bill(plan.split(wall(start), wall(end), Decimal(quantity))) == expected


def test_v15_five_prices_on_six_dates() -> None:
    years = range(2021, 2026)
    prices = tuple(Price(Decimal(n) / 20, date(year, 1, 1)) for n, year in enumerate(years, 2))
    plan = CostPlan([Tariff("T", "T", prices)], [CostRule("T")], PARIS)
    hours = [wall(f"{year}-06-01 12:00") for year in (2020, *years)]
    parts = [part for at in hours for part in plan.split(at, at + timedelta(hours=1), Decimal(1))]
    assert bill(parts) == {None: (Decimal(1), None), "T": (Decimal(5), Decimal("1.00"))}


@pytest.mark.parametrize(
    ("day", "early", "late"),
    [
        *((f"2026-01-{12 + n}", 2, 3) for n in range(5)),
        *((f"2026-01-{17 + n}", None, None) for n in range(2)),
        *((f"{year}-12-25", 1, 1) for year in range(2019, 2026)),
        *((f"2020-03-{2 + n:02}", 0, 0) for n in range(7)),
        *((f"2021-03-0{1 + n}", 2, 3) for n in range(5)),
        ("2020-02-28", 2, 3),
        ("2020-04-01", 2, 3),
    ],
)
def test_the_rules_of_the_manual_on_each_weekday(day: str, early: int | None, late: int | None) -> None:
    expected = {"00:00": early, "18:59:59": early, "19:00": late, "23:59:59": late}
    assert {at: EXAMPLE.rule_at(wall(f"{day} {at}")) for at in expected} == expected


def test_the_christmases_of_seven_years_are_on_seven_weekdays() -> None:
    assert {date(year, 12, 25).weekday() for year in range(2016, 2027)} == set(range(7))
    assert {EXAMPLE.rule_at(wall(f"{year}-12-25 12:00")) for year in range(2016, 2027)} == {1}


def test_a_minute_is_there_to_its_end() -> None:
    plan = CostPlan((T1, T2), (CostRule("T1", time(12), time(12)), CostRule("T2", time(23, 59), LAST)), PARIS)
    segments = list(plan.segments(second("2026-01-12"), second("2026-01-13")))
    assert [(one.start, one.end) for one in segments if one.active] == [
        (second("2026-01-12 12:00"), second("2026-01-12 12:01")),
        (second("2026-01-12 23:59"), second("2026-01-13")),
    ]


@settings(deadline=None, max_examples=60)
@given(cases(), st.integers(1, 3000))
def test_every_minute_is_that_of_a_second_method(case: tuple[Witness, int], minutes: int) -> None:
    witness, now = case
    start = now - now % 60
    plan, end = witness.plan(), start + minutes * 60
    segments = list(plan.segments(start, end))
    assert (segments[0].start, segments[-1].end) == (start, end)
    for before, after in pairwise(segments):
        assert before.end == after.start
        assert before.active != after.active
    for one in segments:
        expected = one.active and (one.active.tariff_id, one.active.price)
        assert {witness.price(at) for at in range(one.start - one.start % 60, one.end, 60)} == {expected}


@settings(deadline=None)
@given(cases())
def test_an_instant_is_that_of_a_second_method(case: tuple[Witness, int]) -> None:
    witness, now = case
    plan, when = witness.plan(), datetime.fromtimestamp(now, UTC)
    number, price, active = witness.rule(now), witness.price(now), plan.at(when)
    assert plan.rule_at(when) == number
    assert (active and (active.tariff_id, active.price)) == price
    expected = None if number is None else witness.rules[number].tariff_id
    found = plan.tariff_at(when)
    assert (found and found.id) == expected


@settings(deadline=None)
@given(cases(), st.integers(0, 2 * 10**11), st.decimals(-(10**6), 10**6, places=4) | st.just(Decimal("1E+3")))
@example((Witness(tariffs=[], rules=[], zone=PARIS, conditions={}), 0), 1, Decimal("1E-30"))
def test_split_is_exact_and_in_proportion_to_real_time(
    case: tuple[Witness, int], length: int, quantity: Decimal
) -> None:
    witness, now = case
    start = datetime.fromtimestamp(now, UTC) + timedelta(microseconds=7)
    end = start + timedelta(microseconds=length + 1)
    parts = witness.plan().split(start, end, quantity)
    assert sum(Fraction(part.quantity) for part in parts) == Fraction(quantity)
    assert (parts[0].start.astimezone(UTC), parts[-1].end.astimezone(UTC)) == (start, end)
    quantum = Fraction(Decimal(1).scaleb(min(0, int(quantity.as_tuple().exponent)) - 9))
    for before, after in pairwise(parts):
        assert before.end.astimezone(UTC) == after.start.astimezone(UTC)
        assert (before.tariff_id, before.price) != (after.tariff_id, after.price)
    for part in parts:
        share = (part.end.astimezone(UTC) - part.start.astimezone(UTC)) // timedelta(microseconds=1)
        assert abs(Fraction(part.quantity) - Fraction(quantity) * share / (length + 1)) <= quantum
        paid = None if part.price is None else Fraction(part.quantity) * Fraction(part.price)
        assert (part.cost is None and paid is None) or Fraction(part.cost or 0) == paid


@settings(deadline=None)
@given(cases())
def test_the_next_change_is_where_the_price_differs(case: tuple[Witness, int]) -> None:
    witness, now = case
    plan = witness.plan()
    change = plan.next_change(now, most_days=3)
    ahead = [one.start for one in plan.segments(now, now + 3 * 86400)][1:]
    assert change == (ahead[0] if ahead else None)
    if change is not None:
        assert witness.price(change - 1) == witness.price(now) != witness.price(change)


def test_a_price_that_never_changes_has_no_next_change() -> None:
    plan = CostPlan([T1], [CostRule("T1")], PARIS)
    assert plan.next_change(second("2026-01-01")) is None
    assert EXAMPLE.next_change(second("2026-01-12")) == second("2026-01-12 19:00")


def test_a_meter_clock_stays_where_it_is_in_summer() -> None:
    rules = CostRule("low", MIDNIGHT, time(5, 59)), CostRule("high")
    plan = CostPlan((LOW, HIGH), rules, timezone(timedelta(hours=1)))
    at = {text: plan.at(wall(text)) for text in ("2026-07-01 00:59", "2026-07-01 01:00", "2026-07-01 06:59")}
    assert [one and one.tariff_id for one in at.values()] == ["high", "low", "low"]


def test_a_condition_holds_from_and_to_its_second_and_one_that_is_missing_never_does() -> None:
    rules = CostRule("T3", condition="red"), CostRule("T2", condition="missing"), CostRule("T1")
    plan = CostPlan((T1, T2, T3), rules, PARIS, {"red": [(100, 200), (150, 250), (300, 300), (400, None)]})
    assert [(one.start, one.end, one.active and one.active.tariff_id) for one in plan.segments(0, 1000)] == [
        (0, 100, "T1"),
        (100, 250, "T3"),
        (250, 400, "T1"),
        (400, 1000, "T3"),
    ]


def test_a_tariff_without_a_price_yet_is_there_but_prices_nothing() -> None:
    plan = CostPlan([Tariff("T", "T", (Price(Decimal(1), date(2026, 2, 1)),))], [CostRule("T"), CostRule("T")], PARIS)
    before, after = wall("2026-01-31 23:59:59"), wall("2026-02-01")
    assert plan.at(before) is None
    assert plan.tariff_at(before) == plan.tariff_at(after) == plan.tariffs[0]
    assert plan.at(after) == ActivePrice("T", Decimal(1))


def test_neighbours_with_the_same_tariff_and_price_are_one() -> None:
    prices = Price(Decimal("0.2")), Price(Decimal("0.20"), date(2026, 1, 13))
    rules = CostRule("T", MIDNIGHT, time(11, 59)), CostRule("T")
    plan = CostPlan([Tariff("T", "T", prices)], rules, PARIS)
    start, end = second("2026-01-12"), second("2026-01-15")
    assert list(plan.segments(start, end)) == [Segment(start, end, ActivePrice("T", Decimal("0.2")))]
    assert list(plan.segments(end, start)) == list(plan.segments(start, start)) == []


def test_the_tax_is_in_the_price() -> None:
    plan = CostPlan([Tariff("T", "T", (Price(Decimal("0.15"), None, Decimal("5.5")),))], [CostRule("T")], PARIS)
    assert cost(plan.split(wall("2026-01-12"), wall("2026-01-13"), Decimal(1000))) == Decimal("158.25")


def test_money_does_not_depend_on_the_digits_of_the_context() -> None:
    plan = CostPlan([tariff("T", "123456789012345.678901234567")], [CostRule("T")], PARIS)
    quantity = Decimal("987654321098765.432109876543")
    (part,) = plan.split(wall("2026-01-12"), wall("2026-01-13"), quantity)
    assert part.cost is not None
    assert Fraction(part.cost) == Fraction("123456789012345.678901234567") * Fraction(quantity)


def test_nothing_in_no_time_is_no_part() -> None:
    assert EXAMPLE.split(wall("2026-01-12"), wall("2026-01-12"), Decimal(0)) == []


@pytest.mark.parametrize(
    ("start", "end", "quantity"),
    [
        pytest.param(wall("2026-01-12"), wall("2026-01-12"), Decimal(1), id="no time"),
        pytest.param(wall("2026-01-12"), wall("2026-01-11"), Decimal(0), id="wrong order"),
        pytest.param(datetime(2026, 1, 12), wall("2026-01-13"), Decimal(1), id="naive start"),  # noqa: DTZ001
        pytest.param(wall("2026-01-12"), datetime(2026, 1, 13), Decimal(1), id="naive end"),  # noqa: DTZ001
        pytest.param(wall("2026-01-12"), wall("2026-01-13"), Decimal("NaN"), id="no number"),
        pytest.param(wall("2026-10-25 02:30").replace(fold=1), wall("2026-10-25 02:30"), Decimal(1), id="fold"),
    ],
)
def test_what_cannot_be_split(start: datetime, end: datetime, quantity: Decimal) -> None:
    with pytest.raises(ValueError, match=r"no time|needs a zone|finite"):
        EXAMPLE.split(start, end, quantity)


def test_a_naive_time_has_no_price() -> None:
    for ask in (EXAMPLE.at, EXAMPLE.tariff_at, EXAMPLE.rule_at):
        with pytest.raises(ValueError, match="needs a zone"):
            ask(datetime(2026, 1, 12))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("tariffs", "rules", "match"),
    [
        pytest.param([tariff(str(n), "1") for n in range(6)], [], "at most 5", id="six tariffs"),
        pytest.param([T1, tariff("T1", "3")], [], "same id", id="two with one id"),
        pytest.param([T1], [DAYTIME, EVENING], "no such tariff: T2", id="unknown tariff"),
    ],
)
def test_plans_that_are_none(tariffs: list[Tariff], rules: list[CostRule], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        CostPlan(tariffs, rules, PARIS)


def test_a_plan_tells_what_it_was_made_of() -> None:
    assert (EXAMPLE.tariffs, EXAMPLE.time_zone, EXAMPLE.conditions) == ((T1, T2, T3), PARIS, {})
    assert EXAMPLE.rules == (MARCH, CHRISTMAS, DAYTIME, EVENING)
    assert DAYTIME.weekdays == WORKDAYS


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_a_year_is_split_into_all_of_its_time(zone: object) -> None:
    plan = CostPlan((LOW, HIGH), NIGHT.rules, zone)  # type: ignore[arg-type]
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    parts = plan.split(start, end, Decimal(8760))
    hours = sum((part.end.astimezone(UTC) - part.start.astimezone(UTC) for part in parts), timedelta())
    assert (hours, sum(part.quantity for part in parts)) == (timedelta(hours=8760), 8760)
    assert all(before.tariff_id != after.tariff_id for before, after in pairwise(parts))
    assert len(parts) in {730, 731}
