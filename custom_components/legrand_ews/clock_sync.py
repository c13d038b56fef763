"""Clocks of devices: read each hour, set where they are off (release notes "Date and time synchronization").

This module owns when a clock is set. How it is read and written is the ``bus`` room's matter.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from homeassistant.exceptions import HomeAssistantError, Unauthorized
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util
from modbus_connection.exceptions import ModbusError

from .access import Right, async_check_context
from .alarm_watch import origin_of
from .alarms import Kind
from .bus import SILENCE, Priority, read_clock, set_clock
from .const import DOMAIN, LOGGER, OPT_SYNC_CLOCK
from .journal import DATA_JOURNAL, async_user_name
from .names import reason_text

if TYPE_CHECKING:
    from homeassistant.core import Context, HomeAssistant

    from .coordinator import GatewayConfigEntry
    from .device import Device

CHECK_EVERY: Final = timedelta(hours=1)
TOLERATED: Final = timedelta(minutes=10)
_SET_WITHIN: Final = timedelta(minutes=2)
"""How far a clock that was just set may be off: some show no seconds."""


def wall_clock() -> datetime:
    """Return local time as a device's clock shows it: without zone, to the second."""
    return dt_util.now().replace(tzinfo=None, microsecond=0)


def start_clock_sync(hass: HomeAssistant, entry: GatewayConfigEntry) -> None:
    """Look after the clocks of a gateway's devices, where its options say so."""
    devices = [device for device in entry.runtime_data.devices.values() if device.profile and device.profile.clock]
    if not devices or not entry.options.get(OPT_SYNC_CLOCK, False):
        return

    async def check(_now: datetime) -> None:
        """Check each clock."""
        for device in devices:
            try:
                await _async_check(hass, entry, device)
            except HomeAssistantError as err:
                LOGGER.warning("%s", err)

    entry.async_on_unload(
        async_track_time_interval(hass, check, CHECK_EVERY, name=f"clocks of {entry.title}", cancel_on_shutdown=True)
    )


async def _async_check(hass: HomeAssistant, entry: GatewayConfigEntry, device: Device) -> None:
    """Set the clock of a device where it is off by more than is tolerated. Raises ``HomeAssistantError``.

    A clock without a date is set by people only: a map that is wrong about the clock's place would write to something
    else. That a device does not answer is told elsewhere.
    """
    registered = dr.async_get(hass).async_get_device_by_identifier((DOMAIN, device.config.id), entry.entry_id)
    if registered is not None and registered.disabled:
        return
    try:
        off = await _async_off(entry, device)
    except ModbusError as err:
        LOGGER.debug("%s: the clock cannot be read: %s", device.config.name, err)
        return
    if off is not None and abs(off) > TOLERATED:
        await async_sync_clock(hass, entry, device)


async def async_sync_clock(
    hass: HomeAssistant, entry: GatewayConfigEntry, device: Device, *, context: Context | None = None
) -> timedelta | None:
    """Set the clock of a device, however little it is off; return by how much, None where it held no date.

    Where it held none, only a map that commands may go by is trusted with the clock's place. An answer that got lost
    is made up for by what is read afterwards. Raises ``Unauthorized`` where the user may not, ``HomeAssistantError``
    where it cannot be read or set.
    """
    user = await async_user_name(hass, context)
    try:
        await async_check_context(hass, context, Right.COMMAND)
    except Unauthorized:
        _failed(hass, entry, device, user, reason_text(hass, "missing_right"))
        raise
    clock = device.profile.clock if device.profile is not None else None
    assert clock is not None  # noqa: S101 -- the caller's promise
    try:
        off = await _async_off(entry, device)
        if off is None and not device.trusted:
            raise _failed(hass, entry, device, user, reason_text(hass, "no_date"))
        with suppress(*SILENCE):
            client = entry.runtime_data.units[device.config.address].client
            await set_clock(client, clock, wall_clock(), Priority.COMMAND)
        left = await _async_off(entry, device)
    except (ModbusError, ValueError) as err:
        raise _failed(hass, entry, device, user, str(err)) from err
    if left is None or abs(left) > _SET_WITHIN:
        raise _failed(hass, entry, device, user, reason_text(hass, "different"))
    details = {"off": "?" if off is None else f"{off.total_seconds():+.0f}"}
    origin = origin_of(device, entry.title)
    hass.data[DATA_JOURNAL].record(Kind.CLOCK, "clock_set", origin, subject="clock", user=user, details=details)
    return off


async def _async_off(entry: GatewayConfigEntry, device: Device) -> timedelta | None:
    """Return by how much a device's clock is ahead, None where it holds no date. Raises ``ModbusError``."""
    assert device.profile is not None  # noqa: S101 -- it has a clock
    assert device.profile.clock is not None  # noqa: S101 -- the caller's promise
    client = entry.runtime_data.units[device.config.address].client
    shown = await read_clock(client, device.profile.clock, Priority.READBACK)
    return None if shown is None else shown - wall_clock()


def _failed(
    hass: HomeAssistant, entry: GatewayConfigEntry, device: Device, user: str | None, reason: str
) -> HomeAssistantError:
    """Account for a clock that could not be set; return the error."""
    origin, details = origin_of(device, entry.title), {"reason": reason}
    hass.data[DATA_JOURNAL].record(Kind.CLOCK, "clock_failed", origin, subject="clock", user=user, details=details)
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="clock_failed",
        translation_placeholders={"device": device.config.name, "reason": reason},
    )
