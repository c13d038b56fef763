"""How long a write waits while 32 meters are polled as fast as the line allows.

This module owns the writes. They go through the bus room as the integration's do; the line is ``field``'s.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from random import Random
from time import monotonic
from typing import TYPE_CHECKING, Final

from modbus_connection.exceptions import ModbusError, ModbusExceptionError

from custom_components.legrand_ews.bus import FRAME_INTERVAL, Priority
from custom_components.legrand_ews.catalog import Catalog

from .field import METERS, TIMING, Line, longest_request, meter, scenario_of, shown, target
from .table import Figure, percentile
from .watched import WatchedPlant

if TYPE_CHECKING:
    from custom_components.legrand_ews.bus import UnitClient

    from .watched import Transaction

ADDRESS: Final = 0x106F
"""4207: a word that the meter lets write. Whether it takes the value is not what is measured."""
WRITE_WORDS: Final = 16
WRITES: Final = 300
QUEUED: Final = 16
MARGIN: Final = 0.025
"""s that the program may take on top of what the line needs."""
WARM_UP: Final = 10.0
SPREAD: Final = 0.4
"""s over which the moment of a write is spread: several requests long."""
QUEUE_SPREAD: Final = 0.15


async def measure() -> list[Figure]:
    """Write at random moments of the cycle, alone and past a queue of commands."""
    catalog = await asyncio.to_thread(Catalog.load)
    wanted = target(meter(catalog), shown(meter(catalog)))
    random = Random(1)  # noqa: S311 -- moments, not secrets
    async with (
        WatchedPlant(scenario_of(), TIMING) as plant,
        Line(plant.ports[0], wanted, range(1, METERS + 1)) as line,
    ):
        bound = longest_request(line.readers[1].planned([wanted])) + FRAME_INTERVAL + MARGIN
        await asyncio.sleep(WARM_UP)
        await plant.log()
        alone = [await _write_alone(line, random) for _ in range(WRITES)]
        log = await plant.log()
        first = [await _write_past_queue(line, random) for _ in range(WRITES)]
        log += await plant.log()
    answered = _writes(log)
    if answered < 2 * WRITES:
        raise RuntimeError(f"only {answered} of {2 * WRITES} writes were answered")
    return [
        *_figures("a command", alone, bound),
        *_figures(f"safety past {QUEUED} commands", first, bound),
        Figure(name="longest request on the line", reached=1000 * (bound - FRAME_INTERVAL - MARGIN), unit="ms"),
        Figure(name="writes that the plant answered", reached=answered),
    ]


def _writes(log: list[Transaction]) -> int:
    """Return how many writes were answered."""
    return sum(row.function == WRITE_WORDS and row.answered for row in log)


def _figures(name: str, latencies: list[float], bound: float) -> list[Figure]:
    """Return the figures of one kind of write, ms from the call to the answer."""
    rows = [(f"{name}, p50", 50, None), (f"{name}, p99", 99, 1000 * bound), (f"{name}, longest", 100, None)]
    return [
        Figure(name=text, reached=1000 * percentile(latencies, percent), unit="ms", wanted=wanted)
        for text, percent, wanted in rows
    ]


async def _write_alone(line: Line, random: Random) -> float:
    """Send one command at a random moment; return how long it took, s."""
    await asyncio.sleep(random.uniform(0, SPREAD))
    return await _timed(random.choice(list(line.clients.values())), Priority.COMMAND, random)


async def _write_past_queue(line: Line, random: Random) -> float:
    """Queue commands, and send one of the safety class a moment later; return how long that took, s."""
    clients = list(line.clients.values())
    await asyncio.sleep(random.uniform(0, SPREAD))
    queue = [asyncio.create_task(_timed(random.choice(clients), Priority.COMMAND, random)) for _ in range(QUEUED + 1)]
    # The one more is for the command that goes out before.
    await asyncio.sleep(random.choice((0.0, random.uniform(0, QUEUE_SPREAD))))
    while sum(not task.done() for task in queue) < QUEUED:
        queue.append(asyncio.create_task(_timed(random.choice(clients), Priority.COMMAND, random)))
        await asyncio.sleep(0)
    taken = await _timed(random.choice(clients), Priority.SAFETY, random)
    left = [task for task in queue if not task.done()]
    # The first that is left may be on the wire; the others have not begun.
    for task in left[1:]:
        task.cancel()
    for task in left:
        with suppress(asyncio.CancelledError):
            await task
    return taken


async def _timed(client: UnitClient, priority: Priority, random: Random) -> float:
    """Write one word; return the s until the answer, an exception of the device included."""
    begin = monotonic()
    try:
        await client.write_registers(priority, ADDRESS, [random.randrange(2)])
    except ModbusExceptionError:
        pass
    except ModbusError as error:
        raise RuntimeError(f"a write was not answered: {error}") from error
    return monotonic() - begin
