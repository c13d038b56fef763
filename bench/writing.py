"""What writes to an archive until it is killed, in a process of its own.

This module owns the writing and what of it is confirmed. Who kills it is ``kills``.
"""

from __future__ import annotations

from functools import partial
from itertools import count
from threading import Event
from typing import TYPE_CHECKING, Final

from custom_components.legrand_ews.archive import Archive, ArchiveWriter

from .year import VALUES, ZONE, intervals, samples

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

SITE: Final = "killed"
DEVICES: Final = range(20)
NAMES: Final = VALUES[:10]
ROWS: Final = 2 * len(DEVICES)
"""Rows of a tick: an interval and a sample of each device."""
QUEUE: Final = 10 * ROWS
"""Rows that may wait: fewer than the writer takes at a time, so that ticks are written whole."""


def write(url: str, first: int, told: Connection) -> None:
    """Write tick after tick from one on, for ever, and tell over and over before which one all is written."""
    told.send(first)
    moved = Event()
    writer = ArchiveWriter(partial(Archive.open, url, site=SITE, zone=ZONE), on_change=lambda _status: moved.set())
    confirmed = first
    for tick in count(first):
        writer.put(intervals(tick, DEVICES), samples(tick, DEVICES, NAMES))
        while True:
            moved.clear()
            queued = writer.status.queued
            written = tick + 1 - -(-queued // ROWS)
            if written > confirmed:
                told.send(written)
                confirmed = written
            if queued < QUEUE:
                break
            moved.wait()
