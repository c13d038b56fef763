"""The form of the colours of the standard loads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from homeassistant.data_entry_flow import FlowResultType

from custom_components.legrand_ews.colors import STANDARD, colors_of, to_rgb

from .test_loads import site

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigEntry, ConfigFlowResult
    from homeassistant.core import HomeAssistant

    from .support import Panel


async def form(hass: HomeAssistant, entry: ConfigEntry) -> ConfigFlowResult:
    """Open the form."""
    menu = await hass.config_entries.options.async_init(entry.entry_id)
    assert "colors" in menu["menu_options"]
    return await hass.config_entries.options.async_configure(menu["flow_id"], {"next_step_id": "colors"})


def shown(form: ConfigFlowResult) -> dict[str, Any]:
    """Return what is filled in."""
    assert form["data_schema"] is not None
    return {str(key): (key.description or {}).get("suggested_value") for key in form["data_schema"].schema}


async def test_colours_are_chosen_and_given_back(hass: HomeAssistant, panel: Panel) -> None:
    await panel.load_integration()
    entry = await site(hass, loads_off=["cooling"])
    ours = {key: to_rgb(color) for key, color in STANDARD.items()}
    for changed, stored in (({"heating": [1, 2, 255]}, {"heating": "#0102ff"}), ({}, None)):
        asked = await form(hass, entry)
        result = await hass.config_entries.options.async_configure(asked["flow_id"], ours | changed)
        await hass.async_block_till_done()
        assert result["type"] is FlowResultType.CREATE_ENTRY
        assert entry.options.get("colors") == stored
        assert entry.options["loads_off"] == ["cooling"]
        assert shown(await form(hass, entry)) == ours | changed
        assert colors_of(entry) == dict(STANDARD) | (stored or {})
