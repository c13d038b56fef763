"""Colours of loads and groups, for dashboards.

Owns the palette and what the user chose instead; knows neither forms nor cards. Every colour stands out on a white and
on a dark page (3:1, WCAG 2.2, 1.4.11), and the standard loads can be told apart with any kind of colour blindness.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .const import LOADS, SUBENTRY_GROUP, SUBENTRY_LOAD

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from homeassistant.config_entries import ConfigEntry

OPT_COLORS: Final = "colors"
CONF_COLOR: Final = "color"

STANDARD: Final[Mapping[str, str]] = {
    "heating": "#c33500",
    "cooling": "#339cd9",
    "hot_water": "#ae379a",
    "lighting": "#c78700",
    "sockets": "#7965ed",
    "ventilation": "#007753",
    "others": "#918888",
}
_FURTHER: Final = (
    "#4a8f57",
    "#8550be",
    "#be6928",
    "#926578",
    "#819e61",
    "#b066ae",
    "#71682b",
    "#6784ed",
    "#ba83af",
    "#0f6ccd",
)
PALETTES: Final[Mapping[str, tuple[str, ...]]] = {
    SUBENTRY_LOAD: _FURTHER,
    SUBENTRY_GROUP: (*STANDARD.values(), *_FURTHER),
}
"""By kind of subentry. Own loads stand beside the standard ones, groups among themselves."""


def colors_of(entry: ConfigEntry | None) -> dict[str, str]:
    """Return the colours of all loads and groups by id, as ``#rrggbb``; ``entry``: the installation, None: no such."""
    found = {key: STANDARD[key] for key in LOADS}
    if entry is not None:
        found |= entry.options.get(OPT_COLORS, {})
        for kind in PALETTES:
            found |= _of_subentries(entry, kind)
    return found


def next_color(entry: ConfigEntry, kind: str) -> str:
    """Return a colour for a new load or group."""
    return free_color(kind, _of_subentries(entry, kind).values())


def free_color(kind: str, used: Collection[str]) -> str:
    """Return the first colour of a kind that is not used; from the beginning again where all are."""
    palette = PALETTES[kind]
    return next((color for color in palette if color not in used), palette[len(used) % len(palette)])


def to_rgb(color: str) -> list[int]:
    """Return a colour as forms have it."""
    return list(bytes.fromhex(color[1:]))


def to_hex(rgb: Sequence[int]) -> str:
    """Return a colour of a form as it is stored."""
    return f"#{bytes(rgb).hex()}"


def _of_subentries(entry: ConfigEntry, kind: str) -> dict[str, str]:
    """Return the colours of the user's own loads or groups; those without one get what is left, in their order."""
    rows = [row for row in entry.subentries.values() if row.subentry_type == kind]
    found = {row.subentry_id: row.data[CONF_COLOR] for row in rows if CONF_COLOR in row.data}
    for row in rows:
        if row.subentry_id not in found:
            found[row.subentry_id] = free_color(kind, found.values())
    return found
