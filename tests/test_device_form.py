"""The fields of a device's form, what is stored of them and what is shown of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import voluptuous as vol
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.catalog import Catalog, DataType, Kind, Option
from custom_components.legrand_ews.device import DeviceConfig, resolve
from custom_components.legrand_ews.device_form import (
    AUTOMATIC,
    SECTION_MORE,
    InvalidFieldError,
    choice,
    details_schema,
    form_values,
    number,
    stored_data,
)

from .support import plain_catalog

if TYPE_CHECKING:
    from pathlib import Path

PULSE: dict[str, Any] = {"concentrator": "412065", "position": 1, "pulse_weight": 1, "pulse_unit": "Wh"}
GENERIC: dict[str, Any] = {
    "function": "3",
    "register": "0x0C1A",
    "words": 2,
    "factor": "0.1",
    "type": "u32",
    "word_order": "big",
}
ADDRESSABLE = sorted(
    model.number
    for model in plain_catalog().models.values()
    if model.kind not in (Kind.INTERFACE, Kind.COMMUNICATION, Kind.CONCENTRATOR)
)


def schema(number: str) -> vol.Schema:
    return details_schema(plain_catalog(), plain_catalog().models[number])


def names(number: str) -> list[str]:
    return [str(key) for key in schema(number).schema]


def more(number: str) -> list[str]:
    (inner,) = (value.schema for key, value in schema(number).schema.items() if key == SECTION_MORE)
    return [str(key) for key in inner.schema]


def store(number: str, **form: Any) -> dict[str, Any]:
    return stored_data(plain_catalog(), plain_catalog().models[number], {"address": 5, **form})


def tried(number: str, **form: Any) -> tuple[dict[str, Any], tuple[str, str] | None]:
    """Return what is stored of a form, or field and reason of the refusal."""
    try:
        return store(number, **form), None
    except InvalidFieldError as error:
        return {}, (error.field, error.reason)


def shown(data: dict[str, Any], model: str | None = None) -> dict[str, Any]:
    """Return what the form of a model shows of stored data."""
    return form_values(plain_catalog().models[model or data["model"]], "It", data)


def refused(number: str, **form: Any) -> tuple[str, str, str]:
    with pytest.raises(InvalidFieldError) as info:
        store(number, **form)
    return info.value.field, info.value.reason, info.value.detail


def filled(number: str, **changes: Any) -> dict[str, Any]:
    """Return a form as a user sends it: what must be chosen, and what the fields are preset to."""
    form: dict[str, Any] = {"name": "It", "address": 5}
    fields = names(number)
    if "concentrator" in fields:
        units = {"gas_counter": "L", "water_counter": "m³"}
        form |= {**PULSE, "pulse_unit": units.get(number, "kWh")}
    if "register" in fields:
        form |= GENERIC
    if SECTION_MORE in fields:
        form[SECTION_MORE] = {}
    checked: dict[str, Any] = schema(number)({**form, "address": "5"} if text_address(number) else form)
    return checked | changes


def text_address(number: str) -> bool:
    """Tell whether the address of a model is a text."""
    return Option.INTERFACE in plain_catalog().models[number].options


@pytest.mark.parametrize(
    ("number", "fields", "section"),
    [
        (
            "412045",
            ["name", "address", "load", "labels", "more"],
            ["exclude_from_totals", "exclude_alerts", "allow_commands"],
        ),
        (
            "412052",
            ["name", "address", "load", "labels", "more"],
            ["exclude_from_totals", "exclude_alerts", "profile"],
        ),
        ("414919", ["name", "address", "supply", "load", "more"], ["exclude_from_totals", "exclude_alerts"]),
        ("414929", ["name", "address", "more"], ["exclude_alerts"]),
        (
            "412082",
            ["name", "address", "concentrator", "position", "pulse_weight", "pulse_unit", "load", "more"],
            ["exclude_from_totals", "exclude_alerts"],
        ),
        (
            "gas_counter",
            ["name", "address", "concentrator", "position", "pulse_weight", "pulse_unit", "more"],
            ["exclude_from_totals", "exclude_alerts"],
        ),
        (
            "dpx3_250_measuring",
            ["name", "address", "supply", "load", "more"],
            ["exclude_from_totals", "exclude_alerts"],
        ),
        (
            "generic_modbus_meter",
            ["name", "address", "function", "register", "words", "factor", "type", "word_order", "load", "more"],
            ["exclude_from_totals", "exclude_alerts"],
        ),
    ],
)
def test_a_model_asks_for_what_it_needs(number: str, fields: list[str], section: list[str]) -> None:
    assert names(number) == fields
    assert more(number) == section


@pytest.mark.parametrize(("number", "sides"), [("059032", ["side"]), ("059096", ["side"]), ("059000", [])])
def test_a_station_has_sides_a_phase_a_rated_current_and_nothing_more(number: str, sides: list[str]) -> None:
    assert names(number) == ["name", "address", *sides, "phase", "rated_current", "more"]
    assert more(number) == ["exclude_alerts"]


def test_the_rated_current_of_a_station() -> None:
    assert store("059096", **filled("059096"))["rated_current"] == 32
    for current in (6, 16, 125):
        assert store("059096", **filled("059096", rated_current=current))["rated_current"] == current
    for wrong in (5, 126, "many"):
        with pytest.raises(vol.Invalid):
            schema("059096")({"address": 5, "rated_current": wrong, "more": {}})


CHARGING = """
id: mine
name: My own
source: my own measurements
confidence: inferred
models: ["059000"]
states:
  charge: {address: 0, values: {0: free, 2: charging}}
