"""A month with a change of clocks: what each hour, day and the month cost is the same in the ledger and in statistics.

Meters are fed by hand; the installation, its archive, the sensors and the recorder are real.
"""

from __future__ import annotations

import logging
import socket
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal
from zoneinfo import ZoneInfo

import pytest
from freezegun import freeze_time
from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.recorder import get_instance
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry  # type: ignore[import-untyped]
from pytest_homeassistant_custom_component.components.recorder.common import (  # type: ignore[import-untyped]
    async_recorder_block_till_done,
    async_wait_recording_done,
    do_adhoc_statistics,
)

from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.cost_book import cost_id, device_key
from custom_components.legrand_ews.metering import IndexTracker, load_key

from .support import SOCKETS, drained, subentry, subentry_id
from .test_cost_sensor import rule, tariff
from .test_history import HEATED, begin, history
from .test_history_late import WAITING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.config_entries import ConfigEntry

    from custom_components.legrand_ews.archive import CostRow, Scope

    from .support import Panel

Costs = dict[int, Decimal]
"""By the first instant of an hour, a day or a month, POSIX seconds."""
type Step = Literal["hour", "day", "month"]

PARIS: Final = ZoneInfo("Europe/Paris")
HOUR: Final = 3600
EXACT: Final = 1e-6
HEATER, SOCKET = (subentry_id(device.name) for device in (HEATED, SOCKETS))
MARCH, OCTOBER = "2026-03", "2026-10"
FROZEN: Final = {MARCH: datetime(2026, 2, 28, 20, 55, tzinfo=UTC), OCTOBER: datetime(2026, 9, 30, 19, 55, tzinfo=UTC)}
"""Two hours before the month."""

STEADY: Final = 1000
"""What the heater takes in an hour, Wh; 5 Wh in 18 s, so that readings are whole."""
READ_AT: Final = (54, 450, 1044, 1782, 2052, 2970, 3564)
"""Seconds of an hour at which meters are read: not all at the same distance, never at its end."""
SUN: Final = range(9, 15)
"""Hours, UTC, with something to feed back."""
GAP: Final = (10, 8, 14)
RESET: Final = (20, 12)
"""Day and hours, UTC: when the sockets' meter is silent; when it begins from zero."""

NIGHT: Final = tariff("night", ("0.1", "2020-01-01"), ("0.12", "{month}-16"), tax="20")
DAY: Final = tariff("day", ("0.2", "2020-01-01"), ("0.25", "{month}-16"), tax="20")
PRICES: Final = {"night": (Decimal("0.12"), Decimal("0.144")), "day": (Decimal("0.24"), Decimal("0.3"))}
"""With tax: up to the 15th, and from the 16th on."""
RULES: Final = [
    rule("night", "22:00", "05:59"),
    rule("night", "06:00", "13:59", weekdays=[5, 6]),
    rule("day"),
]
MONTHLY: Final = {
    "id": "c",
    "name": "Subscription",
    "per": "month",
    "prices": [{"amount": "9.99", "tax": "5.5"}],
}
CHARGE: Final = Decimal("10.53945")
BY_HAND: Final[dict[str, dict[str, Decimal]]] = {
    MARCH: {
        "2026-03-03": 8 * Decimal("0.12") + 16 * Decimal("0.24"),
        "2026-03-17": 8 * Decimal("0.144") + 16 * Decimal("0.3"),
        "2026-03-22": (8 + 8) * Decimal("0.144") + 8 * Decimal("0.3"),
        "2026-03-29": (7 + 8) * Decimal("0.144") + 8 * Decimal("0.3"),
    },
    OCTOBER: {
        "2026-10-06": 8 * Decimal("0.12") + 16 * Decimal("0.24"),
        "2026-10-25": (9 + 8) * Decimal("0.144") + 8 * Decimal("0.3"),
    },
}
"""Of the heater: hours at night, of the weekend's morning, and by day, on days of 24, 23 and 25 hours."""
RECORDED: Final = (
    "heated_cost",
    "sockets_cost",
    "heating_*cost",
    "totals_electricity_cost*",
    "totals_electricity_fixed_charges",
    "totals_overall_credit",
    "totals_overall_bill",
)
FED_BACK: Final = tariff("sun", ("0.0761", None))


