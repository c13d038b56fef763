"""The CSV folders: brought up to date, and right again whatever happened to them."""

from __future__ import annotations

import csv
import os
import re
import shutil
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.archive import Archive, CsvStyle, Folders
from custom_components.legrand_ews.archive.rows import PartRow, RateRow

from .csv_support import OURS, POINT, ROOTS, device, fresh, site, text, tree
from .support import START, ZONE, alarm, interval, intervals, new_site, sample, session

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from custom_components.legrand_ews.archive import IntervalRow, SampleRow, SessionRow

    from .support import Opener

HOUR, DAY = 3600, 86400
FEW = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SEASONS: Final = (
    (1_743_296_400, 1_743_458_400),  # an hour forward, and the end of that month
    (1_761_440_400, 1_761_951_600),  # and back
)


RATE: Final = RateRow(tariff="day", name="Day", price=Decimal("0.2"), currency="EUR")
FRANCS: Final = replace(RATE, currency="CHF")
COSTS: Final = "overallTotal/costs_{}.csv"


@pytest.fixture
def archive(sqlite: str) -> Iterator[Archive]:
    """Return the archive of a site, in a file: what is read is tested elsewhere."""
    archive = Archive.open(sqlite, site="home", zone=ZONE)
    yield archive
    archive.close()


@pytest.fixture
def folders(root: Path) -> Folders:
    """Return the folders in the original's style."""
    return Folders(root, CsvStyle(), ZONE)


# Keeping them up to date


def test_a_tick_adds_lines_and_asks_for_intervals_once(
    archive: Archive, folders: Folders, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"device {number}" for number in range(1, 21)]
    of = site(*(device(number, name) for number, name in enumerate(names, 1)))
    begin = START + 10 * DAY
    for tick in range(3):
        at = begin + 600 * tick
        archive.write(
            [interval(at, tick, name, rate=RATE) for name in names], [sample(at, name, power=tick) for name in names]
        )
        before = {path: (path.stat().st_ino, path.read_bytes()) for path in root.rglob("*.csv")}
        asked: list[Any] = []
        ask = Archive.intervals
        monkeypatch.setattr(Archive, "intervals", lambda *given, ask=ask, asked=asked: asked.append(0) or ask(*given))
        written = folders.update(archive, of, now=at + 600, since=at if tick else None)
        monkeypatch.undo()
        if tick:
            assert len(asked) == 1
            assert written == 20 + 20 + 3
            settled = [path for path in before if "settings" not in path.parts]
            assert len(settled) == written
            for path in settled:
                assert path.stat().st_ino == before[path][0]
                assert len(path.read_bytes().removeprefix(before[path][1])) < 400
    assert tree(root) == fresh(archive, root.parent, of, begin + 1800)


def test_what_is_not_due_yet_waits(archive: Archive, folders: Folders, root: Path) -> None:
    archive.write([interval(START, 1), interval(START + 600, 2)])
    folders.update(archive, site(), now=START + 600, since=None)
    assert len(text(root, "energy/devices_2026-01_1.csv")) == 2
    folders.update(archive, site(), now=START + 1200, since=START + 1200)
    assert len(text(root, "energy/devices_2026-01_1.csv")) == 3


def test_nothing_new_writes_nothing(archive: Archive, folders: Folders) -> None:
    archive.write([interval()], [sample()], [alarm(1, device_id="mains", kind="state", text="x")])
    assert folders.update(archive, site(), now=START + 600, since=None) == 3 + 2 + 2
    assert folders.update(archive, site(), now=START + 1200, since=START + 600) == 0
    assert folders.update(archive, site(), now=START + 1200, since=None) == 0


def test_late_rows_come_to_their_place(archive: Archive, folders: Folders, root: Path) -> None:
    archive.write(interval(START + 600 * number, number) for number in range(1000) if number != 5)
    folders.update(archive, site(), now=START + 10 * DAY, since=None)
    archive.write([interval(START + 3000, 77), interval(START - 600, 88)])
    folders.update(archive, site(), now=START + 10 * DAY, since=START - 600)
    assert text(root, "devices/1/1_energy_2026-01.csv")[6] == "2026-01-01T00:50:00+01:00;77;;"
    assert text(root, "devices/1/1_energy_2025-12.csv")[1:] == ["2025-12-31T23:50:00+01:00;88;;"]
    assert tree(root) == fresh(archive, root.parent, site(), START + 10 * DAY)


