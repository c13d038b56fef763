"""Sensors: every quantity a register map gives, and how a gateway's link fares.

This module owns what Home Assistant makes of each kind of quantity. Which quantities a device has is the catalogue's
matter.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.components.sensor.const import DOMAIN as PLATFORM
from homeassistant.const import (
    DEGREE,
    PERCENTAGE,
    EntityCategory,
    UnitOfApparentPower,
    UnitOfElectricCurrent,
    UnitOfElectricPotential,
    UnitOfEnergy,
    UnitOfFrequency,
    UnitOfPower,
    UnitOfReactiveEnergy,
    UnitOfReactivePower,
    UnitOfTemperature,
    UnitOfTime,
    UnitOfVolume,
)
from homeassistant.helpers import entity_registry as er

from .catalog import QUANTITIES, Commodity, DataType, Measure, Quantity, QuantityKind
from .charging.platform import add_of_installation, add_stations
from .charging.sensor import manager_sensors, station_sensors
from .const import CONF_KIND, KIND_GATEWAY
from .cost_sensor import add_cost_sensors, add_device_costs
from .entity import GatewayEntity, UnitEntity, unique_id_of
from .history import DATA_HISTORY
from .price_sensor import price_sensors
from .state_entity import devices_of
from .state_sensor import ActiveAlarms, state_sensors
from .total_sensor import Total, add_total_sensors, device_of_total, site_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
    from homeassistant.helpers.typing import StateType

    from .bus import Value
    from .coordinator import GatewayConfigEntry, LinkReport, UnitCoordinator
    from .device import Device

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class KindDescription:
    """How Home Assistant shows one kind of quantity."""

    device_class: SensorDeviceClass | None = None
    unit: str | None = None
    state_class: SensorStateClass | None = SensorStateClass.MEASUREMENT
    precision: int | None = None
    factor: Decimal | None = None
    """From the base unit to the shown one."""


_THOUSANDTH: Final = Decimal("0.001")

KINDS: Final[Mapping[QuantityKind, KindDescription]] = {
    QuantityKind.VOLTAGE: KindDescription(
        device_class=SensorDeviceClass.VOLTAGE, unit=UnitOfElectricPotential.VOLT, precision=1
    ),
    QuantityKind.CURRENT: KindDescription(
        device_class=SensorDeviceClass.CURRENT, unit=UnitOfElectricCurrent.AMPERE, precision=2
    ),
    QuantityKind.POWER: KindDescription(device_class=SensorDeviceClass.POWER, unit=UnitOfPower.WATT, precision=0),
    QuantityKind.REACTIVE_POWER: KindDescription(
        device_class=SensorDeviceClass.REACTIVE_POWER, unit=UnitOfReactivePower.VOLT_AMPERE_REACTIVE, precision=0
    ),
    QuantityKind.APPARENT_POWER: KindDescription(
        device_class=SensorDeviceClass.APPARENT_POWER, unit=UnitOfApparentPower.VOLT_AMPERE, precision=0
    ),
    QuantityKind.POWER_FACTOR: KindDescription(device_class=SensorDeviceClass.POWER_FACTOR, precision=2),
    QuantityKind.FREQUENCY: KindDescription(
        device_class=SensorDeviceClass.FREQUENCY, unit=UnitOfFrequency.HERTZ, precision=2
    ),
    QuantityKind.ENERGY: KindDescription(
        device_class=SensorDeviceClass.ENERGY,
        unit=UnitOfEnergy.KILO_WATT_HOUR,
        state_class=SensorStateClass.TOTAL_INCREASING,
        precision=2,
        factor=_THOUSANDTH,
    ),
    QuantityKind.REACTIVE_ENERGY: KindDescription(
        device_class=SensorDeviceClass.REACTIVE_ENERGY,
        unit=UnitOfReactiveEnergy.KILO_VOLT_AMPERE_REACTIVE_HOUR,
        state_class=SensorStateClass.TOTAL_INCREASING,
        precision=2,
        factor=_THOUSANDTH,
    ),
    # Home Assistant has no device class for apparent energy.
    QuantityKind.APPARENT_ENERGY: KindDescription(
        unit="kVAh", state_class=SensorStateClass.TOTAL_INCREASING, precision=2, factor=_THOUSANDTH
    ),
    QuantityKind.SESSION_ENERGY: KindDescription(
        device_class=SensorDeviceClass.ENERGY,
        unit=UnitOfEnergy.KILO_WATT_HOUR,
        state_class=SensorStateClass.TOTAL_INCREASING,
        precision=2,
        factor=_THOUSANDTH,
    ),
    # Nor for electric charge.
    QuantityKind.CHARGE: KindDescription(unit="Ah", state_class=SensorStateClass.TOTAL_INCREASING, precision=1),
    QuantityKind.VOLUME: KindDescription(
        device_class=SensorDeviceClass.WATER,
        unit=UnitOfVolume.CUBIC_METERS,
        state_class=SensorStateClass.TOTAL_INCREASING,
        precision=3,
        factor=_THOUSANDTH,
    ),
    QuantityKind.PULSES: KindDescription(state_class=SensorStateClass.TOTAL_INCREASING, precision=0),
    QuantityKind.DISTORTION: KindDescription(unit=PERCENTAGE, precision=1),
    QuantityKind.RATIO: KindDescription(precision=3),
    QuantityKind.ANGLE: KindDescription(unit=DEGREE, precision=1),
    QuantityKind.DURATION: KindDescription(device_class=SensorDeviceClass.DURATION, unit=UnitOfTime.HOURS, precision=1),
    QuantityKind.TEMPERATURE: KindDescription(
        device_class=SensorDeviceClass.TEMPERATURE, unit=UnitOfTemperature.CELSIUS, precision=1
    ),
    QuantityKind.ENUM: KindDescription(device_class=SensorDeviceClass.ENUM, state_class=None),
    QuantityKind.NUMBER: KindDescription(state_class=None),
    QuantityKind.TEXT: KindDescription(state_class=None),
}

_OWN: Final = KindDescription()


@dataclass(frozen=True, kw_only=True)
class LinkSensorDescription(SensorEntityDescription):
    """A figure of a gateway's link."""

    value: Callable[[LinkReport], StateType]


