"""Samples as bytes."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.archive.packing import layout, pack, unpack

singles = st.floats(width=32, allow_nan=False)
names = st.text(min_size=1, max_size=8)


@given(st.dictionaries(names, st.tuples(singles, singles, singles), max_size=40))
def test_what_was_packed_comes_out(values: dict[str, tuple[float, float, float]]) -> None:
    order = layout(values)
    packed = pack(order, values)
    assert len(packed) == 12 * len(values)
    assert unpack(order, packed) == values


@given(st.dictionaries(names, st.tuples(singles, singles, singles), max_size=9), st.sets(names))
def test_only_what_is_wanted_comes_out(values: dict[str, tuple[float, float, float]], wanted: set[str]) -> None:
    order = layout(values)
    assert unpack(order, pack(order, values), wanted) == {k: v for k, v in values.items() if k in wanted}


def test_what_is_too_large_becomes_the_largest() -> None:
    packed = pack(["power"], {"power": (1e300, -1e300, 1.5)})
    largest = struct.unpack("<f", b"\xff\xff\x7f\x7f")[0]
    assert unpack(["power"], packed) == {"power": (largest, -largest, 1.5)}
