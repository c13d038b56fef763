"""Home Assistant as a benchmark needs it: a folder set up through the forms once, started again for the measurement.

This module owns these folders. They are kept, as setting up 255 devices takes minutes, until something that they are
made of changes.
"""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
import json
import shutil
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import __version__ as home_assistant

from demo.client import Client
from demo.panel import DOMAIN, add_gateway
from demo.server import CONFIGURATION, INTEGRATION, ROOT, Server, prepare_folder
from plant.line import Timing
from plant.site import PROFILES

from .watched import WatchedPlant

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Mapping
    from pathlib import Path

    from plant.scenario import GatewaySpec, Scenario

FOLDERS: Final = ROOT / ".cache" / "bench"
PORTS: Final = {
    "empty": 15080,
    "max": 15081,
    "bus-daily": 15082,
    "bus-block": 15083,
    "bus-core": 15084,
    "bus-hasty": 15085,
    "states": 15086,
    "alarms": 15087,
    "overload-19200": 15088,
    "overload-9600": 15089,
    "dashboard": 15090,
}
"""Where each answers: Home Assistant keeps the port of its first start."""
PROBE: Final = "bench_probe"
START_LIMIT: Final = 300.0
_PROBE: Final = ROOT / "bench" / "probe"
_MADE: Final = "bench.json"
_FLOW: Final = "/api/config/config_entries/flow"
OPTIONS: Final = "/api/config/config_entries/options/flow"
_COLUMNS: Final = ("model", "address", "name", "load", "exclude_from_totals", "allow_commands")
_FORMS: Final = ("*_flow.py", "*_form.py", "*_options.py", "device_list*.py", "catalog/**/*.yaml")
_LOOK: Final = 0.5
"""s between two looks at the states: they cost Home Assistant time too."""
_UNAVAILABLE: Final = "unavailable"
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


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a folder is set up with."""

    scenario: Scenario | None = None
    """The gateways; None for none."""
    base_port: int = 0
    """Port of the first of them."""
    options: Mapping[str, object]
    """What to enter into the gateways' options."""
    quantities: frozenset[str] = frozenset()
    """What to enable beside what is enabled anyway."""
    commanded: frozenset[str] = frozenset()
    """Models that may be commanded."""
    probe: bool = False
    """Whether Home Assistant times its own event loop, see ``probe``."""


async def empty(name: str) -> Home:
    """Return a Home Assistant with a user and without gateways."""
    return await _prepared(name, Content(options={}))


async def with_gateways(
    name: str,
    scenario: Scenario,
    base_port: int,
    *,
    options: Mapping[str, object] | None = None,
    quantities: frozenset[str] = frozenset(),
    commanded: frozenset[str] = frozenset(),
    probe: bool = False,
) -> Home:
    """Return a Home Assistant with a scenario's gateways and the installation; see ``Content``."""
    content = Content(
        scenario=scenario,
        base_port=base_port,
        options=options or {},
        quantities=quantities,
        commanded=commanded,
        probe=probe,
    )
    return await _prepared(name, content)


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


@asynccontextmanager
async def started(place: Home) -> AsyncIterator[tuple[Client, Server]]:
    """Run a folder until the end of the block, signed in and with all its entities available."""
    server = place.server()
    begin = monotonic()
    try:
        await server.start()
        async with Client(server.url) as client:
            await client.sign_in()
            await until_available(client, place.enabled, begin)
            await running(client)
            yield client, server
    finally:
        await server.stop()


async def until_available(client: Client, expected: frozenset[str], begin: float) -> float:
    """Return the s since ``begin`` when all expected entities were available.

    Raises ``RuntimeError`` past the limit.
    """
    while True:
        asked = monotonic()
        states = {row["entity_id"]: row["state"] for row in await client.command("get_states")}
        missing = [name for name in expected if states.get(name, _UNAVAILABLE) == _UNAVAILABLE]
        if not missing:
            return monotonic() - begin
        if asked - begin > START_LIMIT:
            raise RuntimeError(f"{len(missing)} entities are not available, {missing[0]} among them")
        await asyncio.sleep(_LOOK)


async def entities_of(client: Client, key: str) -> dict[str, str]:
    """Return the enabled entities of what ``key`` names (``breaker``), by the name of their device."""
    devices = {row["id"]: row["name"] for row in await client.command("config/device_registry/list")}
    return {
        devices[row["device_id"]]: row["entity_id"]
        for row in await client.command("config/entity_registry/list")
        if row["platform"] == DOMAIN and not row["disabled_by"] and row["unique_id"].split("_", 1)[-1] == key
    }


