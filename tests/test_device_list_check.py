"""Rows of a list, checked by the rules of a device's form."""

from __future__ import annotations

from dataclasses import replace
from time import process_time
from typing import Any

import pytest

from custom_components.legrand_ews.device import DeviceConfig
from custom_components.legrand_ews.device_list import Row, parse
from custom_components.legrand_ews.device_list_check import Checked, check

from .support import groups_of, plain_catalog

PULSE = {"model": "412082", "address": "6", "concentrator": "4687", "position": "1", "pulse_weight": "10"}
GENERIC = {"model": "generic_modbus_meter", "address": "9", "register": "0x0C1A"}
KITCHEN = DeviceConfig(id="k", name="Kitchen", model="412045", address=5)


def checked(*cells: dict[str, str], **beside: Any) -> Checked:
    return check(plain_catalog(), [Row(line=line, cells=row) for line, row in enumerate(cells, 2)], **beside)


def stored(**cells: str) -> dict[str, Any]:
    result = checked(cells, choices=groups_of(cells))
    assert result.problems == ()
    return dict(result.devices[0].data)


def problems(*cells: dict[str, str], **beside: Any) -> list[tuple[int, str, str, str]]:
    found = checked(*cells, **beside).problems
    return [(problem.line, problem.column, problem.reason, problem.detail) for problem in found]


def test_a_row_is_stored_as_the_form_would() -> None:
    assert (
        stored(model="4 120 45", address="5", load="Heating", exclude_from_totals="1").items()
        >= {
            "model": "412045",
            "address": 5,
            "load": "heating",
            "exclude_from_totals": True,
        }.items()
    )
    assert stored(model="414920", address="2-1").items() >= {"address": 2, "interface": 1, "supply": "upstream"}.items()
    assert (
        stored(**PULSE, pulse_unit="KWH").items()
        >= {
            "concentrator": "004687",
            "position": 1,
            "pulse_weight": 10.0,
            "pulse_unit": "kWh",
        }.items()
    )
    gas = {**PULSE, "model": "Gas_Counter", "pulse_weight": "0,01", "pulse_unit": "m3"}
    assert stored(**gas).items() >= {"model": "gas_counter", "pulse_weight": 0.01, "pulse_unit": "m³"}.items()
    assert stored(**GENERIC, factor="0,1").items() >= {"register": "0C1A", "factor": "0.1", "function": 3}.items()
    station = {"model": "0 590 32", "address": "7", "side": "Right"}
    assert stored(**station).items() >= {"side": "right", "phase": "l1", "rated_current": 32}.items()
    assert stored(**station, phase="L3", rated_current="16")["rated_current"] == 16
    assert stored(model="412052", address="5", profile="ime_nemo_96hd")["profile"] == "ime_nemo_96hd"
    assert "profile" not in stored(model="412052", address="5", profile="automatic")


def test_groups_are_kept_once_each_in_their_order() -> None:
    assert stored(model="412045", address="5", groups="North | Tenant; North||")["groups"] == ["North", "Tenant"]
    assert "groups" not in stored(model="412045", address="5", groups=" ; ")


def test_a_switch_that_is_off_does_no_harm_to_a_model_without_it() -> None:
    assert "exclude_from_totals" not in stored(model="414929", address="5", exclude_from_totals="no")
    assert problems({"model": "414929", "address": "5", "exclude_from_totals": "yes"}) == [
        (2, "exclude_from_totals", "not_for_model", "")
    ]


