"""Late consumption in the recorder's hourly statistics: moved to the hours it belongs to.

A meter that was silent makes its sensor jump when it answers, and the recorder books all of the jump into that hour.
This module owns the hourly rows before the jump's hour: their sum and state rise by what had been consumed by then.
How much was late, and in which hours it was consumed, is for others to know.

What stays as it is:

- The rows of the jump's hour and later. Sums are running totals that hold the jump already; the change of the jump's
  hour shrinks because the sums before it rise.
- Five-minute rows. The recorder goes on from the newest of them, which holds the jump, so the running hour follows what
  was imported. Whatever counts by hours or longer, as the energy dashboard does, does not read them; a graph by five
  minutes, and a span that begins within an hour of the gap, show the jump where it came until those rows are purged.
- What lies before the first row of a sensor, and so all of it where there is no row before the jump: the recorder
  counts from the first state it saw, so what was consumed earlier is in no sum that could be moved.
- States, and costs that Home Assistant derives from them.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Final

from homeassistant.const import UnitOfEnergy, UnitOfVolume
from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.recorder import get_instance
from homeassistant.util.unit_conversion import EnergyConverter, VolumeConverter
from sqlalchemy.exc import SQLAlchemyError

from .const import LOGGER
from .recorder_rows import HOUR, Row, Series, async_store, is_awake, read_rows, settled_until

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from homeassistant.core import CALLBACK_TYPE, HomeAssistant

type Late = Counter[tuple[int, int]]
"""What was late: (hour it was consumed in, hour of the jump), both POSIX s, to an amount in Wh or L."""

_DELAY: Final = 30.0
_DELAY_AGAIN: Final = 300.0
_CONVERTERS: Final = ((EnergyConverter, UnitOfEnergy.WATT_HOUR), (VolumeConverter, UnitOfVolume.LITERS))


class LateStatistics:
    """Gathers late consumption of sensors and corrects their statistics a little later.

    What waits is in memory only: the statistics of a Home Assistant that ends in between stay uncorrected.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with nothing late."""
        self._hass = hass
        self._late: dict[str, Late] = {}
        self._unseen: dict[str, Series] = {}
        self._flushing = asyncio.Lock()
        self._cancel: CALLBACK_TYPE | None = None
        self._closed = False
        self._failing = False

    @callback
    def add(self, entity_id: str, hour: int, amount: int, *, jump_hour: int) -> None:
        """Book ``amount`` (Wh or L) of a jump in ``jump_hour`` to ``hour``: tops of UTC hours, POSIX s.

        Amounts of one hour add up; what belongs to the jump's hour is right already. Together they must be part of
        what the state jumped by, not more.
        """
        if "recorder" in self._hass.config.components and hour < jump_hour and amount > 0:
            self._late.setdefault(entity_id, Counter())[hour, jump_hour] += amount
            self._schedule(_DELAY)

    @callback
    def close(self) -> None:
        """Plan nothing any more."""
        self._closed = True
        self._unschedule()

    @callback
    def _schedule(self, delay: float) -> None:
        """Flush some seconds from now, or earlier where that is planned already."""

        async def flush(_now: datetime) -> None:
            """Flush now."""
            await self.async_flush()

        if self._cancel is None and not self._closed:
            self._cancel = async_call_later(self._hass, delay, flush)

    @callback
    def _unschedule(self) -> None:
        """Do not flush as planned."""
        if self._cancel is not None:
            self._cancel()
            self._cancel = None

    async def async_flush(self) -> None:
        """Correct what is known to be late. What cannot be done now is kept and tried again later."""
        async with self._flushing:
            self._unschedule()
            if not self._late and not self._unseen:
                return
            try:
                if is_awake(self._hass):
                    await self._async_compute()
                    await self._async_import()
                    self._failing = False
            except (HomeAssistantError, SQLAlchemyError) as err:
                if not self._failing:
                    LOGGER.warning("Statistics cannot be corrected for late consumption, tried again later: %s", err)
                self._failing = True
            if self._late or self._unseen:
                self._schedule(_DELAY_AGAIN)

    async def _async_compute(self) -> None:
        """Turn late amounts into rows to import; a sensor whose last rows are not seen stored waits."""
        recorder = get_instance(self._hass)
        settled = await recorder.async_add_executor_job(settled_until, self._hass)
        ready = {key: _until(late, settled) for key, late in self._late.items() if key not in self._unseen}
        ready = {key: late for key, late in ready.items() if late}
        known = await recorder.async_add_executor_job(read_rows, self._hass, {key: min(ready[key])[0] for key in ready})
        for key, late in ready.items():
            self._late[key] -= late
            if key in known and (rows := _corrected(key, known[key], late)):
                self._unseen[key] = Series(metadata=known[key].metadata, rows=rows)
        self._late = {key: late for key, late in self._late.items() if late}

    async def _async_import(self) -> None:
        """Import rows until they are seen stored."""
        self._unseen = await async_store(self._hass, self._unseen)
        if self._unseen:
            raise HomeAssistantError(f"the recorder did not store {', '.join(self._unseen)}")


def raised(rows: Mapping[int, Row], late: Late, convert: Callable[[float], float]) -> dict[int, Row]:
    """Return the rows to import, by hour: those before a jump, raised by what was late by then.

    ``rows`` are the sensor's, with at least one at or before the first late hour, unless the sensor has none; hours
    without a row get one. ``convert`` turns Wh or L into the unit of the rows. Amounts before the first row are left
    where they are.
    """
    first = min(rows, default=None)
    steps: Counter[int] = Counter()
    for (hour, jump_hour), amount in late.items():
        if first is not None and first <= hour < jump_hour:
            steps[hour] += amount
            steps[jump_hour] -= amount
    if not steps:
        return {}
    begin = min(steps)
    latest = rows[max(hour for hour in rows if hour <= begin)]
    risen, imported = 0, dict[int, Row]()
    for hour in range(begin, max(steps), HOUR):
        latest = rows.get(hour, latest)
        risen += steps[hour]
        if risen:
            rise = convert(risen)
            imported[hour] = Row(sum=latest.sum + rise, state=None if latest.state is None else latest.state + rise)
    return imported


def _corrected(entity_id: str, series: Series, late: Late) -> dict[int, Row]:
    """Return the rows to import; none where the statistic counts in a unit of another kind."""
    unit = series.metadata["unit_of_measurement"]
    for converter, base in _CONVERTERS:
        if unit in converter.VALID_UNITS:
            return raised(series.rows, late, converter.converter_factory(base, unit))
    LOGGER.warning("Late consumption of %s stays in the hour it was read in: its statistics are in %s", entity_id, unit)
    return {}


def _until(late: Late, settled: int) -> Late:
    """Return what is late because of jumps in or before the ``settled`` hour."""
    return Counter({key: amount for key, amount in late.items() if key[1] <= settled})
