"""A scan of a gateway's line for devices, and what may have been found.

This module owns the walk in Home Assistant: connection, progress, end. How an address is asked is ``bus.scan``'s
matter, the dialogue ``gateway_options``'.
"""

from __future__ import annotations

from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from homeassistant.components.modbus import async_get_temporary_unit
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_NAME
from homeassistant.exceptions import HomeAssistantError
from modbus_connection.exceptions import ModbusError

from .bus import Link, UnitClient, scan
from .connection import line_speed, modbus_params
from .const import CONF_ADDRESS, CONF_MODEL, CONF_PROFILE, DEFAULT_RS485_TIMEOUT, OPT_RS485_TIMEOUT
from .device_list import Row
from .device_list_check import stands_alone

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Container, Iterable

    from homeassistant.core import HomeAssistant

    from .bus import Looked
    from .catalog import Catalog, Model, Profile
    from .coordinator import GatewayConfigEntry

_OTHERS_SHOWN: Final = 3


class DeviceScan:
    """One walk over addresses of a gateway."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: GatewayConfigEntry,
        catalog: Catalog,
        addresses: Iterable[int],
        changed: Callable[[], None],
    ) -> None:
        """Prepare the walk; ``changed`` is called after each address."""
        self.addresses = tuple(addresses)
        self.looked: list[Looked] = []
        self.error: str | None = None
        """Why the walk ended before the last address."""
        self._hass = hass
        self._entry = entry
        self._catalog = catalog
        self._changed = changed
        self._timeout = entry.options.get(OPT_RS485_TIMEOUT, DEFAULT_RS485_TIMEOUT) / 1000
        self._link = entry.runtime_data.link if entry.state is ConfigEntryState.LOADED else Link()

    @property
    def address(self) -> int:
        """The address that is looked at, or the last one."""
        return self.addresses[min(len(self.looked), len(self.addresses) - 1)]

    @property
    def share(self) -> float:
        """How much of the walk is done, 0 to 1."""
        return len(self.looked) / len(self.addresses)

    async def async_run(self) -> None:
        """Look at one address after the other, behind the requests of the devices that are known."""
        profiles = tuple(self._catalog.profiles.values())
        try:
            # Without devices of its own a gateway has no connection that stays: this keeps one for the whole walk.
            async with (
                self._client(self.addresses[0]),
                aclosing(scan(self.addresses, self._client, profiles, limit=self._timeout)) as looks,
            ):
                async for look in looks:
                    self.looked.append(look)
                    self._changed()
        except (ModbusError, HomeAssistantError) as err:
            self.error = str(err)

    @asynccontextmanager
    async def _client(self, address: int) -> AsyncIterator[UnitClient]:
        """Hold a unit that no device of the gateway has."""
        async with async_get_temporary_unit(self._hass, modbus_params(self._entry.data), address) as unit:
            yield UnitClient(self._link, unit, rs485_timeout=self._timeout, baudrate=line_speed(self._entry.data))


@dataclass(frozen=True, kw_only=True)
class Found:
    """An address whose register map was recognised, and the models it may be."""

    address: int
    profile: str
    models: tuple[Model, ...]
    """The likeliest first; at least one."""

    @property
    def label(self) -> str:
        """What people choose it by: address, likeliest model, the others in brackets."""
        first, *others = self.models
        numbers = [model.display_number for model in others[:_OTHERS_SHOWN]]
        more = [*numbers, "…"] if len(others) > _OTHERS_SHOWN else numbers
        name = f"{self.address} · {first.display_number} {first.name}"
        return f"{name} ({', '.join(more)})" if more else name

    def row(self, used: Container[str], gateway: str) -> Row:
        """Return the device as a row of a list; its line is the address.

        ``used`` are names of other gateways' devices, folded: where the usual name is among them, that of this gateway
        joins it.
        """
        model = self.models[0]
        name = f"{model.display_number} ({self.address})"
        cells = {
            CONF_MODEL: model.number,
            CONF_ADDRESS: str(self.address),
            CONF_NAME: f"{name} {gateway}" if name.casefold() in used else name,
        }
        if len(model.candidates) > 1:
            cells[CONF_PROFILE] = self.profile
        return Row(line=self.address, cells=cells)


def sort_out(catalog: Catalog, looked: Iterable[Looked]) -> tuple[list[Found], list[str]]:
    """Return the devices that were recognised, and the other addresses that answer with what they say of themselves."""
    found: list[Found] = []
    unknown: list[str] = []
    for look in looked:
        models = () if look.profile is None else _models(catalog, look.profile)
        if look.profile is not None and models:
            found.append(Found(address=look.address, profile=look.profile.id, models=models))
        elif look.answered:
            name = look.product if look.profile is None else look.profile.name
            unknown.append(f"{look.address} ({name})" if name else str(look.address))
    return found, unknown


def _models(catalog: Catalog, profile: Profile) -> tuple[Model, ...]:
    """Return the models that may have a register map, the surest first, those it is the likeliest of before others."""
    ranked = [
        (candidate.confidence.rank, place, model)
        for model in catalog.models.values()
        for place, candidate in enumerate(model.candidates)
        if candidate.profile == profile.id and stands_alone(catalog, model)
    ]
    return tuple(model for _, _, model in sorted(ranked, key=lambda row: row[:2]))
