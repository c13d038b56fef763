"""Numbers: ON time of outputs (manual 8.2.1, "Configuration of digital outputs")."""

from __future__ import annotations

from typing import TYPE_CHECKING, override

from homeassistant.components.number import NumberEntity, NumberEntityDescription
from homeassistant.components.number.const import DOMAIN as PLATFORM
from homeassistant.components.number.const import NumberDeviceClass, NumberMode
from homeassistant.const import EntityCategory, UnitOfTime

from .catalog import SettingKind
from .commands import async_configure
from .state_entity import StateEntity, add_and_clean, settings_of

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .catalog import Setting
    from .coordinator import GatewayConfigEntry
    from .device import Device

# Order and waiting are the commander's matter, device by device.
PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GatewayConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the ON times that people may change."""
    found = [
        (device, [OnTime(entry, device, setting) for setting in settings])
        for device, settings in settings_of(entry, (SettingKind.ON_TIME,))
    ]
    add_and_clean(hass, entry, PLATFORM, found, async_add_entities)


class OnTime(StateEntity, NumberEntity):
    """How long an output is on, or the cadence it blinks with; 0: maintained."""

    def __init__(self, entry: GatewayConfigEntry, device: Device, setting: Setting) -> None:
        """Bind the entity to a setting."""
        description = NumberEntityDescription(
            key=setting.key,
            translation_key=setting.kind.value,
            device_class=NumberDeviceClass.DURATION,
            native_unit_of_measurement=UnitOfTime.SECONDS,
            native_min_value=setting.minimum,
            native_max_value=setting.maximum,
            native_step=float(setting.register.scale),
            mode=NumberMode.BOX,
            entity_category=EntityCategory.CONFIG,
        )
        super().__init__(entry, device, setting.key, description, output=setting.output)

    @property
    @override
    def native_value(self) -> float | None:
        """What the device is set to, s."""
        return self._value if isinstance(self._value, float) else None

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Write, and wait until it is read back."""
        await async_configure(self.hass, self._wish(), {SettingKind.ON_TIME: value})
