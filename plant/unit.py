"""One address on a bus: a memory, its indexes and its faults.

This module owns what happens inside a device on demand: values that stand still, an index that was reset or is about to
roll over. It joins a device's memory to what moves in it (``mechanism``) and to what that switches in the installation.
How a request reaches it is ``gateway``'s matter.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from custom_components.legrand_ews.catalog.profile import Space
from custom_components.legrand_ews.catalog.quantity import QUANTITIES
from custom_components.legrand_ews.catalog.state import CLOSED, ON, Verb, Write

from .faults import Faults
from .image import Image, Section
from .mechanism import Mechanism
from .orders import CHARGING, Orders, meant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from custom_components.legrand_ews.catalog.profile import Measure

    from .electrical import Installation

ROLLOVER_STEPS: Final = 3
"""Steps of its finest part that an index is set below its rollover."""
READING: Final = (1, 2, 3, 4)
WRITTEN: Final = {5: Space.COIL, 15: Space.COIL}
"""What write functions write to, where it is not the holding registers."""
SINGLE: Final = (5, 6)
SWITCHES: Final = ("breaker", "contactor")
"""Parts that switch what lies behind the device; numbered ones do not."""
RELAY_TIME: Final = (Space.HOLDING, 0x220E)
"""Where the 4 120 45 keeps for how long its relay closes when a command is timed, s."""
RIGHT: Final = "right"
"""The side of a station whose states are meant by their key behind ``right:``."""


class Unit:
    """A device, or several that share an address: the inputs of a concentrator, the modules of an EMS group."""

    def __init__(self, address: int, sections: Mapping[str, Section], installation: Installation) -> None:
        """Put together the sections, by the name of their device."""
        self.address = address
        self.sections = dict(sections)
        self.faults = Faults()
        self.mechanism = Mechanism(lambda: installation.now, self.faults)
        self._right = Mechanism(lambda: installation.now, self.faults)
        for section in self.sections.values():
            section.mechanism = self._right if section.side == RIGHT else self.mechanism
            section.mechanism.fit(section.profile, section.states, section.settings)
            if section.station is not None:
                section.station.join(section.mechanism, section.profile, self.faults)
        self._image = Image(self.sections.values())
        self._orders = Orders((section, section.profile) for section in self.sections.values())
        self._installation = installation
        self._revision = 0
        self._frozen: object = None
        for mechanism in (self.mechanism, self._right):
            if mechanism.parts:
                installation.on_step.append(mechanism.settle)
                mechanism.on_change = self._turned
        for key in SWITCHES:
            self._switch(key)

    @property
    def frozen(self) -> bool:
        """True while all values stand still."""
        return self._frozen is not None

    def freeze(self, *, frozen: bool = True) -> None:
        """Let all values stand still, or go on."""
        self._revision += 1
        self._frozen = self._version() if frozen else None
        if frozen:
            self._image.freeze(self._frozen)

    def read(self, function: int, address: int, count: int) -> list[int]:
        """Return words or bits as a function asks for them, or reads back what it wrote. Raises ``row.Refused``."""
        space = Space.from_function(function) if function in READING else WRITTEN.get(function, Space.HOLDING)
        return self._image.read(space, address, count, self._frozen or self._version())

    def write(self, function: int, address: int, values: list[int]) -> None:
        """Take words or bits as a write function brings them: orders, settings, the time. Raises ``row.Refused``."""
        space, single = WRITTEN.get(function, Space.HOLDING), function in SINGLE
        orders = self._orders.take(Write(space=space, address=address, values=tuple(values), single=single))
        self._revision += 1
        if orders is None:
            self._image.write(space, address, values, single=single)
            return
        for section, command in meant(row for row in orders if row[0].met(row[1].valid_if)):
            if command.state != CHARGING:
                section.mechanism.order(command.state, command.verb, _relay_time(section))
            elif section.station is not None:
                section.station.order(allowed=command.verb is Verb.ON)

    def trip(self, state: str = "breaker") -> None:
        """Trip a breaker. Raises ``ValueError`` where there is none, or an open one."""
        self.mechanism.trip(state)

    def hand(self, state: str, word: str) -> None:
        """Turn something by hand, or set an input, contact or choice. Raises ``ValueError`` where that cannot be.

        ``right:ev_socket`` is that of the right side of a station that has both sides at one address.
        """
        mechanism, key = self._sided(state)
        mechanism.hand(key, word)

    def set_input(self, number: int, *, on: bool = True) -> None:
        """Set a digital input. Raises ``ValueError`` where there is none of that number."""
        self.mechanism.hand(f"input_{number}", "on" if on else "off")

    def alarm(self, key: str, *, on: bool = True) -> None:
        """Raise an alarm of the device, or end it. Raises ``ValueError`` where there is none of that name."""
        mechanism, key = self._sided(key)
        mechanism.alarm(key, on=on)

    def link_error(self, number: int, *, on: bool = True) -> None:
        """Let a link to another module fail, or work again. Raises ``ValueError`` where there is none."""
        key = f"link_{number}"
        if not any(key in section.profile.links for section in self.sections.values()):
            raise ValueError(f"there is no link {number}")
        self.mechanism.link_error(key, on=on)

    def set_clock_offset(self, seconds: float) -> None:
        """Let the device's clock be ahead of the plant's time, or behind it. Raises ``ValueError`` without a clock."""
        if not any(section.profile.clock for section in self.sections.values()):
            raise ValueError("there is no clock")
        self.mechanism.set_clock(self._installation.now + timedelta(seconds=seconds))

    def clear(self) -> None:
        """Be well again: no faults, values that move, indexes as counted, tripped breakers closed."""
        self.faults.clear()
        self.mechanism.clear()
        self._right.clear()
        self.freeze(frozen=False)
        self.restore()

    def reset(self, key: str | None = None, device: str | None = None) -> list[str]:
        """Set an index (or all) of a device (or of all at this address) to 0; return which."""
        done = []
        for name, section, measure in self._indexes(key, device):
            section.offsets[measure.key] = -self._total(section, measure)
            done.append(f"{name}: {measure.key}")
        return done

    def roll_over(self, key: str | None = None, device: str | None = None, below: Decimal | None = None) -> list[str]:
        """Set an index (or all) just below its rollover; return which.

        ``below`` in the base unit; None: a few steps of the register.
        """
        done = []
        for name, section, measure in self._indexes(key, device):
            factor = section.factor(measure)
            if measure.modulus is None or factor is None:
                continue
            margin = min(part.scale for part in measure.parts) * factor * ROLLOVER_STEPS if below is None else below
            section.offsets[measure.key] = measure.modulus * factor - margin - self._total(section, measure)
            done.append(f"{name}: {measure.key}")
        return done

    def restore(self) -> None:
        """Let all indexes show again what was counted since the beginning."""
        self._revision += 1
        for section in self.sections.values():
            section.offsets.clear()

    def _version(self) -> tuple[int, ...]:
        """Return what differs when values may have changed."""
        return self._installation.version, self._revision, self.mechanism.version, self._right.version

    def _sided(self, state: str) -> tuple[Mechanism, str]:
        """Return the side's mechanism that a state belongs to, and the state's key there."""
        side, _, key = state.rpartition(":")
        return (self._right if side == RIGHT else self.mechanism), key

    def _turned(self, key: str) -> None:
        """Let the installation follow what was turned."""
        self._switch(key)
        for section in self.sections.values():
            if section.station is not None:
                section.station.renew()

    def _switch(self, key: str) -> None:
        """Open or close what lies behind a breaker or contactor."""
        if key not in SWITCHES or key not in self.mechanism.parts:
            return
        closed = self.mechanism.word(key) in (CLOSED, ON)
        for section in self.sections.values():
            own = {*section.profile.states, *(state for state, _ in section.profile.commands)}
            if section.place is not None and key in own:
                self._installation.switch(section.place, (self, key), closed=closed)

    def _indexes(self, key: str | None, device: str | None) -> Iterator[tuple[str, Section, Measure]]:
        """Yield the indexes that are meant, with their device and section."""
        self._revision += 1
        for name, section in self.sections.items():
            for measure in section.profile.measures.values():
                quantity = QUANTITIES.get(measure.key)
                counts = quantity is not None and quantity.kind.counts
                if counts and key in (None, measure.key) and device in (None, name):
                    yield name, section, measure

    @staticmethod
    def _total(section: Section, measure: Measure) -> Decimal:
        """Return what was counted since the beginning."""
        value = section.source.value(measure.key)
        return value if isinstance(value, Decimal) else Decimal(0)


def _relay_time(section: Section) -> float | None:
    """Return for how long a timed command closes the relay, s; None where no register of the map says it."""
    rows = section.profile.registers.items()
    return next((float(section.raw[name]) for name, row in rows if (row.space, row.address) == RELAY_TIME), None)
