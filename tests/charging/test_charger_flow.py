"""Forms for chargers of other integrations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.config_entries import SOURCE_RECONFIGURE, SOURCE_USER
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er

from custom_components.legrand_ews.charging.charger import ChargerConfig
from custom_components.legrand_ews.charging.charger_flow import words_of

from ..bill_support import ENGLISH
from .entries import add_gateway, add_site

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.config_entries import ConfigEntry, SubentryFlowResult
    from homeassistant.core import HomeAssistant

    from ..support import Panel

REASONS = ENGLISH["config_subentries"]["charger"]["error"]
WORDS = ["Available", "Preparing", "Charging", "SuspendedEV", "Unavailable", "Odd"]
GIVEN: dict[str, Any] = {
    "name": " Garage ",
    "state_entity": "sensor.state",
    "limit_entity": "number.limit",
    "phases": "l2_l3_l1",
}
MEANT = {"Available": "free", "Preparing": "waiting", "SuspendedEV": "waiting", "Charging": "charging"}
STORED: dict[str, Any] = {
    "state_entity": "sensor.state",
    "limit_entity": "number.limit",
    "rated_current": 32.0,
    "min_current": 6.0,
    "phases": ["l2", "l3", "l1"],
    "states": MEANT,
}


@pytest.fixture(autouse=True)
async def entities(hass: HomeAssistant, panel: Panel) -> None:
    """Let there be what a charger brings."""
    await panel.load_integration()
    put = hass.states.async_set
    put("sensor.state", "Available", {"options": WORDS})
    put("binary_sensor.cable", "off", {})
    put("number.limit", "16", {"min": 0, "max": 32, "unit_of_measurement": "A"})
    put("number.no_zero", "16", {"min": 8, "max": 32, "unit_of_measurement": "A"})
    put("number.share", "50", {"min": 0, "max": 100, "unit_of_measurement": "%"})
    put("input_number.plain", "16", {"min": 0, "max": 32})
    put("switch.allow", "on", {})
    for phase in ("l1", "l2", "l3"):
        put(f"sensor.{phase}", "0", {"unit_of_measurement": "A"})
    put("sensor.power", "0", {"unit_of_measurement": "kW"})
    put("sensor.energy", "0", {"unit_of_measurement": "kWh"})


async def begin(hass: HomeAssistant, entry: ConfigEntry, charger: str | None = None) -> SubentryFlowResult:
    """Open the form of a new charger, or of one that is there."""
    context: Any = {"source": SOURCE_USER}
    if charger is not None:
        context = {"source": SOURCE_RECONFIGURE, "subentry_id": charger}
    return await hass.config_entries.subentries.async_init((entry.entry_id, "charger"), context=context)


async def fill(hass: HomeAssistant, form: SubentryFlowResult, **given: Any) -> SubentryFlowResult:
    """Send a form."""
    return await hass.config_entries.subentries.async_configure(form["flow_id"], given)


def suggested(form: SubentryFlowResult) -> dict[str, Any]:
    """Return what the fields show."""
    assert form["data_schema"] is not None
    shown = {str(key): (key.description or {}).get("suggested_value") for key in form["data_schema"].schema}
    return {key: value for key, value in shown.items() if value}


def placeholders(form: SubentryFlowResult) -> Mapping[str, str]:
    return form["description_placeholders"] or {}


async def test_a_charger_is_added_with_the_words_that_are_known(hass: HomeAssistant) -> None:
    entry = add_site(hass)
    form = await fill(hass, await begin(hass, entry), **GIVEN)
    assert (form["step_id"], placeholders(form)["state"]) == ("states", "sensor.state")
    assert suggested(form) == {
        "free": ["Available"],
        "waiting": ["Preparing", "SuspendedEV"],
        "charging": ["Charging"],
    }
    result = await fill(hass, form, **suggested(form))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (charger,) = entry.subentries.values()
    assert (charger.title, dict(charger.data)) == ("Garage", STORED)
    assert ChargerConfig.from_subentry(charger).station().phases == (1, 2, 0)


async def test_a_binary_sensor_needs_no_words(hass: HomeAssistant) -> None:
    entry = add_site(hass)
    given = {"name": "Socket", "state_entity": "binary_sensor.cable", "switch_entity": "switch.allow", "phases": "l3"}
    result = await fill(hass, await begin(hass, entry), **given, current_entities=["sensor.l1"], rated_current=16)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (charger,) = entry.subentries.values()
    assert dict(charger.data) == {
        "state_entity": "binary_sensor.cable",
        "switch_entity": "switch.allow",
        "current_entities": ["sensor.l1"],
        "rated_current": 16.0,
        "min_current": 6.0,
        "phases": ["l3"],
    }


async def test_everything_can_be_given(hass: HomeAssistant) -> None:
    more = {"switch_entity": "switch.allow", "current_entities": ["sensor.l1", "sensor.l2", "sensor.l3"]}
    more |= {"power_entity": "sensor.power", "energy_entity": "sensor.energy"}
    given = {**GIVEN, "limit_entity": "input_number.plain", **more}
    form = await fill(hass, await begin(hass, add_site(hass)), **given)
    result = await fill(hass, form, **suggested(form))
    data: Mapping[str, Any] = result["data"]
    assert {key: data[key] for key in more} == more


@pytest.mark.parametrize(
    ("given", "errors", "named"),
    [
        ({"name": " "}, {"name": "name_missing"}, {}),
        ({"name": "bay 1"}, {"name": "name_used"}, {}),
        ({"name": "OTHER"}, {"name": "name_used"}, {}),
        ({"limit_entity": None}, {"limit_entity": "limit_or_switch"}, {}),
        ({"limit_entity": "number.missing"}, {"limit_entity": "bad_unit"}, {"entity": "number.missing"}),
        ({"limit_entity": "number.share"}, {"limit_entity": "bad_unit"}, {"entity": "number.share"}),
        ({"limit_entity": "number.no_zero"}, {"switch_entity": "cannot_stop"}, {"minimum": "8"}),
        (
            {"limit_entity": "number.no_zero", "switch_entity": "switch.allow"},
            {"min_current": "below_number"},
            {"minimum": "8"},
        ),
        ({"min_current": 20, "rated_current": 16}, {"min_current": "above_rated"}, {}),
        ({"switch_entity": "switch.other"}, {"switch_entity": "entity_used"}, {"other": "Other"}),
        ({"power_entity": "sensor.energy"}, {"power_entity": "bad_unit"}, {"entity": "sensor.energy"}),
        ({"energy_entity": "sensor.power"}, {"energy_entity": "bad_unit"}, {"entity": "sensor.power"}),
        ({"current_entities": ["sensor.power"]}, {"current_entities": "bad_unit"}, {"entity": "sensor.power"}),
        ({"current_entities": ["sensor.l1", "sensor.l1", "sensor.l2"]}, {"current_entities": "entity_twice"}, {}),
        ({"current_entities": ["sensor.l1", "sensor.l2"]}, {"current_entities": "one_for_each_phase"}, {}),
        (
            {"current_entities": ["sensor.l1", "sensor.l2", "sensor.l3"], "phases": "l1"},
            {"current_entities": "one_for_each_phase"},
            {},
        ),
    ],
)
async def test_what_cannot_be_managed_is_refused_at_its_field(
    hass: HomeAssistant, given: dict[str, Any], errors: dict[str, str], named: dict[str, str]
) -> None:
    add_gateway(hass, bay_1="059014")
    entry = add_site(hass, other={**STORED, "state_entity": "sensor.other", "limit_entity": "number.other"})
    (other,) = entry.subentries.values()
    data = {**other.data, "switch_entity": "switch.other"}
    hass.config_entries.async_update_subentry(entry, other, data=data)
    filled = {key: value for key, value in {**GIVEN, **given}.items() if value is not None}
    form = await fill(hass, await begin(hass, entry), **filled)
    assert (form["type"], form["errors"]) == (FlowResultType.FORM, errors)
    assert set(errors.values()) <= set(REASONS)
    assert {key: placeholders(form)[key] for key in named} == named
    assert list(entry.subentries) == ["other"]
    assert suggested(form)["name"] == filled["name"]


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"free": ["Available"], "waiting": ["Preparing"]}, {"charging": "word_missing"}),
        ({}, dict.fromkeys(("free", "waiting", "charging"), "word_missing")),
        ({"free": ["A"], "waiting": ["B"], "charging": ["C"], "done": ["B"]}, {"done": "word_twice"}),
    ],
)
async def test_words_that_leave_something_open_are_refused(
    hass: HomeAssistant, given: dict[str, list[str]], errors: dict[str, str]
) -> None:
    form = await fill(hass, await begin(hass, add_site(hass)), **GIVEN)
    form = await fill(hass, form, **given)
    assert form["errors"] == errors
    assert set(errors.values()) <= set(REASONS)
    assert placeholders(form)["word"] == ("B" if "done" in errors else "")
    result = await fill(hass, form, free=["A"], waiting=[" B "], charging=["C"])
    assert result["data"]["states"] == {"A": "free", "B": "waiting", "C": "charging"}


async def test_a_charger_is_changed_and_keeps_its_words(hass: HomeAssistant) -> None:
    words = {"Here": "waiting", "Away": "free", "Charging": "charging"}
    entry = add_site(hass, garage={**STORED, "states": words})
    form = await begin(hass, entry, "garage")
    assert suggested(form) == {
        "name": "Garage",
        "state_entity": "sensor.state",
        "limit_entity": "number.limit",
        "rated_current": 32.0,
        "min_current": 6.0,
        "phases": "l2_l3_l1",
    }
    form = await fill(hass, form, **{**GIVEN, "name": "Yard", "switch_entity": "switch.allow", "phases": "l1"})
    assert suggested(form) == {"free": ["Away"], "waiting": ["Here"], "charging": ["Charging"]}
    result = await fill(hass, form, **suggested(form))
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    charger = entry.subentries["garage"]
    assert (charger.title, charger.data["phases"], charger.data["states"]) == ("Yard", ["l1"], words)


async def test_another_state_entity_begins_with_the_words_that_are_known(hass: HomeAssistant) -> None:
    entry = add_site(hass, garage={**STORED, "state_entity": "sensor.old", "states": {"Here": "waiting"}})
    form = await fill(hass, await begin(hass, entry, "garage"), **GIVEN)
    assert suggested(form)["waiting"] == ["Preparing", "SuspendedEV"]


async def test_words_are_those_of_the_sensor_else_of_its_integration(hass: HomeAssistant) -> None:
    registry = er.async_get(hass)
    zaptec = registry.async_get_or_create("sensor", "zaptec", "1")
    named = registry.async_get_or_create("sensor", "zaptec", "2", capabilities={"options": ["x", "y"]})
    hass.states.async_set(zaptec.entity_id, "unavailable", {})
    assert words_of(hass, "sensor.state") == WORDS
    assert words_of(hass, named.entity_id) == ["x", "y"]
    assert "connected_requesting" in words_of(hass, zaptec.entity_id)
    assert "unavailable" not in words_of(hass, zaptec.entity_id)
    hass.states.async_set("sensor.template", "Laden", {})
    assert words_of(hass, "sensor.template")[0] == "Available"
    assert words_of(hass, "sensor.template")[-1] == "Laden"


async def test_everything_has_strings(hass: HomeAssistant) -> None:
    strings = ENGLISH["config_subentries"]["charger"]
    entry = add_site(hass, garage=STORED)
    forms = [await begin(hass, entry), await begin(hass, entry, "garage")]
    forms.append(await fill(hass, forms[1], **GIVEN))
    for form, step in zip(forms, ("user", "reconfigure", "states"), strict=True):
        assert form["step_id"] == step
        assert form["data_schema"] is not None
        texts = strings["step"][step]
        assert set(map(str, form["data_schema"].schema)) == set(texts["data"]) == set(texts["data_description"])
