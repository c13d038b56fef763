"""Forms for the user's own loads and for groups: name, colour, and the devices that belong to it (manual 7.16.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import voluptuous as vol
from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import CONF_DESCRIPTION, CONF_NAME
from homeassistant.helpers.selector import (
    BooleanSelector,
    ColorRGBSelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)

from .colors import CONF_COLOR, colors_of, next_color, to_hex, to_rgb
from .const import CONF_IN_USE, SUBENTRY_GROUP, SUBENTRY_LOAD
from .loads import CONF_DEVICES, MOST_OWN_LOADS, assign, choices, devices, members, overfull, subentry_names

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigSubentry


class _MembersFlow(ConfigSubentryFlow):
    """Adds and changes something that devices belong to."""

    kind: str

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for a new one."""
        return await self._async_ask("user", user_input, None)

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for changes."""
        return await self._async_ask("reconfigure", user_input, self._get_reconfigure_subentry())

    async def _async_ask(
        self, step: str, user_input: dict[str, Any] | None, current: ConfigSubentry | None
    ) -> SubentryFlowResult:
        """Show the form, check it, save it."""
        errors: dict[str, str] = {}
        placeholders = {"other": ""}
        entry = self._get_entry()
        known: dict[str, Any] = {CONF_COLOR: to_rgb(next_color(entry, self.kind))}
        if current is not None:
            known = {CONF_IN_USE: True, **current.data, CONF_NAME: current.title}
            known[CONF_COLOR] = to_rgb(colors_of(entry)[current.subentry_id])
            known[CONF_DEVICES] = members(self.hass, self.kind, current.subentry_id)
        if user_input is not None:
            name = user_input[CONF_NAME].strip()
            self._check(name, user_input, current, errors, placeholders)
            if not errors:
                return self._save(name, user_input, current)
        return self.async_show_form(
            step_id=step,
            data_schema=self.add_suggested_values_to_schema(self._schema(), user_input or known),
            errors=errors,
            description_placeholders=placeholders,
        )

    def _schema(self) -> vol.Schema:
        """Return the form."""
        rows = [
            SelectOptionDict(value=row.subentry_id, label=f"{row.title} · {entry.title}")
            for entry, row in devices(self.hass)
        ]
        config = SelectSelectorConfig(options=rows, multiple=True, mode=SelectSelectorMode.DROPDOWN)
        fields: dict[Any, Any] = {vol.Required(CONF_NAME): TextSelector()}
        if self.kind == SUBENTRY_GROUP:
            fields[vol.Optional(CONF_DESCRIPTION)] = TextSelector()
        fields[vol.Optional(CONF_COLOR)] = ColorRGBSelector()
        fields[vol.Optional(CONF_DEVICES, default=list)] = SelectSelector(config)
        if self.source == SOURCE_RECONFIGURE:
            fields[vol.Required(CONF_IN_USE, default=True)] = BooleanSelector()
        return vol.Schema(fields)

    def _check(
        self,
        name: str,
        user_input: dict[str, Any],
        current: ConfigSubentry | None,
        errors: dict[str, str],
        placeholders: dict[str, str],
    ) -> None:
        """Refuse a name that is taken, one load too many, a device in too many groups."""
        key = "" if current is None else current.subentry_id
        own = subentry_names(self._get_entry(), self.kind)
        known = choices(self.hass)
        taken = {**(known.loads if self.kind == SUBENTRY_LOAD else known.groups), **own}
        taken.pop(key, None)
        if not name:
            errors[CONF_NAME] = "name_missing"
        elif name.casefold() in {other.casefold() for other in taken.values()}:
            errors[CONF_NAME] = "name_used"
        elif self.kind == SUBENTRY_LOAD and current is None and len(own) >= MOST_OWN_LOADS:
            errors["base"] = "too_many_loads"
        elif self.kind == SUBENTRY_GROUP and (full := overfull(self.hass, key, user_input[CONF_DEVICES])):
            errors[CONF_DEVICES] = "too_many_groups"
            placeholders["other"] = ", ".join(full)

    def _save(self, name: str, user_input: dict[str, Any], current: ConfigSubentry | None) -> SubentryFlowResult:
        """Save, and sort the devices."""
        data: dict[str, Any] = {}
        if text := (user_input.get(CONF_DESCRIPTION) or "").strip():
            data[CONF_DESCRIPTION] = text
        if CONF_COLOR in user_input:
            data[CONF_COLOR] = to_hex(user_input[CONF_COLOR])
        if not user_input.get(CONF_IN_USE, True):
            data[CONF_IN_USE] = False
        if self.source == SOURCE_RECONFIGURE and current is not None:
            assign(self.hass, self.kind, current.subentry_id, user_input[CONF_DEVICES])
            return self.async_update_and_abort(self._get_entry(), current, title=name, data=data)
        # The id of a new one is known once it is saved: the installation sorts the devices then.
        return self.async_create_entry(title=name, data={**data, CONF_DEVICES: user_input[CONF_DEVICES]})


class LoadFlow(_MembersFlow):
    """Adds and changes the user's own loads."""

    kind = SUBENTRY_LOAD


class GroupFlow(_MembersFlow):
    """Adds and changes groups."""

    kind = SUBENTRY_GROUP
