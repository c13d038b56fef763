"""A station on a gateway, under its register map."""

from __future__ import annotations

from decimal import Decimal
from time import monotonic
from typing import TYPE_CHECKING, Final

from modbus_connection.exceptions import ModbusError

from ..bus import Index, Pilot, Priority
from ..catalog.charging import LIMIT
from ..const import LOGGER, PHASES
from ..greenup import StationReading, StationState
from ..greenup.session import NOTHING
from .meter import number
from .port import OrderError, Sight
from .reach import WatchReader, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from homeassistant.core import HomeAssistant

    from ..bus import Value
    from ..coordinator import UnitCoordinator
    from ..device import Device
    from ..greenup import StationConfig
    from ..greenup.reading import Currents

_STATE: Final = "charge"
_CHARGE: Final = "session_charge"
_CARD: Final = "card"
_ENERGIES: Final = ("session_energy", "energy_import")
"""What tells the energy of a session, the best first."""
_SELDOM: Final = 60.0
"""s between two readings of what hardly changes: the counters of a station without a car, the order that it has."""
_DISOBEYS: Final = 1.0
"""A above its order."""
_RETRY: Final = 10.0
"""s until a station that did not answer is asked again."""


class ModbusPort:
    """A device of kind station."""

    patience = 0.0

    def __init__(self, hass: HomeAssistant, config: StationConfig, name: str) -> None:
        """Take the station; its id is that of the device."""
        self._hass = hass
        self.config = config
        self.name = name
        self._reader = WatchReader()
        self._pilot: Pilot | None = None
        self._pilot_of: UnitCoordinator | None = None
        self._retry_at = 0.0
        self._free = False
        self._full_at = float("-inf")
        """When all was last read."""
        self._checked_at = float("-inf")
        """When its order was last read back."""
        self._told_at = float("-inf")
        self._limit = float("inf")
        """What it was told last, A."""

    @property
    def there(self) -> bool:
        """True while its gateway is loaded."""
        return place_of(self._hass, self.config.id) is not None

    @property
    def line(self) -> str:
        """Its gateway."""
        place = place_of(self._hass, self.config.id)
        return "" if place is None else place.entry.entry_id

    @property
    def refresh(self) -> float | None:
        """As the register map says."""
        pilot = self._reach()
        return None if pilot is None else pilot.refresh

    def settable(self, limit: float) -> float:
        """Round down to what its register can hold; 0.0 while its gateway is not loaded and nothing is known."""
        pilot = self._reach()
        return 0.0 if pilot is None else pilot.settable(limit)

    async def async_look(self) -> Sight | None:
        """Read its state, its counters, and the order it has."""
        place = place_of(self._hass, self.config.id)
        if place is None or monotonic() < self._retry_at:
            return None
        now = monotonic()
        free = self._free and now - self._full_at < _SELDOM
        check = self._told_at >= self._checked_at or now - self._checked_at >= _SELDOM
        keys = {key: row for key, row in keys_of(place.device).items() if _is_wanted(key, free=free, check=check)}
        try:
            reading = await self._reader.async_read(place, keys.values(), Priority.LOOK)
        except ModbusError as err:
            LOGGER.debug("%s did not answer: %s", self.name, err)
            self._retry_at = monotonic() + _RETRY
            return None
        values = {key: reading.values[row] for key, row in keys.items() if row in reading.values}
        word = values.get(_STATE)
        if not isinstance(word, str):
            return None
        self._free = word == StationState.FREE
        self._full_at = self._full_at if free else now
        self._checked_at = now if check and LIMIT in values else self._checked_at
        # A station without a car, of which nothing but its state was read, draws nothing.
        currents = NOTHING if free and self._free else site_currents(self.config, values)
        if currents is not None and max(currents) > self._limit + _DISOBEYS:
            # Somebody else may have told it something: look at that next time.
            self._checked_at = float("-inf")
        station = StationReading(monotonic(), StationState(word), currents, number(values.get(_CHARGE)))
        card = values.get(_CARD)
        return Sight(
            reading=station,
            energy=_energy(values),
            card=card.strip() or None if isinstance(card, str) else None,
            told=number(values.get(LIMIT)),
        )

    async def async_order(self, limit: float) -> None:
        """Write the limit, and the authorisation where the map has one."""
        pilot = self._reach()
        if pilot is None or not self.there:
            raise OrderError("its gateway is not loaded")
        try:
            await pilot.set(limit)
        except ModbusError as err:
            raise OrderError(str(err)) from err
        finally:
            self._told_at, self._limit = monotonic(), limit

    def _reach(self) -> Pilot | None:
        """Return what writes to the station now; what it last was while its gateway is loaded anew."""
        place = place_of(self._hass, self.config.id)
        if place is not None and place.unit is not self._pilot_of and place.device.profile is not None:
            self._pilot, self._pilot_of = Pilot(place.unit.client, place.device.profile), place.unit
        return self._pilot


def _is_wanted(key: str, *, free: bool, check: bool) -> bool:
    """Tell whether something is read now: lines are slow, and each station takes a turn of many."""
    if key == LIMIT:
        return check
    return key == _STATE or not free


def keys_of(device: Device) -> dict[str, str]:
    """Return what is read of a station, each with the row of its map."""
    assert device.profile is not None  # noqa: S101 -- a station has a map
    wanted = [*(f"current_{phase}" for phase in PHASES), _CHARGE, _CARD, *_first(device)]
    keys = {key: device.keys[key] for key in wanted if key in device.keys}
    keys[_STATE] = _STATE
    charging = device.profile.charging
    if charging is not None and charging.limit is not None:
        keys[LIMIT] = LIMIT
    return keys


def _first(device: Device) -> Iterator[str]:
    """Yield the best counter of energy that a station has."""
    yield from [key for key in _ENERGIES if key in device.keys][:1]


def site_currents(config: StationConfig, values: Mapping[str, Value | None]) -> Currents | None:
    """Return what the plug draws on each phase of the site, A; None where it does not measure all of its phases."""
    currents = [0.0] * len(PHASES)
    for phase, name in zip(config.phases, PHASES, strict=False):
        current = number(values.get(f"current_{name}"))
        if current is None:
            return None
        currents[phase] = max(current, 0.0)
    return currents[0], currents[1], currents[2]


def _energy(values: Mapping[str, Value | None]) -> Decimal | None:
    """Return the counter of energy, Wh."""
    value = next((values[key] for key in _ENERGIES if key in values), None)
    if isinstance(value, Index):
        return value.value
    return Decimal(str(value)) if isinstance(value, (int, float, Decimal)) else None
