"""What happens to a gateway and its devices, put into the journal.

This module owns which change is an event, and which event an alarm. Damping and keeping are the ``alarms`` room's
matter, telling ``journal``'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr

from .alarms import Kind, Origin
from .catalog import WORDS, AlarmGroup, StateKind
from .const import CONF_EXCLUDE_ALERTS, DOMAIN
from .journal import DATA_JOURNAL
from .names import state_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from homeassistant.core import HomeAssistant

    from .bus import Value
    from .catalog import State
    from .coordinator import GatewayConfigEntry, UnitCoordinator
    from .device import Device
    from .journal import SiteJournal
    from .status import StatusCoordinator

LINK_ERROR: Final = "link_error"
_COMMUNICATION: Final = "communication"


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What it means that a state took a word."""

    event: str
    kind: Kind = Kind.STATE
    alarm: bool | None = None
    ordinary: bool = True
    """True where the first sight of it says nothing."""


_SWITCHED: Final[Mapping[StateKind, str]] = {
    StateKind.CONTACTOR: "contactor",
    StateKind.INPUT: "input",
    StateKind.OUTPUT: "output",
    StateKind.CONTACT: "contact",
}
_CHANGED: Final = Meaning(event="state_changed")
_NO_FAULT: Final = Meaning(event=_CHANGED.event, alarm=False)
_STATION_ERROR: Final = Meaning(event="station_error", alarm=True, ordinary=False)
_CHARGE_ERROR: Final = Meaning(event="charge_error", alarm=True, ordinary=False)
_STATES: Final[Mapping[tuple[StateKind, str], Meaning]] = {
    (StateKind.BREAKER, "open"): Meaning(event="breaker_opened", alarm=False),
    (StateKind.BREAKER, "closed"): Meaning(event="breaker_closed", alarm=False),
    (StateKind.BREAKER, "tripped"): Meaning(event="breaker_tripped", alarm=True, ordinary=False),
    **{(kind, word): Meaning(event=f"{name}_{word}") for kind, name in _SWITCHED.items() for word in ("on", "off")},
    **{(kind, word): _NO_FAULT for kind in (StateKind.STATION, StateKind.CHARGE) for word in WORDS[kind]},
    (StateKind.STATION, "fault"): _STATION_ERROR,
    (StateKind.CHARGE, "fault"): _CHARGE_ERROR,
}
_ALARMS: Final[Mapping[tuple[AlarmGroup, str], Meaning]] = {
    (AlarmGroup.THRESHOLD, "on"): Meaning(event="threshold_exceeded", kind=Kind.THRESHOLD, alarm=True, ordinary=False),
    (AlarmGroup.THRESHOLD, "off"): Meaning(event="threshold_cleared", kind=Kind.THRESHOLD, alarm=False),
    (AlarmGroup.CONFIGURATION, "on"): Meaning(
        event="configuration_error", kind=Kind.CONFIGURATION, alarm=True, ordinary=False
    ),
    (AlarmGroup.CONFIGURATION, "off"): Meaning(event="configuration_cleared", kind=Kind.CONFIGURATION, alarm=False),
    (AlarmGroup.STATION, "on"): _STATION_ERROR,
    (AlarmGroup.STATION, "off"): Meaning(event="station_error_cleared", alarm=False),
    (AlarmGroup.CHARGE, "on"): _CHARGE_ERROR,
    (AlarmGroup.CHARGE, "off"): Meaning(event="charge_error_cleared", alarm=False),
}

DEVICE_EVENTS: Final = (
    *dict.fromkeys(meaning.event for meaning in (*_STATES.values(), *_ALARMS.values(), _CHANGED)),
    LINK_ERROR,
    "link_restored",
    "communication_lost",
    "communication_back",
    "command_done",
    "command_failed",
    "clock_set",
    "clock_failed",
)
"""Every event a device can have."""
GATEWAY_EVENTS: Final = ("communication_lost", "communication_back")


def origin_of(device: Device, gateway: str) -> Origin:
    """Return where an event of a device comes from."""
    config = device.config
    return Origin(device_id=config.id, device=config.name, gateway=gateway, address=config.place)


def meaning_of(state: State, word: str) -> Meaning:
    """Return what it means that a state took a word."""
    if state.alarm is not None:
        return _ALARMS.get((state.alarm, word), _CHANGED)
    return _STATES.get((state.kind, word), _CHANGED)


def watched_ids(hass: HomeAssistant) -> set[str]:
    """Return the ids of all gateways, and of all devices that are switched on and not left out of alerts."""
    registry, watched = dr.async_get(hass), set[str]()
    for entry in hass.config_entries.async_entries(DOMAIN):
        watched.add(entry.entry_id)
        for key, row in entry.subentries.items():
            device = registry.async_get_device_by_identifier((DOMAIN, key), entry.entry_id)
            if not row.data.get(CONF_EXCLUDE_ALERTS) and not (device is not None and device.disabled):
                watched.add(key)
    return watched


