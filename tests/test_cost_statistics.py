"""Costs in the recorder's statistics, with a recorder that really compiles."""

from __future__ import annotations

import logging
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from homeassistant.components.recorder.core import Recorder
from homeassistant.components.recorder.statistics import get_metadata, statistics_during_period
from homeassistant.core import CoreState
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from hypothesis import given
from hypothesis import strategies as st
from pytest_homeassistant_custom_component.components.recorder.common import (  # type: ignore[import-untyped]
    async_wait_recording_done,
)

from custom_components.legrand_ews.cost_statistics import CostStatistics, followed
from custom_components.legrand_ews.recorder_rows import HOUR, Row

from .test_late_statistics import MIDNIGHT, Site, hour

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant

COST = "sensor.electricity_cost"


class CostSite(Site):
    """A Home Assistant with cost sensors whose time is told."""

    def __init__(self, hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
        """Begin at ten."""
        super().__init__(hass, freezer)
        self.statistics = CostStatistics(hass)

    def cost(self, state: str, entity_id: str = COST, unit: str = "EUR") -> None:
        """Give a cost sensor a state."""
        attributes = {"device_class": "monetary", "state_class": "total", "unit_of_measurement": unit}
        self.hass.states.async_set(entity_id, state, attributes)
        self._news = True

    async def follow(self, entity_id: str = COST, **totals: str) -> set[str]:
        """Let a sensor follow the totals at the end of hours of the day: ``h10="3.5"``; return who has no rows."""
        ledger = {hour(int(key[1:])): Decimal(total) for key, total in totals.items()}
        wanting = await self.statistics.async_follow({entity_id: ledger})
        await async_wait_recording_done(self.hass)
        return wanting

    async def exact(self, entity_id: str = COST) -> dict[int, float]:
        """Return what each hour cost, as the energy dashboard asks for it."""
        begin = MIDNIGHT - timedelta(days=2)
        rows = await self.ask(statistics_during_period, begin, None, {entity_id}, "hour", None, {"change"})
        return {int(row["start"] - hour(0)) // HOUR: row["change"] for row in rows.get(entity_id, [])}

    async def three_hours(self, entity_id: str = COST) -> None:
        """A sensor that shows what hours cost too late: 2, 0, 5 in the hours from ten on."""
        for clock, state in (("10:02", "100"), ("10:30", "102"), ("12:10", "107")):
            await self.until(clock)
            self.cost(state, entity_id)
        await self.until("13:05")


@pytest.fixture
async def site(
    recorder_mock: Recorder,  # noqa: ARG001
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> AsyncIterator[CostSite]:
    """A Home Assistant whose recorder compiles the statistics of sensors."""
    caplog.set_level(logging.WARNING, "sqlalchemy.engine")
    assert await async_setup_component(hass, "sensor", {})
    await async_wait_recording_done(hass)
    site = CostSite(hass, freezer)
    yield site
    site.late.close()


def close(changes: Mapping[int, float]) -> Any:
    """Return what each hour should have cost, to a billionth."""
    return pytest.approx(dict(changes), abs=1e-9, rel=0)


async def test_hours_say_what_the_ledger_says_and_the_running_hour_goes_on(site: CostSite) -> None:
    await site.three_hours()
    assert await site.exact() == close({10: 2, 11: 0, 12: 5})
    await site.follow(h10="103.123456", h11="104.2", h12="106.9")
    assert await site.exact() == close({10: 3.123456, 11: 1.076544, 12: 2.7})
    site.cost("110")
    await site.until("14:05")
    assert await site.exact() == close({10: 3.123456, 11: 1.076544, 12: 2.7, 13: 3.1})
    assert await site.states(COST) == [103.123456, 104.2, 106.9, 110]


async def test_a_sensor_that_was_away_and_one_whose_cost_fell_go_on_exactly(site: CostSite) -> None:
    await site.three_hours()
    site.cost("unavailable")
    await site.until("15:05")
    site.cost("90.5")
    await site.until("16:05")
    await site.follow(h10="101", h11="104", h12="107", h13="112.25", h14="112.25", h15="90.5")
    assert await site.exact() == close({10: 1, 11: 3, 12: 3, 13: 5.25, 15: -21.75})
    await site.follow(h12="106", h13="112.25", h14="111", h15="90.5")
    assert await site.exact() == close({10: 1, 11: 3, 12: 2, 13: 6.25, 14: -1.25, 15: -20.5})
    site.cost("91")
    await site.until("17:05")
    assert (await site.exact())[16] == pytest.approx(0.5, abs=1e-9)


async def test_what_lies_before_the_first_row_becomes_visible_and_nothing_jumps(site: CostSite) -> None:
    await site.three_hours()
    await site.follow(h3="40", h4="40", h5="61.5", h6="61.5", h9="98", h10="102", h11="102", h12="107")
    wanted = {3: 0, 5: 21.5, 9: 36.5, 10: 4, 11: 0, 12: 5}
    assert await site.exact() == close(wanted)
    site.cost("109")
    await site.until("14:05")
    assert await site.exact() == close({**wanted, 13: 2})
    await site.follow(h0="30", h1="33", h2="40", h3="40")
    assert await site.exact() == close({0: 0, 1: 3, 2: 7, **wanted, 13: 2})


async def test_nothing_is_put_before_the_first_row_where_nothing_was_paid(site: CostSite) -> None:
    await site.three_hours()
    await site.follow(h8="102", h9="102", h10="102", h11="102", h12="107")
    assert await site.exact() == close({10: 2, 11: 0, 12: 5})


async def test_hours_that_are_not_compiled_yet_and_sensors_without_a_row_are_left_for_the_next_time(
    site: CostSite,
) -> None:
    site.cost("100")
    await site.until("10:20")
    site.cost("102")
    await site.until("10:40")
    assert await site.follow(h9="100", h10="104") == {COST}
    assert await site.ask(get_metadata) != {}
    assert await site.exact() == {}
    await site.until("11:40")
    assert await site.follow(h10="104", h11="109") == set()
    assert await site.exact() == close({10: 4})
    await site.until("12:05")
    assert await site.exact() == close({10: 4, 11: -2})
    await site.follow(h10="104", h11="109")
    assert await site.exact() == close({10: 4, 11: 5})


async def test_only_rows_that_differ_are_imported(site: CostSite) -> None:
    await site.three_hours()
    with (
        patch.object(Recorder, "async_import_statistics") as imported,
        pytest.raises(HomeAssistantError, match="did not store"),
    ):
        await site.follow(h10="102", h11="103", h12="107")
    ((_, rows, _),) = [call.args for call in imported.call_args_list]
    assert [row["state"] for row in rows] == [103]


async def test_many_sensors_take_one_import_each_and_do_not_mix(site: CostSite) -> None:
    names = [f"sensor.cost_{number}" for number in range(20)]
    for name in names:
        site.cost("0", name)
    await site.until("12:05")
    ledgers = {
        name: {hour(10): Decimal(number), hour(11): Decimal(number) * 3 + 1} for number, name in enumerate(names)
    }
    with patch.object(
        Recorder, "async_import_statistics", autospec=True, side_effect=Recorder.async_import_statistics
    ) as imported:
        await site.statistics.async_follow(ledgers)
    await async_wait_recording_done(site.hass)
    assert imported.call_count == 20
    for number, name in enumerate(names):
        assert await site.exact(name) == close({10: number, 11: 2 * number + 1})


async def test_another_currency_than_that_of_the_statistics_is_left_alone(site: CostSite) -> None:
    await site.three_hours()
    site.cost("107", unit="USD")
    await site.follow(h10="1", h11="2", h12="3")
    assert await site.exact() == close({10: 2, 11: 0, 12: 5})


async def test_what_the_recorder_does_not_store_is_told_once(site: CostSite, caplog: pytest.LogCaptureFixture) -> None:
    await site.three_hours()
    for _ in range(2):
        with (
            patch.object(Recorder, "async_import_statistics"),
            pytest.raises(HomeAssistantError, match="did not store"),
        ):
            await site.follow(h10="103")
    assert caplog.text.count("statistics of costs cannot follow now") == 1
    await site.follow(h10="103")
    assert await site.exact() == close({10: 3, 11: -1, 12: 5})


async def test_nothing_is_done_before_home_assistant_has_started(site: CostSite) -> None:
    await site.three_hours()
    site.hass.set_state(CoreState.starting)
    await site.follow(h10="103")
    site.hass.set_state(CoreState.running)
    assert await site.exact() == close({10: 2, 11: 0, 12: 5})


async def test_without_a_recorder_nothing_happens(hass: HomeAssistant) -> None:
    await CostStatistics(hass).async_follow({COST: {hour(1): Decimal(1)}})
    assert hass.states.async_all() == []


MONEY = st.integers(-1000, 1000).map(lambda cents: Decimal(cents) / 100)
LEDGER = st.lists(MONEY, min_size=1, max_size=14)


def changes(rows: Mapping[int, Row]) -> dict[int, float]:
    """Return what each row adds; the first one counts from zero."""
    sums = [0.0, *(rows[at].sum for at in sorted(rows))]
    return {at: after - before for at, before, after in zip(sorted(rows), sums, sums[1:], strict=False)}


@given(ledger=LEDGER, shown=st.dictionaries(st.integers(0, 14), MONEY, min_size=1), constant=MONEY, data=st.data())
def test_from_the_first_hour_on_each_hour_says_what_the_ledger_says(
    ledger: list[Decimal], shown: dict[int, Decimal], constant: Decimal, data: st.DataObject
) -> None:
    begin = data.draw(st.integers(0, len(ledger) - 1))
    stored = {at * HOUR: Row(sum=float(constant + money), state=float(money)) for at, money in sorted(shown.items())}
    totals = {at * HOUR: ledger[at] for at in range(begin, len(ledger))}
    given_rows = {at: row for at, row in stored.items() if at >= max([0, *(at for at in stored if at < begin * HOUR)])}
    shift, imported = followed(given_rows, totals)
    after = {at: Row(sum=row.sum + shift, state=row.state) for at, row in stored.items()} | imported
    found, first = changes(after), min(after)
    for at in range(begin + 1, len(ledger)):
        if (at - 1) * HOUR >= first:
            assert found.get(at * HOUR, 0.0) == pytest.approx(float(ledger[at] - ledger[at - 1]), abs=1e-9)
    if first < min(stored):
        assert found[first] == pytest.approx(0, abs=1e-9)
    known = {row.sum - row.state for row in after.values() if row.state is not None}
    assert max(known) - min(known) < 1e-9
    again, more = followed({at: row for at, row in after.items() if at in given_rows or at in imported}, totals)
    assert again == pytest.approx(0.0, abs=1e-9)
    assert more == {}


def test_without_rows_nothing_follows() -> None:
    assert followed({}, {0: Decimal(1)}) == (0.0, {})


def test_rows_that_lost_their_state_tell_no_constant() -> None:
    assert followed({0: Row(sum=1, state=None)}, {0: Decimal(5)}) == (0.0, {})
