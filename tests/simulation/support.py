"""A small day, and managers that are simple enough to know what they must do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from custom_components.legrand_ews.greenup import (
    MeterReading,
    Order,
    Plan,
    StationConfig,
    StationReading,
    StationState,
    Zone,
)
from simulation.workload import workload_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from simulation.day import Day
    from simulation.workload import Workload

ASKING = (StationState.WAITING, StationState.CHARGING)


def small(**changes: Any) -> Workload:
    """Return an hour with one three-phase car of 32 A from 10:05 to 10:55 and nothing else, with changes."""
    visit = {"arrive": "10:05", "leave": "10:55", "need": 100, **changes.pop("visit", {})}
    group = {"name": "S", "stations": 1, "rated_current": 32, "visits": [visit], **changes.pop("group", {})}
    value = {
        "start": "10:00",
        "end": "11:00",
        "manager": {"max_current": 40, "charge_current": 40},
        "groups": [group],
        **changes,
    }
    return workload_of(value, "small")


class Scripted:
    """A manager that orders what a function of the time says, and keeps what it was shown."""

    def __init__(self, day: Day, limit: Callable[[float], float]) -> None:
        self.day = day
        self.limit = limit
        self.seen: list[tuple[float, MeterReading | None, Mapping[str, StationReading]]] = []

    def step(self, now: float, meter: MeterReading | None, stations: Mapping[str, StationReading]) -> Plan:
        self.seen.append((now, meter, stations))
        limit = self.limit(now - self.day.start)
        return Plan(Zone.GREEN, {one.id: Order(limit, "as told") for one in self.day.stations}, [])


class Fill:
    """A manager that gives what is left, phase by phase, in the order of the stations, and keeps a margin."""

    def __init__(self, limit: float, stations: Iterable[StationConfig], margin: float = 0.0) -> None:
        self.limit = limit - margin
        self.stations = tuple(stations)

    def step(self, now: float, meter: MeterReading | None, stations: Mapping[str, StationReading]) -> Plan:  # noqa: ARG002
        assert meter is not None
        drawn = [one.currents or (0.0, 0.0, 0.0) for one in stations.values()]
        room = [self.limit - meter.currents[phase] + sum(row[phase] for row in drawn) for phase in range(3)]
        orders = {}
        for one in self.stations:
            limit = min(one.rated_current, *(room[phase] for phase in one.phases))
            limit = limit if limit >= one.min_current and stations[one.id].state in ASKING else 0.0
            for phase in one.phases:
                room[phase] -= limit
            orders[one.id] = Order(limit, "what is left")
        return Plan(Zone.GREEN, orders, [])
