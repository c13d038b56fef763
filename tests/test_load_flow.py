"""Forms for loads and groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import SOURCE_RECONFIGURE, SOURCE_USER
from homeassistant.data_entry_flow import FlowResultType

from custom_components.legrand_ews.colors import colors_of, to_hex, to_rgb
from custom_components.legrand_ews.loads import choices, members

from .support import METER, SOCKETS, subentry_id
from .test_loads import data_of, site

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigEntry, SubentryFlowResult
    from homeassistant.core import HomeAssistant

    from .support import Panel


async def add(hass: HomeAssistant, entry: ConfigEntry, kind: str, **values: Any) -> SubentryFlowResult:
    """Fill in the form of a new load or group."""
    flows = hass.config_entries.subentries
    form = await flows.async_init((entry.entry_id, kind), context={"source": SOURCE_USER})
    result = await flows.async_configure(form["flow_id"], values)
    await hass.async_block_till_done()
    return result


async def test_a_new_group_takes_its_devices(hass: HomeAssistant, panel: Panel) -> None:
    gateway = await panel.start(METER, SOCKETS)
    entry = await site(hass)
    result = await add(hass, entry, "group", name="West", description="By the door", devices=[subentry_id("Mains")])
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (group,) = entry.subentries.values()
    assert (group.title, dict(group.data)) == ("West", {"description": "By the door"})
    assert data_of(gateway, "Mains")["groups"] == [group.subentry_id]
    assert "groups" not in data_of(gateway, "Sockets")


async def test_a_group_is_changed(hass: HomeAssistant, panel: Panel) -> None:
    gateway = await panel.start(METER, SOCKETS)
    entry = await site(hass)
    await add(hass, entry, "group", name="West", devices=[subentry_id("Mains")])
    (group,) = entry.subentries.values()
    flows = hass.config_entries.subentries
    form = await flows.async_init(
        (entry.entry_id, "group"), context={"source": SOURCE_RECONFIGURE, "subentry_id": group.subentry_id}
    )
    shown = filled_in(form)
    assert (shown["name"], shown["devices"]) == ("West", [subentry_id("Mains")])
    result = await flows.async_configure(form["flow_id"], {"name": "East", "devices": [subentry_id("Sockets")]})
    await hass.async_block_till_done()
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    assert entry.subentries[group.subentry_id].title == "East"
    assert "groups" not in data_of(gateway, "Mains")
    assert data_of(gateway, "Sockets")["groups"] == [group.subentry_id]


async def test_a_load_is_switched_off_and_on(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(METER)
    entry = await site(hass)
    await add(hass, entry, "load", name="Lift", devices=[subentry_id("Mains")])
    (load,) = entry.subentries
    flows = hass.config_entries.subentries
    for in_use in (False, True):
        form = await flows.async_init(
            (entry.entry_id, "load"), context={"source": SOURCE_RECONFIGURE, "subentry_id": load}
        )
        await flows.async_configure(
            form["flow_id"], {"name": "Lift", "devices": [subentry_id("Mains")], "in_use": in_use}
        )
        await panel.settle()
        assert (load in choices(hass).loads) is in_use
        assert members(hass, "load", load) == [subentry_id("Mains")]


async def test_a_load_has_the_colour_that_was_offered_until_another_is_chosen(
    hass: HomeAssistant, panel: Panel
) -> None:
    await panel.load_integration()
    entry = await site(hass, ("load", "l1", "Lift"))
    flows = hass.config_entries.subentries
    form = await flows.async_init((entry.entry_id, "load"), context={"source": SOURCE_USER})
    offered = filled_in(form)["color"]
    await flows.async_configure(form["flow_id"], {"name": "Pool", "color": offered})
    await hass.async_block_till_done()
    (pool,) = set(entry.subentries) - {"l1"}
    known = colors_of(entry)
    assert known["l1"] != known[pool] == to_hex(offered)
    form = await flows.async_init((entry.entry_id, "load"), context={"source": SOURCE_RECONFIGURE, "subentry_id": "l1"})
    assert filled_in(form)["color"] == to_rgb(known["l1"])
    await flows.async_configure(form["flow_id"], {"name": "Lift", "color": [255, 0, 16]})
    await hass.async_block_till_done()
    assert colors_of(entry) == known | {"l1": "#ff0010"}


def filled_in(form: SubentryFlowResult) -> dict[str, Any]:
    """Return what a form suggests."""
    assert form["data_schema"] is not None
    return {str(key): (key.description or {}).get("suggested_value") for key in form["data_schema"].schema}


async def test_names_are_unique_among_all_loads(hass: HomeAssistant, panel: Panel) -> None:
    await panel.load_integration()
    entry = await site(hass, ("load", "l1", "Lift"))
    for name in ("lift", "Heating"):
        assert (await add(hass, entry, "load", name=name))["errors"] == {"name": "name_used"}
    assert (await add(hass, entry, "load", name=" "))["errors"] == {"name": "name_missing"}
    assert (await add(hass, entry, "group", name="Lift"))["type"] is FlowResultType.CREATE_ENTRY


async def test_there_are_eight_loads_of_ones_own(hass: HomeAssistant, panel: Panel) -> None:
    await panel.load_integration()
    entry = await site(hass, *(("load", f"l{number}", f"Load {number}") for number in range(8)))
    assert (await add(hass, entry, "load", name="One more"))["errors"] == {"base": "too_many_loads"}


async def test_a_device_in_five_groups_is_named(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(METER)
    entry = await site(hass)
    for number in range(5):
        await add(hass, entry, "group", name=f"Group {number}", devices=[subentry_id("Mains")])
    form = await add(hass, entry, "group", name="One more", devices=[subentry_id("Mains")])
    assert form["errors"] == {"devices": "too_many_groups"}
    assert (form["description_placeholders"] or {})["other"] == "Mains"
