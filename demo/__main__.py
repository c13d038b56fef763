"""``python -m demo``: the simulated panel and a Home Assistant that polls it, until Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from plant.site import PROFILES, Plant

from custom_components.legrand_ews.catalog import Catalog
from plant.line import Mode, Timing
from plant.scenario import load_scenario, scenario_names

from .client import PASSWORD, USER, Client, RefusedError
from .panel import fill_energy_dashboard, set_up, without_values
from .server import ROOT, HomeAssistantError, Server, prepare_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

_FOLDER: Final = ROOT / "demo-config"
_VALUES_LIMIT: Final = 120.0


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
    parser.add_argument("--plant-port", type=int, default=5020, help="first port of the gateways (%(default)s)")
    parser.add_argument("--timing", choices=("instant", "rtu"), default="rtu", help="how fast the simulated lines are")
    parser.add_argument("--speed", type=float, default=1.0, help="simulated seconds per second (default: %(default)s)")
    parser.add_argument("--headless-check", action="store_true", help="start, check every device has values, stop")
    return parser.parse_args(given)


async def run(options: argparse.Namespace) -> int:
    """Start everything, keep it running, end everything; return the exit code."""
    scenario = await asyncio.to_thread(load_scenario, options.scenario)
    folder = (options.config or _FOLDER / scenario.name).resolve()
    _remember(folder, scenario.name, options)
    await asyncio.to_thread(prepare_folder, folder)
    catalog = await asyncio.to_thread(Catalog.load, PROFILES)
    server = Server(folder, options.port)
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    plant = Plant(
        scenario,
        base_port=options.plant_port,
        timing=Timing(mode=Mode(options.timing)),
        speed=options.speed,
        catalog=catalog,
    )
    try:
        async with plant:
            print(f"Starting Home Assistant, the first time takes a minute ... ({server.log})", flush=True)
            await server.start()
            async with Client(server.url) as client:
                await client.sign_in(options.language)
                families = {number: model.family for number, model in catalog.models.items()}
                await set_up(client, scenario, [gateway.port for gateway in plant.gateways], families)
                missing = await _wait_for_values(client, server, stopped)
                await fill_energy_dashboard(client, scenario)
            if options.headless_check:
                return _verdict(missing, server)
            print(f"\n  {server.url}\n  user {USER}, password {PASSWORD}\n\nCtrl-C ends it.", flush=True)
            await _until(stopped, server)
    finally:
        await server.stop()
    return 0


def _remember(folder: Path, scenario: str, options: argparse.Namespace) -> None:
    """Keep to the scenario and ports a folder was made with: its gateways point there."""
    file = folder / "demo.json"
    if file.exists():
        made = json.loads(file.read_text(encoding="utf-8"))
        if made["scenario"] != scenario:
            raise HomeAssistantError(
                f"{folder} was made for the scenario {made['scenario']}: remove it, or name another one with --config"
            )
        options.plant_port = made["plant_port"]
        return
    for place in range(16):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", options.plant_port + place))
            except OSError as err:
                port = options.plant_port + place
                raise HomeAssistantError(f"port {port} is taken ({err}): name another one with --plant-port") from err
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"scenario": scenario, "plant_port": options.plant_port}), encoding="utf-8")


async def _wait_for_values(client: Client, server: Server, stopped: asyncio.Event) -> list[str]:
    """Wait until every device shows a number; return those that do not within the limit."""
    limit = asyncio.get_running_loop().time() + _VALUES_LIMIT
    while True:
        server.check()
        missing = await without_values(client)
        if not missing or stopped.is_set() or asyncio.get_running_loop().time() > limit:
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


async def _until(stopped: asyncio.Event, server: Server) -> None:
    """Wait for Ctrl-C, or for Home Assistant to end by itself."""
    ended = asyncio.ensure_future(server.wait())
    waiting = asyncio.ensure_future(stopped.wait())
    await asyncio.wait({ended, waiting}, return_when=asyncio.FIRST_COMPLETED)
    for task in (ended, waiting):
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    if not stopped.is_set():
        server.check()


def main() -> int:
    """Run the command."""
    try:
        return asyncio.run(run(arguments()))
    except (HomeAssistantError, RefusedError, ValueError, OSError) as err:
        print(f"demo: {err}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
