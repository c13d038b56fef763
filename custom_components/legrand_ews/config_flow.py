"""Forms for a gateway: how it is reached; and for the installation.

The menu of a gateway that is set up is in ``gateway_options``, the forms of its devices in ``device_flow``.
"""

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

from .charging.charger_flow import ChargerFlow
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
    DEFAULT_PARITY,
    DEFAULT_PORT,
    DEFAULT_STOPBITS,
    DOMAIN,
    KIND_GATEWAY,
    KIND_INSTALLATION,
    SUBENTRY_CHARGER,
    SUBENTRY_DEVICE,
    SUBENTRY_GROUP,
    SUBENTRY_LOAD,
)
from .device_flow import DeviceFlow
from .device_form import choice, number
from .gateway_options import GatewayOptionsFlow
from .installation import InstallationOptionsFlow, find_installation
from .load_flow import GroupFlow, LoadFlow

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


def _is_installation(entry: ConfigEntry) -> bool:
    """Tell the installation from a gateway."""
    return entry.data.get(CONF_KIND) == KIND_INSTALLATION


class LegrandEwsConfigFlow(ConfigFlow, domain=DOMAIN):
    """Adds and changes gateways; adds the installation."""

    VERSION = 1

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """Return the menu of a gateway, or the settings of the installation."""
        return InstallationOptionsFlow() if _is_installation(config_entry) else GatewayOptionsFlow()

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(cls, config_entry: ConfigEntry) -> dict[str, type[ConfigSubentryFlow]]:
        """Return what a gateway, or the installation, carries."""
        if _is_installation(config_entry):
            return {SUBENTRY_LOAD: LoadFlow, SUBENTRY_GROUP: GroupFlow, SUBENTRY_CHARGER: ChargerFlow}
        return {SUBENTRY_DEVICE: DeviceFlow}

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask how the gateway is reached; or for the installation, while there is none."""
        options = [CONNECTION_TCP, CONNECTION_RTU_TCP, CONNECTION_SERIAL]
        if find_installation(self.hass) is None:
            options.append(KIND_INSTALLATION)
        return self.async_show_menu(step_id="user", menu_options=options)

    @override
    async def async_step_integration_discovery(self, discovery_info: dict[str, Any]) -> ConfigFlowResult:
        """Offer the installation, beside the first gateway."""
        self.context["title_placeholders"] = {CONF_NAME: self.hass.config.location_name}
        return await self.async_step_installation()

    async def async_step_installation(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Add what the whole site has in common."""
        await self.async_set_unique_id(KIND_INSTALLATION, raise_on_progress=False)
        self._abort_if_unique_id_configured()
        if user_input is not None:
            title = (user_input.get(CONF_NAME) or "").strip() or self.hass.config.location_name
            return self.async_create_entry(title=title, data={CONF_KIND: KIND_INSTALLATION})
        return self.async_show_form(
            step_id=KIND_INSTALLATION,
            data_schema=vol.Schema({vol.Optional(CONF_NAME, default=self.hass.config.location_name): TextSelector()}),
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
                first = not self._async_current_entries()
                return self.async_create_entry(title=title, data=data, description="first_gateway" if first else None)
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
        if _is_installation(entry):
            return self.async_abort(reason="nothing_to_reconfigure")
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
