"""Changed settings of charging, taken over while everything goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from homeassistant.core import callback

from ..const import CONF_KIND, DOMAIN, KIND_GATEWAY
from ..device import configs_of
from .control import DATA_CONTROL, rest_of
from .entity import settings_of

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant


@callback
def take_over(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Let the load manager take over changed settings; False where more changed, and the entry has to begin anew.

    Where stations are now managed, or no longer, their gateways begin anew: they have other entities then.
    """
    control, settings = hass.data.get(DATA_CONTROL), settings_of(entry)
    managed = None if settings is None else settings.unmanaged
    before = None if control is None else control.settings.unmanaged
    if managed != before:
        reload_gateways(hass)
    if control is None or settings is None or rest_of(entry) != control.rest:
        return False
    if settings != control.settings:
        control.apply(settings)
    return managed == before


def reload_gateways(hass: HomeAssistant) -> None:
    """Load the gateways anew that have devices."""
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        if entry.data[CONF_KIND] == KIND_GATEWAY and configs_of(entry):
            hass.config_entries.async_schedule_reload(entry.entry_id)
