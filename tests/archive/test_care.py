"""The years: deleting what is old, another time zone, backups, moving to another database."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.archive import FAULTS, Archive, describe

from .support import (
    RATES,
    START,
    ZONE,
    ZONES,
    Model,
    alarm,
    all_rows,
    ask,
    billed_batches,
    charge,
    found,
    found_costs,
    interval,
    new_site,
    parted,
    priced,
    sample,
    session,
)

if TYPE_CHECKING:
    from pathlib import Path

    from custom_components.legrand_ews.archive import IntervalRow

    from .support import Opener

DAY = 86400
EVER = (-(2**40), 2**40)
few = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def fill(archive: Archive, days: int = 40) -> list[IntervalRow]:
    """Write four intervals a day, and a sample, an alarm and a charging session with each."""
    rows = [
        interval(START + DAY * day + 21_600 * part, day + 1, load="heating", groups=("east",), estimated=part == 0)
        for day in range(days)
        for part in range(4)
    ]
    rates = [None, *RATES]
    rows = [
        parted(row, [100, 500], rates[at % 5 :]) if at % 4 == 1 else replace(row, rate=rates[at % 7])
        for at, row in enumerate(rows)
    ]
    levels = [replace(row, level=at) for at, row in enumerate(rows)]
    charged = [session(f"{at}", row.start, 3000, *zip(rates, (1, 9), strict=False)) for at, row in enumerate(rows)]
    alarms = [alarm(at, row.start) for at, row in enumerate(rows)]
    archive.write(levels, [sample(row.start) for row in rows], alarms, charged)
    return rows


def histograms(archive: Archive) -> list[Any]:
    """Return all that a page can show, and that it adds up."""
    scopes: Any = ("device", "load", "group", "total")
    periods: Any = ("hour", "day", "month", "year")
    found: list[Any] = []
    for one, two in product(scopes, periods):
        bars, costs = archive.consumption(one, None, two, *EVER), archive.costs(one, None, two, *EVER)
        assert sum(row.amount for row in bars) == sum(row.amount for row in costs)
        found += [sorted(map(repr, bars)), sorted(map(repr, costs))]
    return found


def parts(url: str) -> set[int]:
    """Return when intervals begin that have parts stored."""
    return {start for (start,) in ask(url, "SELECT start FROM ews_part")}


def test_figures_of_an_archive(archive: Archive) -> None:
    rows = fill(archive)
    info = archive.info()
    assert (info.intervals, info.samples, info.alarms, info.sessions) == (len(rows),) * 4
    assert info.last_interval == rows[-1].start + 600
    assert info.kept_since is None
    assert info.size > 50_000
    assert archive.check() is None


def test_what_is_old_goes_and_the_histograms_stay(archive: Archive, url: str) -> None:
    rows = fill(archive)
    archive.write_charges([charge(START), charge(START + DAY)])
    assert parts(url) == {row.start for row in rows if row.parts}
    before = histograms(archive)
    limit = START + 10 * DAY + 30_000
    old = sum(row.start < limit for row in rows)
    gone = archive.retain(
        {"intervals": limit, "samples": START + DAY, "alarms": START + 2 * DAY, "sessions": START + 3 * DAY}
    )
    assert gone == {"intervals": old, "samples": 4, "alarms": 8, "sessions": 12}
    assert archive.sessions(*EVER)[0].start == START + 3 * DAY
    assert ask(url, "SELECT count(*) FROM ews_session_part") == [(2 * (len(rows) - 12),)]
    assert list(all_rows(archive)) == [row for row in rows if row.start >= limit]
    assert parts(url) == {row.start for row in rows if row.parts and row.start >= limit}
    assert len(archive.charges(*EVER)) == 2
    assert histograms(archive) == before
    info = archive.info()
    assert (info.intervals, info.samples, info.alarms) == (len(rows) - old, len(rows) - 4, len(rows) - 8)
    assert info.sessions == len(rows) - 12
    assert info.kept_since == limit


def test_an_interval_that_was_deleted_is_not_counted_again(archive: Archive) -> None:
    rows = fill(archive)
    before = histograms(archive)
    archive.retain({"intervals": START + 20 * DAY})
    archive.retain({"intervals": START + 5 * DAY})
    archive.write(rows)
    assert histograms(archive) == before
    assert archive.info().kept_since == START + 20 * DAY
    assert next(all_rows(archive)).start == START + 20 * DAY


def test_hours_have_a_time_of_their_own(archive: Archive) -> None:
    rows = fill(archive)
    old = sum(len(row.pieces) for row in rows if row.start < START + 39 * DAY)
    assert archive.retain({"hours": START + 39 * DAY}) == {"hours": old}
    assert len(archive.consumption("total", None, "hour", *EVER)) == 4
    assert len(archive.consumption("total", None, "day", *EVER)) == 40


def test_nothing_old_nothing_goes(archive: Archive) -> None:
    kinds: Any = ("intervals", "samples", "alarms", "sessions")
    assert archive.retain(dict.fromkeys(kinds, START)) == dict.fromkeys(kinds, 0)
    fill(archive, 1)
    assert archive.retain({"samples": START}) == {"samples": 0}


def test_only_the_own_site_loses_what_is_old(opener: Opener) -> None:
    one, other = opener(site="one"), opener(site="other")
    fill(one)
    fill(other)
    kinds: Any = ("intervals", "samples", "alarms", "sessions")
    one.retain({**dict.fromkeys(kinds, START + 90 * DAY), "hours": START})
    assert [getattr(one.info(), kind) for kind in kinds] == [0] * 4
    assert [getattr(other.info(), kind) for kind in kinds] == [160] * 4
    assert [len(row.parts) for row in other.sessions(*EVER)] == [2] * 160
    assert len(list(all_rows(other))) == 160


@few
@given(billed_batches, st.sampled_from(ZONES), st.sampled_from(ZONES))
def test_in_another_zone_the_histograms_are_as_if_it_had_always_been(
    opener: Opener, written: list[list[IntervalRow]], old: str, new: str
) -> None:
    site = new_site()
    first = opener(site=site, zone=old)
    model = Model(new)
    for rows in written:
        first.write(rows)
        model.write(rows)
    archive = opener(site=site, zone=new)
    for period in ("hour", "day", "month", "year"):
        assert found(archive, model, "device", period) == model.bars("device", period)
        assert found_costs(archive, model, "device", period) == model.costs("device", period)
    first.close()
    archive.close()


def test_in_another_zone_a_charge_is_of_the_same_date(opener: Opener) -> None:
    first = opener()
    first.write_charges([charge(START), charge(START, "0.1", "line"), charge(START + 200 * DAY - 3600)])
    india = opener(zone="Asia/Kolkata")
    assert [(row.day - START, row.charge) for row in india.charges(*EVER)] == [
        (-16_200, "line"),
        (-16_200, "meter"),
        (200 * DAY - 16_200, "meter"),
    ]
    before = [charge(START), charge(START + 200 * DAY - 3600)]
    assert [row for row in opener().charges(*EVER) if row.charge == "meter"] == before


def test_in_another_zone_what_has_no_intervals_any_more_is_not_lost(opener: Opener) -> None:
    first = opener()
    rows = fill(first, 90)
    first.retain({"intervals": START + 40 * DAY})
    archive = opener(zone="Australia/Lord_Howe")
    for period in ("hour", "day", "month", "year"):
        total = archive.consumption("total", None, period, *EVER)  # type: ignore[arg-type]
        assert sum(row.amount for row in total) == sum(row.amount for row in rows)
        assert sum(row.estimated for row in total) == sum(row.amount for row in rows if row.estimated)
    model = Model("Australia/Lord_Howe")
    late = [row.start for row in archive.consumption("total", None, "day", *EVER) if row.start > START + 62 * DAY]
    assert len(late) > 20
    assert all(model.label(start, "day") != model.label(start - 1, "day") for start in late)


def test_optimising_changes_nothing_but_the_size(archive: Archive) -> None:
    fill(archive, 150)
    archive.retain({"intervals": START + 149 * DAY, "samples": START + 149 * DAY})
    before, size = histograms(archive), archive.info().size
    archive.optimise()
    assert histograms(archive) == before
    assert archive.info().size < size or archive.info().engine == "postgresql"


def test_a_backup_is_a_file_with_all_of_it(archive: Archive, tmp_path: Path) -> None:
    rows = fill(archive)
    archive.retain({"intervals": START + 3 * DAY})
    archive.numbers(["gone", "mains"])
    archive.write_charges([charge(START, "0.123")])
    costs = histograms(archive)
    path = tmp_path / "deep" / "copy.db"
    path.parent.mkdir()
    archive.backup(path)
    archive.write([interval(START + 100 * DAY)])
    assert sorted(one.name for one in path.parent.iterdir()) == ["copy.db"]
    copy = Archive.open(f"sqlite:///{path}", site="home", zone=ZONE)
    assert list(all_rows(copy)) == rows[12:]
    assert sum(row.amount for row in copy.consumption("total", None, "year", *EVER)) == sum(row.amount for row in rows)
    assert len(list(copy.samples("mains", None, *EVER))) == len(copy.alarms(*EVER)) == len(rows)
    assert copy.sessions(*EVER) == archive.sessions(*EVER)
    assert len(copy.sessions(*EVER)) == len(rows)
    assert copy.marks() == {("mains", "energy_import"): (rows[-1].start + 600, len(rows) - 1)}
    assert copy.numbered() == {"gone": 1, "mains": 2}
    assert copy.charges(*EVER) == [charge(START, "0.123")]
    assert histograms(copy) == costs
    copy.write([interval(START + 101 * DAY)])
    copy.close()
    assert ask(f"sqlite:///{path}", "PRAGMA integrity_check") == [("ok",)]


def test_a_backup_does_not_replace_a_file(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "copy.db"
    path.write_text("precious")
    with pytest.raises(FileExistsError):
        archive.backup(path)
    assert path.read_text() == "precious"


def test_a_backup_that_fails_leaves_nothing(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    copy = tmp_path / "copy.db"
    copy.symlink_to(tmp_path / "nowhere" / "copy.db")
    with pytest.raises(FAULTS) as raised:
        archive.backup(copy)
    assert "unable to open" in describe(raised.value)
    assert not copy.is_symlink()


@pytest.mark.parametrize("there", ["sqlite", "postgresql"])
def test_moving_to_another_database(archive: Archive, there: str, cluster: Any, tmp_path: Path) -> None:
    rows = fill(archive)
    archive.retain({"intervals": START + 3 * DAY + 30_000})
    archive.numbers(["gone", "mains"])
    archive.write_charges([charge(START + number * DAY) for number in range(3)])
    name = f"target_{new_site().replace(' ', '_')}"
    url = cluster.create(name) if there == "postgresql" else f"sqlite:///{tmp_path / 'other.db'}"
    target = Archive.open(url, site="home", zone=ZONE)
    told: list[tuple[int, int]] = []
    archive.copy_to(target, lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1] == (4 * len(rows) - 14, 4 * len(rows) - 14)
    same(archive, target)
    archive.write([interval(START + 50 * DAY, load="cooling", level=7), interval(device="new", level=8)])
    archive.write(sessions=[session("0", START, 90, energy=None), session("new", START - DAY, None, (RATES[5], 1))])
    archive.numbers(["new", "newer"])
    archive.copy_to(target)
    same(archive, target)
    target.close()
    if there == "postgresql":
        cluster.drop(name)


def same(one: Archive, other: Archive) -> None:
    """Check that two archives have the same."""
    assert list(all_rows(other)) == list(all_rows(one))
    assert list(other.samples("mains", None, *EVER)) == list(one.samples("mains", None, *EVER))
    assert other.alarms(*EVER) == one.alarms(*EVER)
    assert other.sessions(*EVER) == one.sessions(*EVER)
    assert histograms(other) == histograms(one)
    assert other.marks() == one.marks()
    assert other.numbered() == one.numbered()
    assert other.charges(*EVER) == one.charges(*EVER)
    assert set(other.rates()) == set(one.rates())
    assert other.info().last_interval == one.info().last_interval
    assert other.info().kept_since == one.info().kept_since


def test_what_came_since_a_copy_is_copied_alone(archive: Archive, tmp_path: Path) -> None:
    fill(archive, 3)
    archive.write(sessions=[session("on", START - DAY, None), session("over", START - DAY)])
    target = Archive.open(f"sqlite:///{tmp_path / 'other.db'}", site="home", zone=ZONE)
    archive.copy_to(target)
    since = archive.info().last_interval
    assert since is not None
    later = [interval(since + 600 * number, level=number) for number in range(4)]
    archive.write([interval(since - 300, 1, "ovens"), *later], [sample(since)], [alarm(90, since)])
    archive.write(sessions=[session("on", START - DAY, DAY + since - START + 1)])
    told: list[tuple[int, int]] = []
    archive.copy_to(target, lambda done, total: told.append((done, total)), since=since)
    assert told == [(5, 9), (6, 9), (7, 9), (9, 9)]
    same(archive, target)
    target.close()


def test_an_interval_that_ends_when_the_copy_begins_is_not_copied(archive: Archive, tmp_path: Path) -> None:
    rows = [interval(START + 600 * number) for number in range(4)]
    archive.write([*rows, interval(START - 85_000, 5, "slow", seconds=86_400)])
    archive.write(samples=[sample(row.start) for row in rows], alarms=[alarm(1, START + 1199), alarm(2, START + 1200)])
    target = Archive.open(f"sqlite:///{tmp_path / 'other.db'}", site="home", zone=ZONE)
    archive.copy_to(target, since=START + 1200)
    assert [(row.device, row.start) for row in all_rows(target)] == [
        ("slow", START - 85_000),
        ("mains", START + 1200),
        ("mains", START + 1800),
    ]
    assert [row.start for row in target.samples("mains", None, *EVER)] == [START + 1200, START + 1800]
    assert [row.id for row in target.alarms(*EVER)] == [2]
    target.close()


def test_numbers_that_come_along_win(archive: Archive, tmp_path: Path) -> None:
    archive.numbers(["mains", "ovens"])
    target = Archive.open(f"sqlite:///{tmp_path / 'other.db'}", site="home", zone=ZONE)
    target.numbers(["tap", "mains", "ovens", "gas"])
    archive.copy_to(target)
    assert target.numbered() == {"mains": 1, "ovens": 2, "gas": 4}
    assert target.numbers(["tap"]) == {"tap": 5}
    target.close()


def test_a_move_that_was_interrupted_goes_on(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    archive.retain({"intervals": START + 3 * DAY})
    target = Archive.open(f"sqlite:///{tmp_path / 'other.db'}", site="home", zone=ZONE)

    def interrupt(done: int, _total: int) -> None:
        if done > 200:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        archive.copy_to(target, interrupt)
    archive.copy_to(target)
    same(archive, target)
    target.close()


def test_what_was_priced_anew_between_two_copies_is_not_there_twice(archive: Archive, tmp_path: Path) -> None:
    rows = fill(archive)
    archive.retain({"intervals": START + 3 * DAY + 30_000})
    target = Archive.open(f"sqlite:///{tmp_path / 'other.db'}", site="home", zone=ZONE)
    archive.copy_to(target)
    archive.reprice(*EVER, priced(1), apply=True)
    archive.copy_to(target)
    for period in ("hour", "day", "month", "year"):
        for bars in (target.consumption, target.costs):
            assert sum(row.amount for row in bars("total", None, period, *EVER)) == sum(row.amount for row in rows)
    target.close()


def test_a_move_between_time_zones_is_refused(opener: Opener) -> None:
    with pytest.raises(ValueError, match="Europe/Paris"):
        opener().copy_to(opener(site="elsewhere", zone="UTC"))
