"""Polling: one coordinator per bus address, one per gateway for the account of its link.

This module owns when devices are polled and what of the readings reaches the entities. The order on the wire is the
``bus`` room's matter, the meaning of indexes ``metering``'s.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic, time
from typing import TYPE_CHECKING, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from modbus_connection.exceptions import ModbusConnectionError

from .bus import Index, Priority, Target, UnitReader, UnitSilentError, read_identity
from .catalog import QUANTITIES
from .const import DEFAULT_MEASURE_INTERVAL, DOMAIN, LOGGER, OPT_MEASURE_INTERVAL
from .history import DATA_HISTORY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from homeassistant.core import CALLBACK_TYPE, HomeAssistant

    from .bus import Commander, Link, TargetReading, UnitClient, Value
    from .catalog import Catalog
    from .device import Device
    from .meters import Meters
    from .status import StatusCoordinator

type GatewayConfigEntry = ConfigEntry[GatewayData]

LINK_INTERVAL: Final = timedelta(seconds=30)
_SIGNED: Final = frozenset(quantity.key for quantity in QUANTITIES.values() if quantity.signed)


@dataclass(kw_only=True)
class GatewayData:
    """What a loaded gateway holds."""

    link: Link
    catalog: Catalog
    meters: Meters
    device_id: str
    """Of the gateway in the device registry."""
    devices: dict[str, Device]
    """By subentry."""
    units: dict[int, UnitCoordinator]
    """By Modbus address."""
    states: dict[int, StatusCoordinator]
    """By Modbus address; only those where a device has states."""
    commanders: dict[str, Commander]
    """By subentry; only devices whose map knows commands."""
    status: LinkCoordinator
    _cancel_reload: CALLBACK_TYPE | None = None

    def reload_later(self, cancel: CALLBACK_TYPE | None) -> None:
        """Keep only the newest of the reloads that are due."""
        if self._cancel_reload is not None:
            self._cancel_reload()
        self._cancel_reload = cancel


@dataclass(frozen=True, kw_only=True)
class UnitReport:
    """What the last poll of an address gave."""

    asked: bool = True
    """False where nothing needed to be asked: it tells nothing of whether the unit answers."""
    problem: str | None = None
    """``silent`` or ``gateway``; None where the unit answered."""
    values: Mapping[str, Mapping[str, Value | None]] = field(default_factory=dict)
    """By device and quantity, in base units, directions and totals applied. A missing key: the read failed."""
    unsupported: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Quantities each device refuses."""


class UnitVoice:
    """Says in the log that a unit fell silent and that it answers again: once each, whoever polls it."""

    def __init__(self, gateway: str, address: int) -> None:
        """Name the unit."""
        self._name = f"{gateway}: address {address}"
        self._silent = False

    def silent(self, err: UnitSilentError) -> None:
        """Note that the unit does not answer."""
        if not self._silent:
            LOGGER.warning("%s does not answer: %s", self._name, err)
        self._silent = True

    def answered(self) -> None:
        """Note that the unit answers."""
        if self._silent:
            LOGGER.info("%s answers again", self._name)
        self._silent = False


class UnitCoordinator(DataUpdateCoordinator[UnitReport]):
    """Polls one Modbus address for all devices set up there.

    Listeners give ``(device id, quantity)`` as context: only what somebody listens to is read, and the counters of
    the devices somebody listens to. A device switched off in Home Assistant has no listeners and is not polled.
    """

    config_entry: GatewayConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: GatewayConfigEntry,
        *,
        client: UnitClient,
        address: int,
        devices: Sequence[Device],
        meters: Meters,
        cycle: CycleMeter,
    ) -> None:
        """Make the coordinator of an address; nothing is polled before the first listener."""
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=f"{entry.title} {address}",
            update_interval=timedelta(seconds=entry.options.get(OPT_MEASURE_INTERVAL, DEFAULT_MEASURE_INTERVAL)),
        )
        self.address = address
        self.devices = {device.config.id: device for device in devices}
        self.client = client
        self.reader = UnitReader(client)
        self.voice = UnitVoice(entry.title, address)
        self.data = UnitReport()
        self._meters = meters
        self._cycle = cycle
        self._wanted: dict[str, set[str]] = {}
        self._targets: list[tuple[Device, Target]] = []
        self._asked = False
        self._unknown = [device for device in devices if device.names_itself]

    @override
    async def _async_update_data(self) -> UnitReport:
        """Poll once. Never fails: what is wrong is in the report, logged once here and once in ``LinkCoordinator``."""
        targets = self._wanted_targets()
        asked, self._asked = self._asked, False
        if not targets:
            return UnitReport()
        try:
            readings = await self.reader.read([target for _, target in targets], Priority.MEASURE, now=asked)
        except UnitSilentError as err:
            self.voice.silent(err)
            self._cycle.polled(self.address)
            return UnitReport(problem="silent")
        except ModbusConnectionError:
            return UnitReport(problem="gateway")
        self.voice.answered()
        self._cycle.polled(self.address)
        at = time()
        self._ask_identities()
        return UnitReport(
            values={
                device.config.id: self._values(device, reading, at)
                for (device, _), reading in zip(targets, readings, strict=True)
            },
            unsupported={
                device.config.id: frozenset(key for key, row in device.keys.items() if row in reading.unsupported)
                for (device, _), reading in zip(targets, readings, strict=True)
            },
        )

    def _ask_identities(self) -> None:
        """Once the unit answers, let its devices say who they are."""
        if self._unknown:
            devices, self._unknown = self._unknown, []
            task = self._async_identify(devices)
            self.config_entry.async_create_background_task(self.hass, task, f"identity of {self.name}")

    async def _async_identify(self, devices: Sequence[Device]) -> None:
        """Put what devices say of themselves into the device registry."""
        registry = dr.async_get(self.hass)
        for device in devices:
            assert device.profile is not None  # noqa: S101 -- chosen for it
            try:
                known = await read_identity(self.client, device.profile, Priority.STATUS)
            except ModbusConnectionError:
                self._unknown.append(device)
                continue
            entry = registry.async_get_device_by_identifier((DOMAIN, device.config.id), self.config_entry.entry_id)
            if entry is not None and known:
                registry.async_update_device(
                    entry.id, serial_number=known.get("serial"), sw_version=known.get("firmware")
                )

    def _wanted_targets(self) -> list[tuple[Device, Target]]:
        """Return what the listeners want, by device."""
        wanted: dict[str, set[str]] = {}
        for device_id, key in self.async_contexts():
            wanted.setdefault(device_id, set()).add(key)
        if wanted != self._wanted:
            self._wanted = wanted
            self._targets = [
                (device, target_of(device, wanted[device.config.id] | device.counters))
                for device in self.devices.values()
                if device.config.id in wanted and device.profile is not None
            ]
            self._cycle.expect(self.address, expected=bool(self._targets))
        return self._targets

    def _values(self, device: Device, reading: TargetReading, at: float) -> dict[str, Value | None]:
        """Return a device's values by quantity: totals for indexes, the user's sign for flows."""
        values: dict[str, Value | None] = {}
        history = self.hass.data.get(DATA_HISTORY)
        for key, row in device.keys.items():
            if row not in reading.values:
                continue
            value = reading.values[row]
            if isinstance(value, Index):
                meant = self._meters.update(device.config.id, key, value, at)
                if history is not None and key in device.counters:
                    history.take(device.config.id, key, meant)
                value = meant.total
            elif isinstance(value, float) and device.config.downstream and key in _SIGNED:
                # Not -value: nothing that flows backwards is nothing.
                value = 0.0 - value
            values[key] = value
        if history is not None:
            history.sample(device.config.id, at, values)
        return values

    async def async_refresh_now(self) -> None:
        """Poll at once, a silent unit too: for people who ask."""
        self._asked = True
        await self.async_request_refresh()


