"""The blueprints: load as Home Assistant loads them, and do what they say."""

from __future__ import annotations

import asyncio
import random
import shutil
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import load_yaml_dict
from pytest_homeassistant_custom_component.common import (  # type: ignore[import-untyped]
    MockConfigEntry,
    async_fire_time_changed,
    async_mock_service,
)

from plant.scenario import DeviceSpec

from .charging.park import Park
from .support import METER, install_profiles

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant, ServiceCall

    from .support import Panel

FOLDER = Path(__file__).parents[1] / "blueprints" / "automation" / "legrand_ews"
BREAKER = DeviceSpec(name="Main breaker", model="414930", address=11, at="mains")
PARIS = ZoneInfo("Europe/Paris")
LOADS = ["input_boolean.heater", "input_boolean.car", "input_boolean.pool"]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_home_assistant_takes_it(path: Path) -> None:
    data = load_yaml_dict(str(path))
    blueprint = Blueprint(data, expected_domain="automation", path=path.name, schema=AUTOMATION_BLUEPRINT_SCHEMA)
    assert blueprint.validate() is None
    assert blueprint.metadata["source_url"].endswith(f"blueprints/automation/legrand_ews/{path.name}")


@asynccontextmanager
async def automation(hass: HomeAssistant, name: str, **inputs: Any) -> AsyncIterator[None]:
    """Make an automation of a blueprint; end what it still does at the end."""
    target = Path(hass.config.path("blueprints", "automation", "legrand_ews"))
    await hass.async_add_executor_job(lambda: shutil.copytree(FOLDER, target))
    use = {"path": f"legrand_ews/{name}.yaml", "input": inputs}
    assert await async_setup_component(hass, "automation", {"automation": {"use_blueprint": use}})
    await hass.async_block_till_done()
    (entity,) = hass.states.async_entity_ids("automation")
    assert hass.states.is_state(entity, "on")
    yield
    await hass.services.async_call("automation", "turn_off", {"entity_id": entity}, blocking=True)


async def turns(count: int = 40) -> None:
    """Let an automation go on; nothing can wait for the end of one that waits itself."""
    for _ in range(count):
        await asyncio.sleep(0)


