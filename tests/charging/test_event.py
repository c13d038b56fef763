"""The event entity of the load manager."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custom_components.legrand_ews.charging.tell import EVENTS

from ..bill_support import ENGLISH
from .garage import MAINS, NAME

if TYPE_CHECKING:
    from homeassistant.core import State

    from .garage import Garage


def event(garage: Garage) -> State:
    return garage.managed("event", "event")


def told(garage: Garage) -> tuple[str | None, str | None]:
    """Return what was told last, and of which station."""
    attributes = event(garage).attributes
    return attributes["event_type"], attributes.get("station")


async def test_everything_that_may_be_told_is_known_before_and_has_a_name(garage: Garage) -> None:
    assert event(garage).state == "unknown"
    assert event(garage).attributes["event_types"] == list(EVENTS)
    names = ENGLISH["entity"]["event"]["greenup"]["state_attributes"]["event_type"]["state"]
    assert set(names) == set(EVENTS)


async def test_a_station_that_is_lost_and_comes_back_is_told(garage: Garage) -> None:
    garage.says = "Rebooting"
    await garage.wait(10)
    assert told(garage) == ("station_lost", NAME)
    before = event(garage).state
    garage.says = None
    await garage.wait(10)
    assert told(garage) == ("station_found", NAME)
    assert event(garage).state > before


async def test_a_lost_meter_is_told_of_no_station(garage: Garage) -> None:
    garage.hass.states.async_set(MAINS[0], "unavailable")
    for _ in range(3):
        await garage.panel.wait(10)
    assert told(garage) == ("meter_lost", None)
    await garage.wait(10)
    assert told(garage) == ("meter_back", None)


async def test_a_car_that_ignores_its_limit_is_told_with_both_currents(garage: Garage) -> None:
    garage.ignores_pilot = True
    await garage.come(current=20)
    await garage.wait(30)
    assert told(garage) == ("limit_ignored", NAME)
    attributes = event(garage).attributes
    assert (attributes["limit"], attributes["current"]) == (16, 20)
