"""Home Assistant's own HTTP and websocket interface, as its frontend uses it.

This module owns the protocol. What is done with it is ``panel``'s matter.
"""

from __future__ import annotations

import asyncio
from itertools import count
from typing import TYPE_CHECKING, Any, Final, Self

import aiohttp

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType

USER: Final = "demo"
PASSWORD: Final = "demo-demo"  # noqa: S105 -- printed for the newcomer
_LOOK_EVERY: Final = 0.2


class RefusedError(RuntimeError):
    """Home Assistant refused a request."""


async def until[T](found: Callable[[], Awaitable[T | None]], limit: float, what: str) -> T:
    """Return what is found, as soon as it is. Raises ``RefusedError`` past the limit, s."""
    end = asyncio.get_running_loop().time() + limit
    while (result := await found()) is None:
        if asyncio.get_running_loop().time() > end:
            raise RefusedError(f"{what}: not within {limit:g} s")
        await asyncio.sleep(_LOOK_EVERY)
    return result


class Client:
    """A signed-in user of one Home Assistant."""

    def __init__(self, url: str) -> None:
        """Name the server; ``async with`` signs in."""
        self.url = url
        self.tokens: dict[str, Any] = {}
        self._ids = count(1)
        self._session: aiohttp.ClientSession
        self._socket: aiohttp.ClientWebSocketResponse

    @property
    def client_id(self) -> str:
        """What this program signs in as: the server's own frontend."""
        return f"{self.url}/"

    async def __aenter__(self) -> Self:
        """Open a session."""
        self._session = aiohttp.ClientSession(self.url)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, err: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the session."""
        await self._session.close()

    async def sign_in(self, language: str = "en") -> None:
        """Make the demo's user where there is none, and sign in."""
        fresh = await self._without_user()
        code = await (self._make_user(language) if fresh else self._log_in())
        form = {"client_id": self.client_id, "code": code, "grant_type": "authorization_code"}
        async with self._session.post("/auth/token", data=form) as answer:
            self.tokens = await self._json(answer)
        self._session.headers["Authorization"] = f"Bearer {self.tokens['access_token']}"
        await self._open_socket()
        if fresh:
            await self.command("frontend/set_user_data", key="language", value={"language": language})

    async def wait_until_running(self, limit: float = 180.0) -> None:
        """Wait until everything is set up.

        Raises ``RefusedError`` past the limit, s.
        """

        async def running() -> bool | None:
            """Tell whether it is so; None: not yet."""
            return (await self.command("get_config"))["state"] == "RUNNING" or None

        await until(running, limit, "the end of Home Assistant's start")

    async def state_of(self, platform: str, unique_id: str) -> tuple[str, str] | None:
        """Return the id and the state of an entity by its id in its integration; None while it has none."""
        rows = await self.command("config/entity_registry/list")
        found = {row["entity_id"] for row in rows if (row["platform"], row["unique_id"]) == (platform, unique_id)}
        states = {row["entity_id"]: row["state"] for row in await self.command("get_states")}
        return next(((entity_id, states[entity_id]) for entity_id in found & states.keys()), None)

    async def _without_user(self) -> bool:
        """Tell whether nobody has signed up yet."""
        async with self._session.get("/api/onboarding") as answer:
            if answer.status == 404:  # noqa: PLR2004 -- the view is gone once everything is done
                return False
            return any(step["step"] == "user" and not step["done"] for step in await self._json(answer))

    async def _make_user(self, language: str) -> str:
        """Make the first user; return a code to sign in with."""
        body = {
            "client_id": self.client_id,
            "name": "Demo",
            "username": USER,
            "password": PASSWORD,
            "language": language,
        }
        answer = await self.post("/api/onboarding/users", body)
        return str(answer["auth_code"])

    async def _log_in(self) -> str:
        """Sign in with name and password; return a code."""
        handler = {"client_id": self.client_id, "handler": ["homeassistant", None], "redirect_uri": self.client_id}
        flow = await self.post("/auth/login_flow", handler)
        form = {"client_id": self.client_id, "username": USER, "password": PASSWORD}
        answer = await self.post(f"/auth/login_flow/{flow['flow_id']}", form)
        if answer.get("type") != "create_entry":
            raise RefusedError(f"{USER} cannot sign in: this folder belongs to somebody else's Home Assistant")
        return str(answer["result"])

    async def _open_socket(self) -> None:
        """Open the websocket."""
        self._socket = await self._session.ws_connect("/api/websocket", max_msg_size=0)
        await self._socket.receive_json()
        await self._socket.send_json({"type": "auth", "access_token": self.tokens["access_token"]})
        if (await self._socket.receive_json())["type"] != "auth_ok":
            raise RefusedError("the websocket refused the token")

    async def command(self, kind: str, **more: Any) -> Any:
        """Send a websocket command and return its result.

        Raises ``RefusedError``.
        """
        message_id = next(self._ids)
        await self._socket.send_json({"id": message_id, "type": kind, **more})
        while True:
            answer = await self._socket.receive_json()
            if answer.get("id") != message_id or answer["type"] != "result":
                continue
            if not answer["success"]:
                raise RefusedError(f"{kind}: {answer['error']}")
            return answer["result"]

    async def action(self, domain: str, name: str, *, response: bool = False, **data: Any) -> Any:
        """Call an action; return its response where it gives one."""
        more = {"return_response": True} if response else {}
        result = await self.command("call_service", domain=domain, service=name, service_data=data, **more)
        return result.get("response")

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        """Post JSON and return the answer's.

        Raises ``RefusedError``.
        """
        async with self._session.post(path, json=body) as answer:
            return await self._json(answer)

    async def delete(self, path: str) -> None:
        """Delete what is at a path.

        Raises ``RefusedError``.
        """
        async with self._session.delete(path) as answer:
            await self._json(answer)

    async def get(self, path: str) -> Any:
        """Get JSON.

        Raises ``RefusedError``.
        """
        async with self._session.get(path) as answer:
            return await self._json(answer)

    @staticmethod
    async def _json(answer: aiohttp.ClientResponse) -> Any:
        """Return the body of a good answer."""
        if not answer.ok:
            raise RefusedError(f"{answer.method} {answer.url.path}: {answer.status} {await answer.text()}")
        return await answer.json()
