"""The command line starts a plant and ends it cleanly."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "plant"]

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_a_signal_ends_it(number: signal.Signals) -> None:
    words = [*COMMAND, "--scenario", "house", "--port", "0", "--control", "0", "--timing", "rtu", "--speed", "60"]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout is not None
        assert process.stderr is not None
        gateway, control = process.stdout.readline(), process.stdout.readline()
        assert gateway.startswith("House: 127.0.0.1:")
        assert gateway.endswith(", 10 devices\n")
        with socket.create_connection(("127.0.0.1", int(control.rpartition(":")[2])), timeout=10) as link:
            link.sendall(b"list\n")
            assert link.recv(100).startswith(b"1 House: 127.0.0.1:")
        process.send_signal(number)
        assert process.wait(10) == 0
        assert process.stderr.read() == ""


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--scenario", "castle"], 1, "there is no scenario castle"),
        (["--host", "203.0.113.1", "--scenario", "house"], 1, "cannot listen"),
        (["--timing", "slow"], 2, "invalid choice"),
    ],
)
def test_it_says_what_is_wrong(words: list[str], code: int, said: str) -> None:
    done = subprocess.run([*COMMAND, *words], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603
    assert done.returncode == code
    assert said in done.stderr
