"""The demo's command line: the simulated panel and a Home Assistant that polls it, until Ctrl-C.

This module owns options, order and the end by a signal.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from custom_components.legrand_ews.catalog import Catalog
from plant.control import serve
from plant.line import Mode, Timing
from plant.scenario import load_scenario, scenario_names
from plant.site import PROFILES, Plant

from .charging import plug_cars, set_up_charging, stations_of
from .client import PASSWORD, USER, Client, RefusedError
from .dashboard import add_dashboard
from .history import DAYS, MOST_DAYS, fill_history, joining
from .panel import fill_energy_dashboard, set_up, show_export, without_values
from .server import ROOT, HomeAssistantError, Server, port_is_free, prepare_folder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from plant.scenario import Scenario

_FOLDER: Final = ROOT / "demo-config"
_VALUES_LIMIT: Final = 120.0
_INTERRUPTED: Final = 130
"""The exit code of a check that a signal ended, as shells have it."""


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/demo",
        description="A simulated panel behind real Modbus TCP gateways, and a Home Assistant that polls it.",
    )
    parser.add_argument("--port", type=int, default=8123, help="port of Home Assistant (default: %(default)s)")
    parser.add_argument("--config", type=Path, help="folder of Home Assistant (default: demo-config/SCENARIO)")
    parser.add_argument("--scenario", default="office", help=f"one of {', '.join(scenario_names())}, or a file")
    parser.add_argument("--language", default="en", help="language of the user (default: %(default)s)")
    parser.add_argument("--plant-port", type=int, default=5020, help="port of the first gateway (default: %(default)s)")
    parser.add_argument("--timing", choices=("instant", "rtu"), default="rtu", help="speed of the lines (default: rtu)")
    parser.add_argument("--speed", type=float, default=1.0, help="simulated seconds per second (default: %(default)s)")
    parser.add_argument(
        "--history",
        type=_days,
        default=DAYS,
        metavar="DAYS",
        help="days of simulated past for a new folder, 0 for none (default: %(default)s)",
    )
    parser.add_argument(
        "--cars",
        type=_cars,
        default=0,
        metavar="N",
        help="cars at the first free charging stations, besides those that come by the hour (default: %(default)s)",
    )
    parser.add_argument("--control", type=int, metavar="PORT", help="listen for faults and trips on this port")
    parser.add_argument("--headless-check", action="store_true", help="start, check every device has values, stop")
    return parser.parse_args(given)


def _days(text: str) -> int:
    """Read a number of days; raises ``ValueError`` where meters were not yet counting."""
    if not 0 <= (days := int(text)) <= MOST_DAYS:
        raise argparse.ArgumentTypeError(f"not from 0 to {MOST_DAYS}")
    return days


def _cars(text: str) -> int:
    """Read a number of cars."""
    if (cars := int(text)) < 0:
        raise argparse.ArgumentTypeError("not below 0")
    return cars


async def run(options: argparse.Namespace) -> int:
    """Start everything, keep it running, end everything; return the exit code.

    The first SIGINT or SIGTERM ends it, whatever it is at.
    """
    work = asyncio.ensure_future(_run(options))
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    telling = asyncio.ensure_future(told.wait())
    await asyncio.wait({work, telling}, return_when=asyncio.FIRST_COMPLETED)
    telling.cancel()
    if told.is_set():
        print("Ending ...", flush=True)
        work.cancel()
    try:
        return await work
    except asyncio.CancelledError:
        return _INTERRUPTED if options.headless_check else 0


async def _run(options: argparse.Namespace) -> int:
    """Start everything and keep it running until cancelled; end everything."""
    scenario = await asyncio.to_thread(load_scenario, options.scenario)
    folder = (options.config or _FOLDER / scenario.name).resolve()
    catalog = await asyncio.to_thread(Catalog.load, PROFILES)
    stations = stations_of(scenario, catalog)
    if options.cars > len(stations):
        raise ValueError(f"--cars {options.cars}: {scenario.name} has {len(stations)} plugs on charging stations")
    _remember(folder, scenario, options)
    await asyncio.to_thread(prepare_folder, folder)
    server = Server(folder, options.port)
    started = time.time()
    plant = Plant(
        scenario,
        base_port=options.plant_port,
        timing=Timing(mode=Mode(options.timing)),
        speed=options.speed,
        catalog=catalog,
    )
    try:
        async with plant, _control(plant, options.control):
            print(f"Starting Home Assistant, the first time takes a minute ... ({server.log})", flush=True)
            await server.start()
            async with Client(server.url) as client:
                await client.sign_in(options.language)
                await client.wait_until_running()
                families = {number: model.family for number, model in catalog.models.items()}
                await set_up(client, scenario, [gateway.port for gateway in plant.gateways], families)
                missing = await _wait_for_values(client, server, scenario)
                await show_export(client, scenario)
                await set_up_charging(client, scenario, stations)
                await fill_history(client, plant, catalog, folder, days=options.history, started=started)
                await fill_energy_dashboard(client, scenario)
                await add_dashboard(client)
                if options.headless_check:
                    return _verdict(missing, server)
                if plugged := plug_cars(plant, stations, options.cars):
                    print(f"Cars at {', '.join(plugged)}", flush=True)
                print(f"\n  {server.url}\n  user {USER}, password {PASSWORD}\n\nCtrl-C ends it.", flush=True)
                async with joining(client, folder):
                    await server.wait()
            server.check()
    finally:
        await server.stop()
    return 0


@asynccontextmanager
async def _control(plant: Plant, port: int | None) -> AsyncIterator[None]:
    """Let faults and trips be made over a port, where one is named."""
    if port is None:
        yield
        return
    async with await serve(plant, plant.host, port):
        yield


def _remember(folder: Path, scenario: Scenario, options: argparse.Namespace) -> None:
    """Keep to the scenario and ports a folder was made with: its gateways point there.

    Raises ``HomeAssistantError``, with nothing written, where the folder is another scenario's or a port is taken.
    """
    file = folder / "demo.json"
    other = "name another one with --plant-port"
    if file.exists():
        made = json.loads(file.read_text(encoding="utf-8"))
        if made["scenario"] != scenario.name:
            raise HomeAssistantError(
                f"{folder} was made for the scenario {made['scenario']}: remove it, or name another one with --config"
            )
        options.plant_port = made["plant_port"]
        other = f"{folder} was made for it; end what uses it, or name another folder with --config"
    for gateway in scenario.gateways:
        if not port_is_free(port := options.plant_port + gateway.port):
            raise HomeAssistantError(f"port {port} of a simulated gateway is taken: {other}")
    for option in ("port", "control"):
        port = getattr(options, option)
        if port is not None and not port_is_free(port):
            raise HomeAssistantError(f"port {port} is taken: name another one with --{option}")
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"scenario": scenario.name, "plant_port": options.plant_port}), encoding="utf-8")


async def _wait_for_values(client: Client, server: Server, scenario: Scenario) -> list[str]:
    """Wait until every device shows a number; return those that do not within the limit."""
    limit = asyncio.get_running_loop().time() + _VALUES_LIMIT
    while True:
        server.check()
        missing = await without_values(client, scenario)
        if not missing or asyncio.get_running_loop().time() > limit:
            return missing
        await asyncio.sleep(1)


def _verdict(missing: list[str], server: Server) -> int:
    """Say how the check went; 0 where all is well."""
    faults = server.faults()
    for name in missing:
        print(f"no values: {name}")
    for line in faults:
        print(f"in the log: {line}")
    print("every device has values, the log has no error" if not missing and not faults else "the check failed")
    return 1 if missing or faults else 0


def main() -> int:
    """Run the command."""
    try:
        return asyncio.run(run(arguments()))
    except (HomeAssistantError, RefusedError, ValueError, OSError) as err:
        print(f"demo: {err}", file=sys.stderr)
        return 1
