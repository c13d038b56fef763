"""Switches: outputs, latching relays, contactors and sockets of stations that the user allowed to be commanded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.components.switch.const import DOMAIN as PLATFORM

from .catalog import StateKind, Verb
from .charging.platform import add_of_installation, station_entities
from .charging.switch import manager_switches, station_switches
from .commands import async_command
from .const import CONF_KIND, KIND_INSTALLATION
from .names import state_label
from .state_entity import StateEntity, add_and_clean, devices_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .catalog import State
    from .coordinator import GatewayConfigEntry
    from .device import Device

# Order and waiting are the commander's matter, device by device.
PARALLEL_UPDATES = 0

_VERBS: Final[Mapping[StateKind, tuple[Verb, Verb]]] = {
    StateKind.OUTPUT: (Verb.ON, Verb.OFF),
    StateKind.CONTACTOR: (Verb.CLOSE, Verb.OPEN),
    StateKind.SOCKET: (Verb.ON, Verb.OFF),
}
"""What turns each kind on and off."""


def switched(device: Device, state: State) -> bool:
    """Tell whether people may turn a state of a device on and off."""
    verbs = _VERBS.get(state.kind)
    if verbs is None or not device.commandable or device.profile is None:
        return False
    return all((state.key, verb) in device.profile.commands for verb in verbs)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GatewayConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add what people may turn on and off of a gateway's devices; of the installation, its load manager."""
    if entry.data[CONF_KIND] == KIND_INSTALLATION:
        add_of_installation(
            hass, entry, PLATFORM, async_add_entities, of_manager=manager_switches, of_stations=station_switches
        )
        return
    found = [
        (
            device,
            [
                *(_switch(entry, device, state) for state in device.states.values() if switched(device, state)),
                *station_entities(entry, device, station_switches),
            ],
        )
        for device in devices_of(entry)
    ]
    add_and_clean(hass, entry, PLATFORM, found, async_add_entities)


def _switch(entry: GatewayConfigEntry, device: Device, state: State) -> StateSwitch:
    """Return the switch of a state."""
    description = SwitchEntityDescription(key=state.key, translation_key=state_label(state))
    return StateSwitch(entry, device, state.key, description)


class StateSwitch(StateEntity, SwitchEntity):
    """An output, contactor or socket: shows what was read, whatever was wished."""

    @property
    @override
    def is_on(self) -> bool | None:
        """None where the device does not tell."""
        return None if self._value is None else self._value == "on"

    async def _async_turn(self, *, on: bool) -> None:
        """Turn on or off, and wait until it is."""
        turn_on, turn_off = _VERBS[self._device.states[self._key].kind]
        await async_command(self.hass, self._wish(), turn_on if on else turn_off)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Turn on, and wait until it is."""
        await self._async_turn(on=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Turn off, and wait until it is."""
        await self._async_turn(on=False)
