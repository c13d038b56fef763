"""Actions of the integration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import voluptuous as vol
from homeassistant.components.modbus import async_get_temporary_unit
from homeassistant.const import ATTR_CONFIG_ENTRY_ID, SERVICE_RELOAD
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.service import async_get_config_entry, async_register_admin_service
from modbus_connection.exceptions import ModbusError

from .bus import Priority, UnitClient
from .catalog import Space
from .catalog_store import async_load_catalog
from .connection import line_speed, modbus_params
from .const import DEFAULT_RS485_TIMEOUT, DOMAIN, OPT_RS485_TIMEOUT

if TYPE_CHECKING:
    from .coordinator import GatewayConfigEntry

SERVICE_READ_REGISTERS: Final = "read_registers"

ATTR_UNIT: Final = "unit"
ATTR_FUNCTION: Final = "function"
ATTR_ADDRESS: Final = "address"
ATTR_COUNT: Final = "count"

_ADDRESSES: Final = 0x10000

READ_REGISTERS_SCHEMA: Final = vol.Schema(
    {
        vol.Required(ATTR_CONFIG_ENTRY_ID): str,
        vol.Required(ATTR_UNIT): vol.All(vol.Coerce(int), vol.Range(min=1, max=255)),
        vol.Required(ATTR_FUNCTION, default=3): vol.All(vol.Coerce(int), vol.In([1, 2, 3, 4])),
        vol.Required(ATTR_ADDRESS): vol.Any(vol.All(int, vol.Range(min=0, max=65535)), str),
        vol.Required(ATTR_COUNT, default=1): vol.All(vol.Coerce(int), vol.Range(min=1, max=125)),
    },
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    async_register_admin_service(
        hass,
        DOMAIN,
        SERVICE_READ_REGISTERS,
        _async_read_registers,
        schema=READ_REGISTERS_SCHEMA,
        supports_response=SupportsResponse.ONLY,
    )
    async_register_admin_service(hass, DOMAIN, SERVICE_RELOAD, _async_reload)


async def _async_reload(call: ServiceCall) -> None:
    """Read the register maps again and take them into use."""
    await async_load_catalog(call.hass)
    for entry in call.hass.config_entries.async_loaded_entries(DOMAIN):
        await call.hass.config_entries.async_reload(entry.entry_id)


async def _async_read_registers(call: ServiceCall) -> ServiceResponse:
    """Read registers or bits of any unit behind a gateway, for reports from the field."""
    entry: GatewayConfigEntry = async_get_config_entry(call.hass, DOMAIN, call.data[ATTR_CONFIG_ENTRY_ID])
    count = call.data[ATTR_COUNT]
    address = _address(call.data[ATTR_ADDRESS], count)
    params = modbus_params(entry.data)
    try:
        async with async_get_temporary_unit(call.hass, params, call.data[ATTR_UNIT]) as unit:
            client = UnitClient(
                entry.runtime_data.link,
                unit,
                rs485_timeout=entry.options.get(OPT_RS485_TIMEOUT, DEFAULT_RS485_TIMEOUT) / 1000,
                baudrate=line_speed(entry.data),
            )
            space = Space.from_function(call.data[ATTR_FUNCTION])
            words = await client.read(Priority.READBACK, space, address, count)
    except (ModbusError, HomeAssistantError) as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="read_failed",
            translation_placeholders={"unit": str(call.data[ATTR_UNIT]), "error": str(err)},
        ) from err
    return _report(call.data, address, words)


def _address(given: int | str, count: int) -> int:
    """Return the first of ``count`` addresses, given as a number or in hexadecimal ("0x1000").

    Raises ``ServiceValidationError`` for anything else.
    """
    try:
        address = given if isinstance(given, int) else int(given, 0)
    except ValueError:
        address = -1
    if not 0 <= address <= _ADDRESSES - count:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="bad_address",
            translation_placeholders={"address": str(given)},
        )
    return address


def _report(request: dict[str, Any], address: int, words: list[int]) -> ServiceResponse:
    """Return the words as people compare them with a document."""
    return {
        "unit": request[ATTR_UNIT],
        "function": request[ATTR_FUNCTION],
        "address": address,
        "words": list(words),
        "hexadecimal": [f"0x{word:04X}" for word in words],
    }
