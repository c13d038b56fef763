"""32 meters behind one line: the scenario, what is read of them, and the time that takes on the wire.

This module owns that line, and polls it at the level of the bus room, without Home Assistant.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

from modbus_connection import ModbusTcpParams
from modbus_connection.tmodbus import ModbusConnection

from custom_components.legrand_ews.bus import (
    FRAME_INTERVAL,
    Link,
    Priority,
    Target,
    UnitClient,
    UnitReader,
    UnitSilentError,
    rows_of,
)
from custom_components.legrand_ews.catalog import QUANTITIES, Catalog
from custom_components.legrand_ews.device import DeviceConfig, resolve
from plant.line import READ_REQUEST_BYTES, Mode, Timing, read_response_bytes
from plant.scenario import read_scenario

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import TracebackType

    from custom_components.legrand_ews.bus import Block
    from custom_components.legrand_ews.catalog import Register
    from custom_components.legrand_ews.device import Device
    from plant.scenario import Scenario

METERS: Final = 32
MODEL: Final = "412045"
FRONT: Final = range(0x1000, 0x1029)
"""The block with a meter's main values."""
TIMING: Final = Timing(mode=Mode.RTU, baudrate=19200, parity="E")
INTERVAL: Final = 1.0
"""s between the polls of a unit, where nothing else holds them up: less than any cycle here."""


def scenario_of(gateways: int = 1, models: Sequence[str] = (MODEL,) * METERS) -> Scenario:
    """Return gateways with these models each, at addresses from 1 on."""
    places = [
        (gateway, address, model) for gateway in range(1, gateways + 1) for address, model in enumerate(models, 1)
    ]
    loads = [
        {"name": f"Circuit {gateway}-{address}", "shape": "office_sockets", "peak": 5000, "phases": [1, 2, 3]}
        for gateway, address, _ in places
    ]
    devices = [
        {
            "name": f"Device {gateway}-{address}",
            "model": model,
            "address": address,
            "at": f"Circuit {gateway}-{address}",
        }
        for gateway, address, model in places
    ]
    rows = [devices[first : first + len(models)] for first in range(0, len(devices), len(models))]
    data = {
        "tree": {"name": "Mains", "children": loads},
        "gateways": [
            {"name": f"Line {place}", "area": f"Panel {place}", "devices": here} for place, here in enumerate(rows, 1)
        ],
    }
    return read_scenario("bench", data)


def meter(catalog: Catalog) -> Device:
    """Return the device that all are."""
    return resolve(catalog, DeviceConfig(id="meter", name="Meter", model=MODEL, address=1))


def shown(device: Device) -> frozenset[str]:
    """Return the quantities whose entities are enabled unless somebody disables them."""
    return frozenset(key for key in device.keys if key in QUANTITIES and QUANTITIES[key].daily)


def front(device: Device) -> frozenset[str]:
    """Return the quantities of the front block."""
    assert device.profile is not None  # noqa: S101 -- the model has a map
    measures = device.profile.measures
    return frozenset(
        key
        for key, row in device.keys.items()
        if all(part.address in FRONT and part.address + part.words - 1 in FRONT for part in measures[row].parts)
    )


def target(device: Device, quantities: Iterable[str], *, counters: bool = True) -> Target:
    """Return what a poll reads for these quantities: with the counters, which the coordinator always reads."""
    assert device.profile is not None  # noqa: S101 -- the model has a map
    keys = device.keys
    wanted = {*quantities, *(device.counters if counters else ())}
    return Target(profile=device.profile, keys=frozenset(keys[key] for key in wanted))


def registers(wanted: Target) -> list[Register]:
    """Return the registers that every poll of a target needs, settings left out."""
    rows = (row for row in rows_of(wanted.profile, wanted.keys) if not row.slow)
    return sorted(set(rows), key=lambda row: row.address)


def wire_time(blocks: Iterable[Block], frame_interval: float = FRAME_INTERVAL) -> float:
    """Return the s that requests take on the line with their pauses: bytes, turn-around, frame interval."""
    return sum(longest_request([block]) + frame_interval for block in blocks)


def longest_request(blocks: Iterable[Block]) -> float:
    """Return the s of the longest request without its pause."""
    return max(TIMING.transaction(READ_REQUEST_BYTES, read_response_bytes(block.count)) for block in blocks)


class Line:
    """Polls some units of one gateway over and over while entered, as the coordinators do."""

    def __init__(self, port: int, wanted: Target, units: Iterable[int]) -> None:
        """Name the gateway's port, what to read and of whom."""
        self.link = Link()
        self.silence = asyncio.Event()
        """Set once a unit did not answer."""
        self._connection = ModbusConnection(ModbusTcpParams(host="127.0.0.1", port=port))
        self._wanted = wanted
        self.clients = {unit: UnitClient(self.link, self._connection.for_unit(unit)) for unit in units}
        self.readers = {unit: UnitReader(client) for unit, client in self.clients.items()}
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """Begin."""
        self._tasks = [asyncio.create_task(self._poll(reader)) for reader in self.readers.values()]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        await self._connection.close()

    async def _poll(self, reader: UnitReader) -> None:
        """Poll one unit."""
        while True:
            try:
                await reader.read([self._wanted], Priority.MEASURE)
            except UnitSilentError:
                self.silence.set()
            await asyncio.sleep(INTERVAL)
