"""Figures, what was wanted of them, and how they are shown.

This module owns arithmetic and text. What is measured is the benchmarks' matter.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured number."""

    name: str
    reached: float
    unit: str = ""
    wanted: float | None = None
    """The bound, included; None for a figure that only informs."""
    at_least: bool = False
    """True where the bound is the least, not the most."""

    @property
    def good(self) -> bool | None:
        """Whether the bound is kept; None without a bound."""
        if self.wanted is None:
            return None
        return self.reached >= self.wanted if self.at_least else self.reached <= self.wanted


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that at least so many percent do not exceed.

    Raises ``ValueError`` where there are no values.
    """
    if not values:
        raise ValueError("there are no values")
    ordered = sorted(values)
    return ordered[max(math.ceil(len(ordered) * percent / 100), 1) - 1]


def number(value: float) -> str:
    """Return a number with four digits that count, none behind the point that say nothing."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    digits = max(0, 3 - math.floor(math.log10(abs(value))))
    return f"{value:.{min(digits, 4)}f}"


def table(title: str, figures: Sequence[Figure]) -> str:
    """Return the figures of one benchmark as a table of text."""
    rows = [("figure", "wanted", "reached", "")]
    for figure in figures:
        sign = "≥" if figure.at_least else "≤"
        rows.append(
            (
                figure.name,
                "" if figure.wanted is None else f"{sign} {number(figure.wanted)} {figure.unit}".rstrip(),
                f"{number(figure.reached)} {figure.unit}".rstrip(),
                {None: "", True: "ok", False: "MISSED"}[figure.good],
            )
        )
    widths = [max(len(row[place]) for row in rows) for place in range(4)]
    lines = [f"{row[0]:{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:>{widths[2]}}  {row[3]}".rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths).rstrip())
    return "\n".join([title, "", *lines])


def plain(figure: Figure) -> dict[str, Any]:
    """Return a figure for JSON."""
    return {
        "figure": figure.name,
        "wanted": figure.wanted,
        "at_least": figure.at_least,
        "reached": figure.reached,
        "unit": figure.unit,
        "ok": figure.good,
    }
