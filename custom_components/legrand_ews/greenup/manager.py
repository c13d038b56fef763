"""The load manager: one step from readings to orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from .plan import Order, Plan, Zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .config import LoadManagerConfig, StationConfig
    from .reading import MeterReading, StationReading


class LoadManager:
    """Tells stations what they may draw so that the main does not trip."""

    def __init__(self, config: LoadManagerConfig, stations: Iterable[StationConfig]) -> None:
        """Manage these stations."""
        self.config = config
        self.stations = tuple(stations)

    def step(self, now: float, meter: MeterReading | None, stations: Mapping[str, StationReading]) -> Plan:  # noqa: ARG002
        """Return what is to be done."""
        return Plan(Zone.GREEN, {one.id: Order.of(0.0, "free") for one in self.stations}, [])

    def start(self, station_id: str) -> None:
        """Clear a hold and go to the head of the queue."""

    def hold(self, station_id: str) -> None:
        """Stop a session until it is started or unplugged."""

    def set_session_priority(self, station_id: str, priority: bool) -> None:  # noqa: FBT001
        """Set the priority of the session that runs."""

    def set_departure(self, station_id: str, at: float | None) -> None:
        """Say when the car will leave."""

    def snapshot(self) -> dict[str, Any]:
        """Return the state as JSON."""
        return {}

    @classmethod
    def restore(
        cls,
        config: LoadManagerConfig,
        stations: Iterable[StationConfig],
        snapshot: Mapping[str, Any],  # noqa: ARG003
        now: float,  # noqa: ARG003
    ) -> Self:
        """Return a manager that goes on where another stopped."""
        return cls(config, stations)
