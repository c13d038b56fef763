"""What holds when the meter does not answer (A2, fail-safe). Owns the age of the meter and the blind budget."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from .frozen import Stillness
from .plan import Reason
from .session import Stage

if TYPE_CHECKING:
    from .frozen import Cars
    from .reading import Currents, MeterReading
    from .view import View

CAUTION: Final = 1.1
"""How much higher than ever seen the base load may be."""


@dataclass(slots=True)
class MeterWatch:
    """The last reading of the meter. ``since``: when the manager began, s."""

    since: float | None = None
    reading: MeterReading | None = None
    """The last that was believed; of a frozen meter, as old as its values."""
    seen: float | None = None
    """When the last was made, s."""
    stillness: Stillness = field(default_factory=Stillness)

    def take(self, now: float, reading: MeterReading | None, cars: Cars) -> bool:
        """Take in what was read of the meter and of the cars; tell whether it is new and can be believed."""
        if self.since is None:
            self.since = now
        if reading is None or (self.seen is not None and reading.at <= self.seen):
            return False
        self.seen = reading.at
        believed = self.stillness.believes(reading, cars)
        if believed:
            self.reading = reading
        elif self.stillness.frozen:
            self.reading = replace(reading, at=self.stillness.since)
        return believed

    def sure(self, now: float, age: float) -> bool:
        """Tell whether there is a reading that is not older, s, and nothing speaks against it."""
        return self.reading is not None and self.age(now) <= age and self.stillness.doubted is None

    def age(self, now: float) -> float:
        """Return the age of what is known, s."""
        if self.reading is not None:
            return now - self.reading.at
        return 0.0 if self.since is None else now - self.since


def decide_blind(view: View, peak: Currents | None, age: float) -> None:
    """Leave the floor to as many of those that draw as would fit under the highest base load ever seen."""
    room = _budget(view, peak, age)
    stay = sorted(
        (one for one in view.managed if one.stage is Stage.CHARGING and one.idle is None),
        key=lambda one: (not one.priority, one.plugged or 0.0, one.id),
    )
    fits: set[str] = set()
    for one in stay:
        floor = one.config.floor
        if all(room[p] >= floor for p in one.phases) and (one.config.adjustable or one.limit >= floor):
            fits.add(one.id)
            for p in one.phases:
                room[p] -= floor
    for one in view.managed:
        if one.id in fits:
            one.order(view.now, min(one.limit, one.config.floor))
        else:
            one.stop(view.now, Reason("blind_waiting"))


def _budget(view: View, peak: Currents | None, age: float) -> list[float]:
    """Return what may be drawn without a meter, A per phase."""
    if peak is None or age > view.config.stop_after:
        return [0.0] * 3
    return [min(view.limit - CAUTION * max(peak[p], 0.0) - view.base[p], view.cap(p)) for p in range(3)]