"""


@pytest.mark.parametrize(
    ("rows", "offered"),
    [("", False), ("charging: {limit: {address: 1, write: 6, minimum: 6, maximum: 32, off: 0}}\n", True)],
)
def test_a_station_may_be_commanded_where_its_map_tells_how_to_limit_it(
    tmp_path: Path, rows: str, *, offered: bool
) -> None:
    (tmp_path / "mine.yaml").write_text(CHARGING + rows, encoding="utf-8")
    catalog = Catalog.load(tmp_path)
    assert catalog.errors == []
    fields = details_schema(catalog, catalog.models["059000"]).schema
    assert ("allow_commands" in fields[SECTION_MORE].schema.schema) is offered


@pytest.mark.parametrize("number", ADDRESSABLE)
def test_what_is_stored_is_shown_again_and_stored_the_same(number: str) -> None:
    data = stored_data(plain_catalog(), plain_catalog().models[number], filled(number))
    values = shown(data)
    again = schema(number)({**filled(number), **values})
    assert stored_data(plain_catalog(), plain_catalog().models[number], again) == data
    assert values["name"] == "It"
    config = DeviceConfig.from_data("id", "It", data)
    assert (config.model, config.address) == (number, 5)
    assert resolve(plain_catalog(), config).model.number == number


def test_one_section_holds_what_few_people_change() -> None:
    chosen = {"exclude_from_totals": True, "profile": "ime_nemo_0x1000"}
    data = store("412052", more=chosen, load="heating")
    assert data == {"model": "412052", "address": 5, "load": "heating", **chosen}
    assert shown(data) == {"name": "It", "address": 5, "load": "heating", "more": chosen}
    assert "profile" not in store("412052", more={"exclude_from_totals": True, "profile": AUTOMATIC})


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("5", {"address": 5}),
        (" 247 ", {"address": 247}),
        ("2-1", {"address": 2, "interface": 1}),
        ("12 - 32", {"address": 12, "interface": 32}),
    ],
)
def test_addresses_of_ems_modules(given: str, stored: dict[str, int]) -> None:
    data = store("414918", address=given)
    assert data == {"model": "414918", **stored}
    assert store("414918", address=shown(data)["address"]) == data


def test_of_another_model_a_form_takes_what_it_has_room_for() -> None:
    ems = store("414919", address="2-1", supply="downstream")
    assert shown(ems, "412045")["address"] == 2
    assert shown(store("412045"), "414919")["address"] == "5"


@pytest.mark.parametrize("given", ["0", "248", "999", "2-0", "2-33", "2-", "-1", "2-1-1", "two", "", "²", "1.5"])
def test_what_is_no_address(given: str) -> None:
    assert refused("414918", address=given) == ("address", "bad_address", "")


@given(st.text("0123456789 -", max_size=6) | st.text(max_size=6))
def test_any_text_is_an_address_or_refused(given: str) -> None:
    data, problem = tried("414918", address=given)
    if problem is not None:
        assert problem == ("address", "bad_address")
    else:
        assert 1 <= data["address"] <= 247
        assert 1 <= data.get("interface", 1) <= 32


@pytest.mark.parametrize(("carrier", "inputs"), [("412065", 12), ("004687", 7), ("412041", 1)])
def test_a_concentrator_has_so_many_inputs(carrier: str, inputs: int) -> None:
    pulse = {**PULSE, "concentrator": carrier}
    assert store("412082", **{**pulse, "position": inputs})["position"] == inputs
    wrong = refused("412082", **{**pulse, "position": inputs + 1})
    assert wrong == ("position", "no_such_input", str(inputs))


def test_a_concentrator_whose_inputs_nobody_published_takes_any() -> None:
    assert store("412082", **{**PULSE, "concentrator": "414926", "position": 12})["position"] == 12


def test_every_concentrator_can_be_chosen() -> None:
    (field,) = (value for key, value in schema("412082").schema.items() if key == "concentrator")
    assert {row["value"] for row in field.config["options"]} == {
        "414926",
        "412065",
        "004687",
        "412041",
        "412081",
        "412091",
    }


@pytest.mark.parametrize(
    ("number", "units"), [("412082", ["Wh", "kWh"]), ("gas_counter", ["m³", "L"]), ("water_counter", ["m³", "L"])]
)
def test_a_pulse_has_a_unit_of_what_it_counts(number: str, units: list[str]) -> None:
    (field,) = (value for key, value in schema(number).schema.items() if key == "pulse_unit")
    assert [row["value"] for row in field.config["options"]] == units


@pytest.mark.parametrize("weight", [0, -1])
def test_a_pulse_stands_for_something(weight: float) -> None:
    with pytest.raises(vol.Invalid):
        schema("412082")({"address": 5, **PULSE, "pulse_weight": weight, "more": {}})


@pytest.mark.parametrize(
    ("given", "stored"), [("0C1A", "0C1A"), ("0x0c1a", "0C1A"), (" 1000 ", "1000"), ("0", "0000"), ("fffe", "FFFE")]
)
def test_registers_are_hexadecimal(given: str, stored: str) -> None:
    assert store("generic_modbus_meter", **{**GENERIC, "register": given})["register"] == stored


@pytest.mark.parametrize("given", ["", "xyz", "10000", "-1", "0x", "1.5", "40001"])
def test_what_is_no_register(given: str) -> None:
    assert refused("generic_modbus_meter", **{**GENERIC, "register": given}) == ("register", "bad_register", "")


@pytest.mark.parametrize(("given", "stored"), [("0.1", "0.1"), (" 0,001 ", "0.001"), ("1e-3", "1e-3"), ("12", "12")])
def test_factors(given: str, stored: str) -> None:
    data = store("generic_modbus_meter", **{**GENERIC, "factor": given})
    assert data["factor"] == stored
    assert resolve(plain_catalog(), DeviceConfig.from_data("id", "It", data)).profile is not None


@pytest.mark.parametrize("given", ["", "0", "-1", "nan", "inf", "one", "1 000"])
def test_what_is_no_factor(given: str) -> None:
    assert refused("generic_modbus_meter", **{**GENERIC, "factor": given}) == ("factor", "bad_factor", "")


@pytest.mark.parametrize("field", ["factor", "register"])
@given(st.text("0123456789abcdefx.,+- _", max_size=8) | st.text(max_size=8))
def test_whatever_is_taken_can_be_read_again(field: str, given: str) -> None:
    data, problem = tried("generic_modbus_meter", **{**GENERIC, field: given})
    if problem is not None:
        assert problem == (field, f"bad_{field}")
    else:
        assert resolve(plain_catalog(), DeviceConfig.from_data("id", "It", data)).profile is not None


@pytest.mark.parametrize(("type", "words"), [("u16", 1), ("s32", 2), ("f64", 4)])
def test_a_type_takes_its_words(type: str, words: int) -> None:  # noqa: A002
    form = {**GENERIC, "type": type}
    assert store("generic_modbus_meter", **{**form, "words": words})["words"] == words
    wrong = refused("generic_modbus_meter", **{**form, "words": 3})
    assert wrong == ("words", "bad_words", str(DataType(type).words))


def test_a_value_does_not_go_beyond_the_last_register() -> None:
    form = {**GENERIC, "type": "u64", "words": 4}
    assert store("generic_modbus_meter", **{**form, "register": "FFFC"})["register"] == "FFFC"
    assert refused("generic_modbus_meter", **{**form, "register": "FFFD"})[:2] == ("register", "bad_register")


def test_numbers_are_whole_and_in_their_range() -> None:
    field = number(1, 247)
    assert field(5.0) == 5
    assert isinstance(field(5.0), int)
    for wrong in (0, 248, "five"):
        with pytest.raises(vol.Invalid):
            field(wrong)


def test_choices_are_named_by_label_or_by_the_strings() -> None:
    assert choice({"a": "First"}).config["options"] == [{"value": "a", "label": "First"}]
    named = choice(["a", "b"], translation_key="letters")
    assert named.config["options"] == ["a", "b"]
    assert named.config["translation_key"] == "letters"
