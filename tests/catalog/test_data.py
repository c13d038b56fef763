"""The built-in files: everything the original supports is there, and all of it loads."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from custom_components.legrand_ews.catalog import (
    AlarmGroup,
    Catalog,
    Condition,
    Confidence,
    Kind,
    Option,
    StateKind,
    Verb,
    profile_template,
)
from custom_components.legrand_ews.catalog.loader import DATA

if TYPE_CHECKING:
    from pathlib import Path

# The compatible devices of the manual (5.1 to 5.3) and of its release notes, by family.
FAMILIES: dict[str, str] = {
    "EMDX3 multifunction, modular": "004676 412051 412048 412045",
    "EMDX3 multifunction, Access": "014668 412052 412049 412047",
    "EMDX3 multifunction, Premium": "014669 412053",
    "EMDX3 RS485, single-phase": "004677 412068 004679 412081 412083",
    "EMDX3 RS485, three-phase direct": "004680 004683 412074 412075 412091 412093",
    "EMDX3 RS485, three-phase by CT": "004684 004686 412041 412043",
    "EMDX3 RS485, later": "700043 700044",
    "EMDX3 pulse, single-phase": "004670 004672 004681 004678 412069 412080 412082",
    "EMDX3 pulse, three-phase direct": "004673 004682 412090 412092",
    "EMDX3 pulse, three-phase by CT": "004674 004685 412040 412042",
    "EMS CX3 measuring": "414918 414919 414920 414921 414922 414923 414924 414925 414927",
    "EMS CX3 state": "414929 414930",
    "EMS CX3 control": "414931 414932",
    "DX3 add-on, counting": "410657 410658",
    "DX3 add-on, measuring": "410659",
    "DPX3 with measuring": "dpx3_250_measuring dpx3_630_measuring dpx3_1600_measuring 423890",
    "DPX3 without measuring": (
        "dpx3_250_electronic dpx3_250_electronic_rcd dpx3_250_thermal_rcd dpx3_630_electronic dpx3_1600_electronic"
    ),
    "DMX3 with measuring": "028803 028804 MP2.10 MP4.10",
    "DMX3 without measuring": "028800 028801 028802",
    "Gas and water": "gas_counter water_counter",
    "Other makes": "generic_modbus_meter",
    "Power supervision": "026136 028812",
    "Green'Up Premium, single-phase": (
        "059000 059001 059005 059006 058000 058001 "
        "059003 059004 059008 059009 059010 059011 059012 059013 059030 059035 059041 059042 059043 059044 059070 "
        "059071 058003 058004 058010 058011 058012 058013 058030 058035 058041 058042 058043 058044"
    ),
    "Green'Up Premium, three-phase": "059002 059007 058002 059014 059015 059048 059049 058014 058015 058048 058049",
    "Green'Up, one side, single-phase": "059031 059033 059037 059076 059091 059093 059061 059063",
    "Green'Up, two sides, single-phase": "059032 059034 059038 059077 059078 059040 059057 059058",
    "Green'Up, one side, three-phase": "059045 059094 059095 059046 059064 059065",
    "Green'Up, two sides, three-phase": "059096 059097 059047 059066 059067",
    "Pulse concentrators": "414926 412065 004687",
    "Interfaces": "414940 004689",
    "Communication modules and kits": "421075 028805 059056",
}
KINDS: dict[str, Kind] = {
    "EMDX3 multifunction": Kind.METER,
    "EMDX3 RS485": Kind.COUNTER,
    "EMDX3 pulse": Kind.PULSE_METER,
    "EMS CX3 measuring": Kind.METER,
    "EMS CX3 state": Kind.STATE,
    "EMS CX3 control": Kind.CONTROL,
    "DX3 add-on, counting": Kind.COUNTER,
    "DX3 add-on, measuring": Kind.METER,
    "DPX3": Kind.BREAKER,
    "DMX3": Kind.BREAKER,
    "Gas and water": Kind.PULSE_METER,
    "Other makes": Kind.METER,
    "Power supervision": Kind.IO,
    "Green'Up": Kind.STATION,
    "Pulse concentrators": Kind.CONCENTRATOR,
    "Interfaces": Kind.INTERFACE,
    "Communication modules and kits": Kind.COMMUNICATION,
}
MID = "004679 412083 004683 412075 412093 004686 412043 700044 004678 412069 412082 004682 412092 004685 412042"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The built-in catalogue."""
    return Catalog.load()


