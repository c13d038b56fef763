"""Cars by words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plant.cars import Car
from plant.control import BadCommandError, run
from plant.scenario import DeviceSpec, GatewaySpec, Scenario
from plant.site import Plant

from .support import MONDAY, TREE, catalog

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.usefixtures("socket_enabled")

DEVICES = (
    DeviceSpec(name="Mains", model="412045", address=1, at="mains"),
    DeviceSpec(name="Bay 1", model="059014", address=2, at="bay 1"),
)
SCENARIO = Scenario(name="cars", tree=TREE, gateways=(GatewaySpec(name="one", devices=DEVICES),))


@pytest.fixture
async def plant() -> AsyncIterator[Plant]:
    """A plant with a station."""
    async with Plant(SCENARIO, speed=0, start=MONDAY, catalog=catalog()) as small:
        yield small


async def test_a_car_comes_and_goes(plant: Plant) -> None:
    station = plant.station("Bay 1")
    assert await run(plant, "plug 'Bay 1'") == "ok"
    assert station.car == Car()
    assert await run(plant, "unplug 'Bay 1'") == "ok"
    assert station.car is None
    line = "plug 'Bay 1' need_kwh=7.5 current=16 phases=2 pauses=600/60 ignores_pilot=on reaction=3 card=42"
    await run(plant, line)
    assert station.car == Car(
        need=7500, current=16, phases=2, pauses=(600, 60), ignores_pilot=True, reaction=3, card="42"
    )


async def test_a_station_fails(plant: Plant) -> None:
    station = plant.station("Bay 1")
    for line, word in (
        ("fault 'Bay 1'", "fault"),
        ("fault 'Bay 1' off", "free"),
        ("fault 'Bay 1' diode_fault on", "fault"),
        ("fault 'Bay 1' diode_fault off", "free"),
    ):
        assert await run(plant, line) == "ok"
        assert station.charge_word() == word


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("plug Mains", "there is no station Mains"),
        ("unplug Moon", "there is no station Moon"),
        ("unplug 'Bay 1'", "there is no car"),
        ("plug 'Bay 1' colour=red", "colour=red is none of need_kwh="),
        ("plug 'Bay 1' current", "current is none of"),
        ("plug 'Bay 1' current=much", "usage: plug"),
        ("plug 'Bay 1' phases=5", "cannot take from 5 phases"),
        ("plug 'Bay 1' pauses=5", "usage: plug"),
        ("plug 'Bay 1' ignores_pilot=maybe", "neither on nor off"),
        ("fault 'Bay 1' rust", "there is no alarm rust"),
    ],
)
async def test_bad_lines_say_why(plant: Plant, line: str, reason: str) -> None:
    with pytest.raises(BadCommandError, match=reason):
        await run(plant, line)
    assert plant.station("Bay 1").car is None
