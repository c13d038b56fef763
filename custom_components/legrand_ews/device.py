"""A device of the panel as the user set it up: its settings, its register map, its place on the bus.

This module owns the meaning of a device subentry. It neither polls nor shows (``coordinator``, ``sensor``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from .catalog import (
    QUANTITIES,
    UNIT_FACTORS,
    Commodity,
    DataType,
    Kind,
    Option,
    Profile,
    generic_profile,
    pulse_meter_profile,
)
from .const import (
    CONF_ADDRESS,
    CONF_ALLOW_COMMANDS,
    CONF_CONCENTRATOR,
    CONF_EXCLUDE_ALERTS,
    CONF_EXCLUDE_FROM_TOTALS,
    CONF_FACTOR,
    CONF_FUNCTION,
    CONF_GROUPS,
    CONF_INTERFACE,
    CONF_KIND,
    CONF_LABELS,
    CONF_LOAD,
    CONF_MODEL,
    CONF_PHASE,
    CONF_POSITION,
    CONF_PROFILE,
    CONF_PULSE_UNIT,
    CONF_PULSE_WEIGHT,
    CONF_RATED_CURRENT,
    CONF_REGISTER,
    CONF_SIDE,
    CONF_SUPPLY,
    CONF_TYPE,
    CONF_WORD_ORDER,
    CONF_WORDS,
    DOMAIN,
    KIND_GATEWAY,
    PHASES,
    SIDES,
    SUBENTRY_DEVICE,
    SUPPLY_DOWNSTREAM,
    SUPPLY_UPSTREAM,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from homeassistant.config_entries import ConfigEntry, ConfigSubentry
    from homeassistant.core import HomeAssistant

    from .catalog import Catalog, Model, State

PULSE_UNITS: Final[Mapping[Commodity, tuple[str, ...]]] = {
    Commodity.ELECTRICITY: ("Wh", "kWh"),
    Commodity.GAS: ("m³", "L"),
    Commodity.WATER: ("m³", "L"),
}
"""Units of a pulse, by what the meter counts; the first is the default."""

COUNTERS: Final = frozenset({"energy_import", "energy_export", "volume"})

# Modules of one EMS group answer at one address, each with a block of its own.
_GROUPED: Final = frozenset({Kind.STATE, Kind.CONTROL})


@dataclass(frozen=True, kw_only=True)
class DeviceConfig:
    """The settings of one device."""

    id: str
    name: str
    model: str
    address: int
    interface: int | None = None
    concentrator: str | None = None
    position: int | None = None
    side: str | None = None
    phase: str | None = None
    """Of the supply, on L1 of a station."""
    rated_current: float | None = None
    """Of a station, A."""
    supply: str = SUPPLY_UPSTREAM
    profile: str | None = None
    load: str | None = None
    groups: tuple[str, ...] = ()
    exclude_from_totals: bool = False
    exclude_alerts: bool = False
    allow_commands: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    """The user's names of inputs and outputs, by state: ``input_3``."""
    pulse_weight: Decimal | None = None
    pulse_unit: str | None = None
    generic: Mapping[str, Any] | None = None

    @classmethod
    def from_data(cls, subentry_id: str, name: str, data: Mapping[str, Any]) -> DeviceConfig:
        """Read the stored form of a device."""
        weight, rated = data.get(CONF_PULSE_WEIGHT), data.get(CONF_RATED_CURRENT)
        return cls(
            id=subentry_id,
            name=name,
            model=data[CONF_MODEL],
            address=data[CONF_ADDRESS],
            interface=data.get(CONF_INTERFACE),
            concentrator=data.get(CONF_CONCENTRATOR),
            position=data.get(CONF_POSITION),
            side=data.get(CONF_SIDE),
            phase=data.get(CONF_PHASE),
            rated_current=None if rated is None else float(rated),
            supply=data.get(CONF_SUPPLY, SUPPLY_UPSTREAM),
            profile=data.get(CONF_PROFILE),
            load=data.get(CONF_LOAD),
            groups=tuple(data.get(CONF_GROUPS, ())),
            exclude_from_totals=data.get(CONF_EXCLUDE_FROM_TOTALS, False),
            exclude_alerts=data.get(CONF_EXCLUDE_ALERTS, False),
            allow_commands=data.get(CONF_ALLOW_COMMANDS, False),
            labels=data.get(CONF_LABELS, {}),
            pulse_weight=None if weight is None else Decimal(str(weight)),
            pulse_unit=data.get(CONF_PULSE_UNIT),
            generic=data if CONF_REGISTER in data else None,
        )

    @classmethod
    def from_subentry(cls, subentry: ConfigSubentry) -> DeviceConfig:
        """Read a device subentry."""
        return cls.from_data(subentry.subentry_id, subentry.title, subentry.data)

    @property
    def downstream(self) -> bool:
        """True where current flows the other way through the sensors."""
        return self.supply == SUPPLY_DOWNSTREAM

    @property
    def place(self) -> str:
        """The address as the original writes it: ``5``, ``5-3`` (position), ``5-1`` (side), ``2-1`` (EMS interface)."""
        if self.position is not None:
            return f"{self.address}-{self.position}"
        if self.side is not None:
            return f"{self.address}-{SIDES.index(self.side) + 1}"
        if self.interface is not None:
            return f"{self.address}-{self.interface}"
        return str(self.address)

    def station_phases(self, model: Model) -> tuple[int, ...]:
        """Return the phases of the supply that the station's own L1 to L3 are wired to, 0 to 2 for L1 to L3.

        Three-phase stations are wired in the order of the phases, beginning with any of them.
        """
        first = PHASES.index(self.phase or PHASES[0])
        return tuple((first + own) % len(PHASES) for own in range(1 if model.phases == 1 else len(PHASES)))


