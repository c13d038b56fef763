"""A simulated electrical installation behind real Modbus servers: for the demo, the tests and the benchmarks.

It speaks the catalogue's register maps backwards, so it needs the catalogue's rooms of the integration, but not
Home Assistant. See ``docs/plant.md``.
"""

from __future__ import annotations

from .rooms import open_rooms

open_rooms()
