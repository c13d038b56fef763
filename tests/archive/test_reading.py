"""Questions: which rows, which bars, in which order."""

from __future__ import annotations

import struct
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .support import SEASONS, START, ZONE, ZONES, Model, alarm, batches, interval, new_site, sample

if TYPE_CHECKING:
    from custom_components.legrand_ews.archive import Archive, ConsumptionRow, IntervalRow

    from .support import Opener

HOUR, DAY = 3600, 86400
EVER = (-(2**40), 2**40)
some = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def bars(rows: Any) -> list[tuple[str | None, int, int]]:
    """Return key, start and amount of bars."""
    return [(row.key, row.start - START, row.amount) for row in rows]


@pytest.fixture
def filled(archive: Archive) -> Archive:
    """Return an archive with a day of three meters."""
    starts = [START + 600 * number for number in range(144)]
    archive.write(interval(start, 1, "mains", load="heating", groups=("east", "west")) for start in starts)
    archive.write(interval(start, 10, "mains", quantity="energy_export") for start in starts)
    archive.write(interval(start, 100, "ovens", load="sockets", groups=("east",)) for start in starts)
    archive.write(interval(start, 1000, "tap", quantity="volume", commodity="water") for start in starts)
    return archive


def test_only_the_keys_asked_for(filled: Archive) -> None:
    ask = filled.consumption
    assert bars(ask("load", ["heating"], "day", *EVER)) == [("heating", 0, 144)]
    assert bars(ask("load", [None], "day", *EVER)) == [(None, 0, 144_000)]
    assert bars(ask("group", ["west"], "day", *EVER)) == [("west", 0, 144)]
    assert bars(ask("device", ["ovens", "nobody"], "day", *EVER)) == [("ovens", 0, 14_400)]
    assert ask("device", [], "day", *EVER) == []


def test_devices_have_all_quantities_totals_what_is_consumed(filled: Archive) -> None:
    device = filled.consumption("device", ["mains"], "month", *EVER)
    assert {(row.quantity, row.amount) for row in device} == {("energy_import", 144), ("energy_export", 1440)}
    total = filled.consumption("total", None, "year", *EVER)
    assert {(row.key, row.commodity, row.quantity, row.amount) for row in total} == {
        (None, "electricity", "energy_import", 101 * 144),
        (None, "water", "volume", 144_000),
    }


def test_loads_within_a_group(filled: Archive) -> None:
    assert bars(filled.consumption("load", None, "day", *EVER, group="west")) == [("heating", 0, 144)]
    assert bars(filled.consumption("total", None, "day", *EVER, group="east")) == [(None, 0, 101 * 144)]
    assert bars(filled.consumption("device", None, "day", *EVER, group="west")) == [("mains", 0, 144)]
    assert filled.consumption("load", None, "day", *EVER, group="north") == []


def test_a_span_has_what_begins_in_it_in_order(filled: Archive) -> None:
    hours = filled.consumption("device", ["ovens"], "hour", START + HOUR, START + 3 * HOUR)
    assert bars(hours) == [("ovens", HOUR, 600), ("ovens", 2 * HOUR, 600)]


def test_the_estimated_part_is_told(archive: Archive) -> None:
    archive.write([interval(amount=5), interval(START + 600, 7, estimated=True)])
    (row,) = archive.consumption("total", None, "day", *EVER)
    assert (row.amount, row.estimated) == (12, 7)
    assert [row.estimated for row in archive.intervals(["mains"], *EVER)] == [False, True]
    quarters = list(archive.grouped("device", None, 900, *EVER))
    assert [(row.amount, row.estimated) for row in quarters] == [(12, 7)]


def test_intervals_are_those_of_the_devices_and_the_span(filled: Archive) -> None:
    rows = list(filled.intervals(["ovens"], START + 600, START + 1800))
    assert rows == [interval(START + 600 * number, 100, "ovens", load="sockets", groups=("east",)) for number in (1, 2)]
    starts = [row.start for row in filled.intervals(None, *EVER)]
    assert starts == sorted(starts)
    assert len(starts) == 4 * 144
    assert list(filled.intervals(["nobody"], *EVER)) == []
    assert list(filled.intervals(None, START + 30 * DAY, START)) == []


