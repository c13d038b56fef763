"""Days of charging on a computer: how much the load manager gives cars, and how safely, against what was possible.

It owns a simple physics of cars, stations and a meter, workloads, an upper bound and figures of merit; not the load
manager, which is the integration's room ``greenup``. See ``docs/simulation.md``.
"""

from __future__ import annotations

from plant.rooms import open_rooms

open_rooms()
