"""Hours, days, months and years of a place. Owns where they begin, also on days of 23, 23.5, 24.5 and 25 hours."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .rows import Period

_REMEMBERED: Final = 50_000


def _midnight(at: datetime) -> datetime:
    """Return the first instant of a date."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def _hour(at: datetime) -> datetime:
    """Return the first instant of an hour; where the clock is set within it, what comes after is an hour of its own."""
    end = int(at.timestamp())
    start = end - 60 * at.minute - at.second
    while datetime.fromtimestamp(start, at.tzinfo).utcoffset() != at.utcoffset():
        start += 60
    return datetime.fromtimestamp(start, at.tzinfo)


_FLOORS: Final[dict[Period, Callable[[datetime], datetime]]] = {
    "hour": _hour,
    "day": _midnight,
    "month": lambda at: _midnight(at.replace(day=1)),
    "year": lambda at: _midnight(at.replace(day=1, month=1)),
}
_LONGER: Final = {"day": 1, "month": 32}
"""Days after the first one of a period that are surely in the next."""


class LocalTime:
    """The calendar of a time zone."""

    __slots__ = ("_known", "_zone", "name")

    def __init__(self, name: str) -> None:
        """Take an IANA name; raises ZoneInfoNotFoundError (a KeyError) or ValueError if there is no such zone."""
        self.name = name
        self._zone = ZoneInfo(name)
        self._known: dict[int, tuple[int, int, int]] = {}

    def floor(self, at: int, period: Period) -> int:
        """Return the first instant of what ``at`` lies in."""
        return int(_FLOORS[period](datetime.fromtimestamp(at, self._zone)).timestamp())

    def same_day(self, at: int, elsewhere: LocalTime) -> int:
        """Return the first instant, here, of the day that it is elsewhere."""
        day = datetime.fromtimestamp(at, elsewhere._zone).date()
        return int(datetime.combine(day, datetime.min.time(), self._zone).timestamp())

    def month_from(self, at: int) -> int:
        """Return the first instant of a month that is not before a time."""
        month = self.floor(at, "month")
        return month if month == at else self.after(at, "month")

    def floors(self, at: int) -> tuple[int, int, int]:
        """Return the first instants of hour, day and month; many rows have the same time."""
        found = self._known.get(at)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[at] = self.floor(at, "hour"), self.floor(at, "day"), self.floor(at, "month")
        return found

    def windows(self, since: int, until: int, period: Literal["day", "month"] = "day") -> Iterator[tuple[int, int]]:
        """Cut a span into local days or months, in their order; the first and the last may be parts."""
        start = since
        while start < until:
            end = min(until, max(self.after(start, period), start + 1))
            yield start, end
            start = end

    def after(self, at: int, period: Literal["day", "month"]) -> int:
        """Return the first instant of the next day or month."""
        first = _FLOORS[period](datetime.fromtimestamp(at, self._zone)).date()
        later = datetime.combine(first, datetime.min.time(), self._zone) + timedelta(days=_LONGER[period])
        return int(_FLOORS[period](later).timestamp())
