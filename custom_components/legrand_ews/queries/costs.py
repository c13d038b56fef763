"""Answers about what consumption costs, by tariff and by bar (docs/queries.md).

Owns the shape of these answers. They are made of what the archive keeps, at the prices that it was written with; the
tariffs of today are in ``tariffs``. Everything here blocks while the archive is read. Money is exact until it is
told.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from .questions import Question, add_up, limit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from ..archive import Archive
    from ..archive.rows import CostRow
    from ..archive.site import Site
    from .questions import Answer, Asked, Meter, Side

EXACT: Final = Context(prec=200, rounding=ROUND_HALF_UP)
"""More digits than sums of money have."""
_TOLD: Final = Decimal("0.000001")
_CREDIT: Final = "energy_export"


class CostLine(NamedTuple):
    """What has costs of its own."""

    key: str | None
    quantity: str
    commodity: str
    tariff: str | None
    """None: unpriced, or all tariffs."""
    name: str | None
    """Of the tariff."""
    currency: str | None

    @property
    def meter(self) -> Meter:
        """What it is of."""
        return self[:3]


@dataclass(slots=True)
class CostBar:
    """A bar of a line."""

    cost: Decimal | None = None
    amount: int = 0
    unpriced: int = 0
    """The part of the amount that has no price."""

    def add(self, row: CostRow) -> None:
        """Add a row of the archive."""
        self.amount += row.amount
        self.cost = add_up([self.cost, row.cost])
        if row.rate is None:
            self.unpriced += row.amount


type Costs = dict[CostLine, dict[int, CostBar]]
"""Bars by line and where they begin."""
type _ChargeLine = tuple[str, str, str, str]
"""Commodity, name, key and currency."""


def money(value: Decimal | None) -> float | None:
    """Return an exact sum of money as it is told: rounded half up to six decimals."""
    # Never -0.0.
    return None if value is None else float(value.quantize(_TOLD, context=EXACT)) or 0.0


def cost(archive: Archive, site: Site, asked: Asked, now: int) -> Answer:
    """Return what the consumption of a window costs, and of the period before if that is asked for.

    ``asked``: as ``Question.read`` takes it, and by_tariff: a line for each tariff; else one for each currency. Raises
    ServiceValidationError for what cannot be answered.
    """
    question = Question.read(archive, site, asked, now)
    with localcontext(EXACT):
        answer = tell_costs(question, read_costs(archive, question, by_tariff=asked["by_tariff"]))
        return answer | ({"charges": _charges(archive, question)} if question.scope == "total" else {})


def read_costs(
    archive: Archive, question: Question, *, by_tariff: bool, quantities: Collection[str] | None = None
) -> list[Costs]:
    """Return what the archive has of each side. ``quantities``: only these, all if None."""
    found = [(side, _rows(archive, question, side, quantities)) for side in question.sides]
    currencies = {} if by_tariff else _currencies(row for _, rows in found for row in rows)
    sides: list[Costs] = []
    for side, rows in found:
        costs: Costs = {}
        for row in rows:
            bars = costs.setdefault(_line(row, currencies, by_tariff=by_tariff), {})
            bars.setdefault(side.bar(row.start), CostBar()).add(row)
        sides.append(costs)
    return sides


def tell_costs(question: Question, found: Sequence[Costs]) -> Answer:
    """Return an answer with the costs of each side. Raises ServiceValidationError if it is too long."""
    lines = {line for costs in found for line in costs}
    limit(len(lines) * sum(len(side.bars) for side in question.sides))
    series = []
    for line in sorted(lines, key=lambda line: (question.rank(line.meter), *_last_if_none(line[3:]))):
        told = question.title(line.meter) | {
            "tariff": line.tariff,
            "tariff_name": line.name,
            "currency": line.currency,
            "credit": line.quantity == _CREDIT,
        }
        for side, costs in zip(question.sides, found, strict=True):
            told |= _bars(side, costs.get(line, {}), unpriced=line.tariff is None)
        series.append(told)
    return question.head() | {"series": series}


def _rows(archive: Archive, question: Question, side: Side, quantities: Collection[str] | None) -> list[CostRow]:
    """Ask the archive for a side."""
    of = question.scope, question.keys
    rows = chain.from_iterable(
        archive.costs(*of, period, window.start, window.end, group=question.group, whole=whole)
        for window, period, whole in question.pieces(side)
    )
    return [row for row in rows if quantities is None or row.quantity in quantities]


def _line(row: CostRow, currencies: Mapping[Meter, str], *, by_tariff: bool) -> CostLine:
    """Return the line that a row is in."""
    meter = row.key, row.quantity, row.commodity
    if row.rate is None:
        return CostLine(*meter, None, None, currencies.get(meter))
    tariff, name = (row.rate.tariff, row.rate.name) if by_tariff else (None, None)
    return CostLine(*meter, tariff, name, row.rate.currency)


def _currencies(rows: Iterable[CostRow]) -> Mapping[Meter, str]:
    """Return the currency in whose line the unpriced part is told: of several, the first by its code."""
    found: dict[Meter, str] = {}
    for row in rows:
        if row.rate is not None:
            meter = row.key, row.quantity, row.commodity
            found[meter] = min(found.get(meter, row.rate.currency), row.rate.currency)
    return found


def _last_if_none(names: Iterable[str | None]) -> list[tuple[bool, str]]:
    """Return what sorts names, with None after all of them."""
    return [(name is None, name or "") for name in names]


def _bars(side: Side, bars: Mapping[int, CostBar], *, unpriced: bool) -> Answer:
    """Return costs and amounts of a line bar by bar and their sums; None where nothing is known."""
    found = side.laid(bars)
    costs = [None if one is None else one.cost for one in found]
    amounts = [None if one is None else one.amount for one in found]
    told: Answer = {"costs": [money(one) for one in costs], "amounts": amounts}
    told |= {"sum": money(add_up(costs)), "amount_sum": add_up(amounts)}
    if unpriced:
        rest = [None if one is None else one.unpriced for one in found]
        told |= {"unpriced": rest, "unpriced_sum": add_up(rest)}
    return {f"{side.prefix}{name}": value for name, value in told.items()}


def _charges(archive: Archive, question: Question) -> list[Answer]:
    """Return the fixed charges of the site; a group has none. Hours: all of a day's is in its first one."""
    if question.group is not None:
        return []
    found: dict[_ChargeLine, dict[str, dict[int, Decimal]]] = {}
    for side in question.sides:
        for row in archive.charges(side.window.start, side.window.end):
            bars = found.setdefault((row.commodity, row.name, row.charge, row.currency), {})
            bar, line = side.bar(row.day), bars.setdefault(side.prefix, {})
            line[bar] = line.get(bar, Decimal()) + row.cost
    answers = []
    for (commodity, name, charge, currency), by_side in sorted(found.items()):
        told: Answer = {"commodity": commodity, "charge": charge, "name": name, "currency": currency}
        for side in question.sides:
            costs = side.laid(by_side.get(side.prefix, {}))
            told |= {f"{side.prefix}costs": [money(one) for one in costs], f"{side.prefix}sum": money(add_up(costs))}
        answers.append(told)
    return answers
