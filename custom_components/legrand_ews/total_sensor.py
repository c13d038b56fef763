"""Sensors of loads, groups and totals: what they counted altogether, and today, this month, this year.

This module owns which of them there are and how they are shown. The figures are ``history``'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.sensor import (
    RestoreSensor,
    SensorDeviceClass,
    SensorEntityDescription,
    SensorExtraStoredData,
    SensorStateClass,
)
from homeassistant.const import UnitOfEnergy, UnitOfVolume
from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity_platform import async_get_current_platform

from .const import CONF_IN_USE, DOMAIN, LOADS, OPT_LOADS_OFF, SUBENTRY_GROUP, SUBENTRY_LOAD
from .history import total_id
from .installation import installation_info
from .loads import names_in_use
from .metering import GAS_EQUIVALENT, OVERALL
from .names import selector_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant

    from .consumption import Figures
    from .history import History

_DIP: Final = 0.9
"""Home Assistant takes a drop below this share of a total for a counter that began anew."""
_BOOKED: Final = "booked"
_UNITS: Final = 1000
"""Wh in a kWh, dm3 in a m3."""

MEASURES: Final[dict[str, Callable[[Figures], int]]] = {
    "total": lambda one: one.total,
    "today": lambda one: one.current[0],
    "this_month": lambda one: one.current[1],
    "this_year": lambda one: one.current[2],
    "yesterday": lambda one: one.previous[0],
    "last_month": lambda one: one.previous[1],
    "last_year": lambda one: one.previous[2],
}
SHOWN: Final[dict[str, tuple[SensorDeviceClass, str]]] = {
    "electricity": (SensorDeviceClass.ENERGY, UnitOfEnergy.KILO_WATT_HOUR),
    "gas": (SensorDeviceClass.GAS, UnitOfVolume.CUBIC_METERS),
    "water": (SensorDeviceClass.WATER, UnitOfVolume.CUBIC_METERS),
    OVERALL: (SensorDeviceClass.ENERGY, UnitOfEnergy.KILO_WATT_HOUR),
    GAS_EQUIVALENT: (SensorDeviceClass.ENERGY, UnitOfEnergy.KILO_WATT_HOUR),
}


@dataclass(frozen=True, kw_only=True)
class Total:
    """What a key of the totals stands for."""

    key: str
    commodity: str
    """A commodity, or one of the sums of several."""
    kind: str = "total"
    """"total", "load" or "group"."""
    member: str | None = None
    """The load or the group."""


def read_key(key: str) -> Total:
    """Take a key of ``metering.scopes`` apart."""
    kind, _, rest = key.partition(":")
    if not rest:
        return Total(key=key, commodity=key)
    commodity, _, member = rest.partition(":")
    return Total(key=key, commodity=commodity, kind=kind, member=member)


def add_total_sensors(hass: HomeAssistant, entry: ConfigEntry, history: History) -> None:
    """Add the sensors of all totals, and those of totals that come up later."""
    platform = async_get_current_platform()
    known: set[str] = set()
    site = site_id(hass, entry)
    _forget_unused(hass, entry)

    @callback
    def add_new() -> None:
        """Add what was not there before."""
        for key in sorted(history.figures.keys() - known):
            known.add(key)
            total = read_key(key)
            if (info := device_of_total(hass, entry, total, site)) is not None:
                subentry = total.member if total.member in entry.subentries else None
                sensors = _sensors(entry, history, total, info)
                history.begin_task(platform.async_add_entities(sensors, config_subentry_id=subentry))

    add_new()
    history.watch(add_new)


def site_id(hass: HomeAssistant, entry: ConfigEntry) -> str:
    """Return the id of the installation's device."""
    return dr.async_get(hass).async_get_or_create(config_entry_id=entry.entry_id, **installation_info(entry)).id


def _sensors(entry: ConfigEntry, history: History, total: Total, info: DeviceInfo) -> Iterator[TotalSensor]:
    """Yield the sensors of a total."""
    for measure in MEASURES:
        yield (RunningTotal if measure == "total" else TotalSensor)(entry, history, total, measure, info)


def device_of_total(hass: HomeAssistant, entry: ConfigEntry, total: Total, via: str) -> DeviceInfo | None:
    """Return the device of a total; None for a load that is switched off, and for what was deleted."""
    name: str | None
    if total.kind == "total":
        name, model = selector_text(hass, "total", "totals"), "Totals"
    elif total.kind == "load":
        names = {key: selector_text(hass, "load", key) for key in LOADS if key not in _off(entry)}
        names |= names_in_use(entry, SUBENTRY_LOAD)
        name, model = names.get(total.member or ""), "Load"
    else:
        name, model = names_in_use(entry, SUBENTRY_GROUP).get(total.member or ""), "Group"
    if name is None:
        return None
    return DeviceInfo(
        identifiers={(DOMAIN, _identifier(entry, total.kind, total.member))},
        name=name,
        model=model,
        entry_type=DeviceEntryType.SERVICE,
        via_device_id=via,
    )


