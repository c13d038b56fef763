"""States, commands, settings, clock and links of a map."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.catalog import (
    CHARGE_WORDS,
    CLOCK_FIELDS,
    OUTCOMES,
    STATION_WORDS,
    VERBS,
    WORDS,
    AlarmGroup,
    Clock,
    Command,
    Condition,
    DataType,
    EmsLink,
    Register,
    Setting,
    SettingKind,
    Space,
    State,
    StateKind,
    Verb,
    Write,
)

from .support import CONTROLS, HEAD, load, only_error
from .test_rows import IN_FOLDER

if TYPE_CHECKING:
    from pathlib import Path

    from custom_components.legrand_ews.catalog import Profile

TYPE_2 = Condition(register="output_type", values=frozenset({2, 3}))


def build(tmp_path: Path, body: str = CONTROLS) -> Profile:
    """Return the profile of a user's file."""
    catalog = load(tmp_path, mine=HEAD + body)
    assert catalog.errors == []
    return catalog.profiles["mine"]


def key_of(kind: StateKind) -> str:
    """Return the key of a state of some kind."""
    return "ev_socket" if kind is StateKind.SOCKET else str(kind)


def contact(address: int) -> Register:
    """Return a discrete input."""
    return Register(address=address, type=DataType.BIT, space=Space.DISCRETE)


def bit(address: int, number: int) -> Register:
    """Return a bit of a register."""
    return Register(address=address, type=DataType.BIT, bit=number)


def test_states_are_what_their_keys_and_rows_say(tmp_path: Path) -> None:
    profile = build(tmp_path)
    assert dict(profile.measures) == {}
    assert profile.states == {
        state.key: state
        for state in (
            State(
                key="breaker",
                kind=StateKind.BREAKER,
                register=Register(address=0x4000, space=Space.INPUT),
                values={0: "open", 1: "closed", 2: "tripped"},
            ),
            State(
                key="breaker_2",
                kind=StateKind.BREAKER,
                number=2,
                contacts={"closed": contact(0), "tripped": contact(1)},
            ),
            State(key="contactor", kind=StateKind.CONTACTOR, register=contact(2), values={0: "on", 1: "off"}),
            State(key="input_12", kind=StateKind.INPUT, number=12, register=bit(0xCB01, 11)),
            State(
                key="output_1",
                kind=StateKind.OUTPUT,
                number=1,
                register=Register(address=0x106F),
                valid_if=TYPE_2,
            ),
            State(
                key="threshold_alarm",
                kind=StateKind.ALARM,
                register=Register(address=0x106F, invalid=frozenset({9})),
                valid_if=Condition(register="output_type", values=frozenset({1})),
                alarm=AlarmGroup.THRESHOLD,
            ),
            State(
                key="duplicated",
                kind=StateKind.ALARM,
                register=bit(7, 4),
                alarm=AlarmGroup.CONFIGURATION,
                name="Duplicated function",
            ),
            State(key="door", kind=StateKind.CONTACT, register=bit(7, 5), values={0: "on", 1: "off"}, name="Door"),
            State(
                key="position",
                kind=StateKind.CHOICE,
                register=Register(address=8),
                values={0: "inserted", 1: "test", 2: "drawn out"},
                name="Position",
            ),
        )
    }


def test_states_of_a_charging_station(tmp_path: Path) -> None:
    states = build(
        tmp_path,
        """\
states:
  charge: {address: 10, values: {0: free, 1: waiting, 2: charging, 3: done, 4: fault}}
  station: {address: 11, values: {0: "off", 1: "on", 2: managed, 3: fault}}
  ev_socket: {address: 12, type: bit, bit: 0}
  domestic_socket: {address: 12, type: bit, bit: 1}
  lock_fault: {address: 20, type: bit, bit: 0, alarm: station, name: "Lock"}
  diode_fault: {address: 21, type: bit, bit: 0, alarm: charge, name: "Diode"}
""",
    ).states
    assert {key: (state.kind, state.alarm) for key, state in states.items()} == {
        "charge": (StateKind.CHARGE, None),
        "station": (StateKind.STATION, None),
        "ev_socket": (StateKind.SOCKET, None),
        "domestic_socket": (StateKind.SOCKET, None),
        "lock_fault": (StateKind.ALARM, AlarmGroup.STATION),
        "diode_fault": (StateKind.ALARM, AlarmGroup.CHARGE),
    }
    assert tuple(states["charge"].values.values()) == CHARGE_WORDS
    assert tuple(states["station"].values.values()) == STATION_WORDS


