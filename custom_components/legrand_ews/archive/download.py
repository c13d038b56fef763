"""The data download: consumption as tables in a zip, made while it is taken (manual 8.5.1).

Owns the names of the files, their columns and their rows. Who may ask, and what the devices, loads and groups are, is
the matter of others. Files of costs stand beside those of amounts, with ``_cost`` before the dot; charging sessions
have a file of their own if there were any, or if nothing else is wanted.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import batched, groupby, product
from typing import TYPE_CHECKING, Final, Literal
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from .csv_costs import cost_text, plus, spent
from .csv_format import CsvFormat
from .csv_sessions import currencies_of, lines_of, titles
from .csv_sheets import CREDIT, TIME
from .local_time import LocalTime
from .rows import UNITS, ConsumptionRow

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from .archive import Archive
    from .bars import Step
    from .csv_format import CsvStyle
    from .rows import Commodity, CostRow, Scope, SessionRow
    from .site import Site

type Listing = Literal["devices", "groups", "loads"]
type _Column = tuple[str, str, str]
"""Key, quantity, and the currency of a cost; the last is empty where no price is known, and in columns of amounts."""

_SCOPES: Final[dict[Listing, Scope]] = {"devices": "device", "groups": "group", "loads": "load"}
_QUANTITIES: Final[dict[Commodity, tuple[str, ...]]] = {
    "electricity": ("energy_import", "energy_export"),
    "gas": ("volume",),
    "water": ("volume",),
}
"""In the order of their columns; the first is what is consumed."""
_COMMODITIES: Final[dict[Listing, tuple[Commodity, ...]]] = {
    "devices": ("electricity", "gas", "water"),
    "groups": ("electricity", "gas", "water"),
    "loads": ("electricity",),
}
_QUARTER: Final = 900
_ROWS: Final = 500
_SESSIONS: Final = "report_charging_sessions.csv"
_CELL: Final = {False: 12, True: 24}
"""Bytes of an amount, and of a cost, on a large estimate."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What somebody wants to have: the rows that begin in [since, until), POSIX seconds on full quarters of an hour."""

    kind: Listing
    keys: tuple[str, ...]
    since: int
    until: int
    step: Step
    costs: bool = False
    """Also what it cost."""
    sessions: bool = True
    """Also the charging sessions that begin then, of all stations."""

    def __post_init__(self) -> None:
        """Refuse times between two rows."""
        if self.since % _QUARTER or self.until % _QUARTER:
            raise ValueError(f"no full quarters of an hour: {self.since}, {self.until}")


@dataclass(frozen=True, kw_only=True)
class _Table:
    """A file to be made."""

    name: str
    commodity: Commodity
    columns: Sequence[_Column]
    titles: Sequence[str]
    costs: bool = False


def stream(
    archive: Archive, site: Site, request: Request, style: CsvStyle, progress: Callable[[float], None]
) -> Iterator[bytes]:
    """Yield the pieces of a zip with a table for each commodity that the chosen things have, or had.

    ``progress`` is told how much is made, 0 to 1. Rows begin with the first month that something is known of, and are
    there for all steps from then on; Wh and dm3, nothing where nothing is known. The same rows make the same bytes.
    Each piece is made when it is asked for, in any thread; nothing is held open between two of them. Pieces may be
    empty: much is compressed together. Raises ``FAULTS``.
    """
    known = _known(archive, request)
    since = max(request.since, min((row.start for row in known), default=request.since))
    tables = _tables(site, request, known)
    if request.costs:
        tables = _with_costs(tables, _priced(archive, request), _names(site, request.kind))
    form = CsvFormat(style, archive.zone)
    pipe = _Pipe()
    with ZipFile(pipe, "w", ZIP_DEFLATED) as target:
        for number, table in enumerate(tables):
            with target.open(_member(table, request), "w") as file:
                file.write(form.header(table.titles))
                for at, lines in _lines(archive, request, table, since, form):
                    file.write(lines)
                    progress((number + (at - since) / (request.until - since)) / len(tables))
                    yield pipe.taken()
        # A zip with nothing in it would be taken for a broken one.
        if (sessions := _sessions(archive, request)) or not tables:
            with target.open(_compressed(_SESSIONS), "w") as file:
                for lines in _session_lines(sessions, form):
                    file.write(lines)
                    yield pipe.taken()
    progress(1.0)
    yield pipe.taken()


