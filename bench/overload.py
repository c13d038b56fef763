"""How soon a car is told to take less once the building's load is too much, on a line where all else goes on too.

This module owns the jumps of that load, the car park they are felt in, and what became of them. All is timed in the
plant: from the moment its main carries more than the limit until a station has answered the write that lowers its
current. Green'Up is set up through its forms, as a user would.
"""

from __future__ import annotations

import asyncio
import math
from bisect import bisect_right
from collections import Counter
from dataclasses import replace
from random import Random
from statistics import fmean
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from custom_components.legrand_ews.bus import STATION_FRAME_INTERVAL
from demo.panel import DOMAIN
from plant.line import Mode, Timing
from plant.scenario import read_scenario

from . import home
from .field import MODEL
from .machine import quiet
from .table import Figure, percentile
from .watched import READS, WatchedPlant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from demo.client import Client
    from plant.scenario import Scenario

    from .watched import Carried, Transaction

PORTS: Final[Mapping[int, int]] = {19200: 15066, 9600: 15067}
"""The gateway's port by the speed of its line, bit/s."""
JUMPS: Final = 100
WANTED: Final = 3.0
"""s, 99 of 100 overloads."""
METER: Final = "Main meter"
OVENS: Final = "Ovens"
STATION: Final = "059014"
STATIONS: Final = 8
DEVICES: Final = (*(MODEL,) * 15, *("414930",) * 2, *("414931",) * 2)
"""What else is behind the gateway, beside the main meter and the stations."""
METERED: Final = range(2, 2 + DEVICES.count(MODEL))
"""Addresses of the other meters."""
STATIONED: Final = range(len(DEVICES) + 2, len(DEVICES) + 2 + STATIONS)
"""Addresses of the stations."""
LIMIT: Final = 250.0
"""A: the cars alone can draw 256."""
FORMS: Final[tuple[tuple[str, Mapping[str, object]], ...]] = (
    ("greenup_limits", {"max_current": LIMIT, "charge_current": LIMIT - 1, "more": {"margin": 1}}),
    ("greenup_times", {"hold_time": 10, "on_stop": "keep"}),
)
"""Beside the meter. A margin that follows the noise would learn from the jumps, and take back more than they ask."""
OVER: Final = (2.0, 8.0)
"""A that a jump goes beyond the limit."""
MOST: Final = 140.0
"""A of the ovens beyond which there is too little left to take from cars."""
NEAR: Final = 15.0
"""A below the limit from which on the cars have taken what there is."""
CALM: Final = 3.0
"""s that cars and plant need to follow an order: before, an overload would be ended by what was ordered earlier."""
PERIOD: Final = 10.0
"""s between two looks of the load manager at the stations: over so long the moment of a jump is spread."""
QUIET: Final = 60.0
PATIENCE: Final = 400.0
"""s until the main is as wanted: at the start cars are let in one after the other."""
LOOK: Final = 0.5
WRITE_WORD: Final = 6
LIMIT_REGISTER: Final = 0x6100


class Run(NamedTuple):
    """What was seen of a line."""

    jumps: list[Carried]
    """The moments of overload."""
    carried: list[Carried]
    log: list[Transaction]
    """From the first order on."""
    begin: float
    end: float

    @property
    def lasting(self) -> list[Transaction]:
        """What passed the line while the load jumped."""
        return [row for row in self.log if row.arrival >= self.begin]

    @property
    def seconds(self) -> float:
        """How long that was."""
        return self.end - self.begin


async def measure(jumps: int = JUMPS) -> list[Figure]:
    """Let the building's load jump, at both speeds of the line at once: each has a Home Assistant of its own."""
    scenario = car_park()
    places = {baudrate: await _place(baudrate, scenario) for baudrate in PORTS}
    await quiet(QUIET)
    runs = await asyncio.gather(*(_run(baudrate, place, scenario, jumps) for baudrate, place in places.items()))
    return [figure for baudrate, run in zip(places, runs, strict=True) for figure in figures(baudrate, run)]


