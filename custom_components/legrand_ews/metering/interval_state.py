"""What an interval maker remembers, and how that is written down.

Owns the shape and its way to JSON-able data and back. What becomes of a reading is the matter of ``interval``.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import floor
from typing import TYPE_CHECKING, Any, Final

from .grid import LAST_TIME

if TYPE_CHECKING:
    from collections.abc import Mapping

_LAYOUT: Final = 1
_LARGEST_EXPONENT: Final = 60
_LONGEST_OPEN: Final = 86400
"""Seconds: no period is near it, and a change of the period only doubles it."""


@dataclass(kw_only=True, slots=True)
class IntervalState:
    """The open interval and the newest reading; not frozen, because it changes with every reading."""

    start: int
    """POSIX seconds: where the open interval begins, and the last one that was handed out ends."""
    level: int
    """Whole units: the cut total at ``start``. What is above it is still to be handed out."""
    at: float
    """POSIX seconds, never before ``start``."""
    total: Decimal
    """The total at ``at``, base unit."""
    seen: bool
    """A reading came after ``start``."""
    doubtful: bool = False
    """What came since ``start`` is not all of that time, or was estimated by the caller."""


def dump(state: IntervalState | None) -> dict[str, Any]:
    """Write a state down: text for amounts of any size, numbers for times."""
    if state is None:
        return {"layout": _LAYOUT}
    return {
        "layout": _LAYOUT,
        "start": state.start,
        "level": str(state.level),
        "at": state.at,
        "total": str(state.total),
        "seen": state.seen,
        "doubtful": state.doubtful,
    }


def load(data: Mapping[str, Any] | None) -> IntervalState | None:
    """Read a state back; None for nothing, for damaged data and for another layout."""
    try:
        return None if data is None else _load(data)
    except ArithmeticError, AttributeError, LookupError, TypeError, ValueError:
        return None


def _load(data: Mapping[str, Any]) -> IntervalState:
    """Read a state back; raises whatever damaged data leads to."""
    if data["layout"] != _LAYOUT:
        raise ValueError("another layout")
    state = IntervalState(
        start=int(data["start"]),
        level=int(data["level"]),
        at=float(data["at"]),
        total=Decimal(data["total"]),
        seen=data["seen"] is True,
        doubtful=data["doubtful"] is True,
    )
    if not state.total.is_finite() or state.total.adjusted() > _LARGEST_EXPONENT:
        raise ValueError("not a quantity")
    if not 0 <= state.start <= state.at <= min(state.start + _LONGEST_OPEN, LAST_TIME):
        raise ValueError("a reading from without the open interval")
    if floor(state.total) < state.level:
        raise ValueError("more handed out than there was")
    return state
