"""What happens to the plant, told by the journal: once each, to the right ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.helpers import device_registry as dr
from pytest_homeassistant_custom_component.common import (  # type: ignore[import-untyped]
    MockConfigEntry,
    async_capture_events,
)

from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.journal import DATA_JOURNAL, async_load_journal
from plant.scenario import DeviceSpec, GatewaySpec

from .station_support import CHARGE, ERRORS, LEFT, RIGHT, STATION, STRIDE
from .station_support import start as start_station
from .support import METER, SOCKETS, install_profiles, subentry_id

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .support import Panel

BREAKER = DeviceSpec(
    name="Main breaker", model="414930", address=11, at="mains", registers={"link_1": 12, "link_2": 13}
)
CONTACTOR = DeviceSpec(name="Water heater", model="414931", address=12, at="sockets")
SIGNALS = DeviceSpec(name="Signals", model="026136", address=13, at="mains")
GUARD = DeviceSpec(name="Guard", model="412045", address=5, at="mains", registers={"output_type": 1})
MAPS = ("plant_ems_state", "plant_ems_contactor", "plant_signalling_interface")


async def start(hass: HomeAssistant, panel: Panel, *devices: DeviceSpec, **settings: Any) -> Any:
    """Set up a panel whose states are polled as often as its measures."""
    install_profiles(hass, *MAPS)
    return await panel.start(*devices, settings=settings, status_poll_time=10)


def told(hass: HomeAssistant) -> list[tuple[str, str]]:
    """Return what the journal says, oldest first: device and event."""
    return [(entry.device, entry.event) for entry in reversed(hass.data[DATA_JOURNAL].journal.entries)]


def active(hass: HomeAssistant) -> list[tuple[str, str]]:
    """Return the alarms that are on: device and event."""
    return [(entry.device, entry.event) for entry in hass.data[DATA_JOURNAL].journal.active]


async def restart_journal(hass: HomeAssistant) -> None:
    """Let the journal come anew from its file."""
    await hass.data[DATA_JOURNAL].async_save()
    await async_load_journal(hass)


async def test_a_trip_is_one_entry_and_one_event_of_device_and_installation(hass: HomeAssistant, panel: Panel) -> None:
    entry = await start(hass, panel, BREAKER)
    site = MockConfigEntry(domain=DOMAIN, title="Site", data={"kind": "installation"})
    site.add_to_hass(hass)
    await hass.config_entries.async_setup(site.entry_id)
    await panel.settle()
    changes = async_capture_events(hass, EVENT_STATE_CHANGED)
    fired = async_capture_events(hass, "legrand_ews_alarm")
    panel.unit(11).trip()
    for _ in range(3):
        await panel.wait()
    assert told(hass) == [("Main breaker", "breaker_tripped")]
    own = [event for event in changes if event.data["entity_id"].startswith("event.")]
    assert sorted(event.data["entity_id"] for event in own) == ["event.main_breaker_events", "event.site_events"]
    assert {event.data["new_state"].attributes["event_type"] for event in own} == {"breaker_tripped"}
    (event,) = fired
    assert event.data["device_id"] == panel.device(entry, "Main breaker").id
    wanted = {"event": "breaker_tripped", "kind": "state", "subject": "breaker", "gateway": "Panel", "address": "11"}
    assert wanted.items() <= event.data.items()
    assert event.data["text"] == "Breaker tripped"


async def test_a_trip_is_an_alarm_until_the_breaker_is_opened(hass: HomeAssistant, panel: Panel) -> None:
    await start(hass, panel, BREAKER)
    panel.unit(11).trip()
    await panel.wait()
    assert active(hass) == [("Main breaker", "breaker_tripped")]
    panel.unit(11).hand("breaker", "open")
    await panel.wait()
    assert active(hass) == []
    panel.unit(11).hand("breaker", "closed")
    await panel.wait()
    assert [event for _, event in told(hass)] == ["breaker_tripped", "breaker_opened", "breaker_closed"]


async def test_a_trip_is_an_alarm_until_the_breaker_is_closed(hass: HomeAssistant, panel: Panel) -> None:
    await start(hass, panel, BREAKER)
    panel.unit(11).trip()
    await panel.wait()
    panel.unit(11).clear()
    await panel.wait()
    assert active(hass) == []
    assert [event for _, event in told(hass)] == ["breaker_tripped", "breaker_closed"]


async def test_the_first_sight_of_what_is_ordinary_says_nothing(hass: HomeAssistant, panel: Panel) -> None:
    await start(hass, panel, BREAKER, CONTACTOR, SIGNALS, METER)
    await panel.wait()
    assert told(hass) == []


async def test_a_breaker_found_tripped_is_an_alarm(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, *MAPS)
    await panel.serve(BREAKER)
    panel.unit(11).trip()
    await panel.set_up(status_poll_time=10)
    assert told(hass) == active(hass) == [("Main breaker", "breaker_tripped")]


async def test_a_change_while_home_assistant_was_down_is_noticed_once(hass: HomeAssistant, panel: Panel) -> None:
    entry = await start(hass, panel, BREAKER, SIGNALS)
    await hass.config_entries.async_unload(entry.entry_id)
    panel.unit(11).trip()
    panel.unit(13).set_input(2)
    for _ in range(2):
        await restart_journal(hass)
        await hass.config_entries.async_setup(entry.entry_id)
        await panel.settle()
        await panel.wait()
        assert sorted(told(hass)) == [("Main breaker", "breaker_tripped"), ("Signals", "input_on")]
        assert active(hass) == [("Main breaker", "breaker_tripped")]
        await hass.config_entries.async_unload(entry.entry_id)


async def test_an_alarm_that_ended_meanwhile_ends(hass: HomeAssistant, panel: Panel) -> None:
    entry = await start(hass, panel, BREAKER)
    panel.unit(11).trip()
    await panel.wait()
    await hass.config_entries.async_unload(entry.entry_id)
    panel.unit(11).clear()
    await restart_journal(hass)
    assert active(hass) == [("Main breaker", "breaker_tripped")]
    await hass.config_entries.async_setup(entry.entry_id)
    await panel.settle()
    assert active(hass) == []


async def test_inputs_are_told_by_the_users_names(hass: HomeAssistant, panel: Panel) -> None:
    await start(hass, panel, SIGNALS, labels={"input_3": "Pump fault"})
    panel.unit(13).set_input(3)
    await panel.wait()
    (entry,) = hass.data[DATA_JOURNAL].journal.entries
    assert (entry.event, entry.subject, entry.text) == ("input_on", "input_3", "Pump fault turned on")


async def test_errors_of_a_station_are_alarms_until_they_are_gone(hass: HomeAssistant, panel: Panel) -> None:
    _, bank = await start_station(hass, panel, LEFT, RIGHT, words={ERRORS: 1})
    assert told(hass) == active(hass) == [("Left", "station_error")]
    bank.words |= {ERRORS: 2, STRIDE + ERRORS: 2}
    await panel.wait()
    assert active(hass) == [("Right", "charge_error"), ("Left", "charge_error")]
    bank.words |= {ERRORS: 0, STRIDE + ERRORS: 0}
    await panel.wait()
    assert active(hass) == []
    texts = [entry.text for entry in reversed(hass.data[DATA_JOURNAL].journal.entries) if entry.device == "Left"]
    assert texts == [
        "Lock: station error",
        "Lock: station error gone",
        "Diode: charge error",
        "Diode: charge error gone",
    ]


@pytest.mark.parametrize(
    ("register", "fault", "key", "event"),
    [(CHARGE, 4, "charge", "charge_error"), (STATION, 3, "station", "station_error")],
)
async def test_a_station_in_fault_is_an_alarm_until_it_says_otherwise(
    hass: HomeAssistant, panel: Panel, register: int, fault: int, key: str, event: str
) -> None:
    _, bank = await start_station(hass, panel, LEFT)
    assert told(hass) == []
    for raw, alarms in ((1, []), (fault, [("Left", event)]), (9, [("Left", event)]), (2, [])):
        bank.words[register] = raw
        await panel.wait()
        assert active(hass) == alarms
    assert told(hass) == [("Left", "state_changed"), ("Left", event), ("Left", "state_changed")]
    assert {(entry.subject, entry.kind) for entry in hass.data[DATA_JOURNAL].journal.entries} == {(key, "state")}


async def test_a_station_found_in_fault_is_an_alarm(hass: HomeAssistant, panel: Panel) -> None:
    await start_station(hass, panel, LEFT, words={CHARGE: 4, STATION: 3})
    assert sorted(active(hass)) == [("Left", "charge_error"), ("Left", "station_error")]


async def test_a_station_left_out_of_alerts_raises_none(hass: HomeAssistant, panel: Panel) -> None:
    _, bank = await start_station(hass, panel, LEFT, words={CHARGE: 4}, exclude_alerts=True)
    bank.words[ERRORS] = 3
    await panel.wait()
    assert told(hass) == []


async def test_nothing_is_told_of_devices_left_out(hass: HomeAssistant, panel: Panel) -> None:
    await start(hass, panel, BREAKER, exclude_alerts=True)
    panel.unit(11).trip()
    panel.unit(11).link_error(1)
    await panel.wait()
    panel.unit(11).faults.silent = True
    await panel.wait()
    assert told(hass) == []
    assert panel.state("Main breaker", "breaker") == "unavailable"


async def test_a_silent_unit_is_an_alarm_of_its_devices_until_it_answers(hass: HomeAssistant, panel: Panel) -> None:
    await start(hass, panel, BREAKER, METER, SOCKETS)
    panel.unit(11).faults.silent = True
    panel.unit(1).faults.silent = True
    for _ in range(3):
        await panel.wait()
    lost = [("Main breaker", "communication_lost"), ("Mains", "communication_lost")]
    assert sorted(told(hass)) == sorted(active(hass)) == lost
    panel.unit(11).faults.silent = False
    panel.unit(1).faults.silent = False
    for _ in range(3):
        await panel.wait(300)
    assert active(hass) == []
    back = [("Main breaker", "communication_back"), ("Mains", "communication_back")]
    assert sorted(told(hass)) == sorted(lost + back)


async def test_a_unit_that_is_back_after_a_restart_is_told(hass: HomeAssistant, panel: Panel) -> None:
    entry = await start(hass, panel, METER)
    panel.unit(1).faults.silent = True
    await panel.wait()
    await hass.config_entries.async_unload(entry.entry_id)
    await restart_journal(hass)
    panel.unit(1).faults.silent = False
    await hass.config_entries.async_setup(entry.entry_id)
    await panel.settle()
    assert told(hass) == [("Mains", "communication_lost"), ("Mains", "communication_back")]
    assert active(hass) == []


async def test_a_lost_gateway_is_one_alarm_not_one_of_each_device(hass: HomeAssistant, panel: Panel) -> None:
    await start(hass, panel, BREAKER, METER, SOCKETS)
    await panel.plant.refuse(panel.gateway())
    for _ in range(3):
        await panel.wait(60)
    assert told(hass) == active(hass) == [("Panel", "communication_lost")]
    await panel.plant.refuse(panel.gateway(), refuse=False)
    for _ in range(3):
        await panel.wait(60)
    assert active(hass) == []
    assert told(hass) == [("Panel", "communication_lost"), ("Panel", "communication_back")]


async def flap(panel: Panel, times: int) -> None:
    """Lose the gateway for 18 s, each 36 s."""
    for _ in range(times):
        await panel.plant.refuse(panel.gateway())
        await panel.wait(18)
        await panel.plant.refuse(panel.gateway(), refuse=False)
        await panel.wait(18)


async def test_a_link_that_drops_a_hundred_times_an_hour_gives_a_handful_of_entries(
    hass: HomeAssistant, panel: Panel
) -> None:
    await start(hass, panel, METER)
    changes = async_capture_events(hass, EVENT_STATE_CHANGED)
    await flap(panel, 100)
    assert 2 <= len(told(hass)) <= 6
    assert sum(entry.count for entry in hass.data[DATA_JOURNAL].journal.entries) >= 199
    own = [event for event in changes if event.data["entity_id"].startswith("event.")]
    assert len(own) == len(told(hass))


async def test_a_gateway_that_dropped_often_and_stays_away_is_told_in_the_end(
    hass: HomeAssistant, panel: Panel
) -> None:
    await start(hass, panel, METER)
    await flap(panel, 5)
    changes = async_capture_events(hass, EVENT_STATE_CHANGED)
    await panel.plant.refuse(panel.gateway())
    await panel.wait(30)
    assert active(hass) == [("Panel", "communication_lost")]
    assert hass.states.get("event.panel_events").attributes["event_type"] == "communication_back"
    for _ in range(4):
        await panel.wait(400)
    assert hass.states.get("event.panel_events").attributes["event_type"] == "communication_lost"
    assert [event.data["entity_id"] for event in changes].count("event.panel_events") == 1


async def test_the_relay_of_a_meter_is_a_threshold_alarm(hass: HomeAssistant, panel: Panel) -> None:
    await start(hass, panel, GUARD)
    panel.unit(5).alarm("threshold_alarm")
    await panel.wait()
    assert active(hass) == [("Guard", "threshold_exceeded")]
    panel.unit(5).alarm("threshold_alarm", on=False)
    await panel.wait()
    assert (told(hass), active(hass)) == ([("Guard", "threshold_exceeded"), ("Guard", "threshold_cleared")], [])


async def test_errors_of_configuration_are_alarms_each_of_its_own(hass: HomeAssistant, panel: Panel) -> None:
    await start(hass, panel, BREAKER)
    for key in ("configuration_error", "duplicated"):
        panel.unit(11).alarm(key)
    await panel.wait()
    texts = [entry.text for entry in hass.data[DATA_JOURNAL].journal.active]
    assert sorted(texts) == [
        "Configuration error reported",
        "Duplicated function reported",
    ]
    panel.unit(11).alarm("duplicated", on=False)
    await panel.wait()
    assert [entry.subject for entry in hass.data[DATA_JOURNAL].journal.active] == ["configuration_error"]


async def test_a_failed_link_between_modules_is_an_alarm(
    hass: HomeAssistant,
    panel: Panel,
    all_enabled: None,  # noqa: ARG001
) -> None:
    await start(hass, panel, BREAKER, CONTACTOR, SIGNALS)
    panel.unit(11).link_error(2)
    await panel.wait()
    (entry,) = hass.data[DATA_JOURNAL].journal.active
    assert (entry.event, entry.text) == ("link_error", "Link 2 with module 13 failed")
    panel.unit(11).link_error(2, on=False)
    await panel.wait()
    assert told(hass) == [("Main breaker", "link_error"), ("Main breaker", "link_restored")]
    assert active(hass) == []


async def test_alarms_of_a_deleted_device_end(hass: HomeAssistant, panel: Panel) -> None:
    entry = await start(hass, panel, BREAKER, GUARD)
    panel.unit(11).trip()
    panel.unit(5).alarm("threshold_alarm")
    await panel.wait()
    hass.config_entries.async_remove_subentry(entry, subentry_id("Main breaker"))
    await panel.wait()
    assert active(hass) == [("Guard", "threshold_exceeded")]


async def test_alarms_of_a_deleted_gateway_end(hass: HomeAssistant, panel: Panel) -> None:
    entry = await start(hass, panel, BREAKER)
    panel.unit(11).trip()
    await panel.wait()
    await hass.config_entries.async_remove(entry.entry_id)
    assert active(hass) == []
    assert told(hass) == [("Main breaker", "breaker_tripped")]


async def test_alarms_of_a_device_left_out_since_end(hass: HomeAssistant, panel: Panel) -> None:
    entry = await start(hass, panel, BREAKER, GUARD)
    panel.unit(11).trip()
    panel.unit(5).alarm("threshold_alarm")
    await panel.wait()
    row = entry.subentries[subentry_id("Main breaker")]
    hass.config_entries.async_update_subentry(entry, row, data={**row.data, "exclude_alerts": True})
    await panel.wait()
    assert active(hass) == [("Guard", "threshold_exceeded")]


async def test_a_device_switched_off_is_not_watched(hass: HomeAssistant, panel: Panel) -> None:
    entry = await start(hass, panel, BREAKER, GUARD)
    device = panel.device(entry, "Main breaker")
    dr.async_get(hass).async_update_device(device.id, disabled_by=dr.DeviceEntryDisabler.USER)
    await panel.settle()
    panel.unit(11).trip()
    await panel.wait()
    panel.unit(11).faults.silent = True
    await panel.wait()
    assert told(hass) == []


async def test_a_device_switched_off_is_not_watched_beside_others_at_its_address(
    hass: HomeAssistant, panel: Panel
) -> None:
    inputs = [
        DeviceSpec(name=f"Input {n}", model="412082", address=6, position=n, concentrator="004687", at="lighting")
        for n in (1, 2)
    ]
    entry = await start(hass, panel, *inputs)
    device = panel.device(entry, "Input 1")
    dr.async_get(hass).async_update_device(device.id, disabled_by=dr.DeviceEntryDisabler.USER)
    await panel.settle()
    panel.unit(6).faults.silent = True
    await panel.wait()
    assert told(hass) == [("Input 2", "communication_lost")]


async def test_two_gateways_have_one_journal(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, *MAPS)
    await panel.serve(
        gateways=(GatewaySpec(name="West", devices=(BREAKER,)), GatewaySpec(name="East", devices=(GUARD,)))
    )
    for gateway in ("West", "East"):
        await panel.set_up(gateway, status_poll_time=10)
    panel.unit(11, "West").trip()
    panel.unit(5, "East").alarm("threshold_alarm")
    await panel.wait()
    where = {(entry.gateway, entry.device, entry.address) for entry in hass.data[DATA_JOURNAL].journal.active}
    assert where == {("West", "Main breaker", "11"), ("East", "Guard", "5")}
