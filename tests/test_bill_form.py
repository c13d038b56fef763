"""The forms of the bill: what they show, refuse and store, and how one gets through them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import pytest
from homeassistant.data_entry_flow import FlowResultType, section
from pytest_homeassistant_custom_component.common import MockConfigEntry  # type: ignore[import-untyped]

from custom_components.legrand_ews.bill_settings import PLANS
from custom_components.legrand_ews.const import DOMAIN

from .bill_support import (
    ALL_WEEK,
    AT_NIGHT,
    BLUE,
    CHRISTMAS,
    DAY,
    ENGLISH,
    EVERY_RULE,
    NIGHT,
    PARIS,
    PLAN,
    RED,
    WORKDAYS,
    at,
    plain,
    stored,
)
from .test_history import begin, history

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from homeassistant.config_entries import ConfigEntry, ConfigFlowResult
    from homeassistant.core import HomeAssistant

    from .support import Panel


class Dialog:
    """Somebody who goes through the forms of an entry."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        self.entry = entry
        self._flows = hass.config_entries.options
        self.result: ConfigFlowResult

    async def go(self, *steps: str) -> Self:
        """Choose from menus, from the first one on."""
        self.result = await self._flows.async_init(self.entry.entry_id)
        return await self.on(*steps)

    async def on(self, *steps: str) -> Self:
        """Choose from menus, from where one is."""
        for step in steps:
            assert step in self.result["menu_options"], step
            self.result = await self._flows.async_configure(self.result["flow_id"], {"next_step_id": step})
        return self

    async def fill(self, **given: Any) -> Self:
        """Send a form, which nothing is wrong with by itself."""
        self.result = await self._flows.async_configure(self.result["flow_id"], given)
        return self

    @property
    def errors(self) -> Mapping[str, str]:
        """What the form says is wrong."""
        assert self.result["type"] is FlowResultType.FORM
        return self.result["errors"] or {}

    @property
    def shown(self) -> Mapping[str, str]:
        """What the step tells."""
        return {key: plain(text) for key, text in (self.result["description_placeholders"] or {}).items()}

    @property
    def suggested(self) -> dict[str, Any]:
        """What the fields show."""
        schema = self.result["data_schema"]
        assert schema is not None
        return dict(suggestions(schema.schema))

    @property
    def labels(self) -> list[str]:
        """What can be chosen in the list."""
        schema = self.result["data_schema"]
        assert schema is not None
        return [plain(row["label"]) for row in schema.schema["item"].config["options"]]

    @property
    def bill(self) -> dict[str, Any]:
        return dict(self.entry.options.get("billing", {}))

    def plan(self, key: str = "electricity") -> dict[str, Any]:
        return dict(self.bill["plans"][key])


