"""One address on a bus: a memory, its indexes and its faults.

This module owns what happens inside a device on demand: values that stand still, an index that was reset or is about to
roll over. How a request reaches it is ``gateway``'s matter.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from custom_components.legrand_ews.catalog.profile import Space
from custom_components.legrand_ews.catalog.quantity import QUANTITIES

from .faults import Faults
from .image import Image, Section

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from custom_components.legrand_ews.catalog.profile import Measure

    from .electrical import Installation

ROLLOVER_STEPS: Final = 3
"""Steps of its finest part that an index is set below its rollover."""
READING: Final = (1, 2, 3, 4)
WRITTEN: Final = {5: Space.COIL, 15: Space.COIL}
"""What write functions write to, where it is not the holding registers."""


class Unit:
    """A device, or several that share an address: the inputs of a concentrator, the modules of an EMS group."""

    def __init__(self, address: int, sections: Mapping[str, Section], installation: Installation) -> None:
        """Put together the sections, by the name of their device."""
        self.address = address
        self.sections = dict(sections)
        self.faults = Faults()
        self._image = Image(self.sections.values())
        self._installation = installation
        self._revision = 0
        self._frozen: object = None

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
        """Return words or bits as a function asks for them, or reads back what it wrote. Raises ``image.Refused``."""
        space = Space.from_function(function) if function in READING else WRITTEN.get(function, Space.HOLDING)
        return self._image.read(space, address, count, self._frozen or self._version())

    def write(self, function: int, address: int, values: list[int]) -> None:
        """Take words or bits as a write function brings them. Raises ``image.Refused``."""
        self._image.write(WRITTEN.get(function, Space.HOLDING), address, values)

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

    def _version(self) -> tuple[int, int]:
        """Return what differs when values may have changed."""
        return self._installation.version, self._revision

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
