"""What it takes to price: a year of all devices, an interval as it closes, and what the archive keeps of it.

This module owns the plan and what is timed. The rows are ``year``'s matter.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import batched
from statistics import median
from time import monotonic, process_time
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from custom_components.legrand_ews.archive import Archive
from custom_components.legrand_ews.bill_settings import OPT_BILLING, BillSettings
from custom_components.legrand_ews.consumption import Consumption, GasFactors, Place
from custom_components.legrand_ews.cost_book import CostBook
from custom_components.legrand_ews.metering import IndexTracker
from custom_components.legrand_ews.prices import Prices

from .archive import BATCH, SITE, database
from .table import Figure, percentile
from .year import DAY, DEVICES, GROUPS, START, TICK, at, intervals, level, name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from custom_components.legrand_ews.archive import IntervalRow
    from custom_components.legrand_ews.metering import Reading

ZONE: Final = "Europe/Paris"
CURRENCY: Final = "EUR"
TARIFFS: Final[Mapping[str, tuple[str, str]]] = {
    "Day": ("0.1952", "0.2016"),
    "Evening": ("0.2146", "0.2276"),
    "Night": ("0.1480", "0.1635"),
    "Weekend": ("0.1567", "0.1696"),
    "March": ("0.1250", "0.1250"),
}
"""Prices without tax, until and from ``SECOND_PRICE`` on."""
FIRST_PRICE, SECOND_PRICE = "2024-08-01", "2025-08-01"
TAX: Final = "20"
WORKDAYS: Final = [0, 1, 2, 3, 4]
RULES: Final[tuple[Mapping[str, Any], ...]] = (
    {"tariff": "March", "start": "00:00", "end": "23:59", "first_day": "2025-03-01", "last_day": "2025-03-31"},
    {"tariff": "Evening", "start": "00:00", "end": "23:59", "first_day": "2025-12-25", "every_year": True},
    {"tariff": "Weekend", "start": "00:00", "end": "23:59", "weekdays": [5, 6]},
    {"tariff": "Night", "start": "22:35", "end": "06:34"},
    {"tariff": "Day", "start": "00:00", "end": "18:59", "weekdays": WORKDAYS},
    {"tariff": "Evening", "start": "19:00", "end": "23:59", "weekdays": WORKDAYS},
)
"""The night begins and ends within an interval, as it does at many meters."""
PLACE: Final = Place(commodity="electricity", load="heating", groups=GROUPS)
YEAR: Final = 365
YEAR_LIMIT: Final = 60.0
"""s, for the year of all devices."""
INTERVAL_LIMIT: Final = 100.0
"""us."""
SPLIT_LIMIT: Final = 50.0
"""ms."""
SPLITS: Final = 20
CLOSING_DEVICES: Final = 20
CLOSING_TICKS: Final = 300
LEDGER_DEVICES: Final = 100
LEDGER_DAYS: Final = 30


async def measure(*, days: int, devices: int) -> list[Figure]:
    """Price so many days of so many devices, and what follows from it in small."""
    return [
        *await asyncio.to_thread(_year, days, devices),
        *await asyncio.to_thread(_closings, min(devices, CLOSING_DEVICES)),
        *await asyncio.to_thread(_splits),
        *await asyncio.to_thread(_ledger, min(days, LEDGER_DAYS), min(devices, LEDGER_DEVICES)),
    ]


def settings(tariffs: Mapping[str, tuple[str, str]] = TARIFFS) -> BillSettings:
    """Return the plan of electricity, with these prices; no tariffs: no plan."""
    electricity = {
        "tariffs": [
            {
                "id": one.lower(),
                "name": one,
                "color": "#808080",
                "prices": [
                    {"amount": amount, "valid_from": first, "tax": TAX}
                    for first, amount in zip((FIRST_PRICE, SECOND_PRICE), amounts, strict=True)
                ],
            }
            for one, amounts in tariffs.items()
        ],
        "rules": [{**rule, "tariff": rule["tariff"].lower()} for rule in RULES if rule["tariff"] in tariffs],
    }
    options = {OPT_BILLING: {"plans": {"electricity": electricity}}}
    return BillSettings.of(options, currency=CURRENCY, zone=ZoneInfo(ZONE))


def _year(days: int, devices: int) -> list[Figure]:
    """Price all intervals, those of all devices one tick after the other, as they close."""
    prices, amounts = Prices(settings(), {}), [50 + device for device in range(devices)]
    count = days * DAY * devices
    begin = process_time()
    for tick in range(days * DAY):
        start, end = at(tick), at(tick + 1)
        for amount in amounts:
            prices.price("electricity", "energy_import", start, end, amount)
    seconds = process_time() - begin
    parted = agree(prices, days)
    whole_year = count >= YEAR * DAY * DEVICES
    return [
        Figure(name="intervals priced", reached=count),
        Figure(name="  of several prices", reached=parted * devices),
        Figure(name="  time, on one core", reached=seconds, unit="s", wanted=YEAR_LIMIT if whole_year else None),
        Figure(name="  an interval", reached=1e6 * seconds / count, unit="µs"),
    ]


def agree(prices: Prices, days: int) -> int:
    """Return how many intervals of a meter have several prices; raises RuntimeError where a second is priced wrong."""
    used: Counter[tuple[str, Decimal]] = Counter()
    parted = 0
    for tick in range(days * DAY):
        # A Wh in each second.
        rate, parts = prices.price("electricity", "energy_import", at(tick), at(tick + 1), TICK)
        parted += 1 if parts else 0
        for one, amount in [(part.rate, part.amount) for part in parts] or [(rate, TICK)]:
            if one is not None:
                used[one.tariff, one.price] += amount
    wanted: Counter[tuple[str, Decimal]] = Counter()
    begin, end = (datetime.fromtimestamp(at(tick), UTC) for tick in (0, days * DAY))
    for part in prices.plans["electricity"].split(begin, end, Decimal(days * DAY * TICK)):
        if part.tariff_id is not None and part.price is not None:
            wanted[part.tariff_id, part.price] += int(part.quantity)
    if used != wanted or not used:
        raise RuntimeError(f"{used} instead of {wanted}")
    return parted


def _closings(devices: int) -> list[Figure]:
    """Let readings close intervals, with a plan and without one, and return what the plan takes."""
    consumptions = [_consumption(one, devices) for one in (settings(), settings(tariffs={}))]
    trackers = [IndexTracker(modulus=None, max_rate=Decimal(1000)) for _ in range(devices)]
    taken: list[tuple[float, float]] = []
    for tick in range(CLOSING_TICKS):
        for device, tracker in enumerate(trackers):
            # One reading just before the end of an interval, and one after it.
            for moment in (at(tick) - 5, at(tick) + 5):
                reading = tracker.update(moment, Decimal(level(device, tick)))
                took = [0.0, 0.0]
                for number in (0, 1) if tick % 2 else (1, 0):
                    took[number] = _closing(consumptions[number], name(device), reading)
            if tick:
                taken.append((took[0], took[1]))
    more = [1e6 * (with_plan - without) for with_plan, without in taken]
    return [
        Figure(name="intervals that a reading closed", reached=len(taken)),
        Figure(name="  without a plan, half in", reached=1e6 * median(row[1] for row in taken), unit="µs"),
        Figure(name="  the plan takes more, half in", reached=median(more), unit="µs", wanted=INTERVAL_LIMIT),
        Figure(name="    99 % in", reached=percentile(more, 99), unit="µs", wanted=INTERVAL_LIMIT),
        Figure(name="    the longest", reached=max(more), unit="µs"),
    ]


def _consumption(plan: BillSettings, devices: int) -> Consumption:
    """Return the counters of a site at the start of an empty archive."""
    zone = ZoneInfo(ZONE)
    costs = CostBook(Prices(plan, {}), zone=zone, now=START)
    found = Consumption(period=TICK, zone=zone, now=START, factors=GasFactors(), costs=costs)
    found.survey({name(device): PLACE for device in range(devices)})
    found.begin({}, ())
    return found


def _closing(consumption: Consumption, device: str, reading: Reading) -> float:
    """Take a reading and the rows that it makes; return the s that took."""
    begin = process_time()
    consumption.take(device, "energy_import", reading)
    consumption.rows(1000)
    return process_time() - begin


def _splits() -> list[Figure]:
    """Split a year, with a new plan each time."""
    begin, end = (datetime(year, 1, 1, tzinfo=ZoneInfo(ZONE)) for year in (2025, 2026))
    plans, taken = settings(), []
    for _ in range(SPLITS):
        since = process_time()
        plans.plan("electricity").split(begin, end, Decimal("4380.127"))
        taken.append(1000 * (process_time() - since))
    return [
        Figure(name="a year split by a new plan, half in", reached=median(taken), unit="ms", wanted=SPLIT_LIMIT),
        Figure(name="  the longest", reached=max(taken), unit="ms"),
    ]


def _ledger(days: int, devices: int) -> list[Figure]:
    """Write so many days with and without rates, and price them anew."""
    count = days * DAY * devices
    plain, _ = _load(None, days, devices)
    priced, repriced = _load(Prices(settings(), {}), days, devices)
    return [
        Figure(name=f"archive in SQLite: intervals of {devices} devices in {days} days", reached=count),
        Figure(name="  bytes of one without a rate, with all that follows from it", reached=plain / count),
        Figure(name="  bytes of one with its rate", reached=priced / count),
        Figure(name="  of the one without", reached=priced / plain),
        *(Figure(name=f"  {what}", reached=1e6 * seconds / count, unit="µs") for what, seconds in repriced.items()),
    ]


def _load(prices: Prices | None, days: int, devices: int) -> tuple[int, dict[str, float]]:
    """Write intervals; return the bytes of the archive, and, where there are prices, the s that new ones take."""
    with database("sqlite") as url, closing(Archive.open(url, site=SITE, zone=ZONE)) as archive:
        for ticks in batched(range(days * DAY), BATCH, strict=False):
            rows = [row for tick in ticks for row in intervals(tick, range(devices))]
            archive.write(rows if prices is None else list(_priced(rows, prices)))
        archive.settle()
        size = archive.info().size
        return size, {} if prices is None else _repriced(archive, prices, days, devices)


def _priced(rows: Iterable[IntervalRow], prices: Prices) -> Iterable[IntervalRow]:
    """Yield intervals with their rates."""
    for row in rows:
        rate, parts = prices.price_row(row)
        yield replace(row, rate=rate, parts=parts)


def _repriced(archive: Archive, prices: Prices, days: int, devices: int) -> dict[str, float]:
    """Price anew, with the same prices and others; raises RuntimeError where that did not move what it should."""
    others = Prices(settings({tariff: ("0.3", amounts[1]) for tariff, amounts in TARIFFS.items()}), {})
    used = sum(level(device, days * DAY) - level(device, 0) for device in range(devices))
    found = {}
    for what, price, apply, moved in (
        ("priced anew, at the same price", prices, False, 0),
        ("priced anew, at another one: a preview", others, False, used),
        ("priced anew, at another one", others, True, used),
    ):
        begin = monotonic()
        changes = archive.reprice(START, at(days * DAY), price.price_row, apply=apply)
        found[what] = monotonic() - begin
        came, left = (sum(row.amount for row in changes if (row.amount > 0) is sign) for sign in (True, False))
        if (came, -left) != (moved, moved):
            raise RuntimeError(f"{what}: {came} Wh came and {-left} left instead of {moved}")
    return found