def suggestions(fields: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    for key, field in fields.items():
        value = dict(suggestions(field.schema.schema)) if isinstance(field, section) else None
        if key.description:
            value = key.description["suggested_value"]
        if value:
            yield str(key), value


@pytest.fixture
async def site(hass: HomeAssistant, panel: Panel) -> ConfigEntry:
    """The installation's entry, not set up."""
    await hass.config.async_update(time_zone=PARIS, currency="EUR")
    await panel.load_integration()
    entry: ConfigEntry = MockConfigEntry(domain=DOMAIN, title="Site", data={"kind": "installation"})
    entry.add_to_hass(hass)  # type: ignore[attr-defined]
    return entry


@pytest.fixture
def dialog(hass: HomeAssistant, site: ConfigEntry) -> Dialog:
    return Dialog(hass, site)


def keep(dialog: Dialog, hass: HomeAssistant, options: Mapping[str, Any]) -> None:
    """Let the entry have these options."""
    hass.config_entries.async_update_entry(dialog.entry, options=options)


async def test_a_tariff_and_its_rule_are_stored_at_once_and_named_as_active(dialog: Dialog) -> None:
    await dialog.go("billing", "electricity")
    assert dialog.result["menu_options"] == ["tariff_new", "charge_new", "billing"]
    assert dialog.shown == {"plan": "Electricity", "details": "Active now: no tariffs"}
    await dialog.on("tariff_new")
    await dialog.fill(name=" Base ", color=RED, price_1={"amount": 0.1, "tax": 20}, price_2={})
    (tariff,) = dialog.plan()["tariffs"]
    assert tariff == {
        "id": tariff["id"],
        "name": "Base",
        "color": "#ff0010",
        "prices": [{"amount": "0.1", "tax": "20"}],
    }
    assert "There is no rule yet" in dialog.shown["details"]
    await dialog.on("rule_new")
    await dialog.fill(tariff=tariff["id"], **EVERY_RULE)
    assert dialog.plan()["rules"] == [
        {"tariff": tariff["id"], "start": "00:00", "end": "23:59", "weekdays": ALL_WEEK},
    ]
    assert dialog.shown["details"].startswith("Active now: **Base**, 0.12 EUR/kWh")
    assert "⚠" not in dialog.shown["details"]
    assert "tariffs" in dialog.result["menu_options"]
    await dialog.on("billing")
    assert "- Electricity: **Base**, 0.12 EUR/kWh\n- Export credit: no tariffs" in dialog.shown["plans"]
    kept = dict(dialog.entry.options)
    await dialog.on("bill_finish")
    assert dialog.result["type"] is FlowResultType.CREATE_ENTRY
    assert dialog.entry.options == kept


@pytest.mark.parametrize("plan", PLANS)
async def test_each_plan_has_lists_of_its_own(hass: HomeAssistant, dialog: Dialog, plan: str) -> None:
    keep(dialog, hass, {"sample_rate": 15, **stored(**{key: PLAN for key in PLANS if key != plan})})
    await dialog.go("billing", plan)
    assert ("gas_factor" in dialog.result["menu_options"]) is (plan == "gas")
    assert dialog.shown["plan"] == ENGLISH["selector"]["bill_plan"]["options"][plan]
    await dialog.on("charge_new")
    await dialog.fill(name="Meter", per="day", price_1={"amount": 0.5})
    assert [key for key in PLANS if dialog.plan(key) == PLAN] == [key for key in PLANS if key != plan]
    assert list(dialog.plan(plan)) == ["charges"]
    assert dialog.entry.options["sample_rate"] == 15


async def test_several_prices_are_sorted_by_day_and_shown_again(dialog: Dialog) -> None:
    await dialog.go("billing", "water", "tariff_new")
    later, sooner = {"amount": -0.000001, "valid_from": "2026-07-01"}, {"amount": 3, "valid_from": "2026-01-01"}
    await dialog.fill(name="Water", color=BLUE, price_1=later, price_4={**sooner, "tax": 5.5})
    (tariff,) = dialog.plan("water")["tariffs"]
    assert tariff["prices"] == [
        {"amount": "3", "valid_from": "2026-01-01", "tax": "5.5"},
        {"amount": "-0.000001", "valid_from": "2026-07-01"},
    ]
    await dialog.on("tariffs")
    assert dialog.labels == ["Water"]
    await dialog.fill(item=tariff["id"])
    assert dialog.suggested == {
        "name": "Water",
        "color": BLUE,
        "price_1": {**sooner, "tax": 5.5},
        "price_2": later,
    }
    fields = dialog.result["data_schema"]
    assert fields is not None
    opened = [
        str(key) for key, field in fields.schema.items() if getattr(field, "options", {}).get("collapsed") is False
    ]
    assert opened == ["price_1", "price_2"]
    await dialog.fill(**dialog.suggested, delete=False)
    assert dialog.plan("water")["tariffs"] == [tariff]


WRONG_PRICES: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "none": ({}, {"price_1": "price_missing"}),
    "a day without a price": ({"price_1": {"valid_from": "2026-01-01"}}, {"price_1": "amount_missing"}),
    "a tax without a price": (
        {"price_1": {"amount": 1}, "price_3": {"tax": 5}},
        {"price_3": "amount_missing"},
    ),
    "two without a day": (
        {"price_1": {"amount": 1}, "price_2": {"amount": 2}},
        {"price_1": "date_missing", "price_2": "date_missing"},
    ),
    "one of two without a day": (
        {"price_1": {"amount": 1, "valid_from": "2026-01-01"}, "price_2": {"amount": 2}},
        {"price_2": "date_missing"},
    ),
    "two of one day": (
        {f"price_{n}": {"amount": n, "valid_from": "2026-01-01"} for n in (1, 2)},
        {"price_2": "date_twice"},
    ),
    "too fine": ({"price_1": {"amount": 0.1234567}}, {"price_1": "too_many_decimals"}),
    "no number": ({"price_1": {"amount": "nan"}}, {"price_1": "too_many_decimals"}),
}


