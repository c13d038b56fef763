"""The form of the history: what it shows, refuses and stores, and what a change leaves of the history."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.data_entry_flow import FlowResultType

from custom_components.legrand_ews.history_form import async_check_history
from custom_components.legrand_ews.history_settings import ARCHIVE_FILE

from .support import subentry_id
from .test_history import HEATED, begin, count, history, index, intervals
from .test_installation import ask
from .test_total_sensor import HEATING, figure

if TYPE_CHECKING:
    from pathlib import Path

    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant

    from .support import Panel

GIVEN: dict[str, Any] = {
    "sample_rate": "15",
    "csv": False,
    "csv_decimal": "point",
    "csv_separator": "comma",
    "keep_intervals": 3650.0,
    "keep_samples": 30.0,
    "keep_alarms": 0.0,
    "keep_sessions": 730.0,
}
STORED: dict[str, Any] = {
    "sample_rate": 15,
    "csv": False,
    "csv_decimal": ".",
    "csv_separator": ",",
    "keep_intervals": 3650,
    "keep_samples": 30,
    "keep_alarms": 0,
    "keep_sessions": 730,
}
DEFAULTS: dict[str, Any] = {
    "sample_rate": "10",
    "csv": True,
    "csv_decimal": "comma",
    "csv_separator": "semicolon",
    "keep_intervals": 0,
    "keep_samples": 180,
    "keep_alarms": 3650,
    "keep_sessions": 0,
}
UNUSABLE = {
    "no URL": "somewhere",
    "no port": "postgresql://user:secret@localhost:port/ews",
    "another engine": "mysql://user:secret@localhost/ews",
    "no file": "sqlite://",
    "no folder": "sqlite:////proc/nowhere/archive.db",
    "no server": "postgresql://user:secret@127.0.0.1:1/ews",
    "no server either": "postgres://user:secret@127.0.0.1:1/ews",
}


async def suggested(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, Any]:
    """Return what the form shows."""
    flow = hass.config_entries.options
    menu = await flow.async_init(entry.entry_id)
    form = await flow.async_configure(menu["flow_id"], {"next_step_id": "history"})
    schema = form["data_schema"]
    assert schema is not None
    flow.async_abort(form["flow_id"])
    fields = {str(key): (key.description or {}).get("suggested_value") for key in schema.schema}
    return {key: value for key, value in fields.items() if value is not None}


async def test_the_form_begins_with_the_defaults(hass: HomeAssistant, panel: Panel) -> None:
    await panel.load_integration()
    entry = await begin(panel)
    assert await suggested(hass, entry) == DEFAULTS
    await ask(hass, entry, "history", **DEFAULTS)
    assert dict(entry.options) == {
        "sample_rate": 10,
        "csv": True,
        "csv_decimal": ",",
        "csv_separator": ";",
        "keep_intervals": 0,
        "keep_samples": 180,
        "keep_alarms": 3650,
        "keep_sessions": 0,
    }
    await panel.settle()
    assert history(hass).settings.url.endswith(ARCHIVE_FILE)


async def test_every_field_is_stored_shown_again_and_taken_over(
    hass: HomeAssistant, panel: Panel, tmp_path: Path
) -> None:
    await panel.load_integration()
    entry = await begin(panel, loads_off=["cooling"])
    url = f"sqlite:///{tmp_path}/elsewhere/ews.db"
    result = await ask(hass, entry, "history", **GIVEN, archive_url=f" {url} ")
    await panel.settle()
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options == {**STORED, "archive_url": url, "loads_off": ["cooling"]}
    assert await suggested(hass, entry) == {**GIVEN, "archive_url": url}
    settings = history(hass).settings
    assert (settings.period, settings.url, settings.csv, settings.style.decimal) == (900, url, False, ".")
    assert (tmp_path / "elsewhere/ews.db").exists()


async def test_an_empty_url_leads_back_to_the_folder(hass: HomeAssistant, panel: Panel, tmp_path: Path) -> None:
    await panel.load_integration()
    entry = await begin(panel, archive_url=f"sqlite:///{tmp_path}/ews.db")
    await ask(hass, entry, "history", **GIVEN)
    await panel.settle()
    assert "archive_url" not in entry.options
    assert history(hass).settings.url == f"sqlite:///{history(hass).folder / ARCHIVE_FILE}"


async def test_the_other_form_leaves_the_history_and_this_one_the_code(hass: HomeAssistant, panel: Panel) -> None:
    await panel.load_integration()
    entry = await begin(panel)
    await ask(hass, entry, code_active=True, code="4711")
    code = entry.options["code"]
    await ask(hass, entry, "history", **GIVEN)
    assert entry.options["code"] == code
    await ask(hass, entry, code_active=True, loads=["heating"])
    assert entry.options["sample_rate"] == 15
    assert "cooling" in entry.options["loads_off"]
    await panel.settle()


async def test_costs_and_what_gas_is_worth_stay(hass: HomeAssistant, panel: Panel) -> None:
    await panel.load_integration()
    known = {"gas_factors": [["2026-01-01", "11.2"]], "billing": {"currency": "CHF"}}
    entry = await begin(panel, **known)
    await ask(hass, entry, "history", **GIVEN)
    assert entry.options == {**STORED, **known}
    await panel.settle()


async def test_a_comma_cannot_be_both(hass: HomeAssistant, panel: Panel) -> None:
    await panel.load_integration()
    entry = await begin(panel)
    result = await ask(hass, entry, "history", **{**GIVEN, "csv_decimal": "comma"})
    assert result["errors"] == {"csv_separator": "same_separators"}
    assert entry.options == {}


@pytest.mark.parametrize("url", UNUSABLE.values(), ids=UNUSABLE)
async def test_an_archive_that_cannot_be_used_is_refused_with_the_reason(
    hass: HomeAssistant, panel: Panel, url: str
) -> None:
    await panel.load_integration()
    entry = await begin(panel)
    before = history(hass)
    result = await ask(hass, entry, "history", **GIVEN, archive_url=url)
    assert result["errors"] == {"archive_url": "archive_refused"}
    placeholders = result["description_placeholders"]
    assert placeholders is not None
    assert placeholders["reason"]
    assert "secret" not in placeholders["reason"]
    assert entry.options == {}
    await panel.settle()
    assert history(hass) is before


async def test_what_is_no_database_is_refused(hass: HomeAssistant, panel: Panel, tmp_path: Path) -> None:
    await panel.load_integration()
    entry = await begin(panel)
    letter = tmp_path / "letter.txt"
    await hass.async_add_executor_job(letter.write_text, "Dear reader, this is no database. " * 100)
    result = await ask(hass, entry, "history", **GIVEN, archive_url=f"sqlite:///{letter}")
    assert result["errors"] == {"archive_url": "archive_refused"}
    assert entry.options == {}
    assert (await hass.async_add_executor_job(letter.read_text)).startswith("Dear reader")


async def test_a_server_that_is_away_keeps_nobody_from_other_changes(hass: HomeAssistant) -> None:
    errors: dict[str, str] = {}
    url = UNUSABLE["no server"]
    assert await async_check_history(hass, {"archive_url": url}, {**GIVEN, "archive_url": url}, errors) == ""
    assert errors == {}


async def test_another_sample_rate_loses_no_interval_and_has_none_twice(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(HEATED)
    entry = await begin(panel)
    await panel.wait()
    began = index(panel, "Heated")
    for rate in ("15", "1", "60", "5"):
        await count(panel, 1300, every=100)
        await ask(hass, entry, "history", **{**DEFAULTS, "sample_rate": rate})
        await panel.settle()
        assert history(hass).period == 60 * int(rate)
    await count(panel, 1300, every=100)
    rows = [row for row in await intervals(hass) if row.quantity == "energy_import"]
    assert {row.device for row in rows} == {subentry_id("Heated")}
    assert all(one.start + one.seconds == after.start for one, after in pairwise(rows))
    assert rows[-1].start + rows[-1].seconds > panel.clock.now - 300
    assert {60, 300, 600} <= {row.seconds for row in rows}
    assert all((row.start + row.seconds) % 60 == 0 for row in rows)
    counted = index(panel, "Heated") - began
    assert figure(hass, entry, HEATING) == pytest.approx(counted, abs=0.002)
    share = sum(row.amount for row in rows) / 1000 / counted
    span = (rows[-1].start + rows[-1].seconds - rows[0].start) / (panel.clock.now - rows[0].start)
    assert share == pytest.approx(span, abs=0.1)
