"""A device's memory: which value sits at which address, and what a read returns.

This module owns addresses, groups and what is refused. Words are made by ``encode``, on demand: a read encodes only the
rows it touches, and only once per state of the installation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Final

from custom_components.legrand_ews.catalog.profile import DataType, Space
from custom_components.legrand_ews.catalog.quantity import QUANTITIES

from .controls import charging_rows, command_rows, control_rows
from .encode import absent_words, default_raw, measure_words, raw_in, scale_factor, text_words, words_of
from .mechanism import Mechanism
from .row import ILLEGAL_ADDRESS, ILLEGAL_FUNCTION, ILLEGAL_VALUE, Refused, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from custom_components.legrand_ews.catalog.profile import Condition, Measure, Profile, Register, Scale

    from .instrument import Source, Value
    from .row import Words
    from .station import Station

MOST_WORDS: Final = 125
MOST_BITS: Final = 2000
MOST_PLANS: Final = 1000
"""Different reads that are remembered; a poll has a few."""
BIT_SPACES: Final = frozenset({Space.COIL, Space.DISCRETE})


@dataclass(kw_only=True)
class Section:
    """One map with the thing it describes; a concentrator has one for each input."""

    profile: Profile
    source: Source
    raw: dict[str, int] = field(default_factory=dict)
    """What the named registers hold, except signs; those nobody set get defaults."""
    serial: int = 1
    offsets: dict[str, Decimal] = field(default_factory=dict)
    """Added to an index: after a reset, or before a rollover."""
    states: Mapping[str, str] = field(default_factory=dict)
    """How things stand at the start, where not at rest."""
    settings: Mapping[str, str | float] = field(default_factory=dict)
    """Words and seconds at the start."""
    place: str | None = None
    """The place in the tree behind the device's breaker or contactor."""
    side: str | None = None
    """Of a station that has both sides at one address."""
    station: Station | None = None
    """What charges cars, where something does."""
    mechanism: Mechanism = field(default_factory=Mechanism)
    """What moves; the unit gives all sections its own, or that of their side."""

    def __post_init__(self) -> None:
        """Fill in the named registers that nobody set."""
        profile = self.profile
        measures = list(profile.measures.values())
        scales = list(profile.scales.values())
        for name, register in profile.registers.items():
            conditions = [row.valid_if.values for row in measures if row.valid_if and row.valid_if.register == name]
            raw = self._shown(register)
            if raw is None or any(raw not in values for values in conditions) or name in _scaling(scales):
                raw = default_raw(name, register, scales, conditions)
            self.raw.setdefault(name, raw)
        self._signs = {row.sign: row for row in reversed(measures) if row.sign is not None}
        self._factors: dict[str | None, Decimal | None] = {None: Decimal(1)}
        self._weigh()
        self.mechanism.fit(profile)

    def _weigh(self) -> None:
        """Work out the factors of the scales."""
        profile = self.profile
        self._factors |= {name: scale_factor(row, self.raw, profile.registers) for name, row in profile.scales.items()}

    def _shown(self, register: Register) -> int | None:
        """Return what a measure in the very same word shows, None where there is none."""
        for measure in self.profile.measures.values():
            first = measure.parts[0]
            if (first.space, first.address, first.type) == (register.space, register.address, register.type):
                value = self.source.value(measure.key)
                words = () if value is None else measure_words(measure, value, Decimal(1))[0]
                return words[0] if len(words) == 1 else None
        return None

    def value(self, key: str) -> Value:
        """Return a value with its index moved."""
        value = self.source.value(key)
        return value + self.offsets[key] if isinstance(value, Decimal) and key in self.offsets else value

    def factor(self, measure: Measure) -> Decimal | None:
        """Return what the measure's scale gives; 1 without a scale, None where it gives none."""
        return self._factors[measure.scale]

    def rows(self) -> Iterator[Row]:
        """Yield what takes up addresses, first what comes first where two share one."""
        for probe in self.profile.probes:
            yield _fixed("probe", probe.register, probe.equals, (probe.starts_with or "").upper())
        yield from control_rows(self.profile, self.mechanism, self.met, self.raw)
        if self.station is not None and self.profile.charging is not None:
            yield from charging_rows(self.profile.charging, self.station)
        for name, register in self.profile.registers.items():
            yield Row(
                name=name,
                parts=(register,),
                encode=partial(self._named, name),
                writable=name not in self._signs,
                take=partial(self._take, name),
            )
        numbers = {"serial": self.serial, "firmware": 100, "product": 1}
        for name, register in self.profile.identity.items():
            yield _fixed(name, register, numbers.get(name, 0), f"PLANT {self.serial}")
        for measure in sorted(self.profile.measures.values(), key=lambda measure: not self.holds(measure)):
            quantity = QUANTITIES.get(measure.key)
            yield Row(
                name=measure.key,
                parts=measure.parts,
                encode=partial(self._measured, measure),
                writable=quantity is None or quantity.diagnostic,
            )
        yield from command_rows(self.profile)

    def holds(self, measure: Measure) -> bool:
        """Return True where the condition of a measure is met."""
        return self.met(measure.valid_if)

    def met(self, condition: Condition | None) -> bool:
        """Return True where a condition is met, or there is none."""
        return (
            condition is None or condition.register in self._signs or self.raw[condition.register] in condition.values
        )

    def _take(self, name: str, parts: list[Words]) -> None:
        """Let a named register hold what was written."""
        self.raw[name] = raw_in(self.profile.registers[name], parts[0])
        self._weigh()

    def _named(self, name: str) -> list[tuple[int, ...]]:
        """Return the words of a named register."""
        raw = int(self._negative(name)) if name in self._signs else self.raw[name]
        return [words_of(self.profile.registers[name], raw)]

    def _negative(self, sign: str) -> bool:
        """Return True where the value that a sign register belongs to is below 0."""
        value = self.value(self._signs[sign].key)
        return isinstance(value, float) and value < 0

    def _measured(self, measure: Measure) -> list[tuple[int, ...]]:
        """Return the words of a measure, those of "no value" where its condition does not hold."""
        factor = self.factor(measure)
        value = self.value(measure.key) if self.holds(measure) and factor is not None else None
        if measure.sign is not None and isinstance(value, float) and (value < 0) != self._negative(measure.sign):
            value = 0.0
        return measure_words(measure, value, factor or Decimal(1))


