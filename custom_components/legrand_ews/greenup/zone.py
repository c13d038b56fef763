"""Where the meter is between the two limits (A2, zone machine). Owns the hysteresis; not what is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .plan import Zone

if TYPE_CHECKING:
    from .config import LoadManagerConfig

_ORDER: Final = (Zone.GREEN, Zone.YELLOW, Zone.RED)


def next_zone(before: Zone, current: float, config: LoadManagerConfig) -> Zone:
    """Return the zone after a reading of the highest phase, A. Up at once, down only by more than the hysteresis."""
    edges = (config.charge_current, config.max_current)
    reached = sum(current > edge for edge in edges)
    held = sum(current > edge - config.band for edge in edges)
    known = _ORDER.index(before) if before in _ORDER else 0
    return _ORDER[max(reached, min(known, held))]
