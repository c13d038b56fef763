"""Tests of one unit's requests."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from modbus_connection import ModbusTcpParams
from modbus_connection.exceptions import (
    IllegalDataAddressError,
    ModbusConnectionError,
    ModbusError,
    ModbusProtocolError,
    ModbusTimeoutError,
)
from modbus_connection.mock import MockModbusConnection
from modbus_connection.tmodbus import ModbusConnection

from custom_components.legrand_ews.bus import FRAME_INTERVAL, Priority, UnitClient
from custom_components.legrand_ews.bus.client import answer_limit
from custom_components.legrand_ews.catalog import Space, Write

from .support import Answer, FakeUnit, client_of, now, run, run_wired, virtual_link


@pytest.mark.parametrize("space", list(Space))
def test_each_space_is_read_with_its_own_function(space: Space) -> None:
    async def main() -> list[int]:
        mock = MockModbusConnection().for_unit(5)
        mock.load_raw({other.value: {7: 0, 8: 0} for other in Space})
        mock.load_raw({space.value: {7: 1, 8: 1}})
        return await UnitClient(virtual_link(), mock).read(Priority.MEASURE, space, 7, 2)

    words = run(main())
    assert words == [1, 1]
    assert {type(word) for word in words} == {int}


def test_the_unit_is_told_what_the_line_needs() -> None:
    async def main() -> FakeUnit:
        unit = FakeUnit()
        client_of(unit)
        return unit

    unit = run(main())
    assert unit.timeout == pytest.approx(answer_limit(125, rs485_timeout=0.3, baudrate=9600))
    assert unit.spacing == FRAME_INTERVAL


@given(words=st.integers(1, 124), baudrate=st.sampled_from([1200, 9600, 19200, 115200]))
def test_an_answer_may_take_what_its_bytes_need_on_the_line_and_some_more(words: int, baudrate: int) -> None:
    limit = answer_limit(words, rs485_timeout=0.3, baudrate=baudrate)
    assert limit > 0.3 + (8 + 5 + 2 * words) * 11 / baudrate
    more = answer_limit(words + 1, rs485_timeout=0.3, baudrate=baudrate)
    assert more - limit == pytest.approx(2 * 11 / baudrate)


@pytest.mark.parametrize(("space", "count", "words"), [(Space.HOLDING, 60, 60), (Space.COIL, 33, 3)])
def test_a_read_that_never_ends_is_cut(space: Space, count: int, words: int) -> None:
    async def main() -> None:
        unit = FakeUnit()
        unit.answer = 3600
        client = client_of(unit)
        with pytest.raises(ModbusTimeoutError):
            await client.read(Priority.MEASURE, space, 0, count)
        assert now() == pytest.approx(1.5 * answer_limit(words, rs485_timeout=0.3, baudrate=9600))
        unit.answer = 0.1
        assert len(await client.read(Priority.MEASURE, space, 0, count)) == count

    run(main())


def test_a_connection_that_does_not_come_about_is_the_gateways_fault() -> None:
    async def main() -> None:
        unit = FakeUnit()
        unit.answer = 3600
        unit.connected = False
        client = client_of(unit)
        with pytest.raises(ModbusConnectionError):
            await client.read(Priority.MEASURE, Space.HOLDING, 0, 1)
        assert client.link.error is not None

    run(main())


@pytest.mark.parametrize("answer", [[], [1], [1, 2, 3, 4]])
def test_an_answer_of_the_wrong_length_is_no_answer(answer: list[int]) -> None:
    class Odd(FakeUnit):
        async def read_holding_registers(self, address: int, count: int) -> list[int]:  # noqa: ARG002
            return answer

    async def main() -> None:
        client = client_of(Odd())
        with pytest.raises(ModbusProtocolError):
            await client.read(Priority.MEASURE, Space.HOLDING, 0, 3)
        assert client.link.statistics.errors == {"ModbusProtocol": 1}

    run(main())


def test_bits_may_come_filled_up_to_whole_bytes() -> None:
    class Filled(FakeUnit):
        async def read_coils(self, address: int, count: int) -> list[bool]:  # noqa: ARG002
            return [True, False, True, False, False, False, False, False]

    async def main() -> list[int]:
        return await client_of(Filled()).read(Priority.MEASURE, Space.COIL, 0, 3)

    assert run(main()) == [1, 0, 1]


def test_registers_are_written_in_one_request_with_the_function_the_device_wants() -> None:
    async def main() -> list[tuple[str, int, object]]:
        unit = FakeUnit()
        client = client_of(unit)
        await client.write_registers(Priority.COMMAND, 10, (1, 2))
        await client.write_registers(Priority.COMMAND, 11, (3,))
        await client.write_registers(Priority.COMMAND, 12, (4,), single=True)
        return unit.writes

    assert run(main()) == [("many", 10, [1, 2]), ("many", 11, [3]), ("one", 12, 4)]


def test_a_write_of_a_map_goes_where_and_how_the_map_says() -> None:
    async def main() -> list[tuple[str, int, object]]:
        unit = FakeUnit()
        client = client_of(unit)
        for space, values, single in (
            (Space.HOLDING, (1, 2), False),
            (Space.HOLDING, (3,), True),
            (Space.COIL, (1, 0), False),
            (Space.COIL, (1,), True),
        ):
            await client.write(Priority.SAFETY, Write(space=space, address=7, values=values, single=single))
        return unit.writes

    assert run(main()) == [
        ("many", 7, [1, 2]),
        ("one", 7, 3),
        ("bits", 7, [True, False]),
        ("one bit", 7, True),
    ]


def test_a_read_makes_the_connection_that_a_write_has_no_time_for() -> None:
    write = Write(space=Space.COIL, address=7, values=(1,))

    async def main() -> None:
        unit = FakeUnit()
        client = client_of(unit)
        await client.connect(Priority.SAFETY, write)
        assert unit.requests == []
        unit.connected = False
        unit.fault = lambda _: IllegalDataAddressError()
        await client.connect(Priority.SAFETY, write)
        assert unit.requests == [(Space.COIL, 7, 1)]
        unit.fault = lambda _: ModbusConnectionError("gone")
        with pytest.raises(ModbusConnectionError, match="gone"):
            await client.connect(Priority.SAFETY, write)

    run(main())


def test_requests_of_several_units_keep_their_order_on_the_link() -> None:
    async def main() -> list[str]:
        link = virtual_link()
        meter, station = FakeUnit(), FakeUnit()
        polls = [
            asyncio.create_task(client_of(meter, link).read(Priority.MEASURE, Space.HOLDING, address, 1))
            for address in range(3)
        ]
        await asyncio.sleep(0.005)
        await client_of(station, link).write_registers(Priority.SAFETY, 1, [0])
        assert len(meter.requests) == 1
        await asyncio.gather(*polls)
        return [kind for kind, _, _ in station.writes]

    assert run(main()) == ["many"]


def test_bits_are_written_in_one_request_with_the_function_the_device_wants() -> None:
    async def main() -> list[tuple[str, int, object]]:
        unit = FakeUnit()
        client = client_of(unit)
        await client.write_bits(Priority.COMMAND, 10, (1, 0))
        await client.write_bits(Priority.COMMAND, 12, (1,), single=True)
        return unit.writes

    assert run(main()) == [("bits", 10, [True, False]), ("one bit", 12, True)]


WRITE, BUSY = b"\x10", b"\x90\x06"
READ_OF_ONE = b"\x03\x02\x00\x07"


@pytest.mark.parametrize(
    ("answer", "error"),
    [((0.01, BUSY), ModbusTimeoutError), ((0.2, b""), ModbusConnectionError), (None, ModbusTimeoutError)],
    ids=["busy", "connection lost", "silent"],
)
def test_home_assistants_connection_never_sends_a_write_again(answer: Answer, error: type[ModbusError]) -> None:
    writes: list[bytes] = []

    def device(_: int, pdu: bytes) -> Answer:
        if not pdu.startswith(WRITE):
            return 0.01, READ_OF_ONE
        writes.append(pdu)
        return answer

    async def main() -> list[int]:
        client = UnitClient(virtual_link(), ModbusConnection(ModbusTcpParams(host="gateway")).for_unit(1))
        await client.read(Priority.COMMAND, Space.HOLDING, 0, 1)
        with pytest.raises(error):
            await client.write_registers(Priority.COMMAND, 1, [2])
        await asyncio.sleep(100)
        return await client.read(Priority.READBACK, Space.HOLDING, 0, 1)

    assert run_wired(device, main()) == [7]
    assert len(writes) == 1


def test_a_write_of_low_priority_is_cut_too_while_its_connection_is_made() -> None:
    class Slow(FakeUnit):
        async def write_registers(self, address: int, values: list[int]) -> None:
            await asyncio.sleep(60)
            await super().write_registers(address, values)

    async def main() -> list[tuple[str, int, object]]:
        unit = Slow()
        unit.connected = False
        with pytest.raises(ModbusConnectionError):
            await client_of(unit).write_registers(Priority.STATUS, 1, [2])
        await asyncio.sleep(100)
        return unit.writes

    assert run(main()) == []
