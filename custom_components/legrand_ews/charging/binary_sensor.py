"""Whether a station has a problem: a fault it reports, or no answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, override

from homeassistant.components.binary_sensor import BinarySensorEntity, BinarySensorEntityDescription
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass

from .entity import StationEntity
from .words import FAULT, OFFLINE, state_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from homeassistant.helpers.device_registry import DeviceInfo

PROBLEM: Final = BinarySensorEntityDescription(
    key="problem", translation_key="charging_problem", device_class=BinarySensorDeviceClass.PROBLEM
)


def station_problem(station: str, info: DeviceInfo) -> Iterator[BinarySensorEntity]:
    """Yield the sensor of a station's problem."""
    yield StationProblem(station, PROBLEM, info)


class StationProblem(StationEntity, BinarySensorEntity):
    """On while a station cannot charge, or does not answer."""

    @override
    def _look(self) -> Hashable:
        return self.is_on

    @property
    @override
    def is_on(self) -> bool | None:
        """None while nothing is managed."""
        return None if self._now is None else state_of(self._now) in (FAULT, OFFLINE)