def test_without_a_name_model_and_place_make_it() -> None:
    result = checked({"model": "412045", "address": "5"}, PULSE, {"model": "414920", "address": "2-1"})
    assert [device.title for device in result.devices] == ["4 120 45 (5)", "4 120 82 (6-1)", "4 149 20 (2-1)"]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"address": "5"}, ("model", "missing", "")),
        ({"model": "999999", "address": "5"}, ("model", "unknown_model", "999999")),
        ({"model": "412045"}, ("address", "missing", "")),
        ({"model": "412045", "address": "300"}, ("address", "bad_address", "")),
        ({"model": "412045", "address": "2-1"}, ("address", "bad_address", "")),
        ({"model": "412045", "address": "5.5"}, ("address", "bad_address", "")),
        ({"model": "414920", "address": "2-99"}, ("address", "bad_address", "")),
        ({"model": "412045", "address": "5", "side": "left"}, ("side", "not_for_model", "")),
        ({"model": "412045", "address": "5", "rated_current": "16"}, ("rated_current", "not_for_model", "")),
        ({"model": "59032", "address": "7", "rated_current": "5"}, ("rated_current", "bad_number", "6 … 125")),
        ({**GENERIC, "labels": "input_1=Door"}, ("labels", "not_for_model", "")),
        (
            {"model": "412045", "address": "5", "exclude_from_totals": "ja"},
            ("exclude_from_totals", "bad_choice", "yes, no"),
        ),
        ({"model": "412045", "address": "5", "profile": "x"}, ("profile", "bad_choice", "ime_nemo_0x1000")),
        ({**GENERIC, "profile": "x"}, ("profile", "not_for_model", "")),
        ({"model": "412045", "address": "5", "groups": "1|2|3|4|5|6"}, ("groups", "too_many_groups", "5")),
        ({"model": "412045", "address": "5", "groups": "North|1"}, ("groups", "unknown_group", "North, 1")),
        ({**PULSE, "position": "8"}, ("position", "no_such_input", "7")),
        ({**PULSE, "position": "1.5"}, ("position", "bad_number", "1 … 12")),
        ({**PULSE, "position": "13"}, ("position", "bad_number", "1 … 12")),
        ({**PULSE, "pulse_weight": "nan"}, ("pulse_weight", "bad_number", "≥ 0.001")),
        ({**PULSE, "pulse_weight": "0"}, ("pulse_weight", "bad_number", "≥ 0.001")),
        ({**PULSE, "pulse_unit": "L"}, ("pulse_unit", "bad_choice", "Wh, kWh")),
        ({**GENERIC, "register": "10000"}, ("register", "bad_register", "")),
        ({**GENERIC, "words": "4"}, ("words", "bad_words", "2")),
        ({**GENERIC, "factor": "-1"}, ("factor", "bad_factor", "")),
    ],
)
def test_a_cell_that_cannot_be_taken_is_named(cells: dict[str, str], expected: tuple[str, str, str]) -> None:
    assert problems(cells) == [(2, *expected)]


def test_what_only_gives_others_an_address_is_no_device() -> None:
    assert problems({"model": "046680", "address": "5"})[0][1] == "model"


def test_all_errors_are_told_at_once() -> None:
    found = problems({"model": "412045", "address": "0", "load": "x", "side": "left"}, {"model": "nope"}, GENERIC)
    assert [(line, column) for line, column, *_ in found] == [(2, "side"), (2, "address"), (2, "load"), (3, "model")]


def test_rows_stand_against_devices_and_against_each_other() -> None:
    here = [KITCHEN]
    other = [replace(KITCHEN, id="o", name="Cellar", address=8)]
    found = problems(
        {"model": "412045", "address": "5"},
        {"model": "412045", "address": "7", "name": "kitchen"},
        {"model": "412045", "address": "8", "name": "CELLAR"},
        {"model": "412045", "address": "10", "name": "New"},
        {"model": "412045", "address": "10", "name": "Twice"},
        {"model": "412045", "address": "11", "name": "new"},
        PULSE,
        {**PULSE, "name": "P"},
        here=here,
        elsewhere=other,
    )
    assert found == [
        (2, "address", "address_used", "Kitchen"),
        (3, "name", "name_used", "Kitchen"),
        (4, "name", "name_used", "Cellar"),
        (6, "address", "address_used", "New"),
        (7, "name", "name_used", "New"),
        (9, "position", "position_used", "4 120 82 (6-1)"),
    ]


def test_a_gateway_takes_no_more_addresses_than_its_limit() -> None:
    rows = [{"model": "412045", "address": str(address)} for address in (6, 7, 8)]
    assert problems(*rows, here=[KITCHEN], limit=3) == [(4, "address", "limit_reached", "3")]
    assert problems(*rows, here=[KITCHEN], limit=4) == []
    shared = [{**PULSE, "position": str(position)} for position in (1, 2, 3)]
    assert problems(*shared, here=[KITCHEN], limit=2) == []


def test_a_full_gateway_is_checked_in_no_time() -> None:
    meters = "".join(f"412045,{address},Meter {address},,,\n" for address in range(1, 200))
    pulses = "".join(f"412082,{200 + n // 7},Pulses {n},004687,{n % 7 + 1},10\n" for n in range(56))
    began = process_time()
    rows, _ = parse(f"model,address,name,concentrator,position,pulse_weight\n{meters}{pulses}")
    result = check(plain_catalog(), rows)
    assert (len(result.devices), result.problems) == (255, ())
    assert process_time() - began < 1
