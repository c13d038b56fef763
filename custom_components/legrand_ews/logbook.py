"""Entries of the journal in Home Assistant's logbook, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from homeassistant.components.logbook.const import LOGBOOK_ENTRY_ICON, LOGBOOK_ENTRY_MESSAGE, LOGBOOK_ENTRY_NAME
from homeassistant.core import callback

from .alarms import Kind
from .const import DOMAIN
from .journal import EVENT_ALARM

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from homeassistant.components.logbook.models import LazyEventPartialState
    from homeassistant.core import HomeAssistant

ICONS: Final[Mapping[Kind, str]] = {
    Kind.STATE: "mdi:electric-switch",
    Kind.THRESHOLD: "mdi:gauge-full",
    Kind.CONFIGURATION: "mdi:alert-outline",
    Kind.COMMUNICATION: "mdi:lan-disconnect",
    Kind.COMMAND: "mdi:gesture-tap-button",
    Kind.CLOCK: "mdi:clock-check-outline",
    Kind.CHARGING: "mdi:ev-station",
    Kind.CHARGING: "mdi:ev-station",
}


@callback
def async_describe_events(
    hass: HomeAssistant,  # noqa: ARG001 -- Home Assistant's signature
    async_describe_event: Callable[[str, str, Callable[[LazyEventPartialState], dict[str, str]]], None],
) -> None:
    """Say how an entry of the journal reads."""
    async_describe_event(DOMAIN, EVENT_ALARM, describe)


@callback
def describe(event: LazyEventPartialState) -> dict[str, str]:
    """Return name and message of an entry: what happened, where, and by whom."""
    entry = event.data
    where = ", ".join(part for part in (entry["gateway"], entry["address"]) if part)
    message = entry["text"]
    if where:
        message += f" ({where})"
    if entry.get("user"):
        message += f" · {entry['user']}"
    return {
        LOGBOOK_ENTRY_NAME: entry["device"],
        LOGBOOK_ENTRY_MESSAGE: message,
        LOGBOOK_ENTRY_ICON: ICONS[Kind(entry["kind"])],
    }
