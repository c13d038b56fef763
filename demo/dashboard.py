"""Puts the dashboard into the sidebar, as users do by *Add dashboard*.

This module owns its name and address. What it shows is the integration's matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from .client import Client

PATH: Final = "energy-web-server"
_DASHBOARD: Final = {
    "url_path": PATH,
    "title": "Energy Web Server",
    "icon": "mdi:meter-electric",
    "mode": "storage",
    "show_in_sidebar": True,
    "require_admin": False,
}
_CONFIG: Final = {"strategy": {"type": "custom:legrand-ews"}}


async def add_dashboard(client: Client, tell: Callable[[str], None] = print) -> None:
    """Add the dashboard where there is none at its address; one that the user changed stays as it is."""
    if any(row["url_path"] == PATH for row in await client.command("lovelace/dashboards/list")):
        return
    await client.command("lovelace/dashboards/create", **_DASHBOARD)
    await client.command("lovelace/config/save", url_path=PATH, config=_CONFIG)
    tell("Energy Web Server: dashboard added to the sidebar")
