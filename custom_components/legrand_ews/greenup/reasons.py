"""Why an order is what it is. Owns the choice of the reason; decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .plan import Order, Zone
from .queue import off_until
from .session import Session, Stage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .view import View

_PLAIN: Final[Mapping[Stage, str]] = {
    Stage.FREE: "free",
    Stage.DONE: "done",
    Stage.HELD: "held",
    Stage.FAULT: "fault",
    Stage.AUTHORISING: "granted",
}
RISE: Final = 30.0
"""s that a car may take from its floor to its share."""
_FULL: Final = 0.3
"""A below the most that a car or station takes that still is all."""


def order_of(view: View, one: Session, place: int) -> Order:
    """Return the order of a session with its reason; ``place``: in the queue, from 1."""
    if one.lost:
        return Order.of(one.limit, "lost")
    if one.stage in _PLAIN:
        return Order.of(one.limit, _PLAIN[one.stage])
    if one.stage is Stage.CHARGING:
        return _charging(view, one)
    return _waiting(view, one, place)


def _charging(view: View, one: Session) -> Order:
    """Say why a car gets what it gets."""
    if view.zone is Zone.BLIND:
        return Order.of(one.limit, "blind")
    if not view.config.load_control:
        return Order.of(one.limit, "no_limit")
    if one.step:
        return Order.of(one.limit, "step", step=one.step)
    if one.limit >= one.ceiling - _FULL:
        return Order.of(one.limit, "full")
    tight = max(one.phases, key=lambda p: (view.meter[p], -p))
    if one.age_of(view.now, one.started) < RISE and view.limit - view.meter[tight] > one.limit:
        return Order.of(one.limit, "rising")
    return Order.of(one.limit, "shared", phase=f"L{tight + 1}")


def _waiting(view: View, one: Session, place: int) -> Order:
    """Say what a car waits for that was not admitted to the queue yet, or sees nothing move."""
    now, config = view.now, view.config
    if one.stage is Stage.REQUEST:
        return Order.of(0.0, "hold_time", seconds=max(config.hold_time - one.age_of(now, one.asked), 0.0))
    if one.stage is Stage.SKIPPED:
        return Order.of(0.0, "skipped", seconds=max(one.retry - now, 0.0))
    return _queued(view, one, place)


def _queued(view: View, one: Session, place: int) -> Order:
    """Say what a car in the queue waits for."""
    now, config = view.now, view.config
    if view.zone is Zone.BLIND:
        return Order.of(0.0, "blind_waiting")
    if not view.may_grow:
        return Order.of(0.0, "restart")
    if one.id in view.missing:
        short, phase = view.missing[one.id]
        return Order.of(0.0, "short", short=max(short, 1.0), phase=f"L{phase + 1}")
    if one.cause is not None and now - one.since < config.settle_time:
        return Order.of(0.0, one.cause.key, **one.cause.values)
    if off_until(one, config) > now:
        return Order.of(0.0, "off_time", seconds=off_until(one, config) - now)
    return Order.of(0.0, "queue", place=place)
