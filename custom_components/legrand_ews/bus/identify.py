"""Which of several register maps a device has, told by its identification registers.

This module owns the comparison. What the registers are is in the maps (``Profile.probes``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from modbus_connection.exceptions import ModbusConnectionError, ModbusError

from .codec import decode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..catalog import Probe, Profile
    from .client import UnitClient
    from .link import Priority


async def identify(client: UnitClient, profiles: Iterable[Profile], priority: Priority) -> Profile | None:
    """Return the first map whose probes all match; None where none does or none can tell.

    Raises ``ModbusConnectionError`` where the gateway cannot be reached.
    """
    for profile in profiles:
        if profile.probes and await _matches(client, profile, priority):
            return profile
    return None


async def _matches(client: UnitClient, profile: Profile, priority: Priority) -> bool:
    """Tell whether a device answers all probes of a map as expected."""
    for probe in profile.probes:
        row = probe.register
        try:
            words = await client.read(priority, row.space, row.address, row.words)
        except ModbusConnectionError:
            raise
        except ModbusError:
            return False
        if not _expected(probe, words):
            return False
    return True


def _expected(probe: Probe, words: list[int]) -> bool:
    """Compare what was read with what the probe expects."""
    value = decode(probe.register, words)
    if probe.starts_with is not None:
        return isinstance(value, str) and value.lower().startswith(probe.starts_with)
    return value == probe.equals
