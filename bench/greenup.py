"""Days of charging: what the load manager gives cars of what was possible, how safely, and how long it thinks.

This module owns which days and what is wanted of them; the days are those of ``simulation``.
"""

from __future__ import annotations

import asyncio
from statistics import fmean, median
from time import thread_time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from custom_components.legrand_ews.greenup import LoadManager, Mode
from simulation.day import day_of
from simulation.physics import simulate
from simulation.runs import Job, run
from simulation.workload import fault_of, load_workload, names, workload_of

from .table import Figure, percentile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from custom_components.legrand_ews.greenup import MeterReading, Plan, StationReading
    from simulation.runs import Result

SEEDS: Final = 5
MODES: Final = {str(mode): {"mode": mode} for mode in Mode}
_MINUTE: Final = 60.0
_KWH: Final = 1000.0


class Wanted(NamedTuple):
    """What is wanted of a mode; None: nothing."""

    energy: float
    """R_E, mean."""
    overload: float
    """s, the longest."""
    lowest: float | None = None
    first_wait: float | None = None
    """min."""
    starts: float | None = None


WANTED: Final[Mapping[Mode, Wanted]] = {
    Mode.CONTINUOUS: Wanted(energy=0.89, overload=30, lowest=0.15, first_wait=45, starts=12),
    Mode.STEPS: Wanted(energy=0.80, overload=90),
}
FROZEN: Final[Mapping[str, str]] = {
    "W1": "08:30-09:30",
    "W2": "08:30-09:30",
    "W3": "19:00-20:00",
    "W4": "09:30-10:30",
    "W5": "18:30-19:30",
    "W6": "20:00-21:00",
}
"""An hour in which the meter's last reading stays, when cars ask for most."""
FROZEN_OVERLOAD: Final = 30.0
"""s."""
LEAST: Final = 0.1
"""kWh of a frozen hour, mean: cars go on."""
LARGEST: Final = 255
LARGEST_LIMIT: Final = 5.0
"""ms."""


async def measure(*, seeds: int) -> list[Figure]:
    """Let so many days of each workload pass in both modes, and with a frozen meter; then many stations."""
    results = await asyncio.to_thread(run, jobs(seeds))
    frozen = await asyncio.to_thread(run, frozen_jobs(seeds))
    return [
        *_bounds(results),
        *(figure for mode in WANTED for figure in of_mode(mode, results)),
        *(figure for mode in WANTED for figure in of_frozen(mode, frozen)),
        *await asyncio.to_thread(_largest, Mode.CONTINUOUS),
        *await asyncio.to_thread(_largest, Mode.STEPS),
    ]


def jobs(seeds: int) -> list[Job]:
    """Return the days of all workloads."""
    workloads = [load_workload(name) for name in names()]
    return [Job(workload=one, seed=seed, settings=MODES) for one in workloads for seed in range(1, seeds + 1)]


def frozen_jobs(seeds: int) -> list[Job]:
    """Return the same days with an hour without a new reading of the meter."""
    found = []
    for job in jobs(seeds):
        fault = fault_of(f"frozen_meter@{FROZEN[job.workload.name]}", job.workload)
        frozen = job.workload.with_faults(fault)
        found.append(
            Job(workload=frozen, seed=job.seed, settings=MODES, bounded=False, window=(fault.start, fault.end))
        )
    return found


def _of(results: Iterable[Result], mode: Mode, workload: str | None = None) -> list[Result]:
    """Return the results of a mode, and of a workload."""
    return [one for one in results if one.setting == mode and workload in (None, one.workload)]


def _bounds(results: Sequence[Result]) -> list[Figure]:
    """Return what was possible."""
    found = []
    for name in names():
        energies = [one.bound.energy / _KWH for one in _of(results, Mode.CONTINUOUS, name) if one.bound]
        found.append(Figure(name=f"{name}: possible in a day, mean", reached=fmean(energies), unit="kWh"))
    return found


