"""A device's own date and time: words to a local wall clock and back.

This module owns the form of the words, and that they are written in one request. When a clock is set, and what time it
is, others know.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from modbus_connection.decode import combine_words
from modbus_connection.encode import encode_uint32
from modbus_connection.exceptions import AcknowledgeError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ..catalog import Clock
    from ..catalog.state import ClockField
    from .client import UnitClient
    from .link import Priority

_EPOCH: Final = datetime(2000, 1, 1)  # noqa: DTZ001 -- a wall clock has no zone
_SECOND: Final = timedelta(seconds=1)
_CENTURY: Final = 100
_FIELDS: Final[Mapping[ClockField, Callable[[datetime], int]]] = {
    "day": lambda when: when.day,
    "month": lambda when: when.month,
    "year": lambda when: when.year,
    "short_year": lambda when: when.year % _CENTURY,
    "hour": lambda when: when.hour,
    "minute": lambda when: when.minute,
    "second": lambda when: when.second,
    "weekday": lambda when: when.isoweekday(),
    "-": lambda _: 0,
}


async def read_clock(client: UnitClient, clock: Clock, priority: Priority) -> datetime | None:
    """Return what a device's clock shows, without zone; None where that is no date. Raises ``ModbusError``."""
    return decode_clock(clock, await client.read(priority, clock.space, clock.address, clock.words))


async def set_clock(client: UnitClient, clock: Clock, when: datetime, priority: Priority) -> None:
    """Set a device's clock to a local wall clock in one write, function 16.

    Raises ``ModbusError``; ``ValueError`` for a date that the device cannot hold.
    """
    # Taken, and under way.
    with suppress(AcknowledgeError):
        await client.write_registers(priority, clock.address, encode_clock(clock, when))


def decode_clock(clock: Clock, words: Sequence[int]) -> datetime | None:
    """Return what the words of a clock show, without zone; None where that is no date, such as month 13.

    What the clock does not tell of the time of day is 0.
    """
    if not clock.fields:
        return _EPOCH + combine_words(list(words), word_order="big") * _SECOND
    shown: dict[ClockField, int] = {}
    for fields, word in zip(clock.fields, words, strict=True):
        shown |= zip(fields, (word,) if len(fields) == 1 else divmod(word, 256), strict=True)
    year = shown.get("year", _EPOCH.year + shown.get("short_year", 0))
    month, day, hour, minute, second = (shown.get(field, 0) for field in ("month", "day", "hour", "minute", "second"))
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 -- a wall clock has no zone
    except ValueError:
        return None


def encode_clock(clock: Clock, when: datetime) -> list[int]:
    """Return the words that make a clock show a date, to the second.

    Raises ``ValueError`` for a date that the words cannot hold.
    """
    if not clock.fields:
        try:
            return encode_uint32(_seconds(when))
        except OverflowError as err:
            raise ValueError(f"{when} is too late for a clock of two registers") from err
    words = []
    for fields in clock.fields:
        numbers = [_FIELDS[field](when) for field in fields]
        # bytes() refuses what does not fit into half a register.
        words.append(numbers[0] if len(fields) == 1 else int.from_bytes(bytes(numbers)))
    return words


def _seconds(when: datetime) -> int:
    """Return the seconds since 2000. Raises ``ValueError`` for an earlier date."""
    seconds = (when - _EPOCH) // _SECOND
    if seconds < 0:
        raise ValueError(f"{when} is before 2000")
    return seconds
