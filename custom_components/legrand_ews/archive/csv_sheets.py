"""What stands in the CSV files of a month, made from the archive. Owns columns and rows, not files.

A row is for the time in which an interval begins. Intervals begin on whole minutes; one that does not is the second
piece of one that was cut when its device was moved, and is added to the row before it, which is less than an hour old.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import chain, product
from typing import TYPE_CHECKING, Final

from .csv_costs import cost_text, plus, spent
from .csv_index import Version
from .rows import CONSUMED, UNITS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from decimal import Decimal

    from .csv_file import Line
    from .csv_format import CsvFormat
    from .csv_index import Columns, State
    from .rows import AlarmRow, Commodity, IntervalRow, SampleRow
    from .site import Site, SiteDevice

type Known = Callable[[str], tuple[str, ...]]
"""Tells the names that a file has columns for already."""

LOOK_BACK: Final = 3600
"""Seconds in which the row before an interval is looked for: the longest sample rate."""
TIME: Final = "time"
TOTAL: Final = "overallTotal/values"
COSTS: Final = "overallTotal/costs"
CREDIT: Final = "credit"
"""The title of what was earned by feeding in."""
_FOLDERS: Final[dict[str, Commodity]] = {"energy": "electricity", "gas": "gas", "water": "water"}
_COUNTED: Final[dict[Commodity, tuple[str, ...]]] = {
    "electricity": ("energy_import", "energy_export"),
    "gas": ("volume",),
    "water": ("volume",),
}
_KINDS: Final[dict[str, Callable[[IntervalRow], Iterable[str | None]]]] = {
    "devices": lambda row: (row.device,),
    "groups": lambda row: row.groups if row.counted else (),
    "loads": lambda row: (row.load,) if row.counted else (),
}
_TABLES: Final = {
    f"{folder}/{kind}": (commodity, keys)
    for folder, commodity in _FOLDERS.items()
    for kind, keys in _KINDS.items()
    if kind != "loads" or commodity == "electricity"
}
"""Name of each table with versions: what it is of, and the columns in which a row is."""
_MEASURED: Final[dict[str, Callable[[str], bool]]] = {
    "thd": lambda name: name.startswith("thd"),
    "harmonics": lambda name: name.startswith("harmonic"),
    "stat": lambda name: not name.startswith(("thd", "harmonic")),
}
_TRIPLE: Final = ("average", "minimum", "maximum")
_STATE: Final = ("event", "subject", "text")


@dataclass(frozen=True, kw_only=True)
class Month:
    """A month of the calendar; the end is not in it."""

    label: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A file as it should be, or its end."""

    path: str
    titles: Iterable[str]
    lines: list[Line]
    names: tuple[str, ...] = ()
    """Columns that may become more."""
    since: int
    """Nothing of the file is from before."""
    cut: int
    """What is here, is all from then on."""
    gone: bool = False
    """There is to be no such file any more; the lines are those that were in it, as far as they are known."""


@dataclass(slots=True)
class _Rows:
    """Finds the row of each interval, which must come in the order of time."""

    last: int | None = None

    def of(self, start: int) -> int:
        """Return the time of the row."""
        if start % 60 == 0:
            self.last = start
        elif self.last is not None and start - self.last < LOOK_BACK:
            return self.last
        return start


@dataclass(slots=True)
class _Cells:
    """Numbers by row and column."""

    amounts: dict[int, dict[str, int]] = field(default_factory=dict)

    def add(self, at: int, key: str, amount: int) -> None:
        """Add to a cell."""
        cells = self.amounts.setdefault(at, {})
        cells[key] = cells.get(key, 0) + amount

    def lines(self, keys: Iterable[str], form: CsvFormat, since: int, until: int) -> list[Line]:
        """Return the rows of [since, until) that have something in a column."""
        columns = tuple(keys)
        return [
            (at, form.line((form.time(at), *(form.number(cells.get(key)) for key in columns))))
            for at, cells in sorted(self.amounts.items())
            if since <= at < until and not cells.keys().isdisjoint(columns)
        ]


