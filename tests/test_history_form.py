"""The form of the history: what it shows, refuses and stores, and what a change leaves of the history."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from freezegun import freeze_time
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.util import dt as dt_util
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.history_form import async_check_history, changed_history, history_form
from custom_components.legrand_ews.history_settings import ARCHIVE_FILE, read_factors

from .support import subentry_id
from .test_history import HEATED, begin, count, history, index, intervals
from .test_installation import ask
from .test_total_sensor import HEATING, figure

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant

    from .support import Panel

GIVEN: dict[str, Any] = {
    "sample_rate": "15",
    "gas_factor": 11.2,
    "csv": False,
    "csv_decimal": "point",
    "csv_separator": "comma",
    "keep_intervals": 3650.0,
    "keep_samples": 30.0,
    "keep_alarms": 0.0,
}
STORED: dict[str, Any] = {
    "sample_rate": 15,
    "csv": False,
    "csv_decimal": ".",
    "csv_separator": ",",
    "keep_intervals": 3650,
    "keep_samples": 30,
    "keep_alarms": 0,
}
DEFAULTS: dict[str, Any] = {
    "sample_rate": "10",
    "csv": True,
    "csv_decimal": "comma",
    "csv_separator": "semicolon",
    "keep_intervals": 0,
    "keep_samples": 180,
    "keep_alarms": 3650,
}
TODAY = date(2026, 3, 2)
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
        "gas_factors": [],
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
    factors = [[dt_util.now().date().isoformat(), "11.2"]]
    assert entry.options == {**STORED, "gas_factors": factors, "archive_url": url, "loads_off": ["cooling"]}
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


def with_factor(options: Mapping[str, Any], factor: float | None, today: date) -> dict[str, Any]:
    """Return the options after somebody gave a factor."""
    return changed_history(options, {**GIVEN, "gas_factor": factor}, today)


def test_another_factor_holds_from_tomorrow_on() -> None:
    first = with_factor({}, 10, TODAY)
    assert first["gas_factors"] == [["2026-03-02", "10"]]
    assert with_factor(first, 10.0, TODAY + timedelta(days=9))["gas_factors"] == [["2026-03-02", "10"]]
    second = with_factor(first, 11.5, TODAY + timedelta(days=9))
    assert second["gas_factors"] == [["2026-03-02", "10"], ["2026-03-12", "11.5"]]
    assert history_form(second)["gas_factor"] == 11.5
    third = with_factor(second, 11.6, TODAY + timedelta(days=9))
    assert third["gas_factors"] == [["2026-03-02", "10"], ["2026-03-12", "11.6"]]


def test_a_cleared_factor_leaves_the_past_as_it_was() -> None:
    cleared = with_factor(with_factor({}, 10, TODAY), None, TODAY)
    assert cleared["gas_factors"] == [["2026-03-02", "10"], ["2026-03-03", None]]
    assert "gas_factor" not in history_form(cleared)
    assert with_factor(cleared, None, TODAY + timedelta(days=5)) == cleared
    assert with_factor({}, None, TODAY)["gas_factors"] == []


def test_a_factor_holds_from_the_day_that_is_given() -> None:
    options = with_factor(with_factor({}, 10, TODAY), 11, TODAY)
    form = {**GIVEN, "gas_factor": 12, "gas_factor_since": "2026-02-01"}
    assert changed_history(options, form, TODAY)["gas_factors"] == [["2026-02-01", "12"]]
    form["gas_factor_since"] = "2026-03-03"
    assert changed_history(options, form, TODAY)["gas_factors"] == [["2026-03-02", "10"], ["2026-03-03", "12"]]


CHANGES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 50_000).map(lambda given: given / 1000)), max_size=12)


@given(changes=CHANGES)
def test_a_factor_changes_nothing_of_the_past(changes: list[tuple[int, float]]) -> None:
    options, today = with_factor({}, 10, TODAY), TODAY
    for days, factor in changes:
        today += timedelta(days=days)
        before, options = read_factors(options), with_factor(options, factor, today)
        after = read_factors(options)
        past = [TODAY + timedelta(days=day) for day in range(-2, (today - TODAY).days + 1)]
        assert [after.on(day) for day in past] == [before.on(day) for day in past]
        assert after.on(today + timedelta(days=1)) == Decimal(str(factor))
        assert history_form(options)["gas_factor"] == factor


async def test_the_day_of_a_factor_is_the_local_one(hass: HomeAssistant, panel: Panel) -> None:
    await panel.load_integration()
    await hass.config.async_update(time_zone="Pacific/Auckland")
    entry = await begin(panel)
    with freeze_time("2026-03-01T22:00:00Z", real_asyncio=True):
        await ask(hass, entry, "history", **GIVEN)
    assert entry.options["gas_factors"] == [["2026-03-02", "11.2"]]
    await panel.settle()


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
