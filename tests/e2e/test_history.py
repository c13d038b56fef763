"""The history of the demo: its form, its totals, its past in the energy dashboard, and as files."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from .frontend import QUIET

if TYPE_CHECKING:
    from .frontend import Frontend

pytestmark = pytest.mark.browser

INSTALLATION = "Demo"
SUN = "Sun on the roof"
CONSUMPTION = "legrand_ews/consumption"
GAS_FACTOR = 11.2
"""kWh/m3, as the demo enters it."""
FILES = {"electricity", "gas", "water"}


def consumed(frontend: Frontend, **asked: Any) -> dict[tuple[str | None, str], Any]:
    """What the archive answers, by name and commodity, without what is fed in."""
    answer = frontend.ask(CONSUMPTION, **asked)
    rows = [row for row in answer["series"] if row["quantity"] != "energy_export"]
    return {(row["name"], row["commodity"]): row for row in rows}


def yesterday(frontend: Frontend) -> datetime:
    """Midnight at which the demo's yesterday began."""
    now = datetime.now(ZoneInfo(frontend.ask("legrand_ews/site")["time_zone"]))
    return (now - timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def test_form_refuses_one_sign_for_two_things_and_is_saved(frontend: Frontend) -> None:
    dialog = frontend.dialog
    frontend.open_menu(INSTALLATION)
    for label in ("Costs", "Gas", "Gas in kWh"):
        frontend.go(label)
    expect(frontend.field("Conversion factor of gas")).to_have_value(str(GAS_FACTOR))
    frontend.open_menu(INSTALLATION)
    frontend.go("History")
    frontend.choose("Field separator", "Comma")
    frontend.field("Keep samples").fill("90")
    frontend.press("Submit")
    expect(dialog.get_by_text("Decimal and field separator cannot be the same.")).to_be_visible()
    frontend.picture("history-form")
    frontend.choose("Decimal separator", "Point")
    frontend.press("Submit")
    frontend.press("Finish")
    frontend.open_menu(INSTALLATION)
    frontend.go("History")
    expect(frontend.field("Keep samples")).to_have_value("90")
    expect(dialog.get_by_role("button", name="Decimal separator")).to_contain_text("Point")
    expect(dialog.get_by_role("button", name="Field separator")).to_contain_text("Comma")


def test_totals_on_the_page_are_those_of_the_archive(frontend: Frontend) -> None:
    frontend.open(QUIET)
    day = yesterday(frontend)
    month = (day + timedelta(days=1)).replace(day=1) - timedelta(days=1)
    asked = (("yesterday", "day", day), ("last month", "month", month))
    known = {span: consumed(frontend, scope="total", span=kind, date=at.date().isoformat()) for span, kind, at in asked}
    frontend.open_device("Totals")
    expect(frontend.row("Electricity yesterday")).to_contain_text("kWh")
    frontend.picture("totals")
    for span, rows in known.items():
        electricity, gas, water = (rows[None, name]["sum"] / 1000 for name in ("electricity", "gas", "water"))
        assert min(electricity, gas, water) > 0
        worth = gas * GAS_FACTOR
        assert frontend.reading(f"Electricity {span}") == (pytest.approx(electricity, abs=0.006), "kWh")
        assert frontend.reading(f"Gas {span}") == (pytest.approx(gas, abs=0.0006), "m³")
        assert frontend.reading(f"Water {span}") == (pytest.approx(water, abs=0.0006), "m³")
        assert frontend.reading(f"Gas energy {span}") == (pytest.approx(worth, abs=0.006), "kWh")
        assert frontend.reading(f"Overall energy {span}") == (pytest.approx(electricity + worth, abs=0.006), "kWh")


def test_energy_dashboard_shows_yesterday(frontend: Frontend) -> None:
    page = frontend.page
    frontend.open("/energy")
    page.get_by_role("button", name="Previous").first.click()
    table = page.locator("hui-energy-sources-table-card")
    for source in ("Solar", "Grid", "Gas", "Water"):
        row = table.get_by_role("row").filter(has_text=f"{source} total")
        expect(row).to_contain_text(re.compile(r"[1-9][\d.,]*\s(kWh|m³|L)"))
    frontend.picture("energy-yesterday")


def test_production_of_the_sun_is_the_same_in_statistics_and_archive(frontend: Frontend) -> None:
    frontend.open(QUIET)
    start = yesterday(frontend)
    sources = frontend.ask("energy/get_prefs")["energy_sources"]
    (sun,) = [row["stat_energy_from"] for row in sources if row["type"] == "solar"]
    (grid,) = [row for row in sources if row["type"] == "grid"]
    told = frontend.ask(
        "recorder/statistics_during_period",
        start_time=start.isoformat(),
        end_time=(start + timedelta(days=1)).isoformat(),
        statistic_ids=[sun, grid["stat_energy_to"]],
        period="hour",
        types=["change"],
        units={"energy": "kWh"},
    )
    produced = consumed(frontend, scope="device", span="day", date=start.date().isoformat())[SUN, "electricity"]
    assert produced["sum"] > 0
    assert sum(row["change"] for row in told[sun]) == pytest.approx(produced["sum"] / 1000, abs=0.002)
    assert grid["stat_energy_to"] in told


def test_download_has_the_rows_of_the_query(frontend: Frontend) -> None:
    frontend.open(QUIET)
    day = yesterday(frontend).date().isoformat()
    name, content, last = frontend.download("legrand_ews/download", all=True, start=day, end=day, sample_rate=60)
    assert (name, last) == ("reportdata.zip", {"done": True, "bytes": len(content)})
    answer = consumed(frontend, scope="device", span="day", date=day)
    numbers = {one["name"]: one["number"] for one in frontend.ask("legrand_ews/site")["devices"]}
    with ZipFile(io.BytesIO(content)) as files:
        assert set(files.namelist()) == {f"report_energy_devices_{commodity}.csv" for commodity in FILES}
        for commodity in FILES:
            text = files.read(f"report_energy_devices_{commodity}.csv").decode("utf-8-sig")
            (title, *titles), *rows = csv.reader(io.StringIO(text), delimiter=";" if ";" in text else ",")
            assert title == "time"
            known = {name: row["amounts"] for (name, kind), row in answer.items() if kind == commodity}
            assert len(known) >= 1
            for name, amounts in known.items():
                column = titles.index(f"{numbers[name]} {name} [{'Wh' if commodity == 'electricity' else 'dm3'}]") + 1
                assert [int(row[column]) for row in rows] == amounts


def test_tables_have_the_past(frontend: Frontend) -> None:
    frontend.open(QUIET)
    folder = "media-source://legrand_ews/devices/1"

    def months() -> set[str]:
        """Months of which there are tables of the first device."""
        listed = frontend.ask("media_source/browse_media", media_content_id=folder)["children"]
        return {found[0] for row in listed for found in [re.findall(r"energy_(\d{4}-\d{2})", row["title"])] if found}

    frontend.until(lambda: len(months()) > 1, "tables of more than a month")
    month = yesterday(frontend).strftime("%Y-%m")
    assert month in months()
