"""What one dead unit of 32 costs the others.

This module owns the comparison: the 31 alone, then with the dead one behind a gateway that says so, and behind one that
says nothing.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Final

from custom_components.legrand_ews.catalog import Catalog

from .field import METERS, TIMING, Line, meter, scenario_of, shown, target
from .table import Figure
from .watched import WatchedPlant, cycles

if TYPE_CHECKING:
    from custom_components.legrand_ews.bus import Target
    from plant.line import Timing

DEAD: Final = 16
OTHERS: Final = tuple(unit for unit in range(1, METERS + 1) if unit != DEAD)
DURATION: Final = 90.0
WARM_UP: Final = 15.0
MOST: Final = 10.0
"""% that the cycle may lengthen."""
GATEWAYS: Final = (("gateway answers 0x0B", True), ("gateway says nothing", False))


async def measure() -> list[Figure]:
    """Compare the mean cycle of 31 units with and without a dead one."""
    catalog = await asyncio.to_thread(Catalog.load)
    wanted = target(meter(catalog), shown(meter(catalog)))
    alone, _ = await _cycle(wanted, OTHERS, TIMING)
    figures = [Figure(name=f"cycle of {METERS - 1} units", reached=alone, unit="s")]
    for name, reports in GATEWAYS:
        timing = replace(TIMING, reports_silence=reports)
        cycle, asked = await _cycle(wanted, range(1, METERS + 1), timing)
        figures += [
            Figure(name=f"the same with a dead one, {name}", reached=cycle, unit="s"),
            Figure(name="  longer by", reached=100 * (cycle / alone - 1), unit="%", wanted=MOST),
            Figure(name=f"  requests to the dead one in {DURATION:.0f} s", reached=asked),
        ]
    return figures


async def _cycle(wanted: Target, units: range | tuple[int, ...], timing: Timing) -> tuple[float, int]:
    """Poll for a while; return the mean cycle of those that live, s, and how often the dead one was asked.

    All live while they are read for the first time, settings included. Then the dead one dies, and its first time-out
    is waited for.
    """
    async with WatchedPlant(scenario_of(), timing) as plant, Line(plant.ports[0], wanted, units) as line:
        await asyncio.sleep(WARM_UP)
        if DEAD in units:
            await plant.command(f"silent 1 {DEAD}")
            await line.silence.wait()
        since = monotonic()
        await asyncio.sleep(DURATION)
        log = await plant.log()
    found = cycles(log, since)
    lengths = [length for unit in OTHERS for length in found[unit]]
    asked = sum(row.unit == DEAD and row.arrival >= since for row in log)
    return sum(lengths) / len(lengths), asked
