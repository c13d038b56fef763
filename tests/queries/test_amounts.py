"""Answers about the history: right sums beside the period before, and limits."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.archive import Archive
from custom_components.legrand_ews.queries import questions
from custom_components.legrand_ews.queries.amounts import consumption, describe_site, known_time, samples

from ..archive.support import START, ZONE, Model, batches, interval, new_site, sample
from .test_questions import SITE, refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAY = 86400


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    archive = Archive.open(f"sqlite:///{tmp_path / 'archive.db'}", site="home", zone=ZONE)
    yield archive
    archive.close()


def ask(archive: Archive, scope: str = "device", **asked: Any) -> dict[str, Any]:
    return consumption(archive, SITE, {"scope": scope, "previous": False, **asked}, START)


def found(answer: dict[str, Any], prefix: str = "") -> dict[tuple[Any, Any], tuple[Any, Any]]:
    return {(one["key"], one["quantity"]): (one[f"{prefix}sum"], one[f"{prefix}amounts"]) for one in answer["series"]}


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=batches, scope=st.sampled_from(["device", "load", "group", "total"]), period=st.sampled_from(["day", "month"])
)
def test_bars_hold_exactly_what_was_written(tmp_path: Path, rows: Any, scope: str, period: str) -> None:
    archive = Archive.open(f"sqlite:///{tmp_path / 'archive.db'}", site=new_site(), zone=ZONE)
    model = Model(ZONE)
    for batch in rows:
        model.write(batch)
        archive.write(batch)
    answer = ask(archive, scope, period=period, start="2025-01-01", end="2027-01-01")
    bars: Counter[tuple[Any, ...]] = Counter()
    for one in answer["series"]:
        assert one["sum"] == sum(amount or 0 for amount in one["amounts"])
        assert one["estimated_sum"] == sum(amount or 0 for amount in one["estimated"])
        line = one["key"], one["quantity"], one["commodity"]
        for start, amount, estimated in zip(answer["bars"], one["amounts"], one["estimated"], strict=True):
            if amount is not None:
                bars[*line, model.label(start, period), "amount"] = amount
                bars[*line, model.label(start, period), "estimated"] = estimated
    archive.close()
    assert bars == model.bars(scope, period)


def test_yesterday_stands_beside_today(archive: Archive) -> None:
    archive.write(
        [
            interval(START, 100),
            interval(START + 3600, 70, estimated=True),
            interval(START - DAY + 3600, 50),
            interval(START - DAY + 7200, 5),
            interval(START - 2 * DAY, 1000),
        ]
    )
    answer = ask(archive, span="day", date="2026-01-01", previous=True)
    (series,) = answer["series"]
    assert (answer["start"], answer["end"], answer["previous_start"]) == (START, START + DAY, START - DAY)
    assert answer["previous_end"] == START
    assert answer["bars"] == [START + 3600 * hour for hour in range(24)]
    assert answer["previous_bars"] == [START - DAY + 3600 * hour for hour in range(24)]
    assert series["amounts"][:4] == [100, 70, None, None]
    assert series["estimated"][:4] == [0, 70, None, None]
    assert series["previous_amounts"][:4] == [None, 50, 5, None]
    assert (series["sum"], series["estimated_sum"], series["previous_sum"], series["previous_estimated_sum"]) == (
        170,
        70,
        55,
        0,
    )
    assert (series["key"], series["name"], series["unit"], series["commodity"]) == (
        "mains",
        "Mains",
        "Wh",
        "electricity",
    )


def test_without_the_period_before_nothing_is_said_of_it(archive: Archive) -> None:
    archive.write([interval(START)])
    answer = ask(archive, span="day", date="2026-01-01")
    assert not [key for told in (answer, *answer["series"]) for key in told if key.startswith("previous")]


def test_a_line_that_has_nothing_now_is_there_for_what_it_had(archive: Archive) -> None:
    archive.write([interval(START - DAY, 7)])
    (series,) = ask(archive, span="day", date="2026-01-01", previous=True)["series"]
    assert (series["sum"], series["previous_sum"]) == (None, 7)


def test_all_of_a_day_of_25_hours_is_there(archive: Archive) -> None:
    first = int(datetime(2026, 10, 25, tzinfo=ZoneInfo(ZONE)).timestamp())
    archive.write([interval(first - DAY + 3600 * hour, 1) for hour in range(49)])
    (series,) = ask(archive, span="day", date="2026-10-25", previous=True)["series"]
    assert (series["sum"], series["previous_sum"]) == (25, 24)
    assert series["previous_amounts"].index(None) == 3


def test_the_date_is_today_if_none_is_given(archive: Archive) -> None:
    assert ask(archive, span="month")["start"] == START
    assert ask(archive, span="ten_years")["period"] == "year"


def test_a_period_of_ones_own_is_taken_in_whole_bars(archive: Archive) -> None:
    archive.write([interval(START)])
    answer = ask(archive, period="month", start="2026-01-20T12:00", end="2026-02-02")
    assert len(answer["bars"]) == 2
    assert found(answer) == {("mains", "energy_import"): (100, [100, None])}


def test_lines_come_in_the_order_of_the_site_and_deleted_ones_last(archive: Archive) -> None:
    archive.write([interval(START, device=key) for key in ("a deleted one", "mains", "ovens")])
    series = ask(archive, span="day", date="2026-01-01")["series"]
    assert [(one["key"], one["name"]) for one in series] == [
        ("ovens", "Ovens"),
        ("mains", "Mains"),
        ("a deleted one", None),
    ]
    asked = ask(archive, span="day", date="2026-01-01", keys=["a deleted one", "ovens"])["series"]
    assert [one["key"] for one in asked] == ["a deleted one", "ovens"]


def test_a_group_filters_and_loads_and_commodities_are_kept_apart(archive: Archive) -> None:
    archive.write(
        [
            interval(START, 10, "ovens", load="heating", groups=("east",)),
            interval(START, 20, "mains", load="heating"),
            interval(START, 30, "tap", quantity="volume", commodity="water", groups=("east",)),
        ]
    )
    loads = ask(archive, "load", span="day", date="2026-01-01")["series"]
    assert [(one["key"], one["sum"], one["unit"]) for one in loads] == [("heating", 30, "Wh"), (None, 30, "L")]
    only = ask(archive, "load", span="day", date="2026-01-01", keys=[None])["series"]
    assert [one["key"] for one in only] == [None]
    east = ask(archive, "total", span="day", date="2026-01-01", group="east")["series"]
    assert [(one["commodity"], one["sum"]) for one in east] == [("electricity", 10), ("water", 30)]


def test_years_of_a_device_fit_into_one_answer(archive: Archive) -> None:
    archive.write([interval(START + DAY * 30 * month, 1) for month in range(60)])
    (series,) = ask(archive, keys=["mains"], period="day", start="2026-01-01", end="2036-01-01")["series"]
    assert (series["sum"], len(series["amounts"])) == (60, 3652)


def measured(archive: Archive, key: str = "mains", **asked: Any) -> dict[str, Any]:
    times = {"start": "2026-01-01", "end": "2026-01-02"}
    return samples(archive, SITE, {"device": key, **times, **asked})


def test_samples_are_lists_side_by_side(archive: Archive) -> None:
    archive.write(
        samples=[
            sample(START, voltage_l1=(230, 228, 232), odd=1.0),
            sample(START + 600, voltage_l1=(232, 231, 240)),
            sample(START + DAY, voltage_l1=1.0),
        ]
    )
    answer = measured(archive)
    assert (answer["starts"], answer["seconds"]) == ([START, START + 600], [600, 600])
    voltage = {"unit": "V", "average": [230, 232], "minimum": [228, 231], "maximum": [232, 240]}
    odd = {"unit": None, "average": [1, None], "minimum": [1, None], "maximum": [1, None]}
    assert answer["quantities"] == {"odd": odd, "voltage_l1": voltage}
    only = measured(archive, quantities=["odd", "voltage_l2"])
    assert (set(only["quantities"]), only["starts"]) == ({"odd"}, [START])


@pytest.mark.parametrize(("step", "count"), [(900, 96), (3600, 24), (86400, 1)])
def test_samples_are_joined_to_whole_steps(archive: Archive, step: int, count: int) -> None:
    archive.write(samples=[sample(START + 300 * number, seconds=300, voltage_l1=number) for number in range(288)])
    answer = measured(archive, step=step)
    assert len(answer["starts"]) == count
    inside = measured(archive, step=step, start="2026-01-01T12:01", end="2026-01-01T12:02")
    assert len(inside["starts"]) == 1
    assert inside["end"] - inside["start"] == step
    assert inside["seconds"] == [step]


def test_samples_that_cannot_be_had_are_refused(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.write(samples=[sample(START + 600 * number, "deleted", voltage_l1=1.0) for number in range(3)])
    assert refused(measured, archive, "nobody") == "unknown_keys"
    assert refused(measured, archive, quantities=["nothing"]) == "unknown_keys"
    assert refused(measured, archive, end="2025-01-01") == "end_before_start"
    assert refused(measured, archive, start="now") == "bad_date"
    assert len(measured(archive, "deleted")["starts"]) == 3
    monkeypatch.setattr(questions, "MOST_VALUES", 8)
    assert refused(measured, archive, "deleted") == "too_many_values"
    assert len(measured(archive, "deleted", step=3600)["starts"]) == 1


def test_the_site_is_told_with_the_time_that_is_known(archive: Archive) -> None:
    assert known_time(archive) == (None, None)
    archive.write([interval(START + 7200), interval(START + DAY, counted=False)])
    assert known_time(archive) == (START, START + DAY + 600)
    told = describe_site(SITE, period=600, zone=ZONE, currency="EUR", ends=(1, 2))
    assert (told["name"], told["time_zone"], told["sample_rate"]) == ("Bakery", ZONE, 600)
    assert (told["currency"], told["since"], told["until"]) == ("EUR", 1, 2)
    assert told["loads"] == {"heating": "Heating", "sockets": "Sockets", "others": "Others"}
    assert told["groups"] == {"east": "East", "west": "West"}
    assert told["devices"][0] == {
        "id": "ovens",
        "number": 2,
        "name": "Ovens",
        "gateway": "Panel",
        "address": "5",
        "model": "412045",
        "commodity": "electricity",
        "load": "heating",
        "groups": ["east"],
        "counted": True,
    }


def test_what_was_summed_up_in_another_time_zone_is_not_lost(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'archive.db'}"
    old = Archive.open(url, site="home", zone="Asia/Kolkata")
    old.write([interval(START + DAY * day, 1) for day in range(90)])
    old.retain({"intervals": START + 80 * DAY})
    old.close()
    new = Archive.open(url, site="home", zone=ZONE)
    (series,) = ask(new, period="day", start="2025-12-01", end="2027-01-01")["series"]
    new.close()
    assert series["sum"] == sum(amount or 0 for amount in series["amounts"]) == 90
