"""Events: what happens to a device, to a gateway, and anywhere at the site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.components.event.const import DOMAIN as PLATFORM
from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo

from .alarm_watch import DEVICE_EVENTS, GATEWAY_EVENTS
from .catalog import Kind
from .charging.event import manager_events
from .charging.platform import add_of_installation
from .charging.tell import EVENTS
from .const import CONF_KIND, DOMAIN, KIND_INSTALLATION
from .entity import device_info
from .installation import installation_info
from .journal import DATA_JOURNAL
from .status import WATCHED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .alarms import Entry
    from .coordinator import GatewayConfigEntry
    from .device import Device

PARALLEL_UPDATES = 0

_SHOWN: Final = ("kind", "text", "subject", "device", "gateway", "address", "user")
"""What of an entry the event tells beside its type."""


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GatewayConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the events of a gateway and its devices, or those of the installation."""
    if entry.data[CONF_KIND] == KIND_INSTALLATION:
        everything = dict.fromkeys((*DEVICE_EVENTS, *GATEWAY_EVENTS, *EVENTS))
        async_add_entities([AlarmEvent(entry.entry_id, None, installation_info(entry), everything)])
        add_of_installation(
            hass, entry, PLATFORM, async_add_entities, of_manager=manager_events, of_stations=lambda *_: ()
        )
        return
    info = DeviceInfo(identifiers={(DOMAIN, entry.entry_id)})
    async_add_entities([AlarmEvent(entry.entry_id, entry.entry_id, info, GATEWAY_EVENTS)])
    for device in entry.runtime_data.devices.values():
        async_add_entities([DeviceAlarmEvent(entry, device)], config_subentry_id=device.config.id)


class AlarmEvent(EventEntity):
    """What happens to a gateway, or anywhere: one state write for each new entry of the journal."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, owner: str, listen_to: str | None, info: DeviceInfo, events: Iterable[str]) -> None:
        """Listen to a device or gateway, or to all (None)."""
        self.entity_description = EventEntityDescription(
            key="alarm", translation_key="alarm", event_types=list(dict.fromkeys(events))
        )
        self._attr_unique_id = f"{owner}_alarm"
        self._attr_device_info = info
        self._listen_to = listen_to

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to the journal."""
        await super().async_added_to_hass()
        self.async_on_remove(self.hass.data[DATA_JOURNAL].listen(self._listen_to, self._happened))

    @callback
    def _happened(self, entry: Entry) -> None:
        """Tell of a new entry."""
        plain = entry.as_dict()
        told: dict[str, Any] = {key: plain[key] for key in _SHOWN if plain[key] not in (None, "")}
        self._trigger_event(entry.event, {**told, **entry.details})
        self.async_write_ha_state()


class DeviceAlarmEvent(AlarmEvent):
    """What happens to a device. While this is on, the states of the device are watched."""

    def __init__(self, entry: GatewayConfigEntry, device: Device) -> None:
        """Bind the entity to its device."""
        info = device_info(device, entry.runtime_data.device_id)
        own = EVENTS if device.model.kind is Kind.STATION else ()
        super().__init__(device.config.id, device.config.id, info, (*DEVICE_EVENTS, *own))
        self._states = entry.runtime_data.states.get(device.config.address)
        self._device_id = device.config.id

    @override
    async def async_added_to_hass(self) -> None:
        """Have the device's states polled, and listen to the journal."""
        await super().async_added_to_hass()
        if self._states is not None and self._device_id in self._states.devices:
            self.async_on_remove(self._states.async_add_listener(lambda: None, (self._device_id, WATCHED)))
