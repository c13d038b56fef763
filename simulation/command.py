"""The command line: days of charging, their figures, and a picture.

This module owns options and what is printed.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from custom_components.legrand_ews.greenup import Mode

from . import picture
from .bound import NoSolverError
from .fields import WorkloadError
from .runs import PROCESSES, Job, record_of, run
from .table import table
from .workload import fault_of, load_workload, names, settings_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .runs import Result
    from .workload import Workload

_BOTH: Final = "both"


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/simulate",
        description="Simulates days of charging under the load manager: how much energy cars get of what was possible, "
        "how long the main is overloaded, who waits. One workload: with a picture of its first day.",
    )
    parser.add_argument(
        "workloads",
        nargs="*",
        metavar="WORKLOAD",
        help=f"of {', '.join(names())}, or a JSON file (docs/simulation.md); default: all",
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="the first day (default: %(default)s)")
    parser.add_argument("--days", type=_from_one, default=1, metavar="N", help="how many days (default: %(default)s)")
    parser.add_argument(
        "--mode",
        choices=(*Mode, _BOTH),
        help="how a lack of current is shared (default: as the workload says, else continuous)",
    )
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of the load manager; repeatable"
    )
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="KIND[:STATION]@HH:MM-HH:MM",
        help="frozen_meter, lost_meter, lost_station:P1 or ignores_pilot:P1, from and until; repeatable",
    )
    parser.add_argument("--no-bound", action="store_true", help="do not work out what was possible")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="write the first day as SVG")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures of each day")
    parser.add_argument(
        "--processes", type=_from_one, default=PROCESSES, metavar="N", help="to work in (default: %(default)s)"
    )
    return parser.parse_args(given)


def _from_one(text: str) -> int:
    """Read a number from 1 on."""
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError("not from 1 on")
    return number


def settings(given: Sequence[str], workload: Workload) -> Mapping[str, Any]:
    """Read settings such as ``hold_time=30`` for a workload; raises ``WorkloadError``."""
    found: dict[str, Any] = {}
    for one in given:
        name, sign, value = one.partition("=")
        if not sign:
            raise WorkloadError(one, "a setting is NAME=VALUE")
        try:
            found[name] = json.loads(value)
        except json.JSONDecodeError:
            found[name] = value
    return settings_of({**workload.settings, **found}, "--set")


def _modes(mode: str | None, workload: Workload) -> dict[str, dict[str, Any]]:
    """Return the settings of each mode that is wanted, by its name."""
    if mode is None:
        return {str(workload.settings.get("mode", Mode.CONTINUOUS)): {}}
    return {str(one): {"mode": one} for one in (tuple(Mode) if mode == _BOTH else (Mode(mode),))}


def _workloads(options: argparse.Namespace) -> list[Workload]:
    """Return the workloads with what the command line adds."""
    found = []
    for name in options.workloads or names():
        workload = load_workload(name)
        faulty = workload.with_faults(*(fault_of(one, workload) for one in options.fault))
        found.append(replace(faulty, settings=settings(options.set, workload)))
    return found


def plain(result: Result) -> dict[str, Any]:
    """Return a result for JSON: energies in Wh, times in s."""
    found = {"workload": result.workload, "seed": result.seed, "setting": result.setting, **asdict(result.merit)}
    if result.bound is not None:
        found |= {"bound_energy": result.bound.energy, "bound_early": result.bound.early}
    return found


def simulate(options: argparse.Namespace) -> None:
    """Do what the command line asks; raises ``WorkloadError``, ``NoSolverError`` or ``OSError``."""
    workloads = _workloads(options)
    seeds = range(options.seed, options.seed + options.days)
    jobs = [
        Job(workload=one, seed=seed, settings=_modes(options.mode, one), bounded=not options.no_bound)
        for one in workloads
        for seed in seeds
    ]
    results = run(jobs, options.processes)
    first = jobs[0]
    record = None
    if options.picture or len(workloads) == 1:
        record = record_of(first.workload, first.seed, next(iter(first.settings.values())))
    if record is not None and len(workloads) == 1:
        print(picture.text(record), end="\n\n")
    print(table(results), end="\n\n")
    for one in workloads:
        print(f"{one.name}: {one.title}")
    if options.picture and record is not None:
        options.picture.write_text(picture.svg(record), encoding="utf-8")
    if options.json:
        text = json.dumps([plain(one) for one in results], indent=2) + "\n"
        options.json.write_text(text, encoding="utf-8")


def main(given: Sequence[str] | None = None) -> int:
    """Run the command; 1 where it cannot do what is asked."""
    options = arguments(given)
    try:
        simulate(options)
    except (WorkloadError, NoSolverError, OSError) as err:
        print(f"simulate: {err}", file=sys.stderr)
        return 1
    return 0