def numbers(beginning: str) -> set[str]:
    """Return the catalogue numbers of the families whose name begins like this."""
    return {number for family, text in FAMILIES.items() if family.startswith(beginning) for number in text.split()}


def test_every_product_of_the_original_is_there_and_no_other(catalog: Catalog) -> None:
    listed = [number for text in FAMILIES.values() for number in text.split()]
    assert len(listed) == len(set(listed))
    assert set(listed) == set(catalog.models)
    assert catalog.errors == []


@pytest.mark.parametrize("beginning", KINDS)
def test_products_are_of_their_kind(catalog: Catalog, beginning: str) -> None:
    kinds = {number: catalog.models[number].kind for number in numbers(beginning)}
    assert kinds
    assert kinds == dict.fromkeys(kinds, KINDS[beginning])


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        (Option.POSITION, numbers("EMDX3 pulse") | numbers("Gas and water")),
        (Option.CONCENTRATOR, numbers("EMDX3 pulse") | numbers("Gas and water")),
        (Option.SUPPLY, {"414919", "414920", "414923"} | numbers("DX3") | numbers("DPX3") | numbers("DMX3")),
        (Option.SIDE, numbers("Green'Up, two sides")),
        (
            Option.PHASE,
            numbers("Green'Up Premium, single")
            | {n for family in FAMILIES if family.endswith("side, single-phase") for n in numbers(family)}
            | numbers("Green'Up, two sides, single"),
        ),
        (Option.INTERFACE, numbers("EMS CX3") | {"414926"}),
        (Option.GENERIC, {"generic_modbus_meter"}),
    ],
)
def test_forms_ask_what_the_manual_says(catalog: Catalog, option: Option, expected: set[str]) -> None:
    assert {number for number, model in catalog.models.items() if option in model.options} == expected


def test_meters_for_billing(catalog: Catalog) -> None:
    assert {number for number, model in catalog.models.items() if model.mid} == set(MID.split())


def test_phases_and_sides(catalog: Catalog) -> None:
    for family, text in FAMILIES.items():
        phases = 1 if "single-phase" in family else 3 if "three-phase" in family else None
        for number in text.split():
            assert phases in (None, catalog.models[number].phases), number
    two = {number for number, model in catalog.models.items() if model.sides == 2}
    told = {"059011", "059013", "059015", "059042", "059044", "059049"}
    twins = {number.replace("059", "058", 1) for number in told}
    assert told | numbers("Green'Up, two sides") <= two
    assert two <= told | twins | numbers("Green'Up, two sides")


def test_pulse_inputs(catalog: Catalog) -> None:
    assert (catalog.models["412065"].inputs, catalog.models["004687"].inputs) == (12, 7)
    assert {number for number, model in catalog.models.items() if model.inputs} == {
        *("412065", "004687"),
        *("412081", "412091", "412041"),
    }
    for model in catalog.models.values():
        for candidate in model.candidates:
            inputs = catalog.profiles[candidate.profile].inputs
            assert inputs is None or inputs.count == model.inputs, model.number


def test_no_map_is_surer_for_a_model_than_by_itself(catalog: Catalog) -> None:
    entries = [entry for model in catalog.models.values() for entry in model.candidates]
    assert entries
    assert all(entry.confidence.rank >= catalog.profiles[entry.profile].confidence.rank for entry in entries)


def test_every_map_reads_something_for_some_model(catalog: Catalog) -> None:
    assert {entry.profile for model in catalog.models.values() for entry in model.candidates} <= set(catalog.profiles)
    for profile in catalog.profiles.values():
        assert profile.measures or profile.states or (profile.inputs and profile.inputs.measures), profile.id
        assert profile.confidence is not Confidence.NONE, profile.id