def test_commands_are_what_is_written(tmp_path: Path) -> None:
    commands = build(tmp_path).commands
    assert commands["breaker", Verb.OPEN] == Command(
        state="breaker",
        verb=Verb.OPEN,
        writes=(Write(space=Space.HOLDING, address=0x4800, values=(1,), single=True),),
        expect="open",
    )
    assert commands["breaker", Verb.CLOSE] == Command(
        state="breaker",
        verb=Verb.CLOSE,
        writes=(
            Write(space=Space.HOLDING, address=0x48F0, values=(0xA5A5, 1)),
            Write(space=Space.COIL, address=5, values=(1,), single=True),
        ),
        expect="closed",
        within=10.0,
    )
    on, pulse = commands["output_1", Verb.ON], commands["output_1", Verb.PULSE]
    assert (on.expect, on.valid_if, on.within) == ("on", TYPE_2, 3.0)
    assert (pulse.expect, pulse.valid_if) == (None, None)
    assert commands["output_2", Verb.OFF].writes == (Write(space=Space.COIL, address=9, values=(0, 1)),)


def test_a_state_that_cannot_be_read_is_not_expected(tmp_path: Path) -> None:
    assert build(tmp_path).commands["output_2", Verb.OFF].expect is None


@pytest.mark.parametrize("kind", VERBS)
def test_every_verb_leads_to_its_outcome(tmp_path: Path, kind: StateKind) -> None:
    rows = ", ".join(f"{verb}: {{address: 1, value: 1}}" for verb in VERBS[kind])
    values = "0: open, 1: closed" if kind is StateKind.BREAKER else "0: off, 1: on"
    key = key_of(kind)
    body = f"states:\n  {key}: {{address: 1, values: {{{values}}}}}\ncommands:\n  {key}: {{{rows}}}\n"
    commands = build(tmp_path, body).commands
    assert {verb: row.expect for (_, verb), row in commands.items()} == {
        verb: OUTCOMES.get((kind, verb)) for verb in VERBS[kind]
    }


def test_settings_of_outputs(tmp_path: Path) -> None:
    settings = build(tmp_path).settings
    assert settings["output_1_normal_state"] == Setting(
        key="output_1_normal_state",
        output="output_1",
        kind=SettingKind.NORMAL_STATE,
        register=Register(address=0x0200, slow=True),
        values={0: "no", 1: "nc"},
    )
    mode = settings["output_2_mode"]
    assert (mode.output, mode.register.space, mode.single) == ("output_2", Space.COIL, True)
    on_time = settings["output_1_on_time"]
    assert on_time.register == Register(address=0x0202, scale=Decimal(30), slow=True)
    assert (on_time.minimum, on_time.maximum, on_time.single) == (30.0, 3600.0, True)


@IN_FOLDER
@given(
    st.sampled_from([("ms", "0.001"), ("s", "1"), ("min", "60"), ("h", "3600")]),
    st.sampled_from(["0.1", "1", "10"]),
    st.sampled_from(["u16", "u32"]),
)
def test_an_on_time_may_be_as_long_as_its_register_holds(
    tmp_path: Path, unit: tuple[str, str], scale: str, kind: str
) -> None:
    row = f"{{address: 2, type: {kind}, scale: {scale}, unit: {unit[0]}}}"
    body = f"commands:\n  output: {{on: {{address: 1, value: 1}}}}\nsettings:\n  output_on_time: {row}\n"
    setting = build(tmp_path, body).settings["output_on_time"]
    assert setting.register.scale == Decimal(scale) * Decimal(unit[1])
    assert setting.minimum == 0
    assert setting.maximum == pytest.approx(float((2 ** (16 if kind == "u16" else 32) - 1) * setting.register.scale))


def test_a_clock_of_registers(tmp_path: Path) -> None:
    clock = build(tmp_path).clock
    fields = (("day",), ("month",), ("year",), ("hour", "minute"), ("-",), ("-", "weekday"))
    assert clock == Clock(address=0xE100, fields=fields)
    assert clock.words == 6


def test_a_clock_of_seconds(tmp_path: Path) -> None:
    clock = build(tmp_path, "clock: {address: 0xFFFE, type: date}\n").clock
    assert clock == Clock(address=0xFFFE)
    assert clock.words == 2


