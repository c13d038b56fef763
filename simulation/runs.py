"""Many days, in several processes: each workload and seed under each setting of the manager.

This module owns the jobs. The bound of a day is worked out once for all settings.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, Final

from custom_components.legrand_ews.greenup import LoadManager
from plant.rooms import open_rooms

from .bound import bound_of
from .day import day_of
from .merit import energy_between, merit, overload_between
from .physics import simulate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .bound import Bound
    from .merit import Merit
    from .physics import Record
    from .workload import Workload

PROCESSES: Final = 2


@dataclass(frozen=True, kw_only=True)
class Job:
    """A day to be made, and the settings of the manager under which it passes, by a name each."""

    workload: Workload
    seed: int
    settings: Mapping[str, Mapping[str, Any]]
    bounded: bool = True
    window: tuple[float, float] | None = None
    """Times between which energy and overload are counted by themselves."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """How a day passed under one setting."""

    workload: str
    seed: int
    setting: str
    merit: Merit
    bound: Bound | None
    window_energy: float = 0.0
    """Wh in the window of the job."""
    window_overload: float = 0.0
    """s: the longest in it."""


def record_of(workload: Workload, seed: int, settings: Mapping[str, Any]) -> Record:
    """Let one day pass under the load manager; raises ``WorkloadError`` where it cannot."""
    day = day_of(workload, seed, **settings)
    return simulate(day, LoadManager(day.config, day.stations))


def results_of(job: Job) -> list[Result]:
    """Do a job."""
    found: list[Result] = []
    bound = None
    for setting, settings in job.settings.items():
        record = record_of(job.workload, job.seed, settings)
        if bound is None and job.bounded:
            bound = bound_of(record.day)
        found.append(
            Result(
                workload=job.workload.name,
                seed=job.seed,
                setting=setting,
                merit=merit(record, bound),
                bound=bound,
                window_energy=energy_between(record, *job.window) if job.window else 0.0,
                window_overload=overload_between(record, *job.window) if job.window else 0.0,
            )
        )
    return found


def run(jobs: Iterable[Job], processes: int = PROCESSES) -> list[Result]:
    """Do jobs, in the order given; one process: in this one."""
    given = list(jobs)
    if processes == 1 or len(given) == 1:
        return _joined(map(results_of, given))
    # A child that forked would share the locks of the parent's threads; one that is spawned opens the rooms anew.
    opened = partial(open_rooms, alone=True)
    with ProcessPoolExecutor(processes, get_context("spawn"), initializer=opened) as pool:
        return _joined(pool.map(results_of, given))


def _joined(lists: Iterable[Sequence[Result]]) -> list[Result]:
    """Return the results of all jobs."""
    return [one for results in lists for one in results]
