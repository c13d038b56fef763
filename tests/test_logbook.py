"""Entries of the journal in Home Assistant's logbook."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.components.recorder import get_instance
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

from custom_components.legrand_ews.alarms import Kind
from custom_components.legrand_ews.logbook import ICONS, describe
from plant.scenario import DeviceSpec

from .support import install_profiles

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .support import Panel

BREAKER = DeviceSpec(name="Main breaker", model="414930", address=11, at="mains")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"address": "11"}, "Breaker tripped (West, 11)"),
        ({"address": ""}, "Breaker tripped (West)"),
        ({"address": "11", "user": "Ann"}, "Breaker tripped (West, 11) · Ann"),
        ({"gateway": "", "address": ""}, "Breaker tripped"),
    ],
)
def test_an_entry_reads_what_where_and_by_whom(more: dict[str, Any], message: str) -> None:
    entry = {
        "device": "Main breaker",
        "gateway": "West",
        "text": "Breaker tripped",
        "kind": "state",
        "user": None,
        **more,
    }
    event: Any = SimpleNamespace(data=entry)
    assert describe(event) == {"name": "Main breaker", "message": message, "icon": "mdi:electric-switch"}


def test_every_kind_has_an_icon() -> None:
    assert set(ICONS) == set(Kind)


async def test_a_trip_stands_in_the_logbook(
    recorder_mock: Any,  # noqa: ARG001
    hass: HomeAssistant,
    panel: Panel,
    hass_ws_client: Any,
) -> None:
    install_profiles(hass, "plant_ems_state")
    entry = await panel.start(BREAKER, status_poll_time=10)
    hass.config.components.add("frontend")
    assert await async_setup_component(hass, "logbook", {})
    begun = dt_util.utcnow()
    panel.unit(11).trip()
    await panel.wait()
    await get_instance(hass).async_block_till_done()
    client = await hass_ws_client()
    device = panel.device(entry, "Main breaker").id
    for limited in ({}, {"device_ids": [device]}):
        await client.send_json_auto_id({"type": "logbook/get_events", "start_time": begun.isoformat(), **limited})
        answer = await client.receive_json()
        rows = [row for row in answer["result"] if row.get("domain") == "legrand_ews"]
        assert [(row["name"], row["message"]) for row in rows] == [("Main breaker", "Breaker tripped (Panel, 11)")]
