"""Which stations are managed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.config_entries import ConfigEntryDisabler

from custom_components.legrand_ews.charging.managed import can_be_managed, ports, station_config
from custom_components.legrand_ews.charging.meter import meter_phases
from custom_components.legrand_ews.charging.settings import GreenupSettings
from custom_components.legrand_ews.device import DeviceConfig, resolve

from ..support import plant_catalog, subentry_id
from .park import BAYS, CONFIG, METER, Park

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from custom_components.legrand_ews.device import Device

IDS = [subentry_id(bay) for bay in BAYS]
SETTINGS = GreenupSettings(config=CONFIG, meter=subentry_id(METER))
ONE_SENSOR = GreenupSettings(config=CONFIG, sensors=("sensor.l1",))
TWO_SENSORS = GreenupSettings(config=CONFIG, sensors=("sensor.l1", "sensor.l2"))


def device(model: str, **stored: Any) -> Device:
    """Return a device of the catalogue of the plant."""
    data = {"model": model, "address": 9, "allow_commands": True, **stored}
    return resolve(plant_catalog(), DeviceConfig.from_data("of_it", "It", data))


def alter(park: Park, bay: str, **stored: Any) -> None:
    """Change what is stored of a station."""
    row = park.gateway.subentries[subentry_id(bay)]
    park.hass.config_entries.async_update_subentry(park.gateway, row, data={**row.data, **stored})


def test_a_station_takes_orders_where_its_map_says_how_and_the_user_allows_it() -> None:
    assert can_be_managed(device("059014"))
    assert not can_be_managed(device("059014", allow_commands=False))
    assert not can_be_managed(device("412045"))


@pytest.mark.parametrize(
    ("model", "stored", "phases"),
    [
        ("059014", {}, (0, 1, 2)),
        ("059014", {"phase": "l2"}, (1, 2, 0)),
        ("059012", {"phase": "l3"}, (2,)),
        ("059047", {"phase": "l3", "side": "right"}, (2, 0, 1)),
    ],
)
def test_its_phases_are_those_of_the_site(model: str, stored: dict[str, Any], phases: tuple[int, ...]) -> None:
    assert station_config(device(model, **stored)).phases == phases


@pytest.mark.parametrize(("rated", "taken"), [(None, 32.0), (10.0, 10.0), (63.0, 32.0)])
def test_its_rating_is_what_the_user_says_and_its_map_can_tell(rated: float | None, taken: float) -> None:
    config = station_config(device("059014", rated_current=rated))
    assert (config.rated_current, config.min_current, config.adjustable) == (taken, 6.0, True)


async def test_all_stations_are_managed_but_those_that_are_left_alone(park: Park) -> None:
    assert list(ports(park.hass, SETTINGS).ports) == IDS
    alone = ports(park.hass, replace(SETTINGS, unmanaged=frozenset(IDS[1:])))
    assert list(alone.ports) == IDS[:1]
    assert alone.unwatched == {}


async def test_a_station_that_may_not_be_commanded_is_load_of_the_building(park: Park) -> None:
    alter(park, "Bay 2", allow_commands=False)
    assert list(ports(park.hass, SETTINGS).ports) == [IDS[0], *IDS[2:]]


async def test_stations_of_a_gateway_that_is_not_loaded_stay_managed_and_of_a_disabled_one_not(park: Park) -> None:
    assert await park.hass.config_entries.async_unload(park.gateway.entry_id)
    assert list(ports(park.hass, SETTINGS).ports) == IDS
    await park.hass.config_entries.async_set_disabled_by(park.gateway.entry_id, ConfigEntryDisabler.USER)
    assert ports(park.hass, SETTINGS).ports == {}


async def test_what_cannot_be_is_said_and_left_out(park: Park, caplog: pytest.LogCaptureFixture) -> None:
    alter(park, "Bay 2", rated_current=3)
    assert IDS[1] not in ports(park.hass, SETTINGS).ports
    assert "Bay 2 cannot be managed: of_bay_2: the rated current is at least 6 A" in caplog.text


@pytest.mark.parametrize(
    ("settings", "managed", "unwatched"),
    [
        (ONE_SENSOR, [], {0: "L2, L3", 1: "L2, L3", 2: "L2", 3: "L3"}),
        (TWO_SENSORS, [2], {0: "L3", 1: "L3", 3: "L3"}),
        (replace(TWO_SENSORS, unmanaged=frozenset({IDS[0]})), [2], {1: "L3", 3: "L3"}),
    ],
)
async def test_a_station_on_a_phase_that_nobody_measures_is_not_managed(
    park: Park, settings: GreenupSettings, managed: list[int], unwatched: dict[int, str]
) -> None:
    found = ports(park.hass, settings)
    assert list(found.ports) == [IDS[place] for place in managed]
    assert {key: one.phases for key, one in found.unwatched.items()} == {
        IDS[place]: phases for place, phases in unwatched.items()
    }
    assert {one.name for one in found.unwatched.values()} == {BAYS[place] for place in unwatched}


@pytest.mark.parametrize(
    ("model", "stored", "phases"),
    [
        ("412045", {}, {0, 1, 2}),
        ("414919", {"phase": "l2"}, {1}),
        ("414919", {}, {0}),
        ("059090", {}, {0, 1, 2}),
    ],
    ids=["three", "one", "one_unsaid", "none"],
)
async def test_a_meter_tells_of_the_phases_it_is_on(
    park: Park, hass: HomeAssistant, model: str, stored: dict[str, Any], phases: set[int]
) -> None:
    row = park.gateway.subentries[subentry_id(METER)]
    hass.config_entries.async_update_subentry(park.gateway, row, data={"address": 1, "model": model, **stored})
    assert meter_phases(hass, SETTINGS) == phases


async def test_a_meter_that_is_not_there_counts_as_one_of_all_phases(park: Park) -> None:
    assert meter_phases(park.hass, replace(SETTINGS, meter="of_nobody")) == {0, 1, 2}