def _scaling(scales: Iterable[Scale]) -> set[str]:
    """Return the names of registers that scales use."""
    return {name for scale in scales for name in scale.registers}


def _fixed(name: str, register: Register, number: int | None, text: str) -> Row:
    """Return a row that always says the same."""
    if register.type is DataType.TEXT:
        words = text_words(register, text)
    else:
        words = absent_words(register) if number is None else words_of(register, number)
    return Row(name=name, parts=(register,), encode=lambda: [words], writable=False)


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """How to answer one read: for each word the rows it is made of, with their part and word."""

    rows: tuple[int, ...]
    words: tuple[tuple[tuple[int, int, int], ...], ...]


class Image:
    """The memory of one unit: one or more sections."""

    def __init__(self, sections: Iterable[Section]) -> None:
        """Lay out the rows of all sections."""
        self.sections = list(sections)
        self.rows: list[Row] = []
        self._cells: dict[tuple[Space, int], list[tuple[int, int, int]]] = {}
        self._groups: list[tuple[Space, int, int, int]] = []
        self._steps: dict[Space, int] = {}
        self._most = min((section.profile.read.max_words for section in self.sections), default=MOST_WORDS)
        self._plans: dict[tuple[Space, int, int], _Plan] = {}
        self._encoded: dict[int, list[tuple[int, ...]]] = {}
        self._answers: dict[tuple[Space, int, int], list[int]] = {}
        self._version: object = None
        self._written: dict[tuple[Space, int], int] = {}
        for section in self.sections:
            self._lay_out(section)

    def _lay_out(self, section: Section) -> None:
        """Give the rows of a section their addresses; rows that came before keep theirs."""
        rules = section.profile.read
        for space, start, words in rules.groups:
            step = self._step(space, byte_addresses=rules.byte_addresses)
            self._groups.append((space, start, start + words * step, step))
        for row in section.rows():
            place = len(self.rows)
            self.rows.append(row)
            for part, register in enumerate(row.parts):
                step = self._step(register.space, byte_addresses=rules.byte_addresses)
                is_bit = register.type is DataType.BIT and register.space not in BIT_SPACES
                for word in range(register.words):
                    cell = self._cells.setdefault((register.space, register.address + word * step), [])
                    shared = cell and is_bit and self.rows[cell[0][0]].parts[cell[0][1]].type is DataType.BIT
                    if not cell or shared:
                        cell.append((place, part, word))

    def _step(self, space: Space, *, byte_addresses: bool) -> int:
        """Return how far apart two neighbouring words are, and remember it for reads of this space."""
        step = 2 if byte_addresses and space not in BIT_SPACES else 1
        return self._steps.setdefault(space, step)

    def read(self, space: Space, address: int, count: int, version: object) -> list[int]:
        """Return words (or bits) from an address on.

        ``version`` is any value that differs when values may have changed. Raises ``Refused``.
        """
        if version != self._version:
            self._version = version
            self._encoded.clear()
            self._answers.clear()
        key = (space, address, count)
        if (answer := self._answers.get(key)) is None:
            if len(self._plans) > MOST_PLANS:
                self._plans.clear()
                self._answers.clear()
            plan = self._plans.get(key) or self._plans.setdefault(key, self._plan(space, address, count))
            answer = self._answers[key] = self._gather(plan)
        answer = list(answer)
        if self._written:
            step = self._steps.get(space, 1)
            for place in range(count):
                answer[place] = self._written.get((space, address + place * step), answer[place])
        return answer

    def write(self, space: Space, address: int, values: list[int], *, single: bool | None = None) -> None:
        """Hand written words (or bits) to their rows; what no row takes stays until written again.

        ``single``: they came with function 5 or 6; None: nobody minds. Raises ``Refused``.
        """
        plan = self._plan(space, address, len(values))
        rows = {place: self.rows[place] for place in plan.rows}
        if not all(row.writable for row in rows.values()):
            raise Refused(ILLEGAL_ADDRESS)
        if single is not None and any(row.single is (not single) for row in rows.values()):
            raise Refused(ILLEGAL_FUNCTION)
        taken = {place: (row.take, [list(words) for words in row.encode()]) for place, row in rows.items() if row.take}
        step = self._steps.get(space, 1)
        for place, (cell, value) in enumerate(zip(plan.words, values, strict=True)):
            takers = [(row, part, word) for row, part, word in cell if row in taken]
            for row, part, word in takers:
                taken[row][1][part][word] = value
            if not takers:
                self._written[space, address + place * step] = value
        for take, parts in taken.values():
            take([tuple(words) for words in parts])

    def freeze(self, version: object) -> None:
        """Encode every row as things are now, for all reads of this version."""
        self._encoded = {place: row.encode() for place, row in enumerate(self.rows)}
        self._answers.clear()
        self._version = version

    def _gather(self, plan: _Plan) -> list[int]:
        """Return the words of a plan, encoding what is not encoded yet."""
        encoded = self._encoded
        for row in plan.rows:
            if row not in encoded:
                encoded[row] = self.rows[row].encode()
        answer = []
        for cell in plan.words:
            word = 0
            for row, part, place in cell:
                word |= encoded[row][part][place]
            answer.append(word)
        return answer

    def _plan(self, space: Space, address: int, count: int) -> _Plan:
        """Work out a read, or refuse it as the device would."""
        if not 1 <= count <= (MOST_BITS if space in BIT_SPACES else min(self._most, MOST_WORDS)):
            raise Refused(ILLEGAL_VALUE)
        step = self._steps.get(space, 1)
        last = address + (count - 1) * step
        touched = [group for group in self._groups if group[0] is space and group[1] <= last and address < group[2]]
        inside = any(
            start <= address and last < end and (address - start) % pace == 0 for _, start, end, pace in touched
        )
        cells = [self._cells.get((space, address + place * step)) for place in range(count)]
        if not inside and (touched or None in cells):
            raise Refused(ILLEGAL_ADDRESS)
        words = tuple(tuple(cell or ()) for cell in cells)
        return _Plan(rows=tuple(dict.fromkeys(row for cell in words for row, _, _ in cell)), words=words)


def index_keys(profile: Profile) -> list[str]:
    """Return the quantities of a map that only grow."""
    return [key for key in profile.measures if key in QUANTITIES and QUANTITIES[key].kind.counts]
