"""What the energy of a session costs. Owns the way from ``prices`` to a session and back to money."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ..archive import cost_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ..archive import RateRow
    from ..prices import Prices

type Part = tuple[RateRow | None, int]
"""Wh at a rate; None: unpriced."""
type Price = Callable[[int, int, int], Sequence[Part]]
"""Of start, end, POSIX seconds, and Wh: what was used evenly in that time, cut where the price changes."""


def electricity(prices: Callable[[], Prices]) -> Price:
    """Return what electricity costs. ``prices``: gives those that hold when it is asked."""

    def price(start: int, end: int, amount: int) -> Sequence[Part]:
        """Price what was used evenly in a time."""
        rate, parts = prices().price("electricity", "energy_import", start, end, amount)
        return tuple((one.rate, one.amount) for one in parts) or ((rate, amount),)

    return price


def cost_in_all(parts: Iterable[Part]) -> Decimal | None:
    """Return what parts cost, exactly, in the currency of the last that is priced; None if none is."""
    priced = [(rate, amount) for rate, amount in parts if rate is not None]
    costs = [cost_of(amount, rate) for rate, amount in priced if rate.currency == priced[-1][0].currency]
    return sum((one for one in costs if one is not None), Decimal(0)) if costs else None
