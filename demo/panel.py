"""Sets up a scenario's gateways and devices in Home Assistant through the forms that users fill in.

This module owns the order of the steps. The forms are the integration's, the devices the plant's.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from .bill import set_gas_factor, set_prices
from .client import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from plant.electrical import NodeSpec
    from plant.scenario import DeviceSpec, GatewaySpec, Scenario

    from .client import Client

DOMAIN: Final = "legrand_ews"
_FLOW: Final = "/api/config/config_entries/flow"
_SUBFLOW: Final = "/api/config/config_entries/subentries/flow"
_INSTALLATION: Final = "installation"
_MONEY: Final = ("cost_total", "credit_total")
_LOOK_EVERY: Final = 0.5
_MORE: Final = ("exclude_from_totals", "exclude_alerts", "allow_commands")


async def set_up(
    client: Client,
    scenario: Scenario,
    ports: Sequence[int],
    families: Mapping[str, str],
    tell: Callable[[str], None] = print,
) -> None:
    """Add what is missing of a scenario.

    ``ports`` of the plant's gateways in their order; ``families`` by model.
    """
    if await add_installation(client):
        await set_gas_factor(client)
    await set_prices(client)
    known = {entry["title"]: entry["entry_id"] for entry in await client.command("config_entries/get", domain=DOMAIN)}
    areas = {area["name"]: area["area_id"] for area in await client.command("config/area_registry/list")}
    for gateway, port in zip(scenario.gateways, ports, strict=True):
        if gateway.area not in areas:
            area = await client.command("config/area_registry/create", name=gateway.area)
            areas[gateway.area] = area["area_id"]
        entry_id = known.get(gateway.name) or await add_gateway(client, gateway, port, areas[gateway.area])
        have = {row["title"] for row in await client.command("config_entries/subentries/list", entry_id=entry_id)}
        missing = [device for device in gateway.devices if device.name not in have]
        for device in missing:
            await add_device(client, entry_id, device, families[device.model])
        tell(f"{gateway.name}: {len(gateway.devices)} devices, {len(missing)} added")


async def add_installation(client: Client) -> bool:
    """Fill in the installation's form, under the name it offers; tell whether there was none yet."""
    flow = await client.post(_FLOW, {"handler": DOMAIN})
    path = f"{_FLOW}/{flow['flow_id']}"
    if _INSTALLATION not in flow["menu_options"]:
        await client.delete(path)
        return False
    await client.post(path, {"next_step_id": _INSTALLATION})
    flow = await client.post(path, {})
    if flow["type"] != "create_entry":
        raise RefusedError(f"{_INSTALLATION}: {flow}")
    return True


async def add_gateway(client: Client, gateway: GatewaySpec, port: int, area_id: str) -> str:
    """Fill in a gateway's forms; return the entry's id."""
    flow = await client.post(_FLOW, {"handler": DOMAIN})
    flow = await client.post(f"{_FLOW}/{flow['flow_id']}", {"next_step_id": gateway.kind})
    form = {"name": gateway.name, "host": "127.0.0.1", "port": port, "area": area_id}
    flow = await client.post(f"{_FLOW}/{flow['flow_id']}", form)
    if flow["type"] != "create_entry":
        raise RefusedError(f"{gateway.name}: {flow.get('errors')} {flow.get('description_placeholders')}")
    return str(flow["result"]["entry_id"])


async def add_device(client: Client, entry_id: str, device: DeviceSpec, family: str) -> None:
    """Fill in a device's forms, look at what it answers, save it."""
    flow = await client.post(_SUBFLOW, {"handler": [entry_id, "device"]})
    path = f"{_SUBFLOW}/{flow['flow_id']}"
    flow = await client.post(path, {"family": family})
    if flow["step_id"] == "model":
        flow = await client.post(path, {"model": device.model})
    flow = await client.post(path, details(device, flow["data_schema"]))
    if flow["type"] != "menu" or flow["step_id"] != "found":
        raise RefusedError(
            f"{device.name}: {flow['step_id']} {flow.get('errors')} {flow.get('description_placeholders')}"
        )
    flow = await client.post(path, {"next_step_id": "save"})
    if flow["type"] != "create_entry":
        raise RefusedError(f"{device.name}: {flow}")


