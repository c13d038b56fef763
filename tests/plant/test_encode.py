"""Words say what the values were."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.catalog import Clock, DataType, Measure, Register, Scale
from plant.encode import (
    absent_words,
    clock_time,
    clock_words,
    counted_words,
    default_raw,
    limits,
    measure_words,
    option_raw,
    raw_in,
    scale_factor,
    words_of,
)

from .support import raw_value

if TYPE_CHECKING:
    from plant.instrument import Value

WORDS = {DataType.U16: 1, DataType.S16: 1, DataType.U32: 2, DataType.S32: 2, DataType.U64: 4, DataType.S64: 4}
ONE = Decimal(1)
ORDERS = st.sampled_from(["big", "little"])


def register(kind: DataType = DataType.U32, **more: object) -> Register:
    """A register of a whole number."""
    return Register(address=0, type=kind, words=kind.words or 1, **more)  # type: ignore[arg-type]


def row(*parts: Register, key: str = "power", **more: object) -> Measure:
    """A measure."""
    return Measure(key=key, parts=parts, **more)  # type: ignore[arg-type]


def words(measure: Measure, value: Value, factor: Decimal = ONE) -> list[list[int]]:
    """The words of each part."""
    return [list(part) for part in measure_words(measure, value, factor)]


def read_back(measure: Measure, value: Value, factor: Decimal = ONE) -> Decimal | str | None:
    """The value of the first part, as the words say it."""
    return raw_value(measure.parts[0], words(measure, value, factor)[0])


@given(kind=st.sampled_from(list(WORDS)), order=ORDERS, data=st.data())
def test_every_raw_number_comes_back(kind: DataType, order: str, data: st.DataObject) -> None:
    one = register(kind, word_order=order)
    low, high = limits(one)
    raw = data.draw(st.integers(low, high))
    assert raw_value(one, list(words_of(one, raw))) == raw


@given(
    value=st.floats(-1e5, 1e5),
    scale=st.sampled_from([Decimal("0.001"), Decimal("0.1"), ONE, Decimal(10)]),
    factor=st.sampled_from([Decimal("0.01"), ONE, Decimal(1000)]),
)
def test_measures_come_back_within_half_a_step(value: float, scale: Decimal, factor: Decimal) -> None:
    measure = row(register(DataType.S64, scale=scale))
    back = read_back(measure, value, factor)
    assert isinstance(back, Decimal)
    assert abs(float(back * factor) - value) <= float(scale * factor) * 0.5000001


@given(value=st.decimals(0, 10**12, places=6), scale=st.sampled_from([ONE, Decimal(10), Decimal("0.1")]))
def test_counters_are_cut_never_rounded_up(value: Decimal, scale: Decimal) -> None:
    measure = row(register(DataType.U64, scale=scale), key="energy_import")
    back = read_back(measure, value)
    assert isinstance(back, Decimal)
    assert 0 <= value - back < scale


@given(value=st.decimals(0, 10**13, places=6))
def test_kilo_and_residual_add_up(value: Decimal) -> None:
    coarse = register(DataType.U32, scale=Decimal(1000))
    fine = register(DataType.U16, scale=Decimal("0.1"))
    measure = row(fine, coarse, key="energy_import", modulus=Decimal(1000) * (1 << 32))
    got = counted_words(measure, value, ONE)
    rest, kilo = (raw_value(part, list(part_words)) for part, part_words in zip(measure.parts, got, strict=True))
    assert isinstance(rest, Decimal)
    assert isinstance(kilo, Decimal)
    assert rest < 1000
    assert 0 <= value % (Decimal(1000) * (1 << 32)) - (rest + kilo) < Decimal("0.1")


def test_counters_roll_over() -> None:
    measure = row(register(scale=Decimal(10)), key="energy_import", modulus=Decimal(10) * (1 << 32))
    assert read_back(measure, Decimal(10) * (1 << 32) + 25) == 20
    scaled = measure_words(measure, Decimal(1000) * (1 << 32) + 2500, Decimal(100))
    assert raw_value(measure.parts[0], list(scaled[0])) == 20


@pytest.mark.parametrize("kind", [DataType.F32, DataType.F64])
@pytest.mark.parametrize("order", ["big", "little"])
def test_floats_come_back(kind: DataType, order: str) -> None:
    measure = row(register(kind, word_order=order, scale=Decimal(1000)))
    assert float(read_back(measure, -12345.678)) == pytest.approx(-12345.678, rel=1e-6)  # type: ignore[arg-type]
    counter = row(register(kind, word_order=order), key="energy_import")
    assert float(read_back(counter, Decimal("4711.5"))) == pytest.approx(4711.5)  # type: ignore[arg-type]
    assert read_back(measure, None) is None


def test_absent_values_have_their_marker() -> None:
    marked = register(DataType.S32, invalid=frozenset({0x7FFFFFFF, 0xFFFFFFFF}))
    assert read_back(row(marked), None) is None
    assert absent_words(register(DataType.U16)) == (0,)
    parts = row(register(DataType.U32), register(DataType.U16), key="energy_import")
    assert words(parts, None) == [[0, 0], [0]]


def test_values_never_look_like_a_marker() -> None:
    marked = register(DataType.S32, invalid=frozenset({0xFFFFFFFF}))
    assert read_back(row(marked), -1.0) == 0
    top = register(DataType.U16, invalid=frozenset({0xFFFF}))
    assert read_back(row(top), 1e9) == 0xFFFE


def test_values_beyond_a_register_stop_at_its_end() -> None:
    assert read_back(row(register(DataType.U16)), 70000.0) == 65535
    assert read_back(row(register(DataType.U16)), -5.0) == 0
    assert read_back(row(register(DataType.S16)), -40000.0) == -32768


def test_signs_with_a_register_of_their_own_leave_the_magnitude() -> None:
    assert read_back(row(register(DataType.U32), sign="power_sign"), -1234.0) == 1234


def test_power_factors_without_room_for_a_sign_leave_the_magnitude() -> None:
    hundredths = {"scale": Decimal("0.01")}
    assert read_back(row(register(DataType.U16, **hundredths), key="power_factor"), -0.97) == Decimal("0.97")
    assert read_back(row(register(DataType.S16, **hundredths), key="power_factor_l1"), -0.97) == Decimal("-0.97")


def test_enumerations_by_any_of_their_names() -> None:
    sides = {0: "undefined", 1: "leading", 2: "lagging"}
    assert option_raw(sides, "inductive") == 2
    assert option_raw(sides, "capacitive") == 1
    assert option_raw(sides, "unity") == 0
    assert option_raw(sides, "purple") is None
    measure = row(register(DataType.U16), key="power_factor_sector", values=sides)
    assert read_back(measure, "capacitive") == 1
    assert read_back(measure, "purple") == 0


def test_texts_dates_and_bits() -> None:
    text = Register(address=0, type=DataType.TEXT, words=4)
    assert words(row(text), "Socomec") == [[0x536F, 0x636F, 0x6D65, 0x6300]]
    assert read_back(row(text), "far too long for it") == "far too "
    date = register(DataType.DATE)
    assert read_back(row(date), "2000-01-02T00:00:01") == 86401
    bit = Register(address=0, type=DataType.BIT, bit=5)
    assert words(row(bit), 1.0) == [[32]]
    assert read_back(row(bit), 1.0) == 1


def test_sums_of_what_does_not_count() -> None:
    hours = row(
        register(DataType.U16, scale=Decimal("0.01")), register(DataType.U16, scale=Decimal(100)), key="operating_time"
    )
    assert words(hours, 12345.67) == [[4567], [123]]


def test_scales() -> None:
    registers = {"ct": register(DataType.U16), "vt": register(DataType.U16, scale=Decimal("0.01"))}
    steps = Scale(registers=("ct", "vt"), steps=((Decimal(10), Decimal(10)), (Decimal("Infinity"), Decimal(1000))))
    assert scale_factor(steps, {"ct": 9, "vt": 100}, registers) == 10
    assert scale_factor(steps, {"ct": 10, "vt": 100}, registers) == 1000
    codes = Scale(registers=("code",), values={0: Decimal("0.1"), 2: Decimal(1)})
    assert scale_factor(codes, {"code": 0}, {}) == Decimal("0.1")
    assert scale_factor(codes, {"code": 1}, {}) is None


def test_defaults_keep_values_as_they_are() -> None:
    steps = Scale(registers=("vt",), steps=((Decimal("Infinity"), ONE),))
    codes = Scale(registers=("code",), values={0: Decimal("0.1"), 2: Decimal(1), 3: Decimal(10)})
    hundredths = register(DataType.U16, scale=Decimal("0.01"))
    assert default_raw("vt", hundredths, [codes, steps], []) == 100
    assert default_raw("code", register(DataType.U16), [codes, steps], []) == 2
    assert default_raw("wiring", register(DataType.U16), [], [frozenset({0, 3, 4}), frozenset({3, 5})]) == 3
    assert default_raw("mode", register(DataType.U16), [], [frozenset({2}), frozenset({1, 3})]) == 1
    assert default_raw("other", register(DataType.U16), [codes], []) == 0


CLOCKS = [
    Clock(address=0),
    Clock(address=0, fields=(("day",), ("month",), ("year",), ("hour",), ("minute",), ("second",))),
    Clock(address=0, fields=(("short_year", "month"), ("day", "weekday"), ("hour", "minute"), ("-", "second"))),
]


@pytest.mark.parametrize("clock", CLOCKS)
@given(when=st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2099, 12, 31)))  # noqa: DTZ001
def test_a_clock_comes_back(clock: Clock, when: datetime) -> None:
    words = clock_words(clock, when)
    assert len(words) == clock.words
    assert clock_time(clock, words) == when.replace(microsecond=0)


def test_a_clock_in_bytes() -> None:
    assert clock_words(CLOCKS[2], datetime(2026, 3, 2, 9, 5, 7)) == (0x1A03, 0x0201, 0x0905, 7)  # noqa: DTZ001
    with pytest.raises(ValueError, match="day"):
        clock_time(CLOCKS[2], (0x1A02, 0x1E01, 0, 0))


@given(
    kind=st.sampled_from([DataType.U16, DataType.S16, DataType.U32, DataType.S32, DataType.U64, DataType.S64]),
    order=st.sampled_from(["big", "little"]),
    part=st.floats(0, 1),
)
def test_a_raw_number_comes_back(kind: DataType, order: Any, part: float) -> None:
    row = Register(address=0, type=kind, words=kind.words or 1, word_order=order)
    low, high = limits(row)
    for raw in (low, high, low + int((high - low) * part) if part < 1 else high):
        assert raw_in(row, words_of(row, raw)) == raw


@given(bit=st.integers(0, 15), rest=st.integers(0, 0xFFFF))
def test_a_bit_comes_back_whatever_is_beside_it(bit: int, rest: int) -> None:
    row = Register(address=0, type=DataType.BIT, bit=bit)
    for raw in (0, 1):
        word = rest & ~(1 << bit) | words_of(row, raw)[0]
        assert raw_in(row, (word,)) == raw
