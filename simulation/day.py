"""A day as chance makes it from a workload: what the loads draw in each step, which car is where and when.

This module owns the drawing of numbers: the same workload and seed are always the same day. Nothing in it depends on
who manages the stations.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any, Final

from custom_components.legrand_ews.greenup import StationConfig

from .fields import DAY, PHASES, WorkloadError
from .workload import config_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from custom_components.legrand_ews.greenup import LoadManagerConfig

    from .workload import Car, Fault, Group, Load, Visit, Workload

STEP: Final = 5.0
"""s."""
VOLTS: Final = 230.0
_SHORTEST: Final = 60.0
"""s: a visit is never shorter."""


@dataclass(frozen=True, kw_only=True)
class Stay:
    """A car at a station. Steps from the start of the day on; ``current``: A per phase at most."""

    station: int
    arrive: int
    begin: int
    """From then on it draws, where it may: later than ``arrive`` where it postpones."""
    leave: int
    """The first step without it."""
    current: float
    phases: tuple[int, ...]
    need: float
    """Wh."""

    @property
    def watts_per_ampere(self) -> float:
        """The power of one ampere."""
        return VOLTS * len(self.phases)


@dataclass(frozen=True, kw_only=True)
class Day:
    """All that is given: who manages the stations changes nothing of it."""

    name: str
    seed: int
    start: float
    """s since midnight."""
    steps: int
    base: tuple[list[float], list[float], list[float]]
    """A per phase and step, of all that is no car."""
    stations: tuple[StationConfig, ...]
    stays: tuple[Stay, ...]
    """By arrival."""
    config: LoadManagerConfig
    faults: tuple[Fault, ...]

    @property
    def limit(self) -> float:
        """What the main takes, A."""
        return self.config.max_current

    def step_of(self, time: float) -> int:
        """Return the step that is on at a time, s since midnight, or the nearest."""
        return min(max(round((time - self.start) / STEP), 0), self.steps)


def day_of(workload: Workload, seed: int, **settings: Any) -> Day:
    """Make a day, with settings of the load manager in place of the workload's.

    Raises ``WorkloadError`` where a station would have two cars at once, or the settings contradict each other.
    """
    steps = round((workload.end - workload.start) / STEP)
    stations: list[StationConfig] = []
    stays: list[Stay] = []
    for place, group in enumerate(workload.groups):
        random = Random(f"{workload.name} {seed} group {place}")
        first = len(stations)
        stations += _stations(group)
        for visit in group.visits:
            stays += _stays(workload, visit, stations[first:], first, random)
    _check(workload, stays)
    loads = [
        _drawn(load, workload.start, steps, Random(f"{workload.name} {seed} load {place}"))
        for place, load in enumerate(workload.loads)
    ]
    return Day(
        name=workload.name,
        seed=seed,
        start=workload.start,
        steps=steps,
        base=_sum(loads, steps),
        stations=tuple(stations),
        stays=tuple(sorted(stays, key=lambda stay: (stay.arrive, stay.station))),
        config=config_of({**workload.settings, **settings}),
        faults=workload.faults,
    )


def _stations(group: Group) -> list[StationConfig]:
    """Return the stations of a group."""
    found = []
    for number in range(group.stations):
        first = number % len(group.phases) if group.rotate else 0
        found.append(
            StationConfig(
                f"{group.name}{number + 1}",
                group.rated_current,
                (group.phases[first:] + group.phases[:first])[: group.wires],
                number < group.priority,
            )
        )
    return found


def _stays(workload: Workload, visit: Visit, stations: list[StationConfig], first: int, random: Random) -> list[Stay]:
    """Return the cars of a visit, one at each of the stations."""
    cars = _kinds(visit.cars, len(stations))
    random.shuffle(cars)
    postponing = set(random.sample(range(len(stations)), visit.postponing))
    found = []
    for place, (station, car) in enumerate(zip(stations, cars, strict=True)):
        arrive = min(max(visit.arrive.draw(random), workload.start), workload.end - _SHORTEST)
        leave = min(max(visit.leave.draw(random), arrive + _SHORTEST), workload.end)
        begin = max(arrive, visit.postponed_to) if place in postponing else arrive
        found.append(
            Stay(
                station=first + place,
                arrive=_step(workload, arrive),
                begin=_step(workload, min(begin, leave)),
                leave=_step(workload, leave),
                current=min(car.current, station.rated_current),
                phases=station.phases[: car.phases],
                need=max(visit.need.draw(random), 0.0),
            )
        )
    return found


def _step(workload: Workload, time: float) -> int:
    """Return the step that begins nearest to a time."""
    return round((time - workload.start) / STEP)


def _kinds(cars: Iterable[Car], count: int) -> list[Car]:
    """Return so many cars, of each kind as near to its share as whole cars allow."""
    kinds = list(cars)
    total = sum(car.share for car in kinds)
    found: list[Car] = []
    share = 0.0
    for car in kinds:
        share += car.share
        found += [car] * (round(count * share / total) - len(found))
    return found


def _check(workload: Workload, stays: Iterable[Stay]) -> None:
    """Refuse two cars at one station."""
    until: dict[int, int] = {}
    for stay in sorted(stays, key=lambda stay: stay.arrive):
        if stay.arrive < until.get(stay.station, 0):
            raise WorkloadError("", f"two cars are at station {workload.stations[stay.station]} at the same time")
        until[stay.station] = stay.leave


def _drawn(load: Load, start: float, steps: int, random: Random) -> tuple[Load, list[list[float]]]:
    """Return what a load draws from each of its phases in each step."""
    shift = random.uniform(0.0, load.every) if load.every else 0.0
    level = [_level(load, start + step * STEP, shift) for step in range(steps)]
    if not load.noise:
        return load, [level] * len(load.phases)
    keep = math.exp(-STEP / load.noise_time)
    fresh = math.sqrt(1 - keep * keep)
    lines = []
    for _ in load.phases:
        noise, line = random.gauss(0.0, 1.0), []
        for current in level:
            line.append(current * (1 + load.noise * noise))
            noise = keep * noise + fresh * random.gauss(0.0, 1.0)
        lines.append(line)
    return load, lines


def _level(load: Load, time: float, shift: float) -> float:
    """Return the current of a load without noise at a time."""
    if load.start is not None and time < load.start:
        return 0.0
    if load.end is not None and time >= load.end:
        return 0.0
    if load.every is not None and load.on is not None and (time + shift) % load.every >= load.on:
        return 0.0
    return _between(load.points, time % DAY)


def _between(points: tuple[tuple[float, float], ...], time: float) -> float:
    """Return the current of a line through points that goes round the day."""
    place = bisect_right(points, (time, math.inf))
    before, current = points[place - 1]
    after, next_current = points[place % len(points)]
    width = (after - before) % DAY
    return current + (next_current - current) * ((time - before) % DAY) / width if width else current


def _sum(loads: Iterable[tuple[Load, list[list[float]]]], steps: int) -> tuple[list[float], list[float], list[float]]:
    """Add up what the loads draw."""
    base = tuple([0.0] * steps for _ in range(PHASES))
    for load, lines in loads:
        for phase, line in zip(load.phases, lines, strict=True):
            total = base[phase]
            for step, current in enumerate(line):
                total[step] += current
    return base[0], base[1], base[2]
