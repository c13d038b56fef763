"""The state of every counter, kept over restarts.

This module owns storage; what a reading means is the ``metering`` room's matter.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from homeassistant.helpers.storage import Store

from .catalog import QUANTITIES, QuantityKind
from .const import DOMAIN, LOGGER
from .metering import IndexTracker, ReadingKind

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .bus import Index
    from .metering import Reading

_VERSION: Final = 1
# Losing the last minutes loses no energy: a total is the meter's index plus an offset that is saved when it changes.
_SAVE_DELAY: Final = 300
_SAVE_DELAY_CHANGED: Final = 5

MAX_RATES: Final = {
    QuantityKind.ENERGY: Decimal(10_000_000) / 3600,
    QuantityKind.REACTIVE_ENERGY: Decimal(10_000_000) / 3600,
    QuantityKind.APPARENT_ENERGY: Decimal(10_000_000) / 3600,
    QuantityKind.VOLUME: Decimal(1000),
    QuantityKind.PULSES: Decimal(1000),
}
"""What no circuit of a building exceeds, in base units per second: 10 MW, 1 m³/s, 1000 pulses/s."""


class Meters:
    """The counters of one gateway."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Start empty; ``async_load`` brings back what was stored."""
        self._store: Store[dict[str, Any]] = Store(hass, _VERSION, f"{DOMAIN}.meters.{entry_id}")
        self._stored: dict[str, Any] = {}
        self._trackers: dict[tuple[str, str], IndexTracker] = {}
        self._scales: dict[tuple[str, str], tuple[Decimal | None, Decimal]] = {}
        self._saving = False
        self._closed = False

    async def async_load(self) -> None:
        """Read the stored state."""
        self._stored = await self._store.async_load() or {}

    def update(self, device_id: str, key: str, index: Index, at: float) -> Reading:
        """Take a reading at ``at`` (POSIX s) and return what it means; its total, in the base unit, never falls."""
        tracker = self._tracker(device_id, key, index)
        reading = tracker.update(at, index.value)
        if reading.kind in (ReadingKind.ROLLOVER, ReadingKind.RESET, ReadingKind.REPLACED):
            LOGGER.info("Counter %s of device %s: %s at index %s", key, device_id, reading.kind.value, index.value)
            self._save_in(_SAVE_DELAY_CHANGED)
        elif not self._saving:
            # Asked for again, a delayed save would be put off again: for ever, at each poll.
            self._save_in(_SAVE_DELAY)
        return reading

    def _save_in(self, seconds: float) -> None:
        """Save some seconds from now."""
        if not self._closed:
            self._saving = True
            self._store.async_delay_save(self._snapshot, seconds)

    def _tracker(self, device_id: str, key: str, index: Index) -> IndexTracker:
        """Return the tracker of a counter, made anew when the step of the counter changed."""
        place = (device_id, key)
        scale = (index.modulus, index.resolution)
        if (tracker := self._trackers.get(place)) is not None and self._scales[place] == scale:
            return tracker
        state = self._stored.get(device_id, {}).get(key) if tracker is None else tracker.snapshot()
        quantity = QUANTITIES.get(key)
        tracker = IndexTracker(
            modulus=index.modulus,
            resolution=index.resolution,
            max_rate=MAX_RATES[quantity.kind if quantity is not None else QuantityKind.PULSES],
            state=state,
        )
        self._trackers[place] = tracker
        self._scales[place] = scale
        return tracker

    def _snapshot(self) -> dict[str, Any]:
        """Return the state of all counters, of devices switched off too."""
        self._saving = False
        state = {device_id: dict(counters) for device_id, counters in self._stored.items()}
        for (device_id, key), tracker in self._trackers.items():
            state.setdefault(device_id, {})[key] = tracker.snapshot()
        return state

    def forget_but(self, device_ids: set[str]) -> None:
        """Drop the counters of devices that were deleted."""
        self._stored = {device_id: kept for device_id, kept in self._stored.items() if device_id in device_ids}

    async def async_save(self) -> None:
        """Save for the last time: a poll that ends later saves nothing over those who take up the counters next."""
        self._closed = True
        self._stored = self._snapshot()
        await self._store.async_save(self._stored)

    async def async_remove(self) -> None:
        """Delete what was stored."""
        await self._store.async_remove()
