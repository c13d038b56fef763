"""Binary sensors: whether a gateway can be reached; inputs, contacts, trips and errors of devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, override

from homeassistant.components.binary_sensor import BinarySensorEntity, BinarySensorEntityDescription
from homeassistant.components.binary_sensor.const import DOMAIN as PLATFORM
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import EntityCategory

from .bus import LinkValue
from .catalog import Kind, StateKind
from .entity import GatewayEntity
from .names import state_label
from .state_entity import StateEntity, add_and_clean, devices_of
from .status import LINKS
from .switch import switched

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .catalog import State
    from .coordinator import GatewayConfigEntry
    from .device import Device

PARALLEL_UPDATES = 0

CONNECTED: Final = BinarySensorEntityDescription(
    key="connected",
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
_SHOWN_ELSEWHERE: Final = frozenset({StateKind.BREAKER, StateKind.CHOICE})
# Most use the output for pulses and nothing else.
_OFF_BY_DEFAULT: Final = frozenset({Kind.METER, Kind.COUNTER, Kind.CONCENTRATOR})


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GatewayConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the connectivity of a gateway and what is on or off of its devices."""
    connected = GatewayConnected(entry, CONNECTED)
    async_add_entities([connected])
    found = [(device, list(_entities(entry, device))) for device in devices_of(entry)]
    add_and_clean(hass, entry, PLATFORM, found, async_add_entities, others=[f"{entry.entry_id}_{CONNECTED.key}"])


def _entities(entry: GatewayConfigEntry, device: Device) -> Iterator[StateEntity]:
    """Yield the binary sensors of a device: what is switched by people is a switch instead."""
    for key, state in device.states.items():
        if state.kind is StateKind.BREAKER:
            yield BreakerTrip(entry, device, key, _trip(state), output=key)
        elif state.kind not in _SHOWN_ELSEWHERE and not switched(device, state):
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


class LinkError(StateEntity, BinarySensorEntity):
    """Whether a link between this EMS module and another one fails."""

    @property
    def _errors(self) -> list[bool]:
        """Whether each link that tells fails."""
        assert self._device.profile is not None  # noqa: S101 -- it has links
        values = self.coordinator.data.values.get(self._device.config.id, {})
        links = (values.get(key) for key in self._device.profile.links)
        return [link.error for link in links if isinstance(link, LinkValue) and link.error is not None]

    @property
    @override
    def available(self) -> bool:
        """True where the last poll read the links."""
        assert self._device.profile is not None  # noqa: S101 -- it has links
        values = self.coordinator.data.values.get(self._device.config.id, {})
        return any(key in values for key in self._device.profile.links)

    @property
    @override
    def is_on(self) -> bool:
        """True where any link fails."""
        return any(self._errors)
