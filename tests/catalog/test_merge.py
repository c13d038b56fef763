"""A user's changes over a built-in map."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.catalog import Catalog, Condition, Confidence, DataType, Profile, Verb
from custom_components.legrand_ews.catalog.merge import merged

from .support import CONTROLS, SECOND, STATION, built_in, load

if TYPE_CHECKING:
    from pathlib import Path

TREES = st.dictionaries(
    st.sampled_from("abcd"),
    st.recursive(
        st.integers(0, 9) | st.lists(st.integers(0, 9), max_size=2),
        lambda values: st.dictionaries(st.sampled_from("abcd"), values, max_size=3),
        max_leaves=6,
    ),
    max_size=4,
)


def changed(tmp_path: Path, changes: str) -> Profile:
    """Return the small catalogue's first profile with a user's changes."""
    catalog = load(tmp_path, first=f"id: first\n{changes}")
    assert catalog.errors == []
    return catalog.profiles["first"]


def test_what_is_not_given_stays(tmp_path: Path) -> None:
    before = load(tmp_path).profiles["first"]
    after = changed(tmp_path, "")
    assert (after.user, after.path) == (True, str(tmp_path / "profiles" / "first.yaml"))
    assert (before.user, after.name, after.source) == (False, "First", "a document")
    assert (after.measures, after.registers, after.read) == (before.measures, before.registers, before.read)


def test_one_field_of_one_row(tmp_path: Path) -> None:
    before = load(tmp_path).profiles["first"]
    after = changed(tmp_path, "measures:\n  voltage_l1: {scale: 0.01}\nconfidence: inferred\n")
    row = after.measures["voltage_l1"].parts[0]
    assert (row.address, row.type, row.scale) == (0x1000, DataType.U32, Decimal("0.01"))
    assert after.confidence is Confidence.INFERRED
    assert {**after.measures, "voltage_l1": None} == {**before.measures, "voltage_l1": None}


def test_a_new_row_comes_beside(tmp_path: Path) -> None:
    after = changed(tmp_path, "measures:\n  frequency: {address: 0x1020, scale: 0.1}\n")
    assert set(after.measures) == {"voltage_l1", "power", "energy_import", "frequency"}


def test_null_removes_a_row(tmp_path: Path) -> None:
    after = changed(tmp_path, "measures:\n  energy_import: null\n  voltage_l1:\n")
    assert set(after.measures) == {"power"}


def test_null_removes_a_field(tmp_path: Path) -> None:
    after = changed(tmp_path, "read: {groups: null}\nmeasures:\n  power: {scale_from: null, sign_from: null}\n")
    assert after.read.groups == ()
    assert (after.measures["power"].scale, after.measures["power"].sign) == (None, None)


def test_a_list_is_replaced(tmp_path: Path) -> None:
    after = changed(tmp_path, "read: {invalid: [], groups: [{start: 0x1000, words: 600}]}\n")
    assert [words for _, _, words in after.read.groups] == [600]
    assert after.measures["voltage_l1"].parts[0].invalid == frozenset()


@pytest.mark.parametrize("section", ["measures", "registers", "scales", "inputs", "read", "probes", "models"])
def test_a_section_of_comments_changes_nothing(tmp_path: Path, section: str) -> None:
    before = load(tmp_path).profiles["first"]
    after = changed(tmp_path, f"{section}:\n  # power: null\n")
    assert (after.measures, after.registers, after.inputs) == (before.measures, before.registers, before.inputs)


def test_states_and_commands_change_field_by_field(tmp_path: Path) -> None:
    data = built_in(
        tmp_path, first="id: first\nname: F\nsource: s\nconfidence: manufacturer\n" + CONTROLS, second=SECOND
    )
    before = Catalog.load(data=data).profiles["first"]
    changes = """\
states:
  breaker: {values: {2: null, 3: tripped}}
  output_1: {valid_if: {in: [3]}}
  door: null
commands:
  breaker: {close: {within: 5, writes: [{address: 1, value: 7}]}}
settings:
  output_1_on_time: {maximum: 1}
