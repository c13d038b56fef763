"""Files of charging sessions: their lines, and how the folders keep them."""

from __future__ import annotations

import csv
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.archive import Archive, CsvStyle, Folders, cost_of
from custom_components.legrand_ews.archive.csv_format import CsvFormat
from custom_components.legrand_ews.archive.csv_sessions import currencies_of, lines_of, session_sheet, titles
from custom_components.legrand_ews.archive.csv_sheets import Month

from .csv_support import POINT, fresh, site, text, tree
from .support import RATES, START, ZONE, interruption, interval, rate, session, sessions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from custom_components.legrand_ews.archive import SessionRow

HOUR, DAY = 3600, 86400
FORM = CsvFormat(POINT, ZONE)


def cells(rows: Sequence[SessionRow], form: CsvFormat = FORM) -> list[dict[str, str]]:
    """Return the cells of lines by title."""
    currencies = currencies_of(rows)
    lines = [line.decode() for _, line in lines_of(rows, currencies, form)]
    return list(csv.DictReader(lines, titles(currencies), delimiter=form.style.separator))


def test_a_line_says_who_got_what_at_which_tariffs_and_why_not() -> None:
    pieces = (rate("0.15", "off", name="Off-peak"), 3214), (rate("0.2", "peak", "CHF", "Peak"), 1000), (None, 500)
    breaks = interruption(meter=71.5, phase=1), interruption(1800, 60)
    (line,) = cells([session("one", START, 3600, *pieces, card="04A2", charge=20_500, breaks=breaks)])
    assert line == {
        "start": "2026-01-01T00:00:00+01:00",
        "end": "2026-01-01T01:00:00+01:00",
        "station": "Bay 1",
        "card": "04A2",
        "energy [kWh]": "4.714",
        "charge [Ah]": "20.5",
        "cost [CHF]": "0.2",
        "cost [EUR]": "0.4821",
        "tariffs": "Off-peak 3.214 kWh 0.4821 EUR; Peak 1 kWh 0.2 CHF; unpriced 0.5 kWh",
        "interruptions": "2026-01-01T00:10:00+01:00 300 s limit (meter 71.5, phase 1); "
        "2026-01-01T00:30:00+01:00 60 s limit",
    }


def test_what_is_not_known_is_empty() -> None:
    (line,) = cells([session(seconds=None, energy=None, charge=None)])
    assert {title: cell for title, cell in line.items() if cell} == {
        "start": "2026-01-01T00:00:00+01:00",
        "station": "Bay 1",
    }


def test_the_style_is_that_of_the_other_files() -> None:
    (line,) = cells([session("one", START, 60, (RATES[2], 1500))], CsvFormat(CsvStyle(), ZONE))
    assert (line["energy [kWh]"], line["cost [EUR]"]) == ("1,5", "0,185184")
    assert line["tariffs"] == "Night 1,5 kWh 0,185184 EUR"


def test_a_name_is_no_formula_and_no_line() -> None:
    risky: Any = {"name": "=cmd", "card": "a\r\nb", "breaks": (interruption(why="x"),)}
    (line,) = cells([session("one", START, 60, (rate("1", name="@x"), 1), **risky)])
    assert (line["station"], line["card"], line["tariffs"]) == ("'=cmd", "a b", "'@x 0.001 kWh 0.001 EUR")
    assert line["interruptions"].endswith("s limit (why x)")


@settings(max_examples=50, deadline=None)
@given(st.lists(sessions(), max_size=6))
def test_nothing_is_rounded(rows: list[SessionRow]) -> None:
    for row, line in zip(rows, cells(rows), strict=True):
        if row.energy is not None:
            assert Decimal(line["energy [kWh]"]) * 1000 == row.energy
        for currency in currencies_of(rows):
            costs = [
                cost_of(part.amount, part.rate) or 0
                for part in row.parts
                if part.rate is not None and part.rate.currency == currency
            ]
            told = line[f"cost [{currency}]"]
            assert Decimal(told or 0) == sum(costs)
            assert bool(told) == bool(costs)


def test_a_file_is_of_a_month() -> None:
    month = Month(label="2026-01", start=START, end=START + 31 * 86400)
    sheet = session_sheet([session("one"), session("two", START + 60)], month, FORM)
    assert sheet.path == "Charging/sessions_2026-01.csv"
    assert [at for at, _ in sheet.lines] == [START, START + 60]
    assert sheet.since == sheet.cut == START


# In the folders


@pytest.fixture
def archive(sqlite: str) -> Iterator[Archive]:
    """Return the archive of a site, in a file: what is read is tested elsewhere."""
    archive = Archive.open(sqlite, site="home", zone=ZONE)
    yield archive
    archive.close()


@pytest.fixture
def folders(root: Path) -> Folders:
    """Return the folders in the original's style."""
    return Folders(root, CsvStyle(), ZONE)


def test_a_session_that_changes_gets_another_line_also_in_a_month_that_is_over(
    archive: Archive, folders: Folders, root: Path
) -> None:
    begin, end = START - DAY, START + DAY
    archive.write(sessions=[session("over", begin - DAY, HOUR, (RATES[0], 1000)), session("on", begin, None, energy=0)])
    folders.update(archive, site(), now=begin + HOUR, since=None)
    path = root / "Charging/sessions_2025-12.csv"
    assert [line.split(";")[1] for line in text(root, "Charging/sessions_2025-12.csv")[1:]] == [
        "2025-12-30T01:00:00+01:00",
        "",
    ]
    assert folders.update(archive, site(), now=end - 1, since=end - 1) == 0
    archive.write(sessions=[session("on", begin, 2 * DAY, (RATES[4], 9000))])
    assert folders.update(archive, site(), now=end + 60, since=end) == 1
    lines = text(root, "Charging/sessions_2025-12.csv")
    assert lines[0].split(";")[6:8] == ["cost [CHF]", "cost [EUR]"]
    assert [line.split(";")[6:8] for line in lines[1:]] == [["", "0,2"], ["1,8", ""]]
    before = path.stat().st_ino
    assert folders.update(archive, site(), now=end + 120, since=end + 60) == 0
    assert path.stat().st_ino == before
    assert tree(root) == fresh(archive, root.parent, site(), end + 120)


def test_sessions_that_are_deleted_keep_their_lines(archive: Archive, folders: Folders, root: Path) -> None:
    archive.write(sessions=[session(str(day), START + day * DAY, HOUR, (RATES[0], 100)) for day in range(6)])
    folders.update(archive, site(), now=START + 9 * DAY, since=None)
    before = tree(root)
    for limit in (3, 9):
        assert archive.retain({"sessions": START + limit * DAY}) == {"sessions": 3}
        assert folders.update(archive, site(), now=START + 10 * DAY, since=None) == 0
        assert tree(root) == before


def test_a_session_that_came_late_is_found_by_the_check_of_the_day(
    archive: Archive, folders: Folders, root: Path
) -> None:
    archive.write([interval(START + 40 * DAY)], sessions=[session("early", START + DAY)])
    folders.update(archive, site(), now=START + 41 * DAY, since=None)
    archive.write(sessions=[session("late", START + 2 * DAY)])
    assert folders.update(archive, site(), now=START + 41 * DAY + 600, since=START + 41 * DAY) == 0
    assert folders.update(archive, site(), now=START + 42 * DAY + 600, since=START + 42 * DAY) == 1
    assert len(text(root, "Charging/sessions_2026-01.csv")) == 3
