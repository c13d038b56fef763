"""Commands are recognised by their writes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.catalog import Space, Verb, Write
from plant.orders import CHARGING, Orders, commands_of, meant
from plant.row import Refused

from .support import profile_of

MAP = profile_of(
    commands={
        "breaker": {
            "open": {"address": 4, "write": 6, "value": 1},
            "close": {
                "writes": [
                    {"address": 8, "value": [0xA5A5, 1]},
                    {"address": 4, "write": 6, "value": 2},
                    {"address": 9, "write": 6, "value": 7},
                ]
            },
        },
        "output_1": {
            "on": {"address": 4, "write": 5, "value": 1},
            "pulse": {"address": 4, "write": 5, "value": 1},
        },
    }
)


def holding(address: int, *values: int, single: bool = True) -> Write:
    """A write to registers."""
    return Write(space=Space.HOLDING, address=address, values=values, single=single)


OPEN, UNLOCK, CLOSE, STORE = (
    holding(4, 1),
    holding(8, 0xA5A5, 1, single=False),
    holding(4, 2),
    holding(9, 7),
)


def verbs(orders: Orders[None], *writes: Write) -> list[Verb]:
    """What a series of writes commands; refused ones command nothing."""
    done = []
    for write in writes:
        try:
            done += [command.verb for _, command in orders.take(write) or ()]
        except Refused:
            continue
    return done


def test_one_write_and_several_in_order() -> None:
    orders = Orders([(None, MAP)])
    assert verbs(orders, OPEN) == [Verb.OPEN]
    assert verbs(orders, UNLOCK, CLOSE) == []
    assert verbs(orders, STORE) == [Verb.CLOSE]
    assert verbs(orders, UNLOCK, UNLOCK, CLOSE, STORE) == [Verb.CLOSE]


@pytest.mark.parametrize("between", [OPEN, CLOSE, holding(100, 1)])
def test_another_write_locks_again(between: Write) -> None:
    assert Verb.CLOSE not in verbs(Orders([(None, MAP)]), UNLOCK, CLOSE, between, STORE)


@given(st.lists(st.sampled_from([OPEN, UNLOCK, CLOSE, STORE]), max_size=15))
def test_a_sequence_counts_exactly_when_it_came_without_a_gap(writes: list[Write]) -> None:
    expected = sum(writes[place : place + 3] == [UNLOCK, CLOSE, STORE] for place in range(len(writes)))
    assert verbs(Orders([(None, MAP)]), *writes).count(Verb.CLOSE) == expected


@pytest.mark.parametrize(
    ("write", "code"),
    [
        (holding(4, 1, single=False), 1),
        (holding(4, 3), 3),
        (holding(8, 0xA5A5, 2, single=False), 3),
        (holding(4, 2), 4),
    ],
)
def test_what_is_refused(write: Write, code: int) -> None:
    with pytest.raises(Refused) as refused:
        Orders([(None, MAP)]).take(write)
    assert refused.value.code == code


def test_other_addresses_and_spaces_are_no_matter_of_commands() -> None:
    orders = Orders([(None, MAP)])
    assert orders.take(holding(5, 1)) is None
    assert orders.take(Write(space=Space.COIL, address=8, values=(1,))) is None


def test_a_write_that_means_on_and_pulse_is_a_pulse() -> None:
    done = Orders([(None, MAP)]).take(Write(space=Space.COIL, address=4, values=(1,), single=True))
    assert done is not None
    assert [command.verb for _, command in meant(done)] == [Verb.PULSE]
    assert [command.verb for _, command in meant(reversed(done))] == [Verb.PULSE]


def test_byte_addresses() -> None:
    wide = profile_of(read={"addresses": "byte"}, commands={"output_1": {"on": {"address": 4, "value": [1, 2]}}})
    orders = Orders([(None, wide)])
    assert orders.take(holding(5, 1)) is None
    with pytest.raises(Refused):
        orders.take(holding(6, 1))


def test_authorisation_is_a_command_too() -> None:
    profile = profile_of(
        states={"charge": {"address": 0, "values": {0: "free", 1: "charging"}}},
        charging={
            "allow": {"writes": [{"address": 5, "write": 6, "value": 9}, {"address": 6, "write": 6, "value": 1}]},
            "forbid": {"address": 6, "write": 6, "value": 0},
        },
    )
    assert [command.state for command in commands_of(profile)] == [CHARGING, CHARGING]
    orders = Orders([("it", profile)])
    assert orders.take(holding(5, 9)) == []
    assert [command.verb for _, command in orders.take(holding(6, 1)) or ()] == [Verb.ON]
    assert [command.verb for _, command in orders.take(holding(6, 0)) or ()] == [Verb.OFF]
    with pytest.raises(Refused):
        orders.take(holding(6, 1))
