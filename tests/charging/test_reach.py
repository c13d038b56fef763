"""Devices of gateways, as they are reached now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from homeassistant.config_entries import ConfigEntryDisabler
from modbus_connection.exceptions import ModbusError

from custom_components.legrand_ews.bus import Priority
from custom_components.legrand_ews.charging.reach import WatchReader, device_of, devices, place_of

from ..support import COUNTER, METER, SOCKETS, subentry_id

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from ..support import Panel

MAINS = subentry_id("Mains")


def names(hass: HomeAssistant) -> list[str]:
    """Return the devices that are reached now."""
    reached = [place_of(hass, device.config.id) for device in devices(hass)]
    return [place.device.config.name for place in reached if place is not None]


async def test_devices_with_a_map_are_reached_while_their_gateway_is_loaded(panel: Panel) -> None:
    entry = await panel.start(METER, COUNTER)
    assert names(panel.hass) == ["Mains"]
    place = place_of(panel.hass, MAINS)
    assert place is not None
    assert (place.entry, place.unit.address) == (entry, METER.address)
    assert place_of(panel.hass, subentry_id("Counter")) is None
    assert await panel.hass.config_entries.async_unload(entry.entry_id)
    assert names(panel.hass) == []
    assert place_of(panel.hass, MAINS) is None


async def test_a_device_is_known_whether_its_gateway_is_loaded_or_not(panel: Panel) -> None:
    entry = await panel.start(METER, COUNTER)
    assert await panel.hass.config_entries.async_unload(entry.entry_id)
    assert [device.config.name for device in devices(panel.hass)] == ["Mains", "Counter"]
    device = device_of(panel.hass, MAINS)
    assert device is not None
    assert device.model.number == "412045"
    assert device_of(panel.hass, "of_nobody") is None


async def test_devices_of_a_gateway_that_is_disabled_are_not_known(panel: Panel) -> None:
    entry = await panel.start(METER)
    await panel.hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
    assert list(devices(panel.hass)) == []


async def test_it_is_read_anew_through_a_gateway_that_was_loaded_anew(panel: Panel) -> None:
    entry = await panel.start(METER, SOCKETS)
    reader = WatchReader()
    for _ in range(2):
        place = place_of(panel.hass, MAINS)
        assert place is not None
        reading = await reader.async_read(place, ["current_l1"], Priority.WATCH)
        assert set(reading.values) == {"current_l1"}
        assert await panel.hass.config_entries.async_reload(entry.entry_id)


async def test_one_that_was_silent_a_moment_ago_is_asked_all_the_same(panel: Panel) -> None:
    await panel.start(METER)
    place, reader = place_of(panel.hass, MAINS), WatchReader()
    assert place is not None
    panel.unit(METER.address).faults.silent = True
    for _ in range(3):
        with pytest.raises(ModbusError):
            await reader.async_read(place, ["current_l1"], Priority.WATCH)
    panel.unit(METER.address).faults.silent = False
    assert (await reader.async_read(place, ["current_l1"], Priority.WATCH)).values["current_l1"] is not None