def test_a_quantity_that_is_new_gets_columns_in_the_whole_month(archive: Archive, folders: Folders, root: Path) -> None:
    later = START + 5 * DAY
    archive.write(samples=[sample(START, power=1)])
    folders.update(archive, site(), now=later, since=None)
    archive.write(samples=[sample(later, current=2), sample(later + 600, power=3)])
    folders.update(archive, site(), now=later + 1200, since=later)
    assert [line.split(";")[1::3] for line in text(root, "devices/1/1_stat_2026-01.csv")] == [
        ["current average", "power average"],
        ["", "1"],
        ["2", ""],
        ["", "3"],
    ]


def test_other_columns_or_names_begin_the_next_version(archive: Archive, folders: Folders, root: Path) -> None:
    later = START + 5 * DAY
    archive.write([interval(START, 1), interval(later, 2)])
    folders.update(archive, site(device(1, "mains")), now=later, since=None)
    folders.update(archive, site(device(1, "mains"), device(2, "ovens")), now=later + 600, since=later)
    folders.update(
        archive, site(device(1, "mains", name="Mains"), device(2, "ovens")), now=later + 1200, since=later + 600
    )
    archive.write([interval(later + 1200, 3), interval(START + 600, 4), interval(START + 600, 5, "ovens")])
    last = site(device(1, "mains", name="Mains"), device(2, "ovens"))
    folders.update(archive, last, now=later + 1800, since=START)
    assert [text(root, f"energy/devices_2026-01_{number}.csv") for number in (1, 2, 3)] == [
        ["time;1 mains [Wh]", "2026-01-01T00:00:00+01:00;1", "2026-01-01T00:10:00+01:00;4"],
        ["time;1 mains [Wh];2 ovens [Wh]", "2026-01-06T00:00:00+01:00;2;"],
        ["time;1 Mains [Wh];2 ovens [Wh]", "2026-01-06T00:20:00+01:00;3;"],
    ]
    assert len(text(root, "devices/1/1_energy_2026-01.csv")) == 5
    (root / "energy/devices_2026-01_1.csv").unlink()
    Folders(root, CsvStyle(), ZONE).update(archive, last, now=later + 1800, since=later + 1800)
    assert text(root, "energy/devices_2026-01_1.csv")[1:] == [
        "2026-01-01T00:00:00+01:00;1",
        "2026-01-01T00:10:00+01:00;4",
    ]


def test_costs_have_the_rows_from_before_the_first_price(archive: Archive, folders: Folders, root: Path) -> None:
    later = START + DAY
    archive.write([interval(START, 1000)])
    folders.update(archive, site(), now=later, since=None)
    assert not (root / COSTS.format("2026-01")).exists()
    for number, (amount, rate) in enumerate([(2000, RATE), (0, None), (3000, FRANCS)]):
        at = later + 600 * number
        archive.write([interval(at, amount, rate=rate)])
        folders.update(archive, site(), now=at + 600, since=at)
        assert tree(root) == fresh(archive, root.parent, site(), at + 600)
    assert [line.split(";")[1:3] for line in text(root, COSTS.format("2026-01"))] == [
        ["electricity [CHF]", "electricity [EUR]"],
        ["", ""],
        ["", "0,4"],
        ["", ""],
        ["0,6", ""],
    ]


# Other prices for the past


def reprice(archive: Archive, since: int, until: int, rate: RateRow | None) -> None:
    """Give intervals another rate."""
    archive.reprice(since, until, lambda _row: (rate, ()), apply=True)


@pytest.mark.parametrize("rate", [replace(RATE, price=Decimal("0.3")), FRANCS, None])
@pytest.mark.parametrize("restarted", [False, True])
def test_other_prices_for_a_month_long_past_are_in_its_file(
    filled: Archive, folders: Folders, root: Path, rate: RateRow | None, *, restarted: bool
) -> None:
    good, now, begin = tree(root), START + 2 * DAY, START - 31 * DAY
    reprice(filled, begin, START, rate)
    tables = Folders(root, CsvStyle(), ZONE) if restarted else folders
    assert tables.update(filled, site(), now=now, since=begin) == 1
    assert tree(root) == fresh(filled, root.parent, site(), now)
    path = COSTS.format("2025-12")
    assert {name for name in good if tree(root).get(name) != good[name]} == {path}
    assert (path in tree(root)) == (rate is not None)
    assert tables.update(filled, site(), now=now, since=begin) == 0