@dataclass(kw_only=True)
class Counter:
    """A counter that is read by hand."""

    device: str
    quantity: str
    tracker: IndexTracker
    total: int = 700_000
    """Wh."""
    zero: int = 0
    """Of its face."""


def consumed(counter: Counter, hour: int) -> int:
    """Return what a counter counts in an hour, Wh."""
    clock = datetime.fromtimestamp(hour, UTC)
    if counter.quantity == "energy_export":
        return 600 if clock.hour in SUN else 0
    if counter.device == HEATER:
        return STEADY
    return 200 * (1 + (7 * clock.hour + clock.day) % 11)


def options(month: str) -> dict[str, Any]:
    """Return what the installation is told to pay."""
    tariffs = [_dated(NIGHT, month), _dated(DAY, month)]
    plans = {
        "electricity": {"tariffs": tariffs, "rules": RULES, "charges": [MONTHLY]},
        "export": {"tariffs": [FED_BACK], "rules": [rule("sun")]},
    }
    return {"billing": {"currency": "EUR", "plans": plans}}


def _dated(one: Mapping[str, Any], month: str) -> dict[str, Any]:
    """Put a month into the days of prices."""
    prices = [price | {"valid_from": price["valid_from"].format(month=month)} for price in one["prices"]]
    return {**one, "prices": prices}


def closed_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


class Month:
    """A site that lives through a month."""

    def __init__(self, panel: Panel, frozen: FrozenDateTimeFactory, month: str) -> None:
        """Begin some hours before the month."""
        self.panel = panel
        self.hass = panel.hass
        self.month = month
        self.entry: ConfigEntry
        self._frozen = frozen
        self.first = datetime.fromisoformat(f"{month}-01T00:00").replace(tzinfo=PARIS)
        self.last = (self.first + timedelta(days=31)).astimezone(UTC)
        self.counters = [
            Counter(device=device, quantity=quantity, tracker=IndexTracker(modulus=None, max_rate=Decimal(10)))
            for device, quantity in ((HEATER, "energy_import"), (HEATER, "energy_export"), (SOCKET, "energy_import"))
        ]

    @property
    def span(self) -> tuple[int, int]:
        """The month, POSIX seconds."""
        return int(self.first.timestamp()), int(self.last.timestamp())

    async def begin(self) -> None:
        """Set up an installation with tariffs, and a gateway that does not answer."""
        assert await async_setup_component(self.hass, "sensor", {})
        await self.hass.config.async_set_time_zone("Europe/Paris")
        await self.panel.load_integration()
        self.move(int(FROZEN[self.month].timestamp()))
        self.entry = await begin(self.panel, **options(self.month))
        gateway: ConfigEntry = MockConfigEntry(
            domain=DOMAIN,
            title="Panel",
            data={"kind": "gateway", "connection": "tcp", "host": "127.0.0.1", "port": closed_port()},
            subentries_data=[subentry(HEATED), subentry(SOCKETS)],
        )
        gateway.add_to_hass(self.hass)  # type: ignore[attr-defined]
        await self.hass.config_entries.async_setup(gateway.entry_id)
        await self.panel.settle()
        self.hass.loop.set_debug(False)

    def move(self, at: int) -> None:
        """Set all clocks."""
        self._frozen.move_to(datetime.fromtimestamp(at, UTC))
        self.panel.clock.now = float(at)

    async def live(self) -> None:
        """Let the month pass, and two hours more, for what comes late."""
        for hour in range(self.span[0] - 2 * HOUR, self.span[1] + 2 * HOUR, HOUR):
            await self._hour(hour)
        await history(self.hass).late.async_flush()
        await async_wait_recording_done(self.hass)

    async def _hour(self, hour: int) -> None:
        """Let an hour pass: statistics of the one before are corrected, meters read, costs shown and drawn up."""
        self._read(hour, READ_AT[:1])
        await self._follow(hour + 180)
        self._read(hour, READ_AT[1:])
        for counter in self.counters:
            counter.total += consumed(counter, hour)
        self.move(hour + HOUR - 2)
        history(self.hass)._tick(dt_util.utcnow())
        self.move(hour + HOUR)
        do_adhoc_statistics(self.hass, start=datetime.fromtimestamp(hour + HOUR - 300, UTC))
        await async_recorder_block_till_done(self.hass)

    def _read(self, hour: int, seconds: tuple[int, ...]) -> None:
        """Read the meters some times within an hour."""
        clock = datetime.fromtimestamp(hour, UTC)
        day, begin_gap, end_gap = GAP
        for second in seconds:
            self.move(hour + second)
            for counter in self.counters:
                silent = clock.day == day and begin_gap <= clock.hour < end_gap
                if counter.device == SOCKET and silent:
                    continue
                now = counter.total + consumed(counter, hour) * second // HOUR
                if counter.device == SOCKET and (clock.day, clock.hour) == RESET and not counter.zero:
                    counter.zero = now
                reading = counter.tracker.update(hour + second, Decimal(now - counter.zero))
                history(self.hass).take(counter.device, counter.quantity, reading)

    async def _follow(self, at: int) -> None:
        """Let statistics follow the ledger, in which all is written by then."""
        self.move(at - 60)
        one = history(self.hass)
        one._tick(dt_util.utcnow())
        assert await self.hass.async_add_executor_job(drained, one.writer)
        await self.panel.settle()
        self.move(at)
        one._tick(dt_util.utcnow())
        await self.panel.settle()

    def sensor(self, kind: str, key: str) -> str:
        """Return the sensor of a sum."""
        entity = er.async_get(self.hass).async_get_entity_id("sensor", DOMAIN, cost_id(self.entry.entry_id, kind, key))
        assert entity is not None, (kind, key)
        return entity

    async def costs(self, scope: Scope, key: str | None, step: Step) -> list[CostRow]:
        """Return what the ledger has of the month."""
        keys = None if key is None else [key]
        return await history(self.hass).async_ask(lambda archive: archive.costs(scope, keys, step, *self.span))

    async def charges(self, step: Step) -> Costs:
        """Return the fixed charges of the month."""
        found: Costs = defaultdict(Decimal)
        for row in await history(self.hass).async_ask(lambda archive: archive.charges(*self.span)):
            found[self.span[0] if step == "month" else row.day] += row.cost
        return found

    async def changes(self, step: Step, *entities: str) -> dict[str, dict[int, float]]:
        """Return what sensors rose by, asked for as the energy dashboard does: up to the last second."""
        begins, ends = datetime.fromtimestamp(self.span[0], UTC), datetime.fromtimestamp(self.span[1] - 1, UTC)
        rows: Any = await get_instance(self.hass).async_add_executor_job(
            statistics_during_period, self.hass, begins, ends, set(entities), step, None, {"change"}
        )
        return {entity: {int(row["start"]): row["change"] for row in rows.get(entity, ())} for entity in entities}


