"""Prices and costs as they are stored: exact decimals as text, each number in one way only."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from .rows import RateRow


def decimal_text(number: Decimal) -> str:
    """Return a number without an exponent and without zeros that say nothing."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@lru_cache(maxsize=1000)
def rate_row(tariff: str | None, name: str, price: str, currency: str) -> RateRow | None:
    """Return a rate as it was written; None of NULLs: there is none. Many rows have the same."""
    return None if tariff is None else RateRow(tariff=tariff, name=name, price=Decimal(price), currency=currency)
