"""What the entities of states, commands and settings have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, override

from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .commands import Wish
from .const import DOMAIN
from .entity import device_info, unique_id_of
from .names import state_name
from .status import StatusCoordinator

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity import Entity, EntityDescription
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .bus import Value
    from .catalog import Setting, SettingKind
    from .coordinator import GatewayConfigEntry
    from .device import Device


class StateEntity(CoordinatorEntity[StatusCoordinator]):
    """An entity that shows, or commands, one state or setting of a device."""

    _attr_has_entity_name = True

    def __init__(
        self,
        entry: GatewayConfigEntry,
        device: Device,
        key: str,
        description: EntityDescription,
        *,
        output: str | None = None,
    ) -> None:
        """Bind the entity to what ``key`` names; ``output`` is the state that a setting or command belongs to."""
        data = entry.runtime_data
        super().__init__(data.states[device.config.address], context=(device.config.id, key))
        self.entity_description = description
        self._entry = entry
        self._device = device
        self._key = key
        self._state_key = output or key
        self._attr_unique_id = unique_id_of(device, description.key)
        self._attr_device_info = device_info(device, data.device_id)
        self._name_it()

    def _name_it(self) -> None:
        """Take the user's label for an input or output, or the map's name, in the place of ours."""
        state = self._device.states.get(self._state_key)
        own = self._device.config.labels.get(self._state_key) or (state.name if state is not None else None)
        if own is not None and self.entity_description.key == self._state_key:
            self._attr_name = own
        self._attr_translation_placeholders = {
            "number": str(state.number) if state is not None else "",
            "name": state_name(self.coordinator.hass, self._device, self._state_key),
        }

    @property
    def _value(self) -> Value | None:
        """The value last read."""
        return self.coordinator.data.values[self._device.config.id][self._key]

    @property
    @override
    def available(self) -> bool:
        """True where the last poll read the state, whatever it found."""
        return self._key in self.coordinator.data.values.get(self._device.config.id, ())

    @override
    async def async_update(self) -> None:
        """Poll now: somebody asked for it."""
        await self.coordinator.async_refresh_now()

    def _wish(self) -> Wish:
        """Return who wants something of this entity's device now."""
        return Wish(entry=self._entry, device=self._device, state=self._state_key, context=self._context)


class LinksEntity(StateEntity):
    """An entity that shows the links of an EMS module (manual 8.2.3)."""

    @property
    def _links(self) -> dict[str, Value | None]:
        """What the last poll read of the links, by key."""
        assert self._device.profile is not None  # noqa: S101 -- it has links
        values = self.coordinator.data.values.get(self._device.config.id, {})
        return {key: values[key] for key in self._device.profile.links if key in values}

    @property
    @override
    def available(self) -> bool:
        """True where the last poll read the links."""
        return bool(self._links)


def devices_of(entry: GatewayConfigEntry) -> Iterator[Device]:
    """Yield the devices of a gateway that have states."""
    for states in entry.runtime_data.states.values():
        yield from states.devices.values()


def settings_of(entry: GatewayConfigEntry, kinds: Collection[SettingKind]) -> Iterator[tuple[Device, list[Setting]]]:
    """Yield the devices that take commands, each with its settings of these kinds."""
    for device in devices_of(entry):
        if device.commandable and device.profile is not None:
            yield device, [row for row in device.profile.settings.values() if row.kind in kinds]


def add_and_clean(
    hass: HomeAssistant,
    entry: GatewayConfigEntry,
    platform: str,
    found: Iterable[tuple[Device, Sequence[Entity]]],
    async_add_entities: AddConfigEntryEntitiesCallback,
    *,
    others: Iterable[str] = (),
) -> None:
    """Add entities by device; take away those of this platform that the settings or the map no longer give.

    ``others`` are the unique ids of entities that belong to no device.
    """
    kept: set[str | None] = set(others)
    for device, entities in found:
        kept.update(entity.unique_id for entity in entities)
        async_add_entities(entities, config_subentry_id=device.config.id)
    registry = er.async_get(hass)
    for row in er.async_entries_for_config_entry(registry, entry.entry_id):
        if row.domain == platform and row.platform == DOMAIN and row.unique_id not in kept:
            registry.async_remove(row.entity_id)
