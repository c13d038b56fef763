"""Versions of the schema."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from custom_components.legrand_ews.archive import Archive, NewerSchemaError, schema
from custom_components.legrand_ews.archive import migration as module

from .support import RATES, START, ZONE, all_rows, ask, charge, interval, parted, session

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from .support import Opener

OLD = Path(__file__).with_name("version_1.sql")
COLUMNS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE name LIKE 'ews_%' ORDER BY 1",
    "postgresql": "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns "
    "WHERE table_schema = 'public' ORDER BY 1, 2",
}


def add_a_column(connection: Connection) -> None:
    """Be the step to a second version."""
    connection.execute(text("ALTER TABLE ews_device ADD COLUMN note TEXT"))


def test_what_is_there_stays_when_it_is_opened_again(opener: Opener, url: str) -> None:
    opener().write([interval()])
    before = ask(url, COLUMNS[url.partition(":")[0]])
    again = opener()
    assert [row.start for row in all_rows(again)] == [START]
    assert ask(url, COLUMNS[url.partition(":")[0]]) == before
    assert again.info().schema_version == schema.VERSION


def test_a_newer_version_is_refused_and_not_touched(opener: Opener, url: str) -> None:
    opener().write([interval()])
    ask(url, "UPDATE ews_schema SET version = version + 7")
    before = ask(url, COLUMNS[url.partition(":")[0]]), ask(url, "SELECT * FROM ews_site")
    with pytest.raises(NewerSchemaError, match="update") as raised:
        opener(site="another", zone="UTC")
    assert (raised.value.found, raised.value.known) == (schema.VERSION + 7, schema.VERSION)
    assert (ask(url, COLUMNS[url.partition(":")[0]]), ask(url, "SELECT * FROM ews_site")) == before


def test_a_newer_file_keeps_every_byte(sqlite: str, opener_of_file: Path) -> None:
    ask(sqlite, "UPDATE ews_schema SET version = version + 1")
    ask(sqlite, "PRAGMA journal_mode=DELETE")
    before = opener_of_file.read_bytes()
    with pytest.raises(NewerSchemaError):
        Archive.open(sqlite, site="home", zone=ZONE)
    assert opener_of_file.read_bytes() == before


@pytest.fixture
def opener_of_file(sqlite: str) -> Path:
    """Return the file of an archive."""
    Archive.open(sqlite, site="home", zone=ZONE).close()
    return Path(sqlite.removeprefix("sqlite:///"))


def test_an_old_version_is_brought_up_step_by_step(opener: Opener, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opener().write([interval()])
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    monkeypatch.setitem(module.MIGRATIONS, schema.VERSION - 1, add_a_column)
    assert [row.start for row in all_rows(opener())] == [START]
    assert ask(url, "SELECT note FROM ews_device") == [(None,)]
    assert ask(url, "SELECT version FROM ews_schema") == [(schema.VERSION,)]


def test_a_step_that_fails_leaves_the_old_version(opener: Opener, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opener().write([interval()])
    version = schema.VERSION
    before = ask(url, COLUMNS[url.partition(":")[0]])

    def fail(connection: Connection) -> None:
        add_a_column(connection)
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(schema, "VERSION", version + 1)
        patch.setitem(module.MIGRATIONS, version, fail)
        with pytest.raises(OSError, match="no space"):
            opener()
    assert ask(url, COLUMNS[url.partition(":")[0]]) == before
    assert [row.start for row in all_rows(opener())] == [START]


def test_tables_that_came_later_are_made_in_an_archive_that_is_there(opener: Opener, url: str) -> None:
    opener().write([interval()])
    before = ask(url, COLUMNS[url.partition(":")[0]])
    for table in ("ews_session", "ews_session_part"):
        ask(url, f"DROP TABLE {table}")
    again = opener()
    again.write(sessions=[session()])
    assert again.sessions(0, 2 * START) == [session()]
    assert [row.start for row in all_rows(again)] == [START]
    assert ask(url, COLUMNS[url.partition(":")[0]]) == before


def test_every_version_has_its_step() -> None:
    assert sorted(module.MIGRATIONS) == list(range(1, schema.VERSION))


def test_a_file_of_version_1_opens(sqlite: str, tmp_path: Path) -> None:
    file = tmp_path / "archive" / "archive.db"
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(OLD.read_text())
    archive = Archive.open(sqlite, site="home", zone=ZONE)
    first = interval(load="heating", groups=("east",), rate=RATES[0])
    assert list(all_rows(archive)) == [first, parted(interval(START + 600, 7), [300], RATES[1:])]
    assert archive.charges(0, 2 * START) == [charge(START)]
    assert archive.marks() == {("mains", "energy_import"): (START + 1200, 107)}
    assert archive.numbers(["tap", "mains"]) == {"tap": 2, "mains": 1}
    archive.write([interval(START + 1200, 3)])
    (total,) = archive.consumption("total", None, "year", 0, 2 * START)
    assert total.amount == 110
    costs = archive.costs("total", None, "year", 0, 2 * START)
    assert {row.rate: row.amount for row in costs} == {None: 3, RATES[0]: 100, RATES[1]: 1, RATES[2]: 6}
    assert [row.values for row in archive.samples("mains", None, 0, 2 * START)] == [{"voltage_1": (230, 229, 231)}]
    archive.close()
    fresh = tmp_path / "fresh.db"
    Archive.open(f"sqlite:///{fresh}", site="home", zone=ZONE).close()
    assert ask(sqlite, COLUMNS["sqlite"]) == ask(f"sqlite:///{fresh}", COLUMNS["sqlite"])
