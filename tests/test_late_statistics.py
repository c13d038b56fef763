"""Late consumption in the recorder's statistics, with a recorder that really compiles."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from homeassistant.components.recorder.core import Recorder
from homeassistant.components.recorder.statistics import get_last_statistics, get_metadata, statistics_during_period
from homeassistant.components.recorder.tasks import CompileMissingStatisticsTask
from homeassistant.core import CoreState
from homeassistant.helpers.recorder import get_instance
from homeassistant.setup import async_setup_component
from hypothesis import example, given
from hypothesis import strategies as st
from pytest_homeassistant_custom_component.common import (  # type: ignore[import-untyped]
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.components.recorder.common import (  # type: ignore[import-untyped]
    async_wait_recording_done,
    do_adhoc_statistics,
)

from custom_components.legrand_ews.late_statistics import LateStatistics, raised
from custom_components.legrand_ews.recorder_rows import Row

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant

HOUR = 3600
METER = "sensor.mains_energy"
GAS = "sensor.gas_volume"
# A new recorder takes it that all before its first start was compiled: a day that no clock of a test run has seen.
MIDNIGHT = datetime(2065, 3, 3, tzinfo=UTC)
FIVE = timedelta(minutes=5)


def hour(number: int) -> int:
    """Return an hour of the day as POSIX s."""
    return int(MIDNIGHT.timestamp()) + number * HOUR


class Site:
    """A Home Assistant with a sensor whose time is told."""

    def __init__(self, hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
        """Begin at ten."""
        self.hass = hass
        self.late = LateStatistics(hass)
        self._freezer = freezer
        self._news = False
        self._compiled = MIDNIGHT + timedelta(hours=10)
        freezer.move_to(self._compiled)

    async def until(self, clock: str, *, compiling: bool = True) -> None:
        """Let time pass: the recorder compiles the five minutes after each state, and the last ones of each hour."""
        hours, minutes = clock.split(":")
        now = MIDNIGHT + timedelta(hours=int(hours), minutes=int(minutes))
        await async_wait_recording_done(self.hass)
        while compiling and self._compiled + FIVE <= now:
            self._freezer.move_to(self._compiled + FIVE)
            if self._news or self._compiled.minute == 55:
                do_adhoc_statistics(self.hass, start=self._compiled)
                await async_wait_recording_done(self.hass)
            self._news = False
            self._compiled += FIVE
        self._freezer.move_to(now + timedelta(seconds=20))

    async def catch_up(self) -> None:
        """Compile what was missed, as the recorder does when it starts."""
        get_instance(self.hass).queue_task(CompileMissingStatisticsTask())
        await async_wait_recording_done(self.hass)
        now = datetime.now(UTC)
        self._compiled = now.replace(minute=now.minute - now.minute % 5, second=0, microsecond=0)

    def show(self, state: str, entity_id: str = METER, unit: str = "kWh", kind: str = "energy") -> None:
        """Give the sensor a state."""
        attributes = {"device_class": kind, "state_class": "total_increasing", "unit_of_measurement": unit}
        self.hass.states.async_set(entity_id, state, attributes)
        self._news = True

    async def ask(self, question: Any, *args: Any) -> Any:
        """Ask the recorder something."""
        return await get_instance(self.hass).async_add_executor_job(question, self.hass, *args)

    async def changes(self, entity_id: str = METER) -> dict[int, float]:
        """Return the consumption by hour of the day, as the energy dashboard asks for it."""
        rows = await self.ask(statistics_during_period, MIDNIGHT, None, {entity_id}, "hour", None, {"change"})
        return {int(row["start"] - hour(0)) // HOUR: round(row["change"], 6) for row in rows.get(entity_id, [])}

    async def states(self, entity_id: str = METER) -> list[float]:
        """Return the states of all hours' rows, oldest first."""
        rows = await self.ask(get_last_statistics, 100, entity_id, False, {"state"})  # noqa: FBT003
        return [round(row["state"], 6) for row in reversed(rows.get(entity_id, []))]

    async def silent_from_ten_to_two(self, entity_id: str = METER, unit: str = "kWh", kind: str = "energy") -> None:
        """A meter that stood at 100 falls silent at 10:20 and stands at 109 when it answers at 14:01."""
        self.show("100", entity_id, unit, kind)
        await self.until("10:10")
        self.show("101", entity_id, unit, kind)
        await self.until("10:20")
        self.show("unavailable", entity_id, unit, kind)
        await self.until("14:01")
        self.show("109", entity_id, unit, kind)

    def add_eight(self, entity_id: str = METER) -> None:
        """What was late: seven of the eight units, thousandths of them, before 14:00."""
        for late_hour, amount in ((10, 1000), (11, 2000), (12, 1500), (12, 500), (13, 2000), (14, 1000)):
            self.late.add(entity_id, hour(late_hour), amount, jump_hour=hour(14))