def car_park() -> Scenario:
    """Return a main meter, other devices and stations behind one gateway."""
    circuits = [f"Circuit {number}" for number, _ in enumerate(DEVICES, 1)]
    bays = [f"Bay {number}" for number in range(1, STATIONS + 1)]
    loads: list[dict[str, Any]] = [{"name": OVENS, "shape": "server_room", "peak": 0}]
    loads += [{"name": name, "shape": "office_sockets", "peak": 2000} for name in circuits]
    loads += [{"name": name, "shape": "car_on_call", "peak": 22080} for name in bays]
    rows = [(METER, MODEL, "Mains"), *((name, model, name) for name, model in zip(circuits, DEVICES, strict=True))]
    devices: list[dict[str, Any]] = [
        {"name": name, "model": model, "address": address, "at": place}
        for address, (name, model, place) in enumerate([*rows, *((name, STATION, name) for name in bays)], 1)
    ]
    devices[0]["registers"] = {"ct": 80}
    gateways = [{"name": "Car park", "area": "Car park", "devices": devices}]
    return read_scenario("overload", {"tree": {"name": "Mains", "children": loads}, "gateways": gateways})


async def _place(baudrate: int, scenario: Scenario) -> home.Home:
    """Return a Home Assistant with the car park, of which nothing need be available: cars that charge tell enough."""
    name = f"overload-{baudrate}"
    place = await home.with_gateways(name, scenario, PORTS[baudrate], commanded=frozenset({STATION}))
    return replace(place, enabled=frozenset())


async def _run(baudrate: int, place: home.Home, scenario: Scenario, jumps: int) -> Run:
    """Let cars charge, and the load jump so many times."""
    timing = Timing(mode=Mode.RTU, baudrate=baudrate)
    async with WatchedPlant(scenario, timing, PORTS[baudrate]) as plant, home.started(place) as (client, _):
        await manage(client)
        for device in scenario.devices:
            if device.model == STATION:
                await plant.command(f'plug "{device.name}" need_kwh=1000')
        site = _Site(plant, baudrate)
        await site.until(LIMIT - NEAR, lasting=PERIOD)
        begin = monotonic()
        for _ in range(jumps):
            await site.jump()
        return Run(jumps=site.jumps, carried=site.carried, log=await plant.log(), begin=begin, end=monotonic())


async def manage(client: Client) -> None:
    """Set Green'Up up: the main meter is read every second."""
    entries = {row["title"]: row["entry_id"] for row in await client.command("config_entries/get", domain=DOMAIN)}
    rows = [
        row
        for entry_id in entries.values()
        for row in await client.command("config_entries/subentries/list", entry_id=entry_id)
    ]
    meter = next(row["subentry_id"] for row in rows if row["title"] == METER)
    [site] = [entry_id for title, entry_id in entries.items() if title != "Car park"]
    path = f"{home.OPTIONS}/{(await home.chosen(client, site, 'greenup'))['flow_id']}"
    for step, form in (("greenup_meter", {"meter": meter, "interval": 1}), *FORMS):
        await client.post(path, {"next_step_id": step})
        shown = await client.post(path, dict(form))
        if shown["step_id"] != "greenup":
            raise RuntimeError(f"{step}: {shown.get('errors')}")
    await client.post(path, {"next_step_id": "greenup_finish"})


