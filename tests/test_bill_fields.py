"""The fields of the bill: what they take, what is stored of them, what they show of it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from homeassistant.data_entry_flow import section
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.bill_fields import (
    MOST_PRICES,
    WEEKDAYS,
    changed_factors,
    charge_schema,
    gas_schema,
    general_schema,
    read_rule,
    read_tariff,
    rule_schema,
    shown_gas,
    shown_rule,
    shown_tariff,
    tariff_schema,
)
from custom_components.legrand_ews.bill_form import ACTIONS
from custom_components.legrand_ews.bill_settings import PLANS, BillSettings
from custom_components.legrand_ews.history_settings import read_factors

from .bill_support import (
    AT_NIGHT,
    DAY,
    ENGLISH,
    PARIS,
    RED,
    TODAY,
    stored,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


def with_factor(options: Mapping[str, Any], factor: float | None, today: date) -> dict[str, Any]:
    """Return the options after somebody gave a factor."""
    return changed_factors(options, {"gas_factor": factor}, today)


def test_another_factor_holds_from_tomorrow_on() -> None:
    first = with_factor({}, 10, TODAY)
    assert first["gas_factors"] == [["2026-03-02", "10"]]
    assert with_factor(first, 10.0, TODAY + timedelta(days=9))["gas_factors"] == [["2026-03-02", "10"]]
    second = with_factor(first, 11.5, TODAY + timedelta(days=9))
    assert second["gas_factors"] == [["2026-03-02", "10"], ["2026-03-12", "11.5"]]
    assert shown_gas(second) == {"gas_factor": 11.5}
    third = with_factor(second, 11.6, TODAY + timedelta(days=9))
    assert third["gas_factors"] == [["2026-03-02", "10"], ["2026-03-12", "11.6"]]


def test_a_cleared_factor_leaves_the_past_as_it_was() -> None:
    cleared = with_factor(with_factor({}, 10, TODAY), None, TODAY)
    assert cleared["gas_factors"] == [["2026-03-02", "10"], ["2026-03-03", None]]
    assert shown_gas(cleared) == {}
    assert with_factor(cleared, None, TODAY + timedelta(days=5)) == cleared
    assert with_factor({}, None, TODAY)["gas_factors"] == []


def test_a_factor_holds_from_the_day_that_is_given() -> None:
    options = with_factor(with_factor({}, 10, TODAY), 11, TODAY)
    form = {"gas_factor": 12, "gas_factor_since": "2026-02-01"}
    assert changed_factors(options, form, TODAY)["gas_factors"] == [["2026-02-01", "12"]]
    form["gas_factor_since"] = "2026-03-03"
    assert changed_factors(options, form, TODAY)["gas_factors"] == [["2026-03-02", "10"], ["2026-03-03", "12"]]


CHANGES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 50_000).map(lambda given: given / 1000)), max_size=12)


@given(changes=CHANGES)
def test_a_factor_changes_nothing_of_the_past(changes: list[tuple[int, float]]) -> None:
    options, today = with_factor({}, 10, TODAY), TODAY
    for days, factor in changes:
        today += timedelta(days=days)
        before, options = read_factors(options), with_factor(options, factor, today)
        after = read_factors(options)
        past = [TODAY + timedelta(days=day) for day in range(-2, (today - TODAY).days + 1)]
        assert [after.on(day) for day in past] == [before.on(day) for day in past]
        assert after.on(today + timedelta(days=1)) == Decimal(str(factor))
        assert shown_gas(options)["gas_factor"] == factor


MILLIONTHS = st.integers(-(10**15), 10**15)
DATES = st.none() | st.dates(date(1970, 1, 1), date(2100, 12, 31)).map(str)


@given(amount=MILLIONTHS, tax=st.integers(0, 10**9))
def test_a_price_is_stored_exactly_as_it_was_entered(amount: int, tax: int) -> None:
    errors: dict[str, str] = {}
    form = {"amount": amount / 10**6, "tax": tax / 10**6}
    row = read_tariff({"name": "T", "color": RED, "price_1": form}, [], errors)
    assert errors == {}
    (price,) = row["prices"]
    assert (Decimal(price["amount"]), Decimal(price["tax"])) == (Decimal(amount).scaleb(-6), Decimal(tax).scaleb(-6))
    assert "e" not in price["amount"].lower()
    assert shown_tariff(row)["price_1"] == form


PRICE = st.fixed_dictionaries({}, optional={"amount": MILLIONTHS.map(lambda n: n / 10**6), "valid_from": DATES})
PRICE_FORMS = st.dictionaries(st.integers(1, MOST_PRICES).map(lambda number: f"price_{number}"), PRICE)
TIMES = st.times().map(lambda time: time.isoformat("seconds"))
RULE_FORMS = st.fixed_dictionaries(
    {
        "tariff": st.just("t"),
        "start": TIMES,
        "end": TIMES,
        "weekdays": st.lists(st.sampled_from(WEEKDAYS), unique=True),
        "every_year": st.booleans(),
        "first_day": DATES,
        "last_day": DATES,
    },
    optional={"entity": st.just("light.one"), "state": st.text(max_size=3)},
)


@given(prices=PRICE_FORMS, rule=RULE_FORMS)
def test_whatever_a_form_takes_makes_a_plan_and_is_shown_as_it_was(
    prices: dict[str, Any], rule: dict[str, Any]
) -> None:
    errors: dict[str, str] = {}
    tariff = read_tariff({"name": "T", "color": RED, **prices}, [], errors) | {"id": "t"}
    if errors:
        tariff = DAY | {"id": "t"}
    wrong: dict[str, str] = {}
    row = read_rule(rule, [], wrong)
    rows = [] if wrong else [row]
    options = stored(gas={"tariffs": [tariff], "rules": rows})
    plan = BillSettings.of(options, currency="EUR", zone=ZoneInfo(PARIS)).plan("gas")
    assert len(plan.rules) == len(rows)
    again = {"every_year": False, **shown_rule(row)}
    assert read_rule(again, [], {}) == row


def fields_of(schema: Any) -> tuple[set[str], dict[str, set[str]]]:
    """Return the fields of a form, and those of its sections."""
    sections = {
        str(key): set(map(str, field.schema.schema)) for key, field in schema.items() if isinstance(field, section)
    }
    return {str(key) for key in schema} - set(sections), sections


FORMS = {
    "tariff": tariff_schema("EUR/kWh", DAY),
    "charge": charge_schema("EUR", DAY),
    "rule": rule_schema([DAY], AT_NIGHT),
    "bill_general": general_schema("Local time"),
    "gas_factor": gas_schema(),
}


@pytest.mark.parametrize("step", FORMS)
def test_every_field_has_strings(step: str) -> None:
    strings = ENGLISH["options"]["step"][step]
    fields, sections = fields_of(FORMS[step].schema)
    assert fields == set(strings["data"]) == set(strings["data_description"])
    assert set(sections) == set(strings.get("sections", {}))
    for key, inner in sections.items():
        texts = strings["sections"][key]
        assert inner == set(texts["data"]) == set(texts["data_description"])
        assert texts["name"]


def test_the_choices_have_strings() -> None:
    selectors = ENGLISH["selector"]
    assert tuple(selectors["weekday"]["options"]) == WEEKDAYS
    assert tuple(selectors["rule_action"]["options"]) == ACTIONS
    assert tuple(selectors["bill_plan"]["options"]) == PLANS
