"""Forms for a gateway: how it is reached, how it is polled. Devices have forms of their own (``device_flow``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, override

import voluptuous as vol
from homeassistant.config_entries import (
    ConfigEntry,
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryFlow,
    OptionsFlow,
)
from homeassistant.const import CONF_DEVICE, CONF_HOST, CONF_NAME, CONF_PORT
from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.selector import (
    AreaSelector,
    BooleanSelector,
    SerialPortSelector,
    TextSelector,
)

from .connection import async_test_gateway, endpoint_name, modbus_params
from .const import (
    BAUDRATES,
    CONF_AREA,
    CONF_BAUDRATE,
    CONF_CONNECTION,
    CONF_KIND,
    CONF_PARITY,
    CONF_STOPBITS,
    CONNECTION_RTU_TCP,
    CONNECTION_SERIAL,
    CONNECTION_TCP,
    DEFAULT_BAUDRATE,
    DEFAULT_FRAME_INTERVAL,
    DEFAULT_MEASURE_INTERVAL,
    DEFAULT_PARITY,
    DEFAULT_PORT,
    DEFAULT_RS485_TIMEOUT,
    DEFAULT_STATUS_POLL_TIME,
    DEFAULT_STOPBITS,
    DEVICE_LIMITS,
    DOMAIN,
    KIND_GATEWAY,
    OPT_DEVICE_LIMIT,
    OPT_FRAME_INTERVAL,
    OPT_MEASURE_INTERVAL,
    OPT_RS485_TIMEOUT,
    OPT_STATUS_POLL_TIME,
    STATUS_POLL_TIMES,
    SUBENTRY_DEVICE,
)
from .device_flow import DeviceFlow
from .device_form import choice, number

if TYPE_CHECKING:
    from collections.abc import Mapping

CONF_SAVE_ANYWAY: Final = "save_anyway"


_LINE: Final = {
    vol.Required(CONF_BAUDRATE, default=str(DEFAULT_BAUDRATE)): choice([str(rate) for rate in BAUDRATES]),
    vol.Required(CONF_PARITY, default=DEFAULT_PARITY): choice(["E", "N", "O"], translation_key="parity"),
    vol.Required(CONF_STOPBITS, default=str(DEFAULT_STOPBITS)): choice(["1", "2"]),
}
_ADDRESS: Final = {
    vol.Required(CONF_HOST): TextSelector(),
    vol.Required(CONF_PORT, default=DEFAULT_PORT): number(1, 65535),
}
_FIELDS: Final = {
    CONNECTION_TCP: _ADDRESS,
    CONNECTION_RTU_TCP: {
        **_ADDRESS,
        vol.Required(CONF_BAUDRATE, default=str(DEFAULT_BAUDRATE)): choice([str(rate) for rate in BAUDRATES]),
    },
    CONNECTION_SERIAL: {vol.Required(CONF_DEVICE): SerialPortSelector(), **_LINE},
}


def gateway_schema(connection: str, *, failed: bool = False) -> vol.Schema:
    """Return the form of a gateway; after a failed test it offers to save all the same."""
    fields: dict[Any, Any] = {vol.Optional(CONF_NAME): TextSelector(), **_FIELDS[connection]}
    fields[vol.Optional(CONF_AREA)] = AreaSelector()
    if failed:
        fields[vol.Required(CONF_SAVE_ANYWAY, default=False)] = BooleanSelector()
    return vol.Schema(fields)


def gateway_data(connection: str, user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return entry data from the form: what describes the connection, and the area."""
    data: dict[str, Any] = {CONF_KIND: KIND_GATEWAY, CONF_CONNECTION: connection}
    for key in (CONF_HOST, CONF_PORT, CONF_DEVICE, CONF_PARITY, CONF_AREA):
        if key in user_input:
            data[key] = user_input[key]
    if CONF_HOST in data:
        data[CONF_HOST] = data[CONF_HOST].strip().lower()
    for key in (CONF_BAUDRATE, CONF_STOPBITS):
        if key in user_input:
            data[key] = int(user_input[key])
    return data


def options_schema() -> vol.Schema:
    """Return the form of a gateway's options (manual 7.8, release notes "Modbus Communication")."""
    return vol.Schema(
        {
            vol.Required(OPT_MEASURE_INTERVAL, default=DEFAULT_MEASURE_INTERVAL): number(1, 3600, unit="s"),
            vol.Required(OPT_STATUS_POLL_TIME, default=str(DEFAULT_STATUS_POLL_TIME)): choice(
                {str(seconds): f"{seconds} s" for seconds in STATUS_POLL_TIMES}
            ),
            vol.Required(OPT_RS485_TIMEOUT, default=DEFAULT_RS485_TIMEOUT): number(50, 10000, unit="ms"),
            vol.Required(OPT_FRAME_INTERVAL, default=DEFAULT_FRAME_INTERVAL): number(0, 5000, unit="ms"),
            vol.Required(OPT_DEVICE_LIMIT, default="0"): choice(
                [str(limit) for limit in DEVICE_LIMITS], translation_key="device_limit"
            ),
        }
    )


