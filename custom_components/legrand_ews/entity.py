"""What the entities of a device and of a gateway have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, override

from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .catalog import Option
from .const import DOMAIN
from .coordinator import LinkCoordinator, UnitCoordinator

if TYPE_CHECKING:
    from homeassistant.helpers.entity import EntityDescription

    from .bus import Value
    from .coordinator import GatewayConfigEntry
    from .device import Device


def device_info(device: Device, gateway_device_id: str) -> DeviceInfo:
    """Return how a device appears in the device registry."""
    return DeviceInfo(
        identifiers={(DOMAIN, device.config.id)},
        name=device.config.name,
        manufacturer=None if Option.GENERIC in device.model.options else "Legrand",
        model=device.model.name,
        model_id=device.model.display_number,
        via_device_id=gateway_device_id,
    )


def unique_id_of(device: Device, key: str) -> str:
    """Return what identifies the entity of a quantity."""
    return f"{device.config.id}_{key}"


class UnitEntity(CoordinatorEntity[UnitCoordinator]):
    """An entity that shows one quantity of a device."""

    _attr_has_entity_name = True

    def __init__(
        self,
        coordinator: UnitCoordinator,
        device: Device,
        key: str,
        description: EntityDescription,
        gateway_device_id: str,
    ) -> None:
        """Bind the entity to its device and quantity."""
        super().__init__(coordinator, context=(device.config.id, key))
        self.entity_description = description
        self._device_id = device.config.id
        self._key = key
        self._attr_unique_id = unique_id_of(device, key)
        self._attr_device_info = device_info(device, gateway_device_id)

    @property
    def _value(self) -> Value | None:
        """The value of the last poll, in the base unit."""
        return self.coordinator.data.values[self._device_id][self._key]

    @property
    @override
    def available(self) -> bool:
        """True where the last poll read the quantity, whatever it found."""
        return self._key in self.coordinator.data.values.get(self._device_id, ())

    @override
    async def async_update(self) -> None:
        """Poll now: somebody asked for it."""
        await self.coordinator.async_refresh_now()


class GatewayEntity(CoordinatorEntity[LinkCoordinator]):
    """An entity that shows how a gateway's link fares."""

    _attr_has_entity_name = True

    def __init__(self, entry: GatewayConfigEntry, description: EntityDescription) -> None:
        """Bind the entity to its gateway."""
        super().__init__(entry.runtime_data.status)
        self.entity_description = description
        self._attr_unique_id = f"{entry.entry_id}_{description.key}"
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, entry.entry_id)})
