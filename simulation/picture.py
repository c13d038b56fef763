"""A day as a picture: text for a terminal, and SVG for a file.

This module owns both drawings. Times run to the right; above, the currents at the main; below, a line per station.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, Final

from .day import STEP
from .fields import PHASES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .physics import Course, Record

COLUMNS: Final = 96
ROWS: Final = 16
_HOUR: Final = 3600.0
_EIGHTHS: Final = "▁▂▃▄▅▆▇█"
_LEGEND: Final = "█ cars  ░ other loads  ┄ limit   ▁-█ what a car draws of its station's rating  · waits  ✓ full"


@dataclass(frozen=True, kw_only=True)
class _Slice:
    """What a column shows: means over its steps of the phase that is highest in it, A."""

    base: float
    total: float


def text(record: Record, columns: int = COLUMNS, rows: int = ROWS) -> str:
    """Return a day as lines of text."""
    day = record.day
    slices = [_slice(record, first, last) for first, last in _cuts(day.steps, columns)]
    top = max([day.limit, *(one.total for one in slices)]) * 1.05
    head = f"{day.name}, seed {day.seed}: the highest phase, A"
    lines = [head, *_chart(slices, day.limit, top, rows), _axis(record, columns)]
    for place, station in enumerate(day.stations):
        courses = [one for one in record.courses if one.stay.station == place]
        cells = "".join(_cell(courses, station.rated_current, *cut) for cut in _cuts(day.steps, columns))
        got, asked = sum(one.energy for one in courses) / 1000, sum(one.stay.need for one in courses) / 1000
        mark = "*" if station.priority else " "
        lines.append(f"{station.id[:5]:>5}{mark}│{cells}│ {got:.1f} of {asked:.1f} kWh")
    legend = _LEGEND + ("  * priority" if any(one.priority for one in day.stations) else "")
    return "\n".join(line.rstrip() for line in [*lines, "", legend])


def _cuts(steps: int, columns: int) -> list[tuple[int, int]]:
    """Return the steps of each column: from, and before."""
    edges = [round(column * steps / columns) for column in range(columns + 1)]
    return [(first, max(last, first + 1)) for first, last in pairwise(edges) if first < steps]


def _slice(record: Record, first: int, last: int) -> _Slice:
    """Return what a column shows of the main."""
    totals = [sum(record.currents[phase][first:last]) / (last - first) for phase in range(PHASES)]
    phase = max(range(PHASES), key=totals.__getitem__)
    base = sum(record.day.base[phase][first:last]) / (last - first)
    return _Slice(base=base, total=totals[phase])


def _chart(slices: Sequence[_Slice], limit: float, top: float, rows: int) -> Iterator[str]:
    """Yield the lines of the chart, from the top."""
    for row in reversed(range(rows)):
        middle = (row + 0.5) * top / rows
        on_limit = row * top / rows <= limit < (row + 1) * top / rows
        empty = "┄" if on_limit else " "
        cells = "".join("░" if one.base >= middle else "█" if one.total >= middle else empty for one in slices)
        label = f"{limit:.0f}" if on_limit else f"{middle:.0f}" if row % 4 == 0 else ""
        yield f"{label:>5} │{cells}│"


def _axis(record: Record, columns: int) -> str:
    """Return the line of hours."""
    day = record.day
    cells = ["─"] * columns
    hours = day.steps * STEP / _HOUR
    every = 1 if hours <= columns / 6 else 2
    first = int(-(-day.start // _HOUR))
    for hour in range(first, int((day.start + day.steps * STEP) // _HOUR) + 1, every):
        place = round((hour * _HOUR - day.start) / (day.steps * STEP) * columns)
        if place + 2 <= columns:
            cells[place : place + 2] = f"{hour % 24:02}"
    return f"{'':5} └{''.join(cells)}┘"


def _cell(courses: Sequence[Course], rated: float, first: int, last: int) -> str:
    """Return the character of a station in a column."""
    for one in courses:
        if first < one.stay.leave and one.stay.arrive < last:
            drawn = sum(one.draws[first:last]) / (last - first)
            if drawn > 0:
                return _EIGHTHS[min(ceil(drawn / rated * len(_EIGHTHS)), len(_EIGHTHS)) - 1]
            return "✓" if one.full and not any(one.draws[last:]) else "·"
    return " "


_WIDTH: Final = 960
_LEFT: Final = 60
_RIGHT: Final = 120
_PANEL: Final = 130
_GAP: Final = 26
_ROW: Final = 16
_SLICES: Final = 480
_STYLE: Final = (
    "text{font:11px sans-serif;fill:#444}.title{font-size:14px;fill:#111}.base{fill:#b8bec8}.cars{fill:#2f9e62}"
    ".limit{stroke:#d0342c;stroke-width:1.2;stroke-dasharray:5 3}.grid{stroke:#e4e6ea}.stay{fill:#eef0f3}"
)


def svg(record: Record) -> str:
    """Return a day as an SVG file: the three phases, then the stations."""
    day = record.day
    height = 40 + PHASES * (_PANEL + _GAP) + len(day.stations) * _ROW + 40
    title = f"{day.name}, seed {day.seed}: cars (green) above other loads (grey), limit {day.limit:g} A"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}">',
        f"<style>{_STYLE}</style>",
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
        f'<text class="title" x="{_LEFT}" y="22">{escape(title)}</text>',
    ]
    y = 40.0
    parts += _hours(record, y, height - 34)
    for phase in range(PHASES):
        parts += _panel(record, phase, y)
        y += _PANEL + _GAP
    for place, station in enumerate(day.stations):
        courses = [one for one in record.courses if one.stay.station == place]
        mark = " *" if station.priority else ""
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 11:.0f}" text-anchor="end">{escape(station.id)}{mark}</text>')
        for one in courses:
            parts += _bars(record, one, station.rated_current, y)
        got, asked = sum(one.energy for one in courses) / 1000, sum(one.stay.need for one in courses) / 1000
        parts.append(f'<text x="{_WIDTH - _RIGHT + 8}" y="{y + 11:.0f}">{got:.1f} of {asked:.1f} kWh</text>')
        y += _ROW
    return "\n".join([*parts, "</svg>", ""])


def _x(record: Record, step: float) -> float:
    """Return where a step is."""
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * step / record.day.steps


def _hours(record: Record, top: float, bottom: float) -> Iterator[str]:
    """Yield a line and a label for each hour."""
    day = record.day
    for hour in range(int(-(-day.start // _HOUR)), int((day.start + day.steps * STEP) // _HOUR) + 1):
        x = _x(record, (hour * _HOUR - day.start) / STEP)
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{top:.0f}" y2="{bottom:.0f}"/>'
        yield f'<text x="{x:.1f}" y="{bottom + 16:.0f}" text-anchor="middle">{hour % 24:02}:00</text>'


def _panel(record: Record, phase: int, y: float) -> Iterator[str]:
    """Yield the chart of a phase."""
    day = record.day
    cuts = _cuts(day.steps, _SLICES)
    base = [max(day.base[phase][first:last]) for first, last in cuts]
    total = [max(record.currents[phase][first:last]) for first, last in cuts]
    top = max(day.limit, *total) * 1.05
    bottom = y + _PANEL

    def area(name: str, values: Sequence[float]) -> str:
        """Return what lies under a line."""
        points = [
            f"{_x(record, step):.1f},{bottom - _PANEL * max(value, 0) / top:.1f}"
            for (first, last), value in zip(cuts, values, strict=True)
            for step in (first, last)
        ]
        ends = (f"{_LEFT},{bottom:.1f}", f"{_WIDTH - _RIGHT},{bottom:.1f}")
        return f'<polygon class="{name}" points="{ends[0]} {" ".join(points)} {ends[1]}"/>'

    yield area("cars", total)
    yield area("base", base)
    limit = bottom - _PANEL * day.limit / top
    yield f'<line class="limit" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{limit:.1f}" y2="{limit:.1f}"/>'
    yield f'<text x="{_LEFT - 6}" y="{limit + 4:.1f}" text-anchor="end">{day.limit:g} A</text>'
    yield f'<text x="{_LEFT - 6}" y="{bottom:.1f}" text-anchor="end">L{phase + 1}</text>'


def _bars(record: Record, course: Course, rated: float, y: float) -> Iterator[str]:
    """Yield what a car drew: the taller the more."""
    stay = course.stay
    left, right = _x(record, stay.arrive), _x(record, stay.leave)
    yield f'<rect class="stay" x="{left:.1f}" y="{y + 1:.1f}" width="{right - left:.1f}" height="{_ROW - 2}"/>'
    for first, last in _cuts(record.day.steps, _SLICES):
        drawn = sum(course.draws[first:last]) / (last - first)
        if drawn > 0:
            tall = (_ROW - 2) * min(drawn / rated, 1)
            yield (
                f'<rect class="cars" x="{_x(record, first):.1f}" y="{y + _ROW - 1 - tall:.1f}" '
                f'width="{_x(record, last) - _x(record, first):.2f}" height="{tall:.1f}"/>'
            )
