"""A year of 255 devices in the archive, in each engine, and in Home Assistant's recorder.

This module owns what is asked of the archive and how long that takes. The rows are ``year``'s, the recorder is
``recorder``'s, and what a killed program leaves behind is ``kills``'s matter.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import batched
from pathlib import Path
from random import Random
from statistics import median
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from sqlalchemy import text

from custom_components.legrand_ews.archive import Archive
from custom_components.legrand_ews.archive.database import open_database

from . import recorder
from .cluster import Cluster, programs
from .kills import killed
from .table import Figure
from .year import DAY, DEVICES, START, TICK, ZONE, at, intervals, level, load, name, samples

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from custom_components.legrand_ews.archive import Period, Scope

type Engine = Literal["sqlite", "postgresql"]

ENGINES: Final[Mapping[str, tuple[Engine, ...]]] = {
    "sqlite": ("sqlite",),
    "postgresql": ("postgresql",),
    "both": ("sqlite", "postgresql"),
}
SITE: Final = "bench"
ON_DISK: Final = Path("/var/tmp")  # noqa: S108 -- folders with random names are made in it
"""Never in memory, as ``/tmp`` may be."""
SETTINGS: Final = {"fsync": "on", "synchronous_commit": "on"}
"""A server as it comes: what it says to be written is on the disk."""
BATCH: Final = 40
"""Ticks of a transaction while the year is loaded: 10 200 rows."""
TICKS: Final = 20
"""Sample ticks that are written and timed."""
ASKED: Final = 11
"""How often a histogram is asked for."""
ASKED_OTHERS: Final = 3
"""How often the raw rows and the recorder are, which take their time."""
TICK_LIMIT: Final = 2.0
SHARE: Final = 0.1
"""Of a plain ``GROUP BY`` over the raw rows."""
_MONTH: Final[Mapping[Engine, str]] = {
    "sqlite": "strftime('%Y-%m', i.start, 'unixepoch')",
    "postgresql": "date_trunc('month', to_timestamp(i.start) AT TIME ZONE 'UTC')",
}


class Window(NamedTuple):
    """A time that a histogram is asked for."""

    since: int
    until: int

    def used(self, device: int, days: int) -> int:
        """Return what a device consumed in it, Wh, where so many days were loaded."""
        first, end = ((min(moment, at(days * DAY)) - START) // TICK for moment in self)
        return level(device, end) - level(device, first)


class Histogram(NamedTuple):
    """A question to the archive, and the same to the raw rows."""

    title: str
    limit: float
    """s."""
    scope: Scope
    period: Period
    window: Window
    raw: str


class Answers(NamedTuple):
    """How long a histogram took, s: of the archive, and of the raw rows."""

    archive: list[float]
    raw: list[float]


class Reached(NamedTuple):
    """What an engine reached."""

    figures: list[Figure]
    asked: list[float]
    """s of each histogram, the median."""
    bytes_each: float
    """Of an interval, with all that follows from it."""


async def measure(*, days: int, kills: int, engine: str) -> list[Figure]:
    """Load so many days into each engine and the recorder, ask, and kill so often in all."""
    engines = ENGINES[engine]
    if "postgresql" in engines and programs() is None:
        print("No PostgreSQL server on this machine: SQLite only. scripts/setup installs one.", flush=True)  # noqa: T201
        engines = ENGINES["sqlite"]
    reached = {one: await asyncio.to_thread(of_engine, one, days, -(-kills // len(engines))) for one in engines}
    return [
        *(figure for result in reached.values() for figure in result.figures),
        *await of_recorder(days, reached),
    ]


def month_of(days: int) -> Window:
    """Return the month in the middle of so many days."""
    first = datetime.fromtimestamp(START + days * 43200, UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    after = (first + timedelta(days=32)).replace(day=1)
    return Window(int(first.timestamp()), int(after.timestamp()))


def histograms(engine: Engine, days: int) -> tuple[Histogram, Histogram]:
    """Return the questions."""
    year = Window(START, START + 365 * 86400)
    return (
        Histogram(
            title="a month of a device by day",
            limit=0.05,
            scope="device",
            period="day",
            window=month_of(days),
            raw="""SELECT '' AS load, i.start / 86400 AS bar, SUM(i.amount) FROM ews_interval i
                WHERE i.meter = (SELECT m.id FROM ews_meter m JOIN ews_device d ON d.id = m.device WHERE d.key = :key)
                AND i.start >= :since AND i.start < :until GROUP BY bar""",
        ),
        Histogram(
            title="a year of the total by load and month",
            limit=0.1,
            scope="load",
            period="month",
            window=year,
            raw=f"""SELECT p.load, {_MONTH[engine]} AS bar, SUM(i.amount)
                FROM ews_interval i JOIN ews_place p ON p.id = i.place
                WHERE i.start >= :since AND i.start < :until AND p.counted GROUP BY p.load, bar""",  # noqa: S608 -- ours
        ),
    )


@contextmanager
def database(engine: Engine) -> Iterator[str]:
    """Return the URL of an empty database, which is gone afterwards."""
    if engine == "sqlite":
        with tempfile.TemporaryDirectory(prefix="ews-bench-", dir=ON_DISK) as folder:
            yield f"sqlite:///{folder}/archive.db"
    else:
        with Cluster(SETTINGS, parent=ON_DISK) as cluster:
            yield cluster.create("bench")


def of_engine(engine: Engine, days: int, kills: int) -> Reached:
    """Measure an engine; blocking."""
    with database(engine) as url, closing(Archive.open(url, site=SITE, zone=ZONE)) as archive:
        rows, seconds = _load(archive, days)
        archive.settle()
        bytes_each = archive.info().size / rows
        asked = {one: _ask(url, archive, one, days) for one in histograms(engine, days)}
        figures = [
            Figure(name=f"{engine}: intervals loaded", reached=rows),
            Figure(name="  time", reached=seconds, unit="s"),
            Figure(name="  intervals in a second", reached=rows / seconds),
            Figure(name="  bytes of an interval, with all that follows from it", reached=bytes_each),
            *(figure for one, answers in asked.items() for figure in _asked(one, answers)),
            *_ticks(archive, days * DAY),
        ]
    if kills:
        with database(engine) as url:
            figures += killed(engine, url, kills)
    return Reached(figures=figures, asked=[median(one.archive) for one in asked.values()], bytes_each=bytes_each)


def _load(archive: Archive, days: int) -> tuple[int, float]:
    """Write so many days; return the intervals and the s that took, the making of the rows included."""
    begin = monotonic()
    for ticks in batched(range(days * DAY), BATCH, strict=False):
        archive.write([row for tick in ticks for row in intervals(tick)])
    return days * DAY * DEVICES, monotonic() - begin


def _ticks(archive: Archive, first: int) -> list[Figure]:
    """Write sample ticks from one on, an interval and a sample of each device, and time each."""
    taken = []
    for tick in range(first, first + TICKS):
        rows = intervals(tick), samples(tick)
        begin = monotonic()
        archive.write(*rows)
        taken.append(monotonic() - begin)
    return [
        Figure(name="  a sample tick, the longest", reached=max(taken), unit="s", wanted=TICK_LIMIT),
        Figure(name="    the median", reached=median(taken), unit="s"),
    ]


def _ask(url: str, archive: Archive, histogram: Histogram, days: int) -> Answers:
    """Ask the archive and the raw rows, each time for another device; raises RuntimeError where an answer is wrong."""
    random = Random(2)  # noqa: S311 -- which device, not secrets
    answers = Answers([], [])
    scope, period, window = histogram.scope, histogram.period, histogram.window
    with closing(open_database(url, lock_wait=5)) as raw:
        for number in range(ASKED):
            device = random.randrange(DEVICES)
            keys = [name(device)] if scope == "device" else None
            begin = monotonic()
            found = archive.consumption(scope, keys, period, *window)
            answers.archive.append(monotonic() - begin)
            _agree([(row.key if scope == "load" else "", row.amount) for row in found], histogram, device, days)
            if number < ASKED_OTHERS:
                values = {"since": window.since, "until": window.until, "key": name(device)}
                begin = monotonic()
                with raw.read() as connection:
                    rows = connection.execute(text(histogram.raw), values).all()
                answers.raw.append(monotonic() - begin)
                _agree([(row[0], int(row[2])) for row in rows], histogram, device, days)
    return answers


def _agree(found: Sequence[tuple[str | None, int]], histogram: Histogram, device: int, days: int) -> None:
    """Compare an answer, as load and amount of each bar, with what was written; raises RuntimeError."""
    by_load: Counter[str] = Counter()
    for one in [device] if histogram.scope == "device" else range(DEVICES):
        by_load["" if histogram.scope == "device" else load(one)] += histogram.window.used(one, days)
    sums: Counter[str | None] = Counter()
    for key, amount in found:
        sums[key] += amount
    if sums != by_load:
        raise RuntimeError(f"{histogram.title}: {sums} instead of {by_load}")


def _asked(histogram: Histogram, answers: Answers) -> list[Figure]:
    """Return the figures of a histogram."""
    ours, raw = median(answers.archive), median(answers.raw)
    return [
        Figure(name=f"  {histogram.title}", reached=1000 * ours, unit="ms", wanted=1000 * histogram.limit),
        Figure(name="    the longest", reached=1000 * max(answers.archive), unit="ms"),
        Figure(name="    GROUP BY over the intervals", reached=1000 * raw, unit="ms"),
        Figure(name="    ours, of that", reached=ours / raw, wanted=SHARE),
    ]


async def of_recorder(days: int, reached: Mapping[Engine, Reached]) -> list[Figure]:
    """Let the recorder do the same."""
    with tempfile.TemporaryDirectory(prefix="ews-bench-", dir=ON_DISK) as folder:
        path = Path(folder)
        async with recorder.running(path) as hass:
            empty = recorder.size(path)
            begin = monotonic()
            rows = await recorder.fill(hass, days)
            seconds = monotonic() - begin
            bytes_each = (recorder.size(path) - empty) / rows
            # Which engine is the same: they differ in how they answer, not in what is asked.
            asked = [await _ask_recorder(hass, one, days) for one in histograms("sqlite", days)]
    figures = [
        Figure(name="recorder: hours imported", reached=rows),
        Figure(name="  time", reached=seconds, unit="s"),
        Figure(name="  bytes of an hour", reached=bytes_each),
    ]
    for number, (histogram, taken) in enumerate(zip(histograms("sqlite", days), asked, strict=True)):
        figures.append(Figure(name=f"  {histogram.title}", reached=1000 * taken, unit="ms"))
        figures += [
            Figure(name=f"    of ours in {engine}, times", reached=taken / one.asked[number])
            for engine, one in reached.items()
        ]
    figures += [
        Figure(name=f"  bytes of an interval in {engine}, of those of an hour", reached=one.bytes_each / bytes_each)
        for engine, one in reached.items()
    ]
    return figures


async def _ask_recorder(hass: Any, histogram: Histogram, days: int) -> float:
    """Return the median of the s that a histogram takes; raises RuntimeError where an answer is wrong."""
    random = Random(2)  # noqa: S311 -- which device, not secrets
    taken = []
    for _ in range(ASKED_OTHERS):
        devices = [random.randrange(DEVICES)] if histogram.scope == "device" else range(DEVICES)
        period: Literal["day", "month"] = "day" if histogram.period == "day" else "month"
        seconds, found = await recorder.consumption(hass, devices, period, *histogram.window)
        if round(found) != sum(histogram.window.used(device, days) for device in devices):
            raise RuntimeError(f"{histogram.title}: the recorder says {found}")
        taken.append(seconds)
    return median(taken)
