"""Late consumption from the meter to the energy dashboard: real polls, a real archive, a recorder that compiles."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from freezegun import freeze_time
from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.recorder import get_instance
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.components.recorder.common import (  # type: ignore[import-untyped]
    async_wait_recording_done,
    do_adhoc_statistics,
)

from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.history import DATA_HISTORY, total_id
from custom_components.legrand_ews.metering import group_key, load_key
from plant.scenario import DeviceSpec

from .support import drained, subentry_id
from .test_history import HEATED, begin, history

if TYPE_CHECKING:
    from collections.abc import Iterator

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.config_entries import ConfigEntry

    from custom_components.legrand_ews.coordinator import GatewayConfigEntry

    from .support import Panel

HOUR = 3600
STEP = 100
"""Seconds between two polls: less than what makes a reading late."""
SLOT = 300
# A new recorder takes it that all before its first start was compiled: a day that no clock of a test run has seen.
MIDNIGHT = datetime(2065, 3, 3, tzinfo=UTC)
WAITING = ("asyncio", "tmodbus", "modbus_connection", "pymodbus", "homeassistant.components.modbus")
LIGHTS = DeviceSpec(name="Lights", model="412045", address=3, at="lighting")
GROUP = group_key("g1", "electricity")
HEATING = load_key("heating", "electricity")
NEAR = 0.004
"""kWh: a second of all loads, and a step of each counter."""


@pytest.fixture
def slow_loop() -> bool:
    """The rows of the writer's thread have to be there when the next minute comes."""
    return True


@pytest.fixture
def frozen() -> Iterator[FrozenDateTimeFactory]:
    """A clock that stands still, but not for what waits for a meter's answer."""
    with freeze_time(MIDNIGHT, real_asyncio=True, ignore=list(WAITING)) as clock:
        yield clock


class Day:
    """A panel whose clock is that of the recorder."""

    def __init__(self, panel: Panel, frozen: FrozenDateTimeFactory) -> None:
        """Begin soon after ten."""
        self.panel = panel
        self.hass = panel.hass
        self.entry: ConfigEntry
        self.gateway: GatewayConfigEntry
        self._frozen = frozen
        self._compiled = self._at("10:00")
        self._move(self._at("10:00") - 1 + STEP)

    async def begin(self) -> None:
        """Set up two meters in a group, one of which heats."""
        assert await async_setup_component(self.hass, "sensor", {})
        await self.panel.serve(HEATED, LIGHTS)
        self.entry = await begin(self.panel, ("group", "g1", "West"))
        self.gateway = await self.panel.set_up(settings={"groups": ["g1"]})

    @staticmethod
    def _at(clock: str) -> int:
        """Return a time of the day, POSIX seconds."""
        hours, minutes = clock.split(":")
        return int(MIDNIGHT.timestamp()) + int(hours) * HOUR + int(minutes) * 60

    def _move(self, at: int) -> None:
        """Set all clocks."""
        self._frozen.move_to(datetime.fromtimestamp(at, UTC))
        self.panel.clock.now = float(at)

    async def until(self, clock: str) -> None:
        """Let time pass to a second before: meters are polled, totals shown, statistics compiled."""
        while (now := int(self.panel.clock.now) + STEP) < self._at(clock):
            self._move(now)
            self.panel.clock.now -= STEP
            await self.panel.wait(STEP)
            if (one := self.hass.data.get(DATA_HISTORY)) is not None:
                one._tick(dt_util.utcnow())
            await self._compile(now + 1)

    async def _compile(self, until: int) -> None:
        """Let the recorder compile the five minutes that are over."""
        if self._compiled + SLOT > until:
            return
        await async_wait_recording_done(self.hass)
        do_adhoc_statistics(self.hass, start=datetime.fromtimestamp(self._compiled, UTC))
        await async_wait_recording_done(self.hass)
        self._compiled += SLOT

    def total(self, key: str) -> str:
        """Return the sensor of a total."""
        entity = er.async_get(self.hass).async_get_entity_id("sensor", DOMAIN, total_id(self.entry, key))
        assert entity is not None, key
        return entity

    async def statistics(self, entity: str) -> dict[int, float]:
        """Return the consumption by hour of the day as the energy dashboard shows it, kWh."""
        await history(self.hass).late.async_flush()
        await async_wait_recording_done(self.hass)
        rows: Any = await get_instance(self.hass).async_add_executor_job(
            statistics_during_period, self.hass, MIDNIGHT, None, {entity}, "hour", None, {"change"}
        )
        return {int(row["start"] - MIDNIGHT.timestamp()) // HOUR: row["change"] for row in rows[entity]}

    async def archived(self, scope: Any, key: str | None = None) -> dict[int, float]:
        """Return the same from the archive."""
        one = history(self.hass)
        one._hand_on()
        assert await self.hass.async_add_executor_job(drained, one.writer)
        begin_of_day, keys = int(MIDNIGHT.timestamp()), None if key is None else [key]
        rows = await one.async_ask(
            lambda archive: archive.consumption(scope, keys, "hour", begin_of_day, begin_of_day + 24 * HOUR)
        )
        imports = [row for row in rows if row.quantity != "energy_export"] if scope == "device" else rows
        return {(row.start - begin_of_day) // HOUR: row.amount / 1000 for row in imports}


@pytest.fixture
async def day(
    frozen: FrozenDateTimeFactory,
    recorder_mock: object,  # noqa: ARG001
    panel: Panel,
    caplog: pytest.LogCaptureFixture,
) -> Day:
    """Two meters that count, with a recorder."""
    caplog.set_level(logging.WARNING)
    day = Day(panel, frozen)
    await day.begin()
    return day


async def same_hours(day: Day) -> None:
    """Check that Home Assistant has in each full hour what the archive has, of the meters and of their totals."""
    expected = {
        day.panel.entity("Heated", "energy_import"): await day.archived("device", subentry_id("Heated")),
        day.panel.entity("Lights", "energy_import"): await day.archived("device", subentry_id("Lights")),
        day.total(HEATING): await day.archived("load", "heating"),
        day.total(GROUP): await day.archived("group", "g1"),
        day.total("electricity"): await day.archived("total"),
        day.total("overall"): await day.archived("total"),
    }
    for entity, hours in expected.items():
        assert hours.keys() == {10, 11, 12}, entity
        assert min(hours.values()) > 0.5, entity
        assert await day.statistics(entity) == pytest.approx(hours, abs=NEAR), entity


async def test_a_meter_that_was_silent_for_hours(day: Day) -> None:
    await day.until("10:20")
    day.panel.unit(2).faults.silent = True
    await day.until("12:20")
    silent, counting = (day.panel.entity(name, "energy_import") for name in ("Heated", "Lights"))
    assert await day.statistics(silent) == pytest.approx({10: 1.6}, abs=0.2)
    assert (await day.statistics(counting)).keys() == {10, 11}
    assert await day.statistics(day.total("electricity")) != pytest.approx(await day.statistics(counting), abs=0.2)
    day.panel.unit(2).faults.silent = False
    await day.until("13:05")
    await same_hours(day)


async def test_home_assistant_was_down_for_hours(day: Day) -> None:
    await day.until("10:20")
    both = (day.gateway, day.entry)
    for entry in both:
        await day.hass.config_entries.async_unload(entry.entry_id)
    await day.until("12:20")
    for entry in reversed(both):
        await day.hass.config_entries.async_setup(entry.entry_id)
    await day.panel.settle()
    await day.until("13:05")
    await same_hours(day)
