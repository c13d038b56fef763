"""What a register map says: where a device keeps its values and how to read them.

This module owns the shape of a map. It does not read files (``loader``), nor speak to devices (``bus``).
Addresses are wire addresses (PDU, zero based). Values are in the base unit of their quantity (``quantity``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from .charging import Charging
    from .state import Clock, Command, EmsLink, Setting, State, Verb

type WordOrder = Literal["big", "little"]
"""Which word of a value comes first: the high one ("big") or the low one."""


class Confidence(StrEnum):
    """How sure a register map, or its use for a model, is; best first."""

    MANUFACTURER = "manufacturer"
    THIRD_PARTY = "third_party"
    INFERRED = "inferred"
    NONE = "none"

    @property
    def rank(self) -> int:
        """0 for the best, 3 for none."""
        return list(Confidence).index(self)


class Space(StrEnum):
    """A Modbus address space, named after the function that reads it."""

    COIL = "coil"
    DISCRETE = "discrete"
    HOLDING = "holding"
    INPUT = "input"

    @property
    def function(self) -> int:
        """The function code that reads this space."""
        return {Space.COIL: 1, Space.DISCRETE: 2, Space.HOLDING: 3, Space.INPUT: 4}[self]

    @classmethod
    def from_function(cls, function: int) -> Space:
        """Return the space that a read function code (1 to 4) addresses."""
        return {1: cls.COIL, 2: cls.DISCRETE, 3: cls.HOLDING, 4: cls.INPUT}[function]


class DataType(StrEnum):
    """How the words of a register form a value."""

    U16 = "u16"
    S16 = "s16"
    U32 = "u32"
    S32 = "s32"
    U64 = "u64"
    S64 = "s64"
    F32 = "f32"
    F64 = "f64"
    TEXT = "text"
    DATE = "date"
    """Seconds since 2000-01-01 00:00, two words."""
    BIT = "bit"
    """One bit: of a word (``Register.bit``), or a coil or discrete input."""

    @property
    def words(self) -> int | None:
        """Registers the type spans; None where the register says it."""
        return _WORDS.get(self)

    @property
    def signed(self) -> bool:
        """True for the types that can be negative by themselves."""
        return self in _SIGNED


_WORDS = {
    DataType.U16: 1,
    DataType.S16: 1,
    DataType.U32: 2,
    DataType.S32: 2,
    DataType.U64: 4,
    DataType.S64: 4,
    DataType.F32: 2,
    DataType.F64: 4,
    DataType.DATE: 2,
    DataType.BIT: 1,
}
_SIGNED = {DataType.S16, DataType.S32, DataType.S64, DataType.F32, DataType.F64}


@dataclass(frozen=True, kw_only=True)
class Register:
    """One value on the wire. ``value = raw x scale``, in the base unit of its quantity."""

    address: int
    type: DataType = DataType.U16
    words: int = 1
    space: Space = Space.HOLDING
    word_order: WordOrder = "big"
    scale: Decimal = Decimal(1)
    bit: int | None = None
    invalid: frozenset[int] = frozenset()
    """Unsigned raw values that mean "no value"."""
    slow: bool = False
    """A setting: read at start and every few minutes, not at each poll."""

    @property
    def modulus(self) -> int | None:
        """Where a counter of this width rolls over, in raw units; None where it does not count."""
        return 1 << (16 * self.words) if self.type in (DataType.U16, DataType.U32, DataType.U64) else None

    @property
    def largest(self) -> int:
        """The largest raw number it can hold, unsigned."""
        return 1 if self.type is DataType.BIT else (1 << 16 * self.words) - 1

    def moved(self, offset: int) -> Register:
        """Return the same register ``offset`` addresses further on."""
        return replace(self, address=self.address + offset)


@dataclass(frozen=True, kw_only=True)
class Scale:
    """A factor read from the device: by steps of a product of registers, or by a code."""

    registers: tuple[str, ...]
    """Names of the registers multiplied with each other (steps), or the one that holds the code (values)."""
    steps: tuple[tuple[Decimal, Decimal], ...] = ()
    """``(limit, factor)``: the first factor whose limit is above the product; the last limit is infinite."""
    values: Mapping[int, Decimal] = field(default_factory=dict)
    """Factor by code. A code that is not listed makes the value unknown."""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A value is valid only while a register holds one of these numbers."""

    register: str
    values: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One quantity of a device: the sum of its parts, with sign, factor and validity applied."""

    key: str
    """Key of a quantity (``quantity.QUANTITIES``), or a name of the user's own."""
    parts: tuple[Register, ...]
    """More than one for kilo plus residual counters: the values add up."""
    scale: str | None = None
    """Name of a ``Scale`` that multiplies the value."""
    sign: str | None = None
    """Name of a register: 0 positive, 1 negative."""
    valid_if: Condition | None = None
    values: Mapping[int, str] = field(default_factory=dict)
    """Option keys by raw number, for enumerations."""
    modulus: Decimal | None = None
    """Where the counter rolls over, in the base unit and before ``scale``; None: not a counter."""
    name: str | None = None
    """Name to show, for a quantity of the user's own."""
    unit: str | None = None
    """Unit to show, for a quantity of the user's own."""

    def moved(self, strides: tuple[int, ...], index: int) -> Measure:
        """Return the measure of repetition ``index`` (0 based), each part moved by its own stride."""
        parts = tuple(part.moved(stride * index) for part, stride in zip(self.parts, strides, strict=True))
        return replace(self, parts=parts)


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """A block that repeats per pulse input (position 1 to ``count``)."""

    count: int
    measures: Mapping[str, Measure] = field(default_factory=dict)
    registers: Mapping[str, Register] = field(default_factory=dict)
    scales: Mapping[str, Scale] = field(default_factory=dict)
    strides: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Stride of each measure's parts and of each register, by its key."""


