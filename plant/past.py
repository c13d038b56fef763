"""What flowed before the simulation began: the same loads, shapes and weekdays, in coarse steps.

This module owns the averages over each step. It changes nothing of the installation, whose indexes at the start stand
for all that was before: who wants an index of the past counts back from there.

Powers are whole mW and flows whole mL/h, as in ``electrical``: what a panel carries is the sum of what its children
carry, in every step. The model knows local time only; a step belongs to the local time of its middle, so that a day on
which the clock is set has an hour more or less. Noise begins anew each day: a day is the same in whatever span it is.
"""

from __future__ import annotations

import math
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from .electrical import DROP, PHASES, Load, Noise
from .moments import moment_of, share_of, supply_at
from .shapes import Manner

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .electrical import Flow, Installation, Node
    from .moments import Moment

STEP: Final = 600
"""s."""


class Past:
    """The steps of a span, and what flowed in each."""

    def __init__(self, installation: Installation, *, since: int, until: int, zone: str, step: int = STEP) -> None:
        """Take all steps of ``step`` seconds of [since, until), POSIX s; ``zone`` is the IANA name of local time."""
        self.steps = range(since, until, step)
        """Their starts."""
        self._installation = installation
        self._zone = ZoneInfo(zone)
        self._powers: dict[str, list[list[int]]] = {}
        for node in installation.root.walk():
            self._powers[node.name] = self._drawn(node) if isinstance(node, Load) else self._carried(node)

    def power(self, place: str, terminal: int) -> Sequence[int]:
        """Return the average power of a place in each step, in mW: of a phase, or of all (``TOTAL``).

        Negative is fed back; within a step what is fed back is taken off what is drawn. Raises ``KeyError``.
        """
        return self._powers[place][terminal]

    def reactive(self, place: str, phase: int) -> list[int]:
        """Return the average reactive power of a place in each step, in mvar. Raises ``KeyError``."""
        loads = [node for node in self._installation.nodes[place].walk() if isinstance(node, Load)]
        return _added([[round(abs(mw) * load.tangent) for mw in self._powers[load.name][phase]] for load in loads])

    def voltage(self, phase: int) -> list[int]:
        """Return the voltage of a phase to neutral in each step, in mV."""
        return [round(supply_at(moment)) - DROP * phase for moment in self._moments]

    def rate(self, pipe: str) -> list[int]:
        """Return the average flow through a pipe in each step, in mL/h. Raises ``KeyError``."""
        flow = self._installation.flows[pipe]
        rates = (flow.spec.peak * self._share(flow, moment) for moment in self._moments)
        return [round(rate * factor * 1000) for rate, factor in zip(rates, self._noise(flow), strict=True)]

    @cached_property
    def _moments(self) -> list[Moment]:
        """The middle of each step, in local time."""
        middles = (datetime.fromtimestamp(start + self.steps.step / 2, self._zone) for start in self.steps)
        return [moment_of(middle.replace(tzinfo=None)) for middle in middles]

    def _drawn(self, load: Load) -> list[list[int]]:
        """Return what a load draws in each step: by phase, and all of it."""
        plain = self._charged(load) if load.shape.manner is Manner.CAR else self._asked(load)
        watts = [value * factor for value, factor in zip(plain, self._noise(load), strict=True)]
        phases = [[round(value * share * 1000) for value in watts] for share in load.shares]
        return [*phases, _added(phases)]

    def _carried(self, panel: Node) -> list[list[int]]:
        """Return what a panel carries in each step, the same way."""
        below = [self._powers[child.name] for child in panel.children]
        return [_added([powers[terminal] for powers in below]) for terminal in range(PHASES + 1)]

    def _noise(self, of: Load | Flow) -> Iterator[float]:
        """Yield a factor for each step."""
        day, noise = 0, Noise("", 0)
        for moment in self._moments:
            if moment.day != day:
                day = moment.day
                noise = Noise(f"{self._installation.seed}:{of.name}:past:{day}", of.shape.noise)
            yield noise.step()

    def _share(self, of: Load | Flow, moment: Moment) -> float:
        """Return the share of the peak, averaged over the step: of a thermostat, the share of time that it is on."""
        share = share_of(of.shape, moment)
        if of.shape.manner is not Manner.CYCLIC:
            return share
        half = self.steps.step / 2
        ends = ((moment.seconds + side) / of.shape.period + of.offset for side in (-half, half))
        before, after = (math.floor(place) * share + min(place % 1, share) for place in ends)
        return (after - before) * of.shape.period / self.steps.step

    def _asked(self, load: Load) -> Iterator[float]:
        """Yield what a load draws, or the sun feeds in, in W."""
        most = -load.spec.peak if load.shape.manner is Manner.SUN else load.spec.peak
        return (most * self._share(load, moment) for moment in self._moments)

    def _charged(self, load: Load) -> Iterator[float]:
        """Yield what a car draws, in W: its most, until it has taken what it needs in a stay."""
        hours = self.steps.step / 3600
        day, left = None, 0.0
        for moment in self._moments:
            stay = load.stay(moment)
            if stay is not None and stay != day:
                day, left = stay, load.need(stay)
            watts = 0.0 if stay is None else min(load.spec.peak, left / hours)
            left -= watts * hours
            yield watts


def _added(rows: Sequence[Sequence[int]]) -> list[int]:
    """Add up what belongs to each step."""
    return list(map(sum, zip(*rows, strict=True)))
