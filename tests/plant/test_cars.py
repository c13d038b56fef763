"""Cars take what they are offered, or less."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plant.cars import Car

AMPERES = st.floats(0, 80)
SECONDS = st.floats(0, 1e5)


@given(own=st.floats(1, 80), offered=AMPERES, seconds=SECONDS)
def test_a_car_takes_no_more_than_offered_nor_than_it_can(own: float, offered: float, seconds: float) -> None:
    taken = Car(current=own).takes(offered, seconds)
    assert taken == (min(own, offered) if seconds >= 1 else 0.0)


@given(offered=AMPERES, seconds=SECONDS)
def test_one_that_ignores_the_pilot_takes_all_it_can_while_it_may(offered: float, seconds: float) -> None:
    taken = Car(current=16, reaction=0, ignores_pilot=True).takes(offered, seconds)
    assert taken == (16 if offered > 0 else 0)


def test_pauses_of_its_own() -> None:
    car = Car(current=16, reaction=0, pauses=(600, 60))
    assert [car.takes(10, second) for second in (0, 599, 600, 659, 660, 1259, 1260)] == [10, 10, 0, 0, 10, 10, 0]


@pytest.mark.parametrize(
    "fields",
    [{"need": -1}, {"current": 0}, {"reaction": -1}, {"pauses": (0, 5)}, {"pauses": (5, -1)}, {"phases": 4}],
)
def test_what_no_car_is(fields: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="car"):
        Car(**fields)  # type: ignore[arg-type]
