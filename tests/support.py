"""What the tests of the Home Assistant side share: a small installation behind real Modbus servers, set up by hand."""

from __future__ import annotations

import asyncio
import re
import shutil
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import ConfigEntryState, ConfigSubentryDataWithId
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import (  # type: ignore[import-untyped]
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.legrand_ews.bus import Link, UnitReader
from custom_components.legrand_ews.catalog import Catalog
from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.load_choices import Choices
from plant.electrical import FlowSpec, NodeSpec
from plant.line import Timing
from plant.scenario import RTU_TCP, SERIAL, DeviceSpec, GatewaySpec, GenericSpec, Scenario
from plant.site import PROFILES, Plant

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AsyncExitStack

    import pytest
    from homeassistant.core import HomeAssistant, State

    from custom_components.legrand_ews.archive import ArchiveWriter
    from custom_components.legrand_ews.coordinator import GatewayConfigEntry
    from plant.gateway import Gateway
    from plant.unit import Unit

MONDAY = datetime(2026, 3, 2, 9, 0)  # noqa: DTZ001

TREE = NodeSpec(
    name="mains",
    children=(
        NodeSpec(name="sockets", shape="office_sockets", peak=6000),
        NodeSpec(name="lighting", shape="office_lighting", peak=2000, phases=(2,)),
        NodeSpec(name="sun", shape="sun", peak=30000),
    ),
)
FLOWS = (
    FlowSpec(name="gas pipe", shape="gas_heating", peak=4000),
    FlowSpec(name="water pipe", shape="water_office", peak=300, index=5000),
)

METER = DeviceSpec(name="Mains", model="412045", address=1, at="mains")
SOCKETS = DeviceSpec(name="Sockets", model="412045", address=2, at="sockets")
COUNTER = DeviceSpec(name="Counter", model="700043", address=3, at="sockets")
"""Has no published map: needs the plant's own as a user's."""
GENERIC = DeviceSpec(
    name="Generic",
    model="generic_modbus_meter",
    address=9,
    at="sockets",
    generic=GenericSpec(register="0x0100", factor=Decimal("0.01")),
)
"""Is read in one request."""
PULSES = DeviceSpec(
    name="Pulses",
    model="412082",
    address=6,
    position=1,
    concentrator="004687",
    at="lighting",
    pulse_weight=Decimal(10),
    pulse_unit="Wh",
)

_STORED = (
    "model",
    "address",
    "interface",
    "position",
    "concentrator",
    "side",
    "phase",
    "supply",
    "profile",
    "load",
    "pulse_unit",
)


@cache
def plain_catalog() -> Catalog:
    """The catalogue as it comes."""
    return Catalog.load()


@cache
def plant_catalog() -> Catalog:
    """The catalogue with the plant's own maps."""
    return Catalog.load(PROFILES)


def groups_of(cells: Mapping[str, str]) -> Choices:
    """Return the choices of an installation that has the groups a row of a list names."""
    names = (name.strip() for name in re.split(r"[|;]", cells.get("groups", "")))
    return Choices(groups={name: name for name in names if name})


def stored(spec: DeviceSpec) -> dict[str, Any]:
    """Return what the integration stores of a device of the plant."""
    data = {key: value for key in _STORED if (value := getattr(spec, key)) is not None}
    if spec.pulse_weight is not None:
        data["pulse_weight"] = float(spec.pulse_weight)
    if (form := spec.generic) is not None:
        data |= {"function": form.function, "register": form.register.removeprefix("0x"), "words": form.words}
        data |= {"factor": str(form.factor), "type": form.type, "word_order": form.word_order}
    return data


def subentry_id(name: str) -> str:
    """Return the id that ``Panel.entry`` gives to the subentry of a device."""
    return f"of_{name.casefold().replace(' ', '_')}"


def subentry(spec: DeviceSpec, **more: Any) -> ConfigSubentryDataWithId:
    """Return a device as the subentry of its gateway."""
    return ConfigSubentryDataWithId(
        subentry_id=subentry_id(spec.name),
        data={**stored(spec), **more},
        subentry_type="device",
        title=spec.name,
        unique_id=None,
    )


def install_profiles(hass: HomeAssistant, *names: str) -> Path:
    """Put some of the plant's maps where users keep theirs; return the folder."""
    folder = Path(hass.config.path(DOMAIN, "profiles"))
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        shutil.copy(PROFILES / f"{name}.yaml", folder)
    return folder


class Clock:
    """The time that the polls, the link and the meters see: it stands still unless a test says so."""

    def __init__(self) -> None:
        """Begin some day."""
        self.now = 1_772_000_000.0

    def __call__(self) -> float:
        """The time, s."""
        return self.now

    def inject(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Take the place of the clocks of the machine."""
        for name in ("time", "monotonic"):
            monkeypatch.setattr(f"custom_components.legrand_ews.coordinator.{name}", self)
        monkeypatch.setattr("custom_components.legrand_ews.status.monotonic", self)
        for name in ("control", "entity_port", "meter", "modbus_port", "orders"):
            monkeypatch.setattr(f"custom_components.legrand_ews.charging.{name}.monotonic", self)
        monkeypatch.setattr("custom_components.legrand_ews.charging.control.time", self)
        for name in (
            "journal",
            "history",
            "csv_tables",
            "archive_issue",
            "archive_services",
            "cost_services",
            "cost_duties",
        ):
            monkeypatch.setattr(f"custom_components.legrand_ews.{name}.time", self)
        for of in (Link, UnitReader):
            defaults: dict[str, Any] = of.__init__.__kwdefaults__  # type: ignore[assignment]
            monkeypatch.setitem(defaults, "clock", self)


class Panel:
    """A plant and the gateways of a Home Assistant under test that poll it."""

    plant: Plant

    def __init__(self, hass: HomeAssistant, clock: Clock, stack: AsyncExitStack) -> None:
        """Prepare an empty panel."""
        self.hass = hass
        self.clock = clock
        self._stack = stack

    async def serve(
        self,
        *devices: DeviceSpec,
        gateways: tuple[GatewaySpec, ...] = (),
        kind: str = "tcp",
        timeout: float = 0.02,  # noqa: ASYNC109
    ) -> Plant:
        """Start the servers: one gateway named "Panel" with these devices, or these gateways."""
        specs = gateways or (GatewaySpec(name="Panel", kind=kind, devices=devices),)
        scenario = Scenario(name="test", tree=TREE, flows=FLOWS, gateways=specs)
        plant = Plant(scenario, timing=Timing(timeout=timeout), speed=0, start=MONDAY, catalog=plant_catalog())
        self.plant = await self._stack.enter_async_context(plant)
        return self.plant

    def gateway(self, name: str | int = 0) -> Gateway:
        """Return a gateway of the plant."""
        return self.plant.gateway(name)

    def connection(self, name: str | int = 0) -> dict[str, Any]:
        """Return the entry data that lead to a gateway of the plant."""
        gateway = self.gateway(name)
        data: dict[str, Any] = {"kind": "gateway", "connection": gateway.spec.kind}
        if gateway.spec.kind == SERIAL:
            return data | {"device": gateway.device, "baudrate": 19200, "parity": "E", "stopbits": 1}
        if gateway.spec.kind == RTU_TCP:
            data["baudrate"] = 19200
        return data | {"host": self.plant.host, "port": gateway.port}

    def entry(
        self,
        name: str | int = 0,
        *,
        devices: tuple[DeviceSpec, ...] | None = None,
        settings: Mapping[str, Any] | None = None,
        **options: int,
    ) -> GatewayConfigEntry:
        """Add a gateway of the plant with its devices (or others) to Home Assistant, not set up yet.

        ``settings`` are what all devices have beside their own.
        """
        gateway = self.gateway(name)
        specs = gateway.spec.devices if devices is None else devices
        entry: GatewayConfigEntry = MockConfigEntry(
            domain=DOMAIN,
            title=gateway.name,
            data=self.connection(name),
            options={"frame_interval": 0, **options},
            subentries_data=[subentry(spec, **(settings or {})) for spec in specs],
        )
        entry.add_to_hass(self.hass)  # type: ignore[attr-defined]
        return entry

    async def set_up(
        self,
        name: str | int = 0,
        *,
        devices: tuple[DeviceSpec, ...] | None = None,
        settings: Mapping[str, Any] | None = None,
        **options: int,
    ) -> GatewayConfigEntry:
        """Add a gateway of the plant to Home Assistant, set it up and poll it once."""
        entry = self.entry(name, devices=devices, settings=settings, **options)
        await self.hass.config_entries.async_setup(entry.entry_id)
        await self.settle()
        return entry

    async def start(
        self, *devices: DeviceSpec, settings: Mapping[str, Any] | None = None, **options: int
    ) -> GatewayConfigEntry:
        """Start a plant of one gateway with these devices and set it up."""
        await self.serve(*devices)
        return await self.set_up(0, settings=settings, **options)

    async def load_integration(self) -> None:
        """Load the integration, and the gateways that Home Assistant has."""
        assert await async_setup_component(self.hass, DOMAIN, {})
        await self.settle()

    async def settle(self) -> None:
        """Let everything that was begun come to its end."""
        await self.hass.async_block_till_done(wait_background_tasks=True)

    async def wait(self, seconds: float = 10) -> None:
        """Let time pass, in the plant too; polls that are due happen once."""
        self.clock.now += seconds
        self.plant.advance(seconds)
        # A poll is put on a fraction of a second after the interval.
        async_fire_time_changed(self.hass, dt_util.utcnow() + timedelta(seconds=seconds + 1))
        await self.settle()

    async def unload_all(self) -> None:
        """Unload what is loaded, while the plant still answers."""
        for entry in self.hass.config_entries.async_loaded_entries(DOMAIN):
            await self.hass.config_entries.async_unload(entry.entry_id)

    def find(self, device: str, key: str) -> str | None:
        """Return the entity of a quantity of a device; None where there is none."""
        registry = er.async_get(self.hass)
        for platform in ("sensor", "switch", "binary_sensor", "button", "select", "number", "event"):
            if entity := registry.async_get_entity_id(platform, DOMAIN, f"{subentry_id(device)}_{key}"):
                return entity
        return None

    def entity(self, device: str, key: str) -> str:
        """Return the entity of a quantity of a device."""
        entity = self.find(device, key)
        assert entity is not None, (device, key)
        return entity

    def shown(self, device: str, key: str) -> State:
        """Return the whole state of a quantity of a device."""
        state = self.hass.states.get(self.entity(device, key))
        assert state is not None, (device, key)
        return state

    def state(self, device: str, key: str) -> str:
        """Return what a quantity of a device shows."""
        return self.shown(device, key).state

    def number(self, device: str, key: str) -> Decimal:
        """Return the number that a quantity of a device shows."""
        return Decimal(self.state(device, key))

    def link(self, entry: GatewayConfigEntry, key: str) -> str:
        """Return what an entity of a gateway shows."""
        registry = er.async_get(self.hass)
        platform = "binary_sensor" if key == "connected" else "sensor"
        entity = registry.async_get_entity_id(platform, DOMAIN, f"{entry.entry_id}_{key}")
        assert entity is not None, key
        state = self.hass.states.get(entity)
        assert state is not None, key
        return state.state

    def device(self, entry: GatewayConfigEntry, name: str | None = None) -> dr.DeviceEntry:
        """Return a gateway in the device registry, or one of its devices by its name."""
        wanted = entry.entry_id if name is None else subentry_id(name)
        device = dr.async_get(self.hass).async_get_device_by_identifier((DOMAIN, wanted), entry.entry_id)
        assert device is not None, name
        return device

    def unit(self, address: int, gateway: str | int = 0) -> Unit:
        """Return a unit of the plant."""
        return self.gateway(gateway).units[address]

    def requests_to(self, address: int, gateway: str | int = 0) -> list[tuple[int, int, int]]:
        """Return the list that takes all reads of a unit from now on: function, address, count."""
        unit, seen = self.unit(address, gateway), list[tuple[int, int, int]]()
        read = unit.read

        def noted(function: int, start: int, count: int) -> list[int]:
            """Note the read, then answer it."""
            seen.append((function, start, count))
            return read(function, start, count)

        unit.read = noted  # type: ignore[assignment, method-assign]
        return seen

    def hold(self, address: int, gateway: str | int = 0) -> asyncio.Event:
        """Let a unit take an hour for each answer; return what is set once it is asked."""
        unit, asked = self.unit(address, gateway), asyncio.Event()
        unit.faults.delay = 3600
        read = unit.read

        def noted(function: int, start: int, count: int) -> list[int]:
            """Note that somebody asks."""
            asked.set()
            return read(function, start, count)

        unit.read = noted  # type: ignore[assignment, method-assign]
        return asked


def loaded(entry: GatewayConfigEntry) -> bool:
    """Tell whether a gateway is set up."""
    return entry.state is ConfigEntryState.LOADED


def drained(writer: ArchiveWriter) -> bool:
    """Wait until all rows are written, unless that fails or is held; false after 10 s. Blocking."""

    def over() -> bool:
        """Tell whether there is nothing to wait for."""
        status = writer.status
        return not status.queued or writer.paused or status.error is not None

    with writer._wake:
        return writer._wake.wait_for(over, 10)
