"""The cycle of 32 meters, beside the wire's time and beside Home Assistant's own ``modbus`` integration.

This module owns the comparison. Both run as real Home Assistants, each against a gateway of its own, and the cycle is
what the gateway sees: the time between two reads of the same registers.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Final

import yaml

from custom_components.legrand_ews.bus import FRAME_INTERVAL, plan
from custom_components.legrand_ews.catalog import Catalog

from . import home
from .field import METERS, TIMING, front, meter, registers, scenario_of, shown, target, wire_time
from .machine import quiet
from .table import Figure, percentile
from .watched import READS, WatchedPlant, cycles, pauses

if TYPE_CHECKING:
    from custom_components.legrand_ews.bus import Block, Target
    from custom_components.legrand_ews.catalog import Register
    from demo.server import Server

    from .home import Home
    from .watched import Transaction

PORT: Final = 15040
MOST_OF_WIRE: Final = 1.10
LEAST_TIMES_CORE: Final = 5.0
CYCLES: Final = 2
"""Full cycles to see of each, after the first."""
LEAST: Final = 45.0
"""s to watch at least."""
LIMIT: Final = 420.0
LOOK: Final = 3.0
PATIENCE: Final = 60.0
DATA_TYPES: Final = {1: "uint16", 2: "uint32"}
"""Of core's sensors, by words; the type does not change the time."""


@dataclass(frozen=True, kw_only=True)
class Entrant:
    """A Home Assistant and the gateway it reads."""

    server: Server
    port: int
    """Of the gateway."""
    reads: frozenset[tuple[int, int, int]]
    """What a cycle consists of: unit, address, words."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the gateway saw."""

    cycle: float
    """s between two reads of the same registers, the mean: what all units together take."""
    longest: float
    pause: float
    """s of quiet before a request that only one in a hundred falls short of."""


async def measure() -> list[Figure]:
    """Measure both with what is enabled by default, then with the whole front block."""
    device = meter(await asyncio.to_thread(Catalog.load))
    daily, block = target(device, shown(device)), target(device, front(device))
    options = {"measure_interval": 1}
    ours_daily = await home.with_gateways("bus-daily", scenario_of(), PORT, options=options)
    ours_block = await home.with_gateways(
        "bus-block", scenario_of(), PORT + 1, options=options, quantities=front(device)
    )
    ours, core = await _contest(_ours(ours_daily, PORT, daily), _core("bus-core", PORT + 2, registers(daily)))
    seen = registers(target(device, shown(device), counters=False))
    only, hasty = await _contest(
        _core("bus-core", PORT + 2, seen), _core("bus-hasty", PORT + 3, registers(daily), wait=False)
    )
    figures = _figures("default entities", daily, ours, core, hasty)
    figures += [
        Figure(name="  core's cycle with what is shown only, of ours", reached=only.cycle / ours.cycle),
        Figure(name="  core's requests with what is shown only", reached=METERS * len(seen)),
    ]
    ours, core = await _contest(_ours(ours_block, PORT + 1, block), _core("bus-core", PORT + 2, registers(block)))
    [hasty] = await _contest(_core("bus-hasty", PORT + 3, registers(block), wait=False))
    return [*figures, *_figures("whole front block", block, ours, core, hasty)]


def _figures(name: str, wanted: Target, ours: Seen, core: Seen, hasty: Seen) -> list[Figure]:
    """Return the figures of one comparison."""
    wire = METERS * wire_time(_blocks(wanted))
    return [
        Figure(name=f"{name}: our cycle, of the wire time", reached=ours.cycle / wire, wanted=MOST_OF_WIRE),
        Figure(
            name=f"{name}: core's cycle, of ours",
            reached=core.cycle / ours.cycle,
            wanted=LEAST_TIMES_CORE,
            at_least=True,
        ),
        Figure(name="  wire time of our requests", reached=wire, unit="s"),
        Figure(name="  our cycle", reached=ours.cycle, unit="s"),
        Figure(name="  our longest time between two reads of a unit", reached=ours.longest, unit="s"),
        Figure(name="  our requests in a cycle", reached=METERS * len(_blocks(wanted))),
        Figure(name="  our pause before a request, p1", reached=1000 * ours.pause, unit="ms"),
        Figure(name="  core's cycle", reached=core.cycle, unit="s"),
        Figure(name="  core's requests in a cycle", reached=METERS * len(registers(wanted))),
        Figure(name="  core's pause before a request, p1", reached=1000 * core.pause, unit="ms"),
        Figure(name="  core's cycle without the wait, of ours", reached=hasty.cycle / ours.cycle),
        Figure(name="  core's cycle without the wait", reached=hasty.cycle, unit="s"),
        Figure(name="  core's pause without the wait, p1", reached=1000 * hasty.pause, unit="ms"),
    ]


