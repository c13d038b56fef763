"""What rows mean to each other: references, sums, rollovers, options, pulse inputs."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.catalog import (
    Condition,
    Confidence,
    DataType,
    Measure,
    Probe,
    Profile,
    ReadRules,
    Register,
    Scale,
    Space,
)

from .support import HEAD, load, only_error
from .test_rows import IN_FOLDER

if TYPE_CHECKING:
    from pathlib import Path

REGISTERS = """\
registers:
  ct: {address: 1, slow: true}
  sign: {address: 2}
  label: {address: 3, type: f32}
"""
"""Four lines: with the head before, what follows starts in line 9."""


def build(tmp_path: Path, body: str) -> Profile:
    """Return the profile of a user's file."""
    catalog = load(tmp_path, mine=HEAD + body)
    assert catalog.errors == []
    return catalog.profiles["mine"]


def test_the_head(tmp_path: Path) -> None:
    profile = build(tmp_path, 'models: ["4 120 45", 046680, 412045]\n')
    assert profile == Profile(
        id="mine",
        name="Mine",
        source="my paper",
        confidence=Confidence.MANUFACTURER,
        models=("412045", "046680", "412045"),
        user=True,
        vouched=True,
        path=str(tmp_path / "profiles" / "mine.yaml"),
    )


def test_the_rules_of_reading(tmp_path: Path) -> None:
    groups = "[{start: 1, words: 9}, {start: 20, words: 5, function: 3}]"
    body = f"read: {{function: 4, max_words: 125, addresses: byte, groups: {groups}}}\n"
    assert build(tmp_path, body).read == ReadRules(
        max_words=125,
        groups=((Space.INPUT, 1, 9), (Space.HOLDING, 20, 5)),
        byte_addresses=True,
    )
    assert build(tmp_path, "").read == ReadRules()


def test_a_measure_with_scale_sign_and_condition(tmp_path: Path) -> None:
    profile = build(
        tmp_path,
        REGISTERS
        + "scales:\n  ratio: {product: [ct, label], steps: [[10, 0.1], [100.5, 1]], above: 10}\n"
        + "  weight: {code: ct, values: {0: 0.01, 0x10: 1}}\n"
        + "measures:\n  power: {address: 5, scale_from: ratio, sign_from: sign,\n"
        + "    valid_if: {register: ct, in: [0, 3]}}\n",
    )
    assert profile.scales == {
        "ratio": Scale(
            registers=("ct", "label"),
            steps=((Decimal(10), Decimal("0.1")), (Decimal("100.5"), Decimal(1)), (Decimal("Infinity"), Decimal(10))),
        ),
        "weight": Scale(registers=("ct",), values={0: Decimal("0.01"), 16: Decimal(1)}),
    }
    assert profile.measures["power"] == Measure(
        key="power",
        parts=(Register(address=5),),
        scale="ratio",
        sign="sign",
        valid_if=Condition(register="ct", values=frozenset({0, 3})),
    )


def test_options_and_quantities_of_ones_own(tmp_path: Path) -> None:
    measures = build(
        tmp_path,
        "measures:\n"
        "  power_factor_sector: {address: 5, values: {0: unity, 1: inductive}}\n"
        '  gearbox: {address: 6, type: s16, scale: 0.1, name: "Gearbox temperature", unit: "°C"}\n'
        "  door: {address: 7, type: bit, bit: 2, values: {0: closed, 1: open}, name: Door}\n"
        "  label: {address: 8, type: text, words: 4, name: Label}\n"
        "  since: {address: 12, type: date, name: Since}\n"
        "  strokes: {address: 14, type: u32, name: Strokes, modulus: 1000000, unit: kWh}\n",
    ).measures
    assert measures["power_factor_sector"].values == {0: "unity", 1: "inductive"}
    assert (measures["gearbox"].name, measures["gearbox"].unit) == ("Gearbox temperature", "°C")
    assert measures["gearbox"].parts[0].scale == Decimal("0.1")
    assert measures["door"].values == {0: "closed", 1: "open"}
    assert (measures["label"].parts[0].type, measures["label"].parts[0].words) == (DataType.TEXT, 4)
    assert (measures["since"].parts[0].type, measures["since"].parts[0].words) == (DataType.DATE, 2)
    assert (measures["strokes"].modulus, measures["strokes"].parts[0].scale) == (1000000, 1)