def _known(archive: Archive, request: Request) -> list[ConsumptionRow]:
    """Return by month what the archive has of the chosen things."""
    return archive.consumption(_SCOPES[request.kind], request.keys, "month", *_months(archive, request))


def _priced(archive: Archive, request: Request) -> list[CostRow]:
    """Return the same at its prices."""
    return archive.costs(_SCOPES[request.kind], request.keys, "month", *_months(archive, request))


def _months(archive: Archive, request: Request) -> tuple[int, int]:
    """Return the time that is asked for, from the beginning of a month."""
    return LocalTime(archive.zone).floor(request.since, "month"), request.until


def _tables(site: Site, request: Request, known: Collection[ConsumptionRow]) -> list[_Table]:
    """Return the files, each with the things that have its commodity; of electricity if none has any."""
    have = _members(site, request) or {(key, _COMMODITIES[request.kind][0]) for key in request.keys}
    wanted: set[tuple[str, str, str]] = {(key, _QUANTITIES[commodity][0], commodity) for key, commodity in have}
    wanted |= {(row.key, row.quantity, row.commodity) for row in known if row.key is not None}
    names = _names(site, request.kind)
    tables: list[_Table] = []
    for commodity in _COMMODITIES[request.kind]:
        pairs = ((key, quantity) for key in request.keys for quantity in _QUANTITIES[commodity])
        columns = [(key, quantity, "") for key, quantity in pairs if (key, quantity, commodity) in wanted]
        if columns:
            titles = [TIME, *(_title(names.get(key, key), quantity, UNITS[commodity]) for key, quantity, _ in columns)]
            name = "loads" if request.kind == "loads" else f"{request.kind}_{commodity}"
            name = f"report_energy_{name}.csv"
            tables.append(_Table(name=name, commodity=commodity, columns=columns, titles=titles))
    return tables


def _with_costs(tables: Iterable[_Table], priced: Iterable[CostRow], names: Mapping[str, str]) -> list[_Table]:
    """Return the files, each with the one of its costs; several currencies have a column each."""
    currencies: dict[tuple[str, str, str], set[str]] = {}
    for row in priced:
        if row.rate is not None:
            currencies.setdefault((row.key or "", row.quantity, row.commodity), set()).add(row.rate.currency)
    found: list[_Table] = []
    for table in tables:
        used = set().union(*(currencies.get((*column[:2], table.commodity), ()) for column in table.columns))
        columns = [(*column[:2], currency) for column, currency in product(table.columns, sorted(used) or [""])]
        titles = [TIME, *(_cost_title(names.get(key, key), quantity, currency) for key, quantity, currency in columns)]
        name = table.name.replace(".csv", "_cost.csv")
        found += table, _Table(name=name, commodity=table.commodity, columns=columns, titles=titles, costs=True)
    return found


def _members(site: Site, request: Request) -> set[tuple[str, Commodity]]:
    """Return which of the chosen things has which commodity today."""
    if request.kind == "loads":
        return {(key, "electricity") for key in request.keys}
    return {
        (key, device.commodity)
        for device in site.devices
        if device.commodity is not None
        for key in ((device.id,) if request.kind == "devices" else device.groups)
        if key in request.keys
    }


def _names(site: Site, kind: Listing) -> Mapping[str, str]:
    """Return names by key; devices of two gateways may have one name, so they have their numbers, too."""
    devices = {one.id: one.name if one.number is None else f"{one.number} {one.name}" for one in site.devices}
    return {"devices": devices, "groups": site.groups, "loads": site.loads}[kind]


