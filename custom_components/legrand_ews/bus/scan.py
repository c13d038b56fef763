"""Looks for devices on a link: who is there, and of which kind.

This module owns what an unknown address is asked, and for how long. It reads, it never writes. The comparison is
``identify``'s matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from modbus_connection.exceptions import ModbusConnectionError, ModbusError

from ..catalog import DataType, Register
from .client import RS485_TIMEOUT
from .codec import decode
from .identify import first_match
from .link import SILENCE, Priority

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
    from contextlib import AbstractAsyncContextManager

    from ..catalog import Profile
    from .client import UnitClient

_MAKER: Final = Register(address=0xC350, type=DataType.U64, words=4)
_SOCOMEC: Final = tuple(map(ord, "SOCO"))
"""What Socomec devices hold at ``_MAKER``, one letter a word."""

_PRODUCTS: Final = tuple(Register(address=address, type=DataType.TEXT, words=8) for address in (0xC38A, 0xC382))
"""Their extended product name, and the plain one."""


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What was found at one address."""

    address: int
    answered: bool
    """True where anything came back: values, a refusal, garbage."""
    profile: Profile | None = None
    """The first map whose probes all match."""
    product: str | None = None
    """What an unknown device calls itself."""


class _SilentError(Exception):
    """Nobody answers."""


async def scan(
    addresses: Iterable[int],
    client_of: Callable[[int], AbstractAsyncContextManager[UnitClient]],
    profiles: Iterable[Profile],
    *,
    limit: float = RS485_TIMEOUT,
) -> AsyncGenerator[Looked]:
    """Look at addresses in turn, and yield what is there: silent addresses too, so that progress can be told.

    ``client_of`` gives an address's client for as long as it is looked at. ``limit`` is how long an answer may take,
    s; no shorter than the gateway itself waits, or its answers come too late for each address after a silent one. A
    silent address costs one request. Raises ``ModbusConnectionError`` where the gateway is lost.
    """
    probing = [profile for profile in profiles if profile.probes]
    for address in addresses:
        async with client_of(address) as client:
            looked = await _Look(client, limit).at(address, probing)
        yield looked


class _Look:
    """One address under examination; each register is asked for once."""

    def __init__(self, client: UnitClient, limit: float) -> None:
        """Start with nothing heard."""
        self._client = client
        self._limit = limit
        self._heard = False
        self._known: dict[tuple[object, ...], Sequence[int] | None] = {}

    async def at(self, address: int, profiles: Iterable[Profile]) -> Looked:
        """Return what is at the address."""
        try:
            profile = await first_match(profiles, self._ask)
            product = await self._product() if profile is None else None
        except _SilentError:
            return Looked(address=address, answered=False)
        return Looked(address=address, answered=True, profile=profile, product=product)

    async def _ask(self, row: Register) -> Sequence[int] | None:
        """Read a register, None where the device does not tell.

        Raises ``_SilentError`` where nothing was heard of the device before nor now, and ``ModbusConnectionError``.
        """
        key = (row.space, row.address, row.words)
        if key not in self._known:
            self._known[key] = await self._read(row)
        return self._known[key]

    async def _read(self, row: Register) -> Sequence[int] | None:
        """Send the read of a register."""
        words: Sequence[int] | None = None
        try:
            words = await self._client.read(Priority.MEASURE, row.space, row.address, row.words, probe=self._limit)
        except ModbusConnectionError:
            raise
        except SILENCE as err:
            if not self._heard:
                raise _SilentError from err
        except ModbusError:
            self._heard = True
        else:
            self._heard = True
        return words

    async def _product(self) -> str | None:
        """Return the name that a Socomec device has for itself (register facts of that family)."""
        if tuple(await self._ask(_MAKER) or ()) != _SOCOMEC:
            return None
        for row in _PRODUCTS:
            words = await self._ask(row)
            if words is not None and (name := decode(row, words)) is not None:
                return str(name)
        return None
