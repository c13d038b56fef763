"""Sensors of what things cost: devices, loads, groups, tariffs, commodities and all together.

This module owns which of them there are and how they are shown. The figures are ``cost_book``'s.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Final, cast, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import async_get_current_platform

from .cost_book import TARIFF, cost_id, device_key, read_entry, tariff_key
from .entity import device_info
from .history import DATA_HISTORY, SIGNAL_COSTS
from .prices import tariff_of
from .total_sensor import Total, device_of_total, read_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.device_registry import DeviceInfo
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .bill import Bill
    from .bill_settings import PlanKey
    from .billing import CostFigures
    from .coordinator import GatewayConfigEntry
    from .device import Device
    from .history import History

MEASURES: Final[dict[str, Callable[[CostFigures], Decimal]]] = {
    measure: attrgetter(measure) for measure in ("total", "today", "this_month", "this_year")
}
_OF_DEVICES: Final = ("cost", "credit")
_SHOWN_OF_DEVICES: Final = ("total", "this_month")
"""What is switched on from the start: panels have hundreds of devices. Nothing of those excluded from totals."""
_MICRO: Final = Decimal("0.000001")


def add_cost_sensors(hass: HomeAssistant, entry: ConfigEntry, history: History, via: str) -> None:
    """Add the sensors of loads, groups, tariffs and totals, and those that come up later; ``via``: the site's id."""
    platform, known = async_get_current_platform(), set[str]()
    _forget_tariffs(hass, entry, history.bill)

    @callback
    def add_new() -> None:
        """Add what was not there before."""
        for name in sorted(history.costs.keys() - known):
            known.add(name)
            kind, key = read_entry(name)
            total = Total(key=key, commodity=key.partition(":")[0]) if kind == TARIFF else read_key(key)
            if total.kind == "device" or (info := device_of_total(hass, entry, total, via)) is None:
                continue
            subentry = total.member if total.member in entry.subentries else None
            sensors = [CostSensor(entry, history, name, measure, info) for measure in MEASURES]
            history.begin_task(platform.async_add_entities(sensors, config_subentry_id=subentry))

    add_new()
    history.watch(add_new)


def add_device_costs(
    hass: HomeAssistant, entry: GatewayConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the sensors of a gateway's devices, now or as soon as they cost something."""
    known: set[str] = set()
    registered = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    off = {row.unique_id for row in registered if row.disabled}

    @callback
    def add_new() -> None:
        """Add what was not there before."""
        history = hass.data.get(DATA_HISTORY)
        if history is None:
            return
        for device in entry.runtime_data.devices.values():
            for kind in _OF_DEVICES:
                name = f"{kind}/{device_key(device.config.id)}"
                if name in history.costs and name not in known:
                    known.add(name)
                    sensors = _of_device(history.entry, entry, device, name)
                    fresh = [sensor for sensor in sensors if sensor.unique_id not in off]
                    async_add_entities(fresh, config_subentry_id=device.config.id)

    add_new()
    entry.async_on_unload(async_dispatcher_connect(hass, SIGNAL_COSTS, add_new))


def _of_device(
    installation: ConfigEntry, entry: GatewayConfigEntry, device: Device, name: str
) -> Iterator[DeviceCostSensor]:
    """Yield the sensors of a device."""
    info = device_info(device, entry.runtime_data.device_id)
    for measure in MEASURES:
        shown = measure in _SHOWN_OF_DEVICES and not device.config.exclude_from_totals
        yield DeviceCostSensor(installation, name, measure, info, shown=shown)


def _forget_tariffs(hass: HomeAssistant, entry: ConfigEntry, bill: Bill) -> None:
    """Take the entities of deleted tariffs out of the registry."""
    own = entry.entry_id
    kept = {f"{own}_{what}_{plan}" for what in ("price", "tariff", "tariffs") for plan in bill.keys}
    for plan in bill.keys:
        for tariff in bill.settings.plans[plan].tariffs:
            kept |= {cost_id(entry.entry_id, TARIFF, tariff_key(plan, tariff.id), measure) for measure in MEASURES}
    registry = er.async_get(hass)
    for row in er.async_entries_for_config_entry(registry, own):
        if row.unique_id.startswith((f"{own}_price_", f"{own}_tariff")) and row.unique_id not in kept:
            registry.async_remove(row.entity_id)


class _Money(SensorEntity):
    """An amount of money that follows the history of the site."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, installation: ConfigEntry, name: str, measure: str, info: DeviceInfo, label: str) -> None:
        """Show a measure of a sum; ``label``: the key of its name in the strings."""
        kind, key = read_entry(name)
        self.entity_description = SensorEntityDescription(
            key=f"{kind}_{measure}",
            translation_key=f"{label}_{measure}",
            device_class=SensorDeviceClass.MONETARY,
            # Sums of the calendar begin anew by themselves; statistics are made of the total.
            state_class=SensorStateClass.TOTAL if measure == "total" else None,
            suggested_display_precision=2,
        )
        self._attr_unique_id = cost_id(installation.entry_id, kind, key, measure)
        self._attr_device_info = info
        self._entry_name = name
        self._measure = MEASURES[measure]
        self._shown: Decimal | None = None

    def _history(self) -> History | None:
        """Return the history that has the figures, None while there is none."""
        raise NotImplementedError

    @callback
    def _take(self) -> bool:
        """Take the figure as it is now; tell whether it is another one."""
        before, history = self._shown, self._history()
        figures = None if history is None else history.costs.get(self._entry_name)
        self._shown = None if figures is None else self._measure(figures).quantize(_MICRO, ROUND_HALF_UP)
        if history is not None:
            self._attr_native_unit_of_measurement = history.bill.currency
        return self._shown != before

    @callback
    def _renewed(self) -> None:
        """Write the state where it is another one."""
        if self._take():
            self.async_write_ha_state()

    @property
    @override
    def native_value(self) -> Decimal | None:
        """The money, rounded to a millionth."""
        return self._shown

    @property
    @override
    def available(self) -> bool:
        """True once the archive told what there was."""
        return self._shown is not None


class CostSensor(_Money):
    """What a load, a group, a tariff or a commodity cost."""

    def __init__(self, entry: ConfigEntry, history: History, name: str, measure: str, info: DeviceInfo) -> None:
        """Show a measure of a sum."""
        kind, key = read_entry(name)
        owner, _, tariff = key.partition(":")
        commodity = owner if kind == TARIFF else read_key(key).commodity
        super().__init__(entry, name, measure, info, f"{commodity}_{kind}")
        if kind == TARIFF:
            found = tariff_of(history.bill.settings, cast("PlanKey", owner), tariff)
            self._attr_translation_placeholders = {"tariff": found.name}
        self._of = history

    @override
    def _history(self) -> History:
        return self._of

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the figures."""
        self._take()
        self.async_on_remove(self._of.watch(self._renewed))


class DeviceCostSensor(_Money):
    """What a device cost; outlives the history, which begins anew with each change of the installation."""

    def __init__(self, installation: ConfigEntry, name: str, measure: str, info: DeviceInfo, *, shown: bool) -> None:
        """Show a measure of a device; ``shown``: switched on from the start."""
        super().__init__(installation, name, measure, info, f"device_{read_entry(name)[0]}")
        self._attr_entity_registry_enabled_default = shown

    @override
    def _history(self) -> History | None:
        return self.hass.data.get(DATA_HISTORY)

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the figures."""
        self._take()
        self.async_on_remove(async_dispatcher_connect(self.hass, SIGNAL_COSTS, self._renewed))
