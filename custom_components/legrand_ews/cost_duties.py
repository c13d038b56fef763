"""What has to be done about costs now and then: fixed charges each day, the recorder's statistics each hour.

Owns when, and which days and hours. The figures are ``cost_book``'s, the statistics' rows ``cost_statistics``'s.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial
from time import time
from typing import TYPE_CHECKING, Any, Final

from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er

from .archive import ChargeRow
from .const import DOMAIN, LOGGER
from .cost_book import cost_id, read_entry
from .cost_statistics import CostStatistics
from .prices import charges_between, day_of, first_instant, hour_of

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable, Mapping
    from datetime import date, tzinfo
    from decimal import Decimal

    from .archive import Archive, ChargeRow, Commodity, CostSum, HourCost
    from .history import History

_HOUR: Final = 3600
_CHUNK: Final = 7 * 86400
"""Seconds of hourly sums that are in memory together."""
_DAY: Final = 86400
_TRIES: Final = 3
_AFTER: Final = 150
"""Seconds after a full hour: then the recorder has drawn it up, and its intervals are written."""

type _Hours = tuple[list[CostSum], list[HourCost], list[ChargeRow]]


class CostDuties:
    """The duties of a site's history."""

    def __init__(self, history: History, zone: tzinfo) -> None:
        """Take whose they are; ``zone``: whose days count."""
        self._history = history
        self._zone = zone
        self._statistics = CostStatistics(history.hass)
        self._charged: date | None = None
        # What was priced just before the end may be missing in the statistics.
        self._since: int | None = int(time()) - _DAY
        self._wanting: Counter[int] = Counter()
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
        # While rows wait, the archive cannot tell what an hour cost.
        behind = self._history.writer.status.queued or self._history.writer.paused
        if self._followed != hour and self._since is not None and self._since < hour and not behind:
            self._followed = hour
            self._begin(self.async_follow(hour), "statistics of costs")

    def _begin(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Do something beside all else."""
        self._history.entry.async_create_background_task(self._history.hass, work, name)

    async def _async_charge(self, today: date) -> None:
        """Book the charges up to today; a new one from the day on that it was made."""
        book, settings = self._history.consumption.costs, self._history.bill.settings
        begins: dict[str, int] = {}
        for plan in settings.plans.values():
            for charge in plan.charges:
                before = book.charged(charge.id)
                made = first_instant(plan.since.get(charge.id, today), self._zone)
                begins[charge.id] = made if before is None else before + 1
        first = min([today, *(day_of(begin, self._zone) for begin in begins.values())])
        due = charges_between(settings, first, today, self._zone)
        rows = [row for row in due if row.day >= begins[row.charge]]
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

    async def async_follow(self, until: int) -> None:
        """Make the recorder's statistics of the costs say what the archive does, from what was noted on.

        ``until``: start of a local hour, POSIX seconds. The recorder's hours are those of UTC: where local ones lie
        across them, the archive cannot tell what they cost, and nothing is changed. What cannot be done now is tried
        again at the next hour; a sensor that has no statistics yet some hours long.
        """
        if self._since is None:
            return
        start, self._since = hour_of(self._since, self._zone), None
        try:
            while start < until:
                end = min(hour_of(start + _CHUNK, self._zone), until)
                # The hour before it, too: what an hour cost is the difference to that one.
                wanted = [
                    at for at in range(start - _HOUR, end, _HOUR) if at % _HOUR == 0 and hour_of(at, self._zone) == at
                ]
                if wanted:
                    found = await self._history.async_ask(partial(_hours, since=start, until=end))
                    hourly = self._history.consumption.costs.hourly
                    # Hundreds of devices and days of hours would hold up all else.
                    totals = await self._history.hass.async_add_executor_job(hourly, wanted, *found)
                    if await self._statistics.async_follow(self._by_entity(totals)):
                        self._try_again(start)
                start = end
        except HomeAssistantError as err:
            LOGGER.debug("The statistics of costs are brought up to date later: %s", err)
            self.note([start])

    def _try_again(self, start: int) -> None:
        """Note a time for some more hours: there are sensors that have no statistics yet."""
        self._wanting[start] += 1
        if self._wanting[start] <= _TRIES:
            self.note([start])
        else:
            del self._wanting[start]

    def _by_entity(self, found: Mapping[str, dict[int, Decimal]]) -> dict[str, dict[int, Decimal]]:
        """Return what there was at the end of each hour by the sensor that shows it."""
        registry = er.async_get(self._history.hass)
        totals: dict[str, dict[int, Decimal]] = {}
        for entry, hours in found.items():
            kind, key = read_entry(entry)
            unique_id = cost_id(self._history.entry.entry_id, kind, key)
            entity = registry.async_get_entity_id("sensor", DOMAIN, unique_id)
            row = None if entity is None else registry.async_get(entity)
            if entity is not None and row is not None and not row.disabled:
                totals[entity] = hours
        return totals


def _hours(archive: Archive, *, since: int, until: int) -> _Hours:
    """Ask for the sums up to a time, the hours after it, and all charges, those before as one. Blocking."""
    before, hours = archive.cost_history(since, until)
    early: dict[tuple[Commodity, str], ChargeRow] = {}
    for row in archive.charges(0, since):
        one = early.get((row.commodity, row.currency))
        early[row.commodity, row.currency] = row if one is None else replace(one, cost=one.cost + row.cost)
    return before, hours, [*early.values(), *archive.charges(since, until)]
