"""The look at a device before it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.components.modbus import async_get_temporary_unit

from custom_components.legrand_ews.catalog_store import DATA_CATALOG, async_load_catalog
from custom_components.legrand_ews.connection import modbus_params
from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.device import DeviceConfig
from custom_components.legrand_ews.device_check import async_check
from plant.faults import ExceptionOn
from plant.scenario import RTU_TCP, DeviceSpec

from .station_support import CHARGE, LEFT, start
from .support import COUNTER, GENERIC, METER, PULSES, install_profiles, stored

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from custom_components.legrand_ews.coordinator import GatewayConfigEntry
    from custom_components.legrand_ews.device_check import Check

    from .support import Panel

OWN = """\
id: mine
name: My counter
source: my paper
confidence: manufacturer
models: ["700043"]
read: {function: 3, max_words: 32}
measures:
  relay: {address: 0x0018, type: u16, name: Relay}
  level: {address: 0x0021, type: u16, scale: 0.1, unit: mm, name: Level}
  power: {address: 0x001E, type: u32, unit: W}
"""


async def look(panel: Panel, entry: GatewayConfigEntry, spec: DeviceSpec, **changes: Any) -> Check:
    """Look at a device as its form would."""
    config = DeviceConfig.from_data("new", spec.name, {**stored(spec), **changes})
    return await async_check(panel.hass, entry, panel.hass.data[DATA_CATALOG], config)


def rows(check: Check) -> list[list[str]]:
    """Return the table of what was read."""
    lines = check.placeholders["readings"].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


async def test_what_people_look_at_daily_comes_first(panel: Panel) -> None:
    await panel.serve(METER)
    entry = await panel.set_up(devices=())
    check = await look(panel, entry, METER)
    assert (check.result, check.profile) == ("found", None)
    table = rows(check)
    assert len(table) == 12
    assert {name for name, _ in table[:6]} == {
        "Voltage L1",
        "Current L1",
        "Current L2",
        "Current L3",
        "Power",
        "Imported energy",
    }
    assert int(check.placeholders["count"]) > 90
    assert check.placeholders["map"] == "IME Nemo, block at 0x1000"
    assert check.placeholders["source"].startswith("BTicino F4N200")
    assert check.placeholders["confidence"] == "manufacturer"


async def test_values_are_shown_in_their_unit_and_as_fine_as_people_read_them(panel: Panel) -> None:
    spec = DeviceSpec(
        name="Fixed",
        model="412045",
        address=1,
        at="mains",
        values={"voltage_l1": 231.456, "current_l1": 2.5, "power": -1234.56, "energy_import": 12345670},
    )
    await panel.serve(spec)
    entry = await panel.set_up(devices=())
    table = dict(rows(await look(panel, entry, spec)))
    assert table["Voltage L1"] == "231.5 V"
    assert table["Current L1"] == "2.50 A"
    assert table["Power"] == "-1235 W"
    assert table["Imported energy"] == "12345.67 kWh"


@pytest.mark.parametrize(("unit", "shown"), [("L", "123450 L"), ("m³", "123450.000 m³")])
async def test_volumes_are_shown_as_the_form_says(panel: Panel, unit: str, shown: str) -> None:
    spec = DeviceSpec(
        name="Water",
        model="water_counter",
        address=6,
        position=1,
        concentrator="004687",
        at="water pipe",
        pulse_weight=PULSES.pulse_weight,
        pulse_unit=unit,
        values={"pulses": 12345},
    )
    await panel.serve(spec)
    entry = await panel.set_up(devices=())
    assert rows(await look(panel, entry, spec)) == [["Volume", shown]]


async def test_downstream_import_is_what_the_meter_counts_as_export(panel: Panel) -> None:
    spec = DeviceSpec(name="Sun", model="412045", address=1, at="mains", values={"energy_export": 5000})
    await panel.serve(spec)
    entry = await panel.set_up(devices=())
    table = dict(rows(await look(panel, entry, spec, supply="downstream")))
    assert table["Imported energy"] == "5.00 kWh"


async def test_a_generic_meter_has_the_map_of_its_form(panel: Panel) -> None:
    await panel.serve(GENERIC)
    entry = await panel.set_up(devices=())
    check = await look(panel, entry, GENERIC)
    assert check.placeholders["count"] == "1"
    assert (check.placeholders["map"], check.placeholders["source"]) == ("Generic Modbus meter", "the user")
    assert check.placeholders["confidence"] == "third_party"


async def test_quantities_of_the_users_own_have_the_names_of_their_map(panel: Panel) -> None:
    (install_profiles(panel.hass) / "mine.yaml").write_text(OWN, encoding="utf-8")
    await panel.serve(
        DeviceSpec(name="Counter", model="700043", address=3, at="sockets", values={"voltage_l1": 230, "tariff": 2})
    )
    entry = await panel.set_up(devices=())
    table = dict(rows(await look(panel, entry, COUNTER)))
    assert list(table) == ["Relay", "Level", "Power"]
    assert table["Level"] == "230.0 mm"
    assert table["Relay"] == "2.0"


async def test_what_a_car_took_is_shown_in_its_unit(hass: HomeAssistant, panel: Panel) -> None:
    entry, _ = await start(hass, panel, LEFT, words={1: 1234, 2: 536, CHARGE: 2})
    table = dict(rows(await look(panel, entry, LEFT)))
    assert (table["Session energy"], table["Session charge"]) == ("12.34 kWh", "53.6 Ah")
    assert (table["Charge"], table["Station"], table["EV socket"], table["Lock"]) == (
        "charging",
        "managed",
        "on",
        "off",
    )


async def test_a_device_without_a_map_is_not_asked(panel: Panel) -> None:
    await panel.serve(COUNTER)
    entry = await panel.set_up(devices=())
    check = await look(panel, entry, COUNTER)
    assert check.result == "no_map"
    assert check.placeholders == {"model": "7 000 43", "folder": panel.hass.config.path(DOMAIN, "profiles")}
    assert panel.gateway().stats.transactions == 0


async def test_a_silent_device(panel: Panel) -> None:
    await panel.serve(METER)
    panel.unit(1).faults.silent = True
    entry = await panel.set_up(devices=())
    check = await look(panel, entry, METER)
    assert check.result == "silent"
    assert "0x0b" in check.placeholders["reason"]


async def test_a_gateway_out_of_reach(panel: Panel) -> None:
    await panel.serve(METER)
    entry = await panel.set_up(devices=())
    await panel.plant.refuse(panel.gateway())
    check = await look(panel, entry, METER)
    assert check.result == "silent"
    assert str(panel.gateway().port) in check.placeholders["reason"]


async def test_a_device_that_refuses_everything_answers_nothing(panel: Panel) -> None:
    await panel.serve(METER)
    panel.unit(1).faults.exceptions.append(ExceptionOn(code=2))
    entry = await panel.set_up(devices=())
    check = await look(panel, entry, METER)
    assert (check.result, check.placeholders["readings"], check.placeholders["count"]) == ("found", "| — | — |", "0")


async def test_a_line_somebody_else_holds_with_other_settings(panel: Panel) -> None:
    await panel.serve(METER, kind=RTU_TCP)
    entry = await panel.set_up(devices=())
    await panel.hass.config_entries.async_unload(entry.entry_id)
    other = modbus_params({**panel.connection(), "baudrate": 1200})
    async with async_get_temporary_unit(panel.hass, other, 9):
        check = await look(panel, entry, METER)
    assert check.result == "silent"
    assert "different link settings" in check.placeholders["reason"]


async def test_the_look_takes_its_turn_on_the_gateways_link(panel: Panel) -> None:
    entry = await panel.start(METER)
    before = entry.runtime_data.link.statistics.requests
    asked = panel.requests_to(1)
    await look(panel, entry, METER)
    assert entry.runtime_data.link.statistics.requests == before + len(asked)


@pytest.mark.parametrize("served", ["ime_nemo_96hd", "ime_nemo_0x1000"])
async def test_a_model_with_several_maps_tells_which_it_has(panel: Panel, served: str) -> None:
    spec = DeviceSpec(name="Nemo", model="412052", address=1, at="mains", profile=served)
    await panel.serve(spec)
    entry = await panel.set_up(devices=())
    check = await look(panel, entry, DeviceSpec(name="Nemo", model="412052", address=1, at="mains"))
    assert (check.result, check.profile) == ("found", served)
    assert check.placeholders["map"] == panel.hass.data[DATA_CATALOG].profiles[served].name


async def test_a_device_that_does_not_tell_is_read_with_the_likeliest_map(panel: Panel) -> None:
    spec = DeviceSpec(name="Nemo", model="412052", address=1, at="mains", profile="ime_nemo_96hd")
    await panel.serve(spec)
    panel.unit(1).faults.exceptions += [ExceptionOn(code=2, first=0x1204, last=0x1204)]
    panel.unit(1).faults.exceptions += [ExceptionOn(code=2, first=0x0300, last=0x0300)]
    entry = await panel.set_up(devices=())
    check = await look(panel, entry, DeviceSpec(name="Nemo", model="412052", address=1, at="mains"))
    assert (check.result, check.profile) == ("found", None)
    assert check.placeholders["map"] == "IME Nemo 96HD, block at 0x1000"


async def test_a_map_the_user_claims_for_a_model_counts(panel: Panel) -> None:
    install_profiles(panel.hass, "plant_counter_700")
    await panel.serve(COUNTER)
    entry = await panel.set_up(devices=())
    await async_load_catalog(panel.hass)
    check = await look(panel, entry, COUNTER)
    assert (check.result, check.placeholders["confidence"]) == ("found", "inferred")
