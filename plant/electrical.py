"""The installation: what flows through its mains, panels and loads, and what has flowed.

This module owns power, voltage and energy. It knows no meters and no registers (``instrument``, ``encode``).

Everything that has to balance is kept in whole numbers: powers in mW and mvar, flows in mL/h, energies in mW x ms.
What a panel carries is the sum of what its children carry, exactly, at any moment. Time is simulated: the same seed and
the same time give the same numbers, however the way there was cut into steps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING, Final, Protocol, override

from .moments import Clock, moment_of, share_of, supply_at
from .shapes import SHAPES, Manner

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

    from .moments import Moment

PHASES: Final = 3
TOTAL: Final = 3
"""Place of the sum behind the three phases, in each list of four."""
MICRO: Final = 3600
"""mW x ms (or mL/h x ms) in a millionth of a Wh (or L)."""
AGE_HOURS: Final = 1.4 * 8766
"""For how long the installation has been counting when the simulation starts."""
SELF_USE: Final = 0.7
"""Share of what sources fed in before the start that loads beside them used at once."""
QUARTER: Final = 900_000
"""ms of a demand period."""
CAR_VOLTAGE: Final = 230
DROP: Final = 400
"""mV that each phase of the mains has less than the one before."""

type Drawn = tuple[list[int], list[int]]
"""mW and mvar by phase."""


@dataclass(frozen=True, kw_only=True)
class NodeSpec:
    """A place in the electrical tree: a panel with children, or a load."""

    name: str
    shape: str | None = None
    """Name of a shape (``shapes.SHAPES``) for a load; None for a panel."""
    peak: float = 0.0
    """W; for a car what it draws at most."""
    phases: tuple[int, ...] = (1, 2, 3)
    power_factor: float | None = None
    """Lagging, negative: leading; None: that of the shape."""
    battery: float = 30_000.0
    """Wh a car takes in a stay, at most."""
    children: tuple[NodeSpec, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FlowSpec:
    """A pipe: gas or water."""

    name: str
    shape: str
    peak: float
    """L/h."""
    index: float = 100_000.0
    """L already counted at the start."""


class Noise:
    """Slow noise around 1: the same for the same seed and the same number of steps."""

    def __init__(self, seed: str, amount: float) -> None:
        """Prepare noise of about this standard deviation."""
        self._random = Random(seed)
        self._amount = amount * 8.5
        self._state = 0.0

    def step(self) -> float:
        """Return the next factor, never below 0."""
        self._state = 0.92 * self._state + 0.08 * (2 * self._random.random() - 1)
        return max(0.0, 1 + self._amount * self._state)


@dataclass(kw_only=True)
class Indexes:
    """What has flowed, in mW x ms; lists of four: the three phases, then the sum by its own direction."""

    imported: list[int] = field(default_factory=lambda: [0] * 4)
    exported: list[int] = field(default_factory=lambda: [0] * 4)
    apparent: list[int] = field(default_factory=lambda: [0] * 4)
    reactive: list[list[int]] = field(default_factory=lambda: [[0] * 4 for _ in range(4)])
    """By quadrant: import lagging, import leading, export lagging, export leading (active power's direction)."""


class Node:
    """A place in the tree: carries the sum of its children."""

    def __init__(self, name: str, children: Sequence[Node] = ()) -> None:
        """Make a panel."""
        self.name = name
        self.children = tuple(children)
        self.power = [0] * 4
        """mW per phase, then the sum; negative: fed back."""
        self.reactive = [0] * 4
        """mvar, the same."""
        self.apparent = [0] * 4
        """mVA, the same; the last is that of the sums."""
        self.index = Indexes()
        self.opened: set[Hashable] = set()
        """The switches above this place that are open."""

    @property
    def peak(self) -> float:
        """The most that can flow, in W."""
        return sum(child.peak for child in self.children)

    @property
    def distortion(self) -> float:
        """Distortion of the current at full load, in %."""
        weights = [(child.peak, child.distortion) for child in self.children]
        total = sum(weight for weight, _ in weights)
        return sum(weight * share for weight, share in weights) / total if total else 0.0

    def walk(self) -> Iterator[Node]:
        """Yield everything below this place, then the place itself."""
        for child in self.children:
            yield from child.walk()
        yield self

    def update(self, moment: Moment) -> None:
        """Take over the powers of this moment; children first."""
        del moment
        self.settle()

    def energize(self, *, live: bool) -> None:
        """Take over whether this branch has voltage."""
        live = live and not self.opened
        for child in self.children:
            child.energize(live=live)
        self.settle()

    def settle(self) -> None:
        """Add up what the children carry."""
        for phase in range(PHASES):
            self.power[phase] = sum(child.power[phase] for child in self.children)
            self.reactive[phase] = sum(child.reactive[phase] for child in self.children)
        self._complete()

    def _complete(self) -> None:
        """Fill in the sums and the apparent powers."""
        self.power[TOTAL] = sum(self.power[:PHASES])
        self.reactive[TOTAL] = sum(self.reactive[:PHASES])
        self.apparent = [math.isqrt(p * p + q * q) for p, q in zip(self.power, self.reactive, strict=True)]

    def integrate(self, milliseconds: int) -> None:
        """Let the present powers flow for a while."""
        index = self.index
        for place, power in enumerate(self.power):
            reactive = self.reactive[place]
            quadrants = index.reactive[place]
            if power >= 0:
                index.imported[place] += power * milliseconds
                quadrants[0 if reactive >= 0 else 1] += abs(reactive) * milliseconds
            else:
                index.exported[place] -= power * milliseconds
                quadrants[2 if reactive < 0 else 3] += abs(reactive) * milliseconds
            index.apparent[place] += self.apparent[place] * milliseconds

    def found(self) -> None:
        """Set what has flowed before the start: the children's, less what they exchanged among themselves."""
        index = self.index
        for place in range(4):
            imported = sum(child.index.imported[place] for child in self.children)
            exported = sum(child.index.exported[place] for child in self.children)
            local = int(min(imported, exported) * SELF_USE)
            index.imported[place] = imported - local
            index.exported[place] = exported - local
            index.apparent[place] = sum(child.index.apparent[place] for child in self.children)
            index.reactive[place] = [
                sum(child.index.reactive[place][quadrant] for child in self.children) for quadrant in range(4)
            ]


class Outlet(Protocol):
    """What decides for a load what it draws, in place of its shape."""

    def drawn(self) -> Drawn:
        """Return what is drawn from now on."""


class Load(Node):
    """A load, a source or a car: the end of a branch."""

    def __init__(self, spec: NodeSpec, seed: int) -> None:
        """Make the load of this specification."""
        super().__init__(spec.name)
        if spec.shape is None or spec.shape not in SHAPES:
            raise ValueError(f"{spec.name}: no shape {spec.shape!r}")
        self.spec = spec
        self.shape = SHAPES[spec.shape]
        random = Random(f"{seed}:{spec.name}")
        self._noise = Noise(f"{seed}:{spec.name}:noise", self.shape.noise)
        self.offset = random.random()
        """Where in its period a thermostat is at the first moment of the calendar, 0 to 1."""
        weights = [1 + 0.12 * (random.random() - 0.5) if phase + 1 in spec.phases else 0.0 for phase in range(PHASES)]
        self.shares = [weight / sum(weights) for weight in weights]
        """Of the power, by phase."""
        factor = self.shape.power_factor if spec.power_factor is None else spec.power_factor
        self.tangent = math.copysign(math.tan(math.acos(min(1.0, abs(factor)))), factor)
        """Reactive power by active power; negative: leading."""
        self.limit: float | None = None
        """A that a car may draw; None: what it can. What commands the car sets it."""
        self.outlet: Outlet | None = None
        self.live = True
        """Whether there is voltage."""
        self._seed = seed
        self._drawn: Drawn = ([0] * PHASES, [0] * PHASES)
        self._day = 0
        self._begin = 0
        self._need = 0.0

    @property
    def peak(self) -> float:
        """The most that can flow, in W."""
        return self.spec.peak

    @property
    def distortion(self) -> float:
        """Distortion of the current at full load, in %."""
        return self.shape.distortion

    def update(self, moment: Moment) -> None:
        """Take over the powers of this moment."""
        self._drawn = self._shaped(moment) if self.outlet is None else self.outlet.drawn()
        self.settle()

    def _shaped(self, moment: Moment) -> Drawn:
        """Return what the shape asks for at a moment."""
        watts = self._watts(moment) * self._noise.step()
        power = [round(watts * share * 1000) for share in self.shares]
        return power, [round(abs(part) * self.tangent) for part in power]

    @override
    def energize(self, *, live: bool) -> None:
        """Draw what the moment asks for, or nothing without voltage."""
        self.live = live and not self.opened
        self.settle()

    @override
    def settle(self) -> None:
        """Draw what there is to draw."""
        self.power[:PHASES], self.reactive[:PHASES] = self._drawn if self.live else ([0] * PHASES, [0] * PHASES)
        self._complete()

    def found(self) -> None:
        """Set what has flowed before the start: the average of the shape over the installation's age."""
        mean = (5 * sum(self.shape.working) + 2 * sum(self.shape.weekend)) / (7 * 24)
        if self.shape.manner is Manner.CAR:
            mean *= 0.3
        age = AGE_HOURS * (0.95 + 0.1 * self.offset)
        milliwatts = round(self.spec.peak * mean * 1000)
        index, feeds = self.index, self.shape.manner is Manner.SUN
        for phase, share in enumerate(self.shares):
            energy = int(milliwatts * share * age * 3_600_000)
            (index.exported if feeds else index.imported)[phase] = energy
            reactive = int(energy * abs(self.tangent))
            quadrant = (3 if self.tangent >= 0 else 2) if feeds else (0 if self.tangent >= 0 else 1)
            index.reactive[phase][quadrant] = reactive
            index.apparent[phase] = math.isqrt(energy * energy + reactive * reactive)
        for values in (index.imported, index.exported, index.apparent):
            values[TOTAL] = sum(values[:PHASES])
        index.reactive[TOTAL] = [sum(index.reactive[phase][place] for phase in range(PHASES)) for place in range(4)]
        self._begin = index.imported[TOTAL]

    def stay(self, moment: Moment) -> int | None:
        """Return the day on which a car's stay began, at the first full hour of its shape; None while it is away."""
        hours = self.shape.weekend if moment.weekend else self.shape.working
        if hours[moment.hour] == 0:
            return None
        return moment.day - (hours[0] > 0 and moment.hour < 12)  # noqa: PLR2004

    def need(self, stay: int) -> float:
        """Return what a car takes in the stay that began on a day, in Wh."""
        return self.spec.battery * (0.4 + 0.6 * Random(f"{self._seed}:{self.name}:{stay}").random())

    def _watts(self, moment: Moment) -> float:
        """Return the power before noise, in W."""
        share = share_of(self.shape, moment)
        if self.shape.manner is Manner.CYCLIC:
            place = (moment.seconds / self.shape.period + self.offset) % 1.0
            return self.spec.peak if place < share else 0.0
        if self.shape.manner is Manner.SUN:
            return -self.spec.peak * share
        if self.shape.manner is Manner.CAR:
            return self._charging(moment)
        return self.spec.peak * share

    def _charging(self, moment: Moment) -> float:
        """Return what a car draws, in W, until it has taken what it needs in this stay."""
        if (stay := self.stay(moment)) is None:
            return 0.0
        if stay != self._day:
            self._day, self._begin = stay, self.index.imported[TOTAL]
            self._need = self.need(stay) * 1e6 * MICRO
        if self.index.imported[TOTAL] - self._begin >= self._need:
            return 0.0
        most = self.spec.peak
        if self.limit is not None:
            most = min(most, self.limit * CAR_VOLTAGE * len(self.spec.phases))
        return most


class Flow:
    """A gas or water pipe."""

    def __init__(self, spec: FlowSpec, seed: int) -> None:
        """Make the pipe of this specification."""
        if spec.shape not in SHAPES:
            raise ValueError(f"{spec.name}: no shape {spec.shape!r}")
        self.name = spec.name
        self.spec = spec
        self.shape = SHAPES[spec.shape]
        self._noise = Noise(f"{seed}:{spec.name}:noise", self.shape.noise)
        self.offset = Random(f"{seed}:{spec.name}").random()
        """Where in its period a thermostat is at the first moment of the calendar, 0 to 1."""
        self.rate = 0
        """mL/h."""
        self.index = int(spec.index * 1e6) * MICRO
        """mL/h x ms."""

    def update(self, moment: Moment) -> None:
        """Take over the flow of this moment."""
        share = share_of(self.shape, moment)
        if self.shape.manner is Manner.CYCLIC:
            share = float((moment.seconds / self.shape.period + self.offset) % 1.0 < share)
        self.rate = round(self.spec.peak * share * self._noise.step() * 1000)

    def integrate(self, milliseconds: int) -> None:
        """Let the present flow go on for a while."""
        self.index += self.rate * milliseconds


class Installation:
    """The whole: mains voltage, the tree, the pipes and the time."""

    def __init__(
        self,
        tree: NodeSpec,
        flows: Iterable[FlowSpec] = (),
        *,
        seed: int = 1,
        start: datetime = datetime(2026, 3, 2, 9, 0),  # noqa: DTZ001
        tick: float = 1.0,
    ) -> None:
        """Build the installation at its start.

        ``start`` is naive local time; powers change every ``tick`` seconds of simulated time.
        """
        self.seed = seed
        self.clock = Clock(start=start.replace(microsecond=0))
        self.version = 0
        """Rises with every change."""
        self.on_quarter: list[Callable[[], None]] = []
        """Called at each full quarter of an hour, after energies were brought up to it."""
        self.on_step: list[Callable[[], None]] = []
        """Called after each step of time."""
        self.root = self._plant(tree)
        self.nodes = {node.name: node for node in self.root.walk()}
        self.flows = {spec.name: Flow(spec, seed) for spec in flows}
        self.voltage = [230_000] * PHASES
        """mV, L-N."""
        self.voltage_low = [214_800, 215_300, 214_500]
        self.voltage_high = [241_900, 242_300, 242_100]
        self.frequency = 50.0
        """Hz."""
        self._supply = [Noise(f"{seed}:voltage:{phase}", 0.006) for phase in range(PHASES)]
        self._pace = Noise(f"{seed}:frequency", 0.0002)
        self._tick = max(1, round(tick * 1000))
        self._order = list(self.root.walk())
        for node in self._order:
            node.found()
        self._refresh()

    def _plant(self, spec: NodeSpec) -> Node:
        """Build a branch of the tree."""
        if spec.children:
            return Node(spec.name, [self._plant(child) for child in spec.children])
        return Load(spec, self.seed)

    @property
    def now(self) -> datetime:
        """The simulated moment, naive local time."""
        return self.clock.now

    def advance(self, seconds: float) -> None:
        """Let simulated time pass."""
        self.advance_to(self.clock.elapsed + round(seconds * 1000))

    def advance_to(self, elapsed: int) -> None:
        """Let simulated time pass until so many ms after the start; nothing happens where that is past."""
        clock = self.clock
        begin = clock.start.hour * 3_600_000 + clock.start.minute * 60_000 + clock.start.second * 1000
        while clock.elapsed < elapsed:
            tick = (clock.elapsed // self._tick + 1) * self._tick
            quarter = ((clock.elapsed + begin) // QUARTER + 1) * QUARTER - begin
            step = min(tick, quarter, elapsed) - clock.elapsed
            for node in self._order:
                node.integrate(step)
            for flow in self.flows.values():
                flow.integrate(step)
            clock.elapsed += step
            self.version += 1
            if clock.elapsed == quarter:
                for call in self.on_quarter:
                    call()
            if clock.elapsed == tick:
                self._refresh()
            for call in self.on_step:
                call()

    def switch(self, place: str, switch: Hashable, *, closed: bool) -> None:
        """Close or open a switch above a place; nothing flows below an open one. Raises ``KeyError``."""
        opened = self.nodes[place].opened
        if closed is (switch not in opened):
            return
        (opened.discard if closed else opened.add)(switch)
        self.root.energize(live=True)
        self.version += 1

    def renew(self, load: Load) -> None:
        """Let a load draw at once what it would from the next tick on."""
        load.update(moment_of(self.now))
        self.root.energize(live=True)
        self.version += 1

    def _refresh(self) -> None:
        """Take over voltages, flows and powers of this moment."""
        moment = moment_of(self.clock.now)
        supply = supply_at(moment)
        for phase, noise in enumerate(self._supply):
            volts = round(supply * noise.step()) - DROP * phase
            self.voltage[phase] = volts
            self.voltage_low[phase] = min(self.voltage_low[phase], volts)
            self.voltage_high[phase] = max(self.voltage_high[phase], volts)
        self.frequency = 50.0 * self._pace.step()
        for flow in self.flows.values():
            flow.update(moment)
        for node in self._order:
            node.update(moment)
