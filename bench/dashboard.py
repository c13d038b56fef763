"""The dashboard in a headless Chromium, with the largest installation and a year of history.

This module owns what is done in the browser and what of it is wanted. Home Assistant is ``showroom``'s matter, the
browser is ``chrome``'s, and what is seen in the page is ``watch.js``'s.
"""

from __future__ import annotations

import asyncio
import gzip
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from plant.line import Timing

from . import home
from .archive import ON_DISK
from .chrome import chromium, program
from .machine import quiet
from .showroom import BASE_PORT, DASHBOARD, EMPTY, showroom
from .table import Figure
from .watched import WatchedPlant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from demo.client import Client

    from .chrome import Page

ROUNDS: Final = 9
"""How often each thing is done."""
BURSTS: Final = 20
WARMING: Final = 5
COMPLETE_LIMIT: Final = 1500.0
"""ms until the consumption view is complete."""
SWITCH_LIMIT: Final = 300.0
"""ms until another length of the period is drawn."""
BURST_LIMIT: Final = 16.0
"""ms of the main thread for a burst of states."""
ENTRY_LIMIT: Final = 30.0
"""kB of the module that every page loads, packed."""
VIEWS: Final = ("panel", "consumption", "tariffs", "charging", "alarms", "system")
VIEW: Final = "consumption"
SPANS: Final[Mapping[str, tuple[int, range]]] = {
    "month": (1, range(28, 32)),
    "year": (2, range(12, 13)),
    "day": (0, range(23, 26)),
}
"""Each button of the period bar in the order of the presses: its place, and how many bars there are then."""
DEVICES: Final = 255
LOOK: Final = 30.0
"""s for which the states of real polls are counted."""
_QUIET_PAGE: Final = "/profile/general"
_OPENED: Final = 4.0
"""s until what a view loads and draws by itself has come to rest."""
_SCRIPT: Final = Path(__file__).with_name("watch.js")
_SIGN_IN: Final = "tokens => localStorage.setItem('hassTokens', JSON.stringify(tokens))"


class Drawn(NamedTuple):
    """How long something took until all cards had drawn it."""

    ms: float
    asking: float
    """ms from the first question to the last answer; 0: nothing was asked."""
    slowest: float
    """ms that the slowest answer took."""
    questions: int


class Live(NamedTuple):
    """What the states of many devices that change at once take a view, ms of the main thread."""

    states: int
    thread: float
    own: float
    """What our elements computed of it."""


async def measure(*, days: int) -> list[Figure]:
    """Open the dashboard, switch its period, and let states change; nothing without a Chromium."""
    if program() is None:
        print("No Chromium on this machine: no dashboard. Install one, or set CHROMIUM to its path.", flush=True)  # noqa: T201
        return []
    place, scenario = await showroom(days)
    figures = await asyncio.to_thread(_sizes, place.folder / "custom_components" / "legrand_ews" / "frontend")
    async with WatchedPlant(scenario, Timing(), BASE_PORT), home.started(place) as (client, server):
        await quiet(home.START_LIMIT)
        with tempfile.TemporaryDirectory(prefix="ews-bench-", dir=ON_DISK, ignore_cleanup_errors=True) as profile:
            async with chromium(Path(profile)) as page:
                await _sign_in(page, client)
                cards = await _warmed(page, server.url)
                figures += await _opened(page, server.url, cards)
                figures += await _switched(page, server.url, cards)
                figures += await _live(page, server.url)
    return figures


def _sizes(folder: Path) -> list[Figure]:
    """Return what the browser has to fetch; blocking."""
    files = {file.name: file.read_bytes() for file in folder.glob("*.js")}
    packed = {name: len(gzip.compress(content)) / 1000 for name, content in files.items()}
    largest = max(packed, key=packed.__getitem__)
    return [
        Figure(name="entry, gzip", reached=packed["entry.js"], unit="kB", wanted=ENTRY_LIMIT),
        Figure(name=f"  all {len(files)} files", reached=sum(packed.values()), unit="kB"),
        Figure(name="  not packed", reached=sum(map(len, files.values())) / 1000, unit="kB"),
        Figure(name=f"  the largest, {largest}", reached=packed[largest], unit="kB"),
    ]


async def _sign_in(page: Page, client: Client) -> None:
    """Give the browser what a user has who has signed in, and look on from the next page on."""
    tokens = {
        **client.tokens,
        "hassUrl": client.url,
        "clientId": client.client_id,
        "expires": 1000 * (time.time() + client.tokens["expires_in"]),
    }
    await page.open(f"{client.url}/manifest.json")
    await page.run(_SIGN_IN, tokens)
    await page.in_each_document(await asyncio.to_thread(_SCRIPT.read_text, encoding="utf-8"))


async def _warmed(page: Page, url: str) -> int:
    """Fill the browser's cache; return how many cards of ours the view has."""
    cards = 0
    for path in (_QUIET_PAGE, f"/{EMPTY}/empty", f"/{DASHBOARD}/{VIEW}"):
        await _load(page, f"{url}{path}")
        await asyncio.sleep(_OPENED)
    while (found := (await page.run("() => bench.settled(1)"))["cards"]) > cards:
        cards = found
        await asyncio.sleep(_OPENED)
    return cards


async def _load(page: Page, url: str) -> None:
    """Load a page of the frontend."""
    await page.open(url)
    await page.run("() => bench.ready()")


