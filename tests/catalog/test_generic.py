"""The "Generic Modbus meter"."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.catalog import Catalog, DataType, Space, generic_profile

WORDS = {"u16": 1, "s16": 1, "u32": 2, "s32": 2, "u64": 4, "s64": 4, "f32": 2, "f64": 4}
GOOD: dict[str, Any] = {
    "function": 3,
    "address": 0x10,
    "words": 2,
    "factor": Decimal("0.1"),
    "type": "u32",
    "word_order": "big",
}


@given(
    function=st.sampled_from([3, 4]),
    address=st.integers(0, 0xFFFC),
    kind=st.sampled_from(sorted(WORDS)),
    factor=st.decimals(min_value="0.000001", max_value="1000000", places=6),
    order=st.sampled_from(["big", "little"]),
)
def test_one_register_is_the_imported_energy(
    function: int,
    address: int,
    kind: str,
    factor: Decimal,
    order: str,
) -> None:
    profile = generic_profile(function, address, WORDS[kind], factor, kind, order)
    assert list(profile.measures) == ["energy_import"]
    (part,) = profile.measures["energy_import"].parts
    assert (part.space.function, part.address, part.words, part.type) == (function, address, WORDS[kind], kind)
    assert (part.word_order, part.scale) == (order, factor * 1000)
    rolls_over = factor * 1000 * 2 ** (16 * WORDS[kind]) if kind.startswith("u") else None
    assert profile.measures["energy_import"].modulus == rolls_over


def test_the_catalogue_offers_it() -> None:
    profile = Catalog.generic(4, 1, 1, Decimal(1), DataType.U16)
    assert profile.measures["energy_import"].parts[0].space is Space.INPUT
    assert profile.measures["energy_import"].parts[0].word_order == "big"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"function": 2}, "neither 3 nor 4"),
        ({"function": 6}, "neither 3 nor 4"),
        ({"words": 1}, "u32 takes 2 words, not 1"),
        ({"type": "u16"}, "u16 takes 1 words, not 2"),
        ({"type": "text"}, "text is no number"),
        ({"type": "date"}, "date is no number"),
        ({"type": "bit", "words": 1}, "bit is no number"),
        ({"type": "u8"}, "'u8' is not a valid DataType"),
        ({"address": -1}, "address -1"),
        ({"address": 0xFFFF}, "not between 0 and 65534"),
        ({"factor": Decimal(0)}, "not above 0"),
        ({"factor": Decimal(-1)}, "not above 0"),
        ({"factor": Decimal("NaN")}, "not above 0"),
        ({"factor": Decimal("Infinity")}, "not above 0"),
        ({"word_order": "middle"}, "neither big nor little"),
    ],
)
def test_figures_that_no_register_can_have(changes: dict[str, Any], reason: str) -> None:
    assert generic_profile(**GOOD)
    with pytest.raises(ValueError, match=reason):
        generic_profile(**{**GOOD, **changes})
