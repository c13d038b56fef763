"""Whether an entity measures what it should."""

from __future__ import annotations

from typing import TYPE_CHECKING

from homeassistant.helpers import entity_registry as er

from custom_components.legrand_ews.charging.units import CURRENT, POWER, has_unit

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant


async def test_an_entity_is_known_by_its_unit(hass: HomeAssistant) -> None:
    hass.states.async_set("sensor.current", "3", {"unit_of_measurement": "mA"})
    assert has_unit(hass, "sensor.current", CURRENT)
    assert not has_unit(hass, "sensor.current", POWER)
    assert not has_unit(hass, "sensor.missing", (*CURRENT, None))


async def test_an_entity_may_have_no_unit_where_that_is_allowed(hass: HomeAssistant) -> None:
    hass.states.async_set("input_number.limit", "6", {})
    assert has_unit(hass, "input_number.limit", ("A", None))
    assert not has_unit(hass, "input_number.limit", CURRENT)


async def test_the_registry_knows_the_unit_of_what_is_unavailable(hass: HomeAssistant) -> None:
    entry = er.async_get(hass).async_get_or_create("sensor", "demo", "1", unit_of_measurement="A")
    assert has_unit(hass, entry.entity_id, CURRENT)
    hass.states.async_set(entry.entity_id, "unavailable", {})
    assert has_unit(hass, entry.entity_id, CURRENT)
