"""What the end-to-end tests share: the demo's process, free ports, and what to do where something is missing.

This module owns processes and ports. Pages are ``frontend``'s matter.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import struct
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom

# Bound here, before the test library takes sockets away from running tests.
from socket import socket
from threading import Timer
from typing import TYPE_CHECKING, Final, NoReturn, Self

import psutil  # type: ignore[import-untyped]
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType

ROOT: Final = Path(__file__).resolve().parents[2]
PYTHON: Final = ROOT / ".venv-demo" / "bin" / "python"
READY: Final = "Ctrl-C ends it."
_START_LIMIT: Final = 120.0
_STOP_LIMIT: Final = 60.0
_PORT_LIMIT: Final = 70.0
# Below the ports that the system hands out to whoever does not ask for one.
_PORTS: Final = range(20_000, 32_000)


@dataclass(frozen=True, kw_only=True)
class Place:
    """What a scenario calls the things that the tests look at: a gateway, a meter, a breaker and a contactor if any."""

    scenario: str
    devices: int
    gateway: str
    meter: str
    address: int
    breaker: str = ""
    breaker_address: int = 0
    contactor: str = ""
    contactor_address: int = 0
    contactor_gateway: int = 0
    """Its place among the gateways."""


HOUSE: Final = Place(
    scenario="house",
    devices=10,
    gateway="House",
    meter="House connection",
    address=1,
    breaker="Kitchen breaker",
    breaker_address=8,
    contactor="Water heater contactor",
    contactor_address=7,
)
OFFICE: Final = Place(
    scenario="office",
    devices=39,
    gateway="Main switchboard",
    meter="Mains meter",
    address=2,
    breaker="Server room breaker",
    breaker_address=13,
    contactor="Tea kitchen contactor",
    contactor_address=23,
    contactor_gateway=1,
)

CAR_PARK: Final = Place(scenario="charging", devices=7, gateway="Car park", meter="Main meter", address=1)


def missing(what: str) -> NoReturn:
    """Skip a test that cannot run on this machine; in CI nothing may be skipped."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} (CI is set, so this is not skipped)")
    pytest.skip(what)


def pictures() -> Path | None:
    """Return the folder for screenshots, where the environment names one."""
    name = os.environ.get("SCREENSHOTS")
    return Path(name).resolve() if name else None


def hold(port: int) -> socket:
    """Listen on a port of this machine; raises ``OSError`` where it is taken."""
    door = socket()
    try:
        door.bind(("127.0.0.1", port))
        door.listen()
    except OSError:
        door.close()
        raise
    return door


def is_free(port: int) -> bool:
    """Tell whether nobody listens on a port."""
    try:
        hold(port).close()
    except OSError:
        return False
    return True


def free_port() -> int:
    """Return a port that nobody listens on."""
    return next(port for port in iter(lambda: SystemRandom().choice(_PORTS), None) if is_free(port))


def read_bit(port: int, unit: int, address: int) -> bool:
    """Return a discrete input of a unit."""
    return bool(_read(port, unit, 2, address, 1)[0] & 1)


def read_word(port: int, unit: int, address: int) -> int:
    """Return a holding register of a unit, 0 to 65535."""
    return int.from_bytes(_read(port, unit, 3, address, 2))


def _read(port: int, unit: int, function: int, address: int, size: int) -> bytes:
    """Return so many bytes, asked of the gateway over Modbus TCP: what is so, whoever says what."""
    with socket() as line:
        line.settimeout(5)
        line.connect(("127.0.0.1", port))
        line.sendall(struct.pack(">HHHBBHH", 1, 0, 6, unit, function, address, 1))
        answer = line.makefile("rb").read(9 + size)
    assert answer[7:9] == bytes((function, size)), answer
    return answer[9:]


def until(condition: Callable[[], bool], limit: float, what: str) -> None:
    """Wait for something that cannot be waited for otherwise; fail past the limit, s."""
    end = time.monotonic() + limit
    while not condition():
        if time.monotonic() > end:
            pytest.fail(f"{what}: not within {limit:g} s")
        time.sleep(0.05)


