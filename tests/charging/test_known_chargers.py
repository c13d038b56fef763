"""The words of known integrations."""

from __future__ import annotations

from custom_components.legrand_ews.charging.charger_flow import NEEDED, STATES
from custom_components.legrand_ews.charging.known_chargers import KNOWN, meaning, usual_words
from custom_components.legrand_ews.greenup import StationState


def test_every_integration_can_be_managed_by_its_words() -> None:
    for platform, known in KNOWN.items():
        assert set(NEEDED) <= set(known) <= set(STATES), platform
        words = [word for row in known.values() for word in row]
        assert len(set(words)) == len(words), platform
        for state, row in known.items():
            assert {meaning(word, platform) for word in row} == {state}, platform


def test_a_word_of_an_unknown_integration_means_what_it_means_for_all() -> None:
    assert meaning("Charging") is meaning("charging", "somebody_elses") is StationState.CHARGING
    assert meaning("SuspendedEVSE") is StationState.WAITING
    assert meaning("B") is StationState.WAITING


def test_a_word_that_means_different_things_needs_its_integration() -> None:
    assert meaning("ready") is None
    assert meaning("Ready", "wallbox") is StationState.FREE
    assert meaning("ready", "tesla_wall_connector") is StationState.WAITING


def test_words_that_say_nothing_of_a_car_mean_nothing() -> None:
    for word in ("unavailable", "unknown", "Unavailable", "booting", "updating_firmware", "offline", "", "…"):
        assert meaning(word) is None


def test_case_and_punctuation_do_not_matter() -> None:
    assert meaning("Waiting in queue by eco smart", "wallbox") is StationState.WAITING
    assert meaning("READY_TO_CHARGE") is StationState.WAITING


def test_words_are_those_of_the_integration_else_of_the_standard() -> None:
    assert usual_words("zaptec")[0] == "disconnected"
    assert usual_words("somebody_elses") == usual_words(None) == usual_words("ocpp")
    assert "Unavailable" not in usual_words()