async def _prepared(name: str, content: Content) -> Home:
    """Return the folder of this name, set up anew unless it was made of the same."""
    folder = FOLDERS / name
    made_of = await asyncio.to_thread(_fingerprint, content)
    file = folder / _MADE
    if not file.exists() or json.loads(file.read_text(encoding="utf-8"))["made_of"] != made_of:
        await asyncio.to_thread(_prepare, folder, content)
        server = Server(folder, PORTS[name])
        try:
            await server.start()
            async with Client(server.url) as client:
                await client.sign_in()
                await running(client)
                entities = await _fill(client, content)
        finally:
            await server.stop()
        file.write_text(json.dumps({"made_of": made_of, **entities}), encoding="utf-8")
    made = json.loads(file.read_text(encoding="utf-8"))
    return Home(folder=folder, enabled=frozenset(made["enabled"]), disabled=made["disabled"])


def _prepare(folder: Path, content: Content) -> None:
    """Make the folder anew, with the probe where it is wanted."""
    shutil.rmtree(folder, ignore_errors=True)
    prepare_folder(folder, configuration=f"{CONFIGURATION}{PROBE}:\n" if content.probe else CONFIGURATION)
    if content.probe:
        (folder / "custom_components" / PROBE).symlink_to(_PROBE, target_is_directory=True)


def _fingerprint(content: Content) -> str:
    """Return what differs when a folder has to be made anew: its contents, or the forms it was made through."""
    plain = (content.scenario, content.base_port, dict(content.options), content.probe)
    digest = hashlib.sha256(
        repr((home_assistant, *plain, sorted(content.quantities), sorted(content.commanded))).encode()
    )
    for file in sorted((*(file for form in _FORMS for file in INTEGRATION.glob(form)), *PROFILES.glob("*.yaml"))):
        digest.update(file.read_bytes())
    return digest.hexdigest()


async def _fill(client: Client, content: Content) -> dict[str, Any]:
    """Set up what belongs into a folder; return its entities."""
    if content.scenario is None:
        return {"enabled": [], "disabled": 0}
    async with WatchedPlant(content.scenario, Timing(), content.base_port) as plant:
        await _add_installation(client)
        for gateway, port in zip(content.scenario.gateways, plant.ports, strict=True):
            area = await client.command("config/area_registry/create", name=gateway.area)
            entry_id = await add_gateway(client, gateway, port, area["area_id"])
            if content.options:
                form = await chosen(client, entry_id, "polling")
                known = {row["name"]: row["default"] for row in form["data_schema"] if "default" in row}
                await client.post(f"{OPTIONS}/{form['flow_id']}", known | dict(content.options))
            await _add_devices(client, entry_id, gateway, content.commanded)
        # A change is taken over by a reload that waits for more of them.
        await asyncio.sleep(_SETTLED)
        entities = [row for row in await client.command("config/entity_registry/list") if row["platform"] == DOMAIN]
        for row in entities:
            if row["disabled_by"] and row["unique_id"].split("_", 1)[-1] in content.quantities:
                await client.command("config/entity_registry/update", entity_id=row["entity_id"], disabled_by=None)
                row["disabled_by"] = None
        await asyncio.sleep(_SETTLED)
    enabled = [row["entity_id"] for row in entities if not row["disabled_by"]]
    return {"enabled": enabled, "disabled": len(entities) - len(enabled)}


async def _add_installation(client: Client) -> None:
    """Fill in the installation's form."""
    flow = await client.post(_FLOW, {"handler": DOMAIN})
    flow = await client.post(f"{_FLOW}/{flow['flow_id']}", {"next_step_id": "installation"})
    await client.post(f"{_FLOW}/{flow['flow_id']}", {})


async def chosen(client: Client, entry_id: str, choice: str) -> dict[str, Any]:
    """Open an entry's menu, choose, and return the form behind it."""
    flow = await client.post(OPTIONS, {"handler": entry_id})
    form: dict[str, Any] = await client.post(f"{OPTIONS}/{flow['flow_id']}", {"next_step_id": choice})
    return form


async def _add_devices(client: Client, entry_id: str, gateway: GatewaySpec, commanded: Collection[str]) -> None:
    """Add a gateway's devices by its list.

    Raises ``RuntimeError`` where the list is not taken.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for device in gateway.devices:
        switches = (device.exclude_from_totals, device.model in commanded)
        told = ("yes" if switch else "" for switch in switches)
        writer.writerow((device.model, device.address, device.name, device.load or "", *told))
    flow = await chosen(client, entry_id, "import_list")
    flow = await client.post(f"{OPTIONS}/{flow['flow_id']}", {"list": text.getvalue()})
    if flow["step_id"] != "import_confirm":
        raise RuntimeError(f"{gateway.name}: {flow['description_placeholders']['problems']}")
    await client.post(f"{OPTIONS}/{flow['flow_id']}", {})
