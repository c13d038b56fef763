"""When the entities that cost rules ask for were as asked for: kept over restarts, for consumption that comes late.

Owns the spans and their file; what rules make of them is the ``billing`` room's matter. While Home Assistant is off,
and while an entity is unavailable, the state before is taken to last.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.recorder.history import state_changes_during_period
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import callback
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.helpers.recorder import get_instance
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from .bill_settings import read_condition
from .const import DOMAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from homeassistant.core import CALLBACK_TYPE, Event, EventStateChangedData, HomeAssistant, State

type Spans = list[tuple[int, int | None]]
"""On from, to, POSIX seconds; None: still on."""

_VERSION: Final = 1
_SAVE_DELAY: Final = 10.0
_NOTHING: Final = (STATE_UNAVAILABLE, STATE_UNKNOWN)


class CostConditions:
    """The conditions of the cost rules of a site."""

    def __init__(self, hass: HomeAssistant, keys: Collection[str], changed: Callable[[], None]) -> None:
        """Take the keys of ``bill_settings.condition_key``; ``changed`` is called when one begins or ends."""
        self._hass = hass
        self._changed = changed
        self._asked = {key: read_condition(key) for key in keys}
        self._spans: dict[str, Spans] = {key: [] for key in keys}
        self._store: Store[dict[str, Any]] = Store(hass, _VERSION, f"{DOMAIN}.cost_conditions")
        self._leave: CALLBACK_TYPE | None = None

    @property
    def spans(self) -> Mapping[str, Sequence[tuple[int, int | None]]]:
        """When each condition was on, in order of time."""
        return self._spans

    async def async_start(self) -> None:
        """Take up what is known, and follow the entities."""
        if not self._asked:
            return
        kept: dict[str, Any] = await self._store.async_load() or {}
        for key in self._asked:
            if key in kept:
                self._spans[key] = [(begin, end) for begin, end in kept[key]]
            else:
                self._follow(key, await self._async_recorded(self._asked[key][0]))
        entities = {entity for entity, _ in self._asked.values()}
        self._leave = async_track_state_change_event(self._hass, entities, self._state_changed)
        for key, (entity, _) in self._asked.items():
            self._follow(key, filter(None, [self._hass.states.get(entity)]))
        await self._store.async_save(self._spans)
        self._changed()

    async def async_stop(self) -> None:
        """Follow no more, and keep what is known."""
        if self._leave is not None:
            self._leave()
            self._leave = None
            await self._store.async_save(self._spans)

    async def _async_recorded(self, entity: str) -> Iterable[State]:
        """Return what the recorder still has of an entity, oldest first."""
        if "recorder" not in self._hass.config.components:
            return ()
        read = partial(state_changes_during_period, self._hass, dt_util.utc_from_timestamp(0), entity_id=entity)
        found = await get_instance(self._hass).async_add_executor_job(read)
        return found.get(entity, ())

    @callback
    def _state_changed(self, event: Event[EventStateChangedData]) -> None:
        """Take a new state."""
        state = event.data["new_state"]
        if state is None:
            return
        followed = [self._follow(key, [state]) for key, asked in self._asked.items() if asked[0] == state.entity_id]
        if any(followed):
            self._store.async_delay_save(lambda: self._spans, _SAVE_DELAY)
            self._changed()

    def _follow(self, key: str, states: Iterable[State]) -> bool:
        """Go on with states; tell whether the condition is another one than before."""
        return follow(self._spans[key], self._asked[key][1], states)


def follow(spans: Spans, wanted: str, states: Iterable[State]) -> bool:
    """Go on with states, oldest first, in one of which a condition is on; tell whether that changed."""
    changed = False
    for state in states:
        at = int(state.last_changed.timestamp())
        on = bool(spans) and spans[-1][1] is None
        if state.state in _NOTHING or (state.state == wanted) == on:
            continue
        changed = True
        if on:
            begin = spans.pop()[0]
            if at > begin:
                spans.append((begin, at))
        elif spans and spans[-1][1] is not None and spans[-1][1] >= at:
            spans[-1] = (spans[-1][0], None)
        else:
            spans.append((at, None))
    return changed
