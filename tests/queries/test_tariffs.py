"""The answer about tariffs: what is set, what holds now and next, and what may be a mistake."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.legrand_ews.bill_settings import BillSettings
from custom_components.legrand_ews.queries.tariffs import tariffs

PARIS = ZoneInfo("Europe/Paris")
MONDAY = int(datetime(2026, 1, 12, 12, tzinfo=PARIS).timestamp())
"""Noon."""
HOUR = 3600

ELECTRICITY: dict[str, Any] = {
    "tariffs": [
        {
            "id": "t1",
            "name": "Day",
            "color": "#ff0000",
            "prices": [
                {"amount": "0.20", "valid_from": "2026-01-01", "tax": "20"},
                {"amount": "0.3", "valid_from": "2026-01-14"},
            ],
        },
        {"id": "t2", "name": "Night", "color": "#0000ff", "prices": [{"amount": "0.12"}]},
        {"id": "t3", "name": "Later", "color": "#00ff00", "prices": [{"amount": "1", "valid_from": "2030-01-01"}]},
    ],
    "rules": [
        {"tariff": "t2", "start": "00:00", "end": "23:59", "first_day": "2025-12-25"},
        {
            "tariff": "t2",
            "start": "00:00",
            "end": "23:59",
            "first_day": "2026-12-24",
            "last_day": "2026-12-26",
            "every_year": True,
        },
        {"tariff": "t3", "start": "00:00", "end": "23:59", "entity": "calendar.holidays", "state": "off"},
        {"tariff": "t1", "start": "00:00", "end": "18:59", "weekdays": [0, 1, 2, 3, 4]},
        {"tariff": "t2", "start": "19:00", "end": "23:59", "weekdays": [0, 1, 2, 3, 4]},
    ],
    "charges": [
        {"id": "c1", "name": "Meter", "per": "month", "prices": [{"amount": "31", "tax": "10"}], "since": "2026-01-01"},
        {"id": "c2", "name": "Tax", "per": "day", "prices": [{"amount": "1"}], "since": "2026-02-01"},
    ],
}


def settings_of(**plans: Any) -> BillSettings:
    return BillSettings.of({"billing": {"plans": plans}}, currency="EUR", zone=PARIS)


def ask(settings: BillSettings, now: int = MONDAY, **conditions: Any) -> dict[str, Any]:
    spans = {"calendar.holidays=off": conditions["off"]} if conditions else {}
    return tariffs(settings, {key: settings.plan(key, spans) for key in settings.plans}, now)


@pytest.fixture
def settings() -> BillSettings:
    return settings_of(electricity=ELECTRICITY)


def test_tariffs_are_told_with_their_prices(settings: BillSettings) -> None:
    answer = ask(settings)
    assert (answer["currency"], answer["time_zone"]) == ("EUR", "Europe/Paris")
    plan = answer["plans"]["electricity"]
    assert plan["tariffs"][0] == {
        "id": "t1",
        "name": "Day",
        "color": "#ff0000",
        "price": 0.24,
        "prices": [
            {"amount": 0.2, "tax": 20.0, "price": 0.24, "valid_from": "2026-01-01"},
            {"amount": 0.3, "tax": 0.0, "price": 0.3, "valid_from": "2026-01-14"},
        ],
    }
    assert [one["price"] for one in plan["tariffs"]] == [0.24, 0.12, None]
    assert plan["tariffs"][1]["prices"][0]["valid_from"] is None


def test_rules_and_charges_are_told_in_their_order(settings: BillSettings) -> None:
    plan = ask(settings)["plans"]["electricity"]
    assert plan["rules"][1] == {
        "tariff": "t2",
        "start": "00:00",
        "end": "23:59",
        "weekdays": [0, 1, 2, 3, 4, 5, 6],
        "first_day": "2026-12-24",
        "last_day": "2026-12-26",
        "every_year": True,
        "entity": None,
        "state": None,
    }
    assert [(one["tariff"], one["end"], one["entity"], one["state"]) for one in plan["rules"][2:]] == [
        ("t3", "23:59", "calendar.holidays", "off"),
        ("t1", "18:59", None, None),
        ("t2", "23:59", None, None),
    ]
    assert [(one["id"], one["name"], one["per"], one["today"]) for one in plan["charges"]] == [
        ("c1", "Meter", "month", 1.1),
        ("c2", "Tax", "day", None),
    ]
    assert plan["charges"][0]["prices"] == [{"amount": 31.0, "tax": 10.0, "price": 34.1, "valid_from": "2026-01-01"}]


def test_what_holds_now_and_when_that_ends(settings: BillSettings) -> None:
    plan = ask(settings)["plans"]["electricity"]
    assert plan["active"] == {"tariff": "t1", "name": "Day", "price": 0.24, "rule": 3}
    assert plan["next_change"] == MONDAY + 7 * HOUR
    saturday = ask(settings, MONDAY + 5 * 24 * HOUR)["plans"]["electricity"]
    assert (saturday["active"], saturday["next_change"]) == (None, MONDAY + 6 * 24 * HOUR + 12 * HOUR)


def test_a_tariff_that_has_no_price_yet_is_active_without_one(settings: BillSettings) -> None:
    plan = ask(settings, off=[(MONDAY - HOUR, None)])["plans"]["electricity"]
    assert plan["active"] == {"tariff": "t3", "name": "Later", "price": None, "rule": 2}


def test_segments_cover_today_and_the_seven_days_after_it(settings: BillSettings) -> None:
    answer = ask(settings)
    midnight = MONDAY - 12 * HOUR
    assert (answer["start"], answer["end"]) == (midnight, midnight + 8 * 24 * HOUR)
    segments = answer["plans"]["electricity"]["segments"]
    assert segments[0] == {"start": midnight, "end": midnight + 19 * HOUR, "tariff": "t1", "price": 0.24}
    assert [one["start"] for one in segments] == [midnight, *(one["end"] for one in segments[:-1])]
    assert segments[-1]["end"] == answer["end"]
    found = {one["price"] for one in segments if one["tariff"] == "t1"}
    assert found == {0.24, 0.3}
    (weekend,) = [one for one in segments if one["tariff"] is None]
    assert (weekend["price"], weekend["end"] - weekend["start"]) == (None, 48 * HOUR)


def test_days_are_those_of_the_clock_of_the_rules() -> None:
    spring = int(datetime(2026, 3, 27, 12, tzinfo=PARIS).timestamp())
    answer = ask(settings_of(electricity=ELECTRICITY), spring)
    assert answer["end"] - answer["start"] == (8 * 24 - 1) * HOUR
    meter = BillSettings.of({"billing": {"clock": -600}}, currency="USD", zone=PARIS)
    answer = ask(meter, spring)
    assert (answer["time_zone"], answer["end"] - answer["start"]) == ("UTC-10:00", 8 * 24 * HOUR)
    assert datetime.fromtimestamp(answer["start"], meter.zone).isoformat() == "2026-03-27T00:00:00-10:00"


def test_mistakes_are_told(settings: BillSettings) -> None:
    plan = ask(settings)["plans"]["electricity"]
    assert {"rule": 0, "reason": "over"} in plan["idle"]
    assert {(one["weekday"], one["start"], one["end"]) for one in plan["gaps"]} == {
        (5, "00:00", "23:59"),
        (6, "00:00", "23:59"),
    }
    days = [date(2026, 1, 12) + timedelta(days=day) for day in range(366)]
    christmas = [day for day in days if (day.month, day.day) in ((12, 24), (12, 25), (12, 26))]
    assert {one["weekday"]: one["days"] for one in plan["gaps"]} == {
        weekday: sum(day.weekday() == weekday for day in days) - sum(day.weekday() == weekday for day in christmas)
        for weekday in (5, 6)
    }


def test_plans_without_rules_are_told_as_they_are(settings: BillSettings) -> None:
    plans = ask(settings)["plans"]
    assert {key: plan["unit"] for key, plan in plans.items()} == {
        "electricity": "kWh",
        "export": "kWh",
        "gas": "m³",
        "water": "m³",
    }
    nothing: dict[str, Any] = {"tariffs": [], "rules": [], "charges": [], "segments": [], "gaps": [], "idle": []}
    assert plans["water"] == {"unit": "m³", "active": None, "next_change": None, **nothing}
