"""The dashboard in a browser: its views, cards and files, and what must be so wherever it is shown.

This module owns the way around in it. What is right is the tests' matter.
"""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING, Any, Final, Literal

from playwright.sync_api import expect

from .support import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from playwright.sync_api import Locator, ViewportSize

    from .frontend import Frontend

type Scheme = Literal["light", "dark"]

PATH: Final = "/energy-web-server"
VIEWS: Final[Mapping[str, Sequence[str]]] = {
    "panel": ("panel",),
    "consumption": ("compare", *["histogram"] * 3, "period", *["pie"] * 2, *["totals"] * 2),
    "tariffs": ("period", *["tariffs"] * 3),
    "charging": (),
    "alarms": ("alarms",),
    "system": ("system",) * 4,
}
"""The views, and our cards on each of them where there are no charging stations."""
DESK: Final[ViewportSize] = {"width": 1280, "height": 800}
PHONE: Final[ViewportSize] = {"width": 400, "height": 850}
LOOKS: Final[Sequence[tuple[str, ViewportSize, Scheme]]] = (
    ("", DESK, "light"),
    ("-dark", DESK, "dark"),
    ("-phone-dark", PHONE, "dark"),
    ("-phone", PHONE, "light"),
)
"""Sizes and themes, and what the name of a picture ends with."""
_TRANSLATIONS: Final = ROOT / "custom_components" / "legrand_ews" / "translations"
_TRIES: Final = 10
_MOMENT: Final = 100.0
"""ms."""
_FACTORS: Final = {"": 1.0, "Wh": 1.0, "kWh": 1e3, "MWh": 1e6, "L": 1.0, "m³": 1e3}
_ALL: Final = """const all = [];
    const walk = root => {
        for (const one of root.querySelectorAll("*")) {
            all.push(one);
            if (one.shadowRoot) walk(one.shadowRoot);
        }
    };
    walk(document.querySelector("home-assistant").shadowRoot);"""
"""Everything on the page, whatever it is inside of."""
_SETTLED: Final = f"""([view, expected]) => {{
    if (!location.pathname.endsWith("/" + view)) return false;
    {_ALL}
    const tags = all.map(one => one.localName);
    if (!tags.includes("hui-view")) return false;
    const cards = tags.filter(tag => tag.startsWith("legrand-ews-")).map(tag => tag.slice(12)).sort();
    const drawn = tags.filter(tag => /^ews-.*-card$/.test(tag)).length;
    const own = all.filter(one => one.localName.startsWith("ews-"));
    const busy = own.some(one => one.isUpdatePending || one.shadowRoot?.querySelector(".waiting, [aria-busy=true]"));
    if (cards.join() !== expected.join() || drawn < cards.length || busy) return false;
    return expected.length > 0 || tags.includes("hui-empty-state-card");
}}"""
_FAULTS: Final = f"""keys => {{
    {_ALL}
    const wide = innerWidth + 1;
    const told = [];
    if (document.scrollingElement.scrollWidth > wide) told.push("the page scrolls sideways");
    for (const one of all) {{
        const place = `${{one.localName}}.${{one.className}}`;
        if (one.localName === "hui-error-card") told.push(`error card: ${{one.shadowRoot?.textContent}}`);
        const words = [...one.childNodes].filter(node => node.nodeType === 3).map(node => node.data.trim());
        for (const name of ["aria-label", "title", "placeholder"]) words.push(one.getAttribute?.(name));
        for (const word of words) if (keys.includes(word)) told.push(`${{place}}: no text for ${{word}}`);
        if (!one.getRootNode().host?.localName.startsWith("ews-")) continue;
        const box = one.getBoundingClientRect();
        if (one.localName === "ha-card" && (box.left < 0 || box.right > wide)) told.push(`${{place}} leaves the page`);
        const over = one.scrollWidth > one.clientWidth + 1;
        if (one.className === "card" && over) told.push(`${{one.getRootNode().host.localName}} scrolls sideways`);
    }}
    return told;
}}"""


