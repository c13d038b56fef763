"""What a charger's subentry means."""

from __future__ import annotations

from typing import Any

import pytest
from homeassistant.config_entries import ConfigSubentryDataWithId
from pytest_homeassistant_custom_component.common import MockConfigEntry  # type: ignore[import-untyped]

from custom_components.legrand_ews.charging.charger import ChargerConfig, chargers
from custom_components.legrand_ews.greenup import StationConfig, StationState

WORDS = {"Available": "free", "Preparing": "waiting", "Charging": "charging"}
DATA: dict[str, Any] = {
    "state_entity": "sensor.garage_state",
    "states": WORDS,
    "limit_entity": "number.garage_limit",
    "switch_entity": "switch.garage",
    "current_entities": ["sensor.garage_l1", "sensor.garage_l2", "sensor.garage_l3"],
    "power_entity": "sensor.garage_power",
    "energy_entity": "sensor.garage_energy",
    "rated_current": 32.0,
    "phases": ["l2", "l3", "l1"],
    "min_current": 8.0,
}
PRESENCE: dict[str, Any] = {
    "state_entity": "binary_sensor.cable",
    "switch_entity": "switch.socket",
    "rated_current": 16.0,
    "phases": ["l3"],
}


def charger(data: dict[str, Any]) -> ChargerConfig:
    return ChargerConfig.from_data("c", "Garage", data)


def test_a_subentry_is_read() -> None:
    entry = MockConfigEntry(
        subentries_data=[
            ConfigSubentryDataWithId(subentry_id=key, data=data, subentry_type=kind, title=key, unique_id=None)
            for key, kind, data in (("c", "charger", DATA), ("l", "load", {}), ("p", "charger", PRESENCE))
        ]
    )
    found = list(chargers(entry))
    assert [(row.id, row.name) for row in found] == [("c", "c"), ("p", "p")]
    assert (found[0].phases, found[0].min_current, found[0].limit_entity) == ((1, 2, 0), 8.0, "number.garage_limit")
    assert (found[1].phases, found[1].min_current, found[1].current_entities) == ((2,), 6.0, ())
    assert list(chargers(None)) == []


def test_words_mean_what_was_said_and_others_nothing() -> None:
    garage = charger(DATA)
    for draws in (False, True):
        assert garage.state("Preparing", draws=draws) is StationState.WAITING
        assert garage.state("Charging", draws=draws) is StationState.CHARGING
        for word in ("unavailable", "unknown", "on", "Rebooting"):
            assert garage.state(word, draws=draws) is StationState.OFFLINE


@pytest.mark.parametrize(
    ("word", "draws", "state"),
    [
        ("off", False, "free"),
        ("off", True, "free"),
        ("on", False, "waiting"),
        ("on", True, "charging"),
        ("unavailable", True, "offline"),
    ],
)
def test_a_binary_sensor_tells_whether_a_car_is_there(word: str, draws: bool, state: str) -> None:  # noqa: FBT001
    assert charger(PRESENCE).state(word, draws=draws) == state


def test_the_load_manager_knows_it_by_its_wiring_and_whether_it_can_be_limited() -> None:
    assert charger(DATA).station(priority=True) == StationConfig("c", 32.0, (1, 2, 0), priority=True, min_current=8.0)
    assert charger(PRESENCE).station() == StationConfig("c", 16.0, (2,), adjustable=False)
    with pytest.raises(ValueError, match="minimum current"):
        charger({**DATA, "min_current": 40}).station()


def test_all_its_entities_are_named() -> None:
    assert len(charger(DATA).entities) == 8
    assert charger(PRESENCE).entities == {"binary_sensor.cable", "switch.socket"}
