"""A charger of another integration as the user set it up: which entities tell of it and steer it.

This module owns the meaning of a charger subentry. It neither reads nor writes those entities.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Self

from ..const import CONF_RATED_CURRENT, PHASES, SUBENTRY_CHARGER
from ..greenup import StationConfig, StationState
from ..greenup.config import FLOOR

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from homeassistant.config_entries import ConfigEntry, ConfigSubentry

CONF_STATE_ENTITY: Final = "state_entity"
CONF_STATES: Final = "states"
CONF_LIMIT_ENTITY: Final = "limit_entity"
CONF_SWITCH_ENTITY: Final = "switch_entity"
CONF_CURRENT_ENTITIES: Final = "current_entities"
CONF_POWER_ENTITY: Final = "power_entity"
CONF_ENERGY_ENTITY: Final = "energy_entity"
CONF_PHASES: Final = "phases"
CONF_MIN_CURRENT: Final = "min_current"
CONNECTED: Final = {"on": StationState.WAITING, "off": StationState.FREE}
"""What a binary sensor tells: whether a car is there. Whether it charges, its current says."""
_OPTIONAL: Final = (CONF_LIMIT_ENTITY, CONF_SWITCH_ENTITY, CONF_POWER_ENTITY, CONF_ENERGY_ENTITY)


@dataclass(frozen=True, kw_only=True)
class ChargerConfig:
    """The settings of one charger."""

    id: str
    name: str
    rated_current: float
    """A."""
    phases: tuple[int, ...]
    """The phases of the site, 0 to 2, on the plug's L1 (L2, L3)."""
    min_current: float = FLOOR
    """A: the lowest limit it takes while it charges."""
    state_entity: str
    """A sensor whose word is in ``states``, or a binary sensor that is on while a car is there."""
    states: Mapping[str, StationState] = field(default_factory=dict)
    """What the words of the state mean."""
    limit_entity: str | None = None
    """A number, A; None: it only knows on and off."""
    switch_entity: str | None = None
    """What lets it charge; None: the limit 0 stops it."""
    current_entities: tuple[str, ...] = ()
    """None, one, or three sensors of its currents, in the order of ``phases``."""
    power_entity: str | None = None
    energy_entity: str | None = None

    @classmethod
    def from_subentry(cls, subentry: ConfigSubentry) -> Self:
        """Read a charger subentry."""
        return cls.from_data(subentry.subentry_id, subentry.title, subentry.data)

    @classmethod
    def from_data(cls, subentry_id: str, name: str, data: Mapping[str, Any]) -> Self:
        """Read the stored form of a charger."""
        states = {word: StationState(state) for word, state in data.get(CONF_STATES, {}).items()}
        return cls(
            id=subentry_id,
            name=name,
            rated_current=data[CONF_RATED_CURRENT],
            phases=tuple(PHASES.index(phase) for phase in data[CONF_PHASES]),
            min_current=data.get(CONF_MIN_CURRENT, FLOOR),
            state_entity=data[CONF_STATE_ENTITY],
            states=states,
            current_entities=tuple(data.get(CONF_CURRENT_ENTITIES, ())),
            **{key: data.get(key) for key in _OPTIONAL},
        )

    @property
    def tells_only_presence(self) -> bool:
        """True where the state is a binary sensor: that a car charges is then seen from its current."""
        return self.state_entity.startswith("binary_sensor.")

    @property
    def entities(self) -> frozenset[str]:
        """The ids of all its entities."""
        single = (self.state_entity, self.limit_entity, self.switch_entity, self.power_entity, self.energy_entity)
        return frozenset(filter(None, (*single, *self.current_entities)))

    def state(self, word: str, *, draws: bool) -> StationState:
        """Return what a word of the state entity means; ``draws``: whether the car takes current, or may.

        Words that nobody told the meaning of, "unavailable" and "unknown" among them, mean OFFLINE.
        """
        if not self.tells_only_presence:
            return self.states.get(word, StationState.OFFLINE)
        state = CONNECTED.get(word, StationState.OFFLINE)
        return StationState.CHARGING if draws and state is StationState.WAITING else state

    def station(self, *, priority: bool = False) -> StationConfig:
        """Return the charger as the load manager knows it; ``priority``: by default. Raises ValueError."""
        return StationConfig(
            id=self.id,
            rated_current=self.rated_current,
            phases=self.phases,
            priority=priority,
            min_current=self.min_current,
            adjustable=self.limit_entity is not None,
        )


def chargers(entry: ConfigEntry | None) -> Iterator[ChargerConfig]:
    """Yield the chargers of the installation; none where there is none."""
    for row in () if entry is None else entry.subentries.values():
        if row.subentry_type == SUBENTRY_CHARGER:
            yield ChargerConfig.from_subentry(row)
