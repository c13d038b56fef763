"""Two devices, loads or groups side by side, and by how much the first consumed or cost more (manual 8.2.2.3).

Owns what can be compared how, and the differences; amounts and costs are those of ``amounts`` and ``costs``.
Blocks while the archive is read.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from ..archive.rows import CONSUMED
from .amounts import read_amounts, tell_amounts
from .costs import EXACT, money, read_costs, tell_costs
from .questions import UNITS, Question, add_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..archive import Archive
    from ..archive.site import Site
    from .amounts import Amounts
    from .costs import Costs
    from .questions import Answer, Asked


def compare(archive: Archive, site: Site, asked: Asked, now: int) -> Answer:
    """Return the bars of two devices, loads or groups, and their differences.

    ``asked``: as ``Question.read`` takes it, with two keys, and by: amount or cost. If the two have no commodity in
    common they compare by cost, whatever is asked for. Raises ServiceValidationError for what cannot be answered.
    """
    question = Question.read(archive, site, asked, now)
    found = [read_amounts(archive, question, side, CONSUMED) for side in question.sides]
    kinds = [_commodities(site, question, key, found) for key in asked["keys"]]
    comparable = not all(kinds) or bool(kinds[0] & kinds[1])
    by = asked["by"] if comparable else "cost"
    answer = {"by": by, "comparable_by": "amount" if comparable else "cost"}
    if by == "amount":
        return tell_amounts(question, found) | answer | {"differences": _of_amounts(question, found)}
    with localcontext(EXACT):
        costs = read_costs(archive, question, by_tariff=False, quantities=CONSUMED)
        return tell_costs(question, costs) | answer | {"differences": _of_costs(question, costs)}


def _commodities(site: Site, question: Question, key: str, found: Iterable[Amounts]) -> set[str]:
    """Return what a device, load or group consumes, as far as that is known."""
    kinds = {commodity for rows in found for one, _, commodity in rows if one == key}
    if question.scope == "device":
        kinds |= {one.commodity for one in site.devices if one.id == key and one.commodity is not None}
    return kinds


def _of_amounts(question: Question, found: Sequence[Amounts]) -> list[Answer]:
    """Return the differences of each commodity that at least one of the two has."""
    answers = []
    for commodity, quantity in sorted({(line[2], line[1]) for rows in found for line in rows}):
        told: Answer = {"commodity": commodity, "quantity": quantity, "unit": UNITS[commodity]}
        bars = [
            {bar: amount for bar, (amount, _) in found[0].get((key, quantity, commodity), {}).items()}
            for key in question.keys or ()
        ]
        amounts, whole = _differences(*(question.sides[0].laid(one) for one in bars))
        answers.append(told | {"amounts": amounts, "sum": whole})
    return answers


def _of_costs(question: Question, found: Sequence[Costs]) -> list[Answer]:
    """Return the differences of each currency that at least one of the two was priced in."""
    answers = []
    for currency in sorted({line.currency for costs in found for line in costs if line.currency is not None}):
        bars = [_all_costs(found[0], key, currency) for key in question.keys or ()]
        costs, whole = _differences(*(question.sides[0].laid(one) for one in bars))
        answers.append({"currency": currency, "costs": [money(one) for one in costs], "sum": money(whole)})
    return answers


def _all_costs(found: Costs, key: str | None, currency: str) -> dict[int, Decimal]:
    """Return what a device, load or group costs by bar, all commodities together."""
    bars: dict[int, Decimal] = {}
    for line, costs in found.items():
        if (line.key, line.currency) == (key, currency):
            for start, one in costs.items():
                if one.cost is not None:
                    bars[start] = bars.get(start, Decimal()) + one.cost
    return bars


def _differences[N: (int, Decimal)](
    one: Sequence[N | None], other: Sequence[N | None]
) -> tuple[list[N | None], N | None]:
    """Return differences bar by bar and that of the sums; None where either is not known."""
    return [_minus(*pair) for pair in zip(one, other, strict=True)], _minus(add_up(one), add_up(other))


def _minus[N: (int, Decimal)](one: N | None, other: N | None) -> N | None:
    """Return a difference; None if either is not known."""
    return None if one is None or other is None else one - other
