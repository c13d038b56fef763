"""Files that grow at their end. Owns how lines get into a file whatever happens meanwhile, and no names.

Lines begin with their time and are in its order. A file either gets lines at its end, all by one write, or is replaced
as a whole. Links within the tree are never followed: one in place of a folder or a file gives way to a real one.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from errno import ENOSPC
from itertools import takewhile
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from .csv_format import CsvFormat

type Line = tuple[int, bytes]
"""Time and text of a line."""

_BLOCK: Final = 8192
_PART: Final = ".part"
OLD: Final = ".old"
"""What the name of a file ends with that was set aside."""


def size_of(path: Path) -> int | None:
    """Return the bytes of a file, None if there is none, or something else in its place."""
    try:
        status = path.lstat()
    except FileNotFoundError, NotADirectoryError:
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def make_folder(root: Path, path: Path) -> None:
    """Make the folders between the root and a file; a link on the way is removed, not what it leads to."""
    root.mkdir(parents=True, exist_ok=True)
    folder = root
    for part in path.parent.relative_to(root).parts:
        folder /= part
        if folder.is_symlink():
            folder.unlink()
        folder.mkdir(exist_ok=True)


def replace(path: Path, content: bytes) -> bool:
    """Put a file in the place of another at once; False if it has this content already."""
    if size_of(path) == len(content) and path.read_bytes() == content:
        return False
    part = path.with_name(path.name + _PART)
    with suppress(FileNotFoundError):
        part.unlink()
    part.write_bytes(content)
    part.replace(path)
    return True


def extend(path: Path, size: int, since: int, lines: Sequence[Line], form: CsvFormat) -> int:
    """Make ``lines`` what a file of ``size`` bytes has from a time on; return the bytes added or changed."""
    old = _tail(path, size, since, form)
    new = b"".join(line for _, line in lines)
    if new == old:
        return 0
    if new.startswith(old):
        _append(path, new[len(old) :])
    else:
        kept = path.read_bytes()[: size - len(old)]
        replace(path, kept + new)
    return max(len(new), len(old))


def rebuild(path: Path, header: bytes, lines: Sequence[Line], form: CsvFormat) -> bool:
    """Make ``lines`` what a file has from the first of them on; False if it was so already.

    What the file has from before is no longer known elsewhere, so it stays; in a file that looks otherwise by now
    the whole file is set aside.
    """
    old = path.read_bytes() if size_of(path) is not None else b""
    known = old.startswith(header)
    before = _before(old[len(header) :] if known else old, lines[0][0] if lines else None, form)
    if before and not known:
        path.replace(path.with_name(path.name + OLD))
    return replace(path, header + b"".join(before if known else ()) + b"".join(line for _, line in lines))


def first_of(path: Path, form: CsvFormat) -> int | None:
    """Return the time of the first line of a file, None if it has none."""
    with path.open("rb") as file:
        return next((at for at in map(form.start, file) if at is not None), None)


def discard(path: Path, first: int | None, form: CsvFormat) -> None:
    """Remove a file all of whose lines are elsewhere, those from ``first`` on, or set it aside."""
    if size_of(path) is not None and _before(path.read_bytes(), first, form):
        path.replace(path.with_name(path.name + OLD))
    else:
        path.unlink(missing_ok=True)


def _before(content: bytes, first: int | None, form: CsvFormat) -> list[bytes]:
    """Return the lines from before a time, None: all; what is no line is left out."""
    times = ((form.start(line), line) for line in content.splitlines(keepends=True))
    return [line for at, line in times if at is not None and (first is None or at < first)]


def _append(path: Path, content: bytes) -> None:
    """Add to the end of a file by one write. Raises OSError if not all of it has room."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW)
    try:
        if os.write(handle, content) != len(content):
            raise OSError(ENOSPC, os.strerror(ENOSPC), str(path))
    finally:
        os.close(handle)


def _tail(path: Path, size: int, since: int, form: CsvFormat) -> bytes:
    """Return the lines from a time on, reading no more of the file than that takes."""
    length = 0
    with path.open("rb") as file:
        while length < size:
            length = min(size, max(_BLOCK, 2 * length))
            file.seek(size - length)
            lines = file.read(length).splitlines(keepends=True)[0 if length == size else 1 :]
            later = list(takewhile(lambda line: (form.start(line) or since - 1) >= since, reversed(lines)))
            if len(later) < len(lines):
                return b"".join(reversed(later))
    return b""