def of_mode(mode: Mode, results: Sequence[Result]) -> list[Figure]:
    """Return how good a mode is."""
    wanted, mine = WANTED[mode], _of(results, mode)
    shares = {name: fmean(one.merit.energy_share or 0.0 for one in _of(mine, mode, name)) for name in names()}
    merits = [one.merit for one in mine]
    return [
        Figure(name=f"{mode}: R_E, mean", reached=fmean(shares.values()), wanted=wanted.energy, at_least=True),
        *(Figure(name=f"  R_E of {name}", reached=share) for name, share in shares.items()),
        Figure(name="  R_P, mean", reached=fmean(one.early_share or 0.0 for one in merits)),
        _worst("  longest overload", (one.overload_longest for one in merits), wanted.overload, "s"),
        _worst("  overload of a day, the most", (one.overload_total for one in merits), None, "s"),
        _worst("  I²t of a day, the most", (one.overload_heat for one in merits), None, "s"),
        Figure(
            name="  lowest fulfilled share",
            reached=min(one.lowest for one in merits),
            wanted=wanted.lowest,
            at_least=True,
        ),
        Figure(name="  Jain's index, mean", reached=fmean(one.jain for one in merits)),
        _worst("  longest first wait", (one.first_wait / _MINUTE for one in merits), wanted.first_wait, "min"),
        _worst("  starts of a car, the most", (one.starts for one in merits), wanted.starts),
        Figure(name="  orders for a car and day, mean", reached=fmean(one.commands for one in merits)),
    ]


def of_frozen(mode: Mode, results: Sequence[Result]) -> list[Figure]:
    """Return how a mode did while the meter was frozen."""
    mine = _of(results, mode)
    energies = [one.window_energy / _KWH for one in mine]
    return [
        _worst(
            f"{mode}, meter frozen for an hour: longest overload in it",
            (one.window_overload for one in mine),
            FROZEN_OVERLOAD,
            "s",
        ),
        Figure(name="  energy in that hour, mean", reached=fmean(energies), unit="kWh", wanted=LEAST, at_least=True),
        Figure(name="  energy in that hour, least", reached=min(energies), unit="kWh"),
    ]


def _worst(name: str, values: Iterable[float], wanted: float | None, unit: str = "") -> Figure:
    """Return the highest of values as a figure."""
    return Figure(name=name, reached=max(values), wanted=wanted, unit=unit)


class Timed:
    """A load manager whose steps are timed."""

    def __init__(self, manager: LoadManager) -> None:
        """Begin with no step."""
        self._manager = manager
        self.taken: list[float] = []
        """ms of each step."""

    def step(self, now: float, meter: MeterReading | None, stations: Mapping[str, StationReading]) -> Plan:
        """Let the manager decide."""
        begin = thread_time()
        plan = self._manager.step(now, meter, stations)
        self.taken.append(1000 * (thread_time() - begin))
        return plan


def largest(stations: int) -> dict[str, Any]:
    """Return a workload with so many stations, most of which want more than there is."""
    return {
        "start": "08:00",
        "end": "08:40",
        "manager": {"max_current": 8 * stations, "charge_current": 8 * stations, "hysteresis": 3},
        "loads": [{"current": stations, "noise": 3}],
        "groups": [
            {
                "stations": stations,
                "rated_current": 32,
                "rotate": True,
                "priority": stations // 8,
                "visits": [{"arrive": {"from": "08:00", "to": "08:10"}, "leave": "08:40", "need": 40}],
            }
        ],
    }


def _largest(mode: Mode) -> list[Figure]:
    """Time the steps with as many stations as there can be."""
    day = day_of(workload_of({**largest(LARGEST)}, "largest"), 1, mode=mode)
    manager = Timed(LoadManager(day.config, day.stations))
    simulate(day, manager)
    taken = manager.taken
    return [
        Figure(name=f"{mode}, {LARGEST} stations: a step, half in", reached=median(taken), unit="ms"),
        Figure(name="  99 % in", reached=percentile(taken, 99), unit="ms", wanted=LARGEST_LIMIT),
        Figure(name="  the longest", reached=max(taken), unit="ms"),
    ]
