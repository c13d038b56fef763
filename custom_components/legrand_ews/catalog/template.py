"""A profile file to fill in, for a product whose register map is not published.

This module owns the text. The file is valid as it is and says nothing about registers: its rows are comments with
words in the place of figures, which the loader refuses until somebody who has the document puts them in.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from .model import Commodity, Model

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
    rows = [f"  # {row}" for row in _rows(model)]
    if rows:
        text += _ROWS_HEAD + "measures:\n" + "\n".join(rows) + "\n"
    if model.inputs:
        text += _inputs(model)
    if missing := ", ".join(_unsupported(model)):
        text += f"\n# Not to be described here yet, a later version will: {missing}.\n"
    return text


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
    return f"""
# The same for its {model.inputs} pulse inputs: STRIDE is how many addresses further the next input's register is.
# inputs:
#   count: {model.inputs}
#   measures:
#     {_row("pulses", None, ", stride: STRIDE")}
"""


def _unsupported(model: Model) -> Iterator[str]:
    """Yield what the model has and the format does not describe."""
    if "harmonics" in model.measures:
        yield "harmonics"
    if model.states:
        yield f"states ({', '.join(model.states)})"
    if model.commands:
        yield f"commands ({', '.join(model.commands)})"
