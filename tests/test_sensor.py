"""What the sensors of devices and gateways show."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.components.energy.data import async_get_manager
from homeassistant.components.energy.validate import async_validate
from homeassistant.components.sensor.const import (
    DEVICE_CLASS_STATE_CLASSES,
    DEVICE_CLASS_UNITS,
    NON_NUMERIC_DEVICE_CLASSES,
    SensorDeviceClass,
    SensorStateClass,
)
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN, EntityCategory
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.components.recorder.common import (  # type: ignore[import-untyped]
    async_wait_recording_done,
    do_adhoc_statistics,
)

from custom_components.legrand_ews.catalog import QUANTITIES, QuantityKind
from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.device import DeviceConfig, resolve
from custom_components.legrand_ews.diagnostics import async_get_config_entry_diagnostics
from custom_components.legrand_ews.sensor import KINDS, LINK_SENSORS, describe
from plant.faults import ExceptionOn
from plant.scenario import DeviceSpec

from .station_support import LEFT, RIGHT, STRIDE
from .station_support import start as start_station
from .support import COUNTER, GENERIC, METER, PULSES, SOCKETS, install_profiles, plant_catalog, subentry_id

if TYPE_CHECKING:
    from homeassistant.components.recorder.core import Recorder
    from homeassistant.core import HomeAssistant

    from custom_components.legrand_ews.device import Device

    from .support import Panel

DAILY = {"power", "energy_import", "current_l1", "current_l2", "current_l3", "voltage_l1"}
SESSIONS = {QuantityKind.SESSION_ENERGY, QuantityKind.CHARGE}
"""What rises while a car is there, and begins anew with the next."""
GAS = replace(PULSES, name="Gas", model="gas_counter", position=2, at="gas pipe", pulse_weight=Decimal("0.01"))
WATER = replace(PULSES, name="Water", model="water_counter", position=3, at="water pipe", pulse_weight=Decimal(5))


def every_device() -> list[Device]:
    """One device of each model that has a map, as a user sets it up."""
    catalog = plant_catalog()
    pulse = {"concentrator": "412065", "position": 1, "pulse_weight": 1, "pulse_unit": "L"}
    generic = {"function": 3, "register": "0100", "words": 2, "factor": "1", "type": "u32", "word_order": "big"}
    found = []
    for number, model in catalog.models.items():
        more = pulse if model.kind == "pulse_meter" else generic if number == "generic_modbus_meter" else {}
        for supply in ("upstream", "downstream"):
            data = {"model": number, "address": 1, "supply": supply, **more}
            found.append(resolve(catalog, DeviceConfig.from_data("id", "It", data)))
    return [device for device in found if device.profile is not None]


def test_every_quantity_of_every_model_is_shown_as_home_assistant_wants_it() -> None:
    for device in every_device():
        for key in device.keys:
            shown = describe(device, key)
            device_class, state_class = shown.device_class, shown.state_class
            if device_class is None:
                continue
            if device_class in NON_NUMERIC_DEVICE_CLASSES:
                assert (shown.native_unit_of_measurement, state_class, shown.suggested_display_precision) == (
                    None,
                    None,
                    None,
                )
                assert shown.options
            else:
                assert shown.native_unit_of_measurement in DEVICE_CLASS_UNITS[device_class], key
                assert state_class is None or state_class in DEVICE_CLASS_STATE_CLASSES[device_class], key


def test_what_people_look_at_daily_is_enabled_and_nothing_else() -> None:
    for device in every_device():
        for key in device.keys:
            shown = describe(device, key)
            if key in QUANTITIES:
                assert shown.entity_registry_enabled_default is (
                    key in DAILY | {"volume", "session_energy", "session_charge"}
                ), key


def test_whatever_counts_only_rises_and_nothing_else_does() -> None:
    for kind, shown in KINDS.items():
        rises = shown.state_class is SensorStateClass.TOTAL_INCREASING
        assert rises is (kind.counts or kind in SESSIONS), kind


def test_settings_of_a_device_are_diagnostic() -> None:
    for device in every_device():
        for key in device.keys:
            quantity = QUANTITIES.get(key)
            expected = EntityCategory.DIAGNOSTIC if quantity is not None and quantity.diagnostic else None
            assert describe(device, key).entity_category is expected


FIXED: dict[str, tuple[float | str, str, str | None, SensorDeviceClass | None, SensorStateClass | None]] = {
    "voltage_l1": (231.25, "231.25", "V", SensorDeviceClass.VOLTAGE, SensorStateClass.MEASUREMENT),
    "current_l2": (12.345, "12.345", "A", SensorDeviceClass.CURRENT, SensorStateClass.MEASUREMENT),
    "power": (-4321.5, "-4321.5", "W", SensorDeviceClass.POWER, SensorStateClass.MEASUREMENT),
    "reactive_power": (-12.0, "-12.0", "var", SensorDeviceClass.REACTIVE_POWER, SensorStateClass.MEASUREMENT),
    "apparent_power": (5000.0, "5000.0", "VA", SensorDeviceClass.APPARENT_POWER, SensorStateClass.MEASUREMENT),
    "power_factor": (0.95, "0.95", None, SensorDeviceClass.POWER_FACTOR, SensorStateClass.MEASUREMENT),
    "power_factor_sector": ("capacitive", "capacitive", None, SensorDeviceClass.ENUM, None),
    "frequency": (49.9, "49.9", "Hz", SensorDeviceClass.FREQUENCY, SensorStateClass.MEASUREMENT),
    "energy_import": (1234560, "1234.560", "kWh", SensorDeviceClass.ENERGY, SensorStateClass.TOTAL_INCREASING),
    "reactive_energy_import": (
        70,
        "0.070",
        "kvarh",
        SensorDeviceClass.REACTIVE_ENERGY,
        SensorStateClass.TOTAL_INCREASING,
    ),
    "thd_current_l1": (8.5, "8.5", "%", None, SensorStateClass.MEASUREMENT),
    "crest_current_l1": (1.414, "1.414", None, None, SensorStateClass.MEASUREMENT),
    "operating_time": (12345, "12345.0", "h", SensorDeviceClass.DURATION, SensorStateClass.MEASUREMENT),
    "angle_voltage_l1_l2": (120.0, "120.0", "°", None, SensorStateClass.MEASUREMENT),
}


async def test_sensors_show_what_the_device_measures(panel: Panel, all_enabled: None) -> None:  # noqa: ARG001
    await panel.start(replace(METER, values={key: row[0] for key, row in FIXED.items()}))
    for key, (_, value, unit, device_class, state_class) in FIXED.items():
        shown = panel.shown("Mains", key)
        assert shown.state == value, key
        assert shown.attributes.get("unit_of_measurement") == unit, key
        assert shown.attributes.get("device_class") == device_class, key
        assert shown.attributes.get("state_class") == state_class, key
    assert panel.shown("Mains", "power_factor_sector").attributes["options"] == ["unity", "inductive", "capacitive"]
    assert panel.shown("Mains", "voltage_l1").attributes["friendly_name"] == "Mains Voltage L1"
    assert panel.shown("Mains", "energy_import").attributes["friendly_name"] == "Mains Imported energy"


async def test_every_quantity_of_a_meter_has_a_sensor_and_only_the_daily_ones_are_enabled(panel: Panel) -> None:
    entry = await panel.start(METER)
    rows = [
        row
        for row in er.async_entries_for_config_entry(er.async_get(panel.hass), entry.entry_id)
        if row.config_subentry_id == subentry_id("Mains") and row.domain == "sensor"
    ]
    keys = {row.unique_id.removeprefix(f"{subentry_id('Mains')}_"): row for row in rows}
    assert keys.keys() == plant_catalog().profiles["ime_nemo_0x1000"].measures.keys()
    assert {key for key, row in keys.items() if row.disabled_by is None} == DAILY
    assert all(row.disabled_by in (None, er.RegistryEntryDisabler.INTEGRATION) for row in rows)


@pytest.mark.parametrize(
    ("key", "precision"), [("voltage_l1", 1), ("current_l1", 2), ("power", 0), ("energy_import", 2)]
)
async def test_numbers_are_shown_as_fine_as_people_read_them(panel: Panel, key: str, precision: int) -> None:
    await panel.start(METER)
    row = er.async_get(panel.hass).async_get(panel.entity("Mains", key))
    assert row is not None
    assert row.options["sensor"]["suggested_display_precision"] == precision


async def test_downstream_the_sign_turns_and_import_and_export_change_places(panel: Panel) -> None:
    values = {"power": 1500, "energy_import": 1000, "energy_export": 7000, "voltage_l1": 230, "current_l1": 5}
    up = replace(METER, name="Up", values=values)
    down = replace(SOCKETS, name="Down", supply="downstream", values=values)
    await panel.start(up, down)
    assert panel.number("Up", "power") == 1500
    assert panel.number("Down", "power") == -1500
    assert panel.number("Up", "energy_import") == 1
    assert panel.number("Down", "energy_import") == 7
    for key in ("voltage_l1", "current_l1"):
        assert panel.number("Down", key) > 0


async def test_downstream_nothing_has_no_sign(panel: Panel) -> None:
    await panel.start(replace(SOCKETS, name="Down", supply="downstream", values={"power": 0}))
    assert panel.number("Down", "power") == 0
    assert not panel.number("Down", "power").is_signed()


async def test_downstream_a_meter_agrees_with_one_fitted_the_right_way(panel: Panel) -> None:
    right = replace(SOCKETS, name="Right", address=1)
    turned = replace(SOCKETS, name="Turned", supply="downstream")
    await panel.start(right, turned)
    await panel.wait(600)
    assert panel.number("Right", "power") == panel.number("Turned", "power") > 0
    assert panel.number("Right", "energy_import") == panel.number("Turned", "energy_import") > 0


async def test_gas_and_water_in_cubic_metres_and_litres(panel: Panel) -> None:
    gas, water = replace(GAS, pulse_unit="m³"), replace(WATER, pulse_unit="L")
    await panel.start(replace(gas, values={"pulses": 1234}), replace(water, values={"pulses": 1234}))
    shown = {name: panel.shown(name, "volume") for name in ("Gas", "Water")}
    assert {name: (float(state.state), state.attributes["unit_of_measurement"]) for name, state in shown.items()} == {
        "Gas": (12.34, "m³"),
        "Water": (6170, "L"),
    }
    assert shown["Gas"].attributes["device_class"] == SensorDeviceClass.GAS
    assert shown["Water"].attributes["device_class"] == SensorDeviceClass.WATER
    for state in shown.values():
        assert state.attributes["state_class"] == SensorStateClass.TOTAL_INCREASING


async def test_pulses_of_a_meter_are_energy(panel: Panel) -> None:
    await panel.start(PULSES)
    before, flowed = panel.number("Pulses", "energy_import"), panel.plant.installation.nodes["lighting"]
    start = flowed.index.imported[3]
    await panel.wait(3600)
    used = Decimal(flowed.index.imported[3] - start) / 3_600_000_000_000
    assert used > 0
    assert abs(panel.number("Pulses", "energy_import") - before - used) <= Decimal("0.02")


async def rise(panel: Panel, steps: int = 5, seconds: float = 60, device: str = "Sockets") -> list[Decimal]:
    """Return what an energy shows poll by poll."""
    shown = []
    for _ in range(steps):
        await panel.wait(seconds)
        shown.append(panel.number(device, "energy_import"))
    return shown


def never_falls(values: list[Decimal]) -> bool:
    """Tell whether each value is at least the one before."""
    return values == sorted(values)


async def test_a_reset_of_the_meter_is_not_seen(panel: Panel) -> None:
    await panel.start(SOCKETS)
    before = await rise(panel)
    panel.unit(2).reset()
    after = await rise(panel)
    assert never_falls(before + after)
    assert 0 < after[-1] - before[-1] < 2 * (before[-1] - before[0])


async def test_a_rollover_of_the_meter_is_not_seen(panel: Panel) -> None:
    panel_start = replace(SOCKETS, at="sockets")
    await panel.serve(panel_start)
    panel.unit(2).roll_over("energy_import")
    await panel.set_up()
    shown = await rise(panel, 8)
    assert never_falls(shown)
    assert shown[-1] > Decimal(2**32) / 100
    assert shown[-1] - shown[0] < 10


async def test_garbage_is_no_energy(panel: Panel) -> None:
    await panel.start(SOCKETS)
    before = await rise(panel, 2)
    for _ in range(3):
        panel.unit(2).faults.garbage = 1
        before += await rise(panel, 3)
    assert never_falls(before)
    assert before[-1] - before[0] < 10


async def test_what_flowed_while_nobody_looked_is_not_lost(panel: Panel) -> None:
    await panel.start(SOCKETS)
    (before,) = await rise(panel, 1)
    start = panel.plant.installation.nodes["sockets"].index.imported[3]
    await panel.plant.refuse(panel.gateway())
    for _ in range(3):
        await panel.wait(3600)
        assert panel.state("Sockets", "energy_import") == STATE_UNAVAILABLE
    await panel.plant.refuse(panel.gateway(), refuse=False)
    await panel.wait(60)
    used = Decimal(panel.plant.installation.nodes["sockets"].index.imported[3] - start) / 3_600_000_000_000
    assert used > 1
    assert abs(panel.number("Sockets", "energy_import") - before - used) <= Decimal("0.02")


async def test_a_restart_is_not_seen_even_after_a_reset(panel: Panel) -> None:
    entry = await panel.start(SOCKETS)
    panel.unit(2).reset()
    before = (await rise(panel))[-1]
    assert before > 1000
    await panel.hass.config_entries.async_unload(entry.entry_id)
    panel.plant.advance(60)
    await panel.hass.config_entries.async_setup(entry.entry_id)
    await panel.settle()
    after = panel.number("Sockets", "energy_import")
    assert before <= after < before + 1
    assert never_falls([before, after, *await rise(panel)])


async def test_a_reset_during_a_restart_is_not_seen_either(panel: Panel) -> None:
    entry = await panel.start(SOCKETS)
    (before,) = await rise(panel, 1)
    await panel.hass.config_entries.async_unload(entry.entry_id)
    panel.unit(2).reset()
    await panel.hass.config_entries.async_setup(entry.entry_id)
    await panel.settle()
    shown = [before, panel.number("Sockets", "energy_import"), *await rise(panel, 8)]
    assert never_falls(shown)
    assert before < shown[-1] < before + 10


async def test_what_a_device_has_no_value_for_is_unknown(panel: Panel) -> None:
    # Three phases without neutral: no voltage of a phase, but voltages between them.
    await panel.start(replace(METER, registers={"wiring": 1}))
    assert panel.state("Mains", "voltage_l1") == STATE_UNKNOWN
    assert panel.number("Mains", "current_l1") > 0
    diagnostics = await async_get_config_entry_diagnostics(
        panel.hass, panel.hass.config_entries.async_entries(DOMAIN)[0]
    )
    (device,) = diagnostics["units"]["1"]["devices"]
    assert device["values"]["voltage_l1"] == "None"
    assert device["unsupported"] == []


async def test_a_marker_of_no_value_is_unknown(panel: Panel) -> None:
    install_profiles(panel.hass, "plant_ems_measure")
    module = DeviceSpec(name="Module", model="414923", address=2, at="lighting", supply="upstream")
    await panel.start(module)
    assert panel.state("Module", "current_l2") == STATE_UNKNOWN
    assert panel.number("Module", "current_l1") > 0
    assert panel.number("Module", "power") > 0


async def test_what_a_device_refuses_is_unavailable_and_named_in_diagnostics(panel: Panel) -> None:
    await panel.serve(METER)
    panel.unit(1).faults.exceptions.append(ExceptionOn(code=2, first=0x101C, last=0x101D))
    entry = await panel.set_up()
    assert panel.state("Mains", "energy_import") == STATE_UNAVAILABLE
    assert panel.number("Mains", "power") != 0
    seen = panel.requests_to(1)
    await panel.wait()
    assert all(not address <= 0x101C < address + count for _, address, count in seen)
    unit = (await async_get_config_entry_diagnostics(panel.hass, entry))["units"]["1"]
    assert unit["devices"][0]["unsupported"] == ["energy_import"]
    assert list(unit["refused"]) == ["holding 4124"]
    panel.unit(1).faults.clear()
    await panel.hass.config_entries.async_reload(entry.entry_id)
    await panel.settle()
    assert panel.number("Mains", "energy_import") > 0


OWN = """\
id: mine
name: My counter
source: my paper
confidence: manufacturer
models: ["700043"]
read: {function: 3, max_words: 32}
measures:
  level: {address: 0x0021, type: u16, scale: 0.1, name: Level, unit: mm}
  strokes: {address: 0x0010, type: u32, name: Strokes, modulus: 4294967296}
  label: {address: 0x0012, type: text, words: 2, name: Label}
  set_at: {address: 0x0014, type: date, name: Set at}
  relay: {address: 0x0018, type: u16, name: Relay, values: {1: "on", 2: "off", 3: "off"}}
  alarm: {address: 0x0018, type: bit, bit: 1, name: Alarm}
