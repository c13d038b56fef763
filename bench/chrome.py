"""A headless Chromium and one page of it, over its own debugging protocol.

This module owns the process and the protocol. What is looked at in the page is ``watch.js``'s and ``dashboard``'s
matter.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
from contextlib import asynccontextmanager, suppress
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any, Final, Self

import aiohttp

from demo.client import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path
    from types import TracebackType

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
WIDTH: Final = 1280
HEIGHT: Final = 800
_ARGUMENTS: Final = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    f"--window-size={WIDTH},{HEIGHT}",
    "--remote-debugging-port=0",
)
_PORT: Final = "DevToolsActivePort"
_LIMIT: Final = 120.0
"""s for an answer of the page, or until the browser is there."""


class PageError(RuntimeError):
    """The page threw something, or the browser refused a command."""


def program() -> str | None:
    """Return the path of a Chromium; None where there is none."""
    names = (os.environ.get("CHROMIUM", ""), *NAMES)
    return next(filter(None, map(shutil.which, names)), None)


@asynccontextmanager
async def chromium(profile: Path) -> AsyncIterator[Page]:
    """Run a browser whose memory is an empty folder until the end of the block; yield its page.

    Raises ``FileNotFoundError`` where there is no Chromium.
    """
    path = program()
    if path is None:
        raise FileNotFoundError("no Chromium: install one, or set CHROMIUM to its path")
    process = await asyncio.create_subprocess_exec(
        path,
        *_ARGUMENTS,
        f"--user-data-dir={profile}",
        "about:blank",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        port = await until(partial(asyncio.to_thread, _port, profile / _PORT), _LIMIT, path)
        async with Page(f"http://127.0.0.1:{port}") as page:
            yield page
    finally:
        # All of its processes: one that outlives the first would go on writing into the folder.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def _port(file: Path) -> str | None:
    """Return the port that a browser has written down; blocking."""
    words = file.read_text(encoding="utf-8").split() if file.exists() else []
    return words[0] if words else None


class Page:
    """The first page of a browser: ``async with Page(address) as page``."""

    def __init__(self, address: str) -> None:
        """Name where the browser can be debugged."""
        self._address = address
        self._ids = count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._session: aiohttp.ClientSession
        self._socket: aiohttp.ClientWebSocketResponse
        self._reader: asyncio.Task[None]

    async def __aenter__(self) -> Self:
        """Connect."""
        self._session = aiohttp.ClientSession()
        async with self._session.get(f"{self._address}/json") as answer:
            targets = await answer.json(content_type=None)
        url = next(target["webSocketDebuggerUrl"] for target in targets if target["type"] == "page")
        self._socket = await self._session.ws_connect(url, max_msg_size=0)
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the page."""
        self._reader.cancel()
        with suppress(asyncio.CancelledError):
            await self._reader
        await self._session.close()

    async def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command of the protocol and return its result.

        Raises ``PageError``, and ``TimeoutError`` past the limit.
        """
        number = next(self._ids)
        future = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        async with asyncio.timeout(_LIMIT):
            answer = await future
        if "error" in answer:
            raise PageError(f"{method}: {answer['error']}")
        result: dict[str, Any] = answer["result"]
        return result

    async def run(self, function: str, *arguments: Any) -> Any:
        """Call a JavaScript function with plain arguments and return what it returns, a promise's value too.

        Raises ``PageError`` where it throws.
        """
        call = f"({function})({', '.join(map(json.dumps, arguments))})"
        answer = await self.send("Runtime.evaluate", expression=call, awaitPromise=True, returnByValue=True)
        if (thrown := answer.get("exceptionDetails")) is not None:
            raise PageError(str(thrown.get("exception", {}).get("description") or thrown["text"]))
        return answer["result"].get("value")

    async def open(self, url: str) -> None:
        """Load a page; return when that has begun."""
        answer = await self.send("Page.navigate", url=url)
        if error := answer.get("errorText"):
            raise PageError(f"{url}: {error}")

    async def in_each_document(self, script: str) -> None:
        """Have a script run in every page that is loaded from now on, before all others."""
        await self.send("Page.enable")
        await self.send("Page.addScriptToEvaluateOnNewDocument", source=script)

    async def main_thread(self) -> float:
        """Return the s that the tasks of the page's main thread have taken, since some moment that stays the same."""
        await self.send("Performance.enable", timeDomain="timeTicks")
        answer = await self.send("Performance.getMetrics")
        return float(next(row["value"] for row in answer["metrics"] if row["name"] == "TaskDuration"))

    async def _read(self) -> None:
        """Take in answers."""
        async for message in self._socket:
            answer = message.json()
            future = self._answers.pop(answer.get("id"), None)
            if future is not None and not future.done():
                future.set_result(answer)
