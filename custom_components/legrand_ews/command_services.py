"""Actions that command devices: breakers, outputs, clocks.

This module owns the way from an action's target to devices and their states. What happens then is ``commands``'s and
``clock_sync``'s matter.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import voluptuous as vol
from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.const import ATTR_CODE
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError, Unauthorized, UnknownUser
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.target import TargetSelection, async_extract_referenced_entity_ids

from .catalog import SettingKind, StateKind, Verb, known_state
from .clock_sync import async_sync_clock
from .commands import Wish, async_command, async_configure
from .const import CONF_KIND, DOMAIN, KIND_GATEWAY

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Mapping

    from .coordinator import GatewayConfigEntry
    from .device import Device

ATTR_BREAKER: Final = "breaker"
ATTR_OUTPUT: Final = "output"
ATTR_TURN_ON: Final = "turn_on"
ATTR_DURATION: Final = "duration"
ATTR_CADENCE: Final = "cadence"

_LONGEST: Final = 86400
_SECONDS: Final = vol.All(vol.Coerce(float), vol.Range(min=0, min_included=False, max=_LONGEST))
_NUMBER: Final = vol.All(vol.Coerce(int), vol.Range(min=1, max=99))
_CODE: Final = {vol.Optional(ATTR_CODE): cv.string}
_OF_BREAKER: Final = {vol.Optional(ATTR_BREAKER): _NUMBER, **_CODE}
_OF_OUTPUT: Final = {vol.Optional(ATTR_OUTPUT): _NUMBER, **_CODE}
_SETTINGS: Final = {
    vol.Optional(SettingKind.NORMAL_STATE.value): vol.In(["no", "nc"]),
    vol.Optional(SettingKind.MODE.value): vol.In(["impulsive", "blinking"]),
    vol.Optional(SettingKind.ON_TIME.value): vol.All(vol.Coerce(float), vol.Range(min=0, max=_LONGEST)),
}
_BREAKERS: Final = (StateKind.BREAKER, StateKind.CONTACTOR)
_OUTPUTS: Final = (StateKind.OUTPUT,)


@callback
def async_setup_command_services(hass: HomeAssistant) -> None:
    """Register the actions that command devices."""
    actions: Mapping[str, tuple[dict[Any, Any], Callable[[ServiceCall], Coroutine[Any, Any, None]]]] = {
        "open_breaker": (_OF_BREAKER, partial(_async_breaker, verb=Verb.OPEN)),
        "close_breaker": (_OF_BREAKER, partial(_async_breaker, verb=Verb.CLOSE)),
        "switch_output": ({vol.Required(ATTR_TURN_ON): cv.boolean, **_OF_OUTPUT}, _async_switch),
        "pulse_output": (
            {vol.Optional(ATTR_DURATION): _SECONDS, **_OF_OUTPUT},
            partial(_async_timed, verb=Verb.PULSE, field=ATTR_DURATION),
        ),
        "blink_output": (
            {vol.Optional(ATTR_CADENCE): _SECONDS, **_OF_OUTPUT},
            partial(_async_timed, verb=Verb.BLINK, field=ATTR_CADENCE),
        ),
        "configure_output": ({**_SETTINGS, **_OF_OUTPUT}, _async_configure),
        "sync_clock": ({}, _async_sync_clock),
    }
    for name, (fields, handler) in actions.items():
        schema = cv.make_entity_service_schema(fields)
        hass.services.async_register(DOMAIN, name, handler, schema=schema)


async def _async_breaker(call: ServiceCall, *, verb: Verb) -> None:
    """Open or close breakers and contactors."""
    wishes = await _async_wishes(call, _BREAKERS, call.data.get(ATTR_BREAKER))
    await _async_all(async_command(call.hass, wish, verb) for wish in wishes)


async def _async_switch(call: ServiceCall) -> None:
    """Turn outputs on or off."""
    verb = Verb.ON if call.data[ATTR_TURN_ON] else Verb.OFF
    wishes = await _async_wishes(call, _OUTPUTS, call.data.get(ATTR_OUTPUT))
    await _async_all(async_command(call.hass, wish, verb) for wish in wishes)


async def _async_timed(call: ServiceCall, *, verb: Verb, field: str) -> None:
    """Pulse outputs, or let them blink."""
    wishes = await _async_wishes(call, _OUTPUTS, call.data.get(ATTR_OUTPUT))
    await _async_all(async_command(call.hass, wish, verb, seconds=call.data.get(field)) for wish in wishes)


async def _async_configure(call: ServiceCall) -> None:
    """Write settings of outputs."""
    values = {SettingKind(str(key)): call.data[str(key)] for key in _SETTINGS if str(key) in call.data}
    if not values:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="nothing_to_write")
    wishes = await _async_wishes(call, _OUTPUTS, call.data.get(ATTR_OUTPUT))
    await _async_all(async_configure(call.hass, wish, values) for wish in wishes)


async def _async_sync_clock(call: ServiceCall) -> None:
    """Set the clocks of devices."""
    clocks = {
        target.device.config.id: target
        for target in await _async_targets(call)
        if target.device.profile is not None and target.device.profile.clock is not None
    }
    if not clocks:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_clock")
    await _async_all(
        async_sync_clock(call.hass, target.entry, target.device, context=call.context) for target in clocks.values()
    )


async def _async_all(doings: Iterable[Coroutine[Any, Any, Any]]) -> None:
    """Carry out all at once, so that no device keeps others waiting, to their end; raise the first error then."""
    for outcome in await asyncio.gather(*doings, return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome


@dataclass(frozen=True, kw_only=True)
class _Target:
    """A device that an action is for."""

    entry: GatewayConfigEntry
    device: Device
    given: str | None = None
    """Key of the target entity; None where the target is the whole device."""
    named: bool = True
    """False where it was found by its area, floor or label: what does not fit there is not meant."""


async def _async_wishes(call: ServiceCall, kinds: tuple[StateKind, ...], number: int | None) -> list[Wish]:
    """Return what an action wants of which device, each once.

    Raises ``ServiceValidationError`` where the target does not say which state is meant.
    """
    wishes: dict[tuple[str, str], Wish] = {}
    for target in await _async_targets(call):
        device = target.device
        fitting = [key for key in _commanded(device) if _kind(device, key) in kinds]
        chosen = _chosen(target.given, fitting, number)
        if not target.named and not (chosen and device.commandable):
            continue
        if len(chosen) != 1:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="which_state" if chosen else "no_such_state",
                translation_placeholders={"device": device.config.name, "states": ", ".join(fitting) or "-"},
            )
        wishes[device.config.id, chosen[0]] = Wish(
            entry=target.entry, device=device, state=chosen[0], context=call.context, code=call.data.get(ATTR_CODE)
        )
    if not wishes:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_target")
    return list(wishes.values())


def _chosen(given: str | None, fitting: list[str], number: int | None) -> list[str]:
    """Return the states that are meant: the one of the target entity, or those of a number."""
    if given is None:
        return [key for key in fitting if number is None or _number(key) == number]
    owners = [key for key in fitting if given == key or given.startswith(f"{key}_")]
    return owners and [max(owners, key=len)]


def _commanded(device: Device) -> list[str]:
    """Return the states of a device that its map has commands or settings for."""
    if device.profile is None:
        return []
    states = [state for state, _ in device.profile.commands]
    return list(dict.fromkeys([*states, *(row.output for row in device.profile.settings.values())]))


def _kind(device: Device, key: str) -> StateKind | None:
    """Return what a state is of."""
    if (state := device.states.get(key)) is not None:
        return state.kind
    known = known_state(key)
    return None if known is None else known[0]


def _number(key: str) -> int:
    """Return the number of a state: 1 where there is only one."""
    known = known_state(key)
    return known[1] or 1 if known is not None else 1


async def _async_targets(call: ServiceCall) -> list[_Target]:
    """Return the devices that an action is for.

    Raises ``ServiceValidationError`` for a target that is not ours, ``Unauthorized`` for one the user may not control.
    """
    selection = TargetSelection(call.data)
    selected = async_extract_referenced_entity_ids(call.hass, selection, primary_entities_only=False)
    entities, registry = er.async_get(call.hass), dr.async_get(call.hass)
    devices = _devices(call.hass)
    targets: list[_Target] = []
    for entity_id in sorted(selected.referenced | selected.indirectly_referenced):
        row = entities.async_get(entity_id)
        named = entity_id in selected.referenced
        owner = row.config_subentry_id if row is not None and row.platform == DOMAIN else None
        if row is None or owner not in devices:
            _refuse_foreign(entity_id, named=named)
        elif named or row.device_id not in selected.referenced_devices:
            await async_permit(call, [entity_id])
            given = row.unique_id.removeprefix(f"{owner}_")
            targets.append(replace(devices[owner], given=given, named=named))
    for device_id in sorted(selected.referenced_devices):
        found, named = registry.async_get(device_id), device_id in selection.device_ids
        own = next((key for domain, key in found.identifiers if domain == DOMAIN), None) if found is not None else None
        if own not in devices:
            _refuse_foreign(device_id if found is None else found.name_by_user or found.name, named=named)
        else:
            rows = er.async_entries_for_device(entities, device_id, include_disabled_entities=True)
            await async_permit(call, [row.entity_id for row in rows])
            targets.append(replace(devices[own], named=named))
    return targets


def _devices(hass: HomeAssistant) -> dict[str | None, _Target]:
    """Return the devices of all loaded gateways by subentry."""
    return {
        device.config.id: _Target(entry=entry, device=device)
        for entry in hass.config_entries.async_loaded_entries(DOMAIN)
        if entry.data[CONF_KIND] == KIND_GATEWAY
        for device in entry.runtime_data.devices.values()
    }


def _refuse_foreign(target: str | None, *, named: bool) -> None:
    """Raise ``ServiceValidationError`` where a target that is not ours was named."""
    if named:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="not_ours", translation_placeholders={"target": target or "-"}
        )


async def async_permit(call: ServiceCall, entity_ids: Iterable[str]) -> None:
    """Raise ``Unauthorized`` where the user of an action may not control all of these entities."""
    if call.context.user_id is None:
        return
    user = await call.hass.auth.async_get_user(call.context.user_id)
    if user is None:
        raise UnknownUser(context=call.context)
    for entity_id in entity_ids:
        if not user.permissions.check_entity(entity_id, POLICY_CONTROL):
            raise Unauthorized(context=call.context, entity_id=entity_id, permission=POLICY_CONTROL)
