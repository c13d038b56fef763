"""From values to register words: the catalogue's maps, read backwards.

This module owns raw numbers and words of single rows. Which row sits at which address, and what a read returns, is in
``image``. A value is what ``instrument`` says: exact ``Decimal`` for what counts (cut, never rounded up), ``float`` for
the rest, a word for an enumeration, None where there is none.
"""

from __future__ import annotations

import math
import struct
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from custom_components.legrand_ews.catalog.profile import DataType

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from custom_components.legrand_ews.catalog.profile import Measure, Register, Scale
    from custom_components.legrand_ews.catalog.state import Clock, ClockField

    from .instrument import Value

WORD: Final = 0xFFFF
DATE_ZERO: Final = datetime(2000, 1, 1)  # noqa: DTZ001
FLOATS: Final = {DataType.F32: ">f", DataType.F64: ">d"}
SYNONYMS: Final = (
    {"inductive", "lagging", "ind", "lag"},
    {"capacitive", "leading", "cap", "lead"},
    {"unity", "undefined", "none"},
    {"correct", "ok", "direct", "l1_l2_l3"},
    {"pulse", "pulses", "pulse_output"},
)
"""Words that different maps use for the same thing."""


def limits(register: Register) -> tuple[int, int]:
    """Return the least and the greatest raw number of a register."""
    bits = 1 if register.type is DataType.BIT else 16 * register.words
    if register.type.signed:
        return -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    return 0, (1 << bits) - 1


def words_of(register: Register, raw: int) -> tuple[int, ...]:
    """Return the words of a raw whole number, negative ones as two's complement; a bit in its place in the word."""
    if register.type is DataType.BIT:
        return ((raw & 1) << (register.bit or 0),)
    words = tuple(raw >> shift & WORD for shift in range(16 * (register.words - 1), -1, -16))
    return words if register.word_order == "big" else words[::-1]


def raw_in(register: Register, words: Sequence[int]) -> int:
    """Return the raw whole number that words hold: the opposite of ``words_of``."""
    if register.type is DataType.BIT:
        return words[0] >> (register.bit or 0) & 1
    raw = 0
    for word in words if register.word_order == "big" else reversed(words):
        raw = raw << 16 | word
    low, high = limits(register)
    return raw if raw <= high else raw + 2 * low


def text_words(register: Register, text: str) -> tuple[int, ...]:
    """Return the words of a text, two characters in each, filled up with zeros."""
    data = text.encode("ascii", "replace")[: 2 * register.words].ljust(2 * register.words, b"\0")
    return struct.unpack(f">{register.words}H", data)


def float_words(register: Register, number: float) -> tuple[int, ...]:
    """Return the words of a floating point number."""
    data = struct.pack(FLOATS[register.type], number)
    words: tuple[int, ...] = struct.unpack(f">{register.words}H", data)
    return words if register.word_order == "big" else words[::-1]


def absent_words(register: Register) -> tuple[int, ...]:
    """Return what a device shows for "no value": its marker, else not a number, else 0."""
    if register.invalid:
        return words_of(register, min(register.invalid))
    if register.type in FLOATS:
        return float_words(register, math.nan)
    return (0,) * register.words


def raw_of(register: Register, number: float) -> int:
    """Return the nearest raw number that the register can hold and that is no marker; ``number`` is in raw steps."""
    low, high = limits(register)
    raw = min(max(round(number), low), high)
    while register.invalid and raw % (1 << 16 * register.words) in register.invalid:
        raw += -1 if raw > 0 else 1
    return raw


def measured_words(register: Register, value: float, factor: Decimal) -> tuple[int, ...]:
    """Return the words of a value that does not count, in one register; ``factor`` is that of the measure's scale."""
    number = value / float(register.scale * factor)
    return float_words(register, number) if register.type in FLOATS else words_of(register, raw_of(register, number))


