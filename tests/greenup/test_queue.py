"""Who waits, and who makes room."""

from __future__ import annotations

from custom_components.legrand_ews.greenup import LoadManagerConfig
from custom_components.legrand_ews.greenup.queue import off_until, to_stop
from custom_components.legrand_ews.greenup.session import Session, Stage

from .site import single

CONFIG = LoadManagerConfig(50, 50)


def session(number: int, *, priority: bool = False, charge: float = 0.0, plugged: float = 0.0) -> Session:
    one = Session(single(number, priority=priority), Stage.CHARGING)
    one.charge, one.plugged = charge, plugged
    return one


def test_the_order_in_which_cars_are_stopped() -> None:
    late, early = session(1, charge=40, plugged=50), session(2, charge=33, plugged=10)
    poor, vip = session(3, charge=5, plugged=0), session(4, priority=True, charge=90)
    starting = session(5, priority=True)
    starting.stage = Stage.AUTHORISING
    bad = session(6, priority=True)
    bad.disobeyed = 3
    found = to_stop([vip, poor, late, early, starting, bad], CONFIG)
    assert found == [bad, starting, early, late, poor, vip]


def test_who_was_stopped_often_waits_longer_up_to_a_bound() -> None:
    one = session(1)
    assert off_until(one, CONFIG) == float("-inf")
    one.stopped = 100.0
    waits = []
    for stops in range(5):
        one.stops = stops
        waits.append(off_until(one, CONFIG) - 100)
    assert waits == [60, 60, 120, 240, 240]


def test_who_is_started_by_hand_does_not_wait() -> None:
    one = session(1)
    one.stopped, one.head = 100.0, True
    assert off_until(one, CONFIG) == float("-inf")
