"""Tests of looking for devices."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from modbus_connection import ModbusTcpParams
from modbus_connection.encode import encode_string
from modbus_connection.exceptions import (
    GatewayPathUnavailableError,
    GatewayTargetError,
    IllegalDataAddressError,
    IllegalFunctionError,
    ModbusConnectionError,
    ModbusError,
    ModbusProtocolError,
    ModbusTimeoutError,
)
from modbus_connection.tmodbus import ModbusConnection

from custom_components.legrand_ews.bus import FRAME_INTERVAL, Link, Looked, Priority, UnitClient, scan
from custom_components.legrand_ews.catalog import Confidence, DataType, Probe, Profile, Space

from .support import Answer, FakeUnit, client_of, now, register, run, run_wired, virtual_link

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

LIMIT = 0.3
HOLDING = Space.HOLDING
SOCO = {(HOLDING, 0xC350 + index): ord(letter) for index, letter in enumerate("SOCO")}


def kind(name: str, *probes: Probe) -> Profile:
    """Return a map that probes tell."""
    return Profile(id=name, name=name, source="a test", confidence=Confidence.MANUFACTURER, probes=probes)


NAME = register(0xC38A, DataType.TEXT, words=8)
A10 = kind("a10", Probe(register=NAME, starts_with="diris a10"))
E14 = kind("e14", Probe(register=NAME, starts_with="countis e14"))
NEMO = kind("nemo", Probe(register=register(0x0300), equals=6), Probe(register=register(0x0301), equals=1))
PROFILES = (kind("untold"), A10, E14, NEMO)


def text(address: int, value: str) -> dict[tuple[Space, int], int]:
    """Return words that hold a text."""
    return {(HOLDING, address + index): word for index, word in enumerate(encode_string(value, length=8))}


class Line:
    """Units by address on one link; everywhere else there is ``nobody``."""

    def __init__(self, units: dict[int, FakeUnit], nobody: type[ModbusError] = ModbusTimeoutError) -> None:
        """Connect the units."""
        self.link = virtual_link()
        self.units = units
        self.held: list[int] = []
        self._nobody = nobody

    def unit(self, address: int) -> FakeUnit:
        """Return the unit at an address."""
        if address not in self.units:
            unit = self.units[address] = FakeUnit()
            unit.fault = lambda _: self._nobody("nobody")
        return self.units[address]

    @asynccontextmanager
    async def client(self, address: int) -> AsyncIterator[UnitClient]:
        """Hold the client of a unit."""
        self.held.append(address)
        try:
            yield client_of(self.unit(address), self.link)
        finally:
            self.held.remove(address)

    async def scan(self, addresses: Iterable[int], profiles: Iterable[Profile] = PROFILES) -> list[Looked]:
        """Look at some addresses."""
        found = [looked async for looked in scan(addresses, self.client, profiles, limit=LIMIT)]
        assert not self.held
        assert all(not unit.writes for unit in self.units.values())
        return found


def failing(error: type[ModbusError]) -> FakeUnit:
    """Return a unit that fails all reads."""
    unit = FakeUnit()
    unit.fault = lambda _: error("no")
    return unit


def test_devices_are_told_by_their_probes() -> None:
    async def main() -> list[Looked]:
        units = {
            2: FakeUnit(text(0xC38A, "Countis E14 MID")),
            3: FakeUnit({(HOLDING, 0x0300): 6, (HOLDING, 0x0301): 1}),
            5: FakeUnit({(HOLDING, 0x0300): 6}),
        }
        return await Line(units).scan(range(1, 6))

    assert run(main()) == [
        Looked(address=1, answered=False),
        Looked(address=2, answered=True, profile=E14),
        Looked(address=3, answered=True, profile=NEMO),
        Looked(address=4, answered=False),
        Looked(address=5, answered=True),
    ]


@pytest.mark.parametrize(("at", "name"), [(0xC38A, "Diris B30"), (0xC382, "Diris X")])
def test_an_unknown_socomec_device_tells_its_name(at: int, name: str) -> None:
    async def main() -> list[Looked]:
        return await Line({1: FakeUnit({**SOCO, **text(at, name)})}).scan([1])

    assert run(main()) == [Looked(address=1, answered=True, product=name)]


def test_a_device_of_another_make_is_not_asked_for_a_name() -> None:
    async def main() -> None:
        unit = FakeUnit(text(0xC38A, "Something"))
        assert await Line({1: unit}).scan([1]) == [Looked(address=1, answered=True)]
        assert (HOLDING, 0xC382, 8) not in unit.requests

    run(main())


def test_each_register_is_asked_for_once_an_address() -> None:
    async def main() -> list[tuple[Space, int, int]]:
        unit = FakeUnit(SOCO)
        await Line({1: unit}).scan([1])
        return unit.requests

    assert run(main()) == [
        (HOLDING, 0xC38A, 8),
        (HOLDING, 0x0300, 1),
        (HOLDING, 0xC350, 4),
        (HOLDING, 0xC382, 8),
    ]


@pytest.mark.parametrize("nobody", [ModbusTimeoutError, GatewayTargetError, GatewayPathUnavailableError])
def test_silent_addresses_cost_one_short_request_each(nobody: type[ModbusError]) -> None:
    async def main() -> None:
        line = Line({}, nobody)
        found = await line.scan(range(1, 248))
        assert not any(looked.answered for looked in found)
        assert [len(unit.requests) for unit in line.units.values()] == [1] * 247
        assert now() <= 247 * (LIMIT + FRAME_INTERVAL) + 1e-6
        assert line.link.statistics.requests == 247
        assert line.link.statistics.last_error is None
        assert line.link.statistics.failed == 0

    run(main())


@pytest.mark.parametrize("error", [IllegalFunctionError, IllegalDataAddressError, ModbusProtocolError])
def test_who_answers_anything_is_there(error: type[ModbusError]) -> None:
    async def main() -> list[Looked]:
        return await Line({1: failing(error)}).scan([1])

    assert run(main()) == [Looked(address=1, answered=True)]


def test_a_device_that_is_silent_about_a_probe_is_asked_for_the_others() -> None:
    async def main() -> list[Looked]:
        unit = FakeUnit({(HOLDING, 0x0300): 6, (HOLDING, 0x0301): 1})
        unit.fault = lambda request: ModbusTimeoutError() if request[1] == 0xC38A else None
        return await Line({1: unit}).scan([1], (kind("other", Probe(register=register(1), equals=9)), A10, NEMO))

    assert run(main()) == [Looked(address=1, answered=True, profile=NEMO)]


def test_without_probes_the_makers_register_tells_who_is_there() -> None:
    async def main() -> list[Looked]:
        return await Line({1: FakeUnit()}).scan([1, 2], ())

    assert run(main()) == [Looked(address=1, answered=True), Looked(address=2, answered=False)]


def test_a_lost_gateway_ends_the_scan() -> None:
    async def main() -> None:
        line = Line({2: failing(ModbusConnectionError)})
        found: list[int] = []

        async def walk() -> None:
            async for looked in scan([1, 2, 3], line.client, PROFILES, limit=LIMIT):
                found.append(looked.address)  # noqa: PERF401 -- what was found before the error counts

        with pytest.raises(ModbusConnectionError):
            await walk()
        assert found == [1]
        assert line.held == []
        assert line.link.error is not None

    run(main())


def test_silence_of_a_scan_does_not_drop_the_connection_nor_hide_that_of_a_device() -> None:
    async def main() -> None:
        dropped: list[float] = []

        async def disconnect() -> None:
            dropped.append(now())

        line = Line({})
        line.link.disconnect = disconnect
        await line.scan(range(1, 50))
        assert not dropped
        silent = client_of(failing(ModbusTimeoutError), line.link)
        for _ in range(8):
            with pytest.raises(ModbusTimeoutError):
                await silent.read(Priority.MEASURE, HOLDING, 0, 1)
        assert len(dropped) == 1

    run(main())


def test_polls_of_states_go_between_the_addresses() -> None:
    async def main() -> None:
        line = Line({})
        known = client_of(FakeUnit(), line.link)
        walk = asyncio.create_task(line.scan(range(1, 20)))
        for _ in range(5):
            await asyncio.sleep(0.5)
            asked = now()
            await known.read(Priority.STATUS, HOLDING, 0, 1)
            assert now() - asked < LIMIT + 2 * FRAME_INTERVAL
        await walk

    run(main())


def test_a_scan_that_is_given_up_lets_go_of_its_unit() -> None:
    async def main() -> None:
        line = Line({})
        walk = asyncio.create_task(line.scan(range(1, 20)))
        await asyncio.sleep(1)
        assert line.held
        walk.cancel()
        with pytest.raises(asyncio.CancelledError):
            await walk
        assert not line.held
        assert await client_of(FakeUnit(), line.link).read(Priority.MEASURE, HOLDING, 0, 1) == [0]

    run(main())


def test_a_late_answer_is_not_taken_for_the_next_devices() -> None:
    """Unit 1 answers 6 when its time is over, while unit 2, which is of no known kind, is asked."""

    def device(unit: int, _: bytes) -> Answer:
        return (LIMIT + 0.1, b"\x03\x02\x00\x06") if unit == 1 else (0.15, b"\x03\x02\x00\x09")

    async def main() -> list[Looked]:
        link = Link(clock=now)
        connection = ModbusConnection(ModbusTcpParams(host="gateway"))
        await connection.connect()

        @asynccontextmanager
        async def client(address: int) -> AsyncIterator[UnitClient]:
            yield UnitClient(link, connection.for_unit(address))

        profiles = (
            kind("six", Probe(register=register(1), equals=6)),
            kind("nine", Probe(register=register(1), equals=9)),
        )
        found = [looked async for looked in scan((1, 2), client, profiles, limit=LIMIT)]
        assert connection.connected
        return found

    silent, other = run_wired(device, main())
    assert silent == Looked(address=1, answered=False)
    assert other.profile is not None
    assert other.profile.id == "nine"
