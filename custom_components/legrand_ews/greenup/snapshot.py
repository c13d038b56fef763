"""The state over a restart, as JSON. Owns its form; times are ages, for the next clock may start anew."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, Final

from .base import DAY
from .config import Mode
from .learning import Appetite
from .plan import Reason, Zone
from .session import Session, Stage
from .steps import LAST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .base import BaseLoad
    from .manager import LoadManager

VERSION: Final = 1
_TIMES: Final = ("since", "changed", "reduced", "plugged", "asked", "stopped", "started", "retry", "departure", "idle")
_UNREADABLE: Final = (KeyError, TypeError, ValueError, AttributeError)
"""What an older or damaged snapshot may raise."""
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
    """Give a fresh manager the state; what it does not know or cannot read is left out."""
    manager.began = manager.now = now
    manager.watch.since = now
    manager.awaited = set(manager.sessions)
    if state.get("version") != VERSION:
        return
    with suppress(*_UNREADABLE):
        manager.zone = Zone(state["zone"])
    with suppress(*_UNREADABLE):
        _into_base(manager.base, state["base"], now)
    saved = state.get("sessions") or {}
    for key in manager.sessions.keys() & saved.keys():
        one = Session(manager.sessions[key].config)
        with suppress(*_UNREADABLE):
            _into_session(one, saved[key], now)
            _fit(one, manager.config.mode, now)
            manager.sessions[key] = one


def _into_base(base: BaseLoad, saved: Mapping[str, Any], now: float) -> None:
    """Give the base load its state, all or nothing."""
    level, variance = list(saved["level"]), list(saved["variance"])
    days = {int(now // DAY) - age: list(highest) for age, highest in saved["days"]}
    base.level, base.variance, base.days = level, variance, days


def _into_session(one: Session, saved: Mapping[str, Any], now: float) -> None:
    """Give a session its state."""
    one.stage = Stage(saved["stage"])
    for name in _TIMES:
        age = saved["ages"][name]
        setattr(one, name, None if age is None else now - age)
    for name in _PLAIN:
        setattr(one, name, saved[name])
    known = {field.name for field in fields(Appetite)}
    values = {name: value for name, value in saved["appetite"].items() if name in known}
    values["asked"] = now - values["asked"]
    values["used"] = None if values["used"] is None else tuple(values["used"])
    values["pattern"] = tuple(values["pattern"])
    one.appetite = Appetite(**values)
    one.cause = None if saved["cause"] is None else Reason(saved["cause"]["key"], saved["cause"]["values"])


def _fit(one: Session, mode: Mode, now: float) -> None:
    """Fit a session to settings that were changed meanwhile; an order that the station no longer takes is cut."""
    one.limit = min(one.limit, one.config.rated_current)
    if one.appetite.used is not None and not set(one.appetite.used) <= set(one.config.phases):
        one.appetite.used, one.appetite.pattern, one.appetite.seen = None, (), 0
    if mode is not Mode.STEPS:
        one.step, one.reduced = 0, None
    elif one.granted and not one.step and one.limit < one.config.rated_current:
        one.step, one.reduced = LAST, now
