"""Samples as bytes: average, minimum and maximum of each quantity, floats of 32 bits, in the order of a layout."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .rows import Triple

_LARGEST: Final = 3.4028234663852886e38


def layout(values: Mapping[str, Triple]) -> tuple[str, ...]:
    """Return the names in the order in which they are packed."""
    return tuple(sorted(values))


def pack(names: Sequence[str], values: Mapping[str, Triple]) -> bytes:
    """Return 12 bytes for each name; what no float of 32 bits can hold becomes the largest of its sign."""
    flat = [number for name in names for number in values[name]]
    try:
        return struct.pack(f"<{len(flat)}f", *flat)
    except OverflowError:
        return struct.pack(f"<{len(flat)}f", *(max(-_LARGEST, min(_LARGEST, number)) for number in flat))


def unpack(names: Sequence[str], packed: bytes, wanted: Iterable[str] | None = None) -> dict[str, Triple]:
    """Return what was packed; ``wanted``: only these, all if None."""
    numbers = struct.unpack(f"<{3 * len(names)}f", packed)
    keep = None if wanted is None else frozenset(wanted)
    return {
        name: (numbers[3 * at], numbers[3 * at + 1], numbers[3 * at + 2])
        for at, name in enumerate(names)
        if keep is None or name in keep
    }
