"""The arithmetic and the text of the benchmarks; what they measure is not tested."""

from __future__ import annotations

import math
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
import pytest_socket
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from bench import archive, billing, kills, overload, probe, recorder, writing, year
from bench.alarms import ALARMS, STEPS, lost
from bench.field import MODEL, scenario_of
from bench.table import Figure, number, percentile, plain, table
from bench.watched import Carried, Transaction, WatchedPlant, cycles, pauses
from custom_components.legrand_ews.archive import Archive, IntervalRow
from custom_components.legrand_ews.archive.database import open_database
from custom_components.legrand_ews.prices import Prices
from plant.line import Timing

if TYPE_CHECKING:
    from pathlib import Path

    from homeassistant.core import HomeAssistant

    from custom_components.legrand_ews.prices import Priced

VALUES = st.lists(st.floats(-1e9, 1e9), min_size=1)


@given(VALUES, st.floats(0, 100))
def test_a_percentile_is_a_value_that_so_many_do_not_exceed(values: list[float], percent: float) -> None:
    found = percentile(values, percent)
    assert found in values
    assert sum(value <= found for value in values) >= len(values) * percent / 100
    below = [value for value in values if value < found]
    assert not below or sum(value <= max(below) for value in values) < len(values) * percent / 100


def test_percentiles_of_a_hundred_values() -> None:
    values = [float(value) for value in range(100, 0, -1)]
    assert [percentile(values, percent) for percent in (0, 1, 50, 99, 100)] == [1, 1, 50, 99, 100]


def test_nothing_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


@pytest.mark.parametrize(
    ("figure", "good"),
    [
        (Figure(name="a", reached=1.0), None),
        (Figure(name="a", reached=1.0, wanted=1.0), True),
        (Figure(name="a", reached=1.1, wanted=1.0), False),
        (Figure(name="a", reached=1.0, wanted=1.0, at_least=True), True),
        (Figure(name="a", reached=0.9, wanted=1.0, at_least=True), False),
    ],
)
def test_a_bound_is_kept_from_its_own_side(figure: Figure, good: bool | None) -> None:  # noqa: FBT001
    assert figure.good is good
    assert plain(figure)["ok"] is good


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (18570, "18570"), (115.84, "115.8"), (1.04321, "1.043"), (0.00123456, "0.0012"), (-3.2, "-3.200")],
)
def test_numbers_show_four_digits(value: float, text: str) -> None:
    assert number(value) == text


def test_a_table_has_a_line_for_each_figure_and_says_what_was_missed() -> None:
    figures = [
        Figure(name="cycle", reached=3.25, unit="s"),
        Figure(name="latency", reached=130.0, unit="ms", wanted=126.4),
        Figure(name="times", reached=5.5, wanted=5.0, at_least=True),
    ]
    title, empty, head, line, *rows = table("bus: a title", figures).splitlines()
    assert (title, empty) == ("bus: a title", "")
    assert head.split() == ["figure", "wanted", "reached"]
    assert set(line) == {"-", " "}
    assert [row.split() for row in rows] == [
        ["cycle", "3.250", "s"],
        ["latency", "≤", "126.4", "ms", "130.0", "ms", "MISSED"],
        ["times", "≥", "5.000", "5.500", "ok"],
    ]


def transaction(unit: int, address: int, arrival: float, *, function: int = 3, took: float = 0.01) -> Transaction:
    return Transaction(
        gateway=0,
        unit=unit,
        function=function,
        address=address,
        words=2,
        arrival=arrival,
        end=arrival + took,
        answered=True,
    )


def test_a_cycle_lies_between_two_reads_of_the_same_registers_of_a_unit() -> None:
    log = [
        transaction(1, 0x1000, 0.0),
        transaction(2, 0x1000, 1.0),
        transaction(1, 0x1200, 1.5),
        transaction(1, 0x1000, 2.0),
        transaction(1, 0x1000, 2.5, function=16),
        transaction(2, 0x1000, 4.0),
        transaction(1, 0x1000, 5.0),
    ]
    assert cycles(log) == {1: [2.0, 3.0], 2: [3.0]}
    assert cycles(log, since=0.5) == {1: [3.0], 2: [3.0]}


def test_a_pause_lies_between_an_answer_and_the_next_request() -> None:
    log = [transaction(2, 0, 2.0, took=0.5), transaction(1, 0, 0.0, took=1.0), transaction(3, 0, 3.0)]
    assert pauses(log) == [1.0, 0.5]


def test_a_scenario_has_the_models_behind_each_gateway_at_addresses_from_one() -> None:
    scenario = scenario_of(2, ("412045", "414930", "414931"))
    rows = [[(device.model, device.address) for device in gateway.devices] for gateway in scenario.gateways]
    assert rows == [[("412045", 1), ("414930", 2), ("414931", 3)]] * 2
    assert len({device.name for device in scenario.devices}) == len({device.at for device in scenario.devices}) == 6


