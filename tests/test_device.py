"""What the settings of a device mean: its place, its map, its quantities, what stands in its way."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.config_entries import ConfigSubentry
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.catalog import Catalog, Space, profile_template, pulse_meter_profile
from custom_components.legrand_ews.device import Conflict, DeviceConfig, find_conflict, per_pulse, resolve

from .support import COUNTER, METER, PULSES, plain_catalog, plant_catalog, stored

if TYPE_CHECKING:
    from pathlib import Path

    from custom_components.legrand_ews.device import Device

STATIONS = {"model": "059032", "address": 7}


def config(name: str = "It", id: str | None = None, **data: Any) -> DeviceConfig:  # noqa: A002
    return DeviceConfig.from_data(id or name, name, data)


def device(**data: Any) -> Device:
    return resolve(plain_catalog(), config(**data))


def test_the_least_there_is_to_know_of_a_device() -> None:
    least = config(model="412045", address=5)
    assert (least.supply, least.downstream, least.exclude_from_totals, least.exclude_alerts) == (
        "upstream",
        False,
        False,
        False,
    )
    assert least.generic is None
    assert least.pulse_weight is None


def test_all_that_is_stored_is_read() -> None:
    data = {
        "model": "412082",
        "address": 6,
        "position": 3,
        "concentrator": "412065",
        "pulse_weight": 0.1,
        "pulse_unit": "kWh",
        "supply": "downstream",
        "load": "heating",
        "exclude_from_totals": True,
        "exclude_alerts": True,
        "phase": "l2",
        "profile": "one",
    }
    subentry = ConfigSubentry(
        data=data,  # type: ignore[arg-type]
        subentry_id="id",
        subentry_type="device",
        title="Oven",
        unique_id=None,
    )
    read = DeviceConfig.from_subentry(subentry)
    assert (read.id, read.name, read.pulse_weight) == ("id", "Oven", Decimal("0.1"))
    assert {key: getattr(read, key) for key in data if key != "pulse_weight"} == {
        key: value for key, value in data.items() if key != "pulse_weight"
    }
    assert read.downstream


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({}, "5"),
        ({"position": 3}, "5-3"),
        ({"side": "left"}, "5-1"),
        ({"side": "right"}, "5-2"),
        ({"interface": 4}, "5-4"),
    ],
)
def test_the_address_is_written_as_the_original_does(data: dict[str, Any], place: str) -> None:
    assert config(model="412045", address=5, **data).place == place


@pytest.mark.parametrize(
    ("model", "phase", "phases"),
    [
        ("059000", None, (0,)),
        ("059000", "l1", (0,)),
        ("059000", "l3", (2,)),
        ("059014", None, (0, 1, 2)),
        ("059014", "l1", (0, 1, 2)),
        ("059014", "l2", (1, 2, 0)),
        ("059014", "l3", (2, 0, 1)),
    ],
)
def test_the_phases_that_a_station_is_wired_to(model: str, phase: str | None, phases: tuple[int, ...]) -> None:
    station = device(model=model, address=1, phase=phase)
    assert station.config.station_phases(station.model) == phases


@pytest.mark.parametrize(("stored", "read"), [({}, None), ({"rated_current": 16}, 16.0)])
def test_the_rated_current_of_a_station(stored: dict[str, Any], read: float | None) -> None:
    assert config(model="059014", address=1, **stored).rated_current == read


SIDES = """
id: mine
name: My own
source: my own measurements
confidence: inferred
models: ["059032"]
states:
  charge: {address: 10, values: {0: free, 2: charging}}
