"""Which files are read, which one wins, what happens to bad ones."""

from __future__ import annotations

import shutil
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.catalog import Candidate, Catalog, CatalogError, Confidence
from custom_components.legrand_ews.catalog.yaml_file import parse_yaml

from .support import CONTROLS, FIRST, HEAD, MODELS, SECOND, STATION, built_in, load, users
from .test_rows import IN_FOLDER

if TYPE_CHECKING:
    import random
    from pathlib import Path

GOOD = HEAD + "measures:\n  power: {address: 5}\n"
BAD = GOOD.replace("address: 5", "address: five")


def test_no_folder_of_the_user(tmp_path: Path) -> None:
    data = built_in(tmp_path)
    for catalog in (Catalog.load(data=data), Catalog.load(tmp_path / "nowhere", data=data)):
        assert (list(catalog.profiles), catalog.errors) == (["first", "second"], [])


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    before = load(tmp_path, mine=GOOD)
    folder = tmp_path / "profiles"
    shutil.rmtree(folder)
    folder.write_text("")
    catalog = Catalog.load(folder, before, data=tmp_path / "data")
    (error,) = catalog.errors
    assert str(error) == f"{folder}:1: cannot be read: Not a directory"
    assert catalog.profiles["mine"] == before.profiles["mine"]


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    folder = users(tmp_path, mine=GOOD)
    (folder / ".mine.yaml").write_text("[")
    (folder / "notes.txt").write_text("[")
    (folder / "old.yaml").mkdir()
    (folder / "more.yml").write_text(GOOD.replace("id: mine", "id: more"))
    catalog = load(tmp_path)
    assert catalog.errors == []
    assert set(catalog.profiles) == {"first", "second", "mine", "more"}


def test_a_bad_file_never_stops_the_rest(tmp_path: Path) -> None:
    catalog = load(tmp_path, a="[", b=BAD, c=b"\xff", mine=GOOD)
    assert [(error.file.rsplit("/", 1)[1], error.line) for error in catalog.errors] == [
        ("a.yaml", 2),
        ("b.yaml", 6),
        ("c.yaml", 1),
    ]
    assert set(catalog.profiles) == {"first", "second", "mine"}


def test_an_error_reads_as_one_line() -> None:
    error = CatalogError(file="a.yaml", line=5, key="measures.power", reason="is missing")
    assert str(error) == "a.yaml:5: measures.power: is missing"
    assert str(CatalogError(file="a.yaml", line=1, key="", reason="is no YAML")) == "a.yaml:1: is no YAML"


def test_two_files_with_one_id(tmp_path: Path) -> None:
    catalog = load(tmp_path, a=GOOD, b="# mine too\n" + GOOD)
    (error,) = catalog.errors
    assert (error.file, error.line, error.key) == (str(tmp_path / "profiles" / "b.yaml"), 2, "id")
    assert error.reason == f"mine is also in {tmp_path}/profiles/a.yaml"
    assert catalog.profiles["mine"].path == str(tmp_path / "profiles" / "a.yaml")


def test_a_model_that_is_not_there(tmp_path: Path) -> None:
    catalog = load(tmp_path, mine=HEAD + 'models:\n  - "412045"\n  - "999999"\n')
    (error,) = catalog.errors
    assert (error.line, error.key, error.reason) == (7, "models[1]", "there is no model 999999")
    assert catalog.models["412045"].profile == "first"


def test_a_file_that_has_an_error_now_keeps_its_last_good_profile(tmp_path: Path) -> None:
    good = load(tmp_path, mine=GOOD + 'models: ["046680"]\n', other=GOOD.replace("id: mine", "id: other"))
    bad = load(tmp_path, previous=good, mine=BAD, other=BAD)
    assert len(bad.errors) == 2
    assert bad.profiles["mine"] == good.profiles["mine"]
    assert bad.models["046680"] == good.models["046680"]
    still = load(tmp_path, previous=bad, mine="[")
    assert still.profiles["mine"] == good.profiles["mine"]
    mended = load(tmp_path, previous=still, mine=GOOD, other=GOOD.replace("id: mine", "id: other"))
    assert (mended.errors, mended.models["046680"].profile) == ([], "second")