def order(unit: int, value: int, at: float, *, function: int = 6, answered: bool = True) -> Transaction:
    limit = transaction(unit, overload.LIMIT_REGISTER, at, function=function)
    return limit._replace(words=1, end=at + 0.25, answered=answered, value=value)


def test_a_lower_limit_is_one_below_what_the_station_had() -> None:
    log = [
        order(21, 320, 1.0),
        order(22, 100, 2.0),
        order(21, 320, 3.0),
        order(22, 60, 4.0),
        order(21, 100, 5.0, answered=False),
        order(21, 319, 6.0),
        transaction(21, overload.LIMIT_REGISTER, 7.0),
        order(21, 320, 8.0),
    ]
    assert overload.lowered(log) == [4.25, 6.25]
    assert overload.lowered(log[::-1]) == [4.25, 6.25]


def run_of(log: list[Transaction], *jumps: float) -> overload.Run:
    carried = [Carried(at, overload.LIMIT + more) for at, more in ((9.0, -1.0), (10.0, 4.0), (13.5, 0.0), (14.0, 4.0))]
    return overload.Run(
        jumps=[Carried(at, overload.LIMIT + 4) for at in jumps], carried=carried, log=log, begin=5.0, end=15.0
    )


def test_an_overload_lasts_until_a_lower_limit_is_written_and_until_the_main_carries_less() -> None:
    early = [order(21, 320, 1.0), *(transaction(1, 0x1000, at) for at in (2.0, 3.0))]
    reads = [transaction(1, 0x1000, 6.0), transaction(1, 0x1000, 8.5), transaction(1, 0x1200, 9.0)]
    log = [*early, *reads, order(21, 160, 12.0), transaction(22, 0x6000, 12.5)]
    found = overload.figures(19200, run_of(log, 10.0))
    figures = {figure.name.strip(): figure.reached for figure in found}
    assert [figure.wanted for figure in found if figure.wanted is not None] == [overload.WANTED]
    assert figures["19200 bit/s: overload until a lower current is written, p99"] == 2.25
    assert figures["overload until it is gone, longest"] == 3.5
    assert figures["reads of the main meter"] == pytest.approx(0.2)
    assert figures["requests on the line"] == pytest.approx(0.5)
    assert figures["the line is taken"] == pytest.approx(2.9 + 10.0)
    assert figures["mean time between two reads of a station"] == pytest.approx(10 * overload.STATIONS)
    assert figures["mean time between two reads of another meter"] == math.inf


def test_an_overload_that_nothing_ends_is_missed() -> None:
    log = [order(21, 320, 1.0), order(21, 160, 12.0)]
    found = {figure.name.strip(): figure for figure in overload.figures(9600, run_of(log, 10.0, 14.0))}
    assert found["overloads"].reached == 2
    missed = found["9600 bit/s: overload until a lower current is written, p99"]
    assert (missed.reached, missed.good) == (math.inf, False)
    assert found["9600 bit/s: overload until a lower current is written, p50"].reached == 2.25
    assert found["overload until it is gone, longest"].reached == math.inf


def test_an_overload_that_an_earlier_order_ended_says_nothing() -> None:
    log = [order(21, 320, 1.0), order(21, 160, 12.0), order(21, 60, 13.6)]
    found = {figure.name.strip(): figure for figure in overload.figures(9600, run_of(log, 10.0, 13.0))}
    assert found["overloads"].reached == 1
    assert found["9600 bit/s: overload until a lower current is written, longest"].reached == 2.25


def test_the_car_park_has_the_addresses_that_its_figures_are_of() -> None:
    models = {device.address: device.model for device in overload.car_park().devices}
    assert len(models) == 28
    assert models[1] == MODEL
    assert {models[unit] for unit in overload.METERED} == {MODEL}
    stations = [unit for unit, model in models.items() if model == overload.STATION]
    assert stations == list(overload.STATIONED)


async def test_a_load_draws_what_it_is_told_and_the_main_is_noted() -> None:
    pytest_socket.socket_allow_hosts(["127.0.0.1"], allow_unix_socket=True)
    async with WatchedPlant(overload.car_park(), Timing()) as plant:
        before = (await plant.carried())[-1]
        jump = await plant.draw(overload.OVENS, 100.0)
        rows = await plant.carried()
        assert jump.current == pytest.approx(before.current + 100, abs=10)
        assert jump.at > before.at
        assert jump in rows
        assert rows == sorted(rows)
        assert await plant.log() == []


def storm(devices: list[str]) -> list[dict[str, str]]:
    return [{"device": device, "subject": subject, "event": event} for device in devices for _, subject, event in STEPS]


