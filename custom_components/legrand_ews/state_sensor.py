"""Sensors of states: breakers, stations, choices of a map's own, links of EMS modules; and the alarms of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity, SensorEntityDescription, SensorStateClass
from homeassistant.const import EntityCategory
from homeassistant.core import callback

from .bus import LinkValue
from .catalog import WORDS, StateKind
from .installation import installation_info
from .journal import DATA_JOURNAL
from .names import SENSOR_KINDS, state_label
from .state_entity import LinksEntity, StateEntity
from .status import LINKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from homeassistant.config_entries import ConfigEntry

    from .catalog import State
    from .coordinator import GatewayConfigEntry
    from .device import Device

LINKS_SENSOR: Final = SensorEntityDescription(
    key=LINKS, translation_key="links", entity_category=EntityCategory.DIAGNOSTIC
)
ACTIVE_ALARMS: Final = SensorEntityDescription(
    key="active_alarms", translation_key="active_alarms", state_class=SensorStateClass.MEASUREMENT
)
_RAW: Final = frozenset({StateKind.CHARGE, StateKind.STATION})
"""What the load manager tells better, and sooner."""
_TOLD: Final = ("device", "gateway", "address", "kind", "event", "text")


def state_sensors(entry: GatewayConfigEntry, device: Device) -> Iterator[SensorEntity]:
    """Yield the sensors of a device's states."""
    for key, state in device.states.items():
        if state.kind in SENSOR_KINDS:
            yield StateSensor(entry, device, key, _description(state))
    if device.profile is not None and device.profile.links:
        yield LinksSensor(entry, device, LINKS, LINKS_SENSOR)


def _description(state: State) -> SensorEntityDescription:
    """Return how a state of several words is shown."""
    return SensorEntityDescription(
        key=state.key,
        translation_key=state_label(state),
        device_class=SensorDeviceClass.ENUM,
        entity_category=EntityCategory.DIAGNOSTIC if state.kind in _RAW else None,
        options=list(WORDS.get(state.kind) or dict.fromkeys(state.values.values())),
    )


class StateSensor(StateEntity, SensorEntity):
    """A state of several words."""

    @property
    @override
    def native_value(self) -> str | None:
        """The word; None where the device does not tell."""
        return self._value if isinstance(self._value, str) else None


class LinksSensor(LinksEntity, SensorEntity):
    """How many links to other EMS modules a module has (manual 8.2.3)."""

    @property
    def _there(self) -> list[LinkValue]:
        """The links that there are."""
        return [row for row in self._links.values() if isinstance(row, LinkValue) and row.partner is not None]

    @property
    @override
    def native_value(self) -> int:
        """The number of links."""
        return len(self._there)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """What is linked: the part of this module, the other one, whether it works."""
        names = {device.config.address: device.config.name for device in self._entry.runtime_data.devices.values()}
        return {
            "links": [
                {
                    "role": link.role,
                    "address": link.partner,
                    "device": names.get(link.partner or 0),
                    "error": link.error,
                }
                for link in self._there
            ]
        }


class ActiveAlarms(SensorEntity):
    """How many alarms of the site are on."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    entity_description = ACTIVE_ALARMS

    def __init__(self, entry: ConfigEntry) -> None:
        """Belong to the installation."""
        self._attr_unique_id = f"{entry.entry_id}_{ACTIVE_ALARMS.key}"
        self._attr_device_info = installation_info(entry)
        self._shown: tuple[int, ...] | None = None

    @override
    async def async_added_to_hass(self) -> None:
        """Watch the journal."""
        await super().async_added_to_hass()
        self.async_on_remove(self.hass.data[DATA_JOURNAL].watch(self._changed))

    @callback
    def _changed(self) -> None:
        """Write the state where others are on."""
        active = tuple(entry.id for entry in self.hass.data[DATA_JOURNAL].journal.active)
        if active != self._shown:
            self._shown = active
            self.async_write_ha_state()

    @property
    @override
    def native_value(self) -> int:
        """The alarms that began and did not end."""
        return self.hass.data[DATA_JOURNAL].journal.active_count()

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """The newest of them."""
        active = self.hass.data[DATA_JOURNAL].journal.active[:20]
        return {"alarms": [{key: str(getattr(row, key)) for key in _TOLD} for row in active]}
