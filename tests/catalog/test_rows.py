"""Single registers: types, units, addresses."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.catalog import UNIT_FACTORS, DataType, Register, Space

from .support import HEAD, load, only_error

if TYPE_CHECKING:
    from pathlib import Path

IN_FOLDER = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def row(tmp_path: Path, fields: str, *, read: str = "{}", key: str = "power") -> Register:
    """Return the register of a measure with these fields."""
    catalog = load(tmp_path, mine=f"{HEAD}read: {read}\nmeasures:\n  {key}: {{{fields}}}\n")
    assert catalog.errors == []
    return catalog.profiles["mine"].measures[key].parts[0]


def test_what_a_row_does_not_say(tmp_path: Path) -> None:
    assert row(tmp_path, "address: 7") == Register(address=7)


def test_what_a_row_says(tmp_path: Path) -> None:
    fields = (
        "address: 0x10, function: 4, type: s32, words: 2, word_order: little, scale: -0.01, invalid: [1], slow: true"
    )
    assert row(tmp_path, fields) == Register(
        address=16,
        type=DataType.S32,
        words=2,
        space=Space.INPUT,
        word_order="little",
        scale=Decimal("-0.01"),
        invalid=frozenset({1}),
        slow=True,
    )


def test_what_all_rows_share(tmp_path: Path) -> None:
    register = row(tmp_path, "address: 7", read="{function: 4, word_order: little, invalid: [0xFFFF]}")
    assert register == Register(address=7, space=Space.INPUT, word_order="little", invalid=frozenset({0xFFFF}))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("type: u16", {0x8000, 0xFFFF}),
        ("type: s16", {0x8000, 0xFFFF}),
        ("type: u32", {0x7FFFFFFF}),
        ("type: f32", {0x7FFFFFFF}),
        ("type: u64", {0x7FFFFFFFFFFFFFFF}),
        ("type: u16, invalid: []", set()),
        ("type: u32, invalid: [0xFFFF]", {0xFFFF}),
        ("type: bit, bit: 3", set()),
    ],
)
def test_shared_markers_of_no_value_go_to_rows_of_their_width(tmp_path: Path, fields: str, expected: set[int]) -> None:
    read = "{invalid: [0x8000, 0xFFFF, 0x7FFFFFFF, 0x7FFFFFFFFFFFFFFF]}"
    assert row(tmp_path, f"address: 7, {fields}", read=read, key="input_states").invalid == expected


@IN_FOLDER
@given(st.decimals(min_value="1e-9", max_value="1e9", places=9), st.booleans())
def test_a_scale_keeps_every_digit(tmp_path: Path, number: Decimal, negative: bool) -> None:  # noqa: FBT001
    text = f"{'-' if negative else ''}{number:f}"
    assert row(tmp_path, f"address: 7, scale: {text}").scale == Decimal(text)


@pytest.mark.parametrize(
    ("key", "unit", "factor"),
    [
        ("power", "W", 1),
        ("power", "kW", 1000),
        ("current_l1", "mA", Decimal("0.001")),
        ("energy_import", "MWh", 1000000),
        ("reactive_energy_import", "kvarh", 1000),
        ("volume", "m³", 1000),
        ("temperature", "°C", 1),
        ("operating_time", "s", UNIT_FACTORS["s"][1]),
    ],
)
def test_a_unit_scales_to_the_base_unit(tmp_path: Path, key: str, unit: str, factor: Decimal) -> None:
    assert row(tmp_path, f'address: 7, unit: "{unit}", scale: 0.5', key=key).scale == factor * Decimal("0.5")


def test_registers_without_a_quantity_take_any_known_unit(tmp_path: Path) -> None:
    body = "registers:\n  rated: {address: 5, unit: kA}\n  limit: {address: 6, unit: A}\n"
    registers = load(tmp_path, mine=HEAD + body).profiles["mine"].registers
    assert (registers["rated"].scale, registers["limit"].scale) == (1000, 1)


def test_bits_of_words_and_of_coils(tmp_path: Path) -> None:
    body = (
        "measures:\n"
        "  one: {address: 5, type: bit, bit: 0, name: One}\n"
        "  two: {address: 5, function: 1, type: bit, name: Two}\n"
        "  three: {address: 5, function: 2, type: bit, name: Three}\n"
    )
    measures = load(tmp_path, mine=HEAD + body).profiles["mine"].measures
    found = [(measures[key].parts[0].space, measures[key].parts[0].bit) for key in ("one", "two", "three")]
    assert found == [(Space.HOLDING, 0), (Space.COIL, None), (Space.DISCRETE, None)]


@pytest.mark.parametrize(
    ("fields", "field", "reason"),
    [
        ("type: bit", "bit", "is missing: which bit"),
        ("type: u16, bit: 3", "bit", "only a row of type bit"),
        ("function: 1", "type", "function 1 reads bits"),
        ("function: 2, type: u16", "type", "function 2 reads bits"),
        ("function: 1, type: bit, bit: 0", "bit", "function 1 reads single bits"),
        ("type: text", "words", "is missing: how many words"),
        ("type: u32, words: 1", "words", "u32 takes 2, not 1"),
        ("type: text, words: 33", "type", "takes 33 words, one read at most 32"),
        ("type: text, words: 2, scale: 2", "scale", "text cannot be scaled"),
        ("type: bit, bit: 1, unit: W", "unit", "bit has no unit"),
        ("type: text, words: 2, invalid: [1]", "invalid", "text has no such values"),
        ("type: u16, invalid: [5, 65536]", "invalid", "u16 cannot hold 65536"),
    ],
)
def test_fields_that_do_not_fit_the_type(tmp_path: Path, fields: str, field: str, reason: str) -> None:
    line, key, found = only_error(tmp_path, f"{HEAD}measures:\n  odd: {{address: 5, {fields}, name: Odd}}\n")
    assert (line, key) == (6, f"measures.odd.{field}")
    assert reason in found


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ("address: 65535, type: u32", "65535 to 65536 goes beyond address 65535"),
        ("address: 99", "99 to 99 is in none of the groups of function 3"),
        ("address: 109, type: u32", "109 to 110 is in none of the groups of function 3"),
        ("address: 119, type: u64", "119 to 122 is in none of the groups"),
        ("address: 100, function: 4", "100 to 100 is in none of the groups of function 4"),
        ("address: 200", "200 to 200 is in none of the groups of function 3"),
    ],
)
def test_a_row_outside_the_groups(tmp_path: Path, fields: str, reason: str) -> None:
    groups = (
        "read:\n  groups:\n    - {start: 100, words: 10}\n    - {start: 110, words: 10}\n"
        "    - {start: 200, words: 5, function: 4}\n"
    )
    line, key, found = only_error(tmp_path, f"{HEAD}{groups}measures:\n  power: {{{fields}}}\n")
    assert (line, key) == (11, "measures.power.address")
    assert reason in found


@pytest.mark.parametrize("section", ["registers:\n  ratio", "identity:\n  serial", "measures:\n  power"])
def test_every_polled_row_lies_in_a_group(tmp_path: Path, section: str) -> None:
    groups = "read:\n  groups:\n    - {start: 100, words: 10}\n"
    line, _, reason = only_error(tmp_path, f"{HEAD}{groups}{section}: {{address: 5}}\n")
    assert (line, "none of the groups" in reason) == (9, True)


def test_groups_hold_what_lies_in_them(tmp_path: Path) -> None:
    read = "{groups: [{start: 100, words: 10}, {start: 0, words: 8, function: 1}, {start: 65535, words: 1}]}"
    assert row(tmp_path, "address: 108, type: u32", read=read).address == 108
    assert row(tmp_path, "address: 65535", read=read).address == 65535
    assert row(tmp_path, "address: 7, function: 1, type: bit", read=read).space is Space.COIL


def test_a_group_behind_the_last_address(tmp_path: Path) -> None:
    body = "read:\n  groups:\n    - {start: 65530, words: 6}\n    - {start: 65530, words: 7}\n"
    assert only_error(tmp_path, HEAD + body)[:2] == (8, "read.groups[1].words")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ("address: 769, type: u32", None),
        ("address: 773, type: u32", None),
        ("address: 787, type: u16", None),
        ("address: 787, type: u32", "787 to 790 is in none of the groups"),
        ("address: 770, type: u16", "770 is not the start of a word in its group"),
    ],
)
def test_addresses_that_count_bytes(tmp_path: Path, fields: str, reason: str | None) -> None:
    read = "{addresses: byte, groups: [{start: 769, words: 10}]}"
    if reason is None:
        assert row(tmp_path, fields, read=read)
    else:
        assert reason in only_error(tmp_path, f"{HEAD}read: {read}\nmeasures:\n  power: {{{fields}}}\n")[2]


def test_the_last_address_where_addresses_count_bytes(tmp_path: Path) -> None:
    assert row(tmp_path, "address: 65532, type: u32", read="{addresses: byte}").address == 65532
    text = f"{HEAD}read: {{addresses: byte}}\nmeasures:\n  power: {{address: 65533, type: u32}}\n"
    assert "goes beyond" in only_error(tmp_path, text)[2]


def test_a_group_of_bytes_behind_the_last_address(tmp_path: Path) -> None:
    body = "read: {addresses: byte, groups: [{start: 65530, words: 4}]}\n"
    assert only_error(tmp_path, HEAD + body)[1] == "read.groups[0].words"


@pytest.mark.parametrize(
    ("body", "key", "reason"),
    [
        ("measures:\n  power: {address: 1, unit: kWh}\n", "measures.power.unit", "expected one of W, mW, kW, MW"),
        ("measures:\n  power_factor: {address: 1, unit: W}\n", "measures.power_factor.unit", "a pure number"),
        ("registers:\n  ratio: {address: 1, unit: apples}\n", "registers.ratio.unit", "apples is no known unit"),
    ],
)
def test_units_that_do_not_fit(tmp_path: Path, body: str, key: str, reason: str) -> None:
    found = only_error(tmp_path, HEAD + body)
    assert found[:2] == (6, key)
    assert reason in found[2]
