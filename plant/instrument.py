"""Things on the bus that can tell a value: the protocol, and everything that is no electrical meter (``meter``).

Counting quantities are exact ``Decimal`` numbers in millionths of the base unit, others ``float`` in the base unit,
enumerations a word, and None what the thing cannot know.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from .electrical import MICRO

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

type Value = Decimal | float | str | None


class Source(Protocol):
    """Anything that can tell the value of a quantity."""

    def value(self, key: str) -> Value:
        """Return the present value of a quantity, None where it has none."""


def counted(amount: int) -> Decimal:
    """Return mW x ms (or mL/h x ms) as Wh (or L), cut to millionths."""
    return Decimal(amount // MICRO).scaleb(-6)


class PulseInput:
    """A counter on a pulse input: what passes, as pulses of a weight."""

    def __init__(self, count: Callable[[], int], *, key: str, weight: Decimal) -> None:
        """Connect a counter.

        ``count`` gives mW x ms or mL/h x ms, ``key`` is the quantity it counts (``energy_import`` or ``volume``),
        ``weight`` Wh or L per pulse.
        """
        self._count = count
        self._key = key
        self._weight = weight

    def value(self, key: str) -> Value:
        """Return the pulses, what they mean, or their weight."""
        pulses = counted(self._count()) // self._weight
        if key == "pulses":
            return pulses
        if key == self._key:
            return pulses * self._weight
        return float(self._weight) if key == "pulse_weight" else None


class Fixed:
    """Values that a scenario sets by hand, in front of another source."""

    def __init__(self, values: Mapping[str, Value], behind: Source) -> None:
        """Put these values in front."""
        self._values = values
        self._behind = behind

    def value(self, key: str) -> Value:
        """Return the fixed value, else that of the source behind."""
        return self._values[key] if key in self._values else self._behind.value(key)


class Unconnected:
    """An input with nothing on it: what counts stands at 0, the rest is unknown."""

    def value(self, key: str) -> Value:
        """Return 0 for a counter and None else."""
        return Decimal(0) if key in ("pulses", "energy_import", "volume") else None