clock: {fields: [year, month, day, hour, minute]}
links: []
"""
    after = changed(tmp_path, changes)
    breaker, output, close = after.states["breaker"], after.states["output_1"], after.commands["breaker", Verb.CLOSE]
    assert (breaker.values, breaker.register) == (
        {0: "open", 1: "closed", 3: "tripped"},
        before.states["breaker"].register,
    )
    assert output.valid_if == Condition(register="output_type", values=frozenset({3}))
    assert set(before.states) - set(after.states) == {"door"}
    assert (close.within, [write.values for write in close.writes]) == (5.0, [(7,)])
    assert set(after.commands) == set(before.commands)
    assert after.settings["output_1_on_time"].maximum == 60.0
    assert after.clock is not None
    assert (after.clock.address, after.clock.fields[0]) == (0xE100, ("year",))
    assert dict(after.links) == {}


def test_null_removes_the_clock_and_comments_nothing_else(tmp_path: Path) -> None:
    head = "id: first\nname: F\nsource: s\nconfidence: manufacturer\n"
    data = built_in(tmp_path, first=head + CONTROLS, second=SECOND)
    before = Catalog.load(data=data).profiles["first"]
    after = changed(tmp_path, "states:\ncommands:\nsettings:\nlinks:\nclock:\n")
    assert (after.states, after.commands, after.settings) == (before.states, before.commands, before.settings)
    assert (after.links, after.clock) == (before.links, None)


def test_null_removes_charging_and_sides(tmp_path: Path) -> None:
    head = "id: first\nname: F\nsource: s\nconfidence: manufacturer\n"
    built_in(tmp_path, first=head + STATION + "sides: {stride: 8}\n", second=SECOND)
    changes = changed(tmp_path, "charging: {limit: {maximum: 16}, allow: null, forbid: null}\nsides: {stride: 9}\n")
    assert changes.charging is not None
    assert (changes.charging.minimum, changes.charging.maximum, changes.charging.forbid) == (6.0, 16.0, ())
    assert changes.stride == 9
    without = changed(tmp_path, "charging:\nsides:\n")
    assert (without.charging, without.stride) == (None, None)


def test_sections_of_inputs_may_be_comments(tmp_path: Path) -> None:
    after = changed(tmp_path, "inputs:\n  count: 3\n  measures:\n    # pulses: {}\n  registers:\n  scales:\n")
    assert after.inputs is not None
    assert after.inputs.measures == {}


@pytest.mark.parametrize(
    ("changes", "line", "key", "reason"),
    [
        ("measures:\n  frequency: null\n", 3, "measures.frequency", "there is nothing to remove"),
        ("read: {function: null}\n", 2, "read.function", "there is nothing to remove"),
        ("registers:\n  vt: null\n", 1, "scales.power.product[1]", "there is no register vt"),
        ("registers:\n  sign: null\n", 1, "measures.power.sign_from", "there is no register sign"),
        ("measures:\n  power: {address: null}\n", 3, "measures.power.address", "is missing"),
        ("measures:\n  power: {address: 0x1064}\n", 3, "measures.power.address", "none of the groups"),
        ("measures: 5\n", 2, "measures", "expected a mapping"),
        (
            "read: {groups: [{start: 0x1000, words: 600, function: 4}]}\nmeasures:\n",
            1,
            "registers.ct.address",
            "none of the groups",
        ),
    ],
)
def test_a_change_that_does_not_fit_leaves_the_built_in_map(
    tmp_path: Path,
    changes: str,
    line: int,
    key: str,
    reason: str,
) -> None:
    before = load(tmp_path).profiles["first"]
    catalog = load(tmp_path, first=f"id: first\n{changes}")
    assert (catalog.errors[0].line, catalog.errors[0].key) == (line, key)
    assert reason in catalog.errors[0].reason
    assert catalog.profiles["first"] == before


def test_a_new_map_has_nothing_to_remove(tmp_path: Path) -> None:
    (error,) = load(
        tmp_path,
        mine="id: mine\nname: M\nsource: s\nconfidence: none\nmeasures:\n  power: null\n",
    ).errors
    assert (error.line, error.key, error.reason) == (6, "measures.power", "there is nothing to remove")


@given(TREES, TREES)
def test_merging_again_changes_nothing_more(base: dict[str, Any], changes: dict[str, Any]) -> None:
    before = deepcopy((base, changes))
    once, problems = merged(base, changes)
    assert problems == []
    assert merged(once, changes) == (once, [])
    assert (base, changes) == before


@given(TREES)
def test_merging_with_nothing_and_with_itself(base: dict[str, Any]) -> None:
    assert merged(base, {}) == (base, [])
    assert merged(base, base) == (base, [])
    assert merged({}, base) == (base, [])
