"""From index readings to honest consumption. Owns what a reading of a counter means, not where readings come from."""

from __future__ import annotations

from .index import IndexTracker, Reading, ReadingKind
from .interval import Interval, IntervalMaker, Intervals, Mark
from .sample import Sample, SampleMaker
from .totals import GAS_EQUIVALENT, OVERALL, UNIT, Span, Totals, group_key, load_key, scopes

__all__ = [
    "GAS_EQUIVALENT",
    "OVERALL",
    "UNIT",
    "IndexTracker",
    "Interval",
    "IntervalMaker",
    "Intervals",
    "Mark",
    "Reading",
    "ReadingKind",
    "Sample",
    "SampleMaker",
    "Span",
    "Totals",
    "group_key",
    "load_key",
    "scopes",
]
