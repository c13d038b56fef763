"""The scenario ``max``: as many devices as the original web server can manage, made by counting.

This module owns that list. 8 gateways, 255 devices: 8 panels of 31 or 32 multifunction meters, counters and circuits.
"""

from __future__ import annotations

from typing import Any, Final

GATEWAYS: Final = 8
DEVICES: Final = 255
MODELS: Final = ("412045", "412045", "004683", "412045", "004676", "004679", "412045", "004684")
"""Models in turn along a panel."""
SHAPES: Final = (
    ("office_sockets", 6_000, "sockets"),
    ("office_lighting", 4_000, "lighting"),
    ("air_conditioning", 9_000, "cooling"),
    ("workshop", 12_000, "others"),
    ("ventilation", 5_000, "ventilation"),
    ("heating", 8_000, "heating"),
    ("server_room", 3_000, "others"),
    ("kitchen", 7_000, "others"),
)
"""Shape, peak in W and load type of circuits in turn."""


def largest() -> dict[str, Any]:
    """Return the plain data of the scenario."""
    panels, gateways = [], []
    left = DEVICES
    for panel in range(1, GATEWAYS + 1):
        count = min(left, -(-DEVICES // GATEWAYS))
        left -= count
        circuits, devices = [], []
        for place in range(1, count):
            shape, peak, load = SHAPES[(place + panel) % len(SHAPES)]
            model = MODELS[place % len(MODELS)]
            single = model == "004679"
            name = f"Panel {panel} circuit {place}"
            circuits.append(
                {"name": name, "shape": shape, "peak": peak, "phases": [1 + place % 3] if single else [1, 2, 3]}
            )
            devices.append({"name": name, "model": model, "address": place + 1, "at": name, "load": load})
        main = {
            "name": f"Panel {panel} main",
            "model": "412045",
            "address": 1,
            "at": f"Panel {panel}",
            "exclude_from_totals": True,
        }
        panels.append({"name": f"Panel {panel}", "children": circuits})
        gateways.append({"name": f"Gateway {panel}", "area": f"Panel {panel}", "devices": [main, *devices]})
    return {
        "description": "8 panels with 255 meters, the most that the original manages.",
        "tree": {"name": "Mains", "children": panels},
        "gateways": gateways,
    }
