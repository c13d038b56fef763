"""How the system fares: versions, gateways, disk, catalogue, links (manual 8.8, 8.2.3).

Owns the shape of the answer and who is told of changes. Figures of the archive are told by ``archive/info``.
"""

from __future__ import annotations

import logging
from functools import partial
from itertools import chain
from pathlib import Path
from platform import python_version
from shutil import disk_usage
from typing import TYPE_CHECKING, Any, Final

from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntryState
from homeassistant.const import __version__ as home_assistant_version
from homeassistant.core import callback
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.loader import async_get_integration

from ..catalog_store import DATA_CATALOG
from ..const import CONF_KIND, DOMAIN, KIND_GATEWAY, LOGGER
from ..history import DATA_HISTORY
from .links import links_between

if TYPE_CHECKING:
    from collections.abc import Callable

    from homeassistant.components.websocket_api.connection import ActiveConnection
    from homeassistant.config_entries import ConfigEntry, ConfigEntryChange
    from homeassistant.core import CALLBACK_TYPE, HomeAssistant

    from ..catalog import Catalog
    from ..coordinator import GatewayConfigEntry, GatewayData
    from .questions import Answer

_PAUSE: Final = 5.0
"""Between two events of a subscription, s."""
_SILENT: Final = "silent"


def gateways_of(hass: HomeAssistant) -> list[GatewayConfigEntry]:
    """Return the gateways of the site, loaded or not."""
    return [entry for entry in hass.config_entries.async_entries(DOMAIN) if entry.data.get(CONF_KIND) == KIND_GATEWAY]


def is_loaded(entry: ConfigEntry) -> bool:
    """Tell whether a gateway is at work."""
    return entry.state is ConfigEntryState.LOADED


async def async_system(hass: HomeAssistant, _msg: dict[str, Any]) -> Answer:
    """Return how the system fares."""
    history = hass.data.get(DATA_HISTORY)
    folder = hass.config.config_dir if history is None else history.folder
    integration = await async_get_integration(hass, DOMAIN)
    disk = await hass.async_add_executor_job(_disk, folder)
    gateways = gateways_of(hass)
    return {
        "version": str(integration.version),
        "home_assistant": home_assistant_version,
        "python": python_version(),
        "started_at": _started_at(),
        "gateways": [_gateway(entry) for entry in gateways],
        "disk": disk,
        "catalog": _catalog(hass.data[DATA_CATALOG]),
        "links": list(chain.from_iterable(links_between(entry) for entry in gateways if is_loaded(entry))),
    }


def _started_at() -> int:
    """Return when Home Assistant's process began, POSIX seconds: records of the log count their time from then."""
    record = logging.makeLogRecord({})
    return round(record.created - record.relativeCreated / 1000)


def _disk(folder: Path | str) -> Answer | None:
    """Return the room where a folder lies, bytes; None where that cannot be told. Blocking."""
    try:
        usage = disk_usage(folder)
    except OSError:
        return None
    return {"free": usage.free, "total": usage.total}


def _gateway(entry: GatewayConfigEntry) -> Answer:
    """Return how a gateway fares."""
    named = {"id": entry.entry_id, "name": entry.title}
    return named | (_at_work(entry.runtime_data) if is_loaded(entry) else _away(entry))


def _at_work(data: GatewayData) -> Answer:
    """Return the account of a gateway's link, and which addresses do not answer."""
    report, error = data.status.data, data.link.error
    return {
        "connected": report.connected,
        "bus_load": report.load,
        "cycle_time": report.cycle_time,
        "requests": report.requests,
        "errors": report.errors,
        "units": len(data.units),
        _SILENT: sorted(address for address in data.units if _is_silent(data, address)),
        "problem": None if error is None else str(error),
    }


def _is_silent(data: GatewayData, address: int) -> bool:
    """Tell whether an address left its last poll unanswered, that of measures or that of states."""
    states = data.states.get(address)
    return _SILENT in (data.units[address].data.problem, None if states is None else states.data.problem)


def _away(entry: ConfigEntry) -> Answer:
    """Return why a gateway is not at work."""
    figures = ("connected", "bus_load", "cycle_time", "requests", "errors", "units")
    return {**dict.fromkeys(figures), _SILENT: [], "problem": entry.reason or entry.state.value}


def _catalog(catalog: Catalog) -> Answer:
    """Return how many products and register maps there are, and what is wrong with the user's."""
    return {
        "models": len(catalog.models),
        "maps": len(catalog.profiles),
        "user_maps": sum(profile.user for profile in catalog.profiles.values()),
        "errors": [
            {"file": Path(error.file).name, "line": error.line, "key": error.key, "reason": error.reason}
            for error in catalog.errors
        ],
    }


@callback
def follow_system(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Tell how the system fares, now and after changes with a pause between, until the subscription ends."""
    following = _Following(hass, partial(connection.send_event, msg["id"]))
    connection.subscriptions[msg["id"]] = following.end
    connection.send_result(msg["id"])
    following.begin()


class _Following:
    """Somebody who is told of changes; gateways may come and go meanwhile."""

    def __init__(self, hass: HomeAssistant, tell: Callable[[Answer], None]) -> None:
        """Take who is to be told."""
        self._hass = hass
        self._tell = tell
        self._over = False
        self._links: list[CALLBACK_TYPE] = []
        self._entries = async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._entry_changed)
        self._paced = Debouncer(
            hass, LOGGER, cooldown=_PAUSE, immediate=True, function=self._async_tell, background=True
        )

    @callback
    def begin(self) -> None:
        """Listen to the gateways that there are, and tell."""
        self._forget_links()
        self._links = [
            entry.runtime_data.status.async_add_listener(self._paced.async_schedule_call)
            for entry in gateways_of(self._hass)
            if is_loaded(entry)
        ]
        self._paced.async_schedule_call()

    @callback
    def end(self) -> None:
        """Tell no more."""
        self._over = True
        self._entries()
        self._forget_links()
        self._paced.async_shutdown()

    @callback
    def _forget_links(self) -> None:
        """Listen to no gateway."""
        for forget in self._links:
            forget()
        self._links = []

    @callback
    def _entry_changed(self, _change: ConfigEntryChange, entry: ConfigEntry) -> None:
        """Listen anew: a gateway was loaded, unloaded, added or taken away."""
        if entry.domain == DOMAIN:
            self.begin()

    async def _async_tell(self) -> None:
        """Tell how it goes now."""
        answer = await async_system(self._hass, {})
        if not self._over:
            self._tell(answer)
