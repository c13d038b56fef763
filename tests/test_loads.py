"""Loads and groups: which there are, which devices belong to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import ConfigSubentryDataWithId
from pytest_homeassistant_custom_component.common import MockConfigEntry  # type: ignore[import-untyped]

from custom_components.legrand_ews.const import DOMAIN, LOADS
from custom_components.legrand_ews.load_choices import Choices
from custom_components.legrand_ews.loads import assign, choices, members, named, overfull

from .support import METER, SOCKETS, subentry_id

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant

    from .support import Panel


async def site(hass: HomeAssistant, *rows: tuple[str, str, str], **options: Any) -> ConfigEntry:
    """Set up an installation with loads and groups: kind, id, name."""
    entry: ConfigEntry = MockConfigEntry(
        domain=DOMAIN,
        title="Site",
        data={"kind": "installation"},
        options=options,
        subentries_data=[
            ConfigSubentryDataWithId(subentry_id=key, data={}, subentry_type=kind, title=name, unique_id=None)
            for kind, key, name in rows
        ],
    )
    entry.add_to_hass(hass)  # type: ignore[attr-defined]
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return entry


def data_of(entry: ConfigEntry, name: str) -> dict[str, Any]:
    """Return what is stored of a device."""
    return dict(entry.subentries[subentry_id(name)].data)


async def test_loads_that_are_off_cannot_be_chosen_and_own_ones_can(hass: HomeAssistant, panel: Panel) -> None:
    await panel.load_integration()
    await site(hass, ("load", "l1", "Lift"), ("group", "g1", "West"), loads_off=["cooling"])
    known = choices(hass)
    assert list(known.loads) == [key for key in LOADS if key != "cooling"] + ["l1"]
    assert (known.loads["heating"], known.loads["l1"], known.groups) == ("Heating", "Lift", {"g1": "West"})


async def test_exactly_the_devices_that_are_named_belong_to_a_group(hass: HomeAssistant, panel: Panel) -> None:
    gateway = await panel.start(METER, SOCKETS)
    both = {subentry_id("Mains"), subentry_id("Sockets")}
    assign(hass, "group", "g1", both)
    assert set(members(hass, "group", "g1")) == both
    assign(hass, "group", "g1", {subentry_id("Sockets")})
    assert "groups" not in data_of(gateway, "Mains")
    assert data_of(gateway, "Sockets")["groups"] == ["g1"]


async def test_a_device_leaves_the_load_it_had(hass: HomeAssistant, panel: Panel) -> None:
    gateway = await panel.start(METER)
    assign(hass, "load", "l1", {subentry_id("Mains")})
    assign(hass, "load", "l2", {subentry_id("Mains")})
    assert data_of(gateway, "Mains")["load"] == "l2"
    assign(hass, "load", "l2", ())
    assert "load" not in data_of(gateway, "Mains")


async def test_a_device_in_five_groups_is_in_no_sixth(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(METER)
    for number in range(5):
        assign(hass, "group", f"g{number}", {subentry_id("Mains")})
    assert overfull(hass, "g9", {subentry_id("Mains")}) == ["Mains"]
    assert overfull(hass, "g1", {subentry_id("Mains")}) == []


async def test_a_deleted_load_or_group_leaves_the_devices(hass: HomeAssistant, panel: Panel) -> None:
    gateway = await panel.start(METER)
    assign(hass, "load", "l1", {subentry_id("Mains")})
    assign(hass, "group", "g1", {subentry_id("Mains")})
    assign(hass, "group", "g2", {subentry_id("Mains")})
    await site(hass, ("group", "g2", "East"))
    assert "load" not in data_of(gateway, "Mains")
    assert data_of(gateway, "Mains")["groups"] == ["g2"]


def test_lists_have_names_and_take_them_back() -> None:
    known = Choices(loads={"heating": "Heating", "l1": "Lift"}, groups={"g1": "West"})
    assert named(known, {"load": "l1", "groups": ["g1"]}) == {"load": "Lift", "groups": ["West"]}
    assert named(known, {"load": "heating"}) == {"load": "heating"}
    assert (known.load("lift"), known.load("heating"), known.load("?")) == ("l1", "heating", "?")
    assert (known.group(" west "), known.group("g1"), known.group("East")) == ("g1", "g1", None)
