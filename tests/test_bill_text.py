"""What the forms of the bill say."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.util import dt as dt_util

from custom_components.legrand_ews import bill_text
from custom_components.legrand_ews.bill_settings import PLANS, BillSettings
from custom_components.legrand_ews.bill_text import BillText

from .bill_support import (
    ALL_WEEK,
    AT_NIGHT,
    CHRISTMAS,
    DAY,
    ENGLISH,
    NIGHT,
    NOON,
    PARIS,
    PLAN,
    WHILE_RED,
    WORKDAYS,
    at,
    plain,
    stored,
)

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .support import Panel

ALWAYS: dict[str, Any] = {**WORKDAYS, "start": "00:00", "end": "23:59", "weekdays": ALL_WEEK}


@pytest.fixture(autouse=True)
async def words(hass: HomeAssistant, panel: Panel) -> None:
    """Load the strings."""
    await hass.config.async_update(time_zone=PARIS)
    await panel.load_integration()


def text_of(hass: HomeAssistant, **plans: Any) -> BillText:
    """Return what is said of plans."""
    settings = BillSettings.of(stored(**plans), currency="EUR", zone=dt_util.get_default_time_zone())
    return BillText(hass, settings)


async def details(hass: HomeAssistant, *rules: dict[str, Any]) -> str:
    """Return all that is said at noon of a plan with these rules."""
    with at(NOON):
        return plain(await text_of(hass, electricity={**PLAN, "rules": list(rules)}).async_details("electricity"))


def warnings(said: str) -> list[str]:
    """Return what is warned of."""
    return [line.removeprefix("⚠️ ") for line in said.splitlines() if line.startswith("⚠")]


async def test_rules_are_named_in_order_with_the_one_that_is_true_marked(hass: HomeAssistant) -> None:
    until = {**WORKDAYS, "weekdays": [1, 3, 4, 5], "last_day": "2026-02-28"}
    once = {**WORKDAYS, "first_day": "2026-03-08", "weekdays": [6]}
    winter = {**ALWAYS, "first_day": "2025-12-24", "last_day": "2026-01-02", "every_year": True}
    rules = [CHRISTMAS, until, once, winter, AT_NIGHT, WHILE_RED, WORKDAYS]
    with at(NOON):
        text = text_of(hass, electricity={**PLAN, "rules": rules})
        assert [plain(label) for label in text.rules("electricity")] == [
            "1 · Night · every day all day · 25 Dec, every year",
            "2 · Day · Tue, Thu-Sat 06:00-21:59 · until 28 Feb 2026",
            "3 · Day · Sun 06:00-21:59 · 8 Mar 2026",
            "4 · Day · every day all day · 24 Dec - 2 Jan, every year",
            "5 · Night · every day 22:00-05:59",
            "6 · Day · every day 22:00-05:59 · while input_boolean.red is on",
            "● 7 · Day · Mon-Fri 06:00-21:59",
        ]
        assert text.now("electricity") == "Active now: **Day**, 0.24 EUR/kWh"


async def test_an_entity_is_called_by_its_name(hass: HomeAssistant) -> None:
    hass.states.async_set("input_boolean.red", "off", {"friendly_name": "Red day"})
    (label,) = text_of(hass, gas={**PLAN, "rules": [WHILE_RED]}).rules("gas")
    assert label.endswith("while Red day is on")


async def test_the_week_is_shown_with_what_no_rule_covers(hass: HomeAssistant) -> None:
    said = await details(hass, WHILE_RED, CHRISTMAS, AT_NIGHT, WORKDAYS)
    picture = said.split("```")[1].splitlines()[2:]
    assert picture[:7] == [
        *(f"{day} AAAAAABBBBBBBBBBBBBBBBAA" for day in ("Mon", "Tue", "Wed", "Thu", "Fri")),
        *(f"{day} AAAAAA................AA" for day in ("Sat", "Sun")),
    ]
    assert "**A** Night · **B** Day" in said
    assert "Rules that depend on an entity are not in the picture." in said
    assert warnings(said) == ["No rule covers Sat, Sun 06:00-21:59. What is consumed then is not priced."]


async def test_nothing_is_warned_of_where_all_is_covered(hass: HomeAssistant) -> None:
    said = await details(hass, AT_NIGHT, ALWAYS)
    assert warnings(said) == []
    assert "depend on an entity" not in said


IDLE: dict[str, tuple[list[dict[str, Any]], str]] = {
    "over": (
        [{**WORKDAYS, "first_day": "2020-03-01", "last_day": "2020-03-31"}, ALWAYS],
        "Rule 1 is over: its last day is past.",
    ),
    "never": (
        [{**WORKDAYS, "first_day": "2026-03-08"}, ALWAYS],
        "Rule 1 is never true: none of its weekdays is in its period.",
    ),
    "hidden": (
        [ALWAYS, {**WORKDAYS, "weekdays": [2]}],
        "Rule 2 never decides: those above it are always true when it is.",
    ),
}


@pytest.mark.parametrize("case", IDLE)
async def test_rules_that_do_nothing_are_named(hass: HomeAssistant, case: str) -> None:
    rules, said = IDLE[case]
    assert warnings(await details(hass, *rules)) == [said]


async def test_gaps_of_a_few_days_are_counted(hass: HomeAssistant) -> None:
    most = {**ALWAYS, "first_day": "2026-01-11", "last_day": "2027-02-20"}
    assert warnings(await details(hass, most)) == [
        "On 10 days of the coming year, no rule covers every day all day. What is consumed then is not priced."
    ]


async def test_tariffs_without_rules_are_warned_of(hass: HomeAssistant) -> None:
    assert warnings(await details(hass)) == ["There is no rule yet. A tariff applies only while a rule says so."]


async def test_a_rule_with_an_entity_is_active_while_that_is_so(hass: HomeAssistant) -> None:
    rules = [{**WHILE_RED, "start": "00:00", "end": "23:59"}]
    for state, active in (("off", "no tariff, nothing is priced"), ("on", "**Day**, 0.24 EUR/m³")):
        hass.states.async_set("input_boolean.red", state)
        assert text_of(hass, water={**PLAN, "rules": rules}).now("water") == f"Active now: {active}"


async def test_a_tariff_without_a_price_yet_says_so(hass: HomeAssistant) -> None:
    later = {**DAY, "prices": [{"amount": "1", "valid_from": "2026-03-03"}]}
    with at(NOON):
        text = text_of(hass, electricity={"tariffs": [later], "rules": [WORKDAYS]})
        assert text.now("electricity") == "Active now: **Day**, no price yet"


PRICES = {"0.2": "0.20", "100": "100.00", "-0.05": "-0.05", "0.123456": "0.123456", "0": "0.00", "0.1230": "0.123"}


@pytest.mark.parametrize("amount", PRICES)
async def test_prices_are_written_with_what_counts(hass: HomeAssistant, amount: str) -> None:
    tariff = {**DAY, "prices": [{"amount": amount}]}
    text = text_of(hass, gas={"tariffs": [NIGHT, tariff], "rules": [ALWAYS]})
    assert text.overview().splitlines() == [
        "- Electricity: no tariffs",
        "- Export credit: no tariffs",
        f"- Gas: **Day**, {PRICES[amount]} EUR/m³",
        "- Water: no tariffs",
    ]


def test_all_that_is_said_has_strings_and_is_used() -> None:
    code = inspect.getsource(bill_text)
    keys = set(re.findall(r'_(?:say|warning)\("(\w+)"', code)) | set(re.findall(r'"(\w+)" if .* else "(\w+)"', code)[0])
    keys |= {"date", "date_every_year", "local_time"}
    keys |= {f"day_{day}" for day in range(7)} | {f"month_{month}" for month in range(1, 13)}
    keys |= {"rule_over", "rule_hidden", "rule_never"}
    assert set(ENGLISH["selector"]["bill_text"]["options"]) == keys
    assert tuple(ENGLISH["selector"]["bill_plan"]["options"]) == PLANS
