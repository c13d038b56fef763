"""The sentences that tell a driver why, in the system's language."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

from ..names import selector_text

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from ..greenup import Reason

SELECTOR: Final = "charging_reason"
_TENS: Final = 10


def reason_text(hass: HomeAssistant, reason: Reason) -> str:
    """Return a reason in plain words; in English where there is no translation."""
    text = selector_text(hass, SELECTOR, reason.key)
    if text == reason.key:
        return str(reason)
    for key, value in reason.values.items():
        text = text.replace(f"{{{key}}}", shown(key, value))
    return text


def shown(key: str, value: object) -> str:
    """Return a value of a reason as it is told: tens of seconds, whole shortages, limits to a tenth."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return str(value)
    if key == "seconds":
        # Each other sentence is a row of the recorder, and steps may be a second apart.
        return str(ceil(value / _TENS) * _TENS)
    return f"{value:g}" if key == "limit" else f"{value:.0f}"
