"""Switches of the load manager: control logic, load control, and the priority of stations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.exceptions import ServiceValidationError

from ..const import DOMAIN, OPT_GREENUP
from ..installation import find_installation
from .entity import ControlEntity, StationEntity

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from homeassistant.helpers.device_registry import DeviceInfo

    from .settings import GreenupSettings

type Setting = Literal["control_logic", "load_control"]
SETTINGS: Final[tuple[Setting, ...]] = ("control_logic", "load_control")

SESSION_PRIORITY: Final = SwitchEntityDescription(key="priority", translation_key="session_priority")
DEFAULT_PRIORITY: Final = SwitchEntityDescription(
    key="default_priority", translation_key="default_priority", entity_category=EntityCategory.CONFIG
)


def station_switches(station: str, info: DeviceInfo) -> Iterator[SwitchEntity]:
    """Yield the switches of a station."""
    yield SessionPriority(station, SESSION_PRIORITY, info)
    yield DefaultPriority(station, DEFAULT_PRIORITY, info)


def manager_switches(owner: str, info: DeviceInfo) -> Iterator[SwitchEntity]:
    """Yield the switches of the load manager."""
    for key in SETTINGS:
        yield SettingSwitch(
            owner,
            SwitchEntityDescription(key=key, translation_key=key, entity_category=EntityCategory.CONFIG),
            info,
            key,
        )


class SessionPriority(StationEntity, SwitchEntity):
    """Whether the session that runs goes before others; forgotten when the car leaves (manual 8.3.2)."""

    @override
    def _look(self) -> Hashable:
        return self.is_on

    @property
    @override
    def is_on(self) -> bool | None:
        """None while nothing is managed."""
        return None if self._now is None else self._now.view.priority

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Let the session go first."""
        await self._async_set(priority=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Let it wait for its turn."""
        await self._async_set(priority=False)

    async def _async_set(self, *, priority: bool) -> None:
        """Set it; raises ``ServiceValidationError`` where there is no car."""
        await self._async_permit()
        self._with_car().set_priority(self._station, priority=priority)


class DefaultPriority(StationEntity, SwitchEntity):
    """Whether the sessions of a station go before others (manual 7.16.5.2)."""

    @override
    def _look(self) -> Hashable:
        return self.is_on

    @property
    @override
    def is_on(self) -> bool | None:
        """As the settings say."""
        return None if self._control is None else self._station in self._control.settings.priority

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Give its sessions priority."""
        await self._async_set(add={self._station}, take=set())

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Treat it as all others."""
        await self._async_set(add=set(), take={self._station})

    async def _async_set(self, *, add: set[str], take: set[str]) -> None:
        """Store it with the settings."""
        await self._async_permit()
        if (control := self._control) is not None:
            store(self, replace(control.settings, priority=(control.settings.priority | add) - take))


class SettingSwitch(ControlEntity, SwitchEntity):
    """A switch among the settings of the load manager (manual 7.16.5.1)."""

    def __init__(self, owner: str, description: SwitchEntityDescription, info: DeviceInfo, setting: Setting) -> None:
        """Bind the switch to a setting."""
        super().__init__(owner, description, info)
        self._setting = setting

    @override
    def _look(self) -> Hashable:
        return self.is_on

    @property
    @override
    def is_on(self) -> bool | None:
        """As the settings say."""
        return None if self._control is None else getattr(self._control.settings.config, self._setting)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Switch it on."""
        await self._async_set(on=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Switch it off."""
        await self._async_set(on=False)

    async def _async_set(self, *, on: bool) -> None:
        """Store it with the settings."""
        await self._async_permit()
        if (control := self._control) is not None:
            changed: dict[str, Any] = {self._setting: on}
            store(self, replace(control.settings, config=replace(control.settings.config, **changed)))


def store(entity: ControlEntity, settings: GreenupSettings) -> None:
    """Keep changed settings in the options of the installation, whose listener hands them to the manager."""
    hass = entity.hass
    entry = find_installation(hass)
    if entry is None:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_installation")
    hass.config_entries.async_update_entry(entry, options={**entry.options, OPT_GREENUP: settings.stored()})
