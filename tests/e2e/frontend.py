"""Home Assistant's frontend, as the tests use it: pages, forms, and what the page itself knows.

This module owns the way around in the frontend. What is right is the tests' matter.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from playwright.sync_api import ConsoleMessage, Locator, Page, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from .support import pictures, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from playwright.sync_api import Playwright, ViewportSize

DOMAIN: Final = "legrand_ews"
USER: Final = "demo"
PASSWORD: Final = "demo-demo"  # noqa: S105 -- the demo prints it
QUIET: Final = "/profile/general"
"""A page that shows little, to ask from."""
PAGE: Final = f"/config/integrations/integration/{DOMAIN}"
_ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
_SIZE: Final[ViewportSize] = {"width": 1280, "height": 800}
_ZONE: Final = "Europe/Paris"
"""Where the demo is: pages show the days of the browser."""
_LIMIT: Final = 60_000.0
_READY: Final = "document.querySelector('home-assistant')?.hass?.connected"
_ASK: Final = "message => document.querySelector('home-assistant').hass.callWS(message)"
_WALK: Final = "path => { history.pushState(null, '', path); window.dispatchEvent(new Event('location-changed')); }"
_POST: Final = "([path, body]) => document.querySelector('home-assistant').hass.callApi('POST', path, body)"
_FOLLOW: Final = """message => new Promise((resolve, reject) => {
    window.told = [];
    document.querySelector('home-assistant').hass.connection.subscribeMessage(event => {
        window.told.push(event);
        if (event.url) resolve(event.url);
    }, message).catch(reject);
})"""
_REFUSAL: Final = """message => document.querySelector('home-assistant').hass.callWS(message)
    .then(() => "", error => error.translation_key ?? error.code)"""
_FLOW: Final = "config/config_entries/flow"
_OPTIONS: Final = "config/config_entries/options/flow"
_STATE: Final = "id => document.querySelector('home-assistant').hass.callApi('GET', `states/${id}`)"


@contextmanager
def browser(chromium: str, profile: Path, url: str) -> Iterator[Frontend]:
    """Open a Chromium with its own memory; Playwright's loop ends with it, as the next test has a loop of its own."""
    with sync_playwright() as playwright, _opened(playwright, chromium, url, profile) as frontend:
        yield frontend


@contextmanager
def _opened(playwright: Playwright, chromium: str, url: str, profile: Path) -> Iterator[Frontend]:
    """Open one browser; more can be opened beside it."""
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=chromium,
        args=list(_ARGUMENTS),
        viewport=_SIZE,
        locale="en-GB",
        timezone_id=_ZONE,
        reduced_motion="reduce",
    )
    context.set_default_timeout(_LIMIT)
    expect.set_options(timeout=_LIMIT)
    try:
        yield Frontend(context.pages[0], url, partial(_opened, playwright, chromium, url))
    finally:
        context.close()


