"""``python -m tests.e2e.newcomer FOLDER PORT``: a Home Assistant that has a user and nothing else, until Ctrl-C.

This module owns that process. At its end it says what the log has of errors.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from demo.client import Client
from demo.server import Server, prepare_folder

READY: Final = "ready"
FAULTS: Final = "faults:"
"""What is said after it are faults, one a line."""


def _say(*lines: str) -> None:
    """Write lines to whoever started this."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


async def _serve(folder: Path, port: int) -> None:
    """Run it until it is told to end."""
    await asyncio.to_thread(prepare_folder, folder, profiles=())
    server = Server(folder, port)
    await server.start()
    try:
        async with Client(server.url) as client:
            await client.sign_in()
            await client.wait_until_running()
        _say(READY)
        await server.wait()
    finally:
        await server.stop()
        _say(FAULTS, *server.faults())


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(Path(sys.argv[1]), int(sys.argv[2])))