def device_subentries(entry: ConfigEntry) -> list[ConfigSubentry]:
    """Return the devices of a gateway as they are stored."""
    return [row for row in entry.subentries.values() if row.subentry_type == SUBENTRY_DEVICE]


def configs_of(entry: ConfigEntry) -> list[DeviceConfig]:
    """Return the devices of a gateway."""
    return [DeviceConfig.from_subentry(row) for row in device_subentries(entry)]


def configs_elsewhere(hass: HomeAssistant, entry: ConfigEntry) -> list[DeviceConfig]:
    """Return the devices of the other gateways."""
    return [
        device
        for other in hass.config_entries.async_entries(DOMAIN)
        if other.entry_id != entry.entry_id and other.data.get(CONF_KIND) == KIND_GATEWAY
        for device in configs_of(other)
    ]


@dataclass(frozen=True, kw_only=True)
class Device:
    """A device with what the catalogue knows of it."""

    config: DeviceConfig
    model: Model
    carrier: Model
    """What answers at the address: the device itself, or the concentrator it is wired to."""
    profile: Profile | None
    """Its register map; None where none is known."""
    trusted: bool = False
    """True where its map is sure enough to command by."""

    @property
    def commandable(self) -> bool:
        """True where the device takes commands that the map knows, the map may be trusted and the user allowed them."""
        return self.trusted and self.config.allow_commands

    @cached_property
    def states(self) -> Mapping[str, State]:
        """What the map knows of the device's states."""
        return {} if self.profile is None else self.profile.states

    @cached_property
    def keys(self) -> Mapping[str, str]:
        """The quantities the device tells, each with the measure of the map that holds it.

        Import and export change places where the supply is downstream (manual 7.16.1.3, "Supply").
        """
        if self.profile is None:
            return {}
        return {self._seen_as(key): key for key in self.profile.measures if self._has(key)}

    def _has(self, key: str) -> bool:
        """Tell whether a measure of the map exists here: a single-phase device has no second phase."""
        quantity = QUANTITIES.get(key)
        return quantity is None or self.model.phases != 1 or quantity.placeholders.get("phase", "L1") == "L1"

    def _seen_as(self, key: str) -> str:
        """Return the quantity that a measure of the map stands for in this installation."""
        quantity = QUANTITIES.get(key)
        if self.config.downstream and quantity is not None and quantity.directed is not None:
            return quantity.directed
        return key

    @property
    def names_itself(self) -> bool:
        """True where serial number and firmware can be read, and are the device's own, not its concentrator's."""
        return self.profile is not None and bool(self.profile.identity) and self.config.position is None

    @cached_property
    def counters(self) -> frozenset[str]:
        """The indexes that consumption is made of: read whenever the device is polled."""
        return COUNTERS & self.keys.keys()


