"""``scripts/bench [NAME ...] [--json FILE]``: measures, prints tables, says what was missed.

This module owns the command line. Each benchmark is a module with ``measure``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from . import (
    alarms,
    archive,
    billing,
    bus,
    command,
    dashboard,
    greenup,
    largest,
    machine,
    overload,
    silent,
    states,
)
from .table import plain, table
from .year import DEVICES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from .table import Figure


class Benchmark(NamedTuple):
    """A benchmark and what it is about."""

    title: str
    measure: Callable[..., Awaitable[list[Figure]]]
    options: tuple[str, ...] = ()
    """What of the command line it is told."""


BENCHMARKS: Final[Mapping[str, Benchmark]] = {
    "bus": Benchmark("bus: 32 meters behind one line, 19200 bit/s 8E1, 50 ms between frames", bus.measure),
    "command": Benchmark("command: a write at a random moment of that cycle", command.measure),
    "silent": Benchmark("silent: one dead unit of 32", silent.measure),
    "states": Benchmark("states: trips and commands while 32 devices are fully polled", states.measure),
    "alarms": Benchmark("alarms: 1000 in a minute, from 100 devices", alarms.measure),
    "max": Benchmark("max: 8 gateways, 255 devices, an instant bus", largest.measure),
    "archive": Benchmark(
        "archive: 255 devices, a sample and an interval every 10 minutes, and 40 values in a sample",
        archive.measure,
        ("days", "kills", "engine"),
    ),
    "billing": Benchmark(
        "billing: a plan of five tariffs with six rules, an interval every 10 minutes",
        billing.measure,
        ("days", "devices"),
    ),
    "greenup": Benchmark(
        "greenup: simulated days of charging, the worst of all where nothing else is said",
        greenup.measure,
        ("seeds",),
    ),
    "overload": Benchmark(
        "overload: a jump of the building's load while 8 cars charge, 28 devices on one line",
        overload.measure,
        ("jumps",),
    ),
    "dashboard": Benchmark(
        "dashboard: 255 devices and a year of history in a headless Chromium",
        dashboard.measure,
        ("days",),
    ),
}


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description="Measures the integration on the simulated panel. Exit code 1: a miss."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)} (default: all)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument(
        "--patience",
        type=float,
        default=120.0,
        metavar="SECONDS",
        help="how long to wait before each benchmark until the machine is quiet (default: %(default)g)",
    )
    group = parser.add_argument_group("archive, billing and dashboard")
    group.add_argument(
        "--days", type=_positive, default=365, metavar="N", help="of history to load, to price (default: %(default)s)"
    )
    group = parser.add_argument_group("billing")
    group.add_argument(
        "--devices", type=_positive, default=DEVICES, metavar="N", help="how many have counters (default: %(default)s)"
    )
    group = parser.add_argument_group("archive")
    group.add_argument("--kills", type=int, default=200, metavar="N", help="kill -9, in all (default: %(default)s)")
    group.add_argument("--engine", choices=archive.ENGINES, default="both", help="(default: %(default)s)")
    group = parser.add_argument_group("greenup")
    group.add_argument(
        "--seeds",
        type=_positive,
        default=greenup.SEEDS,
        metavar="N",
        help="days of each workload (default: %(default)s)",
    )
    group = parser.add_argument_group("overload")
    group.add_argument(
        "--jumps",
        type=_positive,
        default=overload.JUMPS,
        metavar="N",
        help="of the load, on each line (default: %(default)s)",
    )
    arguments = parser.parse_args(words)
    if unknown := set(arguments.names) - set(BENCHMARKS):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    return arguments


def _positive(word: str) -> int:
    """Read a number from 1 on."""
    if (number := int(word)) < 1:
        raise ValueError(word)
    return number


async def _run(names: Sequence[str], arguments: argparse.Namespace) -> dict[str, Any]:
    """Run benchmarks one after the other and return their figures, plain."""
    results: dict[str, Any] = {}
    for name in names:
        load = await machine.quiet(arguments.patience)
        if load >= machine.QUIET:
            _tell(f"The machine is busy (load {load:.1f}): {name} may come out worse than it is.")
        begin = monotonic()
        benchmark = BENCHMARKS[name]
        figures = await benchmark.measure(**{option: getattr(arguments, option) for option in benchmark.options})
        results[name] = {
            "load_before": load,
            "duration": monotonic() - begin,
            "figures": [plain(figure) for figure in figures],
        }
        _tell(f"\n{table(benchmark.title, figures)}\n")
    return results


def _tell(text: str) -> None:
    """Print at once."""
    print(text, flush=True)  # noqa: T201


def main(words: Sequence[str] | None = None) -> int:
    """Run the command; return 1 where a figure was missed."""
    arguments = _arguments(words)
    # Where it is set, every start of Home Assistant would compile all of it anew, as on no user's machine.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # A Home Assistant would find custom integrations in the checkout, and not those of its own folder.
    os.environ["PYTHONSAFEPATH"] = "1"
    found = {"machine": machine.describe()}
    found["benchmarks"] = asyncio.run(_run(arguments.names or list(BENCHMARKS), arguments))
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    missed = [
        figure for result in found["benchmarks"].values() for figure in result["figures"] if figure["ok"] is False
    ]
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
