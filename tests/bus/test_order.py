"""Tests of what a command means on the wire."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.bus import NotPossibleError, Order, order_for, order_for_settings, value_of
from custom_components.legrand_ews.bus.order import write_of
from custom_components.legrand_ews.catalog import (
    Command,
    Condition,
    DataType,
    Profile,
    Setting,
    SettingKind,
    Space,
    Verb,
    Write,
)

from .support import profile, register

ON = Write(space=Space.HOLDING, address=10, values=(1,))
VALID = Condition(register="type", values=frozenset({2}))
MODES = {0: "impulsive", 1: "blinking"}


def setting(kind: SettingKind, address: int, **fields: Any) -> Setting:
    """Return a setting of output 1."""
    row = register(address, fields.pop("type", DataType.U16), scale=Decimal(fields.pop("scale", 1)), slow=True)
    return Setting(key=f"output_1_{kind}", output="output_1", kind=kind, register=row, **fields)


MODE = setting(SettingKind.MODE, 20, values=MODES)
ON_TIME = setting(SettingKind.ON_TIME, 21, scale="0.1", maximum=3600.0, single=True)


def output(*settings: Setting, pulse: bool = False, on: bool = True) -> Profile:
    """Return a map of one output."""
    verbs = [Verb.ON] * on + [Verb.PULSE] * pulse
    rows = [
        Command(state="output_1", verb=verb, writes=(ON,), expect="on" if verb is Verb.ON else None, valid_if=VALID)
        for verb in verbs
    ]
    return profile(
        commands={(row.state, row.verb): row for row in rows},
        settings={row.key: row for row in settings},
        registers={"type": register(5)},
    )


def refusal(map_: Profile, verb: Verb, seconds: float | None = None) -> str:
    """Return why a command is not possible."""
    with pytest.raises(NotPossibleError) as caught:
        order_for(map_, "output_1", verb, seconds=seconds)
    assert str(caught.value) == caught.value.reason
    return caught.value.reason


def test_a_command_of_the_map_is_sent_as_it_stands() -> None:
    expected = Order(steps=(ON,), state="output_1", expect="on", valid_if=VALID)
    assert order_for(output(), "output_1", Verb.ON) == expected


def test_a_pulse_of_the_map_is_its_own_command() -> None:
    order = order_for(output(MODE, pulse=True, on=False), "output_1", Verb.PULSE)
    assert (order.steps, order.settings, order.expect) == ((ON,), {}, None)


@pytest.mark.parametrize(("verb", "mode"), [(Verb.PULSE, "impulsive"), (Verb.BLINK, "blinking")])
def test_a_pulse_or_blink_without_a_command_is_mode_time_and_on(verb: Verb, mode: str) -> None:
    order = order_for(output(MODE, ON_TIME), "output_1", verb, seconds=2.5)
    assert order.settings == {MODE.key: mode, ON_TIME.key: 2.5}
    assert order.steps == (ON,)
    assert order.expect is None
    assert order.valid_if == VALID
    assert order.timed is None


@pytest.mark.parametrize("pulse", [True, False])
def test_a_pulse_of_the_devices_own_length_needs_one(pulse: bool) -> None:  # noqa: FBT001 -- a parameter
    order = order_for(output(MODE, ON_TIME, pulse=pulse), "output_1", Verb.PULSE)
    assert order.timed == ON_TIME.key
    assert ON_TIME.key not in order.settings


@pytest.mark.parametrize(
    ("map_", "verb", "seconds", "reason"),
    [
        (output(), Verb.OFF, None, "no_command"),
        (output(MODE, ON_TIME, on=False), Verb.PULSE, None, "no_command"),
        (output(), Verb.PULSE, None, "not_timed"),
        (output(), Verb.PULSE, 1.0, "not_timed"),
        (output(MODE), Verb.PULSE, 1.0, "not_timed"),
        (output(pulse=True), Verb.PULSE, 1.0, "not_timed"),
        (output(ON_TIME), Verb.BLINK, 1.0, "not_timed"),
        (output(MODE, ON_TIME), Verb.ON, 1.0, "not_timed"),
        (output(MODE, ON_TIME), Verb.PULSE, 0.0, "out_of_range"),
        (output(MODE, ON_TIME), Verb.PULSE, -1.0, "out_of_range"),
        (output(MODE, ON_TIME), Verb.PULSE, float("nan"), "out_of_range"),
        (output(MODE, ON_TIME), Verb.PULSE, float("inf"), "out_of_range"),
        (output(MODE, ON_TIME), Verb.PULSE, 3600.1, "out_of_range"),
        (output(MODE, ON_TIME), Verb.PULSE, 0.05, "not_representable"),
    ],
)
def test_what_the_device_does_not_do_by_itself_is_not_possible(
    map_: Profile, verb: Verb, seconds: float | None, reason: str
) -> None:
    assert refusal(map_, verb, seconds) == reason


@given(tenths=st.integers(1, 36000))
def test_each_time_a_register_can_hold_is_written_exactly(tenths: int) -> None:
    seconds = tenths / 10
    order = order_for(output(MODE, ON_TIME), "output_1", Verb.PULSE, seconds=seconds)
    write = write_of(ON_TIME, order.settings[ON_TIME.key])
    assert write == Write(space=Space.HOLDING, address=21, values=(tenths,), single=True)
    assert value_of(output(ON_TIME), ON_TIME.key, {ON_TIME.register: write.values}.get) == seconds


def test_a_time_of_two_registers_keeps_their_order() -> None:
    row = setting(SettingKind.ON_TIME, 30, type=DataType.U32, scale="0.001", maximum=1e6)
    assert write_of(row, 70.0).values == (1, 4464)


def test_settings_are_an_order_without_steps() -> None:
    order = order_for_settings(
        output(MODE, ON_TIME), "output_1", {SettingKind.MODE: "blinking", SettingKind.ON_TIME: 0.0}
    )
    assert order == Order(settings={MODE.key: "blinking", ON_TIME.key: 0.0})


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({SettingKind.NORMAL_STATE: "no"}, "no_setting"),
        ({SettingKind.MODE: "dancing"}, "unknown_word"),
        ({SettingKind.MODE: 1.0}, "unknown_word"),
        ({SettingKind.ON_TIME: "long"}, "unknown_word"),
        ({SettingKind.ON_TIME: 4000.0}, "out_of_range"),
        ({SettingKind.ON_TIME: 0.01}, "not_representable"),
    ],
)
def test_values_a_setting_cannot_have_are_not_possible(values: dict[SettingKind, str | float], reason: str) -> None:
    with pytest.raises(NotPossibleError) as caught:
        order_for_settings(output(MODE, ON_TIME), "output_1", values)
    assert caught.value.reason == reason


def test_a_time_beyond_the_register_is_out_of_range() -> None:
    with pytest.raises(NotPossibleError, match="out_of_range"):
        write_of(setting(SettingKind.ON_TIME, 1, maximum=1e9), 65536.0)
