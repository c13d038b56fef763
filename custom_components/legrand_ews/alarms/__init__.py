"""What happened in the installation, and what is still wrong. Owns the journal, not who is told of it."""

from __future__ import annotations

from .entry import Entry, Kind, Occurrence, Origin
from .file import JournalFile
from .journal import Journal, Recorded

__all__ = ["Entry", "Journal", "JournalFile", "Kind", "Occurrence", "Origin", "Recorded"]
