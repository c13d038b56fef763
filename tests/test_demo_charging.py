"""Which stations the demo finds, and the cars it puts there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from custom_components.legrand_ews.catalog import Catalog
from demo.charging import plug_cars, stations_of
from demo.panel import details
from plant.cars import Car
from plant.scenario import load_scenario
from plant.site import PROFILES, Plant

from .support import MONDAY

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from plant.scenario import Scenario

BAYS = [f"Bay {number}" for number in range(1, 7)]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load(PROFILES)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("charging")


@pytest.fixture
async def plant(scenario: Scenario, catalog: Catalog, socket_enabled: None) -> AsyncIterator[Plant]:  # noqa: ARG001
    """A plant where the cars that came by the hour have left."""
    async with Plant(scenario, speed=0, start=MONDAY, catalog=catalog) as plant:
        plant.advance(1)
        for name in BAYS:
            if plant.station(name).car is not None:
                plant.station(name).unplug()
        yield plant


def test_stations_are_found_by_their_kind(scenario: Scenario, catalog: Catalog) -> None:
    assert stations_of(scenario, catalog) == BAYS
    assert stations_of(load_scenario("office"), catalog) == []


async def test_cars_go_to_the_first_free_stations(plant: Plant) -> None:
    plant.station("Bay 2").plug(own := Car(card="own"))
    assert plug_cars(plant, BAYS, 3) == ["Bay 1", "Bay 3", "Bay 4"]
    assert plant.station("Bay 2").car is own
    assert plant.station("Bay 5").car is None
    assert len({car.card for name in BAYS[:4] if (car := plant.station(name).car)}) == 4


async def test_no_more_cars_than_there_is_room_for(plant: Plant) -> None:
    assert plug_cars(plant, BAYS, 0) == []
    assert plug_cars(plant, BAYS, 9) == BAYS


def test_form_of_a_station_gets_what_the_scenario_says(scenario: Scenario) -> None:
    given = {device.name: device for device in scenario.devices}
    fields = [{"name": name} for name in ("name", "address", "phase", "rated_current", "side")]
    assert details(given["Bay 4"], fields) == {"name": "Bay 4", "address": 14, "phase": "l1", "rated_current": 16}
    assert details(given["Bay 6"], fields) == {"name": "Bay 6", "address": 15, "phase": "l3", "side": "right"}
    assert "rated_current" not in details(given["Bay 1"], fields)
