"""What the site consists of, as dashboards show it: also where its devices are, and in which colours (docs/queries.md).

Owns where the answer is gathered from; its shape but for what is of Home Assistant is that of ``amounts``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util

from ..colors import colors_of
from ..const import DOMAIN
from ..history import find_history
from ..installation import find_installation
from .amounts import describe_site, known_time

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .questions import Answer


async def async_site(hass: HomeAssistant, _msg: dict[str, Any]) -> Answer:
    """Return what the site consists of; while the archive is away, without the time that it covers.

    Raises HomeAssistantError where there is no installation.
    """
    history = find_history(hass)
    try:
        ends = await history.async_ask(known_time)
    except HomeAssistantError:
        ends = (None, None)
    currency = history.bill.currency
    answer = describe_site(history.site(), period=history.period, zone=history.zone, currency=currency, ends=ends)
    for device in answer["devices"]:
        device.update(_whereabouts(hass, device["id"]))
    factor = history.settings.factors.on(dt_util.now().date())
    return answer | {
        "gas_factor": None if factor is None else float(factor),
        "colors": colors_of(find_installation(hass)),
    }


def _whereabouts(hass: HomeAssistant, key: str) -> Answer:
    """Return what Home Assistant knows a device by, and its area, or that of its gateway."""
    registry = dr.async_get(hass)
    device = next(iter(registry.async_get_devices(identifiers={(DOMAIN, key)})), None)
    if device is None:
        return {"device_id": None, "area": None}
    gateway = None if device.via_device_id is None else registry.async_get(device.via_device_id)
    return {"device_id": device.id, "area": device.area_id or (gateway and gateway.area_id)}
