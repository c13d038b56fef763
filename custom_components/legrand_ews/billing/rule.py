"""One cost rule (manual 7.16.3.1): a tariff, and when it holds. Owns the calendar of a rule; knows no zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Final

MINUTES: Final = 24 * 60
EVERY_DAY: Final = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class CostRule:
    """When a tariff holds: on its days, from the start to the end of the last minute. What is not given is always.

    ``end`` before ``start``: over midnight, to the morning after each of its days. ``weekdays``: 0 is Monday.
    ``first_day`` alone is one day, ``last_day`` alone all time up to it. ``every_year``: only month and day of these
    count, and they may go over New Year. ``condition``: a key; the rule holds only while that is on.
    Raises ValueError for seconds, weekdays that are none, and ``every_year`` without ``first_day``.
    """

    tariff_id: str
    start: time = time(0, 0)
    end: time = time(23, 59)
    weekdays: frozenset[int] = EVERY_DAY
    first_day: date | None = None
    last_day: date | None = None
    every_year: bool = False
    condition: str | None = None

    def __post_init__(self) -> None:
        """Refuse what would be misunderstood."""
        if any(one.second or one.microsecond or one.tzinfo for one in (self.start, self.end)):
            raise ValueError("times are whole minutes of the local clock")
        if not self.weekdays <= EVERY_DAY:
            raise ValueError("weekdays are 0 to 6")
        if self.every_year and self.first_day is None:
            raise ValueError("what comes every year begins on a day")

    @property
    def overnight(self) -> bool:
        """Whether the rule goes on in the morning after its day."""
        return self.start > self.end

    @property
    def minutes(self) -> tuple[int, int]:
        """The minutes of the day: the first one, and the one after the last."""
        return _minute(self.start), _minute(self.end) + 1

    def holds_on(self, day: date) -> bool:
        """Tell whether a local day is one of the rule's; of a night, the day that it begins."""
        if day.weekday() not in self.weekdays:
            return False
        first, last = self.first_day, self.last_day
        if first is None:
            return last is None or day <= last
        last = first if last is None else last
        if not self.every_year:
            return first <= day <= last
        begin, end, at = ((one.month, one.day) for one in (first, last, day))
        return begin <= at <= end if begin <= end else at >= begin or at <= end


def _minute(at: time) -> int:
    """Return the minute of the day."""
    return at.hour * 60 + at.minute
