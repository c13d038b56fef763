"""Windows of time as people ask for them, their bars, and the period before.

Owns the arithmetic of the local calendar: which bars lie in a window, which window came before it, and which bar of the
one stands beside which of the other. Knows no consumption. Times are POSIX seconds.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal
from zoneinfo import ZoneInfo

from ..archive.local_time import LocalTime

if TYPE_CHECKING:
    from ..archive import Period

type Span = Literal["day", "month", "year", "ten_years"]
type Pair = tuple[int | None, int | None]
"""A bar and the one of the period before; one of them may have no counterpart."""

BARS: Final[dict[Span, Period]] = {"day": "hour", "month": "day", "year": "month", "ten_years": "year"}
"""What a span is divided into where nothing else is asked for (manual 8.2.2)."""
YEARS: Final = range(1980, 9000)
"""The years that can be asked for."""

_UNITS: Final[tuple[Period, ...]] = ("year", "month", "day", "hour")
_SECONDS: Final[dict[Period, int]] = {"hour": 3600, "day": 86400, "month": 30 * 86400, "year": 365 * 86400}
_INTO_NEXT_YEAR: Final = 370 * 86400
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Window:
    """The time from ``start`` up to, not including, ``end``."""

    start: int
    end: int

    def about(self, period: Period) -> int:
        """Return about how many bars it has, without counting them."""
        return (self.end - self.start) // _SECONDS[period]


class Calendar:
    """The hours, days, months and years of a time zone."""

    __slots__ = ("_time", "_zone")

    def __init__(self, zone: str) -> None:
        """Take an IANA name; raises ZoneInfoNotFoundError (a KeyError) or ValueError if there is no such zone."""
        self._time = LocalTime(zone)
        self._zone = ZoneInfo(zone)

    def instant(self, text: str) -> int:
        """Return the time that an ISO date (its first instant) or datetime (local, if it has no offset) means.

        A local time that is there twice is the first one. Raises ValueError for anything else and outside of ``YEARS``.
        """
        given = datetime.fromisoformat(text)
        if given.year not in YEARS:
            raise ValueError(f"{given.year} is out of range")
        return int((given if given.tzinfo is not None else given.replace(tzinfo=self._zone)).timestamp())

    def span(self, span: Span, at: int) -> Window:
        """Return the day, month or year that a time lies in, or ten years of which its year is the last."""
        if span != "ten_years":
            return Window(start=self._time.floor(at, span), end=self._after(at, span))
        year = self._local(at).year
        return Window(start=self._first(year - 9, 1, 1), end=self._first(year + 1, 1, 1))

    def cover(self, window: Window, period: Period) -> Window:
        """Return the window with its first and last bar as a whole."""
        last = self._time.floor(window.end, period)
        end = last if last == window.end else self._after(last, period)
        return Window(start=self._time.floor(window.start, period), end=end)

    def bars(self, window: Window, period: Period) -> list[int]:
        """Return where the bars of a window begin, as ``cover`` gave it."""
        starts = []
        at = window.start
        while at < window.end:
            starts.append(at)
            at = self._after(at, period)
        return starts

    def before(self, window: Window) -> Window:
        """Return the period before a window: as many years, months or days earlier as it has of them.

        A window that begins or ends within a day is taken at the same time of the clock, so many days earlier that
        the two do not overlap.
        """
        unit = self.unit(window)
        start, end = self._local(window.start), self._local(window.end)
        if unit == "hour":
            wall = end.replace(tzinfo=None) - start.replace(tzinfo=None)
            back = max(1, -(-wall // _DAY)) * _DAY
            first = int((start - back).timestamp())
            # Of an hour that the clock showed twice, both ends show the same.
            return self.cover(Window(start=first, end=max(first + 1, int((end - back).timestamp()))), "hour")
        if unit == "day":
            date = start.date() - (end.date() - start.date())
            return Window(start=self._first(date.year, date.month, date.day), end=window.start)
        year, month = divmod(2 * _months(start) - _months(end), 12)
        return Window(start=self._first(year, month + 1, 1), end=window.start)

    def pairs(self, window: Window, period: Period) -> list[Pair]:
        """Return the bars of a window and of the one before, side by side, by their place in the calendar.

        So the 5th stands beside the 5th and 14:00 beside 14:00. Where one of the two has no such day or hour, there is
        None: the 31st, the 29th of February, the hour that the clock leaves out in spring, the second one in autumn.
        """
        unit = self.unit(window)
        now, then = (self._labels(one, period, unit) for one in (window, self.before(window)))
        return [(now.get(label), then.get(label)) for label in sorted({*now, *then})]

    def cut(self, window: Window, period: Period, at: int) -> tuple[int, int] | None:
        """Return where the bar that a time lies in begins, and where the one beside it does.

        None: the time is not in the window, or in its first bar. Where a bar has none beside it, the next one counts.
        """
        if not window.start < at < window.end or (begin := self._time.floor(at, period)) == window.start:
            return None
        pairs = self.pairs(window, period)
        place = next(place for place, (now, _) in enumerate(pairs) if now == begin)
        return begin, next((then for _, then in pairs[place:] if then is not None), self.before(window).end)

    def unit(self, window: Window) -> Period:
        """Return the longest unit of which a window has whole ones."""
        ends = (window.start, window.end)
        return next((unit for unit in _UNITS if all(self._time.floor(at, unit) == at for at in ends)), "hour")

    def _labels(self, window: Window, period: Period, unit: Period) -> dict[tuple[int, ...], int]:
        """Return the bars by their place in a window; what bears the same name is numbered."""
        unit = "day" if unit == "hour" else unit
        depth = _UNITS.index(period) - _UNITS.index(unit)
        origin = _index(self._local(window.start), unit)
        labels: dict[tuple[int, ...], int] = {}
        seen: Counter[tuple[int, ...]] = Counter()
        for start in self.bars(window, period):
            local = self._local(start)
            rest = (local.month, local.day, local.hour)[_UNITS.index(unit) :]
            label = (_index(local, unit) - origin, *rest[:depth])
            labels[*label, seen[label]] = start
            seen[label] += 1
        return labels

    def _after(self, at: int, period: Period) -> int:
        """Return the first instant of the next hour, day, month or year."""
        if period in ("day", "month"):
            return self._time.after(at, period)
        start = self._time.floor(at, period)
        if period == "year":
            return self._time.floor(start + _INTO_NEXT_YEAR, "year")
        end = start + 3600
        if self._time.floor(end, "hour") == end and self._time.floor(end - 1, "hour") == start:
            return end
        # The clock is set within the hour: at a whole minute, as all zones do.
        return next(later for later in range(start + 60, end + 3660, 60) if self._time.floor(later, "hour") != start)

    def _local(self, at: int) -> datetime:
        """Return what calendar and clock show."""
        return datetime.fromtimestamp(at, self._zone)

    def _first(self, year: int, month: int, day: int) -> int:
        """Return the first instant of a date."""
        return int(datetime(year, month, day, tzinfo=self._zone).timestamp())


def _months(local: datetime) -> int:
    """Return the number of a month: each one higher than that of the one before."""
    return local.year * 12 + local.month - 1


def _index(local: datetime, unit: Period) -> int:
    """Return the number of a year, month or day."""
    if unit == "year":
        return local.year
    return _months(local) if unit == "month" else local.toordinal()
