"""The form for the colours of the standard loads. Those of the user's own are asked for by ``load_flow``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import voluptuous as vol
from homeassistant.config_entries import OptionsFlow
from homeassistant.helpers.selector import ColorRGBSelector

from .colors import OPT_COLORS, STANDARD, colors_of, to_hex, to_rgb

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigFlowResult

COLORS_SCHEMA: Final = vol.Schema({vol.Required(key): ColorRGBSelector() for key in STANDARD})


class ColorForms(OptionsFlow):
    """Asks for colours."""

    async def async_step_colors(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the colours of the standard loads; only those that are others than ours are kept."""
        if user_input is not None:
            given = {key: to_hex(user_input[key]) for key in STANDARD}
            options = {key: value for key, value in self.config_entry.options.items() if key != OPT_COLORS}
            if changed := {key: color for key, color in given.items() if color != STANDARD[key]}:
                options[OPT_COLORS] = changed
            return self.async_create_entry(data=options)
        known = colors_of(self.config_entry)
        shown = {key: to_rgb(known[key]) for key in STANDARD}
        return self.async_show_form(
            step_id="colors", data_schema=self.add_suggested_values_to_schema(COLORS_SCHEMA, shown)
        )
