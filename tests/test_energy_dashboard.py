"""The action that puts the installation into the energy dashboard: what it adds, and that it leaves the rest alone."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.components.energy.data import (
    DEVICE_CONSUMPTION_SCHEMA,
    ENERGY_SOURCE_SCHEMA,
    EnergyManager,
    async_get_manager,
)
from homeassistant.components.energy.validate import async_validate
from homeassistant.core import Context
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.components.recorder.common import (  # type: ignore[import-untyped]
    async_wait_recording_done,
    do_adhoc_statistics,
)

from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.history import total_id

from .support import METER, SOCKETS, subentry_id
from .test_cost_sensor import billing
from .test_history import begin, count
from .test_total_sensor import GAS, WATER

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import (  # type: ignore[import-untyped]
        MockUser,
    )

    from .support import Panel

NO_PRICE = {"entity_energy_price": None, "number_energy_price": None}
NO_EXPORT = {
    "stat_energy_to": None,
    "stat_compensation": None,
    "entity_energy_price_export": None,
    "number_energy_price_export": None,
}
FOREIGN: dict[str, Any] = {
    "type": "grid",
    "stat_energy_from": "sensor.utility_import",
    "stat_cost": None,
    "entity_energy_price": None,
    "number_energy_price": 0.2,
    "cost_adjustment_day": 0.5,
    "name": "Utility",
    **NO_EXPORT,
}
SUN = {"type": "solar", "stat_energy_from": "sensor.sun", "config_entry_solar_forecast": ["abc"]}
FRIDGE = {"stat_consumption": "sensor.fridge", "name": "Fridge"}


class House:
    """An installation with a dashboard."""

    def __init__(self, panel: Panel, entry: ConfigEntry, manager: EnergyManager) -> None:
        """Take both."""
        self.panel = panel
        self.entry = entry
        self.manager = manager

    def total(self, commodity: str) -> str:
        """Return the sensor of a total."""
        entity = er.async_get(self.panel.hass).async_get_entity_id("sensor", DOMAIN, total_id(self.entry, commodity))
        assert entity is not None
        return entity

    def fake(self, unique_id: str, unit: str = "EUR") -> str:
        """Add a sensor of money; ``unique_id`` without the installation's."""
        registry = er.async_get(self.panel.hass)
        row = registry.async_get_or_create("sensor", DOMAIN, unique_id.format(self.entry.entry_id))
        money = {"device_class": "monetary", "state_class": "total"} if unit == "EUR" else {}
        self.panel.hass.states.async_set(row.entity_id, "0.25", {"unit_of_measurement": unit, **money})
        return row.entity_id

    def export(self) -> str:
        """Switch the sensor on of what the main meter feeds in; return it."""
        entity = self.panel.entity("Mains", "energy_export")
        er.async_get(self.panel.hass).async_update_entity(entity, disabled_by=None)
        return entity

    async def add(self, context: Context | None = None, **data: Any) -> dict[str, Any]:
        """Run the action."""
        answer = await self.panel.hass.services.async_call(
            DOMAIN, "add_to_energy_dashboard", data, blocking=True, return_response=True, context=context
        )
        assert answer is not None
        return dict(answer)

    async def has(self, *sources: dict[str, Any], devices: tuple[dict[str, Any], ...] = ()) -> None:
        """Let the dashboard have something."""
        update: Any = {"energy_sources": list(sources), "device_consumption": list(devices)}
        await self.manager.async_update(update)

    @property
    def prefs(self) -> dict[str, Any]:
        """What the dashboard has; it has to be what its own form would take."""
        found: Any = self.manager.data
        assert ENERGY_SOURCE_SCHEMA(deepcopy(found["energy_sources"]))
        for row in (*found["device_consumption"], *found.get("device_consumption_water", ())):
            DEVICE_CONSUMPTION_SCHEMA(dict(row))
        return dict(found)

    def source(self, kind: str) -> dict[str, Any]:
        """Return the only source of a kind."""
        (found,) = [source for source in self.prefs["energy_sources"] if source["type"] == kind]
        return dict(found)

    def device_id(self, name: str) -> str:
        """Return the device of a meter."""
        (gateway,) = [row for row in self.panel.hass.config_entries.async_entries(DOMAIN) if row.title == "Panel"]
        return self.panel.device(gateway, name).id