def resolve(catalog: Catalog, config: DeviceConfig) -> Device:
    """Join a device's settings with the catalogue.

    Raises ``KeyError`` for a model the catalogue does not have.
    """
    model = catalog.models[config.model]
    carrier = model if config.concentrator is None else catalog.models[config.concentrator]
    profile = register_map(catalog, model, config)
    trusted = profile is not None and catalog.may_command(model.number, profile)
    return Device(config=config, model=model, carrier=carrier, profile=profile, trusted=trusted)


def register_map(catalog: Catalog, model: Model, config: DeviceConfig) -> Profile | None:
    """Return the register map of a device; None where none is published or given, or a template is still empty."""
    profile = _register_map(catalog, model, config)
    if profile is None:
        return None
    told = (profile.measures, profile.states, profile.commands, profile.clock, profile.links)
    return profile if any(told) else None


def _register_map(catalog: Catalog, model: Model, config: DeviceConfig) -> Profile | None:
    """Return the register map of a device, whatever is in it."""
    if Option.GENERIC in model.options and config.generic is not None:
        return _generic(config.generic)
    if config.concentrator is not None and config.position is not None:
        carrier = catalog.profile_for(config.concentrator, config.profile)
        if carrier is None or carrier.inputs is None or config.position > carrier.inputs.count:
            return None
        key = "energy_import" if model.commodity in (None, Commodity.ELECTRICITY) else "volume"
        return pulse_meter_profile(carrier, config.position, key, per_pulse(config))
    profile = catalog.profile_for(model.number, config.profile)
    return None if profile is None else profile.on_side(right=config.side == SIDES[1])


def per_pulse(config: DeviceConfig) -> Decimal:
    """Return what one pulse stands for, in Wh or L."""
    factor = UNIT_FACTORS.get(config.pulse_unit or "", ("", Decimal(1)))[1]
    return (config.pulse_weight or Decimal(1)) * factor


def _generic(data: Mapping[str, Any]) -> Profile:
    """Build the map of a "Generic Modbus meter" from its form."""
    return generic_profile(
        function=int(data[CONF_FUNCTION]),
        address=int(data[CONF_REGISTER], 16),
        words=int(data[CONF_WORDS]),
        factor=Decimal(str(data[CONF_FACTOR])),
        type=DataType(data[CONF_TYPE]),
        word_order=data[CONF_WORD_ORDER],
    )


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """Why a device cannot be saved: the field, the reason (key of the strings) and the device in the way."""

    field: str
    reason: str
    other: str


def find_conflict(
    catalog: Catalog, new: DeviceConfig, here: Iterable[DeviceConfig], elsewhere: Iterable[DeviceConfig]
) -> Conflict | None:
    """Return what stands against a device beside those of its gateway (``here``) and of the others."""
    here = [other for other in here if other.id != new.id]
    for other in (*here, *(other for other in elsewhere if other.id != new.id)):
        if other.name.casefold() == new.name.casefold():
            return Conflict(field="name", reason="name_used", other=other.name)
    for other in here:
        if other.address == new.address and (conflict := _clash(catalog, new, other)) is not None:
            return conflict
    return None


def _clash(catalog: Catalog, new: DeviceConfig, other: DeviceConfig) -> Conflict | None:
    """Tell whether two devices can share their address."""
    if new.position is not None and other.position is not None:
        if new.concentrator != other.concentrator:
            return Conflict(field=CONF_CONCENTRATOR, reason="other_concentrator", other=other.name)
        used = new.position == other.position
        return Conflict(field=CONF_POSITION, reason="position_used", other=other.name) if used else None
    if new.position is not None or other.position is not None:
        pulse, plain = (new, other) if new.position is not None else (other, new)
        fits = plain.model == pulse.concentrator
        return None if fits else Conflict(field=CONF_ADDRESS, reason="address_used", other=other.name)
    if new.side is not None and other.side is not None and new.model == other.model:
        return Conflict(field=CONF_SIDE, reason="side_used", other=other.name) if new.side == other.side else None
    models = [catalog.models.get(config.model) for config in (new, other)]
    kinds = {model.kind for model in models if model is not None and Option.INTERFACE in model.options}
    if len(kinds) > 1 and kinds & _GROUPED:
        return None
    return Conflict(field=CONF_ADDRESS, reason="address_used", other=other.name)
