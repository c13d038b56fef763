"""A car park of the plant under a load manager: real Modbus between them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from pytest_homeassistant_custom_component.common import MockConfigEntry  # type: ignore[import-untyped]

from custom_components.legrand_ews.charging.control import DATA_CONTROL
from custom_components.legrand_ews.charging.settings import GreenupSettings
from custom_components.legrand_ews.charging.tell import SIGNAL_EVENT
from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.greenup import LoadManagerConfig, StationState
from custom_components.legrand_ews.history import DATA_HISTORY
from plant.cars import Car
from plant.electrical import Load, NodeSpec
from plant.line import Timing
from plant.scenario import DeviceSpec, GatewaySpec, Scenario
from plant.site import Plant

from ..support import MONDAY, drained, install_profiles, plant_catalog, subentry_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AsyncExitStack

    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant, State

    from custom_components.legrand_ews.archive import SessionRow
    from custom_components.legrand_ews.charging.control import LoadControl, StationNow
    from plant.electrical import Drawn, Installation
    from plant.station import Station
    from plant.unit import Unit

    from ..support import Panel

BAYS = ("Bay 1", "Bay 2", "Bay 3", "Bay 4")
METER = "Main meter"
_CAR = "car_at_home"
TREE = NodeSpec(
    name="Site",
    children=(
        NodeSpec(name="Building", shape="office_lighting", peak=4000),
        NodeSpec(name="Bay 1", shape=_CAR, peak=22080),
        NodeSpec(name="Bay 2", shape=_CAR, peak=11040),
        NodeSpec(name="Bay 3", shape=_CAR, peak=7360, phases=(2,)),
        NodeSpec(name="Bay 4", shape=_CAR, peak=7360, phases=(3,)),
    ),
)
DEVICES = (
    DeviceSpec(name=METER, model="412045", address=1, at="Site", registers={"ct": 20}),
    DeviceSpec(name="Bay 1", model="059014", address=11, at="Bay 1"),
    DeviceSpec(name="Bay 2", model="059014", address=12, at="Bay 2"),
    DeviceSpec(name="Bay 3", model="059012", address=13, at="Bay 3", phase="l2"),
    DeviceSpec(name="Bay 4", model="059012", address=14, at="Bay 4", phase="l3"),
)
CONFIG = LoadManagerConfig(
    max_current=40.0, charge_current=38.0, hysteresis=3.0, hold_time=10.0, waiting_time=60.0, skip_time=60.0
)


class Steady:
    """A load that draws just this much on each phase."""

    def __init__(self, installation: Installation, amperes: float) -> None:
        """Take the current, A."""
        self._installation = installation
        self._amperes = amperes

    def drawn(self) -> Drawn:
        """Return it in powers, at the voltages there are."""
        return [int(self._amperes * volts) for volts in self._installation.voltage], [0, 0, 0]


class Park:
    """Four plugs on a main of 40 A, without cars at first."""

    def __init__(self, panel: Panel) -> None:
        """Take the panel; ``start`` begins."""
        self.panel = panel
        self.hass: HomeAssistant = panel.hass
        self.site: ConfigEntry
        self.gateway: ConfigEntry

    async def start(
        self,
        stack: AsyncExitStack,
        *,
        settings: GreenupSettings | None = None,
        options: Mapping[str, Any] | None = None,
        subentries: tuple[Any, ...] = (),
        devices: tuple[DeviceSpec, ...] = DEVICES,
        tree: NodeSpec = TREE,
        profiles: tuple[str, ...] = ("plant_greenup",),
    ) -> None:
        """Serve the plant, set up the gateway and the installation, and let the first step be over."""
        scenario = Scenario(
            name="park", tree=tree, flows=(), gateways=(GatewaySpec(name="Car park", kind="tcp", devices=devices),)
        )
        plant = Plant(scenario, timing=Timing(timeout=0.02), speed=0, start=MONDAY, catalog=plant_catalog())
        self.panel.plant = await stack.enter_async_context(plant)
        for spec in devices:
            with suppress(KeyError, ValueError):
                self.station(spec.name).unplug()
        install_profiles(self.hass, *profiles)
        settings = settings or GreenupSettings(config=CONFIG, meter=subentry_id(METER))
        self.site = MockConfigEntry(
            domain=DOMAIN,
            title="Installation",
            data={"kind": "installation"},
            options={"greenup": settings.stored(), **(options or {})},
            subentries_data=list(subentries),
        )
        self.site.add_to_hass(self.hass)  # type: ignore[attr-defined]
        self.gateway = await self.panel.set_up(settings={"allow_commands": True})
        await self.panel.wait(10)

    @property
    def control(self) -> LoadControl:
        """The load manager at work."""
        return self.hass.data[DATA_CONTROL]

    def station(self, bay: str) -> Station:
        """Return a station of the plant."""
        return self.panel.plant.station(bay)

    def plug(self, bay: str, **car: Any) -> None:
        """Put a car there."""
        self.station(bay).plug(Car(**car))

    def limit(self, bay: str) -> float:
        """Return what a station offers, A."""
        station = self.station(bay)
        return station.limit if station.allowed else 0.0

    def current(self, phase: int = 0) -> float:
        """Return what the mains carry on a phase, A."""
        site = self.panel.plant.installation
        return site.root.apparent[phase] / site.voltage[phase]

    def base(self, amperes: float) -> None:
        """Let the building draw just this much on each phase from now on, A."""
        site = self.panel.plant.installation
        load = site.nodes["Building"]
        assert isinstance(load, Load)
        load.outlet = Steady(site, amperes)
        site.renew(load)

    def unit(self, name: str) -> Unit:
        """Return what answers at the address of a device."""
        return self.panel.plant.unit(name)

    def writes(self, *bays: str) -> list[tuple[str, int]]:
        """Return the list that takes what these stations are told from now on: which, and the raw number."""
        seen: list[tuple[str, int]] = []
        for bay in bays:
            unit = self.unit(bay)
            unit.write = self._noted(bay, unit.write, seen)  # type: ignore[assignment, method-assign]
        return seen

    @staticmethod
    def _noted(
        bay: str, write: Callable[[int, int, list[int]], None], seen: list[tuple[str, int]]
    ) -> Callable[[int, int, list[int]], None]:
        """Return a write that is noted, too."""

        def noted(function: int, address: int, values: list[int]) -> None:
            """Note the write, then take it."""
            seen.append((bay, values[0]))
            write(function, address, values)

        return noted

    def now(self, bay: str) -> StationNow:
        """Return a station as the load manager left it."""
        return self.control.stations[subentry_id(bay)]

    def reason(self, bay: str) -> str:
        """Return why the order of a station is what it is."""
        order = self.now(bay).order
        assert order is not None
        assert order.why is not None
        return order.why.key

    async def charge(self, *bays: str, **car: Any) -> None:
        """Put cars there, and let them come to charge."""
        for bay in bays:
            self.plug(bay, **car)
        await self.wait(60)
        for bay in bays:
            assert self.now(bay).view.drawn is not None
            assert self.now(bay).state is StationState.CHARGING, bay

    async def restart(self, *, away: float = 0.0) -> None:
        """Unload the installation, and set it up again so many s later."""
        assert await self.hass.config_entries.async_unload(self.site.entry_id)
        await self.panel.wait(away)
        assert await self.hass.config_entries.async_setup(self.site.entry_id)
        await self.panel.settle()

    async def change(self, settings: GreenupSettings) -> None:
        """Store other settings as a form does."""
        options = {**self.site.options, "greenup": settings.stored()}
        self.hass.config_entries.async_update_entry(self.site, options=options)
        await self.panel.settle()

    def issues(self) -> set[str]:
        """Return the repairs that there are of charging."""
        return {key for domain, key in ir.async_get(self.hass).issues if domain == DOMAIN and key.startswith("greenup")}

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the list that takes the load manager's events from now on."""
        seen: list[tuple[str, dict[str, Any]]] = []

        @callback
        def note(event: str, data: dict[str, Any]) -> None:
            """Note an event."""
            seen.append((event, data))

        async_dispatcher_connect(self.hass, SIGNAL_EVENT, note)
        return seen

    async def sessions(self) -> list[SessionRow]:
        """Return what the archive has of sessions."""
        history = self.hass.data[DATA_HISTORY]
        assert await self.hass.async_add_executor_job(drained, history.writer)
        rows = await history.async_ask(lambda archive: archive.sessions(0, int(self.panel.clock.now) + 1))
        return list(rows)

    async def wait(self, seconds: float = 60) -> None:
        """Let time pass, in steps of the manager's period."""
        for _ in range(int(seconds / 10)):
            await self.panel.wait(10)

    def entity(self, bay: str, platform: str, key: str) -> str:
        """Return an entity of a station."""
        found = er.async_get(self.hass).async_get_entity_id(platform, DOMAIN, f"{subentry_id(bay)}_greenup_{key}")
        assert found is not None, (bay, platform, key)
        return found

    def shown(self, bay: str, key: str, platform: str = "sensor") -> State:
        """Return the state of an entity of a station."""
        state = self.hass.states.get(self.entity(bay, platform, key))
        assert state is not None, (bay, key)
        return state

    def managed(self, platform: str, key: str) -> State:
        """Return the state of an entity of the manager."""
        unique = f"{self.site.entry_id}_greenup_{key}"
        entity = er.async_get(self.hass).async_get_entity_id(platform, DOMAIN, unique)
        state = self.hass.states.get(entity or "")
        assert state is not None, key
        return state
