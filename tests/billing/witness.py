"""What holds at one instant, worked out from the words of the rules and for that instant alone, and plans to try it on.

Knows nothing of how the room does it: no patterns, no cutting, no cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from custom_components.legrand_ews.billing import CostPlan, CostRule, Price, Tariff

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ZONES: list[tzinfo] = [
    ZoneInfo("Europe/Paris"),
    ZoneInfo("America/New_York"),
    ZoneInfo("Australia/Lord_Howe"),
    ZoneInfo("Africa/Casablanca"),
    ZoneInfo("Atlantic/Azores"),
    timezone(timedelta(hours=2)),
    timezone(-timedelta(hours=3, minutes=30)),
    UTC,
]
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def moved(day: date, year: int, *, last: bool) -> date:
    """Return a day in another year; the 29th of February is the day after or before where there is none."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28) if last else date(year, 3, 1)


def begins(rule: CostRule, day: date) -> bool:
    """Tell whether a rule holds on a day."""
    if day.weekday() not in rule.weekdays:
        return False
    last = rule.last_day or rule.first_day
    if rule.first_day is None or last is None:
        return last is None or day <= last
    if not rule.every_year:
        return rule.first_day <= day <= last
    over = (last.month, last.day) < (rule.first_day.month, rule.first_day.day)
    return any(
        moved(rule.first_day, year, last=False) <= day <= moved(last, year + over, last=True)
        for year in (day.year - 1, day.year)
    )


def true(rule: CostRule, at: datetime) -> bool:
    """Tell whether a rule is true at a time of the wall clock, but for its condition."""
    for day in (at.date(), at.date() - DAY):
        night = rule.end < rule.start
        begin = datetime.combine(day, rule.start)
        end = datetime.combine(day + DAY if night else day, rule.end) + MINUTE
        if begin <= at < end and begins(rule, day):
            return True
    return False


def on(spans: Sequence[tuple[int, int | None]], at: int) -> bool:
    """Tell whether a condition is on."""
    return any(begin <= at and (end is None or at < end) for begin, end in spans)


@dataclass(frozen=True, kw_only=True)
class Witness:
    """The same plan."""

    tariffs: Sequence[Tariff]
    rules: Sequence[CostRule]
    zone: tzinfo
    conditions: Mapping[str, Sequence[tuple[int, int | None]]]

    def plan(self) -> CostPlan:
        """Return the room's plan."""
        return CostPlan(self.tariffs, self.rules, self.zone, self.conditions)

    def rule(self, at: int) -> int | None:
        """Return the first true rule of a POSIX second."""
        local = datetime.fromtimestamp(at, self.zone).replace(tzinfo=None, fold=0)
        for number, rule in enumerate(self.rules):
            allowed = rule.condition is None or on(self.conditions.get(rule.condition, ()), at)
            if allowed and true(rule, local):
                return number
        return None

    def price(self, at: int) -> tuple[str, Decimal] | None:
        """Return tariff and price with tax."""
        number = self.rule(at)
        if number is None:
            return None
        tariff = next(one for one in self.tariffs if one.id == self.rules[number].tariff_id)
        today = datetime.fromtimestamp(at, self.zone).date()
        found = None
        for price in sorted(tariff.prices, key=lambda one: one.valid_from or date.min):
            if price.valid_from is None or price.valid_from <= today:
                found = price
        return None if found is None else (tariff.id, found.amount * (100 + found.tax) / 100)


def changes(zone: tzinfo) -> list[int]:
    """Return when the clocks of a zone change in three years, to the hour; noon of a day where they never do."""
    first = int(datetime(2023, 1, 1, tzinfo=UTC).timestamp())
    hours = range(first, first + 3 * 366 * 86400, 3600)
    offsets = [datetime.fromtimestamp(at, zone).utcoffset() for at in hours]
    found = [at for at, here, after in zip(hours, offsets, offsets[1:], strict=False) if here != after]
    return found or [first + 43200]


CHANGES = {str(zone): changes(zone) for zone in ZONES}
EVES = [int(datetime(*day, tzinfo=UTC).timestamp()) for day in ((2023, 12, 31), (2024, 2, 28), (2023, 2, 28))]


def moments(zone: tzinfo) -> st.SearchStrategy[int]:
    """Return times around which something happens."""
    near = st.sampled_from([*CHANGES[str(zone)], *EVES])
    return st.builds(lambda at, off: at + off * 60, near, st.integers(-2880, 1440))


def rules(around: date, keys: Sequence[str]) -> st.SearchStrategy[CostRule]:
    """Return rules that matter around a day."""
    days = st.builds(lambda off: around + off * DAY, st.integers(-4, 4)) | st.sampled_from(
        [date(2020, 2, 29), date(2020, 12, 31), date(2024, 1, 1), date(2021, 6, 1)]
    )
    minutes = st.builds(lambda one: time(*divmod(one, 60)), st.integers(0, 1439)) | st.sampled_from(
        [time(0), time(1), time(1, 59), time(2), time(2, 29), time(2, 59), time(3), time(23, 59)]
    )
    every = {
        "tariff_id": st.sampled_from(keys),
        "weekdays": st.just(frozenset(range(7))) | st.frozensets(st.integers(0, 6), min_size=2),
        "condition": st.sampled_from([None, None, None, "red", "holiday", "missing"]),
    }
    times: dict[str, st.SearchStrategy[Any]] = {"start": minutes, "end": minutes}
    return st.one_of(
        st.builds(CostRule, **every, **times),
        st.builds(CostRule, **every, **times, first_day=days, every_year=st.booleans()),
        st.builds(CostRule, **every, **times, first_day=days, last_day=days, every_year=st.booleans()),
        st.builds(CostRule, **every, last_day=days),
    )


def tariffs(around: date) -> st.SearchStrategy[list[Tariff]]:
    """Return tariffs whose prices change around a day."""
    days = st.none() | st.builds(lambda off: around + off * DAY, st.integers(-2, 2))
    prices = st.builds(Price, st.decimals(-1, 1, places=2), days, st.sampled_from([Decimal(0), Decimal("5.5")]))
    lists = st.lists(prices, min_size=1, max_size=4, unique_by=lambda one: one.valid_from).map(tuple)
    return st.tuples(lists, lists, lists).map(
        lambda every: [Tariff(key, key, one) for key, one in zip("abc", every, strict=True)]
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[Witness, int]:
    """Return a plan and a time near which it changes."""
    zone = draw(st.sampled_from(ZONES))
    now = draw(moments(zone))
    today = datetime.fromtimestamp(now, zone).date()
    edges = st.integers(-4000, 4000).map(lambda minute: now + minute * 60)
    spans = st.lists(st.tuples(edges, st.none() | edges), min_size=1, max_size=3)
    return (
        Witness(
            tariffs=draw(tariffs(today)),
            rules=draw(st.lists(rules(today, "abc"), min_size=1, max_size=6)),
            zone=zone,
            conditions=draw(st.fixed_dictionaries({"red": spans, "holiday": spans})),
        ),
        now,
    )
