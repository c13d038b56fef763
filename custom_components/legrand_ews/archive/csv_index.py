"""What the CSV folders hold. Owns the index beside them: up to when they were brought, sizes, and versions of tables.

One file for all, and one for each month, so that a tick does not write what years have gathered. What of it cannot be
read counts as lost; the folders are then built anew from the archive.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, Self

from .csv_file import make_folder, replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

FOLDER: Final = ".index"
_STATE: Final = "folders"
_FORMAT: Final = 1
_NEVER: Final = 2**53

type Columns = tuple[tuple[str, str], ...]
"""Key and title of each."""


@dataclass(frozen=True, kw_only=True)
class Version:
    """The columns of a table in a time."""

    number: int
    since: int
    columns: Columns


@dataclass(kw_only=True)
class State:
    """What is the same for all months."""

    style: str = ""
    """Separators and time zone of all files."""
    first: int | None = None
    """Time of the first month."""
    until: int | None = None
    """Up to when the folders were brought."""
    versions: dict[str, list[Version]] = field(default_factory=dict)
    """By table."""

    def versions_of(self, table: str) -> Iterator[tuple[Version, int]]:
        """Yield the versions of a table, each with its end."""
        versions = self.versions.get(table, [])
        ends = [later.since for _, later in pairwise(versions)]
        yield from zip(versions, [*ends, _NEVER], strict=True)

    def follow(self, table: str, columns: Columns) -> None:
        """Begin the next version of a table where its columns are others than before."""
        versions = self.versions.setdefault(table, [])
        if not versions:
            versions.append(Version(number=1, since=-_NEVER, columns=columns))
        elif versions[-1].columns != columns:
            newest = versions[-1]
            since = newest.since if self.until is None else self.until
            if since == newest.since:
                versions.pop()
            number = newest.number + (since != newest.since)
            versions.append(Version(number=number, since=since, columns=columns))

    @classmethod
    def load(cls, found: Any) -> Self:
        """Return what was stored. Raises KeyError, TypeError or ValueError for anything else."""
        if found["format"] != _FORMAT:
            raise ValueError("an index of another version")
        versions = {
            str(table): [
                Version(
                    number=int(one["number"]),
                    since=int(one["since"]),
                    columns=tuple((str(key), str(title)) for key, title in one["columns"]),
                )
                for one in versions
            ]
            for table, versions in found["versions"].items()
        }
        return cls(style=str(found["style"]), first=int(found["first"]), until=int(found["until"]), versions=versions)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A file: its bytes, and the names of its columns where these may become more."""

    size: int
    names: tuple[str, ...] = ()


class Index:
    """The index in a folder."""

    def __init__(self, root: Path) -> None:
        """Read what is for all months."""
        self._root = root
        self._months: dict[str, dict[str, Entry]] = {}
        self.lost = False
        """True if nothing was there, or nothing that could be read."""
        try:
            self.state = State.load(self._read(_STATE))
        except KeyError, TypeError, ValueError, AttributeError:
            self.state, self.lost = State(), True

    def month(self, label: str) -> dict[str, Entry] | None:
        """Return the files of a month by path, to be changed in place; None if they were not known."""
        if label not in self._months:
            try:
                found = self._read(label)
                self._months[label] = {
                    str(path): Entry(size=int(one["size"]), names=tuple(map(str, one["names"])))
                    for path, one in found.items()
                }
            except KeyError, TypeError, ValueError, AttributeError:
                return None
        return self._months[label]

    def new_month(self, label: str) -> dict[str, Entry]:
        """Begin a month without files."""
        return self._months.setdefault(label, {})

    def forget(self) -> None:
        """Let go of the sizes of all files."""
        self._months.clear()
        for path in self._paths():
            path.unlink()

    def save(self, months: Sequence[str]) -> None:
        """Write what is for all months, and some of these."""
        for label in months:
            if label in self._months:
                self._write(label, {path: asdict(entry) for path, entry in self._months[label].items()})
        if self.state.until is not None:
            self._write(_STATE, {"format": _FORMAT, **asdict(self.state)})

    def _paths(self) -> list[Path]:
        """Return the files of the index."""
        folder = self._root / FOLDER
        return [] if folder.is_symlink() else list(folder.glob("*.json"))

    def _read(self, name: str) -> Any:
        """Return what a file says, None if there is none. Raises ValueError if it makes no sense."""
        path = self._root / FOLDER / f"{name}.json"
        if path.parent.is_symlink() or path.is_symlink():
            return None
        try:
            return json.loads(path.read_bytes())
        except FileNotFoundError:
            return None

    def _write(self, name: str, content: Any) -> None:
        """Replace a file."""
        path = self._root / FOLDER / f"{name}.json"
        make_folder(self._root, path)
        replace(path, json.dumps(content, separators=(",", ":")).encode())
