"""What a charging station can be told, and its two sides."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.catalog import Charging, Profile, Register, Space, Write

from .support import CONTROLS, FIRST, HEAD, STATION, load, only_error
from .test_rows import IN_FOLDER

if TYPE_CHECKING:
    from pathlib import Path

CHARGE = "states:\n  charge: {address: 10, values: {0: free, 2: charging}}\ncharging:\n"
"""Three lines: with the head before, what follows starts in line 8."""
LEAVE = "  allow: {address: 1, value: 1}\n  forbid: {address: 1, value: 0}\n"


def build(tmp_path: Path, body: str) -> Profile:
    """Return the profile of a user's file."""
    catalog = load(tmp_path, mine=HEAD + body)
    assert catalog.errors == []
    return catalog.profiles["mine"]


def one(address: int, value: int) -> Write:
    """Return a write with function 6."""
    return Write(space=Space.HOLDING, address=address, values=(value,), single=True)


def test_a_station_is_told_a_limit_and_the_leave_to_charge(tmp_path: Path) -> None:
    profile = build(tmp_path, STATION)
    assert profile.charging == Charging(
        limit=Register(address=100, scale=Decimal("0.1")),
        single=True,
        minimum=6.0,
        maximum=32.0,
        off=0,
        allow=(one(101, 1),),
        forbid=(Write(space=Space.HOLDING, address=102, values=(7, 8)), one(101, 0)),
        refresh=60.0,
    )
    assert profile.stride is None
    assert profile.vouched


def test_a_station_that_can_only_be_told_to_charge_or_not(tmp_path: Path) -> None:
    charging = build(tmp_path, CHARGE + LEAVE).charging
    assert charging is not None
    assert (charging.limit, charging.off, charging.refresh) == (None, None, None)
    assert (charging.minimum, charging.maximum) == (6.0, math.inf)


@pytest.mark.parametrize("more", ["", "  allow: {address: 1, value: 1}\n"])
def test_off_is_enough_to_stop_a_car(tmp_path: Path, more: str) -> None:
    charging = build(
        tmp_path, f"{CHARGE}  limit: {{address: 1, minimum: 6, maximum: 32, off: 0xFFFF}}\n{more}"
    ).charging
    assert charging is not None
    assert (charging.off, charging.single, charging.forbid) == (0xFFFF, False, ())


@IN_FOLDER
@given(
    st.sampled_from([("u16", 0xFFFF), ("s16", 0x7FFF), ("u32", 0xFFFFFFFF)]),
    st.sampled_from(["1", "0.5", "0.1", "0.01", "0.001"]),
    st.integers(1, 50_000),
    st.integers(1, 50_000),
)
def test_both_ends_of_a_limit_can_be_told(
    tmp_path: Path, kind: tuple[str, int], scale: str, minimum: int, maximum: int
) -> None:
    low, high = (Decimal(milliamperes) / 1000 for milliamperes in (minimum, maximum))
    row = f"{{address: 1, type: {kind[0]}, scale: {scale}, minimum: {low}, maximum: {high}, off: 0}}"
    catalog = load(tmp_path, mine=f"{HEAD}{CHARGE}  limit: {row}\n")
    fits = not low % Decimal(scale) and not high % Decimal(scale) and low <= high <= kind[1] * Decimal(scale)
    assert ("mine" in catalog.profiles) == fits
    assert all(error.key.startswith("charging.limit.m") for error in catalog.errors)


