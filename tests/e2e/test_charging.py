"""Green'Up in the demo: its forms, its pages, and what reaches the simulated stations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

from .dashboard import LOOKS, VIEWS, Dashboard, words
from .frontend import browser
from .support import CAR_PARK, READY, Demo, free_port, left_behind, read_word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from playwright.sync_api import ViewportSize

    from .frontend import Frontend

pytestmark = pytest.mark.browser

INSTALLATION: Final = "Demo"
GREENUP: Final = "Green'Up"
BAY: Final = "Bay 1"
BAY_AT: Final = 11
GUEST: Final = "Guest charger"
CURRENT_L1: Final = 0x6010
LIMIT: Final = 0x6100
"""Registers of the plant's own map of a station, in 0.01 A and 0.1 A."""
WIDE: Final[ViewportSize] = {"width": 1280, "height": 1800}
PRINT: Final[ViewportSize] = {"width": 1280, "height": 1000}
NARROW: Final[ViewportSize] = {"width": 390, "height": 844}
CARDS: Final[Mapping[str, Sequence[str]]] = {**VIEWS, "charging": ("load-manager", *["station"] * 7)}
"""Our cards on the views of the dashboard: six bays and the charger of another make."""
AT_ONCE: Final = {"Hold time": "0", "Pause at least": "0"}
"""Times that the tests do not wait for, s."""
ENOUGH: Final = {"Maximum current": "300", "Maximum current for charging": "290"}
"""A: what lets the bay charge at any hour."""


@dataclass(frozen=True, kw_only=True)
class CarPark:
    """A demo with two cars, and a browser's memory that is signed in to it."""

    demo: Demo
    port: int
    """Of the gateway."""
    profile: Path

    @property
    def current(self) -> float:
        """What the first bay draws on L1, A, as its own meter tells."""
        return read_word(self.port, BAY_AT, CURRENT_L1) / 100

    @property
    def limit(self) -> float:
        """What the first bay was told, A."""
        return read_word(self.port, BAY_AT, LIMIT) / 10


@pytest.fixture(scope="module")
def car_park(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CarPark]:
    """Start the demo of a car park, and fill in the form of the times as users do. At the end Ctrl-C ends all of it."""
    folder, profile = (tmp_path_factory.mktemp(name) for name in ("charging", "profile"))
    more = ("--plant-port", port := free_port(), "--history", 0, "--cars", 2)
    with Demo(folder / "config", CAR_PARK, *more) as demo:
        demo.wait_for(READY)
        with browser(chromium, profile, demo.url) as frontend:
            frontend.sign_in()
            change(frontend, "Times", AT_ONCE)
            change(frontend, "Limits and rules", ENOUGH)
        if BAY not in plugged(demo):
            # Its own car came by the hour, and may be full.
            demo.tell("unplug", BAY)
            demo.tell("plug", BAY, "need_kwh=40")
        yield CarPark(demo=demo, port=port, profile=profile)
        assert demo.interrupt() == 0, demo.output
        assert left_behind(demo.folder) == []


@pytest.fixture
def page_of(chromium: str, car_park: CarPark) -> Iterator[Frontend]:
    """Return a page of a user of the car park. At the end the browser's console must have no error."""
    with browser(chromium, car_park.profile, car_park.demo.url) as frontend:
        yield frontend
        assert frontend.complaints == []


def open_form(frontend: Frontend, name: str) -> None:
    """Open a form of Green'Up."""
    frontend.open_menu(INSTALLATION)
    frontend.go(GREENUP)
    frontend.go(name)
    frontend.dialog.get_by_role("button", name="Submit", exact=True).wait_for()


def change(frontend: Frontend, form: str, values: Mapping[str, str]) -> None:
    """Change some fields of a form of Green'Up."""
    open_form(frontend, form)
    for label, value in values.items():
        frontend.field(label).first.fill(value)
    frontend.press("Submit")
    finish(frontend)


def plugged(demo: Demo) -> list[str]:
    """Return the stations that the demo says it put cars to."""
    (said,) = re.findall(r"^Cars at (.*)$", demo.output, re.MULTILINE)
    return str(said).split(", ")


def finish(frontend: Frontend) -> None:
    """End the dialogue from the menu of Green'Up."""
    frontend.go("Done")
    frontend.press("Finish")


def pictures_of(frontend: Frontend, name: str) -> None:
    """Save how a page looks on a phone and on a desk, by night and by day."""
    for size, suffix in ((NARROW, "-narrow"), (WIDE, "")):
        frontend.page.set_viewport_size(size)
        frontend.page.emulate_media(color_scheme="dark")
        frontend.picture(f"{name}{suffix}-dark")
        frontend.page.emulate_media(color_scheme="light")
        frontend.picture(f"{name}{suffix}")


def test_demo_says_what_it_set_up(car_park: CarPark) -> None:
    assert "Green'Up: 7 plugs, a charger of another make added" in car_park.demo.output
    # As many as were asked for, or as there were free stations at this hour.
    assert 1 <= len(plugged(car_park.demo)) <= 2


def test_page_of_a_station_tells_state_reason_and_limit(page_of: Frontend, car_park: CarPark) -> None:
    frontend = page_of
    frontend.page.set_viewport_size(WIDE)
    frontend.open_device(BAY)
    expect(frontend.own_row("Charging")).to_contain_text(re.compile(r"Charging\s+Charging"))
    expect(frontend.row("Reason")).to_contain_text(re.compile(r"Charging at \d+(\.\d)? A"))
    frontend.until(lambda: car_park.current > 5, "current at the plug")
    limit, unit = frontend.reading("Charging limit")
    assert unit == "A"
    assert 6 <= limit <= 32
    frontend.until(lambda: frontend.reading("Charging limit")[0] == pytest.approx(car_park.limit), "the limit told")
    pictures_of(frontend, "charging-station")
    frontend.page.set_viewport_size(PRINT)
    frontend.picture("charging")


