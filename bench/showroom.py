"""A Home Assistant with the largest installation, its groups and prices, a year of history, and the dashboard.

This module owns that folder and the rows of the year. It is kept for some days, as making it takes minutes: a year that
ends too long ago is none that a dashboard of today shows.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from custom_components.legrand_ews.archive import Archive, IntervalRow
from custom_components.legrand_ews.bill_settings import BillSettings
from custom_components.legrand_ews.catalog import Catalog
from custom_components.legrand_ews.consumption import place_of
from custom_components.legrand_ews.prices import Prices, charges_between, day_of
from demo.bill import set_gas_factor, set_prices
from demo.history import fitted_devices
from demo.menus import installation_id
from plant.line import Timing
from plant.scenario import load_scenario
from plant.site import PROFILES

from . import home
from .archive import BATCH
from .watched import WatchedPlant
from .year import GROUPS, TICK, level

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from custom_components.legrand_ews.consumption import Place
    from demo.client import Client
    from plant.scenario import Scenario

    from .home import Home

NAME: Final = "dashboard"
BASE_PORT: Final = 15520
DASHBOARD: Final = "energy-web-server"
EMPTY: Final = "empty-page"
"""A dashboard without any card: what Home Assistant takes by itself."""
ZONE: Final = "Europe/Paris"
KEPT: Final = 14
"""Days that a folder is used for."""
_CONFIGS: Final[dict[str, dict[str, Any]]] = {
    DASHBOARD: {"strategy": {"type": "custom:legrand-ews"}},
    EMPTY: {"views": [{"title": "Empty", "path": "empty", "type": "sections", "sections": []}]},
}
_MADE: Final = "showroom.json"
_SUBFLOW: Final = "/api/config/config_entries/subentries/flow"
_SETTLED: Final = 20.0
"""s until groups and prices have been taken over and written."""


@dataclass(frozen=True, kw_only=True)
class Counter:
    """A device as the archive knows it."""

    id: str
    place: Place


async def showroom(days: int) -> tuple[Home, Scenario]:
    """Return the folder with so many days of history, made anew where it is not there, and its scenario."""
    scenario = await asyncio.to_thread(load_scenario, "max")
    file = home.FOLDERS / NAME / _MADE
    if not await asyncio.to_thread(_usable, file, days):
        await asyncio.to_thread(shutil.rmtree, file.parent, ignore_errors=True)
    place = await home.with_gateways(NAME, scenario, BASE_PORT)
    if not file.exists():
        until = await _furnish(place, scenario)
        await asyncio.to_thread(_write_year, place.folder, scenario, until, days)
        file.write_text(json.dumps({"days": days, "until": until}), encoding="utf-8")
    return place, scenario


def _usable(file: Path, days: int) -> bool:
    """Tell whether a folder has this history, and lately."""
    if not file.exists():
        return False
    made = json.loads(file.read_text(encoding="utf-8"))
    return bool(made["days"] == days and time.time() - made["until"] < KEPT * 86400)


async def _furnish(place: Home, scenario: Scenario) -> int:
    """Add groups, prices and the dashboards as users do; return when that was done, POSIX s."""
    async with (
        WatchedPlant(scenario, Timing(), BASE_PORT),
        home.started(place) as (client, _),
    ):
        await _add_groups(client)
        await set_gas_factor(client)
        await set_prices(client)
        for path, config in _CONFIGS.items():
            await client.command("lovelace/dashboards/create", url_path=path, title=path, mode="storage")
            await client.command("lovelace/config/save", url_path=path, config=config)
        await asyncio.sleep(_SETTLED)
    return int(time.time())


async def _add_groups(client: Client) -> None:
    """Add the groups, each with its part of all devices."""
    entry_id = await installation_id(client)
    for number, name in enumerate(GROUPS):
        flow = await client.post(_SUBFLOW, {"handler": [entry_id, "group"]})
        field = next(row for row in flow["data_schema"] if row["name"] == "devices")
        rows = [row["value"] for row in field["selector"]["select"]["options"]]
        form = {"name": name.capitalize(), "devices": rows[number :: len(GROUPS)]}
        await client.post(f"{_SUBFLOW}/{flow['flow_id']}", form)


def _write_year(folder: Path, scenario: Scenario, until: int, days: int) -> None:
    """Write so many days up to a moment into the archive, priced; blocking."""
    zone = ZoneInfo(ZONE)
    first = datetime.fromtimestamp(until, zone).replace(hour=0, minute=0, second=0) - timedelta(days=days)
    ticks = range(int(first.timestamp()), until // TICK * TICK, TICK)
    prices = Prices(BillSettings.of(_options(folder), currency="EUR", zone=zone), {})
    fitted = fitted_devices(folder, scenario, Catalog.load(PROFILES))
    counters = [Counter(id=one.device.config.id, place=place_of(one.device)) for one in fitted]
    site = json.loads((folder / ".storage" / "core.uuid").read_text(encoding="utf-8"))["data"]["uuid"]
    url = f"sqlite:///{folder / 'legrand_ews' / 'archive.db'}"
    with closing(Archive.open(url, site=site, zone=ZONE)) as archive:
        own = min((row.start for row in archive.intervals(None, ticks.start, until)), default=until)
        past = range(ticks.start, own // TICK * TICK, TICK)
        for some in batched(enumerate(past), BATCH, strict=False):
            archive.write(_rows(counters, some, prices))
        archive.write_charges(charges_between(prices.settings, day_of(past.start, zone), day_of(until, zone), zone))


def _rows(counters: Sequence[Counter], ticks: Sequence[tuple[int, int]], prices: Prices) -> Iterator[IntervalRow]:
    """Yield the intervals of all counters in some ticks, each as number and start."""
    for tick, start in ticks:
        for number, counter in enumerate(counters):
            amount = level(number, tick + 1) - level(number, tick)
            commodity = counter.place.commodity
            rate, parts = prices.price(commodity, "energy_import", start, start + TICK, amount)
            yield IntervalRow(
                device=counter.id,
                quantity="energy_import",
                commodity=commodity,
                start=start,
                seconds=TICK,
                amount=amount,
                load=counter.place.load,
                groups=counter.place.groups,
                counted=counter.place.counted,
                rate=rate,
                parts=parts,
            )


def _options(folder: Path) -> dict[str, Any]:
    """Return the options of the installation as Home Assistant has written them; blocking."""
    stored = json.loads((folder / ".storage" / "core.config_entries").read_text(encoding="utf-8"))
    entries = (entry for entry in stored["data"]["entries"] if entry["domain"] == "legrand_ews")
    options: dict[str, Any] = next(entry["options"] for entry in entries if entry["data"]["kind"] == "installation")
    return options
