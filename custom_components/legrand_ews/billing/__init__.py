"""What consumption costs. Owns tariffs, cost rules, charges and exact money; not where they come from."""

from __future__ import annotations

from .charge import Charge
from .check import Gap, Idle, Review, review
from .picture import week_picture
from .plan import CostPart, CostPlan, Segment
from .price import ActivePrice, Price, Tariff
from .pricer import Piece, Pricer
from .rule import CostRule
from .totals import CostFigures, CostTotals, Span

__all__ = [
    "ActivePrice",
    "Charge",
    "CostFigures",
    "CostPart",
    "CostPlan",
    "CostRule",
    "CostTotals",
    "Gap",
    "Idle",
    "Piece",
    "Price",
    "Pricer",
    "Review",
    "Segment",
    "Span",
    "Tariff",
    "review",
    "week_picture",
]
