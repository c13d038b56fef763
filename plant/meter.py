"""An electrical meter: every quantity of the catalogue, with the counters, averages and maxima it keeps.

This module owns demand periods, tariffs and partial counters, and the table that says where each quantity comes from.
It does not know how a device stores its values (``encode``).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from .electrical import MICRO, TOTAL
from .instrument import counted
from .terminals import Terminals

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from .instrument import Value

PHASE_NAMES: Final = ("l1", "l2", "l3")
PAIR_NAMES: Final = ("l1_l2", "l2_l3", "l3_l1")
TARIFFS: Final = 8
DEMAND_HOURS: Final = 0.25
HOURS_BEFORE: Final = 12_000
"""Operating hours at the start."""
RESET_SHARE: Final = (4, 5)
"""Share of the time before the start after which somebody reset the partial counters."""

type _Counter = Callable[[Terminals], int]


def _energy(*, export: bool, terminal: int = TOTAL) -> _Counter:
    """Active energy of one direction."""
    return lambda wires: wires.energy(terminal, export=export)


def _reactive(*quadrants: int, terminal: int = TOTAL) -> _Counter:
    """Reactive energy of some quadrants."""
    return lambda wires: wires.reactive_energy(terminal, quadrants)


def _apparent(terminal: int = TOTAL) -> _Counter:
    """Apparent energy."""
    return lambda wires: wires.apparent_energy(terminal)


COUNTERS: Final[Mapping[str, _Counter]] = {
    "energy_import": _energy(export=False),
    "energy_export": _energy(export=True),
    "reactive_energy_import": _reactive(0, 3),
    "reactive_energy_export": _reactive(1, 2),
    "apparent_energy": _apparent(),
}
"""Counters that also exist per tariff and as partial ones, as mW x ms."""

_SIDES: Final[Mapping[str, _Counter]] = {
    "reactive_energy_import_lagging": _reactive(0),
    "reactive_energy_import_leading": _reactive(3),
    "reactive_energy_export_lagging": _reactive(2),
    "reactive_energy_export_leading": _reactive(1),
}


def tariff_at(hour: int, count: int) -> int:
    """Return which of ``count`` tariffs, 1 based, is in force at an hour."""
    if count == 2:  # noqa: PLR2004
        return 1 if 6 <= hour < 22 else 2  # noqa: PLR2004
    return 1 + hour * count // 24


def shared(total: int, count: int) -> list[int]:
    """Split a whole number into ``count`` falling shares that add up to it."""
    weights = range(count, 0, -1)
    shares = [total * weight // sum(weights) for weight in weights]
    shares[0] += total - sum(shares)
    return shares


class Meter:
    """A meter for one or three phases, fitted to a place in the tree."""

    def __init__(self, wires: Terminals, keys: Iterable[str] = ()) -> None:
        """Fit the meter; ``keys`` are the quantities it will be asked for: they tell how many tariffs it has."""
        wanted = set(keys)
        self.wires = wires
        self.sided = any(key.startswith("power_factor_sector") for key in wanted)
        """True where the side of the power factor has a register of its own."""
        self.tariffs = max((int(key[-1]) for key in wanted if "_tariff_" in key), default=1)
        self.tariff = tariff_at(wires.installation.now.hour, self.tariffs)
        self._start = wires.installation.clock.elapsed
        self._before = {key: counter(wires) for key, counter in COUNTERS.items()}
        self._by_tariff = {key: shared(amount, self.tariffs) for key, amount in self._before.items()}
        self._at_switch = dict(self._before)
        self._hours = [float(hours) for hours in shared(HOURS_BEFORE, self.tariffs)]
        self._hours_at_switch = 0.0
        self._last = self._amounts()
        self._demand = self._present()
        self._demand_max = self._most()
        wires.installation.on_quarter.append(self._quarter)

    def value(self, key: str) -> Value:
        """Return the present value of a quantity, None where this meter does not know it."""
        reader = READERS.get(key)
        return reader(self) if reader is not None else None

    def count(self, key: str) -> Decimal:
        """Index of a counter."""
        return counted({**COUNTERS, **_SIDES}[key](self.wires))

    def count_partial(self, key: str) -> Decimal:
        """Index of a counter since somebody reset it."""
        share, whole = RESET_SHARE
        return counted(COUNTERS[key](self.wires) - self._before[key] * share // whole)

    def count_tariff(self, key: str, tariff: int) -> Decimal | None:
        """Index of a counter in one tariff; over all tariffs they add up to the total."""
        if tariff > self.tariffs:
            return None
        running = COUNTERS[key](self.wires) - self._at_switch[key] if tariff == self.tariff else 0
        return counted(self._by_tariff[key][tariff - 1] + running)

    def hours(self) -> float:
        """Operating hours."""
        return HOURS_BEFORE + self._elapsed()

    def hours_tariff(self, tariff: int) -> float | None:
        """Operating hours in one tariff."""
        if tariff > self.tariffs:
            return None
        running = self._elapsed() - self._hours_at_switch if tariff == self.tariff else 0.0
        return self._hours[tariff - 1] + running

    def demand(self, key: str) -> float:
        """Average over the last full quarter of an hour; ``key`` as in ``power`` or ``current_l1``."""
        return self._demand[key]

    def demand_max(self, key: str) -> float:
        """The greatest average so far."""
        return self._demand_max[key]

    def demand_tariff(self, key: str, tariff: int) -> float:
        """Average of the last period in one tariff: the present one's is live, the others' keep what they had."""
        return self._demand[key] if tariff == self.tariff else self._demand_max[key] * (0.7 - 0.1 * tariff)

    def demand_current(self) -> float:
        """Average of the phases' average currents in A."""
        values = [self._demand[f"current_{name}"] for name in PHASE_NAMES[: self.wires.count]]
        return sum(values) / len(values)

    def power_factor(self, terminal: int, *, share: float = 1.0) -> float | None:
        """Power factor: a magnitude where the side has a register of its own, else negative when leading."""
        factor = self.wires.power_factor(terminal, share=share)
        return abs(factor) if self.sided and factor is not None else factor

    def _elapsed(self) -> float:
        """Hours since the meter was fitted."""
        return (self.wires.installation.clock.elapsed - self._start) / 3_600_000

    def _amounts(self) -> dict[str, int]:
        """Return what demand averages are made of."""
        wires = self.wires
        return {
            "power": wires.energy(TOTAL) - wires.energy(TOTAL, export=True),
            "reactive_power": wires.reactive_energy(TOTAL, (0, 3)) - wires.reactive_energy(TOTAL, (1, 2)),
            "apparent_power": wires.apparent_energy(TOTAL),
            **{f"current_{name}": wires.apparent_energy(place) for place, name in enumerate(PHASE_NAMES)},
        }

    def _present(self) -> dict[str, float]:
        """Return the values of this moment, in place of averages not yet made."""
        wires = self.wires
        return {
            "power": wires.power(TOTAL) or 0.0,
            "reactive_power": wires.reactive_power(TOTAL) or 0.0,
            "apparent_power": wires.apparent_power(TOTAL) or 0.0,
            **{f"current_{name}": wires.current(place) or 0.0 for place, name in enumerate(PHASE_NAMES)},
        }

    def _most(self) -> dict[str, float]:
        """Return the maxima of the time before the start."""
        watts = self.wires.node.peak * 0.85
        amperes = watts * 1.05 / (230 * self.wires.count)
        return {
            "power": watts,
            "reactive_power": watts * 0.3,
            "apparent_power": watts * 1.05,
            **{f"current_{name}": amperes for name in PHASE_NAMES},
            "current_n": amperes * 0.2,
        }

    def _quarter(self) -> None:
        """End a demand period: averages, maxima, and the tariff where the hour changes it."""
        now = self._amounts()
        for key, amount in now.items():
            average = (amount - self._last[key]) / (MICRO * 1e6) / DEMAND_HOURS
            if key.startswith("current"):
                average /= self.wires.voltage(PHASE_NAMES.index(key[-2:])) or 230.0
            self._demand[key] = average
            self._demand_max[key] = max(self._demand_max[key], average)
        self._demand_max["current_n"] = max(self._demand_max["current_n"], self.wires.neutral_current() or 0.0)
        self._last = now
        if (tariff := tariff_at(self.wires.installation.now.hour, self.tariffs)) != self.tariff:
            self._switch(tariff)

    def _switch(self, tariff: int) -> None:
        """Book what was counted in the tariff that ends."""
        for key, counter in COUNTERS.items():
            amount = counter(self.wires)
            self._by_tariff[key][self.tariff - 1] += amount - self._at_switch[key]
            self._at_switch[key] = amount
        self._hours[self.tariff - 1] += self._elapsed() - self._hours_at_switch
        self._hours_at_switch = self._elapsed()
        self.tariff = tariff


