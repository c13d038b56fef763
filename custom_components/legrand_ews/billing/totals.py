"""Running totals of money, and what they were today, this month and this year. Owns the sums; holds no clock.

As with the totals of consumption, money accumulates as it is booked, what comes late is booked to the day it belongs
to, and after a restart all of it is booked anew. Sums are exact; a credit or a correction is negative.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import IntEnum
from math import nan
from typing import TYPE_CHECKING, Final

from .exact import EXACT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import tzinfo


class Span(IntEnum):
    """How long the sums go."""

    DAY = 0
    MONTH = 1
    YEAR = 2


_SPANS: Final = tuple(Span)
_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class CostFigures:
    """What something has cost."""

    total: Decimal
    today: Decimal
    this_month: Decimal
    this_year: Decimal


@dataclass(slots=True)
class _Ledger:
    """What was booked for one key."""

    total: Decimal = _NOTHING
    sums: tuple[dict[int, Decimal], dict[int, Decimal], dict[int, Decimal]] = field(
        default_factory=lambda: ({}, {}, {})
    )
    """By number of the local day, month and year."""


class CostTotals:
    """The costs of a site in one currency, by key."""

    __slots__ = ("_at", "_current", "_ledgers", "_places", "_zone")

    def __init__(self, zone: tzinfo, now: float) -> None:
        """Start at zero. ``zone``: whose days, months and years count. ``now``: POSIX seconds."""
        self._zone = zone
        self._current = _numbers(now, zone)
        self._at = nan
        self._places: list[tuple[Span, int]] = []
        self._ledgers: dict[str, _Ledger] = {}

    def add(self, keys: Iterable[str], cost: Decimal, at: float, spans: Collection[Span] = _SPANS) -> None:
        """Book a cost for some keys.

        ``at``: POSIX seconds, the start of its interval, or of the day or month that it is the sum of. ``spans``: the
        sums that it is all in; for the sum of a month not the day.
        """
        if at != self._at:
            self._at, self._places = at, self._find(at)
        places = [one for one in self._places if one[0] in spans]
        for key in keys:
            ledger = self._ledgers.get(key)
            if ledger is None:
                ledger = self._ledgers[key] = _Ledger()
            ledger.total = EXACT.add(ledger.total, cost)
            for span, number in places:
                sums = ledger.sums[span]
                sums[number] = EXACT.add(sums.get(number, _NOTHING), cost)

    def keys(self) -> set[str]:
        """Return the keys that anything was booked for."""
        return set(self._ledgers)

    def figures(self, now: float) -> dict[str, CostFigures]:
        """Go on to the day, month and year of a time, POSIX seconds, and return what everything has cost."""
        current = _numbers(now, self._zone)
        if current != self._current:
            self._current, self._at = current, nan
            self._prune()
        return {
            key: CostFigures(one.total, *(sums.get(n, _NOTHING) for sums, n in zip(one.sums, current, strict=True)))
            for key, one in self._ledgers.items()
        }

    def _prune(self) -> None:
        """Drop the sums from before the last day, month and year; a clock may be set back a little."""
        for ledger in self._ledgers.values():
            for sums, number in zip(ledger.sums, self._current, strict=True):
                for old in [one for one in sums if one < number - 1]:
                    del sums[old]

    def _find(self, at: float) -> list[tuple[Span, int]]:
        """Return the sums that a time belongs to, but those that are not kept."""
        numbers = zip(Span, _numbers(at, self._zone), self._current, strict=True)
        return [(span, number) for span, number, current in numbers if number >= current - 1]


def _numbers(at: float, zone: tzinfo) -> tuple[int, int, int]:
    """Return the numbers of the local day, month and year: each one higher than that of the one before."""
    local = datetime.fromtimestamp(at, zone)
    return local.toordinal(), local.year * 12 + local.month, local.year
