"""What things cost, as the options have it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.bill_settings import (
    PLANS,
    BillSettings,
    PlanSettings,
    condition_key,
    read_condition,
)
from custom_components.legrand_ews.billing import Charge, CostRule, Price, Tariff

PARIS = ZoneInfo("Europe/Paris")
NIGHT: dict[str, Any] = {
    "id": "n",
    "name": "Night",
    "color": "#102030",
    "prices": [
        {"amount": "0.1", "valid_from": "2026-01-01", "tax": "20"},
        {"amount": "-0.05", "valid_from": "2026-07-01"},
    ],
}
DAY: dict[str, Any] = {"id": "d", "name": "Day", "color": "#ffffff", "prices": [{"amount": "0.30"}]}
AT_NIGHT: dict[str, Any] = {
    "tariff": "n",
    "start": "22:00",
    "end": "05:59",
    "weekdays": [0, 4],
    "first_day": "2025-12-25",
    "last_day": "2026-01-06",
    "every_year": True,
    "entity": "calendar.holidays",
    "state": "off",
}
ALWAYS: dict[str, Any] = {"tariff": "d", "start": "00:00", "end": "23:59", "weekdays": [0, 1, 2, 3, 4, 5, 6]}
METER: dict[str, Any] = {
    "id": "m",
    "name": "Meter",
    "per": "month",
    "prices": [{"amount": "12"}],
    "since": "2026-02-10",
}
OPTIONS: dict[str, Any] = {
    "billing": {
        "currency": "CHF",
        "clock": 120,
        "plans": {"electricity": {"tariffs": [NIGHT, DAY], "rules": [AT_NIGHT, ALWAYS], "charges": [METER]}},
    }
}


def read(options: dict[str, Any]) -> BillSettings:
    return BillSettings.of(options, currency="EUR", zone=PARIS)


def test_nothing_stored_is_home_assistants_currency_and_clock_and_no_plan_has_anything() -> None:
    settings = read({})
    assert (settings.currency, settings.zone, settings.conditions) == ("EUR", PARIS, set())
    assert settings.plans == dict.fromkeys(PLANS, PlanSettings())
    assert all(settings.plan(key).at(datetime.now(UTC)) is None for key in PLANS)


def test_everything_stored_is_read() -> None:
    settings = read(OPTIONS)
    assert settings.currency == "CHF"
    assert settings.zone == timezone(timedelta(hours=2))
    prices = (Price(Decimal("0.1"), date(2026, 1, 1), Decimal(20)), Price(Decimal("-0.05"), date(2026, 7, 1)))
    holidays = (date(2025, 12, 25), date(2026, 1, 6))
    plan = settings.plans["electricity"]
    assert plan.tariffs == (
        Tariff("n", "Night", prices, "#102030"),
        Tariff("d", "Day", (Price(Decimal("0.30")),), "#ffffff"),
    )
    assert plan.rules == (
        CostRule("n", time(22), time(5, 59), frozenset({0, 4}), *holidays, True, "calendar.holidays=off"),  # noqa: FBT003
        CostRule("d"),
    )
    assert plan.charges == (Charge("m", "Meter", "month", (Price(Decimal(12), date(2026, 2, 10)),)),)
    assert settings.plans["gas"] == PlanSettings()


def test_a_charge_without_dates_begins_on_the_day_it_was_made() -> None:
    (charge,) = read(OPTIONS).plans["electricity"].charges
    assert charge.on(date(2026, 2, 9)) is None
    assert charge.on(date(2026, 2, 10)) is not None


def test_a_condition_decides_only_while_it_is_on() -> None:
    settings = read(OPTIONS)
    assert settings.conditions == {"calendar.holidays=off"}
    when = datetime(2025, 12, 26, 23, tzinfo=timezone(timedelta(hours=2)))
    on = {"calendar.holidays=off": [(0, None)]}
    never, now = (settings.plan("electricity", spans).tariff_at(when) for spans in ({}, on))
    assert never is not None
    assert now is not None
    assert (never.id, now.id) == ("d", "n")


def test_rules_go_by_the_fixed_clock() -> None:
    settings = read(OPTIONS)
    priced = settings.plan("electricity", {"calendar.holidays=off": [(0, None)]})
    # 22:00 of a fixed UTC+2 is 21:00 of Paris in winter.
    assert priced.rule_at(datetime(2026, 1, 2, 20, 59, tzinfo=PARIS)) == 1
    assert priced.rule_at(datetime(2026, 1, 2, 21, 0, tzinfo=PARIS)) == 0


def test_a_rule_without_a_state_asks_for_on() -> None:
    rule = {**ALWAYS, "entity": "input_boolean.red"}
    options = {"billing": {"plans": {"water": {"tariffs": [DAY], "rules": [rule]}}}}
    assert read(options).conditions == {condition_key("input_boolean.red")} == {"input_boolean.red=on"}


@given(entity=st.from_regex(r"[a-z_]+\.[a-z0-9_]+", fullmatch=True), state=st.text())
def test_a_condition_is_read_as_it_was_written(entity: str, state: str) -> None:
    assert read_condition(condition_key(entity, state)) == (entity, state)


@pytest.mark.parametrize("prices", [[{"amount": "1"}, {"amount": "2"}], [{"amount": str(n)} for n in range(6)]])
def test_prices_that_contradict_each_other_are_refused(prices: list[dict[str, str]]) -> None:
    options = {"billing": {"plans": {"gas": {"tariffs": [{**DAY, "prices": prices}]}}}}
    with pytest.raises(ValueError, match="price"):
        read(options)
