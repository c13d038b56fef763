"""Whether entities that a user names measure what they should: forms ask before anything depends on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.helpers import entity_registry as er
from homeassistant.util.unit_conversion import ElectricCurrentConverter, EnergyConverter, PowerConverter

if TYPE_CHECKING:
    from collections.abc import Collection

    from homeassistant.core import HomeAssistant

CURRENT: Final = frozenset(ElectricCurrentConverter.VALID_UNITS)
POWER: Final = frozenset(PowerConverter.VALID_UNITS)
ENERGY: Final = frozenset(EnergyConverter.VALID_UNITS)


def has_unit(hass: HomeAssistant, entity_id: str, units: Collection[str | None]) -> bool:
    """Tell whether an entity exists and has one of these units, also while it is unavailable; None: it has none."""
    state = hass.states.get(entity_id)
    entry = er.async_get(hass).async_get(entity_id)
    if state is None and entry is None:
        return False
    unit = None if state is None else state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    return (unit or (None if entry is None else entry.unit_of_measurement)) in units
