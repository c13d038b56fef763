"""Home Assistant as a process of its own: its folder, its start, its end.

This module owns the process. What is set up in it is ``panel``'s matter.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import aiohttp

from plant.site import PROFILES

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = Path(__file__).resolve().parent.parent
INTEGRATION: Final = ROOT / "custom_components" / "legrand_ews"

CONFIGURATION: Final = """\
# Written by scripts/demo when the folder was made; yours from then on.
homeassistant:
  name: Demo
  latitude: 45.8336
  longitude: 1.2611
  unit_system: metric
  time_zone: Europe/Paris
  country: FR
  currency: EUR
energy:
history:
logbook:
recorder:
  commit_interval: 5
logger:
  default: warning
  logs:
    custom_components.legrand_ews: info
    # The demo has neither cameras nor voices: what the machine lacks for them is not worth an error.
    haffmpeg: critical
    homeassistant.components.camera.img_util: critical
    homeassistant.components.ffmpeg: critical
"""

# Of the onboarding only the user is left: its other steps add weather and radio, which want the internet.
_ONBOARDING: Final = {
    "version": 4,
    "minor_version": 1,
    "key": "onboarding",
    "data": {"done": ["core_config", "analytics", "integration"]},
}
_START_LIMIT: Final = 180.0
_STOP_LIMIT: Final = 60.0


class HomeAssistantError(RuntimeError):
    """Home Assistant did not start, or stopped by itself."""


def prepare_folder(folder: Path, *, configuration: str = CONFIGURATION, profiles: Sequence[Path] | None = None) -> None:
    """Make a configuration folder with the integration in it; keep what is there.

    ``profiles`` are register maps to install as a user would; by default the plant's.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "configuration.yaml"
    if not file.exists():
        file.write_text(configuration, encoding="utf-8")
    onboarding = folder / ".storage" / "onboarding"
    if not onboarding.exists():
        onboarding.parent.mkdir(exist_ok=True)
        onboarding.write_text(json.dumps(_ONBOARDING), encoding="utf-8")
    link = folder / "custom_components" / "legrand_ews"
    link.parent.mkdir(exist_ok=True)
    if link.is_symlink() or not link.exists():
        link.unlink(missing_ok=True)
        link.symlink_to(INTEGRATION, target_is_directory=True)
    target = folder / "legrand_ews" / "profiles"
    target.mkdir(parents=True, exist_ok=True)
    for profile in sorted(PROFILES.glob("*.yaml")) if profiles is None else profiles:
        shutil.copy(profile, target / profile.name)


def port_is_free(port: int) -> bool:
    """Tell whether nobody listens on a port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError:
            return False
    return True


class Server:
    """A Home Assistant process."""

    def __init__(self, folder: Path, port: int, *, python: str = sys.executable) -> None:
        """Name the folder and the port; nothing starts yet."""
        self.folder = folder
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._python = python
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        """The process id, while running."""
        assert self._process is not None  # noqa: S101 -- the caller's promise
        return self._process.pid

    @property
    def log(self) -> Path:
        """Everything Home Assistant said since its start."""
        return self.folder / "demo.log"

    async def start(self) -> None:
        """Start and wait until it answers.

        Raises ``HomeAssistantError``.
        """
        # The port goes by environment: a port in configuration.yaml is something Home Assistant asks to confirm.
        # It counts where nothing is stored yet, so what an earlier start stored has to go.
        (self.folder / ".storage" / "http").unlink(missing_ok=True)
        environment = {**os.environ, "SETUP_PORT": str(self.port), "PYTHONUNBUFFERED": "1"}
        with self.log.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                self._python,
                "-m",
                "homeassistant",
                "--config",
                str(self.folder),
                "--log-no-color",
                stdout=log,
                stderr=asyncio.subprocess.STDOUT,
                env=environment,
                start_new_session=True,
            )
        await self._wait_until_answering()

    async def _wait_until_answering(self) -> None:
        """Wait for the HTTP server and the frontend."""
        limit = asyncio.get_running_loop().time() + _START_LIMIT
        async with aiohttp.ClientSession() as session:
            while asyncio.get_running_loop().time() < limit:
                self.check()
                with suppress(aiohttp.ClientError, TimeoutError):
                    async with session.get(f"{self.url}/api/onboarding", timeout=aiohttp.ClientTimeout(5)) as answer:
                        if answer.status in (200, 401, 404):
                            return
                await asyncio.sleep(0.2)
        await self.stop()
        raise HomeAssistantError(f"Home Assistant did not answer within {_START_LIMIT:g} s, see {self.log}")

    def check(self) -> None:
        """Raise ``HomeAssistantError`` where the process has ended by itself."""
        if self._process is not None and self._process.returncode is not None:
            tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
            raise HomeAssistantError(
                f"Home Assistant ended with code {self._process.returncode}, see {self.log}\n{tail}"
            )

    async def wait(self) -> None:
        """Wait until the process ends."""
        if self._process is not None:
            await self._process.wait()

    async def stop(self) -> None:
        """End the process and all it started."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), _STOP_LIMIT)
        except TimeoutError:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()

    def faults(self) -> list[str]:
        """Return what the log says of errors and of warnings from the integration."""
        lines = self.log.read_text(errors="replace").splitlines()
        return [
            line
            for line in lines
            if " ERROR " in line
            or " CRITICAL " in line
            or (" WARNING " in line and "[custom_components.legrand" in line)
        ]