def test_the_storm_is_of_a_thousand_alarms_none_of_which_is_damped() -> None:
    assert ALARMS == 1000
    assert max(Counter((subject, event) for _, subject, event in STEPS).values()) <= 3


def test_an_alarm_is_lost_where_the_same_one_is_there_less_often() -> None:
    entries = storm(["a", "b"])
    assert lost(["a", "b"], entries) == 0
    assert lost(["a", "b"], entries[1:]) == 1
    assert lost(["a", "b"], [*entries[1:], entries[1]]) == 1
    assert lost(["a", "b"], [*entries, *entries]) == 0
    assert lost(["a", "b"], storm(["a"])) == len(STEPS)


class Journal:
    def __init__(self) -> None:
        self.taken: list[str] = []

    def record(self, kind: str, *, subject: str) -> None:
        self.taken.append(f"{kind} {subject}")


async def test_the_probe_times_what_is_recorded_while_it_runs_and_hands_the_journal_back(hass: HomeAssistant) -> None:
    journal = hass.data["legrand_ews_journal"] = Journal()
    assert await probe.async_setup(hass, {})
    journal.record("before", subject="x")
    await hass.services.async_call(probe.DOMAIN, "start", blocking=True)
    journal.record("in", subject="x")
    journal.record("in", subject="y")
    found = await hass.services.async_call(probe.DOMAIN, "stop", blocking=True, return_response=True)
    journal.record("after", subject="x")
    assert journal.taken == ["before x", "in x", "in y", "after x"]
    assert found is not None
    assert found["records"] == 2
    assert 0 < found["record_longest"] <= found["record_time"]


@given(st.integers(0, year.DEVICES - 1), st.integers(0, 10**5), st.integers(1, 20))
def test_intervals_add_up_to_the_difference_of_levels(device: int, first: int, ticks: int) -> None:
    rows = [row for tick in range(first, first + ticks) for row in year.intervals(tick, [device])]
    assert min(row.amount for row in rows) > 0
    assert sum(row.amount for row in rows) == year.level(device, first + ticks) - year.level(device, first)
    assert rows[-1].level == year.level(device, first + ticks)
    assert {row.load for row in rows} == {year.load(device)}


def test_a_sample_has_forty_values_of_its_own() -> None:
    (row,) = year.samples(3, [7])
    assert len(row.values) == 40
    assert all(low < average < high for average, low, high in row.values.values())
    assert len({triple[0] for triple in row.values.values()}) == 40


@pytest.mark.parametrize(("days", "month"), [(1, "01"), (100, "02"), (365, "07")])
def test_the_month_that_is_asked_for_lies_in_the_middle(days: int, month: str) -> None:
    since, until = archive.month_of(days)
    assert until - since in {28 * 86400, 31 * 86400}
    with closing(open_database("sqlite:////dev/null", lock_wait=0)) as database, database.read() as connection:
        label = text("SELECT strftime('%Y-%m-%d %H:%M:%S', :at, 'unixepoch')")
        assert connection.execute(label, {"at": since}).scalar_one() == f"2025-{month}-01 00:00:00"


WRITTEN = [row for tick in range(3, 7) for row in year.intervals(tick, writing.DEVICES)]
ALL = len(writing.DEVICES)


@pytest.mark.parametrize(
    ("found", "confirmed", "verdict"),
    [
        (WRITTEN, 7, (0, 0)),
        (WRITTEN, 5, (0, 0)),
        (WRITTEN, 8, (ALL, 0)),
        (WRITTEN[:-1], 7, (1, 0)),
        (WRITTEN[:-1], 5, (1, 0)),
        (WRITTEN[:-ALL], 5, (0, 0)),
        (WRITTEN[1:], 5, (1, 0)),
        ([*WRITTEN, WRITTEN[4]], 7, (0, 1)),
        (year.intervals(3, range(1, ALL + 1)), 4, (1, 1)),
        ([], 3, (0, 0)),
        ([], 4, (ALL, 0)),
    ],
)
def test_what_a_killed_process_left_is_compared_with_what_it_was_to_write(
    found: list[IntervalRow], confirmed: int, verdict: tuple[int, int]
) -> None:
    assert kills.compare(found, 3, confirmed) == verdict


def test_a_roll_up_that_is_not_the_sum_of_its_intervals_is_noticed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'archive.db'}"
    with closing(Archive.open(url, site=writing.SITE, zone=year.ZONE)) as written:
        for tick in range(10):
            written.write(year.intervals(tick, writing.DEVICES))
        assert kills.unlike(written) == 0
        with closing(open_database(url, lock_wait=1)) as database, database.write() as connection:
            connection.execute(text("UPDATE ews_hour SET amount = amount + 1 WHERE meter = 1"))
            connection.execute(text("DELETE FROM ews_month WHERE meter = 2"))
        assert kills.unlike(written) == 2 + 1


