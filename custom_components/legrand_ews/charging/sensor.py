"""Sensors of the load manager and its stations (manual 8.3)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity, SensorEntityDescription, SensorStateClass
from homeassistant.const import UnitOfElectricCurrent, UnitOfEnergy
from homeassistant.util import dt as dt_util

from ..const import PHASES
from ..greenup import Zone
from .entity import ControlEntity, StationEntity
from .meter import meter_phases
from .reason_text import reason_text
from .words import STATES, state_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping
    from datetime import datetime

    from homeassistant.helpers.device_registry import DeviceInfo
    from homeassistant.helpers.typing import StateType

    from .control import LoadControl, StationNow
    from .sessions import OpenSession
    from .settings import GreenupSettings

_AMPERE_HOURS: Final = "Ah"


@dataclass(frozen=True, kw_only=True)
class StationDescription(SensorEntityDescription):
    """A sensor of a station."""

    value: Callable[[StationNow], StateType | Decimal | datetime]


@dataclass(frozen=True, kw_only=True)
class ManagerDescription(SensorEntityDescription):
    """A sensor of the load manager."""

    value: Callable[[LoadControl], StateType]


def _of_session[ValueT](value: Callable[[OpenSession], ValueT | None]) -> Callable[[StationNow], ValueT | None]:
    """Return what tells something of the session; nothing without a car."""
    return lambda now: None if now.session is None else value(now.session)


def _kilowatt_hours(session: OpenSession) -> Decimal | None:
    """Return the energy of a session, kWh."""
    return None if session.energy is None else Decimal(session.energy) / 1000


OF_STATIONS: Final = (
    StationDescription(
        key="state",
        translation_key="charging_state",
        device_class=SensorDeviceClass.ENUM,
        options=list(STATES),
        value=state_of,
    ),
    StationDescription(
        key="limit",
        translation_key="charging_limit",
        device_class=SensorDeviceClass.CURRENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value=lambda now: None if now.order is None else round(now.order.limit, 1),
    ),
    StationDescription(
        key="energy",
        translation_key="charged_energy",
        device_class=SensorDeviceClass.ENERGY,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        state_class=SensorStateClass.TOTAL_INCREASING,
        suggested_display_precision=2,
        value=_of_session(_kilowatt_hours),
    ),
    StationDescription(
        key="charge",
        translation_key="charged_quantity",
        native_unit_of_measurement=_AMPERE_HOURS,
        suggested_display_precision=1,
        value=_of_session(lambda session: None if session.charge is None else round(session.charge, 1)),
    ),
    StationDescription(
        key="start",
        translation_key="session_start",
        device_class=SensorDeviceClass.TIMESTAMP,
        value=_of_session(lambda session: dt_util.utc_from_timestamp(session.start)),
    ),
)
OF_MANAGER: Final = (
    ManagerDescription(
        key="zone",
        translation_key="zone",
        device_class=SensorDeviceClass.ENUM,
        options=[zone.value for zone in Zone],
        value=lambda control: None if control.plan is None else control.plan.zone.value,
    ),
    ManagerDescription(
        key="charging",
        translation_key="cars_charging",
        state_class=SensorStateClass.MEASUREMENT,
        value=lambda control: control.manager.counts[0],
    ),
    ManagerDescription(
        key="waiting",
        translation_key="cars_waiting",
        state_class=SensorStateClass.MEASUREMENT,
        value=lambda control: control.manager.counts[1],
    ),
)

REASON: Final = SensorEntityDescription(key="reason", translation_key="charging_reason")
COST: Final = SensorEntityDescription(
    key="cost",
    translation_key="session_cost",
    device_class=SensorDeviceClass.MONETARY,
    suggested_display_precision=2,
)
HEADROOM: Final = tuple(
    SensorEntityDescription(
        key=f"headroom_{phase}",
        translation_key="headroom",
        translation_placeholders={"phase": phase.upper()},
        device_class=SensorDeviceClass.CURRENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
    )
    for phase in PHASES
)


def station_sensors(station: str, info: DeviceInfo) -> Iterator[SensorEntity]:
    """Yield the sensors of a station."""
    for description in OF_STATIONS:
        yield StationSensor(station, description, info)
    yield ReasonSensor(station, REASON, info)
    yield CostOfSession(station, COST, info)


def manager_sensors(owner: str, info: DeviceInfo) -> Iterator[SensorEntity]:
    """Yield the sensors of the load manager."""
    for description in OF_MANAGER:
        yield ManagerSensor(owner, description, info)
    for place, one in enumerate(HEADROOM):
        yield Headroom(owner, place, one, info)


class StationSensor(StationEntity, SensorEntity):
    """A figure of a station."""

    entity_description: StationDescription

    @override
    def _look(self) -> Hashable:
        return self.native_value

    @property
    @override
    def native_value(self) -> StateType | Decimal | datetime:
        """The figure as of the last step."""
        return None if self._now is None else self.entity_description.value(self._now)


class ReasonSensor(StationEntity, SensorEntity):
    """Why a station may draw what it may, as a driver would say it."""

    _unrecorded_attributes = frozenset({"values"})

    @override
    def _look(self) -> Hashable:
        return self.native_value

    @property
    @override
    def native_value(self) -> str | None:
        """The sentence, in the system's language."""
        now = self._now
        if now is None or now.order is None or now.order.why is None:
            return None
        return reason_text(self.hass, now.order.why)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        """The reason in parts, for automations."""
        now = self._now
        if now is None or now.order is None or now.order.why is None:
            return None
        return {"reason": now.order.why.key, "values": dict(now.order.why.values)}


class CostOfSession(StationEntity, SensorEntity):
    """What the session cost so far."""

    @override
    def _look(self) -> Hashable:
        return self.native_value

    @property
    @override
    def native_value(self) -> Decimal | None:
        """The cost by the tariffs; None where nothing is priced."""
        session = None if self._now is None else self._now.session
        return None if session is None or session.cost is None else round(session.cost, 4)

    @property
    @override
    def native_unit_of_measurement(self) -> str:
        """The currency of the site."""
        return self.hass.config.currency if self._control is None else self._control.currency


class ManagerSensor(ControlEntity, SensorEntity):
    """A figure of the load manager."""

    entity_description: ManagerDescription

    @override
    def _look(self) -> Hashable:
        return self.native_value

    @property
    @override
    def native_value(self) -> StateType:
        """The figure as of the last step."""
        return None if self._control is None else self.entity_description.value(self._control)


class Headroom(ControlEntity, SensorEntity):
    """What a phase has left up to the limit; negative while it is over."""

    def __init__(self, owner: str, place: int, description: SensorEntityDescription, info: DeviceInfo) -> None:
        """Show a phase, 0 to 2."""
        super().__init__(owner, description, info)
        self._place = place
        self._settings: GreenupSettings | None = None
        self._watched = True

    @override
    def _look(self) -> Hashable:
        return self.native_value

    @property
    @override
    def native_value(self) -> float | None:
        """The head-room, A; None while the meter does not answer, and where it does not tell of the phase."""
        control = self._control
        headroom = None if control is None or not self._sees(control) else control.manager.headroom
        return None if headroom is None else round(headroom[self._place], 1)

    def _sees(self, control: LoadControl) -> bool:
        """Tell whether the meter tells of the phase; looked up anew with other settings."""
        if control.settings is not self._settings:
            self._settings = control.settings
            self._watched = self._place in meter_phases(self.hass, control.settings)
        return self._watched