def details(device: DeviceSpec, schema: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what a user would enter into the fields that the form has."""
    values: dict[str, Any] = {
        "name": device.name,
        "address": device.address,
        "position": device.position,
        "concentrator": device.concentrator,
        "pulse_weight": None if device.pulse_weight is None else float(device.pulse_weight),
        "pulse_unit": device.pulse_unit,
        "phase": device.phase,
        "side": device.side,
        "rated_current": device.rated_current,
        "supply": device.supply,
        "load": device.load,
        "exclude_from_totals": device.exclude_from_totals,
        "exclude_alerts": device.exclude_alerts,
        # Where the form offers it, there is something to switch.
        "allow_commands": True,
    }
    if device.interface is not None:
        values["address"] = f"{device.address}-{device.interface}"
    if device.generic is not None:
        generic = device.generic
        values |= {"function": str(generic.function), "register": generic.register, "words": generic.words}
        values |= {"factor": str(generic.factor), "type": generic.type, "word_order": generic.word_order}
    form: dict[str, Any] = {}
    for field in schema:
        name = field["name"]
        if field.get("type") == "expandable":
            inner = {row["name"] for row in field["schema"]}
            form[name] = {key: values[key] for key in _MORE if key in inner}
        elif values.get(name) is not None:
            # The address of an EMS module is a text, every other a number.
            form[name] = str(values[name]) if "text" in field.get("selector", {}) else values[name]
    return form


async def show_export(client: Client, scenario: Scenario) -> None:
    """Enable the sensor of what the mains take back, as users with sun on the roof do; it is off at first."""
    if not any(node.shape == "sun" for node in scenario.tree.children):
        return
    found = await _statistics(client)
    mains = [device.name for device in scenario.devices if device.at == scenario.tree.name]
    meter = next((name for name in mains if "energy_import" in found.get(name, {})), None)
    devices = {row["id"]: row["name"] for row in await client.command("config/device_registry/list")}
    for entity in await client.command("config/entity_registry/list"):
        own = entity["platform"] == DOMAIN and devices.get(entity["device_id"]) == meter
        if own and _key(entity) == "energy_export" and entity["disabled_by"] == "integration":
            await client.command("config/entity_registry/update", entity_id=entity["entity_id"], disabled_by=None)
            await client.post(f"/api/config/config_entries/entry/{entity['config_entry_id']}/reload", {})


async def show_costs(client: Client, scenario: Scenario, limit: float = 20) -> None:
    """Enable the sensors of what the mains cost and bring in, for the energy dashboard; they are off at first.

    ``limit``: s to wait for them; where nothing has a price there are none.
    """
    mains = {device.name for device in scenario.devices if device.at == scenario.tree.name}
    devices = {row["id"]: row["name"] for row in await client.command("config/device_registry/list")}
    found: list[dict[str, Any]] = []
    with suppress(TimeoutError):
        async with asyncio.timeout(limit):
            while not found:
                await asyncio.sleep(_LOOK_EVERY)
                entities = await client.command("config/entity_registry/list")
                own = [row for row in entities if row["platform"] == DOMAIN and devices.get(row["device_id"]) in mains]
                found = [row for row in own if _key(row) in _MONEY]
    off = [row for row in found if row["disabled_by"] == "integration"]
    for row in off:
        await client.command("config/entity_registry/update", entity_id=row["entity_id"], disabled_by=None)
    for entry_id in {row["config_entry_id"] for row in off}:
        await client.post(f"/api/config/config_entries/entry/{entry_id}/reload", {})


async def fill_energy_dashboard(client: Client, scenario: Scenario) -> None:
    """Put the scenario into the energy dashboard, each meter behind the one that feeds it; keep what is there.

    What comes from outside is added by the integration's own action, with its costs.
    """
    with suppress(RefusedError):  # where nothing was ever saved
        preferences = await client.command("energy/get_prefs")
        if preferences["energy_sources"] or preferences["device_consumption"]:
            return
    statistics = await _statistics(client)
    measured = [device for device in scenario.devices if "energy_import" in statistics.get(device.name, {})]
    counting: dict[str, str] = {}
    for device in measured:
        counting.setdefault(device.at, device.name)
    feeders = _feeders(scenario, counting)
    suns = {node.name for node in scenario.tree.children if node.shape == "sun"}
    first = [device for device in measured if device.name in feeders and feeders[device.name] is None]
    await _add_mains(client, [device.name for device in first if device.at not in suns])
    consumers = {
        device.name: {"stat_consumption": statistics[device.name]["energy_import"], "name": device.name}
        | _rate(statistics[device.name])
        for device in measured
        if feeders.get(device.name) is not None
    }
    for name, row in consumers.items():
        if (feeder := consumers.get(feeders[name] or "")) is not None:
            row["included_in_stat"] = feeder["stat_consumption"]
    # A meter of the sun that is not wired downstream counts production as export.
    solar = [
        {"type": "solar", "stat_energy_from": statistics[device.name]["energy_import"]} | _rate(statistics[device.name])
        for device in first
        if device.at in suns and device.supply == "downstream"
    ]
    sources = (await client.command("energy/get_prefs"))["energy_sources"]
    await client.command(
        "energy/save_prefs", energy_sources=[*sources, *solar], device_consumption=list(consumers.values())
    )


async def _add_mains(client: Client, names: Sequence[str]) -> None:
    """Have the integration add grid, gas and water; ``names``: the meters of the mains."""
    devices = {row["name"]: row["id"] for row in await client.command("config/device_registry/list")}
    for more in [{"device_id": devices[name]} for name in names] or [{}]:
        await client.action(DOMAIN, "add_to_energy_dashboard", devices=False, **more)


def _rate(found: Mapping[str, str]) -> dict[str, str]:
    """Return the power sensor, where the device has one: the energy dashboard shows what flows now."""
    return {"stat_rate": found["power"]} if "power" in found else {}


def _feeders(scenario: Scenario, counting: Mapping[str, str]) -> dict[str, str | None]:
    """Return the device that measures what feeds each device that counts; None for the mains and for the sun.

    ``counting``: the device that counts the energy of a branch, by the branch.
    """
    feeders: dict[str, str | None] = {}

    def walk(node: NodeSpec, feeder: str | None) -> None:
        """Go down a branch with the nearest counting device above it."""
        own = counting.get(node.name)
        if own is not None:
            feeders[own] = None if node.shape == "sun" else feeder
        for child in node.children:
            walk(child, own or feeder)

    walk(scenario.tree, None)
    return feeders


async def _statistics(client: Client) -> dict[str, dict[str, str]]:
    """Return the enabled sensors of each device by quantity."""
    entities = await client.command("config/entity_registry/list")
    devices = {row["id"]: row["name"] for row in await client.command("config/device_registry/list")}
    found: dict[str, dict[str, str]] = {}
    for entity in entities:
        if entity["platform"] == DOMAIN and entity["device_id"] and not entity["disabled_by"]:
            found.setdefault(devices[entity["device_id"]], {})[_key(entity)] = entity["entity_id"]
    return found


def _key(entity: Mapping[str, Any]) -> str:
    """Return the quantity that a device's entity shows."""
    return str(entity["unique_id"].split("_", 1)[-1])


async def without_values(client: Client, scenario: Scenario) -> list[str]:
    """Return the devices of a scenario none of whose sensors has a number; not those that the user switched off."""
    entities = await client.command("config/entity_registry/list")
    states = {state["entity_id"]: state["state"] for state in await client.command("get_states")}
    # Asked last, it knows every device that an entity names.
    devices = {row["id"]: row for row in await client.command("config/device_registry/list")}
    well = {row["name"] for row in devices.values() if row["disabled_by"]}
    for entity in entities:
        number = states.get(entity["entity_id"], "unavailable") not in ("unavailable", "unknown")
        if number and entity["platform"] == DOMAIN and entity["config_subentry_id"]:
            well.add(devices[entity["device_id"]]["name"])
    return [device.name for device in scenario.devices if device.name not in well]
