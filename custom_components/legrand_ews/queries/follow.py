"""Telling a dashboard when its figures are old (docs/queries.md). What is new is known by ``news``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from homeassistant.core import callback

from ..news import DATA_NEWS

if TYPE_CHECKING:
    from homeassistant.components.websocket_api.connection import ActiveConnection
    from homeassistant.core import HomeAssistant


@callback
def follow(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Tell at once that the subscription begins, and then when there is something new, until it ends."""
    news = hass.data[DATA_NEWS]

    @callback
    def tell() -> None:
        """Tell from when on there is something new, and which site it is."""
        connection.send_event(msg["id"], {"since": news.since, "revision": news.revision})

    connection.subscriptions[msg["id"]] = news.follow(tell)
    connection.send_result(msg["id"])
    connection.send_event(msg["id"], {"since": None, "revision": news.revision, "begin": True})
