"""What things cost, from polls of real meters to the sensors that people see."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util

from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.cost_book import cost_id, device_key, entry_of
from custom_components.legrand_ews.cost_sensor import MEASURES
from custom_components.legrand_ews.loads import assign

from .support import METER, SOCKETS, subentry_id
from .test_history import HEATED, begin, count, history, written
from .test_total_sensor import GAS, WATER

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant

    from custom_components.legrand_ews.archive import CostRow, Scope

    from .support import Panel


def tariff(key: str, *prices: tuple[str, str | None], tax: str = "0") -> dict[str, Any]:
    """Return a tariff as it is stored, by amounts and days."""
    rows = [{"amount": amount, "tax": tax} | ({} if day is None else {"valid_from": day}) for amount, day in prices]
    return {"id": key, "name": key.title(), "color": "#ff9800", "prices": rows}


def rule(key: str, start: str = "00:00", end: str = "23:59", **more: Any) -> dict[str, Any]:
    """Return a rule as it is stored."""
    return {"tariff": key, "start": start, "end": end, **more}


def billing(plan: str = "electricity", **more: Any) -> dict[str, Any]:
    """Return options with a plan: 0.25 by day, 0.10 at night."""
    parts = {
        "tariffs": [tariff("day", ("0.25", None)), tariff("night", ("0.10", None))],
        "rules": [rule("night", "02:00", "05:59"), rule("day")],
    }
    return {"billing": {"currency": "EUR", "plans": {plan: parts | more}}}


def cost(hass: HomeAssistant, entry: ConfigEntry, kind: str, key: str, measure: str = "total") -> Decimal | None:
    """Return what a sensor shows; None where there is none."""
    entity = er.async_get(hass).async_get_entity_id("sensor", DOMAIN, cost_id(entry.entry_id, kind, key, measure))
    state = None if entity is None else hass.states.get(entity)
    return None if state is None else Decimal(state.state)


async def ledger(hass: HomeAssistant, scope: Scope = "total") -> list[CostRow]:
    """Return what the archive has."""
    return await history(hass).async_ask(lambda archive: archive.costs(scope, None, "year", 0, 2**40))


@pytest.mark.usefixtures("all_enabled")
async def test_devices_loads_groups_and_totals_show_what_the_ledger_has(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(HEATED, SOCKETS)
    entry = await begin(panel, ("group", "g1", "West"), **billing())
    assign(hass, "group", "g1", {subentry_id("Heated")})
    await count(panel)
    booked = history(hass).consumption.costs.figures(panel.clock(), (), history(hass).costs)
    rows = [row for row in await ledger(hass) if row.rate is not None]
    assert sum(row.cost for row in rows if row.cost) == booked[entry_of("cost", "electricity")].total > 0
    total = cost(hass, entry, "cost", "electricity")
    assert total is not None
    assert total >= booked[entry_of("cost", "electricity")].total
    own = [cost(hass, entry, "cost", device_key(subentry_id(name))) for name in ("Heated", "Sockets")]
    assert sum(one for one in own if one) == pytest.approx(total, abs=Decimal("0.000002"))
    assert cost(hass, entry, "cost", "load:electricity:heating") == own[0]
    assert cost(hass, entry, "cost", "group:electricity:g1") == own[0]
    assert cost(hass, entry, "tariff", "electricity:day") == total
    assert cost(hass, entry, "tariff", "electricity:night") == 0
    assert cost(hass, entry, "bill", "overall", "this_month") == total
    state = hass.states.get("sensor.heated_cost")
    assert state is not None
    assert (state.attributes["unit_of_measurement"], state.attributes["state_class"]) == ("EUR", "total")


ALWAYS = {"rules": [rule("flat")]}
EVERYTHING: dict[str, Any] = {
    "electricity": {
        "tariffs": [tariff("flat", ("0.25", None))],
        "charges": [
            {"id": "c", "name": "Meter", "per": "day", "prices": [{"amount": "0.30"}], "since": "2026-02-24"},
        ],
        **ALWAYS,
    },
    "export": {"tariffs": [tariff("flat", ("0.08", None))], **ALWAYS},
    "gas": {"tariffs": [tariff("flat", ("0.9", None))], **ALWAYS},
    "water": {"tariffs": [tariff("flat", ("4.2", None))], **ALWAYS},
}
FORTNIGHT = 14 * 86400


def shown(hass: HomeAssistant, device: str, kind: str = "cost", measure: str = "total") -> str | None:
    """Return the state of a sensor of a device; None where it has none."""
    entity = er.async_get(hass).async_get_entity_id("sensor", DOMAIN, f"{subentry_id(device)}_{kind}_{measure}")
    state = None if entity is None else hass.states.get(entity)
    return None if state is None else state.state


@pytest.mark.usefixtures("all_enabled")
async def test_each_kind_of_money_has_its_sensors(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(METER, SOCKETS, GAS, WATER)
    entry = await begin(panel, billing={"currency": "EUR", "plans": EVERYTHING})
    await count(panel, 3600, every=300)
    paid = {key: cost(hass, entry, "cost", key) for key in ("electricity", "gas", "water")}
    assert all(paid.values())
    assert cost(hass, entry, "cost", "overall") == pytest.approx(sum(paid.values()), abs=Decimal("0.000002"))
    credit = cost(hass, entry, "credit", "overall")
    assert credit
    assert credit == cost(hass, entry, "credit", "electricity") == cost(hass, entry, "tariff", "export:flat")
    fixed = Decimal("0.30")
    assert cost(hass, entry, "charges", "electricity") == cost(hass, entry, "charges", "overall") == fixed
    for key, more in (("electricity", fixed - credit), ("overall", fixed - credit), ("gas", 0), ("water", 0)):
        without = cost(hass, entry, "cost", key)
        assert without is not None
        assert cost(hass, entry, "bill", key) == pytest.approx(without + more, abs=Decimal("0.000002")), key
    assert shown(hass, "Gas") == str(paid["gas"])
    assert shown(hass, "Water") == str(paid["water"])
    assert shown(hass, "Mains", "credit") == str(credit)
    assert shown(hass, "Gas", "credit") is None


@pytest.mark.usefixtures("all_enabled")
async def test_days_and_months_go_by(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(HEATED)
    entry = await begin(panel, **billing())
    await count(panel)
    before = cost(hass, entry, "cost", "electricity")
    spans = ("today", "this_month", "this_year")
    assert before
    assert [cost(hass, entry, "cost", "electricity", span) for span in spans] == 3 * [before]
    panel.clock.now += FORTNIGHT
    history(hass)._tick(dt_util.utcnow())
    assert [cost(hass, entry, "cost", "electricity", span) for span in spans] == [0, 0, before]
    assert cost(hass, entry, "cost", "electricity") == before


async def test_a_deleted_tariff_takes_its_entities_along(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(HEATED)
    entry = await begin(panel, **billing())
    await count(panel, 300)
    own = f"{entry.entry_id}_"

    def known() -> set[str]:
        """Return what the registry has of tariffs and prices."""
        rows = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
        names = {row.unique_id.removeprefix(own) for row in rows}
        return {name for name in names if name.startswith(("tariff", "price"))}

    common = {"price_electricity", "tariff_electricity", "tariffs_electricity"}
    day, night = ({f"tariff_{measure}_electricity:{name}" for measure in MEASURES} for name in ("day", "night"))
    assert known() == common | day | night
    left = billing(tariffs=[tariff("day", ("0.25", None))], rules=[rule("day")])
    hass.config_entries.async_update_entry(entry, options=left)
    await panel.settle()
    assert known() == common | day
    hass.config_entries.async_update_entry(entry, options={})
    await panel.settle()
    assert known() == set()


async def test_the_costs_of_an_excluded_device_are_off_at_first_and_count_for_nothing(
    hass: HomeAssistant, panel: Panel
) -> None:
    await panel.start(HEATED, settings={"exclude_from_totals": True})
    entry = await begin(panel, **billing())
    await count(panel, 600)
    assert history(hass).costs[entry_of("cost", device_key(subentry_id("Heated")))].total > 0
    registry = er.async_get(hass)
    for measure in MEASURES:
        unique_id = cost_id(entry.entry_id, "cost", device_key(subentry_id("Heated")), measure)
        row = registry.async_get(registry.async_get_entity_id("sensor", DOMAIN, unique_id) or "")
        assert row is not None
        assert row.disabled_by is er.RegistryEntryDisabler.INTEGRATION
    assert shown(hass, "Heated") is None
    assert cost(hass, entry, "cost", "electricity") in (None, 0)


async def test_sensors_of_devices_outlive_the_history(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(HEATED)
    entry = await begin(panel, **billing())
    await count(panel, 600)
    before = shown(hass, "Heated")
    assert before is not None
    await hass.config_entries.async_unload(entry.entry_id)
    assert shown(hass, "Heated") == "unavailable"
    await hass.config_entries.async_setup(entry.entry_id)
    await panel.settle()
    await panel.wait(60)
    await written(panel)
    after = shown(hass, "Heated")
    assert after is not None
    assert Decimal(after) >= Decimal(before) > 0
    await hass.config_entries.async_remove(entry.entry_id)
    await panel.settle()
    assert shown(hass, "Heated") == "unavailable"


async def test_most_measures_of_devices_are_off_and_are_not_added_in_vain(
    hass: HomeAssistant, panel: Panel, caplog: pytest.LogCaptureFixture
) -> None:
    gateway = await panel.start(HEATED)
    await begin(panel, **billing())
    await count(panel, 300)
    registry = er.async_get(hass)
    ids = {measure: f"{subentry_id('Heated')}_cost_{measure}" for measure in MEASURES}
    rows = {measure: registry.async_get_entity_id("sensor", DOMAIN, ids[measure]) for measure in MEASURES}
    assert all(rows.values())
    assert {measure: shown(hass, "Heated", measure=measure) is not None for measure in MEASURES} == {
        "total": True,
        "today": False,
        "this_month": True,
        "this_year": False,
    }
    caplog.clear()
    await hass.config_entries.async_reload(gateway.entry_id)
    await panel.settle()
    assert shown(hass, "Heated") is not None
    assert "cost_today" not in caplog.text
    assert shown(hass, "Heated", measure="today") is None


@pytest.mark.usefixtures("all_enabled")
async def test_a_restart_costs_nothing(hass: HomeAssistant, panel: Panel) -> None:
    gateway = await panel.start(HEATED, SOCKETS)
    entry = await begin(panel, **billing())
    await count(panel)
    names = ("Heated", "Sockets")
    before = {name: shown(hass, name) for name in names} | {"all": cost(hass, entry, "cost", "electricity")}
    for one in (gateway, entry):
        await hass.config_entries.async_unload(one.entry_id)
    for one in (entry, gateway):
        await hass.config_entries.async_setup(one.entry_id)
    await panel.settle()
    await panel.wait(60)
    await written(panel)
    after = {name: shown(hass, name) for name in names} | {"all": cost(hass, entry, "cost", "electricity")}
    for name, amount in after.items():
        assert amount is not None
        assert 0 <= Decimal(amount) - Decimal(before[name] or 0) < Decimal("0.1"), name


async def test_another_currency_begins_at_zero_and_the_ledger_keeps_the_old_one(
    hass: HomeAssistant, panel: Panel
) -> None:
    await panel.start(HEATED)
    entry = await begin(panel, **billing())
    await count(panel, 1200)
    options = billing()
    options["billing"]["currency"] = "CHF"
    hass.config_entries.async_update_entry(entry, options=options)
    await panel.settle()
    assert cost(hass, entry, "cost", "electricity") == 0
    state = hass.states.get("sensor.heated_cost")
    assert state is not None
    assert (state.state, state.attributes["unit_of_measurement"]) == ("0.000000", "CHF")
    assert {row.rate.currency for row in await ledger(hass) if row.rate is not None} == {"EUR"}
