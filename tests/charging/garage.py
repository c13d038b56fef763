"""A charger of helpers of Home Assistant, beside a car park, under one load manager that reads three sensors."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.setup import async_setup_component

from custom_components.legrand_ews.charging.settings import GreenupSettings

from ..support import subentry_id
from .park import CONFIG, Park

if TYPE_CHECKING:
    from contextlib import AsyncExitStack

    from homeassistant.core import HomeAssistant

    from ..support import Panel

NAME: Final = "Garage"
ID: Final = subentry_id(NAME)
STATE, LIMIT, SWITCH = "input_select.garage_state", "input_number.garage_limit", "input_boolean.garage"
CURRENT, ENERGY = "sensor.garage_current", "sensor.garage_energy"
MAINS: Final = ("sensor.mains_l1", "sensor.mains_l2", "sensor.mains_l3")
WORDS: Final = {
    "Available": "free",
    "Preparing": "waiting",
    "Charging": "charging",
    "Finishing": "done",
    "Faulted": "fault",
}
CHARGER: Final[dict[str, Any]] = {
    "state_entity": STATE,
    "states": WORDS,
    "limit_entity": LIMIT,
    "switch_entity": SWITCH,
    "current_entities": [CURRENT],
    "energy_entity": ENERGY,
    "rated_current": 16.0,
    "phases": ["l1"],
    "min_current": 6.0,
}
ROW: Final = ConfigSubentryDataWithId(subentry_id=ID, data=CHARGER, subentry_type="charger", title=NAME, unique_id=None)
SETTINGS: Final = GreenupSettings(config=CONFIG, sensors=MAINS)
_WIRING: Final = {"Bay 1": (0, 1, 2), "Bay 2": (0, 1, 2), "Bay 3": (1,), "Bay 4": (2,)}
_VOLTAGE: Final = 230


class Garage(Park):
    """A car park and a garage on mains of 40 A. The garage charger's car draws what it is offered."""

    def __init__(self, panel: Panel) -> None:
        """Take the panel; ``start`` begins."""
        super().__init__(panel)
        self.building = 5.0
        """A per phase that the building takes."""
        self.car: float | None = None
        """A that the garage's car takes at most; None: no car."""
        self.full = False
        self.ignores_pilot = False
        self.says: str | None = None
        """What the charger says; None: what is so."""
        self.energy = 100.0
        """kWh, an index."""

    async def open(self, stack: AsyncExitStack, *, settings: GreenupSettings = SETTINGS, **more: Any) -> None:
        """Begin with everything there and no car."""
        await build(self.hass)
        await self.show()
        await self.start(stack, settings=settings, subentries=(ROW,), **more)

    def with_config(self, **changed: Any) -> GreenupSettings:
        """Return the settings there are with changed limits or times."""
        settings = self.control.settings
        return replace(settings, config=replace(settings.config, **changed))

    @property
    def drawn(self) -> float:
        """What the car draws, A."""
        limit, switch = self.hass.states.get(LIMIT), self.hass.states.get(SWITCH)
        assert limit is not None
        assert switch is not None
        offered = float(limit.state) if switch.state == "on" else 0.0
        if self.car is None or self.full:
            return 0.0
        return self.car if self.ignores_pilot and offered else min(self.car, offered)

    @property
    def word(self) -> str:
        """What the charger says."""
        if self.says is not None or self.car is None:
            return self.says or "Available"
        return "Charging" if self.drawn else "Finishing" if self.full else "Preparing"

    async def show(self) -> None:
        """Let all sensors tell how things stand."""
        set_state, drawn = self.hass.states.async_set, self.drawn
        set_state(CURRENT, f"{drawn:g}", {"unit_of_measurement": "A"})
        set_state(ENERGY, f"{self.energy:.4f}", {"unit_of_measurement": "kWh"})
        currents = [self.building + drawn, self.building, self.building]
        for bay, phases in _WIRING.items() if hasattr(self, "gateway") else ():
            for phase, plug in zip(phases, ("l1", "l2", "l3"), strict=False):
                currents[phase] += float(self.station(bay).value(f"current_{plug}") or 0)
        for entity, current in zip(MAINS, currents, strict=True):
            set_state(entity, f"{current:.2f}", {"unit_of_measurement": "A"})
        await call(self.hass, STATE, "select_option", option=self.word)

    async def wait(self, seconds: float = 60) -> None:
        """Let time pass, in steps of the manager's period."""
        for _ in range(int(seconds / 10)):
            self.energy += self.drawn * _VOLTAGE * 10 / 3_600_000
            await self.show()
            await self.panel.wait(10)

    async def come(self, *, current: float = 16) -> None:
        """Bring a car, and wait until it charges."""
        self.car = current
        await self.until("charging")

    async def until(self, word: str, *names: str) -> None:
        """Wait until stations, by default the garage, show a state; not for ever."""
        for _ in range(18):
            await self.wait(10)
            if {self.shown(name, "state").state for name in names or (NAME,)} == {word}:
                return
        raise AssertionError(word)


async def build(hass: HomeAssistant) -> None:
    """Make the helpers."""
    parts: dict[str, dict[str, Any]] = {
        LIMIT: {"min": 0, "max": 32, "step": 1, "initial": 32, "unit_of_measurement": "A"},
        SWITCH: {"initial": False},
        STATE: {"options": [*WORDS, "Rebooting"], "initial": "Available"},
    }
    for entity, form in parts.items():
        domain, _, name = entity.partition(".")
        assert await async_setup_component(hass, domain, {domain: {name: form}})
    await hass.async_block_till_done()


async def call(hass: HomeAssistant, entity: str, action: str, **data: Any) -> None:
    """Call an action of an entity's own domain."""
    await hass.services.async_call(entity.partition(".")[0], action, {"entity_id": entity, **data}, blocking=True)
