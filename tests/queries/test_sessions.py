"""Answers about charging sessions: costs and sums that add up, and what is refused."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.archive import Archive
from custom_components.legrand_ews.archive.rows import cost_of
from custom_components.legrand_ews.queries import questions
from custom_components.legrand_ews.queries.costs import money
from custom_components.legrand_ews.queries.sessions import sessions

from ..archive import support
from ..archive.support import RATES, START, ZONE, interruption, new_site, session
from .test_questions import refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from custom_components.legrand_ews.archive import SessionRow

HOUR = 3600
NAMES = {"yard": "Yard", "bay": "Bay 1 of today"}
JANUARY = {"start": "2026-01-01", "end": "2026-02-01"}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    archive = Archive.open(f"sqlite:///{tmp_path / 'archive.db'}", site="home", zone=ZONE)
    yield archive
    archive.close()


def ask(archive: Archive, **asked: Any) -> dict[str, Any]:
    return sessions(archive, NAMES, {**JANUARY, **asked})


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(support.sessions(), max_size=8))
def test_costs_are_those_of_the_energy_and_sums_are_those_of_the_sessions(
    tmp_path: Path, written: list[SessionRow]
) -> None:
    archive = Archive.open(f"sqlite:///{tmp_path / 'archive.db'}", site=new_site(), zone=ZONE)
    archive.write(sessions=written)
    newest = {row.id: row for row in written}
    answer = ask(archive, start="2025-01-01", end="2027-01-01")
    archive.close()
    exact: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    assert sorted(one["id"] for one in answer["sessions"]) == sorted(newest)
    for one in answer["sessions"]:
        row = newest[one["id"]]
        costs: dict[str, Decimal] = defaultdict(Decimal)
        for rate, amount in row.pieces:
            if rate is not None:
                cost = cost_of(amount, rate)
                assert cost is not None
                costs[rate.currency] += cost
                exact[row.station][rate.currency] += cost
        assert one["costs"] == {currency: money(cost) for currency, cost in costs.items()}
        assert (one["energy"] or 0) == one["unpriced"] + sum(part["energy"] for part in one["tariffs"])
    for total in answer["stations"]:
        rows = [row for row in newest.values() if row.station == total["station"]]
        assert (total["count"], total["energy"]) == (len(rows), sum(row.energy or 0 for row in rows))
        assert total["energy"] == total["unpriced"] + sum(part["energy"] for part in total["tariffs"])
        assert total["costs"] == {currency: money(cost) for currency, cost in exact[total["station"]].items()}
    assert {one["station"] for one in answer["stations"]} == {row.station for row in newest.values()}


def test_a_session_is_told_with_all_that_is_known_of_it(archive: Archive) -> None:
    row = session(
        "one",
        START,
        HOUR,
        (RATES[0], 3000),
        (RATES[4], 1000),
        (None, 500),
        charge=19_565,
        card="04A2",
        priority=True,
        breaks=(interruption(short=7.0, phase="L2"),),
    )
    archive.write(sessions=[row])
    (one,) = ask(archive)["sessions"]
    tariffs = one.pop("tariffs")
    assert one == {
        "id": "one",
        "station": "bay",
        "name": "Bay 1",
        "start": START,
        "end": START + HOUR,
        "energy": 4500,
        "charge": 19.565,
        "card": "04A2",
        "priority": True,
        "costs": {"CHF": 0.2, "EUR": 0.6},
        "unpriced": 500,
        "interruptions": [
            {"start": START + 600, "seconds": 300, "reason": "limit", "values": {"short": 7.0, "phase": "L2"}}
        ],
    }
    assert tariffs[0] == {
        "tariff": RATES[0].tariff,
        "tariff_name": RATES[0].name,
        "price": 0.2,
        "currency": "EUR",
        "energy": 3000,
        "cost": 0.6,
    }


def test_what_was_not_counted_costs_nothing_and_is_not_known(archive: Archive) -> None:
    archive.write(sessions=[session("one", seconds=None, energy=None, charge=None)])
    (one,) = ask(archive)["sessions"]
    known = {key: one[key] for key in ("end", "energy", "charge", "costs", "unpriced", "tariffs")}
    assert known == {"end": None, "energy": None, "charge": None, "costs": {}, "unpriced": 0, "tariffs": []}


def test_a_session_from_before_is_told_and_counts_where_it_began(archive: Archive) -> None:
    archive.write(sessions=[session("over midnight", START - HOUR, 2 * HOUR), session("later", START + HOUR)])
    answer = ask(archive)
    assert (answer["time_zone"], answer["start"]) == (ZONE, START)
    assert [one["id"] for one in answer["sessions"]] == ["over midnight", "later"]
    assert [(one["name"], one["count"]) for one in answer["stations"]] == [("Bay 1 of today", 1)]


def test_stations_come_as_the_site_has_them_and_those_that_are_gone_last(archive: Archive) -> None:
    stations = ("gone", "bay", "yard")
    archive.write(sessions=[session(key, station=key, name=f"Old {key}") for key in stations])
    names = [(one["station"], one["name"]) for one in ask(archive)["stations"]]
    assert names == [("yard", "Yard"), ("bay", "Bay 1 of today"), ("gone", "Old gone")]
    answer = ask(archive, stations=["gone", "yard"])
    assert sorted(one["station"] for one in answer["sessions"]) == ["gone", "yard"]
    assert [one["station"] for one in answer["stations"]] == ["yard", "gone"]


def test_what_cannot_be_answered_is_refused(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.write(sessions=[session("one"), session("two")])
    assert refused(ask, archive, stations=["bay", "nowhere"]) == "unknown_keys"
    assert refused(ask, archive, start="2026-02-01") == "end_before_start"
    assert refused(ask, archive, start="soon") == "bad_date"
    monkeypatch.setattr(questions, "MOST_VALUES", 30)
    assert refused(ask, archive) == "too_many_values"
