"""Actions on charging sessions: what their targets mean, who may, what is refused before anything is done."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import voluptuous as vol
from homeassistant.core import Context
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import label_registry as lr
from homeassistant.util import dt as dt_util

from custom_components.legrand_ews.access import ROLES, MissingRightError, Right, Role
from custom_components.legrand_ews.const import DOMAIN

from ..access_support import keep, person
from ..bill_support import ENGLISH
from ..support import subentry_id
from .garage import ID, NAME

if TYPE_CHECKING:
    from homeassistant.auth.models import User

    from ..support import Panel
    from .garage import Garage

BAY = "Bay 1"
STATIONS = (NAME, BAY)
DOORS: tuple[tuple[str, str, bool, str, dict[str, Any]], ...] = (
    (DOMAIN, "hold_charge", True, "state", {}),
    (DOMAIN, "start_charge", True, "state", {}),
    (DOMAIN, "set_charge_priority", True, "state", {"priority": True}),
    ("button", "press", True, "hold", {}),
    ("button", "press", True, "start", {}),
    ("switch", "turn_off", True, "priority", {}),
    ("switch", "turn_on", True, "priority", {}),
    ("switch", "turn_on", True, "default_priority", {}),
    ("switch", "turn_off", True, "default_priority", {}),
    ("switch", "turn_off", False, "load_control", {}),
    ("switch", "turn_on", False, "load_control", {}),
    ("switch", "turn_off", False, "control_logic", {}),
    ("switch", "turn_on", False, "control_logic", {}),
)
"""The action, whether it is of a station, the key of the entity, the fields."""


async def act(garage: Garage, action: str, context: Context | None = None, **data: Any) -> None:
    await garage.hass.services.async_call(DOMAIN, action, data, blocking=True, context=context)
    await garage.panel.settle()


async def refused(garage: Garage, action: str, **data: Any) -> tuple[str | None, str | None]:
    """Return why an action is not done: the key and the target of the message."""
    with pytest.raises(ServiceValidationError) as info:
        await act(garage, action, **data)
    assert info.value.translation_key in ENGLISH["exceptions"]
    return info.value.translation_key, (info.value.translation_placeholders or {}).get("target")


async def bring(garage: Garage) -> None:
    """Let a car charge at the garage and one at the first bay."""
    garage.plug(BAY, need=20_000, current=10)
    garage.car = 10
    await garage.until("charging", *STATIONS)


def states(garage: Garage) -> list[str]:
    return [garage.shown(name, "state").state for name in STATIONS]


def device(garage: Garage, name: str) -> dr.DeviceEntry:
    entry = garage.site if name == NAME else garage.gateway
    found = dr.async_get(garage.hass).async_get_device_by_identifier((DOMAIN, subentry_id(name)), entry.entry_id)
    assert found is not None
    return found


def priority(garage: Garage) -> list[bool]:
    return [garage.control.stations[subentry_id(name)].view.priority for name in STATIONS]


async def test_stations_are_meant_by_any_of_their_entities(garage: Garage) -> None:
    await bring(garage)
    await act(garage, "hold_charge", entity_id=[garage.entity(NAME, "sensor", "reason")])
    assert states(garage) == ["held", "charging"]
    await act(garage, "hold_charge", entity_id=[garage.panel.entity(BAY, "current_l1")])
    assert states(garage) == ["held", "held"]
    entities = [garage.entity(name, "button", "start") for name in STATIONS]
    await act(garage, "start_charge", entity_id=entities)
    await garage.until("charging", *STATIONS)


async def test_stations_are_meant_by_their_devices(garage: Garage) -> None:
    await bring(garage)
    await act(garage, "set_charge_priority", device_id=[device(garage, NAME).id], priority=True)
    assert priority(garage) == [True, False]
    await act(garage, "set_charge_priority", device_id=[device(garage, name).id for name in STATIONS], priority=True)
    assert priority(garage) == [True, True]
    await act(garage, "set_charge_priority", device_id=[device(garage, BAY).id], priority=False)
    assert priority(garage) == [True, False]


async def test_stations_are_meant_by_area_and_label(garage: Garage) -> None:
    await bring(garage)
    hass = garage.hass
    area, label = ar.async_get(hass).async_create("Yard"), lr.async_get(hass).async_create("Cars")
    for name in STATIONS:
        dr.async_get(hass).async_update_device(device(garage, name).id, area_id=area.id)
    dr.async_get(hass).async_update_device(device(garage, BAY).id, labels={label.label_id})
    await act(garage, "hold_charge", area_id=[area.id])
    assert states(garage) == ["held", "held"]
    await act(garage, "start_charge", label_id=[label.label_id])
    await garage.wait(60)
    assert states(garage) == ["held", "charging"]


async def test_what_is_no_station_is_named_and_nothing_is_done(garage: Garage) -> None:
    await bring(garage)
    meter = garage.panel.entity("Main meter", "current_l1")
    own = garage.entity(NAME, "sensor", "state")
    for entity in (meter, garage.managed("sensor", "zone").entity_id, "light.porch"):
        assert await refused(garage, "hold_charge", entity_id=[own, entity]) == ("no_station", entity)
    mains = garage.panel.device(garage.gateway, "Main meter")
    both = [device(garage, NAME).id, mains.id]
    assert await refused(garage, "hold_charge", device_id=both) == ("no_station", "Main meter")
    assert await refused(garage, "hold_charge", device_id=["gone"]) == ("no_station", "gone")
    area = ar.async_get(garage.hass).async_create("Attic")
    assert await refused(garage, "hold_charge", area_id=[area.id]) == ("no_station_there", None)
    assert states(garage) == ["charging", "charging"]


async def test_a_station_that_is_left_alone_is_none(garage: Garage) -> None:
    left = garage.panel.entity("Bay 2", "current_l1")
    del garage.control.stations[subentry_id("Bay 2")]
    assert await refused(garage, "hold_charge", entity_id=[left]) == ("no_station", left)


async def test_without_a_car_at_one_nothing_is_done_at_any(garage: Garage) -> None:
    await garage.come()
    for action, data in (("hold_charge", {}), ("start_charge", {}), ("set_charge_priority", {"priority": True})):
        both = [device(garage, name).id for name in STATIONS]
        assert await refused(garage, action, device_id=both, **data) == ("no_car", BAY)
    assert garage.shown(NAME, "state").state == "charging"
    assert priority(garage) == [False, False]


async def test_a_departure_is_local_time_and_kept_with_the_session(garage: Garage) -> None:
    await bring(garage)
    await act(garage, "hold_charge", device_id=[device(garage, NAME).id])
    zone = dt_util.get_default_time_zone()
    leaves = dt_util.utcnow() + timedelta(hours=3)
    for given in (leaves.isoformat(), leaves.astimezone(zone).replace(tzinfo=None).isoformat()):
        await act(garage, "start_charge", device_id=[device(garage, NAME).id], departure=given)
        known = garage.control.manager.sessions[ID].departure
        assert known == pytest.approx(leaves.timestamp(), abs=1)
    assert garage.control.manager.sessions[subentry_id(BAY)].departure is None


async def test_nobody_leaves_in_the_past(garage: Garage) -> None:
    await bring(garage)
    own: dict[str, Any] = {"device_id": [device(garage, NAME).id]}
    await act(garage, "hold_charge", **own)
    gone = (dt_util.utcnow() - timedelta(minutes=1)).isoformat()
    assert await refused(garage, "start_charge", departure=gone, **own) == ("departure_over", None)
    assert garage.shown(NAME, "state").state == "held"


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("start_charge", {}),
        ("hold_charge", {"device_id": ["x"], "for": 5}),
        ("set_charge_priority", {"device_id": ["x"]}),
        ("set_charge_priority", {"device_id": ["x"], "priority": "some"}),
        ("start_charge", {"device_id": ["x"], "departure": "soon"}),
    ],
)
async def test_what_is_not_asked_for_properly_is_refused(panel: Panel, action: str, data: dict[str, Any]) -> None:
    await panel.load_integration()
    with pytest.raises(vol.Invalid):
        await panel.hass.services.async_call(DOMAIN, action, data, blocking=True)


async def test_a_user_without_rights_changes_nothing(garage: Garage, hass_read_only_user: User) -> None:
    await bring(garage)
    context = Context(user_id=hass_read_only_user.id)
    area = ar.async_get(garage.hass).async_create("Yard")
    dr.async_get(garage.hass).async_update_device(device(garage, NAME).id, area_id=area.id)
    for target in (
        {"entity_id": [garage.entity(BAY, "sensor", "state")]},
        {"device_id": [device(garage, NAME).id]},
        {"area_id": [area.id]},
    ):
        with pytest.raises(Unauthorized):
            await act(garage, "hold_charge", context, **target)
    assert states(garage) == ["charging", "charging"]


async def test_hidden_entities_do_not_give_rights_to_their_device(garage: Garage, hass_read_only_user: User) -> None:
    await bring(garage)
    registry = er.async_get(garage.hass)
    for row in er.async_entries_for_device(registry, device(garage, NAME).id, include_disabled_entities=True):
        registry.async_update_entity(row.entity_id, hidden_by=er.RegistryEntryHider.USER)
    own: dict[str, Any] = {"device_id": [device(garage, NAME).id]}
    with pytest.raises(Unauthorized):
        await act(garage, "hold_charge", Context(user_id=hass_read_only_user.id), **own)
    assert states(garage) == ["charging", "charging"]
    await act(garage, "hold_charge", **own)
    assert states(garage) == ["held", "charging"]


async def test_a_user_with_rights_to_one_station_commands_that_one(garage: Garage, hass_read_only_user: User) -> None:
    await bring(garage)
    own = garage.entity(NAME, "sensor", "state")
    keep(garage.hass, default="greenup", users={})
    hass_read_only_user.mock_policy({"entities": {"entity_ids": {own: {"control": True}}}})  # type: ignore[attr-defined]
    context = Context(user_id=hass_read_only_user.id)
    await act(garage, "hold_charge", context, entity_id=[own])
    with pytest.raises(Unauthorized):
        await act(garage, "hold_charge", context, entity_id=[garage.entity(BAY, "sensor", "state")])
    assert states(garage) == ["held", "charging"]


@pytest.mark.parametrize("role", Role)
async def test_roles_that_may_charge_go_through_every_door_and_the_others_through_none(
    garage: Garage, role: Role
) -> None:
    await bring(garage)
    context = Context(user_id=(await person(garage.hass, role)).id)
    opened = []
    for domain, action, of_station, key, fields in DOORS:
        platform = "sensor" if domain == DOMAIN else domain
        entity = garage.entity(NAME, platform, key) if of_station else garage.managed(platform, key).entity_id
        data = {"entity_id": entity, **fields}
        try:
            await garage.hass.services.async_call(domain, action, data, blocking=True, context=context)
        except MissingRightError:
            continue
        opened.append(action)
        await garage.panel.settle()
    assert opened == [action for _, action, *_ in DOORS if Right.CHARGE in ROLES[role]]


async def test_where_nothing_is_managed_the_actions_say_so(panel: Panel) -> None:
    await panel.load_integration()
    with pytest.raises(ServiceValidationError) as info:
        await panel.hass.services.async_call(DOMAIN, "hold_charge", {"device_id": ["x"]}, blocking=True)
    assert info.value.translation_key == "no_load_manager"
