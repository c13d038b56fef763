"""Words to values.

This module owns the meaning of words: types, factors, signs, sums, validity. It does not read them (``reader``); what
they say of states, settings and links is told in ``states``.
Values: ``Index`` for what counts (exact), ``float`` for what is measured, ``str`` for options, states and text, ``int``
for bits, ``datetime`` for dates (without zone: the device's own clock), ``LinkValue`` for links. None: the device has
no value.
"""

from __future__ import annotations

import math
import struct
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from modbus_connection.decode import combine_words, decode_string

from ..catalog import QUANTITIES, DataType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ..catalog import Condition, Measure, Profile, Register, Scale


class Index(NamedTuple):
    """A counter as read, all three in the base unit of its quantity."""

    value: Decimal
    modulus: Decimal | None
    """Where it rolls over; None where that is not known."""
    resolution: Decimal
    """One step of the counter."""


class LinkValue(NamedTuple):
    """One automatic action between two EMS modules, as one of them tells it."""

    role: str
    partner: int | None
    """Modbus address of the other module; None: no link here."""
    error: bool | None
    """True while the link does not work; None where the module does not tell."""


type Value = Index | Decimal | float | int | str | datetime | LinkValue
type Words = Callable[[Register], Sequence[int] | None]
"""The words of a register, None where they were not read."""

ONE: Final = Decimal(1)
_SIGNS: Final = {0: ONE, 1: -ONE}
_SINGLE_DIGITS: Final = (6, 7, 8)
"""Digits that can be enough for a single precision float; nine always are."""
_EPOCH: Final = datetime(2000, 1, 1)  # noqa: DTZ001 -- the device's own clock has no zone


class NotReadError(LookupError):
    """A register that the value needs was not read."""


def decode(row: Register, words: Sequence[int]) -> Decimal | int | str | datetime | None:
    """Return the value of one register in the unit of its row; None for a marker of "no value"."""
    kind = row.type
    if kind is DataType.TEXT:
        return decode_string(list(words)).partition("\0")[0].strip() or None
    raw = combine_words(list(words), word_order=row.word_order)
    if raw in row.invalid:
        return None
    if kind is DataType.BIT:
        return raw >> (row.bit or 0) & 1
    if kind is DataType.DATE:
        return _EPOCH + timedelta(seconds=raw)
    if kind is DataType.F32 or kind is DataType.F64:
        number = _single(raw) if kind is DataType.F32 else _double(raw)
        return None if number is None else number * row.scale
    if kind.signed and raw >> (16 * row.words - 1):
        raw -= 1 << 16 * row.words
    return raw * row.scale


def _single(raw: int) -> Decimal | None:
    """Return the shortest number that is the same single precision float; None for what is no number."""
    data = raw.to_bytes(4)
    (number,) = struct.unpack(">f", data)
    if not math.isfinite(number):
        return None
    texts = (f"{number:.{digits}g}" for digits in _SINGLE_DIGITS)
    return Decimal(next((text for text in texts if struct.pack(">f", float(text)) == data), f"{number:.9g}"))


def _double(raw: int) -> Decimal | None:
    """Return a double precision float as people write it; None for what is no number."""
    (number,) = struct.unpack(">d", raw.to_bytes(8))
    return Decimal(repr(number)) if math.isfinite(number) else None


def measure_rows(profile: Profile, measure: Measure) -> Iterator[Register]:
    """All registers that a measure of a map needs, those it refers to included."""
    yield from measure.parts
    if measure.sign is not None:
        yield profile.registers[measure.sign]
    if measure.valid_if is not None:
        yield profile.registers[measure.valid_if.register]
    if measure.scale is not None:
        for name in profile.scales[measure.scale].registers:
            yield profile.registers[name]


def evaluate(profile: Profile, measure: Measure, words: Words) -> Value | None:
    """Return the value of a measure in its base unit; None where the device has none.

    Raises ``NotReadError`` where a register it needs was not read.
    """
    if not holds(profile, measure.valid_if, words):
        return None
    if measure.values:
        return measure.values.get(raw_of(measure.parts[0], words))
    total: Decimal | int = 0
    for part in measure.parts:
        value = read_of(part, words)
        if not isinstance(value, Decimal | int):
            return value
        total += value
    return _amount(profile, measure, total, words)


def holds(profile: Profile, condition: Condition | None, words: Words) -> bool:
    """Tell whether a condition holds now; no condition always does.

    Raises ``NotReadError`` where its register was not read.
    """
    return condition is None or raw_of(profile.registers[condition.register], words) in condition.values


def _amount(profile: Profile, measure: Measure, total: Decimal | int, words: Words) -> Index | float | None:
    """Apply factor and sign to the sum of a measure's parts; bits stay whole numbers."""
    factor = ONE
    if measure.scale is not None:
        scale = factor_of(profile, profile.scales[measure.scale], words)
        if scale is None:
            return None
        factor = scale
        total *= factor
    if measure.sign is not None:
        sign = _SIGNS.get(raw_of(profile.registers[measure.sign], words))
        if sign is None:
            return None
        total *= sign
    quantity = QUANTITIES.get(measure.key)
    if measure.modulus is not None or (quantity is not None and quantity.kind.counts):
        modulus = None if measure.modulus is None else measure.modulus * factor
        return Index(Decimal(total), modulus, min(part.scale for part in measure.parts) * factor)
    # The sum with 0.0 makes a zero of the negative zero.
    return total if isinstance(total, int) else float(total) + 0.0


def factor_of(profile: Profile, scale: Scale, words: Words) -> Decimal | None:
    """Return the factor that a scale has now; None for a code or a product it does not list."""
    if scale.values:
        return scale.values.get(raw_of(profile.registers[scale.registers[0]], words))
    product = ONE
    for name in scale.registers:
        value = read_of(profile.registers[name], words)
        if not isinstance(value, Decimal):
            return None
        product *= value
    return next((factor for limit, factor in scale.steps if product < limit), None)


def read_of(row: Register, words: Words) -> Decimal | int | str | datetime | None:
    """Decode a register.

    Raises ``NotReadError`` where it was not read.
    """
    read = words(row)
    if read is None:
        raise NotReadError(row.address)
    return decode(row, read)


def raw_of(row: Register, words: Words) -> int:
    """Return the unscaled, unsigned number of a register.

    Raises ``NotReadError`` where it was not read.
    """
    read = words(row)
    if read is None:
        raise NotReadError(row.address)
    raw = combine_words(list(read), word_order=row.word_order)
    return raw >> row.bit & 1 if row.bit is not None else raw
