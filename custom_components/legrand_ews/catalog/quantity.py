"""The quantities that register maps speak of, each with its base unit and its place in daily use.

This module owns keys, units and kinds. What Home Assistant makes of a kind is the root's matter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class QuantityKind(StrEnum):
    """What a quantity is, physically."""

    VOLTAGE = "voltage"
    CURRENT = "current"
    POWER = "power"
    REACTIVE_POWER = "reactive_power"
    APPARENT_POWER = "apparent_power"
    POWER_FACTOR = "power_factor"
    FREQUENCY = "frequency"
    ENERGY = "energy"
    REACTIVE_ENERGY = "reactive_energy"
    APPARENT_ENERGY = "apparent_energy"
    SESSION_ENERGY = "session_energy"
    """Starts anew with each car: not an index."""
    CHARGE = "charge"
    """Electric charge since a car was plugged in: not an index."""
    VOLUME = "volume"
    PULSES = "pulses"
    DISTORTION = "distortion"
    RATIO = "ratio"
    ANGLE = "angle"
    DURATION = "duration"
    TEMPERATURE = "temperature"
    ENUM = "enum"
    NUMBER = "number"
    TEXT = "text"

    @property
    def counts(self) -> bool:
        """True for the kinds that only grow: their readings are indexes."""
        return self in _COUNTERS


_COUNTERS: Final = frozenset(
    {
        QuantityKind.ENERGY,
        QuantityKind.REACTIVE_ENERGY,
        QuantityKind.APPARENT_ENERGY,
        QuantityKind.VOLUME,
        QuantityKind.PULSES,
    },
)

BASE_UNITS: Final[Mapping[QuantityKind, str]] = {
    QuantityKind.VOLTAGE: "V",
    QuantityKind.CURRENT: "A",
    QuantityKind.POWER: "W",
    QuantityKind.REACTIVE_POWER: "var",
    QuantityKind.APPARENT_POWER: "VA",
    QuantityKind.FREQUENCY: "Hz",
    QuantityKind.ENERGY: "Wh",
    QuantityKind.REACTIVE_ENERGY: "varh",
    QuantityKind.APPARENT_ENERGY: "VAh",
    QuantityKind.SESSION_ENERGY: "Wh",
    QuantityKind.CHARGE: "Ah",
    QuantityKind.VOLUME: "L",
    QuantityKind.DISTORTION: "%",
    QuantityKind.ANGLE: "°",
    QuantityKind.DURATION: "h",
    QuantityKind.TEMPERATURE: "°C",
}

UNIT_FACTORS: Final[Mapping[str, tuple[str, Decimal]]] = {
    "mV": ("V", Decimal("0.001")),
    "kV": ("V", Decimal(1000)),
    "mA": ("A", Decimal("0.001")),
    "kA": ("A", Decimal(1000)),
    "mW": ("W", Decimal("0.001")),
    "kW": ("W", Decimal(1000)),
    "MW": ("W", Decimal(1000000)),
    "kvar": ("var", Decimal(1000)),
    "kVA": ("VA", Decimal(1000)),
    "kWh": ("Wh", Decimal(1000)),
    "MWh": ("Wh", Decimal(1000000)),
    "kvarh": ("varh", Decimal(1000)),
    "Mvarh": ("varh", Decimal(1000000)),
    "kVAh": ("VAh", Decimal(1000)),
    "MVAh": ("VAh", Decimal(1000000)),
    "mAh": ("Ah", Decimal("0.001")),
    "m³": ("L", Decimal(1000)),
    "m3": ("L", Decimal(1000)),
    "dm³": ("L", Decimal(1)),
    "dm3": ("L", Decimal(1)),
    "s": ("h", Decimal(1) / Decimal(3600)),
    "min": ("h", Decimal(1) / Decimal(60)),
}
"""Units a map may use instead of the base unit: ``(base unit, factor)``."""


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """One thing a device can tell, independent of how it stores it."""

    key: str
    kind: QuantityKind
    label: str
    """Key of its name in the translations; quantities that differ only in phase or tariff share it."""
    placeholders: Mapping[str, str] = field(default_factory=dict)
    """Filled into the name: ``{"phase": "L1"}``."""
    daily: bool = False
    """What people look at daily: shown unless they hide it."""
    diagnostic: bool = False
    directed: str | None = None
    """Key of the quantity for the other direction of flow: import and export swap when supply is downstream."""
    signed: bool = False
    """True where the sign tells the direction of flow."""

    @property
    def unit(self) -> str | None:
        """The base unit, None for pure numbers."""
        return BASE_UNITS.get(self.kind)


def _q(key: str, kind: QuantityKind, label: str | None = None, **more: object) -> Quantity:
    return Quantity(key=key, kind=kind, label=label or key, **more)  # type: ignore[arg-type]


def _phases(prefix: str, kind: QuantityKind, label: str, **more: object) -> Iterator[Quantity]:
    """One quantity per phase: ``prefix_l1`` to ``prefix_l3``."""
    for phase in ("l1", "l2", "l3"):
        yield _q(f"{prefix}_{phase}", kind, label, placeholders={"phase": phase.upper()}, **more)


def _pairs(prefix: str, kind: QuantityKind, label: str, **more: object) -> Iterator[Quantity]:
    """One quantity per pair of phases: ``prefix_l1_l2``, ``prefix_l2_l3``, ``prefix_l3_l1``."""
    for one, two in (("l1", "l2"), ("l2", "l3"), ("l3", "l1")):
        yield _q(f"{prefix}_{one}_{two}", kind, label, placeholders={"phase": f"{one.upper()}-{two.upper()}"}, **more)


def _directions(prefix: str, suffix: str, kind: QuantityKind, **more: object) -> Iterator[Quantity]:
    """An import and an export quantity that swap when the supply is downstream."""
    keys = (f"{prefix}_import{suffix}", f"{prefix}_export{suffix}")
    for key, other in (keys, keys[::-1]):
        label = more.get("label")
        named = None if label is None else f"{prefix}_{'import' if key == keys[0] else 'export'}{label}"
        rest = {name: value for name, value in more.items() if name not in ("label", "daily")}
        yield _q(key, kind, named, directed=other, daily=bool(more.get("daily")) and key == keys[0], **rest)


def _energies() -> Iterator[Quantity]:
    """Everything that counts."""
    kind = QuantityKind
    yield from _directions("energy", "", kind.ENERGY, daily=True)
    yield from _directions("reactive_energy", "", kind.REACTIVE_ENERGY)
    yield _q("apparent_energy", kind.APPARENT_ENERGY)
    yield from _directions("energy", "_partial", kind.ENERGY)
    yield from _directions("reactive_energy", "_partial", kind.REACTIVE_ENERGY)
    yield _q("apparent_energy_partial", kind.APPARENT_ENERGY)
    for side in ("lagging", "leading"):
        yield from _directions("reactive_energy", f"_{side}", kind.REACTIVE_ENERGY)
    for tariff in range(1, 9):
        more = {"placeholders": {"tariff": str(tariff)}}
        yield from _directions("energy", f"_tariff_{tariff}", kind.ENERGY, label="_tariff", **more)
        yield from _directions("reactive_energy", f"_tariff_{tariff}", kind.REACTIVE_ENERGY, label="_tariff", **more)
        yield _q(f"operating_time_tariff_{tariff}", kind.DURATION, "operating_time_tariff", **more)
    for phase in ("l1", "l2", "l3"):
        more = {"placeholders": {"phase": phase.upper()}}
        yield from _directions("energy", f"_{phase}", kind.ENERGY, label="_phase", **more)
        yield from _directions("reactive_energy", f"_{phase}", kind.REACTIVE_ENERGY, label="_phase", **more)
        yield _q(f"apparent_energy_{phase}", kind.APPARENT_ENERGY, "apparent_energy_phase", **more)
    yield _q("volume", kind.VOLUME, daily=True)
    yield _q("pulses", kind.PULSES)


def _powers() -> Iterator[Quantity]:
    """Powers, their averages and their greatest averages."""
    kind = QuantityKind
    for prefix, of in (
        ("power", kind.POWER),
        ("reactive_power", kind.REACTIVE_POWER),
        ("apparent_power", kind.APPARENT_POWER),
    ):
        signed = of is not kind.APPARENT_POWER
        yield _q(prefix, of, daily=prefix == "power", signed=signed)
        yield from _phases(prefix, of, f"{prefix}_phase", signed=signed)
        yield _q(f"{prefix}_demand", of)
        yield _q(f"{prefix}_demand_max", of)
        for tariff in range(1, 5):
            more = {"placeholders": {"tariff": str(tariff)}}
            yield _q(f"{prefix}_demand_tariff_{tariff}", of, f"{prefix}_demand_tariff", **more)
    yield _q("power_factor", kind.POWER_FACTOR)
    yield from _phases("power_factor", kind.POWER_FACTOR, "power_factor_phase")
    yield _q("displacement_factor", kind.POWER_FACTOR)
    yield from _phases("displacement_factor", kind.POWER_FACTOR, "displacement_factor_phase")
    yield _q("power_factor_sector", kind.ENUM)
    yield from _phases("power_factor_sector", kind.ENUM, "power_factor_sector_phase")


def _lines() -> Iterator[Quantity]:
    """Voltages, currents, frequency and their quality."""
    kind = QuantityKind
    yield _q("voltage_l1", kind.VOLTAGE, "voltage_phase", placeholders={"phase": "L1"}, daily=True)
    yield _q("voltage_l2", kind.VOLTAGE, "voltage_phase", placeholders={"phase": "L2"})
    yield _q("voltage_l3", kind.VOLTAGE, "voltage_phase", placeholders={"phase": "L3"})
    yield from _pairs("voltage", kind.VOLTAGE, "voltage_phase")
    yield _q("voltage_average", kind.VOLTAGE)
    yield _q("voltage_line_average", kind.VOLTAGE)
    yield from _phases("current", kind.CURRENT, "current_phase", daily=True)
    yield _q("current_n", kind.CURRENT)
    yield _q("current_average", kind.CURRENT)
    yield _q("frequency", kind.FREQUENCY)
    yield from _phases("voltage_min", kind.VOLTAGE, "voltage_min_phase")
    yield from _phases("voltage_max", kind.VOLTAGE, "voltage_max_phase")
    yield _q("current_demand", kind.CURRENT)
    yield from _phases("current_demand", kind.CURRENT, "current_demand_phase")
    yield from _phases("current_demand_max", kind.CURRENT, "current_demand_max_phase")
    yield _q("current_n_demand_max", kind.CURRENT)
    yield from _phases("thd_voltage", kind.DISTORTION, "thd_voltage_phase")
    yield from _pairs("thd_voltage", kind.DISTORTION, "thd_voltage_phase")
    yield from _phases("thd_current", kind.DISTORTION, "thd_current_phase")
    yield from _phases("crest_voltage", kind.RATIO, "crest_voltage_phase")
    yield from _pairs("crest_voltage", kind.RATIO, "crest_voltage_phase")
    yield from _phases("crest_current", kind.RATIO, "crest_current_phase")
    yield from _pairs("angle_voltage", kind.ANGLE, "angle_voltage_phase")
    yield from _pairs("angle_current", kind.ANGLE, "angle_current_phase")
    yield from _phases("angle", kind.ANGLE, "angle_phase")
    yield _q("angle", kind.ANGLE)


def _charging() -> Iterator[Quantity]:
    """What charging stations tell beside their meter."""
    kind = QuantityKind
    yield _q("session_energy", kind.SESSION_ENERGY, daily=True, diagnostic=True)
    yield _q("session_charge", kind.CHARGE, daily=True, diagnostic=True)
    yield _q("rated_current", kind.CURRENT, diagnostic=True)
    yield _q("card", kind.TEXT, diagnostic=True)


def _settings() -> Iterator[Quantity]:
    """What describes the device itself."""
    kind = QuantityKind
    for key, of in (
        ("operating_time", kind.DURATION),
        ("averaging_time", kind.DURATION),
        ("averaging_elapsed", kind.DURATION),
        ("temperature", kind.TEMPERATURE),
        ("current_transformer_ratio", kind.NUMBER),
        ("voltage_transformer_ratio", kind.NUMBER),
        ("current_transformer_primary", kind.CURRENT),
        ("current_transformer_secondary", kind.CURRENT),
        ("wiring", kind.ENUM),
        ("phase_sequence", kind.ENUM),
        ("output_mode", kind.ENUM),
        ("tariff", kind.NUMBER),
        ("tariff_count", kind.NUMBER),
        ("pulse_weight", kind.NUMBER),
        ("input_states", kind.NUMBER),
        ("output_states", kind.NUMBER),
    ):
        yield _q(key, of, diagnostic=True)


QUANTITIES: Final[Mapping[str, Quantity]] = {
    quantity.key: quantity for part in (_energies, _powers, _lines, _charging, _settings) for quantity in part()
}
"""Every quantity by its key."""