@dataclass(frozen=True, kw_only=True)
class ReadRules:
    """What a device tolerates in one read."""

    max_words: int = 32
    groups: tuple[tuple[Space, int, int], ...] = ()
    """``(space, start, words)``: a read stays inside one of these. Empty: neighbours merge freely."""
    byte_addresses: bool = False
    """True where addresses count bytes while counts are words: a word at n, the next at n + 2."""


@dataclass(frozen=True, kw_only=True)
class Probe:
    """A read that tells whether a device is of this kind."""

    register: Register
    equals: int | None = None
    starts_with: str | None = None
    """Lower case; compared with the lower-cased text."""


@dataclass(frozen=True, kw_only=True)
class Profile:
    """The register map of one kind of device."""

    id: str
    name: str
    source: str
    confidence: Confidence
    models: tuple[str, ...] = ()
    """Catalogue numbers this map claims, beside those whose model line names it."""
    read: ReadRules = ReadRules()
    probes: tuple[Probe, ...] = ()
    """All must hold for the device to be of this kind. Empty: cannot be told."""
    identity: Mapping[str, Register] = field(default_factory=dict)
    """``serial``, ``firmware``, ``product``: shown with the device."""
    registers: Mapping[str, Register] = field(default_factory=dict)
    """Values other rows refer to: ratios, signs, wiring."""
    scales: Mapping[str, Scale] = field(default_factory=dict)
    measures: Mapping[str, Measure] = field(default_factory=dict)
    inputs: Inputs | None = None
    states: Mapping[str, State] = field(default_factory=dict)
    """Read at the status poll time. No key is also one of ``measures``."""
    commands: Mapping[tuple[str, Verb], Command] = field(default_factory=dict)
    """By state and verb."""
    settings: Mapping[str, Setting] = field(default_factory=dict)
    """Of outputs."""
    clock: Clock | None = None
    links: Mapping[str, EmsLink] = field(default_factory=dict)
    """``link_1``, ``link_2``..."""
    charging: Charging | None = None
    """How a charging station is told what a car may draw."""
    stride: int | None = None
    """How much further the right side of a station lies where both have one Modbus address."""
    user: bool = False
    """True where a user's file made or changed it."""
    vouched: bool = False
    """True where a user answers for its commands: the map is his own, or he gave its commands or its models."""
    path: str = ""
    """The file it came from."""

    def at_position(self, position: int) -> Profile:
        """Return the map of one pulse input, 1 based; states and commands are those of the whole device.

        Raises ``ValueError`` where the device has no such input.
        """
        if self.inputs is None or not 1 <= position <= self.inputs.count:
            raise ValueError(f"{self.id} has no input {position}")
        index = position - 1
        measures = {key: row.moved(self.inputs.strides[key], index) for key, row in self.inputs.measures.items()}
        registers = {key: row.moved(self.inputs.strides[key][0] * index) for key, row in self.inputs.registers.items()}
        return replace(
            self,
            measures=measures,
            registers={**self.registers, **registers},
            scales={**self.scales, **self.inputs.scales},
            inputs=None,
            states={},
            commands={},
            settings={},
            clock=None,
            links={},
            charging=None,
        )

    def on_side(self, *, right: bool) -> Profile:
        """Return the map of one side of a charging station.

        The right one lies ``stride`` addresses further on: its registers, writes, clock and links. Where the map names
        no stride, each side has a Modbus address of its own and the map is the same.
        """
        if not right or self.stride is None:
            return self
        other: Profile = _moved(self, self.stride)
        return replace(other, probes=self.probes, stride=None)


def _moved(value: Any, offset: int) -> Any:
    """Return what is made of rows ``offset`` addresses further on; what has no address stays as it is."""
    if isinstance(value, tuple):
        return tuple(_moved(part, offset) for part in value)
    if isinstance(value, Mapping):
        return {key: _moved(part, offset) for key, part in value.items()}
    if not is_dataclass(value) or isinstance(value, type):
        return value
    parts = {part.name: _moved(getattr(value, part.name), offset) for part in fields(value)}
    if "address" in parts:
        parts["address"] += offset
    return replace(value, **parts)
