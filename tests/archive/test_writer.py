"""The writer's thread: a database that goes away and comes back, a queue that is full, rows nobody will take."""

from __future__ import annotations

import logging
import time
from contextlib import ExitStack
from queue import Queue
from threading import Event, get_ident
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.exc import OperationalError

from custom_components.legrand_ews.archive import (
    Archive,
    ArchiveError,
    ArchiveWriter,
    Batch,
    IntervalRow,
    WriterStatus,
)

from .support import START, ZONE, alarm, all_rows, interval, new_site, sample, session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .cluster import Cluster

LIMIT = 30.0
SOON = (0.01, 0.05)
GONE = OperationalError("INSERT secret", {}, Exception("database or disk is full\nwhere"))
EVER = (-(2**40), 2**40)


class Disk:
    """An archive whose database can be taken away; remembers what was written."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.gate: Event | None = None
        self.writing = Event()
        self.opened = 0
        self.closed = 0
        self.rows: list[Any] = []
        self.calls: list[tuple[int, int, int]] = []

    def open(self) -> Any:
        """Be opened."""
        if self.error is not None:
            raise self.error
        self.opened += 1
        return self

    def write(self, intervals: Any, samples: Any, alarms: Any, sessions: Any) -> None:
        """Take rows, or not."""
        self.writing.set()
        if self.gate is not None:
            assert self.gate.wait(LIMIT)
        if self.error is not None:
            raise self.error
        if any(isinstance(row, IntervalRow) and row.amount < 0 for row in intervals):
            raise OverflowError("a row that no database takes")
        self.calls.append((len(intervals), len(samples), len(alarms)))
        self.rows += [*intervals, *samples, *alarms, *sessions]

    def close(self) -> None:
        """Be closed."""
        self.closed += 1


class Watch:
    """Follows a writer by its callback."""

    def __init__(self) -> None:
        self._told: Queue[WriterStatus] = Queue()

    def __call__(self, status: WriterStatus) -> None:
        self._told.put(status)

    def until(self, condition: Callable[[WriterStatus], bool]) -> WriterStatus:
        """Return the first status that fulfils a condition."""
        while not condition(status := self._told.get(timeout=LIMIT)):
            pass
        return status


def idle(status: WriterStatus) -> bool:
    """Tell whether all is written."""
    return status.error is None and not status.queued and status.last_write is not None


def failing(status: WriterStatus) -> bool:
    """Tell whether the database is away."""
    return status.error is not None


@pytest.fixture
def disk() -> Disk:
    """Return an archive without a database."""
    return Disk()


@pytest.fixture
def watch() -> Watch:
    """Return what follows the writer."""
    return Watch()


@pytest.fixture
def start(watch: Watch) -> Iterator[Callable[..., ArchiveWriter]]:
    """Return what starts writers; all are stopped at the end."""
    with ExitStack() as stack:

        def start(opener: Callable[[], Any], **more: Any) -> ArchiveWriter:
            writer = ArchiveWriter(opener, on_change=watch, **{"back_off": SOON, **more})
            # Its readers end by themselves soon after it; a test ends when they have.
            stack.callback(writer._readers.shutdown)
            stack.callback(writer.stop, 5)
            return writer

        yield start


def rows(first: int, count: int) -> list[IntervalRow]:
    """Return intervals that follow each other."""
    return [interval(START + 600 * number) for number in range(first, first + count)]


def test_what_is_handed_in_is_written(url: str, start: Any, watch: Watch) -> None:
    writer = start(lambda: Archive.open(url, site="home", zone=ZONE))
    before = time.time()
    assert writer.put(rows(0, 3), [sample()], [alarm(1)])
    status = watch.until(idle)
    assert status.last_write is not None
    assert before <= status.last_write <= time.time()
    assert sum(status.dropped.values()) == 0
    info = writer.call(Archive.info).result(LIMIT)
    assert (info.intervals, info.samples, info.alarms) == (3, 1, 1)
    assert len(writer.stop(LIMIT)) == 0


def test_a_server_that_was_stopped_and_started_again_gets_all_of_it(
    postgresql: str, cluster: Cluster, start: Any, watch: Watch
) -> None:
    writer = start(lambda: Archive.open(postgresql, site="home", zone=ZONE))
    writer.put(rows(0, 5))
    watch.until(idle)
    cluster.stop()
    try:
        assert writer.put(rows(5, 5), [sample()])
        status = watch.until(failing)
        assert (status.queued, sum(status.dropped.values())) == (6, 0)
        assert writer.put(rows(10, 5))
        with pytest.raises(OperationalError):
            writer.call(Archive.info).result(LIMIT)
    finally:
        cluster.start()
    status = watch.until(lambda one: idle(one) and not one.queued)
    assert sum(status.dropped.values()) == 0
    assert writer.call(lambda archive: len(list(all_rows(archive)))).result(LIMIT) == 15


def test_a_file_that_was_removed_is_made_again(sqlite: str, tmp_path: Any, start: Any, watch: Watch) -> None:
    writer = start(lambda: Archive.open(sqlite, site="home", zone=ZONE))
    writer.put(rows(0, 1))
    watch.until(idle)
    (tmp_path / "archive" / "archive.db").unlink()
    writer.put(rows(1, 1))
    watch.until(failing)
    watch.until(idle)
    assert writer.call(lambda archive: [row.start for row in all_rows(archive)]).result(LIMIT) == [START + 600]


def test_rows_wait_while_the_database_is_away_and_one_line_is_logged(
    disk: Disk, start: Any, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    disk.error = GONE
    writer = start(disk.open)
    assert watch.until(failing).error == "Exception: database or disk is full"
    writer.put(rows(0, 2))
    for _ in range(4):
        watch.until(failing)
    assert disk.rows == []
    disk.error = None
    writer.put(rows(2, 2))
    watch.until(idle)
    assert disk.rows == rows(0, 4)
    said = [record.getMessage() for record in caplog.records if "archive" in record.getMessage().casefold()]
    assert len(said) == 2
    assert "secret" not in "".join(said)


def test_rows_that_could_not_be_written_come_before_later_ones(disk: Disk, start: Any, watch: Watch) -> None:
    disk.gate = Event()
    writer = start(disk.open)
    writer.put(rows(0, 2), alarms=[alarm(1, text="old")])
    assert disk.writing.wait(LIMIT)
    writer.put(rows(2, 2), alarms=[alarm(1, text="new")])
    assert writer.status.queued == 6
    disk.error = GONE
    disk.gate.set()
    watch.until(failing)
    disk.error = None
    watch.until(idle)
    assert [row for row in disk.rows if isinstance(row, IntervalRow)] == rows(0, 4)
    assert [row for row in disk.rows if not isinstance(row, IntervalRow)] == [
        alarm(1, text="old"),
        alarm(1, text="new"),
    ]


def test_beyond_the_limit_the_oldest_samples_go_first_and_intervals_last(disk: Disk, start: Any, watch: Watch) -> None:
    disk.error = GONE
    writer = start(disk.open, limit=10)
    watch.until(failing)
    samples = [sample(START + 600 * number) for number in range(4)]
    assert writer.put(rows(0, 4), samples, [alarm(1), alarm(2)])
    assert not writer.put(rows(4, 3))
    assert writer.status.dropped == {"intervals": 0, "samples": 3, "alarms": 0, "sessions": 0}
    assert not writer.put(rows(7, 2))
    assert writer.status.dropped == {"intervals": 0, "samples": 4, "alarms": 1, "sessions": 0}
    assert not writer.put(rows(9, 3))
    assert writer.status.dropped == {"intervals": 2, "samples": 4, "alarms": 2, "sessions": 0}
    assert writer.status.queued == 10
    assert watch.until(lambda one: sum(one.dropped.values()) == 8).queued == 10
    disk.error = None
    watch.until(idle)
    assert disk.rows == rows(2, 10)


def test_sessions_go_after_alarms_and_before_intervals(disk: Disk, start: Any, watch: Watch) -> None:
    disk.error = GONE
    writer = start(disk.open, limit=3)
    watch.until(failing)
    begun = [session("one", seconds=None), session("two", seconds=None)]
    assert not writer.put(rows(0, 1), alarms=[alarm(1)], sessions=begun)
    assert not writer.put(rows(1, 1))
    assert writer.status.dropped == {"intervals": 0, "samples": 0, "alarms": 1, "sessions": 1}
    disk.error = None
    watch.until(idle)
    assert disk.rows == [*rows(0, 2), begun[1]]


def test_a_session_that_no_database_takes_does_not_keep_the_others(url: str, start: Any, watch: Watch) -> None:
    writer = start(lambda: Archive.open(url, site="home", zone=ZONE))
    good = session("good")
    writer.put(rows(0, 2), sessions=[session("bad", name="lone \ud800"), good])
    status = watch.until(lambda one: idle(one) and sum(one.dropped.values()) == 1)
    assert status.dropped["sessions"] == 1
    assert writer.call(lambda archive: archive.sessions(*EVER)).result(LIMIT) == [good]


def test_samples_make_room_for_later_samples(disk: Disk, start: Any, watch: Watch) -> None:
    disk.error = GONE
    writer = start(disk.open, limit=3)
    watch.until(failing)
    for number in range(5):
        writer.put(samples=[sample(START + number)])
    disk.error = None
    watch.until(idle)
    assert [row.start - START for row in disk.rows] == [2, 3, 4]


def test_a_row_that_no_database_takes_does_not_keep_the_others(disk: Disk, start: Any, watch: Watch) -> None:
    disk.gate = Event()
    writer = start(disk.open)
    writer.put(rows(0, 1))
    assert disk.writing.wait(LIMIT)
    bad = interval(START + 9000, -1)
    writer.put([*rows(1, 4), bad, *rows(5, 4)], [sample(), sample(START + 600)], [alarm(1)])
    disk.gate.set()
    status = watch.until(idle)
    assert status.dropped == {"intervals": 1, "samples": 0, "alarms": 0, "sessions": 0}
    assert [row for row in disk.rows if isinstance(row, IntervalRow)] == rows(0, 9)
    assert len(disk.rows) == 12


@pytest.mark.parametrize(
    "bad", [{"amount": 2**70}, {"device": "lone \ud800"}, {"estimated": "yes"}], ids=["amount", "text", "type"]
)
def test_what_the_engines_refuse_is_dropped_alone(url: str, start: Any, watch: Watch, bad: dict[str, Any]) -> None:
    writer = start(lambda: Archive.open(url, site=new_site(), zone=ZONE))
    writer.put([*rows(0, 3), interval(START + 9000, **bad), *rows(3, 3)], [sample()])
    status = watch.until(lambda one: idle(one) and bool(sum(one.dropped.values())))
    assert status.dropped == {"intervals": 1, "samples": 0, "alarms": 0, "sessions": 0}
    assert writer.call(lambda archive: [row.start for row in all_rows(archive)]).result(LIMIT) == [
        row.start for row in rows(0, 6)
    ]


def test_many_rows_are_written_in_parts(disk: Disk, start: Any, watch: Watch) -> None:
    writer = start(disk.open)
    writer.put(rows(0, 12_000), [sample()])
    watch.until(lambda one: idle(one) and len(disk.rows) == 12_001)
    assert max(call[0] for call in disk.calls) <= 5000
    assert len(disk.rows) == 12_001


def test_questions_do_not_wait_for_the_writer(url: str, start: Any, watch: Watch) -> None:
    writer = start(lambda: Archive.open(url, site="home", zone=ZONE))
    writer.put(rows(0, 1))
    watch.until(idle)
    inside, go_on = Event(), Event()

    def hold(archive: Archive) -> int:
        with archive._write():
            inside.set()
            assert go_on.wait(LIMIT)
        return get_ident()

    holding = writer.call(hold)
    assert inside.wait(LIMIT)
    writer.put(rows(1, 1))
    assert writer.call(lambda archive: len(list(all_rows(archive)))).result(LIMIT) == 1
    go_on.set()
    watch.until(idle)
    assert holding.result(LIMIT) != get_ident()
    assert writer.call(lambda archive: len(list(all_rows(archive)))).result(LIMIT) == 2


def test_stopping_writes_what_waits_and_closes(disk: Disk, start: Any) -> None:
    disk.gate = Event()
    writer = start(disk.open)
    writer.put(rows(0, 2))
    assert disk.writing.wait(LIMIT)
    writer.put(rows(2, 2))
    disk.gate.set()
    assert writer.stop(LIMIT) == Batch()
    assert disk.rows == rows(0, 4)
    assert (disk.opened, disk.closed) == (1, 1)
    assert not writer.put(rows(4, 1))
    assert writer.stop(LIMIT) == Batch()
    with pytest.raises((ArchiveError, RuntimeError)):
        writer.call(Archive.info).result(LIMIT)


def test_stopping_gives_back_what_could_not_be_written(disk: Disk, start: Any, watch: Watch) -> None:
    disk.error = GONE
    writer = start(disk.open, back_off=(0.01, 3600))
    writer.put(rows(0, 2), [sample()], [alarm(1)])
    watch.until(failing)
    left = writer.stop(0.2)
    assert left == Batch(intervals=tuple(rows(0, 2)), samples=(sample(),), alarms=(alarm(1),))


def test_stopping_gives_back_what_is_being_written(disk: Disk, start: Any) -> None:
    disk.gate = Event()
    writer = start(disk.open)
    writer.put(rows(0, 2))
    assert disk.writing.wait(LIMIT)
    writer.put(rows(2, 1))
    assert writer.stop(0.05).intervals == tuple(rows(0, 3))
    disk.gate.set()


def test_paused_nothing_is_written_and_rows_wait(disk: Disk, start: Any, watch: Watch) -> None:
    disk.gate = Event()
    writer = start(disk.open)
    writer.put(rows(0, 2))
    assert disk.writing.wait(LIMIT)
    assert not writer.pause(0.01)
    pausing = writer.call(lambda _archive: writer.pause(LIMIT))
    assert not disk.rows
    disk.gate.set()
    assert pausing.result(LIMIT)
    assert disk.rows == rows(0, 2)
    disk.writing.clear()
    writer.put(rows(2, 2))
    assert not disk.writing.wait(0.05)
    assert writer.status.queued == 2
    writer.resume()
    watch.until(lambda one: idle(one) and len(disk.rows) == 4)
    assert disk.rows == rows(0, 4)


def test_a_pause_that_came_to_nothing_holds_nothing(disk: Disk, start: Any, watch: Watch) -> None:
    disk.gate = Event()
    writer = start(disk.open)
    writer.put(rows(0, 1))
    assert disk.writing.wait(LIMIT)
    assert not writer.pause(0)
    disk.gate.set()
    writer.put(rows(1, 1))
    watch.until(lambda one: idle(one) and len(disk.rows) == 2)


def test_each_of_several_pauses_has_its_end(disk: Disk, start: Any, watch: Watch) -> None:
    writer = start(disk.open)
    writer.put(rows(0, 1))
    watch.until(idle)
    writer.resume()
    assert writer.pause(LIMIT)
    assert writer.pause(LIMIT)
    writer.resume()
    disk.writing.clear()
    writer.put(rows(1, 1))
    assert not disk.writing.wait(0.05)
    writer.resume()
    watch.until(lambda one: idle(one) and len(disk.rows) == 2)


def test_stopping_ends_a_pause(disk: Disk, start: Any, watch: Watch) -> None:
    writer = start(disk.open)
    writer.put(rows(0, 1))
    watch.until(idle)
    assert writer.pause(LIMIT)
    writer.put(rows(1, 2))
    assert writer.stop(LIMIT) == Batch()
    assert disk.rows == rows(0, 3)
    assert disk.closed == 1
    assert not writer.pause(LIMIT)
    writer.resume()


def test_paused_a_database_that_is_away_is_left_alone(disk: Disk, start: Any, watch: Watch) -> None:
    disk.error = GONE
    writer = start(disk.open)
    watch.until(failing)
    assert writer.pause(LIMIT)
    disk.error = None
    writer.put(rows(0, 1))
    assert not disk.writing.wait(0.1)
    assert disk.opened == 0
    writer.resume()
    watch.until(idle)
    assert disk.rows == rows(0, 1)


def test_reopened_rows_go_where_the_opener_says_then(start: Any, watch: Watch) -> None:
    first, second = Disk(), Disk()
    disks = iter((first, second))
    writer = start(lambda: next(disks).open())
    writer.put(rows(0, 1))
    watch.until(idle)
    assert writer.pause(LIMIT)
    writer.reopen()
    writer.put(rows(1, 1))
    writer.resume()
    watch.until(lambda one: idle(one) and len(second.rows) == 1)
    assert (first.rows, second.rows) == (rows(0, 1), rows(1, 1))
    assert (first.closed, second.opened) == (1, 1)


def test_questions_are_answered_in_a_pause(url: str, start: Any, watch: Watch) -> None:
    writer = start(lambda: Archive.open(url, site="home", zone=ZONE))
    writer.put(rows(0, 1))
    watch.until(idle)
    assert writer.pause(LIMIT)
    writer.put(rows(1, 1))
    writer.call(Archive.settle).result(LIMIT)
    assert writer.call(lambda archive: archive.info().intervals).result(LIMIT) == 1
    writer.resume()


def test_a_callback_that_fails_stops_nothing(disk: Disk, caplog: pytest.LogCaptureFixture) -> None:
    told = Event()

    def fail(_status: WriterStatus) -> None:
        told.set()
        raise RuntimeError("not my day")

    writer = ArchiveWriter(disk.open, on_change=fail, back_off=SOON)
    writer.put(rows(0, 1))
    assert told.wait(LIMIT)
    writer.put(rows(1, 1))
    assert writer.stop(LIMIT) == Batch()
    assert disk.rows == rows(0, 2)
    assert "not my day" in caplog.text


@pytest.mark.parametrize("wrong", [{"limit": 0}, {"back_off": ()}])
def test_a_writer_without_room_or_patience_is_refused(disk: Disk, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="room"):
        ArchiveWriter(disk.open, **wrong)
