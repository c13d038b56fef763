"""What an index tracker remembers, and how that is written down.

Owns the shapes and their way to JSON-able data and back. What to believe of a reading is the matter of ``index``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Context, Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

EXACT: Final = Context(prec=2000)
"""Wide enough that sums of anything a register can hold, doubles included, are never rounded."""

_LAYOUT: Final = 1
_LARGEST_EXPONENT: Final = 60

type Scale = tuple[Decimal | None, Decimal]
"""Modulus and resolution: the face of the counter."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """A reading in its place in time."""

    index: Decimal
    at: float
    """POSIX seconds, as the caller gave them."""
    clock: float
    """Seconds on the tracker's own clock, which never runs backwards."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Anchor(Point):
    """A believed reading: ``index + offset`` is the true total at that moment."""

    offset: Decimal

    @property
    def level(self) -> Decimal:
        """The total that this reading stands for, base unit."""
        return EXACT.add(self.index, self.offset)


@dataclass(frozen=True, kw_only=True, slots=True)
class Level:
    """Readings away from the believed ones that follow each other as a meter's would."""

    first: Point
    latest: Point
    """Newest time, highest index."""
    streak: int = 1
    """Readings since one that did not belong to it."""
    count: int = 1

    def extended(self, now: Point) -> Level:
        """Return the level with one more reading."""
        latest = replace(now, index=max(self.latest.index, now.index))
        return replace(self, latest=latest, streak=self.streak + 1, count=self.count + 1)

    def interrupted(self) -> Level:
        """Return the level after a reading that does not belong to it."""
        return replace(self, streak=0)


@dataclass(kw_only=True, slots=True)
class Memory:
    """All that one tracker knows; not frozen, because it changes with every reading."""

    total: Decimal
    """The highest total handed out."""
    last: Anchor
    before: Anchor | None = None
    """Where to go on from if ``last`` proves wrong."""
    levels: tuple[Level, ...] = ()
    rescaled: bool = False
    """The face of the counter was changed since ``last``."""
    at: float
    clock: float

    @property
    def strayed(self) -> bool:
        """True while the offset is new and the index has not moved since: the old one may still come back."""
        return self.before is not None and self.before.offset != self.last.offset


def dump(memory: Memory | None, scale: Scale) -> dict[str, Any]:
    """Write a memory down: text for decimals, numbers for seconds and counts, lists, None."""
    if memory is None:
        return {"layout": _LAYOUT}
    modulus, resolution = scale
    return {
        "layout": _LAYOUT,
        "modulus": None if modulus is None else str(modulus),
        "resolution": str(resolution),
        "total": str(memory.total),
        "last": _dump_anchor(memory.last),
        "before": None if memory.before is None else _dump_anchor(memory.before),
        "levels": [[_dump_point(one.first), _dump_point(one.latest), one.streak, one.count] for one in memory.levels],
        "rescaled": memory.rescaled,
        "at": memory.at,
        "clock": memory.clock,
    }


def load(data: Mapping[str, Any] | None, scale: Scale) -> Memory | None:
    """Read a memory back; None for nothing, for damaged data and for another layout."""
    try:
        return None if data is None else _load(data, scale)
    except ArithmeticError, AttributeError, LookupError, TypeError, ValueError:
        return None


def _load(data: Mapping[str, Any], scale: Scale) -> Memory:
    """Read a memory back; raises whatever damaged data leads to."""
    if data["layout"] != _LAYOUT:
        raise ValueError("another layout")
    modulus = data["modulus"]
    rescaled = scale != (None if modulus is None else _decimal(modulus), _decimal(data["resolution"]))
    before = data["before"]
    memory = Memory(
        total=_decimal(data["total"]),
        last=_load_anchor(data["last"]),
        before=None if before is None or rescaled else _load_anchor(before),
        levels=() if rescaled else tuple(_load_level(one) for one in data["levels"]),
        rescaled=rescaled or data["rescaled"] is True,
        at=_seconds(data["at"]),
        clock=_seconds(data["clock"]),
    )
    if memory.total < memory.last.level:
        raise ValueError("total behind its own meter")
    return memory


def _dump_point(point: Point) -> list[str | float]:
    """Write a point down."""
    return [str(point.index), point.at, point.clock]


def _dump_anchor(anchor: Anchor) -> list[str | float]:
    """Write an anchor down."""
    return [*_dump_point(anchor), str(anchor.offset)]


def _load_point(data: Sequence[Any]) -> Point:
    """Read a point back."""
    index, at, clock = data
    return Point(index=_decimal(index), at=_seconds(at), clock=_seconds(clock))


def _load_anchor(data: Sequence[Any]) -> Anchor:
    """Read an anchor back."""
    index, at, clock, offset = data
    return Anchor(index=_decimal(index), at=_seconds(at), clock=_seconds(clock), offset=_decimal(offset))


def _load_level(data: Sequence[Any]) -> Level:
    """Read a level back."""
    first, latest, streak, count = data
    return Level(first=_load_point(first), latest=_load_point(latest), streak=int(streak), count=int(count))


def _decimal(text: str) -> Decimal:
    """Read a quantity; ValueError unless it is finite text of a size that can be reckoned with."""
    if not isinstance(text, str):
        raise TypeError("a quantity is written as text")
    value = Decimal(text)
    if not value.is_finite() or value.adjusted() > _LARGEST_EXPONENT:
        raise ValueError("not a quantity")
    return value


def _seconds(number: float) -> float:
    """Read a time; ValueError unless it is finite."""
    if not isfinite(number):
        raise ValueError("not a time")
    return float(number)