def _title(name: str, quantity: str, unit: str) -> str:
    """Return the title of a column, as the tables of the folders have it."""
    return f"{name} {quantity} [{unit}]" if quantity == "energy_export" else f"{name} [{unit}]"


def _cost_title(name: str, quantity: str, currency: str) -> str:
    """Return the title of a column of costs."""
    title = f"{name} {CREDIT}" if quantity == "energy_export" else name
    return f"{title} [{currency}]" if currency else title


def _lines(
    archive: Archive, request: Request, table: _Table, since: int, form: CsvFormat
) -> Iterator[tuple[int, bytes]]:
    """Yield many lines at a time, with the start of the last one."""
    keys = {column[0] for column in table.columns}
    read = archive.grouped_costs if table.costs else archive.grouped
    rows = read(_SCOPES[request.kind], keys, request.step, since, request.until)
    amounts = groupby((row for row in rows if row.commodity == table.commodity), key=lambda row: row.start)
    start, found = next(amounts, (None, ()))
    for steps in batched(_steps(LocalTime(archive.zone), request, since), _ROWS, strict=False):
        lines: list[bytes] = []
        for step in steps:
            cells: dict[_Column, str] = {}
            if start == step:
                cells = _cells(found, form)
                start, found = next(amounts, (None, ()))
            lines.append(form.line([form.time(step), *(cells.get(column, "") for column in table.columns)]))
        yield steps[-1], b"".join(lines)


def _sessions(archive: Archive, request: Request) -> list[SessionRow]:
    """Return the charging sessions that begin in the time that is asked for."""
    if not request.sessions:
        return []
    return [row for row in archive.sessions(request.since, request.until) if row.start >= request.since]


def _session_lines(rows: Collection[SessionRow], form: CsvFormat) -> Iterator[bytes]:
    """Yield the file of sessions, many lines at a time."""
    currencies = currencies_of(rows)
    yield form.header(titles(currencies))
    for some in batched(rows, _ROWS, strict=False):
        yield b"".join(line for _, line in lines_of(some, currencies, form))


def _cells(rows: Iterable[ConsumptionRow | CostRow], form: CsvFormat) -> dict[_Column, str]:
    """Return the cells of a line; rows of costs are of a rate each."""
    cells: dict[_Column, str] = {}
    costs: dict[_Column, Decimal] = {}
    for row in rows:
        key = row.key or ""
        if isinstance(row, ConsumptionRow):
            cells[key, row.quantity, ""] = form.number(row.amount)
            continue
        for currency, cost in spent([(row.rate, row.amount)]):
            column = key, row.quantity, currency
            costs[column] = plus(costs.get(column), cost)
    return cells | {column: cost_text(cost, form.style) for column, cost in costs.items()}


def _steps(time: LocalTime, request: Request, since: int) -> Iterator[int]:
    """Yield the starts of all quarters of an hour, hours or days."""
    if request.step == 86400:  # noqa: PLR2004
        yield from (start for start, _ in time.windows(since, request.until) if time.floor(start, "day") == start)
        return
    for start in range(since, request.until, _QUARTER):
        if request.step == _QUARTER or time.floor(start, "hour") == start:
            yield start


def _member(table: _Table, request: Request) -> ZipInfo:
    """Return how a file is listed in the zip; the size on a large estimate tells whether it needs the format for it."""
    member = _compressed(table.name)
    member.file_size = (request.until - request.since) // _QUARTER * (len(table.titles) + 1) * _CELL[table.costs]
    return member


def _compressed(name: str) -> ZipInfo:
    """Return a file of the zip that is the same whenever it is made."""
    member = ZipInfo(name)
    member.compress_type = ZIP_DEFLATED
    return member


class _Pipe:
    """A file that is only written to, and emptied by who made it."""

    def __init__(self) -> None:
        """Begin empty."""
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Take bytes."""
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing: all is there at once."""

    def close(self) -> None:
        """Do nothing: who made it empties it."""

    def taken(self) -> bytes:
        """Hand out what was written since."""
        taken, self._parts = b"".join(self._parts), []
        return taken
