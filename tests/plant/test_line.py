"""Time on the wire."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymodbus.pdu import ExceptionResponse
from pymodbus.pdu.bit_message import ReadCoilsResponse, WriteMultipleCoilsRequest
from pymodbus.pdu.register_message import (
    ReadHoldingRegistersRequest,
    ReadInputRegistersResponse,
    WriteMultipleRegistersRequest,
    WriteMultipleRegistersResponse,
    WriteSingleRegisterRequest,
)

from plant.line import Line, Mode, Stats, Timing, read_response_bytes, request_bytes, response_bytes

RTU = Timing(mode=Mode.RTU)


class Clock:
    """A clock whose timers are late by what the test says."""

    def __init__(self) -> None:
        """Start at 100 s."""
        self.now = 100.0
        self.late = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Wait, and a little longer."""
        self.now += seconds + self.late


@pytest.mark.parametrize(
    ("parity", "stopbits", "bits"), [("E", 1, 11), ("O", 1, 11), ("N", 1, 10), ("N", 2, 11), ("E", 2, 12)]
)
def test_bits_of_a_byte(parity: str, stopbits: int, bits: int) -> None:
    assert Timing(parity=parity, stopbits=stopbits).bits_per_byte == bits


def test_a_transaction_takes_its_bytes_and_the_turnaround() -> None:
    assert RTU.transaction(8, read_response_bytes(60)) == pytest.approx((8 + 125) * 11 / 19200 + 0.005)
    assert Timing(baudrate=9600, parity="N").duration(96) == pytest.approx(0.1)


def test_bytes_of_frames() -> None:
    assert request_bytes(ReadHoldingRegistersRequest(address=1, count=60)) == 8
    assert request_bytes(WriteSingleRegisterRequest(address=1, registers=[1])) == 8
    assert request_bytes(WriteMultipleRegistersRequest(address=1, registers=[1, 2, 3])) == 15
    assert request_bytes(WriteMultipleCoilsRequest(address=1, bits=[True] * 9)) == 11
    assert response_bytes(ReadInputRegistersResponse(registers=[0] * 60)) == 125
    assert response_bytes(ReadCoilsResponse(bits=[True] * 9)) == 7
    assert response_bytes(WriteMultipleRegistersResponse(address=1, count=3)) == 8
    assert response_bytes(ExceptionResponse(3, 2)) == 5


STEPS = st.tuples(st.floats(0.001, 0.2), st.floats(0, 0.02), st.floats(0, 0.1))


@given(steps=st.lists(STEPS, min_size=1, max_size=30))
async def test_late_timers_delay_answers_and_not_the_schedule(steps: list[tuple[float, float, float]]) -> None:
    clock = Clock()
    line = Line(RTU, clock, clock.sleep)
    ideal = clock.now
    for duration, late, pause in steps:
        clock.late = late
        begin = line.begin(clock.now)
        assert begin == pytest.approx(ideal)
        await line.finish(begin, duration)
        ideal += duration
        assert clock.now >= ideal - 1e-9
        ideal += pause
        clock.now += pause
    assert line.stats.wire_time == pytest.approx(sum(duration for duration, _, _ in steps))


async def test_requests_that_come_at_once_wait_for_each_other() -> None:
    clock = Clock()
    line = Line(RTU, clock, clock.sleep)
    arrival = clock.now
    ends = []
    for _ in range(5):
        await line.finish(line.begin(arrival), 0.1)
        ends.append(clock.now)
    assert ends == pytest.approx([100.1, 100.2, 100.3, 100.4, 100.5])


def test_stats_start_again() -> None:
    stats = Stats(transactions=3, wire_time=1.5)
    stats.reset()
    assert stats == Stats()
