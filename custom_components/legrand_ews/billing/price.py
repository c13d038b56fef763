"""Tariffs and what they cost from which day on (manual 7.16.3.1). Owns the choice of a price, and the tax."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from .exact import EXACT, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_PRICES: Final = 5
"""Of one tariff, as in the manual."""

DEFAULT_COLOR: Final = "#4caf50"


@dataclass(frozen=True, slots=True)
class Price:
    """What a kWh, a cubic metre, a day or a month costs.

    ``amount``: without tax, in the currency; may be negative. ``valid_from``: the first local day, None from ever.
    ``tax``: percent. Raises ValueError if a number is not finite.
    """

    amount: Decimal
    valid_from: date | None = None
    tax: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        """Refuse what cannot be counted with."""
        if not (self.amount.is_finite() and self.tax.is_finite()):
            raise ValueError("a price is a finite number")

    @property
    def gross(self) -> Decimal:
        """The price with tax, exact, written without trailing zeros."""
        factor = EXACT.add(Decimal(1), self.tax.scaleb(-2, EXACT))
        return plain(EXACT.multiply(self.amount, factor))


@dataclass(frozen=True, slots=True)
class Tariff:
    """A name for a price that changes with time. Raises ValueError as ``check_prices`` does."""

    id: str
    name: str
    prices: tuple[Price, ...]
    color: str = DEFAULT_COLOR

    def __post_init__(self) -> None:
        """Refuse prices of which none could be chosen."""
        check_prices(self.prices)

    def price_on(self, day: date) -> Price | None:
        """Return the price of a local day; None if there is none yet."""
        return price_on(self.prices, day)


@dataclass(frozen=True, slots=True)
class ActivePrice:
    """The tariff of a time and its price with tax, per kWh or cubic metre."""

    tariff_id: str
    price: Decimal


def check_prices(prices: Sequence[Price]) -> None:
    """Raise ValueError for more than five prices, or two that begin on the same day."""
    if len(prices) > MOST_PRICES:
        raise ValueError(f"at most {MOST_PRICES} prices")
    if len({one.valid_from for one in prices}) < len(prices):
        raise ValueError("two prices begin on the same day")


def price_on(prices: Iterable[Price], day: date) -> Price | None:
    """Return the price that began last on or before a day; one without a date began before all others."""
    begun = [one for one in prices if one.valid_from is None or one.valid_from <= day]
    return max(begun, key=lambda one: one.valid_from or date.min, default=None)
