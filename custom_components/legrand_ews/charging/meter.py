"""The main meter of the load manager: a device read fast, or sensors of Home Assistant.

Owns how currents get their sign and their phase. What they mean is the manager's matter.
"""

from __future__ import annotations

from decimal import Decimal
from math import isfinite
from time import monotonic
from typing import TYPE_CHECKING, Final, Protocol

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, UnitOfElectricCurrent
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_conversion import ElectricCurrentConverter
from modbus_connection.exceptions import ModbusError

from ..bus import Priority
from ..const import LOGGER, PHASES
from ..greenup import MeterReading
from .reach import WatchReader, device_of, place_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from homeassistant.core import HomeAssistant

    from ..bus import Value
    from ..device import Device
    from .settings import GreenupSettings

_RETRY: Final = 5.0
"""s until a meter that did not answer is asked again: it would hold up all others each time."""


class SiteMeter(Protocol):
    """What the currents of the site come from."""

    async def async_read(self) -> MeterReading | None:
        """Return the newest reading, None where there is none now."""


def meter_of(hass: HomeAssistant, settings: GreenupSettings) -> SiteMeter:
    """Return the meter that the settings name."""
    if settings.meter is not None:
        return DeviceMeter(hass, settings.meter)
    return SensorMeter(hass, settings.sensors)


def meter_phases(hass: HomeAssistant, settings: GreenupSettings) -> frozenset[int]:
    """Return the phases that the meter tells of, 0 to 2.

    A device that is not there, or tells of none, counts as one of all phases: it gives no reading, and that is safe.
    """
    if settings.meter is None:
        return frozenset(range(len(settings.sensors)))
    device = device_of(hass, settings.meter)
    return frozenset(() if device is None else _places(device)) or frozenset(range(len(PHASES)))


class DeviceMeter:
    """A device on a gateway."""

    def __init__(self, hass: HomeAssistant, device_id: str) -> None:
        """Name the device; it need not be there yet."""
        self._hass = hass
        self._device_id = device_id
        self._reader = WatchReader()
        self._retry_at = 0.0

    async def async_read(self) -> MeterReading | None:
        """Read the currents, and the powers that give them their sign."""
        place = place_of(self._hass, self._device_id)
        if place is None or monotonic() < self._retry_at:
            return None
        try:
            reading = await self._reader.async_read(place, meter_keys(place.device), Priority.WATCH)
        except ModbusError as err:
            LOGGER.debug("The main meter did not answer: %s", err)
            self._retry_at = monotonic() + _RETRY
            return None
        currents = site_currents(place.device, reading.values)
        return None if currents is None else MeterReading(monotonic(), currents)


def meter_keys(device: Device) -> list[str]:
    """Return the measures of a device's map that its currents and their signs come from; empty: it has none."""
    known = device.keys
    phases = [phase for phase in PHASES if f"current_{phase}" in known]
    return [known[key] for phase in phases for key in (f"current_{phase}", f"power_{phase}") if key in known]


def site_currents(device: Device, values: Mapping[str, Value | None]) -> tuple[float, float, float] | None:
    """Return the currents of L1 to L3, A, negative where power is fed back; None where one was not read.

    A meter of one phase tells of the phase that it is on.
    """
    found = [_current(device, phase, values) for phase in PHASES if f"current_{phase}" in device.keys]
    if not found or None in found:
        return None
    currents = [0.0] * len(PHASES)
    for place, current in zip(_places(device), found, strict=True):
        currents[place] = current or 0.0
    return currents[0], currents[1], currents[2]


def _places(device: Device) -> list[int]:
    """Return the phases of the site that the currents of a device are of, in their order, 0 to 2."""
    places = [place for place, phase in enumerate(PHASES) if f"current_{phase}" in device.keys]
    return [PHASES.index(device.config.phase)] if len(places) == 1 and device.config.phase else places


def _current(device: Device, phase: str, values: Mapping[str, Value | None]) -> float | None:
    """Return the current of a phase; meters give its size, the power gives the direction."""
    current = number(values.get(device.keys[f"current_{phase}"]))
    power = number(values.get(device.keys.get(f"power_{phase}", "")))
    if current is None or power is None or power == 0:
        return current
    back = (power < 0) is not device.config.downstream
    return -abs(current) if back else abs(current)


def number(value: Value | None) -> float | None:
    """Return a value that was read as a number."""
    return float(value) if isinstance(value, (int, float, Decimal)) else None


class SensorMeter:
    """One to three sensors of Home Assistant, L1 first."""

    def __init__(self, hass: HomeAssistant, sensors: Sequence[str]) -> None:
        """Name the sensors."""
        self._hass = hass
        self._sensors = sensors
        self._reports: dict[str, tuple[float, float]] = {}
        """When each last reported: by the clock of the machine, which may be set, and by the one that only runs."""
        self._looked = float("-inf")

    async def async_read(self) -> MeterReading | None:
        """Return what the sensors last told; it is as old as the oldest of them."""
        currents = [0.0] * len(PHASES)
        now = monotonic()
        for place, entity_id in enumerate(self._sensors):
            current = amperes(self._hass, entity_id)
            state = self._hass.states.get(entity_id)
            if current is None or state is None:
                return None
            currents[place] = current
            self._note(entity_id, state.last_reported_timestamp, now)
        self._looked = now
        return MeterReading(min(at for _, at in self._reports.values()), (currents[0], currents[1], currents[2]))

    def _note(self, entity_id: str, stamp: float, now: float) -> None:
        """Note when a sensor reported; a report that is new came since the last look, whatever the stamp says."""
        if entity_id not in self._reports or self._reports[entity_id][0] != stamp:
            age = max(dt_util.utcnow().timestamp() - stamp, 0.0)
            self._reports[entity_id] = stamp, max(now - age, self._looked)


def amperes(hass: HomeAssistant, entity_id: str) -> float | None:
    """Return the state of a sensor of a current, A; None where it has none."""
    state = hass.states.get(entity_id)
    if state is None:
        return None
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT, UnitOfElectricCurrent.AMPERE)
    try:
        value = ElectricCurrentConverter.convert(float(state.state), unit, UnitOfElectricCurrent.AMPERE)
    except ValueError, HomeAssistantError:
        return None
    return value if isfinite(value) else None