def words(language: str) -> dict[str, str]:
    """Return our words of a language; those that are not translated are English."""
    english, own = (_TRANSLATIONS / f"{name}.json" for name in ("en", language))
    found: dict[str, str] = json.loads(english.read_text(encoding="utf-8"))["common"]
    return found | json.loads(own.read_text(encoding="utf-8")).get("common", {}) if own.exists() else found


def same(text: str, value: float | None, scale: float = 1) -> bool:
    """Tell whether an amount as people read it is a value in base units, as exactly as its digits are."""
    if value is None:
        return text == "\u2013"
    found = re.search(r"(?P<sign>[-\u2212]?)[€]?(?P<number>[\d,]+(?:\.(?P<decimals>\d+))?)\s*(?P<unit>\w*)", text)
    assert found is not None, text
    factor = _FACTORS[found["unit"]] * scale
    number = float(found["number"].replace(",", "")) * (-1 if found["sign"] else 1)
    half = 0.5 * 10.0 ** -len(found["decimals"] or "") * factor
    return abs(number * factor - value) <= half * (1 + 1e-9)


def number(cell: str) -> float | None:
    """Return a number of a file; None where nothing is known."""
    return float(cell.replace(",", ".")) if cell else None


class Dashboard:
    """The dashboard of the demo in one page."""

    def __init__(self, frontend: Frontend, cards: Mapping[str, Sequence[str]] = VIEWS) -> None:
        """Take over a page; ``cards``: what each view has of ours."""
        self.frontend = frontend
        self.page = frontend.page
        self._cards = cards

    def open(self, view: str) -> None:
        """Load a view."""
        self.frontend.open(f"{PATH}/{view}")
        self.settle(view)

    def go(self, view: str) -> None:
        """Walk to a view."""
        self.frontend.walk(f"{PATH}/{view}")
        self.settle(view)

    def settle(self, view: str) -> None:
        """Wait until all cards of a view are drawn with the answers to what they asked."""
        self.page.wait_for_function(_SETTLED, arg=[view, sorted(self._cards[view])], polling=100)

    def faults(self, keys: Collection[str]) -> list[str]:
        """Return what nobody should see in a view: errors, keys in place of words, what does not fit.

        A page that was just made smaller may need a moment.
        """
        told: list[str] = []
        for _ in range(_TRIES):
            told = self.page.evaluate(_FAULTS, [key for key in keys if "_" in key])
            if not told:
                break
            self.page.wait_for_timeout(_MOMENT)
        return told

    def look(self, size: ViewportSize, scheme: Scheme) -> None:
        """Have the page in a size and a theme."""
        self.page.set_viewport_size(size)
        self.page.emulate_media(color_scheme=scheme)
        dark = "dark => Boolean(document.querySelector('home-assistant').hass.themes?.darkMode) === dark"
        self.page.wait_for_function(dark, arg=scheme == "dark", polling=50)

    @property
    def tabs(self) -> list[str]:
        """The names of the views, as the page shows them."""
        return [tab.strip() for tab in self.page.locator("ha-tab-group-tab").all_inner_texts()]

    @property
    def period(self) -> Locator:
        """The bar that chooses the period of a view."""
        return self.page.locator("ews-period-bar:not([compact])")

    def card(self, name: str, title: str) -> Locator:
        """Return a card of ours by its title."""
        heading = self.page.get_by_role("heading", name=title, exact=True)
        return self.page.locator(f"ews-{name}-card").filter(has=heading)

    def table(self, card: Locator) -> list[list[str]]:
        """Return the rows of the file that a card hands over."""
        with self.page.expect_download() as got:
            card.get_by_role("button", name="Download as CSV").click()
        assert got.value.suggested_filename == "datalogger.csv"
        text = got.value.path().read_text(encoding="utf-8-sig")
        return list(csv.reader(text.splitlines(), delimiter=";"))

    def ask(self, command: str, **more: Any) -> Any:
        """Ask the integration as the dashboard does."""
        return self.frontend.ask(f"legrand_ews/{command}", **more)

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait until something is so."""
        self.frontend.until(condition, what)


def legend(card: Locator) -> dict[str, str]:
    """Return the amounts of a legend by name."""
    buttons = card.locator("ews-legend").get_by_role("button")
    expect(buttons.first).to_be_visible()
    return dict(text.strip().split("\n") for text in buttons.all_inner_texts())
