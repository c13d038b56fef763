"""Tariffs and ordered rules in one clock: what a kWh costs at any time (manual 7.16.3.1). Owns the splitting.

The first true rule wins at every instant. Where none is true, or its tariff has no price yet, nothing is priced.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from .exact import EXACT, cut
from .price import ActivePrice
from .timetable import DAY, EPOCH, Timetable, posix

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import tzinfo

    from .price import Tariff
    from .rule import CostRule
    from .timetable import Spans

MOST_TARIFFS: Final = 5
"""Of one commodity, as in the manual."""

_MICROSECOND: Final = timedelta(microseconds=1)
_SECOND: Final = 1_000_000
_PLACES: Final = 9
"""Decimals that a part of a quantity has more than the quantity."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A time with one price, POSIX seconds; ``end`` is not included."""

    start: int
    end: int
    active: ActivePrice | None


@dataclass(frozen=True, slots=True)
class CostPart:
    """A part of a quantity, in the plan's zone; ``end`` is not included. What is not priced has no cost."""

    start: datetime
    end: datetime
    tariff_id: str | None
    price: Decimal | None
    quantity: Decimal
    cost: Decimal | None


class CostPlan:
    """The tariffs and rules of one commodity."""

    __slots__ = ("_dates", "_prices", "conditions", "rules", "tariffs", "time_zone", "timetable")

    def __init__(
        self,
        tariffs: Iterable[Tariff],
        rules: Iterable[CostRule],
        time_zone: tzinfo,
        conditions: Mapping[str, Spans] = MappingProxyType({}),
    ) -> None:
        """Take what may have been edited by hand.

        ``time_zone``: whose clock the rules mean; may be a fixed offset. ``conditions``: when each is on, POSIX
        seconds; one that is missing never is. Raises ValueError for more than five tariffs, two with the same id, or
        a rule whose tariff is not there.
        """
        self.tariffs, self.rules, self.time_zone = tuple(tariffs), tuple(rules), time_zone
        self.conditions = conditions
        known = {one.id for one in self.tariffs}
        if len(self.tariffs) > MOST_TARIFFS:
            raise ValueError(f"at most {MOST_TARIFFS} tariffs")
        if len(known) < len(self.tariffs):
            raise ValueError("two tariffs have the same id")
        if missing := {one.tariff_id for one in self.rules} - known:
            raise ValueError(f"no such tariff: {', '.join(sorted(missing))}")
        self.timetable = Timetable(self.rules, time_zone, conditions)
        dates = {price.valid_from for tariff in self.tariffs for price in tariff.prices}
        self._dates = sorted(one.toordinal() for one in dates if one is not None)
        self._prices = self._price_list()

    def at(self, when: datetime) -> ActivePrice | None:
        """Return the price of an instant; None if there is none. Raises ValueError for a time without a zone."""
        at = posix(when)
        return next(self.segments(at, at + 1)).active

    def tariff_at(self, when: datetime) -> Tariff | None:
        """Return the tariff of an instant, even if it has no price yet. Raises ValueError as ``at``."""
        number = self.rule_at(when)
        if number is None:
            return None
        wanted = self.rules[number].tariff_id
        return next(one for one in self.tariffs if one.id == wanted)

    def rule_at(self, when: datetime) -> int | None:
        """Return the number of the first true rule of an instant, from 0. Raises ValueError as ``at``."""
        number = self.timetable.rule_at(posix(when))
        return None if number < 0 else number

    def next_change(self, when: int, *, most_days: int = 370) -> int | None:
        """Return the first time after a time at which another price is active; None if there is none for so long."""
        limit = when + most_days * DAY
        until = next(self.segments(when, limit)).end
        return until if until < limit else None

    def segments(self, start: int, end: int) -> Iterator[Segment]:
        """Go through a time, price by price; two that follow each other differ. Nothing if it is empty."""
        since, last, day = start, None, -1
        actives: tuple[ActivePrice | None, ...] = ()
        for stretch in self.timetable.walk(start, end):
            if stretch.day != day:
                day = stretch.day
                actives = self._prices[bisect_right(self._dates, day)]
            active = actives[stretch.rule]
            # Equal ones are the same one: see _price_list.
            if active is not last:
                if since < stretch.start:
                    yield Segment(since, stretch.start, last)
                since, last = stretch.start, active
        if since < end:
            yield Segment(since, end, last)

    def split(self, start: datetime, end: datetime, quantity: Decimal) -> list[CostPart]:
        """Split what was used evenly from start to end over prices; the quantities add up to it exactly.

        ``quantity``: in the unit of the prices, kWh or cubic metres. Raises ValueError for times without a zone, in the
        wrong order, or the same one with a quantity that is not 0, and for a quantity that is not finite.
        """
        if not quantity.is_finite():
            raise ValueError("a quantity is a finite number")
        begin, finish = _micro(start), _micro(end)
        whole = finish - begin
        if whole < 0 or (quantity and not whole):
            raise ValueError("something was used in no time")
        places = _PLACES - min(0, int(quantity.as_tuple().exponent))
        units, done, parts = int(quantity.scaleb(places, EXACT)), 0, []
        for segment in self.segments(begin // _SECOND, -(-finish // _SECOND)):
            since, until = max(begin, segment.start * _SECOND), min(finish, segment.end * _SECOND)
            upto = cut(units, until - begin, whole)
            part = Decimal(upto - done).scaleb(-places, EXACT)
            parts.append(self._part(since, until, segment.active, part))
            done = upto
        return parts

    def _part(self, start: int, end: int, active: ActivePrice | None, quantity: Decimal) -> CostPart:
        """Return a part of a quantity; microseconds."""
        since, until = ((EPOCH + timedelta(microseconds=one)).astimezone(self.time_zone) for one in (start, end))
        if active is None:
            return CostPart(since, until, None, None, quantity, None)
        cost = EXACT.multiply(quantity, active.price)
        return CostPart(since, until, active.tariff_id, active.price, quantity, cost)

    def _price_list(self) -> list[tuple[ActivePrice | None, ...]]:
        """Return the prices of the rules, and at last of none, before the first date, from it on, and so on.

        Equal ones are the same object.
        """
        known: dict[ActivePrice, ActivePrice] = {}
        lists = []
        for day in (1, *self._dates):
            found: dict[str, ActivePrice | None] = {}
            for tariff in self.tariffs:
                price = tariff.price_on(date.fromordinal(day))
                active = None if price is None else ActivePrice(tariff.id, price.gross)
                found[tariff.id] = active and known.setdefault(active, active)
            lists.append((*(found[rule.tariff_id] for rule in self.rules), None))
        return lists


def _micro(when: datetime) -> int:
    """Return an instant in microseconds. Raises ValueError if its zone is not known."""
    if when.utcoffset() is None:
        raise ValueError("a time needs a zone")
    return (when - EPOCH) // _MICROSECOND
