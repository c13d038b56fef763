"""What a register map says of telling a charging station what a car may draw.

This module owns the shape of these rows. It does not read files (``build_charging``), nor speak to stations (``bus``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .profile import Register
    from .state import Write

LIMIT: Final = "charging_limit"
"""Key by which the limit is read back, A; 0.0: not authorised."""

LEAST_CURRENT: Final = 6.0
"""The least current that a pilot can tell, A (IEC 61851-1)."""


@dataclass(frozen=True, kw_only=True)
class Charging:
    """How a station is told its limit, and that a car may charge at all."""

    limit: Register | None = None
    """Holds the limit in A; None where the station can only be told to charge or not."""
    single: bool = False
    """The limit is written with function 6, in place of 16."""
    minimum: float = LEAST_CURRENT
    """The least limit other than none, A."""
    maximum: float = math.inf
    """The greatest limit, A; infinite where the map does not say."""
    off: int | None = None
    """The raw number of ``limit`` that means "not authorised"."""
    allow: tuple[Write, ...] = ()
    """Sent in this order, after the limit, so that a car may charge."""
    forbid: tuple[Write, ...] = ()
    """Sent in this order so that it may not."""
    refresh: float | None = None
    """The station forgets its limit unless it is told again that often, s."""
