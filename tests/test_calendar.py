"""Calendars of tariffs: events as people and automations get them, also where clocks change."""

from __future__ import annotations

import logging
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import pytest

from .test_cost_sensor import rule, tariff
from .test_price_sensor import PLAN, WORK, Site, frozen, site

if TYPE_CHECKING:
    from pytest_homeassistant_custom_component.typing import (  # type: ignore[import-untyped]
        ClientSessionGenerator,
        WebSocketGenerator,
    )

__all__ = ["frozen", "site"]

ELECTRICITY: Final = "tariffs_electricity"


async def events(site: Site, start: str, end: str, what: str = ELECTRICITY) -> list[tuple[str, str, str]]:
    """Return start, end and name of events, as an automation gets them."""
    entity = site.entity("calendar", what)
    answer: Any = await site.hass.services.async_call(
        "calendar",
        "get_events",
        {"entity_id": entity, "start_date_time": start, "end_date_time": end},
        blocking=True,
        return_response=True,
    )
    return [(one["start"], one["end"], one["summary"]) for one in answer[entity]["events"]]


async def test_the_tariff_that_holds_is_the_event(site: Site) -> None:
    await site.begin(electricity=PLAN)
    state = site.shown(ELECTRICITY, "calendar")
    assert (state.state, state.attributes["message"]) == ("on", "Day")
    assert (state.attributes["start_time"], state.attributes["end_time"]) == (
        "2026-03-02 06:00:00",
        "2026-03-02 22:00:00",
    )
    assert state.attributes["description"] == "0.24 EUR/kWh"
    await site.to("2026-03-02T21:00:00Z")
    state = site.shown(ELECTRICITY, "calendar")
    assert (state.attributes["message"], state.attributes["description"]) == ("Night", "0.1234567 EUR/kWh")


async def test_where_nothing_has_a_price_the_next_tariff_is_announced(site: Site) -> None:
    await site.begin(water=WORK)
    await site.to("2026-03-06T17:00:00Z")
    state = site.shown("tariffs_water", "calendar")
    assert (state.state, state.attributes["message"]) == ("off", "Day")
    assert state.attributes["start_time"] == "2026-03-09 08:00:00"
    assert state.attributes["description"] == "0.24 EUR/m³"


async def test_a_plan_without_a_price_in_sight_has_no_event(site: Site) -> None:
    await site.begin(gas={"tariffs": [tariff("day", ("0.3", "2027-01-01"))], "rules": [rule("day")]})
    state = site.shown("tariffs_gas", "calendar")
    assert (state.state, state.attributes.get("message")) == ("off", None)


@pytest.mark.parametrize(
    ("start", "end", "night"),
    [
        (
            "2026-03-28T12:00:00+01:00",
            "2026-03-29T12:00:00+02:00",
            ("2026-03-28T22:00:00+01:00", "2026-03-29T06:00:00+02:00"),
        ),
        (
            "2026-10-24T12:00:00+02:00",
            "2026-10-25T12:00:00+01:00",
            ("2026-10-24T22:00:00+02:00", "2026-10-25T06:00:00+01:00"),
        ),
    ],
)
async def test_nights_end_by_the_wall_clock_where_clocks_change(
    site: Site, start: str, end: str, night: tuple[str, str]
) -> None:
    await site.begin(electricity=PLAN)
    found = await events(site, start, end)
    assert [name for _, _, name in found] == ["Day", "Night", "Day"]
    assert found[1] == (*night, "Night")
    assert all(one[1] == other[0] for one, other in pairwise(found))


async def test_times_without_a_price_are_no_events(site: Site) -> None:
    await site.begin(water=WORK)
    found = await events(site, "2026-03-05T00:00:00+01:00", "2026-03-10T00:00:00+01:00", "tariffs_water")
    assert [one[:2] for one in found] == [
        (f"2026-03-0{day}T08:00:00+01:00", f"2026-03-0{day}T18:00:00+01:00") for day in (5, 6, 9)
    ]


async def test_events_carry_the_price_of_their_time(site: Site) -> None:
    dated = tariff("day", ("0.2", "2026-01-01"), ("0.3", "2026-03-10"))
    await site.begin(electricity={"tariffs": [dated], "rules": [rule("day")]})
    found = await events(site, "2026-03-09T00:00:00+01:00", "2026-03-11T00:00:00+01:00")
    assert [one[1] for one in found] == ["2026-03-10T00:00:00+01:00", "2026-03-11T00:00:00+01:00"]


async def test_people_see_them_in_the_calendar(
    site: Site, hass_client: ClientSessionGenerator, caplog: pytest.LogCaptureFixture
) -> None:
    # Its notes of requests cannot bear a clock that stands still.
    caplog.set_level(logging.CRITICAL, "aiohttp.access")
    await site.begin(electricity=PLAN)
    client = await hass_client()
    entity = site.entity("calendar", ELECTRICITY)
    span = "start=2026-03-28T20:00:00%2B01:00&end=2026-03-29T04:00:00%2B02:00"
    answer = await client.get(f"/api/calendars/{entity}?{span}")
    assert answer.status == 200
    rows = await answer.json()
    assert [(row["summary"], row["start"]["dateTime"]) for row in rows] == [
        ("Day", "2026-03-28T20:00:00+01:00"),
        ("Night", "2026-03-28T22:00:00+01:00"),
    ]


async def test_a_dashboard_is_told_of_them(site: Site, hass_ws_client: WebSocketGenerator) -> None:
    await site.begin(electricity=PLAN)
    client = await hass_ws_client(site.hass)
    await client.send_json_auto_id(
        {
            "type": "calendar/event/subscribe",
            "entity_id": site.entity("calendar", ELECTRICITY),
            "start": "2026-03-02T00:00:00+01:00",
            "end": "2026-03-03T00:00:00+01:00",
        }
    )
    assert (await client.receive_json())["success"]
    told = (await client.receive_json())["event"]["events"]
    assert [row["summary"] for row in told] == ["Night", "Day", "Night"]


async def test_no_more_than_some_years_are_worked_out_at_a_time(site: Site) -> None:
    await site.begin(electricity=PLAN)
    found = await events(site, "2026-01-01T00:00:00+01:00", "2126-01-01T00:00:00+01:00")
    assert len(found) == pytest.approx(2 * 800, abs=2)
