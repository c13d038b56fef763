"""Words to values.

This module owns the meaning of words: types, factors, signs, sums, validity. It does not read them (``reader``).
Values: ``Index`` for what counts (exact), ``float`` for what is measured, ``str`` for options and text, ``int`` for
plain numbers, ``datetime`` for dates (without zone: the device's own clock). None: the device has no value.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from modbus_connection.decode import combine_words, decode_float32, decode_float64, decode_int, decode_string

from ..catalog import QUANTITIES, DataType

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from ..catalog import Measure, Profile, Register, Scale


class Index(NamedTuple):
    """A counter as read, all three in the base unit of its quantity."""

    value: Decimal
    modulus: Decimal | None
    """Where it rolls over; None where that is not known."""
    resolution: Decimal
    """One step of the counter."""


type Value = Index | Decimal | float | int | str | datetime
type Words = Callable[[Register], Sequence[int] | None]
"""The words of a register, None where they were not read."""

ONE: Final = Decimal(1)
_EPOCH: Final = datetime(2000, 1, 1)  # noqa: DTZ001 -- the device's own clock has no zone


class NotReadError(LookupError):
    """A register that the value needs was not read."""


def decode(row: Register, words: Sequence[int]) -> Value | None:
    """Return the value of one register in the unit of its row; None for a marker of "no value"."""
    values = list(words)
    if row.type is DataType.TEXT:
        return decode_string(values).strip() or None
    raw = combine_words(values, word_order=row.word_order)
    if raw in row.invalid:
        return None
    match row.type:
        case DataType.BIT:
            return raw >> (row.bit or 0) & 1
        case DataType.DATE:
            return _EPOCH + timedelta(seconds=raw)
        case DataType.F32 | DataType.F64:
            read = decode_float32 if row.type is DataType.F32 else decode_float64
            number = read(values, word_order=row.word_order)
            return Decimal(str(number)) * row.scale if math.isfinite(number) else None
        case _:
            return decode_int(values, signed=row.type.signed, word_order=row.word_order) * row.scale


def rows_of(profile: Profile, keys: Collection[str]) -> Iterator[Register]:
    """All registers that the named measures of a map need, those they refer to included."""
    for key in keys:
        measure = profile.measures[key]
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
    if measure.valid_if is not None:
        state = _raw(profile.registers[measure.valid_if.register], words)
        if state not in measure.valid_if.values:
            return None
    if measure.values:
        return measure.values.get(_raw(measure.parts[0], words))
    values = [_read(part, words) for part in measure.parts]
    if None in values:
        return None
    amounts = [value for value in values if isinstance(value, Decimal)]
    return _amount(profile, measure, sum(amounts, Decimal(0)), words) if amounts else values[0]


def _amount(profile: Profile, measure: Measure, total: Decimal, words: Words) -> Index | float | None:
    """Apply factor and sign to the sum of a measure's parts."""
    factor = ONE if measure.scale is None else factor_of(profile, profile.scales[measure.scale], words)
    if factor is None:
        return None
    total *= factor
    if measure.sign is not None and _raw(profile.registers[measure.sign], words) == 1:
        total = -total
    quantity = QUANTITIES.get(measure.key)
    if measure.modulus is not None or (quantity is not None and quantity.kind.counts):
        modulus = None if measure.modulus is None else measure.modulus * factor
        return Index(total, modulus, min(part.scale for part in measure.parts) * factor)
    return float(total)


def factor_of(profile: Profile, scale: Scale, words: Words) -> Decimal | None:
    """Return the factor that a scale has now; None for a code it does not list."""
    if scale.values:
        return scale.values.get(_raw(profile.registers[scale.registers[0]], words))
    product = Decimal(1)
    for name in scale.registers:
        value = _read(profile.registers[name], words)
        if not isinstance(value, Decimal):
            return None
        product *= value
    return next(factor for limit, factor in scale.steps if product < limit)


def _read(row: Register, words: Words) -> Value | None:
    """Decode a register that must have been read."""
    read = words(row)
    if read is None:
        raise NotReadError(row.address)
    return decode(row, read)


def _raw(row: Register, words: Words) -> int:
    """Return the unscaled number of a register that must have been read."""
    read = words(row)
    if read is None:
        raise NotReadError(row.address)
    raw = combine_words(list(read), word_order=row.word_order)
    return raw >> row.bit & 1 if row.bit is not None else raw
