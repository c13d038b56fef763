"""Which page of a panel board shows what of a device, and what its row shows (manual 8.2.1).

Owns the places of entities. Which entities there are is the registry's matter, found by ``board``.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from ..catalog import QUANTITIES, AlarmGroup, QuantityKind, StateKind, Verb

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..catalog import Quantity
    from ..device import Device

type Rows = Mapping[tuple[str, str], str]
"""Entities of a device by platform and key: the part of the unique id behind the device's."""

PAGES: Final = (
    "energy",
    "power",
    "voltage",
    "distortion",
    "volume",
    "other",
    "state",
    "charge",
    "command",
    "settings",
    "clock",
    "cost",
)
_OTHER: Final = "other"
_KINDS: Final[Mapping[QuantityKind, str]] = {
    QuantityKind.ENERGY: "energy",
    QuantityKind.REACTIVE_ENERGY: "energy",
    QuantityKind.APPARENT_ENERGY: "energy",
    QuantityKind.POWER: "power",
    QuantityKind.REACTIVE_POWER: "power",
    QuantityKind.APPARENT_POWER: "power",
    QuantityKind.POWER_FACTOR: "power",
    QuantityKind.VOLTAGE: "voltage",
    QuantityKind.CURRENT: "voltage",
    QuantityKind.FREQUENCY: "voltage",
    QuantityKind.DISTORTION: "distortion",
    QuantityKind.RATIO: "distortion",
    QuantityKind.VOLUME: "volume",
}
_OF_STATIONS: Final = frozenset({"session_energy", "session_charge", "rated_current", "card"})


def _page_of_quantity(quantity: Quantity) -> str:
    """Return the page of a quantity."""
    if quantity.diagnostic:
        return "charge" if quantity.key in _OF_STATIONS else _OTHER
    return "power" if quantity.label.startswith("power_factor") else _KINDS.get(quantity.kind, _OTHER)


_QUANTITIES: Final[Mapping[str, str]] = {key: _page_of_quantity(quantity) for key, quantity in QUANTITIES.items()}
_CHARGING: Final = frozenset({StateKind.CHARGE, StateKind.STATION, StateKind.SOCKET})
_CHARGING_ALARMS: Final = frozenset({AlarmGroup.CHARGE, AlarmGroup.STATION})
_PLATFORMS: Final[Mapping[str, str]] = {
    "switch": "command",
    "button": "command",
    "select": "settings",
    "number": "settings",
}
_CONTROLS: Final[Mapping[tuple[str, str], str]] = {
    ("button", "sync_clock"): "clock",
    ("switch", "greenup_default_priority"): "settings",
}
_PREFIXES: Final[Mapping[str, str]] = {"greenup_": "charge", "cost_": "cost", "credit_": "cost"}
"""Of what our map does not know: by the beginning of the key."""
_LINKS: Final = ("links", "link_error")
_TRIP: Final = "_trip"
_ROW: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "power": (("sensor", "power"),),
    "energy": (("sensor", "energy_import"),),
    "volume": (("sensor", "volume"),),
    "charge": (("sensor", "greenup_state"), ("sensor", "charge")),
    "problem": (("binary_sensor", "greenup_problem"),),
    "station": (("sensor", "station"),),
    "links": (("sensor", "links"),),
    "link_error": (("binary_sensor", "link_error"),),
    "communication": (("binary_sensor", "answers"),),
    "events": (("event", "alarm"),),
}
"""What a row shows: the first of these that there is."""
_ROW_ONLY: Final = frozenset({("binary_sensor", "answers"), ("event", "alarm")})
_POSITIONS: Final = (StateKind.BREAKER, StateKind.CONTACTOR, StateKind.OUTPUT)


def row_of(device: Device, rows: Rows) -> dict[str, str]:
    """Return the entities that the row of a device shows, by what they tell."""
    wanted = {**_position(device), **_ROW}
    found = {what: next((rows[place] for place in places if place in rows), None) for what, places in wanted.items()}
    return {what: entity for what, entity in found.items() if entity is not None}


def _position(device: Device) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return what shows the position of what a device protects or switches; nothing where it has several.

    The output of a meter is there for pulses, or for whatever else: it says nothing about the meter.
    """
    for kind in _POSITIONS:
        if kind is StateKind.OUTPUT and device.counters:
            continue
        keys = [key for key, state in device.states.items() if state.kind is kind]
        if len(keys) == 1:
            key = keys[0]
            shown = tuple((platform, key) for platform in ("sensor", "switch", "binary_sensor"))
            return {"state": shown, "trip": (("binary_sensor", f"{key}{_TRIP}"),)}
    return {}


def pages_of(device: Device, rows: Rows) -> dict[str, list[str]]:
    """Return the entities of a device by page, in the order of its map; only pages that have any."""
    order = {key: place for place, key in enumerate(_keys(device))}
    pages: dict[str, list[str]] = {page: [] for page in PAGES}
    for platform, key in sorted(rows.keys() - _ROW_ONLY, key=lambda row: (order.get(row[1], len(order)), row)):
        pages[_page(device, platform, key)].append(rows[platform, key])
    return {page: entities for page, entities in pages.items() if entities}


def _keys(device: Device) -> Iterator[str]:
    """Yield the keys of a device in the order of its map."""
    yield from device.keys
    if device.profile is None:
        return
    yield from chain.from_iterable((key, f"{key}{_TRIP}") for key in device.states)
    for state in dict.fromkeys(state for state, _ in device.profile.commands):
        yield from (f"{state}_{verb.value}" for verb in Verb)
    yield from device.profile.settings
    yield from _LINKS


def _page(device: Device, platform: str, key: str) -> str:
    """Return the page of an entity."""
    if (page := _CONTROLS.get((platform, key)) or _PLATFORMS.get(platform)) is not None:
        return page
    state = device.states.get(key) or device.states.get(key.removesuffix(_TRIP))
    if state is not None:
        return "charge" if state.kind in _CHARGING or state.alarm in _CHARGING_ALARMS else "state"
    if key in _LINKS:
        return "state"
    if key in device.keys:
        return _QUANTITIES.get(key, _OTHER)
    return next((page for prefix, page in _PREFIXES.items() if key.startswith(prefix)), _OTHER)
