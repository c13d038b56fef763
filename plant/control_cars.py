"""Words about cars and the stations they are at: a station is meant by its device's name.

This module owns these words. What they do is in ``station`` and ``cars``; their list is ``control``'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .cars import Car

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .site import Plant
    from .station import Station

SWITCH: Final[Mapping[str, bool]] = {"on": True, "off": False}


async def plug(plant: Plant, words: list[str]) -> str:
    """Put a car to a station. Raises ``ValueError`` for what cannot be."""
    fields = dict(_field(word) for word in words[1:])
    _station(plant, words[0]).plug(Car(**fields))
    return "ok"


async def unplug(plant: Plant, words: list[str]) -> str:
    """Take the car away. Raises ``ValueError`` where there is none."""
    _station(plant, words[0]).unplug()
    return "ok"


async def fault(plant: Plant, words: list[str]) -> str:
    """Let a station fail, or work again. Raises ``ValueError`` where it has no such alarm."""
    rest = words[1:]
    on = SWITCH[rest.pop()] if rest and rest[-1] in SWITCH else True
    _station(plant, words[0]).fault(rest[0] if rest else None, on=on)
    return "ok"


def _station(plant: Plant, name: str) -> Station:
    """Return the station that a word means."""
    try:
        return plant.station(name)
    except KeyError as error:
        raise ValueError(f"there is no station {name}") from error


def _field(word: str) -> tuple[str, Any]:
    """Return a field of a car and its value."""
    key, equals, text = word.partition("=")
    if not equals or key not in _FIELDS:
        raise ValueError(f"{word} is none of {', '.join(f'{name}=' for name in _FIELDS)}")
    name, read = _FIELDS[key]
    return name, read(text)


def _pauses(text: str) -> tuple[float, float]:
    """Read ``600/60``."""
    active, _, idle = text.partition("/")
    return float(active), float(idle)


def _switch(text: str) -> bool:
    """Read on or off."""
    if text not in SWITCH:
        raise ValueError(f"{text} is neither on nor off")
    return SWITCH[text]


_FIELDS: Final[Mapping[str, tuple[str, Callable[[str], Any]]]] = {
    "need_kwh": ("need", lambda text: float(text) * 1000),
    "current": ("current", float),
    "phases": ("phases", int),
    "pauses": ("pauses", _pauses),
    "ignores_pilot": ("ignores_pilot", _switch),
    "reaction": ("reaction", float),
    "card": ("card", str),
}
"""The field of a car behind each word, and how its value is read."""
