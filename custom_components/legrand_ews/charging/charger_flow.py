"""Forms for a charger of another integration: which entities tell of it and steer it, and what its words mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import voluptuous as vol
from homeassistant.components.sensor import ATTR_OPTIONS
from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigSubentry, ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import CONF_NAME, STATE_UNAVAILABLE, STATE_UNKNOWN, UnitOfElectricCurrent
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)

from ..const import CONF_RATED_CURRENT, PHASES
from ..device_form import choice
from ..greenup import StationState
from ..greenup.config import FLOOR
from .charger import (
    CONF_CURRENT_ENTITIES,
    CONF_ENERGY_ENTITY,
    CONF_LIMIT_ENTITY,
    CONF_MIN_CURRENT,
    CONF_PHASES,
    CONF_POWER_ENTITY,
    CONF_STATE_ENTITY,
    CONF_STATES,
    CONF_SWITCH_ENTITY,
    ChargerConfig,
    chargers,
)
from .known_chargers import meaning, usual_words
from .stations import known
from .units import CURRENT, ENERGY, POWER, has_unit

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from homeassistant.core import HomeAssistant

STATES: Final = tuple(state for state in StationState if state is not StationState.OFFLINE)
"""What a word can mean; words that are given none mean OFFLINE."""
NEEDED: Final = (StationState.FREE, StationState.WAITING, StationState.CHARGING)
"""Without words for these nothing could be managed."""
WIRINGS: Final = ("l1", "l2", "l3", "l1_l2_l3", "l2_l3_l1", "l3_l1_l2")
RATED: Final = (FLOOR, 125.0)
"""A: the least and the most that a charger is rated for."""
DEFAULT_RATED: Final = 32.0
_CURRENTS: Final = (0, 1, len(PHASES))
_NUMBERS: Final = (CONF_RATED_CURRENT, CONF_MIN_CURRENT)
_UNITS: Final[Mapping[str, Collection[str | None]]] = {
    CONF_LIMIT_ENTITY: (UnitOfElectricCurrent.AMPERE, None),
    CONF_CURRENT_ENTITIES: CURRENT,
    CONF_POWER_ENTITY: POWER,
    CONF_ENERGY_ENTITY: ENERGY,
}
"""In which units an entity may be."""
_ENTITIES: Final[Mapping[str, EntitySelectorConfig]] = {
    CONF_STATE_ENTITY: EntitySelectorConfig(domain=["sensor", "binary_sensor"]),
    CONF_LIMIT_ENTITY: EntitySelectorConfig(domain=["number", "input_number"]),
    CONF_SWITCH_ENTITY: EntitySelectorConfig(domain=["switch", "input_boolean"]),
    CONF_CURRENT_ENTITIES: EntitySelectorConfig(domain="sensor", device_class="current", multiple=True),
    CONF_POWER_ENTITY: EntitySelectorConfig(domain="sensor", device_class="power"),
    CONF_ENERGY_ENTITY: EntitySelectorConfig(domain="sensor", device_class="energy"),
}


class ChargerFlow(ConfigSubentryFlow):
    """Adds and changes chargers."""

    def __init__(self) -> None:
        """Start with nothing given."""
        self._title = ""
        self._data: dict[str, Any] = {}

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for a new one."""
        return await self._async_ask("user", user_input)

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for changes."""
        return await self._async_ask("reconfigure", user_input)

    async def async_step_states(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask what the words of the state mean."""
        errors: dict[str, str] = {}
        placeholders = {"word": "", "state": self._data[CONF_STATE_ENTITY]}
        words = words_of(self.hass, self._data[CONF_STATE_ENTITY])
        if user_input is not None:
            states = read_states(user_input, errors, placeholders)
            if not errors:
                self._data[CONF_STATES] = states
                return self._save()
        selector = SelectSelector(
            SelectSelectorConfig(options=words, multiple=True, custom_value=True, mode=SelectSelectorMode.DROPDOWN)
        )
        schema = vol.Schema({vol.Optional(state.value, default=list): selector for state in STATES})
        return self.async_show_form(
            step_id="states",
            data_schema=self.add_suggested_values_to_schema(schema, user_input or self._shown_states(words)),
            errors=errors,
            description_placeholders=placeholders,
        )

    async def _async_ask(self, step: str, user_input: dict[str, Any] | None) -> SubentryFlowResult:
        """Show the form, check it, go on to the words where the state is one."""
        errors: dict[str, str] = {}
        placeholders = {"other": "", "entity": "", "minimum": ""}
        if user_input is not None:
            self._title = user_input[CONF_NAME].strip()
            self._data = read_charger(user_input)
            self._check(errors, placeholders)
            if not errors:
                tells_only_presence = ChargerConfig.from_data("", "", self._data).tells_only_presence
                return self._save() if tells_only_presence else await self.async_step_states()
        return self.async_show_form(
            step_id=step,
            data_schema=self.add_suggested_values_to_schema(charger_schema(), user_input or self._shown()),
            errors=errors,
            description_placeholders=placeholders,
        )

    @property
    def _current(self) -> ConfigSubentry | None:
        """The charger that is changed; None: a new one."""
        return self._get_reconfigure_subentry() if self.source == SOURCE_RECONFIGURE else None

    def _shown(self) -> dict[str, Any]:
        """Return what the form shows of what is stored."""
        if (current := self._current) is None:
            return {}
        return {**current.data, CONF_NAME: current.title, CONF_PHASES: "_".join(current.data[CONF_PHASES])}

    def _shown_states(self, words: Collection[str]) -> dict[str, list[str]]:
        """Return the words by what they mean: as stored for this entity, else as known."""
        entity_id = self._data[CONF_STATE_ENTITY]
        stored = {} if (current := self._current) is None else current.data
        platform = platform_of(self.hass, entity_id)
        meanings = {word: meaning(word, platform) for word in words}
        if stored.get(CONF_STATE_ENTITY) == entity_id:
            meanings = stored[CONF_STATES]
        return {state.value: [word for word, meant in meanings.items() if meant == state] for state in STATES}

    def _check(self, errors: dict[str, str], placeholders: dict[str, str]) -> None:
        """Refuse what could not be managed."""
        own = "" if (current := self._current) is None else current.subentry_id
        others = [charger for charger in chargers(self._get_entry()) if charger.id != own]
        names = {name.casefold() for key, name in known(self.hass).items() if key != own}
        if not self._title:
            errors[CONF_NAME] = "name_missing"
        elif self._title.casefold() in names:
            errors[CONF_NAME] = "name_used"
        check_entities(self.hass, self._data, others, errors, placeholders)
        check_limits(self.hass, self._data, errors, placeholders)

    def _save(self) -> SubentryFlowResult:
        """Save."""
        if (current := self._current) is not None:
            return self.async_update_and_abort(self._get_entry(), current, title=self._title, data=self._data)
        return self.async_create_entry(title=self._title, data=self._data)


