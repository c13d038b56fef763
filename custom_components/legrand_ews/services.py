"""Actions of the integration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import voluptuous as vol
from homeassistant.components.modbus import async_get_temporary_unit
from homeassistant.const import ATTR_CONFIG_ENTRY_ID, SERVICE_RELOAD
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_get_config_entry, async_register_admin_service
from homeassistant.util import dt as dt_util
from modbus_connection.exceptions import ModbusError

from .access import Right, async_check_context
from .alarms import Kind
from .archive_services import async_setup_archive_services
from .bus import Priority, UnitClient
from .catalog import Space
from .catalog_store import DATA_CATALOG, async_load_catalog
from .charging.services import async_setup_charging_services
from .command_services import async_setup_command_services
from .connection import line_speed, modbus_params
from .const import (
    CONF_KIND,
    DEFAULT_RS485_TIMEOUT,
    DOMAIN,
    KIND_GATEWAY,
    OPT_RS485_TIMEOUT,
)
from .cost_services import async_setup_cost_services
from .device import device_subentries
from .device_list import export_csv
from .energy_dashboard import async_setup_energy_dashboard
from .journal import DATA_JOURNAL, async_user_name
from .loads import choices, named
from .queries.alarms import acknowledge

if TYPE_CHECKING:
    from homeassistant.util.json import JsonObjectType

    from .alarms import Entry
    from .coordinator import GatewayConfigEntry

SERVICE_READ_REGISTERS: Final = "read_registers"
SERVICE_EXPORT_DEVICES: Final = "export_devices"
SERVICE_LIST_ALARMS: Final = "list_alarms"
SERVICE_ACKNOWLEDGE_ALARMS: Final = "acknowledge_alarms"

ATTR_UNIT: Final = "unit"
ATTR_FUNCTION: Final = "function"
ATTR_ADDRESS: Final = "address"
ATTR_COUNT: Final = "count"
ATTR_KINDS: Final = "kinds"
ATTR_SINCE: Final = "since"
ATTR_ACTIVE: Final = "active"
ATTR_LIMIT: Final = "limit"
ATTR_IDS: Final = "ids"
ATTR_ALL: Final = "all"

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


LIST_ALARMS_SCHEMA: Final = vol.Schema(
    {
        vol.Optional(ATTR_KINDS): vol.All(cv.ensure_list, [vol.Coerce(Kind)]),
        vol.Optional(ATTR_SINCE): cv.datetime,
        vol.Required(ATTR_ACTIVE, default=False): cv.boolean,
        vol.Required(ATTR_LIMIT, default=100): vol.All(vol.Coerce(int), vol.Range(min=1, max=20000)),
    },
)

ACKNOWLEDGE_ALARMS_SCHEMA: Final = vol.Schema(
    {
        vol.Optional(ATTR_IDS): vol.All(cv.ensure_list, [vol.Coerce(int)]),
        vol.Optional(ATTR_ALL): vol.All(cv.boolean, vol.IsTrue()),
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
    async_register_admin_service(
        hass,
        DOMAIN,
        SERVICE_EXPORT_DEVICES,
        _async_export_devices,
        schema=vol.Schema({vol.Required(ATTR_CONFIG_ENTRY_ID): str}),
        supports_response=SupportsResponse.ONLY,
    )
    hass.services.async_register(
        DOMAIN,
        SERVICE_LIST_ALARMS,
        _async_list_alarms,
        schema=LIST_ALARMS_SCHEMA,
        supports_response=SupportsResponse.ONLY,
    )
    hass.services.async_register(
        DOMAIN,
        SERVICE_ACKNOWLEDGE_ALARMS,
        _async_acknowledge_alarms,
        schema=ACKNOWLEDGE_ALARMS_SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )
    async_register_admin_service(hass, DOMAIN, SERVICE_RELOAD, _async_reload)
    async_setup_command_services(hass)
    async_setup_charging_services(hass)
    async_setup_archive_services(hass)
    async_setup_energy_dashboard(hass)
    async_setup_cost_services(hass)


async def _async_reload(call: ServiceCall) -> None:
    """Read the register maps again and take them into use."""
    await async_load_catalog(call.hass)
    for entry in call.hass.config_entries.async_loaded_entries(DOMAIN):
        await call.hass.config_entries.async_reload(entry.entry_id)


def _gateway(hass: HomeAssistant, entry_id: str) -> GatewayConfigEntry:
    """Return a loaded gateway. Raises ``ServiceValidationError`` for anything else."""
    entry: GatewayConfigEntry = async_get_config_entry(hass, DOMAIN, entry_id)
    if entry.data[CONF_KIND] != KIND_GATEWAY:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_gateway", translation_placeholders={"entry": entry.title}
        )
    return entry


async def _async_export_devices(call: ServiceCall) -> ServiceResponse:
    """Return the devices of a gateway as a list that the gateway's menu takes back."""
    entry = _gateway(call.hass, call.data[ATTR_CONFIG_ENTRY_ID])
    known = choices(call.hass)
    devices = [(row.title, named(known, row.data)) for row in device_subentries(entry)]
    return {"count": len(devices), "csv": export_csv(call.hass.data[DATA_CATALOG], devices)}


async def _async_list_alarms(call: ServiceCall) -> ServiceResponse:
    """Return entries of the journal, newest first (manual 8.7)."""
    await async_check_context(call.hass, call.context, Right.ALARMS)
    journal = call.hass.data[DATA_JOURNAL].journal
    since = call.data.get(ATTR_SINCE)
    entries = journal.select(
        kinds=call.data.get(ATTR_KINDS), since=None if since is None else dt_util.as_utc(since).timestamp()
    )
    if call.data[ATTR_ACTIVE]:
        entries = [entry for entry in entries if entry.active]
    return {"alarms": [_told(entry) for entry in entries[: call.data[ATTR_LIMIT]]]}


async def _async_acknowledge_alarms(call: ServiceCall) -> ServiceResponse:
    """Mark entries of the journal as seen by the user of the action."""
    await async_check_context(call.hass, call.context, Right.ACKNOWLEDGE)
    return acknowledge(call.hass, call.data, await async_user_name(call.hass, call.context))


def _told(entry: Entry) -> JsonObjectType:
    """Return an entry as an action tells it: times as people write them."""
    told: JsonObjectType = entry.as_dict()
    for key in ("at", "last_at", "ended_at", "acknowledged_at"):
        if (at := getattr(entry, key)) is not None:
            told[key] = dt_util.as_local(dt_util.utc_from_timestamp(at)).isoformat(timespec="seconds")
    return told


async def _async_read_registers(call: ServiceCall) -> ServiceResponse:
    """Read registers or bits of any unit behind a gateway, for reports from the field."""
    entry = _gateway(call.hass, call.data[ATTR_CONFIG_ENTRY_ID])
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
