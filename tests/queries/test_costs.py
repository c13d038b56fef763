"""Answers about costs: what was paid at which tariff, by bar, to the millionth; credit, charges, what has no price."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.archive import Archive, IntervalRow, PartRow, RateRow
from custom_components.legrand_ews.queries import questions
from custom_components.legrand_ews.queries.costs import cost, money

from ..archive.support import START, ZONE, Model, batches, charge, interval, new_site, rate
from .test_questions import SITE, refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAY = 86400
T1 = rate("0.20", "t1", name="Day")
T2 = rate("0.12", "t2", name="Night")
LEVA = replace(T1, currency="BGN")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    archive = Archive.open(f"sqlite:///{tmp_path / 'archive.db'}", site="home", zone=ZONE)
    yield archive
    archive.close()


def ask(archive: Archive, scope: str = "device", *, by_tariff: bool = True, **asked: Any) -> dict[str, Any]:
    return cost(archive, SITE, {"scope": scope, "previous": False, "by_tariff": by_tariff, **asked}, START)


def today(archive: Archive, scope: str = "device", **asked: Any) -> dict[str, Any]:
    return ask(archive, scope, span="day", date="2026-01-01", **asked)


def two_rates(amount: int, part: int, one: RateRow | None, other: RateRow | None) -> IntervalRow:
    parts = (PartRow(start=START, amount=part, rate=one), PartRow(start=START + 300, amount=amount - part, rate=other))
    return interval(START, amount, parts=parts)


def rounded(value: Fraction) -> float:
    """Round half away from 0 to millionths."""
    whole = floor(abs(value) * 10**6 + Fraction(1, 2))
    return whole / 10**6 if value >= 0 else 0.0 - whole / 10**6


def paid(model: Model, scope: str, period: str, *, by_tariff: bool) -> dict[tuple[Any, ...], list[Any]]:
    """Return cost, amount and unpriced amount by line and bar, worked out in fractions."""
    pieces = model.costs(scope, period)
    homes: dict[tuple[Any, ...], str] = {}
    for *meter, _, price in pieces:
        if price is not None and not by_tariff:
            homes[*meter,] = min(price.currency, homes.get((*meter,), "ZZZ"))
    found: dict[tuple[Any, ...], list[Any]] = defaultdict(lambda: [None, 0, 0])
    for (*meter, label, price), amount in pieces.items():
        tariff = (price.tariff, price.name) if price and by_tariff else (None, None)
        bar = found[*meter, *tariff, price.currency if price else homes.get((*meter,)), label]
        bar[1] += amount
        if price is None:
            bar[2] += amount
        else:
            bar[0] = (bar[0] or 0) + amount * Fraction(price.price) / 1000
    return found


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=batches,
    scope=st.sampled_from(["device", "load", "group", "total"]),
    period=st.sampled_from(["day", "month"]),
    by_tariff=st.booleans(),
)
def test_bars_say_to_the_millionth_what_was_paid(
    tmp_path: Path,
    rows: list[list[IntervalRow]],
    scope: str,
    period: str,
    by_tariff: bool,  # noqa: FBT001
) -> None:
    archive = Archive.open(f"sqlite:///{tmp_path / 'archive.db'}", site=new_site(), zone=ZONE)
    model = Model(ZONE)
    for batch in rows:
        model.write(batch)
        archive.write(batch)
    answer = ask(archive, scope, by_tariff=by_tariff, period=period, start="2025-01-01", end="2027-01-01")
    archive.close()
    expected = paid(model, scope, period, by_tariff=by_tariff)
    bars = {}
    for one in answer["series"]:
        line = tuple(one[name] for name in ("key", "quantity", "commodity", "tariff", "tariff_name", "currency"))
        unpriced = one.get("unpriced") or [0] * len(one["amounts"])
        for start, *figures in zip(answer["bars"], one["costs"], one["amounts"], unpriced, strict=True):
            if figures[1] is not None:
                bars[*line, model.label(start, period)] = figures
        mine = [figures for bar, figures in expected.items() if bar[:-1] == line]
        costs = [figures[0] for figures in mine if figures[0] is not None]
        assert one["sum"] == (rounded(sum(costs, Fraction())) if costs else None)
        assert one["amount_sum"] == sum(figures[1] for figures in mine)
        assert one.get("unpriced_sum", 0) == sum(figures[2] for figures in mine)
        assert one["credit"] == (one["quantity"] == "energy_export")
    assert bars == {
        bar: [None if figures[0] is None else rounded(figures[0]), *figures[1:]] for bar, figures in expected.items()
    }


@given(value=st.decimals(-(10**20), 10**20, places=9))
def test_money_is_rounded_half_up_to_millionths(value: Decimal) -> None:
    assert money(value) == rounded(Fraction(value))
    assert str(money(Decimal("-0.0000004"))) == "0.0"


def test_an_interval_over_a_change_of_price_is_in_both_tariffs(archive: Archive) -> None:
    archive.write([two_rates(600, 300, T1, T2)])
    series = today(archive)["series"]
    assert [(one["tariff"], one["tariff_name"], one["currency"], one["sum"], one["amount_sum"]) for one in series] == [
        ("t1", "Day", "EUR", 0.06, 300),
        ("t2", "Night", "EUR", 0.036, 300),
    ]
    (together,) = today(archive, by_tariff=False)["series"]
    assert (together["tariff"], together["sum"], together["amount_sum"], together["unpriced_sum"]) == (
        None,
        0.096,
        600,
        0,
    )


def test_what_no_rule_prices_is_there_without_a_cost(archive: Archive) -> None:
    archive.write([two_rates(600, 200, None, T2), interval(START + 3600, 50)])
    night, rest = today(archive)["series"]
    assert (night["tariff"], night["costs"][:2], "unpriced" in night) == ("t2", [0.048, None], False)
    assert (rest["tariff"], rest["currency"], rest["costs"], rest["sum"]) == (None, None, [None] * 24, None)
    assert (rest["amounts"][:3], rest["amount_sum"]) == ([200, 50, None], 250)
    (together,) = today(archive, by_tariff=False)["series"]
    assert (together["costs"][:3], together["amounts"][:3]) == ([0.048, None, None], [600, 50, None])
    assert (together["unpriced"][:3], together["unpriced_sum"]) == ([200, 50, None], 250)


def test_currencies_have_lines_of_their_own_and_nothing_is_counted_twice(archive: Archive) -> None:
    archive.write([interval(START, 100, rate=T1), interval(START + 600, 100, rate=LEVA), interval(START + 1200, 7)])
    series = today(archive, by_tariff=False)["series"]
    assert [(one["currency"], one["sum"], one["amount_sum"], one["unpriced_sum"]) for one in series] == [
        ("BGN", 0.02, 107, 7),
        ("EUR", 0.02, 100, 0),
    ]


def test_the_day_before_stands_beside_today(archive: Archive) -> None:
    archive.write([interval(START + 3600, 100, rate=T1), interval(START - DAY + 3600, 50, rate=T1)])
    archive.write([interval(START - DAY + 7200, 50, rate=T2)])
    answer = today(archive, previous=True)
    one, other = answer["series"]
    assert (one["costs"][1], one["previous_costs"][1], one["previous_sum"]) == (0.02, 0.01, 0.01)
    assert (other["sum"], other["amount_sum"], other["previous_amounts"][:3]) == (None, None, [None, None, 50])
    assert (other["previous_amount_sum"], other["previous_sum"]) == (50, 0.006)
    assert answer["previous_start"] == START - DAY


def test_what_was_fed_back_is_a_positive_credit(archive: Archive) -> None:
    archive.write([interval(START, 1000, quantity="energy_export", rate=T2), interval(START, 1000, rate=T1)])
    for scope in ("device", "group", "total"):
        archive.write([interval(START + 600, 1, "ovens", groups=("east",), quantity="energy_export", rate=T1)])
        found = {one["credit"] for one in today(archive, scope)["series"]}
        assert found == ({True} if scope == "group" else {False, True}), scope
    total = today(archive, "total", by_tariff=False)["series"]
    assert [(one["credit"], one["quantity"], one["sum"]) for one in total] == [
        (True, "energy_export", 0.1202),
        (False, "energy_import", 0.2),
    ]
    assert [one["credit"] for one in today(archive, "load")["series"]] == [False]


def test_fixed_charges_stand_beside_the_total(archive: Archive) -> None:
    archive.write_charges([charge(START + DAY * day) for day in range(-1, 40)])
    archive.write_charges([charge(START, "0.1", "rent", commodity="gas", name="Rent")])
    answer = ask(archive, "total", span="month", date="2026-01-01", previous=True)
    assert [(one["commodity"], one["charge"], one["name"], one["currency"]) for one in answer["charges"]] == [
        ("electricity", "meter", "Meter", "EUR"),
        ("gas", "rent", "Rent", "EUR"),
    ]
    meter, rent = answer["charges"]
    assert (meter["costs"], meter["sum"], meter["previous_sum"]) == ([0.5] * 31, 15.5, 0.5)
    assert meter["previous_costs"] == [None] * 30 + [0.5]
    assert (rent["costs"][:2], rent["sum"], rent["previous_sum"]) == ([0.1, None], 0.1, None)
    year = ask(archive, "total", period="month", start="2026-01-01", end="2026-03-01")
    assert year["charges"][0]["costs"] == [15.5, 4.5]


def test_the_charge_of_a_day_is_in_its_first_hour(archive: Archive) -> None:
    archive.write_charges([charge(START), charge(START + DAY)])
    assert today(archive, "total")["charges"][0]["costs"] == [0.5] + [None] * 23
    noon = ask(archive, "total", period="hour", start="2026-01-01T12:00", end="2026-01-02T12:00")
    assert noon["charges"][0]["costs"] == [None] * 12 + [0.5] + [None] * 11


def test_only_the_whole_site_has_charges(archive: Archive) -> None:
    archive.write([interval(groups=("east",))])
    archive.write_charges([charge(START)])
    assert today(archive, "total", group="east")["charges"] == []
    assert "charges" not in today(archive, "device")


def test_a_renamed_charge_or_tariff_is_a_line_of_its_own(archive: Archive) -> None:
    archive.write_charges([charge(START), charge(START + DAY, name="Meter rent")])
    archive.write([interval(START, rate=T1), interval(START + 600, rate=replace(T1, name="Jour"))])
    answer = ask(archive, "total", span="month", date="2026-01-01")
    assert [one["name"] for one in answer["charges"]] == ["Meter", "Meter rent"]
    assert [(one["tariff"], one["tariff_name"]) for one in answer["series"]] == [("t1", "Day"), ("t1", "Jour")]


def test_lines_come_by_site_then_by_tariff_with_the_unpriced_last(archive: Archive) -> None:
    archive.write([interval(START + 600 * at, 1, "mains", rate=rate) for at, rate in enumerate((None, T2, T1))])
    archive.write([interval(START, 1, "ovens", rate=T2)])
    lines = [(one["name"], one["tariff"]) for one in today(archive)["series"]]
    assert lines == [("Ovens", "t2"), ("Mains", "t1"), ("Mains", "t2"), ("Mains", None)]
    group = today(archive, keys=["mains"], group="west")
    assert group["series"] == []


def test_the_limit_counts_the_tariffs(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.write([interval(START, 1, rate=T1), interval(START + 600, 1, rate=T2)])
    monkeypatch.setattr(questions, "MOST_VALUES", 48)
    assert len(today(archive, keys=["mains"])["series"]) == 2
    monkeypatch.setattr(questions, "MOST_VALUES", 47)
    assert refused(today, archive, keys=["mains"]) == "too_many_values"
    assert len(today(archive, keys=["mains"], by_tariff=False)["series"]) == 1
