"""Decimal arithmetic that never rounds. Owns the context; knows nothing of what is counted."""

from __future__ import annotations

from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from typing import Final

EXACT: Final = Context(prec=MAX_PREC, Emin=MIN_EMIN, Emax=MAX_EMAX)
"""For sums and products only: a division that does not come out even would run out of memory."""


def plain(number: Decimal) -> Decimal:
    """Return the same number as it is written shortest, without an exponent: 0.2 for 0.20, 100 for 1E+2."""
    if not number:
        return Decimal(0)
    whole = int(number)
    return Decimal(whole) if whole == number else number.normalize(EXACT)


def cut(amount: int, part: int, whole: int) -> int:
    """Return amount * part / whole, rounded half up. Cuts at rising parts of a whole are pieces that add up to it."""
    return (2 * amount * part + whole) // (2 * whole)
