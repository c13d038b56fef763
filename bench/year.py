"""What is written to the archive: intervals and samples of 255 meters for as long as wanted.

This module owns the rows. A counter's level is a formula, so that what must come out for any time is known without
adding up rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from custom_components.legrand_ews.archive import IntervalRow, SampleRow

if TYPE_CHECKING:
    from collections.abc import Iterable

DEVICES: Final = 255
TICK: Final = 600
"""s: the sample rate by default."""
DAY: Final = 86400 // TICK
"""Ticks of a day."""
START: Final = 1_735_689_600
"""The first instant of 2025, UTC: a plain ``GROUP BY`` finds the days of this zone without a calendar."""
ZONE: Final = "UTC"
LOADS: Final = ("heating", "cooling", "hot_water", "lighting", "sockets", "ventilation", "others")
GROUPS: Final = ("east", "west", "office")
VALUES: Final = tuple(f"value_{number}" for number in range(1, 41))


def name(device: int) -> str:
    """Return what a device is called."""
    return f"device {device:03}"


def load(device: int) -> str:
    """Return the load of a device."""
    return LOADS[device % len(LOADS)]


def at(tick: int) -> int:
    """Return when a tick begins."""
    return START + TICK * tick


def level(device: int, tick: int) -> int:
    """Return what a device's counter stands at when a tick begins, Wh; it rises with every tick."""
    return tick * (50 + device) + (tick * 7 + device) % 50


def intervals(tick: int, devices: Iterable[int] = range(DEVICES)) -> list[IntervalRow]:
    """Return the intervals of a tick."""
    return [
        IntervalRow(
            device=name(device),
            quantity="energy_import",
            commodity="electricity",
            start=at(tick),
            seconds=TICK,
            amount=level(device, tick + 1) - level(device, tick),
            level=level(device, tick + 1),
            load=load(device),
            groups=(GROUPS[device % len(GROUPS)],),
        )
        for device in devices
    ]


def samples(tick: int, devices: Iterable[int] = range(DEVICES), names: Iterable[str] = VALUES) -> list[SampleRow]:
    """Return the samples of a tick; no two of the values are the same."""
    return [
        SampleRow(
            device=name(device),
            start=at(tick),
            seconds=TICK,
            values={
                key: (float(tick + device + number), float(number), float(tick + DEVICES + number))
                for number, key in enumerate(names)
            },
        )
        for device in devices
    ]
