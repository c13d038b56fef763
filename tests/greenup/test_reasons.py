"""Why an order is what it is."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.legrand_ews.greenup import LoadManagerConfig, Reason, Stage, Zone
from custom_components.legrand_ews.greenup.reasons import order_of
from custom_components.legrand_ews.greenup.session import Session

from .site import single
from .test_view import view


def session(stage: Stage, **values: Any) -> Session:
    """Return a session with these values."""
    one = Session(single(0), stage)
    for name, value in values.items():
        setattr(one, name, value)
    return one


CASES: list[tuple[Session, dict[str, Any], str]] = [
    (session(Stage.FREE), {}, "no car"),
    (session(Stage.DONE), {}, "the car wants no more"),
    (session(Stage.HELD), {}, "held by hand until started or unplugged"),
    (session(Stage.FAULT), {}, "the station reports a fault"),
    (session(Stage.CHARGING, lost=True), {}, "the station does not answer; the last order stays"),
    (session(Stage.AUTHORISING, limit=6.0), {}, "may charge at 6 A: waiting for the car to start"),
    (session(Stage.CHARGING, limit=32.0), {}, "charging at 32 A, all that the station or the car takes"),
    (session(Stage.CHARGING, limit=9.5), {}, "charging at 9.5 A: L1 is shared"),
    (session(Stage.CHARGING, limit=24.0, step=1), {}, "charging at 24 A: reduced to step 1"),
    (session(Stage.CHARGING, limit=6.0), {"zone": Zone.BLIND}, "charging at 6 A: the meter does not answer"),
    (session(Stage.REQUEST, asked=-20.0), {}, "waiting: the station must ask for 40 s more"),
    (session(Stage.SKIPPED, retry=120.0), {}, "waiting: the car did not start, next try in 120 s"),
    (session(Stage.QUEUED, asked=0.0), {"zone": Zone.BLIND}, "waiting: the meter does not answer"),
    (session(Stage.QUEUED), {"fresh": False}, "waiting: readings of the meter and all stations are awaited"),
    (session(Stage.QUEUED, cause=Reason("rotated")), {}, "waiting: makes room for another car"),
    (session(Stage.QUEUED, since=-30.0, stopped=-30.0), {}, "waiting: stopped a moment ago, 30 s more"),
    (session(Stage.QUEUED), {}, "waiting: number 3 in the queue"),
]


@pytest.mark.parametrize(("one", "values", "text"), CASES, ids=[case[2] for case in CASES])
def test_a_driver_is_told_why(one: Session, values: dict[str, Any], text: str) -> None:
    order = order_of(view(one, **values), one, 3)
    assert order.reason == text
    assert order.limit == one.limit


def test_what_is_missing_is_told_before_the_place_in_the_queue() -> None:
    one, seen = session(Stage.QUEUED), view()
    seen.missing["s0"] = (6.7, 1)
    assert order_of(seen, one, 1).reason == "waiting: 7 A short on L2"


def test_without_load_control_that_is_the_reason() -> None:
    one, seen = session(Stage.CHARGING, limit=20.0), view()
    seen.config = LoadManagerConfig(50, 40, load_control=False)
    assert order_of(seen, one, 0).reason == "charging at 20 A: load control is off"
