"""The file to fill in for a product without a published map."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.catalog import (
    Catalog,
    Commodity,
    Confidence,
    Kind,
    Model,
    Option,
    Profile,
    profile_template,
)
from custom_components.legrand_ews.catalog.schema import COMMANDS, STATES

from .support import built_in
from .test_rows import IN_FOLDER

if TYPE_CHECKING:
    from pathlib import Path

FIGURES = {
    "ADDRESS": "7",
    "STRIDE": "2",
    "TYPE": "u32",
    "SCALE": "0.1",
    "BIT": "3",
    "FUNCTION": "6",
    "VALUE": "1",
    **{word: str(raw) for raw, word in enumerate(("OPEN", "CLOSED", "TRIPPED"))},
    **{word: str(raw) for raw, word in enumerate(("IMPULSIVE", "BLINKING"))},
    **{word: str(raw) for raw, word in enumerate(("FREE", "WAITING", "CHARGING", "DONE", "FAULT"))},
    **{word: str(raw) for raw, word in enumerate(("OFF", "ON", "MANAGED"))},
    "MAXIMUM": "32",
    "SECONDS": "60",
    "WORDS": "8",
}
GROUPS = ["energy", "power", "voltage", "current", "frequency", "thd", "harmonics", "pulses", "analogue"]
MODELS = st.builds(
    Model,
    number=st.text("0123456789", min_size=6, max_size=6) | st.sampled_from(["MP2.10", "gas_counter"]),
    name=st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1),
    family=st.just("f"),
    kind=st.sampled_from(Kind),
    phases=st.sampled_from([None, 1, 3]),
    commodity=st.none() | st.sampled_from(Commodity),
    measures=st.lists(st.sampled_from(GROUPS), unique=True).map(tuple),
    states=st.lists(st.sampled_from(STATES), unique=True).map(tuple),
    commands=st.lists(st.sampled_from(COMMANDS), unique=True).map(tuple),
    options=st.sampled_from([frozenset(), frozenset({Option.INTERFACE}), frozenset({Option.SIDE})]),
    inputs=st.sampled_from([0, 7, 12]),
)


def read(tmp_path: Path, model: Model, text: str) -> Catalog:
    """Return a catalogue that has the model and the file."""
    folder = tmp_path / model.number
    models = (
        f'families: [{{id: f, name: F}}]\nmodels: [{{number: "{model.number}", name: N, family: f, kind: meter}}]\n'
    )
    data = built_in(folder, models, second="id: second\nname: S\nsource: s\nconfidence: none\n")
    (folder / "mine").mkdir(exist_ok=True)
    (folder / "mine" / "filled.yaml").write_text(text)
    return Catalog.load(folder / "mine", data=data)


def filled(text: str) -> str:
    """Return a template with its rows taken out of the comments and figures in place of the words."""
    rows = re.sub(r"^( *)# ((  )*[a-z][a-z0-9_]*:( .*)?)$", r"\1\2", text, flags=re.MULTILINE)
    rows = re.sub(r"^#   ", "  ", rows, flags=re.MULTILINE)
    for word, figure in FIGURES.items():
        rows = re.sub(rf"([:{{,] ?){word}\b", rf"\g<1>{figure}", rows)
    return rows


@IN_FOLDER
@given(MODELS)
def test_the_untouched_file_is_an_empty_map_of_the_model(tmp_path: Path, model: Model) -> None:
    catalog = read(tmp_path, model, profile_template(model))
    assert catalog.errors == []
    profile = catalog.profile_for(model.number)
    assert profile is not None
    assert (dict(profile.measures), dict(profile.registers), profile.inputs) == ({}, {}, None)
    assert not any((profile.states, profile.commands, profile.settings, profile.clock, profile.links))
    assert (profile.charging, profile.stride) == (None, None)
    assert (profile.confidence, profile.models) == (Confidence.NONE, (model.number,))
    assert profile.name == " ".join(f"{model.display_number} {model.name}".split())


def fill(tmp_path: Path, **fields: object) -> Profile:
    """Return the map of the filled template of a model."""
    model = Model(**{"number": "412065", "name": "Thing", "family": "f", "kind": Kind.METER, **fields})  # type: ignore[arg-type]
    catalog = read(tmp_path, model, filled(profile_template(model)))
    assert catalog.errors == []
    return catalog.profiles["my_412065"]


def test_a_filled_file_has_what_the_model_measures(tmp_path: Path) -> None:
    three = fill(tmp_path, phases=3, measures=("energy", "power", "voltage", "current", "frequency", "thd"))
    assert {
        "energy_import",
        "energy_export",
        "power",
        "power_l3",
        "voltage_l2",
        "voltage_l3_l1",
        "current_n",
        "frequency",
        "thd_current_l3",
    } <= set(three.measures)
    assert three.measures["energy_import"].parts[0].scale == 100
    one = fill(tmp_path, phases=1, measures=("voltage", "current"))
    assert set(one.measures) == {"voltage_l1", "current_l1"}


def test_what_counters_of_gas_and_water_count(tmp_path: Path) -> None:
    assert set(fill(tmp_path, commodity=Commodity.GAS, measures=("energy",)).measures) == {"volume"}


def test_pulse_inputs_and_analogue_inputs(tmp_path: Path) -> None:
    profile = fill(tmp_path, inputs=7, measures=("pulses", "analogue"))
    assert profile.inputs is not None
    assert (profile.inputs.count, set(profile.inputs.measures)) == (7, {"pulses"})
    assert profile.measures["analogue_1"].name == "Analogue input 1"


@pytest.mark.parametrize("group", [group for group in GROUPS if group != "harmonics"])
def test_every_group_has_rows(tmp_path: Path, group: str) -> None:
    assert fill(tmp_path, measures=(group,)).measures


def keys_of(profile: Profile) -> tuple[set[str], set[str]]:
    """Return the states of a map, and its commands as ``breaker.open``."""
    return set(profile.states), {f"{key}.{verb}" for key, verb in profile.commands}


@pytest.mark.parametrize(
    ("states", "commands", "expected"),
    [
        (("open", "closed", "tripped"), (), ({"breaker"}, set())),
        (("open", "closed"), ("open", "close"), ({"contactor"}, {"contactor.open", "contactor.close"})),
        ((), ("open", "close"), (set(), {"breaker.open", "breaker.close"})),
        (("open", "closed", "tripped"), ("open",), ({"breaker"}, {"breaker.open"})),
        (("inputs", "outputs"), (), ({"input_1", "output_1"}, set())),
        (
            ("outputs",),
            ("outputs",),
            ({"output_1"}, {"output_1.on", "output_1.off", "output_1.pulse", "output_1.blink"}),
        ),
        (
            ("station", "charge"),
            ("charge",),
            (
                {"station", "charge", "ev_socket", "domestic_socket", "lock_fault", "diode_fault"},
                {"ev_socket.on", "ev_socket.off", "domestic_socket.on", "domestic_socket.off"},
            ),
        ),
    ],
)
def test_states_and_commands(
    tmp_path: Path, states: tuple[str, ...], commands: tuple[str, ...], expected: tuple[set[str], set[str]]
) -> None:
    assert keys_of(fill(tmp_path, states=states, commands=commands)) == expected


def test_a_charging_station_has_all_that_it_can_tell_and_be_told(tmp_path: Path) -> None:
    station: dict[str, object] = {"kind": Kind.STATION, "states": ("station", "charge"), "commands": ("charge",)}
    three = fill(tmp_path, **station, phases=3, measures=("energy", "current"), options=frozenset({Option.SIDE}))
    told = {"session_energy", "session_charge", "rated_current", "card", "current_l1", "energy_import"}
    assert told | {"current_l3"} <= set(three.measures)
    assert three.charging is not None
    assert (three.charging.maximum, three.charging.off, three.charging.refresh) == (32.0, 0, 60.0)
    assert (len(three.charging.allow), len(three.charging.forbid), three.stride) == (1, 1, 2)
    one = fill(tmp_path, **station, phases=1)
    assert "current_l2" not in one.measures
    assert one.stride is None


def test_every_station_of_the_list_has_a_template_for_charging(tmp_path: Path) -> None:
    stations = [model for model in Catalog.load().models.values() if model.kind is Kind.STATION]
    sided = [model for model in stations if Option.SIDE in model.options]
    for model in (stations[0], sided[0]):
        catalog = read(tmp_path, model, filled(profile_template(model)))
        assert catalog.errors == []
        profile = catalog.profile_for(model.number)
        assert profile is not None
        assert profile.charging is not None
        assert (profile.stride is not None) == (model in sided)
    assert all("\n# charging:\n" in profile_template(model) for model in stations)


def test_settings_clock_and_links(tmp_path: Path) -> None:
    profile = fill(tmp_path, commands=("outputs", "clock"), options=frozenset({Option.INTERFACE}))
    assert set(profile.settings) == {"output_1_normal_state", "output_1_mode", "output_1_on_time"}
    assert profile.clock is not None
    assert (set(profile.links), profile.links["link_1"].role) == ({"link_1"}, "event")
    without = fill(tmp_path, states=("outputs",))
    assert (dict(without.settings), without.clock, dict(without.links)) == ({}, None, {})


def test_what_the_format_lacks_is_said() -> None:
    model = Model(
        number="421075",
        name="Breaker",
        family="f",
        kind=Kind.BREAKER,
        measures=("harmonics",),
        states=("open", "closed", "station", "charge"),
        commands=("close", "charge"),
    )
    assert "will: harmonics." in profile_template(model)
    assert "later version" not in profile_template(Model(number="1", name="N", family="f", kind=Kind.METER))


def test_a_row_that_is_not_filled_in_is_refused(tmp_path: Path) -> None:
    model = Model(number="1", name="N", family="f", kind=Kind.METER, measures=("frequency",))
    text = profile_template(model).replace("  # frequency:", "  frequency:")
    errors = read(tmp_path, model, text).errors
    assert [error.key.rsplit(".", 1)[1] for error in errors] == ["address", "scale", "type"]
    assert "the text 'ADDRESS'" in errors[0].reason
