"""The load manager: one step from readings to orders. Joins the parts; the parts decide."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from . import continuous, free, snapshot, steps
from .balance import Balance
from .base import BaseLoad
from .config import Mode
from .failsafe import MeterWatch, decide_blind
from .journal import Journal
from .lost import LostLoad
from .plan import EventKind, Plan, Reason, Zone
from .queue import waiting
from .reasons import order_of
from .session import GRANTED, NOTHING, Session, Stage
from .sight import SessionView, counts_of, view_of
from .view import View
from .zone import next_zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .config import LoadManagerConfig, StationConfig
    from .frozen import Cars
    from .reading import Currents, MeterReading, StationReading


class LoadManager:
    """Tells stations what they may draw so that the main does not trip.

    No clock and no I/O of its own, and no chance: the same calls give the same plans. Raises ValueError for two
    stations of one id, KeyError for one that is not there.
    """

    def __init__(self, config: LoadManagerConfig, stations: Iterable[StationConfig]) -> None:
        """Manage these stations, of which nothing is known yet."""
        self.config = config
        self.sessions = {one.id: Session(one) for one in stations}
        self.base = BaseLoad()
        self.balance = Balance()
        self.lost = LostLoad()
        self.watch = MeterWatch()
        self.zone = Zone.GREEN
        self.over_since: list[float | None] = [None] * 4
        """For L1 to L3, and for any of them."""
        self.awaited: set[str] = set()
        """Stations that were not seen since a restart."""
        self.began = 0.0
        self.now = 0.0
        self.acted = float("-inf")
        """When ``STEPS`` last changed something."""

    def step(self, now: float, meter: MeterReading | None, stations: Mapping[str, StationReading]) -> Plan:
        """Return what is to be done.

        ``now``: monotonic s, every 5 to 10 s. ``stations``: by id; one that is missing is lost.
        """
        self.now = now
        journal = Journal(now)
        for one in self.sessions.values():
            one.read(now, stations.get(one.id), self.config, journal)
        self._await(now, stations)
        fresh = self.watch.take(now, meter, self._cars())
        if fresh:
            self._see_meter()
        self._move_zone(now, journal)
        view = self._view(now, journal)
        if not self.config.control_logic:
            return Plan(self.zone, {}, journal.events)
        self._decide(view)
        places = {one.id: place for place, one in enumerate(waiting(view), 1)}
        orders = {one.id: order_of(view, one, places.get(one.id, 0)) for one in self.sessions.values()}
        return Plan(self.zone, orders, journal.events)

    def start(self, station_id: str) -> None:
        """Clear a hold, and go to the head of the queue; it still needs room (A2 number 18)."""
        one = self.sessions[station_id]
        if one.stage is Stage.HELD:
            one.enter(one.since, Stage.QUEUED)
        if one.stage is Stage.SKIPPED:
            one.retry = 0.0
        one.head = one.plugged is not None and one.stage not in GRANTED

    def hold(self, station_id: str) -> None:
        """Stop a session until it is started or unplugged; nothing if there is no car (A2 number 19)."""
        one = self.sessions[station_id]
        if one.plugged is not None and one.stage is not Stage.HELD:
            one.head = False
            one.enter(self.now, Stage.HELD)

    def set_session_priority(self, station_id: str, priority: bool) -> None:  # noqa: FBT001
        """Set the priority of the session that runs; the station's default stays."""
        one = self.sessions[station_id]
        if one.plugged is not None:
            one.own_priority = priority

    def set_priority(self, station_id: str, priority: bool) -> None:  # noqa: FBT001
        """Set the default priority of a station; a session that was given its own keeps that."""
        one = self.sessions[station_id]
        one.config = replace(one.config, priority=priority)

    def set_departure(self, station_id: str, at: float | None) -> None:
        """Say when the car will leave, monotonic s; None: nobody knows."""
        self.sessions[station_id].departure = at

    @property
    def limits(self) -> dict[str, float]:
        """The orders that hold, A by station."""
        return {one.id: one.limit for one in self.sessions.values()}

    def rest(self, *, stop: bool) -> None:
        """Leave nobody more than the floor, or nothing: there will be no steps for a while."""
        for one in self.sessions.values():
            if one.granted and stop:
                one.stop(self.now, Reason("restart"))
            elif one.granted:
                one.order(self.now, min(one.limit, one.config.floor))

    def view(self, station_id: str) -> SessionView:
        """Return what is known of a station and its car, as of the last step."""
        return view_of(self.sessions[station_id], self.now)

    @property
    def headroom(self) -> Currents | None:
        """What the meter leaves under the maximum, A per phase, negative above it; None: it is not known."""
        reading = self.watch.reading
        if reading is None or self.watch.age(self.now) > self.config.stale_after:
            return None
        first, second, third = (self.config.max_current - current for current in reading.currents)
        return first, second, third

    @property
    def counts(self) -> tuple[int, int]:
        """How many cars charge, and how many wait to."""
        return counts_of(self.sessions.values())

    def snapshot(self) -> dict[str, Any]:
        """Return the state as JSON: ages instead of times."""
        return snapshot.of(self)

    @classmethod
    def restore(
        cls, config: LoadManagerConfig, stations: Iterable[StationConfig], snapshot_: Mapping[str, Any], now: float
    ) -> Self:
        """Return a manager that goes on where another stopped, on a clock that may have started anew.

        Last orders hold; nothing grows until a fresh meter and all stations were seen (A2 number 27).
        """
        manager = cls(config, stations)
        snapshot.into(manager, snapshot_, now)
        return manager

    def _await(self, now: float, stations: Mapping[str, StationReading]) -> None:
        """Tick off the stations that were seen after a restart; in the end those that never come are lost."""
        if now - self.began > self.config.stop_after:
            self.awaited.clear()
        self.awaited.difference_update(stations)

    def _cars(self) -> Cars:
        """Return what the cars that are measured draw."""
        some = [one for one in self.sessions.values() if not one.lost]
        return {one.id: (one.seen, one.drawn) for one in some if one.seen is not None and one.drawn is not None}

    def _see_meter(self) -> None:
        """Learn the base load from a new reading."""
        reading = self.watch.reading
        if reading is None:
            return
        known = self.sessions.values()
        before = [self.base.level[p] + self.lost.drawn[p] for p in range(3)]
        unknown = self.balance.unknown(reading.currents, before, known, reading.at, self.config.settle_time)
        level = self.lost.split(unknown, self.base.level, known)
        read = [one.seen for one in known if one.managed and one.drawn is not None and one.seen is not None]
        self.base.see(reading.at, level, min(read, default=reading.at))

    def _move_zone(self, now: float, journal: Journal) -> None:
        """Move the zone, and note it."""
        before, reading = self.zone, self.watch.reading
        if not self.config.load_control:
            self.zone = Zone.GREEN
        elif reading is None or self.watch.age(now) > self.config.stale_after:
            blind = reading is not None or self.watch.age(now) > self.config.stale_after
            self.zone = Zone.BLIND if blind else self.zone
        else:
            self.zone = next_zone(self.zone, max(reading.currents), self.config)
        if self.zone is not before:
            journal.add(EventKind.ZONE, zone=self.zone, before=before)
        over = [reading is not None and reading.currents[p] > self.config.max_current for p in range(3)]
        for place, one in enumerate((*over, any(over))):
            begun = self.over_since[place]
            self.over_since[place] = (now if begun is None else begun) if one else None

    def _view(self, now: float, journal: Journal) -> View:
        """Return what the deciders need."""
        reading, config = self.watch.reading, self.config
        blind = self.zone is Zone.BLIND
        over = [0.0 if one is None else now - one for one in self.over_since]
        booked = self.lost.booked(self.sessions.values())
        return View(
            now=now,
            config=config,
            sessions=list(self.sessions.values()),
            journal=journal,
            zone=self.zone,
            meter=NOTHING if reading is None else reading.currents,
            base=[booked[p] + (0.0 if blind else self.base.level[p]) for p in range(3)],
            booked=booked,
            high=[booked[p] + self.base.high[p] for p in range(3)],
            noise=self.base.noise,
            may_grow=self.watch.sure(now, 2 * config.period) and not self.awaited,
            over_for=over[:3],
            excess_for=over[3],
            limit=config.max_current if config.load_control else float("inf"),
        )

    def _decide(self, view: View) -> None:
        """Let the part decide whose turn it is."""
        if not self.config.load_control:
            free.decide(view)
        elif self.zone is Zone.BLIND:
            decide_blind(view, self.base.peak, self.watch.age(view.now))
        elif self.watch.reading is None:
            return
        elif self.config.mode is Mode.STEPS:
            self.acted = steps.decide(view, self.acted)
        else:
            continuous.decide(view)
