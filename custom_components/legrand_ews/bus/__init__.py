"""One gateway link: who may speak when, what to read in one go, what the words mean."""

from .client import RS485_TIMEOUT, UnitClient
from .clock import encode_clock, read_clock, set_clock
from .codec import Index, LinkValue, Value, decode, evaluate
from .command import Commander, Outcome, Result
from .identify import identify
from .identity import read_identity
from .link import FRAME_INTERVAL, SILENCE, STATION_FRAME_INTERVAL, Link, LinkDownError, LinkStatistics, Priority
from .order import NotPossibleError, Order, order_for, order_for_settings
from .pilot import Pilot
from .plan import Block, plan
from .reader import Health, Target, TargetReading, UnitReader, UnitSilentError
from .scan import Looked, scan
from .states import rows_of, value_of

__all__ = [
    "FRAME_INTERVAL",
    "RS485_TIMEOUT",
    "SILENCE",
    "STATION_FRAME_INTERVAL",
    "Block",
    "Commander",
    "Health",
    "Index",
    "Link",
    "LinkDownError",
    "LinkStatistics",
    "LinkValue",
    "Looked",
    "NotPossibleError",
    "Order",
    "Outcome",
    "Pilot",
    "Priority",
    "Result",
    "Target",
    "TargetReading",
    "UnitClient",
    "UnitReader",
    "UnitSilentError",
    "Value",
    "decode",
    "encode_clock",
    "evaluate",
    "identify",
    "order_for",
    "order_for_settings",
    "plan",
    "read_clock",
    "read_identity",
    "rows_of",
    "scan",
    "set_clock",
    "value_of",
]
