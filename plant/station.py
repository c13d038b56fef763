"""A charging station, or one side of it: what it was told, the car that is there, and what that car has taken.

This module owns authorisation, the limit, the session and the words of the states ``charge`` and ``station``. It is the
source of what only a station can tell, in front of its meter. Which registers show it is ``controls``'s matter, what a
car takes of what it is offered ``cars``'s.

A station that was told nothing offers what it can; from the first order on it is managed. The register shows an order
at once, the car follows it a little later.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from zlib import crc32

from custom_components.legrand_ews.catalog.state import OFF, ON, AlarmGroup

from .cars import Car
from .electrical import CAR_VOLTAGE, PHASES, TOTAL
from .instrument import counted
from .moments import moment_of

if TYPE_CHECKING:
    from custom_components.legrand_ews.catalog.charging import Charging
    from custom_components.legrand_ews.catalog.profile import Profile

    from .electrical import Drawn, Installation, Load
    from .faults import Faults
    from .instrument import Source, Value
    from .mechanism import Mechanism

RATED: Final = 32.0
"""A of a station that nobody says more of."""
SOCKET: Final = "ev_socket"
AMPERE_HOUR: Final = 3_600_000_000
"""mA x ms."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a station is fitted."""

    installation: Installation
    load: Load
    """What it carries; its shape brings cars, each at an hour of its own."""
    phases: tuple[int, ...]
    """Of the mains behind the plug's, 1 to 3."""


