"""What the site consists of, in the words of its people."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from custom_components.legrand_ews.const import LOADS
from plant.scenario import DeviceSpec, GatewaySpec

from .support import METER, PULSES, SOCKETS, install_profiles, subentry_id
from .test_history import begin, count, history
from .test_total_sensor import GAS, add_subentry, taken_over

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant

    from custom_components.legrand_ews.archive import SiteDevice

    from .support import Panel

BREAKER = DeviceSpec(name="Main breaker", model="414930", address=11, at="mains")
HEATER = replace(SOCKETS, name="Heater", load="heating")


def devices(hass: HomeAssistant) -> dict[str, SiteDevice]:
    """Return the devices of the site by name."""
    return {device.name: device for device in history(hass).site().devices}


async def test_devices_are_shown_with_what_they_count_for(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, "plant_ems_state")
    await panel.start(METER, HEATER, PULSES, GAS, BREAKER, settings={"groups": ["g1"]})
    await begin(panel, ("group", "g1", "West"))
    await count(panel, 60)
    found = devices(hass)
    assert {name: (one.commodity, one.load, one.groups) for name, one in found.items()} == {
        "Mains": ("electricity", "others", ("g1",)),
        "Heater": ("electricity", "heating", ("g1",)),
        "Pulses": ("electricity", "others", ("g1",)),
        "Gas": ("gas", None, ("g1",)),
        "Main breaker": (None, "others", ("g1",)),
    }
    assert {name: one.address for name, one in found.items()} == {
        "Mains": "1",
        "Heater": "2",
        "Pulses": "6-1",
        "Gas": "6-2",
        "Main breaker": "11",
    }
    mains = found["Mains"]
    assert (mains.id, mains.model, mains.gateway) == (subentry_id("Mains"), "4 120 45", "Panel")
    assert mains.host == f"{panel.plant.host}:{panel.gateway().port}"
    assert all(one.counted for one in found.values())
    assert sorted(one.number or 0 for one in found.values()) == [1, 2, 3, 4, 5]


async def test_an_excluded_device_is_there_but_does_not_count(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(METER, settings={"exclude_from_totals": True})
    await begin(panel)
    assert [one.counted for one in devices(hass).values()] == [False]


async def test_loads_and_groups_have_the_names_they_have_now(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(METER)
    entry = await begin(panel, ("load", "l1", "Lift"), ("group", "g1", "West"), loads_off=["cooling"])
    site = history(hass).site()
    assert site.name == "Site"
    assert list(site.loads) == [*LOADS, "l1"]
    assert (site.loads["heating"], site.loads["cooling"], site.loads["others"]) == ("Heating", "Cooling", "Others")
    assert (site.loads["l1"], dict(site.groups)) == ("Lift", {"g1": "West"})
    hass.config_entries.async_update_subentry(entry, entry.subentries["l1"], title="Goods lift")
    added = add_subentry(hass, entry, "group", "East", "Mains")
    await taken_over(panel)
    site = history(hass).site()
    assert (site.loads["l1"], dict(site.groups)) == ("Goods lift", {"g1": "West", added: "East"})
    assert devices(hass)["Mains"].groups == (added,)


async def test_devices_of_all_gateways_keep_their_numbers(hass: HomeAssistant, panel: Panel) -> None:
    specs = (GatewaySpec(name="East", devices=(METER,)), GatewaySpec(name="West", devices=(SOCKETS,)))
    await panel.serve(gateways=specs)
    east: ConfigEntry = await panel.set_up("East")
    entry = await begin(panel)
    assert [(one.name, one.gateway, one.number) for one in devices(hass).values()] == [("Mains", "East", 1)]
    await panel.set_up("West")
    assert [(one.name, one.gateway, one.number) for one in devices(hass).values()] == [
        ("Mains", "East", 1),
        ("Sockets", "West", 2),
    ]
    hass.config_entries.async_update_entry(east, title="Hall")
    hass.config_entries.async_update_subentry(east, east.subentries[subentry_id("Mains")], title="Main meter")
    assert [(one.name, one.gateway) for one in devices(hass).values()] == [
        ("Main meter", "Hall"),
        ("Sockets", "West"),
    ]
    await panel.settle()
    await hass.config_entries.async_remove(east.entry_id)
    await hass.config_entries.async_reload(entry.entry_id)
    await panel.settle()
    assert [(one.name, one.number) for one in devices(hass).values()] == [("Sockets", 2)]
