"""Clocks of devices: checked each hour, set where they are off, by people whenever they like."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util

from custom_components.legrand_ews.journal import DATA_JOURNAL
from plant.scenario import DeviceSpec

from .support import MONDAY, install_profiles

if TYPE_CHECKING:
    from datetime import tzinfo

    from homeassistant.core import HomeAssistant

    from .support import Panel

Writes = list[tuple[int, int, list[int]]]

PARIS = ZoneInfo("Europe/Paris")
COUNTIS = DeviceSpec(name="Mains", model="004684", address=1, at="mains")
INTERFACE = DeviceSpec(name="Interface", model="414940", address=2, at="mains")
COUNTIS_CLOCK = 0xE100
SUMMER = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
"""When clocks go forward: 3 o'clock instead of 2."""
WINTER = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)
"""When clocks go back: 2 o'clock instead of 3."""


class Sun:
    """What time it is for Home Assistant; timers and Modbus need real time."""

    def __init__(self) -> None:
        """Begin with the plant's time, in Paris."""
        self.now = MONDAY.replace(tzinfo=PARIS).astimezone(UTC)

    def __call__(self, time_zone: tzinfo | None = None) -> datetime:
        """Stand in for ``dt_util.now``."""
        return self.now.astimezone(time_zone or dt_util.get_default_time_zone())


