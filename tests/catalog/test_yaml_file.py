"""Files as such: lines, numbers, and what is no YAML."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.catalog.yaml_file import YamlFileError, parse_yaml, read_yaml

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("-3", -3),
        ("0x10", 16),
        ("0", 0),
        ("0.001", Decimal("0.001")),
        (".5", Decimal("0.5")),
        ("1e-3", Decimal("0.001")),
        ("3.", Decimal(3)),
        ("046680", "046680"),
        ("off", "off"),
        ("no", "no"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("2026-01-01", "2026-01-01"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ('"12"', "12"),
        ("!!str 12", "12"),
        ("<<", "<<"),
    ],
)
def test_plain_scalars_are_read_as_yaml_1_2_does(text: str, value: object) -> None:
    read = parse_yaml(f"key: {text}\n".encode()).data["key"]
    assert read == value
    assert type(read) is type(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=9, min_value=-(10**9), max_value=10**9))
def test_decimals_keep_every_digit(number: Decimal) -> None:
    assert parse_yaml(f"- {number:f}".encode()).data == [number]


@given(st.recursive(st.integers(0, 99), lambda items: st.lists(items, max_size=3), max_leaves=10))
def test_every_value_knows_its_line(data: object) -> None:
    lines: list[str] = []

    def write(value: object, indent: str, place: tuple[object, ...]) -> None:
        if isinstance(value, list) and value:
            for index, item in enumerate(value):
                if isinstance(item, list) and item:
                    lines.append(f"{indent}-")
                    write(item, indent + "  ", (*place, index))
                else:
                    lines.append(f"{indent}- {item}")
                    expected[*place, index] = len(lines)
        else:
            lines.append(f"{indent}{value}")
            expected[place] = len(lines)

    expected: dict[tuple[object, ...], int] = {}
    write(data, "", ())
    file = parse_yaml("\n".join(lines).encode())
    assert file.data == data
    assert {place: file.line(place) for place in expected} == expected


def test_a_place_that_is_not_there_has_the_line_of_what_is_above() -> None:
    file = parse_yaml(b"a:\n  b:\n    c: 1\n")
    assert [file.line(place) for place in (("a", "b", "x", 0), ("a", "x"), ("x",), ())] == [2, 1, 1, 1]


def test_an_alias_repeats_its_anchor() -> None:
    assert parse_yaml(b"a: &row {x: 1}\nb: *row\n").data == {"a": {"x": 1}, "b": {"x": 1}}


@pytest.mark.parametrize("items", ["[{0}, {0}, {0}]", "{{x: {0}, y: {0}}}", "[{0}]"])
def test_aliases_of_aliases_do_not_grow_without_end(items: str) -> None:
    lines = ["a0: &a0 [1]", *(f"a{n}: &a{n} {items.format(f'*a{n - 1}')}" for n in range(1, 60))]
    with pytest.raises(YamlFileError, match="too many values or levels"):
        parse_yaml("\n".join(lines).encode())


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"a: 1\nb: [1, 2\n", 3, "not valid YAML"),
        (b"a: 1\nb: 'open\n", 3, "not valid YAML"),
        (b"a: 1\n\tb: 2\n", 2, "not valid YAML"),
        (b"a: *nothing\n", 1, "undefined alias"),
        (b"a: 1\n---\nb: 2\n", 2, "single document"),
        (b"a: 1\nb: caf\xe9\n", 2, "not UTF-8"),
        (b"a: 1\nb: 2\nc: \x01\n", 3, "control characters"),
        (b"a: 1\nb: 2\na: 3\n", 3, "given twice, first in line 1"),
        (b"a: {b: 1,\n b: 2}\n", 2, "given twice, first in line 1"),
        (b"a: 1\n? [b]\n: 2\n", 2, "a key must be"),
        (b"a: 1\nb: !include x.yaml\n", 2, "the tag !include"),
        (b"a: 1\nb: !set {x}\n", 2, "the tag !set"),
        (b"a: 1\nb: !!int word\n", 2, "'word' is not what its tag says"),
        (b"a: 1\nb: &b [*b]\n", 2, "refers to itself"),
        (b"a: 1\nb: " + b"9" * 5000, 2, "a number of this length"),
        (b"a: 1\nb: 1e99999999999999999999\n", 2, "is not what its tag says"),
        (b"[" * 5000, 2, "not valid YAML"),
        (b"a: 1\nb: " + b"[" * 21 + b"]" * 21, 2, "too many values or levels"),
        (b"[" * 800 + b"]" * 800, 1, "too many values or levels"),
    ],
)
def test_what_is_no_yaml_says_its_line(content: bytes, line: int, reason: str) -> None:
    with pytest.raises(YamlFileError) as error:
        parse_yaml(content)
    assert (error.value.line, reason in error.value.reason) == (line, True), error.value.reason


def test_a_byte_order_mark_is_no_content() -> None:
    assert parse_yaml(b"\xef\xbb\xbfa: 1\n").data == {"a": 1}


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(YamlFileError, match="cannot be read"):
        read_yaml(tmp_path)


@given(st.binary(max_size=60) | st.text(alphabet="ab:-[]{}&*!#\n\t '\"0x1.,?|>", max_size=40).map(str.encode))
def test_any_content_is_data_or_an_error(content: bytes) -> None:
    try:
        line = parse_yaml(content).line(())
    except YamlFileError as error:
        line = error.line
    assert 1 <= line <= content.count(b"\n") + content.count(b"\r") + 2
