"""Buttons of a station."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from homeassistant.exceptions import ServiceValidationError

from .garage import NAME, call

if TYPE_CHECKING:
    from .garage import Garage

BAY = "Bay 1"


async def press(garage: Garage, name: str, key: str) -> None:
    await call(garage.hass, garage.entity(name, "button", key), "press")
    await garage.panel.settle()


async def test_a_session_is_held_until_it_is_started(garage: Garage) -> None:
    await garage.come()
    await press(garage, NAME, "hold")
    assert garage.drawn == 0
    assert garage.shown(NAME, "state").state == "held"
    assert garage.shown(NAME, "reason").state == "Held by hand until started or unplugged"
    await garage.wait(120)
    assert garage.drawn == 0
    await press(garage, NAME, "start")
    await garage.wait(60)
    assert garage.drawn == 16
    assert garage.shown(NAME, "state").state == "charging"


async def test_a_station_on_a_gateway_obeys_the_same_buttons(garage: Garage) -> None:
    garage.plug(BAY, need=20_000, current=16)
    await garage.wait(60)
    assert garage.station(BAY).charge_word() == "charging"
    await press(garage, BAY, "hold")
    await garage.wait(10)
    assert garage.station(BAY).charge_word() == "waiting"
    assert garage.shown(BAY, "state").state == "held"
    await press(garage, BAY, "start")
    await garage.wait(60)
    assert garage.station(BAY).charge_word() == "charging"


async def test_a_hold_is_forgotten_when_the_car_leaves(garage: Garage) -> None:
    await garage.come()
    await press(garage, NAME, "hold")
    garage.car = None
    await garage.wait(10)
    assert garage.shown(NAME, "state").state == "free"
    await garage.come()


@pytest.mark.parametrize("key", ["start", "hold"])
@pytest.mark.parametrize("name", [NAME, BAY])
async def test_without_a_car_there_is_nothing_to_press_for(garage: Garage, name: str, key: str) -> None:
    with pytest.raises(ServiceValidationError) as info:
        await press(garage, name, key)
    assert (info.value.translation_key, info.value.translation_placeholders) == ("no_car", {"target": name})
