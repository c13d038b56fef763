"""Cars, stations and a meter, step by step, under a load manager.

This module owns what happens: a car follows its pilot one step later, begins to draw ``START_DELAY`` after it may, and
draws all that it may until its need is met; readings are one step old; the manager is asked every ``PERIOD``. It owns
no judgement: see ``merit``.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from custom_components.legrand_ews.greenup import MeterReading, Plan, StationReading, StationState

from .day import STEP
from .fields import PHASES
from .workload import FLOOR, FaultKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .day import Day, Stay

PERIOD: Final = 10.0
"""s between two orders."""
START_DELAY: Final = 15.0
"""s from an order until a car draws."""
_EVERY: Final = round(PERIOD / STEP)
_DELAY: Final = round(START_DELAY / STEP)
_HOUR: Final = 3600.0
_NONE: Final = (0.0, 0.0, 0.0)


class Manager(Protocol):
    """Anything that decides as ``LoadManager`` does. Times are s since midnight of the first day."""

    def step(self, now: float, meter: MeterReading | None, stations: Mapping[str, StationReading]) -> Plan:
        """Return the orders."""


@dataclass(kw_only=True)
class Course:
    """What became of one stay."""

    stay: Stay
    draws: array[float]
    """A from each of its phases in each step of the day."""
    energy: float = 0.0
    """Wh that it got."""
    early: float = 0.0
    """Wh, each weighted with the share of the stay that was still left."""
    starts: int = 0
    first: int | None = None
    """The first step in which it drew."""
    commands: int = 0
    """Orders that changed something while it was there."""

    @property
    def full(self) -> bool:
        """Whether its need is met."""
        return self.energy >= self.stay.need


@dataclass(kw_only=True)
class Record:
    """What became of a day."""

    day: Day
    courses: list[Course]
    currents: tuple[array[float], array[float], array[float]]
    """A per phase and step, at the main."""
    commands: int = 0


@dataclass(kw_only=True, slots=True)
class _Station:
    """A station as it is now."""

    id: str
    rated: float
    ordered: float = 0.0
    """A: what it was told last."""
    pilot: float = 0.0
    """A: what its car follows."""
    since: int = 0
    """The step from which on the order is above nothing."""
    course: Course | None = None
    lost: bool = False
    ignores: bool = False
    drew: float = 0.0
    charge: float = 0.0
    """Ah on one phase since the car came."""
    reading: StationReading = field(default_factory=lambda: StationReading(0.0, StationState.FREE, _NONE, 0.0))


class Simulation:
    """A day under a manager."""

    def __init__(self, day: Day, manager: Manager) -> None:
        """Begin with no car."""
        self._day = day
        self._manager = manager
        self._stations = [_Station(id=one.id, rated=one.rated_current) for one in day.stations]
        courses = [Course(stay=stay, draws=array("d", bytes(8 * day.steps))) for stay in day.stays]
        currents = (array("d", day.base[0]), array("d", day.base[1]), array("d", day.base[2]))
        self._record = Record(day=day, courses=courses, currents=currents)
        self._changes: dict[int, list[Course]] = {}
        """Cars that come or go, by step."""
        for course in courses:
            self._changes.setdefault(course.stay.arrive, []).append(course)
            self._changes.setdefault(course.stay.leave, []).append(course)
        self._edges = {day.step_of(edge) for fault in day.faults for edge in (fault.start, fault.end)}
        self._faults: set[FaultKind] = set()
        """Those of the meter that are on."""
        self._meter = self._measured(0)

    def run(self) -> Record:
        """Let the day pass and return what happened."""
        for step in range(self._day.steps):
            if step in self._edges:
                self._take_faults(step)
            if step in self._changes:
                self._come_and_go(step)
            if step and step % _EVERY == 0:
                self._order(step)
            self._draw(step)
            if (step + 1) % _EVERY == 0:
                self._read(step)
            for station in self._stations:
                station.pilot = station.ordered
        return self._record

    def _time(self, step: int) -> float:
        """Return the time at which a step begins."""
        return self._day.start + step * STEP

    def _take_faults(self, step: int) -> None:
        """Begin and end faults."""
        day = self._day
        on = [fault for fault in day.faults if day.step_of(fault.start) <= step < day.step_of(fault.end)]
        self._faults = {fault.kind for fault in on if fault.station is None}
        for station in self._stations:
            kinds = {fault.kind for fault in on if fault.station == station.id}
            station.lost = FaultKind.LOST_STATION in kinds
            station.ignores = FaultKind.IGNORES_PILOT in kinds

    def _come_and_go(self, step: int) -> None:
        """Let cars leave, then others come."""
        for course in self._changes[step]:
            station = self._stations[course.stay.station]
            if course.stay.leave == step and station.course is course:
                station.course, station.drew, station.charge = None, 0.0, 0.0
        for course in self._changes[step]:
            if course.stay.arrive == step < course.stay.leave:
                self._stations[course.stay.station].course = course

    def _order(self, step: int) -> None:
        """Ask the manager, and tell the stations that answer."""
        now = self._time(step)
        meter = None if FaultKind.LOST_METER in self._faults else self._meter
        orders = self._manager.step(now, meter, {one.id: one.reading for one in self._stations}).orders
        for station in self._stations:
            order = orders.get(station.id)
            if order is None or station.lost or order.limit == station.ordered:
                continue
            if order.limit >= FLOOR > station.ordered:
                station.since = step
            station.ordered = order.limit
            self._record.commands += 1
            if station.course is not None:
                station.course.commands += 1

    def _draw(self, step: int) -> None:
        """Let cars draw in a step."""
        currents = self._record.currents
        for station in self._stations:
            course = station.course
            if course is None:
                continue
            current = self._current(station, course, step)
            if current:
                stay = course.stay
                if not station.drew:
                    course.starts += 1
                    course.first = step if course.first is None else course.first
                course.draws[step] = current
                for phase in stay.phases:
                    currents[phase][step] += current
                energy = min(current * stay.watts_per_ampere * STEP / _HOUR, stay.need - course.energy)
                course.energy += energy
                course.early += energy * (stay.leave - step) / (stay.leave - stay.arrive)
                station.charge += current * STEP / _HOUR
            station.drew = current

    def _current(self, station: _Station, course: Course, step: int) -> float:
        """Return what a car draws from each of its phases in a step, A."""
        stay = course.stay
        if station.pilot < FLOOR or course.full or step < stay.begin:
            return 0.0
        if not station.drew and step < max(station.since, stay.begin, stay.arrive) + _DELAY:
            return 0.0
        most = min(stay.current, station.rated)
        return most if station.ignores else min(most, station.pilot)

    def _measured(self, step: int) -> MeterReading:
        """Return what the meter saw in a step."""
        one, two, three = self._record.currents
        return MeterReading(self._time(step), (one[step], two[step], three[step]))

    def _read(self, step: int) -> None:
        """Read the meter and the stations, as they are in a step."""
        if FaultKind.FROZEN_METER not in self._faults:
            self._meter = self._measured(step)
        now = self._time(step)
        for station in self._stations:
            course = station.course
            if station.lost:
                station.reading = StationReading(station.reading.at, StationState.OFFLINE, None, None)
            elif course is None:
                station.reading = StationReading(now, StationState.FREE, _NONE, 0.0)
            else:
                currents = [0.0] * PHASES
                for phase in course.stay.phases:
                    currents[phase] = station.drew
                one, two, three = currents
                station.reading = StationReading(now, _state(course, station.drew), (one, two, three), station.charge)


def _state(course: Course, drew: float) -> StationState:
    """Return what a station says of its car."""
    if course.full:
        return StationState.DONE
    return StationState.CHARGING if drew else StationState.WAITING


def simulate(day: Day, manager: Manager) -> Record:
    """Let a day pass under a manager and return what happened."""
    return Simulation(day, manager).run()