def test_an_answer_that_is_wrong_ends_the_benchmark() -> None:
    (month, _) = archive.histograms("sqlite", 1)
    right = month.window.used(5, 1)
    archive._agree([("", right - 1), ("", 1)], month, 5, 1)
    with pytest.raises(RuntimeError, match="by day"):
        archive._agree([("", right - 1)], month, 5, 1)


def test_a_small_archive_is_measured_and_survives_its_killings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Processes are made through a socket in a folder.
    pytest_socket.socket_allow_hosts(["127.0.0.1"], allow_unix_socket=True)
    monkeypatch.setattr(archive, "ON_DISK", tmp_path)
    monkeypatch.setattr(archive, "DAY", 12)
    monkeypatch.setattr(kills, "LONGEST", 0.3)
    reached = archive.of_engine("sqlite", 1, 2)
    figures = {figure.name.strip(): figure for figure in reached.figures}
    assert figures["sqlite: intervals loaded"].reached == 12 * year.DEVICES
    assert [name for name in figures if name.startswith("sqlite: kill -9")]
    for name in ("intervals lost", "samples lost", "checks that found something"):
        assert figures[name].good is True
    assert len(reached.asked) == 2
    assert 0 < reached.bytes_each < 1000
    assert list(tmp_path.iterdir()) == []


async def test_without_a_server_sqlite_is_measured_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[tuple[Any, ...]] = []

    def of_engine(*given: Any) -> archive.Reached:
        asked.append(given)
        return archive.Reached(figures=[], asked=[], bytes_each=1.0)

    async def of_recorder(_days: int, reached: Any) -> list[Figure]:
        return [Figure(name=name, reached=1) for name in reached]

    monkeypatch.setattr(archive, "of_engine", of_engine)
    monkeypatch.setattr(archive, "of_recorder", of_recorder)
    monkeypatch.setattr(archive, "programs", lambda: None)
    figures = await archive.measure(days=3, kills=5, engine="both")
    assert asked == [("sqlite", 3, 5)]
    assert [figure.name for figure in figures] == ["sqlite"]
    assert "SQLite only" in capsys.readouterr().out


async def test_the_recorder_tells_the_same_as_the_archive(recorder_mock: Any, hass: HomeAssistant) -> None:
    assert recorder_mock is not None
    await hass.config.async_set_time_zone(year.ZONE)
    assert await recorder.fill(hass, 2, devices=3) == 2 * 24 * 3
    (month, whole) = archive.histograms("sqlite", 2)
    for histogram, devices in ((month, [1]), (whole, [0, 1, 2])):
        period: Any = histogram.period
        seconds, found = await recorder.consumption(hass, devices, period, *histogram.window)
        assert seconds > 0
        assert found == sum(histogram.window.used(device, 2) for device in devices)


def test_each_rule_of_the_plan_and_both_prices_count_in_a_year() -> None:
    plan = billing.settings().plan("electricity")
    seconds: Counter[str | None] = Counter()
    for one in plan.segments(year.START, year.at(365 * year.DAY)):
        seconds[one.active and one.active.tariff_id] += one.end - one.start
    assert set(seconds) == {name.lower() for name in billing.TARIFFS}
    prices = {price.amount for tariff in plan.tariffs for price in tariff.prices}
    assert len(prices) == 2 * len(billing.TARIFFS) - 1


class Wrong(Prices):
    """Prices that forget the parts of an interval."""

    def price(self, commodity: str, quantity: str, start: int, end: int, amount: int) -> Priced:
        rate, parts = super().price(commodity, quantity, start, end, amount)
        return (parts[0].rate if parts else rate), ()


def test_a_price_that_is_wrong_ends_the_benchmark() -> None:
    assert billing.agree(Prices(billing.settings(), {}), 3) == 6
    with pytest.raises(RuntimeError, match="instead of"):
        billing.agree(Wrong(billing.settings(), {}), 3)


async def test_pricing_is_measured_in_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "ON_DISK", tmp_path)
    for name, number_of in (("SPLITS", 2), ("CLOSING_TICKS", 10)):
        monkeypatch.setattr(billing, name, number_of)
    found = await billing.measure(days=2, devices=3)
    figures = {figure.name.strip(): figure for figure in found}
    assert figures["intervals priced"].reached == 2 * 144 * 3
    assert figures["of several prices"].reached == 2 * 2 * 3
    assert figures["time, on one core"].wanted is None
    assert figures["intervals that a reading closed"].reached == 9 * 3
    assert [figure.wanted for figure in found if figure.wanted] == [100, 100, 50]
    assert figures["of the one without"].reached >= 1
    assert all(figure.reached > 0 for figure in found if "more" not in figure.name)
