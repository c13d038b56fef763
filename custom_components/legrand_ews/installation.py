"""The installation entry: what the whole site has in common.

This module owns the entry's device and forms: the loads in use and the code that commands ask for, how the history is
kept. What things cost is asked by ``bill_form``, how cars are charged by ``charging.forms``, colours by ``color_form``,
roles of users by ``access_form``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import voluptuous as vol
from homeassistant.config_entries import SOURCE_INTEGRATION_DISCOVERY, ConfigFlowResult
from homeassistant.const import Platform
from homeassistant.helpers import discovery_flow
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from .access_form import AccessForms
from .bill_form import BillForms
from .charging.forms import GreenupForms
from .color_form import ColorForms
from .command_code import hashed_code
from .const import CONF_KIND, DOMAIN, KIND_INSTALLATION, LOADS, OPT_CODE, OPT_LOADS_OFF
from .history_form import HISTORY_SCHEMA, async_check_history, changed_history, history_form

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant

PLATFORMS: Final = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CALENDAR,
    Platform.EVENT,
    Platform.SENSOR,
    Platform.SWITCH,
]
CONF_CODE_ACTIVE: Final = "code_active"
CONF_LOADS: Final = "loads"


def installation_info(entry: ConfigEntry) -> DeviceInfo:
    """Return how the installation appears in the device registry."""
    return DeviceInfo(
        identifiers={(DOMAIN, entry.entry_id)},
        name=entry.title,
        model="Installation",
        entry_type=DeviceEntryType.SERVICE,
    )


def find_installation(hass: HomeAssistant) -> ConfigEntry | None:
    """Return the installation entry, None where there is none yet."""
    entries = hass.config_entries.async_entries(DOMAIN)
    return next((entry for entry in entries if entry.data.get(CONF_KIND) == KIND_INSTALLATION), None)


def offer_installation(hass: HomeAssistant) -> None:
    """Offer to add the installation, beside the first gateway."""
    if find_installation(hass) is None:
        discovery_flow.async_create_flow(hass, DOMAIN, {"source": SOURCE_INTEGRATION_DISCOVERY}, {})


class InstallationOptionsFlow(AccessForms, BillForms, ColorForms, GreenupForms):
    """Changes what the whole site has in common."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:  # noqa: ARG002
        """Begin: gateways have a menu of their own."""
        return await self.async_step_site()

    async def async_step_site(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:  # noqa: ARG002
        """Ask what is to be changed."""
        steps = ["installation", "colors", "history", "billing", "greenup", "access"]
        return self.async_show_menu(step_id="site", menu_options=steps)

    @property
    def _loads_on(self) -> list[str]:
        """The loads of RT 2012 that are in use; "others" always is."""
        off = self.config_entry.options.get(OPT_LOADS_OFF, ())
        return [key for key in LOADS[:-1] if key not in off]

    async def async_step_installation(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the loads in use and for the code of commands; an empty field keeps the one there is."""
        kept = self.config_entry.options.get(OPT_CODE)
        errors: dict[str, str] = {}
        if user_input is not None:
            given = user_input.get(OPT_CODE, "").strip()
            active = user_input[CONF_CODE_ACTIVE]
            if active and not given and kept is None:
                errors[OPT_CODE] = "code_missing"
            else:
                options = {key: value for key, value in self.config_entry.options.items() if key != OPT_CODE}
                options[OPT_LOADS_OFF] = [key for key in LOADS[:-1] if key not in user_input[CONF_LOADS]]
                if active:
                    code = await self.hass.async_add_executor_job(hashed_code, given) if given else kept
                    options[OPT_CODE] = code
                return self.async_create_entry(data=options)
        schema = vol.Schema(
            {
                vol.Required(CONF_LOADS, default=self._loads_on): SelectSelector(
                    SelectSelectorConfig(options=list(LOADS[:-1]), multiple=True, translation_key="load")
                ),
                vol.Required(CONF_CODE_ACTIVE, default=kept is not None): BooleanSelector(),
                vol.Optional(OPT_CODE): TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD)),
            }
        )
        return self.async_show_form(step_id="installation", data_schema=schema, errors=errors)

    async def async_step_history(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask how the history is kept (manual 7.16.4, 8.4.1)."""
        errors: dict[str, str] = {}
        placeholders = {"reason": ""}
        options = dict(self.config_entry.options)
        if user_input is not None:
            reason = await async_check_history(self.hass, options, user_input, errors)
            if not errors:
                return self.async_create_entry(data=changed_history(options, user_input))
            placeholders["reason"] = reason
        return self.async_show_form(
            step_id="history",
            data_schema=self.add_suggested_values_to_schema(HISTORY_SCHEMA, user_input or history_form(options)),
            errors=errors,
            description_placeholders=placeholders,
        )
