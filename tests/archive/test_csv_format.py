"""Cells, times and lines, as a spreadsheet or a program reads them back."""

from __future__ import annotations

import csv
import struct
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.archive import CsvStyle
from custom_components.legrand_ews.archive.csv_format import BOM, CsvFormat

from .support import TURNS, ZONE, ZONES

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMA = CsvStyle(decimal=",", separator=";")
POINT = CsvStyle(decimal=".", separator=",")
MIXED = CsvStyle(decimal=".", separator=";")
styles = st.sampled_from([COMMA, POINT, MIXED])
nasty = st.text(st.sampled_from("a1=+-@ \t\r\n;,\"'\0\u2028\uff1déÉ€"), max_size=12) | st.text(max_size=12)


def form(style: CsvStyle = COMMA, zone: str = ZONE) -> CsvFormat:
    """Return a format."""
    return CsvFormat(style, zone)


def read(line: bytes, separator: str) -> list[Sequence[str]]:
    """Return rows as a program reads them."""
    return list(csv.reader(line.decode().splitlines(), delimiter=separator))


def test_the_original_writes_commas_and_semicolons() -> None:
    assert CsvStyle() == COMMA


@pytest.mark.parametrize("given_style", [(",", ","), (":", ";"), (".", "\t"), ("", ";")])
def test_separators_that_could_not_be_read_back_are_refused(given_style: Any) -> None:
    decimal, separator = given_style
    with pytest.raises(ValueError, match="separators"):
        CsvStyle(decimal=decimal, separator=separator)


def test_the_hour_that_is_there_twice_is_told_by_its_offset() -> None:
    first = int(datetime.fromisoformat("2026-10-25T00:10:00+00:00").timestamp())
    assert form().time(first) == "2026-10-25T02:10:00+02:00"
    assert form().time(first + 3600) == "2026-10-25T02:10:00+01:00"
    assert form().time(first + 0.9) == form().time(first)


@given(st.sampled_from(ZONES), st.sampled_from(TURNS), st.integers(-(10**5), 10**5), styles)
def test_a_line_tells_its_time(zone: str, turn: int, off: int, style: CsvStyle) -> None:
    made = form(style, zone)
    line = made.line((made.time(turn + off), "5"))
    assert made.start(line) == turn + off
    assert made.start(line[:-1]) is None


@pytest.mark.parametrize("line", [b"", b"\r\n", b"time;x\r\n", b"2026-10-25T02:10:00;5\r\n", b"\xff;5\r\n"])
def test_what_is_no_line_has_no_time(line: bytes) -> None:
    assert form().start(line) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (float("nan"), ""),
        (float("-inf"), ""),
        (0, "0"),
        (-0.0, "0"),
        (12_345_678_901, "12345678901"),
        (-1.5, "-1,5"),
        (230.0, "230"),
        (1e9, "1000000000"),
        (2.5e-7, "0,00000025"),
    ],
)
def test_numbers(value: float | None, text: str) -> None:
    assert form().number(value) == text
    assert form(POINT).number(value) == text.replace(",", ".")


def test_a_float_of_32_bits_has_no_digits_that_nobody_measured() -> None:
    assert form().number(struct.unpack("<f", struct.pack("<f", 230.1))[0]) == "230,1"


@given(st.floats(-(2.0**100), 2.0**100, width=32), styles)
def test_numbers_come_back(value: float, style: CsvStyle) -> None:
    text = form(style).number(value)
    assert float(text.replace(style.decimal, ".")) == pytest.approx(value, rel=1e-6)
    assert "e" not in text


@given(st.lists(nasty, min_size=2, max_size=4), styles)
def test_text_is_one_line_whatever_is_in_it(cells: list[str], style: CsvStyle) -> None:
    made = form(style)
    texts = [made.text(cell) for cell in cells]
    line = made.line(texts)
    assert line.count(b"\n") == line.count(b"\r") == 1
    assert read(line, style.separator) == [texts]
    assert all("".join(text.split()).isprintable() for text in texts)


@given(nasty, nasty, styles, st.sampled_from(";,"))
def test_no_text_begins_a_formula_whichever_separator_a_spreadsheet_takes(
    one: str, two: str, style: CsvStyle, other: str
) -> None:
    made = form(style)
    texts = [made.text(one), made.text(two)]
    pieces = [*texts, *(piece for text in texts for piece in text.split(other))]
    assert not any(piece.lstrip(' "').startswith(("=", "+", "-", "@", "\uff1d")) for piece in pieces)


def test_a_formula_begins_with_an_apostrophe() -> None:
    assert form().text("=1+1") == "'=1+1"
    assert form().text(' "@SUM(A1)') == "'\"@SUM(A1)"
    assert form().text("oven;=1") == "oven;'=1"
    assert form().text("oven - left = right") == "oven - left = right"
    assert form().text("4 =1") == "4 =1"


def test_a_file_begins_with_a_mark_and_titles() -> None:
    assert form().header(["time", "=x", "a;b"]) == BOM + b'time;\'=x;"a;b"\r\n'
