"""What the entities of the load manager and of its stations have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, override

from homeassistant.core import callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity import Entity

from ..access import Right, async_check_context
from ..const import DOMAIN
from ..entity import device_info
from ..installation import find_installation
from ..names import selector_text
from .charger import chargers
from .control import DATA_CONTROL, SIGNAL_STEP
from .managed import can_be_managed
from .settings import GreenupSettings

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity import EntityDescription

    from ..coordinator import GatewayConfigEntry
    from ..device import Device
    from .control import LoadControl, StationNow

MARK: Final = "_greenup"
"""In the ids of all entities of charging."""


def manager_id(entry: ConfigEntry) -> str:
    """Return what identifies the device of the load manager."""
    return f"{entry.entry_id}{MARK}"


def manager_info(hass: HomeAssistant, entry: ConfigEntry, via: str) -> DeviceInfo:
    """Return how the load manager appears in the device registry; ``via``: id of the installation's device."""
    return DeviceInfo(
        identifiers={(DOMAIN, manager_id(entry))},
        name=selector_text(hass, "total", "greenup"),
        model="Load manager",
        entry_type=DeviceEntryType.SERVICE,
        via_device_id=via,
    )


def station_info(entry: GatewayConfigEntry, device: Device) -> DeviceInfo | None:
    """Return the device of a station on a gateway; None where nobody manages it."""
    installation = find_installation(entry.runtime_data.status.hass)
    settings = None if installation is None else settings_of(installation)
    if settings is None or device.config.id in settings.unmanaged or not can_be_managed(device):
        return None
    return device_info(device, entry.runtime_data.device_id)


def charger_infos(entry: ConfigEntry, via: str) -> Iterator[tuple[str, DeviceInfo]]:
    """Yield the chargers that are bound by their entities, each with its device; none where nothing is managed."""
    settings = settings_of(entry)
    for charger in () if settings is None else chargers(entry):
        if settings is not None and charger.id not in settings.unmanaged:
            info = DeviceInfo(
                identifiers={(DOMAIN, charger.id)},
                name=charger.name,
                model="Charger",
                entry_type=DeviceEntryType.SERVICE,
                via_device_id=via,
            )
            yield charger.id, info


def settings_of(entry: ConfigEntry) -> GreenupSettings | None:
    """Return how charging is managed; None where it is not, or what is stored cannot be."""
    try:
        return GreenupSettings.from_options(entry.options)
    except ValueError:
        return None


class ControlEntity(Entity):
    """An entity that follows the steps of the load manager, over its restarts."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, owner: str, description: EntityDescription, info: DeviceInfo) -> None:
        """Bind the entity to a station or the manager, by its id."""
        self.entity_description = description
        self._attr_unique_id = f"{owner.removesuffix(MARK)}{MARK}_{description.key}"
        self._attr_device_info = info
        self._written: Hashable = None

    @property
    def _control(self) -> LoadControl | None:
        """The manager at work; None while there is none."""
        return self.hass.data.get(DATA_CONTROL)

    @property
    @override
    def available(self) -> bool:
        """True while the manager is at work."""
        return self._control is not None

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the manager."""
        self._written = self.available, self._look()
        self.async_on_remove(async_dispatcher_connect(self.hass, SIGNAL_STEP, self._renewed))

    @callback
    def _renewed(self) -> None:
        """Write the state where it is another one."""
        seen = self.available, self._look()
        if seen != self._written:
            self._written = seen
            self.async_write_ha_state()

    async def _async_permit(self) -> None:
        """Raise ``Unauthorized`` where the user who orders something may not."""
        await async_check_context(self.hass, self._context, Right.CHARGE)

    def _look(self) -> Hashable:
        """Return what the state is made of, beside whether there is one."""
        return None


class StationEntity(ControlEntity):
    """An entity of a station."""

    def __init__(self, station: str, description: EntityDescription, info: DeviceInfo) -> None:
        """Bind the entity to its station."""
        super().__init__(station, description, info)
        self._station = station

    @property
    def _now(self) -> StationNow | None:
        """The station as the last step left it; None where it is not managed."""
        control = self._control
        return None if control is None else control.stations.get(self._station)

    @property
    @override
    def available(self) -> bool:
        """True while the station is managed."""
        return self._now is not None

    def _with_car(self) -> LoadControl:
        """Return the manager, for what is done with a session. Raises ``ServiceValidationError`` without a car."""
        control, now = self._control, self._now
        if control is None or now is None:
            raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_load_manager")
        if now.view.plugged_for is None:
            raise not_meant("no_car", control.ports[self._station].name)
        return control


def not_meant(reason: str, target: str) -> ServiceValidationError:
    """Return the error of an order to something that cannot be meant."""
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key=reason, translation_placeholders={"target": target}
    )
