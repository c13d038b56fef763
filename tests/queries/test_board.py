"""The board: what is installed, found by what identifies it, whatever it is called."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er

from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.history import total_id
from custom_components.legrand_ews.loads import assign
from custom_components.legrand_ews.queries.board import async_board
from plant.scenario import DeviceSpec

from ..bill_support import PLAN, stored
from ..charging.conftest import closed, garage, stack  # noqa: F401 -- fixtures
from ..charging.garage import ID as GARAGE
from ..station_support import LEFT, start
from ..support import METER, PULSES, install_profiles, subentry_id
from ..test_history import begin, count
from ..test_loads import site

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from ..charging.garage import Garage
    from ..support import Panel

BREAKER = DeviceSpec(name="Breaker", model="414930", address=11, at="sockets", registers={"link_1": 12})
HEATER = DeviceSpec(name="Water heater", model="414931", address=12, at="sockets", load="hot_water")
OUTPUTS = DeviceSpec(name="Outputs", model="028812", address=13, at="mains")
MAPS = ("plant_ems_state", "plant_ems_contactor", "plant_output_module")


async def board(hass: HomeAssistant) -> dict[str, Any]:
    """Return the board."""
    return await async_board(hass, {})


async def told(hass: HomeAssistant, name: str) -> dict[str, Any]:
    """Return what the board tells of a device."""
    found: dict[str, Any]
    (found,) = (one for one in (await board(hass))["devices"] if one["id"] == subentry_id(name))
    return found


def entity(hass: HomeAssistant, platform: str, unique_id: str) -> str:
    """Return an entity by its unique id."""
    found = er.async_get(hass).async_get_entity_id(platform, DOMAIN, unique_id)
    assert found is not None, unique_id
    return found


async def test_a_meter_is_told_with_its_place_and_its_pages(hass: HomeAssistant, panel: Panel) -> None:
    gateway = await panel.start(METER, PULSES)
    one = await told(hass, "Mains")
    assert one["device_id"] == panel.device(gateway, "Mains").id
    assert one["main"] == {
        "power": panel.entity("Mains", "power"),
        "energy": panel.entity("Mains", "energy_import"),
        "communication": panel.entity("Mains", "answers"),
        "events": panel.entity("Mains", "alarm"),
    }
    assert one["pages"]["power"] == [panel.entity("Mains", "power")]
    assert panel.entity("Mains", "current_l1") in one["pages"]["voltage"]
    assert "distortion" not in one["pages"]
    plain = {key: one[key] for key in ("name", "gateway", "address", "model", "kind", "commodity", "load", "counted")}
    assert plain == {
        "name": "Mains",
        "gateway": gateway.entry_id,
        "address": "1",
        "model": "4 120 45",
        "kind": "meter",
        "commodity": "electricity",
        "load": "others",
        "counted": True,
    }
    assert (one["functions"], one["enabled"]) == (["measure", "state"], True)
    assert (await told(hass, "Pulses"))["address"] == "6-1"


async def test_every_entity_of_a_device_is_on_one_page_or_in_its_row(
    hass: HomeAssistant,
    panel: Panel,
    all_enabled: None,  # noqa: ARG001
) -> None:
    install_profiles(hass, *MAPS)
    gateway = await panel.start(METER, BREAKER, HEATER, OUTPUTS, settings={"allow_commands": True})
    registry = er.async_get(hass)
    for name in ("Mains", "Breaker", "Water heater", "Outputs"):
        one = await told(hass, name)
        there = {row.entity_id for row in er.async_entries_for_device(registry, panel.device(gateway, name).id)}
        assert {*one["main"].values(), *chain.from_iterable(one["pages"].values())} == there
    assert (await told(hass, "Mains"))["pages"]["distortion"]
    assert list((await told(hass, "Outputs"))["pages"]) == ["command", "settings"]


async def test_the_symbols_of_a_device(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, *MAPS)
    await panel.start(BREAKER, HEATER, OUTPUTS)
    assert (await told(hass, "Breaker"))["functions"] == ["state", "link"]
    assert (await told(hass, "Outputs"))["functions"] == ["state"]
    await hass.config_entries.async_unload((await board(hass))["gateways"][0]["id"])
    assert (await told(hass, "Breaker"))["functions"] == ["state"]


async def test_only_those_who_may_command_see_a_command(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, *MAPS)
    await panel.start(HEATER, settings={"allow_commands": True})
    one = await told(hass, "Water heater")
    assert one["functions"] == ["state", "command"]
    assert one["main"]["state"] == panel.entity("Water heater", "contactor")
    assert one["main"]["state"].startswith("switch.")


async def test_names_do_not_matter_but_what_is_off_or_hidden_is_left_out(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(METER)
    registry = er.async_get(hass)
    registry.async_update_entity(panel.entity("Mains", "power"), new_entity_id="sensor.anything", name="Anything")
    hidden, off = panel.entity("Mains", "energy_import"), panel.entity("Mains", "current_l1")
    registry.async_update_entity(hidden, hidden_by=er.RegistryEntryHider.USER)
    registry.async_update_entity(off, disabled_by=er.RegistryEntryDisabler.USER)
    one = await told(hass, "Mains")
    assert one["main"]["power"] == "sensor.anything"
    assert "energy" not in one["main"]
    assert not {hidden, off} & set(chain.from_iterable(one["pages"].values()))


async def test_a_device_has_its_own_area_or_that_of_its_gateway(hass: HomeAssistant, panel: Panel) -> None:
    gateway = await panel.start(METER, PULSES)
    areas, devices = ar.async_get(hass), dr.async_get(hass)
    cellar, roof = areas.async_create("Cellar").id, areas.async_create("Roof").id
    assert (await told(hass, "Mains"))["area"] is None
    devices.async_update_device(panel.device(gateway).id, area_id=cellar)
    devices.async_update_device(panel.device(gateway, "Pulses").id, area_id=roof)
    assert [(await told(hass, name))["area"] for name in ("Mains", "Pulses")] == [cellar, roof]
    assert (await board(hass))["gateways"][0]["area"] == cellar


async def test_a_device_that_is_switched_off_is_told_as_such(hass: HomeAssistant, panel: Panel) -> None:
    gateway = await panel.start(METER)
    dr.async_get(hass).async_update_device(panel.device(gateway, "Mains").id, disabled_by=dr.DeviceEntryDisabler.USER)
    await panel.settle()
    one = await told(hass, "Mains")
    assert (one["enabled"], one["main"], one["pages"]) == (False, {}, {})


async def test_gateways_are_told_with_their_links_and_their_devices_also_while_not_loaded(
    hass: HomeAssistant, panel: Panel
) -> None:
    entry = await panel.start(METER)
    (gateway,) = (await board(hass))["gateways"]
    assert (gateway["id"], gateway["device_id"]) == (entry.entry_id, panel.device(entry).id)
    assert gateway["endpoint"] == f"{panel.plant.host}:{panel.gateway().port}"
    assert set(gateway["entities"]) == {"connected", "bus_load", "cycle_time", "errors", "alarm"}
    assert gateway["entities"]["connected"] == entity(hass, "binary_sensor", f"{entry.entry_id}_connected")
    before = await told(hass, "Mains")
    await hass.config_entries.async_unload(entry.entry_id)
    assert (await board(hass))["gateways"] == [gateway | {"loaded": False}]
    assert await told(hass, "Mains") == before


async def test_a_model_that_the_catalogue_does_not_know_is_left_out(hass: HomeAssistant, panel: Panel) -> None:
    entry = await panel.start(METER, PULSES)
    await hass.config_entries.async_unload(entry.entry_id)
    row = entry.subentries[subentry_id("Mains")]
    hass.config_entries.async_update_subentry(entry, row, data={**row.data, "model": "000000"})
    assert [one["name"] for one in (await board(hass))["devices"]] == ["Pulses"]


async def test_without_an_installation_there_is_no_site(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(METER)
    answer = await board(hass)
    for key in ("installation", "totals", "load_manager", "active_alarms"):
        assert answer[key] is None, key
    assert [answer[key] for key in ("prices", "loads", "groups", "stations")] == [{}] * 4
    assert answer["code"] is False


async def test_it_is_told_that_commands_ask_for_a_code(hass: HomeAssistant, panel: Panel) -> None:
    await begin(panel, code="a hash")
    assert (await board(hass))["code"] is True


async def test_the_site_is_told_with_totals_loads_groups_and_prices(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, *MAPS)
    meter = DeviceSpec(name="Hot", model="412045", address=2, at="sockets", load="hot_water")
    await panel.start(meter)
    entry = await begin(panel, ("group", "g1", "West"), **stored(electricity=PLAN))
    assign(hass, "group", "g1", {subentry_id("Hot")})
    await count(panel)
    answer, own = await board(hass), entry.entry_id
    assert answer["installation"]["id"] == own
    assert answer["installation"]["name"] == "Site"
    assert answer["code"] is False
    assert answer["active_alarms"] == entity(hass, "sensor", f"{own}_active_alarms")
    for part, key in (
        (answer["totals"], "electricity"),
        (answer["loads"]["hot_water"], "load:electricity:hot_water"),
        (answer["groups"]["g1"], "group:electricity:g1"),
    ):
        found = part["entities"]["electricity_today"]
        assert found == entity(hass, "sensor", total_id(entry, key, "today"))
        row = er.async_get(hass).async_get(found)
        assert row is not None
        assert row.device_id == part["device_id"]
    assert not {"electricity_price", "electricity_tariff"} & set(answer["totals"]["entities"])
    assert answer["prices"] == {
        "electricity": {
            "price": entity(hass, "sensor", f"{own}_price_electricity"),
            "tariff": entity(hass, "sensor", f"{own}_tariff_electricity"),
            "calendar": entity(hass, "calendar", f"{own}_tariffs_electricity"),
        }
    }
    assert answer["load_manager"] is None


async def test_the_load_manager_and_all_stations_are_told(hass: HomeAssistant, garage: Garage) -> None:  # noqa: F811
    answer = await board(hass)
    manager = answer["load_manager"]
    phases = {"headroom_l1", "headroom_l2", "headroom_l3"}
    assert set(manager["entities"]) == {
        "zone",
        "charging",
        "waiting",
        "load_control",
        "control_logic",
        "event",
        *phases,
    }
    assert manager["entities"]["zone"] == entity(hass, "sensor", f"{garage.site.entry_id}_greenup_zone")
    assert set(answer["stations"]) == {subentry_id(f"Bay {bay}") for bay in range(1, 5)} | {GARAGE}
    assert len({frozenset(one["entities"]) for one in answer["stations"].values()}) == 1
    for key, platform, label, of in (
        (GARAGE, "button", "start_charge", "start"),
        (GARAGE, "sensor", "session_start", "start"),
        (subentry_id("Bay 1"), "sensor", "charging_state", "state"),
        (subentry_id("Bay 1"), "switch", "session_priority", "priority"),
    ):
        one = answer["stations"][key]
        assert one["entities"][label] == entity(hass, platform, f"{key}_greenup_{of}"), label
        assert one["device_id"] is not None
    assert (await told(hass, "Bay 1"))["main"]["charge"] == garage.entity("Bay 1", "sensor", "state")


async def test_a_station_that_nobody_manages_has_no_entities_of_the_load_manager(
    hass: HomeAssistant, panel: Panel
) -> None:
    gateway, _ = await start(hass, panel, LEFT)
    await site(hass)
    device_id = panel.device(gateway, "Left").id
    assert (await board(hass))["stations"] == {subentry_id("Left"): {"device_id": device_id, "entities": {}}}
    assert (await told(hass, "Left"))["address"] == f"{LEFT.address}-1"
    assert set((await told(hass, "Left"))["main"]) == {"charge", "station", "communication", "events"}


async def test_who_may_see_any_page_may_ask(
    hass: HomeAssistant, panel: Panel, hass_ws_client: Any, hass_read_only_access_token: str
) -> None:
    await panel.load_integration()
    for role, allowed in (("user", True), ("none", False)):
        entry = await site(hass, access={"default": role, "users": {}})
        client = await hass_ws_client(hass, hass_read_only_access_token)
        await client.send_json_auto_id({"type": f"{DOMAIN}/board"})
        answer = await client.receive_json()
        assert answer["success"] is allowed
        assert allowed or answer["error"]["code"] == "unauthorized"
        await hass.config_entries.async_remove(entry.entry_id)
