"""Sensors of loads, groups and totals: which there are, what they show, and that they never jump."""

from __future__ import annotations

import shutil
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.components.energy.data import async_get_manager
from homeassistant.components.energy.validate import async_validate
from homeassistant.components.sensor.const import DEVICE_CLASS_STATE_CLASSES, DEVICE_CLASS_UNITS
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.components.recorder.common import (  # type: ignore[import-untyped]
    async_wait_recording_done,
    do_adhoc_statistics,
)

from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.history import total_id
from custom_components.legrand_ews.history_settings import ARCHIVE_FILE
from custom_components.legrand_ews.metering import GAS_EQUIVALENT, OVERALL, group_key, load_key
from custom_components.legrand_ews.total_sensor import MEASURES, SHOWN, Total, read_key

from .support import METER, PULSES, subentry_id
from .test_history import HEATED, begin, count, history, index, total, written

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant, State

    from .support import Panel

GAS = replace(
    PULSES,
    name="Gas",
    model="gas_counter",
    position=2,
    at="gas pipe",
    pulse_weight=Decimal("0.01"),
    pulse_unit="m³",
)
WATER = replace(
    PULSES, name="Water", model="water_counter", position=3, at="water pipe", pulse_weight=Decimal(5), pulse_unit="L"
)
HEATING = load_key("heating", "electricity")
COOLING = load_key("cooling", "electricity")
OTHERS = load_key("others", "electricity")
DAY = 86400


def shown(hass: HomeAssistant, entry: ConfigEntry, key: str, measure: str = "total") -> State:
    """Return the state of the sensor of a total."""
    entity = er.async_get(hass).async_get_entity_id("sensor", DOMAIN, total_id(entry, key, measure))
    assert entity is not None, key
    state = hass.states.get(entity)
    assert state is not None, entity
    return state


def figure(hass: HomeAssistant, entry: ConfigEntry, key: str, measure: str = "total") -> float:
    """Return the number that the sensor of a total shows."""
    return float(shown(hass, entry, key, measure).state)


def keys(hass: HomeAssistant, entry: ConfigEntry) -> set[str]:
    """Return the totals that have all their sensors."""
    rows = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    ids = {row.unique_id.removeprefix(f"{entry.entry_id}_") for row in rows if hass.states.get(row.entity_id)}
    found = {one.removeprefix("total_") for one in ids if one.startswith("total_")}
    assert ids >= {f"{measure}_{key}" for measure in MEASURES for key in found}
    return found


def names(hass: HomeAssistant, entry: ConfigEntry) -> set[str | None]:
    """Return the names of the installation's devices."""
    return {device.name for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)}


def add_subentry(hass: HomeAssistant, entry: ConfigEntry, kind: str, name: str, *devices: str) -> str:
    """Add a load or a group with devices, as its form does; return its id."""
    data = MappingProxyType({"devices": [subentry_id(device) for device in devices]})
    row = ConfigSubentry(data=data, subentry_type=kind, title=name, unique_id=None)
    hass.config_entries.async_add_subentry(entry, row)
    return row.subentry_id


async def taken_over(panel: Panel) -> None:
    """Let gateways and the installation take over what was changed."""
    await panel.settle()
    await panel.wait(5)


@pytest.mark.parametrize(
    "expected",
    [
        Total(key="gas", commodity="gas"),
        Total(key=OVERALL, commodity=OVERALL),
        Total(key=load_key("heating", "electricity"), commodity="electricity", kind="load", member="heating"),
        Total(key=group_key("01J", "water"), commodity="water", kind="group", member="01J"),
    ],
)
def test_a_key_tells_what_it_stands_for(expected: Total) -> None:
    assert read_key(expected.key) == expected


@pytest.mark.parametrize("commodity", SHOWN)
def test_units_fit_what_is_counted(commodity: str) -> None:
    device_class, unit = SHOWN[commodity]
    assert unit in DEVICE_CLASS_UNITS[device_class]
    assert "total_increasing" in DEVICE_CLASS_STATE_CLASSES[device_class]


