"""Consumption and charging sessions as a file: the action and websocket command that give a link, and what sends it.

This module owns who gets what under which link, and for how long. What is in the file is the archive's matter. The file
is made piece by piece as it is taken: a slow reader holds up nothing, and once nobody reads nothing is made.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

import voluptuous as vol
from aiohttp import hdrs, web
from homeassistant.components import websocket_api
from homeassistant.components.http.auth import async_sign_path
from homeassistant.components.websocket_api.decorators import websocket_command
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HassJob, SupportsResponse, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView
from homeassistant.helpers.translation import async_get_exception_message
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .access import Right, async_check_context, check
from .archive.download import Request, stream
from .const import DOMAIN, LOGGER
from .csv_files import CsvView
from .history import find_history
from .load_choices import Choices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from homeassistant.components.websocket_api.connection import ActiveConnection
    from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse

    from .archive import Archive, Site
    from .archive.bars import Step
    from .archive.download import Listing
    from .history import History

SERVICE_DOWNLOAD_DATA: Final = "download_data"
WEBSOCKET_DOWNLOAD: Final = f"{DOMAIN}/download"

ATTR_GROUPS: Final = "groups"
ATTR_LOADS: Final = "loads"
ATTR_ALL: Final = "all"
ATTR_START: Final = "start"
ATTR_END: Final = "end"
ATTR_COSTS: Final = "costs"
ATTR_SESSIONS: Final = "sessions"
ATTR_SAMPLE_RATE: Final = "sample_rate"

FILE: Final = "reportdata.zip"
LIFE: Final = timedelta(hours=1)
"""How long a link is good for."""
RATES: Final = (15, 60, 1440)
"""Minutes."""

_CHOICES: Final = (ATTR_DEVICE_ID, ATTR_GROUPS, ATTR_LOADS, ATTR_ALL)
_QUARTER: Final = 900
_TELL_EACH: Final = 0.01
_HEADERS: Final = {
    hdrs.CONTENT_TYPE: "application/zip",
    hdrs.CONTENT_DISPOSITION: f'attachment; filename="{FILE}"',
    hdrs.CACHE_CONTROL: "no-store",
}

_NAMES: Final = vol.All(cv.ensure_list, [cv.string])
_FIELDS: Final[dict[Any, Any]] = {
    **{vol.Optional(key): _NAMES for key in (ATTR_DEVICE_ID, ATTR_GROUPS, ATTR_LOADS)},
    vol.Optional(ATTR_ALL, default=False): cv.boolean,
    vol.Required(ATTR_START): cv.date,
    vol.Required(ATTR_END): cv.date,
    vol.Optional(ATTR_COSTS, default=False): cv.boolean,
    vol.Optional(ATTR_SESSIONS, default=False): cv.boolean,
    vol.Optional(ATTR_SAMPLE_RATE, default=RATES[0]): vol.All(vol.Coerce(int), vol.In(RATES)),
}


@dataclass(kw_only=True)
class Ticket:
    """A download that somebody asked for, and who wants to know how it goes."""

    request: Request
    url: str
    expires: datetime
    listener: Callable[[dict[str, Any]], None] | None = None

    def tell(self, **event: Any) -> None:
        """Tell how it goes."""
        if self.listener is not None:
            self.listener(event)


DATA_DOWNLOADS: HassKey[dict[str, Ticket]] = HassKey(f"{DOMAIN}.downloads")


@callback
def async_setup_downloads(hass: HomeAssistant) -> None:
    """Register the action, the websocket command and the views of files; called once."""
    hass.data[DATA_DOWNLOADS] = {}
    hass.http.register_view(DownloadView)
    hass.http.register_view(CsvView)
    hass.services.async_register(
        DOMAIN,
        SERVICE_DOWNLOAD_DATA,
        _async_download_data,
        schema=vol.Schema(_FIELDS),
        supports_response=SupportsResponse.ONLY,
    )
    websocket_api.async_register_command(hass, _websocket_download)


async def _async_download_data(call: ServiceCall) -> ServiceResponse:
    """Return a link to a file of consumption (manual 8.5.1)."""
    await async_check_context(call.hass, call.context, Right.REPORTS)
    ticket = _issue(call.hass, request_of(call.hass, call.data))
    return {"url": ticket.url, "file": FILE, "expires": ticket.expires.isoformat(timespec="seconds")}


@websocket_command({vol.Required("type"): WEBSOCKET_DOWNLOAD, **_FIELDS})
@callback
def _websocket_download(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Give a link to a file of consumption, and tell how its download goes until the subscription ends."""
    check(hass, connection.user, Right.REPORTS)
    ticket = _issue(hass, request_of(hass, msg))
    ticket.listener = partial(connection.send_event, msg["id"])

    @callback
    def leave() -> None:
        """Tell nobody any more; the link stays."""
        ticket.listener = None

    connection.subscriptions[msg["id"]] = leave
    connection.send_result(msg["id"])
    ticket.tell(url=ticket.url, file=FILE, expires=ticket.expires.isoformat(timespec="seconds"))


def request_of(hass: HomeAssistant, data: Mapping[str, Any]) -> Request:
    """Return what is asked for; raises ``ServiceValidationError`` where that makes no sense."""
    site = find_history(hass).site()
    chosen = [key for key in _CHOICES if data.get(key)]
    # Charging sessions may be wanted alone.
    if len(chosen) > 1 or not (chosen or data[ATTR_SESSIONS]):
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="download_choice")
    kind, keys = _chosen(hass, site, chosen[0], data) if chosen else ("devices", [])
    since, until = _span(data[ATTR_START], data[ATTR_END])
    step = cast("Step", data[ATTR_SAMPLE_RATE] * 60)
    return Request(
        kind=kind,
        keys=tuple(dict.fromkeys(keys)),
        since=since,
        until=until,
        step=step,
        costs=data[ATTR_COSTS],
        sessions=data[ATTR_SESSIONS],
    )


