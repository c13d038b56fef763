"""The registers of a map: from the fields of one row to a ``Register``, and where it may lie.

This module owns types, widths, units and addresses of single registers. What rows mean to each other is ``build``'s.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from .profile import DataType, ReadRules, Register, Space
from .quantity import BASE_UNITS, UNIT_FACTORS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .schema import Problem
    from .yaml_file import Place

type Rules = Iterable[tuple[bool, str, str]]
"""Whether a rule is broken, in which field, and why."""

ONE: Final = Decimal(1)
WHOLE: Final = frozenset(
    {DataType.U16, DataType.S16, DataType.U32, DataType.S32, DataType.U64, DataType.S64, DataType.BIT},
)
"""Types that hold a whole number."""
NUMERIC: Final = WHOLE | {DataType.F32, DataType.F64}
"""Types that hold a number."""

_ADDRESSES: Final = 0x10000
_BYTES_PER_WORD: Final = 2
_BIT_SPACES: Final = frozenset({Space.COIL, Space.DISCRETE})
_UNSCALED: Final = frozenset({DataType.TEXT, DataType.DATE, DataType.BIT})
_WITHOUT_MARKERS: Final = frozenset({DataType.TEXT, DataType.BIT})


def unit_factor(unit: str, base: str | None) -> Decimal | None:
    """Return what turns a unit into its base unit, None where that is another one.

    ``base`` None: any known unit will do.
    """
    if unit == base or (base is None and unit in BASE_UNITS.values()):
        return ONE
    known = UNIT_FACTORS.get(unit)
    return known[1] if known and base in (None, known[0]) else None


class Rows:
    """Reads rows by the rules of one map and collects what is wrong with them."""

    def __init__(self, read: Mapping[str, Any], stride: int | None = None) -> None:
        """Take the checked fields of the map's ``read`` section; ``stride`` as in ``Profile``."""
        self.problems: list[Problem] = []
        self._sides = {"": 0} if stride is None else {"": 0, "right side: ": stride}
        """What lies where, by how errors name it."""
        self._function: int = read.get("function", 3)
        self.word_order: str = read.get("word_order", "big")
        self._invalid: list[int] = read.get("invalid", [])
        self.rules = ReadRules(
            max_words=read.get("max_words", ReadRules.max_words),
            groups=tuple(
                (Space.from_function(group.get("function", self._function)), group["start"], group["words"])
                for group in read.get("groups", [])
            ),
            byte_addresses=read.get("addresses") == "byte",
        )
        for index, (space, start, words) in enumerate(self.rules.groups):
            if start + words * self._step(space) > _ADDRESSES:
                self.note(("read", "groups", index, "words"), f"the group ends behind address {_ADDRESSES - 1}")

    def note(self, place: Place, reason: str) -> None:
        """Remember a problem."""
        self.problems.append((place, reason))

    def apply(self, place: Place, rules: Rules) -> None:
        """Remember each rule that is broken at a place."""
        for broken, field, reason in rules:
            if broken:
                self.note((*place, field), reason)

    def polled(self, row: Mapping[str, Any], place: Place, factor: Decimal = ONE, count: int = 1) -> Register:
        """Return a register that polls read: it, and each of ``count`` repetitions, must lie where reads may go.

        So must those of the right side. ``factor`` turns the unit of the row into the base unit.
        """
        register = self.single(row, place, factor)
        for index, (side, offset) in product(range(count), self._sides.items()):
            reason = self._misplaced(register.moved(row.get("stride", 0) * index + offset))
            if reason:
                self.note((*place, "address"), side + (f"input {index + 1}: {reason}" if count > 1 else reason))
                break
        return register

    def single(self, row: Mapping[str, Any], place: Place, factor: Decimal = ONE) -> Register:
        """Return a register, wherever it lies; ``factor`` as in ``polled``."""
        kind = DataType(row.get("type", DataType.U16))
        words = kind.words or row.get("words", 1)
        space = Space.from_function(row.get("function", self._function))
        for field, reason in self._misfits(row, kind, space, words):
            self.note((*place, field), reason)
        invalid = row.get("invalid", [value for value in self._invalid if _width(value) == words])
        return Register(
            address=row["address"],
            type=kind,
            words=words,
            space=space,
            word_order=row.get("word_order", self.word_order),
            scale=row.get("scale", ONE) * factor,
            bit=row.get("bit"),
            invalid=frozenset() if kind in _WITHOUT_MARKERS else frozenset(invalid),
            slow=row.get("slow", False),
        )

    def written(self, space: Space, address: int, words: int, place: Place) -> None:
        """Check where a write goes, which need not be where reads may go; ``words`` are coils there."""
        for side, offset in self._sides.items():
            start, end = address + offset, address + offset + words * self._step(space)
            if end > _ADDRESSES:
                self.note(place, f"{side}{start} to {end - 1} goes beyond address {_ADDRESSES - 1}")
                break

    def _misfits(self, row: Mapping[str, Any], kind: DataType, space: Space, words: int) -> list[tuple[str, str]]:
        """Return field and reason of what does not fit the type of a row."""
        is_bit, of_words = kind is DataType.BIT, space not in _BIT_SPACES
        too_wide = [value for value in row.get("invalid", ()) if value >= 1 << 16 * words]
        rules = (
            (not of_words and not is_bit, "type", f"function {space.function} reads bits: the type must be bit"),
            (is_bit and of_words and "bit" not in row, "bit", "is missing: which bit of the word, 0 to 15"),
            (is_bit and not of_words and "bit" in row, "bit", f"function {space.function} reads single bits"),
            (not is_bit and "bit" in row, "bit", f"only a row of type bit has one, this is {kind}"),
            (kind is DataType.TEXT and "words" not in row, "words", "is missing: how many words the text takes"),
            (words != row.get("words", words), "words", f"{kind} takes {words}, not {row.get('words')}"),
            (words > self.rules.max_words, "type", f"takes {words} words, one read at most {self.rules.max_words}"),
            (kind in _UNSCALED and "scale" in row, "scale", f"{kind} cannot be scaled"),
            (kind in _UNSCALED and "unit" in row, "unit", f"{kind} has no unit"),
            (kind in _WITHOUT_MARKERS and "invalid" in row, "invalid", f"{kind} has no such values"),
            (bool(too_wide), "invalid", f"{kind} cannot hold {', '.join(map(str, too_wide))}"),
        )
        return [(field, reason) for broken, field, reason in rules if broken]

    def _step(self, space: Space) -> int:
        """Return the addresses per word, or per bit."""
        return _BYTES_PER_WORD if self.rules.byte_addresses and space not in _BIT_SPACES else 1

    def _misplaced(self, register: Register) -> str | None:
        """Return why a register cannot be read where it is, None where it can."""
        step = self._step(register.space)
        start, end = register.address, register.address + register.words * step
        if end > _ADDRESSES:
            return f"{start} to {end - 1} goes beyond address {_ADDRESSES - 1}"
        if not self.rules.groups:
            return None
        groups = [(first, first + words * step) for space, first, words in self.rules.groups if space is register.space]
        holding = [first for first, last in groups if first <= start and end <= last]
        if not holding:
            return f"{start} to {end - 1} is in none of the groups of function {register.space.function}"
        if all((start - first) % step for first in holding):
            return f"{start} is not the start of a word in its group"
        return None


def _width(value: int) -> int:
    """Return the words of the smallest number that holds an unsigned value: 1, 2 or 4."""
    return next(words for words in (1, 2, 4) if value < 1 << 16 * words)