def _blocks(wanted: Target) -> list[Block]:
    """Return the reads of one unit's poll."""
    return plan(registers(wanted), wanted.profile.read)


def _ours(place: Home, port: int, wanted: Target) -> Entrant:
    """Return the entrant that runs this integration."""
    blocks = _blocks(wanted)
    reads = frozenset((unit, block.address, block.count) for unit in range(1, METERS + 1) for block in blocks)
    return Entrant(server=place.server(), port=port, reads=reads)


def _core(name: str, port: int, rows: list[Register], *, wait: bool = True) -> Entrant:
    """Return the entrant that runs Home Assistant's own integration, a sensor for each register of each meter."""
    sensors = [
        {
            "name": f"Meter {unit} {row.address:04x}",
            "device_address": unit,
            "address": row.address,
            "input_type": "holding",
            "data_type": DATA_TYPES[row.words],
            "scan_interval": 1,
        }
        for unit in range(1, METERS + 1)
        for row in rows
    ]
    hub = {"name": "line", "type": "tcp", "host": "127.0.0.1", "port": port, "sensors": sensors}
    if wait:
        hub["message_wait_milliseconds"] = round(1000 * FRAME_INTERVAL)
    server = home.yaml_only(name, yaml.safe_dump({"modbus": [hub]}))
    reads = frozenset((unit, row.address, row.words) for unit in range(1, METERS + 1) for row in rows)
    return Entrant(server=server, port=port, reads=reads)


async def _contest(*entrants: Entrant) -> list[Seen]:
    """Run entrants at the same time until each has been through its cycles."""
    await quiet(PATIENCE)
    async with AsyncExitStack() as stack:
        plants = []
        for entrant in entrants:
            plants.append(await stack.enter_async_context(WatchedPlant(scenario_of(), TIMING, entrant.port)))
            stack.push_async_callback(entrant.server.stop)
            await entrant.server.start()
        logs: list[list[Transaction]] = [[] for _ in entrants]
        begin = monotonic()
        while monotonic() - begin < LIMIT:
            await asyncio.sleep(LOOK)
            for plant, log in zip(plants, logs, strict=True):
                log.extend(await plant.log())
            enough = all(_rounds(log, entrant) > CYCLES for log, entrant in zip(logs, entrants, strict=True))
            if enough and monotonic() - begin > LEAST:
                break
        else:
            raise RuntimeError(f"not all registers were read {CYCLES + 1} times in {LIMIT:g} s")
    return [_seen(log, entrant) for log, entrant in zip(logs, entrants, strict=True)]


def _rounds(log: list[Transaction], entrant: Entrant) -> int:
    """Return how often each read of the cycle was made at the least."""
    made = Counter((row.unit, row.address, row.words) for row in log if row.function in READS)
    return min(made[read] for read in entrant.reads)


def _seen(log: list[Transaction], entrant: Entrant) -> Seen:
    """Return what the log says of the time after the first full cycle."""
    first: dict[tuple[int, int, int], float] = {}
    for row in log:
        first.setdefault((row.unit, row.address, row.words), row.arrival)
    since = max(first[read] for read in entrant.reads)
    own = [row for row in log if (row.unit, row.address, row.words) in entrant.reads]
    lengths = [length for found in cycles(own, since).values() for length in found]
    quiet_times = pauses(row for row in log if row.arrival >= since)
    return Seen(cycle=sum(lengths) / len(lengths), longest=max(lengths), pause=percentile(quiet_times, 1))
