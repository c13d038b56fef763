"""States of devices: read at the status poll time, and at once where a command read them back.

This module owns what the last known state of everything is. What a change means is ``alarm_watch``'s matter, what a
command does ``commands``'s.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, override

from homeassistant.core import callback
from homeassistant.helpers.event import async_call_later, async_track_time_interval
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from modbus_connection.exceptions import ModbusConnectionError

from .bus import Priority, Target, UnitReader, UnitSilentError
from .const import DEFAULT_STATUS_POLL_TIME, LOGGER, OPT_STATUS_POLL_TIME
from .coordinator import UnitReport

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from homeassistant.core import CALLBACK_TYPE, HomeAssistant

    from .bus import TargetReading, Value
    from .coordinator import GatewayConfigEntry, UnitCoordinator
    from .device import Device

WATCHED = ""
"""The key by which a listener asks for all states and links of a device, and for no setting."""
LINKS = "links"
"""The key by which a listener asks for all links of a device."""


class StatusCoordinator(DataUpdateCoordinator[UnitReport]):
    """Polls the states of all devices at one Modbus address.

    Listeners give ``(device id, key)`` as context. All states of a device somebody listens to are read: they are few,
    and alarms are made of them. Settings are read where somebody listens to them.
    """

    config_entry: GatewayConfigEntry

    def __init__(self, hass: HomeAssistant, entry: GatewayConfigEntry, unit: UnitCoordinator) -> None:
        """Poll beside ``unit``, which reads the measures of the same address."""
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=f"{entry.title} {unit.address} states",
        )
        self._every = timedelta(seconds=entry.options.get(OPT_STATUS_POLL_TIME, DEFAULT_STATUS_POLL_TIME))
        self._polling = False
        self.address = unit.address
        self.devices = {
            config_id: device for config_id, device in unit.devices.items() if device.profile and status_keys(device)
        }
        self.reader = UnitReader(unit.client, health=unit.reader.health)
        self.data = UnitReport()
        self._voice = unit.voice
        self._asked = False
        self._read_back: dict[tuple[str, str], tuple[float, Value | None]] = {}
        self._cancel_look: CALLBACK_TYPE | None = None
        self._look_due = 0.0
        entry.async_on_unload(self._forget_look)

    @callback
    def start(self) -> None:
        """Poll at the status poll time until the gateway is unloaded.

        From the start of one poll to that of the next: what a poll takes on a busy line is not added to it.
        """
        name = f"states of {self.name}"
        self.config_entry.async_on_unload(
            async_track_time_interval(self.hass, self._due, self._every, name=name, cancel_on_shutdown=True)
        )

    async def _due(self, _now: datetime) -> None:
        """Poll, unless somebody does or nobody listens."""
        if self._listeners and not self._polling:
            await self.async_refresh()

    @override
    async def _async_update_data(self) -> UnitReport:
        """Poll once, and let no other poll begin meanwhile."""
        self._polling = True
        try:
            return await self._async_poll()
        finally:
            self._polling = False

    async def _async_poll(self) -> UnitReport:
        """Poll once. Never fails: what is wrong is in the report."""
        targets = self._targets()
        asked, self._asked = self._asked, False
        if not targets:
            return UnitReport()
        started = monotonic()
        try:
            readings = await self.reader.read([target for _, target in targets], Priority.STATUS, now=asked)
        except UnitSilentError as err:
            self._voice.silent(err)
            return UnitReport(problem="silent")
        except ModbusConnectionError:
            return UnitReport(problem="gateway")
        if self.reader.asked:
            self._voice.answered()
        return UnitReport(
            asked=self.reader.asked,
            problem="silent" if self.reader.health.silent and not self.reader.asked else None,
            values={
                device.config.id: self._values(device, reading, started)
                for (device, _), reading in zip(targets, readings, strict=True)
            },
            unsupported={
                device.config.id: reading.unsupported for (device, _), reading in zip(targets, readings, strict=True)
            },
        )

    def _targets(self) -> list[tuple[Device, Target]]:
        """Return what the listeners want, by device."""
        wanted: dict[str, set[str]] = {}
        for device_id, key in self.async_contexts():
            wanted.setdefault(device_id, set()).add(key)
        targets = []
        for device_id, keys in wanted.items():
            if (device := self.devices.get(device_id)) is not None and device.profile is not None:
                links = device.profile.links if keys & {LINKS, WATCHED} else ()
                known = {*device.states, *(keys & status_keys(device)), *links}
                targets.append((device, Target(profile=device.profile, keys=frozenset(known))))
        return targets

    def _values(self, device: Device, reading: TargetReading, started: float) -> dict[str, Value | None]:
        """Return a device's values; what a command read back since the poll began is newer than the poll."""
        values = dict(reading.values)
        for (device_id, key), (at, value) in list(self._read_back.items()):
            if device_id != device.config.id:
                continue
            if at >= started:
                values[key] = value
            else:
                del self._read_back[device_id, key]
        return values

    def take(self, device: Device, values: Mapping[str, Value | None]) -> None:
        """Show what a command read back."""
        now = monotonic()
        self._read_back |= {(device.config.id, key): (now, value) for key, value in values.items()}
        known = dict(self.data.values.get(device.config.id, {}))
        shown = {**self.data.values, device.config.id: known | dict(values)}
        self.data = replace(self.data, problem=None, values=shown)
        self.async_update_listeners()

    @callback
    def look_later(self, seconds: float) -> None:
        """Poll in some seconds too: by then it shows what became of a command that nothing tells of at once."""
        due = self.hass.loop.time() + seconds
        if self._listeners and (self._cancel_look is None or due > self._look_due):
            self._forget_look()
            self._look_due = due
            self._cancel_look = async_call_later(self.hass, seconds, self._look)

    async def _look(self, _now: datetime) -> None:
        """Poll now."""
        self._cancel_look = None
        await self.async_refresh()

    @callback
    def _forget_look(self) -> None:
        """Leave out the poll that was to come."""
        if self._cancel_look is not None:
            self._cancel_look()
            self._cancel_look = None

    async def async_refresh_now(self) -> None:
        """Poll at once, a silent unit too: for people who ask."""
        self._asked = True
        await self.async_request_refresh()


def status_keys(device: Device) -> frozenset[str]:
    """Return everything of a device that is read at the status poll time."""
    profile = device.profile
    return frozenset() if profile is None else frozenset((*profile.states, *profile.settings, *profile.links))
