"""Which charging stations there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custom_components.legrand_ews.charging.stations import known

from .entries import add_gateway, add_site

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from ..support import Panel


async def test_stations_of_gateways_and_chargers_are_known(hass: HomeAssistant, panel: Panel) -> None:
    await panel.load_integration()
    assert known(hass) == {}
    add_gateway(hass, mains="412045", bay_1="059014", gone="no such model")
    add_gateway(hass, bay_2="059000")
    add_site(hass, garage={"state_entity": "sensor.garage"})
    assert known(hass) == {"bay_1": "Bay 1", "bay_2": "Bay 2", "garage": "Garage"}
