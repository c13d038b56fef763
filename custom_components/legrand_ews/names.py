"""What people call the states of a device: the user's labels, else the words of the system's language.

This module owns names outside of entities; entities take theirs from the same strings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from homeassistant.helpers.translation import async_get_cached_translations

from .catalog import AlarmGroup, StateKind, known_state
from .const import DOMAIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.core import HomeAssistant

    from .catalog import State
    from .device import Device

SENSOR_KINDS: Final = frozenset({StateKind.BREAKER, StateKind.CHOICE, StateKind.CHARGE, StateKind.STATION})
"""States of several words: sensors show them."""
_ALARMS: Final[Mapping[AlarmGroup | None, str]] = {
    AlarmGroup.THRESHOLD: "threshold_alarm",
    AlarmGroup.CONFIGURATION: "configuration_error",
    AlarmGroup.STATION: "station_error",
    AlarmGroup.CHARGE: "charge_error",
}


def state_label(state: State) -> str:
    """Return the key of a state's name in the strings; numbered ones have a ``{number}``."""
    return _label(state.key, state.kind, state.number, state.alarm)


def _label(key: str, kind: StateKind, number: int | None, alarm: AlarmGroup | None) -> str:
    """Return the key of the name of a state that is of this; each socket has a name of its own."""
    label = _ALARMS[alarm] if alarm is not None else key if kind is StateKind.SOCKET else kind.value
    return label if number is None else f"{label}_n"


def word_text(hass: HomeAssistant, word: str) -> str:
    """Return a command, or what came of it, as people say it."""
    return selector_text(hass, "command_word", word)


def reason_text(hass: HomeAssistant, reason: str) -> str:
    """Return in plain words why a command was not done."""
    return selector_text(hass, "command_reason", reason)


def selector_text(hass: HomeAssistant, selector: str, key: str) -> str:
    """Return the text of an option of the strings, in the system's language; the key where there is none."""
    texts = async_get_cached_translations(hass, hass.config.language, "selector", DOMAIN)
    return texts.get(f"component.{DOMAIN}.selector.{selector}.options.{key}", key)


def state_name(hass: HomeAssistant, device: Device, key: str) -> str:
    """Return what people call a state of a device, one that its map only commands too."""
    state = device.states.get(key)
    if own := device.config.labels.get(key) or (state.name if state is not None else None):
        return own
    known = (state.kind, state.number, state.alarm) if state is not None else known_state(key)
    if known is None:
        return key
    kind, number, _ = known
    texts = async_get_cached_translations(hass, hass.config.language, "entity", DOMAIN)
    platform = "sensor" if kind in SENSOR_KINDS else "binary_sensor"
    name = texts.get(f"component.{DOMAIN}.entity.{platform}.{_label(key, *known)}.name", key)
    return name.replace("{number}", str(number))
