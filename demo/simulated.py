"""What the devices of a scenario would have told before the demo began: rows for the archive.

This module owns which part of the plant's past a device counts and measures. The past is ``plant``'s matter, who keeps
the rows ``history``'s.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from custom_components.legrand_ews.archive import IntervalRow, SampleRow
from custom_components.legrand_ews.consumption import place_of
from plant.devices import wires_of
from plant.electrical import TOTAL
from plant.scenario import PHASES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from custom_components.legrand_ews.archive import Quantity
    from custom_components.legrand_ews.archive.rows import Triple
    from custom_components.legrand_ews.consumption import Place
    from custom_components.legrand_ews.device import Device
    from plant.electrical import Installation
    from plant.past import Past
    from plant.scenario import DeviceSpec
    from plant.terminals import Terminals

MICRO_SECONDS: Final = 3_600_000
"""mW x s (or mL/h x s) in a Wh (or L)."""
QUANTITIES: Final[tuple[Quantity, ...]] = ("energy_import", "energy_export", "volume")
SPREAD: Final[Mapping[str, float]] = {"power": 0.05, "current": 0.05, "voltage": 0.004}
"""How far the least and the greatest value of a step are from the average, as a share of it."""


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """A device as Home Assistant has it, and where the plant has it."""

    device: Device
    spec: DeviceSpec

    def turned(self, wires: Terminals) -> bool:
        """Tell whether Home Assistant takes for import what the device's place feeds back."""
        return self.device.config.downstream != wires.backwards


@dataclass(frozen=True, kw_only=True)
class Counter:
    """A counter of a device, and what it counted in each step of the past."""

    device: str
    quantity: Quantity
    place: Place
    amounts: tuple[int, ...]
    """Wh or L."""


def counters(fitted: Iterable[Fitted], past: Past, installation: Installation) -> list[Counter]:
    """Return what all counters of these devices counted in the past, without those that counted nothing at all."""
    found = [
        Counter(
            device=one.device.config.id,
            quantity=quantity,
            place=place_of(one.device),
            amounts=tuple(_counted(_flow(one, quantity, past, installation), past.steps.step, _grain(one.spec))),
        )
        for one in fitted
        for quantity in QUANTITIES
        if quantity in one.device.counters
    ]
    return [counter for counter in found if any(counter.amounts)]


def interval_rows(
    found: Sequence[Counter], steps: range, ends: Mapping[str, int], size: int
) -> Iterator[list[IntervalRow]]:
    """Yield the rows of all counters, some steps at a time, in order of time.

    ``ends``: the first instant, POSIX s, that a device has to tell of itself; ``size``: steps in a batch.
    """
    for first in range(0, len(steps), size):
        yield [
            IntervalRow(
                device=counter.device,
                quantity=counter.quantity,
                commodity=counter.place.commodity,
                start=start,
                seconds=steps.step,
                amount=counter.amounts[place],
                estimated=True,
                load=counter.place.load,
                groups=counter.place.groups,
                counted=counter.place.counted,
            )
            for place in range(first, min(first + size, len(steps)))
            for counter in found
            if (start := steps[place]) + steps.step <= ends.get(counter.device, steps.stop)
        ]


def sample_rows(
    fitted: Iterable[Fitted], past: Past, installation: Installation, ends: Mapping[str, int]
) -> Iterator[list[SampleRow]]:
    """Yield what each meter measured in each step, a device at a time; pulse counters measure nothing."""
    for one in fitted:
        device = one.device.config.id
        if one.spec.position is not None or one.spec.at not in installation.nodes:
            continue
        measured = dict(_measured(one, wires_of(one.spec, one.device.model, installation), past))
        told = {key: values for key, values in measured.items() if key in one.device.keys}
        yield [
            SampleRow(device=device, start=start, seconds=past.steps.step, values=dict(zip(told, values, strict=True)))
            for start, *values in zip(past.steps, *told.values(), strict=True)
            if values and start + past.steps.step <= ends.get(device, past.steps.stop)
        ]


def _flow(one: Fitted, quantity: Quantity, past: Past, installation: Installation) -> Iterator[int]:
    """Yield what passed a counter in each step, in mW or mL/h."""
    spec = one.spec
    if quantity == "volume":
        return iter(past.rate(spec.at))
    terminal, back = TOTAL, quantity == "energy_export"
    if spec.position is None:
        wires = wires_of(spec, one.device.model, installation)
        place, back = wires.place(TOTAL), back != one.turned(wires)
        terminal = TOTAL if place is None else place
    return (max(0, -milliwatts if back else milliwatts) for milliwatts in past.power(spec.at, terminal))


def _grain(spec: DeviceSpec) -> int:
    """Return what a counter counts by, in Wh or L."""
    return 1 if spec.position is None else max(1, int(spec.per_pulse))


def _counted(flow: Iterable[int], seconds: int, grain: int) -> Iterator[int]:
    """Yield what an index rises in each step, which goes by a grain: nothing that passed is lost."""
    passed = index = 0
    for rate in flow:
        passed += rate * seconds
        reached = passed // (MICRO_SECONDS * grain) * grain
        yield reached - index
        index = reached


def _measured(one: Fitted, wires: Terminals, past: Past) -> Iterator[tuple[str, list[Triple]]]:
    """Yield the quantities at a meter's terminals, with their values in each step."""
    sign = -1 if one.turned(wires) else 1
    for terminal, name in ((TOTAL, ""), *enumerate(f"_{phase}" for phase in PHASES)):
        if (place := wires.place(terminal)) is None:
            continue
        power = past.power(one.spec.at, place)
        yield f"power{name}", _spread("power", (sign * milliwatts / 1000 for milliwatts in power))
        if terminal != TOTAL:
            volts = past.voltage(place)
            reactive = past.reactive(one.spec.at, place)
            amperes = (math.hypot(p, q) / u for p, q, u in zip(power, reactive, volts, strict=True))
            yield f"current{name}", _spread("current", amperes)
            yield f"voltage{name}", _spread("voltage", (millivolts / 1000 for millivolts in volts))


def _spread(kind: str, values: Iterable[float]) -> list[Triple]:
    """Return averages with the least and the greatest value around them."""
    share = SPREAD[kind]
    return [(value, value - share * abs(value), value + share * abs(value)) for value in values]
