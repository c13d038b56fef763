"""The event entity of the load manager: what it could not do gently."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from .tell import EVENTS, SIGNAL_EVENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from homeassistant.helpers.device_registry import DeviceInfo

EVENT: Final = EventEntityDescription(key="event", translation_key="greenup", event_types=list(EVENTS))


def manager_events(owner: str, info: DeviceInfo) -> Iterator[EventEntity]:
    """Yield the event entity of the load manager."""
    yield ManagerEvent(owner, info)


class ManagerEvent(EventEntity):
    """Emergencies, overloads, lost stations, a lost meter."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, owner: str, info: DeviceInfo) -> None:
        """Name the load manager."""
        self.entity_description = EVENT
        self._attr_unique_id = f"{owner}_{EVENT.key}"
        self._attr_device_info = info

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to the manager."""
        await super().async_added_to_hass()
        self.async_on_remove(async_dispatcher_connect(self.hass, SIGNAL_EVENT, self._happened))

    @callback
    def _happened(self, event: str, data: dict[str, Any]) -> None:
        """Tell of an event."""
        self._trigger_event(event, data)
        self.async_write_ha_state()
