"""What the demo's past cost, by hour: for the statistics of the sensors that show money.

This module owns which sensor has which part of it. Rows are priced as the integration prices what is counted now.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from custom_components.legrand_ews.cost_book import CostBook, cost_id, read_entry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from custom_components.legrand_ews.archive import Archive, IntervalRow
    from custom_components.legrand_ews.prices import Prices

MICRO: Final = 1_000_000
"""Millionths of the currency are what costs are counted in."""
_HOUR: Final = 3600

type Hours = dict[int, int]
"""Millionths of the currency by an hour's first instant, POSIX s."""


def priced(prices: Prices, row: IntervalRow) -> IntervalRow:
    """Return an interval with its rate, or its parts."""
    rate, parts = prices.price_row(row)
    return replace(row, rate=rate, parts=parts)


def costs(archive: Archive, prices: Prices, entry_id: str, since: int, until: int) -> dict[str, Hours]:
    """Return what each hour cost, by the unique id of the sensor that adds it up; blocking.

    ``entry_id``: the installation's. ``since``, ``until``: first instants of hours.
    """
    book = CostBook(prices, zone=ZoneInfo(archive.zone), now=datetime.now(tz=UTC).timestamp())
    hours, charges = archive.cost_history(since, until)[1], archive.charges(since, until)
    totals = book.hourly(range(since, until, _HOUR), (), hours, charges)
    return {cost_id(entry_id, *read_entry(entry)): micros(ends) for entry, ends in totals.items()}


def micros(ends: Mapping[int, Decimal]) -> Hours:
    """Return whole millionths by hour, of totals at the ends of hours: nothing of their sum is lost."""
    whole, before = {}, 0
    for hour in sorted(ends):
        passed = round(ends[hour] * MICRO)
        whole[hour], before = passed - before, passed
    return whole
