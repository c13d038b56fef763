"""Binary sensors: whether gateways and devices can be reached; inputs, contacts, trips and errors of devices."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, override

from homeassistant.components.binary_sensor import BinarySensorEntity, BinarySensorEntityDescription
from homeassistant.components.binary_sensor.const import DOMAIN as PLATFORM
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import EntityCategory
from homeassistant.core import callback

from .bus import LinkValue
from .catalog import Kind, StateKind
from .charging.binary_sensor import station_problem
from .charging.platform import add_of_installation, station_entities
from .const import CONF_KIND, KIND_INSTALLATION
from .entity import GatewayEntity, device_info, unique_id_of
from .names import SENSOR_KINDS, state_label
from .state_entity import LinksEntity, StateEntity, add_and_clean, devices_of
from .status import LINKS
from .switch import switched

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .catalog import State
    from .coordinator import GatewayConfigEntry, UnitCoordinator
    from .device import Device
    from .status import StatusCoordinator

PARALLEL_UPDATES = 0

CONNECTED: Final = BinarySensorEntityDescription(
    key="connected",
    device_class=BinarySensorDeviceClass.CONNECTIVITY,
    entity_category=EntityCategory.DIAGNOSTIC,
)
ANSWERS: Final = BinarySensorEntityDescription(
    key="answers",
    device_class=BinarySensorDeviceClass.CONNECTIVITY,
    entity_category=EntityCategory.DIAGNOSTIC,
)
LINK_ERROR: Final = BinarySensorEntityDescription(
    key="link_error",
    translation_key="link_error",
    device_class=BinarySensorDeviceClass.PROBLEM,
    entity_category=EntityCategory.DIAGNOSTIC,
)
_CLASSES: Final[Mapping[StateKind, BinarySensorDeviceClass]] = {StateKind.ALARM: BinarySensorDeviceClass.PROBLEM}
# Most use the output for pulses and nothing else.
_OFF_BY_DEFAULT: Final = frozenset({Kind.METER, Kind.COUNTER, Kind.CONCENTRATOR})


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GatewayConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the connectivity of a gateway and what is on or off of its devices; of the installation, its chargers."""
    if entry.data[CONF_KIND] == KIND_INSTALLATION:
        add_of_installation(
            hass, entry, PLATFORM, async_add_entities, of_manager=lambda *_: (), of_stations=station_problem
        )
        return
    connected = GatewayConnected(entry, CONNECTED)
    async_add_entities([connected])
    with_states = {device.config.id for device in devices_of(entry)}
    found = [
        (
            device,
            [
                DeviceAnswers(entry, device),
                *(_entities(entry, device) if device.config.id in with_states else ()),
                *station_entities(entry, device, station_problem),
            ],
        )
        for device in entry.runtime_data.devices.values()
        if device.profile is not None
    ]
    add_and_clean(hass, entry, PLATFORM, found, async_add_entities, others=[f"{entry.entry_id}_{CONNECTED.key}"])


def _entities(entry: GatewayConfigEntry, device: Device) -> Iterator[StateEntity]:
    """Yield the binary sensors of a device: what is switched by people is a switch instead."""
    for key, state in device.states.items():
        if state.kind is StateKind.BREAKER:
            yield BreakerTrip(entry, device, key, _trip(state), output=key)
        elif state.kind not in SENSOR_KINDS and not switched(device, state):
            yield StateOn(entry, device, key, _description(device, state))
    if device.profile is not None and any(link.error for link in device.profile.links.values()):
        yield LinkError(entry, device, LINKS, LINK_ERROR)


def _description(device: Device, state: State) -> BinarySensorEntityDescription:
    """Return how a state that is on or off is shown."""
    return BinarySensorEntityDescription(
        key=state.key,
        translation_key=state_label(state),
        device_class=_CLASSES.get(state.kind),
        entity_registry_enabled_default=device.model.kind not in _OFF_BY_DEFAULT,
    )


def _trip(state: State) -> BinarySensorEntityDescription:
    """Return how the trip of a breaker is shown."""
    return BinarySensorEntityDescription(
        key=f"{state.key}_trip",
        translation_key="trip" if state.number is None else "trip_n",
        device_class=BinarySensorDeviceClass.PROBLEM,
    )


class GatewayConnected(GatewayEntity, BinarySensorEntity):
    """Whether the gateway answered its last request."""

    @property
    @override
    def is_on(self) -> bool | None:
        """None before the first request."""
        return self.coordinator.data.connected


class DeviceAnswers(BinarySensorEntity):
    """Whether a device answered the last poll that asked it, for measures or for states."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    entity_description = ANSWERS

    def __init__(self, entry: GatewayConfigEntry, device: Device) -> None:
        """Bind the entity to its device."""
        data = entry.runtime_data
        self._polls: list[UnitCoordinator | StatusCoordinator] = [data.units[device.config.address]]
        if (states := data.states.get(device.config.address)) is not None:
            self._polls.append(states)
        self._device_id = device.config.id
        self._attr_unique_id = unique_id_of(device, ANSWERS.key)
        self._attr_device_info = device_info(device, data.device_id)

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the polls; ask for nothing."""
        await super().async_added_to_hass()
        for poll in self._polls:
            self.async_on_remove(poll.async_add_listener(partial(self._polled, poll)))

    @callback
    def _polled(self, poll: UnitCoordinator | StatusCoordinator) -> None:
        """Take what a poll tells, if it asked this device."""
        report = poll.data
        if not report.asked or (report.problem is None and self._device_id not in report.values):
            return
        answers = report.problem is None
        if answers is not self._attr_is_on:
            self._attr_is_on = answers
            self.async_write_ha_state()


class StateOn(StateEntity, BinarySensorEntity):
    """A state that is on or off."""

    @property
    @override
    def is_on(self) -> bool | None:
        """None where the device does not tell."""
        return None if self._value is None else self._value == "on"


class BreakerTrip(StateEntity, BinarySensorEntity):
    """Whether a breaker tripped."""

    @property
    @override
    def is_on(self) -> bool | None:
        """None where the state of the breaker is not known."""
        return None if self._value is None else self._value == "tripped"


class LinkError(LinksEntity, BinarySensorEntity):
    """Whether a link between this EMS module and another one fails."""

    @property
    @override
    def is_on(self) -> bool:
        """True where any link fails."""
        return any(isinstance(link, LinkValue) and link.error for link in self._links.values())
