"""What the forms of the bill say: which tariff is active, what a rule means, what is not covered, how the week looks.

This module owns words, in the system's language. What is true is the matter of the room of billing.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Final

from homeassistant.util import dt as dt_util

from .bill_settings import PLANS, UNITS, read_condition
from .billing import review, week_picture
from .names import selector_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime, time

    from homeassistant.core import HomeAssistant

    from .bill_settings import BillSettings, PlanKey
    from .billing import CostRule, Review

_LETTERS: Final = "ABCDE"
_CENT: Final = Decimal("0.01")
_SHOWN_DECIMALS: Final = 6
_WEEK: Final = 7
_RARE: Final = 26
"""Of the 52 weeks: what happens on fewer is told by the number of its days."""
_RUN: Final = 3


class BillText:
    """Says what a bill's settings mean."""

    def __init__(self, hass: HomeAssistant, settings: BillSettings) -> None:
        """Take the settings as they are now."""
        self._hass = hass
        self._settings = settings
        self._holding = {key: ((0, None),) for key in settings.conditions if _holds(hass, key)}

    def plan_name(self, plan: PlanKey) -> str:
        """Return what people call a plan."""
        return selector_text(self._hass, "bill_plan", plan)

    def overview(self) -> str:
        """Return a line for each plan: its active tariff and price."""
        return "\n".join(f"- {self.plan_name(plan)}: {self._active(plan)}" for plan in PLANS)

    def now(self, plan: PlanKey) -> str:
        """Return a sentence on the tariff that is active."""
        return self._say("now", active=self._active(plan))

    async def async_details(self, plan: PlanKey) -> str:
        """Return all there is to say of a plan: what is active, the week, what is wrong."""
        settings = self._settings.plans[plan]
        parts = [self.now(plan)]
        if settings.rules:
            always, today = self._settings.plan(plan), self._today.date()
            parts += [self._week(plan), *self._warnings(await self._hass.async_add_executor_job(review, always, today))]
        elif settings.tariffs:
            parts.append(self._warning("no_rules"))
        return "\n\n".join(parts)

    def rules(self, plan: PlanKey) -> list[str]:
        """Return the rules in their order, the one that is true now marked."""
        settings = self._settings.plans[plan]
        names = {tariff.id: tariff.name for tariff in settings.tariffs}
        true = self._settings.plan(plan, self._holding).rule_at(self._today)
        return [
            f"{'● ' if place == true else ''}{place + 1} · {names[rule.tariff_id]} · {self._rule(rule)}"
            for place, rule in enumerate(settings.rules)
        ]

    @property
    def _today(self) -> datetime:
        """The time by the clock of the rules."""
        return dt_util.utcnow().astimezone(self._settings.zone)

    def _say(self, key: str, **values: object) -> str:
        """Return a text of the strings."""
        return selector_text(self._hass, "bill_text", key).format(**values)

    def _warning(self, key: str, **values: object) -> str:
        """Return a text that is a warning."""
        return f"⚠️ {self._say(key, **values)}"

    def _active(self, plan: PlanKey) -> str:
        """Return the tariff that is active, and its price."""
        if not self._settings.plans[plan].tariffs:
            return self._say("no_tariffs")
        priced = self._settings.plan(plan, self._holding)
        tariff, active = priced.tariff_at(self._today), priced.at(self._today)
        if tariff is None:
            return self._say("none_active")
        price = self._say("no_price") if active is None else self._price(active.price, plan)
        return f"**{tariff.name}**, {price}"

    def _price(self, price: Decimal, plan: PlanKey) -> str:
        """Return a price with its unit; decimals that say nothing are left out, but for cents."""
        shown = round(price, _SHOWN_DECIMALS).normalize()
        return f"{max(shown, round(price, 2), key=_decimals):f} {self._settings.currency}/{UNITS[plan]}"

    def _week(self, plan: PlanKey) -> str:
        """Return the coming week as a picture in text, and what its letters mean."""
        settings = self._settings.plans[plan]
        letters = {tariff.id: letter for tariff, letter in zip(settings.tariffs, _LETTERS, strict=False)}
        days = [self._say(f"day_{day}") for day in range(_WEEK)]
        picture = week_picture(self._settings.plan(plan), self._today.date(), letters, days)
        meant = [f"**{letters[tariff.id]}** {tariff.name}" for tariff in settings.tariffs]
        conditional = any(rule.condition is not None for rule in settings.rules)
        notes = [self._say("not_in_picture")] if conditional else []
        return "\n\n".join([f"```text\n{picture}\n```", self._say("legend", tariffs=" · ".join(meant)), *notes])

    def _warnings(self, found: Review) -> list[str]:
        """Return what people should know of the rules."""
        said = [self._warning(f"rule_{why}", number=place + 1) for place, why in sorted(found.idle.items())]
        gaps = sorted(found.gaps, key=lambda gap: (gap.start, gap.end, gap.days < _RARE, gap.weekday))
        same = groupby(gaps, key=lambda gap: (gap.start, gap.end, gap.days < _RARE))
        for (start, end, rare), rows in same:
            here = list(rows)
            when = f"{self._days(gap.weekday for gap in here)} {self._hours(start, end)}"
            days = sum(gap.days for gap in here)
            said.append(self._warning("gap_on_days" if rare else "gap", when=when, days=days))
        return said

    def _rule(self, rule: CostRule) -> str:
        """Return when a rule is true."""
        parts = [f"{self._days(rule.weekdays)} {self._hours(rule.start, rule.end)}"]
        if period := self._period(rule):
            parts.append(period)
        if rule.condition is not None:
            entity_id, state = read_condition(rule.condition)
            known = self._hass.states.get(entity_id)
            parts.append(self._say("while", entity=entity_id if known is None else known.name, state=state))
        return " · ".join(parts)

    def _period(self, rule: CostRule) -> str:
        """Return the day or the days of a rule, "" where it has none."""
        first, last = (self._date(day, yearly=rule.every_year) for day in (rule.first_day, rule.last_day))
        if first is None:
            return "" if last is None else self._say("until", day=last)
        period = first if last is None or last == first else self._say("period", first=first, last=last)
        return self._say("every_year", period=period) if rule.every_year else period

    def _date(self, day: date | None, *, yearly: bool) -> str | None:
        """Return a day as people write it, without the year where it is of each one."""
        if day is None:
            return None
        key = "date_every_year" if yearly else "date"
        return self._say(key, day=day.day, month=self._say(f"month_{day.month}"), year=day.year)

    def _hours(self, start: time, end: time) -> str:
        """Return the hours of a day, up to the last minute."""
        if (start.hour, start.minute, end.hour, end.minute) == (0, 0, 23, 59):
            return self._say("all_day")
        return self._say("span", first=f"{start:%H:%M}", last=f"{end:%H:%M}")

    def _days(self, weekdays: Iterable[int]) -> str:
        """Return days of the week, three and more in a row as a span."""
        days = sorted(set(weekdays))
        if len(days) == _WEEK:
            return self._say("every_day")
        runs = (list(run) for _, run in groupby(enumerate(days), key=lambda pair: pair[1] - pair[0]))
        texts = ([self._say(f"day_{day}") for _, day in run] for run in runs)
        return ", ".join(
            self._say("span", first=run[0], last=run[-1]) if len(run) >= _RUN else ", ".join(run) for run in texts
        )


def _holds(hass: HomeAssistant, condition: str) -> bool:
    """Tell whether an entity is what a condition asks for."""
    entity_id, state = read_condition(condition)
    known = hass.states.get(entity_id)
    return known is not None and known.state == state


def _decimals(number: Decimal) -> int:
    """Return how many decimals a number is written with."""
    return -int(number.as_tuple().exponent)