def charger_schema() -> vol.Schema:
    """Return the form of a charger."""
    box = NumberSelectorMode.BOX
    low, high = RATED
    amperes = NumberSelector(NumberSelectorConfig(min=low, max=high, step=0.1, mode=box, unit_of_measurement="A"))
    entities = {
        (vol.Required if key == CONF_STATE_ENTITY else vol.Optional)(key): EntitySelector(config)
        for key, config in _ENTITIES.items()
    }
    return vol.Schema(
        {
            vol.Required(CONF_NAME): TextSelector(),
            **entities,
            vol.Required(CONF_RATED_CURRENT, default=DEFAULT_RATED): amperes,
            vol.Required(CONF_PHASES): choice(list(WIRINGS), translation_key="charger_phases"),
            vol.Required(CONF_MIN_CURRENT, default=FLOOR): amperes,
        }
    )


def read_charger(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is stored of the form, but the words."""
    data = {key: given[key] for key in (*_ENTITIES, *_NUMBERS) if given.get(key)}
    return {**data, CONF_PHASES: given[CONF_PHASES].split("_")}


def check_entities(
    hass: HomeAssistant,
    data: Mapping[str, Any],
    others: Collection[ChargerConfig],
    errors: dict[str, str],
    placeholders: dict[str, str],
) -> None:
    """Refuse entities that tell something else, are there twice, or are those of another charger."""
    seen: set[str] = set()
    for key in _ENTITIES:
        given = data.get(key, [])
        for entity_id in [given] if isinstance(given, str) else given:
            other = next((charger.name for charger in others if entity_id in charger.entities), None)
            if other is not None:
                errors[key] = "entity_used"
                placeholders["other"] = other
            elif entity_id in seen:
                errors[key] = "entity_twice"
            elif key in _UNITS and not has_unit(hass, entity_id, _UNITS[key]):
                errors[key] = "bad_unit"
                placeholders["entity"] = entity_id
            seen.add(entity_id)
    currents = len(data.get(CONF_CURRENT_ENTITIES, ()))
    if currents not in _CURRENTS or currents > len(data[CONF_PHASES]):
        errors.setdefault(CONF_CURRENT_ENTITIES, "one_for_each_phase")


def check_limits(
    hass: HomeAssistant, data: Mapping[str, Any], errors: dict[str, str], placeholders: dict[str, str]
) -> None:
    """Refuse a charger that could not be told to stop, and limits that it would not take."""
    limit, switch = data.get(CONF_LIMIT_ENTITY), data.get(CONF_SWITCH_ENTITY)
    if limit is None and switch is None:
        errors[CONF_LIMIT_ENTITY] = "limit_or_switch"
    if data[CONF_MIN_CURRENT] > data[CONF_RATED_CURRENT]:
        errors[CONF_MIN_CURRENT] = "above_rated"
    if limit is None or (minimum := _attribute(hass, limit, "min")) is None:
        return
    placeholders["minimum"] = f"{minimum:g}"
    if switch is None and minimum > 0:
        errors.setdefault(CONF_SWITCH_ENTITY, "cannot_stop")
    elif data[CONF_MIN_CURRENT] < minimum:
        errors.setdefault(CONF_MIN_CURRENT, "below_number")


def read_states(given: Mapping[str, Any], errors: dict[str, str], placeholders: dict[str, str]) -> dict[str, str]:
    """Return what each word means; what is wrong goes into ``errors``."""
    states: dict[str, str] = {}
    for state in STATES:
        for word in map(str.strip, given.get(state.value, ())):
            if states.setdefault(word, state.value) != state.value:
                errors[state.value] = "word_twice"
                placeholders["word"] = word
    for state in NEEDED:
        if not given.get(state.value):
            errors[state.value] = "word_missing"
    return states


def words_of(hass: HomeAssistant, entity_id: str) -> list[str]:
    """Return the words that a sensor can have: those it names, else those its integration is known to use."""
    if options := _attribute(hass, entity_id, ATTR_OPTIONS):
        return list(options)
    state = hass.states.get(entity_id)
    now = [] if state is None or state.state in (STATE_UNAVAILABLE, STATE_UNKNOWN) else [state.state]
    return list(dict.fromkeys((*usual_words(platform_of(hass, entity_id)), *now)))


def platform_of(hass: HomeAssistant, entity_id: str) -> str | None:
    """Return the integration that an entity is of."""
    entry = er.async_get(hass).async_get(entity_id)
    return None if entry is None else entry.platform


def _attribute(hass: HomeAssistant, entity_id: str, key: str) -> Any:
    """Return what an entity can do, as its state tells, or the registry while it is unavailable."""
    state = hass.states.get(entity_id)
    entry = er.async_get(hass).async_get(entity_id)
    told = {} if entry is None else dict(entry.capabilities or {})
    return (told if state is None else {**told, **state.attributes}).get(key)
