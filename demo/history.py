"""The past of the demo: what its devices would have counted before it began, for the archive and the statistics.

This module owns the order of the steps, and what a folder remembers of them: its past is made once. Rows are
``simulated``'s matter, statistics ``statistics``'s.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Self
from zoneinfo import ZoneInfo

import aiohttp

from custom_components.legrand_ews.archive import Archive
from custom_components.legrand_ews.bill_settings import BillSettings
from custom_components.legrand_ews.const import CONF_KIND, DOMAIN, KIND_INSTALLATION, SUBENTRY_DEVICE
from custom_components.legrand_ews.device import DeviceConfig, resolve
from custom_components.legrand_ews.history_settings import read_factors
from custom_components.legrand_ews.metering import UNIT, group_key, load_key, scopes
from custom_components.legrand_ews.prices import Prices, charges_between, day_of
from plant.past import STEP, Past

from . import statistics
from .costs import costs, priced
from .panel import show_costs
from .simulated import Fitted, counters, interval_rows, sample_rows
from .statistics import HOUR, Hourly, Seam

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal
    from pathlib import Path

    from custom_components.legrand_ews.archive import ConsumptionRow, Scope
    from custom_components.legrand_ews.catalog import Catalog
    from plant.scenario import Scenario
    from plant.site import Plant

    from .client import Client
    from .simulated import Counter

DAYS: Final = 60
SAMPLE_DAYS: Final = 7
MOST_DAYS: Final = 365
_FILE: Final = "demo-history.json"
_BATCH: Final = 10_000
_SETTLED: Final = 10.0
"""s to wait at most until Home Assistant has written what was set up, and shows what it read anew."""
_JOIN_EVERY: Final = 15.0
"""s between looks for statistics of Home Assistant's own; it draws them up every five minutes."""
_TOTAL: Final = "{entry_id}_total_{key}"
"""Unique id of the installation's sensor of a total."""
_TOTALS: Final[Mapping[Scope, Callable[[ConsumptionRow, Decimal | None], Mapping[str, int]]]] = {
    "load": lambda row, _: {load_key(row.key or "", row.commodity): UNIT},
    "group": lambda row, _: {group_key(row.key or "", row.commodity): UNIT},
    "total": lambda row, factor: scopes(row.commodity, gas_factor=factor),
}
"""The keys of the totals that what is stored of a load, a group or everything counts for, with what a Wh or L counts
there, and what gas is worth; in millionths."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What a folder remembers of its past."""

    since: int
    until: int
    """First instant that is not simulated, POSIX s."""
    done: bool = False
    tables: bool = False
    """True once the CSV tables have it."""
    seams: Mapping[str, Seam] = field(default_factory=dict)
    """Sensors whose own statistics are still to be lifted."""

    @classmethod
    def load(cls, folder: Path) -> Self | None:
        """Return what a folder remembers; None where it has no past."""
        file = folder / _FILE
        if not file.exists():
            return None
        data = json.loads(file.read_text(encoding="utf-8"))
        return cls(**{**data, "seams": {key: Seam(**row) for key, row in data["seams"].items()}})

    def save(self, folder: Path) -> None:
        """Remember, in place of what was."""
        file = folder / _FILE
        fresh = file.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(self)), encoding="utf-8")
        fresh.replace(file)


async def fill_history(
    client: Client,
    plant: Plant,
    catalog: Catalog,
    folder: Path,
    *,
    days: int = DAYS,
    started: float | None = None,
    tell: Callable[[str], None] = print,
) -> None:
    """Give a folder a past of some days, where it has none yet, and say from when on it is real.

    ``started``: POSIX s before which Home Assistant counted nothing, by default now; the past ends there.
    """
    zone = str((await client.command("get_config"))["time_zone"])
    mark = await asyncio.to_thread(Mark.load, folder)
    if mark is None and days > 0:
        mark = _span(days, time.time() if started is None else started, zone)
    if mark is None:
        return
    if not mark.done:
        await asyncio.to_thread(mark.save, folder)
        await _fill(client, plant, catalog, folder, mark, zone)
    text = f"History before {datetime.fromtimestamp(mark.until, ZoneInfo(zone)):%Y-%m-%d %H:%M} is simulated"
    tell(text)
    await client.action(
        "persistent_notification",
        "create",
        notification_id=f"{DOMAIN}_demo_history",
        title="Demo",
        message=f"{text}.",
    )