@dataclass(slots=True)
class _Bill:
    """What the whole site cost, by row, column and currency; the rows of amounts without a price are empty."""

    rows: _Rows = field(default_factory=_Rows)
    cells: dict[int, dict[tuple[str, str], Decimal]] = field(default_factory=dict)

    def add(self, row: IntervalRow) -> None:
        """Add an interval, which must come in the order of time."""
        at = self.rows.of(row.start)
        if not row.counted:
            return
        title = row.commodity if row.quantity in CONSUMED else CREDIT
        cells = self.cells.setdefault(at, {})
        for currency, cost in spent(row.pieces):
            cells[title, currency] = plus(cells.get((title, currency)), cost)

    def sheet(self, month: Month, since: int, known: Known, form: CsvFormat) -> Iterator[Sheet]:
        """Yield the file, if it has the currency of any price; else, where the whole month is here, its end."""
        path = f"{COSTS}_{month.label}.csv"
        rows = {at: cells for at, cells in sorted(self.cells.items()) if since <= at < month.end}
        names = tuple(sorted({currency for cells in rows.values() for _, currency in cells}.union(known(path))))
        if not names and since > month.start:
            return
        columns = list(product(("electricity", CREDIT, "gas", "water"), names))
        lines = [
            (at, form.line((form.time(at), *(cost_text(cells.get(column), form.style) for column in columns))))
            for at, cells in rows.items()
        ]
        yield Sheet(
            path=path,
            titles=(TIME, *(f"{title} [{currency}]" for title, currency in columns)),
            lines=lines,
            names=names,
            since=month.start,
            cut=since,
            gone=not names,
        )


def columns_of(site: Site) -> Iterator[tuple[str, Columns]]:
    """Yield the columns that each table has now."""
    for table, (commodity, _) in _TABLES.items():
        kind = table.partition("/")[2]
        devices = [(number, one) for number, one in _numbered(site) if one.commodity == commodity]
        of_devices = [(one.id, f"{number} {one.name}") for number, one in devices]
        named = {"devices": of_devices, "groups": site.groups.items(), "loads": site.loads.items()}[kind]
        yield table, tuple((key, f"{name} [{UNITS[commodity]}]") for key, name in named)


def table_sheets(
    rows: Iterable[IntervalRow], state: State, month: Month, since: int, known: Known, form: CsvFormat
) -> Iterator[Sheet]:
    """Yield what the tables of a month have from a time on; ``rows``: in order of time, from ``LOOK_BACK`` before."""
    of_commodity: dict[str, _Rows] = defaultdict(_Rows)
    total_rows, total, bill = _Rows(), _Cells(), _Bill()
    cells: dict[str, _Cells] = {table: _Cells() for table in _TABLES}
    for row in rows:
        bill.add(row)
        if row.quantity not in CONSUMED:
            continue
        at = of_commodity[row.commodity].of(row.start)
        for table, (commodity, keys) in _TABLES.items():
            if row.commodity == commodity:
                for key in keys(row):
                    cells[table].add(at, key or "", row.amount)
        at = total_rows.of(row.start)
        if row.counted:
            total.add(at, row.commodity, row.amount)
    for table, found in cells.items():
        for version, end in state.versions_of(table):
            if version.since < month.end and end > since:
                path = f"{table}_{month.label}_{version.number}.csv"
                yield _table(path, version, found, month, (max(since, version.since), min(end, month.end)), form)
    overall = tuple((commodity, f"{commodity} [{unit}]") for commodity, unit in UNITS.items())
    path = f"{TOTAL}_{month.label}.csv"
    yield _table(path, Version(number=1, since=month.start, columns=overall), total, month, (since, month.end), form)
    yield from bill.sheet(month, since, known, form)


def counter_sheets(
    rows: Iterable[IntervalRow], numbers: Mapping[str, int], month: Month, since: int, form: CsvFormat
) -> Iterator[Sheet]:
    """Yield what devices counted from a time on; ``rows``: in order of time, from ``LOOK_BACK`` before."""
    found: dict[tuple[str, Commodity], tuple[_Rows, _Cells]] = defaultdict(lambda: (_Rows(), _Cells()))
    for row in rows:
        times, cells = found[row.device, row.commodity]
        at = times.of(row.start)
        cells.add(at, row.quantity, row.amount)
        if row.estimated:
            cells.amounts[at]["estimated"] = 1
    names = {commodity: folder for folder, commodity in _FOLDERS.items()}
    for (device, commodity), (_, cells) in found.items():
        keys = _COUNTED[commodity]
        titles = (f"{key} [{UNITS[commodity]}]" for key in keys)
        yield Sheet(
            path=path_of(numbers[device], names[commodity], month),
            titles=(TIME, *titles, "estimated"),
            lines=cells.lines((*keys, "estimated"), form, since, month.end),
            since=month.start,
            cut=since,
        )