def target_of(device: Device, quantities: Iterable[str]) -> Target:
    """Return what to read for some quantities of a device that has a register map."""
    keys = device.keys
    assert device.profile is not None  # noqa: S101 -- the caller's promise
    return Target(profile=device.profile, keys=frozenset(keys[key] for key in quantities if key in keys))


class CycleMeter:
    """Times a cycle: from one moment until every polled address has had its turn since."""

    def __init__(self) -> None:
        """Start without addresses."""
        self.last: float | None = None
        """The last full cycle, s; None before the first."""
        self._expected: set[int] = set()
        self._missing: set[int] = set()
        self._started = monotonic()

    def expect(self, address: int, *, expected: bool) -> None:
        """Note whether an address is polled."""
        for addresses in (self._expected, self._missing):
            (addresses.add if expected else addresses.discard)(address)

    def polled(self, address: int) -> None:
        """Note that an address answered, or was found silent."""
        self._missing.discard(address)
        if not self._missing:
            now = monotonic()
            self.last = now - self._started
            self._started = now
            self._missing = set(self._expected)


@dataclass(frozen=True, kw_only=True)
class LinkReport:
    """The account of a link."""

    connected: bool | None = None
    """None before the first request."""
    load: float | None = None
    """Share of the last half minute that the link was taken, %."""
    cycle_time: float | None = None
    requests: int = 0
    errors: int = 0
    last_error: str | None = None


class LinkCoordinator(DataUpdateCoordinator[LinkReport]):
    """Tells how a gateway's link fares, without asking the gateway."""

    config_entry: GatewayConfigEntry

    def __init__(self, hass: HomeAssistant, entry: GatewayConfigEntry, link: Link, cycle: CycleMeter) -> None:
        """Watch a link."""
        super().__init__(hass, LOGGER, config_entry=entry, name=f"{entry.title} link", update_interval=LINK_INTERVAL)
        self.data = LinkReport()
        self._link = link
        link.changed = self._soon
        self._cycle = cycle
        self._busy = 0.0
        self._at = monotonic()

    @override
    async def _async_update_data(self) -> LinkReport:
        """Draw up the account since the last time."""
        statistics = self._link.statistics
        now = monotonic()
        load = 100 * (statistics.busy - self._busy) / (now - self._at) if now > self._at else None
        self._busy, self._at = statistics.busy, now
        connected = None if statistics.requests == 0 else self._link.error is None
        self._log(connected=connected)
        return LinkReport(
            connected=connected,
            load=None if load is None else min(load, 100.0),
            cycle_time=self._cycle.last,
            requests=statistics.requests,
            errors=statistics.failed,
            last_error=statistics.last_error,
        )

    @callback
    def _soon(self) -> None:
        """Tell at once that the gateway is lost or back."""
        self.config_entry.async_create_background_task(self.hass, self.async_refresh(), f"{self.name} changed")

    def _log(self, *, connected: bool | None) -> None:
        """Say once that the gateway is gone, and once that it is back."""
        if connected is False and self.data.connected is not False:
            LOGGER.warning("%s: the gateway cannot be reached: %s", self.config_entry.title, self._link.error)
        elif connected and self.data.connected is False:
            LOGGER.info("%s: the gateway can be reached again", self.config_entry.title)
