"""What befalls a site: its limit, loads, stations, the visits of cars, faults. Read from JSON.

This module owns the format, see ``docs/simulation.md``. What chance makes of it on a certain day is in ``day``.
Times are s since midnight of the first day, currents A, needs Wh.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from custom_components.legrand_ews.greenup import LoadManagerConfig, Mode

from .fields import (
    DAY,
    MINUTE,
    PHASES,
    Fields,
    WorkloadError,
    clock,
    clock_from,
    many,
    number,
    phases,
    spread,
    whole,
    word,
    yes_or_no,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .fields import Reader, Spread

FOLDER: Final = Path(__file__).parent / "workloads"
MOST_STATIONS: Final = 255
FLOOR: Final = 6.0
"""A: the lowest current that a pilot signal can offer (IEC 61851-1)."""
_KWH: Final = 1000.0
_SETTINGS: Final = {one.name for one in fields(LoadManagerConfig)}


class FaultKind(StrEnum):
    """What can go wrong."""

    FROZEN_METER = "frozen_meter"
    """The last reading stays, and gets older."""
    LOST_METER = "lost_meter"
    """There is no reading."""
    LOST_STATION = "lost_station"
    """It does not answer, takes no order, and goes on as it was."""
    IGNORES_PILOT = "ignores_pilot"
    """Its car draws all it can while it may draw anything."""


_OF_STATIONS: Final = (FaultKind.LOST_STATION, FaultKind.IGNORES_PILOT)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A fault, from a time until another; ``station``: its id, None where it is the meter's."""

    kind: FaultKind
    start: float
    end: float
    station: str | None = None


@dataclass(frozen=True, kw_only=True)
class Load:
    """What a load other than cars draws from each of its phases."""

    phases: tuple[int, ...]
    points: tuple[tuple[float, float], ...]
    """Times of the day and currents; between them, and over midnight, a line."""
    noise: float = 0.0
    """Deviation as a share of the current, of each phase by itself."""
    noise_time: float = 120.0
    """s in which the noise forgets itself (AR(1))."""
    start: float | None = None
    end: float | None = None
    on: float | None = None
    """s of each ``every`` that it runs; chance says when the first begins."""
    every: float | None = None


