"""ON time of outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from plant.scenario import DeviceSpec

from .support import install_profiles

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .support import Panel

SIGNALS = DeviceSpec(name="Signals", model="026136", address=13, at="mains", settings={"output_1_on_time": 12.0})
RELAYS = DeviceSpec(name="Relays", model="028812", address=14, at="mains")
ALLOWED = {"allow_commands": True}


async def set_value(hass: HomeAssistant, entity: str, value: float) -> None:
    """Set a number."""
    await hass.services.async_call("number", "set_value", {"entity_id": entity, "value": value}, blocking=True)


@pytest.fixture
async def on_time(hass: HomeAssistant, panel: Panel) -> str:
    """Return the ON time of an output, in whole seconds up to an hour."""
    install_profiles(hass, "plant_signalling_interface")
    await panel.start(SIGNALS, settings=ALLOWED)
    return panel.entity("Signals", "output_1_on_time")


@pytest.mark.usefixtures("on_time")
async def test_it_shows_what_the_device_is_set_to(panel: Panel) -> None:
    shown = panel.shown("Signals", "output_1_on_time")
    assert float(shown.state) == 12
    limits = (shown.attributes["min"], shown.attributes["max"], shown.attributes["step"])
    assert limits == (0, 3600, 1)
    assert (shown.name, shown.attributes["unit_of_measurement"]) == ("Signals Output 1 ON time", "s")


async def test_it_is_written_and_read_back(hass: HomeAssistant, panel: Panel, on_time: str) -> None:
    await set_value(hass, on_time, 3600)
    assert panel.number("Signals", "output_1_on_time") == 3600
    assert panel.unit(13).mechanism.settings["output_1_on_time"] == 3600


@pytest.mark.parametrize("value", [-1, 3601])
async def test_what_is_out_of_range_is_not_sent(hass: HomeAssistant, panel: Panel, on_time: str, value: float) -> None:
    with pytest.raises(ServiceValidationError):
        await set_value(hass, on_time, value)
    assert panel.unit(13).mechanism.settings["output_1_on_time"] == 12


async def test_what_the_device_cannot_hold_is_not_sent(hass: HomeAssistant, panel: Panel, on_time: str) -> None:
    with pytest.raises(HomeAssistantError, match="cannot hold this value exactly"):
        await set_value(hass, on_time, 1.5)
    assert panel.unit(13).mechanism.settings["output_1_on_time"] == 12


async def test_milliseconds_in_two_words(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, "plant_output_module")
    await panel.start(RELAYS, settings=ALLOWED)
    await set_value(hass, panel.entity("Relays", "output_3_on_time"), 70.25)
    assert float(panel.state("Relays", "output_3_on_time")) == 70.25
    assert panel.unit(14).mechanism.settings["output_3_on_time"] == 70.25