@IN_FOLDER
@given(st.lists(st.sampled_from(CLOCK_FIELDS), max_size=10))
def test_a_clock_has_each_part_of_date_and_time_once(tmp_path: Path, fields: list[str]) -> None:
    named = [field for field in fields if field != "-"]
    complete = {"day", "month", "hour", "minute"} <= {*named} and ("year" in named) != ("short_year" in named)
    catalog = load(tmp_path, mine=f"{HEAD}clock: {{address: 1, fields: [{', '.join(fields)}]}}\n")
    assert ("mine" in catalog.profiles) == (complete and len(named) == len({*named}))
    assert all(error.key == "clock.fields" for error in catalog.errors)


def test_links_are_numbered(tmp_path: Path) -> None:
    links = build(tmp_path).links
    first = Register(address=0x0300, space=Space.INPUT)
    error = Register(address=0x0301, type=DataType.BIT, space=Space.INPUT, bit=0)
    assert links["link_1"] == EmsLink(role="event", partner=first, error=error)
    assert (set(links), links["link_2"].role, links["link_2"].error) == ({"link_1", "link_2"}, "action", None)


def test_what_is_of_the_whole_device_is_not_of_an_input(tmp_path: Path) -> None:
    inputs = "inputs:\n  count: 2\n  measures:\n    pulses: {address: 1, stride: 1}\n"
    profile = build(tmp_path, CONTROLS + inputs).at_position(2)
    assert set(profile.measures) == {"pulses"}
    assert not any((profile.states, profile.commands, profile.settings, profile.clock, profile.links))


@IN_FOLDER
@given(
    st.sampled_from([kind for kind in WORDS if kind not in (StateKind.CONTACT, StateKind.ALARM)]),
    st.lists(
        st.sampled_from(["open", "closed", "tripped", "on", "off", "free", "charging", "fault", "managed", "shut"]),
        min_size=1,
        max_size=4,
    ),
)
def test_a_state_has_the_words_of_its_kind_only(tmp_path: Path, kind: StateKind, words: list[str]) -> None:
    values = ", ".join(f"{raw}: {word}" for raw, word in enumerate(words))
    catalog = load(tmp_path, mine=f"{HEAD}states:\n  {key_of(kind)}: {{address: 1, values: {{{values}}}}}\n")
    assert ("mine" in catalog.profiles) == ({*words} <= {*WORDS[kind]})


OUTPUT = "states:\n  output_1: {address: 1}\nsettings:\n"
"""Three lines: with the head before, what follows starts in line 8."""