def _identifier(entry: ConfigEntry, kind: str, member: str | None) -> str:
    """Return what identifies the device of the totals, of a load or of a group."""
    return f"{entry.entry_id}_{kind}" if member is None else f"{entry.entry_id}_{kind}_{member}"


def _off(entry: ConfigEntry) -> tuple[str, ...]:
    """Return the loads that are switched off."""
    return tuple(entry.options.get(OPT_LOADS_OFF, ()))


@callback
def _forget_unused(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Take the devices of loads and groups that are switched off out of the registry."""
    registry = dr.async_get(hass)
    own = [(row.subentry_type, key) for key, row in entry.subentries.items() if not row.data.get(CONF_IN_USE, True)]
    for kind, key in [*((SUBENTRY_LOAD, key) for key in _off(entry)), *own]:
        found = registry.async_get_device_by_identifier((DOMAIN, _identifier(entry, kind, key)), entry.entry_id)
        if found is not None:
            registry.async_remove_device(found.id)


class TotalSensor(RestoreSensor):
    """What a load, a group or all counted in a span of the calendar."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, entry: ConfigEntry, history: History, total: Total, measure: str, info: DeviceInfo) -> None:
        """Show a measure of a total."""
        device_class, unit = SHOWN[total.commodity]
        self.entity_description = SensorEntityDescription(
            key=f"{measure}_{total.key}",
            translation_key=f"{total.commodity}_{measure}",
            device_class=device_class,
            native_unit_of_measurement=unit,
            suggested_display_precision=2 if unit == UnitOfEnergy.KILO_WATT_HOUR else 3,
        )
        self._attr_unique_id = total_id(entry, total.key, measure)
        self._attr_device_info = info
        self._history = history
        self._key = total.key
        self._measure = MEASURES[measure]
        self._shown: int | None = None

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the figures."""
        await super().async_added_to_hass()
        self._shown = self._figure()
        self.async_on_remove(self._history.watch(self._renewed))

    def _figure(self) -> int | None:
        """Return the figure as it is now, whole units."""
        found = self._history.figures.get(self._key)
        return None if found is None else self._measure(found)

    @callback
    def _renewed(self) -> None:
        """Write the state where it is another one."""
        figure = self._figure()
        if figure != self._shown:
            self._shown = figure
            self.async_write_ha_state()

    @property
    @override
    def native_value(self) -> float | None:
        """The figure in kWh or m3."""
        return None if self._shown is None else self._shown / _UNITS

    @property
    @override
    def available(self) -> bool:
        """True once the archive told what there was."""
        return self._shown is not None


@dataclass
class KeptTotal(SensorExtraStoredData):
    """What is kept of a total over restarts."""

    booked: int
    """What was booked, whole units."""

    @override
    def as_dict(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return {**super().as_dict(), _BOOKED: self.booked}


class RunningTotal(TotalSensor):
    """What a load, a group or all ever counted: for the energy dashboard.

    Never falls below what was shown last: after a start the open intervals are missing until the meters answer, after a
    power cut what was not written yet. Only where far less is booked than before it begins anew, as the archive did.
    """

    def __init__(self, *given: Any) -> None:
        """Count for ever."""
        super().__init__(*given)
        self._attr_state_class = SensorStateClass.TOTAL_INCREASING
        self._floor = 0.0

    @property
    def _booked(self) -> int:
        """What is booked, without what is open."""
        return self._history.consumption.totals.value(self._key)

    @property
    @override
    def extra_restore_state_data(self) -> KeptTotal:
        """What is kept over restarts."""
        return KeptTotal(self.native_value, self.native_unit_of_measurement, self._booked)

    @override
    async def async_added_to_hass(self) -> None:
        """Go on from what was shown last."""
        await super().async_added_to_hass()
        kept = await self.async_get_last_extra_data()
        data = {} if kept is None else kept.as_dict()
        value = data.get("native_value")
        if isinstance(value, int | float) and self._booked >= data.get(_BOOKED, 0) * _DIP:
            self._floor = float(value)

    @property
    @override
    def native_value(self) -> float | None:
        """The total in kWh or m3."""
        value = super().native_value
        if value is not None:
            self._floor = max(value, self._floor)
        return None if value is None else self._floor
