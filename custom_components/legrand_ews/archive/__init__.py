"""The history of a site in SQL: intervals, samples and alarms. Owns all that touches its database."""

from __future__ import annotations

from .archive import Archive
from .errors import FAULTS, ArchiveError, NewerSchemaError, describe
from .rows import (
    AlarmRow,
    ArchiveInfo,
    Batch,
    Commodity,
    ConsumptionRow,
    IntervalRow,
    Kind,
    Period,
    Quantity,
    SampleRow,
    Scope,
    Triple,
    WriterStatus,
)
from .writer import ArchiveWriter

__all__ = [
    "FAULTS",
    "AlarmRow",
    "Archive",
    "ArchiveError",
    "ArchiveInfo",
    "ArchiveWriter",
    "Batch",
    "Commodity",
    "ConsumptionRow",
    "IntervalRow",
    "Kind",
    "NewerSchemaError",
    "Period",
    "Quantity",
    "SampleRow",
    "Scope",
    "Triple",
    "WriterStatus",
    "describe",
]