@pytest.mark.parametrize(
    ("limit", "field", "reason"),
    [
        ("minimum: 6, off: 0", "maximum", "is missing"),
        ("minimum: 0, maximum: 32, off: 0", "minimum", "outside"),
        ("minimum: -6, maximum: 32, off: 0", "minimum", "is negative"),
        ("minimum: 16, maximum: 6, off: 0", "maximum", "is below the minimum"),
        ("minimum: 6.5, maximum: 32, off: 0", "minimum", "6.5 A is no multiple of 1 A"),
        ("minimum: 6, maximum: 32.2, scale: 0.5, off: 0", "maximum", "32.2 A is no multiple of 0.5 A"),
        ("minimum: 6, maximum: 32, scale: 0.0002, off: 0", "maximum", "the register holds 13.1070 A at most"),
        ("type: s16, minimum: 6, maximum: 33, scale: 0.001, off: 0", "maximum", "holds 32.767 A at most"),
        ("minimum: 6, maximum: 32, scale: -1, off: 0", "scale", "is negative"),
        ("minimum: 6, maximum: 32, off: 70000", "off", "u16 cannot hold 70000"),
        ("minimum: 6, maximum: 32, off: 6", "off", "6 is also a limit between minimum and maximum"),
        ("minimum: 6, maximum: 32, off: 32", "off", "32 is also a limit"),
        ("minimum: 6, maximum: 32, off: 0, invalid: [5, 7, 32]", "invalid", "7, 32 is also a limit"),
        ("type: f32, minimum: 6, maximum: 32, off: 0", "type", "one of u16, s16, u32, not f32"),
        ("type: bit, function: 1, minimum: 6, maximum: 32, off: 0", "", ""),
        ("function: 4, minimum: 6, maximum: 32, off: 0", "function", "what function 4 reads cannot be written"),
        ("type: u32, write: 6, minimum: 6, maximum: 32, off: 0", "write", "writes one register, u32 takes 2"),
        ("write: 15, minimum: 6, maximum: 32, off: 0", "write", "expected one of 6, 16"),
        ("minimum: 6, maximum: 32, off: 0, unit: A", "unit", "unknown field"),
    ],
)
def test_a_limit_that_makes_no_sense(tmp_path: Path, limit: str, field: str, reason: str) -> None:
    errors = load(tmp_path, mine=f"{HEAD}{CHARGE}  limit: {{address: 1, {limit}}}\n").errors
    assert {error.line for error in errors} == {8}
    if field:
        assert [error.key for error in errors] == [f"charging.limit.{field}"]
        assert reason in errors[0].reason


@pytest.mark.parametrize(
    ("body", "line", "key", "reason"),
    [
        (CHARGE + "  refresh: 60\n", 7, "charging.limit", "told a limit, or allow and forbid"),
        (CHARGE + "  allow: {address: 1, value: 1}\n", 7, "charging.forbid", "without a limit, allow needs it"),
        (CHARGE + "  forbid: {address: 1, value: 1}\n", 7, "charging.allow", "forbid needs it"),
        (
            CHARGE + "  limit: {address: 1, minimum: 6, maximum: 9}\n  forbid: {address: 1, value: 1}\n",
            7,
            "charging.allow",
            "forbid needs it",
        ),
        (CHARGE + "  limit: {address: 1, minimum: 6, maximum: 9}\n", 8, "charging.limit", "needs off"),
        (CHARGE + "  refresh: 4.9\n" + LEAVE, 8, "charging.refresh", "4.9 is not between 5 and 3600"),
        (CHARGE + "  refresh: 3601\n" + LEAVE, 8, "charging.refresh", "3601 is not between 5 and 3600"),
        (CHARGE + LEAVE + "  begin: 1\n", 10, "charging.begin", "unknown field"),
        (
            CHARGE + "  allow: {address: 1, value: 1}\n  forbid: {address: 1, value: 2, write: 5}\n",
            9,
            "charging.forbid.value",
            "0 or 1, not 2",
        ),
        (
            CHARGE + "  allow: {address: 1, value: 1}\n  forbid:\n    writes: [{address: 65535, value: [1, 2]}]\n",
            10,
            "charging.forbid.writes[0].address",
            "65535 to 65536 goes beyond",
        ),
        (
            CHARGE + "  allow: {address: 1, value: 1, within: 3}\n  forbid: {address: 1, value: 0}\n",
            8,
            "charging.allow.within",
            "unknown field",
        ),
        ("charging:\n" + LEAVE, 5, "charging", "needs the state charge"),
        (
            "measures: {charging_limit: {address: 1, name: Mine}}\n" + CHARGE + LEAVE,
            8,
            "charging",
            "charging_limit is the key of its limit and of a measure",
        ),
        (
            CHARGE.replace("charging:", "  charging_limit: {address: 2, name: Mine}\ncharging:") + LEAVE,
            7,
            "states.charging_limit",
            "also the key of the limit",
        ),
        (
            "read: {groups: [{start: 10, words: 1}]}\n"
            + CHARGE
            + "  limit: {address: 1, minimum: 6, maximum: 9, off: 0}\n",
            9,
            "charging.limit.address",
            "none of the groups",
        ),
        ("sides: {stride: 0}\n", 5, "sides.stride", "0 is not between 1 and 65535"),
        ("sides: {}\n", 5, "sides.stride", "is missing"),
        (
            "measures:\n  power: {address: 65535}\nsides: {stride: 1}\n",
            6,
            "measures.power.address",
            "right side: 65536 to 65536 goes beyond",
        ),
        (
            "commands:\n  output:\n    on: {address: 65000, value: 1}\nsides: {stride: 600}\n",
            7,
            "commands.output.on.address",
            "right side: 65600 to 65600 goes beyond",
        ),
        (
            "read: {groups: [{start: 0, words: 10}]}\nidentity:\n  serial: {address: 5}\nsides: {stride: 6}\n",
            7,
            "identity.serial.address",
            "right side: 11 to 11 is in none of the groups",
        ),
    ],
)
def test_what_makes_no_sense_is_told_with_line_and_key(
    tmp_path: Path, body: str, line: int, key: str, reason: str
) -> None:
    found = only_error(tmp_path, HEAD + body)
    assert found[:2] == (line, key)
    assert reason in found[2]


