"""From index readings to honest consumption. Owns what a reading of a counter means, not where readings come from."""

from __future__ import annotations

from .index import IndexTracker, Reading, ReadingKind

__all__ = ["IndexTracker", "Reading", "ReadingKind"]
