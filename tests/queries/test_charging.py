"""How charging goes, as it is told: the manager, stations with and without a car, and those left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from homeassistant.helpers import device_registry as dr

from custom_components.legrand_ews.charging.settings import GreenupSettings
from custom_components.legrand_ews.queries.charging import charging_now

from ..charging.conftest import park  # noqa: F401 -- a fixture
from ..charging.park import CONFIG, METER
from ..support import subentry_id

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from ..charging.park import Park

BAYS = ("Bay 1", "Bay 2", "Bay 3", "Bay 4")


def station(hass: HomeAssistant, bay: str) -> dict[str, Any]:
    """Return what is told of a station."""
    found: dict[str, Any]
    (found,) = (one for one in charging_now(hass)["stations"] if one["id"] == subentry_id(bay))
    return found


async def test_a_car_that_charges_is_told_with_its_session(hass: HomeAssistant, park: Park) -> None:  # noqa: F811
    park.plug("Bay 1", need=20_000, current=16)
    await park.wait(120)
    one = station(hass, "Bay 1")
    device = dr.async_get(hass).async_get(one["device_id"])
    assert device is not None
    assert (device.name, one["name"], one["managed"]) == ("Bay 1", "Bay 1", True)
    assert (one["state"], one["phases"], one["waited"]) == ("charging", ["l1", "l2", "l3"], None)
    assert one["limit"] > 6
    assert one["text"] == park.shown("Bay 1", "reason").state
    assert one["reason"] == park.shown("Bay 1", "reason").attributes["reason"]
    assert 60 <= one["plugged_for"] <= 120
    assert len(one["drawn"]) == 3
    assert one["session"]["energy"] > 0
    assert (one["session"]["cost"], one["session"]["currency"]) == (None, "EUR")
    told = charging_now(hass)["manager"]
    assert (told["zone"], told["charging"], told["waiting"]) == ("green", 1, 0)
    assert [told[key] for key in ("mode", "max_current", "charge_current")] == ["continuous", 40.0, 38.0]
    assert (told["load_control"], told["control_logic"]) == (True, True)
    for left, used in zip(told["headroom"], told["currents"], strict=True):
        assert abs(left + used - 40) < 0.2


async def test_a_station_without_a_car_has_no_session(hass: HomeAssistant, park: Park) -> None:  # noqa: F811
    assert {one["name"] for one in charging_now(hass)["stations"]} == set(BAYS)
    one = station(hass, "Bay 2")
    assert (one["state"], one["limit"], one["session"], one["plugged_for"]) == ("free", 0.0, None, None)
    assert park.shown("Bay 2", "state").state == "free"


async def test_a_station_that_is_left_alone_is_told_as_such(hass: HomeAssistant, park: Park) -> None:  # noqa: F811
    settings = GreenupSettings(config=CONFIG, meter=subentry_id(METER), unmanaged=frozenset({subentry_id("Bay 3")}))
    park.control.apply(settings)
    await park.wait(20)
    assert [(bay, station(hass, bay)["managed"]) for bay in BAYS] == [(bay, bay != "Bay 3") for bay in BAYS]
    assert "state" not in station(hass, "Bay 3")


async def test_without_a_manager_the_stations_are_still_told(hass: HomeAssistant, park: Park) -> None:  # noqa: F811
    await hass.config_entries.async_unload(park.site.entry_id)
    told = charging_now(hass)
    assert told["manager"] is None
    assert [set(one) for one in told["stations"]] == [{"id", "name", "device_id", "managed"}] * len(BAYS)
