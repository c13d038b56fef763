"""When the entities of cost rules were as asked for: real states, a real file, and what the recorder still has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import pytest
from homeassistant.core import State
from homeassistant.setup import async_setup_component
from hypothesis import given
from hypothesis import strategies as st
from pytest_homeassistant_custom_component.common import (  # type: ignore[import-untyped]
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.components.recorder.common import (  # type: ignore[import-untyped]
    async_wait_recording_done,
)

from custom_components.legrand_ews.bill_settings import condition_key
from custom_components.legrand_ews.cost_conditions import CostConditions, follow

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant

RED: Final = "input_boolean.red"
MODE: Final = "input_select.mode"
IS_RED: Final = condition_key(RED)
IS_WHITE: Final = condition_key(MODE, "white day")
NOON: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
START: Final = int(NOON.timestamp())

type Spans = list[tuple[int, int | None]]


class Rules:
    """Conditions that are followed, with the clock in hand."""

    def __init__(self, hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
        """Begin at noon."""
        self.hass = hass
        self.freezer = freezer
        self.told = 0
        self.conditions: CostConditions
        self.at(0)

    def at(self, seconds: float) -> None:
        """Set the clock to so many seconds after noon."""
        self.freezer.move_to(NOON + timedelta(seconds=seconds))

    async def show(self, seconds: float, state: str, entity: str = RED) -> None:
        """Let an entity have a state from a time on."""
        self.at(seconds)
        self.hass.states.async_set(entity, state)
        await self.hass.async_block_till_done()

    async def start(self, *keys: str) -> None:
        """Follow conditions."""
        self.conditions = CostConditions(self.hass, keys or (IS_RED,), self.tell)
        await self.conditions.async_start()

    async def restart(self, *keys: str) -> None:
        """Follow them anew."""
        await self.conditions.async_stop()
        await self.start(*keys)

    def tell(self) -> None:
        """Count how often a change is told."""
        self.told += 1

    def spans(self, key: str = IS_RED) -> Spans:
        """Return when a condition was on, in seconds after noon."""
        found = self.conditions.spans[key]
        return [(begin - START, None if end is None else end - START) for begin, end in found]


@pytest.fixture
def rules(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Rules:
    """Return conditions that are not followed yet."""
    return Rules(hass, freezer)


async def test_an_entity_that_goes_on_and_off_makes_spans(rules: Rules) -> None:
    await rules.start()
    for seconds, state in ((10, "on"), (70, "off"), (100, "on")):
        await rules.show(seconds, state)
    assert rules.spans() == [(10, 70), (100, None)]


async def test_a_change_is_told_when_it_is_there_and_nothing_else_is(rules: Rules) -> None:
    seen: list[Spans] = []
    await rules.start()
    rules.conditions._changed = lambda: seen.append(rules.spans())
    await rules.show(10, "on")
    rules.hass.states.async_set(RED, "on", {"friendly_name": "Red"})
    await rules.show(20, "on", "input_boolean.other")
    await rules.show(30, "off")
    assert seen == [[(10, None)], [(10, 30)]]


async def test_what_is_on_at_the_start_is_on_since_it_went_on(rules: Rules) -> None:
    await rules.show(-300, "on")
    rules.at(0)
    await rules.start()
    assert rules.spans() == [(-300, None)]
    assert rules.told == 1


async def test_a_condition_may_be_another_state_than_on(rules: Rules) -> None:
    await rules.start(IS_WHITE, condition_key(MODE, "red day"))
    for seconds, state in ((0, "blue day"), (60, "white day"), (120, "red day"), (180, "blue day")):
        await rules.show(seconds, state, MODE)
    assert rules.spans(IS_WHITE) == [(60, 120)]
    assert rules.spans(condition_key(MODE, "red day")) == [(120, 180)]


@pytest.mark.parametrize("nothing", ["unavailable", "unknown"])
async def test_what_was_before_lasts_while_an_entity_is_not_there(rules: Rules, nothing: str) -> None:
    await rules.start()
    for seconds, state in ((10, "on"), (20, nothing), (30, "on"), (40, nothing), (50, "off"), (60, nothing)):
        await rules.show(seconds, state)
    assert rules.spans() == [(10, 50)]
    rules.hass.states.async_remove(RED)
    await rules.hass.async_block_till_done()
    await rules.show(90, "on")
    rules.hass.states.async_remove(RED)
    await rules.hass.async_block_till_done()
    assert rules.spans() == [(10, 50), (90, None)]


async def test_spans_that_adjoin_are_one_and_one_of_no_time_is_none(rules: Rules) -> None:
    await rules.start()
    for seconds, state in ((10, "on"), (20.1, "off"), (20.8, "on"), (30, "off"), (40.1, "on"), (40.9, "off")):
        await rules.show(seconds, state)
    assert rules.spans() == [(10, 30)]


async def test_a_restart_keeps_spans_and_what_was_on_stays_on(rules: Rules) -> None:
    await rules.start()
    for seconds, state in ((10, "on"), (20, "off"), (30, "on")):
        await rules.show(seconds, state)
    rules.hass.states.async_remove(RED)
    rules.at(1000)
    await rules.restart()
    assert rules.spans() == [(10, 20), (30, None)]
    await rules.show(2000, "off")
    assert rules.spans() == [(10, 20), (30, 2000)]


async def test_what_changed_while_nobody_followed_counts_from_when_it_changed(rules: Rules) -> None:
    await rules.start()
    await rules.show(10, "on")
    await rules.conditions.async_stop()
    await rules.show(20, "off")
    assert rules.spans() == [(10, None)]
    rules.at(500)
    await rules.start()
    assert rules.spans() == [(10, 20)]


async def test_a_power_cut_loses_ten_seconds_at_most(rules: Rules) -> None:
    await rules.start()
    await rules.show(10, "on")
    rules.at(21)
    async_fire_time_changed(rules.hass)
    await rules.hass.async_block_till_done()
    rules.hass.states.async_remove(RED)
    again = CostConditions(rules.hass, (IS_RED,), rules.tell)
    await again.async_start()
    assert list(again.spans[IS_RED]) == [(START + 10, None)]


async def test_without_conditions_nothing_is_followed_or_told(rules: Rules) -> None:
    conditions = CostConditions(rules.hass, (), rules.tell)
    await conditions.async_start()
    await rules.show(10, "on")
    await conditions.async_stop()
    assert (dict(conditions.spans), rules.told) == ({}, 0)


async def test_nothing_is_followed_after_the_end(rules: Rules) -> None:
    await rules.start()
    await rules.conditions.async_stop()
    await rules.show(10, "on")
    assert rules.spans() == []


@pytest.fixture
async def recorded(recorder_mock: object, rules: Rules) -> Rules:  # noqa: ARG001
    """Return conditions, where a recorder saw the entities before."""
    assert await async_setup_component(rules.hass, "input_boolean", {})
    return rules


async def test_a_new_condition_begins_with_what_the_recorder_has(recorded: Rules) -> None:
    history = ((-900, "on"), (-800, "off"), (-700, "unavailable"), (-600, "on"), (-500, "unknown"), (-400, "on"))
    for seconds, state in (*history, (-300, "off"), (-200, "on")):
        await recorded.show(seconds, state)
    await async_wait_recording_done(recorded.hass)
    recorded.at(0)
    await recorded.start()
    assert recorded.spans() == [(-900, -800), (-600, -300), (-200, None)]


async def test_of_a_condition_that_is_known_the_recorder_is_not_asked(recorded: Rules) -> None:
    await recorded.start()
    await recorded.conditions.async_stop()
    for seconds, state in ((10, "on"), (20, "off")):
        await recorded.show(seconds, state)
    for seconds, state in ((5, "white day"), (30, "blue day")):
        await recorded.show(seconds, state, MODE)
    await async_wait_recording_done(recorded.hass)
    recorded.at(60)
    await recorded.start(IS_RED, IS_WHITE)
    assert (recorded.spans(), recorded.spans(IS_WHITE)) == ([], [(5, 30)])


async def test_an_entity_that_the_recorder_never_saw_has_no_past(recorded: Rules) -> None:
    await recorded.start(condition_key("binary_sensor.never"))
    assert recorded.spans(condition_key("binary_sensor.never")) == []


STATES = st.lists(st.tuples(st.integers(0, 5), st.sampled_from(("on", "off", "unavailable", "unknown", "else"))))


@given(STATES)
def test_spans_say_at_every_second_what_the_last_known_state_was(changes: list[tuple[int, str]]) -> None:
    spans: Spans = []
    at, known = 0, {0: False}
    for step, state in changes:
        at += step
        before = known[max(known)]
        if state not in ("unavailable", "unknown"):
            known[at] = state == "on"
        shown = State(RED, state, last_changed=datetime.fromtimestamp(at, UTC))
        assert follow(spans, "on", [shown]) == (known[max(known)] != before)
    assert all(end is None or begin < end for begin, end in spans)
    assert all(one[1] is not None and one[1] < other[0] for one, other in pairwise(spans))
    for second in range(at + 2):
        expected = known[max(when for when in known if when <= second)]
        assert any(begin <= second and (end is None or second < end) for begin, end in spans) == expected, second
