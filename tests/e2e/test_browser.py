"""The demo's pages in a real browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from .frontend import PAGE, browser
from .support import free_port

if TYPE_CHECKING:
    from pathlib import Path

    from .frontend import Frontend
    from .support import Demo

pytestmark = pytest.mark.browser

FAMILY = "EMDX³ multifunction"
MODEL = "4 120 45"


def test_newcomer_signs_in_and_finds_the_integration(chromium: str, demo: Demo, tmp_path: Path) -> None:
    with browser(chromium, tmp_path, demo.url) as frontend:
        frontend.sign_in()
        frontend.open(PAGE)
        expect(frontend.page.get_by_role("heading", name="Legrand Energy Web Server")).to_be_visible()
        expect(frontend.page.get_by_text(demo.place.gateway, exact=True).first).to_be_visible()
        assert frontend.complaints == []


def test_device_page_shows_live_values(frontend: Frontend, demo: Demo) -> None:
    entity_id = f"sensor.{demo.place.meter.lower().replace(' ', '_')}_voltage_l1"
    frontend.open("/config/devices/dashboard")
    frontend.open(f"/config/devices/device/{frontend.device(demo.place.meter)}")
    frontend.row("Voltage L1").wait_for()
    first, unit = frontend.reading("Voltage L1")
    assert unit == "V"
    assert 207 < first < 253
    assert frontend.reading("Imported energy")[1] == "kWh"
    frontend.until(lambda: frontend.reading("Voltage L1")[0] != first, "another voltage")
    frontend.until(
        lambda: abs(frontend.reading("Voltage L1")[0] - float(frontend.state(entity_id))) < 0.06,
        "the voltage that the API tells",
    )


def test_energy_dashboard_accepts_the_sensors(frontend: Frontend) -> None:
    page = frontend.page
    # As high as what flows now needs.
    page.set_viewport_size({"width": 1280, "height": 560})
    frontend.open("/energy/now")
    expect(page.get_by_text("Power usage")).to_be_visible()
    grid = page.get_by_role("listitem").filter(has=page.get_by_role("button", name="Grid"))
    expect(grid).to_contain_text(re.compile(r"[1-9][\d.,]*\sk?W"))
    flow = page.locator("hui-power-sankey-card")
    expect(flow.locator("canvas").first).to_be_visible()
    flow.evaluate("card => card.scrollIntoView({block: 'end'})")
    frontend.picture("demo")

    problems = [issue for lines in frontend.ask("energy/validate").values() for line in lines for issue in line]
    # The recorder makes statistics every five minutes; until its first round this one stands for each new sensor.
    assert {problem["type"] for problem in problems} <= {"statistics_not_defined"}

    preferences = frontend.ask("energy/get_prefs")
    counters = [row["stat_energy_from"] for row in preferences["energy_sources"]]
    counters += [row["stat_consumption"] for row in preferences["device_consumption"]]
    known = {row["statistic_id"]: row for row in frontend.ask("recorder/list_statistic_ids")}
    assert len(counters) == len(set(counters)) >= 8
    assert [known[counter]["has_sum"] for counter in counters] == [True] * len(counters)
    assert {known[counter]["unit_class"] for counter in counters} == {"energy", "volume"}


def test_gateway_and_device_are_added_through_the_forms(frontend: Frontend, other_gateway: int) -> None:
    page, dialog = frontend.page, frontend.dialog
    frontend.open(PAGE)
    page.get_by_role("button", name="Add hub").click()
    frontend.go("Modbus TCP gateway")
    frontend.field("Name").fill("Barn")
    frontend.field("Host").fill("127.0.0.1")
    frontend.field("Port").fill(str(nobody := free_port()))
    frontend.press("Submit")
    expect(dialog.get_by_text(re.compile(rf"cannot be reached.*127\.0\.0\.1:{nobody}"))).to_be_visible()
    assert "Barn" not in frontend.gateways()
    frontend.field("Port").fill(str(other_gateway))
    frontend.press("Submit")
    frontend.press("Skip and finish")
    frontend.until(lambda: "Barn" in frontend.gateways(), "the new gateway")

    frontend.begin_device("Barn", FAMILY, MODEL)
    frontend.field("Name").fill("Barn connection")
    frontend.field("Modbus address").fill("1")
    frontend.picture("add-device")
    frontend.press("Submit")
    expect(dialog.get_by_text("Barn connection answers")).to_be_visible()
    voltage = dialog.get_by_role("row").filter(has_text="Voltage L1").first
    expect(voltage).to_contain_text(re.compile(r"2[0-4]\d\.\d V"))
    frontend.picture("found")
    frontend.go("Save")
    expect(dialog.get_by_text("Created configuration for Barn connection")).to_be_visible()
    frontend.press("Finish")
    expect(page.get_by_role("button", name=re.compile("^Barn connection"))).to_be_visible()
    frontend.open(f"/config/devices/device/{frontend.device('Barn connection')}")
    expect(frontend.row("Voltage L1")).to_contain_text(" V")
    assert 207 < frontend.reading("Voltage L1")[0] < 253


def test_duplicate_address_names_the_other_device(frontend: Frontend, demo: Demo) -> None:
    place = demo.place
    frontend.begin_device(place.gateway, FAMILY, MODEL)
    frontend.field("Modbus address").fill(str(place.address))
    frontend.press("Submit")
    expect(frontend.dialog.get_by_text(f"{place.meter} has this address already")).to_be_visible()
    frontend.field("Modbus address").fill(str(place.address + 200))
    frontend.field("Name").fill(place.meter)
    frontend.press("Submit")
    expect(frontend.dialog.get_by_text(f"{place.meter} has this name already")).to_be_visible()
    rows = frontend.ask("config/device_registry/list")
    assert [row["name"] for row in rows].count(place.meter) == 1


@pytest.mark.parametrize(
    ("name", "width", "height", "dark"),
    [("narrow", 390, 844, False), ("dark", 1280, 800, True), ("narrow-dark", 390, 844, True)],
)
def test_pages_fit_narrow_and_dark_screens(
    frontend: Frontend, demo: Demo, name: str, width: int, height: int, *, dark: bool
) -> None:
    page = frontend.page
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="dark" if dark else "light")
    frontend.open(PAGE)
    expect(page.get_by_text(demo.place.gateway, exact=True).first).to_be_visible()
    page.wait_for_function(
        "dark => Boolean(document.querySelector('home-assistant').hass.themes?.darkMode) === dark",
        arg=dark,
        polling=200,
    )
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    frontend.picture(f"integration-{name}")
    frontend.begin_device(demo.place.gateway, FAMILY, MODEL)
    for part in (frontend.field("Name"), frontend.field("Modbus address"), frontend.dialog.get_by_text("Load").first):
        expect(part).to_be_visible()
        box = part.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    expect(frontend.dialog.get_by_role("button", name="Submit")).to_be_in_viewport()
    frontend.picture(f"form-{name}")
