"""How loads, sources, gas and water behave over a day: tables only.

A shape gives, hour by hour, the share of the peak that is drawn on working days and at the weekend. The electrical
model (``electrical``) interpolates between the hours and adds noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

type Hours = tuple[float, ...]
"""24 shares of the peak, 0 to 1, one at each full hour."""


class Manner(StrEnum):
    """How a load follows its shape."""

    SMOOTH = "smooth"
    """Draws the share of its peak."""
    CYCLIC = "cyclic"
    """Draws its whole peak for that share of its period, as a thermostat does."""
    SUN = "sun"
    """Feeds in."""
    CAR = "car"
    """Draws its rated current from arrival until it is full or leaves."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A kind of consumption."""

    working: Hours
    weekend: Hours
    manner: Manner = Manner.SMOOTH
    noise: float = 0.1
    """Standard deviation, as a share of the value, about."""
    power_factor: float = 0.95
    """Lagging; negative: leading."""
    distortion: float = 12.0
    """Total harmonic distortion of the current at full load, %."""
    period: float = 1200.0
    """Seconds of one cycle (cyclic loads)."""


def _hours(text: str) -> Hours:
    """Read 24 shares in per cent."""
    shares = tuple(float(word) / 100 for word in text.split())
    if len(shares) != 24:  # noqa: PLR2004
        raise ValueError(f"{len(shares)} hours in {text!r}")
    return shares


_NEVER = "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0"
_ALWAYS = " ".join(["100"] * 24)
_NIGHT = "60 60 60 60 60 60 20 5 5 5 5 5 5 5 5 5 5 5 5 10 10 10 60 60"
_DAYLIGHT = "0 0 0 0 0 0 2 10 25 45 65 80 92 98 95 85 70 50 30 12 3 0 0 0"


def _shape(working: str, weekend: str | None = None, **more: float | Manner) -> Shape:
    """Build a shape from two lines of per cents; the weekend is like the working days unless told."""
    hours = _hours(working)
    return Shape(working=hours, weekend=hours if weekend is None else _hours(weekend), **more)  # type: ignore[arg-type]


