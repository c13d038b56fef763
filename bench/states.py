"""How soon Home Assistant shows a trip, and how soon a command is confirmed, on a line that is fully polled.

This module owns the trips and the commands. Both are timed in the browser's place: from the moment the plant is told to
trip, or the action is called, until the new state arrives over a websocket.
"""

from __future__ import annotations

import asyncio
import math
from random import Random
from time import monotonic
from typing import TYPE_CHECKING, Final

from custom_components.legrand_ews.bus import FRAME_INTERVAL, plan
from custom_components.legrand_ews.catalog import Catalog

from . import home
from .field import MODEL, TIMING, meter, registers, scenario_of, shown, target
from .machine import quiet
from .screen import Screen
from .table import Figure, percentile
from .watched import WatchedPlant

if TYPE_CHECKING:
    from plant.scenario import Scenario

    from .watched import Transaction

PORT: Final = 15050
BREAKER: Final = "414930"
CONTACTOR: Final = "414931"
MODELS: Final = (*(MODEL,) * 28, *(BREAKER,) * 2, *(CONTACTOR,) * 2)
POLL: Final = 3.0
"""s, status poll time."""
INTERVAL: Final = 10
"""s, measure interval."""
MARGIN: Final = 1.0
"""s that a trip may take beyond the status poll time."""
TRIPS: Final = 16
"""Of each breaker."""
COMMANDS: Final = 110
CONFIRMED: Final = 1000.0
"""ms, 95 of 100 commands."""
SETTLE: Final = 15.0
SPREAD: Final = 0.6
PATIENCE: Final = 60.0


async def measure() -> list[Figure]:
    """Trip breakers at the plant, then switch contactors from Home Assistant."""
    scenario = scenario_of(models=MODELS)
    options = {"measure_interval": INTERVAL, "status_poll_time": f"{POLL:.0f}"}
    place = await home.with_gateways("states", scenario, PORT, options=options, commanded=frozenset({CONTACTOR}))
    await quiet(PATIENCE)
    async with WatchedPlant(scenario, TIMING, PORT) as plant, home.started(place) as (client, _):
        breakers, contactors = await home.entities_of(client, "breaker"), await home.entities_of(client, "contactor")
        async with Screen(client, [*breakers.values(), *contactors.values()]) as screen:
            await asyncio.sleep(SETTLE)
            await plant.log()
            since = monotonic()
            field = _Field(plant, screen, scenario)
            await asyncio.gather(*(field.trips(name, entity_id) for name, entity_id in breakers.items()))
            trip_log, turned = await plant.log(), monotonic()
            confirmed = await _commands(screen, list(contactors.values()))
            command_log, end = await plant.log(), monotonic()
    wanted = await _measure_block()
    return [
        *_figures("a trip until it is shown", field.shown, "s", {100: POLL + MARGIN}),
        *_figures("the breaker closed again until it is shown", field.closed, "s", {}),
        *_load("the trips", trip_log, turned - since, wanted),
        *_figures("a command until its state is shown", [1000 * one for one in confirmed], "ms", {95: CONFIRMED}),
        *_load("the commands", command_log, end - turned, wanted),
    ]


class _Field:
    """Somebody at the panel, who trips breakers."""

    def __init__(self, plant: WatchedPlant, screen: Screen, scenario: Scenario) -> None:
        """Know the plant and the screen."""
        self.shown: list[float] = []
        """s from each trip until it was shown."""
        self.closed: list[float] = []
        """s from each reset."""
        self._plant = plant
        self._screen = screen
        self._addresses = {device.name: device.address for device in scenario.devices}
        self._one_at_a_time = asyncio.Lock()
        self._random = Random(1)  # noqa: S311 -- moments, not secrets

    async def trips(self, device: str, entity_id: str) -> None:
        """Trip a breaker over and over at random moments of its poll, and reset it."""
        address = self._addresses[device]
        await self._screen.seen(entity_id, "closed")
        for _ in range(TRIPS):
            self.shown.append(await self._until(f"trip 1 {address}", entity_id, "tripped"))
            self.closed.append(await self._until(f"clear 1 {address}", entity_id, "closed"))

    async def _until(self, line: str, entity_id: str, state: str) -> float:
        """Do something at the plant at a random moment; return the s until the state is shown."""
        await asyncio.sleep(self._random.uniform(0, POLL))
        async with self._one_at_a_time:
            begin = monotonic()
            await self._plant.command(line)
        return await self._screen.seen(entity_id, state) - begin


async def _commands(screen: Screen, entity_ids: list[str]) -> list[float]:
    """Switch contactors at random moments; return the s of each from the call until its state is shown."""
    random = Random(2)  # noqa: S311 -- moments, not secrets
    taken: list[float] = []
    for number in range(COMMANDS):
        entity_id = entity_ids[number % len(entity_ids)]
        turn_off = screen.states[entity_id] == "on"
        await asyncio.sleep(random.uniform(0, SPREAD))
        begin = monotonic()
        call = asyncio.create_task(screen.action("switch", f"turn_{'off' if turn_off else 'on'}", entity_id=entity_id))
        taken.append(await screen.seen(entity_id, "off" if turn_off else "on") - begin)
        await call
    return taken


async def _measure_block() -> tuple[int, int]:
    """Return address and words of the read that a poll of a meter's measures makes."""
    device = meter(await asyncio.to_thread(Catalog.load))
    wanted = target(device, shown(device))
    [block] = plan(registers(wanted), wanted.profile.read)
    return block.address, block.count


def _figures(name: str, values: list[float], unit: str, wanted: dict[int, float]) -> list[Figure]:
    """Return how long something took: half of them, 95 of 100, the longest."""
    texts = {50: "p50", 95: "p95", 100: "longest"}
    return [
        Figure(name=f"{name}, {text}", reached=percentile(values, percent), unit=unit, wanted=wanted.get(percent))
        for percent, text in texts.items()
    ] + [Figure(name="  times", reached=len(values))]


def _load(name: str, log: list[Transaction], seconds: float, wanted: tuple[int, int]) -> list[Figure]:
    """Return how busy the line was, its pauses included, and how often the meters were read."""
    taken = sum(row.end - row.arrival + FRAME_INTERVAL for row in log)
    meters = MODELS.count(MODEL)
    address, words = wanted
    reads = sum(row.unit <= meters and row.address <= address and row.words >= words for row in log)
    return [
        Figure(name=f"  the line is taken during {name}", reached=100 * taken / seconds, unit="%"),
        Figure(
            name="  mean time between two reads of a meter's measures",
            reached=meters * seconds / reads if reads else math.inf,
            unit="s",
        ),
    ]