def sums(rows: list[CostRow], *, sign: int = 1, quantity: str = "energy_import", named: str = "") -> Costs:
    """Add money up, of one quantity, and one tariff where it is named."""
    found: Costs = defaultdict(Decimal)
    for row in rows:
        if row.quantity == quantity and row.rate is not None and named in ("", row.rate.tariff):
            assert row.cost is not None
            found[row.start] += sign * row.cost
    return found


def plus(*several: Costs) -> Costs:
    """Add sums up."""
    found: Costs = defaultdict(Decimal)
    for one in several:
        for at, cost in one.items():
            found[at] += cost
    return found


def priced(local: datetime) -> Decimal:
    """Return the price at a local time, told by the wall clock and nothing else."""
    weekend = local.weekday() >= 5 and local.hour < 14
    name = "night" if local.hour >= 22 or local.hour < 6 or weekend else "day"
    return PRICES[name][local.day >= 16]


@pytest.fixture(params=[MARCH, OCTOBER])
def frozen(request: pytest.FixtureRequest) -> Iterator[FrozenDateTimeFactory]:
    """A clock that stands before the month: also when the recorder begins, which takes all before for drawn up."""
    with freeze_time(FROZEN[request.param], real_asyncio=True, ignore=list(WAITING)) as clock:
        yield clock


