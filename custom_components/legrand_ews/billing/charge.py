"""Charges that do not depend on consumption: standing charges, meter rent. Owns how a month is laid over its days."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final, Literal

from .exact import EXACT, cut
from .price import Price, check_prices, price_on

if TYPE_CHECKING:
    from datetime import date

_PLACES: Final = 6


@dataclass(frozen=True, slots=True)
class Charge:
    """An amount of money per local day or month. Raises ValueError as ``check_prices`` does."""

    id: str
    name: str
    per: Literal["day", "month"]
    prices: tuple[Price, ...]

    def __post_init__(self) -> None:
        """Refuse prices of which none could be chosen."""
        check_prices(self.prices)

    def on(self, day: date) -> Decimal | None:
        """Return what a local day costs, with tax; None if there is no price yet.

        The days of a month are cut at six decimals. Those of a month with one price add up to it exactly.
        """
        price = price_on(self.prices, day)
        if price is None:
            return None
        if self.per == "day":
            return price.gross
        days = monthrange(day.year, day.month)[1]
        return EXACT.subtract(_until(price.gross, day.day, days), _until(price.gross, day.day - 1, days))


def _until(price: Decimal, day: int, days: int) -> Decimal:
    """Return what a month costs from its beginning to the end of a day: on the last day, all of it."""
    if day == days:
        return price
    millionths = int(price.scaleb(_PLACES, EXACT).to_integral_value(ROUND_HALF_UP, EXACT))
    return Decimal(cut(millionths, day, days)).scaleb(-_PLACES, EXACT)
