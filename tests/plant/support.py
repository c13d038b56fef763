"""What several tests of the plant share: a small installation, maps from plain data, a decoder of their own."""

from __future__ import annotations

import struct
from contextlib import asynccontextmanager
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from modbus_connection import ModbusTcpParams
from modbus_connection.tmodbus import ModbusConnection

from custom_components.legrand_ews.catalog import Catalog, DataType
from custom_components.legrand_ews.catalog.build import build_profile
from plant.electrical import FlowSpec, Installation, NodeSpec
from plant.site import PROFILES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from custom_components.legrand_ews.catalog import Measure, Profile, Register, State
    from plant.gateway import Gateway

MONDAY = datetime(2026, 3, 2, 9, 0)  # noqa: DTZ001

TREE = NodeSpec(
    name="mains",
    children=(
        NodeSpec(
            name="panel",
            children=(
                NodeSpec(name="sockets", shape="office_sockets", peak=6000),
                NodeSpec(name="lighting", shape="office_lighting", peak=2000, phases=(2,)),
                NodeSpec(name="servers", shape="server_room", peak=1500, phases=(1,)),
            ),
        ),
        NodeSpec(name="sun", shape="sun", peak=30000),
        NodeSpec(name="compressor", shape="compressor", peak=4000),
        NodeSpec(name="bay 1", shape="car_on_call", peak=22_080),
        NodeSpec(name="bay 2", shape="car_on_call", peak=7_360, phases=(2,)),
    ),
)
FLOWS = (
    FlowSpec(name="gas", shape="gas_heating", peak=4000),
    FlowSpec(name="water", shape="water_office", peak=300, index=5000),
)


@cache
def catalog() -> Catalog:
    """The catalogue with the plant's own maps."""
    return Catalog.load(PROFILES)


def installation(**more: Any) -> Installation:
    """A small installation on a Monday morning: more sun than loads around noon."""
    return Installation(TREE, FLOWS, **{"start": MONDAY, "tick": 5.0, **more})


def profile_of(**fields: Any) -> Profile:
    """A map from plain data."""
    head = {"id": "test", "name": "Test", "source": "the test", "confidence": "none"}
    profile, problems = build_profile({**head, **fields}, path="test.yaml", user=True)
    assert not problems
    assert profile is not None
    return profile


def raw_value(register: Register, words: list[int]) -> Decimal | str | None:
    """Read one register's words: the opposite of what the plant does, by the map's description alone."""
    ordered = words if register.word_order == "big" else words[::-1]
    data = struct.pack(f">{len(words)}H", *ordered)
    unsigned = int.from_bytes(data)
    if register.type is DataType.TEXT:
        return struct.pack(f">{len(words)}H", *words).replace(b"\0", b"").decode()
    if register.type is DataType.BIT:
        return Decimal(words[0] >> (register.bit or 0) & 1)
    if unsigned in register.invalid:
        return None
    if register.type in (DataType.F32, DataType.F64):
        number = struct.unpack(">f" if len(data) == 4 else ">d", data)[0]
        return None if number != number else Decimal(repr(number)) * register.scale  # noqa: PLR0124
    return int.from_bytes(data, signed=register.type.signed) * register.scale


def decoded(profile: Profile, measure: Measure, read: Callable[[Register], list[int]]) -> Decimal | str | None:
    """Read one measure with its sign, scale and condition."""

    def named(name: str) -> Decimal:
        """A named register."""
        value = raw_value(profile.registers[name], read(profile.registers[name]))
        assert isinstance(value, Decimal)
        return value

    if measure.valid_if is not None and int(named(measure.valid_if.register)) not in measure.valid_if.values:
        return None
    parts = [raw_value(register, read(register)) for register in measure.parts]
    if any(not isinstance(part, Decimal) for part in parts):
        return parts[0] if isinstance(parts[0], str) else None
    value = sum((part for part in parts if isinstance(part, Decimal)), Decimal(0))
    if measure.values:
        return measure.values[int(value)]
    if measure.scale is not None:
        value *= factor_of(profile, measure.scale, named)
    return -value if measure.sign is not None and named(measure.sign) == 1 else value


def factor_of(profile: Profile, name: str, named: Callable[[str], Decimal]) -> Decimal:
    """Read a scale."""
    scale = profile.scales[name]
    if scale.values:
        return scale.values[int(named(scale.registers[0]))]
    product = Decimal(1)
    for register in scale.registers:
        product *= named(register)
    return next(factor for limit, factor in scale.steps if product < limit)


@asynccontextmanager
async def client(gateway: Gateway, timeout: float = 2.0) -> AsyncIterator[ModbusConnection]:  # noqa: ASYNC109
    """The client that Home Assistant uses, connected to a gateway."""
    connection = ModbusConnection(ModbusTcpParams(host="127.0.0.1", port=gateway.port), timeout=timeout)
    await connection.connect()
    try:
        yield connection
    finally:
        await connection.close()


def state_word(state: State, read: Callable[[Register], list[int]]) -> str | None:
    """Read one state, by the map's description alone; its condition is the caller's matter."""
    if state.register is not None:
        raw = raw_value(state.register, read(state.register))
        assert not isinstance(raw, str)
        if raw is None or not state.values:
            return None if raw is None else "on" if raw else "off"
        return state.values.get(int(raw))
    made = {word for word, register in state.contacts.items() if raw_value(register, read(register))}
    if "tripped" in made:
        return "tripped"
    if {"open", "closed"} <= set(state.contacts):
        return made.pop() if len(made) == 1 else None
    (only,) = set(state.contacts) - {"tripped"}
    return only if made else {"open": "closed", "closed": "open"}[only]
