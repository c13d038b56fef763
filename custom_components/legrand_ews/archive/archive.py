"""The archive of one site. Owns opening, transactions and their order; all of it blocks.

May be used by several threads at once: one writes at a time, readers do not wait.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Self, override

from sqlalchemy import func, select

from . import care, repricing
from .database import Database, open_database
from .local_time import LocalTime
from .migration import migrate
from .naming import Names
from .rows import ArchiveInfo
from .schema import ALARM, INTERVAL, SESSION, SITE, VERSION
from .session_reading import SessionReading
from .span import ALWAYS, edges
from .writing import Writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Connection, Row, Select

    from .repricing import Price
    from .rows import AlarmRow, ChargeRow, HourCost, IntervalRow, Kind, SampleRow, SessionRow

_DAY: Final = 86400


class Archive(SessionReading):
    """Intervals with their roll-ups, samples, alarms and charging sessions of a site.

    All methods raise one of ``FAULTS`` if the database does not do as it should; nothing is half done then.
    """

    def __init__(self, database: Database, *, site: str, time: LocalTime) -> None:
        """Use ``open``."""
        self._database = database
        self._lock = Lock()
        self.site = site
        super().__init__(_site_number(database, site, time.name), time)
        self._names = Names(database, self._site)
        self._follow_zone()

    @classmethod
    def open(cls, url: str, *, site: str, zone: str, lock_wait: float = 5.0) -> Self:
        """Open an archive, made or brought to the present schema where needed.

        ``url``: ``sqlite:///path`` or ``postgresql://user:password@host/name``. ``site``: tells the rows of this
        installation from those of others in the same database. ``zone``: IANA name; if it is another one than the
        last time, hours, days and months are laid anew. ``lock_wait``: s to wait for a lock of somebody else's.
        Raises NewerSchemaError, another ArchiveError, or what else is in ``FAULTS``; KeyError for an unknown zone.
        """
        time = LocalTime(zone)
        database = open_database(url, lock_wait=lock_wait)
        try:
            migrate(database)
            return cls(database, site=site, time=time)
        except BaseException:
            database.close()
            raise

    @property
    def zone(self) -> str:
        """The name of the time zone."""
        return self._time.name

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    def write(
        self,
        intervals: Iterable[IntervalRow] = (),
        samples: Iterable[SampleRow] = (),
        alarms: Iterable[AlarmRow] = (),
        sessions: Iterable[SessionRow] = (),
    ) -> None:
        """Write rows in one transaction: all are there afterwards, or none.

        An interval or a sample that is there already is neither counted twice nor changed; an alarm or a session is
        replaced.
        """
        with self._write() as writing:
            writing.intervals(intervals)
            writing.samples(samples)
            writing.alarms(alarms)
            writing.sessions(sessions)

    def info(self) -> ArchiveInfo:
        """Return size, rows and times; quick on an archive of any size."""
        counts = (
            select(func.count()).where(table.c.site == self._site).scalar_subquery().label(name)
            for name, table in (("alarms", ALARM), ("sessions", SESSION))
        )
        row = self._ask(select(SITE, *counts).where(SITE.c.id == self._site))[0]
        return ArchiveInfo(
            engine=self._database.name,
            schema_version=VERSION,
            size=self._database.size(),
            intervals=row.intervals,
            samples=row.samples,
            alarms=row.alarms,
            last_interval=row.last_interval,
            kept_since=row.kept_since,
            sessions=row.sessions,
        )

    def check(self) -> str | None:
        """Return what is broken in the database, None if nothing is. Reads all of a file."""
        return self._database.check()

    def optimise(self) -> None:
        """Give back free space of a file, let a server use its own again, and renew what the planners know.

        Takes minutes on a large archive; writers to a file wait meanwhile.
        """
        self._database.optimise()

    def settle(self) -> None:
        """Bring all that was written into the one file of SQLite, so that a copy of it is whole; nothing on a server.

        Raises ArchiveError if somebody else reads or writes for longer than the wait for a lock.
        """
        with self._lock:
            self._database.settle()

    def numbers(self, devices: Iterable[str]) -> dict[str, int]:
        """Return the numbers that people know devices by: 1, 2, 3 ... in the order in which they were first asked for.

        A number stays for ever, also when its device is gone.
        """
        wanted = list(dict.fromkeys(devices))
        known = self.numbered()
        if not known.keys() >= set(wanted):
            with self._write() as writing:
                writing.number(wanted)
            known = self.numbered()
        return {device: known[device] for device in wanted}

    def write_charges(self, rows: Iterable[ChargeRow]) -> None:
        """Write fixed charges; one of a day that is there already is not changed."""
        with self._write() as writing:
            writing.charges(rows)

    def replace_charges(self, since: int, until: int, rows: Iterable[ChargeRow]) -> None:
        """Write fixed charges in place of those of the days that begin in [since, until), which theirs must, too."""
        given = list(rows)
        if not all(since <= row.day < until for row in given):
            raise ValueError("a charge of another day")
        with self._write() as writing:
            writing.remove_charges(since, until)
            writing.charges(given)

    def reprice(
        self,
        since: int,
        until: int,
        price: Price,
        *,
        apply: bool,
        progress: Callable[[int, int], None] | None = None,
    ) -> list[HourCost]:
        """Price the intervals anew that begin in [since, until) and are still there; return what left and came.

        In order of time, by hour and rate. ``price``: tells the rate of an interval, or its parts. ``apply``: False
        changes nothing. ``progress``: is told days done and days to do. A day at a time, so that writers come in
        between. Can be ended at any moment and called again. Raises ValueError for parts that do not make the
        interval.
        """
        days = list(self._time.windows(*self._span(INTERVAL, since, until)))
        moved: list[HourCost] = []
        for done, day in enumerate(days, 1):
            if apply:
                with self._write() as writing:
                    changed = repricing.changes(writing.connection, self._site, *day, price)
                    repricing.apply(writing, changed)
            else:
                with self._database.read() as connection:
                    changed = repricing.changes(connection, self._site, *day, price)
            moved += repricing.hour_costs(changed, self._time)
            if progress is not None:
                progress(done, len(days))
        return moved

    def retain(self, before: Mapping[Kind, int]) -> dict[Kind, int]:
        """Delete what begins before a time, by kind; return how many rows went. Days and months always stay.

        A day at a time, so that writers come in between. Can be ended at any moment and called again.
        """
        gone: dict[Kind, int] = {}
        for kind, limit in before.items():
            gone[kind] = 0
            if kind == "intervals":
                with self._write() as writing:
                    care.forget(writing.connection, self._site, limit)
            while (first := self._ask(edges(self._site, care.TABLES[kind]))[0].first) is not None and first < limit:
                with self._write() as writing:
                    gone[kind] += care.remove(writing.connection, self._site, kind, min(limit, int(first) + _DAY))
        return gone

    def backup(self, path: Path) -> None:
        """Write a consistent copy to a file that is not there yet; writing goes on meanwhile.

        It is an SQLite archive in either case: the whole file, or of a server what is this site's. A copy that
        cannot be finished is removed. Raises FileExistsError rather than replace a file.
        """
        if path.exists():
            raise FileExistsError(path)
        try:
            if not self._database.copy_file(path):
                with closing(Archive.open(f"sqlite:///{path}", site=self.site, zone=self.zone)) as target:
                    self.copy_to(target)
        except BaseException:
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            raise

    def copy_to(
        self, other: Archive, progress: Callable[[int, int], None] | None = None, *, since: int | None = None
    ) -> None:
        """Copy all rows as of now into another archive of the same time zone, and tell rows done and rows to do.

        ``since``: only intervals and sessions that end after it, samples and alarms from it on. Marks come along, and
        numbers: a device of the other one that had such a number gets a new one when next asked for. Can be ended at
        any moment and called again. The other one should have nothing of its own before the time up to which intervals
        were deleted here. Raises ValueError if the time zones differ.
        """
        if other.zone != self.zone:
            raise ValueError(f"time zones differ: {self.zone} and {other.zone}")
        earliest, done = ALWAYS if since is None else since, 0
        with self._database.snapshot() as connection:
            view = _View(connection, self._site, self._time)
            total = care.rows_since(connection, self._site, earliest)
            for batch in care.batches(view, earliest):
                other.write(batch.intervals, batch.samples, batch.alarms, batch.sessions)
                done += len(batch)
                if progress is not None:
                    progress(done, total)
            before = connection.execute(select(SITE.c.kept_since).where(SITE.c.id == self._site)).scalar()
            with other._write() as writing:
                if before is not None:
                    care.copy_old(connection, self._site, before, writing)
                care.copy_register(view, writing)

    @override
    def _ask(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        with self._database.read() as connection:
            return connection.execute(statement).all()

    @contextmanager
    def _write(self) -> Iterator[Writing]:
        """Return a transaction that writes; what it learned is forgotten if it fails."""
        with self._lock:
            try:
                with self._database.write() as connection:
                    yield Writing.begin(connection, self._database, self._site, self._names, self._time)
            except BaseException:
                self._names.forget()
                raise

    def _follow_zone(self) -> None:
        """Lay the roll-ups anew if they are of another time zone."""
        zone = select(SITE.c.zone).where(SITE.c.id == self._site)
        if self._ask(zone)[0].zone == self.zone:
            return
        with self._write() as writing:
            stored = writing.connection.execute(zone).scalar_one()
            if stored != self.zone:
                care.change_zone(writing, LocalTime(stored))


class _View(SessionReading):
    """A site as one transaction sees it."""

    def __init__(self, connection: Connection, site: int, time: LocalTime) -> None:
        """Take the transaction."""
        self._connection = connection
        super().__init__(site, time)

    @override
    def _ask(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        return self._connection.execute(statement).all()


def _site_number(database: Database, key: str, zone: str) -> int:
    """Return the number of a site, made where it is new."""
    wanted = select(SITE.c.id).where(SITE.c.key == key)
    with database.read() as connection:
        found = connection.execute(wanted).scalar()
    if found is None:
        with database.write() as connection:
            connection.execute(database.insert(SITE).values(key=key, zone=zone).on_conflict_do_nothing())
            found = connection.execute(wanted).scalar_one()
    return int(found)
