"""Home Assistant as a benchmark needs it: a folder set up through the forms once, started again for the measurement.

This module owns these folders. They are kept, as setting up 255 devices takes minutes, until something that they are
made of changes.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import __version__ as home_assistant

from custom_components.legrand_ews.catalog import Catalog
from demo.client import Client
from demo.panel import DOMAIN, set_up
from demo.server import CONFIGURATION, INTEGRATION, ROOT, Server, prepare_folder
from plant.line import Timing

from .watched import WatchedPlant

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from plant.scenario import Scenario

FOLDERS: Final = ROOT / ".cache" / "bench"
PORTS: Final = {
    "empty": 15080,
    "max": 15081,
    "bus-daily": 15082,
    "bus-block": 15083,
    "bus-core": 15084,
    "bus-hasty": 15085,
}
"""Where each answers: Home Assistant keeps the port of its first start."""
_MADE: Final = "bench.json"
_OPTIONS: Final = "/api/config/config_entries/options/flow"
_SETTLED: Final = 15.0
"""s until a change of devices or options has been taken over and written."""


@dataclass(frozen=True, kw_only=True)
class Home:
    """A folder that is set up."""

    folder: Path
    enabled: frozenset[str]
    """The integration's entities that are enabled."""
    disabled: int
    """How many are not."""

    def server(self) -> Server:
        """Return a server for the folder, not started."""
        return Server(self.folder, PORTS[self.folder.name])


async def empty(name: str) -> Home:
    """Return a Home Assistant with a user and without gateways."""
    return await _prepared(name, None, 0, {}, frozenset())


async def with_gateways(
    name: str,
    scenario: Scenario,
    base_port: int,
    *,
    options: Mapping[str, object] | None = None,
    quantities: frozenset[str] = frozenset(),
) -> Home:
    """Return a Home Assistant with a scenario's gateways, on ports from ``base_port`` on.

    ``options``: what to enter into the gateways' options; ``quantities``: what to enable beside what is enabled anyway.
    """
    return await _prepared(name, scenario, base_port, options or {}, quantities)


def yaml_only(name: str, configuration: str) -> Server:
    """Return a server for a fresh folder with lines added to ``configuration.yaml``, not started."""
    folder = FOLDERS / name
    shutil.rmtree(folder, ignore_errors=True)
    prepare_folder(folder, configuration=f"{CONFIGURATION}{configuration}", profiles=())
    return Server(folder, PORTS[name])


async def running(client: Client) -> None:
    """Wait until Home Assistant has set everything up."""
    while (await client.command("get_config"))["state"] != "RUNNING":  # noqa: ASYNC110 -- another process' state
        await asyncio.sleep(0.2)


async def _prepared(
    name: str, scenario: Scenario | None, base_port: int, options: Mapping[str, object], quantities: frozenset[str]
) -> Home:
    """Return the folder of this name, set up anew unless it was made of the same."""
    folder = FOLDERS / name
    made_of = await asyncio.to_thread(_fingerprint, scenario, base_port, dict(options), sorted(quantities))
    file = folder / _MADE
    if not file.exists() or json.loads(file.read_text(encoding="utf-8"))["made_of"] != made_of:
        shutil.rmtree(folder, ignore_errors=True)
        await asyncio.to_thread(prepare_folder, folder)
        server = Server(folder, PORTS[name])
        try:
            await server.start()
            async with Client(server.url) as client:
                await client.sign_in()
                await running(client)
                entities = await _fill(client, scenario, base_port, options, quantities)
        finally:
            await server.stop()
        file.write_text(json.dumps({"made_of": made_of, **entities}), encoding="utf-8")
    made = json.loads(file.read_text(encoding="utf-8"))
    return Home(folder=folder, enabled=frozenset(made["enabled"]), disabled=made["disabled"])


def _fingerprint(*parts: object) -> str:
    """Return what differs when a folder has to be made anew: its contents, or the forms it was made through."""
    digest = hashlib.sha256(repr((home_assistant, *parts)).encode())
    for file in sorted((*INTEGRATION.glob("*_flow.py"), *INTEGRATION.glob("catalog/**/*.yaml"))):
        digest.update(file.read_bytes())
    return digest.hexdigest()


async def _fill(
    client: Client,
    scenario: Scenario | None,
    base_port: int,
    options: Mapping[str, object],
    quantities: frozenset[str],
) -> dict[str, Any]:
    """Set up what belongs into a folder; return its entities."""
    if scenario is None:
        return {"enabled": [], "disabled": 0}
    catalog = await asyncio.to_thread(Catalog.load)
    families = {number: model.family for number, model in catalog.models.items()}
    async with WatchedPlant(scenario, Timing(), base_port) as plant:
        await set_up(client, scenario, plant.ports, families, tell=lambda _: None)
        for entry in await client.command("config_entries/get", domain=DOMAIN):
            if options:
                flow = await client.post(_OPTIONS, {"handler": entry["entry_id"]})
                form = {row["name"]: row["default"] for row in flow["data_schema"] if "default" in row}
                await client.post(f"{_OPTIONS}/{flow['flow_id']}", form | dict(options))
        # A change is taken over by a reload that waits for more of them.
        await asyncio.sleep(_SETTLED)
        entities = [row for row in await client.command("config/entity_registry/list") if row["platform"] == DOMAIN]
        for row in entities:
            if row["disabled_by"] and row["unique_id"].split("_", 1)[-1] in quantities:
                await client.command("config/entity_registry/update", entity_id=row["entity_id"], disabled_by=None)
                row["disabled_by"] = None
        await asyncio.sleep(_SETTLED)
    enabled = [row["entity_id"] for row in entities if not row["disabled_by"]]
    return {"enabled": enabled, "disabled": len(entities) - len(enabled)}