@pytest.mark.parametrize(
    ("body", "line", "key", "reason"),
    [
        ("states:\n  door: {address: 1}\n", 6, "states.door.name", "a state of your own needs a name"),
        ("states:\n  input_0: {address: 1}\n", 6, "states.input_0.name", "is no known state"),
        ("states:\n  Door: {address: 1, name: D}\n", 6, "states.Door", "starts with a letter"),
        ("states:\n  input_1: {address: 1, name: D}\n", 6, "states.input_1.name", "has its own name"),
        ("states:\n  output: {address: 1, alarm: threshold}\n", 6, "states.output.alarm", "has its own alarm"),
        ("states:\n  d: {address: 1, name: D, alarm: fire}\n", 6, "states.d.alarm", "threshold, configuration"),
        ("states:\n  breaker: {address: 1}\n", 6, "states.breaker.values", "a breaker needs values, or contacts"),
        ("states:\n  breaker: {address: 1, values: {}}\n", 6, "states.breaker.values", "a breaker needs values"),
        ("states:\n  charge: {address: 1}\n", 6, "states.charge.values", "means free, waiting, charging, done, fault"),
        ("states:\n  station: {address: 1, values: {}}\n", 6, "states.station.values", "off, on, managed, fault"),
        ("commands:\n  ev_socket:\n    pulse: {address: 1, value: 1}\n", 7, "commands.ev_socket.pulse", "told on, off"),
        ("commands:\n  charge:\n    on: {address: 1, value: 1}\n", 6, "commands.charge", "takes no commands"),
        ("states:\n  input: {address: 1, values: {1: closed}}\n", 6, "states.input.values", "off, on, found closed"),
        (
            "states:\n  d: {address: 1, name: D, alarm: threshold, values: {1: bad}}\n",
            6,
            "states.d.values",
            "off, on, found bad",
        ),
        (
            "states:\n  breaker:\n    contacts:\n      on: {address: 1}\n      open: {address: 2}\n",
            7,
            "states.breaker.contacts",
            "open, closed, tripped, found on",
        ),
        (
            "states:\n  breaker:\n    contacts: {tripped: {address: 1}}\n",
            7,
            "states.breaker.contacts",
            "open or closed needed",
        ),
        ("states:\n  input: {contacts: {on: {address: 1}}}\n", 6, "states.input.contacts", "only a breaker"),
        ("states:\n  input: {address: 1, type: f32}\n", 6, "states.input.type", "f32 is no whole number"),
        ("states:\n  input: {address: 1, type: bit}\n", 6, "states.input.bit", "which bit of the word"),
        (
            "states:\n  input: {address: 1, type: bit, bit: 1, values: {2: on}}\n",
            6,
            "states.input.values",
            "bit cannot hold 2",
        ),
        ("states:\n  input: {address: 1, values: {65536: on}}\n", 6, "states.input.values", "cannot hold 65536"),
        (
            "read: {groups: [{start: 5, words: 1}]}\nstates:\n  input: {address: 1}\n",
            7,
            "states.input.address",
            "none of the groups",
        ),
        (
            "states:\n  input: {address: 1, valid_if: {register: mode, in: [1]}}\n",
            6,
            "states.input.valid_if.register",
            "there is no register mode",
        ),
        (
            "measures:\n  door: {address: 1, name: D}\nstates:\n  door: {address: 1, name: D}\n",
            8,
            "states.door",
            "door is also the key of a measure",
        ),
        (
            "inputs: {count: 1, measures: {d: {address: 1, name: D, stride: 1}}}\nstates: {d: {address: 1, name: D}}\n",
            6,
            "states.d",
            "a measure of the inputs",
        ),
        (
            "measures:\n  link_1: {address: 1, name: L}\nlinks:\n  - {role: event, partner: {address: 1}}\n",
            8,
            "links[0]",
            "link_1 is also the key of a measure",
        ),
        ("links:\n  - {role: event, partner: {address: 1, type: f32}}\n", 6, "links[0].partner.type", "whole number"),
        (
            "links:\n  - {role: event, partner: {address: 1}, error: {address: 1, type: date}}\n",
            6,
            "links[0].error.type",
            "whole number",
        ),
        ("commands:\n  door:\n    open: {address: 1, value: 1}\n", 6, "commands.door", "there is no state door"),
        (
            "states: {input_1: {address: 1}}\ncommands:\n  inptu_1:\n    on: {address: 1, value: 1}\n",
            7,
            "commands.inptu_1",
            "did you mean input_1?",
        ),
        ("commands:\n  input_1:\n    on: {address: 1, value: 1}\n", 6, "commands.input_1", "takes no commands"),
        ("commands:\n  breaker:\n    on: {address: 1, value: 1}\n", 7, "commands.breaker.on", "told open, close"),
        (
            "commands:\n  output:\n    open: {address: 1, value: 1}\n",
            7,
            "commands.output.open",
            "on, off, pulse, blink",
        ),
        (
            "commands:\n  output:\n    on: {address: 1, value: [1, 2], write: 6}\n",
            7,
            "commands.output.on.value",
            "function 6 writes one value, not 2",
        ),
        (
            "commands:\n  output:\n    on: {address: 1, value: 2, write: 5}\n",
            7,
            "commands.output.on.value",
            "function 5 writes 0 or 1, not 2",
        ),
        (
            f"commands:\n  output:\n    on: {{address: 1, value: {[0] * 124}}}\n",
            7,
            "commands.output.on.value",
            "123 registers at most",
        ),
        (
            "commands:\n  output:\n    on: {address: 65535, value: [1, 2]}\n",
            7,
            "commands.output.on.address",
            "65535 to 65536 goes beyond",
        ),
        (
            "commands:\n output:\n  on:\n   writes: [{address: 1, value: 1},\n   {address: 1, value: 3, write: 15}]\n",
            9,
            "commands.output.on.writes[1].value",
            "0 or 1, not 3",
        ),
        ("commands:\n  output:\n    on: {writes: []}\n", 7, "commands.output.on.writes", "is empty"),
        (
            "commands:\n  output:\n    on: {address: 1, value: 1, valid_if: {register: mode, in: [1]}}\n",
            7,
            "commands.output.on.valid_if.register",
            "there is no register mode",
        ),
        (
            OUTPUT + "  output_1_speed: {address: 1}\n",
            8,
            "settings.output_1_speed",
            "expected one of <output>_normal_state",
        ),
        (OUTPUT + "  output_2_on_time: {address: 1}\n", 8, "settings.output_2_on_time", "did you mean output_1?"),
        (
            "states:\n  input_1: {address: 1}\nsettings:\n  input_1_on_time: {address: 1}\n",
            8,
            "settings.input_1_on_time",
            "there is no output input_1",
        ),
        (OUTPUT + "  output_1_mode: {address: 1}\n", 8, "settings.output_1_mode.values", "is missing"),
        (
            OUTPUT + "  output_1_mode: {address: 1, values: {0: no}}\n",
            8,
            "settings.output_1_mode.values",
            "impulsive, blinking, found no",
        ),
        (
            OUTPUT + "  output_1_normal_state: {address: 1, values: {0: no, 1: no}}\n",
            8,
            "settings.output_1_normal_state.values",
            "gives a word to two numbers",
        ),
        (
            OUTPUT + "  output_1_mode: {address: 1, values: {70000: impulsive}}\n",
            8,
            "settings.output_1_mode.values",
            "u16 cannot hold 70000",
        ),
        (
            OUTPUT + "  output_1_mode: {address: 1, values: {0: impulsive}, unit: s}\n",
            8,
            "settings.output_1_mode.unit",
            "only an ON time has one",
        ),
        (
            OUTPUT + "  output_1_on_time: {address: 1, values: {0: no}}\n",
            8,
            "settings.output_1_on_time.values",
            "an ON time is a number",
        ),
        (
            OUTPUT + "  output_1_on_time: {address: 1, type: bit, function: 1}\n",
            8,
            "settings.output_1_on_time.type",
            "",
        ),
        (
            OUTPUT + "  output_1_on_time: {address: 1, maximum: 65536}\n",
            8,
            "settings.output_1_on_time.maximum",
            "holds 65535 s at most",
        ),
        (
            OUTPUT + "  output_1_on_time: {address: 1, minimum: 9, maximum: 9}\n",
            8,
            "settings.output_1_on_time.minimum",
            "not below the maximum",
        ),
        (
            OUTPUT + "  output_1_on_time: {address: 1, maximum: 0}\n",
            8,
            "settings.output_1_on_time.maximum",
            "not below",
        ),
        (
            OUTPUT + "  output_1_on_time: {address: 1, function: 4}\n",
            8,
            "settings.output_1_on_time.function",
            "what function 4 reads cannot be written",
        ),
        (
            OUTPUT + "  output_1_on_time: {address: 1, type: s16}\n",
            8,
            "settings.output_1_on_time.type",
            "one of bit, u16, u32, not s16",
        ),
        (
            OUTPUT + "  output_1_on_time: {address: 1, write: 5}\n",
            8,
            "settings.output_1_on_time.write",
            "function 5 does not write what function 3 reads",
        ),
        (
            OUTPUT + "  output_1_on_time: {address: 1, type: u32, write: 6}\n",
            8,
            "settings.output_1_on_time.write",
            "function 6 writes one register, u32 takes 2",
        ),
        (
            OUTPUT + "  output_1_mode: {address: 1, type: bit, bit: 2, values: {0: impulsive}}\n",
            8,
            "settings.output_1_mode.bit",
            "cannot be written by itself",
        ),
        ("clock: {address: 65535, type: date}\n", 5, "clock.address", "65535 to 65536 goes beyond"),
        ("read: {word_order: little}\nclock: {address: 1, type: date}\n", 6, "clock.type", "high word first"),
        (
            "clock: {address: 1, fields: [day, month, hour]}\n",
            5,
            "clock.fields",
            "year or short_year, minute is missing",
        ),
        (
            "clock: {address: 1, fields: [day, day, month, year, hour, minute]}\n",
            5,
            "clock.fields",
            "day is given twice",
        ),
        (
            "clock: {address: 1, fields: [day, month, year, short_year, hour, minute]}\n",
            5,
            "clock.fields",
            "do not go together",
        ),
        (
            "clock: {address: 1, fields: [[day, year], month, hour, minute]}\n",
            5,
            "clock.fields",
            "does not fit into a byte",
        ),
    ],
)
def test_what_makes_no_sense_is_told_with_line_and_key(
    tmp_path: Path, body: str, line: int, key: str, reason: str
) -> None:
    found = only_error(tmp_path, HEAD + body)
    assert found[:2] == (line, key)
    assert reason in found[2]