@pytest.mark.parametrize("case", WRONG_PRICES)
async def test_wrong_prices_are_refused_where_they_are(dialog: Dialog, case: str) -> None:
    prices, errors = WRONG_PRICES[case]
    for step, fields in (("tariff_new", {"color": RED}), ("charge_new", {"per": "day"})):
        await dialog.go("billing", "gas", step)
        await dialog.fill(name="Name", **fields, **prices)
        assert dialog.errors == errors
    assert dialog.bill == {}


async def test_names_are_needed_and_used_once(hass: HomeAssistant, dialog: Dialog) -> None:
    keep(dialog, hass, stored(electricity=PLAN))
    await dialog.go("billing", "electricity", "tariff_new")
    await dialog.fill(name=" NIGHT ", color=RED, price_1={"amount": 1})
    assert dialog.errors == {"name": "name_used"}
    await dialog.fill(name="  ", color=RED, price_1={"amount": 1})
    assert dialog.errors == {"name": "name_missing"}
    await dialog.go("billing", "electricity", "tariffs")
    await dialog.fill(item="n")
    await dialog.fill(name="NIGHT", color=RED, price_1={"amount": 1}, delete=False)
    assert [row["name"] for row in dialog.plan()["tariffs"]] == ["NIGHT", "Day"]
    assert dialog.plan()["tariffs"][0]["id"] == "n"


async def test_there_are_at_most_five_tariffs(hass: HomeAssistant, dialog: Dialog) -> None:
    await dialog.go("billing", "electricity")
    for number in range(5):
        await dialog.on("tariff_new")
        color = dialog.suggested["color"]
        await dialog.fill(name=f"Tariff {number}", color=color, price_1={"amount": number})
    tariffs = dialog.plan()["tariffs"]
    assert len({row["id"] for row in tariffs}) == len({row["color"] for row in tariffs}) == 5
    assert "tariff_new" not in dialog.result["menu_options"]
    keep(dialog, hass, stored(electricity={"tariffs": tariffs[:4]}))
    await dialog.go("billing", "electricity", "tariff_new")
    keep(dialog, hass, stored(electricity={"tariffs": tariffs}))
    await dialog.fill(name="One more", color=RED, price_1={"amount": 1})
    assert dialog.errors == {"base": "does_not_fit"}


async def test_a_tariff_that_rules_use_cannot_be_deleted(hass: HomeAssistant, dialog: Dialog) -> None:
    keep(dialog, hass, stored(electricity=PLAN))
    await dialog.go("billing", "electricity", "tariffs")
    await dialog.fill(item="n")
    await dialog.fill(name="", color=RED, delete=True)
    assert dialog.errors == {"delete": "tariff_used"}
    assert dialog.shown["rules"] == "1, 2"
    keep(dialog, hass, stored(electricity={**PLAN, "rules": [WORKDAYS]}))
    await dialog.fill(name="", color=RED, delete=True)
    assert dialog.plan() == {"tariffs": [DAY], "rules": [WORKDAYS]}


