"""A storm: a thousand alarms in a minute, from a hundred devices behind ten gateways.

This module owns the storm, made of real changes at the plant, and the count of what became of it. The event loop of
Home Assistant is timed from inside by ``probe``.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from demo.panel import DOMAIN
from plant.line import Timing

from . import home
from .field import scenario_of
from .machine import main_thread_time, quiet
from .screen import Screen
from .table import Figure
from .watched import WatchedPlant

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable, Mapping
    from pathlib import Path

    from demo.server import Server
    from plant.scenario import Scenario

PORT: Final = 15060
GATEWAYS: Final = 10
MODELS: Final = ("414930",) * 10
DEVICES: Final = GATEWAYS * len(MODELS)
STEPS: Final = (
    ("trip {} *", "breaker", "breaker_tripped"),
    ("alarm {} * configuration_error on", "configuration_error", "configuration_error"),
    ("alarm {} * duplicated on", "duplicated", "configuration_error"),
    ("hand {} * breaker open", "breaker", "breaker_opened"),
    ("alarm {} * configuration_error off", "configuration_error", "configuration_cleared"),
    ("alarm {} * duplicated off", "duplicated", "configuration_cleared"),
    ("hand {} * breaker closed", "breaker", "breaker_closed"),
    ("alarm {} * configuration_error on", "configuration_error", "configuration_error"),
    ("alarm {} * duplicated on", "duplicated", "configuration_error"),
    ("trip {} *", "breaker", "breaker_tripped"),
)
"""What befalls all devices of a gateway at once, in turn, and the state and event that it makes.

No event comes more than twice at a state: nothing is damped.
"""
ALARMS: Final = DEVICES * len(STEPS)
MINUTE: Final = 60.0
STEP: Final = MINUTE / len(STEPS)
"""s: longer than the status poll time and the polls of a gateway's other devices, so that no change is overtaken."""
SETTLE: Final = 15.0
CALM: Final = 15.0
"""s before the storm, to know what the same polls cost without it."""
AFTER: Final = 8.0
"""s until the last change is polled and written."""
BLOCK: Final = 50.0
"""ms."""
PATIENCE: Final = 60.0


class Span(NamedTuple):
    """What some time took of Home Assistant."""

    seconds: float
    computed: float
    """s that the event loop's thread computed."""
    probe: dict[str, Any]
    """What the probe says, see ``probe``."""


async def measure() -> list[Figure]:
    """Let the storm pass, and count."""
    scenario = scenario_of(GATEWAYS, MODELS)
    place = await home.with_gateways("alarms", scenario, PORT, options={"status_poll_time": "3"}, probe=True)
    journal = place.folder / ".storage" / f"{DOMAIN}.journal.jsonl"
    await asyncio.to_thread(journal.unlink, missing_ok=True)
    await quiet(PATIENCE)
    async with WatchedPlant(scenario, Timing(), PORT) as plant, home.started(place) as (client, server):
        events = await home.entities_of(client, "alarm")
        async with Screen(client, list(events.values())) as screen:
            await asyncio.sleep(SETTLE)
            before = await _entries(screen)
            calm = await _timed(screen, server, asyncio.sleep(CALM))
            screen.writes.clear()
            storm = await _timed(screen, server, _storm(plant))
            entries = [row for row in await _entries(screen) if row not in before]
            lines = await asyncio.to_thread(_written, journal)
    return [
        *_counts(scenario, entries, [lines[row["id"]] for row in entries if row["id"] in lines]),
        *_shown(scenario, events, screen.writes),
        *_blocks(calm, storm),
    ]


async def _storm(plant: WatchedPlant) -> None:
    """Let all steps befall all devices, one every few s, and wait until the last is through."""
    begin = monotonic()
    for number, (line, _, _) in enumerate(STEPS):
        await asyncio.sleep(max(0.0, begin + number * STEP - monotonic()))
        for gateway in range(1, GATEWAYS + 1):
            await plant.command(line.format(gateway))
    await asyncio.sleep(max(0.0, begin + MINUTE + AFTER - monotonic()))


