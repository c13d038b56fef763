"""The RS485 line behind a gateway: how long a transaction takes, and what has passed.

This module owns time on the wire. One transaction is on the line at a time; when the next may begin follows from a
schedule, so that a late timer delays one answer and not all that follow.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pymodbus.pdu import ModbusPDU

EXCEPTION_BYTES: Final = 5
READ_REQUEST_BYTES: Final = 8
SHORT_BYTES: Final = 8
MOST_LATE: Final = 0.05
"""s: a timer later than this is not made good."""
READ_WORDS: Final = (3, 4)
READ_BITS: Final = (1, 2)
WRITE_BITS: Final = 15
WRITE_WORDS: Final = 16


class Mode(StrEnum):
    """What a transaction costs."""

    INSTANT = "instant"
    """No time; transactions do not wait for each other."""
    RTU = "rtu"
    """The time its bytes take on the line."""


@dataclass(frozen=True, kw_only=True)
class Timing:
    """Speed and patience of a line."""

    mode: Mode = Mode.INSTANT
    baudrate: int = 19200
    parity: str = "E"
    stopbits: int = 1
    turnaround: float = 0.005
    """s from the end of a request to the beginning of the device's answer, the pause that ends a frame included."""
    timeout: float = 0.3
    """s a gateway waits for a device."""
    reports_silence: bool | None = None
    """True: the gateway answers exception 0x0B for a silent device; False: it stays silent; None: as its kind does."""

    @property
    def bits_per_byte(self) -> int:
        """Start, data, parity and stop bits: 11 with 8E1, 10 with 8N1."""
        return 1 + 8 + (self.parity != "N") + self.stopbits

    def duration(self, count: int) -> float:
        """Return the s that so many bytes take."""
        return count * self.bits_per_byte / self.baudrate

    def transaction(self, request: int, response: int) -> float:
        """Return the s that a transaction of so many request and response bytes takes."""
        return self.duration(request) + self.turnaround + self.duration(response)


def read_response_bytes(words: int) -> int:
    """Return the RTU bytes of an answer with so many words."""
    return EXCEPTION_BYTES + 2 * words


def request_bytes(pdu: ModbusPDU) -> int:
    """Return the RTU bytes of a request: address, function, data and checksum."""
    if pdu.function_code == WRITE_WORDS:
        return 9 + 2 * len(pdu.registers)
    if pdu.function_code == WRITE_BITS:
        return 9 + -(-len(pdu.bits) // 8)
    return READ_REQUEST_BYTES


def response_bytes(pdu: ModbusPDU) -> int:
    """Return the RTU bytes of an answer."""
    if pdu.isError():
        return EXCEPTION_BYTES
    if pdu.function_code in READ_WORDS:
        return read_response_bytes(len(pdu.registers))
    if pdu.function_code in READ_BITS:
        return EXCEPTION_BYTES + -(-len(pdu.bits) // 8)
    return SHORT_BYTES


@dataclass(kw_only=True)
class Stats:
    """What has passed a line."""

    transactions: int = 0
    request_bytes: int = 0
    response_bytes: int = 0
    unanswered: int = 0
    """Requests to a silent or missing device."""
    exceptions: int = 0
    wire_time: float = 0.0
    """s the line was taken, by the schedule; 0 without timing."""

    def reset(self) -> None:
        """Start again at 0."""
        for row in fields(self):
            setattr(self, row.name, row.default)


class Line:
    """The schedule of a line."""

    def __init__(
        self,
        timing: Timing,
        clock: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Start with a free line; ``clock`` is that of the running loop unless told."""
        self.timing = timing
        self.stats = Stats()
        self._clock = clock
        self._sleep = sleep
        self._free = 0.0
        self._late = 0.0

    def begin(self, arrival: float) -> float:
        """Return when a request that arrived at this moment (loop time) goes on the line.

        A client that waits for answers would have asked earlier had the last one not been late.
        """
        return max(self._free, arrival - self._late)

    async def finish(self, begin: float, duration: float) -> None:
        """Wait until a transaction that began then is over."""
        clock = self._clock or asyncio.get_running_loop().time
        end = begin + duration
        self._free = end
        self.stats.wire_time += duration
        if (rest := end - clock()) > 0:
            await self._sleep(rest)
        self._late = min(max(0.0, clock() - end), MOST_LATE)