async def test_a_rule_is_stored_in_full_and_shown_again(hass: HomeAssistant, dialog: Dialog) -> None:
    keep(dialog, hass, stored(electricity={"tariffs": [NIGHT, DAY]}))
    await dialog.go("billing", "electricity", "rule_new")
    form: dict[str, Any] = {
        "tariff": "d",
        "start": "22:00:00",
        "end": "05:59:00",
        "weekdays": ["mon", "sun"],
        "first_day": "2025-12-24",
        "last_day": "2026-01-02",
        "every_year": True,
        "entity": "input_boolean.red",
        "state": "off",
    }
    await dialog.fill(**form | {"end": "05:59:59", "weekdays": ["sun", "mon"], "state": " off "})
    rule = {
        "tariff": "d",
        "start": "22:00",
        "end": "05:59",
        "weekdays": [0, 6],
        "first_day": "2025-12-24",
        "last_day": "2026-01-02",
        "every_year": True,
        "entity": "input_boolean.red",
        "state": "off",
    }
    assert dialog.plan()["rules"] == [rule]
    await dialog.on("rules")
    hass.states.async_set("input_boolean.red", "on", {"friendly_name": "Red day"})
    await dialog.fill(item="0", action="edit")
    assert dialog.suggested == form
    await dialog.fill(**form, delete=False)
    assert dialog.plan()["rules"] == [rule]
    await dialog.on("rules")
    (label,) = dialog.labels
    assert label == "1 · Day · Mon, Sun 22:00-05:59 · 24 Dec - 2 Jan, every year · while Red day is off"


WRONG_RULES: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "no day of the week": ({"weekdays": []}, {"weekdays": "no_weekday"}),
    "every year without a day": ({"every_year": True, "last_day": "2026-01-01"}, {"first_day": "first_day_missing"}),
    "reversed": ({"first_day": "2026-03-02", "last_day": "2026-03-01"}, {"last_day": "period_reversed"}),
}


@pytest.mark.parametrize("case", WRONG_RULES)
async def test_rules_that_cannot_be_meant_are_refused(hass: HomeAssistant, dialog: Dialog, case: str) -> None:
    given, errors = WRONG_RULES[case]
    keep(dialog, hass, stored(electricity=PLAN))
    await dialog.go("billing", "electricity", "rule_new")
    await dialog.fill(**{"tariff": "d", **EVERY_RULE, **given})
    assert dialog.errors == errors
    assert dialog.plan() == PLAN


async def test_the_entity_of_a_rule_is_on_unless_another_state_is_given(hass: HomeAssistant, dialog: Dialog) -> None:
    keep(dialog, hass, stored(electricity=PLAN))
    await dialog.go("billing", "electricity", "rule_new")
    await dialog.fill(tariff="d", **EVERY_RULE, entity="calendar.holidays", state="  ")
    added = dialog.plan()["rules"][-1]
    assert (added["entity"], added["state"]) == ("calendar.holidays", "on")
    await dialog.on("rule_new")
    await dialog.fill(tariff="d", **EVERY_RULE, state="off")
    assert not {"entity", "state"} & set(dialog.plan()["rules"][-1])


