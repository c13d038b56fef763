"""Two side by side: what compares how, and right differences."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from custom_components.legrand_ews.archive import Archive
from custom_components.legrand_ews.queries.compare import compare

from ..archive.support import START, ZONE, interval, rate
from .test_questions import SITE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAY = rate("0.25")
GAS = rate("0.9", "gas")
OLD = rate("2", currency="FRF")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    archive = Archive.open(f"sqlite:///{tmp_path / 'archive.db'}", site="home", zone=ZONE)
    yield archive
    archive.close()


def compared(archive: Archive, *keys: str, **asked: Any) -> dict[str, Any]:
    base = {
        "scope": "device",
        "keys": list(keys),
        "span": "day",
        "date": "2026-01-01",
        "previous": False,
        "by": "amount",
    }
    return compare(archive, SITE, {**base, **asked}, START)


def test_two_of_a_kind_are_compared_bar_by_bar_without_what_they_export(archive: Archive) -> None:
    archive.write(
        [
            interval(START, 100),
            interval(START, 900, quantity="energy_export"),
            interval(START, 30, "ovens"),
            interval(START + 3600, 5, "ovens"),
        ]
    )
    answer = compared(archive, "ovens", "mains")
    assert answer["comparable_by"] == "amount"
    assert [(one["key"], one["sum"]) for one in answer["series"]] == [("ovens", 35), ("mains", 100)]
    (difference,) = answer["differences"]
    assert (difference["commodity"], difference["unit"], difference["sum"]) == ("electricity", "Wh", -65)
    assert difference["amounts"][:3] == [-70, None, None]


def test_electricity_and_gas_compare_by_cost_only(archive: Archive) -> None:
    archive.write([interval(START, 100), interval(START, 30, "gas", quantity="volume", commodity="gas")])
    answer = compared(archive, "mains", "gas")
    assert (answer["comparable_by"], answer["differences"]) == ("cost", [])
    assert [one["unit"] for one in answer["series"]] == ["Wh", "L"]


def test_devices_are_known_by_what_they_count_before_they_count(archive: Archive) -> None:
    assert compared(archive, "mains", "gas")["comparable_by"] == "cost"
    assert compared(archive, "mains", "ovens") | {"differences": []} == compared(archive, "mains", "ovens")
    assert compared(archive, "mains", "ovens")["comparable_by"] == "amount"


def test_groups_compare_by_what_they_share(archive: Archive) -> None:
    archive.write(
        [
            interval(START, 10, groups=("east", "west")),
            interval(START, 30, "tap", quantity="volume", commodity="water", groups=("east",)),
        ]
    )
    answer = compared(archive, "east", "west", scope="group")
    assert answer["comparable_by"] == "amount"
    assert {one["commodity"]: one["sum"] for one in answer["differences"]} == {"electricity": 0, "water": None}


def test_electricity_and_gas_have_a_difference_in_money(archive: Archive) -> None:
    archive.write(
        [
            interval(START, 100, rate=DAY),
            interval(START, 9000, quantity="energy_export", rate=DAY),
            interval(START + 3600, 7),
            interval(START, 30, "gas", quantity="volume", commodity="gas", rate=GAS),
            interval(START + 3600, 30, "gas", quantity="volume", commodity="gas", rate=GAS),
        ]
    )
    answer = compared(archive, "mains", "gas")
    assert (answer["by"], answer["comparable_by"]) == ("cost", "cost")
    assert [(one["key"], one["sum"], one["amount_sum"], one["unpriced_sum"]) for one in answer["series"]] == [
        ("mains", 0.025, 107, 7),
        ("gas", 0.054, 60, 0),
    ]
    (difference,) = answer["differences"]
    assert (difference["currency"], difference["costs"][:3], difference["sum"]) == ("EUR", [-0.002, None, None], -0.029)


def test_two_of_a_kind_compare_by_cost_if_that_is_asked_for(archive: Archive) -> None:
    archive.write([interval(START, 100, rate=DAY), interval(START, 30, "ovens", rate=DAY)])
    answer = compared(archive, "ovens", "mains", by="cost", previous=True)
    assert (answer["by"], answer["comparable_by"]) == ("cost", "amount")
    assert [one["sum"] for one in answer["series"]] == [0.0075, 0.025]
    assert [one["sum"] for one in answer["differences"]] == [-0.0175]
    assert compared(archive, "ovens", "mains")["by"] == "amount"


def test_all_commodities_of_a_group_are_paid_together(archive: Archive) -> None:
    rows = [
        interval(START, 100, groups=("east",), rate=DAY),
        interval(START, 100, "gas", quantity="volume", commodity="gas", groups=("east",), rate=GAS),
    ]
    archive.write([*rows, interval(START, 10, "ovens", groups=("west",), rate=DAY)])
    (difference,) = compared(archive, "east", "west", scope="group", by="cost")["differences"]
    assert (difference["costs"][0], difference["sum"]) == (0.1125, 0.1125)


def test_currencies_are_not_mixed(archive: Archive) -> None:
    archive.write(
        [
            interval(START - 86400, 100, rate=replace(OLD, currency="BEF")),
            interval(START, 100, rate=OLD),
            interval(START + 600, 100, rate=DAY),
            interval(START, 50, "ovens", rate=DAY),
        ]
    )
    answer = compared(archive, "mains", "ovens", by="cost", previous=True)
    found = {one["currency"]: (one["costs"][0], one["sum"]) for one in answer["differences"]}
    assert found == {"BEF": (None, None), "EUR": (0.0125, 0.0125), "FRF": (None, None)}


def test_what_has_no_price_has_no_difference(archive: Archive) -> None:
    archive.write([interval(START, 100), interval(START, 30, "gas", quantity="volume", commodity="gas")])
    answer = compared(archive, "mains", "gas")
    assert answer["differences"] == []
    assert [one["sum"] for one in answer["series"]] == [None, None]
