"""What intervals must be, in exact fractions and the plainest way: from all readings that a maker can know."""

from __future__ import annotations

from bisect import bisect_left
from decimal import Decimal
from fractions import Fraction
from math import floor, inf

from custom_components.legrand_ews.metering import Interval, Mark, Reading, ReadingKind


class Witness:
    """What one maker can know, and what follows from it, in exact fractions."""

    def __init__(self, mark: Mark | None = None, cuts: dict[int, int] | None = None) -> None:
        """Know a mark, and the levels at splits."""
        self.samples = [] if mark is None else [(float(mark.end), Decimal(mark.level))]
        self.cuts = {} if cuts is None else cuts
        self.reads: list[float] = []
        self.told: list[tuple[float, float]] = []
        self.closed = -inf if mark is None else mark.end

    def read(self, at: float, total: Decimal, *, told: bool = False) -> None:
        """Know a reading, unless it is from the second that was split off."""
        if at < self.closed:
            return
        if told:
            self.told.append((self.samples[-1][0], at))
        self.samples.append((at, total))
        self.reads.append(at)

    def follow(self, reading: Reading) -> None:
        """Know what a believed reading says, also of when it was counted."""
        if reading.kind is ReadingKind.HELD:
            return
        if self.samples and reading.previous_at > self.samples[-1][0]:
            self.read(reading.previous_at, reading.total - reading.delta)
        self.read(reading.at, reading.total)

    def cut(self, pieces: list[Interval]) -> None:
        """Know of a split, which was at the newest reading."""
        for one in pieces:
            self.closed = one.end
            self.cuts[one.end] = floor(self.samples[-1][1])
            assert 0 <= one.end - self.samples[-1][0] < 1

    def level(self, second: int) -> int:
        """Return the cut total at a time: at a split as it was read, else from the two readings around it."""
        if second in self.cuts:
            return self.cuts[second]
        place = bisect_left([at for at, _ in self.samples], second)
        if place == 0 or self.samples[place][0] == second:
            return floor(self.samples[place][1])
        (begin, low), (end, high) = self.samples[place - 1], self.samples[place]
        share = (second - Fraction(begin)) / (Fraction(end) - Fraction(begin))
        return floor(Fraction(low) + (Fraction(high) - Fraction(low)) * share)

    def check(self, one: Interval) -> None:
        """Hold an interval against all that."""
        assert one.level == self.level(one.end)
        assert one.amount == one.level - self.level(one.start)
        seen = any(one.start < at <= one.end for at in self.reads)
        touched = any(before < one.end and one.start < at for before, at in self.told)
        if one.start not in self.cuts:
            assert one.estimated == (not seen or touched)
        assert one.estimated or (seen and not touched)