def left_behind(folder: Path) -> list[str]:
    """Return the command lines of processes that still work on a folder."""
    lines = [process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"])]
    return [" ".join(words) for words in lines if any(str(folder) in word for word in words)]


def added(output: str) -> tuple[int, int]:
    """Return how many devices the demo has, and how many of them this start added."""
    rows = [(int(row[0]), int(row[1])) for row in re.findall(r": (\d+) devices, (\d+) added", output)]
    return sum(row[0] for row in rows), sum(row[1] for row in rows)


def run_demo(*options: str | Path | int) -> subprocess.CompletedProcess[str]:
    """Run the demo to its end; its output has both streams."""
    return subprocess.run(  # noqa: S603 -- our own command
        _command(options),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_START_LIMIT,
        check=False,
    )


def _command(options: Iterable[str | Path | int]) -> list[str]:
    """Return the words that start the demo, as ``scripts/demo`` does."""
    if not PYTHON.exists():
        missing("there is no .venv-demo: scripts/setup demo makes it")
    return [str(PYTHON), "-m", "demo", *map(str, options)]


class Demo:
    """A demo that runs until Ctrl-C."""

    def __init__(self, folder: Path, place: Place, *more: str | int) -> None:
        """Name folder and scenario, and ``more`` options; ``with`` starts it."""
        self.folder = folder
        self._more = more
        self.place = place
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.control = free_port()
        self.output = ""
        self._family: list[psutil.Process] = []
        self._process: subprocess.Popen[str]

    def __enter__(self) -> Self:
        """Start the process, as a terminal does: in a group of its own, which Ctrl-C reaches as a whole."""
        options = ("--scenario", self.place.scenario, "--timing", "instant", "--config", self.folder)
        self._process = subprocess.Popen(  # noqa: S603 -- our own command
            _command((*options, "--port", self.port, "--control", self.control, *self._more)),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            process_group=0,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, err: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Kill what a failed test left."""
        self._kill()
        self._process.communicate()

    @property
    def gateway_port(self) -> int:
        """Port of the first gateway of the folder; the others follow."""
        return int(json.loads((self.folder / "demo.json").read_text(encoding="utf-8"))["plant_port"])

    def wait_for(self, text: str) -> None:
        """Read the output up to a line with a text; fail where it ends before."""
        assert self._process.stdout is not None
        alarm = Timer(_START_LIMIT, self._kill)
        alarm.start()
        try:
            for line in self._process.stdout:
                self.output += line
                if text in line:
                    return
        finally:
            alarm.cancel()
            alarm.join()
        pytest.fail(f"the demo ended, or said nothing for {_START_LIMIT:g} s:\n{self.output}")

    def tell(self, *words: str | int) -> None:
        """Have something happen at the simulated panel, in the words of its control."""
        with socket() as line:
            line.settimeout(5)
            line.connect(("127.0.0.1", self.control))
            line.sendall(f"{shlex.join(map(str, words))}\n".encode())
            assert line.makefile().readline() == "ok\n"

    def wait_for_child(self) -> None:
        """Wait until Home Assistant runs."""
        until(lambda: len(self._known()) > 1, _START_LIMIT, "Home Assistant's process")

    def interrupt(self) -> int:
        """Press Ctrl-C and wait for the end; return the exit code."""
        self._known()
        os.killpg(self._process.pid, signal.SIGINT)
        self.output += self._process.communicate(timeout=_STOP_LIMIT)[0]
        return self._process.returncode

    def left(self) -> list[str]:
        """Return what is left of it: its processes, others that work on its folder; fail if its port is not let go."""
        left = [repr(process) for process in self._family if process.is_running()] + left_behind(self.folder)
        if not left:
            # Without a process nobody listens, but the system may take a moment to close what was open.
            until(lambda: is_free(self.port), _PORT_LIMIT, f"port {self.port} is free again")
        return left

    def _kill(self) -> None:
        """Kill all that is left."""
        for process in self._known():
            if process.is_running():
                process.kill()

    def _known(self) -> list[psutil.Process]:
        """Return the demo and all it ever started, as far as seen."""
        if self._process.poll() is None:
            parent = psutil.Process(self._process.pid)
            seen = [parent, *parent.children(recursive=True)]
            self._family += [process for process in seen if process not in self._family]
        return self._family