@pytest.fixture
async def house(panel: Panel) -> House:
    """An installation with two electric meters, gas and water, that counted for a while."""
    await panel.start(METER, SOCKETS, GAS, WATER)
    entry = await begin(panel)
    await count(panel, 600)
    return House(panel, entry, await async_get_manager(panel.hass))


async def test_an_empty_dashboard_gets_the_totals_and_the_devices(house: House) -> None:
    energies = [house.panel.entity(name, "energy_import") for name in ("Mains", "Sockets")]
    water = house.panel.entity("Water", "volume")
    totals = [house.total(commodity) for commodity in ("electricity", "gas", "water")]
    assert await house.add() == {"added": [*totals, *energies, water], "completed": [], "kept": []}
    assert house.prefs == {
        "energy_sources": [
            {
                "type": "grid",
                "stat_energy_from": totals[0],
                "stat_cost": None,
                "cost_adjustment_day": 0.0,
                **NO_PRICE,
                **NO_EXPORT,
            },
            {"type": "gas", "stat_energy_from": totals[1], "stat_cost": None, **NO_PRICE},
            {"type": "water", "stat_energy_from": totals[2], "stat_cost": None, **NO_PRICE},
        ],
        "device_consumption": [{"stat_consumption": stat} for stat in energies],
        "device_consumption_water": [{"stat_consumption": water}],
    }


async def test_costs_are_those_of_the_totals_or_of_the_bill(house: House) -> None:
    costs = {commodity: house.fake(f"{{}}_cost_total_{commodity}") for commodity in ("electricity", "gas", "water")}
    bill = house.fake("{}_bill_total_electricity")
    await house.add(devices=False)
    assert {kind: house.source(kind)["stat_cost"] for kind in ("grid", "gas", "water")} == {
        "grid": costs["electricity"],
        "gas": costs["gas"],
        "water": costs["water"],
    }
    assert house.prefs["device_consumption"] == []
    await house.has()
    await house.add(with_charges=True)
    assert [house.source(kind)["stat_cost"] for kind in ("grid", "gas")] == [bill, costs["gas"]]


async def test_a_main_meter_brings_its_costs_its_power_and_what_it_feeds_in(house: House) -> None:
    mains = subentry_id("Mains")
    cost, credit = house.fake(f"{mains}_cost_total"), house.fake(f"{mains}_credit_total")
    energy, sockets = (house.panel.entity(name, "energy_import") for name in ("Mains", "Sockets"))
    export = house.export()
    answer = await house.add(device_id=house.device_id("Mains"))
    assert answer["added"][0] == energy
    grid = house.source("grid")
    assert {key: value for key, value in grid.items() if value is not None} == {
        "type": "grid",
        "stat_energy_from": energy,
        "stat_cost": cost,
        "stat_energy_to": export,
        "stat_compensation": credit,
        "stat_rate": house.panel.entity("Mains", "power"),
        "cost_adjustment_day": 0,
    }
    assert house.prefs["device_consumption"] == [
        {"stat_consumption": energy},
        {"stat_consumption": sockets, "included_in_stat": energy},
    ]


async def test_a_meter_whose_export_is_switched_off_feeds_nothing_in(house: House) -> None:
    house.fake("{}_price_export", "EUR/kWh")
    house.fake(f"{subentry_id('Mains')}_credit_total")
    await house.add(device_id=house.device_id("Mains"))
    assert {key: house.source("grid")[key] for key in NO_EXPORT} == NO_EXPORT