def test_other_prices_for_some_days_are_in_the_files(filled: Archive, folders: Folders, root: Path) -> None:
    now = START + 2 * DAY
    reprice(filled, START - DAY, START + DAY, FRANCS)
    assert folders.update(filled, site(), now=now, since=START - DAY) == 2
    assert tree(root) == fresh(filled, root.parent, site(), now)
    reprice(filled, START + DAY, START + DAY + HOUR, None)
    assert folders.update(filled, site(), now=now, since=START + DAY) == 1
    assert tree(root) == fresh(filled, root.parent, site(), now)
    assert text(root, COSTS.format("2026-01"))[24:26] == [
        "2026-01-01T23:00:00+01:00;0,0046;;;;;;;",
        "2026-01-02T00:00:00+01:00;;;;;;;;",
    ]


def test_costs_of_what_the_archive_has_no_more_stay(filled: Archive, folders: Folders, root: Path) -> None:
    good, now, path = tree(root), START + 2 * DAY, COSTS.format("2026-01")
    filled.retain({"intervals": START + DAY})
    folders.update(filled, site(), now=now, since=START - 2 * DAY)
    assert tree(root) == good
    reprice(filled, START + DAY, now, None)
    folders.update(filled, site(), now=now, since=START - 2 * DAY)
    assert path not in tree(root)
    assert (root / f"{path}.old").read_bytes() == good[path]
    assert tree(root)[COSTS.format("2025-12")] == good[COSTS.format("2025-12")]


def test_another_style_is_that_of_all_files(archive: Archive, folders: Folders, root: Path) -> None:
    archive.write([interval()], [sample(power=1.5)])
    folders.update(archive, site(), now=START + 600, since=None)
    Folders(root, POINT, ZONE).update(archive, site(), now=START + 600, since=START + 600)
    assert tree(root) == fresh(archive, root.parent, site(), START + 600, POINT)
    assert text(root, "devices/1/1_stat_2026-01.csv")[1] == "2026-01-01T00:00:00+01:00,1.5,1.5,1.5"


# Faults


@pytest.fixture
def filled(archive: Archive, folders: Folders) -> Archive:
    """Return an archive with two months that the folders have."""
    archive.write(
        [interval(START + HOUR * number, number % 48, groups=("east",), rate=RATE) for number in range(-48, 48)],
        [sample(START + HOUR * number, power=number) for number in range(-48, 48)],
    )
    folders.update(archive, site(), now=START + 2 * DAY, since=None)
    return archive


@pytest.mark.parametrize("month", ["2025-12", "2026-01"])
@pytest.mark.parametrize(
    "name", ["devices/1/1_energy_{}.csv", "energy/groups_{}_1.csv", "devices/1/1_stat_{}.csv", COSTS]
)
@pytest.mark.parametrize("content", [None, b"", b"torn", b"time;x\r\n2025-12-30T05:00"])
def test_a_file_that_is_lost_or_torn_is_built_anew(
    filled: Archive, root: Path, name: str, month: str, content: bytes | None
) -> None:
    good = tree(root)
    path = root / name.format(month)
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    assert Folders(root, CsvStyle(), ZONE).update(filled, site(), now=START + 2 * DAY, since=START + 2 * DAY) == 1
    assert tree(root) == good


def test_a_file_of_a_month_long_past_is_looked_at_once_a_day(filled: Archive, folders: Folders, root: Path) -> None:
    good, now = tree(root), START + 2 * DAY
    (root / "devices/1/1_energy_2025-12.csv").unlink()
    folders.update(filled, site(), now=now + 600, since=now)
    assert tree(root) != good
    folders.update(filled, site(), now=now + DAY, since=now)
    assert tree(root) == good


