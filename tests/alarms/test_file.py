"""Lines on a disk that fails, and in a file that was torn."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from custom_components.legrand_ews.alarms import JournalFile

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the file is to be, in a folder that is not there yet."""
    return tmp_path / "deep" / "journal.jsonl"


def full(*_: object) -> None:
    """Fail as a full disk does."""
    raise OSError(28, "No space left on device")


def test_no_file_is_no_lines(path: Path) -> None:
    file = JournalFile(path)
    assert file.read() == []
    assert file.size == 0
    file.append([])
    assert not path.exists()


def test_lines_come_back_in_order(path: Path) -> None:
    file = JournalFile(path)
    file.append(["one", "two é"])
    file.append(["three\u2028\r still"])
    assert file.read() == ["one", "two é", "three\u2028\r still"]
    assert file.size == path.stat().st_size == len(path.read_bytes())


def test_a_torn_line_is_ended_before_the_next(path: Path) -> None:
    file = JournalFile(path)
    file.append(["one", "twé"])
    path.write_bytes(path.read_bytes()[:-2])
    file.append(["three"])
    assert file.read() == ["one", "tw\ufffd", "three"]


def test_appending_waits_for_the_disk(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, synced = JournalFile(path), []
    monkeypatch.setattr(os, "fsync", lambda _: synced.append(path.read_bytes()))
    file.append(["one"])
    assert synced == [b"one\n"]


def test_an_error_of_the_disk_is_the_callers_and_trying_again_helps(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = JournalFile(path)
    file.append(["one"])
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            file.append(["two"])
    file.append(["two"])
    assert file.read()[0] == "one"
    assert file.read()[-1] == "two"


def test_rewriting_replaces_all(path: Path) -> None:
    file = JournalFile(path)
    file.rewrite(["one"])
    file.rewrite(["two", "three"])
    assert file.read() == ["two", "three"]
    assert list(path.parent.iterdir()) == [path]


def test_a_rewriting_that_fails_leaves_the_old_file_and_nothing_else(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = JournalFile(path)
    file.append(["one"])
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        file.rewrite(["two"])
    assert file.read() == ["one"]
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_in_place_of_the_file_is_an_error(path: Path) -> None:
    path.mkdir(parents=True)
    file = JournalFile(path)
    for attempt in (file.read, lambda: file.append(["one"]), lambda: file.rewrite(["one"])):
        with pytest.raises(OSError, match=r"\w"):
            attempt()
