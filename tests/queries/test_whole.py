"""A window as one bar, or cut where what is known ends: the same sums as those of its bars."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.archive import Archive
from custom_components.legrand_ews.consumption import GasFactors
from custom_components.legrand_ews.queries.amounts import consumption
from custom_components.legrand_ews.queries.costs import cost

from ..archive.support import SEASONS, START, TURNS, ZONE, billed_intervals, charge, interval, new_site
from .test_questions import SITE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

DAY = 86400
LISTS = {
    consumption: ("amounts", "estimated"),
    cost: ("costs", "amounts", "unpriced"),
}
SUMS = ("sum", "estimated_sum", "amount_sum", "unpriced_sum")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    archive = Archive.open(f"sqlite:///{tmp_path / 'archive.db'}", site="home", zone=ZONE)
    yield archive
    archive.close()


def ask(archive: Archive, of: Callable[..., Any] = consumption, **asked: Any) -> dict[str, Any]:
    question = {"scope": "device", "previous": True, "span": "month", "date": "2026-01-01", "by_tariff": True, **asked}
    answer: dict[str, Any] = of(archive, SITE, question, START)
    return answer


def lines(answer: dict[str, Any]) -> dict[tuple[Any, ...], dict[str, Any]]:
    names = ("key", "quantity", "commodity", "tariff", "tariff_name", "currency")
    return {tuple(line.get(name) for name in names): line for line in answer["series"]}


def add_up(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.sampled_from(SEASONS).flatmap(lambda turns: st.lists(billed_intervals(turns), max_size=25)),
    moment=st.sampled_from(TURNS).flatmap(lambda turn: st.integers(turn - 3 * DAY, turn + 3 * DAY)),
    span=st.sampled_from(["day", "month", "year"]),
    of=st.sampled_from([consumption, cost]),
    scope=st.sampled_from(["device", "load", "total"]),
)
def test_its_parts_are_the_sums_of_the_bars(
    tmp_path: Path, rows: list[Any], moment: int, span: str, of: Any, scope: str
) -> None:
    archive = Archive.open(f"sqlite:///{tmp_path / 'archive.db'}", site=new_site(), zone=ZONE)
    archive.write(rows)
    asked = {"scope": scope, "span": span, "date": datetime.fromtimestamp(moment, ZoneInfo(ZONE)).date().isoformat()}
    bars, whole = ask(archive, of, **asked), ask(archive, of, period="whole", until=moment, **asked)
    archive.close()
    assert lines(whole).keys() == lines(bars).keys()
    for prefix in ("", "previous_"):
        first, *cut = whole[f"{prefix}bars"]
        begins = [start for start in bars[f"{prefix}bars"] if start is not None]
        assert first == begins[0]
        assert set(cut) <= {*begins, bars[f"{prefix}end"]}
        for key, line in lines(whole).items():
            beside = lines(bars)[key]
            assert {name: line.get(prefix + name) for name in SUMS} == {
                name: beside.get(prefix + name) for name in SUMS
            }
            for name in LISTS[of]:
                values = dict(zip(bars[f"{prefix}bars"], beside.get(prefix + name, ()), strict=False))
                parts = [
                    add_up(value for start, value in values.items() if start is not None and (start >= end) is late)
                    for end in cut or [bars[f"{prefix}end"]]
                    for late in (False, True)
                ]
                assert line.get(prefix + name, []) == pytest.approx(parts[: len(line.get(prefix + name, []))])
    for cut in whole["bars"][1:]:
        # It is the last bar that has begun.
        assert [start for start in bars["bars"] if start is not None and cut < start <= moment] == []
        assert cut <= moment


def test_it_is_cut_where_what_is_known_ends(archive: Archive) -> None:
    archive.write([interval(START - 31 * DAY + DAY * day, 10) for day in range(33)])
    answer = ask(archive, period="whole", until=START + DAY + 3600)
    (line,) = answer["series"]
    assert answer["period"] == "whole"
    assert (answer["bars"], answer["previous_bars"]) == ([START, START + DAY], [START - 31 * DAY, START - 30 * DAY])
    assert (line["amounts"], line["previous_amounts"]) == ([10, 10], [10, 300])
    assert (line["sum"], line["previous_sum"]) == (20, 310)


@pytest.mark.parametrize("until", [None, START - 1, START, START + 3600, START + 31 * DAY, START + 40 * DAY])
def test_a_time_that_is_over_or_has_not_begun_is_one_bar(archive: Archive, until: int | None) -> None:
    archive.write([interval(START, 10), interval(START + 3 * DAY, 5)])
    more = {} if until is None else {"until": until}
    answer = ask(archive, period="whole", **more)
    assert (answer["bars"], answer["series"][0]["amounts"]) == ([START], [15])


@pytest.mark.parametrize(("of", "before"), [(consumption, "previous_sum"), (cost, "previous_amount_sum")])
def test_days_of_ones_own_are_one_bar(archive: Archive, of: Any, before: str) -> None:
    archive.write([interval(START + DAY * day, 1) for day in range(12)])
    own = {"start": "2026-01-03T10:00", "end": "2026-01-10"}
    asked = {"scope": "device", "previous": True, "by_tariff": True, "period": "whole"}
    answer = of(archive, SITE, asked | own, START)
    assert (answer["start"], answer["end"]) == (START + 2 * DAY, START + 9 * DAY)
    assert [(line["amounts"], line[before]) for line in answer["series"]] == [([7], 2)]


def test_gas_is_worth_what_it_is_in_each_part(archive: Archive) -> None:
    archive.write([interval(START + DAY * day, 1000, "gas", quantity="volume", commodity="gas") for day in range(3)])
    factors = GasFactors(factors=((date(2025, 12, 1), Decimal(10)), (date(2026, 1, 2), Decimal(11))))
    asked = {"scope": "device", "previous": False, "span": "month", "date": "2026-01-01"}
    answer = consumption(archive, SITE, {**asked, "period": "whole", "until": START + 2 * DAY}, START, factors)
    (line,) = answer["series"]
    assert (line["equivalents"], line["equivalent_sum"]) == ([21_000, 11_000], 32_000)


def test_charges_are_in_the_part_that_their_day_is_in(archive: Archive) -> None:
    archive.write([interval(START)])
    archive.write_charges([charge(START + DAY * day, "0.5") for day in range(3)])
    answer = ask(archive, cost, scope="total", period="whole", until=START + 2 * DAY)
    assert [(line["costs"], line["sum"]) for line in answer["charges"]] == [([1.0, 0.5], 1.5)]