@pytest.mark.parametrize("damage", ["lost", "torn", "other", "list"])
@pytest.mark.parametrize("name", ["folders", "2025-12", "2026-01"])
def test_an_index_that_is_lost_is_made_anew(filled: Archive, root: Path, name: str, damage: str) -> None:
    good, now = tree(root), START + 2 * DAY
    path = root / ".index" / f"{name}.json"
    content = path.read_bytes()
    path.unlink()
    if damage != "lost":
        path.write_bytes({"torn": content[: len(content) // 2], "other": b'{"format": 2}', "list": b"[[]]"}[damage])
    (root / "devices/1/1_energy_2025-12.csv").write_bytes(b"torn")
    assert Folders(root, CsvStyle(), ZONE).update(filled, site(), now=now, since=now) >= 1
    assert tree(root) == good


def test_without_an_index_there_is_one_version(filled: Archive, root: Path) -> None:
    now = START + 2 * DAY
    other = site(suffix=" 2")
    Folders(root, CsvStyle(), ZONE).update(filled, other, now=now, since=now)
    filled.write([interval(now, 1)])
    Folders(root, CsvStyle(), ZONE).update(filled, other, now=now + 600, since=now)
    assert (root / "energy/devices_2026-01_2.csv").exists()
    shutil.rmtree(root / ".index")
    Folders(root, CsvStyle(), ZONE).update(filled, other, now=now + 600, since=now + 600)
    assert tree(root) == fresh(filled, root.parent, other, now + 600)


def test_what_the_archive_has_no_more_stays(filled: Archive, root: Path) -> None:
    good, now = tree(root), START + 2 * DAY
    filled.retain({"intervals": START + DAY, "samples": START + DAY})
    (root / "overallTotal/values_2026-01.csv").write_bytes(good["overallTotal/values_2026-01.csv"] + b"torn")
    shutil.rmtree(root / ".index")
    Folders(root, CsvStyle(), ZONE).update(filled, site(), now=now, since=None)
    assert tree(root) == good


def test_a_file_of_other_columns_is_set_aside_where_the_archive_has_no_more(filled: Archive, root: Path) -> None:
    good, now = tree(root), START + 2 * DAY
    filled.retain({"intervals": START + DAY, "samples": START + DAY})
    shutil.rmtree(root / ".index")
    Folders(root, CsvStyle(), ZONE).update(filled, site(suffix=" 2"), now=now, since=None)
    path = "energy/devices_2026-01_1.csv"
    assert (root / f"{path}.old").read_bytes() == good[path]
    assert len(text(root, path)) == 1 + 24
    assert tree(root)["energy/devices_2025-12_1.csv"] == good["energy/devices_2025-12_1.csv"]


def test_links_are_not_followed(filled: Archive, root: Path, tmp_path: Path) -> None:
    good, now = tree(root), START + 2 * DAY
    outside = tmp_path / "outside"
    shutil.copytree(root, outside)
    kept = tree(outside)
    for name in ("energy", "devices/1", ".index"):
        shutil.rmtree(root / name)
        (root / name).symlink_to(outside / name)
    (root / "overallTotal/values_2026-01.csv").unlink()
    (root / "overallTotal/values_2026-01.csv").symlink_to(outside / "overallTotal/values_2026-01.csv")
    filled.write([interval(START + HOUR, 5, "ovens")])
    Folders(root, CsvStyle(), ZONE).update(filled, site(), now=now, since=None)
    assert tree(outside) == kept
    assert tree(root) == fresh(filled, tmp_path, site(), now)
    assert tree(root).keys() >= good.keys()
    assert not [path for path in root.rglob("*") if path.is_symlink()]


def test_a_full_disk_is_made_good_the_next_time(
    filled: Archive, folders: Folders, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = START + 2 * DAY
    filled.write([interval(now, 7)], [sample(now, power=7)])
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, content: write(handle, content[:9]))
    with pytest.raises(OSError, match="No space"):
        folders.update(filled, site(), now=now + 600, since=now)
    monkeypatch.undo()
    folders.update(filled, site(), now=now + 600, since=now)
    assert tree(root) == fresh(filled, root.parent, site(), now + 600)


def test_an_unknown_zone_is_refused(root: Path) -> None:
    with pytest.raises(KeyError):
        Folders(root, CsvStyle(), "Europe/Atlantis")


# Whatever happens


class Day(NamedTuple):
    """What happens before an update, and the update."""

    rows: list[IntervalRow]
    samples: list[SampleRow]
    states: list[tuple[int, int, str]]
    sessions: list[SessionRow]
    now: int
    suffix: str
    damage: str
    which: int


@st.composite
def days(draw: st.DrawFn, turns: Sequence[int]) -> Day:
    """Return what is written before an update, when that is, and what happens to names and files."""
    near = st.sampled_from(turns)
    piece = st.builds(
        lambda row, odd, *rates: at_rates(replace(row, start=row.start + odd), *rates),
        intervals(turns),
        st.sampled_from([0, 0, 0, 1, 207]),
        *(st.sampled_from([None, None, RATE, FRANCS]) for _ in range(2)),
    )
    names = st.sets(st.sampled_from(["power", "current", "thd_1", "harmonic_5"]), min_size=1)
    measured = st.builds(
        lambda turn, off, key, names: sample(turn + 600 * off, key, 600, **dict.fromkeys(names, 1.5)),
        near,
        st.integers(-40, 40),
        st.sampled_from(["mains", "ovens"]),
        names,
    )
    charged = st.builds(
        lambda turn, off, seconds, rate: session(f"{turn} {off}", turn + 600 * off, seconds, (rate, 700)),
        near,
        st.integers(-40, 40),
        st.none() | st.integers(0, 30_000),
        st.sampled_from([None, RATE, FRANCS]),
    )
    return Day(
        rows=draw(st.lists(piece, max_size=15)),
        samples=draw(st.lists(measured, max_size=6)),
        states=draw(st.lists(st.tuples(near, st.integers(-40, 40), st.sampled_from(["mains", "tap"])), max_size=2)),
        sessions=draw(st.lists(charged, max_size=3)),
        now=draw(near) + 300 * draw(st.integers(-90, 90)),
        suffix=draw(st.sampled_from(["", "", " v2", " v3"])),
        damage=draw(st.sampled_from(["", "", "torn", "lost", "longer", "link", "index"])),
        which=draw(st.integers(0, 1000)),
    )


def at_rates(row: IntervalRow, first: RateRow | None, second: RateRow | None) -> IntervalRow:
    """Return an interval of one or two rates."""
    if first == second:
        return replace(row, rate=first)
    some = row.amount // 3
    parts = (
        PartRow(start=row.start, amount=some, rate=first),
        PartRow(start=row.start + 60, amount=row.amount - some, rate=second),
    )
    return replace(row, parts=parts)


histories = st.sampled_from(SEASONS).flatmap(lambda turns: st.lists(days(turns), min_size=1, max_size=4))


@FEW
@given(history=histories, renaming=st.booleans())
def test_the_tree_is_the_one_that_is_built_from_nothing(
    opener: Opener, tmp_path: Path, *, history: list[Day], renaming: bool
) -> None:
    archive = opener(site=new_site())
    root = tmp_path / f"csv {next(ROOTS)}"
    folders = Folders(root, CsvStyle(), ZONE)
    of, now = site(), 0
    for number, day in enumerate(history):
        now = max(now, day.now)
        of = site(suffix=day.suffix if renaming else "")
        alarms = [state(1000 * number + at, *change) for at, change in enumerate(day.states)]
        archive.write(day.rows, day.samples, alarms, day.sessions)
        since = min(
            [
                now,
                *(row.start for row in day.rows),
                *(row.start for row in day.samples),
                *(int(row.at) for row in alarms),
                *(row.end for row in day.sessions if row.end is not None),
            ]
        )
        if day.damage and tree(root):
            hurt(root, day.damage, day.which)
            folders = Folders(root, CsvStyle(), ZONE)
        folders.update(archive, of, now=now, since=since)
    expected = fresh(archive, tmp_path, of, now)
    assert not [path for path in tree(root) if not OURS.fullmatch(path)]
    if renaming:
        assert merged(tree(root)) == merged(expected)
    else:
        assert tree(root) == expected
    archive.close()


def state(number: int, turn: int, off: int, device: str) -> Any:
    """Return an entry of the journal."""
    return alarm(number, turn + 300 * off + 0.5, device_id=device, kind="state", event="opened", text="Opened")


def hurt(root: Path, damage: str, which: int) -> None:
    """Do something bad to one of the files."""
    path = root / sorted(tree(root))[which % len(tree(root))]
    content = path.read_bytes()
    if damage == "index":
        indexes = sorted((root / ".index").iterdir())
        indexes[which % len(indexes)].unlink()
    elif damage == "longer":
        path.write_bytes(content + b"\r\n;2026")
    elif damage == "torn":
        path.write_bytes(content[: which % len(content)])
    else:
        path.unlink()
    if damage == "link":
        path.symlink_to(root.parent / "nowhere")


def merged(files: dict[str, bytes]) -> dict[Any, Any]:
    """Return what all versions of a table say together, by the names that never change."""
    found: dict[Any, Any] = {}
    for path, content in files.items():
        table = re.fullmatch(r"((?:energy|gas|water)/\w+_\d{4}-\d\d)_\d+\.csv", path)
        if table is None:
            if not path.startswith("settings"):
                found[path] = content
            continue
        rows = csv.DictReader(content.decode("utf-8-sig").splitlines(), delimiter=";")
        for row in rows:
            for title, cell in row.items():
                key = table[1], row["time"], re.sub(" v[23]", "", title)
                assert title == "time" or key not in found
                if cell:
                    found[key] = cell
    return found