def test_a_sum_of_kilo_and_rest(tmp_path: Path) -> None:
    measure = build(
        tmp_path,
        "measures:\n  energy_import:\n    unit: kWh\n    slow: true\n    sum:\n"
        "      - {address: 5, type: u32}\n      - {address: 7, scale: 0.1, unit: Wh, slow: false}\n",
    ).measures["energy_import"]
    assert measure.parts == (
        Register(address=5, type=DataType.U32, words=2, scale=Decimal(1000), slow=True),
        Register(address=7, scale=Decimal("0.1")),
    )


@pytest.mark.parametrize(
    ("key", "fields", "modulus"),
    [
        ("energy_import", "type: u32", Decimal(2**32)),
        ("energy_import", "type: u16, unit: kWh, scale: 0.1", Decimal(2**16 * 100)),
        ("energy_import", "type: u64", Decimal(2**64)),
        ("volume", "type: u32, unit: m³", Decimal(2**32 * 1000)),
        ("pulses", "type: u32, scale: 2", Decimal(2**33)),
        ("energy_import", "type: s32", None),
        ("energy_import", "type: f32, unit: kWh", None),
        ("energy_import", "type: u32, unit: kWh, scale: 0.1, modulus: 10000000", Decimal(10**10)),
        ("power", "type: u32", None),
    ],
)
def test_where_a_counter_rolls_over(tmp_path: Path, key: str, fields: str, modulus: Decimal | None) -> None:
    assert build(tmp_path, f"measures:\n  {key}: {{address: 5, {fields}}}\n").measures[key].modulus == modulus


@pytest.mark.parametrize(
    ("extra", "modulus"),
    [("", Decimal(2**32 * 1000)), (", modulus: 100000000", Decimal(10**11))],
)
def test_a_sum_rolls_over_with_its_coarsest_part(tmp_path: Path, extra: str, modulus: Decimal) -> None:
    parts = "[{address: 5, type: u32, unit: kWh}, {address: 7, scale: 0.1}]"
    measures = build(tmp_path, f"measures:\n  energy_import: {{sum: {parts}{extra}}}\n").measures
    assert measures["energy_import"].modulus == modulus


def test_probes_may_lie_outside_the_groups(tmp_path: Path) -> None:
    probes = build(
        tmp_path,
        "read: {invalid: [0xFFFF], groups: [{start: 1000, words: 5}]}\nprobes:\n"
        "  - {address: 5, equals: 0xFFFF}\n  - {address: 6, type: text, words: 8, starts_with: Countis E14}\n"
        "  - {address: 7, function: 2, type: bit, equals: 1}\n",
    ).probes
    assert probes == (
        Probe(register=Register(address=5), equals=0xFFFF),
        Probe(register=Register(address=6, type=DataType.TEXT, words=8), starts_with="countis e14"),
        Probe(register=Register(address=7, type=DataType.BIT, space=Space.DISCRETE), equals=1),
    )


def test_identity(tmp_path: Path) -> None:
    identity = build(tmp_path, "identity:\n  serial: {address: 5, type: text, words: 4}\n  firmware: {address: 9}\n")
    assert identity.identity == {
        "serial": Register(address=5, type=DataType.TEXT, words=4),
        "firmware": Register(address=9),
    }


INPUTS = """\
registers:
  mode: {address: 0, slow: true}
inputs:
  count: 7
  registers:
    weight: {address: 0x0107, stride: 1, slow: true}
  scales:
    weight: {code: weight, values: {0: 0.01, 1: 0.1, 2: 1}}
  measures:
    pulses: {address: 0x0300, stride: 2, type: u32, scale_from: weight, valid_if: {register: mode, in: [1]}}
    energy_import:
      sum:
        - {address: 0x0400, stride: 4, type: u32, unit: kWh}
        - {address: 0x0500, stride: 1}
"""


@IN_FOLDER
@given(st.integers(1, 7))
def test_each_pulse_input_has_its_own_registers(tmp_path: Path, position: int) -> None:
    profile = build(tmp_path, INPUTS).at_position(position)
    step = position - 1
    assert profile.registers["weight"].address == 0x0107 + step
    assert profile.registers["mode"].address == 0
    assert profile.scales["weight"].registers == ("weight",)
    assert profile.measures["pulses"].parts[0].address == 0x0300 + 2 * step
    assert [part.address for part in profile.measures["energy_import"].parts] == [0x0400 + 4 * step, 0x0500 + step]
    assert profile.measures["pulses"].modulus == 2**32


