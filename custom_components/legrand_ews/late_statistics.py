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
from dataclasses import dataclass
from math import isclose
from typing import TYPE_CHECKING, Final

from homeassistant.components.recorder.db_schema import StatisticsRuns
from homeassistant.components.recorder.models import process_timestamp
from homeassistant.components.recorder.statistics import async_import_statistics, get_last_statistics, get_metadata
from homeassistant.components.recorder.tasks import SynchronizeTask
from homeassistant.const import UnitOfEnergy, UnitOfVolume
from homeassistant.core import CoreState, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.recorder import get_instance, session_scope
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_conversion import EnergyConverter, VolumeConverter
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from .const import LOGGER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from homeassistant.components.recorder.models import StatisticData, StatisticMetaData
    from homeassistant.core import CALLBACK_TYPE, HomeAssistant

type Late = Counter[tuple[int, int]]
"""What was late: (hour it was consumed in, hour of the jump), both POSIX s, to an amount in Wh or L."""

_HOUR: Final = 3600
_FIVE_MINUTES: Final = 300
_DELAY: Final = 30.0
_DELAY_AGAIN: Final = 300.0
_AWAKE: Final = (CoreState.running, CoreState.stopping)
"""When the recorder works off its queue."""
_CONVERTERS: Final = ((EnergyConverter, UnitOfEnergy.WATT_HOUR), (VolumeConverter, UnitOfVolume.LITERS))


@dataclass(frozen=True, kw_only=True)
class Row:
    """An hour's row, in the statistic's unit."""

    sum: float
    state: float | None


@dataclass(frozen=True, kw_only=True)
class Series:
    """Rows of a sensor by hour (POSIX s), ascending."""

    metadata: StatisticMetaData
    rows: Mapping[int, Row]


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
                if self._hass.state in _AWAKE and get_instance(self._hass).is_running:
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
        settled = await recorder.async_add_executor_job(_settled, self._hass)
        ready = {key: _until(late, settled) for key, late in self._late.items() if key not in self._unseen}
        ready = {key: late for key, late in ready.items() if late}
        known = await recorder.async_add_executor_job(_read, self._hass, {key: min(ready[key])[0] for key in ready})
        for key, late in ready.items():
            self._late[key] -= late
            if key in known and (rows := _corrected(key, known[key], late)):
                self._unseen[key] = Series(metadata=known[key].metadata, rows=rows)
        self._late = {key: late for key, late in self._late.items() if late}

    async def _async_import(self) -> None:
        """Import rows until they are seen stored: they are absolute, twice does no harm."""
        recorder = get_instance(self._hass)
        for series in self._unseen.values():
            async_import_statistics(self._hass, series.metadata, _data(series.rows))
        # The recorder's own way to wait is over at once while the last import is under way.
        done: asyncio.Future[None] = self._hass.loop.create_future()
        recorder.queue_task(SynchronizeTask(done))
        await done
        wanted = {key: min(series.rows) for key, series in self._unseen.items()}
        stored = await recorder.async_add_executor_job(_read, self._hass, wanted)
        self._unseen = {
            key: series
            for key, series in self._unseen.items()
            if key not in stored or not _holds(stored[key].rows, series.rows)
        }
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
    for hour in range(begin, max(steps), _HOUR):
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


def _settled(hass: HomeAssistant) -> int:
    """Return up to when (POSIX s) the recorder has compiled all it will; blocking.

    A row imported for an hour that is compiled afterwards would make the recorder drop that hour for all sensors.
    """
    with session_scope(hass=hass, read_only=True) as session:
        newest: datetime | None = session.execute(select(func.max(StatisticsRuns.start))).scalar()
    return 0 if newest is None else int(process_timestamp(newest).timestamp()) + _FIVE_MINUTES


def _read(hass: HomeAssistant, since: Mapping[str, int]) -> dict[str, Series]:
    """Return what is stored of each sensor since an hour (POSIX s), with a row before it if there is one; blocking."""
    if not since:
        return {}
    now, found = int(dt_util.utcnow().timestamp()), dict[str, Series]()
    for entity_id, (_, metadata) in get_metadata(hass, statistic_ids=set(since)).items():
        # No more rows can begin in that time, so one more row reaches behind it.
        count = max(0, now - since[entity_id]) // _HOUR + 2
        rows = get_last_statistics(hass, count, entity_id, convert_units=False, types={"state", "sum"})
        stored = {
            int(row["start"]): Row(sum=total, state=row.get("state"))
            for row in reversed(rows.get(entity_id, []))
            if (total := row.get("sum")) is not None
        }
        found[entity_id] = Series(metadata=metadata, rows=stored)
    return found


def _data(rows: Mapping[int, Row]) -> list[StatisticData]:
    """Return rows as the recorder takes them."""
    data = []
    for hour, row in rows.items():
        datum: StatisticData = {"start": dt_util.utc_from_timestamp(hour), "sum": row.sum}
        if row.state is not None:
            datum["state"] = row.state
        data.append(datum)
    return data


def _holds(stored: Mapping[int, Row], wanted: Mapping[int, Row]) -> bool:
    """Tell whether all rows are stored."""
    return all(hour in stored and isclose(stored[hour].sum, row.sum) for hour, row in wanted.items())
