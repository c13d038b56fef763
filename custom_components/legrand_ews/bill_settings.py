"""What things cost, as the installation's options have it: read once, in the words of the room of billing.

This module owns how plans, prices, rules and fixed charges are stored. The forms that ask for them are elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta, timezone, tzinfo
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, Self

from .billing import Charge, CostPlan, CostRule, Price, Tariff

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

type PlanKey = Literal["electricity", "export", "gas", "water"]
type Spans = Sequence[tuple[int, int | None]]

PLANS: Final[tuple[PlanKey, ...]] = ("electricity", "export", "gas", "water")
UNITS: Final[Mapping[PlanKey, str]] = {"electricity": "kWh", "export": "kWh", "gas": "m³", "water": "m³"}
"""What prices are of."""
OPT_BILLING: Final = "billing"
STATE_ON: Final = "on"
"""What the entity of a rule has to be where the rule does not say."""
_EVERY_DAY: Final = tuple(range(7))
_NEVER_ON: Final[Mapping[str, Spans]] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class PlanSettings:
    """What one kind of consumption costs."""

    tariffs: tuple[Tariff, ...] = ()
    rules: tuple[CostRule, ...] = ()
    charges: tuple[Charge, ...] = ()
    since: Mapping[str, date] = field(default_factory=dict)
    """The day on which each charge was made, by its id."""

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """Read what is stored of one plan; raise ``ValueError`` where it contradicts itself."""
        return cls(
            tariffs=tuple(_tariff(row) for row in stored.get("tariffs", ())),
            rules=tuple(_rule(row) for row in stored.get("rules", ())),
            charges=tuple(_charge(row) for row in stored.get("charges", ())),
            since={row["id"]: date.fromisoformat(row["since"]) for row in stored.get("charges", ()) if "since" in row},
        )


@dataclass(frozen=True, kw_only=True)
class BillSettings:
    """What everything costs, in which currency, by which clock."""

    currency: str
    """Code of ISO 4217."""
    zone: tzinfo
    """The clock of the rules: local, or a fixed offset."""
    plans: Mapping[PlanKey, PlanSettings] = field(default_factory=dict)
    """Every plan is there."""

    @classmethod
    def of(cls, options: Mapping[str, Any], *, currency: str, zone: tzinfo) -> Self:
        """Read the options of the installation; currency and zone: Home Assistant's, where they name no other."""
        stored = options.get(OPT_BILLING, {})
        clock = stored.get("clock")
        plans = stored.get("plans", {})
        return cls(
            currency=stored.get("currency") or currency,
            zone=zone if clock is None else timezone(timedelta(minutes=clock)),
            plans={key: PlanSettings.of(plans.get(key, {})) for key in PLANS},
        )

    def plan(self, key: PlanKey, conditions: Mapping[str, Spans] = _NEVER_ON) -> CostPlan:
        """Return a plan that can be asked; ``conditions``: when each one was on, POSIX seconds."""
        settings = self.plans[key]
        return CostPlan(settings.tariffs, settings.rules, self.zone, conditions)

    @property
    def conditions(self) -> set[str]:
        """The keys of all conditions that rules have."""
        rules = (rule for plan in self.plans.values() for rule in plan.rules)
        return {rule.condition for rule in rules if rule.condition is not None}


def condition_key(entity_id: str, state: str = STATE_ON) -> str:
    """Return the key of the condition that an entity is in a state."""
    return f"{entity_id}={state}"


def read_condition(key: str) -> tuple[str, str]:
    """Return the entity's id and the state of a condition."""
    entity_id, _, state = key.partition("=")
    return entity_id, state


def _tariff(row: Mapping[str, Any]) -> Tariff:
    """Read a tariff."""
    return Tariff(row["id"], row["name"], tuple(_price(price) for price in row["prices"]), row["color"])


def _price(row: Mapping[str, Any], since: str | None = None) -> Price:
    """Read a price; ``since``: its first day where it has none of its own."""
    return Price(Decimal(row["amount"]), _day(row.get("valid_from", since)), Decimal(row.get("tax", 0)))


def _rule(row: Mapping[str, Any]) -> CostRule:
    """Read a rule."""
    entity_id = row.get("entity")
    return CostRule(
        row["tariff"],
        time.fromisoformat(row["start"]),
        time.fromisoformat(row["end"]),
        frozenset(row.get("weekdays", _EVERY_DAY)),
        _day(row.get("first_day")),
        _day(row.get("last_day")),
        row.get("every_year", False),
        None if entity_id is None else condition_key(entity_id, row.get("state", STATE_ON)),
    )


def _charge(row: Mapping[str, Any]) -> Charge:
    """Read a fixed charge: a price without a date holds from the day on that the charge was made."""
    prices = tuple(_price(price, row.get("since")) for price in row["prices"])
    return Charge(row["id"], row["name"], row["per"], prices)


def _day(text: str | None) -> date | None:
    """Read a day."""
    return None if text is None else date.fromisoformat(text)