@asynccontextmanager
async def joining(client: Client, folder: Path) -> AsyncIterator[asyncio.Task[None]]:
    """Meanwhile, put the past into the CSV tables and join its statistics with what follows; return the task."""
    task = asyncio.create_task(_finish(client, folder))
    try:
        yield task
    finally:
        task.cancel()
        # Home Assistant may end first, and with it the connection.
        with suppress(asyncio.CancelledError, aiohttp.ClientError, TypeError, ConnectionError):
            await task


def fitted_devices(folder: Path, scenario: Scenario, catalog: Catalog) -> list[Fitted]:
    """Return the devices of a scenario that Home Assistant has written down and that count something; blocking."""
    specs = {device.name: device for device in scenario.devices}
    found = []
    for entry in _entries(folder):
        for row in entry.get("subentries", ()):
            if row["subentry_type"] == SUBENTRY_DEVICE and (spec := specs.get(row["title"])) is not None:
                device = resolve(catalog, DeviceConfig.from_data(row["subentry_id"], row["title"], row["data"]))
                found.append(Fitted(device=device, spec=spec))
    return found


def write_archive(
    archive: Archive,
    found: Sequence[Counter],
    fitted: Sequence[Fitted],
    past: Past,
    plant: Plant,
    prices: Prices,
) -> None:
    """Write the past into an archive, priced; blocking. What is there already stays as it is."""
    ends, zone = _first_own(archive, past), ZoneInfo(archive.zone)
    for intervals in interval_rows(found, past.steps, ends, max(1, _BATCH // max(1, len(found)))):
        archive.write(map(partial(priced, prices), intervals))
    first, last = (day_of(at, zone) for at in (past.steps.start, past.steps.stop))
    archive.write_charges(charges_between(prices.settings, first, last, zone))
    since = max(past.steps.start, past.steps.stop - SAMPLE_DAYS * 24 * HOUR)
    lately = Past(plant.installation, since=since, until=past.steps.stop, zone=archive.zone)
    for samples in sample_rows(fitted, lately, plant.installation, ends):
        archive.write(samples=samples)


def totals(
    archive: Archive, entry_id: str, since: int, until: int, *, gas_factor: Decimal | None = None
) -> dict[str, dict[int, int]]:
    """Return what an archive has of each hour, by the unique id of the total's sensor; blocking.

    ``gas_factor``: what gas was worth all the time, kWh/m3; None where that is not known.
    """
    found: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for scope, weights_of in _TOTALS.items():
        for row in archive.consumption(scope, None, "hour", since, until):
            if scope == "total" or row.key:
                for key, weight in weights_of(row, gas_factor).items():
                    found[_TOTAL.format(entry_id=entry_id, key=key)][row.start] += row.amount * weight
    return {unique_id: _whole(hours) for unique_id, hours in found.items()}


def _whole(hours: Mapping[int, int]) -> dict[int, int]:
    """Return whole units of what is in millionths, by hour: nothing of their sum is lost."""
    whole, passed = {}, 0
    for hour in sorted(hours):
        before, passed = passed // UNIT, passed + hours[hour]
        whole[hour] = passed // UNIT - before
    return whole


def _span(days: int, started: float, zone: str) -> Mark:
    """Return a span that begins on a midnight so many days ago."""
    until = int(started) // STEP * STEP
    day = datetime.fromtimestamp(until, ZoneInfo(zone)).replace(hour=0, minute=0, second=0)
    return Mark(since=int((day - timedelta(days=days)).timestamp()), until=until)


async def _fill(client: Client, plant: Plant, catalog: Catalog, folder: Path, mark: Mark, zone: str) -> None:
    """Write the past, let Home Assistant read it, and file the statistics."""
    fitted = await _written(folder, plant.scenario, catalog)
    past = await asyncio.to_thread(Past, plant.installation, since=mark.since, until=mark.until, zone=zone)
    found = await asyncio.to_thread(counters, fitted, past, plant.installation)
    archive = await asyncio.to_thread(_open, folder, zone)
    with closing(archive):
        installation, options = _installation(await asyncio.to_thread(lambda: list(_entries(folder))))
        currency = str((await client.command("get_config"))["currency"])
        prices = Prices(BillSettings.of(options, currency=currency, zone=ZoneInfo(zone)), {})
        await asyncio.to_thread(write_archive, archive, found, fitted, past, plant, prices)
        await client.post(f"/api/config/config_entries/entry/{installation}/reload", {})
        await show_costs(client, plant.scenario)
        now = int(time.time()) // HOUR * HOUR
        factor = read_factors(options).on(date.max)
        booked = await asyncio.to_thread(totals, archive, installation, mark.since, now, gas_factor=factor)
        booked |= await asyncio.to_thread(costs, archive, prices, installation, mark.since, now)
    entities = await _entities(client)
    meters = [
        Hourly(entity_id=entity_id, amounts=_by_hour(counter, past.steps))
        for counter in found
        if (entity_id := entities.get(f"{counter.device}_{counter.quantity}")) is not None
    ]
    sums = [
        Hourly(entity_id=entities[unique_id], amounts=amounts, total=True)
        for unique_id, amounts in booked.items()
        if unique_id in entities
    ]
    await _shown(client, [one.entity_id for one in (*meters, *sums)])
    fresh = {one.entity_id for one in sums} - mark.seams.keys()
    await statistics.clear(client, fresh)
    seams = {
        **await statistics.plan(client, meters, since=mark.since, until=mark.until),
        **await statistics.plan(client, sums, since=mark.since, until=now),
        **mark.seams,
    }
    # Before anything is filed: what a start that was cut short has filed is not Home Assistant's own.
    await asyncio.to_thread(replace(mark, seams=seams).save, folder)
    await statistics.fill(client, [*meters, *sums], seams)
    await asyncio.to_thread(replace(mark, seams=seams, done=True).save, folder)


async def _finish(client: Client, folder: Path) -> None:
    """Do what takes its time: the tables, then join as soon as there is anything, until nothing is left to join."""
    mark = await asyncio.to_thread(Mark.load, folder)
    if mark is not None and not mark.tables:
        await client.action(DOMAIN, "export_csv")
        mark = replace(mark, tables=True)
        await asyncio.to_thread(mark.save, folder)
    while mark is not None and mark.seams:
        left = await statistics.join(client, mark.seams)
        if left != mark.seams:
            mark = replace(mark, seams=left)
            await asyncio.to_thread(mark.save, folder)
        if mark.seams:
            await asyncio.sleep(_JOIN_EVERY)


def _open(folder: Path, zone: str) -> Archive:
    """Open the archive of a folder's Home Assistant; blocking."""
    stored = json.loads((folder / ".storage" / "core.uuid").read_text(encoding="utf-8"))
    file = folder / DOMAIN / "archive.db"
    return Archive.open(f"sqlite:///{file}", site=stored["data"]["uuid"], zone=zone, lock_wait=30)


def _entries(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the integration's entries as Home Assistant has written them; blocking."""
    stored = json.loads((folder / ".storage" / "core.config_entries").read_text(encoding="utf-8"))
    return (entry for entry in stored["data"]["entries"] if entry["domain"] == DOMAIN)


def _installation(entries: Iterable[Mapping[str, Any]]) -> tuple[str, Mapping[str, Any]]:
    """Return the id of the installation's entry, and its options."""
    entry = next(entry for entry in entries if entry["data"][CONF_KIND] == KIND_INSTALLATION)
    return str(entry["entry_id"]), entry.get("options", {})


async def _written(folder: Path, scenario: Scenario, catalog: Catalog) -> list[Fitted]:
    """Return the devices once Home Assistant has written down all that was set up; it takes a second."""
    limit = time.monotonic() + _SETTLED
    while True:
        fitted = await asyncio.to_thread(fitted_devices, folder, scenario, catalog)
        if len(fitted) >= len(scenario.devices) or time.monotonic() > limit:
            return fitted
        await asyncio.sleep(0.2)


async def _shown(client: Client, entity_ids: Sequence[str]) -> None:
    """Wait until sensors show a number; no longer than a while."""
    limit = time.monotonic() + _SETTLED
    while time.monotonic() < limit:
        states = {state["entity_id"]: state["state"] for state in await client.command("get_states")}
        if all(states.get(entity_id, "unknown") not in ("unknown", "unavailable") for entity_id in entity_ids):
            return
        await asyncio.sleep(0.2)


async def _entities(client: Client) -> dict[str, str]:
    """Return the integration's sensors that are on, by their unique ids."""
    rows = await client.command("config/entity_registry/list")
    return {row["unique_id"]: row["entity_id"] for row in rows if row["platform"] == DOMAIN and not row["disabled_by"]}


def _by_hour(counter: Counter, steps: range) -> dict[int, int]:
    """Add up what a counter counted in each hour."""
    hours: dict[int, int] = defaultdict(int)
    for start, amount in zip(steps, counter.amounts, strict=True):
        hours[start // HOUR * HOUR] += amount
    return hours


def _first_own(archive: Archive, past: Past) -> dict[str, int]:
    """Return the start of the first interval of each device that is not simulated: no device begins with a guess."""
    first: dict[str, int] = {}
    for row in archive.intervals(None, past.steps.start, past.steps.stop):
        if not row.estimated:
            first.setdefault(row.device, row.start // STEP * STEP)
    return first
