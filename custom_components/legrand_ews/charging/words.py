"""The words for where a session is, as entities show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..greenup import StationState
from ..greenup.session import Stage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .control import StationNow

OFFLINE: Final = "offline"
FAULT: Final = "fault"
_WAITING: Final = "waiting"
_WORDS: Final[Mapping[Stage, str]] = {
    Stage.FREE: "free",
    Stage.REQUEST: _WAITING,
    Stage.QUEUED: _WAITING,
    Stage.SKIPPED: _WAITING,
    Stage.AUTHORISING: "starting",
    Stage.CHARGING: "charging",
    Stage.DONE: "done",
    Stage.HELD: "held",
    Stage.FAULT: FAULT,
}
STATES: Final = (*dict.fromkeys(_WORDS.values()), OFFLINE)


def state_of(now: StationNow) -> str:
    """Return the word for a station."""
    if now.state is StationState.OFFLINE:
        return OFFLINE
    return _WORDS[now.view.stage]
