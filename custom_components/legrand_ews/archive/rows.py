"""What goes into the archive and what comes out of it. Owns the shapes, not how they are stored.

Times are POSIX seconds. Amounts are whole Wh of electricity, whole dm3 of gas and water.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Context, Decimal, Inexact
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

type Quantity = Literal["energy_import", "energy_export", "volume"]
type Commodity = Literal["electricity", "gas", "water"]
type Scope = Literal["device", "load", "group", "total"]
type Period = Literal["hour", "day", "month", "year"]
type Kind = Literal["intervals", "samples", "alarms", "hours", "sessions"]
"""What is kept for a time of its own; days and months stay for ever."""
type CostSpan = Literal["today", "month", "year", "ever"]
type Triple = tuple[float, float, float]
"""Average, minimum, maximum."""

UNITS: Final[dict[Commodity, str]] = {"electricity": "Wh", "gas": "dm3", "water": "dm3"}
"""Of amounts."""

CONSUMED: Final[tuple[Quantity, ...]] = ("energy_import", "volume")
"""What loads, groups and totals are made of; the rest is kept by device only."""
_DIGITS: Final = 3
"""Of a kWh in Wh, of a m3 in dm3: prices are of the larger units."""
_EXACT: Final = Context(prec=1000, traps=[Inexact])
"""For more digits than any amount and price have."""
LONGEST: Final = 86400
"""No interval is longer, s."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RateRow:
    """What a kWh or a m3 cost."""

    tariff: str
    name: str
    """Of the tariff, at that time."""
    price: Decimal
    """With tax."""
    currency: str
    """ISO 4217."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PartRow:
    """A part of an interval, up to the next one, at a rate; None: unpriced."""

    start: int
    amount: int
    rate: RateRow | None


@dataclass(frozen=True, kw_only=True, slots=True)
class IntervalRow:
    """What a device counted in an interval, with the load and the groups it had then.

    Device, quantity and start tell it from others: a second one is the same interval, handed in again.
    """

    device: str
    quantity: Quantity
    commodity: Commodity
    start: int
    seconds: int
    amount: int
    estimated: bool = False
    load: str | None = None
    groups: tuple[str, ...] = ()
    counted: bool = True
    """False: kept by device only, in no load, group or total."""
    level: int | None = None
    """What the counter stood at, at the end. Only the newest of a meter is kept, as its mark."""
    rate: RateRow | None = None
    """None: unpriced, or of several rates."""
    parts: tuple[PartRow, ...] = ()
    """Of an interval with several rates: two or more, from its start on, in order of time, that add up to it."""

    def __post_init__(self) -> None:
        """Refuse a time without length, one that no sample rate makes, and parts that are not of it."""
        if not 0 < self.seconds <= LONGEST:
            raise ValueError(f"a row of {self.seconds} s")
        if self.parts:
            self._check_parts()

    @property
    def pieces(self) -> tuple[tuple[RateRow | None, int], ...]:
        """What it is made of: amounts, each at a rate."""
        return tuple((part.rate, part.amount) for part in self.parts) or ((self.rate, self.amount),)

    def _check_parts(self) -> None:
        """Refuse parts that do not make the interval."""
        starts = [part.start for part in self.parts]
        in_order = starts[0] == self.start and all(one < other for one, other in pairwise(starts))
        whole = sum(part.amount for part in self.parts) == self.amount
        if self.rate or len(starts) == 1 or not in_order or starts[-1] >= self.start + self.seconds or not whole:
            raise ValueError("parts that do not make the interval")


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleRow:
    """What a device measured in a time, by the names of the quantities; stored as floats of 32 bits."""

    device: str
    start: int
    seconds: int
    values: Mapping[str, Triple]

    def __post_init__(self) -> None:
        """Refuse a time without length."""
        if self.seconds <= 0:
            raise ValueError(f"a row of {self.seconds} s")


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmRow:
    """An entry of the journal; the last one with an id is what stays."""

    id: int
    at: float
    data: Mapping[str, Any]
    """JSON."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionPart:
    """What a car got at a rate; None: unpriced."""

    rate: RateRow | None
    amount: int
    """Wh."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionBreak:
    """A time in a session in which the car was not charged."""

    at: int
    seconds: int
    reason: str
    values: Mapping[str, Any] = field(default_factory=dict)
    """What the reason speaks of; JSON."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionRow:
    """A car at a charging station, from its coming to its leaving; the last one with an id is what stays."""

    id: str
    station: str
    name: str
    """Of the station, at that time."""
    start: int
    end: int | None
    """None: the car is still there."""
    energy: int | None
    """Wh; None: not counted."""
    charge: int | None
    """mAh; None: not counted."""
    card: str | None = None
    priority: bool = False
    parts: tuple[SessionPart, ...] = ()
    """They add up to the energy; none: all of it is unpriced."""
    breaks: tuple[SessionBreak, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an end before the start, and parts that are not of the energy."""
        if self.end is not None and self.end < self.start:
            raise ValueError("a session that ends before it begins")
        if self.parts and sum(part.amount for part in self.parts) != self.energy:
            raise ValueError("parts that do not make the session")

    @property
    def pieces(self) -> tuple[tuple[RateRow | None, int], ...]:
        """What the energy is made of: amounts, each at a rate; nothing if it was not counted."""
        unpriced = () if self.energy is None else ((None, self.energy),)
        return tuple((part.rate, part.amount) for part in self.parts) or unpriced


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionSum:
    """What a station did in a time; what was not counted is not in it."""

    station: str
    name: str
    """The newest."""
    count: int
    """Sessions."""
    energy: int
    """Wh."""
    charge: int
    """mAh."""
    parts: tuple[SessionPart, ...]
    """The energy by rate."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsumptionRow:
    """A bar of a histogram; ``key`` is the device, load or group, None for no load and for a total."""

    key: str | None
    quantity: str
    commodity: str
    start: int
    """First instant of the local hour, day, month or year."""
    amount: int
    estimated: int
    """The part of the amount that was spread over a gap."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BookedRow:
    """What was consumed at a place in a local day or month, as loads, groups and totals add it up."""

    commodity: Commodity
    load: str | None
    groups: tuple[str, ...]
    start: int
    """First instant of the day or the month."""
    amount: int
    span: Literal["day", "month"]


def cost_of(amount: int, rate: RateRow | None) -> Decimal | None:
    """Return what an amount costs at a rate, exactly; None if it is unpriced."""
    return None if rate is None else _EXACT.scaleb(_EXACT.multiply(Decimal(amount), rate.price), -_DIGITS)


@dataclass(frozen=True, kw_only=True, slots=True)
class CostRow:
    """What was consumed at a rate in a bar of a histogram; ``key`` as in ``ConsumptionRow``."""

    key: str | None
    quantity: str
    commodity: str
    start: int
    """First instant of the local hour, day, month or year."""
    rate: RateRow | None
    """None: unpriced."""
    amount: int

    @property
    def cost(self) -> Decimal | None:
        """Exact; of what was fed back, the credit."""
        return cost_of(self.amount, self.rate)


@dataclass(frozen=True, kw_only=True, slots=True)
class CostSum:
    """What a meter counted at a place and a rate, in a span of the calendar or ever."""

    device: str
    quantity: str
    commodity: Commodity
    load: str | None
    groups: tuple[str, ...]
    counted: bool
    rate: RateRow | None
    amount: int
    span: CostSpan | None = None
    """Today; this month, year before that; ever before. None: up to a time that was asked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HourCost:
    """What a meter counted at a place and a rate in an hour; negative: that it is at that rate no longer."""

    device: str
    quantity: str
    commodity: Commodity
    load: str | None
    groups: tuple[str, ...]
    counted: bool
    rate: RateRow | None
    amount: int
    start: int
    """First instant of the local hour."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChargeRow:
    """What a fixed charge is for a day."""

    day: int
    """First instant of the local day."""
    commodity: Commodity
    charge: str
    name: str
    cost: Decimal
    currency: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """Rows that are written together."""

    intervals: tuple[IntervalRow, ...] = ()
    samples: tuple[SampleRow, ...] = ()
    alarms: tuple[AlarmRow, ...] = ()
    sessions: tuple[SessionRow, ...] = ()

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.intervals) + len(self.samples) + len(self.alarms) + len(self.sessions)


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveInfo:
    """How an archive is. Rows are those of the site, the size is that of the whole database."""

    engine: str
    schema_version: int
    size: int
    """Bytes."""
    intervals: int
    samples: int
    alarms: int
    last_interval: int | None
    """End of the latest interval."""
    kept_since: int | None
    """Intervals before it were deleted."""
    sessions: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class WriterStatus:
    """How writing goes. Queued and dropped are rows."""

    queued: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    """By kind, since the start."""
    last_write: float | None = None
    error: str | None = None
    """Why rows wait; None if all is well."""
