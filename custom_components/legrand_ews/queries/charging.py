"""How charging goes right now, as the websocket tells it (docs/queries.md).

Owns the shape of the answer. It is as of the load manager's last step; sessions that are over are in
``sessions``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr

from ..charging.control import DATA_CONTROL
from ..charging.reason_text import reason_text
from ..charging.stations import known
from ..charging.words import state_of
from ..const import DOMAIN, PHASES
from .costs import money

if TYPE_CHECKING:
    from collections.abc import Iterable

    from homeassistant.core import HomeAssistant

    from ..charging.control import LoadControl
    from ..charging.sessions import OpenSession
    from .questions import Answer


@callback
def charging_now(hass: HomeAssistant) -> Answer:
    """Return the state of the load manager, None where none is at work, and of all stations there are."""
    control = hass.data.get(DATA_CONTROL)
    registry = dr.async_get(hass)
    stations = []
    for key, name in known(hass).items():
        device = next(iter(registry.async_get_devices(identifiers={(DOMAIN, key)})), None)
        told = {
            "id": key,
            "name": name,
            "device_id": None if device is None else device.id,
            "managed": control is not None and key in control.ports,
        }
        stations.append(told | _station(hass, control, key))
    return {"manager": None if control is None else _manager(control), "stations": stations}


def _manager(control: LoadControl) -> Answer:
    """Return the load manager: zone, A by phase, how many cars, limits and switches."""
    config, reading = control.settings.config, control.reading
    # The meter is read more often than steps are taken: both are of the latest reading.
    currents = None if control.manager.headroom is None or reading is None else reading.currents
    charging, waiting = control.manager.counts
    return {
        "zone": None if control.plan is None else control.plan.zone.value,
        "currents": None if currents is None else _tenths(currents),
        "headroom": None if currents is None else _tenths(config.max_current - current for current in currents),
        "charging": charging,
        "waiting": waiting,
        "mode": config.mode.value,
        "max_current": config.max_current,
        "charge_current": config.charge_current,
        "load_control": config.load_control,
        "control_logic": config.control_logic,
    }


def _station(hass: HomeAssistant, control: LoadControl | None, key: str) -> Answer:
    """Return a station under the load manager; nothing of one that is not, and before the first step."""
    now = None if control is None else control.stations.get(key)
    if control is None or now is None:
        return {}
    view, order = now.view, now.order
    why = None if order is None else order.why
    return {
        "state": state_of(now),
        "limit": None if order is None else round(order.limit, 1),
        "reason": None if why is None else why.key,
        "values": None if why is None else dict(why.values),
        "text": None if why is None else reason_text(hass, why),
        "priority": view.priority,
        "default_priority": view.default_priority,
        "phases": [PHASES[phase] for phase in view.phases],
        "drawn": None if view.drawn is None else _tenths(view.drawn),
        "plugged_for": _seconds(view.plugged_for),
        "waited": _seconds(view.waited),
        "session": None if now.session is None else _session(control, now.session),
    }


def _session(control: LoadControl, session: OpenSession) -> Answer:
    """Return the session that goes on."""
    return {
        "id": session.id,
        "start": session.start,
        "energy": session.energy,
        "charge": session.charge,
        "card": session.card,
        "cost": money(session.cost),
        "currency": control.currency,
        "interruptions": len(session.breaks),
    }


def _tenths(currents: Iterable[float]) -> list[float]:
    """Return currents of L1 to L3 as they are told, A."""
    return [round(current, 1) for current in currents]


def _seconds(time: float | None) -> int | None:
    """Return whole seconds."""
    return None if time is None else round(time)