@some
@given(batches, st.sampled_from(["device", "load", "group", "total"]), st.sampled_from([900, 3600, 86400]))
def test_downloads_are_sums_over_the_intervals_in_order(
    opener: Opener, written: list[list[IntervalRow]], scope: Any, step: Any
) -> None:
    archive = opener(site=new_site())
    model = Model(ZONE)
    for rows in written:
        archive.write(rows)
        model.write(rows)
    rows = list(archive.grouped(scope, None, step, *EVER))
    assert [row.start for row in rows] == sorted(row.start for row in rows)
    if step == 900:
        assert all(row.start % 900 == 0 for row in rows)
        assert summed(rows) == summed_quarters(model, archive, scope)
    else:
        period: Any = "hour" if step == 3600 else "day"
        assert sorted(map(repr, rows)) == sorted(map(repr, archive.consumption(scope, None, period, *EVER)))
    archive.close()


def summed(rows: list[ConsumptionRow]) -> Counter[tuple[Any, ...]]:
    """Return the amounts of bars."""
    return Counter({(row.key, row.quantity, row.commodity, row.start): row.amount for row in rows if row.amount})


def summed_quarters(model: Model, archive: Archive, scope: str) -> Counter[tuple[Any, ...]]:
    """Return the amounts that bars of 15 minutes must have: hours are checked elsewhere, so these tell the keys."""
    sums: Counter[tuple[Any, ...]] = Counter()
    for row in model.rows.values():
        single = Model(ZONE)
        single.write([row])
        for bar, amount in single.bars(scope, "hour").items():
            if bar[-1] == "amount" and amount:
                sums[*bar[:3], row.start - row.start % 900] += amount
    assert archive.info().intervals == len(model.rows)
    return sums


@some
@given(
    batches,
    st.sampled_from(ZONES),
    st.none() | st.sampled_from([(2025, 3), (2025, 4), (2025, 5), (2025, 10), (2025, 11), (2026, 1)]),
    st.sampled_from([None, "electricity", "gas"]),
)
def test_what_was_consumed_is_booked_once_by_month_or_by_day(
    opener: Opener, written: list[list[IntervalRow]], zone: str, month: tuple[int, int] | None, commodity: Any
) -> None:
    archive = opener(site=new_site(), zone=zone)
    model = Model(zone)
    for rows in written:
        archive.write(rows)
        model.write(rows)
    since = -(2**40) if month is None else int(datetime(*month, 1, tzinfo=model.zone).timestamp())
    booked = list(archive.booked(None if month is None else since, commodity=commodity))
    assert [row.start for row in booked] == sorted(row.start for row in booked)
    assert len({(row.commodity, row.load, row.groups, row.start) for row in booked}) == len(booked)
    sums = Counter[Any]()
    for row in booked:
        assert model.label(row.start - 1, row.span) != model.label(row.start, row.span)
        sums[row.commodity, row.load, row.groups, row.span, model.label(row.start, row.span)] += row.amount
    assert +sums == +booked_by(model, since, commodity)
    archive.close()


def booked_by(model: Model, since: int, commodity: str | None) -> Counter[Any]:
    """Return what must be booked."""
    sums = Counter[Any]()
    for row in model.rows.values():
        if row.counted and row.quantity != "energy_export" and commodity in (None, row.commodity):
            span = "month" if row.start < since else "day"
            place = row.commodity, row.load, tuple(sorted(row.groups))
            sums[*place, span, model.label(row.start, span)] += row.amount
    return sums