"""


@pytest.mark.parametrize(
    ("rows", "side", "address"),
    [
        ("sides: {stride: 256}\n", "left", 10),
        ("sides: {stride: 256}\n", "right", 266),
        ("", "right", 10),
        ("sides: {stride: 256}\n", None, 10),
    ],
)
def test_the_right_side_of_a_station_lies_further_on(tmp_path: Path, rows: str, side: str | None, address: int) -> None:
    (tmp_path / "mine.yaml").write_text(SIDES + rows, encoding="utf-8")
    catalog = Catalog.load(tmp_path)
    assert catalog.errors == []
    register = resolve(catalog, config(model="059032", address=7, side=side)).states["charge"].register
    assert register is not None
    assert register.address == address


def test_a_model_the_catalogue_does_not_have() -> None:
    with pytest.raises(KeyError):
        device(model="000000", address=1)
    with pytest.raises(KeyError):
        device(model="412082", address=1, position=1, concentrator="000000")


def test_the_map_is_the_likeliest_or_the_chosen_one() -> None:
    likeliest, chosen = device(model="412052", address=1), device(model="412052", address=1, profile="ime_nemo_0x1000")
    assert likeliest.profile is not None
    assert likeliest.profile.id == "ime_nemo_96hd"
    assert chosen.profile is not None
    assert chosen.profile.id == "ime_nemo_0x1000"


@pytest.mark.parametrize("data", [{"model": "412045", "profile": "gone"}, {"model": COUNTER.model}])
def test_a_map_that_is_not_there_is_not_replaced_by_another(data: dict[str, Any]) -> None:
    without = device(address=1, **data)
    assert without.profile is None
    assert without.keys == {}
    assert without.counters == frozenset()


def test_import_and_export_change_places_downstream() -> None:
    up, down = device(model="412045", address=1), device(model="412045", address=1, supply="downstream")
    assert up.keys["energy_import"] == "energy_import"
    assert down.keys["energy_import"] == "energy_export"
    assert down.keys["energy_export"] == "energy_import"
    assert down.keys["power"] == "power"
    assert down.counters == {"energy_import", "energy_export"}


def test_downstream_a_meter_that_counts_import_only_counts_export() -> None:
    generic = {"function": 3, "register": "0100", "words": 2, "factor": "1", "type": "u32", "word_order": "big"}
    down = device(model="generic_modbus_meter", address=1, supply="downstream", **generic)
    assert down.keys == {"energy_export": "energy_import"}
    assert down.counters == {"energy_export"}


def test_a_single_phase_device_has_one_phase() -> None:
    one, three = device(model="414919", address=1), device(model="414920", address=1)
    assert one.keys.keys() == {"voltage_l1", "current_l1"}
    assert not {key for key in one.keys if "_l2" in key or "_l3" in key}
    assert {"voltage_l1", "voltage_l2", "current_l3"} <= three.keys.keys()


def test_a_pulse_meter_is_an_input_of_its_concentrator() -> None:
    pulses = resolve(plain_catalog(), DeviceConfig.from_data("id", "Oven", stored(PULSES)))
    assert pulses.model.number == "412082"
    assert pulses.carrier.number == "004687"
    assert pulses.profile is not None
    carrier = plain_catalog().profiles["socomec_countis_ci"]
    assert pulses.profile == pulse_meter_profile(carrier, 1, "energy_import", Decimal(10))
    assert pulses.keys == {"energy_import": "energy_import"}


@pytest.mark.parametrize("number", ["gas_counter", "water_counter"])
def test_gas_and_water_are_volumes(number: str) -> None:
    data = {"address": 6, "position": 2, "concentrator": "004687", "pulse_weight": 0.01, "pulse_unit": "m³"}
    counter = device(model=number, **data)
    assert counter.keys == {"volume": "volume"}
    assert counter.counters == {"volume"}


@pytest.mark.parametrize("data", [{"position": 8, "concentrator": "004687"}, {"position": 1, "concentrator": "412065"}])
def test_an_input_no_map_tells_of_cannot_be_read(data: dict[str, Any]) -> None:
    assert device(model="412082", address=6, pulse_weight=1, pulse_unit="Wh", **data).profile is None


def test_a_map_of_another_kind_has_no_inputs() -> None:
    assert (
        device(model="412082", address=6, position=1, concentrator="004687", profile="ime_nemo_0x1000").profile is None
    )


@pytest.mark.parametrize(
    ("weight", "unit", "base"),
    [(None, None, "1"), (10, "Wh", "10"), (0.1, "kWh", "100"), (0.01, "m³", "10"), (5, "L", "5")],
)
def test_a_pulse_in_the_base_unit(weight: float | None, unit: str | None, base: str) -> None:
    assert per_pulse(config(model="412082", address=6, pulse_weight=weight, pulse_unit=unit)) == Decimal(base)


def test_a_template_that_nobody_filled_in_is_no_map(tmp_path: Path) -> None:
    path = tmp_path / "700043.yaml"
    path.write_text(profile_template(plain_catalog().models["700043"]))
    catalog = Catalog.load(tmp_path)
    assert catalog.profile_for("700043") is not None
    assert resolve(catalog, config(model="700043", address=3)).profile is None


def test_a_generic_meter_is_read_as_its_form_says() -> None:
    generic = {"function": 4, "register": "0C1A", "words": 2, "factor": "0.1", "type": "f32", "word_order": "little"}
    profile = device(model="generic_modbus_meter", address=1, **generic).profile
    assert profile is not None
    (part,) = profile.measures["energy_import"].parts
    assert (part.space, part.address, part.words, part.word_order) == (Space.INPUT, 0x0C1A, 2, "little")
    assert part.scale == 100


def test_a_generic_meter_without_its_form_has_no_map() -> None:
    assert device(model="generic_modbus_meter", address=1).profile is None


def against(new: DeviceConfig, *here: DeviceConfig, elsewhere: tuple[DeviceConfig, ...] = ()) -> Conflict | None:
    return find_conflict(plain_catalog(), new, here, elsewhere)


PULSE = {"model": "412082", "address": 6, "concentrator": "004687"}
EMS = {"measure": "414919", "state": "414929", "control": "414931"}


@pytest.mark.parametrize(
    ("new", "other", "field", "reason"),
    [
        ({"model": "412045", "address": 1}, {"model": "004676", "address": 1}, "address", "address_used"),
        ({**PULSE, "position": 1}, {**PULSE, "position": 1, "model": "gas_counter"}, "position", "position_used"),
        ({**PULSE, "position": 1}, {**PULSE, "position": 2, "concentrator": "412065"}, "concentrator", None),
        ({**PULSE, "position": 1}, {"model": "412045", "address": 6}, "address", "address_used"),
        ({"model": "412045", "address": 6}, {**PULSE, "position": 1}, "address", "address_used"),
        ({**STATIONS, "side": "left"}, {**STATIONS, "side": "left"}, "side", "side_used"),
        ({**STATIONS, "side": "left"}, {**STATIONS, "side": "right", "model": "059034"}, "address", "address_used"),
        ({"model": EMS["state"], "address": 2}, {"model": EMS["state"], "address": 2}, "address", "address_used"),
        ({"model": EMS["state"], "address": 2}, {"model": "412045", "address": 2}, "address", "address_used"),
        ({"model": EMS["measure"], "address": 2}, {"model": "414920", "address": 2}, "address", "address_used"),
        ({"model": EMS["state"], "address": 2}, {"model": "gone", "address": 2}, "address", "address_used"),
    ],
)
def test_what_cannot_be_at_one_address(
    new: dict[str, Any], other: dict[str, Any], field: str, reason: str | None
) -> None:
    conflict = against(config("New", **new), config("Old", **other))
    assert conflict == Conflict(field=field, reason=reason or "other_concentrator", other="Old")
    assert against(config("New", **{**new, "address": 99}), config("Old", **other)) is None
    assert against(config("New", **new), elsewhere=(config("Old", **other),)) is None


@pytest.mark.parametrize(
    ("new", "other"),
    [
        ({**PULSE, "position": 1}, {**PULSE, "position": 2}),
        ({**STATIONS, "side": "left"}, {**STATIONS, "side": "right"}),
        ({"model": EMS["measure"], "address": 2}, {"model": EMS["state"], "address": 2}),
        ({"model": EMS["state"], "address": 2}, {"model": EMS["control"], "address": 2}),
        # A counter with a pulse input of its own.
        ({**PULSE, "position": 1, "concentrator": "412041"}, {"model": "412041", "address": 6}),
    ],
)
def test_what_shares_an_address(new: dict[str, Any], other: dict[str, Any]) -> None:
    assert against(config("New", **new), config("Old", **other)) is None
    assert against(config("Old", **other), config("New", **new)) is None


def test_names_are_unique_over_all_gateways() -> None:
    new, here, there = (config(name, name, model="412045", address=place) for place, name in enumerate(("a", "b", "c")))
    assert against(new, here, elsewhere=(there,)) is None
    for other in (here, there):
        taken = config(other.name.upper(), "new", model="412045", address=9)
        assert against(taken, here, elsewhere=(there,)) == Conflict(field="name", reason="name_used", other=other.name)


def test_a_device_is_not_in_its_own_way() -> None:
    old = config("Old", "same", model="412045", address=1)
    assert against(config("Old", "same", model="004676", address=1), old) is None
    assert against(config("Old", "same", model="004676", address=1), elsewhere=(old,)) is None


configs = st.fixed_dictionaries(
    {"model": st.sampled_from(["412045", "412041", "414919", "414920", "414929", "414931", "059032", "059034"])},
    optional={"side": st.sampled_from(["left", "right"])},
) | st.fixed_dictionaries(
    {
        "model": st.sampled_from(["412082", "gas_counter"]),
        "concentrator": st.sampled_from(["004687", "412041"]),
        "position": st.integers(1, 2),
    }
)


@given(configs, configs)
def test_what_stands_in_each_others_way_does_so_in_both_directions(one: dict[str, Any], two: dict[str, Any]) -> None:
    first, second = config("one", address=5, **one), config("two", address=5, **two)
    there, back = against(first, second), against(second, first)
    if there is None or back is None:
        assert there is back
    else:
        assert (there.field, there.reason) == (back.field, back.reason)
        assert (there.other, back.other) == ("two", "one")


@given(configs)
def test_twins_never_share_an_address(one: dict[str, Any]) -> None:
    assert against(config("one", address=5, **one), config("two", address=5, **one)) is not None


def test_every_device_of_the_plants_catalogue_resolves() -> None:
    catalog: Catalog = plant_catalog()
    for number in catalog.models:
        resolved = resolve(catalog, config(model=number, address=1))
        assert set(resolved.keys.values()) <= set(resolved.profile.measures if resolved.profile else ())
    assert resolve(catalog, DeviceConfig.from_data("id", "Mains", stored(METER))).counters
