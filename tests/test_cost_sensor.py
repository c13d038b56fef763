"""What things cost, from polls of real meters to the sensors that people see."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.helpers import entity_registry as er

from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.cost_book import cost_id, device_key, entry_of
from custom_components.legrand_ews.loads import assign

from .support import METER, SOCKETS, subentry_id
from .test_history import HEATED, begin, count, history

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant

    from custom_components.legrand_ews.archive import CostRow

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
    entity = er.async_get(hass).async_get_entity_id("sensor", DOMAIN, cost_id(entry, kind, key, measure))
    state = None if entity is None else hass.states.get(entity)
    return None if state is None else Decimal(state.state)


async def ledger(hass: HomeAssistant, scope: str = "total") -> list[CostRow]:
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
