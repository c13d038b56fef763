"""Buttons: open and close a breaker, pulse an output, set a device's clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.components.button.const import DOMAIN as PLATFORM
from homeassistant.const import EntityCategory

from .bus import NotPossibleError, order_for
from .catalog import VERBS, StateKind, Verb, known_state
from .charging.button import station_buttons
from .charging.platform import add_of_installation, station_entities
from .clock_sync import async_sync_clock
from .commands import Wish, async_command
from .const import CONF_KIND, KIND_INSTALLATION
from .entity import device_info, unique_id_of
from .names import state_name
from .state_entity import add_and_clean
from .switch import switched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity import Entity
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .coordinator import GatewayConfigEntry
    from .device import Device

# Order and waiting are the commander's matter, device by device.
PARALLEL_UPDATES = 0

SYNC_CLOCK: Final = ButtonEntityDescription(
    key="sync_clock", translation_key="sync_clock", entity_category=EntityCategory.CONFIG
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GatewayConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons of a gateway's devices; of the installation, those of its chargers."""
    if entry.data[CONF_KIND] == KIND_INSTALLATION:
        add_of_installation(
            hass, entry, PLATFORM, async_add_entities, of_manager=lambda *_: (), of_stations=station_buttons
        )
        return
    found = [
        (device, [*_entities(hass, entry, device), *station_entities(entry, device, station_buttons)])
        for device in entry.runtime_data.devices.values()
    ]
    add_and_clean(hass, entry, PLATFORM, found, async_add_entities)


def _entities(hass: HomeAssistant, entry: GatewayConfigEntry, device: Device) -> Iterator[Entity]:
    """Yield the buttons of a device: commands that no switch gives, and its clock."""
    if device.profile is None:
        return
    if device.profile.clock is not None:
        yield ClockButton(entry, device, SYNC_CLOCK)
    if not device.commandable:
        return
    for state in dict.fromkeys(key for key, _ in device.profile.commands):
        for verb in _pressed(device, state):
            description = ButtonEntityDescription(key=f"{state}_{verb.value}", translation_key=f"command_{verb.value}")
            yield CommandButton(entry, device, description, state, verb, state_name(hass, device, state))


def _pressed(device: Device, state: str) -> Iterator[Verb]:
    """Yield what a state of a device has a button for."""
    assert device.profile is not None  # noqa: S101 -- the caller's promise
    row = device.states.get(state)
    known = known_state(state)
    kind = row.kind if row is not None else known[0] if known is not None else StateKind.OUTPUT
    by_switch = row is not None and switched(device, row)
    for verb in VERBS.get(kind, ()):
        if by_switch and verb in (Verb.ON, Verb.OFF, Verb.OPEN, Verb.CLOSE):
            continue
        try:
            order_for(device.profile, state, verb)
        except NotPossibleError:
            continue
        yield verb


class _DeviceButton(ButtonEntity):
    """A button of a device."""

    _attr_has_entity_name = True

    def __init__(self, entry: GatewayConfigEntry, device: Device, description: ButtonEntityDescription) -> None:
        """Bind the button to its device."""
        self.entity_description = description
        self._entry = entry
        self._device = device
        self._attr_unique_id = unique_id_of(device, description.key)
        self._attr_device_info = device_info(device, entry.runtime_data.device_id)


class CommandButton(_DeviceButton):
    """Gives a command and waits until it is confirmed."""

    def __init__(
        self,
        entry: GatewayConfigEntry,
        device: Device,
        description: ButtonEntityDescription,
        state: str,
        verb: Verb,
        name: str,
    ) -> None:
        """Bind the button to a command."""
        super().__init__(entry, device, description)
        self._attr_translation_placeholders = {"name": name}
        self._state = state
        self._verb = verb

    @override
    async def async_press(self) -> None:
        """Give the command."""
        wish = Wish(entry=self._entry, device=self._device, state=self._state, context=self._context)
        await async_command(self.hass, wish, self._verb)


class ClockButton(_DeviceButton):
    """Sets the clock of a device."""

    @override
    async def async_press(self) -> None:
        """Set the clock, however little it is off."""
        await async_sync_clock(self.hass, self._entry, self._device, context=self._context)