async def pass_time(hass: HomeAssistant, **span: float) -> None:
    """Let timers of a time go off."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(**span) + timedelta(seconds=1))
    await turns()


async def poll(hass: HomeAssistant, panel: Panel) -> None:
    """Ask all units once, later than the last time."""
    panel.clock.now += 100
    for entry in hass.config_entries.async_loaded_entries("legrand_ews"):
        data = entry.runtime_data
        for coordinator in (*data.states.values(), *data.units.values(), data.status):
            await coordinator.async_refresh()
    await turns()


def phone(hass: HomeAssistant) -> str:
    """Register a phone; return its device."""
    entry = MockConfigEntry(domain="mobile_app", title="Ann's phone")
    entry.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={("mobile_app", "1")}, name="Ann's phone"
    )
    return device.id


async def answer(hass: HomeAssistant, calls: list[ServiceCall], button: int = 1) -> None:
    """Press a button of the last notification."""
    action = calls[-1].data["data"]["actions"][button]["action"]
    hass.bus.async_fire("mobile_app_notification_action", {"action": action})
    await turns()


@pytest.fixture
async def messages(hass: HomeAssistant, panel: Panel) -> AsyncIterator[list[ServiceCall]]:
    """Set up a breaker whose trips a phone is told of."""
    install_profiles(hass, "plant_ems_state")
    await panel.start(BREAKER, status_poll_time=10)
    calls: list[ServiceCall] = async_mock_service(hass, "notify", "mobile_app_ann_s_phone")
    event = panel.entity("Main breaker", "alarm")
    inputs = {"events": [event], "phone": phone(hass), "page": "/panel", "remind_after": 15}
    async with automation(hass, "breaker_tripped", **inputs):
        yield calls


async def trip(hass: HomeAssistant, panel: Panel) -> None:
    """Let the breaker trip, and wait for its poll."""
    panel.unit(11).trip()
    await poll(hass, panel)


async def test_a_trip_reaches_the_phone(hass: HomeAssistant, panel: Panel, messages: list[ServiceCall]) -> None:
    await trip(hass, panel)
    (call,) = messages
    assert call.data["title"] == "Main breaker"
    assert call.data["message"] == "Breaker tripped (Panel, 11)"
    show, remind = call.data["data"]["actions"]
    assert (show["action"], show["uri"]) == ("URI", "/panel")
    assert remind["action"].startswith("REMIND_")
    await pass_time(hass, hours=12)
    assert len(messages) == 1


async def test_other_events_do_not_reach_the_phone(
    hass: HomeAssistant, panel: Panel, messages: list[ServiceCall]
) -> None:
    panel.unit(11).hand("breaker", "open")
    await poll(hass, panel)
    panel.unit(11).faults.silent = True
    await poll(hass, panel)
    assert messages == []


async def test_the_phone_is_reminded_while_the_breaker_is_tripped_only(
    hass: HomeAssistant, panel: Panel, messages: list[ServiceCall]
) -> None:
    await trip(hass, panel)
    await answer(hass, messages)
    assert len(messages) == 1
    await pass_time(hass, minutes=15)
    assert [call.data["message"] for call in messages] == ["Breaker tripped (Panel, 11)"] * 2
    await answer(hass, messages)
    panel.unit(11).hand("breaker", "open")
    await poll(hass, panel)
    await pass_time(hass, minutes=15)
    assert len(messages) == 2


async def test_a_reload_is_no_second_trip(hass: HomeAssistant, panel: Panel, messages: list[ServiceCall]) -> None:
    await trip(hass, panel)
    (entry,) = hass.config_entries.async_loaded_entries("legrand_ews")
    await hass.config_entries.async_reload(entry.entry_id)
    await turns()
    await poll(hass, panel)
    assert len(messages) == 1


@pytest.fixture
async def letters(hass: HomeAssistant, panel: Panel) -> AsyncIterator[list[ServiceCall]]:
    """Set up a meter that somebody hears of when it is silent for ten minutes."""
    await panel.start(METER)
    await async_setup_component(hass, "notify", {})
    hass.services.async_remove("notify", "send_message")
    calls: list[ServiceCall] = async_mock_service(hass, "notify", "send_message")
    connections = ["binary_sensor.mains_connectivity", "binary_sensor.panel_connectivity"]
    assert [hass.states.get(connection).state for connection in connections] == ["on", "on"]  # type: ignore[union-attr]
    async with automation(hass, "device_silent", connections=connections, silent_for=10, notify=["notify.ann"]):
        yield calls


async def silence(hass: HomeAssistant, panel: Panel, *, silent: bool) -> None:
    """Let the meter fall silent, or answer, and wait until that is known."""
    panel.unit(1).faults.silent = silent
    await poll(hass, panel)


async def test_a_silent_device_is_told_after_its_time_and_when_it_is_back(
    hass: HomeAssistant, panel: Panel, letters: list[ServiceCall]
) -> None:
    await silence(hass, panel, silent=True)
    await pass_time(hass, minutes=9)
    assert letters == []
    await pass_time(hass, minutes=10)
    (call,) = letters
    assert (call.data["title"], call.data["entity_id"]) == ("Mains", ["notify.ann"])
    assert call.data["message"].startswith("Mains has not answered since ")
    await silence(hass, panel, silent=False)
    assert [call.data["message"] for call in letters[1:]] == ["Mains answers again."]


async def test_a_short_silence_is_not_told(hass: HomeAssistant, panel: Panel, letters: list[ServiceCall]) -> None:
    await silence(hass, panel, silent=True)
    await silence(hass, panel, silent=False)
    await pass_time(hass, minutes=30)
    assert letters == []


async def test_a_lost_gateway_is_told_and_so_are_its_devices_that_were_chosen(
    hass: HomeAssistant, panel: Panel, letters: list[ServiceCall]
) -> None:
    await panel.plant.refuse(panel.gateway())
    await poll(hass, panel)
    await pass_time(hass, minutes=10)
    assert sorted(call.data["title"] for call in letters) == ["Mains", "Panel"]


@pytest.fixture
async def turned(hass: HomeAssistant) -> AsyncIterator[list[tuple[str, str]]]:
    """Set up three loads that are shed above 5 kW and come back below 3 kW; return what is turned from now on."""
    booleans = {load.split(".")[1]: {"initial": True} for load in LOADS}
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "input_boolean", {"input_boolean": booleans})
    hass.states.async_set("sensor.power", "1000")
    seen: list[tuple[str, str]] = []

    @callback
    def note(event: Any) -> None:
        """Note what was turned."""
        if event.data["entity_id"] in LOADS:
            seen.append((event.data["entity_id"].split(".")[1], event.data["new_state"].state))

    hass.bus.async_listen("state_changed", note)
    inputs = {"power": "sensor.power", "limit": 5000, "above_for": 30, "back_below": 3000, "below_for": 300}
    async with automation(hass, "shed_load", loads=LOADS, **inputs):
        yield seen


async def power(hass: HomeAssistant, value: float | str, seconds: float) -> None:
    """Let power be so much for some time."""
    hass.states.async_set("sensor.power", str(value))
    await turns()
    await pass_time(hass, seconds=seconds)


async def test_loads_go_in_order_and_come_back_in_the_opposite_one(
    hass: HomeAssistant, turned: list[tuple[str, str]]
) -> None:
    await power(hass, 6000, 30)
    assert turned == [("heater", "off")]
    await power(hass, 6001, 30)
    assert turned[1:] == [("car", "off")]
    await power(hass, 4000, 3600)
    await power(hass, "unavailable", 3600)
    assert turned[2:] == []
    await power(hass, 2000, 290)
    await power(hass, 3500, 290)
    await power(hass, 2000, 290)
    assert turned[2:] == []
    await pass_time(hass, seconds=300)
    assert turned[2:] == [("car", "on")]
    await pass_time(hass, seconds=300)
    assert turned[3:] == [("heater", "on")]


async def test_only_what_was_shed_comes_back(hass: HomeAssistant, turned: list[tuple[str, str]]) -> None:
    await hass.services.async_call("input_boolean", "turn_off", {"entity_id": LOADS[0]}, blocking=True)
    await power(hass, 6000, 30)
    for _ in range(3):
        await pass_time(hass, seconds=30)
    assert turned == [("heater", "off"), ("car", "off"), ("pool", "off")]
    await power(hass, 2000, 300)
    for _ in range(3):
        await pass_time(hass, seconds=300)
    assert turned[3:] == [("pool", "on"), ("car", "on")]


async def test_a_peak_sheds_nothing(hass: HomeAssistant, turned: list[tuple[str, str]]) -> None:
    await power(hass, 6000, 20)
    await power(hass, 4000, 60)
    assert turned == []


class Boiler:
    """A load whose automation lives by a clock that is set, and by prices that are made."""

    def __init__(self, hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
        self.hass = hass
        self.freezer = freezer

    def local(self, at: float) -> str:
        return datetime.fromtimestamp(at, PARIS).isoformat()

    def tell(self, *changes: tuple[str, float | None], end: str) -> None:
        """Let the price sensor have these prices, each from a local time on."""
        starts = [datetime.fromisoformat(start).replace(tzinfo=PARIS).timestamp() for start, _ in changes]
        last = datetime.fromisoformat(end).replace(tzinfo=PARIS).timestamp()
        self.tell_exactly(list(zip(pairwise([*starts, last]), [price for _, price in changes], strict=True)))

    def tell_exactly(self, prices: list[tuple[tuple[float, float], float | None]]) -> None:
        """The same, of POSIX seconds."""
        rows = [
            {"start": self.local(start), "end": self.local(end), "tariff": price and "T", "price": price}
            for (start, end), price in prices
        ]
        self.hass.states.async_set("sensor.price", "0.2", {"prices": rows})

    async def set_clock(self, text: str) -> None:
        """Let it be a local time."""
        await self.move_to(datetime.fromisoformat(text).replace(tzinfo=PARIS))

    async def move_to(self, at: datetime) -> None:
        """Let it be a time."""
        self.freezer.move_to(at)
        async_fire_time_changed(self.hass, at)
        await turns(10)

    @property
    def on(self) -> bool:
        return self.hass.states.is_state(LOADS[0], "on")

    async def turn(self, how: str) -> None:
        await self.hass.services.async_call("input_boolean", f"turn_{how}", {"entity_id": LOADS[0]}, blocking=True)

    async def run(self, since: str, until: str) -> list[str]:
        """Go through a time by steps of five minutes; return when the load was turned, local times."""
        at, end = (datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC) for text in (since, until))
        found, on = [], self.on
        while at <= end:
            await self.move_to(at)
            if self.on != on:
                on = self.on
                found.append(f"{at.astimezone(PARIS):%H:%M} {'on' if on else 'off'}")
            at += timedelta(minutes=5)
        return found


@asynccontextmanager
async def boiler(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, begin: str, **inputs: Any
) -> AsyncIterator[Boiler]:
    """Set up a load that has to run two hours between 18:00 and 7:00, or what the inputs say."""
    await hass.config.async_set_time_zone("Europe/Paris")
    freezer.move_to(datetime.fromisoformat(begin).replace(tzinfo=PARIS))
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "input_boolean", {"input_boolean": {"heater": {"initial": False}}})
    given = {"price": "sensor.price", "load": LOADS[0], "duration": 120, "since": "18:00:00", "until": "07:00:00"}
    async with automation(hass, "cheapest_tariff", **{**given, **inputs}):
        yield Boiler(hass, freezer)


NIGHT = [("2026-03-10 00:00", 0.25), ("2026-03-10 22:30", 0.15), ("2026-03-11 06:30", 0.25)]


@pytest.mark.parametrize(
    ("duration", "changes"),
    [
        (120, ["22:30 on", "00:30 off"]),
        (480, ["22:30 on", "06:30 off"]),
        (510, ["18:00 on", "18:30 off", "22:30 on", "06:30 off"]),
        (1440, ["18:00 on", "07:00 off"]),
    ],
)
async def test_a_load_runs_in_the_cheapest_time_of_the_night_the_earliest_first(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, duration: int, changes: list[str]
) -> None:
    async with boiler(hass, freezer, "2026-03-10 17:00", duration=duration) as load:
        load.tell(*NIGHT, end="2026-03-12 00:00")
        assert await load.run("2026-03-10 17:00", "2026-03-11 09:00") == changes


async def test_times_without_a_price_come_last_and_less_than_nothing_first(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    async with boiler(hass, freezer, "2026-03-10 06:00", since="08:00:00", until="20:00:00", duration=300) as load:
        hours = [("10:00", 0.3), ("11:00", None), ("13:00", -0.01), ("14:00", 0), ("15:00", 0.3), ("16:00", None)]
        load.tell(*((f"2026-03-10 {hour}", price) for hour, price in hours), end="2026-03-11 00:00")
        assert await load.run("2026-03-10 07:00", "2026-03-10 22:00") == [
            *("08:00 on", "09:00 off"),
            *("10:00 on", "11:00 off", "13:00 on", "16:00 off"),
        ]


@pytest.mark.parametrize(
    ("day", "cheap", "changes"),
    [
        ("2026-03-28", "01:30", ["01:30 on", "05:30 off"]),
        ("2026-10-24", "01:30", ["01:30 on", "03:30 off"]),
    ],
)
async def test_a_load_runs_as_long_in_nights_when_clocks_change(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, day: str, cheap: str, changes: list[str]
) -> None:
    after = datetime.fromisoformat(day) + timedelta(days=1)
    async with boiler(hass, freezer, f"{day} 17:00", duration=180) as load:
        load.tell((f"{day} 00:00", 0.2), (f"{after:%Y-%m-%d} {cheap}", 0.1), end=f"{after:%Y-%m-%d} 23:00")
        assert await load.run(f"{day} 17:00", f"{after:%Y-%m-%d} 09:00") == changes


@pytest.mark.parametrize(
    ("day", "changes"), [("2026-03-28", ["01:00 on", "07:00 off"]), ("2026-10-24", ["02:00 on", "07:00 off"])]
)
async def test_without_prices_a_load_runs_as_late_as_it_may(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, day: str, changes: list[str]
) -> None:
    after = datetime.fromisoformat(day) + timedelta(days=1)
    duration = 300 if day.startswith("2026-03") else 360
    async with boiler(hass, freezer, f"{day} 17:00", duration=duration) as load:
        hass.states.async_set("sensor.price", "unavailable")
        assert await load.run(f"{day} 17:00", f"{after:%Y-%m-%d} 09:00") == changes


async def test_what_runs_is_the_cheapest_whatever_the_prices(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    # Worked out another way: all slots of five minutes in order of price and time, the first ones taken.
    dice = random.Random(5)  # noqa: S311 -- prices, not secrets
    async with boiler(hass, freezer, "2026-10-23 12:00", duration=200) as load:
        for day in range(23, 31):
            first, end = (datetime(2026, 10, *at, tzinfo=PARIS).timestamp() for at in ((day, 18), (day + 1, 7)))
            slots = [first + 300 * number for number in range(int(end - first) // 300)]
            cuts = [first - 36000, *sorted(dice.sample(slots[1:], dice.randint(0, 9))), end]
            prices = [(span, dice.choice([None, -0.1, 0.1, 0.2, 0.3])) for span in pairwise(cuts)]
            load.tell_exactly(prices)
            price_of = {slot: next(p for (start, end), p in prices if start <= slot < end) for slot in slots}
            order = sorted((price is None, price or 0, slot) for slot, price in price_of.items())
            wanted = {slot for _, _, slot in order[:40]}
            for slot in slots[::3]:
                await load.move_to(datetime.fromtimestamp(slot, UTC))
                assert load.on is (slot in wanted), (prices, load.local(slot))


async def test_a_change_of_prices_and_of_hands_is_followed_within_the_window_only(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    async with boiler(hass, freezer, "2026-03-10 12:00") as load:
        load.tell(*NIGHT, end="2026-03-12 00:00")
        await load.turn("on")
        assert await load.run("2026-03-10 12:00", "2026-03-10 17:55") == []
        assert await load.run("2026-03-10 18:00", "2026-03-10 18:02") == ["18:00 off"]
        load.tell(("2026-03-10 00:00", 0.1), end="2026-03-12 00:00")
        await turns()
        assert load.on
        await load.turn("off")
        assert await load.run("2026-03-10 18:05", "2026-03-10 18:10") == ["18:05 on"]
        hass.states.async_set(LOADS[0], "unavailable")
        await load.set_clock("2026-03-10 20:30")
        assert hass.states.is_state(LOADS[0], "unavailable")


async def test_at_its_end_between_two_steps_a_load_is_turned_off_and_then_left_alone(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    async with boiler(hass, freezer, "2026-03-10 20:00", since="20:03:00", until="22:33:00", duration=200) as load:
        load.tell(*NIGHT, end="2026-03-12 00:00")
        seen = []
        for clock in ("20:03", "22:32:59", "22:33"):
            await load.set_clock(f"2026-03-10 {clock}")
            seen.append(load.on)
        assert seen == [True, True, False]
        await load.turn("on")
        assert await load.run("2026-03-10 22:35", "2026-03-11 19:00") == []
        assert load.on


@pytest.mark.parametrize(
    ("now", "before", "after"),
    [
        ("2026-03-10 23:00", False, True),
        ("2026-03-11 01:00", True, False),
        ("2026-03-11 07:30", True, False),
        ("2026-03-11 09:00", True, True),
        ("2026-03-11 07:30", False, False),
    ],
)
async def test_after_a_start_a_load_is_as_it_would_be_without_one(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    now: str,
    before: bool,  # noqa: FBT001
    after: bool,  # noqa: FBT001
) -> None:
    hass.set_state(CoreState.starting)
    async with boiler(hass, freezer, now) as load:
        load.tell(*NIGHT, end="2026-03-12 00:00")
        await turns()
        await load.turn("on" if before else "off")
        hass.set_state(CoreState.running)
        hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
        await turns()
        assert load.on is after


@pytest.fixture
async def told(hass: HomeAssistant) -> AsyncIterator[list[str]]:
    """Set up somebody who hears of a bay when its state has lasted two minutes; return the messages."""
    assert await async_setup_component(hass, "homeassistant", {})
    await async_setup_component(hass, "notify", {})
    hass.services.async_remove("notify", "send_message")
    calls: list[str] = []

    @callback
    def note(call: ServiceCall) -> None:
        """Note a message."""
        assert call.data["entity_id"] == ["notify.ann"]
        calls.append(call.data["message"])

    hass.services.async_register("notify", "send_message", note)
    bay(hass, "free")
    inputs = {"station": "sensor.bay", "reason": "sensor.why", "notify": ["notify.ann"], "quiet_for": 2}
    async with automation(hass, "tell_driver", **inputs, tell=["charging", "waiting", "done", "fault"]):
        yield calls


def bay(hass: HomeAssistant, state: str, why: str | None = None) -> None:
    """Let a charging station be in a state, for a reason."""
    hass.states.async_set("sensor.why", f"It is {state}" if why is None else why)
    hass.states.async_set("sensor.bay", state)


async def stay(hass: HomeAssistant, state: str, minutes: float) -> None:
    """Let a station be in a state for some time."""
    bay(hass, state)
    await turns()
    await pass_time(hass, minutes=minutes)


async def test_a_driver_hears_of_what_lasts(hass: HomeAssistant, told: list[str]) -> None:
    await stay(hass, "waiting", 2)
    assert told == ["It is waiting"]
    await stay(hass, "starting", 2)
    await stay(hass, "charging", 2)
    assert told[1:] == ["It is charging"]
    await stay(hass, "done", 2)
    await stay(hass, "free", 2)
    assert told[2:] == ["It is done"]
    await stay(hass, "fault", 2)
    assert told[3:] == ["It is fault"]


async def test_a_driver_hears_nothing_of_what_passes_soon_nor_of_what_is_as_before(
    hass: HomeAssistant, told: list[str]
) -> None:
    await stay(hass, "waiting", 1)
    await stay(hass, "starting", 0.5)
    await stay(hass, "charging", 2)
    assert told == ["It is charging"]
    await stay(hass, "waiting", 1)
    await stay(hass, "charging", 1)
    await stay(hass, "offline", 60)
    await stay(hass, "charging", 2)
    await stay(hass, "unavailable", 60)
    await stay(hass, "charging", 2)
    assert told == ["It is charging"]
    await stay(hass, "held", 2)
    await stay(hass, "charging", 2)
    assert told == ["It is charging", "It is charging"]


async def test_a_driver_hears_what_came_of_a_silent_station(hass: HomeAssistant, told: list[str]) -> None:
    await stay(hass, "charging", 2)
    await stay(hass, "offline", 60)
    await stay(hass, "done", 2)
    assert told == ["It is charging", "It is done"]


async def test_without_a_reason_a_driver_hears_the_state(hass: HomeAssistant, told: list[str]) -> None:
    bay(hass, "charging", "unknown")
    await turns()
    await pass_time(hass, minutes=2)
    assert told == ["charging"]


BUTTONS = ["button.start", "button.hold"]


class Bay:
    """A charging station as the automation of a tariff sees it."""

    def __init__(self, hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
        self.hass = hass
        self.freezer = freezer
        self.state = "free"
        self.done: list[str] = []

    def show(self, state: str) -> None:
        """Let the station be in a state; a session begins and ends with its car."""
        if (self.state == "free") is not (state == "free"):
            begun = "unknown" if state == "free" else dt_util.utcnow().isoformat()
            self.hass.states.async_set("sensor.begun", begun)
        if state == "free":
            self.hass.states.async_set("switch.priority", "off")
        self.state = state
        self.hass.states.async_set("sensor.bay", state)

    @callback
    def act(self, call: ServiceCall) -> None:
        """Do what an action says."""
        assert call.data["entity_id"] == ["sensor.bay"]
        self.done.append(call.service)
        self.show("held" if call.service == "hold_charge" else "waiting")

    async def be(self, **states: str) -> None:
        """Let entities be in states, a minute later."""
        self.freezer.tick(60)
        for name, state in states.items():
            if name == "bay":
                self.show(state)
            else:
                self.hass.states.async_set({"priority": "switch.priority"}.get(name, f"sensor.{name}"), state)
        await turns()

    async def press(self, button: str) -> None:
        """Press a button of the station."""
        self.freezer.tick(60)
        self.hass.states.async_set(f"button.{button}", dt_util.utcnow().isoformat())
        self.show("held" if button == "hold" else "waiting")
        await turns()

    def taken(self) -> list[str]:
        """Return what was done since the last time."""
        done, self.done = self.done, []
        return done


@pytest.fixture
async def night_bay(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> AsyncIterator[Bay]:
    """Set up a station that charges at night and at weekends; it is day, and there is no car."""
    one = Bay(hass, freezer)
    for action in ("hold_charge", "start_charge"):
        hass.services.async_register("legrand_ews", action, one.act)
    hass.states.async_set("sensor.tariff", "Day")
    hass.states.async_set("sensor.begun", "unknown")
    for button in BUTTONS:
        hass.states.async_set(button, "unknown")
    one.show("free")
    inputs = {"tariff": "sensor.tariff", "tariffs": ["Night", "Weekend"], "station": "sensor.bay"}
    own = {"begun": "sensor.begun", "priority": "switch.priority", "buttons": BUTTONS}
    async with automation(hass, "charge_in_tariff", **inputs, **own):
        yield one


async def test_a_car_is_held_by_day_and_charges_by_night(night_bay: Bay) -> None:
    await night_bay.be(bay="waiting")
    assert night_bay.taken() == ["hold_charge"]
    await night_bay.be(tariff="Night")
    assert night_bay.taken() == ["start_charge"]
    await night_bay.be(bay="charging")
    await night_bay.be(tariff="Weekend")
    assert night_bay.taken() == []
    await night_bay.be(tariff="Day")
    assert night_bay.taken() == ["hold_charge"]


async def test_a_car_that_comes_by_night_is_left_alone(night_bay: Bay) -> None:
    await night_bay.be(tariff="Night")
    await night_bay.be(bay="waiting")
    await night_bay.be(bay="charging")
    await night_bay.be(bay="done")
    await night_bay.be(tariff="Day")
    assert night_bay.taken() == []


async def test_a_session_with_priority_charges_by_day(night_bay: Bay) -> None:
    await night_bay.be(bay="waiting")
    await night_bay.be(priority="on")
    assert night_bay.taken() == ["hold_charge", "start_charge"]
    await night_bay.be(bay="charging")
    await night_bay.be(priority="off")
    assert night_bay.taken() == ["hold_charge"]


@pytest.mark.parametrize("tariff", ["Day", "Night"])
async def test_a_hold_by_hand_is_never_undone(night_bay: Bay, tariff: str) -> None:
    await night_bay.be(tariff=tariff)
    await night_bay.be(bay="waiting")
    night_bay.taken()
    await night_bay.press("hold")
    await night_bay.be(tariff="Weekend")
    await night_bay.be(tariff="Day")
    await night_bay.be(tariff="Night")
    await night_bay.be(priority="on")
    assert (night_bay.taken(), night_bay.state) == ([], "held")


async def test_a_start_by_hand_is_never_undone(night_bay: Bay) -> None:
    await night_bay.be(bay="waiting")
    await night_bay.press("start")
    await night_bay.be(bay="charging")
    await night_bay.be(tariff="Night")
    await night_bay.be(tariff="Day")
    assert night_bay.taken() == ["hold_charge"]


async def test_a_press_counts_for_one_car_only(night_bay: Bay) -> None:
    await night_bay.be(bay="waiting")
    await night_bay.press("start")
    night_bay.taken()
    await night_bay.be(bay="free")
    await night_bay.be(bay="waiting")
    assert night_bay.taken() == ["hold_charge"]


@pytest.mark.parametrize("silent", ["unavailable", "unknown"])
async def test_without_a_tariff_nothing_is_done(hass: HomeAssistant, night_bay: Bay, silent: str) -> None:
    await night_bay.be(tariff=silent)
    await night_bay.be(bay="waiting")
    await night_bay.be(tariff="Night")
    await night_bay.be(tariff=silent)
    assert night_bay.taken() == []
    await night_bay.be(tariff="Day")
    await night_bay.be(tariff=silent)
    hass.states.async_set("switch.priority", "unavailable")
    await night_bay.be(tariff="Night")
    assert night_bay.taken() == ["hold_charge"]


async def test_what_was_missed_is_made_up_for_within_five_minutes(hass: HomeAssistant, night_bay: Bay) -> None:
    await hass.services.async_call("automation", "turn_off", {"entity_id": "all"}, blocking=True)
    await night_bay.be(bay="waiting")
    assert night_bay.taken() == []
    await hass.services.async_call("automation", "turn_on", {"entity_id": "all"}, blocking=True)
    await turns()
    night_bay.freezer.tick(300)
    async_fire_time_changed(hass, dt_util.utcnow())
    await turns()
    assert night_bay.taken() == ["hold_charge"]


async def test_a_real_station_is_held_by_day_and_its_car_charges_by_night(
    hass: HomeAssistant, panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.legrand_ews.STATION_FRAME_INTERVAL", 0.0)
    async with AsyncExitStack() as stack:
        park = Park(panel)
        await park.start(stack)
        hass.states.async_set("sensor.tariff", "Night")
        bay = {
            "station": park.entity("Bay 1", "sensor", "state"),
            "begun": park.entity("Bay 1", "sensor", "start"),
            "priority": park.entity("Bay 1", "switch", "priority"),
            "buttons": [park.entity("Bay 1", "button", key) for key in ("start", "hold")],
        }
        async with automation(hass, "charge_in_tariff", tariff="sensor.tariff", tariffs=["Night"], **bay):
            park.plug("Bay 1", need=20_000, current=16)
            await park.wait(60)
            assert park.shown("Bay 1", "state").state == "charging"
            hass.states.async_set("sensor.tariff", "Day")
            await park.wait(20)
            assert (park.shown("Bay 1", "state").state, park.station("Bay 1").limit) == ("held", 0)
            press = {"entity_id": bay["buttons"][0]}
            await hass.services.async_call("button", "press", press, blocking=True)
            await park.wait(90)
            assert park.shown("Bay 1", "state").state == "charging"
        await panel.unload_all()
