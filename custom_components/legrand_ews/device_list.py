"""Lists of devices as text: read from CSV or YAML into rows of texts, written as CSV.

This module owns the shape of a list. Whether its rows describe devices is ``device_list_check``'s matter, the dialogue
and the sentences are ``gateway_options``'.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import yaml
from homeassistant.const import CONF_NAME

from .const import (
    CONF_ADDRESS,
    CONF_ALLOW_COMMANDS,
    CONF_CONCENTRATOR,
    CONF_EXCLUDE_ALERTS,
    CONF_EXCLUDE_FROM_TOTALS,
    CONF_FACTOR,
    CONF_FUNCTION,
    CONF_GROUPS,
    CONF_INTERFACE,
    CONF_LABELS,
    CONF_LOAD,
    CONF_MODEL,
    CONF_PHASE,
    CONF_POSITION,
    CONF_PROFILE,
    CONF_PULSE_UNIT,
    CONF_PULSE_WEIGHT,
    CONF_RATED_CURRENT,
    CONF_REGISTER,
    CONF_SIDE,
    CONF_SUPPLY,
    CONF_TYPE,
    CONF_WORD_ORDER,
    CONF_WORDS,
)

try:
    from yaml import CBaseLoader as _TextLoader
except ImportError:  # PyYAML without its C library
    from yaml import BaseLoader as _TextLoader  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .catalog import Catalog


COLUMNS: Final = (
    CONF_MODEL,
    CONF_ADDRESS,
    CONF_NAME,
    CONF_CONCENTRATOR,
    CONF_POSITION,
    CONF_PULSE_WEIGHT,
    CONF_PULSE_UNIT,
    CONF_SIDE,
    CONF_PHASE,
    CONF_RATED_CURRENT,
    CONF_SUPPLY,
    CONF_LOAD,
    CONF_GROUPS,
    CONF_EXCLUDE_FROM_TOTALS,
    CONF_EXCLUDE_ALERTS,
    CONF_ALLOW_COMMANDS,
    CONF_LABELS,
    CONF_PROFILE,
    CONF_FUNCTION,
    CONF_REGISTER,
    CONF_WORDS,
    CONF_FACTOR,
    CONF_TYPE,
    CONF_WORD_ORDER,
)
LARGEST: Final = 1024 * 1024
"""The largest list that is read, bytes or characters."""
MOST_ROWS: Final = 1000

_NEEDED: Final = frozenset({CONF_MODEL, CONF_ADDRESS})
_NULLS: Final = frozenset({"", "~", "null"})
_DELIMITERS: Final = (",", ";", "\t")
_BETWEEN: Final = re.compile(r"[\\|]")
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_LABEL: Final = re.compile(r"(?:[^\\|]|\\.)+", re.DOTALL)
# A spreadsheet takes what begins so for a formula (or for its own way of hiding one).
_ACTIVE: Final = re.compile(r"'*[=+\-@\x00-\x1f\x7f]")


@dataclass(frozen=True, kw_only=True)
class Row:
    """A device as the list has it: texts by column, empty ones left out."""

    line: int
    """1 based; where the device begins."""
    cells: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is wrong, and where."""

    line: int
    column: str = ""
    """Empty where the line or the whole list is meant."""
    reason: str
    """Key of the strings: of the device's form, or of the gateway's options."""
    detail: str = ""


def parse(content: bytes | str) -> tuple[list[Row], list[Problem]]:
    """Return the rows of a list and what is wrong with its shape.

    A list is CSV with a header row, parted by commas, semicolons or tabs, or a YAML list of mappings. Bytes are UTF-8.
    """
    if len(content) > LARGEST:
        return [], [Problem(line=1, reason="too_large")]
    if isinstance(content, bytes):
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            return [], [Problem(line=content.count(b"\n", 0, error.start) + 1, reason="not_utf8")]
    else:
        text = content
    text = text.removeprefix("\ufeff")
    delimiter = _delimiter(text)
    reader = _Reader()
    if delimiter is None:
        reader.read_yaml(text)
    else:
        reader.read_csv(text, delimiter)
    if not reader.rows and not reader.problems:
        reader.problems.append(Problem(line=1, reason="empty_list"))
    return reader.rows, reader.problems


def _delimiter(text: str) -> str | None:
    """Return what parts the cells of a CSV; None where the first line names no columns."""
    head = next((line for line in text.splitlines() if line.strip()), "")
    for delimiter in _DELIMITERS:
        if {_column(cell) for cell in next(csv.reader([head], delimiter=delimiter), [])} >= _NEEDED:
            return delimiter
    return None


def _column(name: str) -> str:
    """Return a column's name as the code has it: ``Pulse weight`` is ``pulse_weight``."""
    return "_".join(name.strip().casefold().replace("-", " ").replace("_", " ").split())


