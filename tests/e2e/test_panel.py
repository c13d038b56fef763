"""States, commands, alarms and the menu of a gateway, in a real browser and at the simulated panel."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from .frontend import DOMAIN, QUIET
from .support import read_bit

if TYPE_CHECKING:
    from .frontend import Frontend
    from .support import Demo

pytestmark = pytest.mark.browser

FAMILY = "EMS CX³ state and control"
CONTACTOR = "4 149 31"
CONTACTOR_AT = 7
IS_CLOSED = 2
"""Address, and the discrete input that tells, of the house's contactor."""
LIST = """\
model;address;name
414930;8;Stable breaker
414931;7;Stable contactor
"""


def test_installation_is_there_once_and_not_offered_again(frontend: Frontend) -> None:
    frontend.open(QUIET)
    entries = frontend.ask("config_entries/get", domain=DOMAIN)
    assert [entry["title"] for entry in entries if "load" in entry["supported_subentry_types"]] == ["Demo"]
    offered = frontend.ask("config_entries/flow/progress")
    assert [flow for flow in offered if flow["handler"] == DOMAIN] == []
    frontend.open_device("Demo")
    expect(frontend.row("Active alarms")).to_be_visible()


def test_contactor_that_may_be_commanded_is_switched(frontend: Frontend, other_gateway: int) -> None:
    frontend.add_gateway("Garage", other_gateway)
    frontend.begin_device("Garage", FAMILY, CONTACTOR)
    frontend.field("Name").fill("Garage contactor")
    frontend.field("Modbus address").fill(str(CONTACTOR_AT))
    frontend.press("More")
    frontend.turn("Allow commands")
    frontend.picture("allow-commands")
    frontend.press("Submit")
    frontend.go("Save")
    frontend.press("Finish")
    frontend.open_device("Garage contactor")
    switch = frontend.page.locator("hui-toggle-entity-row").filter(has_text="Contactor")
    expect(switch.get_by_role("switch")).to_be_checked()
    assert read_bit(other_gateway, CONTACTOR_AT, IS_CLOSED)
    switch.locator("ha-switch").click()
    expect(frontend.activity).to_contain_text(re.compile(r"Contactor, command open: confirmed \(Garage, 7\)"))
    assert not read_bit(other_gateway, CONTACTOR_AT, IS_CLOSED)
    expect(switch.get_by_role("switch")).not_to_be_checked()
    assert frontend.state("switch.garage_contactor_contactor") == "off"
    frontend.picture("contactor")


def test_trip_arrives_on_the_page_and_in_the_activity(frontend: Frontend, demo: Demo) -> None:
    place, page = demo.place, frontend.page
    frontend.open_menu(place.gateway)
    frontend.go("Polling")
    frontend.choose("Status poll time", "3 s")
    frontend.press("Submit")
    frontend.press("Finish")
    frontend.open_device(place.breaker)
    expect(frontend.row("Breaker")).to_contain_text("Closed")
    demo.tell("trip", place.gateway, place.breaker_address)
    expect(frontend.row("Breaker")).to_contain_text("Tripped")
    expect(frontend.activity).to_contain_text(f"Breaker tripped ({place.gateway}, {place.breaker_address})")
    expect(page.locator("hui-event-entity-row")).to_contain_text("Breaker tripped")
    frontend.picture("trip")
    assert f"{place.breaker}: Breaker tripped" in frontend.alarms()
    demo.tell("hand", place.gateway, place.breaker_address, "breaker", "open")
    expect(frontend.row("Breaker")).to_contain_text("Open")
    demo.tell("hand", place.gateway, place.breaker_address, "breaker", "closed")
    expect(frontend.row("Breaker")).to_contain_text("Closed")
    expect(frontend.activity).to_contain_text(f"Breaker closed ({place.gateway}, {place.breaker_address})")
    assert f"{place.breaker}: Breaker tripped" not in frontend.alarms()


def test_scan_shows_its_progress_and_adds_what_it_finds(frontend: Frontend, other_gateway: int) -> None:
    dialog = frontend.dialog
    frontend.add_gateway("Shed", other_gateway)
    frontend.open_menu("Shed")
    frontend.go("Scan for devices")
    frontend.field("First address").fill("5")
    frontend.field("Last address").fill("12")
    frontend.press("Submit")
    expect(dialog.get_by_text(re.compile(r"Looking at address \d+, up to 12"))).to_be_visible()
    expect(dialog.get_by_text(re.compile(r"So far [1-4] addresses answer"))).to_be_visible()
    frontend.picture("scanning")
    expect(dialog.get_by_role("checkbox")).to_have_count(1)
    expect(dialog.get_by_role("checkbox", name=re.compile("^5 · 0 046 77 "))).to_be_checked()
    expect(dialog.get_by_text("Other addresses that answer: 6, 7, 8")).to_be_visible()
    frontend.picture("scan")
    frontend.press("Submit")
    expect(dialog.get_by_text("Devices added: 1.")).to_be_visible()
    frontend.open_device("0 046 77 (5)")
    expect(frontend.row("Imported energy").first).to_contain_text("kWh")
    assert frontend.reading("Imported energy")[0] > 0


def test_list_is_pasted_corrected_and_imported(frontend: Frontend, other_gateway: int) -> None:
    dialog = frontend.dialog
    frontend.add_gateway("Stable", other_gateway)
    frontend.open_menu("Stable")
    frontend.go("Import devices from a list")
    frontend.field("List").fill(LIST.replace("414930", "999999"))
    frontend.press("Submit")
    expect(dialog.get_by_text("Line 2, model: There is no model 999999.")).to_be_visible()
    frontend.picture("import")
    frontend.field("List").fill(LIST)
    frontend.press("Submit")
    expect(dialog.get_by_text("Add 2 devices?")).to_be_visible()
    expect(dialog.get_by_role("row").filter(has_text=CONTACTOR)).to_contain_text("latching relays and contactors")
    frontend.press("Submit")
    expect(dialog.get_by_text("Devices added: 2.")).to_be_visible()
    frontend.open_device("Stable breaker")
    expect(frontend.row("Breaker")).to_contain_text("Closed")
    frontend.open_device("Stable contactor")
    expect(frontend.page.get_by_text("Configuration error").first).to_be_visible()
    # Nobody allowed commands: it is read only.
    assert frontend.state("binary_sensor.stable_contactor_contactor") == "on"
    expect(frontend.page.locator("hui-toggle-entity-row")).to_have_count(0)
