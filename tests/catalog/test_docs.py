"""The page for users says what the loader does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from custom_components.legrand_ews.catalog import (
    CLOCK_FIELDS,
    QUANTITIES,
    SETTING_WORDS,
    UNIT_FACTORS,
    VERBS,
    WORDS,
    AlarmGroup,
    Catalog,
    DataType,
    QuantityKind,
    SettingKind,
    StateKind,
)

PAGE = (Path(__file__).parents[2] / "docs" / "profiles.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(yaml|text)\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
MAPS = [text for kind, text in BLOCKS if kind == "yaml"]
TOLD = next(text for kind, text in BLOCKS if kind == "text" and "my_map.yaml:7" in text).splitlines()
WRONG = next(text for text in MAPS if text.startswith("id: my_map\n"))
PARTS = {
    "<phase>": ("l1", "l2", "l3"),
    "<pair>": ("l1_l2", "l2_l3", "l3_l1"),
    "<side>": ("lagging", "leading"),
    "<1-4>": tuple("1234"),
    "<1-8>": tuple("12345678"),
}


KEYS = {StateKind.SOCKET: {"ev_socket", "domestic_socket"}}
"""Kinds of states that have keys of other names."""


def keys(*kinds: StateKind) -> set[str]:
    """Return the keys of some kinds."""
    return set().union(*(KEYS.get(kind, {str(kind)}) for kind in kinds))


def section(title: str) -> str:
    """Return the text of a section of the page."""
    return PAGE.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


@pytest.mark.parametrize("text", [text for text in MAPS if text is not WRONG])
def test_the_examples_load(tmp_path: Path, text: str) -> None:
    (tmp_path / "example.yaml").write_text(text)
    catalog = Catalog.load(tmp_path)
    assert catalog.errors == []
    assert any(profile.user for profile in catalog.profiles.values())


def test_the_mistakes_are_told_as_shown(tmp_path: Path) -> None:
    (tmp_path / "my_map.yaml").write_text(WRONG)
    assert [str(error) for error in Catalog.load(tmp_path).errors] == [f"{tmp_path}/{line}" for line in TOLD]


def test_the_complete_example_is_an_extract_of_the_built_in_map(tmp_path: Path) -> None:
    (tmp_path / "example.yaml").write_text(MAPS[0])
    catalog = Catalog.load(tmp_path)
    own, built_in = catalog.profiles["my_412045"], catalog.profiles["ime_nemo_0x1000"]
    assert own.measures.items() <= built_in.measures.items()
    assert own.scales.items() <= built_in.scales.items()
    assert catalog.models["412045"].profile == "my_412045"


def test_the_list_of_quantities_is_complete() -> None:
    listed: dict[str, str] = {}
    for names, unit in re.findall(r"^\| (`.*`) \| (.*) \|$", section("Quantities"), flags=re.MULTILINE):
        for name in re.findall(r"`([^`]*)`", names):
            part = next((part for part in PARTS if part in name), None)
            listed.update({name.replace(part, value): unit for value in PARTS[part]} if part else {name: unit})
    expected = {
        key: quantity.unit or ("a choice: needs `values`" if quantity.kind is QuantityKind.ENUM else "none")
        for key, quantity in QUANTITIES.items()
    }
    assert listed == expected


def test_the_list_of_units_is_complete() -> None:
    rows = re.findall(r"^\| (\S+) \| (`.*`) \|$", section("Units"), flags=re.MULTILINE)
    listed = {unit: base for base, units in rows for unit in re.findall(r"`([^`]*)`", units)}
    assert listed == {unit: base for unit, (base, _) in UNIT_FACTORS.items()}


def test_the_list_of_types_is_complete() -> None:
    assert set(DataType) <= set(re.findall(r"`(\w+)`", section("Rows")))


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("What is on or off: `states`", {word for words in WORDS.values() for word in words}),
        ("What is on or off: `states`", keys(*WORDS) - {"alarm", "contact"}),
        ("What is on or off: `states`", {f"alarm: {group}" for group in AlarmGroup}),
        ("What can be switched: `commands`", keys(*VERBS)),
        ("What can be switched: `commands`", {str(verb) for verbs in VERBS.values() for verb in verbs}),
        ("How outputs behave: `settings`", {f"<output>_{kind}" for kind in SettingKind}),
        ("How outputs behave: `settings`", {word for words in SETTING_WORDS.values() for word in words}),
        ("Date and time: `clock`", set(CLOCK_FIELDS)),
    ],
)
def test_the_words_of_states_and_commands_are_complete(title: str, words: set[str]) -> None:
    assert words <= set(re.findall(r"`([^`]*)`", section(title)))
