"""A tiny site for the tests: cars that follow their pilot a step later, a base load, a meter one step old."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from custom_components.legrand_ews.greenup import (
    Event,
    LoadManager,
    LoadManagerConfig,
    MeterReading,
    Plan,
    StationConfig,
    StationReading,
    StationState,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from custom_components.legrand_ews.greenup.reading import Currents

STEP = 5.0
PERIOD = 10.0
START = 15.0
NOTHING = (0.0, 0.0, 0.0)


def single(number: int, phase: int = 0, rated: float = 32.0, **more: object) -> StationConfig:
    """Return a single-phase station."""
    return StationConfig(f"s{number}", rated, (phase,), **more)  # type: ignore[arg-type]


def triple(number: int, rated: float = 32.0, **more: object) -> StationConfig:
    """Return a three-phase station."""
    return StationConfig(f"s{number}", rated, (0, 1, 2), **more)  # type: ignore[arg-type]


@dataclass
class Car:
    """A car at a station."""

    most: float = 32.0
    phases: tuple[int, ...] | None = None
    need: float = 1e9
    """Ah."""
    arrive: float = 0.0
    leave: float = 1e9
    begin: float = 0.0
    """It postpones until then."""
    ignores: bool = False
    measured: bool = True
    charge: float = 0.0
    drew: float = 0.0
    allowed: float | None = None
    pilot: float = 0.0
    starts: int = 0


@dataclass
class Site:
    """Stations with one car each under a manager."""

    config: LoadManagerConfig
    stations: list[StationConfig]
    cars: dict[str, Car]
    base: Callable[[float], Currents] = lambda _: NOTHING
    meter_lost: Callable[[float], bool] = lambda _: False
    meter_frozen: Callable[[float], bool] = lambda _: False
    offline: Callable[[str, float], bool] = lambda *_: False
    now: float = 0.0
    orders: dict[str, float] = field(default_factory=dict)
    meter: MeterReading | None = None
    total: Currents = NOTHING
    over: float = 0.0
    """s of the controllable overload that is on."""
    longest: float = 0.0
    events: list[Event] = field(default_factory=list)
    plan: Plan | None = None
    tick: float = STEP
    """s that a car draws the same."""

    def __post_init__(self) -> None:
        """Begin."""
        self.manager = LoadManager(self.config, self.stations)
        self.orders = {one.id: 0.0 for one in self.stations}

    def restart(self, shift: float = 0.0) -> None:
        """Let the manager come back from its snapshot, on a clock that was moved."""
        saved = self.manager.snapshot()
        self.now += shift
        for car in self.cars.values():
            car.arrive, car.leave, car.begin = car.arrive + shift, car.leave + shift, car.begin + shift
            car.allowed = None if car.allowed is None else car.allowed + shift
        self.meter = None
        self.manager = LoadManager.restore(self.config, self.stations, saved, self.now)

    def run(self, seconds: float, check: Callable[[Site, dict[str, float], Plan], None] | None = None) -> None:
        """Let time pass, asking the manager every period."""
        end = self.now + seconds
        while self.now < end:
            self._ask(check)
            self._draw(late=False)
            self._follow()
            self._draw(late=True)

    def _ask(self, check: Callable[[Site, dict[str, float], Plan], None] | None) -> None:
        """Ask the manager, and tell the stations that answer."""
        meter = None if self.meter_lost(self.now) else self.meter
        plan = self.manager.step(self.now, meter, {one.id: self._read(one) for one in self.stations})
        before = dict(self.orders)
        self.plan = plan
        self.events += plan.events
        for key, order in plan.orders.items():
            if not self.offline(key, self.now):
                self.orders[key] = order.limit
        if check is not None:
            check(self, before, plan)

    def _car(self, station: str) -> Car | None:
        """Return the car that is at a station."""
        car = self.cars.get(station)
        return car if car is not None and car.arrive <= self.now < car.leave else None

    def _read(self, station: StationConfig) -> StationReading:
        """Return what is known of a station."""
        return self._reading(station)

    def _reading(self, station: StationConfig) -> StationReading:
        """Read a station, as it was a tick ago."""
        at = self.now - self.tick
        car = self._car(station.id)
        if self.offline(station.id, self.now):
            return StationReading(at, StationState.OFFLINE, None, None)
        if car is None:
            return StationReading(at, StationState.FREE, NOTHING, 0.0)
        full = StationState.CHARGING if car.drew else StationState.WAITING
        state = StationState.DONE if car.charge >= car.need else full
        currents = self.currents(station.id) if car.measured else None
        return StationReading(at, state, currents, car.charge if car.measured else None)

    def currents(self, station: str) -> Currents:
        """Return what a station's car draws from each phase."""
        car = self._car(station)
        if car is None:
            return NOTHING
        wiring = next(one.phases for one in self.stations if one.id == station)
        one, two, three = (car.drew if p in (car.phases or wiring) else 0.0 for p in range(3))
        return one, two, three

    def _follow(self) -> None:
        """Let pilots show the orders."""
        for key, car in self.cars.items():
            limit = self.orders[key]
            if limit <= 0:
                car.allowed = None
            elif car.allowed is None:
                car.allowed = self.now
            car.pilot = limit

    def _draw(self, *, late: bool) -> None:
        """Let cars draw in a step."""
        base = self.base(self.now)
        drawn = [0.0] * 3
        for station in self.stations:
            self._draw_one(station.id, station.rated_current)
            for p, current in enumerate(self.currents(station.id)):
                drawn[p] += current
        one, two, three = (base[p] + drawn[p] for p in range(3))
        self.total = (one, two, three)
        over = any(self.total[p] > self.config.max_current + 0.5 and drawn[p] for p in range(3))
        self.over = self.over + self.tick if over else 0.0
        self.longest = max(self.longest, self.over)
        if late and not self.meter_frozen(self.now):
            self.meter = MeterReading(self.now, self.total)
        self.now += self.tick

    def _draw_one(self, station: str, rated: float) -> None:
        """Let one car draw in a step."""
        car = self.cars.get(station)
        if car is None:
            return
        there = self._car(station) is not None and car.charge < car.need and self.now >= car.begin
        ready = car.allowed is not None and (bool(car.drew) or self.now >= max(car.allowed + START, car.begin))
        before = car.drew
        most = min(car.most, rated)
        car.drew = 0.0 if not (there and ready and car.pilot >= 6) else most if car.ignores else min(most, car.pilot)
        car.starts += bool(car.drew and not before)
        car.charge += car.drew * self.tick / 3600


