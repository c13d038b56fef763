"""Costs in the recorder's hourly statistics: each hour says what the ledger says.

The recorder books what a cost sensor rose by to the hour in which it rose. What was consumed in an hour is often known,
or priced anew, only later. This module owns the hourly rows of cost sensors: the sum of a row is what the ledger had at
the end of its hour, plus a constant of the sensor. What the ledger has is for others to know.

The constant is the recorder's: it counts from the first state it saw. It changes in one case: what lies before the
sensor's first row becomes visible, and a series has to begin with 0, for whoever asks for the first change of a series
gets its first sum. Then all rows are moved by the same amount.

What stays as it is: hours that the recorder has still to compile, five-minute rows (but for that amount), and a
sensor without any row.
"""

from __future__ import annotations

import asyncio
from math import isclose
from typing import TYPE_CHECKING, Final

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.recorder import get_instance
from homeassistant.util import dt as dt_util
from sqlalchemy.exc import SQLAlchemyError

from .const import LOGGER
from .recorder_rows import HOUR, Row, Series, async_store, is_awake, read_rows, settled_until

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from homeassistant.components.recorder.models import StatisticMetaData
    from homeassistant.core import HomeAssistant

type Ledger = Mapping[int, Decimal]
"""Totals at the end of hours, by the hour's beginning (POSIX s)."""

_BEGINNING: Final = dt_util.utc_from_timestamp(0)


class CostStatistics:
    """Lets the statistics of cost sensors follow the ledger."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Follow nothing yet."""
        self._hass = hass
        self._following = asyncio.Lock()
        self._failing = False

    async def async_follow(self, totals: Mapping[str, Ledger]) -> set[str]:
        """Let the rows of sensors say what the ledger has, by entity, in the currency of the sensor.

        Hours that are not compiled yet, and sensors without any row, are left out: give them again. The hour before the
        first one that matters belongs to it, for what an hour cost is the difference to the one before. Returns the
        sensors that have no row at all yet. Raises ``HomeAssistantError`` where the recorder does not take it.
        """
        if not totals or not is_awake(self._hass):
            return set()
        async with self._following:
            try:
                wanting = await self._async_follow(totals)
            except (HomeAssistantError, SQLAlchemyError) as err:
                if not self._failing:
                    LOGGER.warning("The statistics of costs cannot follow now: %s", err)
                self._failing = True
                raise HomeAssistantError(str(err)) from err
            self._failing = False
            return wanting

    async def _async_follow(self, totals: Mapping[str, Ledger]) -> set[str]:
        """Move what has to be moved, and import the rows that differ; return the sensors without rows."""
        recorder = get_instance(self._hass)
        differing: dict[str, Series] = {}
        found, wanting = await recorder.async_add_executor_job(self._compare, totals)
        for key, (shift, series) in found.items():
            if not self._counts_in(key, series.metadata):
                continue
            if shift:
                recorder.async_adjust_statistics(key, _BEGINNING, shift, series.metadata["unit_of_measurement"] or "")
            differing[key] = series
        if differing and (unseen := await async_store(self._hass, differing)):
            raise HomeAssistantError(f"the recorder did not store {', '.join(unseen)}")
        return wanting

    def _compare(self, totals: Mapping[str, Ledger]) -> tuple[dict[str, tuple[float, Series]], set[str]]:
        """Return by what the rows of sensors are to be moved, and those to import; and those without rows. Blocking."""
        settled = settled_until(self._hass)
        wanted = {key: {at: hours[at] for at in hours if at + HOUR <= settled} for key, hours in totals.items()}
        wanted = {key: hours for key, hours in wanted.items() if hours}
        last = max((max(hours) for hours in wanted.values()), default=0)
        known = read_rows(self._hass, {key: min(hours) for key, hours in wanted.items()}, until=last)
        found = {key: (series.metadata, followed(series.rows, wanted[key])) for key, series in known.items()}
        differing = {
            key: (shift, Series(metadata=metadata, rows=rows))
            for key, (metadata, (shift, rows)) in found.items()
            if rows
        }
        return differing, {key for key in totals if key not in known or not known[key].rows}

    def _counts_in(self, entity_id: str, metadata: StatisticMetaData) -> bool:
        """Tell whether a sensor counts in the currency of its statistics; the recorder stops at another one, too."""
        state = self._hass.states.get(entity_id)
        unit = None if state is None else state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
        return unit is None or unit == metadata["unit_of_measurement"]


def followed(rows: Mapping[int, Row], totals: Ledger) -> tuple[float, dict[int, Row]]:
    """Return by what all stored rows have to be moved, and then the rows to import, by hour.

    ``rows``: what is stored since the first hour of ``totals``, and one before if there is one. Hours without a row get
    one where the total is another one than before.
    """
    newest = rows[max(rows)] if rows else None
    if newest is None or newest.state is None:
        return 0.0, {}
    constant, shift, first = newest.sum - newest.state, 0.0, min(rows)
    begin = min(totals)
    if begin < first:
        if len({total for hour, total in totals.items() if hour <= first}) > 1:
            start = -float(totals[begin])
            constant, shift = start, start - constant
        else:
            totals = {hour: total for hour, total in totals.items() if hour >= first}
    imported: dict[int, Row] = {}
    before: float | None = None
    for hour in sorted(rows.keys() | totals.keys()):
        stored = None if (row := rows.get(hour)) is None else Row(sum=row.sum + shift, state=row.state)
        if hour in totals:
            total = float(totals[hour])
            wanted = Row(sum=constant + total, state=total)
            if not _same(before, wanted.sum) if stored is None else not _alike(stored, wanted):
                stored = imported[hour] = wanted
        before = before if stored is None else stored.sum
    return shift, imported


def _alike(one: Row, other: Row) -> bool:
    """Tell whether two rows say the same."""
    return _same(one.sum, other.sum) and _same(one.state, other.state)


def _same(one: float | None, other: float | None) -> bool:
    """Tell whether two amounts are the same but for what floating point loses."""
    if one is None or other is None:
        return one is other
    return isclose(one, other, rel_tol=1e-14, abs_tol=5e-10)
