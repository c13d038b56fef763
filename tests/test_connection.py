"""How gateways are reached."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.components.modbus import async_get_temporary_unit
from modbus_connection import ModbusSerialParams, ModbusTcpParams
from tmodbus import create_async_tcp_client

from custom_components.legrand_ews import connection
from custom_components.legrand_ews.connection import async_test_gateway, endpoint_name, line_speed, modbus_params
from plant.faults import ExceptionOn
from plant.scenario import RTU_TCP, SERIAL, TCP, DeviceSpec

from .support import METER, SOCKETS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .support import Panel

LAN: dict[str, Any] = {"connection": "tcp", "host": "192.168.1.20", "port": 502}
CONVERTER: dict[str, Any] = {"connection": "rtu_tcp", "host": "converter", "port": 4001, "baudrate": 9600}
PORT: dict[str, Any] = {"connection": "serial", "device": "/dev/ttyUSB0", "baudrate": 38400, "parity": "N"}


@pytest.mark.parametrize(
    ("data", "params", "speed", "name"),
    [
        (LAN, ModbusTcpParams(host="192.168.1.20", port=502), 9600, "192.168.1.20:502"),
        (
            CONVERTER,
            ModbusSerialParams(device="socket://converter:4001", baudrate=9600),
            9600,
            "converter:4001",
        ),
        (
            {**CONVERTER, "host": "FD00::1"},
            ModbusSerialParams(device="socket://[fd00::1]:4001", baudrate=9600),
            9600,
            "[FD00::1]:4001",
        ),
        (
            {**PORT, "stopbits": 2},
            ModbusSerialParams(device="/dev/ttyUSB0", baudrate=38400, parity="N", stopbits=2),
            38400,
            "/dev/ttyUSB0",
        ),
        (
            {"connection": "serial", "device": "/dev/ttyS1"},
            ModbusSerialParams(device="/dev/ttyS1", baudrate=19200, parity="E", stopbits=1),
            19200,
            "/dev/ttyS1",
        ),
    ],
)
def test_what_is_stored_leads_to_the_line(
    data: dict[str, Any], params: ModbusTcpParams | ModbusSerialParams, speed: int, name: str
) -> None:
    assert modbus_params(data) == params
    assert line_speed(data) == speed
    assert endpoint_name(data) == name


@pytest.mark.parametrize("kind", [TCP, RTU_TCP, SERIAL])
async def test_a_gateway_that_answers(panel: Panel, kind: str) -> None:
    # Serves the register that is tried.
    await panel.serve(DeviceSpec(name="Breaker", model="dpx3_250_measuring", address=1, at="mains"), kind=kind)
    assert await async_test_gateway(panel.hass, panel.connection()) is None
    assert panel.gateway().stats.transactions == 1


async def test_a_refusal_is_an_answer(panel: Panel) -> None:
    await panel.serve(METER)
    panel.gateway().faults.exceptions.append(ExceptionOn(code=2))
    assert await async_test_gateway(panel.hass, panel.connection()) is None
    assert panel.gateway().stats.exceptions == 1


@pytest.mark.parametrize("kind", [TCP, RTU_TCP])
async def test_a_line_without_anybody_is_a_gateway(panel: Panel, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_TEST_TIMEOUT", 0.5)
    await panel.serve(SOCKETS, kind=kind)
    assert await async_test_gateway(panel.hass, panel.connection()) is None
    assert panel.gateway().stats.unanswered == 1


async def test_a_gateway_that_refuses(panel: Panel) -> None:
    await panel.serve(METER)
    await panel.plant.refuse(panel.gateway())
    reason = await async_test_gateway(panel.hass, panel.connection())
    assert reason is not None
    assert str(panel.gateway().port) in reason


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Return entry data of a host that takes no connections and does not say so."""
    create = partial(create_async_tcp_client, connect_timeout=0.2)
    monkeypatch.setattr("modbus_connection.tmodbus.create_async_tcp_client", create)
    with ExitStack() as stack:
        door = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(3):
            waiting = stack.enter_context(socket.socket())
            waiting.settimeout(0)
            waiting.connect_ex(door.getsockname())
        yield {"connection": TCP, "host": "127.0.0.1", "port": door.getsockname()[1]}


async def test_a_host_that_says_nothing_at_all_is_no_gateway(panel: Panel, nobody: dict[str, Any]) -> None:
    reason = await async_test_gateway(panel.hass, nobody)
    assert reason is not None
    assert str(nobody["port"]) in reason


async def test_a_serial_port_that_is_not_there(panel: Panel) -> None:
    reason = await async_test_gateway(panel.hass, {**PORT, "device": "/dev/nothing"})
    assert reason is not None
    assert "/dev/nothing" in reason


async def test_a_line_in_use_with_other_settings(panel: Panel) -> None:
    await panel.serve(METER, kind=RTU_TCP)
    other = modbus_params({**panel.connection(), "baudrate": 1200})
    async with async_get_temporary_unit(panel.hass, other, 1):
        reason = await async_test_gateway(panel.hass, panel.connection())
    assert reason is not None
    assert "different link settings" in reason
    assert panel.gateway().stats.transactions == 0


async def test_an_error_of_the_system(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> object:
        raise OSError("no such host")

    monkeypatch.setattr(connection, "async_get_temporary_unit", broken)
    assert await async_test_gateway(panel.hass, LAN) == "no such host"
