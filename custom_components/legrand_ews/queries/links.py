"""The links between EMS modules: which event leads to which action (manual 8.2.3).

Owns how the accounts of both ends become one link. Knows what was read last, and reads nothing itself.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from ..bus import LinkValue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..coordinator import GatewayConfigEntry, GatewayData
    from ..device import Device
    from .questions import Answer

_EVENT, _ACTION = "event", "action"


class _Account(NamedTuple):
    """What one end tells of a link."""

    device: Device
    error: bool | None


def links_of(data: GatewayData, device: Device) -> list[LinkValue]:
    """Return the links that a module has, as the last poll found them."""
    if device.profile is None or not device.profile.links or device.config.address not in data.states:
        return []
    values = data.states[device.config.address].data.values.get(device.config.id, {})
    found = (values.get(key) for key in device.profile.links)
    return [link for link in found if isinstance(link, LinkValue) and link.partner is not None]


def links_between(entry: GatewayConfigEntry) -> Iterator[Answer]:
    """Yield the links between the modules of a loaded gateway.

    Each once, whether one end tells of it or both; it fails where either end says so.
    """
    told: dict[tuple[int, int], dict[str, list[_Account]]] = defaultdict(lambda: {_EVENT: [], _ACTION: []})
    for device in entry.runtime_data.devices.values():
        for link in links_of(entry.runtime_data, device):
            own, other = device.config.address, link.partner or 0
            ends = (own, other) if link.role == _EVENT else (other, own)
            told[ends][link.role].append(_Account(device, link.error))
    for (event, action), accounts in told.items():
        for one, two in zip_longest(accounts[_EVENT], accounts[_ACTION]):
            yield {
                _EVENT: _end(entry, event, one),
                _ACTION: _end(entry, action, two),
                "error": any(account.error for account in (one, two) if account is not None),
            }


def _end(entry: GatewayConfigEntry, address: int, account: _Account | None) -> Answer:
    """Return one end of a link; what is not set up has an address only."""
    device = _module_at(entry, address) if account is None else account.device
    return {
        "device": None if device is None else device.config.id,
        "name": None if device is None else device.config.name,
        "function": None if device is None else device.model.kind.value,
        "gateway": entry.title,
        "address": str(address) if device is None else device.config.place,
    }


def _module_at(entry: GatewayConfigEntry, address: int) -> Device | None:
    """Return the device at an address, one with links before others."""
    here = [device for device in entry.runtime_data.devices.values() if device.config.address == address]
    with_links = (device for device in here if device.profile is not None and device.profile.links)
    return next(with_links, here[0] if here else None)