def test_priority_hold_and_start_reach_the_station(page_of: Frontend, car_park: CarPark) -> None:
    frontend = page_of
    frontend.page.set_viewport_size(WIDE)
    frontend.open_device(BAY)
    frontend.until(lambda: car_park.current > 5, "current at the plug")
    frontend.flip(BAY, "Priority")
    expect(frontend.page.get_by_role("switch", name=f"Toggle {BAY} Priority", exact=True)).to_be_checked()
    frontend.push("Hold charging")
    expect(frontend.own_row("Charging")).to_contain_text("Held")
    expect(frontend.row("Reason")).to_contain_text("Held by hand")
    frontend.until(lambda: (car_park.limit, car_park.current) == (0, 0), "no current at the plug")
    frontend.picture("charging-held")
    frontend.push("Start charging")
    expect(frontend.own_row("Charging")).to_contain_text(re.compile(r"Charging\s+Charging"))
    frontend.until(lambda: car_park.current > 5, "current at the plug again")
    expect(frontend.page.get_by_role("switch", name=f"Toggle {BAY} Priority", exact=True)).to_be_checked()


def test_page_of_the_manager_shows_zone_and_headroom(page_of: Frontend) -> None:
    frontend = page_of
    frontend.open_device(GREENUP)
    expect(frontend.row("Zone")).to_contain_text(re.compile("Green|Yellow"))
    for phase in ("L1", "L2", "L3"):
        expect(frontend.row(f"Headroom {phase}")).to_contain_text(re.compile(r"\d\sA"))
        assert 0 < frontend.reading(f"Headroom {phase}")[0] < 300
    frontend.until(lambda: frontend.reading("Cars charging")[0] >= 2, "two cars")
    pictures_of(frontend, "greenup")


def test_limits_that_contradict_each_other_are_refused(page_of: Frontend) -> None:
    frontend = page_of
    open_form(frontend, "Limits and rules")
    expect(frontend.field("Maximum current").first).to_have_value("300")
    frontend.field("Maximum current for charging").fill("320")
    frontend.press("Submit")
    expect(frontend.dialog.locator("ha-alert")).to_be_visible()
    pictures_of(frontend, "charging-limits")
    frontend.field("Maximum current for charging").fill("280")
    frontend.press("Submit")
    expect(frontend.dialog.get_by_text("Maximum current for charging: 280 A")).to_be_visible()
    frontend.picture("charging-menu")
    for name in ("Main meter", "Stations", "Times"):
        frontend.go(name)
        frontend.dialog.get_by_role("button", name="Submit", exact=True).wait_for()
        frontend.picture(f"charging-{name.lower().replace(' ', '-')}")
        frontend.press("Submit")
        expect(frontend.dialog.get_by_text("Maximum current for charging: 280 A")).to_be_visible()
    finish(frontend)


def test_charger_of_another_make_is_steered_by_its_helpers(page_of: Frontend) -> None:
    frontend = page_of
    frontend.open_device(GUEST)
    expect(frontend.own_row("Charging")).to_contain_text("No car")
    data = {"entity_id": "input_select.guest_charger_car", "option": "Wants to charge"}
    frontend.ask("call_service", domain="input_select", service="select_option", service_data=data)
    expect(frontend.own_row("Charging")).to_contain_text(re.compile(r"Waiting for the car|Charging\s+Charging"))
    frontend.until(lambda: frontend.state("sensor.guest_charger_state") == "Charging", "the release")
    assert 6 <= float(frontend.state("input_number.guest_charger_limit")) <= 16
    frontend.picture("charging-guest")


def test_dashboard_shows_the_queue_and_gives_orders(page_of: Frontend, car_park: CarPark) -> None:
    dashboard = Dashboard(page_of, CARDS)
    dashboard.open("charging")
    answer = dashboard.ask("charging")
    manager = dashboard.page.locator("ews-load-manager-card")
    for phase in ("L1", "L2", "L3"):
        expect(manager.get_by_text(phase, exact=True).first).to_be_visible()
    for station in answer["stations"]:
        expect(dashboard.card("station", station["name"])).to_be_visible()
    bay = dashboard.card("station", BAY)
    expect(bay.locator(".now")).to_contain_text(re.compile(r"Charging at \d+(\.\d)? A"))
    expect(manager).to_contain_text(BAY)
    for suffix, size, scheme in LOOKS:
        dashboard.look(size, scheme)
        dashboard.settle("charging")
        assert dashboard.faults(words("en")) == [], suffix
        page_of.picture(f"dashboard-charging{suffix}")

    page_of.until(lambda: car_park.current > 5, "current at the plug")
    bay.get_by_role("button", name="Hold").click()
    expect(bay.locator(".now")).to_contain_text("Held by hand")
    page_of.until(lambda: (car_park.limit, car_park.current) == (0, 0), "no current at the plug")
    bay.get_by_role("button", name="Start").click()
    page_of.until(lambda: car_park.current > 5, "current at the plug again")
    expect(bay.locator(".now")).to_contain_text(re.compile(r"Charging at \d+(\.\d)? A"))
