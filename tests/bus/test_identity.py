"""Tests of what a device says of itself."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from modbus_connection.exceptions import (
    GatewayTargetError,
    IllegalDataAddressError,
    ModbusConnectionError,
    ModbusProtocolError,
)

from custom_components.legrand_ews.bus import Priority, read_identity
from custom_components.legrand_ews.catalog import DataType, ReadRules, Space

from .support import FakeUnit, client_of, profile, refuse, register, run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HOLDING = Space.HOLDING
DEVICE = profile(
    identity={
        "serial": register(0, DataType.U32),
        "firmware": register(100, scale=Decimal("0.01")),
        "product": register(200, DataType.TEXT, words=2),
    },
    read=ReadRules(max_words=8),
)
MEMORY = {(HOLDING, 0): 0x1234, (HOLDING, 1): 0xABCD, (HOLDING, 100): 120, (HOLDING, 200): 0x4E45}


def said(unit: FakeUnit) -> Mapping[str, str]:
    """Return what a unit says of itself."""

    async def main() -> Mapping[str, str]:
        return await read_identity(client_of(unit), DEVICE, Priority.STATUS)

    return run(main())


def test_a_device_says_who_it_is() -> None:
    assert said(FakeUnit(MEMORY)) == {"serial": "1234ABCD", "firmware": "1.2", "product": "NE"}


def test_what_a_device_does_not_say_is_left_out() -> None:
    unit = FakeUnit(MEMORY)
    del unit.memory[HOLDING, 200]
    assert "product" not in said(unit)


@pytest.mark.parametrize("error", [IllegalDataAddressError, GatewayTargetError, lambda: ModbusProtocolError("garbage")])
def test_what_cannot_be_read_is_left_out(error: Callable[[], Exception]) -> None:
    unit = FakeUnit(MEMORY)
    unit.fault = refuse(error, [100])
    assert said(unit) == {"serial": "1234ABCD", "product": "NE"}


def test_without_a_gateway_nothing_is_said() -> None:
    unit = FakeUnit(MEMORY)
    unit.fault = lambda _: ModbusConnectionError("gone")
    with pytest.raises(ModbusConnectionError):
        said(unit)
    assert len(unit.requests) == 1
