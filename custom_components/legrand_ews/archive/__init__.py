"""The history of a site in SQL: intervals, samples, alarms, charging sessions. Owns all that touches its database."""

from __future__ import annotations

from .archive import Archive
from .csv_format import CsvStyle
from .errors import FAULTS, ArchiveError, NewerSchemaError, describe
from .folders import Folders
from .rows import (
    LONGEST,
    AlarmRow,
    ArchiveInfo,
    Batch,
    BookedRow,
    ChargeRow,
    Commodity,
    ConsumptionRow,
    CostRow,
    CostSum,
    HourCost,
    IntervalRow,
    Kind,
    PartRow,
    Period,
    Quantity,
    RateRow,
    SampleRow,
    Scope,
    SessionBreak,
    SessionPart,
    SessionRow,
    SessionSum,
    Triple,
    WriterStatus,
    cost_of,
)
from .site import Site, SiteDevice
from .writer import ArchiveWriter

__all__ = [
    "FAULTS",
    "LONGEST",
    "AlarmRow",
    "Archive",
    "ArchiveError",
    "ArchiveInfo",
    "ArchiveWriter",
    "Batch",
    "BookedRow",
    "ChargeRow",
    "Commodity",
    "ConsumptionRow",
    "CostRow",
    "CostSum",
    "CsvStyle",
    "Folders",
    "HourCost",
    "IntervalRow",
    "Kind",
    "NewerSchemaError",
    "PartRow",
    "Period",
    "Quantity",
    "RateRow",
    "SampleRow",
    "Scope",
    "SessionBreak",
    "SessionPart",
    "SessionRow",
    "SessionSum",
    "Site",
    "SiteDevice",
    "Triple",
    "WriterStatus",
    "cost_of",
    "describe",
]
