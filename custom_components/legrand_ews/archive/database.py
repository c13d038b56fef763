"""The database engines. Owns connections, transactions, and all in which SQLite and PostgreSQL differ."""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, override

from sqlalchemy import ARRAY, bindparam, create_engine, event, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from .errors import ArchiveError
from .schema import HYPERTABLES, METADATA

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from sqlalchemy import URL, Connection, Engine, Table

type Insertion = sqlite.Insert | postgresql.Insert

_DRIVERS: Final = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
_CONNECT: Final[dict[str, str | int]] = {
    "application_name": "legrand_ews",
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "tcp_user_timeout": 30_000,
}
"""So that a server that has gone silent is noticed within half a minute."""
_SCHEMA_LOCK: Final = 0x6C65677277736577


class Database(ABC):
    """A database; all transactions begin here."""

    name: str

    def __init__(self, engine: Engine, *, lock_wait: float) -> None:
        """Take an engine; ``lock_wait``: s to wait for another's lock."""
        self.engine = engine
        self.lock_wait = lock_wait

    def read(self) -> AbstractContextManager[Connection]:
        """Return a transaction that reads."""
        return self.engine.begin()

    @abstractmethod
    def write(self) -> AbstractContextManager[Connection]:
        """Return a transaction that writes."""

    @abstractmethod
    def snapshot(self) -> AbstractContextManager[Connection]:
        """Return a transaction all of whose statements see the same state."""

    @abstractmethod
    def insert(self, table: Table) -> Insertion:
        """Return an insertion that can say what to do about rows that are there."""

    @abstractmethod
    def insertion(self, table: Table, records: Sequence[Mapping[str, Any]]) -> tuple[Insertion, Any]:
        """Return the same for many rows, with what to execute it with."""

    @abstractmethod
    def prepare(self) -> None:
        """Bring the database to its way of working, before the schema is made."""

    @abstractmethod
    def lock_schema(self, connection: Connection) -> None:
        """Keep others from changing the schema until the transaction ends."""

    @abstractmethod
    def settle_schema(self, connection: Connection) -> None:
        """Finish tables that were just made."""

    @abstractmethod
    def size(self) -> int:
        """Return the bytes on disk."""

    @abstractmethod
    def optimise(self) -> None:
        """Give back free space and renew what the planner knows. Takes minutes on a large archive."""

    @abstractmethod
    def settle(self) -> None:
        """Bring what lies beside a file into it. Raises ArchiveError if somebody reads or writes for too long."""

    @abstractmethod
    def check(self) -> str | None:
        """Return what is broken, None if nothing is. Reads all of a file."""

    @abstractmethod
    def copy_file(self, path: Path) -> bool:
        """Copy the whole database as it is now; False if it is no file."""

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


class SqliteDatabase(Database):
    """A file, with a write-ahead log: reading and writing do not wait for each other.

    ``synchronous`` is FULL: what was written survives a power cut, too. There is one transaction each sample tick, a
    minute or more, so that the one wait for the disk costs nothing that anybody notices.
    """

    name = "sqlite"

    def __init__(self, url: URL, *, lock_wait: float) -> None:
        """Make the folder; the file is made with the first connection."""
        if not url.database or url.database == ":memory:":
            raise ArchiveError("the archive needs a file")
        self._path = Path(url.database)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": lock_wait})
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
        super().__init__(engine, lock_wait=lock_wait)
        self._writing = engine.execution_options(ews_begin="BEGIN IMMEDIATE")

    @override
    def write(self) -> AbstractContextManager[Connection]:
        self._demand_file()
        return self._writing.begin()

    @override
    def snapshot(self) -> AbstractContextManager[Connection]:
        return self.engine.begin()

    @override
    def insert(self, table: Table) -> sqlite.Insert:
        return sqlite.insert(table)

    @override
    def insertion(self, table: Table, records: Sequence[Mapping[str, Any]]) -> tuple[Insertion, Any]:
        return sqlite.insert(table), records

    @override
    def prepare(self) -> None:
        with self._bare() as connection:
            connection.execute("PRAGMA journal_mode=WAL")

    @override
    def lock_schema(self, connection: Connection) -> None:
        """Do nothing: a transaction that writes is the only one."""

    @override
    def settle_schema(self, connection: Connection) -> None:
        """Do nothing."""

    @override
    def size(self) -> int:
        total = 0
        for suffix in ("", "-wal"):
            with suppress(FileNotFoundError):
                total += self._path.with_name(self._path.name + suffix).stat().st_size
        return total

    @override
    def optimise(self) -> None:
        with self._bare() as connection:
            connection.execute("VACUUM")
            connection.execute("ANALYZE")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @override
    def settle(self) -> None:
        self._demand_file()
        with self._bare() as connection:
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise ArchiveError("the archive's log cannot be brought into its file: somebody is reading or writing")

    @override
    def check(self) -> str | None:
        try:
            with self._bare() as connection:
                found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(10)")]
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CORRUPT:
                raise
            return str(error)
        return None if found == ["ok"] else "; ".join(found)

    @override
    def copy_file(self, path: Path) -> bool:
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._bare() as source, closing(sqlite3.connect(path)) as target:
            source.backup(target)
            # A copy is one file, whatever becomes of what lies beside it.
            target.execute("PRAGMA journal_mode=DELETE")
        return True

    def _demand_file(self) -> None:
        """Raise FileNotFoundError if the file is gone: open connections would go on with one without a name."""
        if not self._path.exists():
            raise FileNotFoundError(self._path)

    @contextmanager
    def _bare(self) -> Iterator[sqlite3.Connection]:
        """Return a connection that is in no transaction."""
        connection = self.engine.raw_connection()
        try:
            yield connection.driver_connection  # type: ignore[misc]
        finally:
            connection.close()


