"""What reaches a meter's terminals: the electrical values at a place in the tree, as the meter is wired.

This module owns phases, direction and everything derived from powers and voltages of the moment. What a meter keeps
(averages, maxima, tariffs) is in ``meter``. Terminals are 0 to 2; ``TOTAL`` means all of them together. None is a
terminal the meter does not have.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from .electrical import TOTAL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .electrical import Installation, Node

UNITY: Final = 0.998
"""From this power factor on a meter shows no side."""


class Terminals:
    """A place in the tree, seen through a meter's wires."""

    def __init__(
        self, installation: Installation, node: Node, *, phases: Sequence[int] = (1, 2, 3), downstream: bool = False
    ) -> None:
        """Wire a meter.

        ``phases`` are the mains phases behind its terminals; ``downstream``: the current goes through it backwards.
        """
        self.installation = installation
        self.node = node
        self.count = len(phases)
        self._turn = -1 if downstream else 1
        self._places = [phase - 1 for phase in phases]
        self._sum = TOTAL if len(phases) > 1 else self._places[0]

    @property
    def backwards(self) -> bool:
        """True where the current goes through the meter backwards."""
        return self._turn < 0

    def place(self, terminal: int) -> int | None:
        """Return the place in the node's lists of a terminal or of the sum."""
        if terminal == TOTAL:
            return self._sum
        return self._places[terminal] if terminal < len(self._places) else None

    def power(self, terminal: int) -> float | None:
        """Active power in W."""
        place = self.place(terminal)
        return None if place is None else self._turn * self.node.power[place] / 1000

    def reactive_power(self, terminal: int) -> float | None:
        """Reactive power in var."""
        place = self.place(terminal)
        return None if place is None else self._turn * self.node.reactive[place] / 1000

    def apparent_power(self, terminal: int) -> float | None:
        """Apparent power in VA."""
        place = self.place(terminal)
        return None if place is None else self.node.apparent[place] / 1000

    def power_factor(self, terminal: int, *, share: float = 1.0) -> float | None:
        """Power factor, positive lagging and negative leading; ``share`` leaves room for distortion."""
        place = self.place(terminal)
        if place is None:
            return None
        apparent = self.node.apparent[place]
        factor = min(1.0, abs(self.node.power[place]) / apparent) * share if apparent else 1.0
        return -factor if self.leads(place) and factor < UNITY else factor

    def leads(self, place: int) -> bool:
        """Return True where the current is ahead of the voltage."""
        return (self.node.power[place] >= 0) != (self.node.reactive[place] >= 0)

    def sector(self, terminal: int) -> str | None:
        """Side of the power factor."""
        factor = self.power_factor(terminal)
        if factor is None:
            return None
        if abs(factor) >= UNITY:
            return "unity"
        return "inductive" if factor > 0 else "capacitive"

    def voltage(self, terminal: int) -> float | None:
        """Voltage to neutral in V."""
        place = self.place(terminal)
        return None if place is None else self.installation.voltage[place] / 1000

    def voltage_extreme(self, terminal: int, *, high: bool) -> float | None:
        """Lowest or highest voltage to neutral so far, in V."""
        place = self.place(terminal)
        if place is None:
            return None
        values = self.installation.voltage_high if high else self.installation.voltage_low
        return values[place] / 1000

    def line_voltage(self, pair: int) -> float | None:
        """Voltage between a terminal and the next in V."""
        one, two = self.voltage(pair), self.voltage((pair + 1) % 3)
        return None if one is None or two is None else math.sqrt(one * one + two * two + one * two)

    def current(self, terminal: int) -> float | None:
        """Current in A."""
        place = self.place(terminal)
        return None if place is None else self.node.apparent[place] / self.installation.voltage[place]

    def neutral_current(self) -> float | None:
        """Current in the neutral in A."""
        if self.count == 1:
            return self.current(0)
        real = imaginary = 0.0
        for terminal in range(self.count):
            angle = math.radians(-120 * terminal - (self.angle(terminal) or 0.0))
            current = self.current(terminal) or 0.0
            real += current * math.cos(angle)
            imaginary += current * math.sin(angle)
        return math.hypot(real, imaginary)

    def average(self, reader: Callable[[int], float | None]) -> float | None:
        """Average of a quantity over the terminals or pairs."""
        values = [value for terminal in range(3) if (value := reader(terminal)) is not None]
        return sum(values) / len(values) if values else None

    def angle(self, terminal: int) -> float | None:
        """Angle from voltage to current in degrees, 0 to 360."""
        power, reactive = self.power(terminal), self.reactive_power(terminal)
        return None if power is None or reactive is None else math.degrees(math.atan2(reactive, power)) % 360

    def angle_between(self, pair: int, *, current: bool) -> float | None:
        """Angle between the voltages or currents of a terminal and the next in degrees, 0 to 360."""
        one, two = self.angle(pair), self.angle((pair + 1) % 3)
        if one is None or two is None:
            return None
        return (120.0 + two - one) % 360 if current else 120.0

    def distortion(self, terminal: int, *, current: bool) -> float | None:
        """Total harmonic distortion in %: of the current the more, the less flows."""
        place = self.place(terminal)
        if place is None:
            return None
        load = min(1.0, self.node.apparent[place] / (1000 * max(1.0, self.node.peak) / 3))
        return self.node.distortion * (1.6 - 0.6 * load) if current else 1.6 + 0.9 * load + 0.1 * place

    def line_distortion(self, pair: int) -> float | None:
        """Total harmonic distortion of the voltage between a terminal and the next in %."""
        one, two = self.distortion(pair, current=False), self.distortion((pair + 1) % 3, current=False)
        return None if one is None or two is None else (one + two) / 2 * 0.9

    def crest(self, terminal: int, *, current: bool) -> float | None:
        """Crest factor."""
        distortion = self.distortion(terminal, current=current)
        return None if distortion is None else math.sqrt(2) * (1 + distortion / 150)

    def line_crest(self, pair: int) -> float | None:
        """Crest factor of the voltage between a terminal and the next."""
        distortion = self.line_distortion(pair)
        return None if distortion is None else math.sqrt(2) * (1 + distortion / 150)

    def energy(self, terminal: int, *, export: bool = False) -> int:
        """Active energy of one direction, in mW x ms."""
        place = self.place(terminal)
        index = self.node.index
        return 0 if place is None else (index.exported if export != (self._turn < 0) else index.imported)[place]

    def reactive_energy(self, terminal: int, quadrants: tuple[int, ...]) -> int:
        """Reactive energy of some quadrants (as ``electrical.Indexes`` numbers them), in mvar x ms."""
        place = self.place(terminal)
        if place is None:
            return 0
        turned = quadrants if self._turn > 0 else tuple((quadrant + 2) % 4 for quadrant in quadrants)
        return sum(self.node.index.reactive[place][quadrant] for quadrant in turned)

    def apparent_energy(self, terminal: int) -> int:
        """Apparent energy, in mVA x ms."""
        place = self.place(terminal)
        return 0 if place is None else self.node.index.apparent[place]
