"""What people hear of the load manager: events, alarms, repairs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
from homeassistant.helpers import issue_registry as ir

from custom_components.legrand_ews.alarms import Kind
from custom_components.legrand_ews.charging.managed import Unwatched
from custom_components.legrand_ews.charging.settings import GreenupSettings
from custom_components.legrand_ews.charging.tell import EVENTS, Teller
from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.greenup import Event, EventKind, Plan, StationState, Zone
from custom_components.legrand_ews.journal import DATA_JOURNAL

from ..bill_support import ENGLISH
from ..support import subentry_id
from .park import BAYS, CONFIG, METER

if TYPE_CHECKING:
    from typing import Any

    from custom_components.legrand_ews.charging.control import StationNow
    from custom_components.legrand_ews.charging.port import Port

    from .park import Park

SETTINGS = GreenupSettings(config=CONFIG, meter=subentry_id(METER))
ONE = subentry_id("Bay 1")


@dataclass
class Manager:
    """What the teller looks at of a load manager."""

    settings: GreenupSettings
    ports: dict[str, Port]
    stations: dict[str, StationNow]
    unwatched: dict[str, Unwatched] = field(default_factory=dict)


class Told:
    """A teller of its own beside the park's, and what it told."""

    def __init__(self, park: Park) -> None:
        """Begin with stations as they are."""
        self.hass = park.hass
        self.park = park
        self.teller = Teller(park.hass)
        self.manager = Manager(park.control.settings, dict(park.control.ports), dict(park.control.stations))
        self.events = park.events()

    def take(self, *events: Event, zone: Zone = Zone.GREEN) -> list[tuple[str, dict[str, Any]]]:
        """Let it take a step; return what it told."""
        self.events.clear()
        self.teller.take(Plan(zone, {}, list(events)), self.manager)  # type: ignore[arg-type]
        return list(self.events)

    def answers(self, *, lost: bool) -> None:
        """Let a station answer, or not."""
        now = self.manager.stations[ONE]
        self.manager.stations[ONE] = replace(now, view=replace(now.view, lost=lost))

    def alarms(self) -> list[tuple[str | None, str]]:
        """Return the alarms of charging that are on, by station and subject."""
        active = self.hass.data[DATA_JOURNAL].journal.active
        return [(entry.device_id, entry.subject) for entry in active if entry.kind is Kind.CHARGING]

    def issue(self, issue: str) -> ir.IssueEntry | None:
        """Return a repair."""
        return ir.async_get(self.hass).async_get_issue(DOMAIN, issue)


@pytest.fixture
def told(park: Park) -> Told:
    """Return a teller."""
    return Told(park)


def event(kind: EventKind, station: str | None = None, **data: Any) -> Event:
    """Return what a step says that happened."""
    return Event(kind, station, 0.0, data)


def zone(now: Zone, before: Zone) -> Event:
    """Return a change of the zone."""
    return event(EventKind.ZONE, zone=now, before=before)


async def test_what_happened_to_a_station_names_it(told: Told) -> None:
    happened = event(EventKind.IGNORED, ONE, limit=10.0, current=16.04)
    assert told.take(happened) == [("limit_ignored", {"station": "Bay 1", "limit": 10.0, "current": 16.04})]
    assert told.alarms() == []
    (entry,) = [row for row in told.hass.data[DATA_JOURNAL].journal.entries if row.event == "limit_ignored"]
    assert (entry.device_id, entry.device) == (ONE, "Bay 1")
    assert entry.details == {"limit": "10", "current": "16.04"}


@pytest.mark.parametrize(
    "kind", [EventKind.GRANTED, EventKind.STARTED, EventKind.STOPPED, EventKind.ENDED, EventKind.ROTATED]
)
async def test_what_is_all_in_a_days_work_is_not_told(told: Told, kind: EventKind) -> None:
    assert told.take(event(kind, ONE)) == []


async def test_a_lost_station_is_an_alarm_until_it_is_found(told: Told) -> None:
    told.answers(lost=True)
    assert told.take(event(EventKind.LOST, ONE)) == [("station_lost", {"station": "Bay 1"})]
    assert told.take() == []
    assert told.alarms() == [(ONE, "station")]
    told.answers(lost=False)
    assert told.take() == [("station_found", {"station": "Bay 1"})]
    assert told.alarms() == []


async def test_what_is_known_already_is_no_news(told: Told) -> None:
    """A new manager begins by finding all stations, and those that are lost."""
    assert told.take(event(EventKind.FOUND, ONE)) == []
    told.answers(lost=True)
    told.take(event(EventKind.LOST, ONE))
    assert told.take(event(EventKind.LOST, ONE)) == []


async def test_the_alarm_of_a_lost_station_ends_with_its_being_managed(told: Told) -> None:
    told.answers(lost=True)
    told.take(event(EventKind.LOST, ONE))
    assert told.take() == []
    del told.manager.stations[ONE], told.manager.ports[ONE]
    assert told.take() == [("station_left", {"station": "Bay 1"})]
    assert told.take() == []
    assert told.alarms() == []