INPUTS = "inputs:\n  count: 2\n  measures:\n    pulses: {address: 1, stride: 1}\n"
WHOLE = (
    FIRST.replace("  groups:\n    - {start: 0x1000, words: 100}\n    - {start: 0x1200, words: 10}\n", "")
    .replace("id: first", "id: mine")
    .replace("registers:\n", CONTROLS.split("states:", 1)[0])
    + "identity:\n  serial: {address: 9}\nprobes:\n  - {address: 3, equals: 1}\n"
    + "states:"
    + CONTROLS.split("states:", 1)[1].replace("commands:", "  charge: {address: 4, values: {0: free}}\ncommands:", 1)
    + "charging:"
    + STATION.split("charging:", 1)[1]
    + INPUTS
)
"""A map with every kind of row."""


def addresses(text: str, offset: int) -> str:
    """Return a map written again with each address ``offset`` further on, the probes left where they are."""
    lines = []
    for line in text.splitlines():
        words = line.split("address: ")
        moved = [words[0]]
        for word in words[1:]:
            end = next(at for at, letter in enumerate(word) if letter in ",}")
            moved.append(f"{int(word[:end], 0) + offset}{word[end:]}")
        lines.append(line if "equals" in line else "address: ".join(moved))
    return "\n".join(lines)


@IN_FOLDER
@given(st.integers(1, 1000))
def test_the_right_side_is_the_same_map_so_much_further(tmp_path: Path, stride: int) -> None:
    catalog = load(tmp_path, mine=f"{WHOLE}sides: {{stride: {stride}}}\n")
    assert catalog.errors == []
    left = catalog.profiles["mine"]
    assert left.stride == stride
    assert left.on_side(right=False) is left
    catalog = load(tmp_path, mine=addresses(WHOLE, stride))
    assert catalog.errors == []
    right = left.on_side(right=True)
    assert right == catalog.profiles["mine"]
    assert right.on_side(right=True) is right


def test_groups_stay_where_they_are(tmp_path: Path) -> None:
    left = build(
        tmp_path, "read: {groups: [{start: 0, words: 10}]}\nidentity: {serial: {address: 1}}\nsides: {stride: 6}"
    )
    right = left.on_side(right=True)
    assert (right.read, right.identity["serial"].address) == (left.read, 7)


def test_without_a_stride_both_sides_have_one_map(tmp_path: Path) -> None:
    profile = build(tmp_path, STATION)
    assert profile.on_side(right=True) is profile


def test_an_input_is_told_nothing(tmp_path: Path) -> None:
    assert build(tmp_path, STATION + INPUTS).at_position(1).charging is None