async def test_each_load_group_and_commodity_has_its_totals(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(HEATED, GAS, WATER, settings={"groups": ["g1"]})
    entry = await begin(panel, ("group", "g1", "West"), ("group", "g2", "Empty"), gas_factors=[["2026-01-01", "11.2"]])
    await count(panel, 600)
    grouped = {group_key("g1", commodity) for commodity in ("electricity", "gas", "water")}
    assert keys(hass, entry) == {"electricity", "gas", "water", OVERALL, GAS_EQUIVALENT, HEATING} | grouped
    assert names(hass, entry) == {"Site", "Totals", "Heating", "West"}
    assert figure(hass, entry, GAS_EQUIVALENT) == pytest.approx(11.2 * figure(hass, entry, "gas"), abs=0.001)
    together = figure(hass, entry, "electricity") + figure(hass, entry, GAS_EQUIVALENT)
    assert figure(hass, entry, OVERALL) == pytest.approx(together, abs=0.002)
    assert figure(hass, entry, group_key("g1", "water")) == figure(hass, entry, "water") > 0


async def test_gas_has_no_equivalent_without_a_factor(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(HEATED, GAS)
    entry = await begin(panel)
    await count(panel, 600)
    assert keys(hass, entry) == {"electricity", "gas", OVERALL, HEATING}
    assert figure(hass, entry, OVERALL) == figure(hass, entry, "electricity")


async def test_an_excluded_device_counts_for_nothing(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(HEATED, settings={"exclude_from_totals": True, "groups": ["g1"]})
    entry = await begin(panel, ("group", "g1", "West"))
    await count(panel, 600)
    assert keys(hass, entry) == set()
    assert names(hass, entry) == {"Site"}


async def test_only_what_counts_for_ever_has_a_state_class(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(HEATED, GAS, WATER)
    entry = await begin(panel, gas_factors=[["2026-01-01", "11.2"]])
    await count(panel, 120)
    for key in keys(hass, entry):
        device_class, unit = SHOWN[read_key(key).commodity]
        for measure in MEASURES:
            attributes = shown(hass, entry, key, measure).attributes
            assert attributes["device_class"] == device_class
            assert attributes["unit_of_measurement"] == unit
            assert attributes.get("state_class") == ("total_increasing" if measure == "total" else None)


async def test_the_energy_dashboard_takes_the_totals(
    recorder_mock: object,  # noqa: ARG001
    hass: HomeAssistant,
    panel: Panel,
) -> None:
    for integration in ("sensor", "energy"):
        assert await async_setup_component(hass, integration, {})
    await panel.start(HEATED, GAS, WATER, settings={"groups": ["g1"]})
    entry = await begin(panel, ("group", "g1", "West"), gas_factors=[["2026-01-01", "11.2"]])
    await count(panel, 120)
    await async_wait_recording_done(hass)
    now = dt_util.utcnow()
    do_adhoc_statistics(hass, start=now.replace(minute=now.minute - now.minute % 5, second=0, microsecond=0))
    await async_wait_recording_done(hass)
    manager = await async_get_manager(hass)

    def source(kind: str, key: str, measure: str = "total") -> dict[str, Any]:
        """Return a total as a source."""
        more = {"cost_adjustment_day": 0} if kind == "grid" else {}
        return {"type": kind, "stat_energy_from": shown(hass, entry, key, measure).entity_id, **more}

    async def issues(*sources: dict[str, Any]) -> list[str]:
        """Return what the dashboard says against sources, and against all loads and groups as devices."""
        electric = [HEATING, group_key("g1", "electricity"), OVERALL, GAS_EQUIVALENT]
        wet = [group_key("g1", "water")]
        given: Any = {
            "energy_sources": list(sources),
            "device_consumption": [{"stat_consumption": shown(hass, entry, key).entity_id} for key in electric],
            "device_consumption_water": [{"stat_consumption": shown(hass, entry, key).entity_id} for key in wet],
        }
        await manager.async_update(given)
        found = (await async_validate(hass)).as_dict()
        return [row["type"] for group in found.values() for rows in group for row in rows]

    assert (
        await issues(
            source("grid", "electricity"),
            source("gas", "gas"),
            source("gas", GAS_EQUIVALENT),
            source("gas", group_key("g1", "gas")),
            source("water", "water"),
        )
        == []
    )
    assert "entity_unexpected_device_class" in await issues(source("grid", "gas"))
    assert "entity_unexpected_state_class" in await issues(source("grid", "electricity", "today"))


async def test_days_and_months_go_by(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(HEATED)
    entry = await begin(panel)
    await count(panel)

    def spans(*measures: str) -> float:
        """Return the sum of some measures."""
        return sum(figure(hass, entry, HEATING, measure) for measure in measures)

    first = spans("total")
    assert first > 0
    assert spans("today") == spans("this_month") == spans("this_year") == first
    assert spans("yesterday", "last_month", "last_year") == 0
    panel.clock.now += DAY
    await count(panel, 600)
    assert spans("today") > 0
    assert spans("yesterday") > 0
    assert spans("today", "yesterday") == pytest.approx(spans("total"), abs=0.002)
    assert spans("this_month") == spans("this_year") == spans("total")
    panel.clock.now += 6 * DAY
    await count(panel, 600)
    assert min(spans("this_month"), spans("last_month")) > 0
    assert spans("this_month", "last_month") == pytest.approx(spans("total"), abs=0.002)
    assert spans("yesterday", "today") < spans("this_month")
    assert spans("this_year") == spans("total")
    panel.clock.now += 350 * DAY
    await count(panel, 600)
    assert min(spans("this_year"), spans("last_year")) > 0
    assert spans("this_year", "last_year") == pytest.approx(spans("total"), abs=0.002)


async def test_a_day_ends_without_a_reading(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(HEATED)
    entry = await begin(panel)
    await count(panel)
    before = figure(hass, entry, HEATING, "today")
    panel.clock.now += DAY
    await written(panel)
    assert before > 0
    assert figure(hass, entry, HEATING, "today") == 0
    assert figure(hass, entry, HEATING) == before


async def test_a_new_group_counts_from_when_it_was_made(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(HEATED)
    entry = await begin(panel)
    await count(panel, 900)
    before = figure(hass, entry, "electricity")
    group = add_subentry(hass, entry, "group", "West", "Heated")
    await taken_over(panel)
    await count(panel, 900)
    assert "West" in names(hass, entry)
    grown = figure(hass, entry, "electricity") - before
    assert 0 < figure(hass, entry, group_key(group, "electricity")) <= grown + 0.001


async def test_a_total_that_comes_up_later_gets_its_sensors(hass: HomeAssistant, panel: Panel) -> None:
    await panel.serve(HEATED, GAS)
    await panel.set_up(devices=(HEATED,))
    entry = await begin(panel)
    await count(panel, 120)
    assert keys(hass, entry) == {"electricity", OVERALL, HEATING}
    await panel.set_up(devices=(GAS,))
    await count(panel, 600)
    assert keys(hass, entry) == {"electricity", OVERALL, HEATING, "gas"}


async def test_a_deleted_group_leaves_the_other_totals(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(HEATED, settings={"groups": ["g1", "g2"]})
    entry = await begin(panel, ("group", "g1", "West"), ("group", "g2", "East"))
    await count(panel)
    before = {key: figure(hass, entry, key) for key in ("electricity", HEATING, group_key("g2", "electricity"))}
    hass.config_entries.async_remove_subentry(entry, "g1")
    await taken_over(panel)
    await count(panel, 600)
    assert names(hass, entry) == {"Site", "Totals", "Heating", "East"}
    assert keys(hass, entry) == {OVERALL, *before}
    grown = {key: figure(hass, entry, key) - value for key, value in before.items()}
    assert min(grown.values()) > 0
    assert max(grown.values()) == pytest.approx(min(grown.values()), abs=0.001)
    await hass.config_entries.async_reload(entry.entry_id)
    await taken_over(panel)
    assert keys(hass, entry) == {OVERALL, *before}


async def test_what_a_deleted_load_counted_is_not_given_to_another(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(replace(HEATED, load="l1"))
    entry = await begin(panel, ("load", "l1", "Lift"))
    await count(panel)
    before = figure(hass, entry, "electricity")
    assert figure(hass, entry, load_key("l1", "electricity")) == before
    hass.config_entries.async_remove_subentry(entry, "l1")
    await taken_over(panel)
    await count(panel, 900)
    assert keys(hass, entry) == {"electricity", OVERALL, OTHERS}
    grown = figure(hass, entry, "electricity") - before
    assert 0 < figure(hass, entry, OTHERS) <= grown + 0.001


async def test_a_renamed_load_has_its_new_name(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(replace(HEATED, load="l1"))
    entry = await begin(panel, ("load", "l1", "Lift"))
    await count(panel, 600)
    before = shown(hass, entry, load_key("l1", "electricity"))
    hass.config_entries.async_update_subentry(entry, entry.subentries["l1"], title="Goods lift")
    await taken_over(panel)
    assert names(hass, entry) == {"Site", "Totals", "Goods lift"}
    after = shown(hass, entry, load_key("l1", "electricity"))
    assert after.entity_id == before.entity_id
    assert float(after.state) >= float(before.state)


async def test_a_load_that_was_off_has_counted_meanwhile(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(HEATED)
    entry = await begin(panel)
    await count(panel, 600)
    before = shown(hass, entry, HEATING)
    hass.config_entries.async_update_entry(entry, options={"loads_off": ["heating"]})
    await taken_over(panel)
    await count(panel, 900)
    assert keys(hass, entry) == {"electricity", OVERALL}
    assert names(hass, entry) == {"Site", "Totals"}
    hass.config_entries.async_update_entry(entry, options={})
    await taken_over(panel)
    await count(panel, 120)
    after = shown(hass, entry, HEATING)
    assert after.entity_id == before.entity_id
    assert float(after.state) > float(before.state)
    assert float(after.state) == figure(hass, entry, "electricity")


async def test_an_own_load_or_group_that_is_off_has_no_device(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(replace(HEATED, load="l1"), settings={"groups": ["g1"]})
    entry = await begin(panel, ("load", "l1", "Lift"), ("group", "g1", "West"))
    await count(panel, 600)
    everything = {"electricity", OVERALL, load_key("l1", "electricity"), group_key("g1", "electricity")}
    assert keys(hass, entry) == everything
    for key, left in (("l1", {"Site", "Totals", "West"}), ("g1", {"Site", "Totals"})):
        hass.config_entries.async_update_subentry(entry, entry.subentries[key], data={"in_use": False})
        await taken_over(panel)
        assert names(hass, entry) == left
    await count(panel, 600)
    assert keys(hass, entry) == {"electricity", OVERALL}
    # One right after the other: entities that were just being added do not stay behind.
    for key in ("l1", "g1"):
        hass.config_entries.async_update_subentry(entry, entry.subentries[key], data={})
    await taken_over(panel)
    await count(panel, 600)
    assert keys(hass, entry) == everything
    assert figure(hass, entry, load_key("l1", "electricity")) == figure(hass, entry, "electricity")


async def saved(panel: Panel) -> None:
    """Copy the archive, as a disk has it that loses what comes after."""
    folder = history(panel.hass).folder
    await history(panel.hass).async_ask(lambda archive: archive.backup(folder / "kept.db"))


async def load_with(panel: Panel, entry: ConfigEntry, archive: str | None) -> None:
    """Load the installation anew with another archive, or with none."""
    folder = history(panel.hass).folder
    await panel.hass.config_entries.async_unload(entry.entry_id)

    def replace_archive() -> None:
        """Put the other one in place. Blocking."""
        for path in folder.glob(f"{ARCHIVE_FILE}*"):
            path.unlink()
        if archive is not None:
            shutil.copy(folder / archive, folder / ARCHIVE_FILE)

    await panel.hass.async_add_executor_job(replace_archive)
    await panel.hass.config_entries.async_setup(entry.entry_id)
    await panel.settle()


async def test_what_was_shown_never_falls_when_the_last_rows_are_lost(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(HEATED)
    entry = await begin(panel)
    await panel.wait()
    began = index(panel, "Heated")
    await count(panel, 9000, every=100)
    await saved(panel)
    await count(panel, 700)
    seen = [figure(hass, entry, HEATING)]
    await load_with(panel, entry, "kept.db")
    assert history(hass).figures[HEATING].total / 1000 < 0.95 * seen[0]
    for _ in range(12):
        seen.append(figure(hass, entry, HEATING))
        await count(panel, 60)
    assert seen[1] == seen[0]
    assert seen == sorted(seen)
    assert figure(hass, entry, HEATING) == pytest.approx(index(panel, "Heated") - began, abs=0.002)


async def test_a_restart_costs_a_young_total_nothing(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(HEATED)
    entry = await begin(panel)
    await panel.wait()
    began = index(panel, "Heated")
    await count(panel, 900)
    before = figure(hass, entry, HEATING)
    await hass.config_entries.async_reload(entry.entry_id)
    await panel.settle()
    assert history(hass).figures[HEATING].total / 1000 < 0.9 * before
    assert figure(hass, entry, HEATING) == before
    await count(panel, 300)
    assert figure(hass, entry, HEATING) == pytest.approx(index(panel, "Heated") - began, abs=0.002)


async def test_with_a_new_archive_totals_begin_anew(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(HEATED)
    entry = await begin(panel)
    await count(panel, 3000)
    before = figure(hass, entry, HEATING)
    await load_with(panel, entry, None)
    assert shown(hass, entry, HEATING).state == STATE_UNAVAILABLE
    await panel.wait()
    began = index(panel, "Heated")
    await count(panel, 60)
    assert figure(hass, entry, HEATING) < before / 2
    await count(panel, 900)
    assert figure(hass, entry, HEATING) == pytest.approx(index(panel, "Heated") - began, abs=0.002)
    assert total(hass, entry, "electricity") == figure(hass, entry, HEATING)


async def test_totals_are_there_at_once_after_a_reload(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(METER)
    entry = await begin(panel)
    await count(panel, 900)
    before = figure(hass, entry, OTHERS)
    await hass.config_entries.async_reload(entry.entry_id)
    await panel.settle()
    assert figure(hass, entry, OTHERS) == before
    assert figure(hass, entry, OTHERS, "today") == pytest.approx(before, abs=0.002)
