"""The recorder's hourly rows of sensors that count: read them, import others in their place, see them stored.

This module owns how the recorder is asked and what it takes. What the rows should say is for others to know.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import isclose
from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.recorder.db_schema import Statistics, StatisticsMeta, StatisticsRuns
from homeassistant.components.recorder.models import process_timestamp
from homeassistant.components.recorder.statistics import async_import_statistics, get_metadata
from homeassistant.components.recorder.tasks import SynchronizeTask
from homeassistant.core import CoreState
from homeassistant.helpers.recorder import get_instance, session_scope
from homeassistant.util import dt as dt_util
from sqlalchemy import func, or_, select, true
from sqlalchemy.orm import aliased

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from homeassistant.components.recorder.models import StatisticData, StatisticMetaData
    from homeassistant.core import HomeAssistant
    from sqlalchemy import ColumnElement, Select

HOUR: Final = 3600
_FIVE_MINUTES: Final = 300
_AWAKE: Final = (CoreState.running, CoreState.stopping)
"""When the recorder works off its queue."""


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


def is_awake(hass: HomeAssistant) -> bool:
    """Tell whether there is a recorder that answers."""
    return "recorder" in hass.config.components and hass.state in _AWAKE and get_instance(hass).is_running


def settled_until(hass: HomeAssistant) -> int:
    """Return up to when (POSIX s) the recorder has compiled all it will; blocking.

    A row imported for an hour that is compiled afterwards would make the recorder drop that hour for all sensors.
    """
    with session_scope(hass=hass, read_only=True) as session:
        newest: datetime | None = session.execute(select(func.max(StatisticsRuns.start))).scalar()
    return 0 if newest is None else int(process_timestamp(newest).timestamp()) + _FIVE_MINUTES


def read_rows(hass: HomeAssistant, since: Mapping[str, int], *, until: int | None = None) -> dict[str, Series]:
    """Return what is stored of each sensor since an hour (POSIX s), with a row before it if there is one; blocking.

    ``until``: of later rows only the newest one. One query for all sensors that begin alike.
    """
    known = get_metadata(hass, statistic_ids=set(since)) if since else {}
    found: dict[int, dict[int, Row]] = {number: {} for number, _ in known.values()}
    alike: dict[int, list[int]] = defaultdict(list)
    for entity_id, (number, _) in known.items():
        alike[since[entity_id]].append(number)
    with session_scope(hass=hass, read_only=True) as session:
        for hour, numbers in alike.items():
            for number, start, state, total in session.execute(_rows_since(numbers, hour, until)):
                found[number][int(start)] = Row(sum=total, state=state)
    return {entity_id: Series(metadata=metadata, rows=found[number]) for entity_id, (number, metadata) in known.items()}


def _rows_since(numbers: Collection[int], hour: int, until: int | None) -> Select[Any]:
    """Ask for the rows of some statistics since an hour and the one before, oldest first."""
    earlier, other = aliased(Statistics), aliased(Statistics)
    newest = select(func.max(other.start_ts)).where(other.metadata_id == StatisticsMeta.id)
    newest = newest.where(other.sum.is_not(None)).correlate(StatisticsMeta)
    wanted: ColumnElement[bool] = true()
    if until is not None:
        wanted = or_(Statistics.start_ts <= until, Statistics.start_ts == newest.scalar_subquery())
    before = (
        select(func.max(earlier.start_ts))
        .where(earlier.metadata_id == StatisticsMeta.id, earlier.start_ts < hour)
        .correlate(StatisticsMeta)
        .scalar_subquery()
    )
    return (
        select(Statistics.metadata_id, Statistics.start_ts, Statistics.state, Statistics.sum)
        .join(StatisticsMeta, StatisticsMeta.id == Statistics.metadata_id)
        .where(
            StatisticsMeta.id.in_(numbers),
            Statistics.start_ts >= func.coalesce(before, hour),
            Statistics.sum.is_not(None),
            wanted,
        )
        .order_by(Statistics.start_ts)
    )


async def async_store(hass: HomeAssistant, wanted: Mapping[str, Series]) -> dict[str, Series]:
    """Import rows, and return the series that are not seen stored then.

    Rows are absolute: twice does no harm.
    """
    recorder = get_instance(hass)
    for series in wanted.values():
        async_import_statistics(hass, series.metadata, _data(series.rows))
    # The recorder's own way to wait is over at once while the last import is under way.
    done: asyncio.Future[None] = hass.loop.create_future()
    recorder.queue_task(SynchronizeTask(done))
    await done
    since = {key: min(series.rows) for key, series in wanted.items()}
    stored = await recorder.async_add_executor_job(read_rows, hass, since)
    return {
        key: series for key, series in wanted.items() if key not in stored or not _holds(stored[key].rows, series.rows)
    }


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
    return all(hour in stored and isclose(stored[hour].sum, row.sum, abs_tol=1e-9) for hour, row in wanted.items())
