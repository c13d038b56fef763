"""The way of a newcomer: from a Home Assistant that has nothing to the first bars, by mouse and keyboard only."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import pytest
import yaml
from playwright.sync_api import expect

from .frontend import DOMAIN, browser
from .newcomer import FAULTS, READY
from .support import PYTHON, ROOT, free_port, left_behind, missing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Locator

    from .frontend import Frontend

pytestmark = pytest.mark.browser

BAKERY: Final = {
    "description": "A bakery whose oven and cold room draw the same at any hour.",
    "tree": {
        "name": "Bakery",
        "children": [
            {"name": "Oven", "shape": "server_room", "peak": 24000},
            {"name": "Cold room", "shape": "server_room", "peak": 12000},
        ],
    },
    "gateways": [
        {
            "name": "Bakery",
            "devices": [
                {"name": "Oven", "model": "412045", "address": 1, "at": "Oven"},
                {"name": "Cold room", "model": "412045", "address": 3, "at": "Cold room"},
            ],
        }
    ],
}
NAME: Final = "Energy Web Server"
SITE: Final = "Demo"
"""The name of the installation: that of Home Assistant, as the form proposes."""
VIEWS: Final = ("My panel board", "Consumption", "Tariffs", "Green'Up", "Alarms", "System")
SUMS: Final = VIEWS[1:4]
"""The views that need the installation."""
TARIFF: Final = "Standard"
PRICE: Final = "0.25"
FIRST_BAR: Final = 120_000.0
"""ms: an interval is a minute of the clock at the least, and the first may have too little for a bar."""
ICONS: Final = "/api/brands/"
"""Icons of other integrations come from the internet, which the machine may not have."""
_STOP_LIMIT: Final = 90.0


@pytest.fixture
def bakery(tmp_path: Path) -> Iterator[int]:
    """Return the port of the gateway of a simulated panel."""
    scenario = tmp_path / "bakery.yaml"
    scenario.write_text(yaml.safe_dump(BAKERY), encoding="utf-8")
    command = [sys.executable, "-m", "plant", "--scenario", str(scenario), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 -- our own
        assert process.stdout is not None
        try:
            said = process.stdout.readline()
            found = re.search(r"127\.0\.0\.1:(\d+)", said)
            assert found is not None, said
            yield int(found[1])
        finally:
            process.terminate()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[str]:
    """Return the address of a Home Assistant that has nothing; at the end its log must have no fault."""
    if not PYTHON.exists():
        missing("there is no .venv-demo: scripts/setup demo makes it")
    folder, port = tmp_path / "empty", free_port()
    process = subprocess.Popen(  # noqa: S603 -- our own command
        [PYTHON, "-m", "tests.e2e.newcomer", folder, str(port)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        process_group=0,
    )
    assert process.stdout is not None
    try:
        assert (said := process.stdout.readline()) == f"{READY}\n", said
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGINT)
        output, _ = process.communicate(timeout=_STOP_LIMIT)
    assert output.splitlines() == [FAULTS]
    assert left_behind(folder) == []


def test_newcomer_comes_from_nothing_to_the_first_bars(chromium: str, empty: str, bakery: int, tmp_path: Path) -> None:
    with browser(chromium, tmp_path / "profile", empty) as frontend:
        frontend.sign_in()
        add_integration(frontend)
        fill_gateway(frontend, "Backery", bakery)
        add_dashboard(frontend)
        says(frontend, VIEWS[:4], "Add your devices", "Add devices")

        follow(frontend, "Consumption", "Add devices")
        delete_gateway(frontend, "Backery")
        open_dashboard(frontend)
        says(frontend, VIEWS, "Connect your panel", "Add a gateway")
        begin_gateway(frontend)
        fill_gateway(frontend, "Bakery", bakery)

        open_dashboard(frontend)
        follow(frontend, "Consumption", "Add devices")
        scan(frontend, "Bakery")
        open_dashboard(frontend)
        sees_panel(frontend)
        says(frontend, SUMS, "Add the installation", "Add the installation")

        follow(frontend, "Consumption", "Add the installation")
        add_installation(frontend)
        open_dashboard(frontend)
        sees_nothing_counted(frontend)
        says(frontend, VIEWS[3:4], "Charge cars safely", "Set up charging")
        says(frontend, VIEWS[2:3], "Enter what energy costs", "Enter tariffs")

        follow(frontend, "Tariffs", "Enter tariffs")
        enter_tariff(frontend)
        shorten_sample_rate(frontend)
        open_dashboard(frontend)
        sees_first_bars(frontend)
        sees_first_costs(frontend)
        assert [said for said in frontend.complaints if ICONS not in said] == []


def settings(frontend: Frontend, name: str) -> None:
    """Go to a page of the settings."""
    frontend.page.get_by_role("link", name="Settings").click()
    frontend.page.get_by_role("link", name=re.compile(f"^{name}")).click()


def add_integration(frontend: Frontend) -> None:
    """Search the integration, and begin to add it."""
    page = frontend.page
    settings(frontend, "Devices & services")
    page.get_by_role("button", name="Add integration").click()
    page.get_by_placeholder("Search for a brand name").fill("legrand")
    page.get_by_role("button", name="Legrand Energy Web Server").click()


def begin_gateway(frontend: Frontend) -> None:
    """Add a gateway as the dashboard says. The installation, which is offered by now, is not what is wanted."""
    for label in ("Add a gateway", "OK", "Set up another instance of Legrand Energy Web Server"):
        frontend.page.get_by_role("button", name=label, exact=True).click()


def fill_gateway(frontend: Frontend, name: str, port: int) -> None:
    """Fill in the forms of a gateway."""
    frontend.go("Modbus TCP gateway")
    frontend.field("Name").fill(name)
    frontend.field("Host").fill("127.0.0.1")
    frontend.field("Port").fill(str(port))
    frontend.press("Submit")
    frontend.press("Skip and finish")
    expect(frontend.dialog).to_be_hidden()


def delete_gateway(frontend: Frontend, name: str) -> None:
    """Delete a gateway in the menu of its line."""
    page = frontend.page
    line(frontend, name).get_by_role("button", name="Menu").first.click()
    page.get_by_role("menuitem", name="Delete", exact=True).click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(line(frontend, name)).to_have_count(0)


def line(frontend: Frontend, name: str) -> Locator:
    """Return the line of a gateway or of the installation on the page of the integration."""
    rows = frontend.page.locator("ha-config-entry-row")
    return rows.filter(has=frontend.page.get_by_text(name, exact=True)).first


def add_dashboard(frontend: Frontend) -> None:
    """Add the dashboard with two clicks, and open it. A page from before the integration does not know it yet."""
    page = frontend.page
    settings(frontend, "Dashboards")
    page.reload()
    page.get_by_role("button", name="Add dashboard").click()
    expect(page.get_by_text("Community dashboards")).to_be_visible()
    page.get_by_role("button", name=NAME).click()
    page.get_by_role("button", name="Create", exact=True).click()
    open_dashboard(frontend)


def open_dashboard(frontend: Frontend) -> None:
    """Open the dashboard from the sidebar."""
    frontend.page.get_by_role("link", name=NAME).first.click()
    frontend.page.get_by_role("tab", name=VIEWS[0]).wait_for()


def turn_to(frontend: Frontend, view: str) -> None:
    """Open a view of the dashboard."""
    tab = frontend.page.get_by_role("tab", name=view, exact=True)
    tab.click()
    expect(tab).to_have_attribute("aria-selected", "true")


def says(frontend: Frontend, views: tuple[str, ...], title: str, button: str) -> None:
    """Check that views have nothing to show yet, and say what to do."""
    for view in views:
        turn_to(frontend, view)
        expect(frontend.page.get_by_role("heading", name=title)).to_be_visible()
        expect(frontend.page.get_by_role("button", name=button, exact=True)).to_be_visible()
    frontend.picture(f"newcomer-{title.lower().replace(' ', '-')}")


def follow(frontend: Frontend, view: str, button: str) -> None:
    """Do what a view says, which leads to the page of the integration."""
    turn_to(frontend, view)
    frontend.page.get_by_role("button", name=button, exact=True).click()
    expect(frontend.page.get_by_role("heading", name="Legrand Energy Web Server")).to_be_visible()


def scan(frontend: Frontend, gateway: str) -> None:
    """Have the gateway look for devices, and add what it found."""
    line(frontend, gateway).get_by_role("button", name="Configure").first.click()
    frontend.go("Scan for devices")
    frontend.field("Last address").fill("5")
    frontend.press("Submit")
    expect(frontend.dialog.get_by_text("Recognised: 2.")).to_be_visible()
    frontend.press("Submit")
    expect(frontend.dialog.get_by_text("Devices added: 2.")).to_be_visible()
    frontend.dialog.get_by_role("button", name="Close").last.click()
    expect(frontend.dialog).to_be_hidden()


def sees_panel(frontend: Frontend) -> None:
    """Check that the panel board has both devices with what they draw."""
    for address, least in ((1, 15_000), (3, 8_000)):
        tile = frontend.page.get_by_role("button", name=re.compile(rf"4 120 45 \({address}\)"))
        expect(tile).to_contain_text("Connected")
        expect(tile).to_contain_text(re.compile(r"\d\sW"))
        found = re.search(r"([\d,]+)\sW", tile.inner_text())
        assert found is not None, tile.inner_text()
        assert least < int(found[1].replace(",", "")) < 2 * least


def add_installation(frontend: Frontend) -> None:
    """Add the installation that is offered."""
    frontend.page.get_by_role("button", name="Add", exact=True).click()
    expect(frontend.field("Name")).to_have_value(SITE)
    frontend.press("Submit")
    frontend.press("Skip and finish")
    expect(frontend.dialog).to_be_hidden()


def sees_nothing_counted(frontend: Frontend) -> None:
    """Check that the consumption says that it only begins."""
    turn_to(frontend, "Consumption")
    expect(histogram(frontend)).to_contain_text("Nothing has been counted yet.")
    frontend.picture("newcomer-nothing-counted")


def enter_tariff(frontend: Frontend) -> None:
    """Enter a tariff for electricity, and that it always holds."""
    dialog = frontend.dialog
    line(frontend, SITE).get_by_role("button", name="Configure").first.click()
    for label in ("Costs", "Electricity", "Add a tariff"):
        frontend.go(label)
    frontend.field("Name").fill(TARIFF)
    dialog.get_by_role("spinbutton", name="Price").first.fill(PRICE)
    frontend.press("Submit")
    expect(dialog.get_by_text("There is no rule yet.")).to_be_visible()
    frontend.go("Add a rule")
    frontend.press("Submit")
    expect(dialog.get_by_text(f"{PRICE} EUR/kWh")).to_be_visible()
    frontend.go("Back")
    frontend.go("Finish")
    frontend.press("Finish")
    expect(dialog).to_be_hidden()


def shorten_sample_rate(frontend: Frontend) -> None:
    """Have an interval a minute, so that the first does not take ten."""
    line(frontend, SITE).get_by_role("button", name="Configure").first.click()
    frontend.go("History")
    frontend.choose("Sample rate", "1 min")
    frontend.press("Submit")
    frontend.press("Finish")
    expect(frontend.dialog).to_be_hidden()


def histogram(frontend: Frontend) -> Locator:
    """Return the first card of the consumption."""
    return frontend.page.locator("legrand-ews-histogram").first


def answer(frontend: Frontend, kind: str) -> list[dict[str, Any]]:
    """Return what the server answers of the whole site's electricity today."""
    zone = frontend.ask(f"{DOMAIN}/site")["time_zone"]
    today = datetime.now(ZoneInfo(zone)).date().isoformat()
    told = frontend.ask(f"{DOMAIN}/{kind}", scope="total", span="day", date=today)
    return [row for row in told["series"] if row["quantity"] == "energy_import"]


