"""Sensors of prices and tariffs: what holds now, what comes next, and that they change when the clock says so."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import pytest
from freezegun import freeze_time
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import (  # type: ignore[import-untyped]
    async_fire_time_changed,
)

from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.price_sensor import NO_TARIFF

from .test_cost_sensor import rule, tariff
from .test_history import begin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant, State

    from .support import Panel

NOON: Final = "2026-03-02T11:00:00Z"
"""In Paris; a Monday."""
DAY, NIGHT = tariff("day", ("0.2", None), tax="20"), tariff("night", ("0.1234567", None))
PLAN: Final = {"tariffs": [DAY, NIGHT], "rules": [rule("night", "22:00", "05:59"), rule("day")]}
WORK: Final = {"tariffs": [DAY], "rules": [rule("day", "08:00", "17:59", weekdays=[0, 1, 2, 3, 4])]}


def plans(**plans: Any) -> dict[str, Any]:
    """Return options with plans."""
    return {"billing": {"currency": "EUR", "plans": plans}}


@pytest.fixture
def frozen() -> Iterator[FrozenDateTimeFactory]:
    """A clock that stands still at noon."""
    with freeze_time(NOON, real_asyncio=True) as clock:
        yield clock  # type: ignore[misc]


class Site:
    """An installation that prices."""

    def __init__(self, panel: Panel, frozen: FrozenDateTimeFactory) -> None:
        """Begin at noon."""
        self.hass: HomeAssistant = panel.hass
        self.entry: ConfigEntry
        self._panel = panel
        self._frozen = frozen

    async def begin(self, **parts: Any) -> None:
        """Set it up in Paris."""
        await self.hass.config.async_set_time_zone("Europe/Paris")
        await self.to(NOON)
        await self._panel.load_integration()
        self.entry = await begin(self._panel, **plans(**parts))

    async def to(self, when: str) -> None:
        """Let it be another time, and what is due happen."""
        before = dt_util.utcnow()
        self._frozen.move_to(when)
        now = dt_util.utcnow()
        self._panel.clock.now = now.timestamp()
        # The loop's clock goes on meanwhile: what was due by now is as far ahead as ever.
        async_fire_time_changed(self.hass, now + (now - before))
        await self._panel.settle()

    def entity(self, platform: str, what: str) -> str:
        """Return an entity of the installation."""
        entity = er.async_get(self.hass).async_get_entity_id(platform, DOMAIN, f"{self.entry.entry_id}_{what}")
        assert entity is not None, what
        return entity

    def shown(self, what: str, platform: str = "sensor") -> State:
        """Return the state of an entity."""
        state = self.hass.states.get(self.entity(platform, what))
        assert state is not None, what
        return state


@pytest.fixture
async def site(panel: Panel, frozen: FrozenDateTimeFactory) -> Site:
    """An installation that is not set up yet."""
    return Site(panel, frozen)


async def test_the_price_that_holds_is_shown_with_tax_and_what_comes_next(site: Site) -> None:
    await site.begin(electricity=PLAN)
    state = site.shown("price_electricity")
    assert Decimal(state.state) == Decimal("0.24")
    assert state.attributes["unit_of_measurement"] == "EUR/kWh"
    assert state.attributes["tariff"] == "Day"
    assert state.attributes["next_change"] == "2026-03-02T22:00:00+01:00"
    assert state.attributes["next_price"] == 0.1234567
    assert site.shown("tariff_electricity").state == "Day"
    assert site.shown("tariff_electricity").attributes["options"] == ["Day", "Night", NO_TARIFF]


async def test_it_changes_when_the_clock_says_so_and_keeps_all_digits(site: Site) -> None:
    await site.begin(electricity=PLAN)
    await site.to("2026-03-02T20:59:59Z")
    assert site.shown("tariff_electricity").state == "Day"
    await site.to("2026-03-02T21:00:00Z")
    state = site.shown("price_electricity")
    assert (state.state, state.attributes["tariff"]) == ("0.1234567", "Night")
    assert state.attributes["next_change"] == "2026-03-03T06:00:00+01:00"
    assert site.shown("tariff_electricity").state == "Night"


async def test_prices_of_yesterday_today_and_tomorrow_are_told_without_gaps(site: Site) -> None:
    await site.begin(electricity=PLAN)
    told = site.shown("price_electricity").attributes["prices"]
    assert told[0]["start"] == "2026-03-01T00:00:00+01:00"
    assert told[-1]["end"] == "2026-03-04T00:00:00+01:00"
    assert all(one["end"] == other["start"] for one, other in pairwise(told))
    assert [(row["tariff"], row["price"]) for row in told] == 3 * [("Night", 0.1234567), ("Day", 0.24)] + [
        ("Night", 0.1234567)
    ]
    await site.to("2026-03-02T23:00:00Z")
    told = site.shown("price_electricity").attributes["prices"]
    assert (told[0]["start"], told[-1]["end"]) == ("2026-03-02T00:00:00+01:00", "2026-03-05T00:00:00+01:00")


async def test_a_day_of_23_hours_is_a_day_and_nights_end_by_the_wall_clock(site: Site) -> None:
    await site.begin(electricity=PLAN)
    await site.to("2026-03-28T11:00:00Z")
    told = site.shown("price_electricity").attributes["prices"]
    assert told[-1]["end"] == "2026-03-30T00:00:00+02:00"
    assert ("2026-03-28T22:00:00+01:00", "2026-03-29T06:00:00+02:00") in [(row["start"], row["end"]) for row in told]


async def test_where_no_rule_is_true_there_is_no_price(site: Site) -> None:
    await site.begin(water=WORK)
    assert site.shown("price_water").attributes["unit_of_measurement"] == "EUR/m³"
    await site.to("2026-03-06T17:00:00Z")
    state = site.shown("price_water")
    assert (state.state, state.attributes["tariff"]) == ("unknown", None)
    assert state.attributes["next_change"] == "2026-03-09T08:00:00+01:00"
    assert state.attributes["next_price"] == 0.24
    assert state.attributes["prices"][-1]["price"] is None
    assert site.shown("tariff_water").state == NO_TARIFF


async def test_a_tariff_without_a_price_yet_is_named_but_has_no_price(site: Site) -> None:
    later = tariff("day", ("0.3", "2026-04-01"))
    await site.begin(gas={"tariffs": [later], "rules": [rule("day")]})
    state = site.shown("price_gas")
    assert (state.state, state.attributes["tariff"]) == ("unknown", None)
    assert (state.attributes["next_change"], state.attributes["next_price"]) == ("2026-04-01T00:00:00+02:00", 0.3)
    assert site.shown("tariff_gas").state == "Day"


async def test_a_price_that_never_changes_has_no_next_one(site: Site) -> None:
    await site.begin(export={"tariffs": [DAY], "rules": [rule("day")]})
    state = site.shown("price_export")
    assert (state.attributes["next_change"], state.attributes["next_price"]) == (None, None)


async def test_a_rule_that_asks_for_an_entity_follows_it(site: Site) -> None:
    asked = {"tariffs": [DAY, NIGHT], "rules": [rule("night", entity="input_boolean.cheap", state="on"), rule("day")]}
    site.hass.states.async_set("input_boolean.cheap", "off")
    await site.begin(electricity=asked)
    assert site.shown("tariff_electricity").state == "Day"
    site.hass.states.async_set("input_boolean.cheap", "on")
    await site.hass.async_block_till_done()
    assert site.shown("tariff_electricity").state == "Night"
    assert site.shown("price_electricity").state == "0.1234567"


async def test_only_plans_with_tariffs_have_sensors(site: Site) -> None:
    await site.begin(electricity=PLAN)
    registry = er.async_get(site.hass)
    rows = er.async_entries_for_config_entry(registry, site.entry.entry_id)
    shown = {row.unique_id.removeprefix(f"{site.entry.entry_id}_") for row in rows}
    assert {one for one in shown if one.startswith(("price_", "tariff_e", "tariff_g", "tariff_w"))} == {
        "price_electricity",
        "tariff_electricity",
    }


async def test_who_is_gone_is_told_nothing(site: Site) -> None:
    await site.begin(electricity=PLAN)
    await site.hass.config_entries.async_unload(site.entry.entry_id)
    await site.to("2026-03-02T21:00:00Z")
    assert site.shown("price_electricity").state == "unavailable"