@pytest.fixture(autouse=True)
async def sun(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> Sun:
    """Let it be the plant's time in Paris."""
    await hass.config.async_set_time_zone("Europe/Paris")
    sun = Sun()
    monkeypatch.setattr(dt_util, "now", sun)
    return sun


def writes_to(panel: Panel, address: int) -> Writes:
    """Return the list that takes all writes to a unit from now on: function, address, words."""
    unit, seen = panel.unit(address), Writes()
    write = unit.write

    def noted(function: int, start: int, values: list[int]) -> None:
        """Note the write, then do it."""
        seen.append((function, start, values))
        write(function, start, values)

    unit.write = noted  # type: ignore[method-assign]
    return seen


def clock_of(panel: Panel, address: int) -> datetime:
    """Return what the clock of a unit shows."""
    return panel.unit(address).mechanism.clock


def set_clock_to(panel: Panel, address: int, when: datetime) -> None:
    """Let the clock of a unit show a time."""
    panel.unit(address).mechanism.set_clock(when)


def wall() -> datetime:
    """Return what a clock in Paris shows now."""
    return dt_util.now().replace(tzinfo=None)


async def an_hour(panel: Panel, sun: Sun, hours: int = 1) -> None:
    """Let an hour pass; the units' own clocks go on as the plant's does."""
    for _ in range(hours):
        sun.now += timedelta(hours=1)
        await panel.wait(3600)


def account(hass: HomeAssistant) -> list[tuple[str, str | None]]:
    """Return what the journal says of clocks: event and user, newest first."""
    return [(entry.event, entry.user) for entry in hass.data[DATA_JOURNAL].journal.select(kinds=["clock"])]


@pytest.mark.parametrize(("off", "expected"), [(0, 0), (600, 0), (-600, 0), (602, 1), (-602, 1), (86400, 1)])
async def test_only_a_clock_off_by_more_than_ten_minutes_is_set_in_one_write(
    hass: HomeAssistant, panel: Panel, sun: Sun, off: int, expected: int
) -> None:
    await panel.start(COUNTIS, sync_clock=True)
    panel.unit(1).set_clock_offset(off)
    writes = writes_to(panel, 1)
    await an_hour(panel, sun)
    assert len(writes) == expected
    assert clock_of(panel, 1) - wall() == timedelta(seconds=0 if expected else off)
    assert account(hass) == [("clock_set", None)] * expected
    await an_hour(panel, sun)
    assert len(writes) == expected


async def test_the_date_is_written_in_the_order_of_the_map(hass: HomeAssistant, panel: Panel, sun: Sun) -> None:
    install_profiles(hass, "plant_ems_interface")
    await panel.start(COUNTIS, INTERFACE, sync_clock=True)
    written = [writes_to(panel, address) for address in (1, 2)]
    for address in (1, 2):
        panel.unit(address).set_clock_offset(-86400)
    await an_hour(panel, sun)
    assert written[0] == [(16, COUNTIS_CLOCK, [2, 3, 2026, 10, 0, 0])]
    assert written[1] == [(16, 0x0080, [2 << 8 | 3, 2026, 10 << 8, 1])]


@pytest.mark.parametrize(("change", "before", "after"), [(SUMMER, 1, 4), (WINTER, 2, 2)])
async def test_a_clock_follows_summer_and_winter_time(
    panel: Panel,
    sun: Sun,
    change: datetime,
    before: int,
    after: int,
) -> None:
    sun.now = change - timedelta(minutes=90)
    await panel.start(COUNTIS, sync_clock=True)
    set_clock_to(panel, 1, wall())
    writes = writes_to(panel, 1)
    await an_hour(panel, sun)
    assert (wall().hour, writes) == (before, [])
    await an_hour(panel, sun)
    assert [words[3] for _, _, words in writes] == [wall().hour]
    assert clock_of(panel, 1) == wall()
    await an_hour(panel, sun)
    assert len(writes) == 1
    assert wall().hour == after + (change is WINTER)


async def test_without_the_option_nothing_is_read_or_set(panel: Panel, sun: Sun) -> None:
    await panel.start(COUNTIS)
    panel.unit(1).set_clock_offset(86400)
    asked, writes = panel.requests_to(1), writes_to(panel, 1)
    await an_hour(panel, sun)
    assert [row for row in asked if row[1] == COUNTIS_CLOCK] == []
    assert writes == []


async def test_the_button_sets_a_clock_however_little_it_is_off(
    hass: HomeAssistant, panel: Panel, hass_admin_user: Any
) -> None:
    await panel.start(COUNTIS)
    panel.unit(1).set_clock_offset(-7)
    await hass.services.async_call(
        "button",
        "press",
        {"entity_id": panel.entity("Mains", "sync_clock")},
        blocking=True,
        context=Context(user_id=hass_admin_user.id),
    )
    assert clock_of(panel, 1) == wall()
    assert account(hass) == [("clock_set", hass_admin_user.name)]
    assert hass.data[DATA_JOURNAL].journal.entries[0].text == "Clock set, it was off by -7 s"


async def test_the_action_sets_the_clocks_of_its_targets_only(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, "plant_ems_interface")
    entry = await panel.start(COUNTIS, INTERFACE)
    for address in (1, 2):
        panel.unit(address).set_clock_offset(300)
    target = {"device_id": panel.device(entry, "Interface").id}
    await hass.services.async_call("legrand_ews", "sync_clock", target, blocking=True)
    assert clock_of(panel, 2) == wall()
    assert clock_of(panel, 1) == wall() + timedelta(seconds=300)


@pytest.mark.parametrize("vouched", [True, False])
async def test_a_clock_without_a_date_is_set_by_people_only_and_by_a_sure_map(
    hass: HomeAssistant, panel: Panel, sun: Sun, *, vouched: bool
) -> None:
    if vouched:
        (install_profiles(hass) / "mine.yaml").write_text('id: socomec_countis_e34\nmodels: ["004684"]\n')
    await panel.start(COUNTIS, sync_clock=True)
    unit, writes = panel.unit(1), writes_to(panel, 1)
    read = unit.read

    def undated(function: int, start: int, count: int) -> list[int]:
        """Show month 13 until the clock is set."""
        words = read(function, start, count)
        return [1, 13, 2026, 0, 0, 0] if start == COUNTIS_CLOCK and not writes else words

    unit.read = undated  # type: ignore[method-assign]
    await an_hour(panel, sun)
    assert (writes, account(hass)) == ([], [])
    if not vouched:
        with pytest.raises(HomeAssistantError, match="hold no date"):
            await press(hass, panel)
        assert writes == []
        return
    await press(hass, panel)
    assert clock_of(panel, 1) == wall()
    assert hass.data[DATA_JOURNAL].journal.entries[0].text == "Clock set, it was off by ? s"


async def test_a_lost_answer_is_made_up_for_by_what_is_read(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(COUNTIS)
    panel.unit(1).set_clock_offset(3600)
    panel.unit(1).faults.lose_after = 1
    await press(hass, panel)
    assert clock_of(panel, 1) == wall()


async def press(hass: HomeAssistant, panel: Panel) -> None:
    """Press the button that sets the clock."""
    await hass.services.async_call("button", "press", {"entity_id": panel.entity("Mains", "sync_clock")}, blocking=True)


async def test_a_refused_write_is_an_error_and_stands_in_the_journal(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(COUNTIS)
    panel.unit(1).set_clock_offset(3600)
    panel.unit(1).faults.refuse_writes = 1
    with pytest.raises(HomeAssistantError, match="clock of Mains could not be set"):
        await press(hass, panel)
    assert account(hass) == [("clock_failed", None)]
    assert clock_of(panel, 1) == wall() + timedelta(hours=1)


async def test_a_clock_that_goes_on_as_before_is_found_out(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(COUNTIS)
    panel.unit(1).set_clock_offset(300)
    panel.unit(1).write = lambda function, address, values: None  # type: ignore[assignment, method-assign] # noqa: ARG005
    with pytest.raises(HomeAssistantError, match="shows something else"):
        await press(hass, panel)
    assert account(hass) == [("clock_failed", None)]


async def test_a_refusal_in_the_hourly_check_is_told_and_tried_again(
    hass: HomeAssistant, panel: Panel, sun: Sun, caplog: pytest.LogCaptureFixture
) -> None:
    await panel.start(COUNTIS, sync_clock=True)
    panel.unit(1).set_clock_offset(3600)
    panel.unit(1).faults.refuse_writes = 1
    await an_hour(panel, sun)
    assert account(hass) == [("clock_failed", None)]
    assert "The clock of Mains could not be set" in caplog.text
    await an_hour(panel, sun)
    assert account(hass) == [("clock_set", None), ("clock_failed", None)]


async def test_a_silent_device_fails_people_but_is_no_news_each_hour(
    hass: HomeAssistant, panel: Panel, sun: Sun
) -> None:
    await panel.start(COUNTIS, sync_clock=True)
    panel.unit(1).faults.silent = True
    await an_hour(panel, sun, 2)
    assert account(hass) == []
    with pytest.raises(HomeAssistantError):
        await press(hass, panel)
    assert account(hass) == [("clock_failed", None)]


async def test_one_silent_device_does_not_keep_the_others_from_being_set(
    hass: HomeAssistant, panel: Panel, sun: Sun
) -> None:
    install_profiles(hass, "plant_ems_interface")
    await panel.start(COUNTIS, INTERFACE, sync_clock=True)
    panel.unit(1).faults.silent = True
    panel.unit(2).set_clock_offset(3600)
    await an_hour(panel, sun)
    assert clock_of(panel, 2) == wall()


async def test_a_device_switched_off_keeps_its_clock(hass: HomeAssistant, panel: Panel, sun: Sun) -> None:
    entry = await panel.start(COUNTIS, sync_clock=True)
    device = panel.device(entry, "Mains")
    dr.async_get(hass).async_update_device(device.id, disabled_by=dr.DeviceEntryDisabler.USER)
    await panel.settle()
    panel.unit(1).set_clock_offset(3600)
    writes = writes_to(panel, 1)
    await an_hour(panel, sun)
    assert writes == []


async def test_an_unloaded_gateway_is_left_alone(hass: HomeAssistant, panel: Panel, sun: Sun) -> None:
    entry = await panel.start(COUNTIS, sync_clock=True)
    panel.unit(1).set_clock_offset(3600)
    writes = writes_to(panel, 1)
    await hass.config_entries.async_unload(entry.entry_id)
    await an_hour(panel, sun)
    assert writes == []