class LegrandEwsConfigFlow(ConfigFlow, domain=DOMAIN):
    """Adds and changes gateways."""

    VERSION = 1

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> GatewayOptionsFlow:
        """Return the form of a gateway's options."""
        return GatewayOptionsFlow()

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(cls, config_entry: ConfigEntry) -> dict[str, type[ConfigSubentryFlow]]:
        """Return what a gateway carries."""
        return {SUBENTRY_DEVICE: DeviceFlow}

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask how the gateway is reached."""
        return self.async_show_menu(
            step_id="user", menu_options=[CONNECTION_TCP, CONNECTION_RTU_TCP, CONNECTION_SERIAL]
        )

    async def async_step_tcp(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for a Modbus TCP gateway."""
        return await self._async_step_gateway(CONNECTION_TCP, user_input)

    async def async_step_rtu_tcp(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for a converter that passes RTU frames over TCP."""
        return await self._async_step_gateway(CONNECTION_RTU_TCP, user_input)

    async def async_step_serial(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for an RS485 adapter of this machine."""
        return await self._async_step_gateway(CONNECTION_SERIAL, user_input)

    async def _async_step_gateway(self, connection: str, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask for a gateway, test it, save it."""
        errors: dict[str, str] = {}
        placeholders: dict[str, str] = {"other": "", "reason": ""}
        if user_input is not None:
            data = gateway_data(connection, user_input)
            title = (user_input.get(CONF_NAME) or "").strip() or endpoint_name(data)
            self._find_conflict(title, data, errors, placeholders)
            if not errors and not user_input.get(CONF_SAVE_ANYWAY):
                await self._async_test(data, errors, placeholders)
            if not errors:
                return self.async_create_entry(title=title, data=data)
        schema = gateway_schema(connection, failed=errors.get("base") == "cannot_connect")
        return self.async_show_form(
            step_id=connection,
            data_schema=self.add_suggested_values_to_schema(schema, user_input),
            errors=errors,
            description_placeholders=placeholders,
        )

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Change how a gateway is reached, its name or its area."""
        entry = self._get_reconfigure_entry()
        connection = entry.data[CONF_CONNECTION]
        errors: dict[str, str] = {}
        placeholders: dict[str, str] = {"other": "", "reason": ""}
        if user_input is not None:
            data = gateway_data(connection, user_input)
            title = (user_input.get(CONF_NAME) or "").strip() or endpoint_name(data)
            self._find_conflict(title, data, errors, placeholders, entry)
            if not errors and not user_input.get(CONF_SAVE_ANYWAY):
                await self._async_test_in_place(entry, data, errors, placeholders)
            if not errors:
                self._move(entry, data)
                return self._async_save(entry, title, data)
        schema = gateway_schema(connection, failed=errors.get("base") == "cannot_connect")
        known = {**entry.data, CONF_NAME: entry.title}
        known |= {key: str(known[key]) for key in (CONF_BAUDRATE, CONF_STOPBITS) if key in known}
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=self.add_suggested_values_to_schema(schema, user_input or known),
            errors=errors,
            description_placeholders=placeholders,
        )

    @callback
    def _async_save(self, entry: ConfigEntry, title: str, data: dict[str, Any]) -> ConfigFlowResult:
        """Save a changed gateway. A loaded one reloads by its update listener, others here."""
        if entry.state is ConfigEntryState.LOADED:
            return self.async_update_and_abort(entry, title=title, data=data)
        self.hass.config_entries.async_update_entry(entry, title=title, data=data)
        self.hass.config_entries.async_schedule_reload(entry.entry_id)
        return self.async_abort(reason="reconfigure_successful")

    @callback
    def _move(self, entry: ConfigEntry, data: Mapping[str, Any]) -> None:
        """Put the gateway's device into a newly chosen area."""
        if data.get(CONF_AREA) == entry.data.get(CONF_AREA):
            return
        registry = dr.async_get(self.hass)
        if device := registry.async_get_device_by_identifier((DOMAIN, entry.entry_id), entry.entry_id):
            registry.async_update_device(device.id, area_id=data.get(CONF_AREA))

    @callback
    def _find_conflict(
        self,
        title: str,
        data: Mapping[str, Any],
        errors: dict[str, str],
        placeholders: dict[str, str],
        current: ConfigEntry | None = None,
    ) -> None:
        """Refuse a name or an address that another gateway has."""
        for entry in self._async_current_entries(include_ignore=False):
            if entry is current or entry.data.get(CONF_KIND) != KIND_GATEWAY:
                continue
            if modbus_params(entry.data).endpoint == modbus_params(data).endpoint:
                errors["base"] = "gateway_used"
            elif entry.title.casefold() == title.casefold():
                errors[CONF_NAME] = "name_used"
            else:
                continue
            placeholders["other"] = entry.title
            return

    async def _async_test(self, data: Mapping[str, Any], errors: dict[str, str], placeholders: dict[str, str]) -> None:
        """Try the gateway."""
        if (reason := await async_test_gateway(self.hass, data)) is not None:
            errors["base"] = "cannot_connect"
            placeholders["reason"] = reason

    async def _async_test_in_place(
        self, entry: ConfigEntry, data: Mapping[str, Any], errors: dict[str, str], placeholders: dict[str, str]
    ) -> None:
        """Try changed settings; a line in use with other settings is let go for the test."""
        old, new = modbus_params(entry.data), modbus_params(data)
        held = entry.state is ConfigEntryState.LOADED and old.endpoint == new.endpoint and old != new
        if held:
            held = await self.hass.config_entries.async_unload(entry.entry_id)
        await self._async_test(data, errors, placeholders)
        if held and errors:
            await self.hass.config_entries.async_setup(entry.entry_id)


class GatewayOptionsFlow(OptionsFlow):
    """Changes how a gateway is polled."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the options."""
        if user_input is not None:
            numbers = {key: int(value) for key, value in user_input.items()}
            return self.async_create_entry(data=numbers)
        known = dict(self.config_entry.options)
        known |= {key: str(known[key]) for key in (OPT_STATUS_POLL_TIME, OPT_DEVICE_LIMIT) if key in known}
        return self.async_show_form(
            step_id="init", data_schema=self.add_suggested_values_to_schema(options_schema(), known)
        )