type _Reader = Callable[[Meter], Value]


def _at(reader: Callable[..., Value], place: int, **more: bool) -> _Reader:
    """Read the value of the moment at a terminal, a pair or the sum."""
    return lambda meter: reader(meter.wires, place, **more)


def _counter_readers() -> dict[str, _Reader]:
    """Everything that counts."""
    table: dict[str, _Reader] = {key: partial(Meter.count, key=key) for key in (*COUNTERS, *_SIDES)}
    for key in COUNTERS:
        table[f"{key}_partial"] = partial(Meter.count_partial, key=key)
        for tariff in range(1, TARIFFS + 1):
            if key != "apparent_energy":
                table[f"{key}_tariff_{tariff}"] = partial(Meter.count_tariff, key=key, tariff=tariff)
    for tariff in range(1, TARIFFS + 1):
        table[f"operating_time_tariff_{tariff}"] = partial(Meter.hours_tariff, tariff=tariff)
    for place, name in enumerate(PHASE_NAMES):
        for key, counter in (
            ("energy_import", _energy(export=False, terminal=place)),
            ("energy_export", _energy(export=True, terminal=place)),
            ("reactive_energy_import", _reactive(0, 3, terminal=place)),
            ("reactive_energy_export", _reactive(1, 2, terminal=place)),
            ("apparent_energy", _apparent(place)),
        ):
            table[f"{key}_{name}"] = partial(_phase_index, place=place, counter=counter)
    return table