class Station:
    """One plug for one car."""

    def __init__(
        self,
        place: Place,
        charging: Charging,
        meter: Source,
        *,
        rated: float | None = None,
        limit: float | None = None,
    ) -> None:
        """Fit a station. ``rated`` and ``limit`` (at the start) in A, by default the most that its map knows."""
        self.car: Car | None = None
        self.rated = rated or (charging.maximum if math.isfinite(charging.maximum) else RATED)
        self.limit = self.rated if limit is None else limit
        """A; 0.0: no car may charge."""
        self.allowed = True
        """False while a car may not charge, whatever the limit."""
        self.managed = False
        """True once it was told something, and has not forgotten that."""
        self._at_start = self.limit
        self._place = place
        self._refresh = charging.refresh
        self._meter = meter
        self._offered = self.limit
        self._late: list[tuple[int, float]] = []
        self._told = self._plugged = 0
        self._stay: int | None = None
        self._by_hand = False
        self._charge = [0] * PHASES
        self._begin_session()

    def join(self, mechanism: Mechanism, profile: Profile, faults: Faults) -> None:
        """Take the sockets and alarms of a mechanism for its own, and let it show how things stand."""
        self._mechanism, self._faults = mechanism, faults
        self._alarms = {
            group: [key for key, state in profile.states.items() if state.alarm is group]
            for group in (AlarmGroup.STATION, AlarmGroup.CHARGE)
        }
        mechanism.show("charge", self.charge_word)
        mechanism.show("station", self.station_word)
        self._place.load.outlet = self
        self.renew()

    def value(self, key: str) -> Value:
        """Return what the station tells by itself, else what its meter does."""
        if key == "session_energy":
            return float(counted(self._energy))
        if key == "session_charge":
            return max(self._charges()) / AMPERE_HOUR
        if key == "rated_current":
            return self.rated
        if key == "card":
            return self.car.card if self.car else ""
        return self._meter.value(key)

    def charge_word(self) -> str:
        """Return how the charge stands."""
        if any(self._failed(group) for group in self._alarms):
            return "fault"
        if self.car is None:
            return "free"
        if self._is_full(self.car):
            return "done"
        return "charging" if self._place.load.power[TOTAL] else "waiting"

    def station_word(self) -> str:
        """Return how the station stands."""
        if self._failed(AlarmGroup.STATION):
            return "fault"
        if not self._is_on:
            return OFF
        return "managed" if self.managed else ON

    def order(self, *, limit: float | None = None, allowed: bool | None = None) -> None:
        """Tell the station its limit, A, or whether a car may charge at all; what is None stays as it is."""
        if self._faults.stuck:
            return
        self._told, self.managed = self._now, True
        self.limit = self.limit if limit is None else limit
        self.allowed = self.allowed if allowed is None else allowed
        self._follow()

    def plug(self, car: Car) -> None:
        """Put a car there; it stays until it is unplugged. Raises ``ValueError`` where there is one."""
        if self.car is not None:
            raise ValueError("there is a car")
        self._arrive(car)
        self._by_hand = True
        self.renew()

    def unplug(self) -> None:
        """Take the car away. Raises ``ValueError`` where there is none."""
        if self.car is None:
            raise ValueError("there is no car")
        self.car, self._by_hand = None, False
        self.renew()

    def fault(self, key: str | None = None, *, on: bool = True) -> None:
        """Let the station fail, or work again: by an alarm of it, else by its first one; without a key all end.

        Raises ``ValueError`` where it has no such alarm.
        """
        own = [name for keys in self._alarms.values() for name in keys]
        if not own or (key is not None and key not in own):
            raise ValueError(f"there is no alarm {key or ''}; there are {', '.join(own) or 'none'}")
        chosen = [key] if key is not None else own[:1] if on else own
        for name in chosen:
            self._mechanism.alarm(name, on=on)

    def renew(self) -> None:
        """Let the installation carry at once what the car takes now."""
        self._place.installation.renew(self._place.load)

    def drawn(self) -> Drawn:
        """Return what the car draws from now on."""
        self._bring()
        self._forget()
        while self._late and self._late[0][0] <= self._now:
            _, self._offered = self._late.pop(0)
        self._book()
        return self._powers(self._amperes(), self.car.phases if self.car else 0)

    @property
    def _now(self) -> int:
        """Ms since the start."""
        return self._place.installation.clock.elapsed

    @property
    def _energy(self) -> int:
        """What the car has taken, in mW x ms; after it has left what it took."""
        return self._place.load.index.imported[TOTAL] - self._begin

    @property
    def _is_on(self) -> bool:
        """False while the socket for cars gives nothing."""
        return SOCKET not in self._mechanism.parts or self._mechanism.word(SOCKET) == ON

    def _failed(self, group: AlarmGroup) -> bool:
        """Return True while an alarm of a group is on."""
        return any(self._mechanism.word(key) == ON for key in self._alarms[group])

    def _is_full(self, car: Car) -> bool:
        """Return True once the car has what it needs."""
        return counted(self._energy) >= car.need

    def _follow(self) -> None:
        """Let what was told come into force, as late as the car and the mechanism are."""
        offered = self.limit if self.allowed else 0.0
        delay = self._faults.mechanism_delay + (self.car.reaction if self.car else 0.0)
        self._late.append((self._now + round(delay * 1000), offered))

    def _forget(self) -> None:
        """Do as at the start once orders are not repeated."""
        if self.managed and self._refresh is not None and self._now - self._told > self._refresh * 1000:
            self.managed, self.allowed, self.limit = False, True, self._at_start
            self._follow()

    def _bring(self) -> None:
        """Let cars come and go as the load's shape has it; one that was put there by hand stays."""
        load, installation = self._place.load, self._place.installation
        stay = load.stay(moment_of(installation.now - timedelta(hours=load.offset)))
        if stay == self._stay:
            return
        self._stay = stay
        if self._by_hand:
            return
        self.car = None
        if stay is not None:
            phases = min(len(load.spec.phases), len(self._place.phases))
            current = load.spec.peak / (CAR_VOLTAGE * phases)
            card = f"{crc32(f'{load.name}:{stay}'.encode()):08X}"
            self._arrive(Car(need=load.need(stay), current=current, phases=phases, card=card))

    def _arrive(self, car: Car) -> None:
        """Begin anew with another car."""
        self.car, self._plugged = car, self._now
        self._begin_session()

    def _begin_session(self) -> None:
        """Count from 0."""
        index = self._place.load.index
        self._begin = index.imported[TOTAL]
        self._charge = [0] * PHASES
        self._book(counts=False)

    def _charges(self) -> list[int]:
        """Return what has passed each phase in the session, in mA x ms: voltages hold until the next tick."""
        apparent = self._place.load.index.apparent
        return [
            charge + (apparent[phase] - self._apparent[phase]) * 1000 // self._volts[phase]
            for phase, charge in enumerate(self._charge)
        ]

    def _book(self, *, counts: bool = True) -> None:
        """Keep the charge that has passed at the voltages until now; from now on others hold."""
        if counts:
            self._charge = self._charges()
        self._apparent = self._place.load.index.apparent[:PHASES]
        self._volts = list(self._place.installation.voltage)

    def _amperes(self) -> float:
        """Return what the car takes per phase, A."""
        car = self.car
        if car is None or self._is_full(car) or not self._is_on or any(self._failed(group) for group in self._alarms):
            return 0.0
        taken = car.takes(min(self._offered, self.rated), (self._now - self._plugged) / 1000)
        return taken if self._place.load.limit is None else min(taken, self._place.load.limit)

    def _powers(self, amperes: float, phases: int) -> Drawn:
        """Return powers whose current is just this on the first of the plug's phases, and nothing on the others."""
        tangent = self._place.load.tangent
        active, reactive = [0] * PHASES, [0] * PHASES
        for phase in self._place.phases[:phases]:
            apparent = amperes * self._place.installation.voltage[phase - 1]
            active[phase - 1] = int(apparent / math.hypot(1, tangent))
            reactive[phase - 1] = int(active[phase - 1] * tangent)
        return active, reactive
