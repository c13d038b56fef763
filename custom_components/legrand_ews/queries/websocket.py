"""Websocket commands for the dashboard and for other programs (docs/queries.md).

Owns names, fields, needed rights and errors of the commands; what they answer is made in ``site``, ``amounts``,
``costs``, ``compare``, ``tariffs``, ``sessions``, ``charging``, ``alarms``, ``board`` and ``system``. Who has which
right is known in ``access``.
"""

from __future__ import annotations

from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Final

import voluptuous as vol
from homeassistant.components.websocket_api import async_register_command
from homeassistant.components.websocket_api.const import ERR_HOME_ASSISTANT_ERROR, ERR_UNAUTHORIZED
from homeassistant.components.websocket_api.decorators import async_response, websocket_command
from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError, Unauthorized
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.util import dt as dt_util

from ..access import PAGES, Right, check, rights_of, role_of
from ..charging.control import SIGNAL_STEP
from ..charging.stations import known
from ..history import find_history
from .alarms import FIELDS, WHICH, acknowledge_alarms, async_alarms, follow_alarms
from .amounts import STEPS, consumption, samples
from .board import async_board
from .charging import charging_now
from .compare import compare
from .costs import cost
from .follow import follow as follow_news
from .questions import SPANS, WHOLE
from .sessions import sessions
from .site import async_site
from .system import async_system, follow_system
from .tariffs import tariffs

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from homeassistant.components.websocket_api.connection import ActiveConnection
    from homeassistant.components.websocket_api.const import AsyncWebSocketCommandHandler, WebSocketCommandHandler
    from homeassistant.core import HomeAssistant

    from ..archive import Archive, ArchiveInfo
    from .questions import Answer

type _Answering = Callable[[HomeAssistant, dict[str, Any]], Awaitable[Answer]]
type _Following = Callable[[HomeAssistant, ActiveConnection, dict[str, Any]], None]
type _Rights = tuple[Right, ...]

_SCOPES: Final = ("device", "load", "group", "total")
_PERIODS: Final = ("hour", "day", "month", "year", WHOLE)
_FIGURES: Final = (
    "engine",
    "schema_version",
    "size",
    "intervals",
    "samples",
    "alarms",
    "sessions",
    "last_interval",
    "kept_since",
)
_MOST_KEYS: Final = 1000

_TIMES: Final = {
    vol.Optional("period"): vol.In(_PERIODS),
    vol.Optional("until"): int,
    vol.Optional("start"): str,
    vol.Optional("end"): str,
    vol.Optional("span"): vol.In(SPANS),
    vol.Optional("date"): str,
    vol.Optional("previous", default=False): bool,
    vol.Optional("group"): str,
}
_BARS: Final[dict[Any, Any]] = {
    vol.Required("scope"): vol.In(_SCOPES),
    vol.Optional("keys"): vol.All([vol.Any(str, None)], vol.Length(min=1, max=_MOST_KEYS)),
    **_TIMES,
}


@callback
def async_setup_websocket(hass: HomeAssistant) -> None:
    """Register the commands."""
    for schema, rights, answer in _COMMANDS:
        async_register_command(hass, websocket_command(schema)(async_response(_answered(answer, rights))))
    for schema, rights, follow in _DIRECT:
        async_register_command(hass, websocket_command(schema)(_permitted(follow, rights)))


