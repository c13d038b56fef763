"""Max-min sharing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.greenup.sharing import Taker, fill


@st.composite
def takers(draw: st.DrawFn) -> Taker:
    phases = draw(st.sampled_from([(0,), (1,), (2,), (0, 1, 2), (0, 1)]))
    low = draw(st.sampled_from([6.0, 8.0]))
    return Taker(phases, low, low + draw(st.floats(0, 26)))


def used(some: list[Taker], phase: int) -> float:
    return sum(one.level for one in some if phase in one.phases)


@given(st.tuples(*[st.floats(0, 120)] * 3), st.lists(takers(), max_size=12))
def test_nobody_can_get_more_without_taking_from_one_with_no_more(room: tuple[float, ...], some: list[Taker]) -> None:
    left = fill(room, some)
    floors = [sum(one.low for one in some if p in one.phases) for p in range(3)]
    for p in range(3):
        assert used(some, p) <= max(room[p], floors[p]) + 1e-6
        assert left[p] == pytest.approx(room[p] - used(some, p))
    for one in some:
        assert one.low <= one.level <= one.high + 1e-9
        full = [p for p in one.phases if left[p] <= 1e-6]
        tops = [max(s.level for s in some if p in s.phases and s.level > s.low) for p in full if one.level > one.low]
        assert one.level >= one.high - 1e-6 or full
        if one.level < one.high - 1e-6 and one.level > one.low:
            assert one.level >= min(tops) - 1e-6


def test_scenario_p1_without_the_sub_fuse() -> None:
    some = [Taker((p,), 6, 16) for p in range(3)]
    left = fill([14, 30, 31], some)
    assert [one.level for one in some] == [14, 16, 16]
    assert left == [0, 14, 15]


def test_a_phase_that_some_do_not_use_is_given_to_others() -> None:
    three, one = Taker((0, 1, 2), 6, 32), Taker((1,), 6, 32)
    fill([10, 40, 40], [three, one])
    assert (three.level, one.level) == (10, 30)


def test_nobody_shares_nothing() -> None:
    assert fill([1, 2, 3], []) == [1, 2, 3]
