"""Tests of words to values."""

from __future__ import annotations

import math
import struct
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.bus import Index, Value, decode, evaluate, rows_of
from custom_components.legrand_ews.bus.codec import NotReadError, factor_of
from custom_components.legrand_ews.catalog import Catalog, Condition, DataType, Measure, Profile, Register, Scale, Space

from .support import measure, profile, register

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from custom_components.legrand_ews.bus.codec import Words

INFINITE = Decimal("Infinity")
WHOLE = {
    DataType.U16: ">H",
    DataType.S16: ">h",
    DataType.U32: ">I",
    DataType.S32: ">i",
    DataType.U64: ">Q",
    DataType.S64: ">q",
}
FLOATS = {DataType.F32: ">f", DataType.F64: ">d"}
ORDERS = st.sampled_from(["big", "little"])


def words_of(row: Register, number: float) -> list[int]:
    """Return the words of a number, as a device sends them."""
    data = struct.pack({**WHOLE, **FLOATS}[row.type], number)
    words = list(struct.unpack(f">{len(data) // 2}H", data))
    return words if row.word_order == "big" else words[::-1]


def text_words(text: bytes) -> list[int]:
    """Return the words of a text, two characters in each."""
    return [*struct.unpack(f">{len(text) // 2}H", text)]


def read(words: Mapping[Register, Sequence[int]]) -> Words:
    """Return the registers that were read."""
    return words.get


@st.composite
def numbers(draw: st.DrawFn) -> tuple[Register, int]:
    """A whole number and a register that holds it."""
    kind = draw(st.sampled_from(sorted(WHOLE)))
    bits = 16 * (kind.words or 1)
    low = -(1 << (bits - 1)) if kind.signed else 0
    number = draw(st.integers(low, low + (1 << bits) - 1))
    return register(0, kind, word_order=draw(ORDERS)), number


@given(case=numbers(), exponent=st.integers(-3, 3))
def test_whole_numbers_of_every_type_and_word_order_are_exact(case: tuple[Register, int], exponent: int) -> None:
    row, number = case
    scale = Decimal(1).scaleb(exponent)
    row = register(row.address, row.type, word_order=row.word_order, scale=scale)
    value = decode(row, words_of(row, number))
    assert isinstance(value, Decimal)
    assert value == Decimal(number).scaleb(exponent)


@given(case=numbers())
def test_a_marker_is_no_value_whatever_the_type_and_word_order(case: tuple[Register, int]) -> None:
    row, number = case
    words = words_of(row, number)
    unsigned = number % (1 << 16 * row.words)
    marked = register(row.address, row.type, word_order=row.word_order, invalid=frozenset({unsigned, 5}))
    assert decode(marked, words) is None
    other = register(row.address, row.type, word_order=row.word_order, invalid=frozenset({unsigned ^ 1}))
    assert decode(other, words) == number


@given(number=st.floats(width=32, allow_nan=False, allow_infinity=False), order=ORDERS)
def test_a_single_float_is_the_shortest_number_that_is_the_same_float(number: float, order: str) -> None:
    row = register(0, DataType.F32, word_order=order)
    value = decode(row, words_of(row, number))
    assert isinstance(value, Decimal)
    assert struct.pack(">f", float(value)) == struct.pack(">f", number) or number == 0
    assert len(value.as_tuple().digits) <= 9


@pytest.mark.parametrize("text", ["230.123", "0.1", "50.01", "-12.5", "16777216", "1234567.9", "0", "98765.4"])
def test_a_single_float_shows_no_digits_that_the_meter_never_had(text: str) -> None:
    row = register(0, DataType.F32)
    assert decode(row, words_of(row, float(text))) == Decimal(text)


@given(number=st.floats(allow_nan=False, allow_infinity=False), order=ORDERS)
def test_a_double_float_stays_what_it_is(number: float, order: str) -> None:
    row = register(0, DataType.F64, word_order=order)
    value = decode(row, words_of(row, number))
    assert isinstance(value, Decimal)
    assert float(value) == number


