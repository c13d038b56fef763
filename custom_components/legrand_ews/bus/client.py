"""One unit on a link: reads and writes that keep their place in the link's order.

This module owns time limits and function codes. Which registers to read is ``plan``'s matter.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from modbus_connection.exceptions import AcknowledgeError, ModbusConnectionError, ModbusError, ModbusProtocolError

from ..catalog import Space

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from modbus_connection import ModbusUnit

    from ..catalog import Write
    from .link import Link, Priority

RS485_TIMEOUT: Final = 0.3
"""How long a device may take to answer, s (manual 7.8)."""

_MARGIN: Final = 0.5
# Bits on the line per byte: start, eight data, parity, stop.
_BITS_PER_BYTE: Final = 11
_OVERHEAD_BYTES: Final = 13
# The connection's own limit acts first; the outer one ends what it repeats by itself (a busy device).
_OUTER_FACTOR: Final = 1.5
# What a device answered with "busy" the connection (tmodbus) sends again by itself, a second later at the soonest: a
# write ends before.
_LONGEST_WRITE: Final = 0.9
_LONGEST_READ: Final = 125
_BITS_PER_WORD: Final = 16
_WORD_SPACES: Final = frozenset({Space.HOLDING, Space.INPUT})


def answer_limit(words: int, *, rs485_timeout: float, baudrate: int) -> float:
    """Return how long a read of ``words`` registers may take, s: device, line at ``baudrate`` bit/s, network."""
    line = (_OVERHEAD_BYTES + 2 * words) * _BITS_PER_BYTE / baudrate
    return rs485_timeout + line + _MARGIN


class UnitClient:
    """A unit's requests, each sent through the link in its priority."""

    def __init__(
        self,
        link: Link,
        unit: ModbusUnit,
        *,
        rs485_timeout: float = RS485_TIMEOUT,
        baudrate: int = 9600,
    ) -> None:
        """Bind a unit to its link; asks the connection for the time limits the line needs."""
        self.link = link
        self._unit = unit
        self._rs485_timeout = rs485_timeout
        self._baudrate = baudrate
        unit.require_timeout(self._limit(_LONGEST_READ))
        # Others may share the connection: it keeps the pause between their requests and ours.
        unit.set_message_spacing(link.frame_interval)

    def _limit(self, words: int) -> float:
        """Return how long a request that moves ``words`` words may take, s."""
        return answer_limit(words, rs485_timeout=self._rs485_timeout, baudrate=self._baudrate)

    @property
    def connected(self) -> bool:
        """True while the gateway is connected."""
        return self._unit.connected

    async def read(
        self, priority: Priority, space: Space, address: int, count: int, *, probe: float | None = None
    ) -> list[int]:
        """Return ``count`` registers, or bits as 0 and 1, from ``address`` (0 based).

        ``probe`` is how long to wait, s, where perhaps nobody answers: such silence is not held against the gateway.
        Raises ``ModbusError``.
        """
        of_words = space in _WORD_SPACES

        async def call() -> Sequence[int]:
            """Read, and let no answer of another length pass: bits come filled up to whole bytes."""
            answer = await self._send(space, address, count)
            if len(answer) != count and (of_words or len(answer) < count):
                raise ModbusProtocolError(f"{len(answer)} values in answer to a read of {count} from {address}")
            return answer

        limit = self._outer_limit(count if of_words else -(-count // _BITS_PER_WORD))
        # A connection has yet to be made: that takes its own time.
        brief = probe if probe is not None and self.connected else limit
        answer = await self.link.request(
            priority, call, limit=brief, connected=lambda: self.connected, probe=probe is not None
        )
        return [int(word) for word in answer[:count]]

    def _outer_limit(self, words: int) -> float:
        """Return when to give up a read of ``words`` words, s."""
        return _OUTER_FACTOR * self._limit(words)

    async def _send(self, space: Space, address: int, count: int) -> Sequence[int]:
        """Send the read that the space asks for."""
        match space:
            case Space.HOLDING:
                return await self._unit.read_holding_registers(address, count)
            case Space.INPUT:
                return await self._unit.read_input_registers(address, count)
            case Space.COIL:
                return await self._unit.read_coils(address, count)
            case Space.DISCRETE:
                return await self._unit.read_discrete_inputs(address, count)

    async def connect(self, priority: Priority, write: Write) -> None:
        """Let a read where ``write`` goes make a connection, if there is none: a write has no time for that.

        Raises ``ModbusConnectionError``; whatever else comes of the read does not matter.
        """
        if self.connected:
            return
        try:
            await self.read(priority, write.space, write.address, 1)
        except ModbusConnectionError:
            raise
        except ModbusError:
            return

    async def write(self, priority: Priority, write: Write) -> None:
        """Send one write of a map; one that the device has taken and is still at counts as done.

        Raises ``ModbusError``. The device gets it once at most, whatever is raised.
        """
        send = self.write_bits if write.space is Space.COIL else self.write_registers
        with suppress(AcknowledgeError):
            await send(priority, write.address, write.values, single=write.single)

    async def write_registers(
        self, priority: Priority, address: int, values: Sequence[int], *, single: bool = False
    ) -> None:
        """Write registers in one request: function 16, or 6 where the device wants it (``single``).

        Raises ``ModbusError``. The device gets it once at most, whatever is raised.
        """
        unit = self._unit

        async def call() -> None:
            """Send the write."""
            if single:
                await unit.write_register(address, values[0])
            else:
                await unit.write_registers(address, list(values))

        await self._write(priority, call, len(values))

    async def write_bits(
        self, priority: Priority, address: int, values: Sequence[int], *, single: bool = False
    ) -> None:
        """Write coils in one request: function 15, or 5 where the device wants it (``single``).

        Raises ``ModbusError``. The device gets it once at most, whatever is raised.
        """
        unit = self._unit
        bits = [bool(value) for value in values]

        async def call() -> None:
            """Send the write."""
            if single:
                await unit.write_coil(address, bits[0])
            else:
                await unit.write_coils(address, bits)

        await self._write(priority, call, -(-len(bits) // _BITS_PER_WORD))

    async def _write(self, priority: Priority, call: Callable[[], Awaitable[None]], words: int) -> None:
        """Send a write of ``words`` words through the link, and end it before it is repeated."""
        limit = min(self._outer_limit(words), _LONGEST_WRITE)
        await self.link.request(priority, call, limit=limit, connected=lambda: self.connected, write=True)