@pytest.fixture
async def site(
    recorder_mock: Recorder,  # noqa: ARG001
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> AsyncIterator[Site]:
    """A Home Assistant whose recorder compiles the statistics of sensors."""
    # The log of each statement takes longer than the statements.
    caplog.set_level(logging.WARNING, "sqlalchemy.engine")
    assert await async_setup_component(hass, "sensor", {})
    await async_wait_recording_done(hass)
    site = Site(hass, freezer)
    yield site
    site.late.close()


async def test_a_jump_is_spread_over_the_silent_hours_and_the_running_hour_follows(site: Site) -> None:
    await site.silent_from_ten_to_two()
    await site.until("14:02")
    site.add_eight()
    await site.late.async_flush()
    assert await site.changes() == {10: 2, 11: 2, 12: 2, 13: 2}
    await site.until("14:30")
    site.show("112")
    await site.until("15:10")
    site.show("113")
    await site.until("16:05")
    assert await site.changes() == {10: 2, 11: 2, 12: 2, 13: 2, 14: 4, 15: 1}
    assert await site.states() == [102, 104, 106, 108, 112, 113]


async def test_a_jump_may_be_corrected_long_after(site: Site) -> None:
    await site.silent_from_ten_to_two()
    await site.until("16:05")
    assert await site.changes() == {10: 1, 14: 8, 15: 0}
    site.add_eight()
    await site.late.async_flush()
    assert await site.changes() == {10: 2, 11: 2, 12: 2, 13: 2, 14: 1, 15: 0}


async def test_hours_that_the_recorder_filled_after_a_standstill_rise(site: Site) -> None:
    site.show("100")
    await site.until("10:10")
    site.show("101")
    await site.until("10:20")
    await site.until("14:01", compiling=False)
    await site.catch_up()
    assert await site.changes() == {10: 1, 11: 0, 12: 0, 13: 0}
    site.show("109")
    site.add_eight()
    await site.late.async_flush()
    await site.until("15:05")
    assert await site.changes() == {10: 2, 11: 2, 12: 2, 13: 2, 14: 1}


async def test_nothing_is_imported_before_the_recorder_caught_up(site: Site) -> None:
    site.show("100")
    await site.until("10:20")
    await site.until("14:01", compiling=False)
    site.show("108")
    site.add_eight()
    await site.late.async_flush()
    assert await site.changes() == {}
    await site.catch_up()
    assert await site.changes() == {10: 0, 11: 0, 12: 0, 13: 0}
    async_fire_time_changed(site.hass, datetime.now(UTC) + timedelta(seconds=301))
    await site.hass.async_block_till_done(wait_background_tasks=True)
    await async_wait_recording_done(site.hass)
    assert await site.changes() == {10: 1, 11: 2, 12: 2, 13: 2}


@pytest.mark.parametrize("at_once", [False, True])
async def test_two_gaps_add_up(site: Site, *, at_once: bool) -> None:
    await site.silent_from_ten_to_two()
    await site.until("14:05")
    site.add_eight()
    if not at_once:
        await site.late.async_flush()
    site.show("unavailable")
    await site.until("17:01")
    site.show("115")
    await site.until("18:05")
    site.late.add(METER, hour(14), 500, jump_hour=hour(17))
    site.late.add(METER, hour(15), 1500, jump_hour=hour(17))
    site.late.add(METER, hour(16), 3000, jump_hour=hour(17))
    await site.late.async_flush()
    assert await site.changes() == {10: 2, 11: 2, 12: 2, 13: 2, 14: 1.5, 15: 1.5, 16: 3, 17: 1}


async def test_a_sensor_without_rows_before_the_jump_is_left_alone_since_no_sum_holds_the_jump(site: Site) -> None:
    site.show("unavailable")
    await site.until("14:01")
    site.show("109")
    site.add_eight()
    await site.late.async_flush()
    assert await site.ask(get_metadata) == {}
    await site.until("15:05")
    assert await site.changes() == {14: 0}
    site.add_eight()
    await site.late.async_flush()
    assert await site.changes() == {14: 0}


async def test_what_was_late_before_the_first_row_stays_in_the_jump(site: Site) -> None:
    await site.silent_from_ten_to_two()
    await site.until("14:02")
    site.late.add(METER, hour(9), 1000, jump_hour=hour(14))
    site.late.add(METER, hour(12), 2000, jump_hour=hour(14))
    await site.late.async_flush()
    await site.until("15:05")
    assert await site.changes() == {10: 1, 12: 2, 13: 0, 14: 6}


@pytest.mark.parametrize(("unit", "kind", "factor"), [("MWh", "energy", 1e-6), ("m³", "gas", 1e-3), ("L", "water", 1)])
async def test_amounts_are_converted_to_the_unit_of_the_statistic(
    site: Site, unit: str, kind: str, factor: float
) -> None:
    await site.silent_from_ten_to_two(GAS, unit, kind)
    before = await site.ask(get_metadata)
    site.late.add(GAS, hour(12), 3000, jump_hour=hour(14))
    await site.late.async_flush()
    assert await site.changes(GAS) == {10: 1, 12: round(3000 * factor, 6), 13: 0}
    assert await site.ask(get_metadata) == before


async def test_the_unit_a_sensor_is_shown_in_does_not_matter(site: Site) -> None:
    await site.silent_from_ten_to_two()
    await site.until("14:02")
    site.show("109000", unit="Wh")
    site.add_eight()
    await site.late.async_flush()
    assert await site.states() == [102, 104, 106, 108]


async def test_statistics_of_another_kind_are_left_alone(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    await site.silent_from_ten_to_two(unit="W", kind="power")
    site.add_eight()
    await site.late.async_flush()
    assert await site.changes() == {10: 1}
    assert f"Late consumption of {METER} stays in the hour it was read in" in caplog.text


async def test_two_flushes_at_once_correct_once(site: Site) -> None:
    await site.silent_from_ten_to_two()
    site.add_eight()
    await asyncio.gather(site.late.async_flush(), site.late.async_flush())
    await site.late.async_flush()
    assert await site.changes() == {10: 2, 11: 2, 12: 2, 13: 2}


@pytest.mark.parametrize(
    "fault",
    [
        patch.object(Recorder, "async_import_statistics"),
        patch("homeassistant.components.recorder.statistics._update_statistics", side_effect=ValueError),
    ],
    ids=["lost on the way", "refused by the database"],
)
async def test_what_the_recorder_does_not_store_is_kept_and_told_once(
    site: Site, caplog: pytest.LogCaptureFixture, fault: Any
) -> None:
    await site.silent_from_ten_to_two()
    site.add_eight()
    with fault:
        await site.late.async_flush()
        site.late.add(METER, hour(13), 500, jump_hour=hour(14))
        await site.late.async_flush()
    assert await site.changes() == {10: 1}
    assert caplog.text.count("Statistics cannot be corrected") == 1
    await site.late.async_flush()
    await site.late.async_flush()
    assert await site.changes() == {10: 2, 11: 2, 12: 2, 13: 2.5}


async def test_rows_that_were_stored_unseen_are_not_raised_twice(site: Site) -> None:
    await site.silent_from_ten_to_two()
    site.add_eight()
    with patch("custom_components.legrand_ews.recorder_rows._holds", return_value=False):
        await site.late.async_flush()
    assert await site.changes() == {10: 2, 11: 2, 12: 2, 13: 2}
    await site.late.async_flush()
    assert await site.changes() == {10: 2, 11: 2, 12: 2, 13: 2}


async def test_a_flush_comes_by_itself_unless_closed(site: Site) -> None:
    await site.silent_from_ten_to_two()
    closed = LateStatistics(site.hass)
    closed.add(METER, hour(11), 1000, jump_hour=hour(14))
    closed.close()
    closed.add(METER, hour(11), 1000, jump_hour=hour(14))
    site.add_eight()
    async_fire_time_changed(site.hass, datetime.now(UTC) + timedelta(seconds=31))
    await site.hass.async_block_till_done(wait_background_tasks=True)
    assert await site.changes() == {10: 2, 11: 2, 12: 2, 13: 2}


async def test_a_flush_waits_until_home_assistant_has_started(site: Site) -> None:
    await site.silent_from_ten_to_two()
    site.add_eight()
    site.hass.set_state(CoreState.starting)
    await site.late.async_flush()
    site.hass.set_state(CoreState.running)
    assert await site.changes() == {10: 1}
    await site.late.async_flush()
    assert await site.changes() == {10: 2, 11: 2, 12: 2, 13: 2}


async def test_without_a_recorder_nothing_happens(hass: HomeAssistant) -> None:
    late = LateStatistics(hass)
    late.add(METER, hour(11), 1000, jump_hour=hour(14))
    await late.async_flush()
    async_fire_time_changed(hass, datetime.now(UTC) + timedelta(seconds=31))
    await hass.async_block_till_done()
    assert hass.states.async_all() == []


def changes_of(rows: Mapping[int, Row]) -> dict[int, float]:
    """Return by how much sums rose, by hour; the first counts from zero."""
    sums = [0, *(rows[at].sum for at in sorted(rows))]
    return {at: after - before for at, before, after in zip(sorted(rows), sums, sums[1:], strict=False)}


LATE = st.dictionaries(
    st.tuples(st.integers(0, 12), st.integers(0, 12)).map(lambda pair: (pair[0] * HOUR, pair[1] * HOUR)),
    st.integers(1, 1000),
    max_size=12,
)
CONSUMED = st.dictionaries(st.integers(0, 12).map(lambda at: at * HOUR), st.integers(0, 1000), max_size=13)


@given(consumed=CONSUMED, late=LATE)
@example(consumed={HOUR: 5, 4 * HOUR: 9}, late={(HOUR, 4 * HOUR): 2, (3 * HOUR, 4 * HOUR): 6})
def test_what_is_late_moves_to_its_hours_and_nothing_else_changes(
    consumed: dict[int, int], late: dict[tuple[int, int], int]
) -> None:
    jumps = {jump for _, jump in late}
    rows = {
        at: Row(
            sum=sum(amount for when, amount in consumed.items() if when <= at)
            + sum(amount for (_, jump), amount in late.items() if jump <= at),
            state=0,
        )
        for at in {*consumed, *jumps, 13 * HOUR}
    }
    expected = Counter(changes_of(rows))
    for (at, jump), amount in late.items():
        if min(rows) <= at < jump:
            expected[at] += amount
            expected[jump] -= amount
    imported = raised(rows, Counter(late), lambda amount: amount)
    after = changes_of({**rows, **imported})
    assert Counter(after) == expected
    assert sum(after.values()) == rows[max(rows)].sum
    assert all(min(rows) <= at < max(jumps) for at in imported)


@given(late=LATE)
def test_sum_and_state_rise_alike(late: dict[tuple[int, int], int]) -> None:
    rows = {at * HOUR: Row(sum=at, state=None if at == 5 else at + 100) for at in range(0, 13, 2)}
    for at, row in raised(rows, Counter(late), lambda amount: amount / 1000).items():
        before = rows[max(back for back in rows if back <= at)]
        assert row.sum > before.sum
        assert row.state is not None
        assert before.state is not None
        assert row.state - before.state == pytest.approx(row.sum - before.sum)


def test_rows_without_a_state_stay_without() -> None:
    rows = {0: Row(sum=1, state=None)}
    assert raised(rows, Counter({(0, HOUR): 2}), float) == {0: Row(sum=3, state=None)}


def test_without_rows_nothing_is_raised() -> None:
    assert raised({}, Counter({(0, HOUR): 2}), float) == {}
