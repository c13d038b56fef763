"""Sensors of prices and tariffs: which one holds now, until when, and what comes then (manual 7.16.3).

The prices of yesterday, today and tomorrow are an attribute, for automations that look for the cheapest time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity, SensorEntityDescription
from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from .bill_settings import UNITS
from .prices import tariff_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from homeassistant.config_entries import ConfigEntry
    from homeassistant.helpers.device_registry import DeviceInfo

    from .bill_settings import PlanKey
    from .billing import ActivePrice, Segment
    from .history import History

NO_TARIFF: Final = "no_tariff"
"""No rule is true."""


def price_sensors(entry: ConfigEntry, history: History, info: DeviceInfo) -> Iterator[SensorEntity]:
    """Yield the sensors of all plans that have tariffs."""
    for plan in history.bill.keys:
        yield PriceSensor(entry, history, plan, info)
        yield TariffSensor(entry, history, plan, info)


class _PlanSensor(SensorEntity):
    """Something that changes with the rules of a plan."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, entry: ConfigEntry, history: History, plan: PlanKey, info: DeviceInfo, what: str) -> None:
        """Bind the sensor to a plan."""
        self._bill = history.bill
        self._plan = plan
        self._attr_unique_id = f"{entry.entry_id}_{what}_{plan}"
        self._attr_translation_key = f"{plan}_{what}"
        self._attr_device_info = info

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the clock."""
        self._take()
        self.async_on_remove(self._bill.watch(self._renewed))

    @callback
    def _renewed(self) -> None:
        """Another price may hold."""
        self._take()
        self.async_write_ha_state()

    def _take(self) -> None:
        """Look what holds now."""
        raise NotImplementedError


class PriceSensor(_PlanSensor):
    """What a kWh or a m3 costs now, tax included."""

    _unrecorded_attributes = frozenset({"prices"})

    def __init__(self, entry: ConfigEntry, history: History, plan: PlanKey, info: DeviceInfo) -> None:
        """Show the price of a plan."""
        super().__init__(entry, history, plan, info, "price")
        self.entity_description = SensorEntityDescription(
            key="price", translation_key=f"{plan}_price", suggested_display_precision=4
        )
        self._attr_native_unit_of_measurement = f"{history.bill.currency}/{UNITS[plan]}"

    @override
    def _take(self) -> None:
        active, now = self._bill.active(self._plan), dt_util.now()
        self._attr_native_value = None if active is None else active.price
        change = self._bill.plan(self._plan).next_change(int(now.timestamp()))
        after = None if change is None else self._bill.plan(self._plan).at(dt_util.utc_from_timestamp(change))
        day = now.replace(hour=0, minute=0, second=0, microsecond=0)
        begin, end = (int((day + timedelta(days=days)).timestamp()) for days in (-1, 2))
        self._attr_extra_state_attributes = {
            "tariff": self._name(active),
            "next_change": None if change is None else _local(change),
            "next_price": None if after is None else float(after.price),
            "prices": [self._told(one) for one in self._bill.plan(self._plan).segments(begin, end)],
        }

    def _told(self, segment: Segment) -> dict[str, Any]:
        """Return a time with its price."""
        active = segment.active
        return {
            "start": _local(segment.start),
            "end": _local(segment.end),
            "tariff": self._name(active),
            "price": None if active is None else float(active.price),
        }

    def _name(self, active: ActivePrice | None) -> str | None:
        """Return the name of a tariff."""
        return None if active is None else tariff_of(self._bill.settings, self._plan, active.tariff_id).name


class TariffSensor(_PlanSensor):
    """The name of the tariff that holds now."""

    def __init__(self, entry: ConfigEntry, history: History, plan: PlanKey, info: DeviceInfo) -> None:
        """Show the tariff of a plan."""
        super().__init__(entry, history, plan, info, "tariff")
        names = [tariff.name for tariff in history.bill.settings.plans[plan].tariffs]
        self.entity_description = SensorEntityDescription(
            key="tariff",
            translation_key=f"{plan}_tariff",
            device_class=SensorDeviceClass.ENUM,
            options=[*names, NO_TARIFF],
        )

    @override
    def _take(self) -> None:
        tariff = self._bill.plan(self._plan).tariff_at(dt_util.utcnow())
        self._attr_native_value = NO_TARIFF if tariff is None else tariff.name


def _local(at: int) -> str:
    """Return a time as people and templates read it."""
    return dt_util.as_local(datetime.fromtimestamp(at, dt_util.UTC)).isoformat()