async def test_a_main_meter_without_costs_of_its_own_is_priced_by_the_current_price(house: House) -> None:
    price = house.fake("{}_price_electricity", "EUR/kWh")
    export = house.fake("{}_price_export", "EUR/kWh")
    house.export()
    await house.add(device_id=house.device_id("Mains"))
    grid = house.source("grid")
    assert (grid["entity_energy_price"], grid["entity_energy_price_export"]) == (price, export)
    assert (grid["stat_cost"], grid["stat_compensation"]) == (None, None)


async def test_an_excluded_device_is_no_device_of_the_dashboard_unless_it_is_the_main_meter(panel: Panel) -> None:
    await panel.serve(METER, SOCKETS)
    gateway = panel.entry()
    row = gateway.subentries[subentry_id("Mains")]
    panel.hass.config_entries.async_update_subentry(gateway, row, data={**row.data, "exclude_from_totals": True})
    await panel.hass.config_entries.async_setup(gateway.entry_id)
    entry = await begin(panel, **billing())
    await count(panel, 600)
    house = House(panel, entry, await async_get_manager(panel.hass))
    mains, sockets = (panel.entity(name, "energy_import") for name in ("Mains", "Sockets"))
    await house.add()
    assert house.prefs["device_consumption"] == [{"stat_consumption": sockets}]
    await house.has()
    await house.add(device_id=house.device_id("Mains"))
    assert house.prefs["device_consumption"] == [
        {"stat_consumption": mains},
        {"stat_consumption": sockets, "included_in_stat": mains},
    ]
    # Its costs are off at first; who makes it the grid wants to see them.
    cost = er.async_get(panel.hass).async_get(house.source("grid")["stat_cost"])
    assert cost is not None
    assert cost.unique_id == f"{subentry_id('Mains')}_cost_total"
    assert not cost.disabled


async def test_what_others_count_stays_as_it_is_and_is_not_counted_twice(house: House) -> None:
    house.fake("{}_cost_total_electricity")
    await house.has(deepcopy(FOREIGN), deepcopy(SUN), devices=(deepcopy(FRIDGE),))
    answer = await house.add()
    assert house.prefs["energy_sources"][:2] == [FOREIGN, SUN]
    assert [source["type"] for source in house.prefs["energy_sources"]] == ["grid", "solar", "gas", "water"]
    assert house.prefs["device_consumption"][0] == FRIDGE
    assert len(house.prefs["device_consumption"]) == 3
    assert answer["kept"] == ["sensor.utility_import"]


async def test_a_main_meter_that_somebody_names_is_added_beside_others_but_not_beside_the_total(house: House) -> None:
    await house.has(deepcopy(FOREIGN))
    mains = house.panel.entity("Mains", "energy_import")
    assert mains in (await house.add(device_id=house.device_id("Mains"), devices=False))["added"]
    assert house.prefs["energy_sources"][0] == FOREIGN
    await house.has()
    await house.add()
    before = deepcopy(house.prefs)
    assert (await house.add(device_id=house.device_id("Mains")))["kept"][0] == house.total("electricity")
    assert house.prefs == before


async def test_statistics_that_another_grid_has_are_not_used_twice(house: House) -> None:
    power, export = house.panel.entity("Mains", "power"), house.export()
    other = {**FOREIGN, "stat_energy_from": None, "number_energy_price": None, "stat_energy_to": export}
    await house.has({**other, "stat_rate": power})
    await house.add(device_id=house.device_id("Mains"))
    grid = house.prefs["energy_sources"][1]
    assert grid["stat_energy_to"] is None
    assert "stat_rate" not in grid


async def test_a_second_time_nothing_changes_but_an_empty_cost_is_filled(house: House) -> None:
    await house.add()
    before = deepcopy(house.prefs)
    again = await house.add()
    assert (again["added"], again["completed"]) == ([], [])
    assert len(again["kept"]) == 6
    assert house.prefs == before
    cost = house.fake("{}_cost_total_electricity")
    assert (await house.add())["completed"] == [house.total("electricity")]
    before["energy_sources"][0]["stat_cost"] = cost
    assert house.prefs == before


