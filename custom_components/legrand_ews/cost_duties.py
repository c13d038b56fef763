"""What has to be done about costs now and then: fixed charges each day, the recorder's statistics each hour.

Owns when, and which days and hours. The figures are ``cost_book``'s, the statistics' rows ``cost_statistics``'s.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er

from .archive import ChargeRow
from .const import DOMAIN, LOGGER
from .cost_book import commodity_of, cost_id, read_entry
from .cost_statistics import CostStatistics

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable, Iterator
    from datetime import date, tzinfo
    from decimal import Decimal

    from .archive import Archive, CostSum, HourCost
    from .bill_settings import BillSettings
    from .history import History

_HOUR: Final = 3600
_CHUNK: Final = 2 * 86400
"""Seconds of hourly sums that are in memory together."""
_AFTER: Final = 150
"""Seconds after a full hour: then the recorder has drawn it up, and its intervals are written."""

type _Hours = tuple[list[CostSum], list[HourCost], list[ChargeRow]]


def day_of(at: float, zone: tzinfo) -> date:
    """Return the local day of a time, POSIX seconds."""
    return datetime.fromtimestamp(at, zone).date()


def first_instant(day: date, zone: tzinfo) -> int:
    """Return when a local day begins, POSIX seconds."""
    return int(datetime.combine(day, time(), zone).timestamp())


def hour_of(at: float, zone: tzinfo) -> int:
    """Return when a local hour begins, POSIX seconds."""
    local = datetime.fromtimestamp(at, zone)
    return int(at) - 60 * local.minute - local.second


def charges_between(settings: BillSettings, first: date, last: date, zone: tzinfo) -> Iterator[ChargeRow]:
    """Yield all fixed charges of days, both inclusive, at the prices that there are now."""
    for plan, plan_settings in settings.plans.items():
        for charge in plan_settings.charges:
            for number in range((last - first).days + 1):
                day = first + timedelta(days=number)
                cost = charge.on(day)
                if cost is not None:
                    yield ChargeRow(
                        day=first_instant(day, zone),
                        commodity=commodity_of(plan),
                        charge=charge.id,
                        name=charge.name,
                        cost=cost,
                        currency=settings.currency,
                    )


class CostDuties:
    """The duties of a site's history."""

    def __init__(self, history: History, zone: tzinfo) -> None:
        """Take whose they are; ``zone``: whose days count."""
        self._history = history
        self._zone = zone
        self._statistics = CostStatistics(history.hass)
        self._charged: date | None = None
        self._since: int | None = None
        self._followed: int | None = None

    @callback
    def note(self, starts: Iterable[int]) -> None:
        """Note when intervals begin that were priced, POSIX seconds: from then on statistics may be wrong."""
        for start in starts:
            if self._since is None or start < self._since:
                self._since = start

    @callback
    def due(self, now: float) -> None:
        """Do what the clock asks for; called each minute."""
        today = day_of(now, self._zone)
        if self._charged != today:
            self._charged = today
            self._begin(self._async_charge(today), "fixed charges of the day")
        hour = hour_of(now - _AFTER, self._zone)
        if self._followed != hour and self._since is not None and self._since < hour:
            self._followed = hour
            since, self._since = self._since, None
            self._begin(self.async_follow(since, hour), "statistics of costs")

    def _begin(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Do something beside all else."""
        self._history.entry.async_create_background_task(self._history.hass, work, name)

    async def _async_charge(self, today: date) -> None:
        """Book the charges up to today; a new one begins today."""
        book, rows = self._history.consumption.costs, list[ChargeRow]()
        settings = self._history.bill.settings
        last = {charge.id: book.charged(charge.id) for plan in settings.plans.values() for charge in plan.charges}
        known = [day_of(at, self._zone) for at in last.values() if at is not None]
        first = min([today, *(day + timedelta(days=1) for day in known)])
        for row in charges_between(settings, first, today, self._zone):
            before = last[row.charge]
            if row.day > before if before is not None else day_of(row.day, self._zone) == today:
                rows.append(row)
        if not rows:
            return
        try:
            await self._history.async_ask(lambda archive: archive.write_charges(rows))
        except HomeAssistantError as err:
            LOGGER.debug("Fixed charges are booked later: %s", err)
            self._charged = None
            return
        # Meanwhile some may have been booked by a recomputation, or from the day before.
        fresh = [row for row in rows if row.day > (book.charged(row.charge) or 0)]
        book.charge(fresh)
        self.note(row.day for row in fresh)

    async def async_follow(self, since: int, until: int) -> None:
        """Make the recorder's statistics of the costs say what the archive does, from a time on; POSIX seconds.

        ``until``: start of a local hour. The recorder's hours are those of UTC: where local ones lie across them, the
        archive cannot tell what they cost, and nothing is changed.
        """
        start = hour_of(since, self._zone)
        try:
            while start < until:
                end = min(hour_of(start + _CHUNK, self._zone), until)
                # The hour before it, too: what an hour cost is the difference to that one.
                wanted = [
                    at for at in range(start - _HOUR, end, _HOUR) if at % _HOUR == 0 and hour_of(at, self._zone) == at
                ]
                if wanted:
                    found = await self._history.async_ask(partial(_hours, since=start, until=end))
                    await self._statistics.async_follow(self._by_entity(wanted, found))
                start = end
        except HomeAssistantError as err:
            LOGGER.debug("The statistics of costs are brought up to date later: %s", err)
            self.note([start])

    def _by_entity(self, wanted: Iterable[int], found: _Hours) -> dict[str, dict[int, Decimal]]:
        """Return what there was at the end of each hour by the sensor that shows it."""
        registry = er.async_get(self._history.hass)
        totals: dict[str, dict[int, Decimal]] = {}
        for entry, hours in self._history.consumption.costs.hourly(wanted, *found).items():
            kind, key = read_entry(entry)
            unique_id = cost_id(self._history.entry, kind, key)
            entity = registry.async_get_entity_id("sensor", DOMAIN, unique_id)
            if entity is not None:
                totals[entity] = hours
        return totals


def _hours(archive: Archive, *, since: int, until: int) -> _Hours:
    """Ask for the sums up to a time, the hours after it, and all charges. Blocking."""
    before, hours = archive.cost_history(since, until)
    return before, hours, archive.charges(0, until)
