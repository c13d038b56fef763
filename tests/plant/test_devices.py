"""Scenarios become units."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from plant.devices import build_units
from plant.scenario import DeviceSpec, GatewaySpec, GenericSpec

from .support import catalog, installation, profile_of

if TYPE_CHECKING:
    from plant.unit import Unit


def units(*devices: DeviceSpec) -> dict[int, Unit]:
    """The units of a gateway with these devices."""
    return build_units(GatewaySpec(name="one", devices=devices), catalog(), installation())


def device(name: str = "a", model: str = "412045", address: int = 1, at: str = "panel", **more: Any) -> DeviceSpec:
    """A device."""
    return DeviceSpec(name=name, model=model, address=address, at=at, **more)


def value(unit: Unit, name: str, key: str) -> Any:
    """A value of a device."""
    return unit.sections[name].value(key)


def test_a_device_serves_its_likeliest_map_or_the_one_chosen() -> None:
    made = units(device(model="412053"), device("b", "412053", 2, profile="ime_nemo_0x1000"))
    assert made[1].sections["a"].profile.id == catalog().profile_for("412053").id  # type: ignore[union-attr]
    assert made[2].sections["b"].profile.id == "ime_nemo_0x1000"


def test_single_phase_devices_sit_on_the_phase_of_their_load() -> None:
    made = units(
        device(model="004679", at="lighting"),
        device("b", "004679", 2, at="sockets", phase="l3"),
        device("c", "410659", 3, at="servers"),
        device("d", "410659", 4, at="sockets"),
    )
    plant = installation()
    assert value(made[1], "a", "voltage_l1") == plant.voltage[1] / 1000
    assert value(made[2], "b", "power") == plant.nodes["sockets"].power[2] / 1000
    assert value(made[3], "c", "voltage_l2") is None
    assert value(made[4], "d", "voltage_l2") is not None


def test_supply_registers_and_fixed_values() -> None:
    made = units(
        device(model="414919", supply="downstream", at="servers"),
        device("b", address=2, registers={"ct": 40}),
        device("c", address=3, values={"temperature": 99.0, "frequency": 60.0}),
    )
    assert value(made[1], "a", "power") < 0
    assert made[2].sections["b"].raw["ct"] == 40
    assert value(made[3], "c", "frequency") == 60.0


def test_inputs_of_a_concentrator() -> None:
    made = units(
        device(
            "gas", "gas_counter", 9, "gas", position=2, concentrator="412065", pulse_weight=Decimal(10), pulse_unit="L"
        ),
        device("kwh", "412080", 9, "lighting", position=5, concentrator="412065", pulse_weight=Decimal(1)),
    )
    assert len(made[9].sections) == 12
    assert value(made[9], "gas", "pulses") == 10_000
    assert value(made[9], "kwh", "energy_import") > 0
    assert value(made[9], "9-1", "pulses") == 0
    assert made[9].read(4, 0x0102, 2) == [0, 10_000]


def test_a_counter_with_a_pulse_input_is_both() -> None:
    both = profile_of(
        measures={"power": {"address": 1, "type": "s32"}},
        inputs={"count": 1, "measures": {"pulses": {"address": 5, "stride": 2, "type": "u32"}}},
    )
    known = replace(catalog(), profiles={**catalog().profiles, "test": both})
    devices = (
        device(model="412081", at="servers", profile="test"),
        device("water", "water_counter", 1, "water", position=1, concentrator="412081", profile="test"),
    )
    unit = build_units(GatewaySpec(name="one", devices=devices), known, installation())[1]
    assert set(unit.sections) == {"a", "water"}
    assert unit.read(3, 5, 2) == [0, 5000]
    assert unit.read(3, 1, 2)[1] == pytest.approx(value(unit, "a", "power"), abs=1)


def test_a_generic_meter_serves_its_register() -> None:
    form = GenericSpec(function=4, register="0x0156", words=2, factor=Decimal("0.01"), type="u32", word_order="little")
    made = units(device(model="generic_modbus_meter", generic=form))
    low, high = made[1].read(4, 0x0156, 2)
    kilowatt_hours = value(made[1], "a", "energy_import") / 1000
    assert (high << 16) + low == int(kilowatt_hours * 100)


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        (device(model="421075"), "no register map is known of 421075"),
        (device(states={"breaker": "open"}), "a: there is no state breaker; there are output_1, threshold_alarm"),
        (device(settings={"output_1_mode": "blinking"}), "a: there is no setting output_1_mode"),
        (device(model="nothing"), "no register map is known of nothing"),
        (device(profile="nothing"), "no register map is known"),
        (device(at="gas"), "cannot measure gas"),
        (device(model="059014"), "panel is no place of a car"),
        (device(model="059012", at="bay 2", phase="l1"), "bay 2 is on other phases"),
        (device(model="gas_counter", at="panel", position=1, concentrator="412065"), "panel is no pipe"),
        (device(model="412080", at="gas", position=1, concentrator="412065"), "gas is no electrical place"),
        (device(model="gas_counter", at="gas", position=13, concentrator="412065"), "has no input for a"),
    ],
)
def test_what_does_not_fit_is_refused(spec: DeviceSpec, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        units(spec)
