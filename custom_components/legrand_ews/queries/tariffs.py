"""Answers about tariffs and cost rules as they are now, and what will hold in the days to come (docs/queries.md).

Owns the shape of the answer. What was paid is in ``costs``. Asks no archive, but looks years ahead at rules that
may never be true: some tenths of a second.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from ..bill_settings import UNITS, read_condition
from ..billing import review
from .costs import money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from ..bill_settings import BillSettings, PlanKey, PlanSettings
    from ..billing import Charge, CostPlan, CostRule, Price, Segment, Tariff
    from .questions import Answer

DAYS: Final = 8
"""Today and the seven after it."""


def tariffs(settings: BillSettings, plans: Mapping[PlanKey, CostPlan], now: int) -> Answer:
    """Return the plans: what is set, what holds now and until the end of the seventh day after today.

    ``plans``: those of the settings, with what is known of their conditions. ``now``: POSIX seconds. Prices with tax
    but for the amounts as they were entered.
    """
    when = datetime.fromtimestamp(now, settings.zone)
    first = datetime.combine(when.date(), time(), settings.zone)
    ends = int(first.timestamp()), int((first + timedelta(days=DAYS)).timestamp())
    return {
        "currency": settings.currency,
        "time_zone": str(settings.zone),
        "start": ends[0],
        "end": ends[1],
        "plans": {
            key: {"unit": UNITS[key], **_set(plan, when.date()), **_true(plans[key], when, ends)}
            for key, plan in settings.plans.items()
        },
    }


def _set(plan: PlanSettings, today: date) -> Answer:
    """Return what was entered."""
    return {
        "tariffs": [_tariff(one, today) for one in plan.tariffs],
        "rules": [_rule(one) for one in plan.rules],
        "charges": [_charge(one, today) for one in plan.charges],
    }


def _true(plan: CostPlan, when: datetime, ends: tuple[int, int]) -> Answer:
    """Return what comes of it: now, in the days to come, and what may be a mistake."""
    if not plan.rules:
        return {"active": None, "next_change": None, "segments": [], "gaps": [], "idle": []}
    found = review(plan, when.date())
    return {
        "active": _active(plan, when),
        "next_change": plan.next_change(int(when.timestamp())),
        "segments": [_segment(one) for one in plan.segments(*ends)],
        "gaps": [
            {"weekday": gap.weekday, "start": _clock(gap.start), "end": _clock(gap.end), "days": gap.days}
            for gap in found.gaps
        ],
        "idle": [{"rule": number, "reason": reason} for number, reason in sorted(found.idle.items())],
    }


def _tariff(tariff: Tariff, today: date) -> Answer:
    """Return a tariff with its price of today."""
    price = tariff.price_on(today)
    return {
        "id": tariff.id,
        "name": tariff.name,
        "color": tariff.color,
        "price": None if price is None else money(price.gross),
        "prices": _prices(tariff.prices),
    }


def _charge(charge: Charge, today: date) -> Answer:
    """Return a fixed charge with what it is today."""
    return {
        "id": charge.id,
        "name": charge.name,
        "per": charge.per,
        "today": money(charge.on(today)),
        "prices": _prices(charge.prices),
    }


def _prices(prices: Iterable[Price]) -> list[Answer]:
    """Return prices as they were entered, and with tax."""
    return [
        {
            "amount": money(one.amount),
            "tax": money(one.tax),
            "price": money(one.gross),
            "valid_from": _day(one.valid_from),
        }
        for one in prices
    ]


def _rule(rule: CostRule) -> Answer:
    """Return a rule."""
    entity, state = (None, None) if rule.condition is None else read_condition(rule.condition)
    return {
        "tariff": rule.tariff_id,
        "start": _clock(rule.start),
        "end": _clock(rule.end),
        "weekdays": sorted(rule.weekdays),
        "first_day": _day(rule.first_day),
        "last_day": _day(rule.last_day),
        "every_year": rule.every_year,
        "entity": entity,
        "state": state,
    }


def _active(plan: CostPlan, when: datetime) -> Answer | None:
    """Return the tariff that holds, with its price if there is one yet, and the number of the rule."""
    tariff, active = plan.tariff_at(when), plan.at(when)
    if tariff is None:
        return None
    price = None if active is None else money(active.price)
    return {"tariff": tariff.id, "name": tariff.name, "price": price, "rule": plan.rule_at(when)}


def _segment(segment: Segment) -> Answer:
    """Return a time with one price; both None where there is none."""
    active = segment.active
    tariff, price = (None, None) if active is None else (active.tariff_id, money(active.price))
    return {"start": segment.start, "end": segment.end, "tariff": tariff, "price": price}


def _clock(at: time) -> str:
    """Return a time of the clock, as 06:30."""
    return at.isoformat("minutes")


def _day(day: date | None) -> str | None:
    """Return a date, as 2026-01-31."""
    return None if day is None else day.isoformat()
