"""The words for where a session is."""

from __future__ import annotations

import pytest

from custom_components.legrand_ews.charging.control import StationNow
from custom_components.legrand_ews.charging.words import STATES, state_of
from custom_components.legrand_ews.greenup import StationState
from custom_components.legrand_ews.greenup.session import Stage
from custom_components.legrand_ews.greenup.sight import SessionView

from ..bill_support import ENGLISH


def now(stage: Stage, state: StationState = StationState.WAITING) -> StationNow:
    view = SessionView(
        stage=stage,
        limit=0.0,
        priority=False,
        default_priority=False,
        held=False,
        plugged_for=None,
        waited=None,
        charge=0.0,
        phases=(0,),
        drawn=None,
        lost=False,
    )
    return StationNow(view=view, order=None, state=state, session=None)


@pytest.mark.parametrize(
    ("stage", "word"),
    [
        ("free", "free"),
        ("request", "waiting"),
        ("queued", "waiting"),
        ("skipped", "waiting"),
        ("authorising", "starting"),
        ("charging", "charging"),
        ("done", "done"),
        ("held", "held"),
        ("fault", "fault"),
    ],
)
def test_each_stage_has_its_word(stage: str, word: str) -> None:
    assert state_of(now(Stage(stage))) == word


@pytest.mark.parametrize("stage", Stage)
def test_a_station_that_does_not_answer_is_offline_whatever_it_was(stage: Stage) -> None:
    assert state_of(now(stage, StationState.OFFLINE)) == "offline"
    assert state_of(now(stage)) in STATES


def test_each_word_has_a_name() -> None:
    assert set(ENGLISH["entity"]["sensor"]["charging_state"]["state"]) == set(STATES)
