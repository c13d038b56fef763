"""A profile file to fill in, for a product whose register map is not published.

This module owns the text. The file is valid as it is and says nothing about registers: its rows are comments with
words in the place of figures, which the loader refuses until somebody who has the document puts them in.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from .model import Commodity, Model, Option
from .state import VERBS, StateKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_PHASES: Final = ("l1", "l2", "l3")
_PAIRS: Final = ("l1_l2", "l2_l3", "l3_l1")
_ROWS: Final[Mapping[str, tuple[tuple[str, str | None], ...]]] = {
    "energy": (
        ("energy_import", "kWh"),
        ("energy_export", "kWh"),
        ("reactive_energy_import", "kvarh"),
        ("reactive_energy_export", "kvarh"),
    ),
    "power": (
        ("power", "W"),
        ("power_{phase}", "W"),
        ("reactive_power", "var"),
        ("apparent_power", "VA"),
        ("power_factor", None),
    ),
    "voltage": (("voltage_{phase}", "V"), ("voltage_{pair}", "V")),
    "current": (("current_{phase}", "A"), ("current_{neutral}", "A")),
    "frequency": (("frequency", "Hz"),),
    "thd": (("thd_voltage_{phase}", "%"), ("thd_current_{phase}", "%")),
    "pulses": (("pulses", None),),
}
"""Quantities that a group stands for, each with the unit that documents usually give."""

_HEAD: Final = """\
# Register map of {number}, {name}.
#
# No register map of this product is published. Fill in what its Modbus document says, row by row, and leave out what
# it does not say: a guessed register shows a wrong value that looks right.
# docs/profiles.md explains every field.

id: {id}
name: {quoted}
models: [{quoted_number}]
source: "fill in: title, number and revision of the document"
# How sure the map is, shown with the device: manufacturer (its own document), third_party (somebody else's table or
# program), inferred (the document of a sister product), none (not filled in yet).
confidence: none

read:
  # 3 reads holding registers, 4 input registers.
  function: 3
  # Most registers the device gives in one read.
  max_words: 32
"""
_ROWS_HEAD: Final = """
# Take the "# " away from a row and put figures in the place of the words: ADDRESS counts from 0 (documents that count
# from 1 are one higher), TYPE is one of u16 s16 u32 s32 u64 s64 f32 f64, SCALE turns the raw number into the unit.
"""
_STATES_HEAD: Final = """
# States, read often. Words in capitals such as OPEN are the numbers that the register holds then, BIT is 0 to 15.
# Where contacts tell a breaker's state in place of a number, see docs/profiles.md.
states:
"""
_COMMANDS_HEAD: Final = """
# Commands. A wrong one switches something else: only what the document says. FUNCTION is 5, 6, 15 or 16, VALUE is what
# to write.
commands:
"""
_SETTINGS_HEAD: Final = """
# Settings of the outputs.
settings:
"""
_CLOCK: Final = """
# Date and time, in the order of the registers.
# clock: {address: ADDRESS, fields: [day, month, year, hour, minute, second]}
"""
_LINKS: Final = """
# Automatic actions between EMS modules: role is event or action, partner holds the address of the other module, error
# is other than 0 while the link does not work.
# links:
#   - {role: event, partner: {address: ADDRESS}, error: {address: ADDRESS}}
"""
_CHARGING: Final = """
# What the station is told: a limit, whose OFF is the number for no charging and whose MAXIMUM is in A, and what else it
# takes to allow or forbid that a car charges. It forgets the limit after SECONDS.
# charging:
#   limit: {address: ADDRESS, scale: SCALE, write: FUNCTION, minimum: 6, maximum: MAXIMUM, off: OFF}
#   allow: {address: ADDRESS, write: FUNCTION, value: VALUE}
#   forbid: {address: ADDRESS, write: FUNCTION, value: VALUE}
#   refresh: SECONDS
"""
_SIDES: Final = """
# The rows are those of the left side. STRIDE is how many addresses further those of the right side are.
# sides: {stride: STRIDE}
"""

_BIT_STATE: Final = "{address: ADDRESS, type: bit, bit: BIT}"
_STATES: Final[Mapping[str, str]] = {
    "breaker": "{address: ADDRESS, values: {OPEN: open, CLOSED: closed, TRIPPED: tripped}}",
    "contactor": "{address: ADDRESS, values: {OPEN: off, CLOSED: on}}",
    "input_1": _BIT_STATE,
    "output_1": _BIT_STATE,
    "station": "{address: ADDRESS, values: {OFF: off, ON: on, MANAGED: managed, FAULT: fault}}",
    "charge": (
        "{address: ADDRESS, values: {FREE: free, WAITING: waiting, CHARGING: charging, DONE: done, FAULT: fault}}"
    ),
    "ev_socket": _BIT_STATE,
    "domestic_socket": _BIT_STATE,
    "lock_fault": '{address: ADDRESS, type: bit, bit: BIT, alarm: station, name: "Lock"}',
    "diode_fault": '{address: ADDRESS, type: bit, bit: BIT, alarm: charge, name: "Diode"}',
}
_OF_GROUP: Final[Mapping[str, tuple[str, ...]]] = {
    "inputs": ("input_1",),
    "outputs": ("output_1",),
    "station": ("station", "ev_socket", "domestic_socket", "lock_fault"),
    "charge": ("charge", "diode_fault"),
}
"""Keys of the states that a group stands for."""
_SETTINGS: Final[Mapping[str, str]] = {
    "output_1_normal_state": "{address: ADDRESS, values: {OPEN: no, CLOSED: nc}, write: FUNCTION}",
    "output_1_mode": "{address: ADDRESS, values: {IMPULSIVE: impulsive, BLINKING: blinking}, write: FUNCTION}",
    "output_1_on_time": "{address: ADDRESS, scale: SCALE, unit: s, write: FUNCTION}",
}
_OF_STATION: Final = (
    'session_energy: {address: ADDRESS, type: TYPE, scale: SCALE, unit: "kWh"}',
    'session_charge: {address: ADDRESS, type: TYPE, scale: SCALE, unit: "Ah"}',
    'rated_current: {address: ADDRESS, type: TYPE, scale: SCALE, unit: "A", slow: true}',
    "card: {address: ADDRESS, type: text, words: WORDS}",
)
"""What a station tells beside what its meter does."""


def profile_template(model: Model) -> str:
    """Return a profile file for a model: valid, without any register, with rows to fill in as comments."""
    number = _line(model.display_number)
    slug = re.sub(r"[^a-z0-9]+", "_", model.number.lower()).strip("_")
    text = _HEAD.format(
        number=number,
        name=_line(model.name),
        id=f"my_{slug}",
        quoted=json.dumps(_line(f"{number} {model.name}"), ensure_ascii=False),
        quoted_number=json.dumps(model.number, ensure_ascii=False),
    )
    sections = _measures(model) + _inputs(model) + _controls(model)
    if sections:
        text += _ROWS_HEAD + sections
    if "harmonics" in model.measures:
        text += "\n# Not to be described here yet, a later version will: harmonics.\n"
    return text


def _section(head: str, rows: Iterable[str]) -> str:
    """Return a section whose rows are comments, nothing where it has no rows."""
    lines = "".join(f"  # {row}\n" for row in rows)
    return head + lines if lines else ""


def _measures(model: Model) -> str:
    """Return the section of what the model measures."""
    return _section("measures:\n", dict.fromkeys(_rows(model)))


def _controls(model: Model) -> str:
    """Return the sections of what the model tells and can be told."""
    return "".join(
        (
            _section(_STATES_HEAD, (f"{key}: {_STATES[key]}" for key in _states(model))),
            _section(_COMMANDS_HEAD, _commands(model)),
            _section(
                _SETTINGS_HEAD,
                (f"{key}: {row}" for key, row in _SETTINGS.items() if "outputs" in model.commands),
            ),
            _CLOCK if "clock" in model.commands else "",
            _LINKS if Option.INTERFACE in model.options else "",
            _CHARGING if "charge" in model.commands else "",
            _SIDES if Option.SIDE in model.options else "",
        )
    )


def _states(model: Model) -> Iterator[str]:
    """Yield the keys of the model's states."""
    if {"open", "closed"} & {*model.states}:
        yield _switch(model)
    for group, keys in _OF_GROUP.items():
        if group in model.states:
            yield from keys


