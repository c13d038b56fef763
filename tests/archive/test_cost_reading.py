"""Questions about money: which rates, which sums, which charges."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .support import (
    RATES,
    SEASONS,
    START,
    ZONE,
    ZONES,
    Model,
    billed_batches,
    charge,
    found_costs,
    interval,
    new_site,
    parted,
    priced,
    rate,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from custom_components.legrand_ews.archive import Archive, IntervalRow

    from .support import Opener

HOUR, DAY = 3600, 86400
EVER = (-(2**40), 2**40)
some = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
moments = st.builds(
    lambda turn, off: turn + HOUR * off,
    st.sampled_from([one for turns in SEASONS for one in turns]),
    st.integers(-9, 9),
)


def written_to(archive: Archive, batches: Iterable[list[IntervalRow]]) -> Model:
    """Write rows and return what must come of it."""
    model = Model(archive.zone)
    for rows in batches:
        archive.write(rows)
        model.write(rows)
    return model


def owner(row: Any) -> tuple[Any, ...]:
    """Return what a row belongs to."""
    return row.device, row.quantity, row.commodity, row.load, tuple(sorted(row.groups)), row.counted


@pytest.fixture
def filled(archive: Archive) -> Archive:
    """Return an archive with an hour of two meters."""
    archive.write(
        [
            interval(load="heating", groups=("east",), rate=RATES[0]),
            parted(interval(START + 600, load="heating", groups=("east",)), [300], RATES[1:]),
            interval(START + 1200, 7, groups=("east",), rate=None),
            interval(START, 50, quantity="energy_export", groups=("east",), load="heating", rate=RATES[3]),
            interval(START, 9, "ovens", rate=RATES[0], counted=False),
        ]
    )
    return archive


def bars(rows: Any) -> set[tuple[Any, ...]]:
    """Return what bars say."""
    return {(row.key, row.quantity, row.rate, row.amount) for row in rows}


def test_what_is_told_at_its_rate(filled: Archive) -> None:
    used = {("energy_import", RATES[0], 100), ("energy_import", RATES[1], 25), ("energy_import", RATES[2], 75)}
    rest, back = ("energy_import", None, 7), ("energy_export", RATES[3], 50)
    assert bars(filled.costs("total", None, "hour", *EVER)) == {(None, *one) for one in (*used, rest, back)}
    assert bars(filled.costs("group", ["east"], "day", *EVER)) == {("east", *one) for one in (*used, rest, back)}
    assert bars(filled.costs("load", ["heating"], "month", *EVER)) == {("heating", *one) for one in used}
    assert bars(filled.costs("load", [None], "month", *EVER)) == {(None, *rest)}
    ovens = ("ovens", "energy_import", RATES[0], 9)
    everything = {*(("mains", *one) for one in (*used, rest, back)), ovens}
    assert bars(filled.costs("device", None, "year", *EVER)) == everything
    assert bars(filled.costs("device", ["ovens"], "year", *EVER, group="east")) == set()
    assert bars(filled.costs("device", ["mains"], "year", *EVER, group="east")) == everything - {ovens}
    assert filled.costs("total", None, "hour", START + 1, START + HOUR) == []


def test_a_price_is_there_once_however_it_is_written(archive: Archive) -> None:
    archive.write([interval(rate=rate("0.20")), interval(START + 600, 50, rate=rate("0.2"))])
    (row,) = archive.costs("total", None, "day", *EVER)
    assert (row.amount, row.cost) == (150, Decimal("0.03"))
    assert archive.rates() == [rate("0.2")]


def test_rates_are_those_of_the_site(opener: Opener) -> None:
    one, other = opener(site="one"), opener(site="other")
    one.write([interval(rate=RATES[0]), parted(interval(START + 600), [5], RATES[1:])])
    other.write([interval(rate=RATES[0])])
    assert one.rates() == [*RATES[:3]]
    assert other.rates() == [RATES[0]]


@some
@given(billed_batches, st.sampled_from(["device", "load", "group", "total"]), st.sampled_from([900, 3600, 86400]))
def test_downloads_of_costs_are_sums_over_the_pieces(
    opener: Opener, written: list[list[IntervalRow]], scope: Any, step: Any
) -> None:
    archive = opener(site=new_site())
    model = written_to(archive, written)
    rows = list(archive.grouped_costs(scope, None, step, *EVER))
    assert [row.start for row in rows] == sorted(row.start for row in rows)
    if step == 900:
        found = Counter[Any]()
        for row in rows:
            assert row.start % 900 == 0
            assert (row.key, row.quantity, row.commodity, row.start, row.rate) not in found
            found[row.key, row.quantity, row.commodity, row.start, row.rate] = row.amount
        assert found == quarters(model, scope)
    else:
        period: Any = "hour" if step == 3600 else "day"
        assert sorted(map(repr, rows)) == sorted(map(repr, archive.costs(scope, None, period, *EVER)))
    archive.close()


def quarters(model: Model, scope: str) -> Counter[Any]:
    """Return what bars of 15 minutes must be: a part is in the quarter that its interval begins in."""
    sums = Counter[Any]()
    for row in model.rows.values():
        single = Model(ZONE)
        single.write([row])
        for bar, amount in single.costs(scope, "hour").items():
            sums[*bar[:3], row.start - row.start % 900, bar[4]] += amount
    return sums


@some
@given(billed_batches, st.sampled_from(ZONES), moments)
def test_spans_of_the_calendar_have_each_amount_once(
    opener: Opener, written: list[list[IntervalRow]], zone: str, now: int
) -> None:
    archive = opener(site=new_site(), zone=zone)
    model = written_to(archive, written)
    found = Counter[Any]()
    for row in archive.cost_sums(now):
        assert (*owner(row), row.rate, row.span) not in found
        found[*owner(row), row.rate, row.span] = row.amount
    expected = Counter[Any]()
    for one in model.rows.values():
        for of, amount in one.pieces:
            expected[*owner(one), of, span_of(model, one.start, now)] += amount
    assert found == expected
    archive.close()


def span_of(model: Model, at: int, now: int) -> str:
    """Return the span that a time is in."""
    for name, period in (("today", "day"), ("month", "month"), ("year", "year")):
        if model.label(at, period) >= model.label(now, period):
            return name
    return "ever"


@some
@given(billed_batches, st.sampled_from(ZONES), moments, st.none() | st.integers(0, 5))
def test_the_history_is_sums_before_an_hour_and_the_hours_after(
    opener: Opener, written: list[list[IntervalRow]], zone: str, at: int, hours: int | None
) -> None:
    archive = opener(site=new_site(), zone=zone)
    model = written_to(archive, written)
    since = archive._time.floor(at, "hour")
    until = since + DAY if hours is None else archive._time.floor(since + HOUR * hours, "hour")
    sums, told = archive.cost_history(since) if hours is None else archive.cost_history(since, until)
    assert [row.start for row in told] == sorted(row.start for row in told)
    found, expected = Counter[Any](), Counter[Any]()
    for row in sums:
        assert row.span is None
        found[*owner(row), row.rate] += row.amount
    for hour in told:
        found[*owner(hour), hour.rate, model.label(hour.start, "hour")] += hour.amount
    for one in model.rows.values():
        for of, amount in one.pieces:
            if one.start < since:
                expected[*owner(one), of] += amount
            elif hours is None or one.start < until:
                expected[*owner(one), of, model.label(one.start, "hour")] += amount
    assert found == expected
    archive.close()


def test_no_amount_is_lost_where_months_are_of_several_time_zones(opener: Opener) -> None:
    first = opener()
    price = priced(3)
    rows = [interval(START + HOUR * number, seconds=3600, amount=number) for number in range(24 * 100)]
    first.write(interval(row.start, row.amount, seconds=3600, rate=price(row)[0]) for row in rows)
    first.retain({"intervals": START + 45 * DAY})
    for zone in ("America/St_Johns", "Australia/Lord_Howe", "America/St_Johns"):
        archive = opener(zone=zone)
        for day in (20, 31, 45, 50, 58, 59, 60, 80, 99):
            at = archive._time.floor(START + day * DAY + 43_200, "hour")
            assert sum(row.amount for row in archive.cost_sums(at)) == sum(range(24 * 100))
            assert sum(row.amount for rows in archive.cost_history(at) for row in rows) == sum(range(24 * 100))


def test_hours_that_were_deleted_count_as_before(archive: Archive) -> None:
    archive.write(interval(START + HOUR * number, 1, rate=RATES[0]) for number in range(48))
    archive.retain({"hours": START + 30 * HOUR})
    (before,), hours = archive.cost_history(START + 26 * HOUR)
    assert before.amount == 30
    assert [row.start for row in hours] == [START + HOUR * number for number in range(30, 48)]


def test_charges_of_a_span(archive: Archive) -> None:
    days = [charge(START + DAY * day, "0.50", key) for day in range(4) for key in ("line", "meter")]
    archive.write_charges(reversed(days))
    assert archive.charges(START + DAY, START + 3 * DAY) == days[2:6]
    assert archive.charged_until() == START + 3 * DAY


def test_a_charge_that_is_there_is_not_changed(archive: Archive) -> None:
    assert archive.charged_until() is None
    archive.write_charges([])
    archive.write_charges([charge(START, "0.5"), charge(START, "9")])
    archive.write_charges([charge(START, "7"), charge(START + DAY, "7")])
    assert archive.charges(*EVER) == [charge(START, "0.5"), charge(START + DAY, "7")]


def test_charges_in_place_of_others(archive: Archive) -> None:
    archive.write_charges([charge(START + DAY * day, "1") for day in range(5)])
    fresh = [charge(START + DAY, "2"), charge(START + DAY, "0.00012", "line", commodity="gas", currency="CHF")]
    archive.replace_charges(START + DAY, START + 3 * DAY, fresh)
    assert archive.charges(*EVER) == [charge(START, "1"), fresh[1], fresh[0], *archive.charges(START + 3 * DAY, 2**40)]
    assert archive.charged_until() == START + 4 * DAY
    with pytest.raises(ValueError, match="another day"):
        archive.replace_charges(START, START + DAY, [charge(START + DAY)])
    archive.replace_charges(*EVER, [])
    assert archive.charged_until() is None


def test_charges_are_those_of_the_site(opener: Opener) -> None:
    one, other = opener(site="one"), opener(site="other")
    one.write_charges([charge(START, "1")])
    other.write_charges([charge(START, "2"), charge(START + DAY, "2")])
    one.replace_charges(*EVER, [charge(START, "3")])
    assert (one.charges(*EVER), one.charged_until()) == ([charge(START, "3")], START)
    assert len(other.charges(*EVER)) == 2


def test_costs_of_an_empty_archive_are_empty(archive: Archive) -> None:
    assert list(archive.grouped_costs("total", None, 900, *EVER)) == []
    assert archive.cost_sums(START) == []
    assert archive.cost_history(START) == ([], [])
    assert found_costs(archive, Model(ZONE), "total", "year") == Counter()
    assert archive.rates() == []
