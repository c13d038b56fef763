"""The plant's command line.

This module owns options, output and the end by a signal.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
from contextlib import suppress
from datetime import datetime

from .control import serve
from .line import Mode, Timing
from .scenario import load_scenario, scenario_names
from .site import Plant


def _arguments(words: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m plant", description="A simulated panel behind real Modbus servers."
    )
    parser.add_argument(
        "--scenario", default="office", help=f"{', '.join(scenario_names())} or a YAML file (default: office)"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument(
        "--port", type=int, default=5020, help="port of the first gateway, 0: free ones (default: 5020)"
    )
    parser.add_argument("--timing", choices=list(Mode), default=Mode.INSTANT, help="time transactions take")
    parser.add_argument("--baudrate", type=int, default=19200, help="speed of the line (default: 19200)")
    parser.add_argument("--parity", choices=["E", "N", "O"], default="E", help="parity of the line (default: E)")
    parser.add_argument("--speed", type=float, default=1.0, help="simulated seconds per second (default: 1)")
    parser.add_argument("--seed", type=int, default=1, help="other seeds give other numbers (default: 1)")
    parser.add_argument("--start", type=datetime.fromisoformat, help="simulated local time at the start (default: now)")
    parser.add_argument(
        "--control", type=int, metavar="PORT", help="listen for faults on this port (see docs/plant.md)"
    )
    return parser.parse_args(words)


async def _serve(arguments: argparse.Namespace) -> None:
    """Serve until told to end."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, ended.set)
    plant = Plant(
        await asyncio.to_thread(load_scenario, arguments.scenario),
        host=arguments.host,
        base_port=arguments.port,
        timing=Timing(mode=Mode(arguments.timing), baudrate=arguments.baudrate, parity=arguments.parity),
        speed=arguments.speed,
        seed=arguments.seed,
        start=arguments.start,
    )
    async with plant:
        for gateway in plant.gateways:
            where = gateway.device or f"{arguments.host}:{gateway.port}"
            print(f"{gateway.name}: {where}, {len(gateway.spec.devices)} devices", flush=True)
        control = None
        if arguments.control is not None:
            control = await serve(plant, arguments.host, arguments.control)
            print(f"control: {arguments.host}:{control.sockets[0].getsockname()[1]}", flush=True)
        await ended.wait()
        if control is not None:
            control.close()


def run(words: list[str] | None = None) -> int:
    """Run the plant until a signal ends it; return the exit code."""
    logging.basicConfig(level=logging.WARNING)
    try:
        asyncio.run(_serve(_arguments(words)))
    except (OSError, ValueError) as error:
        print(f"plant: {error}", file=sys.stderr)
        return 1
    return 0
