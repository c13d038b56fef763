"""One station and the car at it (A2, session machine). Owns its states and times; not who is granted what."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from .learning import DRAWING, Appetite
from .plan import EventKind, Reason
from .reading import StationState

if TYPE_CHECKING:
    from .config import LoadManagerConfig, StationConfig
    from .journal import Journal
    from .reading import Currents, StationReading

FOLLOW: Final = 8.0
"""s that a car and its reading take to follow an order."""
_CAR: Final = 5.0
"""s of these that IEC 61851-1 gives the car."""
NOTHING: Final[Currents] = (0.0, 0.0, 0.0)
_DISOBEYS: Final = 1.0
"""A above its limit."""
_PATIENCE: Final = 3
"""Readings until that is told."""


class Stage(StrEnum):
    """Where a session is."""

    FREE = "free"
    REQUEST = "request"
    """Asks, for less than the hold time."""
    QUEUED = "queued"
    AUTHORISING = "authorising"
    """Granted, does not draw yet."""
    CHARGING = "charging"
    SKIPPED = "skipped"
    DONE = "done"
    HELD = "held"
    """By hand."""
    FAULT = "fault"


GRANTED: Final = (Stage.AUTHORISING, Stage.CHARGING)
WAITING: Final = (Stage.REQUEST, Stage.QUEUED, Stage.SKIPPED)


@dataclass(slots=True)
class Session:
    """The state of a station. Times are monotonic s, None: never."""

    config: StationConfig
    stage: Stage = Stage.FREE
    since: float = 0.0
    """When the stage began."""
    limit: float = 0.0
    """A: the order that holds."""
    changed: float = 0.0
    """When it changed."""
    span: tuple[float, float] = (0.0, 0.0)
    """The least and the most that it was told before, as far as its car may not have left that yet, A."""
    step: int = 0
    """Reductions that hold, 0 to 2, in ``STEPS``."""
    reduced: float | None = None
    """When the first of them was made."""
    plugged: float | None = None
    asked: float | None = None
    """Since when it waits."""
    stopped: float | None = None
    started: float | None = None
    """When it last began to draw."""
    first: bool = True
    """It never drew."""
    retry: float = 0.0
    """Not before that."""
    skips: int = 0
    stops: int = 0
    head: bool = False
    """Started by hand: goes first."""
    own_priority: bool | None = None
    departure: float | None = None
    charge: float = 0.0
    """Ah of the session."""
    counted: float = 0.0
    """Ah that the station last said."""
    idle: float | None = None
    """Since when it is granted and pauses."""
    lost: bool = False
    seen: float | None = None
    """When it was last read."""
    drawn: Currents | None = NOTHING
    """A at the last reading, None: it does not measure."""
    before: Currents | None = NOTHING
    """A at the reading before."""
    disobeyed: int = 0
    """Readings that were above the limit, since it last drew less."""
    defied: float = 0.0
    """A that it drew then."""
    cause: Reason | None = None
    """Why it was stopped."""
    appetite: Appetite = field(default_factory=Appetite)

    @property
    def id(self) -> str:
        """The id of the station."""
        return self.config.id

    @property
    def priority(self) -> bool:
        """Whether this session goes before others."""
        return self.config.priority if self.own_priority is None else self.own_priority

    @property
    def granted(self) -> bool:
        """Whether it may draw."""
        return self.stage in GRANTED

    @property
    def managed(self) -> bool:
        """Whether it may draw and hears what it is told."""
        return self.stage in GRANTED and not self.lost

    @property
    def phases(self) -> tuple[int, ...]:
        """The phases that it loads, as far as that is known."""
        return self.appetite.used or self.config.phases

    @property
    def ceiling(self) -> float:
        """The highest limit that makes sense, A."""
        if not self.config.adjustable:
            return self.config.rated_current
        return max(self.config.floor, min(self.config.rated_current, self.appetite.ceiling))

    def followed(self, now: float) -> bool:
        """Tell whether its car was read after it had time to follow its order."""
        return self.seen is not None and now - self.changed >= FOLLOW and self.seen - self.changed >= _CAR

    def age_of(self, now: float, time: float | None) -> float:
        """Return how long ago a time is, s; infinite if never."""
        return float("inf") if time is None else now - time

    def enter(self, now: float, stage: Stage) -> None:
        """Change the stage; only what is granted keeps a limit."""
        self.stage, self.since, self.idle = stage, now, None
        if stage not in GRANTED:
            self.order(now, 0.0)
            self.step, self.reduced, self.disobeyed, self.defied = 0, None, 0, 0.0

    def order(self, now: float, limit: float) -> None:
        """Set the limit, A."""
        if limit != self.limit:
            least, most = self.span if now - self.changed < FOLLOW else (self.limit, self.limit)
            self.span = min(least, self.limit), max(most, self.limit)
            self.limit, self.changed = limit, now

    def grant(self, now: float, limit: float) -> None:
        """Let it draw."""
        self.enter(now, Stage.AUTHORISING)
        self.head, self.cause = False, None
        self.order(now, limit)

    def stop(self, now: float, why: Reason) -> None:
        """Send it back to the queue with a new wait."""
        if self.stage is Stage.CHARGING:
            self.stopped = now
            self.asked = now
        self.enter(now, Stage.QUEUED)
        self.cause = why

    def forget(self) -> None:
        """Forget the car."""
        fresh = Session(self.config)
        kept = {"config", "counted", "lost", "seen", "drawn", "before", "changed", "limit"}
        for one in fields(self):
            if one.name not in kept:
                setattr(self, one.name, getattr(fresh, one.name))

    def read(self, now: float, reading: StationReading | None, config: LoadManagerConfig, journal: Journal) -> None:
        """Take in a reading of the station, and let time pass."""
        stale = reading is None or reading.state is StationState.OFFLINE or now - reading.at > config.lost_after
        if stale != self.lost:
            self.lost = stale
            journal.add(EventKind.LOST if stale else EventKind.FOUND, self.id)
        if reading is None or stale:
            return
        fresh = self.seen is None or reading.at > self.seen
        if fresh:
            self._count(reading)
            self.before, self.drawn, self.seen = self.drawn, reading.currents, reading.at
        _AFTER[reading.state](self, now, config, journal)
        if self.stage is Stage.CHARGING and fresh and reading.currents is not None:
            self._learn(now, reading.currents, journal)
        self._pass_time(now, config, journal)

    def _count(self, reading: StationReading) -> None:
        """Add up the charge; what a station starts again from nothing goes on."""
        if reading.state is StationState.FREE:
            # Many stations show what the last car got until the next one charges.
            self.counted = self.counted if reading.charge is None else reading.charge
        elif reading.charge is not None:
            more = reading.charge - self.counted if reading.charge >= self.counted else reading.charge
            self.charge, self.counted = self.charge + more, reading.charge
        elif self.seen is not None and self.stage is Stage.CHARGING:
            current = self.limit if reading.currents is None else max(reading.currents)
            self.charge += current * (reading.at - self.seen) / 3600

    def _learn(self, now: float, currents: Currents, journal: Journal) -> None:
        """Learn what the car takes, and whether it obeys."""
        settled = self.followed(now)
        self.appetite.see(now, self.limit, currents, settled=settled)
        highest = max(currents)
        if settled and highest > self.limit + _DISOBEYS:
            self.disobeyed, self.defied = self.disobeyed + 1, highest
            if self.disobeyed == _PATIENCE:
                journal.add(EventKind.IGNORED, self.id, limit=self.limit, current=highest)
        elif settled and highest < self.defied - _DISOBEYS:
            # Not sooner: where nothing else helps, the limit is raised to what such a car draws.
            self.disobeyed, self.defied = 0, 0.0

    def _pass_time(self, now: float, config: LoadManagerConfig, journal: Journal) -> None:
        """Do what only needs time."""
        if self.stage is Stage.REQUEST and self.age_of(now, self.asked) >= config.hold_time:
            self.enter(now, Stage.QUEUED)
        elif self.stage is Stage.SKIPPED and now >= self.retry:
            self.asked = now
            self.enter(now, Stage.QUEUED)
        elif (self.stage is Stage.AUTHORISING and now - self.since >= config.waiting_time) or (
            self.stage is Stage.CHARGING and self.idle is not None and now - self.idle >= config.waiting_time
        ):
            self._skip(now, config, journal)

    def _skip(self, now: float, config: LoadManagerConfig, journal: Journal) -> None:
        """Pass over a car that does not start."""
        self.skips += 1
        self.retry = now + config.skip_time
        self.enter(now, Stage.SKIPPED)
        journal.add(EventKind.SKIPPED, self.id)

    def _plug(self, now: float) -> None:
        """Notice a car."""
        if self.plugged is None:
            self.plugged = now

    def end(self, now: float, stage: Stage, journal: Journal) -> None:
        """Leave charging because of the car, its station or a person."""
        if self.stage is Stage.CHARGING:
            duration = self.age_of(now, self.started)
            journal.add(EventKind.ENDED, self.id, charge=round(self.charge, 2), duration=duration)
        self.enter(now, stage)

    def after_free(self, now: float, _config: LoadManagerConfig, journal: Journal) -> None:
        """There is no car."""
        if self.stage is not Stage.FREE:
            self.end(now, Stage.FREE, journal)
            self.forget()

    def after_waiting(self, now: float, _config: LoadManagerConfig, _journal: Journal) -> None:
        """The car asks."""
        self._plug(now)
        if self.stage in {Stage.FREE, Stage.DONE, Stage.FAULT}:
            self.asked = now
            self.enter(now, Stage.REQUEST)
        elif self.stage is Stage.CHARGING and self.idle is None:
            self.idle = now

    def after_charging(self, now: float, _config: LoadManagerConfig, journal: Journal) -> None:
        """The car draws."""
        self._plug(now)
        if self.stage in {Stage.FREE, Stage.DONE, Stage.FAULT}:
            self._adopt(now)
        elif self.stage is Stage.AUTHORISING and self.seen is not None and self.seen > self.since:
            waited = now - self.since
            self.enter(now, Stage.CHARGING)
            self.started, self.first, self.skips = now, False, 0
            journal.add(EventKind.STARTED, self.id, waited=waited)
        elif self.stage is Stage.CHARGING:
            drawing = self.drawn is None or max(self.drawn) >= DRAWING
            self.idle = None if drawing else now if self.idle is None else self.idle

    def _adopt(self, now: float) -> None:
        """Go on with a car that was already charging when it was first seen."""
        highest = self.config.rated_current if self.drawn is None else max(self.drawn)
        self.enter(now, Stage.CHARGING)
        self.order(now, min(max(self.config.floor, highest), self.config.rated_current))
        self.started, self.first = now, False

    def after_done(self, now: float, _config: LoadManagerConfig, journal: Journal) -> None:
        """The car wants no more."""
        self._plug(now)
        if self.stage not in {Stage.DONE, Stage.HELD}:
            self.end(now, Stage.DONE, journal)

    def after_fault(self, now: float, _config: LoadManagerConfig, journal: Journal) -> None:
        """The station failed."""
        if self.stage not in {Stage.FAULT, Stage.HELD}:
            self.end(now, Stage.FAULT, journal)


_AFTER: Final = {
    StationState.FREE: Session.after_free,
    StationState.WAITING: Session.after_waiting,
    StationState.CHARGING: Session.after_charging,
    StationState.DONE: Session.after_done,
    StationState.FAULT: Session.after_fault,
}
