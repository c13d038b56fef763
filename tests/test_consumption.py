"""Rows and totals from readings: what goes where, and that nothing is lost or counted twice on the way."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.archive import Archive, BookedRow
from custom_components.legrand_ews.bill_settings import BillSettings
from custom_components.legrand_ews.billing import ActivePrice
from custom_components.legrand_ews.consumption import Consumption, GasFactors, Place
from custom_components.legrand_ews.cost_book import CostBook
from custom_components.legrand_ews.metering import IndexTracker, Reading
from custom_components.legrand_ews.prices import Prices

from .test_cost_book import expected, of_rows, sums_of
from .test_cost_sensor import billing, rule, tariff

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from custom_components.legrand_ews.archive import IntervalRow
    from custom_components.legrand_ews.billing import CostFigures

PARIS = ZoneInfo("Europe/Paris")
START = 1_772_402_400
"""1 March 2026, 23:00 in Paris."""
HEATING = Place(commodity="electricity", load="heating", groups=("west",))
SOCKETS = Place(commodity="electricity", load="sockets")
GAS = Place(commodity="gas", load=None)
EXCLUDED = Place(commodity="electricity", load="heating", counted=False)
FREE: Mapping[str, Any] = MappingProxyType({})
NIGHT = 3 * 3600
"""Seconds after the start: from then on, for four hours, a kWh is 0.10, else 0.25."""


def book(now: float, options: Mapping[str, Any] = FREE) -> CostBook:
    """Return the money of a site without tariffs, or with those of some options."""
    prices = Prices(BillSettings.of(options, currency="EUR", zone=PARIS), {})
    return CostBook(prices, zone=PARIS, now=now)


class Site:
    """Counters that feed a consumption."""

    def __init__(
        self,
        places: Mapping[str, Place],
        *,
        factors: GasFactors | None = None,
        period: int = 600,
        options: Mapping[str, Any] = FREE,
    ) -> None:
        """Begin with an empty archive."""
        self.factors = factors or GasFactors()
        self.options = options
        self.period = period
        self.rows: list[IntervalRow] = []
        self.trackers: dict[tuple[str, str], IndexTracker] = {}
        self.places = places
        self.begin(START)

    def begin(self, now: float) -> None:
        """Start anew with what is archived, as after a power cut."""
        costs = book(now, self.options)
        costs.begin(sums_of(self.rows, datetime.fromtimestamp(now, PARIS)), (), now)
        self.consumption = Consumption(period=self.period, zone=PARIS, now=now, factors=self.factors, costs=costs)
        self.consumption.survey(self.places)
        marks: dict[tuple[str, str], tuple[int, int]] = {}
        for row in self.rows:
            assert row.level is not None
            marks[row.device, row.quantity] = (row.start + row.seconds, row.level)
        self.consumption.begin(marks, self.booked())

    def booked(self) -> list[BookedRow]:
        """Return what an archive would tell, by interval."""
        return [
            BookedRow(
                commodity=row.commodity,
                load=row.load,
                groups=row.groups,
                start=row.start,
                amount=row.amount,
                span="day",
            )
            for row in self.rows
            if row.counted and row.quantity != "energy_export"
        ]

    def move(self, **places: Place) -> None:
        """Give devices other places."""
        self.places = {**self.places, **places}
        self.consumption.survey(self.places)

    def drop(self, device: str) -> None:
        """Delete a device."""
        self.places = {key: place for key, place in self.places.items() if key != device}
        self.consumption.survey(self.places)

    def read(self, at: float, index: int, device: str = "a", quantity: str = "energy_import") -> Reading:
        """Read a counter ``at`` seconds after the start."""
        tracker = self.trackers.setdefault(
            (device, quantity), IndexTracker(modulus=None, max_rate=Decimal(10_000), resolution=Decimal(1))
        )
        reading = tracker.update(START + at, Decimal(index))
        self.consumption.take(device, quantity, reading)
        return reading

    def write(self, most: int = 100) -> list[IntervalRow]:
        """Put what there is into the archive."""
        found: list[IntervalRow] = []
        while self.consumption.waiting:
            found += self.consumption.rows(most)[0]
        self.rows += found
        return found

    def total(self, key: str, at: float) -> int:
        """Return a total."""
        figures = self.consumption.figures(START + at)
        return figures[key].total if key in figures else 0

    def costs(self, at: float) -> dict[str, CostFigures]:
        """Return all costs."""
        return self.consumption.costs_now(START + at)

    def cost(self, at: float, entry: str = "cost/overall") -> Decimal:
        """Return what something cost ever."""
        return self.costs(at)[entry].total


def test_a_device_counts_for_its_load_its_groups_and_all() -> None:
    site = Site({"a": HEATING, "b": SOCKETS})
    for at, index in ((0, 1000), (300, 1300), (700, 1700)):
        site.read(at, index)
        site.read(at, 2 * index, "b")
    totals = {key: one.total for key, one in site.consumption.figures(START + 700).items()}
    assert totals == {
        "electricity": 2100,
        "overall": 2100,
        "load:electricity:heating": 700,
        "load:electricity:sockets": 1400,
        "group:electricity:west": 700,
    }
    assert [(row.device, row.start - START, row.seconds, row.amount, row.level) for row in site.write()] == [
        ("a", 0, 600, 600, 1600),
        ("b", 0, 600, 1200, 3200),
    ]


def test_what_is_excluded_counts_for_nothing_but_is_recorded() -> None:
    site = Site({"a": EXCLUDED})
    site.read(0, 0)
    site.read(700, 700)
    assert site.consumption.figures(START + 700) == {}
    assert [(row.amount, row.counted) for row in site.write()] == [(600, False)]


def test_export_is_recorded_and_counts_for_no_total() -> None:
    site = Site({"a": HEATING})
    site.read(0, 0, quantity="energy_export")
    site.read(700, 700, quantity="energy_export")
    assert [row.quantity for row in site.write()] == ["energy_export"]
    assert site.total("electricity", 700) == 0


def test_a_moved_device_takes_nothing_with_it() -> None:
    site = Site({"a": HEATING})
    site.read(0, 0)
    site.read(250.5, 250)
    site.move(a=SOCKETS)
    assert (site.total("load:electricity:heating", 251), site.total("load:electricity:sockets", 251)) == (250, 0)
    site.read(700, 700)
    assert (site.total("load:electricity:heating", 700), site.total("load:electricity:sockets", 700)) == (250, 450)
    rows = site.write()
    assert [(row.load, row.start - START, row.seconds, row.amount) for row in rows] == [
        ("heating", 0, 251, 250),
        ("sockets", 251, 349, 349),
    ]
    assert site.total("load:electricity:heating", 700) == 250


def test_a_deleted_device_leaves_what_it_counted() -> None:
    site = Site({"a": HEATING})
    site.read(0, 0)
    site.read(250, 250)
    site.drop("a")
    assert site.total("electricity", 251) == 250
    site.write()
    assert site.total("electricity", 251) == 250
    site.read(400, 400)
    assert site.total("electricity", 400) == 250


def test_today_and_yesterday_change_at_midnight() -> None:
    site = Site({"a": HEATING})
    for at in range(0, 7201, 60):
        site.read(at, at)
        site.write()
    figures = site.consumption.figures(START + 7200)["electricity"]
    assert (figures.total, figures.current, figures.previous) == (7200, (3600, 7200, 7200), (3600, 0, 0))


def test_gas_is_worth_what_it_was_on_its_day() -> None:
    factors = GasFactors(factors=((date(2026, 3, 1), Decimal(10)), (date(2026, 3, 2), Decimal("11.5"))))
    site = Site({"a": GAS}, factors=factors)
    for at in range(0, 7201, 600):
        site.read(at, at // 60, quantity="volume")
        site.write()
    assert site.total("gas_equivalent", 7200) == 60 * 10 + 690
    assert site.total("overall", 7200) == 1290
    site.begin(START + 7200)
    assert site.total("gas_equivalent", 7200) == 1290
    assert site.total("gas", 7200) == 120


def test_a_factor_holds_from_its_day_until_the_next_one() -> None:
    rows = ((3, Decimal(10)), (4, Decimal(11)), (6, None))
    factors = GasFactors(factors=tuple((date(2026, month, 2), factor) for month, factor in rows))
    assert [factors.on(date(2026, month, 2)) for month in range(2, 8)] == [None, 10, 11, 11, None, None]
    assert factors.on(date(2026, 4, 1)) == 10
    assert GasFactors().on(date(2026, 1, 1)) is None


def test_nothing_is_taken_before_the_archive_told_where_counters_stood() -> None:
    site = Site({"a": HEATING})
    site.consumption = Consumption(period=600, zone=PARIS, now=START, factors=GasFactors(), costs=book(START))
    site.consumption.survey(site.places)
    site.read(0, 0)
    site.read(700, 700)
    assert not site.consumption.waiting
    site.consumption.begin({("a", "energy_import"): (START, 100)}, ())
    site.read(1300, 1300)
    assert [(row.start - START, row.amount) for row in site.write()] == [(0, 514), (600, 586)]


def test_a_gap_over_hours_is_late_in_each_past_hour() -> None:
    site = Site({"a": HEATING})
    site.read(0, 0)
    site.read(1800, 1800)
    site.write()
    assert site.consumption.take_late() == []
    site.read(9000, 9000)
    site.write()
    late = site.consumption.take_late()
    assert [((one.hour - START) // 3600, one.amount) for one in late] == [(0, 1800), (1, 3600)]
    assert all(one.at == START + 9000 and "electricity" in one.keys for one in late)
    assert site.consumption.take_late() == []


def test_a_minute_beyond_the_hour_is_not_late() -> None:
    site = Site({"a": HEATING})
    site.read(3550, 0)
    site.read(3640, 100)
    site.write()
    assert site.consumption.take_late() == []


def test_samples_are_of_what_a_device_measures() -> None:
    site = Site({"a": HEATING})
    for at, power in ((10, 100.0), (300, 300.0), (610, 50.0)):
        site.consumption.sample("a", START + at, {"power": power, "energy_import": Decimal(5), "wiring": "3n"})
        site.consumption.sample("b", START + at, {"power": power})
    _, samples = site.consumption.rows(10)
    assert [(row.device, row.start, row.seconds, dict(row.values)) for row in samples] == [
        ("a", START, 600, {"power": (200.0, 100.0, 300.0)})
    ]


def test_what_never_had_an_interval_is_closed_before_the_end() -> None:
    site = Site({"a": HEATING})
    site.read(0, 0)
    site.read(250, 250)
    site.consumption.settle()
    site.write()
    site.begin(START + 300)
    site.read(700, 700)
    site.consumption.settle()
    assert [(row.start - START, row.seconds, row.amount) for row in site.write()] == [(250, 350, 350)]


def test_without_tariffs_nothing_costs_anything() -> None:
    site = Site({"a": HEATING})
    site.read(0, 0)
    site.read(700, 700)
    assert [(row.rate, row.parts) for row in site.write()] == [(None, ())]
    assert site.costs(700) == {}


def test_what_is_open_costs_what_it_will_cost_in_the_end() -> None:
    site = Site({"a": HEATING}, options=billing())
    assert site.cost(0) == 0
    site.read(0, 0)
    site.read(400, 400)
    assert not site.consumption.waiting
    assert site.cost(400) == Decimal("0.1")
    site.read(600, 600)
    site.write()
    assert site.cost(600) == Decimal("0.15")
    assert {entry: one.total for entry, one in site.costs(600).items()} == {
        **dict.fromkeys(("cost/device:a", "cost/load:electricity:heating"), Decimal("0.15")),
        **dict.fromkeys(("cost/group:electricity:west", "cost/electricity", "cost/overall"), Decimal("0.15")),
        **dict.fromkeys(("bill/electricity", "bill/overall", "tariff/electricity:day"), Decimal("0.15")),
        "tariff/electricity:night": 0,
    }


def test_what_lies_over_a_change_of_price_is_cut_there_while_it_is_open_and_then() -> None:
    site = Site({"a": HEATING}, period=3600, options=billing(rules=[rule("night", "02:20", "02:39"), rule("day")]))
    for at in (0, NIGHT, NIGHT + 1500):
        site.read(at, at)
    assert {(row.rate and row.rate.tariff, row.parts) for row in site.write()} == {("day", ())}
    assert site.cost(NIGHT + 1500) == Decimal("2.7") + Decimal("0.3") + Decimal("0.03")
    site.read(NIGHT + 3600, NIGHT + 3600)
    (row,) = site.write()
    assert row.rate is None
    assert [(part.start - row.start, part.amount, part.rate and part.rate.tariff) for part in row.parts] == [
        (0, 1200, "day"),
        (1200, 1200, "night"),
        (2400, 1200, "day"),
    ]
    assert site.cost(NIGHT + 3600) == Decimal("2.7") + Decimal("0.6") + Decimal("0.12")


def test_what_comes_late_is_priced_at_its_own_time() -> None:
    site = Site({"a": HEATING}, options=billing())
    site.read(0, 0)
    site.read(60, 60)
    site.read(9 * 3600, 9 * 3600)
    rows = site.write()
    night = [row for row in rows if NIGHT <= row.start - START < NIGHT + 4 * 3600]
    assert len(night) == 24
    assert {row.rate.price if row.rate else None for row in night} == {Decimal("0.1")}
    assert {row.rate.price if row.rate else None for row in rows if row not in night} == {Decimal("0.25")}
    assert site.cost(9 * 3600) == 4 * Decimal("0.36") + 5 * Decimal("0.9")
    assert site.costs(9 * 3600)["cost/overall"].today == 4 * Decimal("0.36") + 4 * Decimal("0.9")


def test_what_is_fed_back_is_a_credit_at_its_own_price() -> None:
    options = billing()
    options["billing"]["plans"] |= billing("export", rules=[rule("night")])["billing"]["plans"]
    site = Site({"a": HEATING}, options=options)
    for at in (0, 600, 900):
        site.read(at, at)
        site.read(at, 2 * at, quantity="energy_export")
    site.write()
    assert (site.cost(900), site.cost(900, "credit/overall")) == (Decimal("0.225"), Decimal("0.18"))
    assert site.cost(900, "bill/overall") == Decimal("0.045")


def test_other_prices_from_now_on_leave_what_was_booked() -> None:
    site = Site({"a": HEATING}, options=billing())
    site.read(0, 0)
    site.read(600, 600)
    site.write()
    other = billing(tariffs=[tariff("day", ("1", None))], rules=[rule("day")])
    site.consumption.costs.prices = book(START, other).prices
    site.read(1200, 1200)
    site.write()
    assert site.cost(1200) == Decimal("0.15") + Decimal("0.6")


def test_a_restart_from_a_real_archive_shows_the_same(tmp_path: Path) -> None:
    site = Site({"a": HEATING, "b": SOCKETS, "c": EXCLUDED}, period=3600, options=billing())
    for at in range(0, 40 * 86400, 7000):
        for number, device in enumerate("abc", 1):
            site.read(at, at * number // 100, device)
        site.write()
    with_open, now = site.costs(at), START + at
    entries = list(with_open)
    booked = site.consumption.costs.figures(now, (), entries)
    assert booked != with_open
    archive = Archive.open(f"sqlite:///{tmp_path / 'archive.db'}", site="home", zone="Europe/Paris")
    try:
        archive.write(site.rows)
        again = book(now, site.options)
        again.begin(archive.cost_sums(now), (), now)
    finally:
        archive.close()
    for days in (0, 1, 40, 400):
        then = now + days * 86400
        assert again.figures(then, (), entries) == site.consumption.costs.figures(then, (), entries), days


STEPS = st.lists(
    st.tuples(
        st.sampled_from(("read", "read", "read", "move", "write", "restart", "cut")),
        st.integers(1, 4000),
        st.integers(0, 5000),
    ),
    max_size=30,
)


@given(STEPS, st.sampled_from((60, 600, 3600)))
def test_totals_never_fall_and_intervals_add_up_whatever_happens(
    steps: list[tuple[str, int, int]], period: int
) -> None:
    site = Site({"a": HEATING}, period=period)
    site.read(0, 0)
    # What is cut off before the archive has anything of a counter cannot be made up for.
    site.read(period, 0)
    site.write()
    at, index, last = period, 0, 0
    for number, (step, seconds, amount) in enumerate(steps):
        at += seconds
        if step == "read":
            index += amount
            site.read(at, index)
        elif step == "move":
            site.move(a=replace(HEATING, load=f"load {number}"))
        elif step == "write":
            site.write(most=7)
        else:
            # A cut loses what was not written; a restart writes it.
            if step == "restart":
                site.write()
            site.begin(START + at)
            site.read(at, index)
        total = site.total("electricity", at)
        assert total >= last
        last = total
    assert last == index
    site.read(at + 2 * period, index)
    site.write()
    assert sum(row.amount for row in site.rows) == index
    spans: dict[int, int] = defaultdict(int)
    for row in site.rows:
        spans[row.start] += 1
    assert set(spans.values()) <= {1}
    ends = [(row.start, row.start + row.seconds) for row in sorted(site.rows, key=lambda row: row.start)]
    assert all(before[1] == after[0] for before, after in itertools.pairwise(ends))


@given(STEPS, st.sampled_from((60, 600, 3600)), st.sampled_from(("02:00", "23:07", "00:00")))
def test_what_everything_costs_is_what_its_rows_cost_whatever_happens(
    steps: list[tuple[str, int, int]], period: int, night: str
) -> None:
    options = billing(rules=[rule("night", night, "05:59"), rule("day", last_day="2026-03-02")])
    site = Site({"a": HEATING}, period=period, options=options)
    site.read(0, 0)
    plan, at, index = site.consumption.costs.prices.plans["electricity"], 0, 0
    for number, (step, seconds, amount) in enumerate(steps):
        at += seconds
        if step == "read":
            index += amount
            site.read(at, index)
        elif step == "move":
            site.move(a=replace(HEATING, load=f"load {number}", counted=number % 3 > 0))
        else:
            if step != "cut":
                site.write(most=7)
            if step != "write":
                site.begin(START + at)
    site.write()
    for row in site.rows:
        starts = [part.start for part in row.parts] or [row.start]
        assert sum(amount for _, amount in row.pieces) == row.amount
        for (rate, _), start, end in zip(row.pieces, starts, [*starts[1:], row.start + row.seconds], strict=True):
            held = {plan.at(datetime.fromtimestamp(second, UTC)) for second in (start, end - 1)}
            assert held == {rate and ActivePrice(rate.tariff, rate.price)}
    wanted = expected(of_rows(site.rows), datetime.fromtimestamp(START + at, PARIS))
    found = site.consumption.costs.figures(START + at, (), wanted)
    assert {entry: (Fraction(one.total), Fraction(one.today)) for entry, one in found.items()} == {
        entry: sums[:2] for entry, sums in wanted.items()
    }
