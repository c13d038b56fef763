"""Files that grow at their end: what is in them afterwards, and how it came there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.archive import CsvStyle
from custom_components.legrand_ews.archive.csv_file import OLD, discard, extend, first_of, make_folder, rebuild, size_of
from custom_components.legrand_ews.archive.csv_format import CsvFormat

from .support import START, ZONE

if TYPE_CHECKING:
    from pathlib import Path

FORM = CsvFormat(CsvStyle(), ZONE)
HEADER = FORM.header(["time", "x"])
SOME = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
rows = st.dictionaries(st.integers(0, 400).map(lambda number: START + 60 * number), st.integers(0, 9), max_size=400)


def lines(cells: dict[int, int], width: int = 1) -> list[tuple[int, bytes]]:
    """Return lines in the order of time."""
    return [(at, FORM.line((FORM.time(at), str(cell) * width))) for at, cell in sorted(cells.items())]


def whole(cells: dict[int, int], width: int = 1) -> bytes:
    """Return a file."""
    return HEADER + b"".join(line for _, line in lines(cells, width))


@SOME
@given(rows, rows, st.integers(-1, 401), st.sampled_from([1, 50, 9000]))
def test_the_end_of_a_file_becomes_what_it_should_be(
    tmp_path: Path, old: dict[int, int], new: dict[int, int], cut: int, width: int
) -> None:
    path, since = tmp_path / "file.csv", START + 60 * cut
    path.write_bytes(whole(old, width))
    later = {at: cell for at, cell in new.items() if at >= since}
    expected = whole({at: cell for at, cell in old.items() if at < since} | later, width)
    changed = extend(path, len(whole(old, width)), since, lines(later, width), FORM)
    assert path.read_bytes() == expected
    assert (changed == 0) is (expected == whole(old, width))


@SOME
@given(rows, rows)
def test_lines_from_before_what_is_known_stay(tmp_path: Path, old: dict[int, int], new: dict[int, int]) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(whole(old) + b"2026-01-01T00:0")
    rebuild(path, HEADER, lines(new), FORM)
    before = {at: cell for at, cell in old.items() if not new or at < min(new)}
    assert path.read_bytes() == whole(before | new)
    assert not rebuild(path, HEADER, lines(new), FORM)


def test_a_file_of_other_columns_is_set_aside_only_where_it_has_more(tmp_path: Path) -> None:
    path, other = tmp_path / "file.csv", FORM.header(["time", "y"])
    old = tmp_path / f"file.csv{OLD}"
    path.write_bytes(whole({START: 1}))
    assert rebuild(path, other, lines({START: 2}), FORM)
    assert not old.exists()
    assert rebuild(path, HEADER, lines({START + 60: 3}), FORM)
    assert old.read_bytes() == other + lines({START: 2})[0][1]
    assert first_of(path, FORM) == START + 60


@pytest.mark.parametrize(("first", "kept"), [(START, False), (START + 60, True), (None, True)])
def test_a_file_goes_if_its_lines_are_elsewhere(tmp_path: Path, first: int | None, *, kept: bool) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(whole({START: 1}))
    discard(path, first, FORM)
    assert [one.name for one in tmp_path.iterdir()] == (["file.csv.old"] if kept else [])


def test_only_files_have_a_size(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"four")
    (tmp_path / "link").symlink_to(path)
    assert (size_of(path), size_of(tmp_path / "link"), size_of(tmp_path)) == (4, None, None)
    assert (size_of(tmp_path / "none"), size_of(path / "none")) == (None, None)


def test_a_root_may_be_a_link_but_no_folder_in_it(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "root"
    (outside / "real").mkdir(parents=True)
    root.symlink_to(outside)
    (root / "link").symlink_to(tmp_path)
    make_folder(root, root / "real" / "x")
    make_folder(root, root / "link" / "x")
    assert root.is_symlink()
    assert not (outside / "link").is_symlink()
    assert tmp_path.is_dir()