@dataclass(frozen=True, kw_only=True)
class Car:
    """A kind of car: the current that it draws at most from each of so many phases."""

    current: float
    phases: int = PHASES
    share: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A car at each station of a group."""

    arrive: Spread
    leave: Spread
    need: Spread
    cars: tuple[Car, ...]
    postponing: int = 0
    """How many of them begin to draw only at a time of their own."""
    postponed_to: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Group:
    """Stations of one kind and what visits them, one after the other."""

    name: str
    stations: int
    rated_current: float
    phases: tuple[int, ...]
    rotate: bool
    """Each station begins one phase after the one before."""
    wires: int
    """How many of the phases each station has."""
    priority: int
    """How many of them are priority stations, from the first on."""
    visits: tuple[Visit, ...]


@dataclass(frozen=True, kw_only=True)
class Workload:
    """A day of a site, before chance."""

    name: str
    title: str
    start: float
    end: float
    settings: Mapping[str, Any]
    """Of the load manager, by the names of ``LoadManagerConfig``."""
    loads: tuple[Load, ...]
    groups: tuple[Group, ...]
    faults: tuple[Fault, ...] = ()

    @property
    def stations(self) -> tuple[str, ...]:
        """The ids of the stations."""
        return tuple(f"{group.name}{number}" for group in self.groups for number in range(1, group.stations + 1))

    def with_faults(self, *faults: Fault) -> Workload:
        """Return the same with more faults."""
        return replace(self, faults=self.faults + faults)


def names() -> list[str]:
    """Return the workloads that come with it."""
    return sorted(path.stem.upper() for path in FOLDER.glob("*.json"))


def load_workload(name: str) -> Workload:
    """Return a workload by its name, or from a file; raises ``WorkloadError`` or ``OSError``."""
    path = FOLDER / f"{name.lower()}.json" if name.upper() in names() else Path(name)
    if not path.exists():
        raise WorkloadError("", f"{name} is neither one of {', '.join(names())} nor a file")
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as err:
        raise WorkloadError(str(path), f"not JSON: {err}") from None
    try:
        return workload_of(value, path.stem.upper() if path.parent == FOLDER else path.stem)
    except WorkloadError as err:
        raise WorkloadError(str(path), str(err)) from None


def workload_of(value: Any, name: str) -> Workload:
    """Read a workload from parsed JSON; raises ``WorkloadError``."""
    with Fields(value, "") as given:
        start = given.take("start", clock)
        end = given.take("end", clock)
        end += DAY if end <= start else 0
        found = Workload(
            name=name,
            title=given.take("title", word, name),
            start=start,
            end=end,
            settings=given.take("manager", settings_of),
            loads=given.take("loads", many(_load(start), 0), ()),
            groups=given.take("groups", many(_group(start))),
            faults=given.take("faults", many(_fault(start), 0), ()),
        )
    _check(found)
    return found


def settings_of(value: Any, where: str) -> Mapping[str, Any]:
    """Read settings of the load manager; what they must be, it says itself."""
    if not isinstance(value, dict):
        raise WorkloadError(where, "an object is needed")
    for name in value:
        if name not in _SETTINGS:
            raise WorkloadError(
                f"{where}.{name}", f"there is no such setting; there are {', '.join(sorted(_SETTINGS))}"
            )
    config_of(value, where)
    return value


def config_of(settings: Mapping[str, Any], where: str = "manager") -> LoadManagerConfig:
    """Return the configuration of the load manager; raises ``WorkloadError`` where it does not take the settings."""
    try:
        mode = Mode(settings.get("mode", Mode.CONTINUOUS))
        return LoadManagerConfig(**{**settings, "mode": mode})
    except (TypeError, ValueError) as err:
        raise WorkloadError(where, str(err)) from None


def fault_of(text: str, workload: Workload) -> Fault:
    """Read a fault from a word such as ``lost_station:A3@10:00-11:00``."""
    what, at, times = text.partition("@")
    start, until, end = times.partition("-")
    if not (at and until):
        raise WorkloadError(text, "a fault is KIND@HH:MM-HH:MM or KIND:STATION@HH:MM-HH:MM")
    kind, colon, station = what.partition(":")
    value = {"kind": kind, "from": start, "until": end} | ({"station": station} if colon else {})
    found = _fault(workload.start)(value, text)
    _check_fault(found, workload, text)
    return found


def _fault(start: float) -> Reader[Fault]:
    """Return a reader of faults."""

    def read(value: Any, where: str) -> Fault:
        """Read a fault."""
        with Fields(value, where) as given:
            name = given.take("kind", word)
            if name not in set(FaultKind):
                raise WorkloadError(given.place("kind"), f"one of {', '.join(FaultKind)} is needed, not {name!r}")
            kind = FaultKind(name)
            begin = given.take("from", clock_from(start))
            return Fault(
                kind=kind,
                start=begin,
                end=given.take("until", clock_from(begin)),
                station=given.take("station", word) if kind in _OF_STATIONS else None,
            )

    return read


def _load(start: float) -> Reader[Load]:
    """Return a reader of loads."""

    def read(value: Any, where: str) -> Load:
        """Read a load."""
        with Fields(value, where) as given:
            given.take("name", word, "")
            periodic = "on" in given or "every" in given
            every = given.take("every", number(1)) if periodic else None
            begin = given.take("from", clock_from(start), None)
            return Load(
                phases=given.take("phases", phases, (0, 1, 2)),
                points=given.take("current", _points),
                noise=given.take("noise", number(0, 100), 0.0) / 100,
                noise_time=given.take("noise_time", number(1), 120.0),
                start=begin,
                end=given.take("until", clock_from(start if begin is None else begin), None),
                every=every,
                on=given.take("on", number(0, every)) if every is not None else None,
            )

    return read


def _points(value: Any, where: str) -> tuple[tuple[float, float], ...]:
    """Read a current, or currents by time of the day."""
    if not isinstance(value, dict):
        return ((0.0, number()(value, where)),)
    if not value:
        raise WorkloadError(where, "no time is named")
    return tuple(sorted((clock(at, where), number()(one, f"{where}.{at}")) for at, one in value.items()))


def _group(start: float) -> Reader[Group]:
    """Return a reader of groups."""

    def read(value: Any, where: str) -> Group:
        """Read a group."""
        with Fields(value, where) as given:
            wiring = given.take("phases", phases, (0, 1, 2))
            wires = given.take("wires", whole(1, len(wiring)), len(wiring))
            rated = given.take("rated_current", number(FLOOR))
            stations = given.take("stations", whole(1, MOST_STATIONS), 1)
            return Group(
                name=given.take("name", word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[_last_index(where) % 26]),
                stations=stations,
                rated_current=rated,
                phases=wiring,
                rotate=given.take("rotate", yes_or_no, default=False),
                wires=wires,
                priority=given.take("priority", whole(0, stations), 0),
                visits=given.take("visits", many(_visit(start, stations, rated, wires))),
            )

    return read


def _last_index(where: str) -> int:
    """Return the number in brackets that a place ends with."""
    return int(where.rpartition("[")[2].rstrip("]"))


def _visit(start: float, stations: int, rated: float, wires: int) -> Reader[Visit]:
    """Return a reader of visits to stations of this kind."""

    def read_car(value: Any, where: str) -> Car:
        """Read a kind of car."""
        with Fields(value, where) as given:
            return Car(
                current=given.take("current", number(FLOOR), rated),
                phases=given.take("phases", whole(1, PHASES), wires),
                share=given.take("share", number(0), 1.0),
            )

    def read(value: Any, where: str) -> Visit:
        """Read a visit."""
        times = clock_from(start)
        with Fields(value, where) as given:
            cars = given.take("cars", many(read_car), (Car(current=rated, phases=wires),))
            if not sum(car.share for car in cars):
                raise WorkloadError(given.place("cars"), "a share above 0 is needed")
            postponing, until = given.take("postpone", _postpone(times, stations), (0, 0.0))
            return Visit(
                arrive=given.take("arrive", spread(times, MINUTE)),
                leave=given.take("leave", spread(times, MINUTE)),
                need=_times(given.take("need", spread(number(0))), _KWH),
                cars=cars,
                postponing=postponing,
                postponed_to=until,
            )

    return read


def _postpone(times: Reader[float], stations: int) -> Reader[tuple[int, float]]:
    """Return a reader of how many cars postpone, and until when."""

    def read(value: Any, where: str) -> tuple[int, float]:
        """Read both."""
        with Fields(value, where) as given:
            return given.take("cars", whole(0, stations)), given.take("until", times)

    return read


def _times(given: Spread, factor: float) -> Spread:
    """Return a spread in another unit."""
    return type(given)(middle=given.middle * factor, half=given.half * factor, deviation=given.deviation * factor)


def _check(workload: Workload) -> None:
    """Refuse what only the whole shows."""
    ids = workload.stations
    if len(ids) > MOST_STATIONS:
        raise WorkloadError("groups", f"{len(ids)} stations, {MOST_STATIONS} are the most")
    if len(set(ids)) < len(ids):
        raise WorkloadError("groups", "two stations have one name: give the groups other names")
    for place, fault in enumerate(workload.faults):
        _check_fault(fault, workload, f"faults[{place}]")


def _check_fault(fault: Fault, workload: Workload, where: str) -> None:
    """Refuse a fault of a station that is not there."""
    if fault.station is not None and fault.station not in workload.stations:
        raise WorkloadError(where, f"there is no station {fault.station}; there are {', '.join(workload.stations)}")