def _answered(answer: _Answering, rights: _Rights) -> AsyncWebSocketCommandHandler:
    """Send an answer to a user who has one of the rights, or why there is none."""

    @wraps(answer)
    async def handle(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
        """Answer a message."""
        try:
            check(hass, connection.user, *rights)
            result = await answer(hass, msg)
        except HomeAssistantError as err:
            _refuse(connection, msg, err)
        else:
            connection.send_result(msg["id"], result)

    return handle


def _permitted(follow: _Following, rights: _Rights) -> WebSocketCommandHandler:
    """Let a command that speaks for itself speak to a user who has one of the rights; else say why it does not."""

    @wraps(follow)
    @callback
    def handle(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
        """Answer a message."""
        try:
            check(hass, connection.user, *rights)
            follow(hass, connection, msg)
        except HomeAssistantError as err:
            _refuse(connection, msg, err)

    return handle


def _refuse(connection: ActiveConnection, msg: dict[str, Any], err: HomeAssistantError) -> None:
    """Send why there is no answer."""
    key = ERR_UNAUTHORIZED if isinstance(err, Unauthorized) else err.translation_key
    connection.send_error(
        msg["id"],
        key or ERR_HOME_ASSISTANT_ERROR,
        str(err),
        translation_key=err.translation_key,
        translation_domain=err.translation_domain,
        translation_placeholders=err.translation_placeholders,
    )


@callback
def _tell_access(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Tell a user what he may."""
    user = connection.user
    rights = sorted(rights_of(hass, user))
    connection.send_result(msg["id"], {"role": role_of(hass, user), "rights": rights, "administrator": user.is_admin})


async def _async_bars(question: Callable[..., Answer], hass: HomeAssistant, msg: dict[str, Any]) -> Answer:
    """Return the answer to a question for bars."""
    history = find_history(hass)
    now = int(dt_util.utcnow().timestamp())
    return await history.async_ask(partial(question, site=history.site(), asked=msg, now=now))


async def _async_consumption(hass: HomeAssistant, msg: dict[str, Any]) -> Answer:
    """Return bars of consumption."""
    factors = find_history(hass).settings.factors
    return await _async_bars(partial(consumption, factors=factors), hass, msg)


async def _async_cost(hass: HomeAssistant, msg: dict[str, Any]) -> Answer:
    """Return bars of costs."""
    return await _async_bars(cost, hass, msg)


async def _async_tariffs(hass: HomeAssistant, _msg: dict[str, Any]) -> Answer:
    """Return the tariffs and rules, and what holds now and next."""
    bill = find_history(hass).bill
    plans = {key: bill.plan(key) for key in bill.settings.plans}
    now = int(dt_util.utcnow().timestamp())
    return await hass.async_add_executor_job(tariffs, bill.settings, plans, now)


async def _async_compare(hass: HomeAssistant, msg: dict[str, Any]) -> Answer:
    """Return two side by side."""
    return await _async_bars(compare, hass, msg)


async def _async_samples(hass: HomeAssistant, msg: dict[str, Any]) -> Answer:
    """Return what a device measured."""
    history = find_history(hass)
    return await history.async_ask(partial(samples, site=history.site(), asked=msg))


async def _async_sessions(hass: HomeAssistant, msg: dict[str, Any]) -> Answer:
    """Return charging sessions."""
    return await find_history(hass).async_ask(partial(sessions, names=known(hass), asked=msg))


async def _async_charging(hass: HomeAssistant, _msg: dict[str, Any]) -> Answer:
    """Return how charging goes."""
    return charging_now(hass)


@callback
def _follow_charging(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Tell how charging goes, now and after each step of the load manager, until the subscription ends."""

    @callback
    def tell() -> None:
        """Tell how it goes."""
        connection.send_event(msg["id"], charging_now(hass))

    connection.subscriptions[msg["id"]] = async_dispatcher_connect(hass, SIGNAL_STEP, tell)
    connection.send_result(msg["id"])
    tell()


async def _async_info(hass: HomeAssistant, _msg: dict[str, Any]) -> Answer:
    """Return how the archive is; while it is away, the figures are None."""
    history = find_history(hass)
    info: ArchiveInfo | None = None
    away: str | None = None
    try:
        info = await history.async_ask(_info)
    except HomeAssistantError as err:
        away = str(err)
    status = history.writer.status
    return {
        **{name: getattr(info, name, None) for name in _FIGURES},
        "queued": status.queued,
        "dropped": dict(status.dropped),
        "last_write": status.last_write,
        "error": status.error or away,
    }


def _info(archive: Archive) -> ArchiveInfo:
    """Ask the archive for its figures."""
    return archive.info()


_COMMANDS: Final[tuple[tuple[dict[Any, Any], _Rights, _Answering], ...]] = (
    ({vol.Required("type"): "legrand_ews/site"}, PAGES, async_site),
    (
        {vol.Required("type"): "legrand_ews/consumption", **_BARS},
        (Right.CONSUMPTION,),
        _async_consumption,
    ),
    (
        {vol.Required("type"): "legrand_ews/cost", **_BARS, vol.Optional("by_tariff", default=True): bool},
        (Right.TARIFFS, Right.CONSUMPTION),
        _async_cost,
    ),
    ({vol.Required("type"): "legrand_ews/tariffs"}, (Right.TARIFFS, Right.CONSUMPTION), _async_tariffs),
    (
        {
            vol.Required("type"): "legrand_ews/compare",
            vol.Optional("scope", default="device"): vol.In(_SCOPES[:-1]),
            vol.Required("keys"): vol.All([str], vol.Length(min=2, max=2), vol.Unique()),
            vol.Optional("by", default="amount"): vol.In(("amount", "cost")),
            **_TIMES,
        },
        (Right.CONSUMPTION,),
        _async_compare,
    ),
    (
        {
            vol.Required("type"): "legrand_ews/samples",
            vol.Required("device"): str,
            vol.Optional("quantities"): vol.All([str], vol.Length(min=1, max=_MOST_KEYS)),
            vol.Required("start"): str,
            vol.Required("end"): str,
            vol.Optional("step", default=None): vol.In(STEPS),
        },
        (Right.CONSUMPTION, Right.PANEL),
        _async_samples,
    ),
    (
        {
            vol.Required("type"): "legrand_ews/sessions",
            vol.Required("start"): str,
            vol.Required("end"): str,
            vol.Optional("stations"): vol.All([str], vol.Length(min=1, max=_MOST_KEYS)),
        },
        (Right.CHARGING,),
        _async_sessions,
    ),
    ({vol.Required("type"): "legrand_ews/charging"}, (Right.CHARGING,), _async_charging),
    ({vol.Required("type"): "legrand_ews/alarms", **FIELDS}, (Right.ALARMS,), async_alarms),
    ({vol.Required("type"): "legrand_ews/archive/info"}, (Right.SYSTEM,), _async_info),
    ({vol.Required("type"): "legrand_ews/board"}, PAGES, async_board),
    ({vol.Required("type"): "legrand_ews/system"}, (Right.SYSTEM,), async_system),
)
"""Fields, the rights of which one is needed, and what answers."""

_DIRECT: Final[tuple[tuple[dict[Any, Any], _Rights, _Following], ...]] = (
    ({vol.Required("type"): "legrand_ews/access"}, (), _tell_access),
    ({vol.Required("type"): "legrand_ews/follow"}, PAGES, follow_news),
    ({vol.Required("type"): "legrand_ews/charging/subscribe"}, (Right.CHARGING,), _follow_charging),
    ({vol.Required("type"): "legrand_ews/alarms/subscribe"}, (Right.ALARMS,), follow_alarms),
    ({vol.Required("type"): "legrand_ews/system/subscribe"}, (Right.SYSTEM,), follow_system),
    ({vol.Required("type"): "legrand_ews/alarms/acknowledge", **WHICH}, (Right.ACKNOWLEDGE,), acknowledge_alarms),
)
"""The same, of those that need the connection: its user, or to go on telling."""
