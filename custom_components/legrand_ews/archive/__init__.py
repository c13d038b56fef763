"""The history of a site in SQL: intervals, samples and alarms. Owns all that touches its database."""

from __future__ import annotations

from .archive import Archive
from .csv_format import CsvStyle
from .errors import FAULTS, ArchiveError, NewerSchemaError, describe
from .folders import Folders
from .rows import (
    AlarmRow,
    ArchiveInfo,
    Batch,
    BookedRow,
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
from .site import Site, SiteDevice
from .writer import ArchiveWriter

__all__ = [
    "FAULTS",
    "AlarmRow",
    "Archive",
    "ArchiveError",
    "ArchiveInfo",
    "ArchiveWriter",
    "Batch",
    "BookedRow",
    "Commodity",
    "ConsumptionRow",
    "CsvStyle",
    "Folders",
    "IntervalRow",
    "Kind",
    "NewerSchemaError",
    "Period",
    "Quantity",
    "SampleRow",
    "Scope",
    "Site",
    "SiteDevice",
    "Triple",
    "WriterStatus",
    "describe",
]
