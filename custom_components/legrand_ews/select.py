"""Selects: normal state and mode of outputs (manual 8.2.1, "Configuration of digital outputs")."""

from __future__ import annotations

from typing import TYPE_CHECKING, override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.components.select.const import DOMAIN as PLATFORM
from homeassistant.const import EntityCategory

from .catalog import SETTING_WORDS, SettingKind
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
    """Add the choices of outputs that people may change."""
    found = [
        (device, [SettingSelect(entry, device, setting) for setting in settings])
        for device, settings in settings_of(entry, SETTING_WORDS)
    ]
    add_and_clean(hass, entry, PLATFORM, found, async_add_entities)


class SettingSelect(StateEntity, SelectEntity):
    """A choice of an output, as read from the device."""

    def __init__(self, entry: GatewayConfigEntry, device: Device, setting: Setting) -> None:
        """Bind the entity to a setting."""
        description = SelectEntityDescription(
            key=setting.key,
            translation_key=setting.kind.value,
            options=[word for word in SETTING_WORDS[setting.kind] if word in setting.values.values()],
            entity_category=EntityCategory.CONFIG,
        )
        super().__init__(entry, device, setting.key, description, output=setting.output)
        self._kind: SettingKind = setting.kind

    @property
    @override
    def current_option(self) -> str | None:
        """What the device is set to."""
        return self._value if isinstance(self._value, str) else None

    @override
    async def async_select_option(self, option: str) -> None:
        """Write, and wait until it is read back."""
        await async_configure(self.hass, self._wish(), {self._kind: option})
