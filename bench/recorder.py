"""Home Assistant's recorder with the same history: hourly statistics of an energy sensor for each device.

This module owns the recorder and what is asked of it. It is the real one, in SQLite, in a Home Assistant that has
nothing else in it.
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Literal

from homeassistant import loader
from homeassistant.bootstrap import async_load_base_functionality
from homeassistant.components.recorder.models import StatisticMeanType
from homeassistant.components.recorder.statistics import async_import_statistics, statistics_during_period
from homeassistant.config_entries import ConfigEntries
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import async_initialize_recorder, get_instance
from homeassistant.setup import async_setup_component

from .year import DAY, DEVICES, at, level

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable
    from pathlib import Path

FILE: Final = "home-assistant_v2.db"
HOUR: Final = DAY // 24
"""Ticks of an hour."""


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[HomeAssistant]:
    """Run a Home Assistant with nothing but the recorder."""
    hass = HomeAssistant(str(folder))
    hass.config.skip_pip = True
    hass.config_entries = ConfigEntries(hass, {})
    loader.async_setup(hass)
    await async_load_base_functionality(hass)
    async_initialize_recorder(hass)
    try:
        url = f"sqlite:///{folder / FILE}"
        if not await async_setup_component(hass, "recorder", {"recorder": {"db_url": url}}):
            raise RuntimeError("the recorder does not start")
        await hass.async_start()
        yield hass
    finally:
        await hass.async_stop(force=True)


def size(folder: Path) -> int:
    """Return the bytes of the recorder's database, with all that it has written brought into the file."""
    path = folder / FILE
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.stat().st_size


def sensor(device: int) -> str:
    """Return the sensor of a device."""
    return f"sensor.device_{device:03}_energy"


async def fill(hass: HomeAssistant, days: int, devices: int = DEVICES) -> int:
    """Import the hours of so many days for each device; return how many rows that are."""
    hours = [(tick, datetime.fromtimestamp(at(tick), UTC)) for tick in range(0, days * DAY, HOUR)]
    for device in range(devices):
        levels = ((start, float(level(device, tick + HOUR) - level(device, 0))) for tick, start in hours)
        async_import_statistics(
            hass,
            {
                "has_sum": True,
                "mean_type": StatisticMeanType.NONE,
                "name": None,
                "source": "recorder",
                "statistic_id": sensor(device),
                "unit_class": "energy",
                "unit_of_measurement": "Wh",
            },
            [{"start": start, "state": value, "sum": value} for start, value in levels],
        )
        await asyncio.to_thread(get_instance(hass).block_till_done)
    return len(hours) * devices


async def consumption(
    hass: HomeAssistant, devices: Iterable[int], period: Literal["day", "month"], since: int, until: int
) -> tuple[float, float]:
    """Ask for what devices consumed in the days or months of [since, until); return the s it took, and the sum, Wh."""
    begin, end = (datetime.fromtimestamp(moment, UTC) for moment in (since, until - 1))
    sensors = {sensor(device) for device in devices}
    ask = partial(statistics_during_period, hass, begin, end, sensors, period, None, {"change"})
    seconds, found = await get_instance(hass).async_add_executor_job(_timed, ask)
    return seconds, sum(row["change"] or 0.0 for rows in found.values() for row in rows)


def _timed(ask: Any) -> tuple[float, dict[str, list[Any]]]:
    """Return how long an answer takes, without the way to the thread and back."""
    begin = monotonic()
    found = ask()
    return monotonic() - begin, found
