"""A charger of another make, made of Home Assistant's own helpers, and added to the installation as users add theirs.

This module owns the helpers and the words of the charger. It is no part of the simulated panel: the main meter does not
see what it draws.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from .client import RefusedError, until

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .client import Client

NAME: Final = "Guest charger"
_FLOW: Final = "/api/config/config_entries/flow"
_SUBFLOW: Final = "/api/config/config_entries/subentries/flow"
_TEMPLATE: Final = "template"
_CARS: Final = ("No car", "Wants to charge", "Full")
_RATED: Final = 16
"""A."""
_LOOK_LIMIT: Final = 20.0
"""s until a new entity has to be there."""
_HELPERS: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "car": ("input_select", {"name": f"{NAME}: car", "options": list(_CARS)}),
    "switch": ("input_boolean", {"name": f"{NAME}: release"}),
    "limit": (
        "input_number",
        {"name": f"{NAME}: limit", "min": 6, "max": _RATED, "step": 1, "unit_of_measurement": "A"},
    ),
}
"""The kind of each helper, and what its form asks for."""
_SENSORS: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "state": (
        _TEMPLATE,
        {
            "name": f"{NAME}: state",
            "state": "{{% set car = states('{car}') %}}"
            "{{{{ 'Charging' if car == 'Wants to charge' and is_state('{switch}', 'on') else car }}}}",
        },
    ),
    "current": (
        _TEMPLATE,
        {
            "name": f"{NAME}: current",
            "state": "{{{{ states('{limit}') | float(0) if is_state('{state}', 'Charging') else 0 }}}}",
            "device_class": "current",
            "state_class": "measurement",
            "unit_of_measurement": "A",
        },
    ),
    "power": (
        _TEMPLATE,
        {
            "name": f"{NAME}: power",
            "state": "{{{{ states('{current}') | float(0) * 3 * 230 }}}}",
            "device_class": "power",
            "state_class": "measurement",
            "unit_of_measurement": "W",
        },
    ),
    "energy": (
        "integration",
        {
            "name": f"{NAME}: energy",
            "source": "{power}",
            "method": "left",
            "round": 3,
            "unit_prefix": "k",
            "unit_time": "h",
            "max_sub_interval": {"seconds": 10},
        },
    ),
}
"""The integration of each sensor, and what its form asks for; in braces the entities made before."""
_STATES: Final = {"free": ["No car"], "waiting": ["Wants to charge"], "charging": ["Charging"], "done": ["Full"]}


async def add_charger(client: Client, entry_id: str) -> bool:
    """Add the charger to the installation; tell whether there was none yet. Raises ``RefusedError``."""
    rows = await client.command("config_entries/subentries/list", entry_id=entry_id)
    if any(row["title"] == NAME for row in rows):
        return False
    entities = {key: await _helper(client, kind, form) for key, (kind, form) in _HELPERS.items()}
    for key, (domain, form) in _SENSORS.items():
        entities[key] = await _sensor(client, domain, _filled(form, entities))
    flow = await client.post(_SUBFLOW, {"handler": [entry_id, "charger"]})
    path = f"{_SUBFLOW}/{flow['flow_id']}"
    shown = await client.post(
        path,
        {
            "name": NAME,
            "state_entity": entities["state"],
            "limit_entity": entities["limit"],
            "switch_entity": entities["switch"],
            "current_entities": [entities["current"]],
            "power_entity": entities["power"],
            "energy_entity": entities["energy"],
            "rated_current": _RATED,
            "phases": "l1_l2_l3",
        },
    )
    if shown["type"] == "form" and shown["step_id"] == "states":
        shown = await client.post(path, dict(_STATES))
    if shown["type"] != "create_entry":
        raise RefusedError(f"{NAME}: {shown.get('errors')} {shown.get('description_placeholders')}")
    return True


async def _helper(client: Client, kind: str, form: Mapping[str, Any]) -> str:
    """Return the entity of a helper, made where there is none of its name."""
    known = {row["name"]: row["id"] for row in await client.command(f"{kind}/list")}
    made = known.get(form["name"]) or (await client.command(f"{kind}/create", **form))["id"]
    return await _entity(client, kind, made)


def _filled(form: Mapping[str, Any], entities: Mapping[str, str]) -> dict[str, Any]:
    """Return a form with entities in the place of their keys."""
    return {key: value.format(**entities) if isinstance(value, str) else value for key, value in form.items()}


async def _sensor(client: Client, domain: str, form: Mapping[str, Any]) -> str:
    """Return the entity of a sensor of another integration, made where there is none of its name."""
    known = {row["title"]: row["entry_id"] for row in await client.command("config_entries/get", domain=domain)}
    if (made := known.get(form["name"])) is None:
        flow = await client.post(_FLOW, {"handler": domain})
        path = f"{_FLOW}/{flow['flow_id']}"
        if flow["type"] == "menu":
            await client.post(path, {"next_step_id": "sensor"})
        shown = await client.post(path, dict(form))
        if shown["type"] != "create_entry":
            raise RefusedError(f"{form['name']}: {shown.get('errors')}")
        made = str(shown["result"]["entry_id"])
    return await _entity(client, domain, made)


async def _entity(client: Client, platform: str, unique_id: str) -> str:
    """Return an entity by its id in its integration, once it has a state. Raises ``RefusedError`` past a limit."""
    entity_id, _ = await until(partial(client.state_of, platform, unique_id), _LOOK_LIMIT, f"{platform} {unique_id}")
    return entity_id