def sample_sheets(
    rows: Iterable[SampleRow],
    number: int,
    month: Month,
    since: int,
    known: Known,
    form: CsvFormat,
) -> Iterator[Sheet]:
    """Yield what a device measured."""
    samples = list(rows)
    for kind, belongs in _MEASURED.items():
        path = path_of(number, kind, month)
        fresh = {name for row in samples for name in row.values if belongs(name)}
        if not fresh:
            continue
        names = tuple(sorted(fresh.union(known(path))))
        yield Sheet(
            path=path,
            titles=chain([TIME], (f"{name} {part}" for name, part in product(names, _TRIPLE))),
            lines=[(row.start, _measured(row, names, form)) for row in samples if not fresh.isdisjoint(row.values)],
            names=names,
            since=month.start,
            cut=since,
        )


def state_sheet(alarms: Iterable[AlarmRow], number: int, month: Month, since: int, form: CsvFormat) -> Sheet:
    """Return the changes of state of a device; only what never changes of an entry."""
    lines = []
    for alarm in alarms:
        cells = (form.text(str(alarm.data.get(key) or "")) for key in _STATE)
        lines.append((int(alarm.at // 1), form.line((form.time(alarm.at), *cells))))
    path = path_of(number, "state", month)
    return Sheet(path=path, titles=(TIME, *_STATE), lines=lines, since=month.start, cut=since)


def settings(site: Site, form: CsvFormat) -> Iterator[tuple[str, bytes]]:
    """Yield the two files that say what the site consists of."""
    devices = _numbered(site)
    lines = [_DEVICE_TITLES]
    for number, one in devices:
        load = site.loads.get(one.load or "", "")
        groups = _list(site.groups[key] for key in one.groups if key in site.groups)
        place = (one.gateway, one.host, one.address, one.model, one.family, one.commodity or "")
        lines.append((str(number), one.name, *place, load, groups, "" if one.counted else "yes"))
    yield "settings/devices.csv", _whole(lines, form)
    lines = [("kind", "name", "devices"), ("site", site.name, "")]
    for key, name in site.loads.items():
        lines.append(("load", name, _list(f"{number} {one.name}" for number, one in devices if one.load == key)))
    for key, name in site.groups.items():
        lines.append(("group", name, _list(f"{number} {one.name}" for number, one in devices if key in one.groups)))
    yield "settings/system.csv", _whole(lines, form)


_DEVICE_TITLES: Final[tuple[str, ...]] = (
    "number", "name", "gateway", "host", "address", "model", "family", "measures", "load", "groups", "excluded",
)  # fmt: skip


def _numbered(site: Site) -> list[tuple[int, SiteDevice]]:
    """Return the devices that have a number, by it."""
    found = [(one.number, one) for one in site.devices if one.number is not None]
    return sorted(found, key=lambda pair: pair[0])


def path_of(number: int, kind: str, month: Month) -> str:
    """Return the path of a file of a device."""
    return f"devices/{number}/{number}_{kind}_{month.label}.csv"


def _table(path: str, version: Version, cells: _Cells, month: Month, span: tuple[int, int], form: CsvFormat) -> Sheet:
    """Return a table as it is in a time."""
    return Sheet(
        path=path,
        titles=(TIME, *(title for _, title in version.columns)),
        lines=cells.lines((key for key, _ in version.columns), form, *span),
        since=max(month.start, version.since),
        cut=span[0],
    )


def _measured(row: SampleRow, names: Iterable[str], form: CsvFormat) -> bytes:
    """Return the line of a sample."""
    nothing = (None,) * len(_TRIPLE)
    numbers = (number for name in names for number in row.values.get(name, nothing))
    return form.line((form.time(row.start), *map(form.number, numbers)))


def _list(names: Iterable[str]) -> str:
    """Return several names as one text."""
    return " | ".join(names)


def _whole(lines: Iterable[Iterable[str]], form: CsvFormat) -> bytes:
    """Return a file of text."""
    titles, *rest = lines
    return form.header(titles) + b"".join(form.line(map(form.text, line)) for line in rest)
