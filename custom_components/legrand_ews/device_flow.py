"""Forms for a device of a gateway: family, model, the fields that model needs, a look at what it answers.

This module owns the dialogue. What the fields mean is ``device``'s matter, what a device answers ``device_check``'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import voluptuous as vol
from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.core import callback

from .catalog import Option
from .catalog_store import DATA_CATALOG, async_load_catalog, async_write_template
from .const import (
    CONF_ADDRESS,
    CONF_FAMILY,
    CONF_MODEL,
    CONF_PROFILE,
    OPT_DEVICE_LIMIT,
)
from .device import DeviceConfig, configs_elsewhere, configs_of, find_conflict, resolve
from .device_check import async_check
from .device_form import InvalidFieldError, choice, details_schema, form_values, stored_data
from .device_list_check import default_name, stands_alone
from .loads import choices

if TYPE_CHECKING:
    from .catalog import Catalog, Model

_NEW: Final = "new"
_NEXT: Final = {
    "found": ("save", "details"),
    "silent": ("check", "save", "details"),
    "no_map": ("save", "template", "details"),
}
"""What can be done after each outcome of the look at a device."""


class DeviceFlow(ConfigSubentryFlow):
    """Adds and changes devices."""

    def __init__(self) -> None:
        """Start with nothing chosen."""
        self._family = ""
        self._model = ""
        self._title = ""
        self._data: dict[str, Any] = {}
        self._shown: dict[str, str] = {}

    @property
    def _catalog(self) -> Catalog:
        """The catalogue."""
        return self.hass.data[DATA_CATALOG]

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the family."""
        if user_input is not None:
            self._family = user_input[CONF_FAMILY]
            return await self.async_step_model()
        families = {family.id: family.name for family in self._catalog.families.values() if self._models_of(family.id)}
        schema = vol.Schema({vol.Required(CONF_FAMILY): choice(families)})
        return self.async_show_form(step_id="user", data_schema=schema)

    async def async_step_model(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the model."""
        models = self._models_of(self._family)
        if len(models) == 1:
            user_input = {CONF_MODEL: models[0].number}
        if user_input is not None:
            self._model = user_input[CONF_MODEL]
            return await self.async_step_details()
        labels = {
            model.number: model.name
            if model.display_number == model.number
            else f"{model.display_number} · {model.name}"
            for model in models
        }
        schema = vol.Schema({vol.Required(CONF_MODEL): choice(labels)})
        return self.async_show_form(
            step_id="model",
            data_schema=schema,
            description_placeholders={"family": self._catalog.families[self._family].name},
        )

    def _models_of(self, family: str) -> list[Model]:
        """Return the models of a family that are set up as devices."""
        catalog = self._catalog
        return [row for row in catalog.models.values() if row.family == family and stands_alone(catalog, row)]

    async def async_step_details(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the fields the model needs, then look at what the device answers."""
        model = self._catalog.models[self._model]
        errors: dict[str, str] = {}
        other = ""
        if user_input is not None:
            try:
                data = stored_data(self._catalog, model, user_input)
            except InvalidFieldError as err:
                errors[err.field] = err.reason
                other = err.detail
            else:
                config = DeviceConfig.from_data(self._subentry_id, "", data)
                self._title = (user_input.get(CONF_NAME) or "").strip() or default_name(self._catalog, config)
                config = DeviceConfig.from_data(self._subentry_id, self._title, data)
                if (refusal := self._refusal(config)) is None:
                    self._data = data
                    return await self.async_step_check()
                errors[refusal[0]], other = refusal[1], refusal[2]
        schema = details_schema(self._catalog, model, choices(self.hass))
        known = form_values(model, self._title, self._data) if self._data else {CONF_ADDRESS: self._free_address(model)}
        return self.async_show_form(
            step_id="details",
            data_schema=self.add_suggested_values_to_schema(schema, user_input or known),
            errors=errors,
            description_placeholders={
                "model": f"{model.display_number} · {model.name}",
                "other": other,
            },
        )

    def _free_address(self, model: Model) -> int | str:
        """Return the lowest address that no device of the gateway has, as the form takes it."""
        used = {device.address for device in configs_of(self._get_entry())}
        free = next(address for address in range(1, 256) if address not in used)
        return str(free) if Option.INTERFACE in model.options else free

    @property
    def _subentry_id(self) -> str:
        """The id of the device in change, or a stand-in for a new one."""
        return self._get_reconfigure_subentry().subentry_id if self.source == SOURCE_RECONFIGURE else _NEW

    @callback
    def _refusal(self, config: DeviceConfig) -> tuple[str, str, str] | None:
        """Return the field, the reason and the device in the way of what was filled in; None where nothing is."""
        entry = self._get_entry()
        here = configs_of(entry)
        elsewhere = configs_elsewhere(self.hass, entry)
        if conflict := find_conflict(self._catalog, config, here, elsewhere):
            return conflict.field, conflict.reason, conflict.other
        limit = entry.options.get(OPT_DEVICE_LIMIT, 0)
        addresses = {device.address for device in here if device.id != config.id} | {config.address}
        if limit and len(addresses) > limit:
            return CONF_ADDRESS, "limit_reached", str(limit)
        return None

    async def async_step_check(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:  # noqa: ARG002
        """Read the device and show what it answers."""
        config = DeviceConfig.from_data(self._subentry_id, self._title, self._data)
        check = await async_check(self.hass, self._get_entry(), self._catalog, config)
        if check.profile is not None:
            self._data[CONF_PROFILE] = check.profile
        self._shown = {"name": self._title, "place": config.place, **check.placeholders}
        return self._show_result(check.result)

    @callback
    def _show_result(self, result: str) -> SubentryFlowResult:
        """Show the outcome of the look: ``found``, ``silent`` or ``no_map``."""
        return self.async_show_menu(
            step_id=result, menu_options=list(_NEXT[result]), description_placeholders=self._shown
        )

    async def async_step_found(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:  # noqa: ARG002
        """Show what the device answers."""
        return self._show_result("found")

    async def async_step_silent(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:  # noqa: ARG002
        """Say that the device does not answer."""
        return self._show_result("silent")

    async def async_step_no_map(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:  # noqa: ARG002
        """Say that the device needs a register map."""
        return self._show_result("no_map")

    async def async_step_template(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:  # noqa: ARG002
        """Write a register map to fill in, then save."""
        device = resolve(self._catalog, DeviceConfig.from_data("", "", self._data))
        await async_write_template(self.hass, device.carrier)
        await async_load_catalog(self.hass)
        return await self.async_step_save()

    async def async_step_save(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:  # noqa: ARG002
        """Save the device."""
        config = DeviceConfig.from_data(self._subentry_id, self._title, self._data)
        # Somebody else may have added a device since the form was checked.
        if self._refusal(config) is not None:
            model = self._catalog.models[self._model]
            return await self.async_step_details(form_values(model, self._title, self._data))
        if self.source == SOURCE_RECONFIGURE:
            return self.async_update_and_abort(
                self._get_entry(), self._get_reconfigure_subentry(), title=self._title, data=self._data
            )
        return self.async_create_entry(title=self._title, data=self._data)

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:  # noqa: ARG002
        """Change a device: its fields, or its model."""
        subentry = self._get_reconfigure_subentry()
        self._title = subentry.title
        self._data = dict(subentry.data)
        self._model = self._data[CONF_MODEL]
        if self._model not in self._catalog.models:
            return await self.async_step_user()
        return self.async_show_menu(
            step_id="reconfigure",
            menu_options=["details", "user"],
            description_placeholders={"name": subentry.title},
        )
