"""What a car takes."""

from __future__ import annotations

import pytest

from custom_components.legrand_ews.greenup.learning import Appetite


def see(appetite: Appetite, limit: float, *currents: tuple[float, float, float], now: float = 0.0) -> None:
    for one in currents:
        appetite.see(now, limit, one, settled=True)


def test_phases_are_believed_when_seen_twice() -> None:
    one = Appetite()
    see(one, 6, (6, 0.1, 0))
    assert one.used is None
    see(one, 6, (6, 0.1, 0))
    assert one.used == (0,)


def test_a_further_phase_is_believed_at_once_and_none_is_forgotten() -> None:
    one = Appetite()
    see(one, 6, (6, 0, 0), (6, 0, 0), (6, 6, 6))
    assert one.used == (0, 1, 2)


def test_what_a_car_takes_at_most_caps_what_it_is_offered() -> None:
    one = Appetite()
    see(one, 32, (16, 16, 16), (16, 16, 16))
    assert one.ceiling == pytest.approx(16.5)


def test_a_car_that_takes_a_little_less_than_offered_is_not_capped() -> None:
    one = Appetite()
    see(one, 32, *[(30.4, 0, 0)] * 5)
    assert one.ceiling == float("inf")


def test_an_order_that_was_just_given_teaches_nothing() -> None:
    one = Appetite()
    for _ in range(5):
        one.see(0, 32, (6, 6, 6), settled=False)
    assert one.most is None


def test_a_car_that_wants_more_gets_more() -> None:
    one = Appetite()
    see(one, 32, (10, 0, 0), (10, 0, 0))
    for _ in range(6):
        see(one, one.ceiling, (min(one.ceiling, 32.0), 0, 0))
    assert one.ceiling >= 32


def test_it_is_asked_again() -> None:
    one = Appetite()
    see(one, 32, (10, 0, 0), (10, 0, 0))
    see(one, 10.5, (10, 0, 0), now=3600)
    assert one.ceiling == float("inf")


def test_nothing_drawn_teaches_nothing() -> None:
    one = Appetite()
    see(one, 32, (0.2, 0, 0), (0.2, 0, 0))
    assert (one.used, one.most) == (None, None)