"""


@pytest.mark.parametrize("supply", ["upstream", "downstream"])
async def test_quantities_of_the_users_own_are_shown_as_their_map_says(panel: Panel, supply: str) -> None:
    (install_profiles(panel.hass) / "mine.yaml").write_text(OWN, encoding="utf-8")
    values = {"voltage_l1": 230, "tariff": 2, "energy_import": 1234560}
    await panel.serve(replace(COUNTER, values=values))
    await panel.set_up(devices=(replace(COUNTER, supply=supply),))
    level, strokes, relay = (panel.shown("Counter", key) for key in ("level", "strokes", "relay"))
    assert (level.state, level.attributes["unit_of_measurement"]) == ("230.0", "mm")
    assert level.attributes["state_class"] == SensorStateClass.MEASUREMENT
    assert level.attributes["friendly_name"] == "Counter Level"
    assert strokes.state == "123456"
    assert strokes.attributes["state_class"] == SensorStateClass.TOTAL_INCREASING
    assert (relay.state, relay.attributes["options"]) == ("off", ["on", "off"])
    assert "state_class" not in relay.attributes
    assert panel.state("Counter", "alarm") == "1"
    assert panel.state("Counter", "label") not in ("", STATE_UNAVAILABLE)
    assert panel.state("Counter", "set_at").startswith("20")


async def test_what_a_car_took_starts_anew_with_the_next_one(hass: HomeAssistant, panel: Panel) -> None:
    _, bank = await start_station(hass, panel, LEFT, RIGHT, words={1: 1234, 2: 536, STRIDE + 1: 7})
    energy, charge = panel.shown("Left", "session_energy"), panel.shown("Left", "session_charge")
    assert (energy.state, energy.attributes["unit_of_measurement"], energy.name) == (
        "12.34",
        "kWh",
        "Left Session energy",
    )
    assert (charge.state, charge.attributes["unit_of_measurement"]) == ("53.6", "Ah")
    assert panel.number("Right", "session_energy") == Decimal("0.07")
    bank.words |= {1: 0, 2: 0}
    await panel.wait()
    assert {panel.number("Left", key) for key in ("session_energy", "session_charge")} == {Decimal(0)}


async def test_card_and_rated_current_of_a_station_wait_to_be_switched_on(hass: HomeAssistant, panel: Panel) -> None:
    await start_station(hass, panel, LEFT)
    for key in ("card", "rated_current"):
        row = er.async_get(hass).async_get(panel.entity("Left", key))
        assert row is not None
        assert row.entity_category is EntityCategory.DIAGNOSTIC
        assert row.disabled_by is er.RegistryEntryDisabler.INTEGRATION


async def test_card_and_rated_current_of_a_station(
    hass: HomeAssistant,
    panel: Panel,
    all_enabled: None,  # noqa: ARG001
) -> None:
    await start_station(hass, panel, LEFT, words={3: 32, 4: 0x4142, 5: 0x3132})
    assert (panel.state("Left", "rated_current"), panel.state("Left", "card")) == ("32.0", "AB12")


async def test_entities_keep_their_identity(panel: Panel) -> None:
    entry = await panel.start(METER)
    power = panel.entity("Mains", "power")
    er.async_get(panel.hass).async_update_entity(power, new_entity_id="sensor.mine")
    panel.hass.config_entries.async_update_subentry(
        entry, entry.subentries[subentry_id("Mains")], title="Renamed", data={"model": "412048", "address": 1}
    )
    await panel.wait(1)
    assert panel.entity("Mains", "power") == "sensor.mine"
    state = panel.hass.states.get("sensor.mine")
    assert state is not None
    assert float(state.state) != 0
    assert state.attributes["friendly_name"] == "Renamed Power"


async def test_a_device_with_everything_switched_off_keeps_its_name_up_to_date(panel: Panel) -> None:
    entry = await panel.start(METER)
    registry = er.async_get(panel.hass)
    for row in er.async_entries_for_config_entry(registry, entry.entry_id):
        if row.config_subentry_id is not None:
            registry.async_update_entity(row.entity_id, disabled_by=er.RegistryEntryDisabler.USER)
    panel.hass.config_entries.async_update_subentry(entry, entry.subentries[subentry_id("Mains")], title="Renamed")
    await panel.wait(31)
    assert panel.device(entry, "Mains").name == "Renamed"
    assert [state for state in panel.hass.states.async_all() if state.entity_id.startswith("sensor.mains")] == []


async def test_a_gateways_figures_are_diagnostic(panel: Panel) -> None:
    entry = await panel.start(GENERIC)
    rows = {
        row.unique_id.removeprefix(f"{entry.entry_id}_"): row
        for row in er.async_entries_for_config_entry(er.async_get(panel.hass), entry.entry_id)
        if row.config_subentry_id is None
    }
    assert rows.keys() == {row.key for row in LINK_SENSORS} | {"connected", "alarm"}
    del rows["alarm"]
    assert all(row.entity_category is EntityCategory.DIAGNOSTIC for row in rows.values())
    assert {key for key, row in rows.items() if row.disabled_by is None} == {
        "bus_load",
        "cycle_time",
        "errors",
        "connected",
    }


async def test_the_energy_dashboard_takes_the_sensors(
    recorder_mock: Recorder,  # noqa: ARG001
    panel: Panel,
) -> None:
    for integration in ("sensor", "energy"):
        assert await async_setup_component(panel.hass, integration, {})
    await panel.start(METER, SOCKETS, replace(GAS, pulse_unit="m³"), replace(WATER, pulse_unit="L"))
    await async_wait_recording_done(panel.hass)
    now = dt_util.utcnow()
    do_adhoc_statistics(panel.hass, start=now.replace(minute=now.minute - now.minute % 5, second=0, microsecond=0))
    await async_wait_recording_done(panel.hass)
    manager = await async_get_manager(panel.hass)

    async def issues(imported: str) -> list[str]:
        """Return what the dashboard says against these sensors."""
        grid = {"type": "grid", "stat_energy_from": panel.entity("Mains", imported), "cost_adjustment_day": 0}
        pipes = [{"type": kind, "stat_energy_from": panel.entity(kind.title(), "volume")} for kind in ("gas", "water")]
        consumers = [{"stat_consumption": panel.entity("Sockets", "energy_import")}]
        sources: Any = {"energy_sources": [grid, *pipes], "device_consumption": consumers}
        await manager.async_update(sources)
        found = (await async_validate(panel.hass)).as_dict()
        return [row["type"] for group in found.values() for rows in group for row in rows]

    assert "entity_unexpected_device_class" in await issues("power")
    assert await issues("energy_import") == []


@pytest.mark.parametrize("kind", [kind for kind in QuantityKind if kind.counts and kind is not QuantityKind.PULSES])
def test_counters_are_shown_in_thousands_of_their_base_unit(kind: QuantityKind) -> None:
    assert KINDS[kind].factor == Decimal("0.001")
