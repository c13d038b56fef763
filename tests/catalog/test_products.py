"""The list of products."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from custom_components.legrand_ews.catalog import (
    Candidate,
    Catalog,
    Commodity,
    Confidence,
    Family,
    Kind,
    Model,
    Option,
)

from .support import MODELS, SECOND, built_in, load

if TYPE_CHECKING:
    from pathlib import Path


def test_families_and_models_keep_their_order(tmp_path: Path) -> None:
    catalog = load(tmp_path)
    assert list(catalog.families.values()) == [
        Family(id="counters", name="Counters"),
        Family(id="stations", name="Charging stations"),
    ]
    assert list(catalog.models) == ["412045", "046680", "059056"]


def test_all_fields_of_a_model(tmp_path: Path) -> None:
    models = (
        "families: [{id: f, name: F}]\nmodels:\n"
        '  - {number: "4 120 65", name: All, family: f, kind: pulse_meter, phases: 1, commodity: gas, mid: true,\n'
        "     measures: [pulses, analogue], states: [inputs], commands: [outputs, clock], sides: 2, inputs: 7,\n"
        "     options: [position, concentrator], profiles: [{id: second, confidence: inferred}]}\n"
        '  - {number: "5", name: Few, family: f, kind: interface}\n'
    )
    catalog = Catalog.load(data=built_in(tmp_path, models, second=SECOND))
    assert catalog.models["412065"] == Model(
        number="412065",
        name="All",
        family="f",
        kind=Kind.PULSE_METER,
        phases=1,
        commodity=Commodity.GAS,
        measures=("pulses", "analogue"),
        states=("inputs",),
        commands=("outputs", "clock"),
        options=frozenset({Option.POSITION, Option.CONCENTRATOR}),
        sides=2,
        inputs=7,
        mid=True,
        candidates=(Candidate(profile="second", confidence=Confidence.INFERRED),),
    )
    assert catalog.models["5"] == Model(number="5", name="Few", family="f", kind=Kind.INTERFACE)


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "reason"),
    [
        ("id: stations", "id: counters", 3, "families[1].id", "counters is listed twice"),
        ('"059056"', '"412045"', 8, "models[2].number", "412045 is listed twice"),
        ("family: stations", "family: cars", 8, "models[2].family", "there is no family cars"),
        (
            "id: second, confidence: inferred",
            "id: third, confidence: none",
            7,
            "models[1].profiles[0].id",
            "no profile",
        ),
        ("kind: communication", "kind: talk", 8, "models[2].kind", "expected one of meter"),
        ("phases: 3", "phases: 2", 5, "models[0].phases", "expected 1 or 3"),
        ("measures: [energy", "measures: [heat", 5, "models[0].measures[0]", "expected one of energy"),
        ("name: Kit, ", "", 8, "models[2].name", "is missing"),
        ("name: Kit", "colour: red, name: Kit", 8, "models[2].colour", "unknown field"),
    ],
)
def test_a_mistake_in_the_list_is_ours(tmp_path: Path, old: str, new: str, line: int, key: str, reason: str) -> None:
    assert old in MODELS
    with pytest.raises(ValueError, match=r"models\.yaml") as error:
        Catalog.load(data=built_in(tmp_path, MODELS.replace(old, new)))
    assert f"models.yaml:{line}: {key}: " in str(error.value)
    assert reason in str(error.value)