async def _timed(screen: Screen, server: Server, what: Awaitable[None]) -> Span:
    """Do something while the probe watches Home Assistant's event loop."""
    begin, computed = monotonic(), main_thread_time(server.pid)
    await screen.action(home.PROBE, "start")
    await what
    probe = await screen.action(home.PROBE, "stop", response=True)
    return Span(seconds=monotonic() - begin, computed=main_thread_time(server.pid) - computed, probe=probe)


async def _entries(screen: Screen) -> list[dict[str, Any]]:
    """Return the journal as the action tells it."""
    found: list[dict[str, Any]] = (await screen.action(DOMAIN, "list_alarms", response=True, limit=20_000))["alarms"]
    return found


def _written(journal: Path) -> dict[int, dict[str, Any]]:
    """Return the entries of the journal's file by id; blocking."""
    rows = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    return {row["id"]: row for row in rows if "id" in row}


def lost(devices: Iterable[str], entries: Iterable[Mapping[str, Any]]) -> int:
    """Return how many of the storm's alarms have no entry of their own: by device, state and event."""
    wanted = Counter((device, subject, event) for device in devices for _, subject, event in STEPS)
    found = Counter((row["device"], row["subject"], row["event"]) for row in entries)
    return (wanted - found).total()


def _counts(scenario: Scenario, entries: list[dict[str, Any]], lines: list[dict[str, Any]]) -> list[Figure]:
    """Return what is in the journal and in its file."""
    devices = [device.name for device in scenario.devices]
    return [
        Figure(name="alarms in a minute", reached=ALARMS),
        Figure(name="  lost: not in the journal", reached=lost(devices, entries), wanted=0),
        Figure(name="  lost: not in its file", reached=lost(devices, lines), wanted=0),
        Figure(name="  joined with others", reached=sum(row["count"] - 1 for row in entries), wanted=0),
        Figure(name="  entries too many", reached=max(0, len(entries) - ALARMS), wanted=0),
    ]


def _shown(scenario: Scenario, events: Mapping[str, str], writes: Iterable[str]) -> list[Figure]:
    """Return what the event entities told: the devices', and that of the whole site."""
    made = Counter(writes)
    devices = [events[device.name] for device in scenario.devices]
    gateways = {gateway.name for gateway in scenario.gateways}
    site = [row for name, row in events.items() if row not in devices and name not in gateways]
    return [
        Figure(name=f"  lost: not told by {name}", reached=ALARMS - sum(made[row] for row in rows), wanted=0)
        for name, rows in (("the event of their device", devices), ("the event of the site", site))
    ]


def _blocks(calm: Span, storm: Span) -> list[Figure]:
    """Return what the storm took of the event loop."""
    [late, computed, collected, records], *others = storm.probe["worst"]
    more = 100 * (storm.computed / storm.seconds - calm.computed / calm.seconds)
    told = storm.probe["records"] or 1
    return [
        Figure(name="longest block of the event loop", reached=1000 * late, unit="ms", wanted=BLOCK),
        Figure(name="  computed in it", reached=1000 * computed, unit="ms"),
        Figure(name="  garbage collection in it", reached=1000 * collected, unit="ms"),
        Figure(name="  alarms in it", reached=records),
        Figure(name="  the next longest", reached=1000 * others[0][0], unit="ms"),
        Figure(name="  the longest before the storm", reached=1000 * calm.probe["worst"][0][0], unit="ms"),
        Figure(
            name="an alarm: journal, events and their entities",
            reached=1e6 * storm.probe["record_time"] / told,
            unit="µs",
        ),
        Figure(name="  the longest", reached=1e6 * storm.probe["record_longest"], unit="µs"),
        Figure(name="event loop before the storm, of one core", reached=100 * calm.computed / calm.seconds, unit="%"),
        Figure(name="  in the storm", reached=100 * storm.computed / storm.seconds, unit="%"),
        Figure(name="  the storm's share, of an alarm", reached=1e4 * more * storm.seconds / ALARMS, unit="µs"),
    ]