async def test_rules_are_moved_and_the_list_comes_back(hass: HomeAssistant, dialog: Dialog) -> None:
    keep(dialog, hass, stored(electricity=PLAN))
    await dialog.go("billing", "electricity", "rules")
    await dialog.fill(item="2", action="up")
    assert dialog.plan()["rules"] == [CHRISTMAS, WORKDAYS, AT_NIGHT]
    assert dialog.suggested == {"item": "1", "action": "up"}
    await dialog.fill(**dialog.suggested)
    await dialog.fill(**dialog.suggested)
    assert dialog.plan()["rules"] == [WORKDAYS, CHRISTMAS, AT_NIGHT]
    await dialog.fill(item="2", action="down")
    assert dialog.plan()["rules"] == [WORKDAYS, CHRISTMAS, AT_NIGHT]
    await dialog.fill(item="0", action="down")
    assert dialog.plan()["rules"] == [CHRISTMAS, WORKDAYS, AT_NIGHT]
    assert dialog.suggested["item"] == "1"
    await dialog.fill(item="1", action="delete")
    assert dialog.plan()["rules"] == [CHRISTMAS, AT_NIGHT]
    await dialog.on("rules")
    await dialog.fill(item="0", action="back")
    assert dialog.result["step_id"] == "plan"
    assert dialog.plan()["rules"] == [CHRISTMAS, AT_NIGHT]


async def test_a_rule_is_deleted_in_its_form(hass: HomeAssistant, dialog: Dialog) -> None:
    keep(dialog, hass, stored(electricity={**PLAN, "rules": [WORKDAYS, AT_NIGHT, WORKDAYS]}))
    await dialog.go("billing", "electricity", "rules")
    await dialog.fill(item="1", action="edit")
    await dialog.fill(**dialog.suggested | {"weekdays": [], "every_year": False, "delete": True})
    assert dialog.plan()["rules"] == [WORKDAYS, WORKDAYS]


async def test_a_list_that_somebody_else_changed_is_shown_again(hass: HomeAssistant, dialog: Dialog) -> None:
    keep(dialog, hass, stored(electricity=PLAN))
    await dialog.go("billing", "electricity", "rules")
    changed = {**PLAN, "rules": [WORKDAYS]}
    keep(dialog, hass, stored(electricity=changed))
    await dialog.fill(item="2", action="delete")
    assert dialog.plan() == changed
    assert len(dialog.labels) == 1
    keep(dialog, hass, stored(electricity={**PLAN, "rules": []}))
    await dialog.fill(item="0", action="delete")
    assert dialog.result["step_id"] == "plan"


async def test_a_tariff_that_is_gone_leaves_no_rule_without_one(hass: HomeAssistant, dialog: Dialog) -> None:
    keep(dialog, hass, stored(electricity=PLAN))
    await dialog.go("billing", "electricity", "rule_new")
    left = {"tariffs": [DAY], "rules": [WORKDAYS]}
    keep(dialog, hass, stored(electricity=left))
    await dialog.fill(tariff="n", **EVERY_RULE)
    assert dialog.errors == {"base": "does_not_fit"}
    assert dialog.plan() == left


async def test_a_fixed_charge_begins_today_and_keeps_its_day(dialog: Dialog) -> None:
    with at("2026-03-01T23:30:00Z"):
        await dialog.go("billing", "gas", "charge_new")
        await dialog.fill(name="Standing charge", per="month", price_1={"amount": 12.5, "tax": 5.5})
    (charge,) = dialog.plan("gas")["charges"]
    assert charge == {
        "id": charge["id"],
        "since": "2026-03-02",
        "name": "Standing charge",
        "per": "month",
        "prices": [{"amount": "12.5", "tax": "5.5"}],
    }
    with at("2026-09-01T12:00:00Z"):
        await dialog.on("charges")
        await dialog.fill(item=charge["id"])
        assert dialog.suggested == {"name": "Standing charge", "per": "month", "price_1": {"amount": 12.5, "tax": 5.5}}
        await dialog.fill(name="Meter", per="day", price_1={"amount": 1}, delete=False)
    assert dialog.plan("gas")["charges"] == [{**charge, "name": "Meter", "per": "day", "prices": [{"amount": "1"}]}]
    await dialog.on("charges")
    await dialog.fill(item=charge["id"])
    await dialog.fill(name="Meter", per="day", delete=True)
    assert dialog.plan("gas")["charges"] == []


