"""The plant in a process of its own, with a log of every transaction and of what its mains carry.

This module owns that process and what the logs say. The plant itself knows no log: each gateway's answers are listened
to from outside.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, Self

from plant.control import BadCommandError, run
from plant.electrical import PHASES, Load
from plant.site import Plant

if TYPE_CHECKING:
    from collections.abc import Iterable
    from multiprocessing.connection import Connection
    from types import TracebackType

    from pymodbus.pdu import ModbusPDU

    from plant.electrical import Drawn, Installation
    from plant.gateway import Gateway
    from plant.line import Timing
    from plant.scenario import Scenario

LOG = "log"
CARRIED = "carried"
DRAW = "draw"
READS = frozenset({1, 2, 3, 4})
STOP_LIMIT = 10.0


class Transaction(NamedTuple):
    """A request as the gateway saw it; times on the system's monotonic clock, s."""

    gateway: int
    unit: int
    function: int
    address: int
    words: int
    """Asked for, or written."""
    arrival: float
    end: float
    """When the answer was sent, or nobody was waited for any longer."""
    answered: bool
    value: int | None = None
    """What a write of one word wrote."""


class Carried(NamedTuple):
    """What the mains carry from a moment on: s on the system's monotonic clock, A of the phase with the most."""

    at: float
    current: float


class WatchedPlant:
    """A plant in another process: ``async with WatchedPlant(scenario, timing) as plant``."""

    def __init__(self, scenario: Scenario, timing: Timing, base_port: int = 0) -> None:
        """Prepare; nothing starts yet."""
        self.ports: list[int] = []
        context = multiprocessing.get_context("spawn")
        self._pipe, far = context.Pipe()
        self._process = context.Process(target=_main, args=(far, scenario, timing, base_port), daemon=True)
        self._far = far

    async def __aenter__(self) -> Self:
        """Start, and wait until the gateways listen."""
        self._process.start()
        self._far.close()
        self.ports = await asyncio.to_thread(self._pipe.recv)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self._pipe.close()
        await asyncio.to_thread(self._process.join, STOP_LIMIT)
        if self._process.is_alive():
            self._process.kill()

    @property
    def pid(self) -> int:
        """The process id, while running."""
        return self._process.pid or 0

    async def log(self) -> list[Transaction]:
        """Return what has ended since the last call."""
        self._pipe.send(LOG)
        return [Transaction(*row) for row in await asyncio.to_thread(self._pipe.recv)]

    async def carried(self) -> list[Carried]:
        """Return what the mains have carried since the last call, and what they carry now."""
        self._pipe.send(CARRIED)
        rows: list[Carried] = await asyncio.to_thread(self._pipe.recv)
        return rows

    async def draw(self, load: str, current: float) -> Carried:
        """Let a load draw so many A on each phase from now on; return what the mains then carry."""
        self._pipe.send((DRAW, load, current))
        row: Carried = await asyncio.to_thread(self._pipe.recv)
        return row

    async def command(self, line: str) -> str:
        """Carry out a line of the plant's control. Raises ``BadCommandError``."""
        self._pipe.send(line)
        answer = await asyncio.to_thread(self._pipe.recv)
        if isinstance(answer, BadCommandError):
            raise answer
        return str(answer)


def _main(pipe: Connection, scenario: Scenario, timing: Timing, base_port: int) -> None:
    """Run the plant until the other end of the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(_serve(pipe, scenario, timing, base_port))


async def _serve(pipe: Connection, scenario: Scenario, timing: Timing, base_port: int) -> None:
    """Serve the gateways and obey the pipe."""
    log: list[tuple[object, ...]] = []
    async with Plant(scenario, timing=timing, base_port=base_port) as plant:
        for place, gateway in enumerate(plant.gateways):
            _listen(place, gateway, log)
        mains = _Mains(plant.installation)
        pipe.send([gateway.port for gateway in plant.gateways])
        while (line := await asyncio.to_thread(_receive, pipe)) is not None:
            if line == LOG:
                pipe.send(log.copy())
                log.clear()
            elif line == CARRIED:
                pipe.send(mains.take())
            elif isinstance(line, tuple):
                pipe.send(mains.draw(*line[1:]))
            else:
                pipe.send(await _obey(plant, line))


async def _obey(plant: Plant, line: str) -> str | BadCommandError:
    """Carry out a line of the plant's control."""
    try:
        return await run(plant, line)
    except BadCommandError as error:
        return error


def _receive(pipe: Connection) -> str | tuple[str, str, float] | None:
    """Return the next line, None at the end."""
    try:
        line: str | tuple[str, str, float] = pipe.recv()
    except EOFError:
        return None
    return line


class _Mains:
    """Notes what the mains carry whenever that may have changed, and lets loads draw what it is told."""

    def __init__(self, installation: Installation) -> None:
        """Begin to note."""
        self._installation = installation
        self._clock = asyncio.get_running_loop().time
        self._rows: list[Carried] = []
        installation.on_step.append(self._note)
        self._note()

    def take(self) -> list[Carried]:
        """Return what was noted since the last call, and what holds now."""
        self._note()
        rows, self._rows = self._rows, []
        return rows

    def draw(self, name: str, current: float) -> Carried:
        """Let a load draw so many A on each phase; return what the mains then carry."""
        load = self._installation.nodes[name]
        assert isinstance(load, Load)  # noqa: S101 -- the benchmark's scenario has it
        load.outlet = _Constant(self._installation, current)
        self._installation.renew(load)
        self._note()
        return self._rows[-1]

    def _note(self) -> None:
        """Note what the mains carry."""
        pairs = zip(self._installation.root.apparent[:PHASES], self._installation.voltage, strict=True)
        self._rows.append(Carried(self._clock(), max(power / voltage for power, voltage in pairs)))


class _Constant:
    """Draws the same current on all phases."""

    def __init__(self, installation: Installation, current: float) -> None:
        """Take the A of each phase."""
        self._installation = installation
        self._current = current

    def drawn(self) -> Drawn:
        """Return the powers of this current."""
        return [round(self._current * voltage) for voltage in self._installation.voltage], [0] * PHASES


def _listen(place: int, gateway: Gateway, log: list[tuple[object, ...]]) -> None:
    """Note every transaction of a gateway when it is over."""
    answer = gateway.answer
    clock = asyncio.get_running_loop().time

    async def listened(request: ModbusPDU, arrival: float) -> ModbusPDU | None:
        """Answer, and note it."""
        response = await answer(request, arrival)
        count = request.count or len(request.registers)
        row = (place, request.dev_id, request.function_code, request.address, count, arrival, clock())
        log.append((*row, response is not None, request.registers[0] if count == 1 and request.registers else None))
        return response

    gateway.answer = listened  # type: ignore[method-assign]


def cycles(log: Iterable[Transaction], since: float = 0.0) -> dict[int, list[float]]:
    """Return, by unit, the s between successive reads of the same registers that arrived after a moment."""
    reads: dict[tuple[int, int, int, int], list[float]] = defaultdict(list)
    for row in log:
        if row.function in READS and row.arrival >= since:
            reads[row.unit, row.function, row.address, row.words].append(row.arrival)
    found: dict[int, list[float]] = defaultdict(list)
    for (unit, *_), arrivals in reads.items():
        found[unit].extend(later - earlier for earlier, later in pairwise(sorted(arrivals)))
    return dict(found)


def pauses(log: Iterable[Transaction]) -> list[float]:
    """Return the s between each answer and the request after it."""
    ordered = sorted(log, key=lambda row: row.arrival)
    return [later.arrival - earlier.end for earlier, later in pairwise(ordered)]
