"""Calendars of the cost rules: which tariff holds when (manual 7.16.3)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, override

from homeassistant.components.calendar import CalendarEntity, CalendarEvent
from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from .bill_settings import UNITS
from .history import DATA_HISTORY
from .prices import tariff_of
from .total_sensor import Total, device_of_total, site_id

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.device_registry import DeviceInfo
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .bill_settings import PlanKey
    from .billing import Segment
    from .history import History

PARALLEL_UPDATES = 0
_AHEAD: Final = timedelta(days=8)
"""How far is looked for the next tariff."""
_BACK: Final = timedelta(days=1)
_LONGEST: Final = timedelta(days=800)
"""More is not shown at a time."""


async def async_setup_entry(
    hass: HomeAssistant, entry: ConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add a calendar for each plan that has tariffs."""
    history = hass.data[DATA_HISTORY]
    info = device_of_total(hass, entry, Total(key="", commodity=""), site_id(hass, entry))
    if info is not None:
        async_add_entities(TariffCalendar(entry, history, plan, info) for plan in history.bill.keys)


class TariffCalendar(CalendarEntity):
    """When which tariff holds."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, entry: ConfigEntry, history: History, plan: PlanKey, info: DeviceInfo) -> None:
        """Bind the calendar to a plan."""
        self._bill = history.bill
        self._plan = plan
        self._attr_unique_id = f"{entry.entry_id}_tariffs_{plan}"
        self._attr_translation_key = f"{plan}_tariffs"
        self._attr_device_info = info

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the clock."""
        self.async_on_remove(self._bill.watch(self._renewed))

    @callback
    def _renewed(self) -> None:
        """Another tariff may hold."""
        self.async_write_ha_state()

    @property
    @override
    def event(self) -> CalendarEvent | None:
        """The tariff that holds, or the next one."""
        now, today = dt_util.utcnow(), dt_util.start_of_local_day()
        events = self._events(today - _BACK, today + _AHEAD)
        return next((event for event in events if event.end > now), None)

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        """Return the tariffs of a time."""
        return self._events(start_date, min(end_date, start_date + _LONGEST))

    def _events(self, start: datetime, end: datetime) -> list[CalendarEvent]:
        """Return the tariffs of a time."""
        segments = self._bill.plan(self._plan).segments(int(start.timestamp()), int(end.timestamp()))
        return [event for segment in segments if (event := self._event(segment)) is not None]

    def _event(self, segment: Segment) -> CalendarEvent | None:
        """Return a time as an event, None where nothing has a price."""
        if segment.active is None:
            return None
        tariff = tariff_of(self._bill.settings, self._plan, segment.active.tariff_id)
        return CalendarEvent(
            start=dt_util.as_local(dt_util.utc_from_timestamp(segment.start)),
            end=dt_util.as_local(dt_util.utc_from_timestamp(segment.end)),
            summary=tariff.name,
            description=f"{segment.active.price.normalize():f} {self._bill.currency}/{UNITS[self._plan]}",
        )
