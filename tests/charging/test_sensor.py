"""Sensors of stations and of the load manager."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from homeassistant.util import dt as dt_util

from ..bill_support import AT_NIGHT, NIGHT, stored
from .garage import MAINS, NAME, SETTINGS

if TYPE_CHECKING:
    from contextlib import AsyncExitStack

    from .garage import Garage
    from .park import Park

ALWAYS = {**AT_NIGHT, "start": "00:00", "end": "23:59"}
UNITS = {"limit": "A", "energy": "kWh", "charge": "Ah", "cost": "EUR"}
SESSION = ("energy", "charge", "start", "cost")


def states(park: Park, name: str, *keys: str) -> list[str]:
    return [park.shown(name, key).state for key in keys]


@pytest.mark.parametrize("name", [NAME, "Bay 1"])
async def test_without_a_car_there_is_no_session(garage: Garage, name: str) -> None:
    assert states(garage, name, "state", "limit", "reason") == ["free", "0.0", "No car"]
    assert states(garage, name, *SESSION) == ["unknown"] * 4
    for key, unit in UNITS.items():
        assert garage.shown(name, key).attributes["unit_of_measurement"] == unit


async def test_a_session_is_told_from_the_car_coming_to_its_leaving(garage: Garage) -> None:
    garage.car = 16
    await garage.wait(10)
    came = datetime.fromtimestamp(garage.panel.clock.now, dt_util.UTC)
    assert states(garage, NAME, "state", "limit", "start") == ["waiting", "0.0", came.isoformat()]
    await garage.wait(10)
    assert garage.shown(NAME, "state").state == "starting"
    await garage.wait(300)
    begun = garage.energy - 100
    assert states(garage, NAME, "state", "limit") == ["charging", "16.0"]
    assert float(garage.shown(NAME, "energy").state) == pytest.approx(begun, abs=0.002)
    assert float(garage.shown(NAME, "charge").state) == pytest.approx(begun * 1000 / 230, abs=0.2)
    assert garage.shown(NAME, "start").state == came.isoformat()
    garage.full = True
    await garage.wait(20)
    assert states(garage, NAME, "state", "limit") == ["done", "0.0"]
    garage.car = None
    await garage.wait(10)
    assert states(garage, NAME, "state", *SESSION) == ["free", *["unknown"] * 4]


async def test_a_station_on_a_gateway_tells_the_same(garage: Garage) -> None:
    garage.plug("Bay 1", need=20_000, current=16)
    await garage.wait(120)
    assert states(garage, "Bay 1", "state", "limit") == ["charging", "16.5"]
    assert float(garage.shown("Bay 1", "energy").state) > 0.1
    garage.station("Bay 1").unplug()
    await garage.wait(10)
    assert states(garage, "Bay 1", "state", "limit", *SESSION) == ["free", "0.0", *["unknown"] * 4]


async def test_a_reason_is_a_sentence_and_has_its_parts_for_automations(garage: Garage) -> None:
    await garage.come()
    state = garage.shown(NAME, "reason")
    assert state.state == "Charging at 16 A, all that the station or the car takes"
    assert (state.attributes["reason"], state.attributes["values"]) == ("full", {"limit": 16.0})
    garage.building = 30
    await garage.wait(20)
    state = garage.shown(NAME, "reason")
    assert state.state.endswith("L1 is shared")
    assert (state.attributes["reason"], state.attributes["values"]["phase"]) == ("shared", "L1")


async def test_while_nothing_is_ordered_there_is_neither_limit_nor_reason(garage: Garage) -> None:
    garage.control.apply(garage.with_config(control_logic=False))
    await garage.wait(10)
    for name in (NAME, "Bay 1"):
        assert states(garage, name, "state", "limit", "reason") == ["free", "unknown", "unknown"]
        assert "reason" not in garage.shown(name, "reason").attributes


async def test_a_session_has_a_cost_where_there_is_a_price(closed: Garage, stack: AsyncExitStack) -> None:
    await closed.open(stack, options=stored(electricity={"tariffs": [NIGHT], "rules": [ALWAYS]}))
    await closed.come()
    await closed.wait(600)
    energy, cost = (float(closed.shown(NAME, key).state) for key in ("energy", "cost"))
    assert cost == pytest.approx(energy * 0.12, abs=0.0001)
    assert closed.shown(NAME, "cost").attributes["unit_of_measurement"] == closed.hass.config.currency


async def test_the_manager_tells_of_the_mains_and_of_the_cars(garage: Garage) -> None:
    def told() -> list[str]:
        return [garage.managed("sensor", key).state for key in ("zone", "headroom_l1", "headroom_l2", "headroom_l3")]

    def cars() -> list[str]:
        return [garage.managed("sensor", key).state for key in ("charging", "waiting")]

    assert (told(), cars()) == (["green", "35.0", "35.0", "35.0"], ["0", "0"])
    garage.car = 16
    await garage.wait(10)
    assert cars() == ["0", "1"]
    await garage.wait(60)
    assert (told(), cars()) == (["green", "19.0", "35.0", "35.0"], ["1", "0"])
    garage.building = 41.5
    await garage.wait(10)
    assert told() == ["red", "-17.5", "-1.5", "-1.5"]


async def test_without_the_meter_no_headroom_is_known(garage: Garage) -> None:
    garage.hass.states.async_set("sensor.mains_l2", "unavailable")
    for _ in range(3):
        await garage.panel.wait(10)
    assert garage.managed("sensor", "zone").state == "blind"
    assert [garage.managed("sensor", f"headroom_l{n}").state for n in (1, 2, 3)] == ["unknown"] * 3
    await garage.wait(10)
    assert garage.managed("sensor", "headroom_l1").state == "35.0"


async def test_a_phase_that_the_meter_does_not_see_has_no_headroom(closed: Garage, stack: AsyncExitStack) -> None:
    def told() -> list[str]:
        return [closed.managed("sensor", f"headroom_l{n}").state for n in (1, 2, 3)]

    await closed.open(stack, settings=replace(SETTINGS, sensors=MAINS[:1]))
    assert told() == ["35.0", "unknown", "unknown"]
    closed.control.apply(SETTINGS)
    await closed.wait(10)
    assert told() == ["35.0", "35.0", "35.0"]


async def test_the_state_has_all_its_words_from_the_beginning(garage: Garage) -> None:
    options = garage.shown(NAME, "state").attributes["options"]
    assert options == ["free", "waiting", "starting", "charging", "done", "held", "fault", "offline"]
    assert garage.managed("sensor", "zone").attributes["options"] == ["green", "yellow", "red", "blind"]