def test_without_a_last_good_profile_the_built_in_one_stays(tmp_path: Path) -> None:
    before = load(tmp_path)
    after = load(tmp_path, previous=before, first="id: first\nmeasures: 5\n")
    assert after.profiles["first"] == before.profiles["first"]


def test_a_changed_built_in_map_keeps_its_last_good_form(tmp_path: Path) -> None:
    good = load(tmp_path, first="id: first\nname: Changed\n")
    assert load(tmp_path, previous=good, first="id: first\nname: 5\n").profiles["first"].name == "Changed"


def test_a_file_taken_away_takes_its_profile_with_it(tmp_path: Path) -> None:
    good = load(tmp_path, mine=GOOD, first="id: first\nname: Changed\n")
    shutil.rmtree(tmp_path / "profiles")
    catalog = load(tmp_path, previous=good)
    assert "mine" not in catalog.profiles
    assert catalog.profiles["first"].name == "First"


def test_another_file_may_take_the_id_of_a_bad_one(tmp_path: Path) -> None:
    good = load(tmp_path, a=GOOD)
    catalog = load(tmp_path, previous=good, a="[", b=GOOD.replace("name: Mine", "name: New"))
    assert catalog.profiles["mine"].name == "New"


def test_commands_by_maps_that_are_the_manufacturers_or_the_users_own(tmp_path: Path) -> None:
    own = GOOD.replace("confidence: manufacturer", "confidence: none")
    catalog = load(tmp_path, mine=own)
    first, second, mine = (catalog.profiles[name] for name in ("first", "second", "mine"))
    assert [catalog.may_command("412045", profile) for profile in (first, second, mine)] == [True, False, True]
    assert [catalog.may_command("046680", profile) for profile in (first, second, mine)] == [False, False, True]
    assert not catalog.may_command("unknown", first)


@pytest.mark.parametrize(("change", "trusted"), [("name: Mine now", False), ('models: ["412045"]', True)])
def test_who_corrects_a_built_in_map_does_not_answer_for_its_commands(
    tmp_path: Path,
    change: str,
    trusted: bool,  # noqa: FBT001 -- a parameter of the test
) -> None:
    catalog = load(tmp_path, second=f"id: second\n{change}\n")
    assert catalog.may_command("046680", catalog.profiles["second"]) is trusted


def test_a_map_is_never_surer_for_a_model_than_by_itself(tmp_path: Path) -> None:
    catalog = load(tmp_path)
    assert catalog.candidates("412045") == (
        Candidate(profile="first", confidence=Confidence.MANUFACTURER),
        Candidate(profile="second", confidence=Confidence.THIRD_PARTY),
    )
    assert catalog.candidates("046680") == (Candidate(profile="second", confidence=Confidence.INFERRED),)
    doubted = load(tmp_path, first="id: first\nconfidence: none\n")
    assert [entry.confidence for entry in doubted.candidates("412045")] == [Confidence.NONE, Confidence.THIRD_PARTY]


def test_the_users_own_map_comes_first(tmp_path: Path) -> None:
    mine = HEAD.replace("manufacturer", "inferred") + 'models: ["4 120 45", "059056"]\n'
    catalog = load(tmp_path, mine=mine)
    assert [(entry.profile, entry.confidence) for entry in catalog.candidates("412045")] == [
        ("mine", "inferred"),
        ("first", "manufacturer"),
        ("second", "third_party"),
    ]
    assert (catalog.models["059056"].profile, catalog.models["059056"].confidence) == ("mine", "inferred")
    assert catalog.models["046680"].profile == "second"


def test_of_several_of_the_users_maps_the_surest_comes_first(tmp_path: Path) -> None:
    def claim(name: str, confidence: str) -> str:
        return f'id: {name}\nname: N\nsource: s\nconfidence: {confidence}\nmodels: ["412045"]\n'

    catalog = load(tmp_path, a=claim("a", "none"), b=claim("b", "inferred"), c=claim("second", "manufacturer"))
    assert [entry.profile for entry in catalog.candidates("412045")] == ["second", "b", "a", "first"]
    assert catalog.candidates("412045")[0].confidence is Confidence.MANUFACTURER


