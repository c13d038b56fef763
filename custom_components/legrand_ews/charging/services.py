"""Actions on charging sessions: start, hold, priority (manual 8.3.2).

Owns the way from an action's target to stations. What happens then is the load manager's matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import voluptuous as vol
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.target import TargetSelection, async_extract_referenced_entity_ids
from homeassistant.util import dt as dt_util

from ..access import Right, async_check_context
from ..command_services import async_permit
from ..const import DOMAIN
from .control import DATA_CONTROL
from .entity import not_meant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .control import LoadControl

ATTR_PRIORITY: Final = "priority"
ATTR_DEPARTURE: Final = "departure"


@callback
def async_setup_charging_services(hass: HomeAssistant) -> None:
    """Register the actions on charging sessions."""
    actions: Mapping[str, tuple[dict[Any, Any], Callable[[LoadControl, str, ServiceCall], None]]] = {
        "start_charge": ({vol.Optional(ATTR_DEPARTURE): cv.datetime}, _start),
        "hold_charge": ({}, _hold),
        "set_charge_priority": ({vol.Required(ATTR_PRIORITY): cv.boolean}, _prioritise),
    }
    for name, (fields, act) in actions.items():

        async def handle(call: ServiceCall, act: Callable[[LoadControl, str, ServiceCall], None] = act) -> None:
            """Do it with all stations that are meant, or with none."""
            await async_check_context(call.hass, call.context, Right.CHARGE)
            control = call.hass.data.get(DATA_CONTROL)
            if control is None:
                raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_load_manager")
            for station in await _async_stations(call, control):
                act(control, station, call)

        hass.services.async_register(DOMAIN, name, handle, schema=cv.make_entity_service_schema(fields))


def _start(control: LoadControl, station: str, call: ServiceCall) -> None:
    """Let a session go first. Raises ``ServiceValidationError`` for a departure that is over."""
    given = call.data.get(ATTR_DEPARTURE)
    if given is None:
        control.start(station)
        return
    departure = given if given.tzinfo is not None else given.replace(tzinfo=dt_util.get_default_time_zone())
    if departure <= dt_util.utcnow():
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="departure_over")
    control.start(station, departure.timestamp())


def _hold(control: LoadControl, station: str, _call: ServiceCall) -> None:
    """Let a session wait."""
    control.hold(station)


def _prioritise(control: LoadControl, station: str, call: ServiceCall) -> None:
    """Set the priority of a session."""
    control.set_priority(station, priority=call.data[ATTR_PRIORITY])


async def _async_stations(call: ServiceCall, control: LoadControl) -> list[str]:
    """Return the stations that an action is for.

    Raises ``ServiceValidationError`` for a target that is no managed station, or has no car; ``Unauthorized`` for one
    that the user may not control.
    """
    selection = TargetSelection(call.data)
    selected = async_extract_referenced_entity_ids(call.hass, selection, primary_entities_only=False)
    entities, devices = er.async_get(call.hass), dr.async_get(call.hass)
    found: dict[str, None] = {}
    for entity_id in sorted(selected.referenced | selected.indirectly_referenced):
        row = entities.async_get(entity_id)
        station = row.config_subentry_id if row is not None and row.platform == DOMAIN else None
        if station in control.stations:
            await async_permit(call, [entity_id])
            found[station] = None
        elif entity_id in selected.referenced:
            raise not_meant("no_station", entity_id)
    for device_id in selection.device_ids:
        device = devices.async_get(device_id)
        own = set() if device is None else {key for domain, key in device.identifiers if domain == DOMAIN}
        if not own & control.stations.keys():
            raise not_meant("no_station", device_id if device is None else device.name_by_user or device.name or "")
        rows = er.async_entries_for_device(entities, device_id, include_disabled_entities=True)
        await async_permit(call, [row.entity_id for row in rows])
        found.update(dict.fromkeys(own & control.stations.keys()))
    if not found:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_station_there")
    for station in found:
        if control.stations[station].view.plugged_for is None:
            raise not_meant("no_car", control.ports[station].name)
    return list(found)