async def test_currency_and_clock_are_home_assistants_until_others_are_given(
    hass: HomeAssistant, dialog: Dialog
) -> None:
    keep(dialog, hass, stored(electricity=PLAN))
    await dialog.go("billing", "bill_general")
    assert dialog.suggested == {"clock": "local"}
    assert dialog.shown["currency"] == "EUR"
    await dialog.fill(currency=" chf ", clock="120")
    assert dialog.bill == {"currency": "CHF", "clock": 120, "plans": {"electricity": PLAN}}
    with at("2026-03-02T20:30:00Z"):
        await dialog.go("billing", "bill_general")
        # 22:30 by UTC+2, 21:30 in Paris.
        assert "- Electricity: **Night**, 0.12 CHF/kWh" in dialog.shown["plans"]
        assert dialog.suggested == {"clock": "120", "currency": "CHF"}
        await dialog.fill(clock="local")
        assert "- Electricity: **Day**, 0.24 EUR/kWh" in dialog.shown["plans"]
    assert dialog.bill == {"plans": {"electricity": PLAN}}
    await dialog.on("bill_general")
    await dialog.fill(currency="EURO", clock="local")
    assert dialog.errors == {"currency": "bad_currency"}


async def test_the_gas_factor_is_stored_from_the_local_day_on(hass: HomeAssistant, dialog: Dialog) -> None:
    await hass.config.async_update(time_zone="Pacific/Auckland")
    keep(dialog, hass, {"csv": False, **stored(gas=PLAN)})
    with at("2026-03-01T22:00:00Z"):
        await dialog.go("billing", "gas", "gas_factor")
        await dialog.fill(gas_factor=11.2)
    assert dialog.result["step_id"] == "plan"
    assert dialog.entry.options == {"csv": False, "gas_factors": [["2026-03-02", "11.2"]], **stored(gas=PLAN)}
    await dialog.on("gas_factor")
    assert dialog.suggested == {"gas_factor": 11.2}


async def test_a_dialog_goes_on_while_the_installation_is_loaded_again(hass: HomeAssistant, panel: Panel) -> None:
    await panel.load_integration()
    entry = await begin(panel)
    before, dialog = history(hass), Dialog(hass, entry)
    await dialog.go("billing", "electricity", "tariff_new")
    await dialog.fill(name="Base", color=RED, price_1={"amount": 0.1})
    await panel.settle()
    assert history(hass) is not before
    await dialog.on("rule_new")
    await dialog.fill(tariff=dialog.plan()["tariffs"][0]["id"], **EVERY_RULE)
    await panel.settle()
    await dialog.on("rules")
    await dialog.fill(item="0", action="back")
    await dialog.on("billing", "bill_finish")
    await panel.settle()
    assert dialog.result["type"] is FlowResultType.CREATE_ENTRY
    assert len(dialog.plan()["rules"]) == 1


async def test_every_step_of_the_menus_has_strings(hass: HomeAssistant, dialog: Dialog) -> None:
    charge = {"id": "c", "name": "C", "per": "day", "prices": [{"amount": "1"}], "since": "2026-01-01"}
    keep(dialog, hass, stored(gas={**PLAN, "charges": [charge]}))
    steps = ENGLISH["options"]["step"]
    for path in ((), ("billing",), ("billing", "gas")):
        await dialog.go(*path)
        strings = steps[dialog.result["step_id"]]
        assert set(dialog.result["menu_options"]) == set(strings["menu_options"])
        assert set(strings["menu_options"]) == set(strings["menu_option_descriptions"])
        # The frontend puts nothing into the title of a menu.
        assert "{" not in strings["title"]
    for step in ("tariffs", "rules", "charges"):
        await dialog.go("billing", "gas", step)
        schema = dialog.result["data_schema"]
        assert schema is not None
        assert set(map(str, schema.schema)) == set(steps[step]["data"]) == set(steps[step]["data_description"])