SHAPES: Final[Mapping[str, Shape]] = {
    "office_lighting": _shape(
        "8 8 8 8 8 10 25 60 90 95 95 90 80 90 95 95 95 90 65 35 20 12 8 8",
        "8 8 8 8 8 8 8 10 12 12 12 12 12 12 12 12 12 12 12 12 10 8 8 8",
        noise=0.03,
        power_factor=0.92,
        distortion=18.0,
    ),
    "office_sockets": _shape(
        "18 18 18 18 18 18 22 45 75 88 92 88 65 80 92 92 88 72 45 30 24 20 18 18",
        "18 18 18 18 18 18 18 18 20 20 20 20 20 20 20 20 20 20 20 18 18 18 18 18",
        noise=0.15,
        power_factor=0.93,
        distortion=28.0,
    ),
    "air_conditioning": _shape(
        "15 15 15 15 15 20 40 60 70 75 85 92 95 100 100 98 92 80 55 35 25 20 15 15",
        "12 12 12 12 12 12 12 15 15 18 20 22 25 25 25 25 22 20 15 12 12 12 12 12",
        noise=0.12,
        power_factor=0.86,
        distortion=9.0,
    ),
    "heating": _shape(
        "35 35 35 38 45 70 95 90 70 60 55 50 50 50 50 52 60 70 75 70 60 50 40 35",
        noise=0.1,
        power_factor=0.98,
        distortion=6.0,
    ),
    "heat_pump": _shape(
        "45 45 45 45 50 60 75 70 55 45 40 35 35 35 38 42 50 60 65 65 60 55 50 45",
        manner=Manner.CYCLIC,
        period=2700.0,
        noise=0.06,
        power_factor=0.9,
        distortion=10.0,
    ),
    "ventilation": _shape(
        "30 30 30 30 30 50 80 95 100 100 100 100 95 100 100 100 100 90 70 45 30 30 30 30",
        "30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30",
        noise=0.04,
        power_factor=0.82,
        distortion=14.0,
    ),
    "hot_water": _shape(_NIGHT, manner=Manner.CYCLIC, period=1500.0, noise=0.01, power_factor=1.0, distortion=2.0),
    "server_room": _shape(_ALWAYS, noise=0.03, power_factor=-0.97, distortion=11.0),
    "kitchen": _shape(
        "6 6 6 6 6 8 15 25 30 35 65 95 100 70 30 22 20 18 15 10 8 6 6 6",
        "6 6 6 6 6 6 6 6 6 6 6 6 6 6 6 6 6 6 6 6 6 6 6 6",
        noise=0.25,
        power_factor=0.97,
        distortion=8.0,
    ),
    "lift": _shape(
        "5 5 5 5 5 5 12 45 70 45 35 40 55 50 35 35 45 65 40 15 8 5 5 5",
        "4 4 4 4 4 4 4 4 5 5 5 5 5 5 5 5 5 5 4 4 4 4 4 4",
        manner=Manner.CYCLIC,
        period=140.0,
        noise=0.2,
        power_factor=0.7,
        distortion=24.0,
    ),
    "workshop": _shape(
        "3 3 3 3 3 4 30 75 90 95 92 85 40 85 92 90 75 30 8 4 3 3 3 3",
        "3 3 3 3 3 3 3 3 3 3 3 3 3 3 3 3 3 3 3 3 3 3 3 3",
        noise=0.3,
        power_factor=0.78,
        distortion=16.0,
    ),
    "compressor": _shape(
        "5 5 5 5 5 5 30 55 65 65 65 60 40 60 65 65 55 25 8 5 5 5 5 5",
        manner=Manner.CYCLIC,
        period=420.0,
        noise=0.05,
        power_factor=0.8,
        distortion=7.0,
    ),
    "outdoor_lighting": _shape(
        "100 100 100 100 100 95 60 15 0 0 0 0 0 0 0 0 5 40 85 100 100 100 100 100",
        noise=0.01,
        power_factor=0.9,
        distortion=15.0,
    ),
    "house_base": _shape(
        "22 20 20 20 20 25 45 55 40 35 35 42 55 45 35 35 42 60 85 95 90 75 50 30",
        noise=0.3,
        power_factor=0.95,
        distortion=22.0,
    ),
    "cooking": _shape(
        "0 0 0 0 0 0 8 18 5 0 0 20 45 10 0 0 0 15 60 55 12 2 0 0",
        manner=Manner.CYCLIC,
        period=600.0,
        noise=0.05,
        power_factor=0.99,
        distortion=3.0,
    ),
    "laundry": _shape(
        "0 0 0 0 0 0 0 5 25 30 25 15 5 5 15 20 15 10 5 5 10 5 0 0",
        manner=Manner.CYCLIC,
        period=3000.0,
        noise=0.2,
        power_factor=0.85,
        distortion=10.0,
    ),
    "fridge": _shape(
        " ".join(["38"] * 24), manner=Manner.CYCLIC, period=2400.0, noise=0.03, power_factor=0.75, distortion=9.0
    ),
    "sun": _shape(_DAYLIGHT, manner=Manner.SUN, noise=0.2, power_factor=0.995, distortion=4.0),
    "car_at_work": _shape(
        "0 0 0 0 0 0 0 0 100 100 100 100 100 100 100 100 100 0 0 0 0 0 0 0",
        _NEVER,
        manner=Manner.CAR,
        noise=0.005,
        power_factor=0.99,
        distortion=5.0,
    ),
    "car_at_home": _shape(
        "100 100 100 100 100 100 100 0 0 0 0 0 0 0 0 0 0 0 100 100 100 100 100 100",
        manner=Manner.CAR,
        noise=0.005,
        power_factor=0.99,
        distortion=5.0,
    ),
    "car_visiting": _shape(
        "0 0 0 0 0 0 0 0 0 100 100 100 100 100 100 100 100 100 100 100 100 100 0 0",
        manner=Manner.CAR,
        noise=0.005,
        power_factor=0.99,
        distortion=5.0,
    ),
    "car_on_call": _shape(_NEVER, manner=Manner.CAR, noise=0.005, power_factor=0.99, distortion=5.0),
    "gas_heating": _shape(
        "20 20 20 25 45 75 90 75 55 45 40 35 35 35 35 38 45 55 60 55 45 35 25 20",
        manner=Manner.CYCLIC,
        period=1800.0,
        noise=0.05,
    ),
    "gas_kitchen": _shape("0 0 0 0 0 5 10 10 10 25 75 100 85 35 5 0 0 5 20 15 5 0 0 0", noise=0.3),
    "water_office": _shape(
        "1 1 1 1 1 2 10 45 75 80 85 90 100 85 70 70 65 45 20 10 5 2 1 1",
        "1 1 1 1 1 1 1 2 3 3 3 3 3 3 3 3 2 2 1 1 1 1 1 1",
        noise=0.5,
    ),
    "water_house": _shape("1 1 1 1 1 8 60 80 40 20 15 25 35 20 12 12 18 40 65 55 40 30 15 4", noise=0.6),
}
"""Every shape by its name."""
