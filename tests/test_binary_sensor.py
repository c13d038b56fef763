"""Whether a gateway can be reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNKNOWN, EntityCategory
from homeassistant.helpers import entity_registry as er

from custom_components.legrand_ews.const import DOMAIN

from .support import METER

if TYPE_CHECKING:
    from .support import Panel


async def test_connectivity_of_a_gateway(panel: Panel) -> None:
    await panel.serve(METER)
    entry = await panel.set_up()
    registry = er.async_get(panel.hass)
    entity = registry.async_get_entity_id("binary_sensor", DOMAIN, f"{entry.entry_id}_connected")
    assert entity == "binary_sensor.panel_connectivity"
    row = registry.async_get(entity)
    assert row is not None
    assert row.entity_category is EntityCategory.DIAGNOSTIC
    assert row.original_device_class is BinarySensorDeviceClass.CONNECTIVITY
    assert row.device_id == panel.device(entry).id


async def test_it_is_unknown_until_something_was_asked(panel: Panel) -> None:
    entry = await panel.start()
    assert panel.link(entry, "connected") == STATE_UNKNOWN


async def test_it_follows_the_gateway_at_once(panel: Panel) -> None:
    entry = await panel.start(METER)
    assert panel.link(entry, "connected") == STATE_ON
    await panel.plant.refuse(panel.gateway())
    await panel.wait()
    assert panel.link(entry, "connected") == STATE_OFF
    await panel.plant.refuse(panel.gateway(), refuse=False)
    await panel.wait()
    assert panel.link(entry, "connected") == STATE_ON


async def test_a_silent_device_is_not_the_gateways_fault(panel: Panel) -> None:
    entry = await panel.start(METER)
    panel.unit(1).faults.silent = True
    await panel.wait(31)
    assert panel.link(entry, "connected") == STATE_ON
