"""The forms of a device: family, model, fields, a look at what it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.config_entries import SOURCE_RECONFIGURE, SOURCE_USER
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir

from custom_components.legrand_ews.catalog import Catalog
from custom_components.legrand_ews.const import DOMAIN
from plant.scenario import DeviceSpec, GatewaySpec

from .support import COUNTER, GENERIC, METER, PULSES, SOCKETS, install_profiles, stored, subentry_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.config_entries import ConfigEntry, ConfigSubentry, SubentryFlowResult

    from custom_components.legrand_ews.coordinator import GatewayConfigEntry

    from .support import Panel

PULSE = {"concentrator": "004687", "position": 1, "pulse_weight": 10.0, "pulse_unit": "Wh"}
FORM = {
    "function": "3",
    "register": "0x0100",
    "words": 2,
    "factor": "0.01",
    "type": "u32",
    "word_order": "big",
}
MORE: dict[str, Any] = {"more": {}}


async def begun(panel: Panel, entry: GatewayConfigEntry, family: str, model: str | None = None) -> SubentryFlowResult:
    """Open the form of a new device as far as its fields."""
    flows = panel.hass.config_entries.subentries
    form = await flows.async_init((entry.entry_id, "device"), context={"source": SOURCE_USER})
    assert form["step_id"] == "user"
    form = await flows.async_configure(form["flow_id"], {"family": family})
    if model is not None:
        assert form["step_id"] == "model"
        form = await flows.async_configure(form["flow_id"], {"model": model})
    assert form["type"] is FlowResultType.FORM
    assert form["step_id"] == "details"
    return form


async def changing(panel: Panel, entry: GatewayConfigEntry, device: str) -> SubentryFlowResult:
    """Open the menu that changes a device."""
    return await panel.hass.config_entries.subentries.async_init(
        (entry.entry_id, "device"),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": device},
    )


async def sent(panel: Panel, form: SubentryFlowResult, **values: Any) -> SubentryFlowResult:
    """Fill in the fields."""
    return await panel.hass.config_entries.subentries.async_configure(form["flow_id"], values)


async def chosen(panel: Panel, menu: SubentryFlowResult, step: str) -> SubentryFlowResult:
    """Choose what to do after the look."""
    assert menu["type"] is FlowResultType.MENU
    result = await panel.hass.config_entries.subentries.async_configure(menu["flow_id"], {"next_step_id": step})
    await panel.settle()
    return result


def told(result: SubentryFlowResult) -> Mapping[str, str]:
    """Return what a form fills into its texts."""
    assert result["description_placeholders"] is not None
    return result["description_placeholders"]


def suggested(form: SubentryFlowResult, section: str | None = None) -> dict[str, Any]:
    """Return what a form shows before anything is filled in."""
    assert form["data_schema"] is not None
    schema = form["data_schema"].schema
    if section is not None:
        schema = next(value for key, value in schema.items() if key == section).schema.schema
    return {
        str(key): key.description["suggested_value"]
        for key in schema
        if key.description and "suggested_value" in key.description
    }


def devices(entry: ConfigEntry) -> dict[str, ConfigSubentry]:
    """Return the devices of a gateway by their names."""
    return {subentry.title: subentry for subentry in entry.subentries.values()}


METERS = "emdx3_multifunction"
COUNTERS = "emdx3_counters_rs485"
PULSE_METERS = "emdx3_counters_pulse"


async def test_families_and_models_are_those_of_the_catalogue(panel: Panel) -> None:
    entry = await panel.start()
    flows = panel.hass.config_entries.subentries
    form = await flows.async_init((entry.entry_id, "device"), context={"source": SOURCE_USER})
    assert form["data_schema"] is not None
    (families,) = form["data_schema"].schema.values()
    labels = {row["value"]: row["label"] for row in families.config["options"]}
    assert labels["dx3"] == "DX³ RCD add-on modules"
    assert "greenup" in labels
    form = await flows.async_configure(form["flow_id"], {"family": "dpx3"})
    assert told(form) == {"family": "DPX³"}
    assert form["data_schema"] is not None
    (models,) = form["data_schema"].schema.values()
    labels = {row["value"]: row["label"] for row in models.config["options"]}
    assert labels["423890"] == "4 238 90 · DPX³+ with module 4 238 90"
    assert labels["dpx3_250_measuring"] == "DPX³ 250 electronic with measuring"
    form = await flows.async_configure(form["flow_id"], {"model": "423890"})
    assert told(form)["model"] == "4 238 90 · DPX³+ with module 4 238 90"


async def test_a_meter_is_looked_at_and_saved(panel: Panel) -> None:
    await panel.serve(METER)
    entry = await panel.set_up(devices=())
    form = await begun(panel, entry, METERS, "412045")
    menu = await sent(panel, form, name="Mains", address=1, load="others", more={"exclude_from_totals": True})
    assert menu["step_id"] == "found"
    assert menu["menu_options"] == ["save", "details"]
    shown = told(menu)
    assert (shown["name"], shown["place"], shown["confidence"]) == ("Mains", "1", "manufacturer")
    assert shown["map"] == "IME Nemo, block at 0x1000"
    assert "| Imported energy | 11530.35 kWh |" in shown["readings"]
    result = await chosen(panel, menu, "save")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert dict(devices(entry)["Mains"].data) == {
        "model": "412045",
        "address": 1,
        "load": "others",
        "exclude_from_totals": True,
        "exclude_alerts": False,
        "allow_commands": False,
    }


async def test_a_saved_device_shows_values_a_second_later(panel: Panel) -> None:
    await panel.serve(METER)
    entry = await panel.set_up(devices=())
    menu = await sent(panel, await begun(panel, entry, METERS, "412045"), name="Mains", address=1, **MORE)
    await chosen(panel, menu, "save")
    await panel.wait(1)
    state = panel.hass.states.get("sensor.mains_power")
    assert state is not None
    assert float(state.state) != 0


async def test_the_first_free_address_is_suggested(panel: Panel) -> None:
    entry = await panel.start(METER, SOCKETS)
    assert suggested(await begun(panel, entry, METERS, "412045")) == {"address": 3}
    assert suggested(await begun(panel, entry, "ems_multifunction", "414919")) == {"address": "3"}


async def test_without_a_name_model_and_place_make_it(panel: Panel) -> None:
    await panel.serve(METER, PULSES)
    entry = await panel.set_up(devices=())
    menu = await sent(panel, await begun(panel, entry, METERS, "412045"), name="  ", address=1, **MORE)
    assert told(menu)["name"] == "4 120 45 (1)"
    assert (await chosen(panel, menu, "save"))["title"] == "4 120 45 (1)"
    menu = await sent(panel, await begun(panel, entry, PULSE_METERS, "412082"), address=6, **PULSE, **MORE)
    assert told(menu)["name"] == "4 120 82 (6-1)"


SUPPLIED = DeviceSpec(name="Breaker", model="dpx3_250_measuring", address=4, at="sockets", supply="downstream")
MODULE = DeviceSpec(name="Module", model="414920", address=2, interface=1, at="sockets", supply="upstream")
GAS = DeviceSpec(
    name="Gas",
    model="gas_counter",
    address=6,
    position=2,
    concentrator="004687",
    at="gas pipe",
    pulse_weight=PULSES.pulse_weight,
    pulse_unit="L",
)
WATER = DeviceSpec(
    name="Water",
    model="water_counter",
    address=6,
    position=3,
    concentrator="004687",
    at="water pipe",
    pulse_weight=PULSES.pulse_weight,
    pulse_unit="L",
)


@pytest.mark.parametrize(
    ("spec", "family", "form", "quantity"),
    [
        (PULSES, PULSE_METERS, {"address": 6, **PULSE, **MORE}, "Imported energy"),
        (GAS, "gas_counters", {"address": 6, **PULSE, "position": 2, "pulse_unit": "L", **MORE}, "Volume"),
        (WATER, "water_counters", {"address": 6, **PULSE, "position": 3, "pulse_unit": "L", **MORE}, "Volume"),
        (SUPPLIED, "dpx3", {"address": 4, "supply": "downstream", **MORE}, "Power"),
        (MODULE, "ems_multifunction", {"address": "2-1", "supply": "upstream", **MORE}, "Power"),
        (GENERIC, "other", {"address": 9, **FORM, **MORE}, "Imported energy"),
    ],
)
async def test_each_kind_of_device_has_its_form_and_answers(
    panel: Panel, spec: DeviceSpec, family: str, form: dict[str, Any], quantity: str
) -> None:
    install_profiles(panel.hass, "plant_dpx3", "plant_ems_measure")
    await panel.serve(spec)
    entry = await panel.set_up(devices=())
    only = {"gas_counters", "water_counters", "other"}
    opened = await begun(panel, entry, family, None if family in only else spec.model)
    menu = await sent(panel, opened, name=spec.name, **form)
    assert menu["step_id"] == "found", told(menu)
    assert f"| {quantity} |" in told(menu)["readings"]
    await chosen(panel, menu, "save")
    saved = dict(devices(entry)[spec.name].data)
    expected = stored(spec)
    for key in ("exclude_from_totals", "exclude_alerts"):
        saved.pop(key, None)
    if "register" in saved:
        saved["register"] = saved["register"].lower()
    assert saved == expected


@pytest.mark.parametrize(("side", "phase"), [("left", "l1"), ("right", "l3")])
async def test_a_station_has_sides_a_phase_a_rated_current_and_no_map(panel: Panel, side: str, phase: str) -> None:
    entry = await panel.start()
    form = await begun(panel, entry, "greenup", "059032")
    menu = await sent(panel, form, name="Car", address=7, side=side, phase=phase, rated_current=16)
    assert menu["step_id"] == "no_map"
    await chosen(panel, menu, "save")
    assert dict(devices(entry)["Car"].data) == {
        "model": "059032",
        "address": 7,
        "side": side,
        "phase": phase,
        "rated_current": 16,
    }


@pytest.mark.parametrize(
    ("wrong", "field", "reason", "other"),
    [
        ({"register": "0xG"}, "register", "bad_register", ""),
        ({"factor": "0"}, "factor", "bad_factor", ""),
        ({"words": 1}, "words", "bad_words", "2"),
    ],
)
async def test_wrong_fields_of_a_generic_meter_are_named_and_can_be_mended(
    panel: Panel, wrong: dict[str, Any], field: str, reason: str, other: str
) -> None:
    await panel.serve(GENERIC)
    entry = await panel.set_up(devices=())
    form = await begun(panel, entry, "other")
    form = await sent(panel, form, name="Any", address=9, **{**FORM, **wrong}, **MORE)
    assert form["errors"] == {field: reason}
    assert told(form)["other"] == other
    assert suggested(form)["name"] == "Any"
    assert (await sent(panel, form, name="Any", address=9, **FORM, **MORE))["step_id"] == "found"


async def test_a_wrong_address_of_an_ems_module_is_named(panel: Panel) -> None:
    entry = await panel.start()
    form = await begun(panel, entry, "ems_state_control", "414929")
    form = await sent(panel, form, name="State", address="2-99", more={})
    assert form["errors"] == {"address": "bad_address"}


async def test_a_silent_device_is_said_tried_again_and_saved_all_the_same(panel: Panel) -> None:
    await panel.serve(METER)
    panel.unit(1).faults.silent = True
    entry = await panel.set_up(devices=())
    menu = await sent(panel, await begun(panel, entry, METERS, "412045"), name="Mains", address=1, **MORE)
    assert menu["step_id"] == "silent"
    assert menu["menu_options"] == ["check", "save", "details"]
    assert told(menu)["reason"]
    menu = await chosen(panel, menu, "check")
    assert menu["step_id"] == "silent"
    panel.unit(1).faults.silent = False
    assert (await chosen(panel, menu, "check"))["step_id"] == "found"
    panel.unit(1).faults.silent = True
    menu = await sent(panel, await begun(panel, entry, METERS, "412045"), name="Mains", address=1, **MORE)
    assert (await chosen(panel, menu, "save"))["type"] is FlowResultType.CREATE_ENTRY


async def test_a_form_that_is_opened_again_shows_the_same(panel: Panel) -> None:
    await panel.serve(METER)
    entry = await panel.set_up(devices=())
    for address, model, step in ((1, "412045", "found"), (9, "412045", "silent")):
        menu = await sent(panel, await begun(panel, entry, METERS, model), name="It", address=address, **MORE)
        again = await panel.hass.config_entries.subentries.async_configure(menu["flow_id"])
        assert (again["step_id"], again["menu_options"], told(again)) == (step, menu["menu_options"], told(menu))
    menu = await sent(panel, await begun(panel, entry, COUNTERS, "700043"), name="It", address=3, **MORE)
    again = await panel.hass.config_entries.subentries.async_configure(menu["flow_id"])
    assert (again["step_id"], told(again)) == ("no_map", told(menu))


async def test_a_device_can_be_changed_after_the_look(panel: Panel) -> None:
    await panel.serve(METER, SOCKETS)
    entry = await panel.set_up(devices=())
    menu = await sent(panel, await begun(panel, entry, METERS, "412045"), name="Mains", address=9, **MORE)
    assert menu["step_id"] == "silent"
    form = await chosen(panel, menu, "details")
    assert form["step_id"] == "details"
    assert suggested(form) == {"name": "Mains", "address": 9}
    menu = await sent(panel, form, name="Sockets", address=2, **MORE)
    assert menu["step_id"] == "found"
    assert told(menu)["name"] == "Sockets"


async def test_a_device_without_a_map_can_be_saved_or_given_a_template(panel: Panel) -> None:
    await panel.serve(COUNTER)
    entry = await panel.set_up(devices=())
    menu = await sent(panel, await begun(panel, entry, COUNTERS, "700043"), name="Counter", address=3, **MORE)
    assert menu["step_id"] == "no_map"
    assert menu["menu_options"] == ["save", "template", "details"]
    folder = install_profiles(panel.hass)
    assert (told(menu)["model"], told(menu)["folder"]) == ("7 000 43", str(folder))
    assert panel.gateway().stats.transactions == 0
    assert (await chosen(panel, menu, "template"))["type"] is FlowResultType.CREATE_ENTRY
    assert "Counter" in devices(entry)
    assert (folder / "700043.yaml").exists()
    catalog = Catalog.load(folder)
    assert catalog.errors == []
    assert "700043" in catalog.profiles["my_700043"].models
    await panel.wait(1)
    # Nothing is filled in yet: the device still waits for its map.
    saved = devices(entry)["Counter"].subentry_id
    assert ir.async_get(panel.hass).async_get_issue(DOMAIN, f"profile_missing_{entry.entry_id}_{saved}") is not None
    menu = await chosen(panel, await changing(panel, entry, saved), "details")
    assert (await sent(panel, menu, name="Counter", address=3, **MORE))["step_id"] == "no_map"


async def test_a_map_that_somebody_fills_in_is_not_written_over(panel: Panel) -> None:
    entry = await panel.start()
    folder = install_profiles(panel.hass)
    mine = folder / "700043.yaml"
    mine.write_text("# to be done\n", encoding="utf-8")
    menu = await sent(panel, await begun(panel, entry, COUNTERS, "700043"), name="Counter", address=3, **MORE)
    await chosen(panel, menu, "template")
    assert mine.read_text(encoding="utf-8") == "# to be done\n"
    assert "Counter" in devices(entry)


async def test_the_template_of_a_pulse_meter_is_its_concentrators(panel: Panel) -> None:
    entry = await panel.start()
    form = await begun(panel, entry, PULSE_METERS, "412082")
    menu = await sent(panel, form, name="Oven", address=6, **{**PULSE, "concentrator": "412065"}, **MORE)
    assert menu["step_id"] == "no_map"
    assert told(menu)["model"] == "4 120 65"
    await chosen(panel, menu, "template")
    assert [path.name for path in install_profiles(panel.hass).iterdir()] == ["412065.yaml"]


@pytest.mark.parametrize("served", ["ime_nemo_96hd", "ime_nemo_0x1000"])
async def test_the_map_of_a_model_with_several_is_found_out(panel: Panel, served: str) -> None:
    spec = DeviceSpec(name="Nemo", model="412052", address=1, at="sockets", profile=served)
    await panel.serve(spec)
    entry = await panel.set_up(devices=())
    menu = await sent(panel, await begun(panel, entry, METERS, "412052"), name="Nemo", address=1, **MORE)
    assert menu["step_id"] == "found"
    assert told(menu)["confidence"] == "inferred"
    await chosen(panel, menu, "save")
    assert devices(entry)["Nemo"].data["profile"] == served


async def test_a_map_chosen_by_hand_is_taken_at_its_word(panel: Panel) -> None:
    spec = DeviceSpec(name="Nemo", model="412052", address=1, at="sockets", profile="ime_nemo_0x1000")
    await panel.serve(spec)
    entry = await panel.set_up(devices=())
    form = await begun(panel, entry, METERS, "412052")
    menu = await sent(panel, form, name="Nemo", address=1, more={"profile": "ime_nemo_96hd"})
    assert menu["step_id"] == "found"
    assert told(menu)["map"] == "IME Nemo 96HD, block at 0x1000"
    await chosen(panel, menu, "save")
    assert devices(entry)["Nemo"].data["profile"] == "ime_nemo_96hd"


SIDE = {"name": "Left", "address": 7, "side": "left", "phase": "l1"}


@pytest.mark.parametrize(
    ("there", "family", "model", "form", "error", "other"),
    [
        (METER, METERS, "412045", {"name": "New", "address": 1, **MORE}, {"address": "address_used"}, "Mains"),
        (METER, METERS, "412045", {"name": " mains ", "address": 9, **MORE}, {"name": "name_used"}, "Mains"),
        (
            PULSES,
            PULSE_METERS,
            "412080",
            {"name": "New", "address": 6, **PULSE, **MORE},
            {"position": "position_used"},
            "Pulses",
        ),
        (
            PULSES,
            PULSE_METERS,
            "412080",
            {"name": "New", "address": 6, **PULSE, "concentrator": "412065", "position": 2, **MORE},
            {"concentrator": "other_concentrator"},
            "Pulses",
        ),
        (
            PULSES,
            PULSE_METERS,
            "412080",
            {"name": "New", "address": 6, **PULSE, "position": 8, **MORE},
            {"position": "no_such_input"},
            "7",
        ),
        (
            DeviceSpec(name="Left side", model="059032", address=7, side="left", phase="l1", at="mains"),
            "greenup",
            "059032",
            SIDE,
            {"side": "side_used"},
            "Left side",
        ),
    ],
)
async def test_what_is_taken_is_refused_and_the_other_device_named(
    panel: Panel,
    there: DeviceSpec,
    family: str,
    model: str,
    form: dict[str, Any],
    error: dict[str, str],
    other: str,
) -> None:
    await panel.serve()
    entry = await panel.set_up(devices=(there,))
    result = await sent(panel, await begun(panel, entry, family, model), **form)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == error
    assert told(result)["other"] == other
    assert set(devices(entry)) == {there.name}


async def test_names_are_unique_across_gateways_and_addresses_are_not(panel: Panel) -> None:
    await panel.serve(gateways=(GatewaySpec(name="One", devices=(METER,)), GatewaySpec(name="Two", devices=(METER,))))
    await panel.set_up("One")
    entry = await panel.set_up("Two", devices=())
    form = await sent(panel, await begun(panel, entry, METERS, "412045"), name="Mains", address=1, **MORE)
    assert form["errors"] == {"name": "name_used"}
    assert told(form)["other"] == "Mains"
    assert (await sent(panel, form, name="Other mains", address=1, **MORE))["step_id"] == "found"


async def test_modules_of_an_ems_group_share_their_address(panel: Panel) -> None:
    await panel.serve()
    entry = await panel.set_up(devices=(DeviceSpec(name="Measure", model="414920", address=2, at="sockets"),))
    form = await begun(panel, entry, "ems_state_control", "414929")
    menu = await sent(panel, form, name="State", address="2", more={})
    assert menu["step_id"] == "no_map"
    assert (await chosen(panel, menu, "save"))["type"] is FlowResultType.CREATE_ENTRY
    form = await begun(panel, entry, "ems_multifunction", "414919")
    form = await sent(panel, form, name="Measure 2", address="2", supply="upstream", **MORE)
    assert form["errors"] == {"address": "address_used"}
    assert told(form)["other"] == "Measure"


async def test_the_limit_counts_addresses(panel: Panel) -> None:
    others = tuple(DeviceSpec(name=f"No {place}", model="700043", address=place, at="mains") for place in range(11, 20))
    await panel.serve(PULSES)
    entry = await panel.set_up(devices=(*others, PULSES), device_limit=10)
    form = await sent(panel, await begun(panel, entry, METERS, "412045"), name="New", address=20, **MORE)
    assert form["errors"] == {"address": "limit_reached"}
    assert told(form)["other"] == "10"
    form = await begun(panel, entry, PULSE_METERS, "412080")
    menu = await sent(panel, form, name="New", address=6, **{**PULSE, "position": 2}, **MORE)
    assert menu["step_id"] == "found"


async def test_a_device_added_meanwhile_is_not_overwritten(panel: Panel) -> None:
    await panel.serve(METER)
    entry = await panel.set_up(devices=())
    first = await sent(panel, await begun(panel, entry, METERS, "412045"), name="Mains", address=1, **MORE)
    second = await sent(panel, await begun(panel, entry, METERS, "412048"), name="Main meter", address=1, **MORE)
    assert (await chosen(panel, first, "save"))["type"] is FlowResultType.CREATE_ENTRY
    form = await chosen(panel, second, "save")
    assert form["type"] is FlowResultType.FORM
    assert form["step_id"] == "details"
    assert form["errors"] == {"address": "address_used"}
    assert told(form)["other"] == "Mains"
    assert suggested(form) == {"name": "Main meter", "address": 1}
    assert set(devices(entry)) == {"Mains"}


async def test_two_forms_of_one_generic_meter(panel: Panel) -> None:
    await panel.serve(GENERIC)
    entry = await panel.set_up(devices=())
    first, second = [
        await sent(panel, await begun(panel, entry, "other"), name=name, address=9, **FORM, **MORE)
        for name in ("Any", "Other")
    ]
    await chosen(panel, first, "save")
    form = await chosen(panel, second, "save")
    assert form["errors"] == {"address": "address_used"}
    # What was filled in is still there, as the form takes it.
    assert suggested(form) == {"name": "Other", "address": 9, **FORM, "register": "0100"}


async def reopened(panel: Panel, entry: GatewayConfigEntry, name: str, step: str) -> SubentryFlowResult:
    """Open the form that changes a device."""
    menu = await changing(panel, entry, subentry_id(name))
    assert menu["step_id"] == "reconfigure"
    assert menu["menu_options"] == ["details", "user"]
    assert told(menu) == {"name": name}
    return await chosen(panel, menu, step)


async def test_changed_settings_of_a_device_are_taken_over(panel: Panel) -> None:
    await panel.serve(METER, SOCKETS)
    entry = await panel.set_up(devices=(METER,))
    mains = panel.entity("Mains", "power")
    form = await reopened(panel, entry, "Mains", "details")
    assert suggested(form) == {"name": "Mains", "address": 1}
    menu = await sent(panel, form, name="Outlets", address=2, load="sockets", more={"exclude_from_totals": True})
    assert menu["step_id"] == "found"
    result = await chosen(panel, menu, "save")
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    await panel.wait(1)
    (subentry,) = entry.subentries.values()
    assert subentry.title == "Outlets"
    assert dict(subentry.data) == {
        "model": "412045",
        "address": 2,
        "load": "sockets",
        "exclude_from_totals": True,
        "exclude_alerts": False,
        "allow_commands": False,
    }
    assert subentry.subentry_id == subentry_id("Mains")
    state = panel.hass.states.get(mains)
    assert state is not None
    assert float(state.state) > 0
    menu = await changing(panel, entry, subentry.subentry_id)
    form = await chosen(panel, menu, "details")
    assert suggested(form)["load"] == "sockets"
    assert suggested(form, "more") == {
        "exclude_from_totals": True,
        "exclude_alerts": False,
        "allow_commands": False,
    }


async def test_a_device_keeps_its_own_name_and_address(panel: Panel) -> None:
    entry = await panel.start(METER)
    form = await reopened(panel, entry, "Mains", "details")
    menu = await sent(panel, form, name="Mains", address=1, more={"exclude_from_totals": True})
    assert menu["step_id"] == "found"


async def test_a_changed_device_may_not_take_the_place_of_another(panel: Panel) -> None:
    entry = await panel.start(METER, SOCKETS)
    form = await reopened(panel, entry, "Mains", "details")
    form = await sent(panel, form, name="Mains", address=2, **MORE)
    assert form["errors"] == {"address": "address_used"}
    assert told(form)["other"] == "Sockets"


async def test_a_device_can_be_replaced_by_another_model(panel: Panel) -> None:
    await panel.serve(DeviceSpec(name="Mains", model="004676", address=1, at="mains"))
    entry = await panel.set_up(devices=(METER,))
    form = await reopened(panel, entry, "Mains", "user")
    assert form["step_id"] == "user"
    form = await sent(panel, form, family=METERS)
    form = await sent(panel, form, model="004676")
    assert suggested(form) == {"name": "Mains", "address": 1}
    menu = await sent(panel, form, name="Mains", address=1, **MORE)
    assert menu["step_id"] == "found"
    await chosen(panel, menu, "save")
    await panel.wait(1)
    assert entry.subentries[subentry_id("Mains")].data["model"] == "004676"
    assert panel.device(entry, "Mains").model_id == "0 046 76"
    assert panel.number("Mains", "energy_import") > 0


async def test_a_device_of_a_model_that_is_gone_can_be_replaced(panel: Panel) -> None:
    await panel.serve(METER)
    entry = await panel.set_up(devices=(DeviceSpec(name="Stranger", model="000000", address=1, at="mains"),))
    form = await sent(panel, await begun(panel, entry, METERS, "412045"), name="New", address=1, **MORE)
    assert form["errors"] == {"address": "address_used"}
    form = await changing(panel, entry, subentry_id("Stranger"))
    assert form["step_id"] == "user"
    form = await sent(panel, await sent(panel, form, family=METERS), model="412045")
    menu = await sent(panel, form, name="Mains", address=1, **MORE)
    assert menu["step_id"] == "found"
    assert (await chosen(panel, menu, "save"))["reason"] == "reconfigure_successful"


async def test_an_ems_module_is_shown_with_its_interface_and_saved_as_it_is(panel: Panel) -> None:
    install_profiles(panel.hass, "plant_ems_measure")
    entry = await panel.start(MODULE)
    form = await reopened(panel, entry, "Module", "details")
    assert suggested(form) == {"name": "Module", "address": "2-1", "supply": "upstream"}
    menu = await sent(panel, form, **suggested(form), **MORE)
    assert menu["step_id"] == "found"
    await chosen(panel, menu, "save")
    assert entry.subentries[subentry_id("Module")].data["interface"] == 1


async def test_an_ems_module_without_interface_is_shown_as_its_form_takes_it(panel: Panel) -> None:
    install_profiles(panel.hass, "plant_ems_measure")
    entry = await panel.start(DeviceSpec(name="Module", model="414920", address=2, at="sockets"))
    form = await reopened(panel, entry, "Module", "details")
    menu = await sent(panel, form, supply="upstream", **suggested(form), **MORE)
    assert menu["step_id"] == "found"


async def test_a_device_can_be_added_while_its_gateway_is_not_loaded(panel: Panel) -> None:
    await panel.serve(METER)
    entry = await panel.set_up(devices=())
    await panel.hass.config_entries.async_unload(entry.entry_id)
    menu = await sent(panel, await begun(panel, entry, METERS, "412045"), name="Mains", address=1, **MORE)
    assert menu["step_id"] == "found"
    assert (await chosen(panel, menu, "save"))["type"] is FlowResultType.CREATE_ENTRY
