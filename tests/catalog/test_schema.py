"""Which fields there are and what they may hold: each mistake is told with its line and key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .support import HEAD, load, only_error

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("body", "line", "key", "reason"),
    [
        ("colour: blue\n", 5, "colour", "unknown field"),
        ("5: blue\n", 5, "[5]", "unknown field"),
        ("measures:\n  power: {adress: 5, address: 5}\n", 6, "measures.power.adress", "unknown field"),
        ("measures:\n  power: {address: 5,\n    stride: 2}\n", 7, "measures.power.stride", "unknown field"),
        ("measures: [1]\n", 5, "measures", "expected a mapping"),
        ("measures:\n  power: 5\n", 6, "measures.power", "expected a mapping"),
        ("measures:\n  5: {address: 5}\n", 6, "measures[5]", "a name must be text"),
        ("measures:\n  power: {type: u32}\n", 6, "measures.power.address", "is missing"),
        (
            "measures:\n  power:\n    address: ADDRESS\n",
            7,
            "measures.power.address",
            "expected a whole number, found the text 'ADDRESS'",
        ),
        ("measures:\n  power: {address: 0200}\n", 6, "measures.power.address", "found the text '0200'"),
        ("measures:\n  power: {address: 1.5}\n", 6, "measures.power.address", "whole number, found 1.5"),
        ("measures:\n  power: {address: true}\n", 6, "measures.power.address", "whole number, found true"),
        ("measures:\n  power: {address: [1]}\n", 6, "measures.power.address", "whole number, found a list"),
        ("measures:\n  power: {address: {a: 1}}\n", 6, "measures.power.address", "whole number, found a mapping"),
        ("measures:\n  power: {address: 65536}\n", 6, "measures.power.address", "65536 is not between 0 and 65535"),
        ("measures:\n  power: {address: -1}\n", 6, "measures.power.address", "-1 is not between 0 and 65535"),
        ("measures:\n  power: {address: 1, type: u8}\n", 6, "measures.power.type", "expected one of u16, s16"),
        ("measures:\n  power: {address: 1, type: 16}\n", 6, "measures.power.type", "found 16"),
        ("measures:\n  power: {address: 1, scale: big}\n", 6, "measures.power.scale", "expected a number"),
        ("measures:\n  power: {address: 1, scale: '0.1'}\n", 6, "measures.power.scale", "found the text '0.1'"),
        ("measures:\n  power: {address: 1, scale: 0}\n", 6, "measures.power.scale", "0 is outside"),
        ("measures:\n  power: {address: 1, scale: 1e99}\n", 6, "measures.power.scale", "is outside"),
        ("measures:\n  power: {address: 1, unit: 5}\n", 6, "measures.power.unit", "expected text, found 5"),
        ("measures:\n  power: {address: 1, unit: ' '}\n", 6, "measures.power.unit", "is empty"),
        ("measures:\n  power: {address: 1, slow: yes}\n", 6, "measures.power.slow", "expected true or false"),
        ("measures:\n  power: {address: 1, bit: 16}\n", 6, "measures.power.bit", "not between 0 and 15"),
        ("measures:\n  power: {address: 1, function: 6}\n", 6, "measures.power.function", "not between 1 and 4"),
        ("measures:\n  power: {address: 1, word_order: middle}\n", 6, "measures.power.word_order", "big, little"),
        ("measures:\n  power: {address: 1, invalid: [-1]}\n", 6, "measures.power.invalid[0]", "not between"),
        ("measures:\n  energy_import: {address: 1, modulus: -5}\n", 6, "measures.energy_import.modulus", "negative"),
        ("measures:\n  wiring: {address: 1, values: {a: b}}\n", 6, "measures.wiring.values.a", "whole number"),
        ("measures:\n  wiring: {address: 1, values: {1: 2}}\n", 6, "measures.wiring.values[1]", "expected text"),
        (
            "measures:\n  power: {address: 1, valid_if: {register: a}}\n",
            6,
            "measures.power.valid_if.in",
            "is missing",
        ),
        (
            "measures:\n  energy_import:\n    sum: [{address: 1}, {address: 2}]\n    address: 5\n",
            8,
            "measures.energy_import.address",
            "does not go together with sum",
        ),
        (
            "measures:\n  energy_import:\n    sum:\n      - {address: 1}\n      - {adress: 2, address: 2}\n",
            9,
            "measures.energy_import.sum[1].adress",
            "unknown field",
        ),
        ("read: {max_words: 126}\n", 5, "read.max_words", "126 is not between 1 and 125"),
        ("read: {addresses: bit}\n", 5, "read.addresses", "expected one of word, byte"),
        ("read:\n  groups:\n    - {start: 5}\n", 7, "read.groups[0].words", "is missing"),
        ("probes: {address: 1}\n", 5, "probes", "expected a list"),
        ("probes:\n  - {address: 1, equals: 1, scale: 2}\n", 6, "probes[0].scale", "unknown field"),
        ("identity:\n  colour: {address: 1}\n", 6, "identity.colour", "unknown field"),
        ("models: 412045\n", 5, "models", "expected a list"),
        ("models: [~]\n", 5, "models[0]", "expected text, found nothing"),
        ("models: [true]\n", 5, "models[0]", "expected text, found true"),
        ("inputs: {registers: {}}\n", 5, "inputs.count", "is missing"),
        ("inputs: {count: 0}\n", 5, "inputs.count", "0 is not between 1 and 255"),
        ("states:\n  input_1: {address: 1, scale: 2}\n", 6, "states.input_1.scale", "unknown field"),
        ("states:\n  input_1: {}\n", 6, "states.input_1.address", "is missing"),
        ("states:\n  breaker: {contacts: {}, address: 1}\n", 6, "states.breaker.address", "together with contacts"),
        ("states:\n  breaker: {contacts: {open: {}}}\n", 6, "states.breaker.contacts.open.address", "is missing"),
        ("states:\n  breaker: {address: 1, values: {OPEN: open}}\n", 6, "states.breaker.values.OPEN", "whole number"),
        ("commands:\n  breaker: {address: 1}\n", 6, "commands.breaker.address", "expected a mapping"),
        ("commands:\n  breaker:\n    open: {address: 1}\n", 7, "commands.breaker.open.value", "is missing"),
        ("commands:\n  breaker:\n    open: {address: 1, value: x}\n", 7, "commands.breaker.open.value", "whole number"),
        ("commands:\n  breaker:\n    open: {address: 1, value: []}\n", 7, "commands.breaker.open.value", "1 to 1968"),
        ("commands:\n  breaker:\n    open: {address: 1, value: -1}\n", 7, "commands.breaker.open.value", "0 and 65535"),
        (
            "commands:\n  breaker:\n    open: {address: 1, value: 1, write: 3}\n",
            7,
            "commands.breaker.open.write",
            "expected one of 5, 6, 15, 16, found 3",
        ),
        (
            "commands:\n  breaker:\n    open: {address: 1, value: 1, within: 601}\n",
            7,
            "commands.breaker.open.within",
            "more than 600 seconds",
        ),
        (
            "commands:\n  breaker:\n    open:\n      writes: []\n      value: 1\n",
            9,
            "commands.breaker.open.value",
            "does not go together with writes",
        ),
        ("settings:\n  output_mode: {address: 1, unit: d}\n", 6, "settings.output_mode.unit", "ms, s, min, h"),
        ("settings:\n  output_mode: {address: 1, scale: -1}\n", 6, "settings.output_mode.scale", "negative"),
        ("settings:\n  output_mode: {address: 1, minimum: -1}\n", 6, "settings.output_mode.minimum", "negative"),
        ("clock: {address: 1}\n", 5, "clock.fields", "is missing"),
        ("clock: {address: 1, type: u32}\n", 5, "clock.type", "expected one of date"),
        ("clock: {address: 1, type: date, fields: [day]}\n", 5, "clock.fields", "does not go together with type"),
        ("clock: {address: 1, fields: [dy]}\n", 5, "clock.fields[0]", "expected one of day, month, year"),
        ("clock: {address: 1, fields: [[day]]}\n", 5, "clock.fields[0]", "expected two fields"),
        ("links: {role: event}\n", 5, "links", "expected a list"),
        ("links:\n  - {role: both, partner: {address: 1}}\n", 6, "links[0].role", "expected one of event, action"),
        ("links:\n  - {role: event}\n", 6, "links[0].partner", "is missing"),
        (
            "inputs:\n  count: 2\n  measures:\n    pulses: {address: 1}\n",
            8,
            "inputs.measures.pulses.stride",
            "is missing",
        ),
    ],
)
def test_a_wrong_field_is_told_with_line_and_key(tmp_path: Path, body: str, line: int, key: str, reason: str) -> None:
    found = only_error(tmp_path, HEAD + body)
    assert found[:2] == (line, key)
    assert reason in found[2]


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        (HEAD.replace("id: mine", "id: My map"), "id", "may only hold"),
        (HEAD.replace("id: mine", "id: 7"), "id", "expected text, found 7: put it in quotes"),
        (HEAD.replace("confidence: manufacturer", "confidence: sure"), "confidence", "manufacturer, third_party"),
        (HEAD.replace("source: my paper\n", ""), "source", "is missing"),
        (HEAD.replace("source: my paper", "source:"), "source", "is missing"),
        ("- id: mine\n", "", "expected a profile"),
        ("mine\n", "", "expected a profile"),
        ("# nothing yet\n", "", "expected a profile"),
        ("", "", "expected a profile"),
    ],
)
def test_a_wrong_head_is_told(tmp_path: Path, text: str, key: str, reason: str) -> None:
    found = only_error(tmp_path, text)
    assert found[1] == key
    assert reason in found[2]


def test_all_mistakes_of_a_file_are_told_in_the_order_of_their_lines(tmp_path: Path) -> None:
    body = "measures:\n  power: {address: x}\n  frequency: {address: 1, colour: red}\nread: {max_words: 0}\n"
    errors = load(tmp_path, mine=HEAD + body).errors
    assert [(error.line, error.key) for error in errors] == [
        (6, "measures.power.address"),
        (7, "measures.frequency.colour"),
        (8, "read.max_words"),
    ]
    assert str(errors[0]) == (
        f"{tmp_path}/profiles/mine.yaml:6: measures.power.address: expected a whole number, found the text 'x'"
    )
