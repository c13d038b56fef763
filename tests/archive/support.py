"""What the tests of the archive share: rows, a plain model of what must come out, and a program that is killed."""

from __future__ import annotations

import os
import signal
from collections import Counter
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from itertools import count, pairwise
from random import Random
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from sqlalchemy import create_engine, event, text

from custom_components.legrand_ews.archive import (
    AlarmRow,
    Archive,
    ChargeRow,
    IntervalRow,
    PartRow,
    RateRow,
    SampleRow,
    SessionBreak,
    SessionPart,
    SessionRow,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from contextlib import ExitStack

    from custom_components.legrand_ews.archive.repricing import Price

ZONE: Final = "Europe/Paris"
ZONES: Final = (ZONE, "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns", "Africa/Cairo", "UTC")
START: Final = 1_767_222_000
"""New year's midnight of 2026 in Paris."""
SEASONS: Final = (
    (
        1_743_296_400,  # Paris, an hour forward
        1_743_865_200,  # Lord Howe, half an hour back
        1_745_532_000,  # Cairo, midnight does not exist
    ),
    (
        1_759_591_800,  # Lord Howe, half an hour forward
        1_761_440_400,  # Paris, an hour back
        1_761_858_000,  # Cairo, midnight is there twice
    ),
    (START,),
)
"""Days on which something is odd, few enough weeks apart that an archive is quickly read day by day."""
TURNS: Final = tuple(turn for turns in SEASONS for turn in turns)
_METERS: Final = (
    ("mains", "energy_import", "electricity"),
    ("mains", "energy_export", "electricity"),
    ("ovens", "energy_import", "electricity"),
    ("gas", "volume", "gas"),
    ("tap", "volume", "water"),
)
_SITES: Final = count(1)


def rate(price: str, tariff: str = "day", currency: str = "EUR", name: str | None = None) -> RateRow:
    """Return what a kWh costs."""
    return RateRow(tariff=tariff, name=name or tariff.title(), price=Decimal(price), currency=currency)


RATES: Final = (
    rate("0.2"),
    rate("0.23"),
    rate("0.123456", "night"),
    rate("-0.01", "night"),
    rate("0.2", "day", "CHF"),
    rate("0.2", "day", name="Jour"),
)


class Opener:
    """Opens archives in one database."""

    def __init__(self, url: str, stack: ExitStack) -> None:
        self.url = url
        self._stack = stack

    def __call__(self, *, site: str = "home", zone: str = ZONE, **more: Any) -> Archive:
        """Return an archive."""
        archive = Archive.open(self.url, site=site, zone=zone, **more)
        self._stack.callback(archive.close)
        return archive


def new_site() -> str:
    """Return a name that no site has yet."""
    return f"site {next(_SITES)}"


def interval(start: int = START, amount: int = 100, device: str = "mains", **more: Any) -> IntervalRow:
    """Return an interval of ten minutes."""
    given = {"quantity": "energy_import", "commodity": "electricity", "seconds": 600, **more}
    return IntervalRow(device=device, start=start, amount=amount, **given)


def sample(start: int = START, device: str = "mains", seconds: int = 600, **values: Any) -> SampleRow:
    """Return a sample of ten minutes; values are triples, or a number for all three."""
    values = values or {"voltage_1": 230.0}
    triples = {name: value if isinstance(value, tuple) else (value,) * 3 for name, value in values.items()}
    return SampleRow(device=device, start=start, seconds=seconds, values=triples)


def alarm(number: int, at: float = START, **data: Any) -> AlarmRow:
    """Return an entry of the journal."""
    return AlarmRow(id=number, at=at, data=data)


def session(
    key: str = "first", start: int = START, seconds: int | None = 3600, *pieces: tuple[RateRow | None, int], **more: Any
) -> SessionRow:
    """Return a charging session; None: it is open. Its energy is that of the pieces, each at a rate."""
    parts = tuple(SessionPart(rate=one, amount=amount) for one, amount in pieces)
    given = {
        "station": "bay",
        "name": "Bay 1",
        "energy": sum(part.amount for part in parts) if parts else 7000,
        "charge": 30_000,
        "parts": parts,
        **more,
    }
    return SessionRow(id=key, start=start, end=None if seconds is None else start + seconds, **given)


def charge(day: int, cost: str = "0.5", key: str = "meter", **more: Any) -> ChargeRow:
    """Return a fixed charge of a day."""
    given = {"commodity": "electricity", "name": "Meter", "currency": "EUR", **more}
    return ChargeRow(day=day, charge=key, cost=Decimal(cost), **given)


def parted(row: IntervalRow, cuts: Sequence[int], rates: Iterable[RateRow | None]) -> IntervalRow:
    """Return an interval with parts that begin so many seconds after it, of amounts that are all different."""
    starts = [row.start, *(row.start + cut for cut in cuts)]
    ends = [row.amount * (at + 1) ** 2 // len(starts) ** 2 for at in range(len(starts))]
    amounts = [end - begin for begin, end in pairwise([0, *ends])]
    given = zip(starts, amounts, rates, strict=False)
    parts = tuple(PartRow(start=start, amount=amount, rate=one) for start, amount, one in given)
    return replace(row, rate=None, parts=parts)


def priced(salt: int) -> Price:
    """Return prices that seem to be random and are the same each time."""

    def price(row: IntervalRow) -> tuple[RateRow | None, tuple[PartRow, ...]]:
        random = Random(f"{salt} {row.device} {row.quantity} {row.start}")  # noqa: S311 -- repeatable
        choice: RateRow | None = random.choice([None, *RATES])
        if random.randrange(4):
            return choice, ()
        cuts = sorted(random.sample(range(1, row.seconds), random.randrange(1, 4)))
        return None, parted(row, cuts, random.choices([None, *RATES], k=4)).parts

    return price


@st.composite
def intervals(draw: st.DrawFn, turns: Sequence[int]) -> IntervalRow:
    """Return an interval near one of some times."""
    device, quantity, commodity = draw(st.sampled_from(_METERS))
    return interval(
        draw(st.sampled_from(turns)) + 600 * draw(st.integers(-40, 40)),
        draw(st.integers(0, 5000)),
        device,
        quantity=quantity,
        commodity=commodity,
        estimated=draw(st.booleans()),
        load=draw(st.sampled_from([None, "heating", "sockets"])),
        groups=tuple(draw(st.sets(st.sampled_from(["east", "west"])))),
        counted=draw(st.integers(0, 3)) > 0,
        level=draw(st.none() | st.integers(0, 10**12)),
    )


@st.composite
def billed_intervals(draw: st.DrawFn, turns: Sequence[int]) -> IntervalRow:
    """Return the same at a rate, with parts, or unpriced."""
    row = replace(draw(intervals(turns)), rate=draw(st.sampled_from([None, *RATES])))
    cuts = draw(st.sampled_from([(), (), (), (), (300,), (1, 599)]))
    rates = st.lists(st.sampled_from([None, *RATES]), min_size=3, max_size=3)
    return parted(row, cuts, draw(rates)) if cuts else row


@st.composite
def sessions(draw: st.DrawFn) -> SessionRow:
    """Return a charging session that began in one of some hours; its id tells when."""
    start = START + 600 * draw(st.integers(-12, 12))
    pieces = draw(st.lists(st.tuples(st.sampled_from([None, *RATES]), st.integers(0, 9000)), max_size=3))
    breaks = draw(st.lists(st.builds(interruption, st.integers(0, 3600), st.integers(0, 600)), max_size=2))
    more = {} if pieces else {"energy": draw(st.none() | st.integers(0, 9000))}
    return session(
        str(start),
        start,
        draw(st.none() | st.integers(0, 9000)),
        *pieces,
        station=draw(st.sampled_from(["bay", "yard"])),
        charge=draw(st.none() | st.integers(0, 40_000)),
        card=draw(st.none() | st.sampled_from(["04A2", "é"])),
        priority=draw(st.booleans()),
        breaks=tuple(breaks),
        **more,
    )


def interruption(late: int = 600, seconds: int = 300, **values: Any) -> SessionBreak:
    """Return a time in which a car was not charged."""
    return SessionBreak(at=START + late, seconds=seconds, reason="limit", values=values)


batches: Final = st.sampled_from(SEASONS).flatmap(
    lambda turns: st.lists(st.lists(intervals(turns), max_size=25), max_size=4)
)
billed_batches: Final = st.sampled_from(SEASONS).flatmap(
    lambda turns: st.lists(st.lists(billed_intervals(turns), max_size=25), max_size=4)
)


class Model:
    """The archive as a list of rows."""

    def __init__(self, zone: str) -> None:
        self.zone = ZoneInfo(zone)
        self.rows: dict[tuple[str, str, int], IntervalRow] = {}

    def write(self, rows: Iterable[IntervalRow]) -> None:
        """Take rows; the first one of an interval stays."""
        for row in rows:
            self.rows.setdefault((row.device, row.quantity, row.start), row)

    def marks(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Return what counters stood at, as the newest rows say that say it."""
        ordered = sorted(self.rows.values(), key=lambda row: row.start)
        return {
            (row.device, row.quantity): (row.start + row.seconds, row.level) for row in ordered if row.level is not None
        }

    def bars(self, scope: str, period: str) -> Counter[tuple[Any, ...]]:
        """Return amounts and estimated amounts as they must be in a histogram."""
        sums: Counter[tuple[Any, ...]] = Counter()
        for row in self.rows.values():
            for key in _keys(scope, row):
                bar = key, row.quantity, row.commodity, self.label(row.start, period)
                sums[*bar, "amount"] += row.amount
                sums[*bar, "estimated"] += row.amount if row.estimated else 0
        return sums

    def costs(self, scope: str, period: str) -> Counter[tuple[Any, ...]]:
        """Return amounts by rate as they must be in a histogram."""
        sums: Counter[tuple[Any, ...]] = Counter()
        for row in self.rows.values():
            for key in _keys(scope, row, export=scope != "load"):
                for one, amount in row.pieces:
                    sums[key, row.quantity, row.commodity, self.label(row.start, period), one] += amount
        return sums

    def label(self, at: int, period: str) -> Any:
        """Return what is the same for all instants of an hour, day, month or year."""
        local = datetime.fromtimestamp(at, self.zone)
        if period != "hour":
            return local.strftime({"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}[period])
        first = local
        while local.hour == first.hour and local.replace(tzinfo=None, fold=0) <= first.replace(tzinfo=None, fold=0):
            first = local
            at -= 300
            local = datetime.fromtimestamp(at, self.zone)
        return first.isoformat()


def found(archive: Archive, model: Model, scope: Any, period: Any) -> Counter[tuple[Any, ...]]:
    """Return the same of an archive; a bar that is there twice, or that begins late, does not come out equal."""
    sums: Counter[tuple[Any, ...]] = Counter()
    for row in archive.consumption(scope, None, period, -(2**40), 2**40):
        bar = row.key, row.quantity, row.commodity, model.label(row.start, period)
        assert (*bar, "amount") not in sums
        assert model.label(row.start - 1, period) != bar[-1]
        sums[*bar, "amount"] += row.amount
        sums[*bar, "estimated"] += row.estimated
    return sums


def found_costs(archive: Archive, model: Model, scope: Any, period: Any) -> Counter[tuple[Any, ...]]:
    """Return the same of an archive; a bar that is there twice, or that begins late, does not come out equal."""
    sums: Counter[tuple[Any, ...]] = Counter()
    for row in archive.costs(scope, None, period, -(2**40), 2**40):
        bar = row.key, row.quantity, row.commodity, model.label(row.start, period), row.rate
        assert bar not in sums
        assert model.label(row.start - 1, period) != bar[3]
        sums[bar] = row.amount
    return sums


def _keys(scope: str, row: IntervalRow, *, export: bool = False) -> Iterable[str | None]:
    """Return the bars of a histogram in which a row is; ``export``: also of what is fed back."""
    if scope == "device":
        return [row.device]
    if not row.counted or (row.quantity == "energy_export" and not export):
        return []
    return {"load": [row.load], "group": row.groups, "total": [None]}[scope]


def ask(url: str, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    """Ask or tell the database something as another program does."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    try:
        with engine.begin() as connection:
            result = connection.execute(text(statement), values)
            return [tuple(row) for row in result] if result.returns_rows else []
    finally:
        engine.dispose()


def batch(number: int) -> list[IntervalRow]:
    """Return the rows that a program writes together; the first one has parts."""
    first, *others = [
        interval(START + 600 * number, number % 7 + 1, f"device {one}", groups=("east",), rate=RATES[number % 2])
        for one in range(20)
    ]
    return [parted(first, [300], RATES), *others]


def write_until_killed(url: str, site: str, first: int, changes: int, acknowledge: Callable[[int], object]) -> None:
    """Write batch after batch, and say of each that it is written; ``changes``: be killed after so many statements.

    Only those that change something are counted; 0: somebody else kills.
    """
    archive = Archive.open(url, site=site, zone=ZONE)
    left = count(changes - 1, -1)

    def die(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE")) and not next(left):
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(archive._database.engine, "after_cursor_execute", die)
    for number in count(first):
        rows = [replace(row, level=number) for row in batch(number)]
        archive.write(rows, [sample(START + 600 * number)], [alarm(number)])
        acknowledge(number)


def all_rows(archive: Archive) -> Iterator[IntervalRow]:
    """Return all intervals."""
    return archive.intervals(None, -(2**40), 2**40)
