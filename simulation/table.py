"""The figures of merit as a table of text.

This module owns columns and their words.
"""

from __future__ import annotations

from statistics import fmean
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .runs import Result

type Fold = Callable[[Iterable[float]], float]

_MINUTE: Final = 60.0
_KWH: Final = 1000.0


class Column(NamedTuple):
    """A column: its head in two lines, where its value comes from, how it is shown, and what several days make."""

    head: tuple[str, str]
    value: Callable[[Result], float | None]
    shown: str
    fold: Fold


COLUMNS: Final = (
    Column(("asked", "kWh"), lambda one: one.merit.asked / _KWH, ".1f", fmean),
    Column(("bound", "kWh"), lambda one: one.bound.energy / _KWH if one.bound else None, ".1f", fmean),
    Column(("got", "kWh"), lambda one: one.merit.energy / _KWH, ".1f", fmean),
    Column(("R_E", ""), lambda one: one.merit.energy_share, ".3f", fmean),
    Column(("R_P", ""), lambda one: one.merit.early_share, ".3f", fmean),
    Column(("overload", "longest s"), lambda one: one.merit.overload_longest, ".0f", max),
    Column(("overload", "total s"), lambda one: one.merit.overload_total, ".0f", max),
    Column(("I²t", "s"), lambda one: one.merit.overload_heat, ".0f", max),
    Column(("lowest", "share"), lambda one: one.merit.lowest, ".2f", min),
    Column(("Jain", ""), lambda one: one.merit.jain, ".3f", fmean),
    Column(("first wait", "min"), lambda one: one.merit.first_wait / _MINUTE, ".0f", max),
    Column(("starts", "per car"), lambda one: one.merit.starts, ".0f", max),
    Column(("orders", "per car"), lambda one: one.merit.commands, ".0f", fmean),
)


def table(results: Sequence[Result]) -> str:
    """Return a line for each workload and setting, and one for all workloads of each setting.

    Of several seeds: means of energies, shares, Jain's index and orders; the worst of the others.
    """
    rows: dict[tuple[str, str], list[Result]] = {}
    settings: dict[str, list[Result]] = {}
    for one in results:
        rows.setdefault((one.workload, one.setting), []).append(one)
        settings.setdefault(one.setting, []).append(one)
    lines = [["", "", *(column.head[line] for column in COLUMNS)] for line in (0, 1)]
    lines += [[workload, setting, *_cells(found)] for (workload, setting), found in rows.items()]
    if len(rows) > len(settings):
        lines += [["all", setting, *_cells(found)] for setting, found in settings.items()]
    return _aligned(lines)


def _cells(results: Sequence[Result]) -> list[str]:
    """Return what is shown of days that belong together."""
    cells = []
    for column in COLUMNS:
        values = [value for value in map(column.value, results) if value is not None]
        cells.append(format(column.fold(values), column.shown) if values else "")
    return cells


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    """Return lines with a rule below the two of the head; names to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    text = [
        "  ".join(
            cell.ljust(width) if place < 2 else cell.rjust(width)  # noqa: PLR2004
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    text.insert(2, "  ".join("-" * width for width in widths))
    return "\n".join(text)
