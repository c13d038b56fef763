"""What a faulty device answers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plant.faults import FOREVER, ExceptionOn, Faults

ADDRESSES = st.integers(0, 0xFFFF)


@given(ends=st.tuples(ADDRESSES, ADDRESSES), address=ADDRESSES, count=st.integers(1, 125))
def test_exceptions_hit_what_touches_their_addresses(ends: tuple[int, int], address: int, count: int) -> None:
    first, last = sorted(ends)
    faults = Faults(exceptions=[ExceptionOn(code=4, first=first, last=last)])
    touched = any(first <= place <= last for place in range(address, address + count))
    assert faults.code(0, address, count) == (4 if touched else None)


def test_busy_ends() -> None:
    faults = Faults(busy_until=10.0)
    assert faults.code(9.9, 0, 1) == 6
    assert faults.code(10.0, 0, 1) is None


def test_answers_to_spoil_are_counted() -> None:
    faults = Faults(garbage=2, wrong_length=FOREVER)
    assert [faults.take("garbage") for _ in range(4)] == [True, True, False, False]
    assert all(faults.take("wrong_length") for _ in range(4))


def test_all_is_well_again() -> None:
    faults = Faults(silent=True, delay=1, busy_until=5, exceptions=[ExceptionOn(code=2)], garbage=1)
    faults.clear()
    assert faults == Faults()
