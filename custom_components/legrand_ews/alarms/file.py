"""The journal's file: lines of text, one after the other.

Owns how lines get to the disk and survive a crash, not what they say. All of it blocks, so it belongs in an executor,
one call at a time. Errors of the disk are raised as OSError and leave the lines with the caller, who tries again:
a line that is written twice does no harm.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class JournalFile:
    """A file of lines."""

    __slots__ = ("_path",)

    def __init__(self, path: Path) -> None:
        """Name the file; its folder is made when something is written."""
        self._path = path

    @property
    def size(self) -> int:
        """Bytes; 0 if there is no file."""
        try:
            return self._path.stat().st_size
        except FileNotFoundError:
            return 0

    def read(self) -> list[str]:
        """Return all lines, a torn one and unreadable bytes included; none if there is no file."""
        try:
            text = self._path.read_bytes().decode(errors="replace")
        except FileNotFoundError:
            return []
        return [line for line in text.split("\n") if line]

    def append(self, lines: Iterable[str]) -> None:
        """Add lines and wait until the disk has them. A torn last line is ended first."""
        data = _encode(lines)
        if not data:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a+b") as file:
            if file.tell():
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":
                    data = b"\n" + data
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def rewrite(self, lines: Iterable[str]) -> None:
        """Replace all lines: at any moment the file is either the old or the new one."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_name(f"{self._path.name}.new")
        try:
            with fresh.open("wb") as file:
                file.write(_encode(lines))
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)
        except OSError:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
            raise
        self._settle()

    def _settle(self) -> None:
        """Make the disk remember the file's name; not every file system can be asked to."""
        with suppress(OSError):
            folder = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def _encode(lines: Iterable[str]) -> bytes:
    """Return the bytes of lines, each with its end."""
    return "".join(f"{line}\n" for line in lines).encode()
