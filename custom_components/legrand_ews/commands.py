"""Commands from people and automations: who may, what is sent, what came of it, and the account of it.

This module owns permission, code, journal and error of a command. How a command travels and is confirmed is the
``bus`` room's matter.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized

from .access import Right, async_check_context
from .alarm_watch import origin_of
from .alarms import Kind
from .bus import NotPossibleError, Result, order_for, order_for_settings
from .command_code import code_matches
from .const import DOMAIN, LOGGER, OPT_CODE
from .installation import find_installation
from .journal import DATA_JOURNAL, async_user_name
from .names import reason_text, state_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from homeassistant.core import Context, HomeAssistant

    from .bus import Order, Outcome
    from .catalog import Profile, SettingKind, Verb
    from .coordinator import GatewayConfigEntry
    from .device import Device
    from .status import StatusCoordinator

CONFIGURE: Final = "configure"
_DONE: Final = frozenset({Result.CONFIRMED, Result.ACCEPTED})


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Who wants what of which device."""

    entry: GatewayConfigEntry
    device: Device
    state: str
    """Key of what is commanded: ``breaker``, ``output_2``."""
    context: Context | None = None
    code: str | None = None


async def async_command(hass: HomeAssistant, wish: Wish, verb: Verb, *, seconds: float | None = None) -> None:
    """Bring a device to do something and wait until it is confirmed.

    ``seconds`` is how long a pulse lasts, or the cadence of a blink. Raises ``HomeAssistantError`` where the command
    was not done, with the reason.
    """
    await _async_obey(hass, wish, verb.value, lambda profile: order_for(profile, wish.state, verb, seconds=seconds))


async def async_configure(hass: HomeAssistant, wish: Wish, values: Mapping[SettingKind, str | float]) -> None:
    """Write settings of an output and wait until they are read back (manual 8.2.1, "Write").

    Raises ``HomeAssistantError`` where they were not written, with the reason.
    """
    await _async_obey(hass, wish, CONFIGURE, lambda profile: order_for_settings(profile, wish.state, values))


async def _async_obey(hass: HomeAssistant, wish: Wish, what: str, order_of: Callable[[Profile], Order]) -> None:
    """Check a wish, carry it out, account for it.

    Raises ``Unauthorized`` where the user may not, ``ServiceValidationError`` where it may not or cannot be,
    ``HomeAssistantError`` where it was not done.
    """
    # A reload meanwhile takes it away from the entry.
    device, data = wish.device, wish.entry.runtime_data
    try:
        await async_check_context(hass, wish.context, Right.COMMAND)
    except Unauthorized:
        await _async_account(hass, wish, what, reason="missing_right")
        raise
    if (refusal := await _async_refusal(hass, wish)) is not None:
        await _async_account(hass, wish, what, reason=refusal)
        raise _refused(wish, refusal)
    assert device.profile is not None  # noqa: S101 -- commandable
    try:
        order = order_of(device.profile)
    except NotPossibleError as err:
        await _async_account(hass, wish, what, reason=err.reason)
        raise _refused(wish, "command_not_possible", reason_text(hass, err.reason)) from err
    LOGGER.info("%s: %s %s is sent", device.config.name, what, wish.state)
    states = data.states.get(device.config.address)
    try:
        outcome = await data.commanders[device.config.id].execute(order)
    except asyncio.CancelledError:
        if states is not None:
            states.look_later(order.within)
        await _async_account(hass, wish, what, reason="interrupted")
        raise
    if states is not None:
        _show(states, device, order, outcome)
    if outcome.result in _DONE:
        await _async_account(hass, wish, what, result=outcome.result.value)
        return
    await _async_account(hass, wish, what, reason=outcome.reason, detail=outcome.detail)
    raise HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=f"command_{outcome.result.value}",
        translation_placeholders={
            "device": device.config.name,
            "state": state_name(hass, device, wish.state),
            "read": str(outcome.value or "?"),
            "reason": " · ".join(filter(None, (reason_text(hass, outcome.reason), outcome.detail))),
        },
    )


def _refused(wish: Wish, reason: str, detail: str = "") -> ServiceValidationError:
    """Return the error of a wish that nothing is sent for."""
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=reason,
        translation_placeholders={"device": wish.device.config.name, "reason": detail},
    )


async def _async_refusal(hass: HomeAssistant, wish: Wish) -> str | None:
    """Return why the device or the site does not allow a wish (key of the strings), None where they do."""
    if not wish.device.commandable:
        return "commands_not_allowed" if wish.device.trusted else "commands_not_trusted"
    installation = find_installation(hass)
    kept = None if installation is None else installation.options.get(OPT_CODE)
    if kept is None:
        return None
    if wish.code is None:
        return "code_required"
    return None if await hass.async_add_executor_job(code_matches, kept, wish.code) else "code_wrong"


def _show(states: StatusCoordinator, device: Device, order: Order, outcome: Outcome) -> None:
    """Show what was read back: never the wish. Where nothing was, a poll soon shows it, at another device perhaps."""
    if outcome.result is Result.ACCEPTED:
        states.look_later(order.within)
    values = dict(outcome.settings)
    if values:
        states.reader.forget_settings()
    if order.state is not None and order.state in device.states and outcome.value is not None:
        values[order.state] = outcome.value
    if values:
        states.take(device, values)


async def _async_account(
    hass: HomeAssistant, wish: Wish, what: str, *, result: str = "failed", reason: str = "", detail: str = ""
) -> None:
    """Put into the journal who commanded what, and what came of it."""
    hass.data[DATA_JOURNAL].record(
        Kind.COMMAND,
        "command_failed" if reason else "command_done",
        origin_of(wish.device, wish.entry.title),
        subject=wish.state,
        name=state_name(hass, wish.device, wish.state),
        user=await async_user_name(hass, wish.context),
        details={"command": what, "result": result, "reason": reason and reason_text(hass, reason), "detail": detail},
    )