@pytest.mark.parametrize("position", [0, 8])
def test_an_input_that_is_not_there(tmp_path: Path, position: int) -> None:
    with pytest.raises(ValueError, match=f"has no input {position}"):
        build(tmp_path, INPUTS).at_position(position)


@pytest.mark.parametrize(
    ("body", "line", "key", "reason"),
    [
        (
            "measures:\n  power: {address: 5, scale_from: ratio}\n",
            10,
            "measures.power.scale_from",
            "there is no scale ratio",
        ),
        (
            "measures:\n  power: {address: 5, sign_from: sing}\n",
            10,
            "measures.power.sign_from",
            "there is no register sing: did you mean sign?",
        ),
        ("measures:\n  power: {address: 5, sign_from: label}\n", 10, "measures.power.sign_from", "label is f32"),
        (
            "measures:\n  power: {address: 5, valid_if: {register: mode, in: [1]}}\n",
            10,
            "measures.power.valid_if.register",
            "there is no register mode",
        ),
        (
            "scales:\n  ratio: {product: [ct, vt], steps: [[1, 1]], above: 2}\n",
            10,
            "scales.ratio.product[1]",
            "there is no register vt",
        ),
        ("scales:\n  ratio: {code: vt, values: {1: 1}}\n", 10, "scales.ratio.code", "there is no register vt"),
        ("scales:\n  ratio: {code: label, values: {1: 1}}\n", 10, "scales.ratio.code", "label is f32"),
        ("scales:\n  ratio: {values: {1: 1}}\n", 10, "scales.ratio.code", "is missing: a scale needs code, values"),
        ("scales:\n  ratio: {code: ct}\n", 10, "scales.ratio.values", "is missing"),
        ("scales:\n  ratio: {product: [ct], above: 2}\n", 10, "scales.ratio.steps", "is missing"),
        ("scales:\n  ratio: {product: [ct], steps: [[1, 1]]}\n", 10, "scales.ratio.above", "is missing"),
        ("scales:\n  ratio: {product: [], steps: [[1, 1]], above: 1}\n", 10, "scales.ratio.product", "is missing"),
        (
            "scales:\n  ratio: {code: ct, values: {1: 1}, above: 1}\n",
            10,
            "scales.ratio.above",
            "does not go together with code",
        ),
        (
            "scales:\n  ratio: {product: [ct], steps: [[1, 1], [2]], above: 1}\n",
            10,
            "scales.ratio.steps[1]",
            "expected a limit and a factor",
        ),
        (
            "scales:\n  ratio:\n    product: [ct]\n    above: 1\n    steps:\n      - [2, 1]\n      - [2, 3]\n",
            15,
            "scales.ratio.steps[1]",
            "the limit 2 is not above the one before",
        ),
        (
            "measures:\n  voltge_l1: {address: 5}\n",
            10,
            "measures.voltge_l1.name",
            "is missing: voltge_l1 is no known quantity: did you mean voltage_l1?",
        ),
        (
            "measures:\n  xyzzy: {address: 5}\n",
            10,
            "measures.xyzzy.name",
            "is missing: xyzzy is no known quantity; a quantity of your own needs a name",
        ),
        ("measures:\n  My Own: {address: 5, name: Own}\n", 10, "measures.My Own", "starts with a letter"),
        ("measures:\n  power: {address: 5, name: Power}\n", 10, "measures.power.name", "it has its own name"),
        ("measures:\n  energy_import: {sum: [{address: 5}]}\n", 10, "measures.energy_import.sum", "at least two"),
        ("measures:\n  energy_import: {sum: []}\n", 10, "measures.energy_import.sum", "at least two"),
        (
            "measures:\n  own: {name: Own, sum: [{address: 5}, {address: 6, unit: W}]}\n",
            10,
            "measures.own.sum[1].unit",
            "one unit",
        ),
        (
            "measures:\n  own: {name: Own, sum: [{address: 5}, {address: 6, type: text, words: 1}]}\n",
            10,
            "measures.own.sum",
            "text cannot be added up",
        ),
        ("measures:\n  power: {address: 5, type: text, words: 2}\n", 10, "measures.power.type", "power is no text"),
        ("measures:\n  power: {address: 5, type: date}\n", 10, "measures.power.type", "power is no date"),
        ("measures:\n  wiring: {address: 5}\n", 10, "measures.wiring.values", "is missing: what each number means"),
        ("measures:\n  wiring: {address: 5, values: {}}\n", 10, "measures.wiring.values", "is missing"),
        (
            "measures:\n  power: {address: 5, values: {1: on}}\n",
            10,
            "measures.power.values",
            "power is no enumeration",
        ),
        (
            "measures:\n  wiring: {address: 5, type: f32, values: {1: on}}\n",
            10,
            "measures.wiring.values",
            "only whole numbers",
        ),
        (
            "measures:\n  wiring: {address: 5, scale: 2, values: {1: on}}\n",
            10,
            "measures.wiring.values",
            "does not go together with scale",
        ),
        ("measures:\n  power: {address: 5, modulus: 9}\n", 10, "measures.power.modulus", "power does not count"),
        (
            "measures:\n  own: {address: 5, name: Own, type: date, modulus: 9}\n",
            10,
            "measures.own.modulus",
            "date does not count",
        ),
        (
            "measures:\n  own: {address: 5, name: Own, type: date, sign_from: sign}\n",
            10,
            "measures.own.sign_from",
            "date has no sign",
        ),
        (
            (
                "scales:\n  ratio: {code: ct, values: {1: 1}}\n"
                "measures:\n  own: {address: 5, name: Own, type: date, scale_from: ratio}\n"
            ),
            12,
            "measures.own.scale_from",
            "date cannot be scaled",
        ),
        (
            "measures:\n  energy_import: {address: 5, scale: -1}\n",
            10,
            "measures.energy_import.scale",
            "cannot be negative",
        ),
        ("probes:\n  - {address: 5}\n", 10, "probes[0]", "expected one of equals and starts_with"),
        ("probes:\n  - {address: 5, equals: 1, starts_with: a}\n", 10, "probes[0]", "expected one of"),
        ("probes:\n  - {address: 5, starts_with: a}\n", 10, "probes[0].starts_with", "u16 is no text"),
        ("probes:\n  - {address: 5, equals: 65536}\n", 10, "probes[0].equals", "65536 is more than u16 can hold"),
        ("probes:\n  - {address: 5, type: f32, equals: 1}\n", 10, "probes[0].equals", "f32 is no whole number"),
        (
            "probes:\n  - {address: 5, type: bit, bit: 1, equals: 2}\n",
            10,
            "probes[0].equals",
            "2 is more than bit can hold",
        ),
        (
            "inputs:\n  count: 2\n  registers:\n    ct: {address: 5, stride: 1}\n",
            12,
            "inputs.registers.ct",
            "the name is used twice",
        ),
        (
            (
                "inputs:\n  count: 2\n  registers:\n    pulses: {address: 5, stride: 1}\n"
                "  measures:\n    pulses: {address: 9, stride: 1}\n"
            ),
            12,
            "inputs.registers.pulses",
            "the name is used twice",
        ),
        (
            (
                "scales:\n  ratio: {code: ct, values: {1: 1}}\n"
                "inputs:\n  count: 2\n  scales:\n    ratio: {code: ct, values: {1: 1}}\n"
            ),
            14,
            "inputs.scales.ratio",
            "the name is used twice",
        ),
        (
            "inputs:\n  count: 2\n  measures:\n    pulses: {address: 5, stride: 1, scale_from: weight}\n",
            12,
            "inputs.measures.pulses.scale_from",
            "there is no scale weight",
        ),
        (
            "inputs:\n  count: 4\n  measures:\n    pulses: {address: 65533, stride: 1}\n",
            12,
            "inputs.measures.pulses.address",
            "input 4: 65536 to 65536 goes beyond",
        ),
    ],
)
def test_rows_that_do_not_fit_each_other(tmp_path: Path, body: str, line: int, key: str, reason: str) -> None:
    found = only_error(tmp_path, HEAD + REGISTERS + body)
    assert found[:2] == (line, key)
    assert reason in found[2]


def test_registers_that_others_refer_to_are_numbers(tmp_path: Path) -> None:
    found = only_error(tmp_path, f"{HEAD}registers:\n  label: {{address: 5, type: text, words: 2}}\n")
    assert found == (6, "registers.label.type", "other rows refer to numbers, text is none")


def test_inputs_stay_inside_the_groups(tmp_path: Path) -> None:
    groups = "read: {groups: [{start: 100, words: 6}]}\n"
    rows = "inputs:\n  count: %d\n  measures:\n    pulses: {address: 100, stride: 2, type: u32}\n"
    assert build(tmp_path, groups + rows % 3).inputs
    found = only_error(tmp_path, HEAD + groups + rows % 4)
    assert found[:2] == (9, "inputs.measures.pulses.address")
    assert found[2].startswith("input 4: 106 to 107 is in none")
