"""A car park of the plant under a load manager: real Modbus between them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry  # type: ignore[import-untyped]

from custom_components.legrand_ews.charging.control import DATA_CONTROL
from custom_components.legrand_ews.charging.settings import GreenupSettings
from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.greenup import LoadManagerConfig
from plant.cars import Car
from plant.electrical import NodeSpec
from plant.line import Timing
from plant.scenario import DeviceSpec, GatewaySpec, Scenario
from plant.site import Plant

from ..support import MONDAY, install_profiles, plant_catalog, subentry_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AsyncExitStack

    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant, State

    from custom_components.legrand_ews.charging.control import LoadControl
    from plant.station import Station

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
    ) -> None:
        """Serve the plant, set up the gateway and the installation, and let the first step be over."""
        scenario = Scenario(
            name="park", tree=TREE, flows=(), gateways=(GatewaySpec(name="Car park", kind="tcp", devices=devices),)
        )
        plant = Plant(scenario, timing=Timing(timeout=0.02), speed=0, start=MONDAY, catalog=plant_catalog())
        self.panel.plant = await stack.enter_async_context(plant)
        for bay in BAYS:
            with suppress(ValueError):
                self.station(bay).unplug()
        install_profiles(self.hass, "plant_greenup")
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
