"""Action that prices the past anew, after its prices were corrected: first a preview, then for good."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from time import time
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import voluptuous as vol
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.util import dt as dt_util

from .archive import cost_of
from .archive_work import Progress, alone, busy, ends
from .const import DOMAIN
from .history import find_history
from .news import site_changed
from .prices import charges_between, day_of, first_instant, hour_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .archive import Archive, ChargeRow, CostRow, HourCost
    from .history import History
from .prices import Prices

SERVICE_RECOMPUTE: Final = "recompute_costs"
ATTR_START: Final = "start"
ATTR_END: Final = "end"
ATTR_APPLY: Final = "apply"
RECOMPUTE_SCHEMA: Final = vol.Schema(
    {
        vol.Required(ATTR_START): cv.date,
        vol.Required(ATTR_END): cv.date,
        vol.Optional(ATTR_APPLY, default=False): cv.boolean,
    }
)
_CENT: Final = Decimal("0.01")
_EXPORT: Final = "energy_export"
_UNITS: Final = 1000
_DAY: Final = 86400
_TOGETHER: Final = 28 * _DAY


@dataclass(frozen=True, kw_only=True)
class _Outcome:
    """What pricing anew changes."""

    before: Sequence[CostRow]
    """By day, counted only."""
    changes: Sequence[HourCost]
    """By day."""
    old_charges: Sequence[ChargeRow]


@callback
def async_setup_cost_services(hass: HomeAssistant) -> None:
    """Register the action."""
    async_register_admin_service(
        hass,
        DOMAIN,
        SERVICE_RECOMPUTE,
        _async_recompute,
        schema=RECOMPUTE_SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _async_recompute(call: ServiceCall) -> ServiceResponse:
    """Price the intervals and charges of some days by today's settings; without ``apply`` only tell the difference."""
    hass, history = call.hass, find_history(call.hass)
    zone, today = dt_util.get_default_time_zone(), day_of(time(), dt_util.get_default_time_zone())
    first, last, apply = call.data[ATTR_START], min(call.data[ATTR_END], today), call.data[ATTR_APPLY]
    if last < first:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="end_before_start",
            translation_placeholders={"start": str(first), "end": str(last)},
        )
    since, until = first_instant(first, zone), first_instant(last + timedelta(days=1), zone)
    charges = list(charges_between(history.bill.settings, first, last, zone))
    prices = history.bill.new_prices()
    if not history.consumption.ready:
        raise busy()
    with alone(hass), Progress(hass, history, "costs_recomputing") as progress:
        try:
            outcome = await history.async_ask(
                lambda archive: _recompute(archive, since, until, prices, charges if apply else None, progress)
            )
        except BaseException:
            # Some days may be done: what is shown is taken from the archive again.
            if apply and not ends(hass, history):
                hass.config_entries.async_schedule_reload(history.entry.entry_id)
            raise
    if apply:
        await _async_take_over(history, outcome, charges, since)
    answer: dict[str, Any] = {"start": str(first), "end": str(last), "applied": apply}
    return {**answer, "currency": history.bill.currency, **_differences(history, outcome, charges)}


def _recompute(
    archive: Archive,
    since: int,
    until: int,
    prices: Prices,
    charges: Iterable[ChargeRow] | None,
    progress: Callable[[int, int], None],
) -> _Outcome:
    """Price anew; ``charges``: what takes the place of those there are, None: nothing is changed. Blocking."""
    before, old = archive.costs("total", None, "day", since, until), archive.charges(since, until)
    changes: Counter[HourCost] = Counter()
    zone, days = ZoneInfo(archive.zone), (until - since) // _DAY + 1
    # By month and day: the hours of a year and of hundreds of devices would not fit into memory.
    for start in range(since, until, _TOGETHER):
        end = min(start + _TOGETHER, until)
        news = partial(_tell, progress, (start - since) // _DAY, days)
        for row in archive.reprice(start, end, prices.price_row, apply=charges is not None, progress=news):
            day = first_instant(day_of(row.start, zone), zone)
            changes[replace(row, amount=0, start=day)] += row.amount
    if charges is not None:
        archive.replace_charges(since, until, charges)
    by_day = [replace(row, amount=amount) for row, amount in changes.items()]
    return _Outcome(before=before, changes=by_day, old_charges=old)


def _tell(progress: Callable[[int, int], None], before: int, days: int, done: int, _total: int) -> None:
    """Tell how many days are done, of all."""
    progress(min(before + done, days), days)


async def _async_take_over(history: History, outcome: _Outcome, charges: Iterable[ChargeRow], since: int) -> None:
    """Show what is in the archive now, in sensors, tables and statistics."""
    book = history.consumption.costs
    book.correct(outcome.changes)
    book.charge(outcome.old_charges, back=True)
    book.charge(charges)
    history.renew()
    history.tables.note([since])
    history.duties.note([since])
    site_changed(history.hass)
    await history.duties.async_follow(hour_of(time(), dt_util.get_default_time_zone()))


def _differences(history: History, outcome: _Outcome, charges: Iterable[ChargeRow]) -> dict[str, Any]:
    """Return what it cost before, costs then, and where the difference lies; in the currency of today."""
    counted = [row for row in outcome.changes if row.counted]
    before, change = _sum(history, outcome.before), _sum(history, counted)
    old, new = (_charged(history, rows) for rows in (outcome.old_charges, charges))
    names = {device.id: device.name for device in history.site().devices}
    devices: dict[str, list[HourCost]] = {}
    for row in outcome.changes:
        devices.setdefault(row.device, []).append(row)
    return {
        "before": _money(before + old),
        "after": _money(before + change + new),
        "difference": _money(change + new - old),
        "charges_difference": _money(new - old),
        "tariffs": _by_tariff(counted),
        "devices": [
            {"name": names.get(device, device), "difference": _money(_sum(history, rows))}
            for device, rows in devices.items()
        ],
    }


def _by_tariff(rows: Iterable[HourCost]) -> list[dict[str, Any]]:
    """Return by how much consumption and money of each tariff change."""
    sums: dict[tuple[str, str, str | None, str | None], tuple[int, Decimal]] = {}
    for row in rows:
        name, currency = (None, None) if row.rate is None else (row.rate.name, row.rate.currency)
        key = (row.commodity, row.quantity, name, currency)
        amount, cost = sums.get(key, (0, Decimal(0)))
        sums[key] = amount + row.amount, cost + (cost_of(row.amount, row.rate) or 0)
    return [
        {
            "commodity": commodity,
            "quantity": quantity,
            "tariff": name,
            "currency": currency,
            "amount": amount / _UNITS,
            "cost": _money(cost),
        }
        for (commodity, quantity, name, currency), (amount, cost) in sums.items()
        if amount or cost
    ]


def _sum(history: History, rows: Iterable[CostRow | HourCost]) -> Decimal:
    """Add up money of today's currency; what was fed back is taken off."""
    total = Decimal(0)
    for row in rows:
        cost = cost_of(row.amount, row.rate)
        if cost is not None and row.rate is not None and row.rate.currency == history.bill.currency:
            total += -cost if row.quantity == _EXPORT else cost
    return total


def _charged(history: History, rows: Iterable[ChargeRow]) -> Decimal:
    """Add up fixed charges of today's currency."""
    return sum((row.cost for row in rows if row.currency == history.bill.currency), Decimal(0))


def _money(amount: Decimal) -> float:
    """Return money as people read it: rounded to cents."""
    return float(amount.quantize(_CENT, ROUND_HALF_UP))