class _Site:
    """The building whose load jumps."""

    def __init__(self, plant: WatchedPlant, seed: int) -> None:
        """Begin with cold ovens."""
        self.jumps: list[Carried] = []
        self.carried: list[Carried] = []
        self._plant = plant
        self._random = Random(seed)  # noqa: S311 -- moments, not secrets
        self._ovens = 0.0

    async def jump(self) -> None:
        """Let the main carry too much at a random moment, and wait until it does not any more."""
        if self._ovens > MOST:
            self._ovens = 0.0
            await self._plant.draw(OVENS, 0.0)
        await self.until(LIMIT - NEAR, lasting=CALM)
        await asyncio.sleep(self._random.uniform(0, PERIOD))
        now = await self.until(LIMIT - NEAR, lasting=CALM)
        self._ovens += LIMIT - now + self._random.uniform(*OVER)
        self.jumps.append(await self._plant.draw(OVENS, self._ovens))
        await self.until(0.0)

    async def until(self, low: float, *, lasting: float = 0.0) -> float:
        """Return the A on the main once they lie between ``low`` and the limit, and did for so many s.

        Raises ``RuntimeError`` where that takes too long.
        """
        begin = since = monotonic()
        while True:
            rows = await self._plant.carried()
            self.carried += rows
            now = monotonic()
            if not all(low <= row.current <= LIMIT for row in rows):
                since = now
            elif now - since >= lasting:
                return rows[-1].current
            if now - begin > PATIENCE:
                raise RuntimeError(f"the main carries {rows[-1].current:.1f} A after {PATIENCE:g} s")
            await asyncio.sleep(LOOK)


def figures(baudrate: int, run: Run) -> list[Figure]:
    """Return what is told of a line."""
    cuts = lowered(run.log)
    calm = [row.at for row in run.carried if row.current <= LIMIT]
    spans = [(_after(jump.at, cuts), _after(jump.at, calm)) for jump in run.jumps]
    # What is gone before was ended by an earlier order, or by itself.
    counted = [(told, gone) for told, gone in spans if told <= gone]
    told, gone = [span[0] for span in counted], [span[1] for span in counted]
    bounds = {50: None, 99: WANTED, 100: None}
    names = {50: "p50", 99: "p99", 100: "longest"}
    taken = sum(row.end - row.arrival + STATION_FRAME_INTERVAL for row in run.lasting)
    rows = [
        Figure(
            name=f"{baudrate} bit/s: overload until a lower current is written, {names[percent]}",
            reached=percentile(told, percent),
            unit="s",
            wanted=wanted,
        )
        for percent, wanted in bounds.items()
    ]
    rows += [
        Figure(name=f"  overload until it is gone, {names[percent]}", reached=percentile(gone, percent), unit="s")
        for percent in bounds
    ]
    return [
        *rows,
        Figure(name="  overloads", reached=len(counted)),
        Figure(name="  the line is taken", reached=100 * taken / run.seconds, unit="%"),
        Figure(name="  requests on the line", reached=len(run.lasting) / run.seconds, unit="/s"),
        Figure(name="  reads of the main meter", reached=1 / interval(run, [1]), unit="/s"),
        Figure(name="  mean time between two reads of a station", reached=interval(run, STATIONED), unit="s"),
        Figure(name="  mean time between two reads of another meter", reached=interval(run, METERED), unit="s"),
    ]


def lowered(log: Iterable[Transaction]) -> list[float]:
    """Return when stations had answered the writes that lowered their limits, in their order."""
    limits: dict[int, int] = {}
    found = []
    for row in sorted(log, key=lambda row: row.end):
        if row.function == WRITE_WORD and row.address == LIMIT_REGISTER and row.answered and row.value is not None:
            if row.value < limits.get(row.unit, row.value):
                found.append(row.end)
            limits[row.unit] = row.value
    return found


def _after(moment: float, events: Sequence[float]) -> float:
    """Return the s from a moment to the next event; endless where there is none."""
    place = bisect_right(events, moment)
    return events[place] - moment if place < len(events) else math.inf


def interval(run: Run, units: Sequence[int]) -> float:
    """Return the s between two reads of what is read most often of a unit, of some units on average."""
    reads: dict[int, Counter[tuple[int, int]]] = {unit: Counter() for unit in units}
    for row in run.lasting:
        if row.unit in reads and row.function in READS:
            reads[row.unit][row.address, row.words] += 1
    rate = fmean(max(found.values(), default=0) for found in reads.values()) / run.seconds
    return 1 / rate if rate else math.inf
