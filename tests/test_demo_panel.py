"""How the demo is set up: through forms as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_homeassistant_custom_component.common import MockConfigEntry  # type: ignore[import-untyped]

from custom_components.legrand_ews.const import DOMAIN
from demo.bill import set_gas_factor

from .bill_support import at

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant

    from .support import Panel


class Clicks:
    """A client whose requests reach the forms of an entry."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        self._flows, self._entry = hass.config_entries.options, entry

    async def command(self, _kind: str, **_asked: Any) -> list[dict[str, Any]]:
        return [{"entry_id": self._entry.entry_id, "supported_subentry_types": {"load": {}}}]

    async def post(self, path: str, given: dict[str, Any]) -> Any:
        if "handler" in given:
            return await self._flows.async_init(given["handler"])
        return await self._flows.async_configure(path.rsplit("/", 1)[-1], given)


async def test_the_gas_factor_holds_for_the_past_of_the_demo(hass: HomeAssistant, panel: Panel) -> None:
    await panel.load_integration()
    entry: ConfigEntry = MockConfigEntry(domain=DOMAIN, title="Site", data={"kind": "installation"})
    entry.add_to_hass(hass)  # type: ignore[attr-defined]
    with at("2026-03-02T00:00:00Z"):
        await set_gas_factor(Clicks(hass, entry))  # type: ignore[arg-type]
    assert entry.options == {"gas_factors": [["2025-02-25", "11.2"]]}
    assert hass.config_entries.options.async_progress() == []
