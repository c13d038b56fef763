"""The forms of Green'Up: what they show, refuse and store, and when they are offered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.data_entry_flow import FlowResultType, section

from custom_components.legrand_ews.charging.forms import meters
from custom_components.legrand_ews.charging.settings import GreenupSettings
from custom_components.legrand_ews.greenup import LoadManagerConfig, Mode

from ..bill_support import ENGLISH
from ..test_bill_form import Dialog
from .entries import add_gateway, add_site

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from ..support import Panel

LIMITS: dict[str, Any] = {"max_current": 250, "charge_current": 230}
COMPLETE: dict[str, Any] = {"greenup": {"meter": "mains", "config": LIMITS}}


@pytest.fixture
async def dialog(hass: HomeAssistant, panel: Panel) -> Dialog:
    """Somebody before the forms of a site with a meter, a sensor, two stations and a charger."""
    await panel.load_integration()
    add_gateway(hass, mains="412045", pulses="412082", bay_1="059014", bay_2="059000")
    for phase in ("l1", "l2", "l3", "l4"):
        hass.states.async_set(f"sensor.{phase}", "3", {"unit_of_measurement": "A", "device_class": "current"})
    hass.states.async_set("sensor.power", "700", {"unit_of_measurement": "W"})
    return Dialog(hass, add_site(hass, garage={"state_entity": "sensor.garage"}))


def stored(dialog: Dialog) -> dict[str, Any]:
    return dict(dialog.entry.options.get("greenup", {}))


def keep(hass: HomeAssistant, dialog: Dialog, **greenup: Any) -> None:
    """Let this be stored."""
    options = {"greenup": {**COMPLETE["greenup"], **greenup}}
    hass.config_entries.async_update_entry(dialog.entry, options=options)


def within(dialog: Dialog, key: str) -> dict[str, Any]:
    """Return what the fields of a section show."""
    schema = dialog.result["data_schema"]
    assert schema is not None
    return {str(field): field.description["suggested_value"] for field in schema.schema[key].schema.schema}


async def test_later_forms_are_offered_once_meter_and_limits_are_there(dialog: Dialog) -> None:
    first = ["greenup_meter", "greenup_limits", "greenup_finish"]
    await dialog.go("greenup")
    assert dialog.result["menu_options"] == first
    assert dialog.shown == {"meter": "—", "max_current": "—", "charge_current": "—"}
    await dialog.on("greenup_meter")
    await dialog.fill(meter="mains")
    assert dialog.result["menu_options"] == first
    assert GreenupSettings.from_options(dialog.entry.options) is None
    await dialog.on("greenup_limits")
    await dialog.fill(**LIMITS)
    later = ["greenup_times", "greenup_stations", "greenup_remove"]
    assert dialog.result["menu_options"] == [*first[:2], *later, first[2]]
    assert dialog.shown == {"meter": "Mains · Gateway", "max_current": "250 A", "charge_current": "230 A"}
    await dialog.on("greenup_finish")
    assert dialog.result["type"] is FlowResultType.CREATE_ENTRY
    settings = GreenupSettings.from_options(dialog.entry.options)
    assert settings == GreenupSettings(meter="mains", config=LoadManagerConfig(**LIMITS))


async def test_green_up_is_removed_once_that_was_confirmed(hass: HomeAssistant, dialog: Dialog) -> None:
    keep(hass, dialog)
    hass.config_entries.async_update_entry(dialog.entry, options={**dialog.entry.options, "loads_off": ["cooling"]})
    await dialog.go("greenup", "greenup_remove")
    assert stored(dialog)
    await dialog.fill()
    assert dict(dialog.entry.options) == {"loads_off": ["cooling"]}


async def test_other_options_are_kept(hass: HomeAssistant, dialog: Dialog) -> None:
    hass.config_entries.async_update_entry(dialog.entry, options={"loads_off": ["cooling"]})
    await dialog.go("greenup", "greenup_meter")
    await dialog.fill(meter="mains")
    assert dialog.entry.options["loads_off"] == ["cooling"]


async def test_a_meter_is_a_device_that_measures_currents_and_no_station(hass: HomeAssistant, dialog: Dialog) -> None:
    await dialog.go("greenup", "greenup_meter")
    assert meters(hass) == {"mains": "Mains · Gateway"}


async def test_sensors_take_the_place_of_the_meter_and_back(dialog: Dialog) -> None:
    await dialog.go("greenup", "greenup_meter")
    await dialog.fill(layout="dedicated", sensors=["sensor.l1", "sensor.l2"], interval=1.5)
    assert stored(dialog) == {"layout": "dedicated", "sensors": ["sensor.l1", "sensor.l2"], "interval": 1.5}
    assert dialog.shown["meter"] == "sensor.l1, sensor.l2"
    await dialog.on("greenup_meter")
    assert dialog.suggested == stored(dialog)
    await dialog.fill(meter="mains")
    assert stored(dialog) == {"layout": "total", "meter": "mains", "interval": 2.0}


@pytest.mark.parametrize(
    ("given", "errors", "entity"),
    [
        ({}, {"meter": "meter_missing"}, ""),
        ({"sensors": []}, {"meter": "meter_missing"}, ""),
        ({"meter": "mains", "sensors": ["sensor.l1"]}, {"sensors": "meter_twice"}, ""),
        ({"sensors": ["sensor.l1", "sensor.l2", "sensor.l3", "sensor.l4"]}, {"sensors": "too_many_sensors"}, ""),
        ({"sensors": ["sensor.l1", "sensor.l1"]}, {"sensors": "sensor_twice"}, ""),
        ({"sensors": ["sensor.l1", "sensor.power"]}, {"sensors": "no_current"}, "sensor.power"),
        ({"sensors": ["sensor.missing"]}, {"sensors": "no_current"}, "sensor.missing"),
    ],
)
async def test_what_is_no_meter_is_refused(
    dialog: Dialog, given: dict[str, Any], errors: dict[str, str], entity: str
) -> None:
    await dialog.go("greenup", "greenup_meter")
    await dialog.fill(**given)
    assert dialog.errors == errors
    assert set(errors.values()) <= set(ENGLISH["options"]["error"])
    assert dialog.shown["entity"] == entity
    assert stored(dialog) == {}
    await dialog.fill(meter="mains")
    assert stored(dialog)["meter"] == "mains"


async def test_limits_are_stored_and_shown(hass: HomeAssistant, dialog: Dialog) -> None:
    keep(hass, dialog, config={**LIMITS, "hold_time": 120})
    await dialog.go("greenup", "greenup_limits")
    more = {"emergency": False, "predicted_admission": False, "charging_cap": 100.5, "margin": 2}
    await dialog.fill(
        max_current=63,
        charge_current=60.5,
        mode="steps",
        hysteresis=3,
        step_1=80,
        step_2=40,
        guaranteed_charge=20,
        load_control=False,
        control_logic=False,
        more=more,
    )
    settings = GreenupSettings.from_options(dialog.entry.options)
    assert settings is not None
    assert settings.config == LoadManagerConfig(
        max_current=63,
        charge_current=60.5,
        mode=Mode.STEPS,
        hysteresis=3,
        step_1=80,
        step_2=40,
        guaranteed_charge=20,
        load_control=False,
        control_logic=False,
        emergency=False,
        predicted_admission=False,
        charging_cap=100.5,
        margin=2,
        hold_time=120,
    )
    await dialog.on("greenup_limits")
    assert within(dialog, "more") == more
    assert (dialog.suggested["max_current"], dialog.suggested["mode"]) == (63, "steps")
    await dialog.fill(**LIMITS)
    settings = GreenupSettings.from_options(dialog.entry.options)
    assert settings is not None
    assert settings.config == LoadManagerConfig(**LIMITS, hold_time=120, **more)
    await dialog.on("greenup_limits")
    await dialog.fill(**LIMITS, more={})
    settings = GreenupSettings.from_options(dialog.entry.options)
    assert settings is not None
    assert settings.config == LoadManagerConfig(**LIMITS, hold_time=120)


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"charge_current": 251}, {"charge_current": "above_maximum"}),
        ({"charge_current": 250}, {"charge_current": "only_dedicated"}),
        ({"step_1": 50, "step_2": 60}, {"step_2": "above_first_step"}),
        ({"more": {"margin": 230}}, {"more": "margin_too_large"}),
    ],
)
async def test_limits_that_contradict_each_other_are_refused(
    hass: HomeAssistant, dialog: Dialog, given: dict[str, Any], errors: dict[str, str]
) -> None:
    keep(hass, dialog)
    await dialog.go("greenup", "greenup_limits")
    await dialog.fill(**{**LIMITS, **given})
    assert dialog.errors == errors
    assert set(errors.values()) <= set(ENGLISH["options"]["error"])
    assert stored(dialog) == COMPLETE["greenup"]


async def test_where_only_stations_are_behind_the_meter_both_limits_may_be_one(
    hass: HomeAssistant, dialog: Dialog
) -> None:
    keep(hass, dialog, layout="dedicated")
    for given in ({}, {"charge_current": 63}):
        await dialog.go("greenup", "greenup_limits")
        await dialog.fill(max_current=63, **given)
        assert (stored(dialog)["config"]["max_current"], stored(dialog)["config"]["charge_current"]) == (63, 63)
    await dialog.go("greenup", "greenup_limits")
    await dialog.fill(max_current=63, charge_current=64)
    assert dialog.errors == {"charge_current": "above_maximum"}


async def test_times_are_stored_beside_the_limits(hass: HomeAssistant, dialog: Dialog) -> None:
    keep(hass, dialog)
    times = {"hold_time": 30, "waiting_time": 120, "skip_time": 600, "rotation_after": 0, "min_on": 300, "min_off": 10}
    times |= {"stale_after": 15, "stop_after": 60}
    await dialog.go("greenup", "greenup_times")
    await dialog.fill(**times, on_stop="stop")
    settings = GreenupSettings.from_options(dialog.entry.options)
    assert settings is not None
    assert settings.config == LoadManagerConfig(**LIMITS, **times)
    assert settings.on_stop == "stop"
    await dialog.on("greenup_times")
    assert dialog.suggested == {key: value for key, value in {**times, "on_stop": "stop"}.items() if value}
    await dialog.fill()
    settings = GreenupSettings.from_options(dialog.entry.options)
    assert settings is not None
    assert settings.config == LoadManagerConfig(**LIMITS)


async def test_a_meter_is_silent_before_it_is_lost(hass: HomeAssistant, dialog: Dialog) -> None:
    keep(hass, dialog)
    await dialog.go("greenup", "greenup_times")
    await dialog.fill(stale_after=61, stop_after=60)
    assert dialog.errors == {"stop_after": "stop_before_stale"}
    assert "stop_before_stale" in ENGLISH["options"]["error"]
    assert stored(dialog) == COMPLETE["greenup"]


async def test_stations_have_priority_or_are_left_alone(hass: HomeAssistant, dialog: Dialog) -> None:
    keep(hass, dialog, priority=["bay_1", "gone"])
    await dialog.go("greenup", "greenup_stations")
    assert dialog.suggested == {"priority": ["bay_1"]}
    schema = dialog.result["data_schema"]
    assert schema is not None
    labels = {row["value"]: row["label"] for row in schema.schema["priority"].config["options"]}
    assert labels == {"bay_1": "Bay 1", "bay_2": "Bay 2", "garage": "Garage"}
    await dialog.fill(priority=["garage", "bay_2"], unmanaged=["bay_1"])
    settings = GreenupSettings.from_options(dialog.entry.options)
    assert settings is not None
    assert (settings.priority, settings.unmanaged) == ({"garage", "bay_2"}, {"bay_1"})
    await dialog.on("greenup_stations")
    await dialog.fill()
    assert (stored(dialog)["priority"], stored(dialog)["unmanaged"]) == ([], [])


async def test_what_somebody_else_stored_meanwhile_may_not_fit(hass: HomeAssistant, dialog: Dialog) -> None:
    keep(hass, dialog)
    await dialog.go("greenup", "greenup_stations")
    keep(hass, dialog, sensors=["sensor.l1"])
    await dialog.fill()
    assert dialog.errors == {"base": "does_not_fit"}


async def test_everything_has_strings(hass: HomeAssistant, dialog: Dialog) -> None:
    keep(hass, dialog)
    steps = ENGLISH["options"]["step"]
    for path in ((), ("greenup",)):
        await dialog.go(*path)
        strings = steps[dialog.result["step_id"]]
        assert set(dialog.result["menu_options"]) == set(strings["menu_options"])
        assert set(strings["menu_options"]) == set(strings["menu_option_descriptions"])
    for step in ("greenup_meter", "greenup_limits", "greenup_times", "greenup_stations"):
        await dialog.go("greenup", step)
        schema = dialog.result["data_schema"]
        assert schema is not None
        plain = {str(key) for key, field in schema.schema.items() if not isinstance(field, section)}
        assert plain == set(steps[step]["data"]) == set(steps[step]["data_description"])
        for key, field in schema.schema.items():
            if isinstance(field, section):
                strings = steps[step]["sections"][str(key)]
                assert set(map(str, field.schema.schema)) == set(strings["data"]) == set(strings["data_description"])