@pytest.fixture
def recorder_config() -> dict[str, Any]:
    """Record what costs only: a month has many states."""
    kept = [f"sensor.{name}" for name in RECORDED]
    left_out = ["sensor.*_this_*", "sensor.*_today"]
    return {"include": {"entity_globs": kept}, "exclude": {"entity_globs": left_out}}


@pytest.fixture(autouse=True)
def auto_enable_custom_integrations(
    frozen: FrozenDateTimeFactory,
    recorder_mock: object,
    enable_custom_integrations: None,
) -> None:
    """Set the clock before all else begins."""


@pytest.fixture
async def month(
    panel: Panel, frozen: FrozenDateTimeFactory, request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> Month:
    """A site that has lived through a month."""
    caplog.set_level(logging.WARNING)
    month = Month(panel, frozen, request.node.callspec.params["frozen"])
    await month.begin()
    await month.live()
    return month


async def test_statistics_say_what_the_ledger_says_over_a_month_with_a_change_of_clocks(month: Month) -> None:
    own = [month.sensor("cost", device_key(device)) for device in (HEATER, SOCKET)]
    load = month.sensor("cost", load_key("heating", "electricity"))
    total, credit = month.sensor("cost", "electricity"), month.sensor("credit", "overall")
    night, day = (month.sensor("tariff", f"electricity:{name}") for name in PRICES)
    bill, charged = month.sensor("bill", "overall"), month.sensor("charges", "electricity")
    everything = (*own, load, total, credit, night, day, bill, charged)
    for step in ("hour", "day", "month"):
        rows, charges = await month.costs("total", None, step), await month.charges(step)
        fed_back = sums(rows, quantity="energy_export")
        wanted: dict[str, Costs] = {
            **{
                entity: sums(await month.costs("device", key, step))
                for entity, key in zip(own, (HEATER, SOCKET), strict=True)
            },
            load: sums(await month.costs("load", "heating", step)),
            total: sums(rows),
            credit: fed_back,
            night: sums(rows, named="night"),
            day: sums(rows, named="day"),
            bill: plus(sums(rows), charges, sums(rows, quantity="energy_export", sign=-1)),
            charged: charges,
        }
        found = await month.changes(step, *everything)
        bars = set(sums(rows))
        assert len(bars) == {"hour": 743 if month.month == MARCH else 745, "day": 31, "month": 1}[step]
        for entity in everything:
            costs = {at: float(wanted[entity].get(at, 0)) for at in bars}
            if entity == credit:
                # Before the first time that anything is fed back there is no such sensor.
                assert not any(costs[at] for at in bars - found[entity].keys())
                found[entity] = dict.fromkeys(bars, 0.0) | found[entity]
            assert found[entity] == pytest.approx(costs, abs=EXACT, rel=0), (step, entity)
        assert plus(wanted[night], wanted[day]) == wanted[total] == plus(*(wanted[entity] for entity in own))
        assert sum(charges.values()) == CHARGE
    await right_by_hand(month, own[0])
    # Neither the silence nor the new beginning lost more than what was counted between two readings.
    sockets = next(counter for counter in month.counters if counter.device == SOCKET)
    counted = sum(consumed(sockets, hour) for hour in range(*month.span, HOUR))
    assert sum(row.amount for row in await month.costs("device", SOCKET, "month")) == pytest.approx(counted, abs=100)


async def right_by_hand(month: Month, heater: str) -> None:
    """Check what the heater cost, which takes 1 kWh each hour: by the wall clock, and days with a sum on paper."""
    hours, days = Costs(), Costs()
    for at in range(*month.span, HOUR):
        hours[at] = priced(datetime.fromtimestamp(at, PARIS))
        midnight = datetime.fromtimestamp(at, PARIS).replace(hour=0)
        days[int(midnight.timestamp())] = days.get(int(midnight.timestamp()), Decimal(0)) + hours[at]
    for text, cost in BY_HAND[month.month].items():
        assert days[int(datetime.fromisoformat(text).replace(tzinfo=PARIS).timestamp())] == cost, text
    assert sums(await month.costs("device", HEATER, "hour")) == hours
    assert sums(await month.costs("device", HEATER, "day")) == days
    shown = (await month.changes("day", heater))[heater]
    assert shown == pytest.approx({at: float(cost) for at, cost in days.items()}, abs=EXACT, rel=0)
