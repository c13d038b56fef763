"""What cars drew when the meter was read. Owns the doubt about cars that were read before or are still following.

The meter is read more often than the stations, and a car takes some seconds to follow: until it was read again, it may
draw anything between what it drew and what it may.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from .learning import DRAWING
from .session import FOLLOW, NOTHING, Session, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .reading import Currents


_SURE: Final = 0.05
"""A between the least and the most that cars may draw, up to which that is known."""


@dataclass(slots=True)
class Balance:
    """What is no car, A per phase. While cars are in doubt, what is known without them."""

    level: list[float] = field(default_factory=lambda: [0.0] * 3)
    """When cars were last known for sure."""
    dip: list[float] = field(default_factory=lambda: [float("inf")] * 3)
    """The lowest the meter showed since."""

    def unknown(
        self, meter: Currents, before: Sequence[float], sessions: Iterable[Session], at: float, settle: float
    ) -> list[float]:
        """Return what of a meter reading is no car: what it was ``before`` unless cars cannot explain that.

        Cars that are following a cut only draw less. So what the meter rises by meanwhile is no car, but for what
        others may still take. ``at``: s, when the meter was read. ``settle``: s that a car which was stopped may still
        draw.
        """
        low, high, more = [0.0] * 3, [0.0] * 3, [0.0] * 3
        for one in sessions:
            least, most = bounds(one, at, settle)
            for p in range(3):
                low[p] += least[p]
                high[p] += most[p]
                more[p] += _more(one, p)
        found = [min(max(before[p], meter[p] - high[p]), meter[p] - low[p]) for p in range(3)]
        for p in range(3):
            if high[p] - low[p] <= _SURE:
                self.level[p], self.dip[p] = found[p], meter[p]
                continue
            self.dip[p] = min(self.dip[p], meter[p])
            risen = self.level[p] + meter[p] - self.dip[p] - more[p]
            found[p] = min(max(found[p], risen), meter[p] - low[p])
        return found


def _more(one: Session, phase: int) -> float:
    """Return what a car may draw above its last reading, A."""
    if one.lost or not one.granted or phase not in one.phases:
        return 0.0
    most = min(one.limit, one.ceiling)
    return most if one.drawn is None else max(most - one.drawn[phase], 0.0)


def bounds(one: Session, at: float, settle: float) -> tuple[Currents, Currents]:
    """Return the least and the most that a station may have drawn at a time, A per phase."""
    ended = not one.granted and one.age_of(at, one.stopped) > settle
    if one.lost or (ended and (one.seen == at or at - one.changed >= FOLLOW)):
        return NOTHING, NOTHING
    if one.drawn is None:
        return _unmeasured(one, at)
    if one.seen == at or not _may_move(one):
        return one.drawn, one.drawn
    drawn = one.drawn
    least, most = _span(one, at)
    followed = at - one.changed >= FOLLOW
    return (
        _currents(min(drawn[p], least) if p in one.phases else drawn[p] for p in range(3)),
        _currents((most if followed else max(drawn[p], most)) if p in one.phases else drawn[p] for p in range(3)),
    )


def _unmeasured(one: Session, at: float) -> tuple[Currents, Currents]:
    """Return what a station that does not measure may have drawn: its limit, once its car had time to follow."""
    least = most = one.limit if one.stage is Stage.CHARGING else 0.0
    if at - one.changed < FOLLOW or (one.stage is Stage.AUTHORISING and one.seen != at):
        least, most = _span(one, at)
    return (
        _currents(least if p in one.phases else 0.0 for p in range(3)),
        _currents(most if p in one.phases else 0.0 for p in range(3)),
    )


def _may_move(one: Session) -> bool:
    """Tell whether a car may draw something else than when it was read."""
    if one.seen is None or one.seen - one.changed < FOLLOW:
        return True
    starts = one.stage is Stage.AUTHORISING or (one.drawn is not None and max(one.drawn) < DRAWING)
    return one.granted and starts


def _span(one: Session, at: float) -> tuple[float, float]:
    """Return the least and the most that a car was told at a time, what it may not have followed yet included, A."""
    most = min(one.limit, one.ceiling)
    if one.stage is Stage.AUTHORISING:
        return 0.0, most
    if at - one.changed >= FOLLOW:
        return most, most
    return min(most, one.span[0]), max(most, min(one.span[1], one.ceiling))


def _currents(values: Iterable[float]) -> Currents:
    """Return three values as currents."""
    first, second, third = values
    return first, second, third
