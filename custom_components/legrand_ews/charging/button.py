"""Buttons of a station: start and hold the session (manual 8.3.2, "Start" and "Wait")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription

from .control import LoadControl
from .entity import StationEntity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from homeassistant.helpers.device_registry import DeviceInfo


@dataclass(frozen=True, kw_only=True)
class StationButton(ButtonEntityDescription):
    """What a button does with the session of a station."""

    press: Callable[[LoadControl, str], None]


BUTTONS: Final = (
    StationButton(key="start", translation_key="start_charge", press=LoadControl.start),
    StationButton(key="hold", translation_key="hold_charge", press=LoadControl.hold),
)


def station_buttons(station: str, info: DeviceInfo) -> Iterator[ButtonEntity]:
    """Yield the buttons of a station."""
    for description in BUTTONS:
        yield SessionButton(station, description, info)


class SessionButton(StationEntity, ButtonEntity):
    """Does something with the session of a station."""

    entity_description: StationButton

    @override
    async def async_press(self) -> None:
        """Do it; raises ``ServiceValidationError`` where there is no car."""
        await self._async_permit()
        self.entity_description.press(self._with_car(), self._station)
