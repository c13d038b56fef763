"""Writing against a plain model: any order, any number of times, moved devices, excluded rows, odd days."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.archive import AlarmRow, IntervalRow, PartRow

from .support import (
    RATES,
    START,
    ZONES,
    Model,
    alarm,
    all_rows,
    ask,
    billed_batches,
    found,
    found_costs,
    interval,
    new_site,
    parted,
    sample,
)

if TYPE_CHECKING:
    from custom_components.legrand_ews.archive import Archive

    from .support import Opener

SCOPES = ("device", "load", "group", "total")
PERIODS = ("hour", "day", "month", "year")
some = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@some
@given(billed_batches, st.sampled_from(ZONES), st.randoms(use_true_random=False))
def test_all_histograms_are_sums_over_the_intervals(
    opener: Opener, written: list[list[IntervalRow]], zone: str, random: Any
) -> None:
    archive = opener(site=new_site(), zone=zone)
    model = Model(zone)
    again = written + [random.sample(one, len(one)) for one in written]
    random.shuffle(again)
    for rows in again:
        archive.write(rows)
        model.write(rows)
    assert sorted(all_rows(archive), key=repr) == sorted(map(ordered, model.rows.values()), key=repr)
    for scope in SCOPES:
        for period in PERIODS:
            assert found(archive, model, scope, period) == model.bars(scope, period)
            assert found_costs(archive, model, scope, period) == model.costs(scope, period)
    assert archive.marks() == model.marks()
    info = archive.info()
    assert info.intervals == len(model.rows)
    assert info.last_interval == max((row.start + row.seconds for row in model.rows.values()), default=None)
    archive.close()


def ordered(row: IntervalRow) -> IntervalRow:
    """Return a row with its groups in order and without its level, as the archive gives it back."""
    values = {name: getattr(row, name) for name in row.__slots__}
    return IntervalRow(**{**values, "groups": tuple(sorted(row.groups)), "level": None})


def test_an_interval_that_is_there_is_neither_changed_nor_counted_twice(archive: Archive) -> None:
    archive.write([interval(amount=100, load="heating", groups=("east",))])
    archive.write([interval(amount=900, load="cooling"), interval(START + 600, amount=7)])
    assert [(row.amount, row.load) for row in all_rows(archive)] == [(100, "heating"), (7, None)]
    bars = archive.consumption("load", None, "day", START, START + 86400)
    assert sorted((row.key or "", row.amount) for row in bars) == [("", 7), ("heating", 100)]


def test_the_rate_of_an_interval_that_is_there_stays(archive: Archive) -> None:
    row = parted(interval(amount=90), [200, 400], RATES)
    archive.write([row])
    archive.write([replace(row, parts=(), rate=RATES[3]), interval(START + 600, rate=RATES[0])])
    archive.write([parted(interval(START + 600), [300], RATES)])
    assert list(all_rows(archive)) == [row, interval(START + 600, rate=RATES[0])]
    costs = archive.costs("device", None, "day", START, START + 1)
    assert {(bar.rate, bar.amount) for bar in costs} == {(RATES[0], 110), (RATES[1], 30), (RATES[2], 50)}


def test_parts_that_do_not_make_the_interval_are_refused() -> None:
    whole = parted(interval(amount=90), [200, 400], RATES)
    first, *others = whole.parts
    late = PartRow(start=START + 600, amount=0, rate=None)
    wrong: list[dict[str, Any]] = [
        {"amount": 91},
        {"start": START + 1},
        {"rate": RATES[0]},
        {"amount": first.amount, "parts": (first,)},
        {"parts": (first, *reversed(others))},
        {"parts": (*whole.parts, late)},
        {"parts": (first, replace(first, amount=0), *others)},
    ]
    for change in wrong:
        with pytest.raises(ValueError, match="do not make"):
            replace(whole, **change)
    assert replace(whole, parts=(*whole.parts, replace(late, start=START + 599))).pieces[-1] == (None, 0)


def test_moving_a_device_changes_nothing_of_the_past(archive: Archive) -> None:
    archive.write([interval(load="heating", groups=("east", "west"))])
    archive.write([interval(START + 600, load="sockets", groups=("west",))])
    by_load = archive.consumption("load", None, "month", START, START + 1)
    by_group = archive.consumption("group", None, "month", START, START + 1)
    assert {(row.key, row.amount) for row in by_load} == {("heating", 100), ("sockets", 100)}
    assert {(row.key, row.amount) for row in by_group} == {("east", 100), ("west", 200)}
    (device,) = archive.consumption("device", None, "month", START, START + 1)
    assert (device.key, device.amount) == ("mains", 200)


def test_an_excluded_device_is_only_under_its_own_name(archive: Archive) -> None:
    archive.write([interval(load="heating", groups=("east",), counted=False)])
    for scope in ("load", "group", "total"):
        assert archive.consumption(scope, None, "day", START, START + 1) == []  # type: ignore[arg-type]
    (device,) = archive.consumption("device", ["mains"], "day", START, START + 1)
    assert device.amount == 100


def test_sites_in_one_database_know_nothing_of_each_other(opener: Opener) -> None:
    one, other = opener(site="one"), opener(site="other", zone="Asia/Kolkata")
    one.write([interval(amount=1)], [sample()], [alarm(1)])
    other.write([interval(amount=2)], [], [alarm(1, at=START + 5)])
    assert [row.amount for row in all_rows(one)] == [1]
    assert [row.amount for row in all_rows(other)] == [2]
    assert [row.amount for row in one.consumption("total", None, "year", 0, 2 * START)] == [1]
    assert list(other.samples("mains", None, 0, 2 * START)) == []
    assert [row.at for row in one.alarms(0, 2 * START)] == [START]
    assert (one.info().samples, other.info().samples) == (1, 0)


def test_the_last_alarm_of_an_id_wins(archive: Archive) -> None:
    archive.write(
        alarms=[alarm(1, text="on"), alarm(2), alarm(1, START + 1.5, text="a"), alarm(1, START + 2, text="é")]
    )
    archive.write(alarms=[alarm(2, START + 9, nested={"list": [1, None]})])
    assert archive.alarms(START, START + 60) == [
        AlarmRow(id=1, at=START + 2, data={"text": "é"}),
        AlarmRow(id=2, at=START + 9, data={"nested": {"list": [1, None]}}),
    ]


def test_all_rows_of_a_call_are_written_or_none(archive: Archive) -> None:
    unwritable = AlarmRow(id=1, at=START, data={"what": object()})
    with pytest.raises(TypeError):
        archive.write([interval(level=5)], [sample()], [unwritable])
    assert archive.marks() == {}
    info = archive.info()
    assert (info.intervals, info.samples, info.alarms, info.last_interval) == (0, 0, 0, None)
    archive.write([interval(load="heating", groups=("east",))], [sample()], [alarm(1)])
    (total,) = archive.consumption("group", None, "day", START, START + 1)
    assert (total.key, total.amount) == ("east", 100)


def test_a_mark_is_of_the_newest_interval_that_was_really_added(archive: Archive) -> None:
    archive.write([interval(START + 600, level=20), interval(START, level=10), interval(START, 1, "tap")])
    archive.write([interval(START + 600, level=99), interval(START - 600, level=5)])
    assert archive.marks() == {("mains", "energy_import"): (START + 1200, 20)}
    archive.retain({"intervals": START + 9000})
    archive.write([interval(START + 6000, level=30)])
    assert archive.marks() == {("mains", "energy_import"): (START + 1200, 20)}


def test_a_mark_goes_with_a_counter_that_was_reset(archive: Archive) -> None:
    archive.write([interval(level=2**40), interval(START + 600, level=0)])
    assert archive.marks() == {("mains", "energy_import"): (START + 1200, 0)}


def test_nothing_is_written_of_no_rows(archive: Archive) -> None:
    archive.write()
    assert archive.info().intervals == 0


def test_a_row_without_length_or_of_days_is_refused() -> None:
    with pytest.raises(ValueError, match="0 s"):
        interval(seconds=0)
    with pytest.raises(ValueError, match="86401 s"):
        interval(seconds=86_401)
    with pytest.raises(ValueError, match="-1 s"):
        sample(seconds=-1)


def test_other_programs_read_costs(archive: Archive, url: str) -> None:
    archive.write(
        [parted(interval(load="heating"), [300], RATES), interval(START + 600, 3, "tap"), interval(START + 1200)]
    )
    pieces = (
        "SELECT device, start, part_start, amount, tariff, tariff_name, price, currency FROM ews_costs ORDER BY 2, 3"
    )
    assert ask(url, pieces) == [
        ("mains", START, START, 25, "day", "Day", "0.2", "EUR"),
        ("mains", START, START + 300, 75, "day", "Day", "0.23", "EUR"),
        ("tap", START + 600, START + 600, 3, None, None, None, None),
        ("mains", START + 1200, START + 1200, 100, None, None, None, None),
    ]
    months = "SELECT amount, price FROM ews_months WHERE device = 'mains' ORDER BY amount"
    assert ask(url, months) == [(25, "0.2"), (75, "0.23"), (100, None)]


def test_other_programs_read_names(archive: Archive, url: str) -> None:
    archive.write([interval(load="heating", groups=("west", "east")), interval(START + 600, 3, "tap", counted=False)])
    rows = ask(url, "SELECT site, device, quantity, load, groups, amount FROM ews_intervals ORDER BY start")
    assert rows == [
        ("home", "mains", "energy_import", "heating", '["east", "west"]', 100),
        ("home", "tap", "energy_import", None, "[]", 3),
    ]
    assert ask(url, "SELECT device, start, amount FROM ews_days WHERE counted") == [("mains", START, 100)]
