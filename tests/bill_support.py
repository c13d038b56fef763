"""Tariffs, rules and options that tests of the bill share."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from freezegun import freeze_time

from custom_components.legrand_ews.bill_fields import WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

ENGLISH = json.loads(
    (Path(__file__).parent.parent / "custom_components/legrand_ews/translations/en.json").read_text(encoding="utf-8")
)
PARIS = "Europe/Paris"
TODAY = date(2026, 3, 2)
NOON = "2026-03-02T11:00:00Z"
"""A Monday."""
RED, BLUE = [255, 0, 16], [0, 0, 255]
NIGHT: dict[str, Any] = {"id": "n", "name": "Night", "color": "#0000ff", "prices": [{"amount": "0.12"}]}
DAY: dict[str, Any] = {"id": "d", "name": "Day", "color": "#ff0000", "prices": [{"amount": "0.2", "tax": "20"}]}
ALL_WEEK = [0, 1, 2, 3, 4, 5, 6]
AT_NIGHT: dict[str, Any] = {"tariff": "n", "start": "22:00", "end": "05:59", "weekdays": ALL_WEEK}
WORKDAYS: dict[str, Any] = {"tariff": "d", "start": "06:00", "end": "21:59", "weekdays": [0, 1, 2, 3, 4]}
CHRISTMAS: dict[str, Any] = {
    "tariff": "n",
    "start": "00:00",
    "end": "23:59",
    "weekdays": ALL_WEEK,
    "first_day": "2025-12-25",
    "every_year": True,
}
WHILE_RED: dict[str, Any] = {**AT_NIGHT, "tariff": "d", "entity": "input_boolean.red", "state": "on"}
PLAN: dict[str, Any] = {"tariffs": [NIGHT, DAY], "rules": [CHRISTMAS, AT_NIGHT, WORKDAYS]}
EVERY_RULE = {"start": "00:00:00", "end": "23:59:00", "weekdays": list(WEEKDAYS), "every_year": False}


def plain(text: str) -> str:
    """Return a text without typography."""
    return text.replace("\N{EN DASH}", "-")


def stored(**plans: Any) -> dict[str, Any]:
    return {"billing": {"plans": plans}}


@contextmanager
def at(when: str) -> Iterator[None]:
    with freeze_time(when, real_asyncio=True):
        yield
