"""Tests of words to states, settings and links, and of reading them."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from modbus_connection.exceptions import IllegalDataAddressError, ModbusTimeoutError

from custom_components.legrand_ews.bus import (
    LinkValue,
    Priority,
    Target,
    UnitReader,
    UnitSilentError,
    Value,
    rows_of,
    value_of,
)
from custom_components.legrand_ews.bus.codec import NotReadError
from custom_components.legrand_ews.catalog import (
    Charging,
    Condition,
    DataType,
    EmsLink,
    Profile,
    ReadRules,
    Register,
    Setting,
    SettingKind,
    Space,
    State,
    StateKind,
)
from custom_components.legrand_ews.catalog.charging import LIMIT

from .support import FakeUnit, client_of, measure, now, profile, refuse, register, run

if TYPE_CHECKING:
    from collections.abc import Mapping

HOLDING = Space.HOLDING
BREAKER = {0: "open", 1: "closed", 2: "tripped"}
TYPE = register(50, slow=True)


def state(key: str, kind: StateKind, **fields: Any) -> State:
    """Return a state."""
    return State(key=key, kind=kind, **fields)


def discrete(address: int) -> Register:
    """Return a discrete input."""
    return register(address, DataType.BIT, space=Space.DISCRETE)


def of_state(row: State, raw: Mapping[Register, int]) -> Value | None:
    """Return what a state is where some registers hold some numbers."""
    map_ = profile(states={row.key: row}, registers={"type": TYPE})
    return value_of(map_, row.key, {row: [number] for row, number in raw.items()}.get)


@pytest.mark.parametrize(
    ("values", "raw", "word"),
    [
        ({}, 0, "off"),
        ({}, 1, "on"),
        ({}, 700, "on"),
        ({0: "on", 1: "off"}, 0, "on"),
        ({0: "on", 1: "off"}, 1, "off"),
        ({0: "on", 1: "off"}, 2, None),
        (BREAKER, 2, "tripped"),
        (BREAKER, 3, None),
        ({}, 0xFFFF, None),
    ],
)
def test_a_number_means_a_word(values: dict[int, str], raw: int, word: str | None) -> None:
    row = register(1, invalid=frozenset({0xFFFF}))
    assert of_state(state("input_1", StateKind.INPUT, register=row, values=values), {row: raw}) == word


@given(raw=st.integers(0, 0xFFFF), bit=st.integers(0, 15))
def test_a_bit_of_a_word_is_on_or_off(raw: int, bit: int) -> None:
    row = register(1, DataType.BIT, bit=bit)
    expected = "on" if f"{raw:016b}"[15 - bit] == "1" else "off"
    assert of_state(state("threshold_alarm", StateKind.ALARM, register=row), {row: raw}) == expected


@pytest.mark.parametrize(
    ("made", "word"),
    [
        ({"closed": 1, "tripped": 0}, "closed"),
        ({"closed": 0, "tripped": 0}, "open"),
        ({"closed": 0, "tripped": 1}, "tripped"),
        ({"closed": 1, "tripped": 1}, "tripped"),
        ({"open": 1}, "open"),
        ({"open": 0}, "closed"),
        ({"open": 1, "closed": 0}, "open"),
        ({"open": 0, "closed": 1, "tripped": 0}, "closed"),
        ({"open": 1, "closed": 1}, None),
        ({"open": 0, "closed": 0}, None),
        ({"open": 0, "closed": 0, "tripped": 1}, "tripped"),
        ({"tripped": 0}, None),
    ],
)
def test_contacts_tell_the_state_of_a_breaker_together(made: dict[str, int], word: str | None) -> None:
    rows = {name: discrete(address) for address, name in enumerate(made)}
    breaker = state("breaker", StateKind.BREAKER, contacts=rows)
    assert of_state(breaker, {rows[name]: raw for name, raw in made.items()}) == word


def test_a_contact_without_a_value_leaves_the_state_unknown() -> None:
    rows = {"closed": register(0), "tripped": register(1, invalid=frozenset({9}))}
    breaker = state("breaker", StateKind.BREAKER, contacts=rows)
    assert of_state(breaker, {rows["closed"]: 1, rows["tripped"]: 9}) is None


@pytest.mark.parametrize(("kind", "word"), [(2, "on"), (3, "on"), (1, None)])
def test_a_state_is_unknown_while_it_is_not_valid(kind: int, word: str | None) -> None:
    row = register(1)
    output = state(
        "output_1", StateKind.OUTPUT, register=row, valid_if=Condition(register="type", values=frozenset({2, 3}))
    )
    assert of_state(output, {row: 1, TYPE: kind}) == word


def test_what_was_not_read_has_no_word() -> None:
    with pytest.raises(NotReadError):
        of_state(state("input_1", StateKind.INPUT, register=register(1)), {})


def setting(kind: SettingKind, row: Register, **fields: Any) -> Setting:
    """Return a setting of output 1."""
    return Setting(key=f"output_1_{kind}", output="output_1", kind=kind, register=row, **fields)


@pytest.mark.parametrize(
    ("kind", "fields", "raw", "value"),
    [
        (SettingKind.MODE, {"values": {0: "impulsive", 1: "blinking"}}, 1, "blinking"),
        (SettingKind.MODE, {"values": {0: "impulsive", 1: "blinking"}}, 7, None),
        (SettingKind.ON_TIME, {}, 25, 2.5),
        (SettingKind.ON_TIME, {}, 0, 0.0),
        (SettingKind.ON_TIME, {}, 0xFFFF, None),
    ],
)
def test_a_setting_is_a_word_or_seconds(kind: SettingKind, fields: Any, raw: int, value: Value | None) -> None:
    scale = Decimal("0.1") if kind is SettingKind.ON_TIME else Decimal(1)
    row = register(7, slow=True, scale=scale, invalid=frozenset({0xFFFF}))
    known = setting(kind, row, **fields)
    assert value_of(profile(settings={known.key: known}), known.key, {row: [raw]}.get) == value


@pytest.mark.parametrize(
    ("partner", "error", "value"),
    [
        (12, 0, LinkValue("event", 12, error=False)),
        (12, 1, LinkValue("event", 12, error=True)),
        (0, 0, LinkValue("event", None, error=False)),
        (0xFFFF, 0, LinkValue("event", None, error=False)),
        (12, None, LinkValue("event", 12, None)),
    ],
)
def test_a_link_names_its_partner(partner: int, error: int | None, value: LinkValue) -> None:
    row, bad = register(1, invalid=frozenset({0xFFFF})), register(2)
    link = EmsLink(role="event", partner=row, error=None if error is None else bad)
    words = {row: [partner], bad: [error or 0]}
    assert value_of(profile(links={"link_1": link}), "link_1", words.get) == value


CONTACTS = {"closed": discrete(0), "tripped": discrete(1)}
MODE = setting(SettingKind.MODE, register(200, slow=True), values={0: "impulsive", 1: "blinking"})
ALL: Profile = profile(
    [measure("voltage_l1", register(0))],
    read=ReadRules(max_words=8),
    states={
        "breaker": state("breaker", StateKind.BREAKER, contacts=CONTACTS),
        "output_1": state(
            "output_1",
            StateKind.OUTPUT,
            register=register(100),
            valid_if=Condition(register="type", values=frozenset({2})),
        ),
    },
    settings={MODE.key: MODE},
    links={"link_1": EmsLink(role="action", partner=register(300))},
    registers={"type": TYPE},
)
MEMORY = {
    (HOLDING, 0): 230,
    (Space.DISCRETE, 0): 1,
    (HOLDING, 100): 1,
    (HOLDING, 50): 2,
    (HOLDING, 200): 1,
    (HOLDING, 300): 12,
}
KEYS = frozenset({"voltage_l1", "breaker", "output_1", MODE.key, "link_1"})


def test_one_target_reads_measures_states_settings_and_links() -> None:
    async def main() -> Mapping[str, Value | None]:
        reader = UnitReader(client_of(FakeUnit(MEMORY)), clock=now)
        return (await reader.read([Target(profile=ALL, keys=KEYS)], Priority.STATUS))[0].values

    assert run(main()) == {
        "voltage_l1": 230.0,
        "breaker": "closed",
        "output_1": "on",
        MODE.key: "blinking",
        "link_1": LinkValue("action", 12, None),
    }


def test_a_state_needs_its_contacts_and_its_condition() -> None:
    assert set(rows_of(ALL, ("breaker",))) == set(CONTACTS.values())
    assert set(rows_of(ALL, ("output_1",))) == {register(100), TYPE}


def test_a_refused_contact_makes_the_state_unsupported() -> None:
    async def main() -> None:
        unit = FakeUnit(MEMORY)
        unit.fault = lambda request: IllegalDataAddressError() if request[0] is Space.DISCRETE else None
        reader = UnitReader(client_of(unit), clock=now)
        reading = (await reader.read([Target(profile=ALL, keys=KEYS)], Priority.STATUS))[0]
        assert reading.unsupported == {"breaker"}
        assert reading.values["output_1"] == "on"

    run(main())


def test_two_readers_of_a_unit_share_its_silence() -> None:
    async def main() -> None:
        unit = FakeUnit(MEMORY)
        unit.fault = lambda _: ModbusTimeoutError()
        client = client_of(unit)
        measures = UnitReader(client, clock=now)
        states = UnitReader(client, clock=now, health=measures.health)
        with pytest.raises(UnitSilentError):
            await measures.read([Target(profile=ALL, keys=frozenset({"voltage_l1"}))], Priority.MEASURE)
        asked = len(unit.requests)
        with pytest.raises(UnitSilentError):
            await states.read([Target(profile=ALL, keys=frozenset({"breaker"}))], Priority.STATUS)
        assert len(unit.requests) == asked

    run(main())


def test_settings_are_read_again_after_they_were_written() -> None:
    async def main() -> None:
        unit = FakeUnit(MEMORY)
        reader = UnitReader(client_of(unit), clock=now)
        targets = [Target(profile=ALL, keys=frozenset({MODE.key}))]
        assert (await reader.read(targets, Priority.STATUS))[0].values == {MODE.key: "blinking"}
        unit.memory[HOLDING, 200] = 0
        assert (await reader.read(targets, Priority.STATUS))[0].values == {MODE.key: "blinking"}
        reader.forget_settings()
        assert (await reader.read(targets, Priority.STATUS))[0].values == {MODE.key: "impulsive"}

    run(main())


def test_a_poll_that_was_under_way_keeps_no_old_settings() -> None:
    async def main() -> None:
        unit = FakeUnit(MEMORY)
        reader = UnitReader(client_of(unit), clock=now)
        targets = [Target(profile=ALL, keys=frozenset({MODE.key, "breaker"}))]
        poll = asyncio.create_task(reader.read(targets, Priority.STATUS))
        await asyncio.sleep(0.065)
        assert (HOLDING, 200, 1) in unit.requests
        unit.memory[HOLDING, 200] = 0
        reader.forget_settings()
        await poll
        assert (await reader.read(targets, Priority.STATUS))[0].values[MODE.key] == "impulsive"

    run(main())


def test_a_refused_setting_is_unsupported() -> None:
    async def main() -> None:
        unit = FakeUnit(MEMORY)
        unit.fault = refuse(IllegalDataAddressError, [200])
        reader = UnitReader(client_of(unit), clock=now)
        reading = (await reader.read([Target(profile=ALL, keys=KEYS)], Priority.STATUS))[0]
        assert reading.unsupported == {MODE.key}

    run(main())


@pytest.mark.parametrize(
    ("off", "raw", "limit"),
    [(0, 0, 0.0), (0, 160, 16.0), (0xFFFF, 0xFFFF, 0.0), (0xFFFF, 0xFFFE, None), (None, 0, 0.0)],
)
def test_the_limit_of_a_charging_station(off: int | None, raw: int, limit: float | None) -> None:
    row = register(100, scale=Decimal("0.1"), invalid=frozenset({0xFFFE, 0xFFFF}))
    station = profile(charging=Charging(limit=row, off=off))
    assert list(rows_of(station, (LIMIT,))) == [row]
    assert value_of(station, LIMIT, {row: [raw]}.get) == limit
    with pytest.raises(NotReadError):
        value_of(station, LIMIT, lambda _: None)


def test_a_station_that_is_only_allowed_to_charge_has_no_limit_to_read() -> None:
    station = profile(charging=Charging())
    assert list(rows_of(station, (LIMIT,))) == []
    assert value_of(station, LIMIT, lambda _: None) is None
