"""Writes to the archive from a thread of its own. Owns the queue, and what happens while the database is away or held.

Who hands rows in never waits. Rows wait in memory while the database is gone, locked or full, up to a limit; beyond
it the oldest samples go first, then alarms, then sessions, intervals last. What is written is never dropped, and what
was handed in twice because nobody knew whether it was written does no harm: the archive tells.
"""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from logging import getLogger
from threading import Condition, Lock, Thread, current_thread
from typing import TYPE_CHECKING, Any, Final

from .errors import ArchiveError, describe, is_of_a_row
from .rows import Batch, WriterStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from concurrent.futures import Future

    from .archive import Archive
    from .rows import AlarmRow, IntervalRow, SampleRow, SessionRow

_LOGGER: Final = getLogger(__name__)
_BATCH: Final = 5000
_READERS: Final = 2
_SHED: Final = ("samples", "alarms", "sessions", "intervals")
"""What goes first when there is no room."""
_KINDS: Final = ("intervals", "samples", "alarms", "sessions")
"""What is written first."""


class ArchiveWriter:
    """A queue before an archive, and the thread that empties it."""

    def __init__(
        self,
        opener: Callable[[], Archive],
        *,
        limit: int = 100_000,
        on_change: Callable[[WriterStatus], None] | None = None,
        back_off: Sequence[float] = (1, 2, 5, 10, 30, 60),
    ) -> None:
        """Start the thread, which opens the archive.

        ``limit``: rows that may wait. ``on_change``: called from the writer's thread after each attempt to write and
        after rows were dropped. ``back_off``: s between attempts, the last one for ever. Raises ValueError if the
        limit is not positive or there is no back-off.
        """
        if limit <= 0 or not back_off:
            raise ValueError("a writer needs room for a row, and a back-off")
        self._open = opener
        self._limit = limit
        self._on_change = on_change
        self._back_off = back_off
        self._queues: dict[str, deque[Any]] = {kind: deque() for kind in _KINDS}
        self._in_flight = Batch()
        self._dropped = dict.fromkeys(_KINDS, 0)
        self._status = WriterStatus()
        self._told = self._status
        self._wake = Condition()
        self._busy = False
        self._holds = 0
        self._asking = 0
        self._stopping = False
        self._deadline = 0.0
        self._archive: Archive | None = None
        self._closed = False
        self._opening = Lock()
        self._readers = ThreadPoolExecutor(max_workers=_READERS, thread_name_prefix="legrand_ews archive reader")
        self._thread = Thread(target=self._run, name="legrand_ews archive writer", daemon=True)
        self._thread.start()

    @property
    def status(self) -> WriterStatus:
        """How writing goes."""
        with self._wake:
            return self._now()

    def put(
        self,
        intervals: Iterable[IntervalRow] = (),
        samples: Iterable[SampleRow] = (),
        alarms: Iterable[AlarmRow] = (),
        sessions: Iterable[SessionRow] = (),
    ) -> bool:
        """Hand rows in; returns at once. False if rows had to be dropped, these or older ones, or after ``stop``."""
        with self._wake:
            if self._stopping:
                return False
            for kind, rows in zip(_KINDS, (intervals, samples, alarms, sessions), strict=True):
                self._queues[kind].extend(rows)
            fits = self._shed()
            self._wake.notify_all()
            return fits

    def call[T](self, question: Callable[[Archive], T]) -> Future[T]:
        """Ask the archive something in another thread, on a connection of its own; faults are in the future."""
        return self._readers.submit(self._answer, question)

    def _answer[T](self, question: Callable[[Archive], T]) -> T:
        """Ask the archive."""
        with self._wake:
            self._asking += 1
        try:
            return question(self._opened())
        finally:
            with self._wake:
                self._asking -= 1
                self._wake.notify_all()

    def pause(self, timeout: float) -> bool:
        """Wait for what is being written, s at most, and write nothing from then on; rows wait, questions do not.

        True must be followed by ``resume``, each of several. False if it took longer, or after ``stop``: nothing is
        held then. Blocks; not to be called from the writer's own thread.
        """
        with self._wake:
            self._holds += 1
            done = self._wake.wait_for(lambda: self._stopping or not self._busy, timeout)
            held = done and not self._stopping
            if not held:
                self._release()
            return held

    @property
    def paused(self) -> bool:
        """Whether somebody holds writing."""
        return self._holds > 0

    def resume(self) -> None:
        """Write again, once all who paused said so."""
        with self._wake:
            self._release()

    def reopen(self) -> None:
        """Close the archive; who needs it next opens it anew. In a pause, no batch is written to the former one."""
        with self._opening:
            closed = self._closed
        if not closed:
            self._close()

    def stop(self, timeout: float) -> Batch:
        """Write what waits, also if paused, for so many s at most, and close the archive.

        Returns the rows that are not written, or not known to be: they may be handed in again.
        """
        with self._wake:
            self._stopping = True
            self._deadline = time.monotonic() + timeout
            self._wake.notify_all()
        self._readers.shutdown(wait=False, cancel_futures=True)
        with self._wake:
            answered = self._wake.wait_for(lambda: not self._asking, timeout)
        self._readers.shutdown(wait=answered)
        if self._thread is not current_thread():
            self._thread.join(timeout)
        with self._wake:
            queued, flight = self._take(None), self._in_flight
        return Batch(**{kind: getattr(flight, kind) + getattr(queued, kind) for kind in _KINDS})

    def _run(self) -> None:
        """Write until told to stop."""
        failures = 0
        while self._wait(failures):
            failures = 0 if self._attempt() else failures + 1
            self._tell()
        self._close(for_good=True)

    def _wait(self, failures: int) -> bool:
        """Wait for rows, and after a failure for the next attempt; False if it is time to end."""
        failed = time.monotonic()
        while True:
            with self._wake:
                now, due = time.monotonic(), failed + self._rest(failures)
                if self._stopping and (now >= self._deadline or not self._queued()):
                    return False
                held = self._holds > 0 and not self._stopping
                ready = not held and (self._queued() > 0 or self._archive is None)
                if ready and now >= due:
                    self._busy = True
                    return True
                changed = self._now() != self._told
                if not changed:
                    self._wake.wait(self._patience(now, due if ready else None))
            if changed:
                self._tell()

    def _rest(self, failures: int) -> float:
        """Return how long to leave the database alone after so many failures, s; who stops cannot wait long."""
        if not failures:
            return 0.0
        return self._back_off[0 if self._stopping else min(failures, len(self._back_off)) - 1]

    def _patience(self, now: float, due: float | None) -> float | None:
        """Return how long to wait at most, s; None: until something happens."""
        ends = [] if due is None else [due]
        if self._stopping:
            ends.append(self._deadline)
        return max(0.0, min(ends) - now) if ends else None

    def _attempt(self) -> bool:
        """Open the archive if need be, and write a batch; False if the database would not."""
        with self._wake:
            batch = self._take(_BATCH)
            self._in_flight = batch
        left = batch
        error: str | None = None
        try:
            archive = self._opened()
            left = self._write(archive, batch)
        except Exception as fault:  # noqa: BLE001 -- whatever it is, rows must not be lost
            error = describe(fault)
            left = batch
            self._close()
        with self._wake:
            self._in_flight = Batch()
            for kind in _KINDS:
                self._queues[kind].extendleft(reversed(getattr(left, kind)))
            self._shed()
            written = self._status.last_write if error or not batch else time.time()
            self._log(error)
            self._status = replace(self._status, last_write=written, error=error)
            self._busy = False
            self._wake.notify_all()
        return error is None

    def _write(self, archive: Archive, batch: Batch) -> Batch:
        """Write a batch, and without those rows that the database will never take; returns what is left: nothing."""
        if not batch:
            return batch
        try:
            archive.write(batch.intervals, batch.samples, batch.alarms, batch.sessions)
        except Exception as fault:
            if not is_of_a_row(fault):
                raise
            if len(batch) > 1:
                for half in _halves(batch):
                    self._write(archive, half)
            else:
                _LOGGER.warning("Refused by the archive: %s: %s", batch, describe(fault))
                kind = next(kind for kind in _KINDS if getattr(batch, kind))
                with self._wake:
                    self._dropped[kind] += 1
        return Batch()

    def _release(self) -> None:
        """End a pause."""
        self._holds = max(0, self._holds - 1)
        self._wake.notify_all()

    def _opened(self) -> Archive:
        """Return the archive, opened if it is not yet. Raises one of ``FAULTS``."""
        with self._opening:
            if self._archive is None:
                if self._closed:
                    raise ArchiveError("the archive is closed")
                self._archive = self._open()
            return self._archive

    def _close(self, *, for_good: bool = False) -> None:
        """Close the archive; the next one who needs it opens it again, and finds out what it has become."""
        with self._opening:
            self._closed = for_good
            if self._archive is not None:
                self._archive.close()
                self._archive = None

    def _take(self, most: int | None) -> Batch:
        """Take the oldest rows from the queues, all if None."""
        taken: dict[str, tuple[Any, ...]] = {}
        for kind in _KINDS:
            queue = self._queues[kind]
            taken[kind] = tuple(islice(queue, most))
            for _ in taken[kind]:
                queue.popleft()
        return Batch(**taken)

    def _shed(self) -> bool:
        """Drop what is beyond the limit; False if something was."""
        excess = max(0, self._queued() - self._limit)
        fits = not excess
        for kind in _SHED:
            queue = self._queues[kind]
            gone = min(excess, len(queue))
            for _ in range(gone):
                queue.popleft()
            self._dropped[kind] += gone
            excess -= gone
        return fits

    def _queued(self) -> int:
        """Count the rows that wait, those being written included."""
        return len(self._in_flight) + sum(map(len, self._queues.values()))

    def _now(self) -> WriterStatus:
        """Return the status with the present figures."""
        return replace(self._status, queued=self._queued(), dropped=dict(self._dropped))

    def _tell(self) -> None:
        """Call back with the status."""
        with self._wake:
            self._told = status = self._now()
        if self._on_change is not None:
            try:
                self._on_change(status)
            except Exception:
                _LOGGER.exception("Unexpected error in the callback of the archive's writer")

    def _log(self, error: str | None) -> None:
        """Write one line when the database goes, and one when it is back."""
        before = self._status.error
        if error is not None and before is None:
            _LOGGER.warning("The archive cannot be written, rows wait: %s", error)
        elif error is None and before is not None:
            _LOGGER.info("The archive can be written again")


def _halves(batch: Batch) -> tuple[Batch, Batch]:
    """Cut each kind of rows in two; a batch of one row each is cut by kind."""
    largest = max(_KINDS, key=lambda kind: len(getattr(batch, kind)))
    rows = getattr(batch, largest)
    if len(rows) == 1:
        return Batch(**{largest: rows}), replace(batch, **{largest: ()})
    middle = len(rows) // 2
    return replace(batch, **{largest: rows[:middle]}), Batch(**{largest: rows[middle:]})