def _chosen(hass: HomeAssistant, site: Site, choice: str, data: Mapping[str, Any]) -> tuple[Listing, list[str]]:
    """Return the keys of the devices, groups or loads that are chosen."""
    known = Choices(loads=site.loads, groups=site.groups)
    if choice == ATTR_LOADS:
        return "loads", [_known(known.load(name), name, site.loads) for name in data[choice]]
    if choice == ATTR_GROUPS:
        return "groups", [_known(known.group(name), name, site.groups) for name in data[choice]]
    if choice == ATTR_DEVICE_ID:
        return "devices", [_device(hass, site, device_id) for device_id in data[choice]]
    counting = [device.id for device in site.devices if device.commodity is not None]
    if not counting:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="download_nothing")
    return "devices", counting


def _known(key: str | None, given: str, names: Mapping[str, str]) -> str:
    """Return a key that there is."""
    if key is None or key not in names:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="download_unknown",
            translation_placeholders={"given": given, "known": ", ".join(names.values()) or "-"},
        )
    return key


def _device(hass: HomeAssistant, site: Site, device_id: str) -> str:
    """Return the key of a device of ours that counts something."""
    row = dr.async_get(hass).async_get(device_id)
    own = {key for domain, key in row.identifiers if domain == DOMAIN} if row is not None else set()
    if row is None or not own:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="not_ours", translation_placeholders={"target": device_id}
        )
    for device in site.devices:
        if device.id in own and device.commodity is not None:
            return device.id
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="download_counts_nothing",
        translation_placeholders={"device": row.name_by_user or row.name or device_id},
    )


def _span(start: date, end: date) -> tuple[int, int]:
    """Return the local days from the first to the last one, without what is yet to come."""
    since = int(dt_util.start_of_local_day(start).timestamp())
    end_of_day = int(dt_util.start_of_local_day(end + timedelta(days=1)).timestamp())
    until = min(end_of_day, int(dt_util.utcnow().timestamp()) // _QUARTER * _QUARTER + _QUARTER)
    if until <= since:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="download_period",
            translation_placeholders={"start": start.isoformat(), "end": end.isoformat()},
        )
    return since, until


def _issue(hass: HomeAssistant, request: Request) -> Ticket:
    """Give out a link."""
    key = secrets.token_urlsafe(16)
    url = async_sign_path(hass, f"/api/{DOMAIN}/download/{key}", LIFE)
    tickets = hass.data[DATA_DOWNLOADS]
    ticket = tickets[key] = Ticket(request=request, url=url, expires=dt_util.now() + LIFE)

    @callback
    def expire(_now: datetime) -> None:
        """Take the link back."""
        del tickets[key]
        ticket.tell(error=async_get_exception_message(DOMAIN, "download_expired"))

    async_call_later(hass, LIFE, HassJob(expire, "link to a download", cancel_on_shutdown=True))
    return ticket


class DownloadView(HomeAssistantView):
    """Sends the file that a ticket stands for."""

    url = f"/api/{DOMAIN}/download/{{ticket}}"
    name = f"api:{DOMAIN}:download"

    async def get(self, request: web.Request, ticket: str) -> web.StreamResponse:
        """Send a file while it is made."""
        hass = request.app[KEY_HASS]
        found = hass.data[DATA_DOWNLOADS].get(ticket)
        if found is None:
            raise web.HTTPNotFound
        try:
            transfer = _Transfer(find_history(hass), found)
            await transfer.async_advance()
        except HomeAssistantError as err:
            found.tell(error=str(err))
            raise web.HTTPServiceUnavailable(text=str(err)) from err
        response = web.StreamResponse(headers=_HEADERS)
        failed: str | None = async_get_exception_message(DOMAIN, "download_broken")
        try:
            await response.prepare(request)
            await transfer.async_send(response)
            failed = None
        except HomeAssistantError as err:
            failed = str(err)
        except ConnectionError as err:
            LOGGER.debug("A download was broken off: %s", err)
        finally:
            if failed is not None:
                found.tell(error=failed)
                # Without the end of the file the browser knows that it is not whole.
                if request.transport is not None:
                    request.transport.abort()
        return response


class _Transfer:
    """A file on its way to a reader."""

    def __init__(self, history: History, ticket: Ticket) -> None:
        """Begin; nothing is read yet."""
        self._history = history
        self._ticket = ticket
        self._site, self._style = history.site(), history.style
        self._chunks: Iterator[bytes] | None = None
        self._chunk: bytes | None = None
        self._sent = 0
        self._reached = self._told = 0.0

    async def async_advance(self) -> None:
        """Make the next piece, in a thread of the archive that is free again afterwards."""
        self._chunk = await self._history.async_ask(self._next)

    def _next(self, archive: Archive) -> bytes | None:
        """Return the next piece, None at the end. Blocks."""
        if self._chunks is None:
            self._chunks = stream(archive, self._site, self._ticket.request, self._style, self._reach)
        return next(self._chunks, None)

    def _reach(self, share: float) -> None:
        """Note how much is made."""
        self._reached = share

    async def async_send(self, response: web.StreamResponse) -> None:
        """Send all pieces and tell how it goes."""
        while self._chunk is not None:
            if self._chunk:
                await response.write(self._chunk)
                self._sent += len(self._chunk)
            if self._reached - self._told >= _TELL_EACH:
                self._told = self._reached
                self._ticket.tell(progress=round(self._reached, 3))
            await self.async_advance()
        await response.write_eof()
        self._ticket.tell(done=True, bytes=self._sent)
