"""The whole plant: an installation, its gateways and the time that passes.

This module owns start, stop and pace.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from custom_components.legrand_ews.catalog import Catalog

from .devices import build_units
from .electrical import Installation
from .gateway import Gateway
from .line import Timing
from .scenario import Scenario, load_scenario
from .server import door_of

if TYPE_CHECKING:
    from types import TracebackType

    from .server import PtyDoor, TcpDoor
    from .station import Station
    from .unit import Unit

PROFILES: Final = Path(__file__).parent / "profiles"
"""The plant's own register maps, of products whose map is not published; user profiles for the integration."""
PACE: Final = 1.0
"""s of real time between two states of the installation."""
SLICE: Final = 20.0
"""Ticks worked off in one go, where time has to catch up."""


class Plant:
    """A simulated installation that serves its gateways while entered: ``async with Plant("office") as plant``."""

    def __init__(
        self,
        scenario: Scenario | str,
        *,
        host: str = "127.0.0.1",
        base_port: int = 0,
        timing: Timing | None = None,
        seed: int = 1,
        speed: float = 1.0,
        start: datetime | None = None,
        catalog: Catalog | None = None,
    ) -> None:
        """Prepare a plant.

        Each gateway listens on ``base_port`` plus its own port, on a free one where that is 0. ``speed`` is simulated
        seconds per second; with 0 time stands still but for ``advance``. ``start`` is naive local time, by default
        now. ``catalog`` spares loading one; it must have the plant's own maps (``PROFILES``).
        """
        self.host = host
        self.gateways: list[Gateway] = []
        self._scenario = scenario
        self._base_port = base_port
        self._timing = timing or Timing()
        self._seed = seed
        self._speed = speed
        self._start = start or datetime.now()  # noqa: DTZ005
        self._catalog = catalog
        self._doors: dict[str, TcpDoor | PtyDoor] = {}
        self._pacer: asyncio.Task[None] | None = None

    scenario: Scenario
    """What is installed, once entered."""
    installation: Installation
    """The electrical side, once entered."""

    async def __aenter__(self) -> Self:
        """Build everything and open the doors."""
        await asyncio.to_thread(self._build)
        try:
            for gateway in self.gateways:
                port = self._base_port + gateway.spec.port if self._base_port else 0
                door = self._doors[gateway.name] = door_of(gateway, self.host, port)
                await door.open()
        except OSError:
            await self._stop()
            raise
        if self._speed > 0:
            self._pacer = asyncio.create_task(self._pace(), name="plant pace")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close everything."""
        await self._stop()

    def gateway(self, name: str | int) -> Gateway:
        """Return a gateway by its name or its place in the list. Raises ``KeyError``."""
        if isinstance(name, int):
            return self.gateways[name]
        return next(gateway for gateway in self.gateways if gateway.name == name)

    def unit(self, device: str) -> Unit:
        """Return the unit that a device is, by the device's name. Raises ``KeyError``."""
        for gateway in self.gateways:
            for unit in gateway.units.values():
                if device in unit.sections:
                    return unit
        raise KeyError(device)

    def station(self, device: str) -> Station:
        """Return the charging station, or the side of one, that a device is. Raises ``KeyError``."""
        station = self.unit(device).sections[device].station
        if station is None:
            raise KeyError(device)
        return station

    def advance(self, seconds: float) -> None:
        """Let simulated time pass at once."""
        self.installation.advance(seconds)

    def drop(self, gateway: Gateway) -> None:
        """Break all connections of a gateway; clients may come back."""
        self._doors[gateway.name].drop()

    async def refuse(self, gateway: Gateway, *, refuse: bool = True) -> None:
        """Shut a gateway's door, or open it again on the same port."""
        door = self._doors[gateway.name]
        if refuse:
            door.shut()
        else:
            await door.reopen()

    def _build(self) -> None:
        """Build the installation and its units; blocking, reads files."""
        scenario = self._scenario
        self.scenario = load_scenario(scenario) if isinstance(scenario, str) else scenario
        catalog = self._catalog or Catalog.load(PROFILES)
        if catalog.errors:
            raise ValueError("; ".join(map(str, catalog.errors)))
        self.installation = Installation(
            self.scenario.tree,
            self.scenario.flows,
            seed=self._seed,
            start=self._start,
            tick=max(PACE, PACE * self._speed),
        )
        self.gateways = [
            Gateway(spec, build_units(spec, catalog, self.installation), self._timing)
            for spec in self.scenario.gateways
        ]

    async def _pace(self) -> None:
        """Let time pass."""
        loop = asyncio.get_running_loop()
        begin, last = loop.time(), 0.0
        step = SLICE * max(PACE, PACE * self._speed)
        while True:
            await asyncio.sleep(PACE)
            passed = (loop.time() - begin) * self._speed
            while last < passed:
                part = min(step, passed - last)
                self.installation.advance(part)
                last += part
                await asyncio.sleep(0)

    async def _stop(self) -> None:
        """Close the doors and stop the time."""
        if self._pacer is not None:
            self._pacer.cancel()
            with suppress(asyncio.CancelledError):
                await self._pacer
        for door in self._doors.values():
            door.drop()
            await door.shutdown()  # type: ignore[no-untyped-call]
        await asyncio.sleep(0)
