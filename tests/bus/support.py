"""An event loop without waiting, and a unit in memory."""

from __future__ import annotations

import asyncio
import selectors
from typing import TYPE_CHECKING, Any, cast, override

from modbus_connection.exceptions import ModbusTimeoutError

from custom_components.legrand_ews.bus import FRAME_INTERVAL, Link, UnitClient
from custom_components.legrand_ews.catalog import Confidence, DataType, Measure, Profile, Register, Space

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence

    from modbus_connection import ModbusUnit

type Request = tuple[Space, int, int]
"""Space, address and count of a read."""

ANSWER = 0.01
"""Time a unit takes to answer, s."""
SILENCE = 1.0
"""Time after which a connection gives a silent unit up, s."""


class _Jump(selectors.DefaultSelector):
    """A selector that lets the time pass instead of waiting."""

    now = 0.0

    @override
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Pass ``timeout`` at once; nothing to wait for is a deadlock."""
        assert timeout is not None, "deadlock: nothing is left that could happen"
        self.now += max(timeout, 0.0)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time jumps to the next timer as soon as nothing is ready."""

    def __init__(self) -> None:
        """Start at 0."""
        self._jump = _Jump()
        super().__init__(self._jump)

    @override
    def time(self) -> float:
        """Return the virtual time, s."""
        return self._jump.now


type Answer = tuple[float, bytes] | None
"""Seconds until an answer and its PDU: empty drops the connection, None is silence."""


class Wire(asyncio.Transport):
    """A Modbus TCP connection in memory: ``device`` is given the unit and the PDU of each request."""

    def __init__(self, protocol: asyncio.Protocol, device: Callable[[int, bytes], Answer]) -> None:
        """Lead to a device."""
        super().__init__()
        self._protocol = protocol
        self._device = device
        self._closing = False

    @override
    def write(self, data: bytes | bytearray | memoryview[Any]) -> None:
        frame = bytes(data)
        answer = self._device(frame[6], frame[7:])
        if answer is not None:
            asyncio.get_running_loop().call_later(answer[0], self._answer, frame, answer[1])

    def _answer(self, request: bytes, pdu: bytes) -> None:
        if not pdu:
            self.close()
        elif not self._closing:
            self._protocol.data_received(request[:4] + (len(pdu) + 1).to_bytes(2) + request[6:7] + pdu)

    @override
    def is_closing(self) -> bool:
        return self._closing

    @override
    def close(self) -> None:
        if not self._closing:
            self._closing = True
            asyncio.get_running_loop().call_soon(self._protocol.connection_lost, None)


class WiredLoop(VirtualLoop):
    """A loop without waiting whose connections all lead to one device in memory."""

    def __init__(self, device: Callable[[int, bytes], Answer]) -> None:
        """Start at 0."""
        super().__init__()
        self._device = device

    @override
    async def create_connection(self, protocol_factory: Any, *_: Any, **__: Any) -> Any:
        protocol = protocol_factory()
        wire = Wire(protocol, self._device)
        protocol.connection_made(wire)
        return wire, protocol


def run_wired[ResultT](device: Callable[[int, bytes], Answer], main: Coroutine[Any, Any, ResultT]) -> ResultT:
    """Run a coroutine in virtual time, Home Assistant's Modbus library connected to a device in memory."""
    with asyncio.Runner(loop_factory=lambda: WiredLoop(device)) as runner:
        return runner.run(main)


def run[ResultT](main: Coroutine[Any, Any, ResultT]) -> ResultT:
    """Run a coroutine in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)


def now() -> float:
    """Return the time of the running loop, s."""
    return asyncio.get_running_loop().time()


async def settle() -> None:
    """Let everything happen that can happen without time passing."""
    for _ in range(10):
        await asyncio.sleep(0)


def virtual_link(frame_interval: float = FRAME_INTERVAL) -> Link:
    """Return a link in the time of the running loop."""
    return Link(frame_interval=frame_interval, clock=now)


class FakeUnit:
    """A unit that holds words by address and notes what it is asked.

    ``fault`` looks at each request first: an error it returns is the answer, a silent unit's after ``SILENCE``.
    """

    def __init__(self, memory: Mapping[tuple[Space, int], int] | None = None, *, step: int = 1) -> None:
        """Hold some words; ``step`` addresses apart."""
        self.memory = dict(memory or {})
        self.connected = True
        self.answer = ANSWER
        self.fault: Callable[[Request], Exception | None] = lambda _: None
        self.requests: list[Request] = []
        self.writes: list[tuple[str, int, object]] = []
        self.timeout: float | None = None
        self.spacing: float | None = None
        self._step = step

    def require_timeout(self, seconds: float | None) -> None:
        self.timeout = seconds

    def set_message_spacing(self, seconds: float) -> None:
        self.spacing = seconds

    async def _read(self, space: Space, address: int, count: int) -> list[int]:
        self.requests.append((space, address, count))
        error = self.fault((space, address, count))
        await asyncio.sleep(SILENCE if isinstance(error, ModbusTimeoutError) else self.answer)
        if error is not None:
            raise error
        return [self.memory.get((space, address + index * self._step), 0) for index in range(count)]

    async def read_holding_registers(self, address: int, count: int) -> list[int]:
        return await self._read(Space.HOLDING, address, count)

    async def read_input_registers(self, address: int, count: int) -> list[int]:
        return await self._read(Space.INPUT, address, count)

    async def read_coils(self, address: int, count: int) -> list[bool]:
        return [bool(bit) for bit in await self._read(Space.COIL, address, count)]

    async def read_discrete_inputs(self, address: int, count: int) -> list[bool]:
        return [bool(bit) for bit in await self._read(Space.DISCRETE, address, count)]

    async def write_register(self, address: int, value: int) -> None:
        self.writes.append(("one", address, value))

    async def write_registers(self, address: int, values: list[int]) -> None:
        self.writes.append(("many", address, values))

    async def write_coil(self, address: int, value: bool) -> None:  # noqa: FBT001 -- the library's shape
        self.writes.append(("one bit", address, value))

    async def write_coils(self, address: int, values: list[bool]) -> None:
        self.writes.append(("bits", address, values))


def client_of(unit: FakeUnit, link: Link | None = None) -> UnitClient:
    """Return a client of a unit, on a link of its own where none is given."""
    return UnitClient(link or virtual_link(), cast("ModbusUnit", unit))


def register(address: int, kind: DataType = DataType.U16, **fields: Any) -> Register:
    """Return a register as wide as its type."""
    return Register(address=address, type=kind, words=fields.pop("words", kind.words), **fields)


def measure(key: str, *parts: Register, **fields: Any) -> Measure:
    """Return a measure of some registers."""
    return Measure(key=key, parts=parts, **fields)


def profile(measures: Iterable[Measure] = (), **fields: Any) -> Profile:
    """Return a map of some measures."""
    return Profile(
        id="test",
        name="Test",
        source="a test",
        confidence=Confidence.MANUFACTURER,
        measures={row.key: row for row in measures},
        **fields,
    )


def refuse(error: Callable[[], Exception], *requests: Sequence[int]) -> Callable[[Request], Exception | None]:
    """Return a fault: reads that touch one of the addresses fail with an error."""
    addresses = {address for row in requests for address in row}

    def fault(request: Request) -> Exception | None:
        """Compare the addresses."""
        _, start, count = request
        return error() if addresses & set(range(start, start + count)) else None

    return fault
