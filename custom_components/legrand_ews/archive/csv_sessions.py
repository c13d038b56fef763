"""Charging sessions in CSV files: a line for each, in the file of the month in which it began, and in downloads.

Owns columns and cells. A session that changes has another line; its file is then written anew.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from .csv_costs import cost_text, plus, spent
from .csv_sheets import Sheet
from .rows import cost_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .csv_file import Line
    from .csv_format import CsvFormat
    from .csv_sheets import Month
    from .rows import RateRow, SessionBreak, SessionRow

FILE: Final = "Charging/sessions"
_UNPRICED: Final = "unpriced"


def currencies_of(rows: Iterable[SessionRow]) -> tuple[str, ...]:
    """Return the currencies of the prices of sessions, in order."""
    return tuple(sorted({part.rate.currency for row in rows for part in row.parts if part.rate is not None}))


def titles(currencies: Iterable[str]) -> tuple[str, ...]:
    """Return the titles of the columns."""
    costs = (f"cost [{currency}]" for currency in currencies)
    return ("start", "end", "station", "card", "energy [kWh]", "charge [Ah]", *costs, "tariffs", "interruptions")


def lines_of(rows: Iterable[SessionRow], currencies: Sequence[str], form: CsvFormat) -> list[Line]:
    """Return the lines of sessions, each with a cell for its cost in each of these currencies."""
    return [(row.start, form.line(_cells(row, currencies, form))) for row in rows]


def session_sheet(rows: Sequence[SessionRow], month: Month, form: CsvFormat) -> Sheet:
    """Return the file of the sessions that began in a month, all of them, in order of time."""
    currencies = currencies_of(rows)
    return Sheet(
        path=f"{FILE}_{month.label}.csv",
        titles=titles(currencies),
        lines=lines_of(rows, currencies, form),
        since=month.start,
        cut=month.start,
    )


def _cells(row: SessionRow, currencies: Iterable[str], form: CsvFormat) -> tuple[str, ...]:
    """Return the cells of a line."""
    costs: dict[str, Decimal] = {}
    for currency, cost in spent(row.pieces):
        costs[currency] = plus(costs.get(currency), cost)
    return (
        form.time(row.start),
        "" if row.end is None else form.time(row.end),
        form.text(row.name),
        form.text(row.card or ""),
        _thousandth(row.energy, form),
        _thousandth(row.charge, form),
        *(cost_text(costs.get(currency), form.style) for currency in currencies),
        form.text("; ".join(_tariff(rate, amount, form) for rate, amount in row.pieces)),
        form.text("; ".join(_interruption(one, form) for one in row.breaks)),
    )


def _thousandth(amount: int | None, form: CsvFormat) -> str:
    """Return kWh of Wh, Ah of mAh; nothing if there are none."""
    return "" if amount is None else cost_text(Decimal(amount).scaleb(-3), form.style)


def _tariff(rate: RateRow | None, amount: int, form: CsvFormat) -> str:
    """Return what was charged at a rate, "Off-peak 3.214 kWh 0.48 EUR"."""
    energy = f"{_thousandth(amount, form)} kWh"
    if rate is None:
        return f"{_UNPRICED} {energy}"
    return f"{rate.name} {energy} {cost_text(cost_of(amount, rate), form.style)} {rate.currency}"


def _interruption(one: SessionBreak, form: CsvFormat) -> str:
    """Return when, for how long and why a car was not charged, "2026-01-01T10:00:00+01:00 300 s limit (meter 71.5)"."""
    values = ", ".join(f"{key} {_value(value, form)}" for key, value in one.values.items())
    return f"{form.time(one.at)} {one.seconds} s {one.reason}" + (f" ({values})" if values else "")


def _value(value: Any, form: CsvFormat) -> str:
    """Return a value of a reason."""
    return form.number(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
