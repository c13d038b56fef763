"""The bill of a site: what intervals are to be paid at, and that whoever watches hears of each new price in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_homeassistant_custom_component.common import (  # type: ignore[import-untyped]
    async_fire_time_changed,
)

from custom_components.legrand_ews.archive import IntervalRow, RateRow
from custom_components.legrand_ews.bill import Bill
from custom_components.legrand_ews.bill_settings import BillSettings, condition_key
from custom_components.legrand_ews.prices import PLAN_OF, Prices

from .test_cost_sensor import rule, tariff

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant

PARIS: Final = ZoneInfo("Europe/Paris")
RED: Final = "input_boolean.red"
DAY, NIGHT = tariff("day", ("0.25", None)), tariff("night", ("0.10", None))
TWO: Final = {"tariffs": [DAY, NIGHT], "rules": [rule("night", "02:00", "05:59"), rule("day")]}
"""0.10 from two to six, else 0.25."""
ONE: Final = {"tariffs": [DAY], "rules": [rule("day")]}


def settings(clock: int | None = None, **plans: Any) -> BillSettings:
    """Return settings with plans, by the clock of Paris or one so many minutes ahead of UTC."""
    stored = {"currency": "EUR", "plans": plans} | ({} if clock is None else {"clock": clock})
    return BillSettings.of({"billing": stored}, currency="CHF", zone=PARIS)


def posix(text: str) -> int:
    """Return a time of Paris."""
    return int(datetime.fromisoformat(text).replace(tzinfo=PARIS).timestamp())


def rate(tariff: str, price: str) -> RateRow:
    """Return a rate in euro."""
    return RateRow(tariff=tariff, name=tariff.title(), price=Decimal(price), currency="EUR")


def test_an_interval_with_one_price_has_a_rate_and_no_parts() -> None:
    prices = Prices(settings(electricity=TWO), {})
    at = posix("2026-03-02 12:00")
    assert prices.price("electricity", "energy_import", at, at + 600, 50) == (rate("day", "0.25"), ())


def test_an_interval_over_a_change_of_price_has_parts_in_proportion_to_time() -> None:
    prices = Prices(settings(electricity=TWO), {})
    at = posix("2026-03-02 01:50")
    whole, parts = prices.price("electricity", "energy_import", at, at + 1800, 100)
    assert whole is None
    assert [(part.start - at, part.amount, part.rate) for part in parts] == [
        (0, 33, rate("day", "0.25")),
        (600, 67, rate("night", "0.10")),
    ]


def test_a_part_of_the_time_may_have_no_price() -> None:
    prices = Prices(settings(water={"tariffs": [NIGHT], "rules": [rule("night", "02:00", "05:59")]}), {})
    at = posix("2026-03-02 01:50")
    _, parts = prices.price("water", "volume", at, at + 1200, 9)
    assert [(part.amount, part.rate) for part in parts] == [(5, None), (4, rate("night", "0.10"))]


@pytest.mark.parametrize("key", list(PLAN_OF))
def test_each_quantity_has_a_plan_of_its_own(key: tuple[str, str]) -> None:
    at, plan = posix("2026-03-02 12:00"), PLAN_OF[key]
    plans: dict[str, Any] = {plan: ONE}
    prices = Prices(settings(**plans), {})
    assert prices.keys == (plan,)
    assert {one: prices.price(*one, at, at + 60, 1)[0] for one in PLAN_OF} == {
        one: rate("day", "0.25") if one == key else None for one in PLAN_OF
    }
    assert prices.price("electricity", "reactive_energy", at, at + 60, 1) == (None, ())


def test_the_price_is_that_of_its_day_with_tax() -> None:
    dated = tariff("day", ("1", None), ("2", "2026-03-03"), tax="10")
    prices = Prices(settings(gas={"tariffs": [dated], "rules": [rule("day")]}), {})
    at = posix("2026-03-03 00:00")
    _, parts = prices.price("gas", "volume", at - 300, at + 300, 10)
    assert [part.rate for part in parts] == [rate("day", "1.1"), rate("day", "2.2")]


def test_conditions_hold_when_they_were_on() -> None:
    key, at = condition_key(RED), posix("2026-03-02 12:00")
    red = {"tariffs": [DAY, NIGHT], "rules": [rule("night", entity=RED, state="on"), rule("day")]}
    prices = Prices(settings(electricity=red), {key: [(at, at + 60)]})
    _, parts = prices.price("electricity", "energy_import", at - 60, at + 120, 30)
    assert [(part.start - at, part.amount, part.rate and part.rate.tariff) for part in parts] == [
        (-60, 10, "day"),
        (0, 10, "night"),
        (60, 10, "day"),
    ]


@given(st.integers(posix("2026-03-28 20:00"), posix("2026-03-29 12:00")), st.integers(1, 86400), st.integers(0, 10**9))
def test_what_is_priced_makes_a_row_of_the_archive(start: int, seconds: int, amount: int) -> None:
    row = IntervalRow(
        device="a", quantity="energy_import", commodity="electricity", start=start, seconds=seconds, amount=amount
    )
    whole, parts = Prices(settings(electricity=TWO), {}).price_row(row)
    assert (whole is None) == bool(parts)
    priced = IntervalRow(
        device="a",
        quantity="energy_import",
        commodity="electricity",
        start=start,
        seconds=seconds,
        amount=amount,
        rate=whole,
        parts=parts,
    )
    assert sum(amount for _, amount in priced.pieces) == amount


class Watched:
    """A bill that somebody watches, with the clock in hand."""

    def __init__(self, hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
        """Begin anywhere."""
        self.hass = hass
        self.heard: list[str] = []
        self.bill: Bill
        self._freezer = freezer

    async def start(self, at: str, **plans: Any) -> None:
        """Begin at a time of Paris."""
        self._freezer.move_to(datetime.fromtimestamp(posix(at), UTC))
        self.bill = Bill(self.hass, settings(**plans))
        self.bill.watch(self.note)
        await self.bill.async_start()
        self.heard.clear()

    async def until(self, at: str, *, step: int = 60) -> list[str]:
        """Let time pass, and return what was heard."""
        self.heard.clear()
        now, end = datetime.now(UTC), datetime.fromtimestamp(posix(at), UTC)
        while now < end:
            now = min(end, now + timedelta(seconds=step))
            self._freezer.move_to(now)
            async_fire_time_changed(self.hass)
            await self.hass.async_block_till_done()
        return self.heard

    def note(self) -> None:
        """Note when something is told, and the prices then."""
        prices = (self.bill.active(key) for key in self.bill.keys)
        shown = " ".join("-" if price is None else str(price.price) for price in prices)
        self.heard.append(f"{datetime.now(PARIS):%m-%d %H:%M} {shown}")


@pytest.fixture
async def watched(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> AsyncIterator[Watched]:
    """Return a bill that is not there yet."""
    await hass.config.async_set_time_zone("Europe/Paris")
    watched = Watched(hass, freezer)
    yield watched
    await watched.bill.async_stop()


async def test_each_new_price_is_told_when_it_holds_and_each_new_day(watched: Watched) -> None:
    await watched.start("2026-03-02 00:30", electricity=TWO)
    assert watched.bill.currency == "EUR"
    assert await watched.until("2026-03-03 01:00") == ["03-02 02:00 0.1", "03-02 06:00 0.25", "03-03 00:00 0.25"]


async def test_prices_of_several_plans_are_told_each_at_its_time(watched: Watched) -> None:
    half = {"tariffs": [NIGHT], "rules": [rule("night", "03:30", "05:59")]}
    await watched.start("2026-03-02 00:30", electricity=TWO, gas=half)
    assert await watched.until("2026-03-02 12:00") == [
        "03-02 02:00 0.1 -",
        "03-02 03:30 0.1 0.1",
        "03-02 06:00 0.25 -",
    ]


@pytest.mark.parametrize(
    ("begin", "end", "heard"),
    [
        # The hour from two to three is not there; then it is there twice.
        ("2026-03-29 00:30", "2026-03-29 12:00", ["03-29 03:00 0.1", "03-29 06:00 0.25"]),
        ("2026-10-25 00:30", "2026-10-25 12:00", ["10-25 02:00 0.1", "10-25 06:00 0.25"]),
    ],
)
async def test_prices_change_by_the_clock_on_days_when_it_is_set(
    watched: Watched, begin: str, end: str, heard: list[str]
) -> None:
    await watched.start(begin, electricity=TWO)
    assert await watched.until(end) == heard


async def test_a_price_that_holds_in_the_hour_that_is_there_twice_holds_twice(watched: Watched) -> None:
    hour = {"tariffs": [DAY, NIGHT], "rules": [rule("night", "02:15", "02:44"), rule("day")]}
    await watched.start("2026-10-25 00:30", electricity=hour)
    times = ("02:15", "02:45", "02:15", "02:45")
    assert await watched.until("2026-10-25 12:00") == [
        f"10-25 {at} {price}" for at, price in zip(times, ("0.1", "0.25") * 2, strict=True)
    ]


async def test_a_meters_clock_knows_no_summer(watched: Watched) -> None:
    await watched.start("2026-03-29 00:30", clock=60, electricity=TWO)
    assert await watched.until("2026-03-29 12:00") == ["03-29 03:00 0.1", "03-29 07:00 0.25"]


async def test_a_change_that_is_far_away_is_told_on_its_day(watched: Watched) -> None:
    far = {"tariffs": [tariff("day", ("1", None), ("2", "2027-05-01"))], "rules": [rule("day")]}
    await watched.start("2026-03-02 00:30", electricity=far)
    heard = await watched.until("2027-05-02 12:00", step=3600 * 6)
    (first, *_) = [text for text in heard if text.endswith(" 2")]
    assert {text.split()[2] for text in heard[: heard.index(first)]} == {"1"}
    assert first.startswith("05-01 0")


async def test_a_late_alarm_goes_on_from_where_the_clock_is(watched: Watched) -> None:
    await watched.start("2026-03-02 00:30", electricity=TWO)
    assert await watched.until("2026-03-02 04:00", step=3600 * 24) == ["03-02 04:00 0.1"]
    assert await watched.until("2026-03-02 08:00") == ["03-02 06:00 0.25"]


async def test_a_condition_renews_prices_at_once_and_for_what_comes_late(watched: Watched) -> None:
    red = {"tariffs": [DAY, NIGHT], "rules": [rule("night", "12:00", "12:59", entity=RED, state="on"), rule("day")]}
    await watched.start("2026-03-02 11:00", electricity=red)
    before, at = watched.bill.prices, posix("2026-03-02 12:10")
    await watched.until("2026-03-02 12:10")
    watched.hass.states.async_set(RED, "on")
    await watched.hass.async_block_till_done()
    assert watched.heard == ["03-02 12:10 0.1"]
    # The alarm is set anew: the price ends with the rule's time, not only with the condition.
    assert await watched.until("2026-03-02 13:30") == ["03-02 13:00 0.25"]
    watched.hass.states.async_set(RED, "off")
    await watched.hass.async_block_till_done()
    late = watched.bill.prices.price("electricity", "energy_import", at - 60, at + 60, 20)
    assert [part.rate and part.rate.tariff for part in late[1]] == ["day", "night"]
    assert before.price("electricity", "energy_import", at - 60, at + 60, 20) == (rate("day", "0.25"), ())


async def test_who_left_hears_no_more_and_may_leave_while_it_is_told(watched: Watched) -> None:
    await watched.start("2026-03-02 00:30", electricity=TWO)
    heard: list[str] = []
    leave: list[Callable[[], None]] = []

    def hear_once() -> None:
        """Hear of the first price only."""
        heard.append("once")
        leave[0]()

    leave.append(watched.bill.watch(hear_once))
    leave.append(watched.bill.watch(lambda: heard.append("last")))
    assert await watched.until("2026-03-02 03:00") == ["03-02 02:00 0.1"]
    assert heard == ["once", "last"]
    leave[1]()
    assert await watched.until("2026-03-02 07:00") == ["03-02 06:00 0.25"]
    assert heard == ["once", "last"]


async def test_nothing_is_told_after_the_end(watched: Watched) -> None:
    await watched.start("2026-03-02 00:30", electricity=TWO)
    await watched.bill.async_stop()
    assert await watched.until("2026-03-02 12:00") == []


async def test_a_site_without_tariffs_has_no_alarm(watched: Watched) -> None:
    await watched.start("2026-03-02 00:30")
    assert watched.bill.keys == ()
    assert await watched.until("2026-03-05 00:00", step=3600) == []


async def test_the_active_price_is_that_of_now(watched: Watched) -> None:
    await watched.start("2026-03-02 02:30", electricity=TWO)
    active = watched.bill.active("electricity")
    assert active is not None
    assert (active.tariff_id, active.price) == ("night", Decimal("0.1"))
    assert watched.bill.active("gas") is None