def test_commands_only_where_the_manufacturer_tells_them_for_the_very_product(catalog: Catalog) -> None:
    allowed = {
        (number, profile.id)
        for number in catalog.models
        for profile in catalog.profiles.values()
        if profile.commands and catalog.may_command(number, profile)
    }
    assert allowed == {("412045", "ime_nemo_0x1000")}


def test_the_output_of_the_412045_by_its_type(catalog: Catalog) -> None:
    profile = catalog.profiles["ime_nemo_0x1000"]
    assert profile.registers["output_type"].slow
    output, alarm = profile.states["output_1"], profile.states["threshold_alarm"]
    assert (output.register, alarm.alarm) == (alarm.register, AlarmGroup.THRESHOLD)
    assert output.valid_if == Condition(register="output_type", values=frozenset({2, 3}))
    assert alarm.valid_if == Condition(register="output_type", values=frozenset({1}))
    told = {
        verb: (
            [(w.address, w.values, w.single) for w in row.writes],
            row.expect,
            sorted(row.valid_if.values if row.valid_if else ()),
        )
        for (_, verb), row in profile.commands.items()
    }
    assert told == {
        Verb.ON: ([(4207, (1,), False)], "on", [2, 3]),
        Verb.OFF: ([(4207, (0,), False)], "off", [2, 3]),
        Verb.PULSE: ([(4207, (1,), False)], None, [3]),
    }


def test_inputs_exist_only_as_far_as_the_device_counts_them(catalog: Catalog) -> None:
    for profile in catalog.profiles.values():
        for state in profile.states.values():
            if state.kind is StateKind.INPUT:
                assert state.valid_if is not None
                assert min(state.valid_if.values) >= (state.number or 1)
                assert profile.registers[state.valid_if.register].address == 0xCB00


def test_clocks_are_those_of_the_socomec_tables(catalog: Catalog) -> None:
    clocks = {profile.id: profile.clock for profile in catalog.profiles.values() if profile.clock}
    assert set(clocks) == {"socomec_countis_e34", "socomec_countis_eci"}
    for clock in clocks.values():
        names = [field for (field,) in clock.fields]
        assert (clock.address, names) == (0xE100, ["day", "month", "year", "hour", "minute", "second"])
    assert [entry.profile for entry in catalog.candidates("004687")] == ["socomec_countis_ci", "socomec_countis_eci"]


def test_what_nothing_is_published_of_has_no_map(catalog: Catalog) -> None:
    silent = (
        *("DPX3", "DMX3", "DX3", "Green'Up", "Power supervision", "Interfaces", "Communication", "EMS CX3 state"),
        *("EMS CX3 control", "EMDX3 RS485, later", "EMDX3 pulse"),
    )
    for number in {number for beginning in silent for number in numbers(beginning)} | {"412065", "414926"}:
        assert catalog.profile_for(number) is None, number


def test_the_file_to_fill_in_loads_for_every_product(catalog: Catalog, tmp_path: Path) -> None:
    for index, model in enumerate(catalog.models.values()):
        (tmp_path / f"{index}.yaml").write_text(profile_template(model))
    loaded = Catalog.load(tmp_path)
    assert loaded.errors == []
    for number in loaded.models:
        profile = loaded.profile_for(number)
        assert profile is not None
        assert (profile.user, dict(profile.measures), profile.inputs) == (True, {}, None), number
        said = (profile.states, profile.commands, profile.settings, profile.links)
        assert (any(said), profile.clock) == (False, None), number


def test_the_files_are_read_in_no_time(tmp_path: Path) -> None:
    spent = []
    for name in ("one", "two", "three"):
        (tmp_path / name).symlink_to(DATA)
        start = time.process_time()
        assert Catalog.load(data=tmp_path / name).models
        spent.append(time.process_time() - start)
    assert min(spent) < 0.5
