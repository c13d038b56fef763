"""What cars drew when the meter was read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.greenup import Stage
from custom_components.legrand_ews.greenup.balance import Balance, bounds
from custom_components.legrand_ews.greenup.session import NOTHING, Session

from .site import single

SETTLE = 20.0


def car(drawn: float | None, *limits: tuple[float, float], seen: float = 100.0) -> Session:
    """Return a car that charges and was told these limits, each with its time."""
    one = Session(single(0), Stage.CHARGING)
    for at, limit in limits:
        one.order(at, limit)
    one.drawn, one.seen = None if drawn is None else (drawn, 0.0, 0.0), seen
    return one


def first(one: Session, at: float) -> tuple[float, float]:
    least, most = bounds(one, at, SETTLE)
    return least[0], most[0]


def test_a_car_that_was_read_after_it_followed_draws_that() -> None:
    assert first(car(15.5, (50.0, 16.0)), 105.0) == (15.5, 15.5)


def test_a_car_that_was_read_with_the_meter_draws_that() -> None:
    assert first(car(15.5, (99.0, 6.0)), 100.0) == (15.5, 15.5)


def test_a_car_that_was_just_cut_may_draw_as_before_until_it_had_time() -> None:
    one = car(16.0, (0.0, 16.0), (101.0, 6.0))
    assert first(one, 102.0) == (6.0, 16.0)
    assert first(one, 110.0) == (6.0, 6.0)


def test_two_orders_in_a_row_leave_both_possible() -> None:
    one = car(None, (0.0, 16.0), (101.0, 12.0), (103.0, 8.0))
    assert first(one, 104.0) == (8.0, 16.0)
    assert first(one, 112.0) == (8.0, 8.0)


def test_a_car_that_pauses_may_go_on() -> None:
    assert first(car(0.0, (50.0, 16.0)), 105.0) == (0.0, 16.0)


def test_a_car_that_was_granted_may_start() -> None:
    for drawn in (0.0, None):
        one = car(drawn, (50.0, 6.0))
        one.stage = Stage.AUTHORISING
        assert first(one, 105.0) == (0.0, 6.0)
        assert first(one, 100.0) == (0.0, 0.0)


def test_a_station_without_a_grant_or_an_answer_counts_nothing() -> None:
    ended = car(0.3, (0.0, 16.0), (50.0, 0.0))
    ended.stage = Stage.DONE
    lost = car(16.0, (0.0, 16.0))
    lost.lost = True
    assert bounds(ended, 100.0, SETTLE) == bounds(lost, 100.0, SETTLE) == (NOTHING, NOTHING)


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 32), st.floats(6, 32))
def test_what_is_unknown_stays_as_long_as_cars_can_explain_the_meter(
    meter: float, before: float, drawn: float, limit: float
) -> None:
    one = car(drawn, (0.0, 16.0), (101.0, limit))
    least, most = first(one, 103.0)
    found = Balance().unknown((meter, 0.0, 0.0), [before, 0.0, 0.0], [one], 103.0, SETTLE)[0]
    assert meter - most - 1e-9 <= found <= meter - least + 1e-9
    if meter - most <= before <= meter - least:
        assert found == before


def told(balance: Balance, one: Session, meter: float, at: float) -> float:
    """Return what is no car after a reading of the meter, with what was before held."""
    return balance.unknown((meter, 0.0, 0.0), [balance.level[0], 0.0, 0.0], [one], at, SETTLE)[0]


def cut(limit: float) -> tuple[Balance, Session]:
    """Return a car of 16 A beside 20 A, known for sure at 100 s and told another limit then."""
    one, balance = car(16.0, (50.0, 16.0)), Balance()
    assert told(balance, one, 36.0, 100.0) == 20.0
    one.order(100.5, limit)
    return balance, one


def test_what_the_meter_rises_by_while_a_car_follows_a_cut_is_no_car() -> None:
    balance, one = cut(8.0)
    assert told(balance, one, 36.0, 102.0) == 20.0
    assert told(balance, one, 44.0, 103.0) == 28.0
    assert told(balance, one, 28.0, 104.0) == 20.0
    assert told(balance, one, 33.0, 105.0) == 25.0


def test_what_a_car_may_take_more_is_not_taken_for_another_load() -> None:
    balance, one = cut(24.0)
    one.appetite.most = None
    assert told(balance, one, 40.0, 102.0) == 20.0
    assert told(balance, one, 47.0, 103.0) == 23.0


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=30))
def test_noise_does_not_add_up(noise: list[float]) -> None:
    balance, one = cut(8.0)
    for second, more in enumerate(noise):
        assert told(balance, one, 36.0 + more, 101.0 + second / 8) <= 26.0 + 1e-6
