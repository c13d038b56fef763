"""What gas is worth in Wh, bar by bar (docs/queries.md).

Owns the fields that lines of gas have besides their amounts. A day of gas counts at the factor that held on it, as in
the totals of ``consumption``, and is told as these are: cut to whole Wh, sums made of the exact values. Blocks where
a factor changes within a bar, for then the archive is read day by day.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from ..metering import UNIT
from .questions import add_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ..archive import Archive
    from ..consumption import GasFactors
    from .amounts import Amounts
    from .questions import Answer, Meter, Question, Side

GAS: Final = "gas"

type _Bars = dict[Meter, dict[int, int]]
"""Millionths of Wh by line and bar; nothing where no factor held."""


@dataclass(frozen=True, kw_only=True)
class _Worth:
    """What the gas of a site is worth, by its clock."""

    factors: GasFactors
    zone: ZoneInfo

    def at(self, start: int, litres: int) -> int | None:
        """Return what was counted on the day of a time, millionths of Wh; None where no factor held."""
        factor = self.factors.on(datetime.fromtimestamp(start, self.zone).date())
        return None if factor is None else round(factor * UNIT) * litres

    def changes(self) -> Iterator[int]:
        """Yield when a factor begins."""
        for day, _ in self.factors.factors:
            yield int(datetime.combine(day, time(), self.zone).timestamp())


def add_equivalents(
    archive: Archive, question: Question, found: Iterable[Amounts], factors: GasFactors, series: Iterable[Answer]
) -> None:
    """Add to the lines of gas what they are worth. ``found``: the amounts of each side."""
    worth = _Worth(factors=factors, zone=ZoneInfo(question.zone))
    lines = {(line["key"], line["quantity"], line["commodity"]): line for line in series if line["commodity"] == GAS}
    for side, rows in zip(question.sides, found, strict=True):
        bars = _bars(archive, question, side, rows, worth)
        for meter, line in lines.items():
            line.update(_told(side, bars.get(meter, {})))


def _bars(archive: Archive, question: Question, side: Side, found: Amounts, worth: _Worth) -> _Bars:
    """Return what the gas of a side is worth."""
    gas = {meter: bars for meter, bars in found.items() if meter[2] == GAS}
    bars: defaultdict[Meter, dict[int, int]] = defaultdict(dict)
    mixed = _mixed(side, worth) if gas else {}
    for meter, amounts in gas.items():
        for bar, (amount, _) in amounts.items():
            if bar not in mixed and (value := worth.at(bar, amount)) is not None:
                bars[meter][bar] = value
    keys = question.keys if question.scope == "total" else [meter[0] for meter in gas]
    for bar, end in mixed.items():
        for row in archive.consumption(question.scope, keys, "day", bar, end, group=question.group):
            meter = (row.key, row.quantity, row.commodity)
            if meter in gas and (value := worth.at(row.start, row.amount)) is not None:
                bars[meter][bar] = bars[meter].get(bar, 0) + value
    return bars


def _mixed(side: Side, worth: _Worth) -> Mapping[int, int]:
    """Return the bars within which a factor changes, with their ends."""
    starts = sorted(bar for bar in side.bars if bar is not None)
    ends = [*starts[1:], side.window.end]
    changes = list(worth.changes())
    return {start: end for start, end in zip(starts, ends, strict=True) if any(start < at < end for at in changes)}


def _told(side: Side, bars: Mapping[int, int]) -> Answer:
    """Return the fields of a side."""
    exact: Sequence[int | None] = side.laid(bars)
    return {
        f"{side.prefix}equivalents": [_whole(one) for one in exact],
        f"{side.prefix}equivalent_sum": _whole(add_up(exact)),
    }


def _whole(millionths: int | None) -> int | None:
    """Return whole Wh."""
    return None if millionths is None else millionths // UNIT