class PostgresDatabase(Database):
    """A server, which many sites can share."""

    name = "postgresql"

    def __init__(self, url: URL, *, lock_wait: float) -> None:
        """Connect when first needed; raises ArchiveError where psycopg is missing."""
        options: dict[str, Any] = {name: value for name, value in _CONNECT.items() if name not in url.query}
        if "options" not in url.query:
            options["options"] = f"-c lock_timeout={round(1000 * lock_wait)}"
        try:
            engine = create_engine(url, hide_parameters=True, pool_pre_ping=True, pool_size=3, connect_args=options)
        except ImportError as error:
            raise ArchiveError(f"PostgreSQL needs the Python package psycopg, which cannot be used: {error}") from error
        super().__init__(engine, lock_wait=lock_wait)
        self._repeatable = engine.execution_options(isolation_level="REPEATABLE READ")
        self._bare = engine.execution_options(isolation_level="AUTOCOMMIT")

    @override
    def write(self) -> AbstractContextManager[Connection]:
        return self.engine.begin()

    @override
    def snapshot(self) -> AbstractContextManager[Connection]:
        return self._repeatable.begin()

    @override
    def insert(self, table: Table) -> postgresql.Insert:
        return postgresql.insert(table)

    @override
    def insertion(self, table: Table, records: Sequence[Mapping[str, Any]]) -> tuple[Insertion, Any]:
        """Hand in a list for each column: one statement, several times as fast as one for each row."""
        names = list(records[0])
        lists = [func.unnest(bindparam(name, type_=ARRAY(table.c[name].type))) for name in names]
        values = {name: [record[name] for record in records] for name in names}
        return postgresql.insert(table).from_select(names, select(*lists)), values

    @override
    def prepare(self) -> None:
        """Do nothing."""

    @override
    def lock_schema(self, connection: Connection) -> None:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SCHEMA_LOCK})

    @override
    def settle_schema(self, connection: Connection) -> None:
        if not self._has_timescale(connection):
            return
        make = text("SELECT create_hypertable(:name, 'start', chunk_time_interval => CAST(:seconds AS bigint))")
        for table, seconds in HYPERTABLES:
            connection.execute(make, {"name": table.name, "seconds": seconds})

    @override
    def size(self) -> int:
        total = "pg_total_relation_size(CAST(CAST(:name AS text) AS regclass))"
        with self.read() as connection:
            if self._has_timescale(connection):
                return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
            sizes = (connection.execute(text(f"SELECT {total}"), {"name": name}) for name in METADATA.tables)
            return sum(int(size.scalar_one()) for size in sizes)

    @override
    def optimise(self) -> None:
        with self._bare.connect() as connection:
            for name in METADATA.tables:
                connection.execute(text(f"VACUUM (ANALYZE) {name}"))

    @override
    def settle(self) -> None:
        """Do nothing."""

    @override
    def check(self) -> str | None:
        """Answering is all that is asked of a server."""
        with self.read() as connection:
            connection.execute(text("SELECT 1"))
        return None

    @override
    def copy_file(self, path: Path) -> bool:
        return False

    def _has_timescale(self, connection: Connection) -> bool:
        """Tell whether the database has TimescaleDB."""
        found = connection.execute(text("SELECT 1 FROM pg_extension WHERE extname = 'timescaledb'"))
        return found.first() is not None


def open_database(address: str, *, lock_wait: float) -> Database:
    """Return the database of a URL: ``sqlite:///path`` or ``postgresql://user:password@host/name``.

    Raises ArchiveError for any other, OSError if a file's folder cannot be made.
    """
    try:
        url = make_url(address)
    except ArgumentError, ValueError:
        raise ArchiveError("the archive's URL cannot be read") from None
    url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
    try:
        kind = {"sqlite": SqliteDatabase, "postgresql+psycopg": PostgresDatabase}[url.drivername]
    except KeyError:
        raise ArchiveError(f"the archive cannot be in {url.drivername}: use sqlite or postgresql") from None
    return kind(url, lock_wait=lock_wait)


def _on_connect(connection: Any, _record: object) -> None:
    """Take transactions into our own hands."""
    connection.isolation_level = None
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA journal_size_limit=67108864")
    connection.execute("PRAGMA cache_size=-16384")


def _on_begin(connection: Connection) -> None:
    """Begin a transaction; one that is to write takes its turn before it reads."""
    connection.exec_driver_sql(connection.get_execution_options().get("ews_begin", "BEGIN"))
