"""When a car was not charged, and why."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.charging.sessions import UNKNOWN
from custom_components.legrand_ews.greenup import Reason

from .test_sessions import BEGIN, CHARGING, DONE, FAULT, FREE, OFFLINE, WAITING, Bay

SHORT = Reason("short", {"limit": 0.0, "short": 7.0, "phase": "L2"})


def test_an_interruption_is_a_time_without_charging_after_the_first_charging() -> None:
    bay = Bay()
    bay.see(0, WAITING, order=0.0, reason=SHORT)
    bay.see(60, CHARGING, order=16.0, reason=Reason("full", {"limit": 16.0}))
    bay.see(120, WAITING, order=0.0, reason=SHORT)
    assert bay.book.open["bay"].breaks == ()
    bay.see(150, WAITING, order=0.0, reason=Reason("queue", {"limit": 0.0, "place": 1}))
    (pause,) = bay.book.open["bay"].breaks
    assert (pause.at, pause.seconds, pause.reason, pause.values) == (BEGIN + 120, 30, "short", SHORT.values)
    bay.see(180, CHARGING, order=10.0)
    bay.see(240, DONE)
    bay.see(300, FREE)
    (pause,) = bay.rows[-1].breaks
    assert (pause.at, pause.seconds, pause.reason) == (BEGIN + 120, 60, "short")


@pytest.mark.parametrize(
    ("seen", "reason", "values"),
    [
        ({"state": WAITING, "order": 0.0, "reason": SHORT}, "short", SHORT.values),
        ({"state": WAITING, "order": 16.04, "reason": Reason("full", {"limit": 16.04})}, "granted", {"limit": 16.0}),
        ({"state": WAITING, "order": None, "reason": None}, UNKNOWN, {}),
        ({"state": FAULT, "order": 0.0, "reason": SHORT}, "fault", {}),
        ({"state": FAULT, "order": None, "reason": None}, "fault", {}),
    ],
)
def test_the_reason_is_the_managers_the_cars_or_the_stations(
    seen: dict[str, Any], reason: str, values: dict[str, Any]
) -> None:
    bay = Bay()
    bay.see(0, CHARGING)
    bay.see(10, **seen)
    bay.see(20, FREE)
    (pause,) = bay.rows[-1].breaks
    assert (pause.reason, pause.values) == (reason, values)


@given(
    sights=st.lists(
        st.tuples(st.sampled_from([WAITING, CHARGING, DONE, FAULT, OFFLINE]), st.integers(1, 900), st.booleans()),
        max_size=40,
    )
)
def test_interruptions_are_all_the_time_a_car_that_was_charged_waits(sights: list[Any]) -> None:
    bay = Bay()
    bay.see(0, WAITING)
    at, state, charged, waited = 0, WAITING, False, 0
    for seen, seconds, restart in sights:
        at += seconds
        waited += seconds * (charged and state in {WAITING, FAULT})
        state = state if seen is OFFLINE else seen
        charged = charged or seen is CHARGING
        bay.see(at, seen)
        if restart:
            bay.restart(at)
    bay.see(at + 5, DONE)
    waited += 5 * (charged and state in {WAITING, FAULT})
    bay.see(at + 10, FREE)
    breaks = bay.rows[-1].breaks
    assert sum(one.seconds for one in breaks) == waited
    ends = [one.at + one.seconds for one in breaks]
    assert all(one.at > end for one, end in zip(breaks[1:], ends, strict=False))
