"""Other prices for what is there: as if it had been written with them, and nothing else changes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .support import (
    RATES,
    START,
    TURNS,
    ZONES,
    Model,
    all_rows,
    ask,
    billed_batches,
    found,
    found_costs,
    interval,
    new_site,
    parted,
    priced,
)

if TYPE_CHECKING:
    from custom_components.legrand_ews.archive import Archive, IntervalRow

    from .support import Opener

HOUR, DAY = 3600, 86400
EVER = (-(2**40), 2**40)
some = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
moments = st.builds(lambda turn, off: turn + 600 * off, st.sampled_from(TURNS), st.integers(-30, 30))
FREE = (None, ())


def state(archive: Archive) -> list[Any]:
    """Return all that is told of amounts and costs."""
    periods: Any = ("hour", "day", "month")
    costs = [sorted(map(repr, archive.costs("device", None, one, *EVER))) for one in periods]
    return [list(all_rows(archive)), *costs]


@some
@given(billed_batches, st.sampled_from(ZONES), moments, moments | st.just(2**40), st.integers(0, 99))
def test_it_is_as_if_it_had_been_written_with_the_other_prices(
    opener: Opener, written: list[list[IntervalRow]], zone: str, since: int, until: int, salt: int
) -> None:
    archive, price = opener(site=new_site(), zone=zone), priced(salt)
    before, after = Model(zone), Model(zone)
    for rows in written:
        archive.write(rows)
        before.write(rows)
    for key, row in before.rows.items():
        rate, parts = price(row) if since <= row.start < until else (row.rate, row.parts)
        after.rows[key] = replace(row, rate=rate, parts=parts)
    untouched = state(archive)
    tried = archive.reprice(since, until, price, apply=False)
    assert state(archive) == untouched
    moved = archive.reprice(since, until, price, apply=True)
    assert tried == moved
    assert [row.start for row in moved] == sorted(row.start for row in moved)
    assert moved_by(moved, after) == difference(before, after)
    assert {repr(bare(row)) for row in all_rows(archive)} == {repr(bare(row)) for row in after.rows.values()}
    for period in ("hour", "day", "month", "year"):
        for scope in ("device", "group"):
            assert found_costs(archive, after, scope, period) == after.costs(scope, period)
            assert found(archive, after, scope, period) == after.bars(scope, period)
    assert archive.reprice(since, until, price, apply=True) == []
    archive.close()


def bare(row: IntervalRow) -> IntervalRow:
    """Return a row as the archive gives it back."""
    return replace(row, groups=tuple(sorted(row.groups)), level=None)


def moved_by(moved: Any, model: Model) -> Counter[Any]:
    """Return what was told to have moved; none of it twice, and nothing that did not."""
    sums = Counter[Any]()
    for row in moved:
        key = owner(row, model.label(row.start, "hour"), row.rate)
        assert key not in sums
        assert row.amount
        sums[key] = row.amount
    return sums


def difference(before: Model, after: Model) -> Counter[Any]:
    """Return what must have moved."""
    sums = Counter[Any]()
    for model, sign in ((before, -1), (after, 1)):
        for row in model.rows.values():
            for rate, amount in row.pieces:
                sums[owner(row, model.label(row.start, "hour"), rate)] += sign * amount
    return sums


def owner(row: Any, *more: Any) -> tuple[Any, ...]:
    """Return what a row belongs to."""
    return row.device, row.quantity, row.commodity, row.load, tuple(sorted(row.groups)), row.counted, *more


def test_a_rate_that_nothing_is_left_of_is_told_no_longer(archive: Archive, url: str) -> None:
    archive.write([interval(amount=0), interval(START + 600, 0), parted(interval(START + 1200, 0), [3], RATES)])
    assert archive.reprice(*EVER, lambda _: (RATES[3], ()), apply=True) == []
    for table in ("ews_hour", "ews_day", "ews_month"):
        assert ask(url, f"SELECT count(*) FROM {table}") == [(1,)]  # noqa: S608 -- our own
    assert [(row.rate, row.amount) for row in archive.costs("total", None, "hour", *EVER)] == [(RATES[3], 0)]
    assert ask(url, "SELECT count(*) FROM ews_part") == [(0,)]


def test_a_bar_of_nothing_stays_a_bar(archive: Archive) -> None:
    archive.write([interval(amount=0, rate=RATES[0]), interval(START + 600, 0, rate=RATES[1])])
    archive.reprice(*EVER, lambda row: (RATES[1] if row.start == START else RATES[0], ()), apply=True)
    assert [row.amount for row in archive.consumption("total", None, "hour", *EVER)] == [0]


def test_what_was_deleted_is_left_alone(archive: Archive) -> None:
    archive.write([interval(START + HOUR * number, rate=RATES[0], level=number) for number in range(48)])
    archive.retain({"intervals": START + DAY})
    moved = archive.reprice(*EVER, lambda _: (RATES[1], ()), apply=True)
    assert {row.start for row in moved} == {START + DAY + HOUR * number for number in range(24)}
    assert {row.rate: row.amount for row in archive.costs("total", None, "month", *EVER)} == {
        RATES[0]: 2400,
        RATES[1]: 2400,
    }
    assert archive.marks() == {("mains", "energy_import"): (START + 47 * HOUR + 600, 47)}


def test_hours_that_were_deleted_do_not_come_back(archive: Archive) -> None:
    archive.write([interval(START + HOUR * number, rate=RATES[0]) for number in range(48)])
    archive.retain({"hours": START + 40 * HOUR})
    archive.reprice(*EVER, lambda _: (RATES[1], ()), apply=True)
    hours = archive.costs("total", None, "hour", *EVER)
    assert {(row.start, row.rate, row.amount) for row in hours} == {
        (START + HOUR * number, RATES[1], 100) for number in range(40, 48)
    }
    assert [(row.rate, row.amount) for row in archive.costs("total", None, "month", *EVER)] == [(RATES[1], 4800)]


def test_other_sites_keep_their_prices(opener: Opener) -> None:
    one, other = opener(site="one"), opener(site="other")
    for archive in (one, other):
        archive.write([interval(rate=RATES[0])])
    one.reprice(*EVER, lambda _: FREE, apply=True)
    assert [row.rate for row in all_rows(one)] == [None]
    assert [row.rate for row in all_rows(other)] == [RATES[0]]
    assert other.reprice(*EVER, lambda row: (row.rate, row.parts), apply=True) == []


def test_it_is_told_how_far_it_is_and_goes_on_after_an_end(archive: Archive) -> None:
    archive.write([interval(START + DAY * day) for day in range(5)])
    told: list[tuple[int, int]] = []

    def interrupt(done: int, total: int) -> None:
        told.append((done, total))
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        archive.reprice(*EVER, lambda _: (RATES[0], ()), apply=True, progress=interrupt)
    assert told == [(1, 5), (2, 5)]
    assert [row.rate for row in all_rows(archive)] == [RATES[0]] * 2 + [None] * 3
    moved = archive.reprice(*EVER, lambda _: (RATES[0], ()), apply=True)
    assert [(row.start - START, row.rate, row.amount) for row in moved] == [
        (DAY * day, rate, amount) for day in (2, 3, 4) for rate, amount in ((None, -100), (RATES[0], 100))
    ]


def test_writers_come_in_between_two_days(archive: Archive) -> None:
    archive.write([interval(START + DAY * day) for day in range(3)])
    late = interval(START + 7, 3, "ovens")
    archive.reprice(
        *EVER, lambda _: (RATES[0], ()), apply=True, progress=lambda done, _: archive.write([late] if done == 1 else [])
    )
    assert {row.rate: row.amount for row in archive.costs("total", None, "month", *EVER)} == {None: 3, RATES[0]: 300}


def test_parts_that_do_not_make_the_interval_change_nothing_of_that_day(archive: Archive) -> None:
    archive.write([interval(), interval(START + 600)])
    wrong = parted(interval(amount=99), [300], RATES).parts
    with pytest.raises(ValueError, match="do not make"):
        archive.reprice(*EVER, lambda row: (None, wrong) if row.start > START else (RATES[0], ()), apply=True)
    assert [row.rate for row in all_rows(archive)] == [None, None]
    assert archive.rates() == []