def _phase_index(meter: Meter, place: int, counter: _Counter) -> Decimal | None:
    """Index of one phase, None where the meter does not have it."""
    return None if meter.wires.place(place) is None else counted(counter(meter.wires))


def _power_readers() -> dict[str, _Reader]:
    """Powers and power factors."""
    table: dict[str, _Reader] = {}
    for suffix, place in (("", TOTAL), *((f"_{name}", place) for place, name in enumerate(PHASE_NAMES))):
        table[f"power{suffix}"] = _at(Terminals.power, place)
        table[f"reactive_power{suffix}"] = _at(Terminals.reactive_power, place)
        table[f"apparent_power{suffix}"] = _at(Terminals.apparent_power, place)
        table[f"power_factor{suffix}"] = partial(Meter.power_factor, terminal=place, share=0.995)
        table[f"displacement_factor{suffix}"] = partial(Meter.power_factor, terminal=place)
        table[f"power_factor_sector{suffix}"] = _at(Terminals.sector, place)
        table[f"angle{suffix}"] = _at(Terminals.angle, place)
    for key in ("power", "reactive_power", "apparent_power"):
        table[f"{key}_demand"] = partial(Meter.demand, key=key)
        table[f"{key}_demand_max"] = partial(Meter.demand_max, key=key)
        for tariff in range(1, 5):
            table[f"{key}_demand_tariff_{tariff}"] = partial(Meter.demand_tariff, key=key, tariff=tariff)
    return table


def _line_readers() -> dict[str, _Reader]:
    """Voltages, currents and their quality."""
    table: dict[str, _Reader] = {
        "voltage_average": lambda meter: meter.wires.average(meter.wires.voltage),
        "voltage_line_average": lambda meter: meter.wires.average(meter.wires.line_voltage),
        "current_average": lambda meter: meter.wires.average(meter.wires.current),
        "current_n": lambda meter: meter.wires.neutral_current(),
        "current_demand": Meter.demand_current,
        "current_n_demand_max": partial(Meter.demand_max, key="current_n"),
        "frequency": lambda meter: meter.wires.installation.frequency,
    }
    for place, name in enumerate(PHASE_NAMES):
        table |= {
            f"voltage_{name}": _at(Terminals.voltage, place),
            f"current_{name}": _at(Terminals.current, place),
            f"voltage_min_{name}": _at(Terminals.voltage_extreme, place, high=False),
            f"voltage_max_{name}": _at(Terminals.voltage_extreme, place, high=True),
            f"current_demand_{name}": partial(Meter.demand, key=f"current_{name}"),
            f"current_demand_max_{name}": partial(Meter.demand_max, key=f"current_{name}"),
            f"thd_voltage_{name}": _at(Terminals.distortion, place, current=False),
            f"thd_current_{name}": _at(Terminals.distortion, place, current=True),
            f"crest_voltage_{name}": _at(Terminals.crest, place, current=False),
            f"crest_current_{name}": _at(Terminals.crest, place, current=True),
        }
    for place, name in enumerate(PAIR_NAMES):
        table |= {
            f"voltage_{name}": _at(Terminals.line_voltage, place),
            f"thd_voltage_{name}": _at(Terminals.line_distortion, place),
            f"crest_voltage_{name}": _at(Terminals.line_crest, place),
            f"angle_voltage_{name}": _at(Terminals.angle_between, place, current=False),
            f"angle_current_{name}": _at(Terminals.angle_between, place, current=True),
        }
    return table


def _setting_readers() -> dict[str, _Reader]:
    """What describes the device itself."""
    return {
        "operating_time": Meter.hours,
        "averaging_time": lambda _: DEMAND_HOURS,
        "averaging_elapsed": lambda meter: meter.wires.installation.now.minute % 15 / 60,
        "temperature": lambda meter: 31.0 + 4.0 * meter.wires.installation.now.hour / 24,
        "current_transformer_ratio": lambda _: 1.0,
        "voltage_transformer_ratio": lambda _: 1.0,
        "current_transformer_primary": lambda meter: 5.0 * max(1, round(meter.wires.node.peak / 690 / 5)),
        "current_transformer_secondary": lambda _: 5.0,
        "wiring": lambda meter: "three_phase_neutral" if meter.wires.count > 1 else "single_phase",
        "phase_sequence": lambda _: "correct",
        "output_mode": lambda _: "pulse",
        "tariff": lambda meter: float(meter.tariff),
        "tariff_count": lambda meter: float(meter.tariffs),
        "input_states": lambda _: 0.0,
        "output_states": lambda _: 0.0,
        "pulse_weight": lambda _: 1.0,
        "volume": lambda _: None,
        "pulses": lambda meter: meter.count("energy_import") // 1,
    }


READERS: Final[Mapping[str, _Reader]] = {
    **_counter_readers(),
    **_power_readers(),
    **_line_readers(),
    **_setting_readers(),
}
"""Where each quantity comes from, by its key."""
