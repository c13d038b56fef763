"""Engines: addresses, settings, what only one of them has, and a disk or a lock that does not let us."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import DatabaseError, OperationalError

from custom_components.legrand_ews.archive import FAULTS, Archive, ArchiveError, describe
from custom_components.legrand_ews.archive import database as module

from .support import START, ZONE, all_rows, ask, interval, new_site, sample

if TYPE_CHECKING:
    from collections.abc import Callable

    from .support import Opener


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "cannot be read"),
        ("rubbish", "cannot be read"),
        ("mysql://me:secret@host/name", "mysql"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("postgresql://host:many:secret/name", "cannot be read"),
    ],
)
def test_a_wrong_address_is_refused_without_its_secrets(url: str, says: str) -> None:
    with pytest.raises(ArchiveError, match=says) as raised:
        Archive.open(url, site="home", zone=ZONE)
    assert "secret" not in str(raised.value)


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ArchiveError, match="psycopg"):
        Archive.open("postgres://host/name", site="home", zone=ZONE)


def test_a_server_that_is_not_there_is_told_without_secrets(tmp_path: Path) -> None:
    with pytest.raises(OperationalError) as raised:
        Archive.open(f"postgresql://me:secret@/name?host={tmp_path}", site="home", zone=ZONE)
    said = describe(raised.value)
    assert "OperationalError" in said
    assert "secret" not in said
    assert "\n" not in said


def test_own_options_in_an_address_stay(postgresql: str) -> None:
    archive = Archive.open(f"{postgresql}&application_name=mine&options=-c%20work_mem=5MB", site="home", zone=ZONE)
    names = "SELECT count(*) FROM pg_stat_activity WHERE application_name = :name"
    assert ask(postgresql, names, name="mine")[0][0] > 0
    assert ask(postgresql, names, name="legrand_ews") == [(0,)]
    archive.close()


def test_a_file_waits_for_the_disk_and_keeps_a_log(sqlite: str) -> None:
    archive = Archive.open(sqlite, site="home", zone=ZONE)
    with archive._database.read() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
    archive.close()


def test_a_file_that_is_no_database_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    path.write_text("precious" * 1000)
    with pytest.raises(DatabaseError) as raised:
        Archive.open(f"sqlite:///{path}", site="home", zone=ZONE)
    assert "not a database" in describe(raised.value)
    assert path.read_text() == "precious" * 1000


@pytest.mark.parametrize("part", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_damage_in_a_file_is_found(sqlite: str, part: float) -> None:
    archive = Archive.open(sqlite, site="home", zone=ZONE)
    archive.write([interval(START + 600 * number, number) for number in range(5000)])
    archive.optimise()
    path = Path(sqlite.removeprefix("sqlite:///"))
    data = bytearray(path.read_bytes())
    at = int(len(data) * part)
    data[at : at + 4096] = b"\xff" * 4096
    archive.close()
    path.write_bytes(data)
    damaged = Archive.open(sqlite, site="home", zone=ZONE)
    assert damaged.check() is not None
    damaged.close()


def test_a_file_that_was_removed_is_not_written_to(sqlite: str) -> None:
    archive = Archive.open(sqlite, site="home", zone=ZONE)
    Path(sqlite.removeprefix("sqlite:///")).unlink()
    with pytest.raises(FileNotFoundError):
        archive.write([interval()])
    archive.close()
    again = Archive.open(sqlite, site="home", zone=ZONE)
    again.write([interval()])
    assert again.info().intervals == 1
    again.close()


def test_settled_a_file_is_whole_without_its_log(sqlite: str, tmp_path: Path) -> None:
    archive = Archive.open(sqlite, site="home", zone=ZONE)
    archive.write([interval()])
    file = Path(sqlite.removeprefix("sqlite:///"))
    log = file.with_name(f"{file.name}-wal")
    assert log.stat().st_size > 0
    archive.settle()
    assert log.stat().st_size == 0
    copy = tmp_path / "copy.db"
    copy.write_bytes(file.read_bytes())
    assert ask(f"sqlite:///{copy}", "SELECT amount FROM ews_intervals") == [(100,)]
    archive.write([interval(START + 600)])
    assert len(list(all_rows(archive))) == 2
    archive.close()


def test_a_file_that_somebody_reads_cannot_be_settled(sqlite: str) -> None:
    archive = Archive.open(sqlite, site="home", zone=ZONE, lock_wait=0.05)
    archive.write([interval()])
    with archive._database.snapshot() as connection:
        connection.execute(text("SELECT * FROM ews_interval")).all()
        archive.write([interval(START + 600)])
        with pytest.raises(ArchiveError, match="somebody"):
            archive.settle()
    archive.settle()
    archive.close()


def test_a_file_that_was_removed_cannot_be_settled(sqlite: str) -> None:
    archive = Archive.open(sqlite, site="home", zone=ZONE)
    Path(sqlite.removeprefix("sqlite:///")).unlink()
    with pytest.raises(FileNotFoundError):
        archive.settle()
    archive.close()


def test_on_a_server_there_is_nothing_to_settle(postgresql: str) -> None:
    archive = Archive.open(postgresql, site="home", zone=ZONE)
    archive.write([interval()])
    archive.settle()
    assert ask(postgresql, "SELECT amount FROM ews_intervals") == [(100,)]
    archive.close()


def test_a_full_disk_is_an_error_and_nothing_is_half_done(sqlite: str) -> None:
    archive = Archive.open(sqlite, site="home", zone=ZONE)
    archive.write([interval()])
    archive._database.close()

    def fill(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA max_page_count=60")

    event.listen(archive._database.engine, "connect", fill)
    many = [interval(START + 600 * number, 1, f"device {number % 200}") for number in range(20_000)]
    with pytest.raises(FAULTS) as raised:
        archive.write(many)
    assert "full" in describe(raised.value)
    assert archive.info().intervals == 1
    event.remove(archive._database.engine, "connect", fill)
    archive._database.close()
    archive.write(many)
    assert archive.info().intervals == 20_000 + 1
    assert archive.check() is None
    archive.close()


def test_a_lock_of_another_program_is_an_error_after_the_wait(opener: Opener, hold: Callable[[], Any]) -> None:
    archive = opener(lock_wait=0.1)
    release = hold()
    with pytest.raises(OperationalError) as raised:
        archive.write([interval()])
    assert "lock" in describe(raised.value)
    release()
    archive.write([interval()])
    assert [row.start for row in all_rows(archive)] == [START]


@pytest.fixture
def hold(url: str) -> Callable[[], Any]:
    """Return what locks the database and returns what releases it."""

    def lock() -> Any:
        if url.startswith("sqlite"):
            connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
            connection.execute("BEGIN EXCLUSIVE")
            return connection.close
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
        holder = engine.connect()
        holder.execute(text("LOCK TABLE ews_site IN ACCESS EXCLUSIVE MODE"))
        return lambda: (holder.close(), engine.dispose())

    return lock


def test_reading_does_not_wait_for_a_writer(opener: Opener, url: str) -> None:
    archive = opener()
    archive.write([interval()])
    with archive._write() as writing:
        writing.intervals([interval(START + 600)])
        assert [row.start for row in all_rows(archive)] == [START]
    assert len(list(all_rows(archive))) == 2
    assert url


TIMESCALE = """CREATE TABLE made (relation regclass, time_column name, seconds bigint);
CREATE FUNCTION create_hypertable(relation regclass, time_column_name name, chunk_time_interval bigint) RETURNS void
LANGUAGE sql AS 'INSERT INTO made VALUES (relation, time_column_name, chunk_time_interval)'"""


def test_where_timescale_is_intervals_and_samples_are_cut_by_time(
    postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for statement in TIMESCALE.split(";"):
        ask(postgresql, statement)
    monkeypatch.setattr(module.PostgresDatabase, "_has_timescale", lambda _self, _connection: True)
    archive = Archive.open(postgresql, site=new_site(), zone=ZONE)
    made = ask(postgresql, "SELECT CAST(relation AS text), CAST(time_column AS text), seconds FROM made ORDER BY 1")
    assert made == [("ews_interval", "start", 604_800), ("ews_sample", "start", 86_400)]
    archive.write([interval()], [sample()])
    assert archive.info().size > 1_000_000
    archive.close()
