"""Charging cars without tripping the main. Owns who may draw how much; not how a station or a meter is reached."""

from __future__ import annotations

from .config import LoadManagerConfig, Mode, StationConfig
from .manager import LoadManager
from .plan import REASONS, Event, EventKind, Order, Plan, Reason, Zone
from .reading import MeterReading, StationReading, StationState
from .session import Stage
from .sight import SessionView

__all__ = [
    "REASONS",
    "Event",
    "EventKind",
    "LoadManager",
    "LoadManagerConfig",
    "MeterReading",
    "Mode",
    "Order",
    "Plan",
    "Reason",
    "SessionView",
    "Stage",
    "StationConfig",
    "StationReading",
    "StationState",
    "Zone",
]
