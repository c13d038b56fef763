"""Tests of telling which map a device has."""

from __future__ import annotations

from dataclasses import replace

import pytest
from modbus_connection.exceptions import (
    GatewayTargetError,
    IllegalDataAddressError,
    ModbusConnectionError,
    ModbusError,
    ModbusProtocolError,
    ModbusTimeoutError,
)

from custom_components.legrand_ews.bus import Priority, identify
from custom_components.legrand_ews.catalog import DataType, Probe, Profile, Space

from .support import FakeUnit, client_of, profile, refuse, register, run

HOLDING = Space.HOLDING
KIND = register(0x300)
NAME = register(0x400, DataType.TEXT, words=3)
SERIES = register(0x10, DataType.U32, space=Space.INPUT, invalid=frozenset({0xFFFFFFFF}))


def known_by(name: str, *probes: Probe) -> Profile:
    """Return a map with some probes."""
    return replace(profile(probes=probes), id=name)


BY_KIND = known_by("kind", Probe(register=KIND, equals=6))
BY_NAME = known_by("name", Probe(register=NAME, starts_with="nemo"))
BY_BOTH = known_by("both", Probe(register=KIND, equals=6), Probe(register=SERIES, equals=0x00020001))
BY_NOTHING = known_by("nothing")
TEXT = {(HOLDING, 0x400): 0x4E45, (HOLDING, 0x401): 0x4D4F, (HOLDING, 0x402): 0x3936}
"""NEMO96."""


def found(unit: FakeUnit, *profiles: Profile) -> str | None:
    """Return which of some maps a unit has."""

    async def main() -> Profile | None:
        return await identify(client_of(unit), profiles, Priority.READBACK)

    answer = run(main())
    return None if answer is None else answer.id


@pytest.mark.parametrize(("kind", "answer"), [(6, "kind"), (7, None), (0, None)])
def test_a_device_is_known_by_a_number(kind: int, answer: str | None) -> None:
    assert found(FakeUnit({(HOLDING, 0x300): kind}), BY_KIND) == answer


def test_a_device_is_known_by_the_start_of_a_text_in_any_case() -> None:
    assert found(FakeUnit(TEXT), BY_NAME) == "name"
    assert found(FakeUnit({**TEXT, (HOLDING, 0x400): 0x4E46}), BY_NAME) is None


def test_a_number_is_no_text_and_nothing_is_no_number() -> None:
    by_text = known_by("text", Probe(register=KIND, starts_with="6"))
    assert found(FakeUnit({(HOLDING, 0x300): 6}), by_text) is None
    absent = FakeUnit({(HOLDING, 0x300): 6, (Space.INPUT, 0x10): 0xFFFF, (Space.INPUT, 0x11): 0xFFFF})
    by_marker = known_by("marker", Probe(register=SERIES, equals=0xFFFFFFFF))
    assert found(absent, by_marker) is None


def test_all_probes_must_hold() -> None:
    unit = FakeUnit({(HOLDING, 0x300): 6, (Space.INPUT, 0x10): 2, (Space.INPUT, 0x11): 1})
    assert found(unit, BY_BOTH) == "both"
    unit.memory[Space.INPUT, 0x11] = 0
    assert found(unit, BY_BOTH) is None


def test_the_first_map_that_fits_wins_and_the_rest_is_not_asked_for() -> None:
    unit = FakeUnit({(HOLDING, 0x300): 6, **TEXT})
    assert found(unit, BY_KIND, BY_NAME) == "kind"
    assert len(unit.requests) == 1
    assert found(unit, BY_NAME, BY_KIND) == "name"


def test_a_map_that_cannot_be_told_is_never_found() -> None:
    unit = FakeUnit({(HOLDING, 0x300): 6})
    assert found(unit, BY_NOTHING) is None
    assert unit.requests == []
    assert found(unit, BY_NOTHING, BY_KIND) == "kind"


@pytest.mark.parametrize(
    "error",
    [
        IllegalDataAddressError(),
        GatewayTargetError(),
        ModbusTimeoutError("silent"),
        ModbusProtocolError("garbage"),
    ],
)
def test_a_probe_that_fails_does_not_hold_and_the_next_map_has_its_chance(error: ModbusError) -> None:
    unit = FakeUnit({(HOLDING, 0x300): 6})
    unit.fault = refuse(lambda: error, [0x400])
    assert found(unit, BY_NAME, BY_KIND) == "kind"


def test_without_a_gateway_nothing_can_be_told() -> None:
    unit = FakeUnit()
    unit.fault = lambda _: ModbusConnectionError("gone")
    with pytest.raises(ModbusConnectionError):
        found(unit, BY_KIND, BY_NAME)
    assert len(unit.requests) == 1
