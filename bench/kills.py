"""Kills what writes to the archive, over and over at random moments, and finds out what became of the rows.

This module owns the killing and the comparison. What the process does is ``writing``'s matter.
"""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections import Counter
from contextlib import closing, suppress
from datetime import UTC, datetime
from itertools import chain
from random import Random
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from custom_components.legrand_ews.archive import Archive

from .table import Figure
from .writing import DEVICES, SITE, write
from .year import START, TICK, ZONE, at, intervals, name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from custom_components.legrand_ews.archive import IntervalRow, Period

LONGEST: Final = 1.0
"""s that a process lives at most after its first confirmation."""
OPENING: Final = 4
"""One process in so many lives so long after its start, and may be hit while it opens the archive."""
PATIENCE: Final = 60.0
"""s until the first confirmation."""
AGAIN: Final = 5
"""Ticks at most that are handed in again though they are confirmed, as after a start that knows no better."""
_CONTEXT: Final = multiprocessing.get_context("forkserver")
"""Makes processes that need not import all anew, which takes longer than they live."""
_CONTEXT.set_forkserver_preload([write.__module__, "psycopg", "sqlalchemy.dialects.postgresql.psycopg"])
_ALWAYS: Final = (-(2**40), 2**40)
_FLOORS: Final[dict[Period, Callable[[int], int]]] = {
    "hour": lambda at: at - at % 3600,
    "day": lambda at: at - at % 86400,
    "month": lambda at: int(
        datetime.fromtimestamp(at, UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp()
    ),
}


class Verdict(NamedTuple):
    """How many intervals are not as they must be."""

    lost: int = 0
    """Confirmed, or of a tick some of which is there, and not there."""
    strange: int = 0
    """There twice, or otherwise than written."""


def compare(found: Iterable[IntervalRow], first: int, confirmed: int) -> Verdict:
    """Compare the intervals that begin with tick ``first`` or later with what was written; before ``confirmed`` all is.

    Whether a tick that was not confirmed is there does not matter, but it must be whole, and none before it missing.
    """
    rows = Counter((row.device, row.start, row.seconds, row.amount) for row in found)
    last = max((start for _, start, _, _ in rows), default=at(first - 1))
    end = max(confirmed, (last - START) // TICK + 1)
    written = chain.from_iterable(intervals(tick, DEVICES) for tick in range(first, end))
    wanted = Counter((row.device, row.start, row.seconds, row.amount) for row in written)
    return Verdict(lost=(wanted - rows).total(), strange=(rows - wanted).total())


def unlike(archive: Archive) -> int:
    """Return how many bars of devices are not the sums of their intervals, for hours, days and months."""
    rows = list(archive.intervals(None, *_ALWAYS))
    wrong = 0
    for period, floor in _FLOORS.items():
        sums: Counter[tuple[Any, int]] = Counter()
        for row in rows:
            sums[row.device, floor(row.start)] += row.amount
        bars = Counter(
            {(bar.key, bar.start): bar.amount for bar in archive.consumption("device", None, period, *_ALWAYS)}
        )
        wrong += len((sums - bars) + (bars - sums))
    return wrong


def killed(engine: str, url: str, kills: int) -> list[Figure]:
    """Kill the process so often and compare each time; blocking."""
    random = Random(4)  # noqa: S311 -- moments, not secrets
    proven = confirmed = 0
    lost = strange = faults = 0
    for number in range(kills):
        first = max(0, confirmed - random.randrange(AGAIN + 1))
        confirmed = max(confirmed, _lived(url, first, random.uniform(0, LONGEST), writing=bool(number % OPENING)))
        with closing(Archive.open(url, site=SITE, zone=ZONE)) as archive:
            # A server may still be at what it was told last; one who writes comes after that.
            archive.write()
            faults += archive.check() is not None
            found = compare(archive.intervals(None, at(proven), _ALWAYS[1]), proven, confirmed)
        lost, strange, proven = lost + found.lost, strange + found.strange, confirmed
    with closing(Archive.open(url, site=SITE, zone=ZONE)) as archive:
        found = compare(archive.intervals(None, *_ALWAYS), 0, confirmed)
        return [
            Figure(name=f"{engine}: kill -9 at a random moment, times", reached=kills),
            Figure(name="  intervals confirmed", reached=confirmed * len(DEVICES), wanted=1, at_least=True),
            Figure(name="  intervals lost", reached=max(lost, found.lost), wanted=0),
            Figure(name="  intervals twice, or not as written", reached=max(strange, found.strange), wanted=0),
            Figure(name="  samples lost", reached=_samples_lost(archive, confirmed), wanted=0),
            Figure(name="  checks that found something", reached=faults, wanted=0),
            Figure(name="  hours, days, months unlike their intervals", reached=unlike(archive), wanted=0),
        ]


def _lived(url: str, first: int, after: float, *, writing: bool) -> int:
    """Let a process write from a tick on, and kill it after some s; return before which tick all was confirmed.

    ``writing``: count the s from the first confirmation on, not from the start of the process.
    Raises EOFError or RuntimeError if it ended by itself.
    """
    hearing, telling = _CONTEXT.Pipe(duplex=False)
    with hearing:
        process = _CONTEXT.Process(target=write, args=(url, first, telling))
        process.start()
        telling.close()
        confirmed: int = hearing.recv()
        if writing and hearing.poll(PATIENCE):
            confirmed = hearing.recv()
        time.sleep(after)
        process.kill()
        with suppress(EOFError):
            while True:
                confirmed = hearing.recv()
        process.join()
    if process.exitcode != -signal.SIGKILL:
        raise RuntimeError(f"what writes has ended by itself: {process.exitcode}")
    return confirmed


def _samples_lost(archive: Archive, confirmed: int) -> int:
    """Return how many confirmed samples are not there."""
    wanted = {at(tick) for tick in range(confirmed)}
    return sum(len(wanted - {row.start for row in archive.samples(name(one), [], *_ALWAYS)}) for one in DEVICES)