def counted_words(measure: Measure, value: Decimal, factor: Decimal) -> list[tuple[int, ...]]:
    """Return the words of each part of a counter: the coarse parts take whole steps, the finest what is left."""
    rest = value if measure.modulus is None else value % (measure.modulus * factor)
    words: dict[int, tuple[int, ...]] = {}
    parts = sorted(range(len(measure.parts)), key=lambda place: -measure.parts[place].scale)
    for place in parts:
        register = measure.parts[place]
        step = register.scale * factor
        if register.type in FLOATS:
            words[place] = float_words(register, float(rest / step))
            break
        raw = int(rest // step)
        rest -= raw * step
        words[place] = words_of(register, raw)
    return [words.get(place, (0,) * register.words) for place, register in enumerate(measure.parts)]


def option_raw(values: Mapping[int, str], option: str) -> int | None:
    """Return the number of an option, by any of its names; None where the map has no such option."""
    names = next((names for names in SYNONYMS if option in names), {option})
    return next((raw for raw, name in values.items() if name in names), None)


def measure_words(measure: Measure, value: Value, factor: Decimal) -> list[tuple[int, ...]]:
    """Return the words of each part of a measure; the sign of a measure with a sign register is left out."""
    if value is None:
        return [absent_words(register) for register in measure.parts]
    if isinstance(value, str):
        return [_named_words(measure, value)]
    if isinstance(value, Decimal):
        return counted_words(measure, value, factor)
    first = measure.parts[0]
    unsigned = not first.type.signed and measure.key.startswith(("power_factor", "displacement_factor"))
    number = abs(value) if measure.sign is not None or unsigned else value
    if len(measure.parts) > 1:
        return counted_words(measure, Decimal(repr(abs(number))), factor)
    return [measured_words(first, number, factor)]


def _named_words(measure: Measure, value: str) -> tuple[int, ...]:
    """Return the words of an option, a text or a date."""
    register = measure.parts[0]
    if register.type is DataType.TEXT:
        return text_words(register, value)
    if register.type is DataType.DATE:
        return words_of(register, int((datetime.fromisoformat(value) - DATE_ZERO).total_seconds()))
    raw = option_raw(measure.values, value)
    return words_of(register, min(measure.values, default=0) if raw is None else raw)


def scale_factor(scale: Scale, raw: Mapping[str, int], registers: Mapping[str, Register]) -> Decimal | None:
    """Return the factor that a scale gives while its registers hold these raw numbers; None for an unlisted code."""
    if scale.values:
        return scale.values.get(raw[scale.registers[0]])
    product = Decimal(1)
    for name in scale.registers:
        product *= raw[name] * registers[name].scale
    return next(factor for limit, factor in scale.steps if product < limit)


def default_raw(name: str, register: Register, scales: Sequence[Scale], conditions: Sequence[frozenset[int]]) -> int:
    """Return what a named register holds unless a scenario says otherwise: what keeps values as they are.

    A ratio is 1, a code the one nearest to a factor of 1, a wiring one that all measures accept.
    """
    for scale in scales:
        if name in scale.registers and scale.values:
            return min(scale.values, key=lambda code: (abs(scale.values[code] - 1), code))
        if name in scale.registers:
            return int(1 / register.scale)
    if conditions:
        common = frozenset.intersection(*conditions) or frozenset.union(*conditions)
        return min(common)
    return 0


def clock_words(clock: Clock, when: datetime) -> tuple[int, ...]:
    """Return the words of a device's date and time."""
    if not clock.fields:
        seconds = int((when - DATE_ZERO).total_seconds())
        return seconds >> 16 & WORD, seconds & WORD
    return tuple(_joined([_clock_field(name, when) for name in fields]) for fields in clock.fields)


def clock_time(clock: Clock, words: Sequence[int]) -> datetime:
    """Return the date and time that words mean. Raises ``ValueError`` where they mean none."""
    if not clock.fields:
        return DATE_ZERO + timedelta(seconds=words[0] << 16 | words[1])
    parts: dict[str, int] = {}
    for fields, word in zip(clock.fields, words, strict=True):
        parts |= zip(fields, (word,) if len(fields) == 1 else divmod(word, 256), strict=True)
    year = parts["year"] if "year" in parts else DATE_ZERO.year + parts["short_year"]
    return datetime(year, parts["month"], parts["day"], parts["hour"], parts["minute"], parts.get("second", 0))  # noqa: DTZ001


def _clock_field(name: ClockField, when: datetime) -> int:
    """Return one part of date and time."""
    if name == "-":
        return 0
    if name == "short_year":
        return when.year % 100
    number: int = when.isoweekday() if name == "weekday" else getattr(when, name)
    return number


def _joined(numbers: Sequence[int]) -> int:
    """Return the word of one number, or of two bytes."""
    return numbers[0] if len(numbers) == 1 else numbers[0] << 8 | numbers[1]
