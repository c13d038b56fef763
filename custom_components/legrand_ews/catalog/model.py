"""What a product is: one line of the catalogue.

This module owns the shape of a line. The lines are in ``data/models.yaml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .profile import Confidence

_DIGITS: Final = 6


class Kind(StrEnum):
    """What a product does for the installation."""

    METER = "meter"
    COUNTER = "counter"
    PULSE_METER = "pulse_meter"
    CONCENTRATOR = "concentrator"
    STATE = "state"
    CONTROL = "control"
    BREAKER = "breaker"
    IO = "io"
    STATION = "station"
    INTERFACE = "interface"
    """Gateways and bus interfaces: carry others, measure nothing."""
    COMMUNICATION = "communication"
    """Communication modules and kits: give a product its Modbus address."""


class Option(StrEnum):
    """A field that a device of this model needs in its form, beside address and name."""

    POSITION = "position"
    CONCENTRATOR = "concentrator"
    SIDE = "side"
    PHASE = "phase"
    SUPPLY = "supply"
    INTERFACE = "interface"
    """EMS remote addressing: "2-1"."""
    GENERIC = "generic"
    """Function, register, words, factor of any meter."""


class Commodity(StrEnum):
    """What a meter counts."""

    ELECTRICITY = "electricity"
    GAS = "gas"
    WATER = "water"


@dataclass(frozen=True, kw_only=True)
class Family:
    """A group of products as the original's list shows them."""

    id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A register map that a model may have, and how sure that is."""

    profile: str
    confidence: Confidence


@dataclass(frozen=True, kw_only=True)
class Model:
    """A product by catalogue number."""

    number: str
    """Without spaces: "412045". A word where there is no number: "gas_counter"."""
    name: str
    family: str
    kind: Kind
    phases: int | None = None
    """1 or 3; None where the product has no phases or they are configurable."""
    commodity: Commodity | None = None
    measures: tuple[str, ...] = ()
    """Groups of quantities: energy, power, voltage, current, frequency, thd, harmonics, pulses, analogue."""
    states: tuple[str, ...] = ()
    """open, closed, tripped, inputs, outputs, station, charge."""
    commands: tuple[str, ...] = ()
    """open, close, outputs, charge, clock."""
    options: frozenset[Option] = frozenset()
    sides: int = 1
    """Charging points of a station."""
    inputs: int = 0
    """Pulse inputs."""
    mid: bool = False
    """Approved for billing (EU measuring instruments directive)."""
    candidates: tuple[Candidate, ...] = ()
    """Register maps, the likeliest first."""

    @property
    def profile(self) -> str | None:
        """The id of the likeliest register map, None where none is published."""
        return self.candidates[0].profile if self.candidates else None

    @property
    def confidence(self) -> Confidence:
        """How sure the likeliest map is; NONE where none is published."""
        return self.candidates[0].confidence if self.candidates else Confidence.NONE

    @property
    def display_number(self) -> str:
        """The number as printed on the product: "4 120 45"."""
        if len(self.number) == _DIGITS and self.number.isdigit():
            return f"{self.number[0]} {self.number[1:4]} {self.number[4:]}"
        return self.number
