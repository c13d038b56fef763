"""Costs in CSV files. Owns how they add up and how they are written; which file has them is the matter of others."""

from __future__ import annotations

from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from typing import TYPE_CHECKING, Final

from .money import decimal_text
from .rows import cost_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .csv_format import CsvStyle
    from .rows import RateRow

_EXACT: Final = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
_NOTHING: Final = Decimal(0)


def spent(pieces: Iterable[tuple[RateRow | None, int]]) -> Iterator[tuple[str, Decimal]]:
    """Yield currency and cost of those amounts that have a rate."""
    for rate, amount in pieces:
        cost = cost_of(amount, rate)
        if rate is not None and cost is not None:
            yield rate.currency, cost


def plus(one: Decimal | None, other: Decimal) -> Decimal:
    """Return the sum, exactly; None: nothing yet."""
    return _EXACT.add(_NOTHING if one is None else one, other)


def cost_text(cost: Decimal | None, style: CsvStyle) -> str:
    """Return all digits of a cost but zeros at the end, without exponent; nothing if there is none."""
    return "" if cost is None else decimal_text(cost).replace(".", style.decimal)
