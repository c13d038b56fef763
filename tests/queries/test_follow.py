"""A dashboard is told when its figures are old."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.legrand_ews.archive import WriterStatus
from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.news import DATA_NEWS

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant


async def test_a_subscription_tells_its_beginning_and_what_is_new(hass: HomeAssistant, hass_ws_client: Any) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    news = hass.data[DATA_NEWS]
    news.changed()
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": f"{DOMAIN}/follow"})
    assert (await client.receive_json())["success"]
    begin = await client.receive_json()
    assert begin["event"] == {"since": None, "revision": 1, "begin": True}
    news.handed_on([600])
    news.written(WriterStatus(last_write=1.0))
    news.changed()
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=6))
    told = await client.receive_json()
    assert told["event"] == {"since": 600, "revision": 2}
    await client.send_json_auto_id({"type": "unsubscribe_events", "subscription": begin["id"]})
    assert (await client.receive_json())["success"]