def _commands(model: Model) -> Iterator[str]:
    """Yield the lines of what the model can be told."""
    switch = _switch(model)
    for key, verbs in (
        (switch, [verb for verb in VERBS[StateKind(switch)] if verb in model.commands]),
        ("output_1", VERBS[StateKind.OUTPUT] if "outputs" in model.commands else ()),
        ("ev_socket", VERBS[StateKind.SOCKET] if "charge" in model.commands else ()),
        ("domestic_socket", VERBS[StateKind.SOCKET] if "charge" in model.commands else ()),
    ):
        if verbs:
            yield f"{key}:"
            yield from (f"  {verb}: {{address: ADDRESS, write: FUNCTION, value: VALUE}}" for verb in verbs)


def _switch(model: Model) -> str:
    """Return what the model opens and closes: contactors cannot trip."""
    return "breaker" if "tripped" in model.states or not model.states else "contactor"


def _line(text: str) -> str:
    """Return text on one line."""
    return " ".join(text.split())


def _rows(model: Model) -> Iterator[str]:
    """Yield one row per quantity that the model measures."""
    counts_volume = model.commodity in (Commodity.GAS, Commodity.WATER)
    if counts_volume:
        yield _row("volume", "m³")
    for group in model.measures:
        if (group == "energy" and counts_volume) or (group == "pulses" and model.inputs):
            continue
        for key, unit in _ROWS.get(group, ()):
            for name in _expanded(key, model):
                yield _row(name, unit)
        if group == "analogue":
            yield 'analogue_1: {address: ADDRESS, type: TYPE, scale: SCALE, name: "Analogue input 1", unit: "°C"}'
    if "charge" in model.states:
        yield from (_row(name, "A") for name in _expanded("current_{phase}", model))
        yield from _OF_STATION


def _expanded(key: str, model: Model) -> Iterator[str]:
    """Yield a key for each phase or pair of phases of the model; three phases where they are not told."""
    single = model.phases == 1
    if "{phase}" in key:
        yield from (key.format(phase=phase) for phase in (_PHASES[:1] if single else _PHASES))
    elif "{pair}" in key:
        yield from () if single else (key.format(pair=pair) for pair in _PAIRS)
    elif "{neutral}" in key:
        yield from () if single else (key.format(neutral="n"),)
    else:
        yield key


def _row(key: str, unit: str | None, extra: str = "") -> str:
    """Return the row of one quantity."""
    named = "" if unit is None else f', unit: "{unit}"'
    return f"{key}: {{address: ADDRESS{extra}, type: TYPE, scale: SCALE{named}}}"


def _inputs(model: Model) -> str:
    """Return the block of a concentrator's pulse inputs."""
    if not model.inputs:
        return ""
    return f"""
# The same for its {model.inputs} pulse inputs: STRIDE is how many addresses further the next input's register is.
# inputs:
#   count: {model.inputs}
#   measures:
#     {_row("pulses", None, ", stride: STRIDE")}
"""