@pytest.mark.parametrize(
    "own", [{"number_energy_price": 0.0}, {"entity_energy_price": "sensor.mine"}, {"stat_cost": "sensor.my_cost"}]
)
async def test_a_cost_that_somebody_chose_stays(house: House, own: dict[str, Any]) -> None:
    house.fake("{}_cost_total_electricity")
    mine = {**FOREIGN, "stat_energy_from": house.total("electricity"), "number_energy_price": None, **own}
    await house.has(deepcopy(mine))
    assert (await house.add())["completed"] == []
    assert house.source("grid") == mine


async def test_what_a_meter_of_ours_feeds_in_gets_its_credit_but_not_beside_a_bill(house: House) -> None:
    credit = house.fake(f"{subentry_id('Mains')}_credit_total")
    export = house.export()
    await house.has({**FOREIGN, "stat_energy_to": export})
    assert (await house.add(with_charges=True))["completed"] == []
    assert (await house.add())["completed"] == [export]
    assert house.source("grid") == {**FOREIGN, "stat_energy_to": export, "stat_compensation": credit}


async def test_nothing_is_written_where_nothing_changes(house: House) -> None:
    await house.add()
    told: list[int] = []

    async def note() -> None:
        told.append(1)

    house.manager.async_listen_updates(note)
    await house.add()
    assert told == []


async def test_sensors_that_are_switched_off_are_not_used(house: House) -> None:
    registry = er.async_get(house.panel.hass)
    cost = house.fake("{}_cost_total_electricity")
    sockets = house.panel.entity("Sockets", "energy_import")
    for entity in (cost, sockets):
        registry.async_update_entity(entity, disabled_by=er.RegistryEntryDisabler.USER)
    await house.add()
    assert house.source("grid")["stat_cost"] is None
    assert sockets not in [row["stat_consumption"] for row in house.prefs["device_consumption"]]
    with pytest.raises(ServiceValidationError) as caught:
        await house.add(device_id=house.device_id("Sockets"))
    assert caught.value.translation_key == "no_energy_meter"


async def test_what_makes_no_sense_is_refused(house: House) -> None:
    for data, reason in (
        ({"device_id": house.device_id("Mains"), "with_charges": True}, "charges_of_total"),
        ({"device_id": house.device_id("Gas")}, "no_energy_meter"),
        ({"device_id": "nobody"}, "not_ours"),
    ):
        with pytest.raises(ServiceValidationError) as caught:
            await house.add(**data)
        assert caught.value.translation_key == reason
    assert house.manager.data is None


async def test_it_is_for_administrators(house: House, hass_read_only_user: MockUser) -> None:
    with pytest.raises(Unauthorized):
        await house.add(Context(user_id=hass_read_only_user.id))


async def test_the_dashboard_has_nothing_against_what_is_written(
    recorder_mock: object,  # noqa: ARG001
    hass: HomeAssistant,
    all_enabled: None,  # noqa: ARG001
    house: House,
) -> None:
    mains = subentry_id("Mains")
    for commodity in ("electricity", "gas", "water"):
        house.fake(f"{{}}_cost_total_{commodity}")
    house.fake(f"{mains}_cost_total")
    house.fake(f"{mains}_credit_total")
    await async_wait_recording_done(hass)
    now = dt_util.utcnow()
    do_adhoc_statistics(hass, start=now.replace(minute=now.minute - now.minute % 5, second=0, microsecond=0))
    await async_wait_recording_done(hass)
    choices: tuple[dict[str, Any], ...] = ({}, {"device_id": house.device_id("Mains")})
    for data in choices:
        await house.has()
        await house.add(**data)
        found = (await async_validate(hass)).as_dict()
        assert [len(rows) for rows in found.values()] == [3, 2, 1]
        assert [row for group in found.values() for rows in group for row in rows] == []
    assert house.source("grid")["stat_compensation"] is not None
