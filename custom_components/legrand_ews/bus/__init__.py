"""One gateway link: who may speak when, what to read in one go, what the words mean."""

from .client import RS485_TIMEOUT, UnitClient
from .codec import Index, Value, decode, evaluate, rows_of
from .identify import identify
from .identity import read_identity
from .link import FRAME_INTERVAL, STATION_FRAME_INTERVAL, Link, LinkDownError, LinkStatistics, Priority
from .plan import Block, plan
from .reader import Health, Target, TargetReading, UnitReader, UnitSilentError

__all__ = [
    "FRAME_INTERVAL",
    "RS485_TIMEOUT",
    "STATION_FRAME_INTERVAL",
    "Block",
    "Health",
    "Index",
    "Link",
    "LinkDownError",
    "LinkStatistics",
    "Priority",
    "Target",
    "TargetReading",
    "UnitClient",
    "UnitReader",
    "UnitSilentError",
    "Value",
    "decode",
    "evaluate",
    "identify",
    "plan",
    "read_identity",
    "rows_of",
]
