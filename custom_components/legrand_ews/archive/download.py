"""The data download: consumption as tables in a zip, made while it is taken (manual 8.5.1).

Owns the names of the files, their columns and their rows. Who may ask, and what the devices, loads and groups are, is
the matter of others. Files of costs are to stand beside those of amounts, with ``_cost`` before the dot.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import batched, groupby
from typing import TYPE_CHECKING, Final, Literal
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from .csv_format import CsvFormat
from .csv_sheets import TIME
from .local_time import LocalTime
from .rows import UNITS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from .archive import Archive
    from .csv_format import CsvStyle
    from .reading import Step
    from .rows import Commodity, ConsumptionRow, Scope
    from .site import Site

type Listing = Literal["devices", "groups", "loads"]
type _Column = tuple[str, str]
"""Key and quantity."""

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
_CELL: Final = 12
"""Bytes, on a large estimate."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What somebody wants to have: the rows that begin in [since, until), POSIX seconds on full quarters of an hour."""

    kind: Listing
    keys: tuple[str, ...]
    since: int
    until: int
    step: Step

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
    progress(1.0)
    yield pipe.taken()


def _known(archive: Archive, request: Request) -> list[ConsumptionRow]:
    """Return by month what the archive has of the chosen things."""
    month = LocalTime(archive.zone).floor(request.since, "month")
    return archive.consumption(_SCOPES[request.kind], request.keys, "month", month, request.until)


def _tables(site: Site, request: Request, known: Collection[ConsumptionRow]) -> list[_Table]:
    """Return the files, each with the things that have its commodity; of electricity if none has any."""
    have = _members(site, request) or {(key, _COMMODITIES[request.kind][0]) for key in request.keys}
    wanted: set[tuple[str, str, str]] = {(key, _QUANTITIES[commodity][0], commodity) for key, commodity in have}
    wanted |= {(row.key, row.quantity, row.commodity) for row in known if row.key is not None}
    names = _names(site, request.kind)
    tables: list[_Table] = []
    for commodity in _COMMODITIES[request.kind]:
        pairs = ((key, quantity) for key in request.keys for quantity in _QUANTITIES[commodity])
        columns = [(key, quantity) for key, quantity in pairs if (key, quantity, commodity) in wanted]
        if columns:
            titles = [TIME, *(_title(names.get(key, key), quantity, UNITS[commodity]) for key, quantity in columns)]
            name = "loads" if request.kind == "loads" else f"{request.kind}_{commodity}"
            name = f"report_energy_{name}.csv"
            tables.append(_Table(name=name, commodity=commodity, columns=columns, titles=titles))
    return tables


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


def _lines(
    archive: Archive, request: Request, table: _Table, since: int, form: CsvFormat
) -> Iterator[tuple[int, bytes]]:
    """Yield many lines at a time, with the start of the last one."""
    keys = {key for key, _ in table.columns}
    rows = archive.grouped(_SCOPES[request.kind], keys, request.step, since, request.until)
    amounts = groupby((row for row in rows if row.commodity == table.commodity), key=lambda row: row.start)
    start, found = next(amounts, (None, ()))
    for steps in batched(_steps(LocalTime(archive.zone), request, since), _ROWS, strict=False):
        lines: list[bytes] = []
        for step in steps:
            cells: dict[_Column, int] = {}
            if start == step:
                cells = {(row.key or "", row.quantity): row.amount for row in found}
                start, found = next(amounts, (None, ()))
            lines.append(form.line([form.time(step), *(form.number(cells.get(column)) for column in table.columns)]))
        yield steps[-1], b"".join(lines)


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
    member = ZipInfo(table.name)
    member.compress_type = ZIP_DEFLATED
    member.file_size = (request.until - request.since) // _QUARTER * (len(table.titles) + 1) * _CELL
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