async def _opened(page: Page, url: str, cards: int) -> list[Figure]:
    """Open the view from another page of the frontend, and from nothing."""
    walked, again, loaded, bare = [], [], [], []
    view = f"/{DASHBOARD}/{VIEW}"
    for _ in range(ROUNDS):
        await _load(page, f"{url}{_QUIET_PAGE}")
        await asyncio.sleep(_OPENED)
        walked.append(await _drawn(page, "(...given) => bench.walk(...given)", view, cards))
        await page.run("path => bench.walk(path)", _QUIET_PAGE)
        await asyncio.sleep(_OPENED)
        again.append(await _drawn(page, "(...given) => bench.walk(...given)", view, cards))
        await page.open(f"{url}{view}")
        loaded.append(await _drawn(page, "count => bench.settled(count)", cards))
        await page.open(f"{url}/{EMPTY}/empty")
        bare.append(await page.run("() => bench.shown('hui-sections-view')"))
    return [
        Figure(name="cards of ours in the view", reached=cards),
        *_times("opened from another page", walked, COMPLETE_LIMIT),
        *_times("  once more", again, None),
        *_times("loaded by its address, with the frontend", loaded, COMPLETE_LIMIT),
        Figure(name="  an empty dashboard", reached=median(bare), unit="ms"),
    ]


async def _drawn(page: Page, function: str, *arguments: Any) -> Drawn:
    """Do something that draws the view, and return how long that took."""
    told = await page.run(function, *arguments)
    return Drawn(told["drawn"], told["asking"], told["slowest"], told["questions"])


def _times(name: str, taken: Sequence[Drawn], limit: float | None) -> list[Figure]:
    """Return the figures of something that was done several times."""
    inset = " " * (len(name) - len(name.lstrip()) + 2)
    figures = [
        Figure(name=f"{name}, half in", reached=median(one.ms for one in taken), unit="ms", wanted=limit),
        Figure(name=f"{inset}the longest", reached=max(one.ms for one in taken), unit="ms"),
    ]
    if any(one.questions for one in taken):
        figures += [
            Figure(name=f"{inset}questions", reached=median(one.questions for one in taken)),
            Figure(
                name=f"{inset}from the first of them to the last answer, half in",
                reached=median(one.asking for one in taken),
                unit="ms",
            ),
            Figure(name=f"{inset}the slowest answer, half in", reached=median(one.slowest for one in taken), unit="ms"),
        ]
    return figures


async def _switched(page: Page, url: str, cards: int) -> list[Figure]:
    """Press the buttons of the period bar: with all answers forgotten before each press, and with them known."""
    await _load(page, f"{url}/{DASHBOARD}/{VIEW}")
    await page.run("count => bench.settled(count)", cards)
    fresh: dict[str, list[Drawn]] = {span: [] for span in SPANS}
    known: dict[str, list[Drawn]] = {span: [] for span in SPANS}
    for _ in range(ROUNDS):
        for span in SPANS:
            # What is shown now is asked again at once, all else is unknown.
            await page.run("() => bench.forget()")
            fresh[span].append(await _pressed(page, span))
        for span in SPANS:
            await _pressed(page, span)
        for span in SPANS:
            known[span].append(await _pressed(page, span))
    news = await page.run("() => bench.news()")
    return [
        Figure(name="news of the history while the period was switched", reached=news - 1),
        *(row for span in SPANS for row in _times(f"switched to {span}", fresh[span], SWITCH_LIMIT)),
        *(row for span in SPANS for row in _times(f"  {span}, known already", known[span], None)),
    ]


async def _pressed(page: Page, span: str) -> Drawn:
    """Press a button of the period bar; raises ``RuntimeError`` where something else is shown then."""
    place, bars = SPANS[span]
    told = await page.run("place => bench.span(place)", place)
    if told["bars"] not in bars:
        raise RuntimeError(f"{told['bars']} bars for a {span}")
    return Drawn(told["drawn"], told["asking"], told["slowest"], told["questions"])


async def _live(page: Page, url: str) -> list[Figure]:
    """Let the states of all devices, and of one, change at once while each view is open."""
    await _load(page, f"{url}/{EMPTY}/empty")
    await asyncio.sleep(LOOK)
    polled = await page.run("() => bench.bursts()")
    await page.run("() => bench.mute()")
    await _in_view(page, f"/{DASHBOARD}/{VIEW}")
    empty = await _in_view(page, f"/{EMPTY}/empty")
    found = {view: await _in_view(page, f"/{DASHBOARD}/{view}") for view in VIEWS}
    all_devices, one_device = empty
    figures = [
        Figure(name="states that come at once from real polls, the most", reached=max(polled, default=0)),
        Figure(name="  half of the time", reached=median(polled or [0])),
        Figure(name="states of all devices change: an empty dashboard", reached=all_devices.thread, unit="ms"),
        Figure(name="  states", reached=all_devices.states),
    ]
    for view, (every, single) in found.items():
        figures += [
            Figure(
                name=f"  {view}: takes more", reached=every.thread - all_devices.thread, unit="ms", wanted=BURST_LIMIT
            ),
            Figure(name="    in our elements", reached=every.own, unit="ms"),
            Figure(name="    of one device only", reached=single.thread - one_device.thread, unit="ms"),
        ]
    return figures


async def _in_view(page: Page, path: str) -> tuple[Live, Live]:
    """Go to a view, and return what the states of all devices and of one take there."""
    await page.run("path => bench.walk(path)", path)
    await asyncio.sleep(_OPENED)
    return await _burst(page, DEVICES), await _burst(page, 1)


async def _burst(page: Page, devices: int) -> Live:
    """Let the states of so many devices change at once, some times; the first ones do not count."""
    await page.run("(devices, times) => bench.live(devices, times)", devices, WARMING)
    before = await page.main_thread()
    told = await page.run("(devices, times) => bench.live(devices, times)", devices, BURSTS)
    after = await page.main_thread()
    return Live(told["states"], 1000 * (after - before) / BURSTS, told["work"])
