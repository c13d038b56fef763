"""What moves in a device: positions, times, what cannot be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.catalog import SettingKind, StateKind, Verb
from plant.faults import Faults
from plant.mechanism import Mechanism

from .support import MONDAY, profile_of

MAP = profile_of(
    states={
        "breaker": {"address": 0, "values": {0: "open", 1: "closed", 2: "tripped"}},
        "contactor": {"address": 1},
        "input_1": {"address": 2},
        "output_1": {"address": 3},
        "configuration_error": {"address": 4},
        "position": {"name": "Position", "address": 5, "values": {0: "in", 1: "out"}},
        "charge": {"address": 6, "values": {0: "free", 1: "waiting", 2: "charging", 3: "done", 4: "fault"}},
        "station": {"address": 7, "values": {0: "off", 1: "on", 2: "managed", 3: "fault"}},
        "ev_socket": {"address": 8},
    },
    settings={
        "output_1_normal_state": {"address": 10, "values": {0: "no", 1: "nc"}},
        "output_1_mode": {"address": 11, "values": {0: "impulsive", 1: "blinking"}},
        "output_1_on_time": {"address": 12, "unit": "s"},
    },
    commands={"breaker_2": {"open": {"address": 20, "value": 1}}},
    clock={"address": 30, "type": "date"},
)


class Bench:
    """A mechanism with its time and faults at hand."""

    def __init__(self, **settings: Any) -> None:
        """Build one of the map with these settings of output 1."""
        self.now = MONDAY
        self.faults = Faults()
        self.mechanism = Mechanism(lambda: self.now, self.faults)
        self.mechanism.fit(MAP, settings={f"output_1_{key}": value for key, value in settings.items()})

    def wait(self, seconds: float) -> Bench:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)
        self.mechanism.settle()
        return self

    def order(self, key: str, verb: Verb, seconds: float | None = None) -> Bench:
        """Give an order."""
        self.mechanism.order(key, verb, seconds)
        return self

    def word(self, key: str = "output_1") -> str:
        """How something stands."""
        return self.mechanism.word(key)


def test_things_at_rest() -> None:
    words = {key: Bench().word(key) for key in Bench().mechanism.parts}
    assert words == {
        "breaker": "closed",
        "contactor": "on",
        "input_1": "off",
        "output_1": "off",
        "configuration_error": "off",
        "position": "in",
        "charge": "free",
        "station": "on",
        "ev_socket": "on",
        "breaker_2": "closed",
    }


def test_a_tripped_breaker_is_opened_before_it_closes() -> None:
    bench = Bench()
    bench.mechanism.trip()
    assert bench.order("breaker", Verb.CLOSE).word("breaker") == "tripped"
    with pytest.raises(ValueError, match="must be opened first"):
        bench.mechanism.hand("breaker", "closed")
    assert bench.order("breaker", Verb.OPEN).word("breaker") == "open"
    with pytest.raises(ValueError, match="cannot trip"):
        bench.mechanism.trip()
    assert bench.order("breaker", Verb.CLOSE).word("breaker") == "closed"


@given(st.lists(st.sampled_from(["open", "close", "trip", "hand open", "hand closed", "clear"]), max_size=12))
def test_a_breaker_never_goes_from_tripped_to_closed_but_when_all_is_cleared(steps: list[str]) -> None:
    bench = Bench()
    for step in steps:
        before = bench.word("breaker")
        try:
            {
                "open": lambda: bench.order("breaker", Verb.OPEN),
                "close": lambda: bench.order("breaker", Verb.CLOSE),
                "trip": bench.mechanism.trip,
                "hand open": lambda: bench.mechanism.hand("breaker", "open"),
                "hand closed": lambda: bench.mechanism.hand("breaker", "closed"),
                "clear": bench.mechanism.clear,
            }[step]()
        except ValueError:
            assert bench.word("breaker") == before
        if step != "clear":
            assert (before, bench.word("breaker")) not in {("tripped", "closed"), ("open", "tripped")}


def test_a_maintained_output_stays() -> None:
    assert Bench().order("output_1", Verb.ON).wait(10**6).word() == "on"
    assert Bench().order("output_1", Verb.ON).order("output_1", Verb.OFF).word() == "off"


@given(seconds=st.integers(1, 3600), after=st.integers(0, 20_000))
def test_an_impulsive_output_falls_back_after_its_time(seconds: int, after: int) -> None:
    bench = Bench(on_time=float(seconds)).order("output_1", Verb.ON).wait(after)
    assert bench.word() == ("on" if after < seconds else "off")


@given(seconds=st.integers(1, 600), turns=st.integers(0, 50))
def test_a_blinking_output_toggles_with_its_time_until_it_is_told_off(seconds: int, turns: int) -> None:
    bench = Bench(mode="blinking", on_time=float(seconds)).order("output_1", Verb.ON).wait(turns * seconds)
    assert bench.word() == ("on" if turns % 2 == 0 else "off")
    assert bench.order("output_1", Verb.OFF).wait(turns * seconds).word() == "off"


def test_pulse_and_blink_by_command() -> None:
    assert Bench(mode="blinking").order("output_1", Verb.PULSE, 3.0).wait(2.9).word() == "on"
    assert Bench(mode="blinking").order("output_1", Verb.PULSE, 3.0).wait(6.1).word() == "off"
    assert Bench().order("output_1", Verb.PULSE).wait(1).word() == "off"
    assert Bench().order("output_1", Verb.BLINK).wait(1).word() == "off"
    assert Bench().order("output_1", Verb.BLINK).wait(2).word() == "on"


def test_a_relay_that_is_normally_closed_opens_when_on() -> None:
    for normal, at_rest in (("no", False), ("nc", True)):
        bench = Bench(normal_state=normal)
        assert bench.mechanism.relay_closed("output_1") is at_rest
        assert bench.order("output_1", Verb.ON).mechanism.relay_closed("output_1") is not at_rest


def test_a_stuck_mechanism_takes_commands_and_does_nothing() -> None:
    bench = Bench()
    bench.faults.stuck = True
    assert bench.order("contactor", Verb.OPEN).word("contactor") == "on"
    bench.mechanism.hand("contactor", "off")
    assert bench.word("contactor") == "off"


def test_a_slow_mechanism_follows_late_and_in_order() -> None:
    bench = Bench()
    bench.faults.mechanism_delay = 5
    bench.order("contactor", Verb.OPEN).wait(2).order("contactor", Verb.CLOSE)
    assert [bench.word("contactor"), bench.wait(3).word("contactor"), bench.wait(2).word("contactor")] == [
        "on",
        "off",
        "on",
    ]
    bench.faults.mechanism_delay = 0
    bench.order("output_1", Verb.ON)
    assert bench.word() == "on"


def test_an_order_does_not_overtake_a_late_one() -> None:
    bench, told = Bench(), []
    bench.mechanism.on_change = told.append
    bench.faults.mechanism_delay = 5
    bench.order("contactor", Verb.OPEN)
    bench.faults.mechanism_delay = 0
    bench.order("output_1", Verb.ON)
    assert told == []
    bench.wait(5)
    assert told == ["contactor", "output_1"]


@pytest.mark.parametrize(
    ("key", "word", "reason"),
    [
        ("lamp", "on", "there is no state lamp"),
        ("breaker", "on", "breaker cannot be on: it is one of open, closed, tripped"),
        ("configuration_error", "on", "is an alarm"),
    ],
)
def test_what_no_hand_can_do(key: str, word: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Bench().mechanism.hand(key, word)


def test_alarms_come_and_go() -> None:
    bench = Bench()
    bench.mechanism.alarm("configuration_error")
    assert bench.word("configuration_error") == "on"
    bench.mechanism.alarm("configuration_error", on=False)
    assert bench.word("configuration_error") == "off"
    with pytest.raises(ValueError, match="contactor is no alarm"):
        bench.mechanism.alarm("contactor")


def test_the_clock_runs_ahead_by_what_it_was_set_to() -> None:
    bench = Bench()
    bench.mechanism.set_clock(MONDAY + timedelta(minutes=7))
    assert bench.wait(60).mechanism.clock == MONDAY + timedelta(minutes=8)
    bench.mechanism.clear()
    assert bench.mechanism.clock == bench.now


def test_clearing_ends_what_is_broken_and_moves_nothing_else() -> None:
    bench = Bench()
    bench.mechanism.alarm("configuration_error")
    bench.mechanism.link_error("link_1")
    bench.mechanism.hand("contactor", "off")
    bench.mechanism.trip()
    bench.mechanism.clear()
    assert [bench.word(key) for key in ("breaker", "contactor", "configuration_error")] == ["closed", "off", "off"]
    assert not bench.mechanism.link_errors


def test_every_change_is_told() -> None:
    bench, told = Bench(), []
    bench.mechanism.on_change = told.append
    before = bench.mechanism.version
    bench.mechanism.trip()
    bench.order("contactor", Verb.OPEN)
    assert told == ["breaker", "contactor"]
    assert bench.mechanism.version == before + 2


def test_the_start_can_be_said_and_must_be_possible() -> None:
    mechanism = Mechanism()
    mechanism.fit(MAP, {"breaker": "open", "position": "out"}, {"output_1_on_time": 5.0})
    assert (mechanism.word("breaker"), mechanism.word("position")) == ("open", "out")
    assert mechanism.settings["output_1_on_time"] == 5.0
    for states, settings in (({"lamp": "on"}, {}), ({"breaker": "on"}, {}), ({}, {"output_2_mode": "blinking"})):
        with pytest.raises(ValueError, match=r"there is no|cannot be"):
            Mechanism().fit(MAP, states, settings)


def test_what_follows_from_other_things_cannot_be_turned() -> None:
    bench, words = Bench(), ["free"]
    bench.mechanism.show("charge", lambda: words[0])
    bench.mechanism.show("nothing", lambda: "x")
    words[0] = "charging"
    assert bench.word("charge") == "charging"
    with pytest.raises(ValueError, match="charge follows from other things"):
        bench.mechanism.hand("charge", "free")


def test_every_kind_has_a_place_at_rest() -> None:
    assert {part.kind for part in Bench().mechanism.parts.values()} == {*StateKind} - {StateKind.CONTACT}
    assert {key.removeprefix("output_1_") for key in Bench().mechanism.settings} == {*SettingKind}