async def test_an_overload_is_over_once_the_zone_is_not_red(told: Told) -> None:
    assert told.take(event(EventKind.OVERLOAD, phase=0, excess=4.0), zone=Zone.RED) == [
        ("overload", {"phase": "L1", "excess": 4.0})
    ]
    # The manager says so at each step.
    assert told.take(event(EventKind.OVERLOAD, phase=1, excess=4.0), zone=Zone.RED) == []
    assert told.take(zone=Zone.RED) == []
    assert told.alarms() == [(None, "overload")]
    assert told.take(zone=Zone.YELLOW) == [("overload_over", {})]
    assert told.take() == []
    assert told.alarms() == []


async def test_a_meter_is_lost_and_back(told: Told) -> None:
    assert told.take(zone(Zone.BLIND, Zone.GREEN), zone=Zone.BLIND) == [("meter_lost", {})]
    assert told.alarms() == [(None, "meter")]
    issue = told.issue("greenup_meter_silent")
    assert issue is not None
    assert issue.translation_placeholders == {"age": "20"}
    assert told.take(zone(Zone.GREEN, Zone.BLIND)) == [("meter_back", {})]
    assert told.alarms() == []
    assert told.issue("greenup_meter_silent") is None


async def test_the_alarm_of_a_meter_ends_though_nobody_saw_it_come_back(told: Told) -> None:
    """A manager that could not go on from the last one begins in the green."""
    told.take(zone(Zone.BLIND, Zone.GREEN), zone=Zone.BLIND)
    assert told.take() == [("meter_back", {})]


async def test_other_zones_are_not_told(told: Told) -> None:
    assert told.take(zone(Zone.RED, Zone.GREEN), zone=Zone.RED) == []


async def test_a_silent_station_is_a_repair_while_it_is_managed(told: Told) -> None:
    now = told.manager.stations[ONE]
    told.manager.stations[ONE] = replace(now, view=replace(now.view, lost=True))
    told.take()
    issue = told.issue(f"greenup_station_silent_{ONE}")
    assert issue is not None
    assert issue.translation_placeholders == {"station": "Bay 1"}
    del told.manager.stations[ONE], told.manager.ports[ONE]
    told.take()
    assert told.issue(f"greenup_station_silent_{ONE}") is None


@pytest.mark.parametrize(
    ("logic", "state", "wanted"), [("off", "charging", 1), ("off", "waiting", 0), ("on", "charging", 0)]
)
async def test_cars_that_charge_while_nothing_is_ordered_are_a_repair(
    told: Told, logic: str, state: str, wanted: int
) -> None:
    told.manager.settings = replace(SETTINGS, config=replace(CONFIG, control_logic=logic == "on"))
    told.manager.stations[ONE] = replace(told.manager.stations[ONE], state=StationState(state))
    told.take()
    assert (told.issue("greenup_logic_off") is not None) is bool(wanted)


async def test_a_station_on_a_phase_that_nobody_measures_is_a_repair(told: Told) -> None:
    told.manager.unwatched = {ONE: Unwatched("Bay 1", "L2, L3")}
    told.take()
    issue = told.issue(f"greenup_phase_unwatched_{ONE}")
    assert issue is not None
    assert issue.translation_placeholders == {"name": "Bay 1", "phases": "L2, L3"}
    told.manager.unwatched = {ONE: Unwatched("Bay 1", "L3")}
    told.take()
    issue = told.issue(f"greenup_phase_unwatched_{ONE}")
    assert issue is not None
    assert issue.translation_placeholders == {"name": "Bay 1", "phases": "L3"}
    told.manager.unwatched = {}
    told.take()
    assert told.issue(f"greenup_phase_unwatched_{ONE}") is None


async def test_at_its_end_all_repairs_are_taken_back(told: Told) -> None:
    told.manager.unwatched = {ONE: Unwatched("Bay 1", "L2, L3")}
    told.take(zone=Zone.BLIND)
    assert len(told.park.issues()) == 2
    told.teller.close()
    assert told.park.issues() == set()


async def test_stations_on_other_phases_than_the_meters_are_named_and_told_nothing(park: Park) -> None:
    park.hass.states.async_set("sensor.l1", "10", {"unit_of_measurement": "A"})
    park.hass.states.async_set("sensor.l2", "10", {"unit_of_measurement": "A"})
    writes = park.writes(*BAYS)
    await park.change(GreenupSettings(config=CONFIG, sensors=("sensor.l1", "sensor.l2")))
    assert park.issues() == {f"greenup_phase_unwatched_{subentry_id(f'Bay {place}')}" for place in (1, 2, 4)}
    assert set(park.control.stations) == {subentry_id("Bay 3")}
    park.plug("Bay 1")
    await park.wait(30)
    assert writes == []


def test_all_events_have_names() -> None:
    named = ENGLISH["entity"]["event"]["greenup"]["state_attributes"]["event_type"]["state"]
    assert set(EVENTS) == set(named)
    assert set(EVENTS) <= set(ENGLISH["selector"]["alarm_event"]["options"])