class _Reader:
    """The rows read so far, and what is wrong."""

    def __init__(self) -> None:
        """Begin with an empty list."""
        self.rows: list[Row] = []
        self.problems: list[Problem] = []

    def _report(self, line: int, reason: str, detail: str = "", column: str = "") -> None:
        """Note a problem."""
        self.problems.append(Problem(line=line, column=column, reason=reason, detail=detail))

    def _add(self, line: int, cells: Mapping[str, str]) -> None:
        """Note a row; more of them than anybody has are an error."""
        if len(self.rows) == MOST_ROWS:
            self._report(line, "too_many_rows", str(MOST_ROWS))
        if len(self.rows) <= MOST_ROWS:
            self.rows.append(Row(line=line, cells={name: text for name, text in cells.items() if text}))

    def _names(self, line: int, given: Iterable[str]) -> list[str]:
        """Return the columns that are named; unknown ones and those named twice are errors."""
        names = [_column(name) for name in given]
        for index, name in enumerate(names):
            if name and name not in COLUMNS:
                self._report(line, "unknown_column", column=name)
            elif name and name in names[:index]:
                self._report(line, "duplicate_column", column=name)
        return names

    def read_csv(self, text: str, delimiter: str) -> None:
        """Read a header and the rows below it."""
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        names: list[str] | None = None
        line = 1
        try:
            for record in reader:
                cells = [_unescaped(cell.strip()) for cell in record]
                if any(cells) and names is None:
                    names = self._names(line, cells)
                elif any(cells) and names is not None:
                    known = dict(zip(names, cells, strict=False))
                    if any(cells[len(names) :]) or known.get(""):
                        self._report(line, "too_many_cells", str(len(names)))
                    self._add(line, known)
                line = reader.line_num + 1
        except csv.Error as error:
            self._report(line, "bad_csv", str(error))

    def read_yaml(self, text: str) -> None:
        """Read a list of mappings."""
        try:
            node = yaml.compose(text, Loader=_TextLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self._report(mark.line + 1 if mark else 1, "bad_yaml", str(error.problem))
            return
        except (yaml.YAMLError, RecursionError) as error:
            self._report(1, "bad_yaml", str(getattr(error, "reason", error)))
            return
        if node is None:
            return
        if not isinstance(node, yaml.SequenceNode):
            self._report(1, "no_list")
            return
        for item in node.value:
            self._read_mapping(item)

    def _read_mapping(self, node: yaml.Node) -> None:
        """Read a device of a YAML list."""
        line = node.start_mark.line + 1
        if not isinstance(node, yaml.MappingNode):
            self._report(line, "no_mapping")
            return
        keys = [key.value if isinstance(key, yaml.ScalarNode) else "?" for key, _ in node.value]
        cells: dict[str, str] = {}
        for name, (_, value) in zip(self._names(line, keys), node.value, strict=True):
            if (text := _scalar(name, value)) is None:
                self._report(value.start_mark.line + 1, "no_text", column=name)
            else:
                cells[name] = text
        self._add(line, cells)


def _scalar(name: str, node: yaml.Node) -> str | None:
    """Return the text of a YAML value, of a list for groups; None for anything else."""
    if isinstance(node, yaml.ScalarNode):
        return "" if not node.style and node.value.casefold() in _NULLS else str(node.value).strip()
    if name == CONF_GROUPS and isinstance(node, yaml.SequenceNode):
        parts = [_scalar("", part) for part in node.value]
        return None if None in parts else "|".join(filter(None, parts))
    return None


def split_labels(cell: str) -> dict[str, str]:
    """Return the names of inputs and outputs that a cell gives: ``input_1=Door|output_1=Fan``; a backslash escapes."""
    parts = (part.partition("=") for part in _LABEL.findall(cell))
    return {key.strip(): _ESCAPE.sub(r"\1", text).strip() for key, _, text in parts}


def _escaped(text: str) -> str:
    """Return a cell that no spreadsheet runs."""
    return f"'{text}" if _ACTIVE.match(text) else text


def _unescaped(cell: str) -> str:
    """Return the text of a cell, escaped or not."""
    return cell[1:] if cell.startswith("'") and _ACTIVE.match(cell) else cell


def export_csv(catalog: Catalog, devices: Iterable[tuple[str, Mapping[str, Any]]]) -> str:
    """Return devices, each its title and what is stored of it, as CSV with a header row, for ``parse`` to read."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for title, data in devices:
        cells = {key: _text(data[key]) for key in COLUMNS if data.get(key) is not None}
        cells |= {CONF_NAME: title} | _written(catalog, data)
        writer.writerow({key: _escaped(cell) for key, cell in cells.items()})
    return text.getvalue()


def _text(value: Any) -> str:
    """Return a stored value as a cell has it."""
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{Decimal(str(value)).normalize():f}"
        case list() | tuple():
            return "|".join(map(str, value))
        case Mapping():
            return "|".join(f"{key}={_BETWEEN.sub(r'\\\g<0>', text)}" for key, text in value.items())
        case _:
            return str(value)


def _written(catalog: Catalog, data: Mapping[str, Any]) -> dict[str, str]:
    """Return the cells that are written otherwise than stored, so that no spreadsheet drops their noughts."""
    cells: dict[str, str] = {}
    for key in (CONF_MODEL, CONF_CONCENTRATOR):
        if number := data.get(key):
            model = catalog.models.get(number)
            cells[key] = number if model is None else model.display_number
    cells[CONF_ADDRESS] = "-".join(str(data[key]) for key in (CONF_ADDRESS, CONF_INTERFACE) if key in data)
    if register := data.get(CONF_REGISTER):
        cells[CONF_REGISTER] = f"0x{register}"
    return cells
