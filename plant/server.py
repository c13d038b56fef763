"""Sockets and frames: pymodbus' servers with connections that keep requests and answers together.

This module owns connections, frames and doors. What is answered, and when, is ``gateway``'s matter. pymodbus' own
connection remembers only its last request; ours answers each one by itself, so that a late answer carries the number of
the request it belongs to, as a gateway's does.
"""

from __future__ import annotations

import asyncio
import os
import pty
import tty
from typing import TYPE_CHECKING, Any, Final, override

from pymodbus.constants import ExcCodes
from pymodbus.exceptions import ModbusIOException
from pymodbus.framer import FramerType
from pymodbus.pdu import ExceptionResponse
from pymodbus.server import ModbusSerialServer, ModbusTcpServer
from pymodbus.server.requesthandler import ServerRequestHandler

from .scenario import SERIAL, TCP

if TYPE_CHECKING:
    from pymodbus.pdu import ModbusPDU

    from .gateway import Gateway

HEADER: Final = 8
"""Bytes of a TCP frame up to its function."""
CHUNK: Final = 4096


class Connection(ServerRequestHandler):
    """One client of a gateway."""

    def __init__(self, owner: TcpDoor | PtyDoor, gateway: Gateway) -> None:
        """Serve a client of this gateway."""
        super().__init__(owner, None, None, None)  # type: ignore[no-untyped-call]
        self._gateway = gateway
        self._tasks: set[asyncio.Task[None]] = set()

    @override
    def callback_data(self, data: bytes, addr: tuple[Any, ...] | None = None) -> int:
        """Take the whole requests out of what has come, and answer each."""
        used = 0
        arrival = self.loop.time()
        while used < len(data):
            try:
                count, request = self.framer.handleFrame(data[used:], 0, 0)
            except ModbusIOException:
                self._unknown(data[used:])
                return len(data)
            used += count
            if request is None:
                break
            task = asyncio.Task(self._serve(request, arrival), loop=self.loop, eager_start=True)
            if not task.done():
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        return used

    @override
    def callback_disconnected(self, exc: Exception | None) -> None:
        """Forget what nobody waits for."""
        for task in self._tasks:
            task.cancel()

    def abort(self) -> None:
        """Break the connection without a word."""
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()

    async def _serve(self, request: ModbusPDU, arrival: float) -> None:
        """Answer one request when its answer is due."""
        self._send(await self._gateway.answer(request, arrival))

    def _send(self, response: ModbusPDU | None) -> None:
        """Send an answer, if there is one and somebody is still there."""
        if response is not None and isinstance(self.transport, asyncio.Transport):
            self.transport.write(self.framer.buildFrame(response))

    def _unknown(self, data: bytes) -> None:
        """Refuse a function that pymodbus does not know."""
        if self._gateway.spec.kind != TCP or len(data) < HEADER:
            return
        response = ExceptionResponse(data[HEADER - 1] & 0x7F, ExcCodes.ILLEGAL_FUNCTION)
        response.transaction_id, response.dev_id = int.from_bytes(data[:2]), data[HEADER - 2]
        self._send(response)


class TcpDoor(ModbusTcpServer):
    """A listening socket."""

    def __init__(self, gateway: Gateway, host: str, port: int) -> None:
        """Prepare to listen; port 0 takes a free one."""
        framer = FramerType.SOCKET if gateway.spec.kind == TCP else FramerType.RTU
        super().__init__(gateway.context, framer=framer, address=(host, port))
        self._gateway = gateway
        self._host = host

    @override
    def callback_new_connection(self) -> Connection:
        """Serve a new client."""
        return Connection(self, self._gateway)

    async def open(self) -> None:
        """Listen. Raises ``OSError`` where the port is taken."""
        if not await self.listen():
            raise OSError(f"{self._gateway.name}: cannot listen on {self._host}")
        server = self.transport
        assert isinstance(server, asyncio.Server)  # noqa: S101  # pymodbus types it as a transport
        self._gateway.port = server.sockets[0].getsockname()[1]
        self.init_setup_connect_listen(self._host, self._gateway.port)

    def drop(self) -> None:
        """Break all connections."""
        for connection in list(self.active_connections.values()):
            if isinstance(connection, Connection):
                connection.abort()

    def shut(self) -> None:
        """Refuse new connections and break the ones there are."""
        self.drop()
        self.close()

    async def reopen(self) -> None:
        """Listen again on the same port."""
        if not self.is_active():
            await self.open()


class PtyTransport(asyncio.Transport):
    """The far end of a pseudo terminal."""

    def __init__(self, loop: asyncio.AbstractEventLoop, protocol: Connection, ends: tuple[int, int]) -> None:
        """Take both ends: ours, and the client's to keep it open between clients."""
        super().__init__()
        self._loop = loop
        self._protocol = protocol
        self._ends = ends
        self._closed = False
        loop.add_reader(ends[0], self._read)

    @override
    def write(self, data: bytes | bytearray | memoryview[Any]) -> None:
        """Send."""
        if not self._closed:
            os.write(self._ends[0], data)

    @override
    def close(self) -> None:
        """Close both ends."""
        if not self._closed:
            self._closed = True
            self._loop.remove_reader(self._ends[0])
            for end in self._ends:
                os.close(end)

    @override
    def abort(self) -> None:
        """A line cannot be dropped."""

    def _read(self) -> None:
        """Receive."""
        self._protocol.data_received(os.read(self._ends[0], CHUNK))


class PtyDoor(ModbusSerialServer):
    """A serial device: a pseudo terminal whose near end clients open."""

    def __init__(self, gateway: Gateway) -> None:
        """Prepare to open; the line's speed is the timing's matter, a pseudo terminal has none."""
        super().__init__(gateway.context, framer=FramerType.RTU, port="pty")
        self._gateway = gateway
        self.call_create = self._create

    @override
    def callback_new_connection(self) -> Connection:
        """Serve the line."""
        return Connection(self, self._gateway)

    async def open(self) -> None:
        """Open the pseudo terminal. Raises ``OSError`` where the system has none."""
        if not await self.listen():
            raise OSError(f"{self._gateway.name}: cannot open a pseudo terminal")

    def drop(self) -> None:
        """A line has no connections."""

    def shut(self) -> None:
        """Close the device."""
        self.close()

    async def reopen(self) -> None:
        """Open another device."""
        if not self.is_active():
            await self.open()

    async def _create(self) -> tuple[asyncio.Transport, Connection]:
        """Open both ends and put a connection behind the far one."""
        far, near = pty.openpty()
        tty.setraw(near)
        self._gateway.device = os.ttyname(near)
        connection = self.handle_new_connection()
        assert isinstance(connection, Connection)  # noqa: S101  # what callback_new_connection made
        transport = PtyTransport(self.loop, connection, (far, near))
        connection.connection_made(transport)
        return transport, connection


def door_of(gateway: Gateway, host: str, port: int) -> TcpDoor | PtyDoor:
    """Return what lets clients in to a gateway."""
    return PtyDoor(gateway) if gateway.spec.kind == SERIAL else TcpDoor(gateway, host, port)
