"""Links between EMS modules: one line for each, whoever tells of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from custom_components.legrand_ews.queries.links import links_between, links_of
from plant.scenario import DeviceSpec

from ..support import METER, install_profiles, subentry_id

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from custom_components.legrand_ews.coordinator import GatewayConfigEntry

    from ..support import Panel

BREAKER = DeviceSpec(name="Breaker", model="414930", address=11, at="sockets", registers={"link_1": 12, "link_2": 99})
HEATER = DeviceSpec(name="Water heater", model="414931", address=12, at="sockets", registers={"link_1": 11})
MAPS = ("plant_ems_state", "plant_ems_contactor")


def pairs(entry: GatewayConfigEntry) -> list[tuple[Any, Any, bool]]:
    """Return the links by the names of their ends."""
    return [(link["event"]["name"], link["action"]["name"], link["error"]) for link in links_between(entry)]


async def test_a_link_that_both_ends_tell_of_is_one_line_with_both(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, *MAPS)
    entry = await panel.start(BREAKER, HEATER)
    first, second = links_between(entry)
    assert first == {
        "event": {
            "device": subentry_id("Breaker"),
            "name": "Breaker",
            "function": "state",
            "gateway": entry.title,
            "address": "11",
        },
        "action": {
            "device": subentry_id("Water heater"),
            "name": "Water heater",
            "function": "control",
            "gateway": entry.title,
            "address": "12",
        },
        "error": False,
    }
    assert second["action"] == dict.fromkeys(("device", "name", "function")) | {"gateway": entry.title, "address": "99"}


async def test_a_link_fails_where_either_end_says_so(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, *MAPS)
    entry = await panel.start(BREAKER, HEATER)
    panel.unit(11).link_error(2)
    panel.unit(12).link_error(1)
    await panel.wait(60)
    assert pairs(entry) == [("Breaker", "Water heater", True), ("Breaker", None, True)]


async def test_one_account_is_enough(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, *MAPS)
    entry = await panel.start(replace(BREAKER, registers={}), HEATER)
    assert pairs(entry) == [("Breaker", "Water heater", False)]


async def test_two_links_between_the_same_modules_are_two(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, *MAPS)
    entry = await panel.start(replace(BREAKER, registers={"link_1": 12, "link_2": 12}), HEATER)
    assert pairs(entry) == [("Breaker", "Water heater", False)] * 2


async def test_a_silent_module_and_one_without_links_tell_of_none(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, *MAPS)
    entry = await panel.start(METER, BREAKER)
    devices = entry.runtime_data.devices
    assert len(links_of(entry.runtime_data, devices[subentry_id("Breaker")])) == 2
    assert links_of(entry.runtime_data, devices[subentry_id("Mains")]) == []
    panel.unit(11).faults.silent = True
    await panel.wait(60)
    assert links_of(entry.runtime_data, devices[subentry_id("Breaker")]) == []
