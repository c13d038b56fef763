"""Running totals of everything that adds up several counters, and what they were today, this month and this year.

Owns the sums and the table of what a consumption counts for; knows no counters, holds no clock, does no I/O. Totals
accumulate amounts as they are booked: what a device counts for may change at any time, and it may go, without any total
making a jump. Sums of local days, months and years are kept for the current ones and those before them; an amount that
comes late is booked to the day it belongs to. After a restart all of it is booked anew, as sums of days and months.

Everything is an integer in millionths of the unit (Wh, dm3), so that a conversion loses nothing by being cut each time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from math import nan
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import tzinfo
    from decimal import Decimal

UNIT: Final = 1_000_000
"""Millionths."""

OVERALL: Final = "overall"
"""Wh of electricity and of gas."""
GAS_EQUIVALENT: Final = "gas_equivalent"
"""Wh."""


class Span(IntEnum):
    """How long the sums go."""

    DAY = 0
    MONTH = 1
    YEAR = 2


_SPANS: Final = tuple(Span)


def load_key(load: str, commodity: str) -> str:
    """Return the key of a load's total; every commodity has its own, for Wh and dm3 do not add up."""
    return f"load:{commodity}:{load}"


def group_key(group: str, commodity: str) -> str:
    """Return the key of a group's total of one commodity."""
    return f"group:{commodity}:{group}"


def scopes(
    commodity: str,
    *,
    load: str | None = None,
    groups: Iterable[str] = (),
    counted: bool = True,
    gas_factor: Decimal | None = None,
) -> dict[str, int]:
    """Return the keys that a consumption counts for, each with the millionths that one Wh or dm3 counts there.

    ``commodity``: "electricity", "gas" or "water"; its total has the same key. ``counted``: False for a device that is
    excluded from totals, which counts for nothing. ``gas_factor``: kWh/m3, None if not known, then gas has no
    equivalent. Raises ValueError if it is negative.
    """
    if gas_factor is not None and not gas_factor >= 0:
        raise ValueError("the conversion factor is not negative")
    if not counted:
        return {}
    own = [commodity, *(group_key(group, commodity) for group in groups)]
    keys = dict.fromkeys(own if load is None else [*own, load_key(load, commodity)], UNIT)
    if commodity == "electricity":
        keys[OVERALL] = UNIT
    elif commodity == "gas" and gas_factor is not None:
        # kWh/m3 and Wh/dm3 are the same number.
        keys[OVERALL] = keys[GAS_EQUIVALENT] = round(gas_factor * UNIT)
    return keys


@dataclass(kw_only=True, slots=True)
class _Ledger:
    """What was booked for one key, in millionths."""

    total: int = 0
    sums: tuple[dict[int, int], dict[int, int], dict[int, int]] = field(default_factory=lambda: ({}, {}, {}))
    """By number of the local day, month and year."""


class Totals:
    """The totals of a site, by key."""

    __slots__ = ("_at", "_current", "_ledgers", "_places", "_zone")

    def __init__(self, *, zone: tzinfo, now: float) -> None:
        """Start at zero. ``zone``: whose days, months and years count. ``now``: POSIX seconds."""
        self._zone = zone
        self._current = _numbers(now, zone)
        self._at = nan
        self._places: list[tuple[Span, int]] = []
        self._ledgers: dict[str, _Ledger] = {}

    def add(self, keys: Mapping[str, int], amount: int, *, at: float, spans: Collection[Span] = _SPANS) -> None:
        """Book an amount for the keys of ``scopes``.

        ``amount``: whole units. ``at``: POSIX seconds, the start of its interval, or of the day or month that it is the
        sum of. ``spans``: the sums that it is all in; for the sum of a month not the day. Raises ValueError if the
        amount is negative.
        """
        if amount < 0:
            raise ValueError("a consumption is not negative")
        if at != self._at:
            # Intervals of all devices end together: the time before is most often the same.
            self._at, self._places = at, self._find(at)
        places = [one for one in self._places if one[0] in spans]
        for key, weight in keys.items():
            ledger = self._ledgers.get(key)
            if ledger is None:
                ledger = self._ledgers[key] = _Ledger()
            booked = amount * weight
            ledger.total += booked
            for span, number in places:
                sums = ledger.sums[span]
                sums[number] = sums.get(number, 0) + booked

    def roll(self, now: float) -> bool:
        """Go on to the day, month and year of a time, POSIX seconds; tell whether any of them is another."""
        current = _numbers(now, self._zone)
        if current == self._current:
            return False
        self._current, self._at = current, nan
        self._prune()
        return True

    def keys(self) -> set[str]:
        """Return the keys that anything was booked for."""
        return set(self._ledgers)

    def value(self, key: str) -> int:
        """Return a total in whole units; 0 for a key that nothing was booked for."""
        return self.exact(key) // UNIT

    def exact(self, key: str) -> int:
        """Return the same in millionths."""
        ledger = self._ledgers.get(key)
        return 0 if ledger is None else ledger.total

    def sum(self, key: str, span: Span, *, back: int = 0) -> int:
        """Return what was booked for a day, month or year, whole units: the current one, or the one before (1)."""
        return self.exact_sum(key, span, back=back) // UNIT

    def exact_sum(self, key: str, span: Span, *, back: int = 0) -> int:
        """Return the same in millionths."""
        ledger = self._ledgers.get(key)
        return 0 if ledger is None else ledger.sums[span].get(self._current[span] - back, 0)

    def forget(self, key: str) -> None:
        """Drop a total, as of a group that was deleted."""
        self._ledgers.pop(key, None)

    def _prune(self) -> None:
        """Drop the sums from before the last day, month and year; later ones are of a clock that was set back."""
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