LINK_SENSORS: Final = (
    LinkSensorDescription(
        key="bus_load",
        translation_key="bus_load",
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda report: report.load,
    ),
    LinkSensorDescription(
        key="cycle_time",
        translation_key="cycle_time",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda report: report.cycle_time,
    ),
    LinkSensorDescription(
        key="requests",
        translation_key="requests",
        state_class=SensorStateClass.TOTAL_INCREASING,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda report: report.requests,
    ),
    LinkSensorDescription(
        key="errors",
        translation_key="errors",
        state_class=SensorStateClass.TOTAL_INCREASING,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda report: report.errors,
    ),
    LinkSensorDescription(
        key="last_error",
        translation_key="last_error",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda report: None if report.last_error is None else report.last_error[:255],
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GatewayConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of a gateway and of its devices, or that of the installation.

    Sensors that are switched off are left out, but for one where all of a device are: it keeps the device registry up
    to date. Home Assistant loads the gateway anew when one is switched on.
    """
    if entry.data[CONF_KIND] != KIND_GATEWAY:
        async_add_entities([ActiveAlarms(entry)])
        history, site = hass.data[DATA_HISTORY], site_id(hass, entry)
        add_total_sensors(hass, entry, history)
        add_cost_sensors(hass, entry, history, site)
        if (info := device_of_total(hass, entry, Total(key="", commodity=""), site)) is not None:
            async_add_entities(price_sensors(entry, history, info))
        add_of_installation(
            hass, entry, PLATFORM, async_add_entities, of_manager=manager_sensors, of_stations=station_sensors
        )
        return
    data = entry.runtime_data
    async_add_entities(LinkSensor(entry, description) for description in LINK_SENSORS)
    registered = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    off = {row.unique_id for row in registered if row.disabled}
    for device in devices_of(entry):
        async_add_entities(list(state_sensors(entry, device)), config_subentry_id=device.config.id)
    for unit in data.units.values():
        for device in unit.devices.values():
            on = [key for key in device.keys if unique_id_of(device, key) not in off]
            async_add_entities(
                [QuantitySensor(unit, device, key, data.device_id) for key in on or list(device.keys)[:1]],
                config_subentry_id=device.config.id,
            )
            # Large installations would hold up the polls of other gateways, whose requests then time out.
            await asyncio.sleep(0)
    add_stations(hass, entry, PLATFORM, async_add_entities, station_sensors)
    add_device_costs(hass, entry, async_add_entities)


def describe(device: Device, key: str) -> SensorEntityDescription:
    """Return how a quantity of a device is shown."""
    quantity = QUANTITIES.get(key)
    measure = device.profile.measures[device.keys[key]] if device.profile is not None else None
    if quantity is None:
        return _describe_own(key, measure)
    shown = KINDS[quantity.kind]
    device_class, unit = shown.device_class, shown.unit
    if quantity.kind is QuantityKind.VOLUME:
        device_class = SensorDeviceClass.GAS if device.model.commodity is Commodity.GAS else SensorDeviceClass.WATER
        unit = UnitOfVolume.LITERS if device.config.pulse_unit == "L" else UnitOfVolume.CUBIC_METERS
    return SensorEntityDescription(
        key=key,
        translation_key=quantity.label,
        translation_placeholders=dict(quantity.placeholders) or None,
        device_class=device_class,
        native_unit_of_measurement=unit,
        state_class=shown.state_class,
        suggested_display_precision=0 if unit == UnitOfVolume.LITERS else shown.precision,
        options=list(dict.fromkeys(measure.values.values())) if measure is not None and measure.values else None,
        entity_category=EntityCategory.DIAGNOSTIC if quantity.diagnostic else None,
        entity_registry_enabled_default=quantity.daily,
    )


def _describe_own(key: str, measure: Measure | None) -> SensorEntityDescription:
    """Return how a measure that only a user's map knows is shown: as that map says."""
    if measure is None:
        return SensorEntityDescription(key=key)
    options = list(dict.fromkeys(measure.values.values())) or None
    state_class = None
    if options is None and measure.parts[0].type not in (DataType.TEXT, DataType.DATE):
        counts = measure.modulus is not None
        state_class = SensorStateClass.TOTAL_INCREASING if counts else SensorStateClass.MEASUREMENT
    return SensorEntityDescription(
        key=key,
        name=measure.name,
        device_class=SensorDeviceClass.ENUM if options else None,
        options=options,
        native_unit_of_measurement=measure.unit if state_class is not None else None,
        state_class=state_class,
    )


def factor_of(quantity: Quantity | None, description: SensorEntityDescription) -> Decimal | None:
    """Return what turns a base unit into the shown one; None where they are the same."""
    if quantity is None or description.native_unit_of_measurement == UnitOfVolume.LITERS:
        return None
    return KINDS[quantity.kind].factor


def in_unit(value: Value | None, factor: Decimal | None) -> Value | None:
    """Return a value of the base unit in the shown one: what counts stays exact, what is no number as it is."""
    if factor is not None and isinstance(value, Decimal):
        return value * factor
    if factor is not None and isinstance(value, float):
        return float(Decimal(str(value)) * factor)
    return value


class QuantitySensor(UnitEntity, SensorEntity):
    """One quantity of a device."""

    def __init__(self, coordinator: UnitCoordinator, device: Device, key: str, gateway_device_id: str) -> None:
        """Describe the quantity by its kind."""
        super().__init__(coordinator, device, key, describe(device, key), gateway_device_id)
        self._factor = factor_of(QUANTITIES.get(key), self.entity_description)

    @property
    @override
    def native_value(self) -> StateType | Decimal:
        """The value in the shown unit; None where the device has none."""
        return in_unit(self._value, self._factor)  # type: ignore[return-value]


class LinkSensor(GatewayEntity, SensorEntity):
    """A figure of a gateway's link."""

    entity_description: LinkSensorDescription

    @property
    @override
    def native_value(self) -> StateType:
        """The figure as last drawn up."""
        return self.entity_description.value(self.coordinator.data)