@pytest.mark.parametrize("kind", sorted(FLOATS))
@pytest.mark.parametrize("number", [math.nan, -math.nan, math.inf, -math.inf])
def test_a_float_that_is_no_number_is_no_value(kind: DataType, number: float) -> None:
    row = register(0, kind)
    assert decode(row, words_of(row, number)) is None


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"412045", "412045"),
        (b"EMDX\0\0", "EMDX"),
        (b"  AB \0\0\0", "AB"),
        (b"AB\0 XY", "AB"),
        (b"AB\0\0 \0", "AB"),
        (b"AB\xff\xff", "AB"),
        (b"\0\0\0\0", None),
        (b"    ", None),
    ],
)
def test_a_text_ends_at_its_first_zero(data: bytes, text: str | None) -> None:
    assert decode(register(0, DataType.TEXT, words=len(data) // 2), text_words(data)) == text


def test_a_date_counts_seconds_since_2000() -> None:
    row = register(0, DataType.DATE, invalid=frozenset({0xFFFFFFFF}))
    assert decode(row, [0, 0]) == datetime(2000, 1, 1)  # noqa: DTZ001
    assert decode(row, [*divmod(86400 * 60 + 3661, 0x10000)]) == datetime(2000, 3, 1, 1, 1, 1)  # noqa: DTZ001
    assert decode(row, [0xFFFF, 0xFFFF]) is None


@given(word=st.integers(0, 0xFFFF), bit=st.integers(0, 15))
def test_a_bit_of_a_word(word: int, bit: int) -> None:
    value = decode(register(0, DataType.BIT, bit=bit), [word])
    assert value == (1 if word & 2**bit else 0)
    assert type(value) is int


@pytest.mark.parametrize("space", [Space.COIL, Space.DISCRETE])
@pytest.mark.parametrize("bit", [0, 1])
def test_a_single_bit(space: Space, bit: int) -> None:
    assert decode(register(0, DataType.BIT, space=space), [bit]) == bit


def value_of(
    row: Measure,
    words: Mapping[Register, Sequence[int]],
    **fields: Any,
) -> Value | None:
    """Evaluate a measure of a map with these registers and scales."""
    return evaluate(profile([row], **fields), row, read(words))


POWER = register(10, DataType.U32)
ENERGY = register(20, DataType.U32, scale=Decimal(10))
KILO = register(30, DataType.U32, scale=Decimal(1000))
REST = register(32, DataType.U16)
SIGN = register(40)
CT = register(50)
VT = register(51, scale=Decimal("0.01"))
STATE = register(60)
CODE = register(70)
REGISTERS = {"sign": SIGN, "ct": CT, "vt": VT, "state": STATE, "code": CODE}
STEPS = Scale(
    registers=("ct", "vt"),
    steps=((Decimal(10), Decimal(1)), (Decimal(5000), Decimal("0.5")), (INFINITE, Decimal(100))),
)
CODES = Scale(registers=("code",), values={0: Decimal("0.1"), 7: Decimal(1000)})


@given(raw=st.integers(0, 0xFFFFFFFF))
def test_a_measured_value_is_the_float_that_people_write(raw: int) -> None:
    row = measure("voltage_l1", register(0, DataType.U32, scale=Decimal("0.001")))
    value = value_of(row, {row.parts[0]: [*divmod(raw, 0x10000)]})
    assert type(value) is float
    assert value == float(f"{raw // 1000}.{raw % 1000:03}")
    assert len(repr(value).split(".")[1]) <= 3


def test_a_measured_value_of_a_single_float_is_the_float_that_people_write() -> None:
    row = measure("voltage_l1", register(0, DataType.F32, scale=Decimal(1)))
    assert repr(value_of(row, {row.parts[0]: words_of(row.parts[0], 230.123)})) == "230.123"


def test_a_counter_is_an_exact_index_with_where_it_rolls_over_and_its_step() -> None:
    row = measure("energy_import", ENERGY, modulus=Decimal(10 * 2**32))
    assert value_of(row, {ENERGY: [0x0001, 0x0002]}) == Index(Decimal(655380), Decimal(42949672960), Decimal(10))


def test_a_counter_without_a_known_end_has_no_modulus() -> None:
    row = measure("energy_import", ENERGY)
    assert value_of(row, {ENERGY: [0, 7]}) == Index(Decimal(70), None, Decimal(10))


def test_a_quantity_of_the_users_own_counts_where_it_rolls_over() -> None:
    row = measure("steam", ENERGY, modulus=Decimal(1000))
    assert value_of(row, {ENERGY: [0, 7]}) == Index(Decimal(70), Decimal(1000), Decimal(10))
    assert value_of(measure("steam", ENERGY), {ENERGY: [0, 7]}) == 70.0


@given(kilo=st.integers(0, 0xFFFFFFFF), rest=st.integers(0, 999))
def test_parts_add_up(kilo: int, rest: int) -> None:
    row = measure("energy_import", KILO, REST, modulus=Decimal(1000 * 2**32))
    index = value_of(row, {KILO: [*divmod(kilo, 0x10000)], REST: [rest]})
    assert index == Index(Decimal(kilo * 1000 + rest), Decimal(1000 * 2**32), Decimal(1))


@given(low=st.integers(0, 2**64 - 1), high=st.integers(0, 2**64 - 1))
def test_the_widest_counters_lose_nothing(low: int, high: int) -> None:
    big = register(0, DataType.U64, scale=Decimal(1000))
    small = register(4, DataType.U64, scale=Decimal("0.001"))
    row = measure("energy_import", big, small)
    words = {part: words_of(part, number) for part, number in ((big, high), (small, low))}
    index = value_of(row, words)
    assert isinstance(index, Index)
    assert index.value * 1000 == high * 10**6 + low


def test_a_part_without_a_value_leaves_none() -> None:
    rest = register(32, invalid=frozenset({0xFFFF}))
    row = measure("energy_import", KILO, rest)
    assert value_of(row, {KILO: [0, 1], rest: [0xFFFF]}) is None


def test_bits_count_one_each() -> None:
    bits = [register(0, DataType.BIT, bit=bit) for bit in range(3)]
    value = value_of(measure("running", *bits), {bit: [0b101] for bit in bits})
    assert value == 2
    assert type(value) is int


@pytest.mark.parametrize(("sign", "value"), [(0, 5.0), (1, -5.0), (2, None), (0xFFFF, None)])
def test_a_sign_register_decides_and_an_unknown_sign_leaves_no_value(sign: int, value: float | None) -> None:
    row = measure("power", POWER, sign="sign")
    assert value_of(row, {POWER: [0, 5], SIGN: [sign]}, registers=REGISTERS) == value


def test_zero_has_no_sign() -> None:
    row = measure("power", POWER, sign="sign")
    value = value_of(row, {POWER: [0, 0], SIGN: [1]}, registers=REGISTERS)
    assert math.copysign(1, value if isinstance(value, float) else -1) == 1


@pytest.mark.parametrize(
    ("ct", "vt", "factor"),
    [(1, 100, "1"), (9, 111, "1"), (10, 100, "0.5"), (4999, 100, "0.5"), (5000, 100, "100"), (0xFFFF, 0xFFFF, "100")],
)
def test_a_scale_by_steps_takes_the_first_whose_limit_is_above_the_product(ct: int, vt: int, factor: str) -> None:
    words = {POWER: [0, 6], ENERGY: [0, 6], CT: [ct], VT: [vt]}
    fields = {"registers": REGISTERS, "scales": {"ratio": STEPS}}
    assert value_of(measure("power", POWER, scale="ratio"), words, **fields) == float(6 * Decimal(factor))
    counter = measure("energy_import", ENERGY, scale="ratio", modulus=Decimal(1000))
    assert value_of(counter, words, **fields) == Index(
        60 * Decimal(factor), 1000 * Decimal(factor), 10 * Decimal(factor)
    )


@pytest.mark.parametrize(("code", "value"), [(0, 0.6), (7, 6000.0), (3, None)])
def test_a_scale_by_code_knows_only_its_codes(code: int, value: float | None) -> None:
    row = measure("power", POWER, scale="code")
    words = {POWER: [0, 6], CODE: [code]}
    assert value_of(row, words, registers=REGISTERS, scales={"code": CODES}) == value


def test_a_ratio_without_a_value_leaves_none() -> None:
    ct = register(50, invalid=frozenset({0}))
    row = measure("power", POWER, scale="ratio")
    words = {POWER: [0, 6], ct: [0], VT: [100]}
    assert value_of(row, words, registers={**REGISTERS, "ct": ct}, scales={"ratio": STEPS}) is None


def test_a_scale_without_a_last_step_leaves_none() -> None:
    scale = Scale(registers=("ct",), steps=((Decimal(10), Decimal(1)),))
    assert factor_of(profile(registers=REGISTERS), scale, read({CT: [10]})) is None


@pytest.mark.parametrize(("state", "value"), [(0, 5.0), (3, 5.0), (1, None)])
def test_a_value_holds_only_in_some_states_of_the_device(state: int, value: float | None) -> None:
    row = measure("power", POWER, valid_if=Condition(register="state", values=frozenset({0, 3})))
    assert value_of(row, {POWER: [0, 5], STATE: [state]}, registers=REGISTERS) == value


def test_a_state_may_be_one_bit_of_a_word() -> None:
    state = register(60, DataType.BIT, bit=3)
    row = measure("power", POWER, valid_if=Condition(register="state", values=frozenset({1})))
    assert value_of(row, {POWER: [0, 5], state: [0b1000]}, registers={"state": state}) == 5.0
    assert value_of(row, {POWER: [0, 5], state: [0b0111]}, registers={"state": state}) is None


@pytest.mark.parametrize(("raw", "option"), [(0, "unity"), (2, "capacitive"), (3, None), (0xFFFF, None)])
def test_an_option_has_a_name_or_none(raw: int, option: str | None) -> None:
    row = measure("power_factor_sector", STATE, values={0: "unity", 1: "inductive", 2: "capacitive"})
    assert value_of(row, {STATE: [raw]}) == option


def test_texts_dates_and_bits_are_values_as_they_are() -> None:
    text, date, bit = register(0, DataType.TEXT, words=2), register(2, DataType.DATE), register(4, DataType.BIT, bit=1)
    assert value_of(measure("name", text), {text: text_words(b"ABCD")}) == "ABCD"
    assert value_of(measure("since", date), {date: [0, 60]}) == datetime(2000, 1, 1, 0, 1)  # noqa: DTZ001
    assert value_of(measure("relay", bit), {bit: [2]}) == 1


ALL = measure("power", POWER, sign="sign", scale="ratio", valid_if=Condition(register="state", values=frozenset({0})))
ALL_PROFILE = profile([ALL, measure("voltage_l1", REST)], registers=REGISTERS, scales={"ratio": STEPS})
ALL_WORDS = {POWER: [0, 5], SIGN: [0], CT: [1], VT: [100], STATE: [0]}


def test_a_measure_needs_the_registers_it_refers_to() -> None:
    assert set(rows_of(ALL_PROFILE, ["power"])) == set(ALL_WORDS)
    assert set(rows_of(ALL_PROFILE, ["power", "voltage_l1"])) == {*ALL_WORDS, REST}
    assert evaluate(ALL_PROFILE, ALL, read(ALL_WORDS)) == 5.0


@pytest.mark.parametrize("missing", list(ALL_WORDS))
def test_a_register_that_was_not_read_leaves_no_guess(missing: Register) -> None:
    words = {row: read for row, read in ALL_WORDS.items() if row != missing}
    with pytest.raises(NotReadError):
        evaluate(ALL_PROFILE, ALL, read(words))


CATALOG = Catalog.load(None)


@pytest.mark.parametrize(
    "built_in", [CATALOG.profiles[key] for key in sorted(CATALOG.profiles)], ids=lambda row: row.id
)
@pytest.mark.parametrize("word", [0, 1, 0x7FFF, 0xFFFF])
def test_whatever_a_device_answers_every_measure_of_every_map_has_a_value_or_none(built_in: Profile, word: int) -> None:
    maps = [built_in] if built_in.inputs is None else [built_in, built_in.at_position(1)]
    for row in maps:
        keys = list(row.measures)
        words = {register: [word] * register.words for register in rows_of(row, keys)}
        for key in keys:
            value = evaluate(row, row.measures[key], words.get)
            assert value is None or isinstance(value, Index | float | int | str | datetime)
            assert not isinstance(value, Index) or value.value >= 0
