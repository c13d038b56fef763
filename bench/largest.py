"""The largest installation: how long until all is there, what it costs from then on.

This module owns start, steady state and the comparison with an empty Home Assistant.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Final

from demo.client import Client
from plant.line import Timing
from plant.scenario import load_scenario

from . import home
from .machine import main_thread_time, process_time, quiet, resident
from .table import Figure
from .watched import WatchedPlant

if TYPE_CHECKING:
    from .home import Home

BASE_PORT: Final = 15020
START: Final = 20.0
LOAD: Final = 25.0
SETTLE: Final = 60.0
"""s after the start before the steady state: recorder and caches come to rest."""
STEADY: Final = 60.0
PATIENCE: Final = 120.0


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one Home Assistant took."""

    answering: float
    """s from the start of the process until it answers HTTP."""
    available: float
    """s from there until all entities are available."""
    start_computed: float
    """s that the event loop computed until then."""
    loop: float
    """% of a core in the steady state: the event loop's thread."""
    process: float
    """The same, all threads."""
    memory: float
    """MB."""


async def measure() -> list[Figure]:
    """Start an empty Home Assistant and the largest installation, one after the other."""
    scenario = await asyncio.to_thread(load_scenario, "max")
    nothing = await home.empty("empty")
    full = await home.with_gateways("max", scenario, BASE_PORT)
    await quiet(PATIENCE)
    bare = await _run(nothing)
    async with WatchedPlant(scenario, Timing(), BASE_PORT) as plant:
        await quiet(PATIENCE)
        before = process_time(plant.pid)
        begin = monotonic()
        run = await _run(full)
        served = 100 * (process_time(plant.pid) - before) / (monotonic() - begin)
    return [
        Figure(name="all entities available, s from the start", reached=run.available, unit="s", wanted=START),
        Figure(name="  Home Assistant answers after", reached=run.answering, unit="s"),
        Figure(name="  an empty one answers after", reached=bare.answering, unit="s"),
        Figure(name="  computed by the event loop until then", reached=run.start_computed, unit="s"),
        Figure(name="  an empty one", reached=bare.start_computed, unit="s"),
        Figure(name="event loop in the steady state, of one core", reached=run.loop, unit="%", wanted=LOAD),
        Figure(name="  an empty Home Assistant", reached=bare.loop, unit="%"),
        Figure(name="all threads, of one core", reached=run.process, unit="%"),
        Figure(name="  an empty Home Assistant", reached=bare.process, unit="%"),
        Figure(name="memory above an empty Home Assistant", reached=run.memory - bare.memory, unit="MB"),
        Figure(name="  an empty Home Assistant", reached=bare.memory, unit="MB"),
        Figure(name="entities enabled", reached=len(full.enabled)),
        Figure(name="entities disabled", reached=full.disabled),
        Figure(name="the plant, of the other core", reached=served, unit="%"),
    ]


async def _run(place: Home) -> Run:
    """Start a Home Assistant, wait for its entities, watch it for a while, stop it."""
    server = place.server()
    begin = monotonic()
    try:
        await server.start()
        answering = monotonic() - begin
        async with Client(server.url) as client:
            await client.sign_in()
            available = await home.until_available(client, place.enabled, begin)
            start_computed = main_thread_time(server.pid)
            await home.running(client)
        await asyncio.sleep(SETTLE)
        pid = server.pid
        loop, process, since = main_thread_time(pid), process_time(pid), monotonic()
        await asyncio.sleep(STEADY)
        passed = monotonic() - since
        return Run(
            answering=answering,
            available=available,
            start_computed=start_computed,
            loop=100 * (main_thread_time(pid) - loop) / passed,
            process=100 * (process_time(pid) - process) / passed,
            memory=resident(pid),
        )
    finally:
        await server.stop()
