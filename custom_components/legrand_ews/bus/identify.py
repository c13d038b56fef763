"""Which of several register maps a device has, told by its identification registers.

This module owns the comparison. What the registers are is in the maps (``Profile.probes``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from modbus_connection.exceptions import ModbusConnectionError, ModbusError

from .codec import decode

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from ..catalog import Probe, Profile, Register
    from .client import UnitClient
    from .link import Priority

type Ask = Callable[[Register], Awaitable[Sequence[int] | None]]
"""Reads a register; None where the device does not tell."""


async def identify(client: UnitClient, profiles: Iterable[Profile], priority: Priority) -> Profile | None:
    """Return the first map whose probes all match; None where none does or none can tell.

    Raises ``ModbusConnectionError`` where the gateway cannot be reached.
    """

    async def ask(row: Register) -> Sequence[int] | None:
        """Read a register of the device."""
        try:
            return await client.read(priority, row.space, row.address, row.words)
        except ModbusConnectionError:
            raise
        except ModbusError:
            return None

    return await first_match(profiles, ask)


async def first_match(profiles: Iterable[Profile], ask: Ask) -> Profile | None:
    """Return the first map whose probes all match what ``ask`` reads; None where none does or none can tell."""
    for profile in profiles:
        if profile.probes and await _matches(profile, ask):
            return profile
    return None


async def _matches(profile: Profile, ask: Ask) -> bool:
    """Tell whether a device answers all probes of a map as expected."""
    for probe in profile.probes:
        words = await ask(probe.register)
        if words is None or not _expected(probe, words):
            return False
    return True


def _expected(probe: Probe, words: Sequence[int]) -> bool:
    """Compare what was read with what the probe expects."""
    value = decode(probe.register, words)
    if probe.starts_with is not None:
        return isinstance(value, str) and value.lower().startswith(probe.starts_with)
    return value == probe.equals