class Frontend:
    """A page of Home Assistant."""

    def __init__(self, page: Page, url: str, beside: Callable[[Path], AbstractContextManager[Frontend]]) -> None:
        """Take over a page; nothing is opened yet. ``beside`` opens another browser with its own memory."""
        self.page = page
        self.beside = beside
        self.complaints: list[str] = []
        self._url = url
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        """Keep an error of the console."""
        if message.type == "error":
            self.complaints.append(f"{message.text} {message.location['url']}")

    def sign_in(self, user: str = USER, password: str = PASSWORD) -> None:
        """Sign in through the form."""
        self.page.goto(self._url)
        self.page.get_by_role("textbox", name="Username").fill(user)
        self.page.get_by_role("textbox", name="Password").fill(password)
        self.page.get_by_role("button", name="Log in").click()
        self.page.get_by_role("link", name="Settings" if user == USER else "Overview").wait_for()

    def open(self, path: str) -> None:
        """Open a page as a user that is signed in."""
        try:
            self.page.goto(f"{self._url}{path}")
        except PlaywrightError as err:
            # The frontend was on its way to a page of its own, which took the place of this one.
            if "ERR_ABORTED" not in err.message:
                raise
            self.page.goto(f"{self._url}{path}")
        self.page.wait_for_function(_READY, polling=200)

    def walk(self, path: str) -> None:
        """Go to another page without loading the frontend anew."""
        self.page.evaluate(_WALK, path)

    def ask(self, kind: str, **more: Any) -> Any:
        """Send a websocket command as this user and return the result."""
        return self.page.evaluate(_ASK, {"type": kind, **more})

    def refusal(self, kind: str, **more: Any) -> str:
        """Send a websocket command that may be refused; return why it was, nothing where it was not."""
        return str(self.page.evaluate(_REFUSAL, {"type": kind, **more}))

    def download(self, kind: str, **more: Any) -> tuple[str, bytes, Any]:
        """Ask for a link, have the browser fetch it; return name and content of the file, and what was told last."""
        url = self.page.evaluate(_FOLLOW, {"type": kind, **more})
        with self.page.expect_download() as got:
            self.page.evaluate("url => location.assign(url)", url)
        content = got.value.path().read_bytes()
        self.until(lambda: bool(self.page.evaluate("!('progress' in told.at(-1)) && told.length > 1")), "the end")
        return got.value.suggested_filename, content, self.page.evaluate("told.at(-1)")

    def state(self, entity_id: str) -> str:
        """Return an entity's state, asked over the API: not what the page shows."""
        return str(self.page.evaluate(_STATE, entity_id)["state"])

    def alarms(self) -> list[str]:
        """Return the texts of the active alarms by device, as the installation tells."""
        rows = self.page.evaluate(_STATE, "sensor.demo_active_alarms")["attributes"]["alarms"]
        return [f"{row['device']}: {row['text']}" for row in rows]

    def device(self, name: str) -> str:
        """Return the id of a device of the integration."""
        rows = [row for row in self.ask("config/device_registry/list") if row["name"] == name]
        assert len(rows) == 1, name
        return str(rows[0]["id"])

    def gateways(self) -> list[str]:
        """Return the names of the gateways that are loaded."""
        entries = self.ask("config_entries/get", domain=DOMAIN)
        kinds = {entry["title"]: entry["supported_subentry_types"] for entry in entries if entry["state"] == "loaded"}
        return [title for title, kind in kinds.items() if "device" in kind]

    def add_gateway(self, name: str, port: int) -> None:
        """Add a gateway as the forms do, without looking at them."""
        self.open(QUIET)
        flow = self._post(_FLOW, {"handler": DOMAIN})
        path = f"{_FLOW}/{flow['flow_id']}"
        self._post(path, {"next_step_id": "tcp"})
        assert self._post(path, {"name": name, "host": "127.0.0.1", "port": port})["type"] == "create_entry"
        self.until(lambda: name in self.gateways(), name)

    def configure(self, title: str, step: str, **values: Any) -> None:
        """Fill in a form of an entry's menu without looking at it; what is not named stays as it is."""
        rows = self.ask("config_entries/get", domain=DOMAIN)
        (entry,) = [row["entry_id"] for row in rows if row["title"] == title]
        flow = self._post(_OPTIONS, {"handler": entry})
        path = f"{_OPTIONS}/{flow['flow_id']}"
        form = self._post(path, {"next_step_id": step})
        known = {row["name"]: row["default"] for row in form["data_schema"] if "default" in row}
        told = {row["name"]: (row.get("description") or {}).get("suggested_value") for row in form["data_schema"]}
        known |= {name: value for name, value in told.items() if value is not None}
        assert self._post(path, known | values)["type"] == "create_entry"

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        """Post to the API as this user and return the answer."""
        return self.page.evaluate(_POST, [path, body])

    def open_device(self, name: str) -> None:
        """Open the page of a device, once there is one."""
        self.open(QUIET)
        rows = partial(self.ask, "config/device_registry/list")
        self.until(lambda: any(row["name"] == name for row in rows()), f"the device {name}")
        self.walk(f"/config/devices/device/{self.device(name)}")

    def open_menu(self, gateway: str) -> None:
        """Open the menu of a gateway."""
        self.open(QUIET)
        self.walk(PAGE)
        entry = self.page.locator("ha-config-entry-row").filter(has=self.page.get_by_text(gateway, exact=True)).first
        entry.get_by_role("button", name="Configure").first.click()

    @property
    def dialog(self) -> Locator:
        """The forms."""
        return self.page.locator("dialog-data-entry-flow")

    def field(self, label: str) -> Locator:
        """Return a field of the form."""
        text = self.dialog.get_by_role("textbox", name=label)
        return text.or_(self.dialog.get_by_role("spinbutton", name=label))

    def choose(self, label: str, option: str) -> None:
        """Choose from a drop-down of the form."""
        self.dialog.get_by_role("button", name=label).click()
        self.dialog.get_by_role("menuitem", name=option).click()

    def turn(self, label: str) -> None:
        """Turn a switch of the form."""
        self.dialog.locator("ha-selector-boolean").filter(has_text=label).locator("ha-switch").click()

    def press(self, label: str) -> None:
        """Press a button of the form."""
        self.dialog.get_by_role("button", name=label, exact=True).click()

    def go(self, label: str) -> None:
        """Choose what comes next, from the lines that the form offers."""
        self.dialog.get_by_text(label, exact=True).click()

    def begin_device(self, gateway: str, family: str, model: str) -> None:
        """Go through the forms of a new device up to the one with its address."""
        self.open(PAGE)
        several = len(self.gateways()) > 1
        self.page.get_by_role("button", name="Add device").click()
        if several:
            self.page.get_by_role("button", name=gateway, exact=True).click()
        self.choose("Family", family)
        self.press("Submit")
        self.choose("Model", model)
        self.press("Submit")
        self.field("Modbus address").wait_for()

    @property
    def activity(self) -> Locator:
        """What happened lately, on a device's page."""
        return self.page.locator("ha-logbook-renderer")

    def row(self, name: str) -> Locator:
        """Return the line of a sensor on a device's page."""
        return self.page.locator("hui-sensor-entity-row").filter(has_text=name)

    def own_row(self, name: str) -> Locator:
        """Return the line of a sensor whose name is the whole of a text, where the names of others begin with it."""
        own = self.page.locator(".info", has_text=re.compile(rf"^\s*{name}\s*$"))
        return self.page.locator("hui-sensor-entity-row").filter(has=own)

    def flip(self, device: str, name: str) -> None:
        """Turn a switch on a device's page."""
        switch = self.page.get_by_role("switch", name=f"Toggle {device} {name}", exact=True)
        self.page.locator("hui-toggle-entity-row").filter(has=switch).locator("ha-switch").click()

    def push(self, name: str) -> None:
        """Press a button on a device's page."""
        self.page.locator("hui-button-entity-row").filter(has_text=name).get_by_role("button", name="Press").click()

    def reading(self, name: str) -> tuple[float, str]:
        """Return number and unit that a device's page shows for a sensor; some have no unit."""
        said = self.row(name).aria_snapshot()
        found = re.search(rf"{name} (-?[\d,.]+)(?: (\S+))?", said)
        assert found is not None, said
        return float(found[1].replace(",", "")), found[2] or ""

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait until something is so."""
        until(condition, _LIMIT / 1000, what)

    def picture(self, name: str) -> None:
        """Save a screenshot, where the environment names a folder for them."""
        if (folder := pictures()) is not None:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{name}.png").write_bytes(self.page.screenshot(animations="disabled"))
