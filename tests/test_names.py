"""Names of states and reasons outside of entities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from custom_components.legrand_ews.catalog import AlarmGroup, State, StateKind
from custom_components.legrand_ews.device import DeviceConfig, resolve
from custom_components.legrand_ews.names import reason_text, state_label, state_name

from .support import plant_catalog

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from custom_components.legrand_ews.device import Device

    from .support import Panel


def device(model: str, **labels: str) -> Device:
    """Return a device with the plant's map."""
    data = {"model": model, "address": 1, "labels": labels}
    return resolve(plant_catalog(), DeviceConfig.from_data("id", "Name", data))


@pytest.mark.parametrize(
    ("state", "label"),
    [
        (State(key="breaker", kind=StateKind.BREAKER), "breaker"),
        (State(key="input_3", kind=StateKind.INPUT, number=3), "input_n"),
        (State(key="over", kind=StateKind.ALARM, alarm=AlarmGroup.THRESHOLD), "threshold_alarm"),
        (State(key="wrong", kind=StateKind.ALARM, alarm=AlarmGroup.CONFIGURATION), "configuration_error"),
        (State(key="lock", kind=StateKind.ALARM, alarm=AlarmGroup.STATION), "station_error"),
        (State(key="diode", kind=StateKind.ALARM, alarm=AlarmGroup.CHARGE), "charge_error"),
        (State(key="charge", kind=StateKind.CHARGE), "charge"),
        (State(key="station", kind=StateKind.STATION), "station"),
        (State(key="ev_socket", kind=StateKind.SOCKET), "ev_socket"),
        (State(key="domestic_socket", kind=StateKind.SOCKET), "domestic_socket"),
    ],
)
def test_labels(state: State, label: str) -> None:
    assert state_label(state) == label


@pytest.mark.parametrize(
    ("model", "key", "name"),
    [
        ("414930", "breaker", "Breaker"),
        ("414930", "duplicated", "Duplicated function"),
        ("414930", "configuration_error", "Configuration error"),
        ("414931", "contactor", "Contactor"),
        ("026136", "input_3", "Input 3"),
        ("414932", "breaker", "Breaker"),  # commanded, not shown
        ("414932", "output_7", "Output 7"),
        ("414932", "charge", "Charge"),
        ("414932", "station", "Station"),
        ("414932", "ev_socket", "EV socket"),
        ("414932", "nonsense", "nonsense"),
    ],
)
async def test_names_without_labels(hass: HomeAssistant, panel: Panel, model: str, key: str, name: str) -> None:
    await panel.load_integration()
    assert state_name(hass, device(model), key) == name


@pytest.mark.parametrize(("model", "key"), [("414930", "duplicated"), ("026136", "input_3"), ("414932", "breaker")])
async def test_the_users_label_comes_first(hass: HomeAssistant, panel: Panel, model: str, key: str) -> None:
    await panel.load_integration()
    assert state_name(hass, device(model, **{key: "Pump"}), key) == "Pump"


async def test_reasons_are_in_plain_words_where_there_are_some(hass: HomeAssistant, panel: Panel) -> None:
    await panel.load_integration()
    assert reason_text(hass, "silent") == "no answer"
    assert reason_text(hass, "something_new") == "something_new"
