"""A charger of another integration, bound by its entities."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from math import floor, isfinite
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import (
    ATTR_ENTITY_ID,
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    UnitOfEnergy,
    UnitOfPower,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.unit_conversion import EnergyConverter, PowerConverter

from ..const import PHASES
from ..greenup import StationReading, StationState
from .meter import amperes
from .port import OrderError, Sight

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.util.unit_conversion import BaseUnitConverter

    from ..greenup import StationConfig
    from ..greenup.reading import Currents
    from .charger import ChargerConfig

_LONGEST: Final = 10.0
"""s that another integration may take for an order."""
_VOLTAGE: Final = 230.0
"""V, nominal: for chargers that only tell their power."""
_DRAWS: Final = 1.0
"""A from which a car charges."""


class EntityPort:
    """A charger that some entities tell of and steer."""

    patience = 60.0
    refresh: float | None = None

    def __init__(self, hass: HomeAssistant, charger: ChargerConfig, config: StationConfig) -> None:
        """Take the charger; its id is that of the subentry."""
        self._hass = hass
        self._charger = charger
        self.config = config
        self.name = charger.name
        self._full = False
        """The car said that it wants no more while it could charge."""

    @property
    def there(self) -> bool:
        """True once its state is known."""
        state = self._hass.states.get(self._charger.state_entity)
        return state is not None and state.state not in (STATE_UNAVAILABLE, STATE_UNKNOWN)

    @property
    def line(self) -> str:
        """Nothing shared."""
        return self.config.id

    def settable(self, limit: float) -> float:
        """Round down to a step of the number that takes the limit."""
        charger = self._charger
        if charger.limit_entity is None or limit <= 0:
            return max(limit, 0.0)
        state = self._hass.states.get(charger.limit_entity)
        attributes = {} if state is None else state.attributes
        low, high, step = (
            float(attributes.get(key, other)) for key, other in (("min", 0), ("max", limit), ("step", 1))
        )
        told = min(limit, high)
        if step > 0:
            told = low + floor((told - low) / step + 1e-6) * step
        return round(told, 3) if told >= max(low, charger.min_current) else 0.0

    async def async_look(self) -> Sight | None:
        """Look at its entities."""
        charger = self._charger
        state = self._hass.states.get(charger.state_entity)
        if state is None:
            return None
        currents, told = self._currents(), self._told()
        draws = max(currents) >= _DRAWS if currents is not None else charger.tells_only_presence and bool(told)
        energy = self._number(charger.energy_entity, EnergyConverter, UnitOfEnergy.WATT_HOUR)
        meant = self._meant(charger.state(state.state, draws=draws), told, draws=draws)
        return Sight(
            reading=StationReading(monotonic(), meant, currents, None),
            energy=None if energy is None else Decimal(str(round(energy, 3))),
            told=told,
        )

    def _meant(self, state: StationState, told: float | None, *, draws: bool) -> StationState:
        """Return what a state means: many chargers say that a car has ended when it was they who stopped it."""
        if state is StationState.WAITING and draws:
            return StationState.CHARGING
        if state is StationState.DONE:
            self._full = self._full or bool(told)
            return StationState.DONE if self._full else StationState.WAITING
        if state is not StationState.OFFLINE:
            self._full = False
        return state

    def _currents(self) -> Currents | None:
        """Return what the car draws on each phase of the site, A, from sensors of current, or of power."""
        charger, phases = self._charger, self.config.phases
        found = [amperes(self._hass, entity_id) for entity_id in charger.current_entities]
        if not found:
            power = self._number(charger.power_entity, PowerConverter, UnitOfPower.WATT)
            found = [None if power is None else power / _VOLTAGE / len(phases)]
        if len(found) == 1:
            found *= len(phases)
        currents = [0.0] * len(PHASES)
        for phase, current in zip(phases, found, strict=False):
            if current is None:
                return None
            currents[phase] = max(current, 0.0)
        return currents[0], currents[1], currents[2]

    def _told(self) -> float | None:
        """Return the order as the entities show it, A."""
        charger = self._charger
        switch = None if charger.switch_entity is None else self._hass.states.get(charger.switch_entity)
        if switch is not None and switch.state == "off":
            return 0.0
        if charger.limit_entity is not None:
            return amperes(self._hass, charger.limit_entity)
        return self.config.rated_current if switch is not None and switch.state == "on" else None

    def _number(self, entity_id: str | None, converter: type[BaseUnitConverter], unit: str) -> float | None:
        """Return what a sensor tells, in a unit."""
        state = None if entity_id is None else self._hass.states.get(entity_id)
        try:
            value = None if state is None else float(state.state)
            given = unit if state is None else state.attributes.get(ATTR_UNIT_OF_MEASUREMENT, unit)
            return None if value is None or not isfinite(value) else converter.convert(value, given, unit)
        except ValueError, HomeAssistantError:
            return None

    async def async_order(self, limit: float) -> None:
        """Set its number, then turn it on; to stop it, turn it off, or set its number to 0."""
        charger = self._charger
        if limit > 0:
            if charger.limit_entity is not None:
                await self._call(charger.limit_entity, "set_value", value=limit)
            if charger.switch_entity is not None and self._is(charger.switch_entity) != "on":
                await self._call(charger.switch_entity, "turn_on")
        elif charger.switch_entity is not None:
            await self._call(charger.switch_entity, "turn_off")
        elif charger.limit_entity is not None:
            await self._call(charger.limit_entity, "set_value", value=0)

    def _is(self, entity_id: str) -> str | None:
        """Return the state of an entity."""
        state = self._hass.states.get(entity_id)
        return None if state is None else state.state

    async def _call(self, entity_id: str, action: str, **data: Any) -> None:
        """Call an action of an entity's own domain."""
        if self._is(entity_id) in (None, "unavailable"):
            raise OrderError(f"{entity_id} is not available")
        try:
            async with asyncio.timeout(_LONGEST):
                await self._hass.services.async_call(
                    entity_id.partition(".")[0], action, {ATTR_ENTITY_ID: entity_id, **data}, blocking=True
                )
        # Whatever another integration raises: the other stations have to be told theirs.
        except Exception as err:
            raise OrderError(f"{entity_id}: {str(err) or type(err).__name__}") from err
