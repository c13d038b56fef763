"""The CSV folders of a site, manual 8.4.3. Owns which of their files are brought up to date from what, and when.

An update reads what came since the last one, and adds lines. A file that is not as the index has it, by its size, is
built anew from the archive, and so are all if the index is lost or the style is another one. The files of months that
an update does not touch are checked once a day. Lines that the archive no longer has are kept. Charging sessions change
while they go on: the months in which those began that an update is about are among its months, with all their sessions.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import batched, chain, islice
from threading import Lock
from typing import TYPE_CHECKING, Final

from .csv_file import discard, extend, first_of, make_folder, rebuild, replace, size_of
from .csv_format import CsvFormat
from .csv_index import Entry, Index
from .csv_sessions import session_sheet
from .csv_sheets import (
    LOOK_BACK,
    Month,
    columns_of,
    counter_sheets,
    sample_sheets,
    settings,
    state_sheet,
    table_sheets,
)
from .local_time import LocalTime

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from .archive import Archive
    from .csv_format import CsvStyle
    from .csv_sheets import Sheet
    from .rows import AlarmRow, IntervalRow, SampleRow
    from .site import Site

_ALWAYS: Final = -(2**40)
_DAY: Final = 86400
_GRACE: Final = 900
"""Seconds before a time from which samples are read again; an hour of them costs too much at each tick."""
_TOGETHER: Final = 16
"""Devices whose intervals of a long time are in memory together."""


class Folders:
    """The tree of files under a folder; may be used by several threads, one at a time does something."""

    def __init__(self, root: Path, style: CsvStyle, zone: str) -> None:
        """Take the folder, made when needed, and an IANA name. Raises KeyError or ValueError for an unknown zone."""
        self._root = root
        self._form = CsvFormat(style, zone)
        self._time = LocalTime(zone)
        self._style = f"{style.decimal} {style.separator} {zone}"
        self._lock = Lock()
        self._checked: int | None = None

    def update(self, archive: Archive, site: Site, *, now: int, since: int | None) -> int:
        """Bring all files up to date with the intervals that begin before ``now``; return how many were written.

        ``since``: what begins before it is in the archive as it was at the last update, also at the same prices, but
        for intervals and states of the hour before it, samples of a quarter of an hour, and sessions that are open or
        ended in that hour; None: nothing is known. Sessions that came later than that are found once a day. POSIX
        seconds. Blocks. Raises OSError, or one of ``FAULTS`` of the archive; what was not done then is done the
        next time.
        """
        with self._lock:
            index = self._open_index()
            update = _Update(self._root, self._form, self._time, index, archive, site, now)
            begin = None if since is None or index.state.until is None else min(since, index.state.until)
            day = self._time.floor(now, "day")
            update.run(begin, check=self._checked != day)
            self._checked = day
            return update.written

    def _open_index(self) -> Index:
        """Return the index, empty where it is of files in another style."""
        index = Index(self._root)
        state = index.state
        if state.style != self._style:
            index.forget()
            state.style, state.until = self._style, None
        return index


class _Update:
    """One update."""

    def __init__(
        self, root: Path, form: CsvFormat, time: LocalTime, index: Index, archive: Archive, site: Site, now: int
    ) -> None:
        """Take everything."""
        self.written = 0
        self._root = root
        self._form = form
        self._time = time
        self._index = index
        self._archive = archive
        self._site = site
        self._now = now
        self._numbers = {one.id: one.number for one in site.devices if one.number is not None}

    def run(self, begin: int | None, *, check: bool) -> None:
        """Bring the files up to date from a time on, None: all; ``check``: look at all others, too."""
        state, touched = self._index.state, []
        for table, columns in columns_of(self._site):
            state.follow(table, columns)
        cut = None if begin is None else begin - LOOK_BACK
        oldest = self._oldest() if cut is None else min([cut, *self._session_starts(cut)])
        first = min(oldest, oldest if state.first is None else state.first)
        try:
            for month in self._months(first if cut is None or check else oldest):
                touched.append(month.label)
                self._bring(month, cut)
            state.first, state.until = self._time.floor(first, "month"), self._now
            for path, content in settings(self._site, self._form):
                make_folder(self._root, self._root / path)
                self.written += replace(self._root / path, content)
        finally:
            self._index.save(touched)

    def _oldest(self) -> int:
        """Return the time of the first row of the archive, now if there is none."""
        span = _ALWAYS, self._now
        rows: list[Iterator[IntervalRow | SampleRow]] = [self._archive.intervals(None, *span)]
        rows += [self._archive.samples(device, None, *span) for device in self._numbers]
        starts = (row.start for row in chain.from_iterable(islice(some, 1) for some in rows))
        states = (int(row.at // 1) for row in self._archive.alarms(*span)[:1])
        return min(chain([self._now], starts, states, self._session_starts(_ALWAYS)))

    def _session_starts(self, since: int) -> Iterator[int]:
        """Yield when the sessions began that may have changed since a time."""
        return (row.start for row in self._archive.sessions(since, self._now))

    def _months(self, since: int) -> Iterator[Month]:
        """Yield the months from a time on."""
        start = self._time.floor(since, "month")
        while start < self._now:
            end = self._time.after(start, "month")
            label = self._form.time(start)[: len("2026-01")]
            yield Month(label=label, start=start, end=end)
            start = end

    def _bring(self, month: Month, cut: int | None) -> None:
        """Bring the files of a month up to date, those that are not as they should be from its beginning on."""
        entries = self._index.month(month.label)
        begin = month.start if cut is None or entries is None else max(cut, month.start)
        if entries is None:
            entries = self._index.new_month(month.label)
        wrong = {path for path, entry in entries.items() if size_of(self._root / path) != entry.size}
        for path in wrong:
            del entries[path]
        if begin < month.end:
            wrong |= self._write(self._sheets(month, begin, self._numbers, tables=True), entries)
        else:
            wrong |= self._write([self._sessions(month)], entries)
        if wrong:
            self._repair(month, wrong, entries)
        if begin == month.start:
            self._tidy(month, entries)

    def _repair(self, month: Month, wrong: Collection[str], entries: dict[str, Entry]) -> None:
        """Build files of a month anew."""
        parts = [path.split("/") for path in wrong]
        numbers = {int(part[1]) for part in parts if part[0] == "devices"}
        devices = {device: number for device, number in self._numbers.items() if number in numbers}
        tables = any(part[0] != "devices" for part in parts)
        sheets = self._sheets(month, month.start, devices, tables=tables)
        self._write((sheet for sheet in sheets if sheet.path in wrong), entries)

    def _write(self, sheets: Iterable[Sheet], entries: dict[str, Entry]) -> set[str]:
        """Write sheets that say what files have from a time on; return those for which that is not enough."""
        wanting = set()
        for sheet in sheets:
            if not sheet.lines:
                continue
            path, entry = self._root / sheet.path, entries.get(sheet.path)
            make_folder(self._root, path)
            if sheet.gone:
                self._remove(path, sheet)
                entries.pop(sheet.path, None)
                continue
            if sheet.cut <= sheet.since:
                changed = rebuild(path, self._form.header(sheet.titles), sheet.lines, self._form)
            elif entry is None or entry.names != sheet.names or size_of(path) != entry.size:
                wanting.add(sheet.path)
                continue
            else:
                changed = extend(path, entry.size, sheet.cut, sheet.lines, self._form) > 0
            self.written += changed
            entries[sheet.path] = Entry(size=path.lstat().st_size, names=sheet.names)
        return wanting

    def _remove(self, path: Path, sheet: Sheet) -> None:
        """Let go of a file that is not to be any more."""
        if size_of(path) is not None:
            discard(path, sheet.lines[0][0], self._form)
            self.written += 1

    def _sheets(self, month: Month, since: int, numbers: Mapping[str, int], *, tables: bool) -> Iterator[Sheet]:
        """Yield what the files of a month have from a time on."""
        form, until = self._form, min(month.end, self._now)
        entries = self._index.new_month(month.label)
        early = max(month.start, since - LOOK_BACK)
        at_once = until - early <= _DAY

        def known(path: str) -> tuple[str, ...]:
            return entries[path].names if since > month.start and path in entries else ()

        read = self._reader(early, until, at_once=at_once and (tables or len(numbers) > _TOGETHER))
        if tables:
            yield from table_sheets(read(None), self._index.state, month, since, known, form)
            yield self._sessions(month)
        for some in batched(numbers, max(1, len(numbers)) if at_once else _TOGETHER, strict=False):
            yield from counter_sheets(read(some), numbers, month, since, form)
        cut = since if since == month.start else since + LOOK_BACK - _GRACE
        for device, number in numbers.items():
            samples = self._archive.samples(device, None, cut, until)
            yield from sample_sheets(samples, number, month, cut, known, form)
        for device, alarms in self._states(since, until).items():
            if device in numbers:
                yield state_sheet(alarms, numbers[device], month, since, form)

    def _sessions(self, month: Month) -> Sheet:
        """Return the sessions that began in a month."""
        rows = self._archive.sessions(month.start, min(month.end, self._now))
        return session_sheet([row for row in rows if row.start >= month.start], month, self._form)

    def _reader(
        self, since: int, until: int, *, at_once: bool
    ) -> Callable[[Collection[str] | None], Iterable[IntervalRow]]:
        """Return what reads the intervals of devices, None: of all; ``at_once``: by one query."""
        if not at_once:
            return lambda devices: self._archive.intervals(devices, since, until)
        rows = list(self._archive.intervals(None, since, until))
        return lambda devices: rows if devices is None else _of(rows, frozenset(devices))

    def _states(self, since: int, until: int) -> dict[str, list[AlarmRow]]:
        """Return changes of state by device."""
        found: dict[str, list[AlarmRow]] = defaultdict(list)
        for row in self._archive.alarms(since, until):
            if row.data.get("kind") == "state" and row.data.get("device_id") is not None:
                found[row.data["device_id"]].append(row)
        return found

    def _tidy(self, month: Month, entries: Mapping[str, Entry]) -> None:
        """Let go of versions of tables that an index had which is lost."""
        if not self._index.lost:
            return
        for table, _ in columns_of(self._site):
            only = f"{table}_{month.label}_1.csv"
            if only in entries:
                first = first_of(self._root / only, self._form)
                others = (self._root / only).parent.glob(f"{table.split('/')[1]}_{month.label}_*.csv")
                for path in others:
                    if path.name != only.split("/")[1]:
                        discard(path, first, self._form)


def _of(rows: Iterable[IntervalRow], devices: Collection[str]) -> Iterator[IntervalRow]:
    """Yield the rows of some devices."""
    return (row for row in rows if row.device in devices)