def test_the_map_of_a_model(tmp_path: Path) -> None:
    catalog = load(tmp_path, mine=GOOD)
    assert catalog.profile_for("412045") is catalog.profiles["first"]
    assert catalog.profile_for("412045", "second") is catalog.profiles["second"]
    assert catalog.profile_for("412045", "mine") is catalog.profiles["mine"]
    assert catalog.profile_for("412045", "gone") is None
    assert catalog.profile_for("059056") is None
    assert catalog.profile_for("059056", "mine") is catalog.profiles["mine"]
    assert catalog.profile_for("unknown") is None
    assert (catalog.candidates("059056"), catalog.candidates("unknown")) == ((), ())


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("first", FIRST.replace("0x1000, type", "0x2000, type"), "first.yaml:18: measures.voltage_l1.address: "),
        ("first", "[", "first.yaml:2: not valid YAML"),
        ("other", FIRST, "other.yaml:1: id: the file is not named first.yaml"),
        ("first", FIRST + 'models: ["412045"]\n', "first.yaml:21: models: models.yaml says"),
    ],
)
def test_a_mistake_in_a_built_in_map_is_ours(tmp_path: Path, name: str, text: str, reason: str) -> None:
    data = built_in(tmp_path, MODELS, second=SECOND, **{name: text})
    with pytest.raises(ValueError, match=r"\.yaml:") as error:
        Catalog.load(data=data)
    assert reason in str(error.value)


def test_a_built_in_list_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"models\.yaml:1: cannot be read"):
        Catalog.load(data=tmp_path)


class Dumper(yaml.SafeDumper):
    """Writes what ``parse_yaml`` reads."""


Dumper.add_representer(Decimal, lambda dumper, number: dumper.represent_float(float(number)))

SCALARS = st.none() | st.booleans() | st.integers(-3, 70000) | st.floats() | st.text(max_size=5)
FIELDS = """
id name source confidence models read probes identity registers scales measures inputs address type words bit sum unit
scale scale_from sign_from valid_if values modulus product steps above code count stride groups start power pulses
energy_import first mine u32 text manufacturer none 412045 states commands settings clock links contacts writes write
charging sides limit allow forbid refresh charge free off
value fields open closed on off breaker output_1 output_1_on_time day month role partner within alarm minimum maximum
"""
WORDS = st.sampled_from(FIELDS.split())
ANYTHING = st.recursive(
    SCALARS | WORDS,
    lambda values: st.lists(values, max_size=3) | st.dictionaries(WORDS | SCALARS, values, max_size=4),
    max_leaves=12,
)


def loads_or_reports(tmp_path: Path, text: str) -> None:
    """Check that a file of the user either makes a profile or is reported, and that the rest stands."""
    catalog = load(tmp_path, mine=text, zz=GOOD.replace("id: mine", "id: zz"))
    made = [profile for profile in catalog.profiles.values() if profile.path.endswith("mine.yaml")]
    assert bool(made) != bool(catalog.errors)
    assert all(error.line >= 1 and error.reason and "\n" not in str(error) for error in catalog.errors)
    assert {"first", "second", "zz"} <= set(catalog.profiles)


@IN_FOLDER
@given(st.dictionaries(WORDS | SCALARS, ANYTHING, max_size=6))
def test_any_mapping_loads_or_is_reported(tmp_path: Path, data: dict[Any, Any]) -> None:
    loads_or_reports(tmp_path, yaml.safe_dump(data))


@IN_FOLDER
@given(
    st.randoms(use_true_random=False),
    ANYTHING,
    st.sampled_from(
        [FIRST.replace("id: first", "id: mine"), "id: first\nmeasures: {}\n", HEAD + CONTROLS, HEAD + STATION]
    ),
)
def test_a_map_with_anything_in_one_place_loads_or_is_reported(
    tmp_path: Path,
    choose: random.Random,
    value: object,
    text: str,
) -> None:
    data = parse_yaml(text.encode()).data
    place = data
    while True:
        key = choose.choice(list(place) if isinstance(place, dict) else range(len(place)))
        if not isinstance(place[key], (dict, list)) or not place[key] or choose.random() < 0.2:
            break
        place = place[key]
    place[key] = value
    loads_or_reports(tmp_path, yaml.dump(data, Dumper=Dumper))