def sees_first_bars(frontend: Frontend) -> None:
    """Wait for the first bar, which comes by itself, and check that the card tells what the archive has."""
    turn_to(frontend, "Consumption")
    bar = histogram(frontend).get_by_role("option", name=re.compile(r": [\d.,]*[1-9][\d.,]*\sk?Wh"))
    expect(bar.first).to_be_visible(timeout=FIRST_BAR)

    def agree() -> bool:
        """Tell whether card and archive have the same sum at the moment."""
        found = re.search(r"([\d.,]+)\s(k?)Wh", histogram(frontend).get_by_role("strong").inner_text())
        assert found is not None
        thousand = 1000 if found[2] else 1
        (row,) = answer(frontend, "consumption")
        exactly: bool = float(found[1]) * thousand == pytest.approx(row["sum"], abs=0.006 * thousand)
        return exactly

    frontend.until(agree, "the sum of the archive on the card")
    frontend.picture("newcomer-first-bars")


def sees_first_costs(frontend: Frontend) -> None:
    """Check that what was counted has the price that was entered, and that the card tells it."""
    turn_to(frontend, "Tariffs")
    card = frontend.page.locator("legrand-ews-tariffs").first
    expect(card).to_contain_text(TARIFF)

    def agree() -> bool:
        """Tell whether card and bill have the same sum at the moment, and more than nothing."""
        found = re.search(r"€([\d.]+)", card.get_by_role("definition").first.inner_text())
        (row,) = [row for row in answer(frontend, "cost") if row["tariff"] is not None]
        assert row["sum"] == pytest.approx(row["amount_sum"] / 1000 * float(PRICE), abs=0.0001)
        return found is not None and 0 < float(found[1]) == pytest.approx(row["sum"], abs=0.0051)

    frontend.until(agree, "the costs of the archive on the card")
    frontend.picture("newcomer-first-costs")
