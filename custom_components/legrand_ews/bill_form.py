"""The dialogue of the bill: tariffs, rules and fixed charges of each plan, the currency, what gas is worth.

This module owns the menus, and in which order things are asked. Every form saves at once, and the installation is
loaded again meanwhile: so what is stored is read anew each time. Fields are the matter of ``bill_fields``, words that
of ``bill_text``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

import voluptuous as vol
from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.const import CONF_ID, CONF_NAME
from homeassistant.helpers.selector import SelectOptionDict, SelectSelector, SelectSelectorConfig, SelectSelectorMode
from homeassistant.util import dt as dt_util
from homeassistant.util.ulid import ulid_now

from .bill_fields import (
    CONF_DELETE,
    MOST_TARIFFS,
    changed_factors,
    charge_schema,
    gas_schema,
    general_schema,
    read_charge,
    read_general,
    read_rule,
    read_tariff,
    rule_schema,
    shown_charge,
    shown_gas,
    shown_general,
    shown_rule,
    shown_tariff,
    tariff_schema,
)
from .bill_settings import OPT_BILLING, PLANS, UNITS, BillSettings
from .bill_text import BillText
from .device_form import choice
from .names import selector_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from .bill_fields import Row
    from .bill_settings import PlanKey

type ListKey = Literal["tariffs", "rules", "charges"]
type Read = Callable[[Mapping[str, Any], Collection[Row], dict[str, str]], Row]

CONF_ITEM: Final = "item"
CONF_ACTION: Final = "action"
ACTIONS: Final = ("edit", "up", "down", "delete", "back")
_STEPS: Final = {"up": -1, "down": 1}


class BillForms(OptionsFlow):
    """Asks what things cost (manual 7.16.3)."""

    _plan: PlanKey = PLANS[0]
    _picked: Row | None = None
    """What is edited, as it was when it was chosen; None: a new one."""
    _listed: tuple[Row, ...] = ()
    """The rules as they were shown."""

    async def async_step_billing(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:  # noqa: ARG002
        """Say what is active, and ask what is to be changed."""
        return self.async_show_menu(
            step_id="billing",
            menu_options=[*PLANS, "bill_general", "bill_finish"],
            description_placeholders={"plans": self._text.overview()},
        )

    async def async_step_bill_finish(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:  # noqa: ARG002
        """End: all is saved already."""
        return self.async_create_entry(data=dict(self.config_entry.options))

    async def async_step_bill_general(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the currency and the clock."""
        errors: dict[str, str] = {}
        bill = self._bill
        if user_input is not None:
            stored = read_general(user_input, errors)
            if not errors:
                self._store({OPT_BILLING: {"plans": bill.get("plans", {}), **stored}})
                return await self.async_step_billing()
        schema = general_schema(selector_text(self.hass, "bill_text", "local_time"))
        return self.async_show_form(
            step_id="bill_general",
            data_schema=self.add_suggested_values_to_schema(schema, user_input or shown_general(bill)),
            errors=errors,
            description_placeholders={"plans": self._text.overview(), "currency": self.hass.config.currency},
        )

    async def async_step_electricity(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:  # noqa: ARG002
        """Turn to what electricity costs."""
        self._plan = "electricity"
        return await self.async_step_plan()

    async def async_step_export(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:  # noqa: ARG002
        """Turn to what electricity brings that is fed back."""
        self._plan = "export"
        return await self.async_step_plan()

    async def async_step_gas(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:  # noqa: ARG002
        """Turn to what gas costs."""
        self._plan = "gas"
        return await self.async_step_plan()

    async def async_step_water(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:  # noqa: ARG002
        """Turn to what water costs."""
        self._plan = "water"
        return await self.async_step_plan()

    async def async_step_plan(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:  # noqa: ARG002
        """Show all there is to say of a plan, and what can be done."""
        plan, tariffs = self._plan, self._rows("tariffs")
        offered = {
            "tariff_new": len(tariffs) < MOST_TARIFFS,
            "tariffs": bool(tariffs),
            "rule_new": bool(tariffs),
            "rules": bool(self._rows("rules")),
            "charge_new": True,
            "charges": bool(self._rows("charges")),
            "gas_factor": plan == "gas",
            "billing": True,
        }
        text = self._text
        return self.async_show_menu(
            step_id="plan",
            menu_options=[step for step, there in offered.items() if there],
            description_placeholders={"plan": text.plan_name(plan), "details": await text.async_details(plan)},
        )

    async def async_step_tariff_new(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:  # noqa: ARG002
        """Begin a tariff."""
        self._picked = None
        return await self.async_step_tariff()

    async def async_step_rule_new(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:  # noqa: ARG002
        """Begin a rule."""
        self._picked = None
        return await self.async_step_rule()

    async def async_step_charge_new(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:  # noqa: ARG002
        """Begin a fixed charge."""
        self._picked = None
        return await self.async_step_charge()

    async def async_step_tariffs(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask which tariff is to be changed."""
        if user_input is None:
            return self._show_names("tariffs")
        self._picked = self._named("tariffs", user_input[CONF_ITEM])
        return await self.async_step_tariff()

    async def async_step_charges(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask which fixed charge is to be changed."""
        if user_input is None:
            return self._show_names("charges")
        self._picked = self._named("charges", user_input[CONF_ITEM])
        return await self.async_step_charge()

    async def async_step_rules(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show the rules in their order, and ask what is to be done with which one."""
        rows = self._rows("rules")
        # Where somebody else changed the list meanwhile, places mean something else.
        if user_input is None or rows != list(self._listed):
            return await self._async_show_rules()
        place, action = int(user_input[CONF_ITEM]), user_input[CONF_ACTION]
        if action == "edit":
            self._picked = rows[place]
            return await self.async_step_rule()
        if action == "back":
            return await self.async_step_plan()
        if action == "delete":
            rows.pop(place)
            self._save("rules", rows)
            return await self.async_step_plan()
        to = min(max(place + _STEPS[action], 0), len(rows) - 1)
        rows.insert(to, rows.pop(place))
        self._save("rules", rows)
        return await self._async_show_rules(to, action)

    async def async_step_tariff(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for a tariff: name, colour, prices."""
        row = self._known("tariffs")
        used = [tariff["color"] for tariff in self._rows("tariffs")]
        schema = tariff_schema(f"{self._settings.currency}/{UNITS[self._plan]}", row, user_input)
        return await self._async_edit("tariffs", "tariff", user_input, schema, shown_tariff(row, used), read_tariff)

    async def async_step_rule(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask when a tariff holds."""
        row = self._known("rules")
        schema = rule_schema(self._rows("tariffs"), row)
        return await self._async_edit("rules", "rule", user_input, schema, shown_rule(row), read_rule)

    async def async_step_charge(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for a fixed charge."""
        row = self._known("charges")
        schema = charge_schema(self._settings.currency, row, user_input)
        return await self._async_edit("charges", "charge", user_input, schema, shown_charge(row), read_charge)

    async def async_step_gas_factor(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask what gas is worth (manual 7.16.3)."""
        options = self.config_entry.options
        if user_input is not None:
            self._store(changed_factors(options, user_input, dt_util.now().date()))
            return await self.async_step_plan()
        return self.async_show_form(
            step_id="gas_factor",
            data_schema=self.add_suggested_values_to_schema(gas_schema(), shown_gas(options)),
            description_placeholders=self._placeholders,
        )

    async def _async_edit(
        self, key: ListKey, step: str, given: dict[str, Any] | None, schema: vol.Schema, shown: Row, read: Read
    ) -> ConfigFlowResult:
        """Show a form, check it, save what it was given or delete what it is about."""
        rows, row = self._rows(key), self._known(key)
        errors: dict[str, str] = {}
        users: list[str] = []
        if given is not None:
            place = len(rows) if row is None else rows.index(row)
            if given.get(CONF_DELETE):
                users = self._users(row) if key == "tariffs" else []
                if users:
                    errors[CONF_DELETE] = "tariff_used"
                rows[place : place + 1] = []
            else:
                others = [*rows[:place], *rows[place + 1 :]]
                rows[place : place + 1] = [self._kept(key, row) | read(given, others, errors)]
            if not errors and not self._fits(key, rows):
                errors["base"] = "does_not_fit"
            if not errors:
                self._save(key, rows)
                return await self.async_step_plan()
        return self.async_show_form(
            step_id=step,
            data_schema=self.add_suggested_values_to_schema(schema, given or shown),
            errors=errors,
            description_placeholders={**self._placeholders, "rules": ", ".join(users)},
        )

    async def _async_show_rules(self, place: int = 0, action: str = ACTIONS[0]) -> ConfigFlowResult:
        """Show the rules, one of them chosen; the plan where there is none."""
        self._listed = tuple(self._rows("rules"))
        if not self._listed:
            return await self.async_step_plan()
        labels = {str(number): label for number, label in enumerate(self._text.rules(self._plan))}
        schema = vol.Schema(
            {
                vol.Required(CONF_ITEM): _one_of(labels),
                vol.Required(CONF_ACTION): choice(list(ACTIONS), translation_key="rule_action"),
            }
        )
        return self.async_show_form(
            step_id="rules",
            data_schema=self.add_suggested_values_to_schema(schema, {CONF_ITEM: str(place), CONF_ACTION: action}),
            description_placeholders=self._placeholders,
        )

    def _show_names(self, key: ListKey) -> ConfigFlowResult:
        """Show what has names, to choose one of it."""
        labels = {row[CONF_ID]: row[CONF_NAME] for row in self._rows(key)}
        schema = vol.Schema({vol.Required(CONF_ITEM): _one_of(labels)})
        return self.async_show_form(
            step_id=key,
            data_schema=self.add_suggested_values_to_schema(schema, {CONF_ITEM: next(iter(labels), None)}),
            description_placeholders=self._placeholders,
        )

    @property
    def _bill(self) -> Mapping[str, Any]:
        """What is stored of the bill."""
        stored: Mapping[str, Any] = self.config_entry.options.get(OPT_BILLING, {})
        return stored

    @property
    def _settings(self) -> BillSettings:
        """What is stored of the bill, read."""
        return self._read(self._bill)

    @property
    def _text(self) -> BillText:
        """The words on what is stored."""
        return BillText(self.hass, self._settings)

    @property
    def _placeholders(self) -> dict[str, str]:
        """What every form of a plan shows above its fields."""
        text = self._text
        return {"plan": text.plan_name(self._plan), "now": text.now(self._plan)}

    def _read(self, bill: Mapping[str, Any]) -> BillSettings:
        """Read a bill."""
        zone = dt_util.get_default_time_zone()
        return BillSettings.of({OPT_BILLING: bill}, currency=self.hass.config.currency, zone=zone)

    def _rows(self, key: ListKey) -> list[Row]:
        """Return a list of the plan, to be changed as you like."""
        return list(self._bill.get("plans", {}).get(self._plan, {}).get(key, ()))

    def _named(self, key: ListKey, item: str) -> Row | None:
        """Return what has an id, None where it is not there any more."""
        return next((row for row in self._rows(key) if row[CONF_ID] == item), None)

    def _known(self, key: ListKey) -> Row | None:
        """Return what is edited, None where it is new, or is not there any more."""
        return self._picked if self._picked in self._rows(key) else None

    def _kept(self, key: ListKey, row: Row | None) -> Row:
        """Return what no form asks for: the id, and the day from which on a charge is due."""
        if key == "rules":
            return {}
        if row is None:
            made = {"since": dt_util.utcnow().astimezone(self._settings.zone).date().isoformat()}
            return {CONF_ID: ulid_now()} | (made if key == "charges" else {})
        return {part: row[part] for part in (CONF_ID, "since") if part in row}

    def _users(self, tariff: Row | None) -> list[str]:
        """Return the numbers of the rules that a tariff has."""
        rules = enumerate(self._rows("rules"), start=1)
        return [str(number) for number, rule in rules if tariff is not None and rule["tariff"] == tariff[CONF_ID]]

    def _changed(self, key: ListKey, rows: list[Row]) -> Row:
        """Return the bill with another list in the plan."""
        plans = self._bill.get("plans", {})
        return {**self._bill, "plans": {**plans, self._plan: {**plans.get(self._plan, {}), key: rows}}}

    def _fits(self, key: ListKey, rows: list[Row]) -> bool:
        """Tell whether a list agrees with the rest of the plan, which somebody else may have changed meanwhile."""
        try:
            self._read(self._changed(key, rows)).plan(self._plan)
        except ValueError:
            return False
        return True

    def _save(self, key: ListKey, rows: list[Row]) -> None:
        """Store a list of the plan."""
        self._store({OPT_BILLING: self._changed(key, rows)})

    def _store(self, changed: Mapping[str, Any]) -> None:
        """Store options at once."""
        options = {**self.config_entry.options, **changed}
        self.hass.config_entries.async_update_entry(self.config_entry, options=options)


def _one_of(labels: Mapping[str, str]) -> SelectSelector:
    """Return a list of which one can be chosen."""
    rows = [SelectOptionDict(value=value, label=label) for value, label in labels.items()]
    return SelectSelector(SelectSelectorConfig(options=rows, mode=SelectSelectorMode.LIST))
