"""Fills in the forms of the costs: tariffs, rules and fixed charges of each plan, and what gas is worth.

This module owns the demo's prices, which are invented. The forms are the integration's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from .menus import Menus, choices

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from .client import Client

_FINISH: Final = ("billing", "bill_finish")
_GAS_FACTOR: Final = 11.2
"""kWh/m3: what natural gas of the northern network is worth."""
_PAST: Final = timedelta(days=370)
_YOUNG: Final = timedelta(days=14)
"""Prices changed on the first day of this month; of the last one while this month is younger."""
_WORKING_DAYS: Final = ("mon", "tue", "wed", "thu", "fri")
_WEEKEND: Final = ("sat", "sun")
_WEEK: Final = (*_WORKING_DAYS, *_WEEKEND)


@dataclass(frozen=True, kw_only=True)
class _Priced:
    """A tariff or a fixed charge: what it cost first, and since prices changed."""

    name: str
    amounts: tuple[float, ...]
    tax: float = 0
    more: Mapping[str, Any]
    """What else its form asks for."""

    def form(self, today: date) -> dict[str, Any]:
        """Return what a user enters."""
        days = (today - _PAST, (today - _YOUNG).replace(day=1))
        prices = {
            f"price_{number}": {"amount": amount, "tax": self.tax, "valid_from": day.isoformat()}
            for number, (amount, day) in enumerate(zip(self.amounts, days, strict=False), start=1)
        }
        return {"name": self.name, **self.more, **prices}


@dataclass(frozen=True, kw_only=True)
class _Rule:
    """When a tariff holds."""

    tariff: str
    start: str = "00:00:00"
    end: str = "23:59:00"
    weekdays: tuple[str, ...] = _WEEK

    def form(self, tariff: str) -> dict[str, Any]:
        """Return what a user enters; ``tariff``: its id."""
        return {
            "tariff": tariff,
            "start": self.start,
            "end": self.end,
            "weekdays": list(self.weekdays),
            "every_year": False,
        }


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """What one kind of consumption costs."""

    tariffs: tuple[_Priced, ...]
    rules: tuple[_Rule, ...]
    charges: tuple[_Priced, ...] = ()


_PLANS: Final[Mapping[str, _Plan]] = {
    "electricity": _Plan(
        tariffs=(
            _Priced(name="Peak", amounts=(0.2134, 0.2268), tax=20, more={"color": [255, 152, 0]}),
            _Priced(name="Off-peak", amounts=(0.1562, 0.1644), tax=20, more={"color": [33, 150, 243]}),
        ),
        rules=(
            _Rule(tariff="Off-peak", weekdays=_WEEKEND),
            _Rule(tariff="Off-peak", start="22:00:00", end="05:59:00"),
            _Rule(tariff="Peak"),
        ),
        charges=(_Priced(name="Standing charge", amounts=(12.9,), tax=5.5, more={"per": "month"}),),
    ),
    "export": _Plan(
        tariffs=(_Priced(name="Feed-in", amounts=(0.0761,), more={"color": [76, 175, 80]}),),
        rules=(_Rule(tariff="Feed-in"),),
    ),
    "gas": _Plan(
        tariffs=(_Priced(name="Standard", amounts=(0.8865,), tax=20, more={"color": [255, 152, 0]}),),
        rules=(_Rule(tariff="Standard"),),
    ),
    "water": _Plan(
        tariffs=(_Priced(name="Standard", amounts=(3.72,), tax=5.5, more={"color": [33, 150, 243]}),),
        rules=(_Rule(tariff="Standard"),),
    ),
}


async def set_gas_factor(client: Client) -> None:
    """Fill in what gas is worth."""
    menus = await Menus.open(client)
    await menus.go("billing", "gas", "gas_factor")
    # The demo has a past, which is worth as much.
    since = datetime.now(tz=UTC).date() - _PAST
    await menus.fill({"gas_factor": _GAS_FACTOR, "gas_factor_since": since.isoformat()})
    await menus.close(*_FINISH)


async def set_prices(client: Client) -> None:
    """Fill in the plans that have no rule yet: tariffs, fixed charges, and rules in their order."""
    for key, plan in _PLANS.items():
        known = {step: await _labels(client, key, step) for step in ("tariffs", "charges", "rules")}
        if not known["rules"]:
            await _set_plan(client, key, plan, {*known["tariffs"], *known["charges"]})


async def _set_plan(client: Client, key: str, plan: _Plan, known: Collection[str]) -> None:
    """Fill in a plan, but what is ``known`` by its name: an earlier start was cut short."""
    today = datetime.now(tz=UTC).date()
    menus = await Menus.open(client)
    await menus.go("billing", key)
    for step, wanted in (("tariff_new", plan.tariffs), ("charge_new", plan.charges)):
        for row in wanted:
            if row.name not in known:
                await menus.go(step)
                await menus.fill(row.form(today))
    for rule in plan.rules:
        tariffs = choices(await menus.go("rule_new"), "tariff")
        await menus.fill(rule.form(tariffs[rule.tariff]))
    await menus.close(*_FINISH)


async def _labels(client: Client, plan: str, step: str) -> list[str]:
    """Return what a list of a plan shows."""
    menus = await Menus.open(client)
    menu = await menus.go("billing", plan)
    labels = list(choices(await menus.go(step), "item")) if step in menu["menu_options"] else []
    await menus.leave()
    return labels
