"""Tests of a device's date and time."""

from __future__ import annotations

from datetime import datetime
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from modbus_connection.exceptions import AcknowledgeError, IllegalDataAddressError

from custom_components.legrand_ews.bus import Priority, encode_clock, read_clock, set_clock
from custom_components.legrand_ews.bus.clock import decode_clock
from custom_components.legrand_ews.catalog import Clock, Space

from .support import FakeUnit, client_of, run

PLAIN = Clock(address=0xE100, fields=(("day",), ("month",), ("year",), ("hour",), ("minute",), ("second",)))
PACKED = Clock(
    address=5, fields=(("short_year", "month"), ("day", "weekday"), ("hour", "minute"), ("-",), ("-", "second"))
)
SECONDS = Clock(address=9)
WHEN = datetime(2026, 11, 22, 21, 5, 59)  # noqa: DTZ001 -- a wall clock
MOMENTS = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2099, 12, 31, 23, 59, 59))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("clock", "words"),
    [
        (PLAIN, [22, 11, 2026, 21, 5, 59]),
        (PACKED, [26 << 8 | 11, 22 << 8 | 7, 21 << 8 | 5, 0, 59]),
        (SECONDS, [848696759 >> 16, 848696759 & 0xFFFF]),
    ],
)
def test_a_clock_is_written_in_one_request_and_read_back(clock: Clock, words: list[int]) -> None:
    async def main() -> datetime | None:
        unit = FakeUnit()
        client = client_of(unit)
        await set_clock(client, clock, WHEN, Priority.COMMAND)
        assert unit.writes == [("many", clock.address, words)]
        unit.memory = {(Space.HOLDING, clock.address + index): word for index, word in enumerate(words)}
        return await read_clock(client, clock, Priority.READBACK)

    assert run(main()) == WHEN


@given(clock=st.sampled_from([PLAIN, PACKED, SECONDS]), when=MOMENTS)
def test_words_hold_any_date_to_the_second(clock: Clock, when: datetime) -> None:
    words = encode_clock(clock, when)
    assert len(words) == clock.words
    assert all(0 <= word <= 0xFFFF for word in words)
    assert decode_clock(clock, words) == when.replace(microsecond=0)


@given(words=st.lists(st.integers(0, 0xFFFF), min_size=6, max_size=6))
def test_any_words_are_a_date_or_none(words: list[int]) -> None:
    shown = decode_clock(PLAIN, words)
    assert shown is None or encode_clock(PLAIN, shown) == words


@pytest.mark.parametrize(
    "words", [[22, 13, 2026, 0, 0, 0], [30, 2, 2026, 0, 0, 0], [22, 11, 2026, 24, 0, 0], [0] * 6, [0xFFFF] * 6]
)
def test_what_is_no_date_is_none(words: list[int]) -> None:
    assert decode_clock(PLAIN, words) is None


def test_a_clock_without_seconds_shows_the_full_minute() -> None:
    clock = Clock(address=0, fields=(("day",), ("month",), ("short_year",), ("hour",), ("minute",)))
    assert decode_clock(clock, encode_clock(clock, WHEN)) == WHEN.replace(second=0)


@pytest.mark.parametrize(
    ("clock", "year"), [(SECONDS, 1999), (SECONDS, 2137), (Clock(address=0, fields=(("year", "month"),)), 2026)]
)
def test_a_date_that_does_not_fit_is_not_written(clock: Clock, year: int) -> None:
    async def main() -> None:
        unit = FakeUnit()
        with pytest.raises(ValueError, match=r".+"):
            await set_clock(client_of(unit), clock, WHEN.replace(year=year), Priority.COMMAND)
        assert unit.writes == []

    run(main())


class Answering(FakeUnit):
    """A unit that answers writes with an exception."""

    error: type[Exception] = AcknowledgeError

    async def write_registers(self, address: int, values: list[int]) -> None:
        await super().write_registers(address, values)
        raise self.error


def test_a_device_that_takes_its_time_has_taken_the_date() -> None:
    async def main() -> int:
        unit = Answering()
        await set_clock(client_of(unit), PLAIN, WHEN, Priority.COMMAND)
        return len(unit.writes)

    assert run(main()) == 1


def test_a_refused_date_raises() -> None:
    async def main() -> None:
        unit = Answering()
        unit.error = cast("type[Exception]", IllegalDataAddressError)
        with pytest.raises(IllegalDataAddressError):
            await set_clock(client_of(unit), PLAIN, WHEN, Priority.COMMAND)

    run(main())
