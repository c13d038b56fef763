"""What gas is worth: each day at its own factor, exactly, and nothing where no factor held."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.archive import Archive
from custom_components.legrand_ews.consumption import GasFactors
from custom_components.legrand_ews.queries.amounts import consumption

from ..archive.support import START, ZONE, interval, new_site
from .test_questions import SITE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAY = 86400
FIELDS = {"equivalents", "equivalent_sum", "previous_equivalents", "previous_equivalent_sum"}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    archive = Archive.open(f"sqlite:///{tmp_path / 'archive.db'}", site="home", zone=ZONE)
    yield archive
    archive.close()


def factors(*rows: tuple[str, str | None]) -> GasFactors:
    """Return factors by the first day of each."""
    found = [(date.fromisoformat(day), None if factor is None else Decimal(factor)) for day, factor in rows]
    return GasFactors(factors=tuple(sorted(found, key=lambda row: row[0])))


def gas(start: int, litres: int, device: str = "gas", **more: Any) -> Any:
    """Return what a gas meter counted."""
    return interval(start, litres, device, quantity="volume", commodity="gas", **more)


def ask(archive: Archive, known: GasFactors | None, **asked: Any) -> list[dict[str, Any]]:
    asked = {"scope": "total", "previous": False, **asked}
    series: list[dict[str, Any]] = consumption(archive, SITE, asked, START, known)["series"]
    return series


def test_the_factor_of_the_day_counts_also_within_a_bar(archive: Archive) -> None:
    archive.write([gas(START, 1000), gas(START + DAY, 100), gas(START + 40 * DAY, 10)])
    known = factors(("2025-01-01", "10"), ("2026-01-02", "11.5"), ("2026-02-01", None))
    (day,) = ask(archive, known, period="day", start="2026-01-01", end="2026-01-04")
    assert (day["equivalents"], day["equivalent_sum"]) == ([10000, 1150, None], 11150)
    (month,) = ask(archive, known, period="month", start="2026-01-01", end="2026-03-01")
    assert (month["equivalents"], month["equivalent_sum"]) == ([11150, None], 11150)
    (year,) = ask(archive, known, period="year", start="2026-01-01", end="2027-01-01")
    assert (year["equivalents"], year["amounts"]) == ([11150], [1110])


def test_the_period_before_has_its_own(archive: Archive) -> None:
    archive.write([gas(START, 2), gas(START - DAY, 3)])
    (line,) = ask(archive, factors(("2026-01-01", "10.9")), span="day", date="2026-01-01", previous=True)
    assert (line["equivalents"][0], line["equivalent_sum"]) == (21, 21)
    assert (line["previous_equivalents"], line["previous_equivalent_sum"]) == ([None] * 24, None)


def test_where_no_factor_is_known_nothing_is(archive: Archive) -> None:
    archive.write([gas(START, 2)])
    for known in (None, GasFactors(), factors(("2026-01-01", None)), factors(("2026-01-02", "11"))):
        (line,) = ask(archive, known, period="day", start="2026-01-01", end="2026-01-02")
        assert (line["equivalents"], line["equivalent_sum"]) == ([None], None)


@pytest.mark.parametrize("scope", ["device", "load", "group", "total"])
def test_other_lines_have_no_such_fields(archive: Archive, scope: str) -> None:
    place: dict[str, Any] = {"load": "heating", "groups": ("east",)}
    rows = [interval(START, 5, "ovens", **place), gas(START, 7, **place)]
    rows += [interval(START, 3, "tap", quantity="volume", commodity="water", **place)]
    archive.write(rows)
    known = factors(("2025-06-01", "10"), ("2026-01-10", "12"))
    lines = ask(archive, known, scope=scope, span="year", date="2026-01-01", period="year", previous=True)
    assert {line["commodity"] for line in lines} == {"electricity", "gas", "water"}
    for line in lines:
        assert FIELDS & set(line) == (FIELDS if line["commodity"] == "gas" else set())
    assert [line["equivalent_sum"] for line in lines if line["commodity"] == "gas"] == [70]


days = st.dates(date(2025, 10, 1), date(2026, 4, 1))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    counted=st.dictionaries(st.tuples(days, st.integers(0, 22)), st.integers(0, 10**6), max_size=12),
    known=st.dictionaries(days, st.none() | st.decimals(0, 20, places=5), max_size=4),
    period=st.sampled_from(["hour", "day", "month", "year"]),
)
def test_every_bar_is_the_exact_sum_of_its_days(
    tmp_path: Path,
    counted: dict[tuple[date, int], int],
    known: dict[date, Decimal | None],
    period: str,
) -> None:
    zone, exact = ZoneInfo(ZONE), dict[int, Fraction]()
    factors = GasFactors(factors=tuple(sorted(known.items(), key=lambda row: row[0])))
    starts = {
        int((datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(hours=hour)).timestamp()): litres
        for (day, hour), litres in counted.items()
    }
    archive = Archive.open(f"sqlite:///{tmp_path / 'archive.db'}", site=new_site(), zone=ZONE)
    archive.write([gas(start, litres, device=f"meter {start % 2}") for start, litres in starts.items()])
    asked = {"scope": "total", "previous": False, "period": period, "start": "2025-10-01", "end": "2026-04-02"}
    answer = consumption(archive, SITE, asked, START, factors)
    archive.close()
    for start, litres in starts.items():
        held = [factor for day, factor in sorted(known.items()) if day <= datetime.fromtimestamp(start, zone).date()]
        if held and held[-1] is not None:
            bar = max(bar for bar in answer["bars"] if bar <= start)
            exact[bar] = exact.get(bar, Fraction()) + Fraction(held[-1]) * litres
    lines = answer["series"]
    assert len(lines) == bool(starts)
    for line in lines:
        assert line["equivalents"] == [int(exact[bar]) if bar in exact else None for bar in answer["bars"]]
        assert line["equivalent_sum"] == (int(sum(exact.values())) if exact else None)
