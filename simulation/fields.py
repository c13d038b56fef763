"""Reading JSON that people write: each value with its place, so that an error says where it is.

This module owns checks of single values; which fields there are is their reader's matter.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

type Reader[T] = Callable[[Any, str], T]
"""Takes a value and its place; raises ``WorkloadError``."""

DAY: Final = 86400.0
MINUTE: Final = 60.0
PHASES: Final = 3
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_MISSING: Final = object()


class WorkloadError(ValueError):
    """What is wrong with a workload, and where: "groups[0].visits[0].need: a number is needed"."""

    def __init__(self, where: str, what: str) -> None:
        """Say both."""
        super().__init__(f"{where}: {what}" if where else what)


class Fields:
    """The fields of a JSON object, each taken once. Used as a context: at its end no unknown one may be left."""

    def __init__(self, value: Any, where: str) -> None:
        """Begin with an object."""
        if not isinstance(value, dict):
            raise WorkloadError(where, f"an object is needed, not {_shown(value)}")
        self._left = dict(value)
        self._where = where

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Refuse what nobody took."""
        if kind is None and self._left:
            raise WorkloadError(self.place(next(iter(self._left))), "there is no such field")

    def place(self, name: str) -> str:
        """Return where a field is."""
        return f"{self._where}.{name}" if self._where else name

    def __contains__(self, name: str) -> bool:
        """Tell whether a field is there and was not taken."""
        return name in self._left

    def take[T](self, name: str, read: Reader[T], default: Any = _MISSING) -> T:
        """Return a field as its reader has it, or the default where there is none."""
        if name in self._left:
            return read(self._left.pop(name), self.place(name))
        if default is _MISSING:
            raise WorkloadError(self.place(name), "is missing")
        found: T = default
        return found


@dataclass(frozen=True, kw_only=True)
class Spread:
    """A number that chance picks: normal where there is a deviation, else uniform around the middle."""

    middle: float
    half: float = 0.0
    """Half the width of the range."""
    deviation: float = 0.0

    def draw(self, random: Random) -> float:
        """Return a number."""
        if self.deviation:
            return random.gauss(self.middle, self.deviation)
        return random.uniform(self.middle - self.half, self.middle + self.half)


def _shown(value: Any) -> str:
    """Return a value, shortened, for an error."""
    text = repr(value)
    return text if len(text) < 40 else f"{text[:36]} ..."  # noqa: PLR2004


def number(least: float = -math.inf, most: float = math.inf) -> Reader[float]:
    """Return a reader of numbers within bounds."""

    def read(value: Any, where: str) -> float:
        """Read a number."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise WorkloadError(where, f"a number is needed, not {_shown(value)}")
        if not least <= value <= most:
            bounds = f"from {least:g}" + ("" if most == math.inf else f" to {most:g}")
            raise WorkloadError(where, f"a number {bounds} is needed, not {value:g}")
        return float(value)

    return read


def whole(least: int, most: int) -> Reader[int]:
    """Return a reader of whole numbers within bounds."""

    def read(value: Any, where: str) -> int:
        """Read a whole number."""
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise WorkloadError(where, f"a whole number from {least} to {most} is needed, not {_shown(value)}")
        return value

    return read


def word(value: Any, where: str) -> str:
    """Read a text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise WorkloadError(where, f"a text is needed, not {_shown(value)}")
    return value


def yes_or_no(value: Any, where: str) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise WorkloadError(where, f"true or false is needed, not {_shown(value)}")
    return value


def clock(value: Any, where: str) -> float:
    """Read a time of the day such as "08:15", s since midnight."""
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise WorkloadError(where, f'a time such as "08:15" is needed, not {_shown(value)}')
    return 3600.0 * int(found[1]) + MINUTE * int(found[2])


def clock_from(start: float) -> Reader[float]:
    """Return a reader of times at or after a start, s: earlier ones are of the next day."""

    def read(value: Any, where: str) -> float:
        """Read a time."""
        return start + (clock(value, where) - start) % DAY

    return read


def spread(read: Reader[float], unit: float = 1.0) -> Reader[Spread]:
    """Return a reader of one value, a range (from, to) or a normal distribution (mean, deviation in units)."""

    def read_spread(value: Any, where: str) -> Spread:
        """Read a spread."""
        if not isinstance(value, dict):
            return Spread(middle=read(value, where))
        with Fields(value, where) as fields:
            if "mean" in fields:
                deviation = unit * fields.take("deviation", number(0))
                return Spread(middle=fields.take("mean", read), deviation=deviation)
            low, high = fields.take("from", read), fields.take("to", read)
            if high < low:
                raise WorkloadError(where, "ends before it begins")
            return Spread(middle=(low + high) / 2, half=(high - low) / 2)

    return read_spread


def many[T](read: Reader[T], least: int = 1) -> Reader[tuple[T, ...]]:
    """Return a reader of lists."""

    def read_many(value: Any, where: str) -> tuple[T, ...]:
        """Read a list."""
        if not isinstance(value, list) or len(value) < least:
            raise WorkloadError(where, f"a list of {least} or more is needed, not {_shown(value)}")
        return tuple(read(one, f"{where}[{place}]") for place, one in enumerate(value))

    return read_many


def phases(value: Any, where: str) -> tuple[int, ...]:
    """Read phases such as [1, 2, 3] for L1 to L3; returned from 0 on."""
    found = many(whole(1, PHASES))(value, where)
    if len(set(found)) < len(found):
        raise WorkloadError(where, "a phase is named twice")
    return tuple(phase - 1 for phase in found)
