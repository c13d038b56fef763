"""Colours of loads and groups: they can be seen and told apart, and stay what they are."""

from __future__ import annotations

from itertools import combinations
from math import dist
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.colors import (
    PALETTES,
    STANDARD,
    colors_of,
    free_color,
    next_color,
    to_hex,
    to_rgb,
)
from custom_components.legrand_ews.const import LOADS

from .test_loads import site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from homeassistant.core import HomeAssistant

    from .support import Panel

type Matrix = tuple[tuple[float, float, float], ...]

WHITE, DARK = "#ffffff", "#1c1c1c"
"""Backgrounds of Home Assistant's cards."""
SIGHT: dict[str, Matrix] = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}
"""How linear light is seen: Machado, Oliveira and Fernandes, 2009, severity 1."""
LMS: Matrix = ((0.4122214708, 0.5363325363, 0.0514459929), (0.2119034982, 0.6806995451, 0.1073969566))
LMS = (*LMS, (0.0883024619, 0.2817188376, 0.6299787005))
LAB: Matrix = ((0.2104542553, 0.793617785, -0.0040720468), (1.9779984951, -2.428592205, 0.4505937099))
LAB = (*LAB, (0.0259040371, 0.7827717662, -0.808675766))
"""Oklab: Ottosson, 2020."""


def times(matrix: Matrix, vector: Sequence[float]) -> list[float]:
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def light(color: str) -> list[float]:
    """Return linear light."""
    parts = [part / 255 for part in to_rgb(color)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(one: str, other: str) -> float:
    """Return the contrast of WCAG."""
    low, high = sorted(times(((0.2126, 0.7152, 0.0722),), light(color))[0] for color in (one, other))
    return (high + 0.05) / (low + 0.05)


def seen(color: str, sight: Matrix) -> list[float]:
    """Return a colour as an eye tells it from others."""
    visible = [min(1.0, max(0.0, part)) for part in times(sight, light(color))]
    return times(LAB, [part ** (1 / 3) for part in times(LMS, visible)])


def apart(one: str, other: str, sight: str) -> float:
    """Return how different two colours look; 0.02 is just noticeable side by side."""
    return dist(seen(one, SIGHT[sight]), seen(other, SIGHT[sight]))


@pytest.mark.parametrize("color", sorted({color for palette in PALETTES.values() for color in palette}))
def test_every_colour_stands_out_on_white_and_on_dark(color: str) -> None:
    assert contrast(color, WHITE) >= 3
    assert contrast(color, DARK) >= 3


@pytest.mark.parametrize("sight", SIGHT)
def test_standard_loads_are_told_apart_by_every_eye(sight: str) -> None:
    for one, other in combinations(STANDARD.values(), 2):
        assert apart(one, other, sight) >= 0.085, (one, other)


@pytest.mark.parametrize("sight", SIGHT)
def test_own_loads_differ_from_all_others(sight: str) -> None:
    for one, other in combinations((*STANDARD.values(), *PALETTES["load"][:8]), 2):
        assert apart(one, other, sight) >= 0.045, (one, other)


def test_every_standard_load_has_a_colour() -> None:
    assert tuple(STANDARD) == LOADS
    assert colors_of(None) == STANDARD
    for palette in PALETTES.values():
        assert len(set(palette)) == len(palette)


@given(st.lists(st.integers(0, 255), min_size=3, max_size=3))
def test_colours_of_forms_come_back(rgb: list[int]) -> None:
    assert to_rgb(to_hex(rgb)) == rgb


@pytest.mark.parametrize("kind", PALETTES)
def test_a_new_one_has_a_colour_of_its_own_as_long_as_there_is_one(kind: str) -> None:
    used: list[str] = []
    for _ in PALETTES[kind]:
        used.append(free_color(kind, used))
    assert len(set(used)) == len(PALETTES[kind])
    assert free_color(kind, used) in PALETTES[kind]


async def test_what_was_chosen_comes_before_the_palette(hass: HomeAssistant, panel: Panel) -> None:
    await panel.load_integration()
    entry = await site(
        hass,
        ("load", "l1", "Lift"),
        ("load", "l2", "Pool"),
        ("group", "g1", "West"),
        colors={"heating": "#123456"},
    )
    first, second = PALETTES["load"][:2]
    pool = entry.subentries["l2"]
    hass.config_entries.async_update_subentry(entry, pool, data={"color": first})
    assert colors_of(entry) == dict(STANDARD) | {
        "heating": "#123456",
        "l1": second,
        "l2": first,
        "g1": PALETTES["group"][0],
    }
    assert next_color(entry, "load") == PALETTES["load"][2]
    assert next_color(entry, "group") == PALETTES["group"][1]
