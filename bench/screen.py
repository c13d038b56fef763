"""What somebody in front of Home Assistant sees and does: a websocket that shows states as they arrive.

This module owns that subscription, and the actions called beside it. ``demo.client`` reads only while it waits for an
answer: Home Assistant takes it for gone after a minute of looking on.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from itertools import count
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Self

import aiohttp

from demo.client import RefusedError

if TYPE_CHECKING:
    from collections.abc import Collection
    from types import TracebackType

    from demo.client import Client

LIMIT: Final = 30.0
"""s to wait for a state at the most."""


class Screen:
    """The states of some entities while entered: ``async with Screen(client, entity_ids) as screen``."""

    def __init__(self, client: Client, entity_ids: Collection[str]) -> None:
        """Name the signed-in user and what to look at."""
        self.states: dict[str, str] = {}
        self.writes: list[str] = []
        """The entity of each change, as they came in; the first sight is none."""
        self._client = client
        self._entity_ids = list(entity_ids)
        self._awaited: dict[str, tuple[str, asyncio.Future[float]]] = {}
        self._ids = count(2)
        self._results: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._session: aiohttp.ClientSession
        self._socket: aiohttp.ClientWebSocketResponse
        self._reader: asyncio.Task[None]

    async def __aenter__(self) -> Self:
        """Subscribe, and wait for the first sight."""
        self._session = aiohttp.ClientSession(self._client.url)
        self._socket = await self._session.ws_connect("/api/websocket", max_msg_size=0)
        await self._socket.receive_json()
        await self._socket.send_json({"type": "auth", "access_token": self._client.tokens["access_token"]})
        await self._socket.receive_json()
        await self._socket.send_json({"id": 1, "type": "subscribe_entities", "entity_ids": self._entity_ids})
        while not self.states:
            self._take(await self._socket.receive_json())
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self._reader.cancel()
        with suppress(asyncio.CancelledError):
            await self._reader
        await self._session.close()

    async def seen(self, entity_id: str, state: str) -> float:
        """Return the moment at which an entity shows a state, monotonic s: now where it does.

        Raises ``TimeoutError`` past the limit.
        """
        if self.states.get(entity_id) == state:
            return monotonic()
        future: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._awaited[entity_id] = state, future
        async with asyncio.timeout(LIMIT):
            return await future

    async def action(self, domain: str, name: str, *, response: bool = False, **data: Any) -> Any:
        """Call an action; return its response where it gives one.

        Raises ``RefusedError``, and ``TimeoutError`` past the limit.
        """
        number = next(self._ids)
        future = self._results[number] = asyncio.get_running_loop().create_future()
        call = {"id": number, "type": "call_service", "domain": domain, "service": name, "service_data": data}
        await self._socket.send_json(call | ({"return_response": True} if response else {}))
        async with asyncio.timeout(LIMIT):
            result = await future
        if not result["success"]:
            raise RefusedError(f"{domain}.{name}: {result['error']}")
        return result["result"].get("response")

    async def _read(self) -> None:
        """Take in what comes."""
        while True:
            self._take(await self._socket.receive_json())

    def _take(self, message: dict[str, Any]) -> None:
        """Take in a message."""
        if (result := self._results.pop(message["id"], None)) is not None:
            result.set_result(message)
        event, now = message.get("event", {}), monotonic()
        for entity_id, row in event.get("a", {}).items():
            self._show(entity_id, row["s"], now)
        for entity_id, row in event.get("c", {}).items():
            self.writes.append(entity_id)
            if (state := row.get("+", {}).get("s")) is not None:
                self._show(entity_id, state, now)

    def _show(self, entity_id: str, state: str, now: float) -> None:
        """Show a state and tell who waits for it."""
        self.states[entity_id] = state
        awaited, future = self._awaited.get(entity_id, ("", None))
        if future is not None and awaited == state and not future.done():
            future.set_result(now)