@dataclass
class FastSite(Site):
    """A site whose meter is read every second, its stations one after the other every ``every`` seconds."""

    tick: float = 1.0
    every: int = 10
    delay: int = 3
    """s until a car follows."""
    told: list[dict[str, float]] = field(default_factory=list)
    known: dict[str, StationReading] = field(default_factory=dict)

    def run(self, seconds: float, check: Callable[[Site, dict[str, float], Plan], None] | None = None) -> None:
        """Let time pass, asking the manager every second."""
        end = self.now + seconds
        while self.now < end:
            self._ask(check)
            self.told.append(dict(self.orders))
            now = self.orders
            self.orders = self.told[max(len(self.told) - 1 - self.delay, 0)]
            self._follow()
            self.orders = now
            self._draw(late=True)

    def _read(self, station: StationConfig) -> StationReading:
        """Return what was read of a station when it was its turn, and again until the next time."""
        turn = self.stations.index(station) * self.every // len(self.stations)
        if station.id not in self.known or int(self.now) % self.every == turn:
            self.known[station.id] = self._reading(station)
        return self.known[station.id]


def limits(site: Site) -> dict[str, float]:
    """Return the orders that hold."""
    return dict(site.orders)


def kinds(events: Iterable[Event], station: str | None = None) -> list[str]:
    """Return what happened, of one station or all."""
    return [one.kind.value for one in events if station is None or one.station_id == station]
