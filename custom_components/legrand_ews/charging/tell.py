"""What the load manager tells: the journal, its event entity, repair issues.

Owns which of a step's events people hear of. Starts and stops of cars are seen from their entities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from homeassistant.core import callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.dispatcher import async_dispatcher_send

from ..alarms import Kind, Origin
from ..const import DOCUMENTATION, DOMAIN, PHASES
from ..greenup import EventKind, StationState, Zone
from ..journal import DATA_JOURNAL
from ..names import selector_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from homeassistant.core import HomeAssistant

    from ..greenup import Event, Plan
    from .control import LoadControl

type Issue = tuple[str, Mapping[str, object]]
"""The text of a repair issue, and what stands in it."""

SIGNAL_EVENT: Final = f"{DOMAIN}_greenup_event"
"""Sent with the type and the data of an event."""
METER_LOST: Final = "meter_lost"
METER_BACK: Final = "meter_back"
STATION_FOUND: Final = "station_found"
STATION_LEFT: Final = "station_left"
"""It was lost, and is not managed any more."""
OVERLOAD_OVER: Final = "overload_over"
_TOLD: Final[Mapping[EventKind, str]] = {
    EventKind.EMERGENCY: "emergency",
    EventKind.OVERLOAD: "overload",
    EventKind.IGNORED: "limit_ignored",
    EventKind.LOST: "station_lost",
}
EVENTS: Final = (*_TOLD.values(), STATION_FOUND, STATION_LEFT, OVERLOAD_OVER, METER_LOST, METER_BACK)
"""Every event that the load manager tells of."""
_ALARMS: Final[Mapping[str, tuple[str, bool]]] = {
    "overload": ("overload", True),
    OVERLOAD_OVER: ("overload", False),
    "station_lost": ("station", True),
    STATION_FOUND: ("station", False),
    STATION_LEFT: ("station", False),
    METER_LOST: ("meter", True),
    METER_BACK: ("meter", False),
}
"""Subject of the alarm that an event begins or ends."""
_OVER: Final[Mapping[str, tuple[Zone, str]]] = {
    "overload": (Zone.RED, OVERLOAD_OVER),
    "meter": (Zone.BLIND, METER_BACK),
}
"""Outside of which zone an alarm of the site is over, and the event that says so."""
LOGIC_OFF: Final = "greenup_logic_off"
METER_SILENT: Final = "greenup_meter_silent"
STATION_SILENT: Final = "greenup_station_silent"
PHASE_UNWATCHED: Final = "greenup_phase_unwatched"


class Teller:
    """Tells what happened in a step."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with nothing told."""
        self._hass = hass
        self._issues: dict[str, Issue] = {}

    @callback
    def take(self, plan: Plan, control: LoadControl) -> None:
        """Take what a step says."""
        for event in plan.events:
            self._event(event, control)
        for subject, (zone, over) in _OVER.items():
            if plan.zone is not zone:
                self._end(subject, over)
        self._stations(control)
        wanted = dict(_issues(plan, control))
        for issue in self._issues.keys() - wanted.keys():
            ir.async_delete_issue(self._hass, DOMAIN, issue)
        for issue, what in wanted.items():
            if self._issues.get(issue) != what:
                self._raise(issue, *what)
        self._issues = wanted

    def close(self) -> None:
        """Take all issues back."""
        for issue in list(self._issues):
            ir.async_delete_issue(self._hass, DOMAIN, issue)
        self._issues.clear()

    def _event(self, event: Event, control: LoadControl) -> None:
        """Tell of an event, if people hear of it."""
        if event.kind is EventKind.ZONE:
            if event.data["zone"] == Zone.BLIND:
                self._record(METER_LOST, None, self._site(), {})
        elif (name := _TOLD.get(event.kind)) is not None:
            key = event.station_id
            port = None if key is None else control.ports.get(key)
            origin = self._site() if port is None else Origin(device_id=key, device=port.name, gateway="", address="")
            subject = _ALARMS.get(name, ("", False))[0]
            if subject and self._active(key, subject):
                # The manager says so at each step, and after a restart.
                return
            self._record(name, key, origin, _told(event.data))

    def _stations(self, control: LoadControl) -> None:
        """End the alarms of lost stations that answer, also if others told of them, or are not managed any more."""
        for entry in self._hass.data[DATA_JOURNAL].journal.active:
            station = entry.device_id
            if entry.kind is not Kind.CHARGING or station is None:
                continue
            now = control.stations.get(station)
            if station not in control.ports or (now is not None and not now.view.lost):
                origin = Origin(device_id=station, device=entry.device, gateway="", address="")
                self._record(STATION_LEFT if now is None else STATION_FOUND, station, origin, {})

    def _end(self, subject: str, event: str) -> None:
        """Tell that an alarm of the site is over, if there was one."""
        if self._active(None, subject):
            self._record(event, None, self._site(), {})

    def _active(self, owner: str | None, subject: str) -> bool:
        """Tell whether there is an alarm."""
        return self._hass.data[DATA_JOURNAL].journal.is_active(owner, Kind.CHARGING, subject)

    def _site(self) -> Origin:
        """Return the origin of what is of no station."""
        name = selector_text(self._hass, "total", "greenup")
        return Origin(device_id=None, device=name, gateway="", address="")

    def _record(self, event: str, station: str | None, origin: Origin, data: Mapping[str, Any]) -> None:
        """Put an event into the journal, and send it to the event entity."""
        subject, alarm = _ALARMS.get(event, (event, None))
        details = {key: _shown(value) for key, value in data.items() if value is not None}
        self._hass.data[DATA_JOURNAL].record(
            Kind.CHARGING, event, origin, subject=subject, name=origin.device, alarm=alarm, details=details
        )
        told = {"station": origin.device, **data} if station is not None else dict(data)
        async_dispatcher_send(self._hass, SIGNAL_EVENT, event, told)

    def _raise(self, issue: str, text: str, placeholders: Mapping[str, object]) -> None:
        """Raise an issue."""
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            issue,
            is_fixable=False,
            learn_more_url=f"{DOCUMENTATION}/charging.md",
            severity=ir.IssueSeverity.WARNING,
            translation_key=text,
            translation_placeholders={key: _shown(value) for key, value in placeholders.items()},
        )


def _told(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of an event with the phase as people call it."""
    phase = data.get("phase")
    return {**data, "phase": PHASES[phase].upper()} if isinstance(phase, int) else dict(data)


def _issues(plan: Plan, control: LoadControl) -> Iterator[tuple[str, Issue]]:
    """Yield the issues that there are by their ids, each with its text and what stands in it."""
    if plan.zone is Zone.BLIND:
        yield METER_SILENT, (METER_SILENT, {"age": control.settings.config.stale_after})
    if _left_alone(control):
        yield LOGIC_OFF, (LOGIC_OFF, {})
    for key, one in control.stations.items():
        if one.view.lost:
            yield f"{STATION_SILENT}_{key}", (STATION_SILENT, {"station": control.ports[key].name})
    for key, station in control.unwatched.items():
        yield f"{PHASE_UNWATCHED}_{key}", (PHASE_UNWATCHED, station._asdict())


def _left_alone(control: LoadControl) -> bool:
    """Tell whether cars charge under an old order while nothing is ordered any more (A2 number 24)."""
    charging = any(one.state is StationState.CHARGING for one in control.stations.values())
    return charging and not control.settings.config.control_logic


def _shown(value: object) -> str:
    """Return a value for people."""
    return f"{value:g}" if isinstance(value, float) else str(value)
