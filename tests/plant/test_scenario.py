"""Scenarios are complete and refuse what no installation can be."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from custom_components.legrand_ews.catalog import Kind, Option
from custom_components.legrand_ews.const import LOADS
from plant.scenario import DeviceSpec, load_scenario, read_scenario, scenario_names

from .support import catalog

if TYPE_CHECKING:
    from pathlib import Path

SIZES = {"house": (1, 10), "office": (3, 39), "charging": (1, 7), "max": (8, 255)}


def test_names() -> None:
    assert scenario_names() == sorted(SIZES)


@pytest.mark.parametrize("name", SIZES)
def test_sizes(name: str) -> None:
    scenario = load_scenario(name)
    assert (len(scenario.gateways), len(scenario.devices)) == SIZES[name]
    assert [gateway.port for gateway in scenario.gateways] == list(range(len(scenario.gateways)))
    assert scenario.description


@pytest.mark.parametrize("name", SIZES)
def test_devices_fill_in_their_forms(name: str) -> None:
    for device in load_scenario(name).devices:
        model = catalog().models[device.model]
        assert 1 <= device.address <= 247
        assert (device.position is not None) == (Option.POSITION in model.options)
        assert (device.concentrator is not None) == (Option.CONCENTRATOR in model.options)
        assert (device.generic is not None) == (Option.GENERIC in model.options)
        assert device.supply is None or Option.SUPPLY in model.options
        assert device.load is None or device.load in LOADS
        assert (device.pulse_weight is not None) == (model.kind is Kind.PULSE_METER)


def test_the_office_has_something_of_everything() -> None:
    devices = load_scenario("office").devices
    kinds = {catalog().models[device.model].kind for device in devices}
    assert {Kind.METER, Kind.COUNTER, Kind.PULSE_METER, Kind.BREAKER, Kind.STATE, Kind.CONTROL, Kind.IO} <= kinds
    families = {catalog().models[device.model].family for device in devices}
    assert {"gas_counters", "water_counters", "dmx3", "dpx3", "dx3", "ems_multifunction", "other"} <= families
    assert {device.concentrator for device in devices} > {"412065", "004687"}
    carriers = {(device.concentrator or device.model) for device in devices}
    maps = {profile.id for number in carriers if (profile := catalog().profile_for(number)) is not None}
    assert len(maps) >= 12


def test_the_car_park_has_stations_of_all_kinds() -> None:
    scenario = load_scenario("charging")
    stations = [row for row in scenario.devices if catalog().models[row.model].kind is Kind.STATION]
    assert {catalog().models[row.model].phases for row in stations} == {1, 3}
    assert {catalog().models[row.model].family for row in stations} == {"greenup", "greenup_premium"}
    assert {row.side for row in stations} == {None, "left", "right"}
    assert {row.at for row in scenario.devices} - {row.at for row in stations} == {scenario.tree.name}


def test_what_is_measured_twice_is_left_out_of_totals() -> None:
    for name in SIZES:
        scenario = load_scenario(name)
        counted = [
            device.at
            for device in scenario.devices
            if catalog().models[device.model].commodity and not device.exclude_from_totals
        ]
        assert len(counted) == len(set(counted))


def plain(**more: Any) -> dict[str, Any]:
    """The data of a small scenario."""
    return {
        "tree": {"name": "mains", "children": [{"name": "load", "shape": "fridge", "peak": 100}]},
        "flows": [{"name": "gas", "shape": "gas_heating", "peak": 10}],
        "gateways": [{"name": "one", "devices": [{"name": "a", "model": 412045, "address": 1, "at": "load"}]}],
        **more,
    }


def test_numbers_that_must_be_exact_are() -> None:
    row = {"name": "g", "model": "gas_counter", "address": 2, "position": 1, "concentrator": "412065", "at": "gas"}
    data = plain(gateways=[{"name": "one", "port": 7, "devices": [{**row, "pulse_weight": 0.01, "pulse_unit": "m³"}]}])
    scenario = read_scenario("test", data)
    assert scenario.devices[0].per_pulse == Decimal(10)
    assert scenario.gateways[0].port == 7
    assert DeviceSpec(name="x", model="y", address=1, at="z").per_pulse == 1


def device(**more: Any) -> dict[str, Any]:
    """The data of a device."""
    return {"name": "a", "model": "412045", "address": 1, "at": "load", **more}


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"gateways": [{"name": "one", "devices": [device(at="moon")]}]}, "a is at moon, which is nowhere"),
        (
            {"gateways": [{"name": "one", "devices": [device(), device(name="b")]}]},
            "address 1/None/412045 is used twice",
        ),
        (
            {"gateways": [{"name": "one", "devices": [device(side="left"), device(name="b", side="left")]}]},
            "address 1/None/412045/left is used twice",
        ),
        ({"gateways": [{"name": "one", "devices": [device(), device(address=2)]}]}, "two devices are named a"),
        ({"gateways": [{"name": "one"}, {"name": "one"}]}, "two gateways are named one"),
        ({"gateways": [{"name": "one", "kind": "carrier pigeon"}]}, "no known kind"),
        ({"gateways": [{"name": "one", "devices": [device(colour="red")]}]}, "colour"),
        ({"flows": [{"name": "load", "shape": "gas_heating", "peak": 1}]}, "load is twice in the installation"),
        ({"tree": {}}, "name"),
    ],
)
def test_impossible_scenarios_are_refused(more: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_scenario("test", plain(**more))


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("tree: {name: x, shape: fridge, peak: 5}\ngateways: [{name: one}]\n", encoding="utf-8")
    assert load_scenario(str(path)).name == "mine"
    with pytest.raises(ValueError, match="there is no scenario castle; there are charging, house, max, office"):
        load_scenario("castle")
