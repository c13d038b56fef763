"""How a line of a CSV file is written. Owns times, numbers and text; which lines there are is the matter of others.

UTF-8 with a mark at the beginning, by which spreadsheets know it. One line is one row: text has no line breaks.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING, Final, Literal
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterable

BOM: Final = b"\xef\xbb\xbf"
_DECIMALS: Final = (",", ".")
_SEPARATORS: Final = (";", ",")
_FORMULA: Final = re.compile("(^|[,;])(?=[\\s\"']*[=+\\-@\uff1d\uff0b\uff0d\uff20])")
"""Where a cell would begin that a spreadsheet calculates, whichever separator it takes."""


@dataclass(frozen=True, kw_only=True)
class CsvStyle:
    """The two separators, as in the manual, 8.4.1. Raises ValueError for others, and for one that does both."""

    decimal: Literal[",", "."] = ","
    separator: Literal[";", ","] = ";"

    def __post_init__(self) -> None:
        """Refuse what could not be read back."""
        if self.decimal not in _DECIMALS or self.separator not in _SEPARATORS:
            raise ValueError(f"unknown separators {self.decimal!r} and {self.separator!r}")
        if self.decimal == self.separator:
            raise ValueError("decimals and fields need separators of their own")


class CsvFormat:
    """Writes lines in a style, with the times of a zone."""

    def __init__(self, style: CsvStyle, zone: str) -> None:
        """Take an IANA name; raises KeyError or ValueError for an unknown zone."""
        self.style = style
        self._zone = ZoneInfo(zone)
        self._writer = csv.writer(_Echo(), delimiter=style.separator, lineterminator="\r\n")
        self.time = lru_cache(4096)(self._time)

    def _time(self, at: float) -> str:
        """Return local time to the second with its offset, "2026-10-25T02:10:00+01:00"; ``at``: POSIX seconds."""
        return datetime.fromtimestamp(int(at // 1), self._zone).isoformat()

    def number(self, value: float | None) -> str:
        """Return a number without exponent, of 7 digits where it is no whole one; nothing if it is none."""
        if value is None or not isfinite(value):
            return ""
        if isinstance(value, int):
            return str(value)
        text = f"{value + 0.0:.7g}"
        if "e" in text:
            text = f"{Decimal(text):f}"
        return text if self.style.decimal == "." else text.replace(".", self.style.decimal)

    def text(self, value: str) -> str:
        """Return text for a cell: in one line, and with an apostrophe where a spreadsheet would see a formula."""
        printable = "".join(char if char.isprintable() else " " for char in value)
        return _FORMULA.sub(r"\1'", " ".join(printable.split()))

    def line(self, cells: Iterable[str]) -> bytes:
        """Return a line of cells, quoted where they need to be."""
        line: str = self._writer.writerow(cells)
        return line.encode("utf-8", "replace")

    def header(self, titles: Iterable[str]) -> bytes:
        """Return the beginning of a file."""
        return BOM + self.line(self.text(title) for title in titles)

    def start(self, line: bytes) -> int | None:
        """Return the time that a line begins with, POSIX seconds; None if it is not one of ours, or is not whole."""
        if not line.endswith(b"\r\n"):
            return None
        first = line[: -len(b"\r\n")].split(self.style.separator.encode(), 1)[0]
        try:
            at = datetime.fromisoformat(first.decode())
        except ValueError:
            return None
        return None if at.tzinfo is None else int(at.timestamp())


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        """Return it."""
        return line