class AlarmWatch:
    """Watches the polls of one gateway."""

    def __init__(self, hass: HomeAssistant, entry: GatewayConfigEntry) -> None:
        """Know the gateway; nothing is watched before ``start``."""
        self._hass = hass
        self._entry = entry
        self._site: SiteJournal = hass.data[DATA_JOURNAL]
        self._lost: bool | None = None
        self._silent: dict[int, bool] = {}

    @callback
    def start(self) -> None:
        """Watch until the gateway is unloaded; alarms of what is watched no longer end."""
        self._site.forget(watched_ids(self._hass))
        data = self._entry.runtime_data
        self._entry.async_on_unload(data.status.async_add_listener(self._gateway))
        for address, unit in data.units.items():
            self._entry.async_on_unload(unit.async_add_listener(partial(self._unit, unit)))
            if (states := data.states.get(address)) is not None:
                self._entry.async_on_unload(states.async_add_listener(partial(self._unit, states)))
                self._entry.async_on_unload(states.async_add_listener(partial(self._states, states)))

    @callback
    def _gateway(self) -> None:
        """See whether the gateway is lost or back."""
        connected = self._entry.runtime_data.status.data.connected
        if connected is None or self._lost is (not connected):
            return
        self._lost = not connected
        title = self._entry.title
        origin = Origin(device_id=self._entry.entry_id, device=title, gateway=title, address="")
        self._communication(origin, lost=self._lost)

    @callback
    def _unit(self, poll: UnitCoordinator | StatusCoordinator) -> None:
        """See whether a unit fell silent or answers again: the latest poll tells, whatever it asked for."""
        report, address = poll.data, poll.address
        if not report.asked or report.problem == "gateway" or not (report.problem or report.values):
            return
        silent = report.problem is not None
        if self._silent.get(address) is silent:
            return
        self._silent[address] = silent
        polled = self._polled(address)
        for device in self._entry.runtime_data.units[address].devices.values():
            if device.config.id in polled and not device.config.exclude_alerts:
                self._communication(origin_of(device, self._entry.title), lost=silent)

    def _polled(self, address: int) -> set[str]:
        """Return the devices at an address that somebody asks for: not those switched off in Home Assistant."""
        data = self._entry.runtime_data
        polls = (data.units[address], data.states.get(address))
        return {device_id for poll in polls if poll is not None for device_id, _ in poll.async_contexts()}

    @callback
    def _communication(self, origin: Origin, *, lost: bool) -> None:
        """Put a lost or regained link into the journal; the first sight of a good one is no event."""
        active = self._site.journal.is_active(origin.device_id, Kind.COMMUNICATION, _COMMUNICATION)
        if not lost and not active:
            return
        event = "communication_lost" if lost else "communication_back"
        self._site.record(Kind.COMMUNICATION, event, origin, subject=_COMMUNICATION, name=origin.device, alarm=lost)

    @callback
    def _states(self, states: StatusCoordinator) -> None:
        """See which states changed."""
        for device_id, values in states.data.values.items():
            device = states.devices[device_id]
            if not device.config.exclude_alerts and device.profile is not None:
                self._changes(device, values)
                self._links(device, device.profile.links, values)

    @callback
    def _changes(self, device: Device, values: Mapping[str, Value | None]) -> None:
        """Compare the states of a device with those last known."""
        journal = self._site.journal
        for key, state in device.states.items():
            word = values.get(key)
            known = journal.known_state(device.config.id, key)
            if not isinstance(word, str) or word == known:
                continue
            self._site.note_state(device.config.id, key, word)
            meaning = meaning_of(state, word)
            if known is None and meaning.ordinary:
                continue
            self._site.record(
                meaning.kind,
                meaning.event,
                origin_of(device, self._entry.title),
                subject=key,
                name=state_name(self._hass, device, key),
                alarm=meaning.alarm,
                details={"state": word},
            )

    @callback
    def _links(self, device: Device, links: Iterable[str], values: Mapping[str, Value | None]) -> None:
        """See whether a link between modules fails or works again."""
        for key in links:
            value = values.get(key)
            error = getattr(value, "error", None)
            active = self._site.journal.is_active(device.config.id, Kind.CONFIGURATION, key)
            if error is None or error is active:
                continue
            self._site.record(
                Kind.CONFIGURATION,
                LINK_ERROR if error else "link_restored",
                origin_of(device, self._entry.title),
                subject=key,
                name=key.rpartition("_")[2],
                alarm=error,
                details={"partner": str(getattr(value, "partner", ""))},
            )
