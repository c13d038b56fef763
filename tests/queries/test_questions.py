"""Questions for bars: what is taken, in which order, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.exceptions import ServiceValidationError

from custom_components.legrand_ews.archive import Archive
from custom_components.legrand_ews.archive.site import Site, SiteDevice
from custom_components.legrand_ews.queries import questions
from custom_components.legrand_ews.queries.questions import MOST_VALUES, Question, add_up

from ..archive.support import START, ZONE, interval

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAY = 86400
FOREVER = {"start": "1990-01-01", "end": "2040-01-01", "previous": False}


def device(key: str, name: str, commodity: Any = "electricity", **more: Any) -> SiteDevice:
    given: dict[str, Any] = {
        "gateway": "Panel",
        "host": "192.0.2.7:502",
        "address": "5",
        "model": "412045",
        "family": "meters",
        "load": "others" if commodity == "electricity" else None,
        "groups": (),
        "counted": True,
        **more,
    }
    return SiteDevice(id=key, name=name, commodity=commodity, **given)


SITE = Site(
    name="Bakery",
    devices=(
        device("ovens", "Ovens", load="heating", groups=("east",), number=2),
        device("mains", "Mains", counted=False, number=1),
        device("gas", "Gas", "gas"),
        device("tap", "Tap", "water"),
        device("breaker", "Breaker", None),
    ),
    loads={"heating": "Heating", "sockets": "Sockets", "others": "Others"},
    groups={"east": "East", "west": "West"},
)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    archive = Archive.open(f"sqlite:///{tmp_path / 'archive.db'}", site="home", zone=ZONE)
    yield archive
    archive.close()


def ask(archive: Archive, scope: str = "device", **asked: Any) -> Question:
    return Question.read(archive, SITE, {"scope": scope, "previous": False, **asked}, START)


def refused(function: Any, *given: Any, **asked: Any) -> str:
    with pytest.raises(ServiceValidationError) as caught:
        function(*given, **asked)
    assert caught.value.translation_key is not None
    return caught.value.translation_key


def test_the_head_says_what_was_taken(archive: Archive) -> None:
    head = ask(archive, "total", span="month", date="2026-02-10", previous=True).head()
    assert (head["time_zone"], head["scope"], head["period"]) == (ZONE, "total", "day")
    assert (head["previous_start"], head["previous_end"], head["start"]) == (START, START + 31 * DAY, START + 31 * DAY)
    assert len(head["bars"]) == len(head["previous_bars"]) == 31
    assert head["bars"].count(None) == 3
    assert set(ask(archive, span="day").head()) == {"time_zone", "scope", "period", "start", "end", "bars"}


def test_values_are_laid_on_the_bars_that_they_are_in(archive: Archive) -> None:
    question = ask(archive, span="month", date="2026-02-10", previous=True)
    now, then = question.sides
    assert [then.bar(START), then.bar(START + DAY - 1), then.bar(START + DAY)] == [START, START, START + DAY]
    assert now.laid({START + 31 * DAY: 5})[:2] == [5, None]
    assert then.laid({START + 30 * DAY: 7})[-1] == 7
    assert now.laid({START: 5}) == [None] * 31


def test_lines_are_named_and_ranked_as_the_site_has_them_or_as_asked_for(archive: Archive) -> None:
    archive.write([interval(device="a deleted one")])
    meters = [(key, "energy_import", "electricity") for key in ("a deleted one", "mains", "ovens")]
    question = ask(archive, span="day")
    assert sorted(meters, key=question.rank) == [meters[2], meters[1], meters[0]]
    wanted = ask(archive, span="day", keys=["a deleted one", "ovens"])
    assert sorted(meters[::2], key=wanted.rank) == [meters[0], meters[2]]
    title = {"key": "mains", "name": "Mains", "quantity": "energy_import", "commodity": "electricity", "unit": "Wh"}
    assert question.title(meters[1]) == title
    assert question.title(("gone", "volume", "gas"))["name"] is None


def test_sums_are_of_what_is_known() -> None:
    assert add_up([1, None, 2]) == 3
    assert add_up([0]) == 0
    assert add_up([None]) is None


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"span": "day", "date": "soon"}, "bad_date"),
        ({"period": "day", "start": "2026-01-01", "end": "2026-02-30"}, "bad_date"),
        ({"period": "day", "start": "2026-01-02", "end": "2026-01-01"}, "end_before_start"),
        ({"period": "day", "start": "2026-01-02", "end": "2026-01-02"}, "end_before_start"),
        ({}, "which_time"),
        ({"start": "2026-01-01", "end": "2026-01-02"}, "which_time"),
        ({"period": "day", "start": "2026-01-01"}, "which_time"),
        ({"period": "day", "start": "2026-01-01", "end": "2026-01-02", "date": "2026-01-01"}, "which_time"),
        ({"span": "day", "start": "2026-01-01"}, "which_time"),
        ({"span": "day", "keys": ["nobody"]}, "unknown_keys"),
        ({"span": "day", "group": "nobody"}, "unknown_keys"),
        ({"span": "day", "keys": [None]}, "unknown_keys"),
        ({"span": "day", "scope": "total", "keys": ["mains"]}, "unknown_keys"),
        ({"period": "hour", **FOREVER}, "too_many_values"),
    ],
)
def test_what_cannot_be_answered_is_refused(archive: Archive, asked: dict[str, Any], code: str) -> None:
    assert refused(ask, archive, **asked) == code


def test_the_limit_counts_bars_keys_and_periods(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "MOST_VALUES", 48)
    keys = ["mains", "ovens"]
    assert len(ask(archive, span="day", date="2026-01-01", keys=keys).sides[0].bars) == 24
    assert refused(ask, archive, span="day", date="2026-01-01", keys=keys, previous=True) == "too_many_values"
    assert refused(ask, archive, span="day", date="2026-01-01") == "too_many_values"
    assert MOST_VALUES >= 366 * 24 * 20
