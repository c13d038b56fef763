"""Lists of devices as text: CSV and YAML read, CSV written, and back unchanged."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.catalog import DataType
from custom_components.legrand_ews.device_list import COLUMNS, LARGEST, MOST_ROWS, Row, export_csv, parse, split_labels
from custom_components.legrand_ews.device_list_check import NewDevice, check

from .support import groups_of, plain_catalog

TITLES = st.text(min_size=1, max_size=20).map(str.strip).filter(bool) | st.sampled_from(
    ['Küche "Süd", oben', "=1+1", "'=1+1", "''@x", "-5", "+a\nb", "'", "a\r\nb", "\x00", "Ä;Ö\tÜ", "@", "'plain"]
)
WORDS = st.text(st.characters(exclude_characters="|;", exclude_categories=("Cs",)), min_size=1).map(str.strip)
SWITCH = st.sampled_from(["", "yes", "no"])
PLACE = st.integers(1, 247).map(str)
PLAIN = {"address": PLACE, "exclude_from_totals": SWITCH, "groups": st.lists(WORDS, max_size=5).map("|".join)}
TYPES = {kind.value: str(kind.words) for kind in (DataType.U16, DataType.S32, DataType.F32, DataType.U64)}


def filled(model: str, **more: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, str]]:
    """Return cells of a model."""
    return st.fixed_dictionaries({"model": st.just(model), **PLAIN, **more})


CELLS = st.one_of(
    filled("412045", load=st.sampled_from(["", "heating", "others"])),
    filled("412052", profile=st.sampled_from(["", "automatic", "ime_nemo_96hd", "ime_nemo_0x1000"])),
    filled(
        "059032",
        side=st.sampled_from(["left", "right"]),
        phase=st.sampled_from(["", "l1", "l3"]),
        rated_current=st.integers(6, 125).map(str),
        exclude_from_totals=st.just("no"),
        groups=st.just(""),
    ),
    filled("414920", address=PLACE | st.just("2-1"), supply=st.sampled_from(["", "upstream", "downstream"])),
    filled(
        "412082",
        concentrator=st.just("004687"),
        position=st.integers(1, 7).map(str),
        pulse_weight=st.floats(0.001, 1e9).map(str),
        pulse_unit=st.sampled_from(["", "Wh", "kWh"]),
    ),
    st.sampled_from(sorted(TYPES)).flatmap(
        lambda kind: filled(
            "generic_modbus_meter",
            register=st.integers(0, 0xFF00).map(hex),
            words=st.just(TYPES[kind]),
            type=st.just(kind),
            factor=st.decimals(min_value="0.0001", max_value=1000, places=4).map(str),
            function=st.sampled_from(["3", "4"]),
            word_order=st.sampled_from(["big", "little"]),
        )
    ),
)


@st.composite
def devices(draw: st.DrawFn) -> list[NewDevice]:
    """Draw devices as the form stores them; the same address may be there twice."""
    titles = draw(st.lists(TITLES, max_size=5, unique_by=str.casefold))
    rows = [
        Row(line=line, cells={**{key: text for key, text in draw(CELLS).items() if text}, "name": title})
        for line, title in enumerate(titles)
    ]
    checked = [check(plain_catalog(), [row], choices=groups_of(row.cells)) for row in rows]
    assert [problem for part in checked for problem in part.problems] == []
    return [device for part in checked for device in part.devices]


def exported(*devices: NewDevice) -> str:
    return export_csv(plain_catalog(), [(device.title, device.data) for device in devices])


def reasons(content: bytes | str) -> list[tuple[int, str, str]]:
    return [(problem.line, problem.column, problem.reason) for problem in parse(content)[1]]


@settings(max_examples=60, deadline=None)
@given(devices())
def test_what_is_exported_is_imported_unchanged(devices: list[NewDevice]) -> None:
    text = exported(*devices)
    for content in (text, text.encode("utf-8"), text.encode("utf-8-sig")):
        rows, problems = parse(content)
        assert [problem.reason for problem in problems] == ([] if devices else ["empty_list"])
        back = [
            device for row in rows for device in check(plain_catalog(), [row], choices=groups_of(row.cells)).devices
        ]
        assert back == devices


@settings(max_examples=60, deadline=None)
@given(devices())
def test_no_exported_cell_is_a_formula(devices: list[NewDevice]) -> None:
    for record in csv.reader(io.StringIO(exported(*devices), newline="")):
        for cell in record:
            assert not cell or (cell[0] not in "=+-@" and cell[0] >= " ")


@given(st.dictionaries(st.sampled_from(["input_1", "output_2"]), st.text(min_size=1).map(str.strip), min_size=1))
def test_names_of_inputs_come_back(labels: dict[str, str]) -> None:
    text = export_csv(plain_catalog(), [("It", {"model": "412045", "address": 5, "labels": labels})])
    assert split_labels(parse(text)[0][0].cells["labels"]) == labels


def test_an_export_names_all_columns_and_keeps_noughts() -> None:
    assert exported().strip() == ",".join(COLUMNS)
    data = {"model": "412082", "address": 6, "concentrator": "004687", "position": 1, "pulse_weight": 10.0}
    (cells,) = csv.DictReader(io.StringIO(exported(NewDevice(title="It", data=data))))
    shown = {key: text for key, text in cells.items() if text}
    assert shown == {
        "model": "4 120 82",
        "address": "6",
        "name": "It",
        "concentrator": "0 046 87",
        "position": "1",
        "pulse_weight": "10",
    }


def test_a_device_of_an_unknown_model_is_exported() -> None:
    data = {"model": "999999", "address": 2, "interface": 1, "register": "0100"}
    text = exported(NewDevice(title="Old", data=data))
    assert parse(text)[0][0].cells == {"model": "999999", "address": "2-1", "name": "Old", "register": "0x0100"}


CELLS_OF_TWO = [
    {"model": "412045", "address": "5", "name": "A, b"},
    {"model": "412048", "address": "6", "pulse_weight": "0,5"},
]


@pytest.mark.parametrize(
    "text",
    [
        'model,address,name,pulse_weight\n412045,5,"A, b",\n\n412048,6,,"0,5"\n',
        "MODEL;Address;Name;Pulse weight\r\n412045;5;A, b;\r\n;;;\r\n412048; 6 ;;0,5;;\r\n",
        "\ufeffName\tpulse-weight\taddress\tmodel\nA, b\t\t5\t412045\n\n\t0,5\t6\t412048",
        "- model: 412045\n  address: 5\n  name: A, b\n\n- {model: 412048, address: 6, pulse_weight: '0,5', load: ~}\n",
    ],
)
def test_each_form_of_a_list_is_read(text: str) -> None:
    rows, problems = parse(text)
    assert problems == []
    assert [dict(row.cells) for row in rows] == CELLS_OF_TWO
    assert [row.line for row in rows] == ([1, 5] if text.startswith("-") else [2, 4])


def test_yaml_takes_values_as_they_are_written() -> None:
    text = "- {model: 046680, register: 0x0100, factor: 0.10, allow_commands: true, groups: [a, 'b c'], name: 'null'}\n"
    (row,) = parse(text)[0]
    assert row.cells == {
        "model": "046680",
        "register": "0x0100",
        "factor": "0.10",
        "allow_commands": "true",
        "groups": "a|b c",
        "name": "null",
    }


def test_lines_are_those_of_the_file_though_names_have_several() -> None:
    rows, _ = parse('model,address,name\n412045,5,"a\nb"\n412045,6,c\n')
    assert [row.line for row in rows] == [2, 4]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", (1, "", "empty_list")),
        ("model,address\n", (1, "", "empty_list")),
        ("[]", (1, "", "empty_list")),
        ("model,adress\n412045,5\n", (1, "", "no_list")),
        ("model: 412045", (1, "", "no_list")),
        ("- 412045", (1, "", "no_mapping")),
        ("- model: 412045\n  address: [5]\n", (2, "address", "no_text")),
        ("- a: 1\n- b: [", (3, "", "bad_yaml")),
        ("- \x01", (1, "", "bad_yaml")),
        ('model,address\n412045,5\n412045,"6\n', (3, "", "bad_csv")),
        ("model,address\n412045,5,x\n", (2, "", "too_many_cells")),
        ("model,address,colour\n412045,5,red\n", (1, "colour", "unknown_column")),
        ("model,address,Model\n412045,5,412045\n", (1, "model", "duplicate_column")),
        (b"model,address\n412045,5\nK\xfcche,6\n", (3, "", "not_utf8")),
        ("model,address\n".encode("utf-16"), (1, "", "not_utf8")),
        ("x" * (LARGEST + 1), (1, "", "too_large")),
        ("model,address\n" + "412045,5\n" * (MOST_ROWS + 9), (MOST_ROWS + 2, "", "too_many_rows")),
    ],
)
def test_what_is_no_list_is_refused_with_its_line(content: bytes | str, expected: tuple[int, str, str]) -> None:
    assert reasons(content) == [expected]


@settings(deadline=None)
@given(st.text() | st.binary() | st.text("model,;addrs\t\n\"'-:[]{}0!&*").map("model,address\n".__add__))
def test_no_text_breaks_the_reading(content: Any) -> None:
    rows, problems = parse(content)
    assert rows or problems
