"""What is done about costs now and then: fixed charges once a day whatever happens, statistics once an hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import pytest
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry  # type: ignore[import-untyped]

from custom_components.legrand_ews.archive import Archive, ChargeRow, IntervalRow
from custom_components.legrand_ews.bill_settings import BillSettings
from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.cost_book import CostBook, cost_id
from custom_components.legrand_ews.cost_duties import CostDuties
from custom_components.legrand_ews.prices import Prices, charges_between, day_of, hour_of

from .test_cost_sensor import rule, tariff

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from pathlib import Path

    from homeassistant.core import HomeAssistant

HOUR: Final = 3600
RENT: Final = {"id": "rent", "name": "Rent", "per": "day", "prices": [{"amount": "1"}]}
METER: Final = {"id": "meter", "name": "Meter", "per": "month", "prices": [{"amount": "31"}]}
PLAN: Final = {"tariffs": [tariff("day", ("0.5", None))], "rules": [rule("day")]}
ZONES: Final = ("Europe/Paris", "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns", "Asia/Kathmandu", "UTC")


class Ledger:
    """A history that has an archive and a book, and nothing else."""

    def __init__(self, hass: HomeAssistant, folder: Path, monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
        """Begin with an empty archive."""
        self.hass = hass
        self.zone = ZoneInfo(zone)
        self.archive = Archive.open(f"sqlite:///{folder / 'archive.db'}", site="home", zone=zone)
        self.away = False
        self.asked: list[Callable[[], None]] = []
        """What happens while the archive is asked."""
        self.told: list[Mapping[str, Mapping[int, Decimal]]] = []
        self.entry = MockConfigEntry(domain=DOMAIN)
        self.entry.add_to_hass(hass)
        self.bill: Any = None
        self.wanting: set[str] = set()
        """Sensors without statistics."""
        self.queued = 0
        """Rows that the archive does not have yet."""
        self.consumption: Any = None
        self.duties: CostDuties
        monkeypatch.setattr("custom_components.legrand_ews.cost_duties.CostStatistics", lambda _hass: self)

    @property
    def writer(self) -> SimpleNamespace:
        """How writing goes."""
        return SimpleNamespace(status=SimpleNamespace(queued=self.queued), paused=False)

    async def async_follow(self, totals: Mapping[str, Mapping[int, Decimal]]) -> set[str]:
        """Note what the statistics are to say."""
        self.told.append(totals)
        return self.wanting

    async def async_ask(self, question: Callable[[Archive], Any]) -> Any:
        """Answer, unless the archive is away."""
        if self.away:
            raise HomeAssistantError("away")
        answer = question(self.archive)
        while self.asked:
            self.asked.pop()()
        return answer

    def start(self, at: str, *charges: Mapping[str, Any], **plans: Any) -> None:
        """Begin, or begin anew, with what the archive has."""
        plans = {"electricity": {**PLAN, "charges": list(charges)}} | plans
        settings = BillSettings.of({"billing": {"plans": plans}}, currency="EUR", zone=self.zone)
        now = self.at(at)
        book = CostBook(Prices(settings, {}), zone=self.zone, now=now)
        book.begin(self.archive.cost_sums(now), self.archive.charges(0, now + 86400), now)
        self.bill, self.consumption = SimpleNamespace(settings=settings), SimpleNamespace(costs=book)
        self.duties = CostDuties(self, self.zone)  # type: ignore[arg-type]

    def at(self, text: str) -> int:
        """Return a local time."""
        return int(datetime.fromisoformat(text).replace(tzinfo=self.zone).timestamp())

    async def due(self, *times: str) -> None:
        """Let the clock ask."""
        for text in times:
            self.duties.due(self.at(text))
            await self.hass.async_block_till_done(wait_background_tasks=True)

    def days(self, charge: str = "rent") -> list[str]:
        """Return the days of a charge that the archive has."""
        rows = self.archive.charges(0, 2**40)
        return [f"{day_of(row.day, self.zone):%m-%d}" for row in rows if row.charge == charge]

    def booked(self) -> float:
        """Return what the book has of fixed charges."""
        found = self.consumption.costs.figures(self.at("2026-05-01"), (), ["charges/overall"])
        return float(found["charges/overall"].total)

    def consumed(self, *times: str) -> None:
        """Write an interval of ten minutes and a kWh at each time, and note it."""
        for text in times:
            start = self.at(text)
            row = IntervalRow(
                device="a", quantity="energy_import", commodity="electricity", start=start, seconds=600, amount=1000
            )
            rate, _ = self.consumption.costs.prices.price_row(row)
            self.archive.write([replace(row, rate=rate)])
            self.duties.note([start])

    def sensor(self, kind: str = "cost", key: str = "overall") -> str:
        """Register a sensor, and return its name."""
        unique_id = cost_id(self.entry.entry_id, kind, key)
        return er.async_get(self.hass).async_get_or_create("sensor", DOMAIN, unique_id).entity_id

    def said(self, entity: str) -> list[dict[str, Decimal]]:
        """Return what the statistics of a sensor were to say, by local hour."""
        return [
            {f"{datetime.fromtimestamp(at, self.zone):%m-%d %H:%M}": total for at, total in totals[entity].items()}
            for totals in self.told
            if entity in totals
        ]


@pytest.fixture
async def ledger(
    hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> AsyncIterator[Ledger]:
    """Return a history whose archive is real."""
    ledger = Ledger(hass, tmp_path, monkeypatch, getattr(request, "param", "Europe/Paris"))
    yield ledger
    ledger.archive.close()


async def test_each_day_is_charged_once_however_often_the_clock_asks(ledger: Ledger) -> None:
    ledger.start("2026-03-27 10:00", RENT)
    await ledger.due("2026-03-27 10:00", "2026-03-27 10:01", "2026-03-27 23:59", "2026-03-28 00:00", "2026-03-28 12:00")
    assert (ledger.days(), ledger.booked()) == (["03-27", "03-28"], 2)


async def test_a_restart_charges_nothing_twice(ledger: Ledger) -> None:
    ledger.start("2026-03-27 10:00", RENT)
    await ledger.due("2026-03-27 10:00")
    ledger.start("2026-03-27 11:00", RENT)
    assert ledger.booked() == 1
    await ledger.due("2026-03-27 11:00", "2026-03-28 00:00")
    ledger.start("2026-03-28 01:00", RENT)
    await ledger.due("2026-03-28 01:00")
    assert (ledger.days(), ledger.booked()) == (["03-27", "03-28"], 2)


async def test_days_off_are_made_up_for_also_when_the_clock_was_set(ledger: Ledger) -> None:
    ledger.start("2026-03-27 10:00", RENT, METER)
    await ledger.due("2026-03-27 10:00")
    ledger.start("2026-04-02 08:00", RENT, METER)
    await ledger.due("2026-04-02 08:00")
    days = ["03-27", "03-28", "03-29", "03-30", "03-31", "04-01", "04-02"]
    assert (ledger.days(), ledger.days("meter")) == (days, days)
    rows = ledger.archive.charges(0, 2**40)
    assert {f"{datetime.fromtimestamp(row.day, ledger.zone):%H:%M:%S}" for row in rows} == {"00:00:00"}
    assert ledger.booked() == float(sum(row.cost for row in rows)) == 14.066667


async def test_a_new_charge_begins_today_whatever_others_lack(ledger: Ledger) -> None:
    ledger.start("2026-03-27 10:00", RENT)
    await ledger.due("2026-03-27 10:00")
    ledger.start("2026-03-30 10:00", RENT, METER)
    await ledger.due("2026-03-30 10:00")
    assert ledger.days() == ["03-27", "03-28", "03-29", "03-30"]
    assert ledger.days("meter") == ["03-30"]


async def test_a_charge_begins_on_the_day_on_which_it_was_made_also_if_home_assistant_was_off_then(
    ledger: Ledger,
) -> None:
    made = {**RENT, "since": "2026-03-25"}
    ledger.start("2026-03-27 10:00", made)
    await ledger.due("2026-03-27 10:00")
    assert (ledger.days(), ledger.booked()) == (["03-25", "03-26", "03-27"], 3)
    ledger.start("2026-03-28 10:00", {**made, "id": "late", "since": "2026-03-29"})
    await ledger.due("2026-03-28 10:00", "2026-03-29 10:00")
    assert ledger.days("late") == ["03-29"]


async def test_a_charge_without_a_price_yet_begins_with_its_price(ledger: Ledger) -> None:
    dated = {**RENT, "prices": [{"amount": "2", "valid_from": "2026-03-29"}]}
    ledger.start("2026-03-27 10:00", dated)
    await ledger.due(*(f"2026-03-{day} 10:00" for day in range(27, 31)))
    assert (ledger.days(), ledger.booked()) == (["03-29", "03-30"], 4)


async def test_charges_belong_to_the_commodity_of_their_plan(ledger: Ledger) -> None:
    charge = {**RENT, "id": "other"}
    ledger.start("2026-03-27 10:00", RENT, export={"charges": [METER]}, water={"charges": [charge]})
    await ledger.due("2026-03-27 10:00")
    found = {row.charge: row.commodity for row in ledger.archive.charges(0, 2**40)}
    assert found == {"rent": "electricity", "meter": "electricity", "other": "water"}


async def test_charges_wait_for_an_archive_that_is_away(ledger: Ledger) -> None:
    ledger.start("2026-03-27 10:00", RENT)
    ledger.away = True
    await ledger.due("2026-03-27 10:00", "2026-03-27 10:01", "2026-03-28 10:00")
    assert (ledger.days(), ledger.booked()) == ([], 0)
    ledger.away = False
    await ledger.due("2026-03-28 10:01", "2026-03-28 10:02")
    assert (ledger.days(), ledger.booked()) == (["03-28"], 1)


async def test_days_that_failed_are_made_up_for_once_the_archive_is_back(ledger: Ledger) -> None:
    ledger.start("2026-03-27 10:00", RENT)
    await ledger.due("2026-03-27 10:00")
    ledger.away = True
    await ledger.due("2026-03-28 10:00", "2026-03-29 10:00")
    ledger.away = False
    await ledger.due("2026-03-29 10:01")
    assert (ledger.days(), ledger.booked()) == (["03-27", "03-28", "03-29"], 3)


async def test_what_was_booked_while_the_archive_wrote_is_not_booked_again(ledger: Ledger) -> None:
    ledger.start("2026-03-27 10:00", RENT)
    day, cost = ledger.at("2026-03-27"), Decimal(1)
    row = ChargeRow(day=day, commodity="electricity", charge="rent", name="Rent", cost=cost, currency="EUR")
    ledger.asked.append(lambda: ledger.consumption.costs.charge([row]))
    await ledger.due("2026-03-27 10:00")
    assert (ledger.days(), ledger.booked()) == (["03-27"], 1)


@pytest.mark.parametrize("name", ZONES)
def test_each_day_has_its_charges_at_its_first_instant(name: str) -> None:
    zone = ZoneInfo(name)
    plans = {"electricity": {"charges": [RENT, METER]}}
    settings = BillSettings.of({"billing": {"plans": plans}}, currency="EUR", zone=zone)
    first, last = date(2026, 3, 1), date(2026, 4, 30)
    rows = list(charges_between(settings, first, last, zone))
    for charge, cost in (("rent", 61), ("meter", 62)):
        own = [row for row in rows if row.charge == charge]
        assert [day_of(row.day, zone) for row in own] == [first + timedelta(days=day) for day in range(61)]
        assert {day_of(row.day - 1, zone) < day_of(row.day, zone) for row in own} == {True}
        assert sum(row.cost for row in own) == cost
    assert list(charges_between(settings, last, first, zone)) == []


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("seconds", [0, 1, 1799, 1800, 2699, 2700, 3599])
def test_an_hour_begins_where_the_local_clock_shows_no_minutes(name: str, seconds: int) -> None:
    zone = ZoneInfo(name)
    begin = int(datetime(2026, 3, 2, 10, tzinfo=zone).timestamp())
    assert hour_of(begin + seconds + 0.5, zone) == begin


async def test_statistics_follow_each_hour_as_soon_as_it_is_settled(ledger: Ledger) -> None:
    ledger.start("2026-03-27 10:00")
    entity = ledger.sensor()
    ledger.consumed("2026-03-27 10:10", "2026-03-27 10:50")
    await ledger.due("2026-03-27 10:59", "2026-03-27 11:01")
    assert ledger.said(entity) == []
    await ledger.due("2026-03-27 11:03", "2026-03-27 11:04")
    assert ledger.said(entity) == [{"03-27 09:00": 0, "03-27 10:00": 1}]
    ledger.consumed("2026-03-27 11:10")
    await ledger.due("2026-03-27 11:30", "2026-03-27 12:01")
    assert len(ledger.said(entity)) == 1
    await ledger.due("2026-03-27 12:03")
    assert ledger.said(entity)[1:] == [{"03-27 10:00": 1, "03-27 11:00": Decimal("1.5")}]
    await ledger.due("2026-03-27 13:03")
    assert len(ledger.said(entity)) == 2, "nothing is new"


async def test_what_is_late_lets_statistics_follow_from_its_hour_on_with_hours_without_rows(ledger: Ledger) -> None:
    ledger.start("2026-03-27 06:00")
    entity = ledger.sensor()
    ledger.consumed("2026-03-27 09:10", "2026-03-27 06:20")
    await ledger.due("2026-03-27 10:03")
    half = Decimal("0.5")
    hours = {f"03-27 {hour:02}:00": total for hour, total in ((5, 0), (6, half), (7, half), (8, half), (9, 1))}
    assert ledger.said(entity) == [hours]


async def test_long_times_are_followed_some_days_at_a_time_without_a_gap(ledger: Ledger) -> None:
    ledger.start("2026-03-27 06:00")
    entity = ledger.sensor()
    ledger.consumed("2026-03-17 06:10", "2026-03-29 12:10", "2026-03-31 20:10")
    await ledger.due("2026-03-31 21:03")
    assert len(ledger.said(entity)) == 3
    hours = [at for totals in ledger.told for at in totals[entity]]
    assert sorted(set(hours)) == list(range(ledger.at("2026-03-17 05:00"), ledger.at("2026-03-31 21:00"), HOUR))
    ends = {at: total for totals in ledger.told for at, total in totals[entity].items()}
    steps = {"2026-03-17 05:00": "0", "2026-03-17 06:00": "0.5", "2026-03-29 11:00": "0.5", "2026-03-29 12:00": "1"}
    for text, total in {**steps, "2026-03-31 20:00": "1.5"}.items():
        assert ends[ledger.at(text)] == Decimal(total), text


async def test_charges_alone_let_statistics_follow_and_change_no_past(ledger: Ledger) -> None:
    ledger.start("2026-03-26 10:00", RENT)
    entity, cost = ledger.sensor("bill"), ledger.sensor("cost")
    ledger.consumed("2026-03-26 10:10")
    await ledger.due("2026-03-26 10:20", "2026-03-26 11:03", "2026-03-27 00:00")
    ledger.told.clear()
    await ledger.due("2026-03-27 00:01", "2026-03-27 00:03", "2026-03-27 01:03")
    assert ledger.said(entity) == [{"03-26 23:00": Decimal("1.5"), "03-27 00:00": Decimal("2.5")}]
    assert ledger.said(cost) == [dict.fromkeys(ledger.said(entity)[0], Decimal("0.5"))]


async def test_statistics_wait_until_all_rows_are_in_the_archive(ledger: Ledger) -> None:
    ledger.start("2026-03-27 10:00")
    entity = ledger.sensor()
    ledger.consumed("2026-03-27 10:10")
    ledger.queued = 1
    await ledger.due("2026-03-27 11:03", "2026-03-27 11:04")
    assert ledger.said(entity) == []
    ledger.queued = 0
    await ledger.due("2026-03-27 11:05")
    assert len(ledger.said(entity)) == 1


async def test_sensors_without_statistics_are_tried_again_some_hours_long(ledger: Ledger) -> None:
    ledger.start("2026-03-27 10:00")
    entity = ledger.sensor()
    ledger.consumed("2026-03-27 10:10")
    ledger.wanting = {entity}
    await ledger.due(*(f"2026-03-27 {hour}:03" for hour in range(11, 20)))
    begins = [min(said) for said in ledger.said(entity)]
    assert begins == ["03-27 09:00"] * 4


async def test_statistics_wait_for_an_archive_that_is_away(ledger: Ledger) -> None:
    ledger.start("2026-03-27 10:00")
    entity = ledger.sensor()
    ledger.consumed("2026-03-27 10:10")
    ledger.away = True
    await ledger.due("2026-03-27 11:03", "2026-03-27 11:04")
    ledger.away = False
    await ledger.due("2026-03-27 12:03")
    assert ledger.said(entity) == [{"03-27 09:00": 0, **dict.fromkeys(("03-27 10:00", "03-27 11:00"), Decimal("0.5"))}]


async def test_only_sensors_that_there_are_follow(ledger: Ledger) -> None:
    ledger.start("2026-03-27 10:00")
    entity = ledger.sensor("tariff", "electricity:day")
    ledger.consumed("2026-03-27 10:10")
    await ledger.due("2026-03-27 11:03")
    assert [set(totals) for totals in ledger.told] == [{entity}]


@pytest.mark.parametrize("ledger", ["Asia/Kolkata", "Asia/Kathmandu"], indirect=True)
async def test_where_hours_lie_across_those_of_the_recorder_nothing_is_said(ledger: Ledger) -> None:
    ledger.start("2026-03-27 10:00", RENT)
    ledger.sensor()
    ledger.consumed("2026-03-27 10:10")
    await ledger.due("2026-03-27 10:20", "2026-03-27 11:03", "2026-03-28 11:03")
    assert (ledger.told, ledger.days()) == ([], ["03-27", "03-28"])


@pytest.mark.parametrize("ledger", ["Australia/Lord_Howe"], indirect=True)
async def test_where_only_winters_hours_lie_across_summers_are_said(ledger: Ledger) -> None:
    ledger.start("2026-04-04 10:00")
    entity = ledger.sensor()
    ledger.consumed("2026-04-04 10:10", "2026-04-05 00:10", "2026-04-05 06:10")
    await ledger.due("2026-04-05 12:03")
    hours = {at: total for totals in ledger.told for at, total in totals[entity].items()}
    assert max(hours) < int(datetime(2026, 4, 4, 15, tzinfo=UTC).timestamp())
    assert {at % HOUR for at in hours} == {0}
    assert [float(hours[ledger.at(text)]) for text in ("2026-04-04 10:00", "2026-04-05 00:00")] == [0.5, 1]
