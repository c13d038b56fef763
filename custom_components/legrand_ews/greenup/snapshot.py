"""The state over a restart, as JSON. Owns its form; times are ages, for the next clock may start anew."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, Final

from .base import DAY
from .learning import Appetite
from .plan import Reason, Zone
from .session import Session, Stage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .manager import LoadManager

VERSION: Final = 1
_TIMES: Final = ("since", "changed", "reduced", "plugged", "asked", "stopped", "started", "retry", "departure", "idle")
_PLAIN: Final = (*("limit", "step", "first", "skips", "stops", "head", "own_priority", "charge", "counted"),)


def of(manager: LoadManager) -> dict[str, Any]:
    """Return the state of a manager."""
    now = manager.now
    base = manager.base
    return {
        "version": VERSION,
        "zone": manager.zone.value,
        "sessions": {key: _session_of(one, now) for key, one in manager.sessions.items()},
        "base": {
            "level": list(base.level),
            "variance": list(base.variance),
            "days": [[int(now // DAY) - day, highest] for day, highest in base.days.items()],
        },
    }


def _session_of(one: Session, now: float) -> dict[str, Any]:
    """Return the state of a session."""
    times = {name: None if (at := getattr(one, name)) is None else now - at for name in _TIMES}
    plain = {name: getattr(one, name) for name in _PLAIN}
    appetite = asdict(one.appetite) | {"asked": now - one.appetite.asked}
    cause = None if one.cause is None else {"key": one.cause.key, "values": dict(one.cause.values)}
    return {"stage": one.stage.value, "ages": times, **plain, "appetite": appetite, "cause": cause}


def into(manager: LoadManager, state: Mapping[str, Any], now: float) -> None:
    """Give a fresh manager the state; stations that it does not know are left out."""
    manager.began = manager.now = now
    manager.watch.since = now
    manager.awaited = set(manager.sessions)
    if state.get("version") != VERSION:
        return
    manager.zone = Zone(state["zone"])
    base = state["base"]
    manager.base.level, manager.base.variance = list(base["level"]), list(base["variance"])
    manager.base.days = {int(now // DAY) - age: list(highest) for age, highest in base["days"]}
    for key, saved in state["sessions"].items():
        if key in manager.sessions:
            _into_session(manager.sessions[key], saved, now)


def _into_session(one: Session, saved: Mapping[str, Any], now: float) -> None:
    """Give a session its state; an order that the station no longer takes is cut."""
    one.stage = Stage(saved["stage"])
    for name in _TIMES:
        age = saved["ages"][name]
        setattr(one, name, None if age is None else now - age)
    for name in _PLAIN:
        setattr(one, name, saved[name])
    one.limit = min(one.limit, one.config.rated_current)
    known = {field.name for field in fields(Appetite)}
    values = {name: value for name, value in saved["appetite"].items() if name in known}
    values["asked"] = now - values["asked"]
    values["used"] = None if values["used"] is None else tuple(values["used"])
    values["pattern"] = tuple(values["pattern"])
    one.appetite = Appetite(**values)
    one.cause = None if saved["cause"] is None else Reason(saved["cause"]["key"], saved["cause"]["values"])
