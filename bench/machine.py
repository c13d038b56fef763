"""What the machine says of itself and of a process.

This module owns the reading of ``/proc``: the benchmarks run on Linux.
"""

from __future__ import annotations

import asyncio
import os
import platform
from pathlib import Path
from time import monotonic
from typing import Any, Final

from homeassistant.const import __version__ as home_assistant

QUIET: Final = 1.0
"""Load of the machine over a minute below which figures are worth keeping."""
_TICKS: Final = os.sysconf("SC_CLK_TCK")


def describe() -> dict[str, Any]:
    """Return what figures depend on."""
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "home_assistant": home_assistant,
        "load": os.getloadavg()[0],
    }


async def quiet(patience: float) -> float:
    """Wait until the machine has little else to do, so many s at the most; return its load over a minute."""
    limit = monotonic() + patience
    while (load := os.getloadavg()[0]) >= QUIET and monotonic() < limit:  # noqa: ASYNC110
        await asyncio.sleep(2)
    return load


def main_thread_time(pid: int) -> float:
    """Return the s that the main thread of a process has computed: the event loop's."""
    # Counted by the scheduler: short turns between two ticks of the clock are in it.
    nanoseconds = Path(f"/proc/{pid}/task/{pid}/schedstat").read_text(encoding="utf-8").split()[0]
    return int(nanoseconds) / 1e9


def process_time(pid: int) -> float:
    """Return the s that all threads of a process have computed."""
    # The name of the command, in parentheses, may hold blanks.
    after_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / _TICKS


def resident(pid: int) -> float:
    """Return the memory of a process that is in use, MB."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(pid)