def test_what_was_consumed_is_booked_once_where_months_are_of_several_time_zones(opener: Opener) -> None:
    first = opener()
    first.write(interval(START + HOUR * number, seconds=3600, amount=number) for number in range(24 * 100))
    first.retain({"intervals": START + 45 * DAY})
    for zone in ("America/St_Johns", "Australia/Lord_Howe", "America/St_Johns"):
        archive = opener(zone=zone)
        for month in range(1, 6):
            since = int(datetime(2026, month, 1, tzinfo=ZoneInfo(zone)).timestamp())
            assert sum(row.amount for row in archive.booked(since)) == sum(range(24 * 100))
        assert sum(row.amount for row in archive.booked(None)) == sum(range(24 * 100))


def test_a_download_does_not_read_ahead(filled: Archive) -> None:
    rows = filled.grouped("device", ["ovens"], 900, START, START + DAY)
    assert [next(rows).amount, next(rows).amount] == [200, 100]
    filled.write([interval(START + DAY, 1, "ovens")])
    assert sum(row.amount for row in rows) == 14_400 - 300


def test_a_download_of_an_empty_archive_is_empty(archive: Archive) -> None:
    assert list(archive.grouped("total", None, 900, *EVER)) == []
    assert list(archive.grouped("total", None, 86400, *EVER)) == []


singles = st.floats(-1000, 1000, width=32)
values = st.dictionaries(st.sampled_from(["current_1", "thd_2", "power"]), st.tuples(singles, singles, singles))
moments = st.builds(lambda turn, off: turn + 600 * off, st.sampled_from(SEASONS[1]), st.integers(-30, 30))


@some
@given(st.dictionaries(moments, values, max_size=30))
def test_samples_come_back_as_they_were_written(opener: Opener, given_values: dict[int, Any]) -> None:
    archive = opener(site=new_site())
    rows = [sample_of(start, measured) for start, measured in given_values.items()]
    archive.write(samples=rows)
    archive.write(samples=[sample_of(start, {"other": (1, 1, 1)}) for start in given_values])
    assert list(archive.samples("mains", None, *EVER)) == sorted(rows, key=lambda row: row.start)
    assert archive.info().samples == len(rows)
    archive.close()


def sample_of(start: int, measured: Any) -> Any:
    """Return a sample with given values, also with none."""
    return type(sample())(device="mains", start=start, seconds=600, values=measured)


def test_only_the_quantities_asked_for(archive: Archive) -> None:
    archive.write(samples=[sample(voltage_1=230, current_1=(1, 0, 2))])
    (row,) = archive.samples("mains", ["current_1"], *EVER)
    assert row.values == {"current_1": (1, 0, 2)}
    assert list(archive.samples("nobody", None, *EVER)) == []


def test_samples_of_a_step_are_weighted_by_time(archive: Archive) -> None:
    archive.write(
        samples=[
            sample(START, seconds=600, power=(10, 1, 20)),
            sample(START + 600, seconds=300, power=(40, 5, 50), thd_1=3),
            sample(START + HOUR, seconds=600, power=(7, 7, 7)),
        ]
    )
    first, second = archive.samples("mains", None, *EVER, step=3600)
    assert (first.start, first.seconds) == (START, 900)
    assert first.values == {"power": (20, 1, 50), "thd_1": (3, 3, 3)}
    assert second.values == {"power": (7, 7, 7)}
    assert [row.start - START for row in archive.samples("mains", None, *EVER, step=900)] == [0, HOUR]
    assert [row.start - START for row in archive.samples("mains", None, *EVER, step=86400)] == [0]


def test_values_are_kept_as_floats_of_32_bits(archive: Archive) -> None:
    archive.write(samples=[sample(voltage_1=230.1)])
    (row,) = archive.samples("mains", None, *EVER)
    assert row.values["voltage_1"][0] == struct.unpack("<f", struct.pack("<f", 230.1))[0]


def test_alarms_of_a_span(archive: Archive) -> None:
    archive.write(alarms=[alarm(3, START + 2), alarm(1, START + 1), alarm(2, START + 1), alarm(4, START + 3)])
    assert [row.id for row in archive.alarms(START + 1, START + 3)] == [1, 2, 3]


def test_the_devices_that_were_ever_written(filled: Archive) -> None:
    filled.write(samples=[sample(device="new")])
    assert filled.devices() == ["mains", "ovens", "tap", "new"]
