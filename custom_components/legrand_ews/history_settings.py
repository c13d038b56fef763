"""How the history is kept: the installation's options, read once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, Self

from .archive import CsvStyle
from .const import (
    DEFAULT_SAMPLE_RATE,
    OPT_ARCHIVE_URL,
    OPT_CSV,
    OPT_CSV_DECIMAL,
    OPT_CSV_SEPARATOR,
    OPT_GAS_FACTORS,
    OPT_KEEP_ALARMS,
    OPT_KEEP_INTERVALS,
    OPT_KEEP_SAMPLES,
    OPT_KEEP_SESSIONS,
    OPT_SAMPLE_RATE,
)
from .consumption import GasFactors

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .archive import Kind

ARCHIVE_FILE: Final = "archive.db"
COPY_FILE: Final = "archive-copy.db"
"""Of an archive that is elsewhere: in backups only."""
_DAY: Final = 86400

KEPT: Final[Mapping[str, tuple[tuple[Kind, ...], int]]] = {
    OPT_KEEP_INTERVALS: (("intervals",), 0),
    OPT_KEEP_SAMPLES: (("samples",), 180),
    OPT_KEEP_ALARMS: (("alarms",), 3650),
    OPT_KEEP_SESSIONS: (("sessions",), 0),
}
"""Options with the kinds of rows that they are about and the days these are kept by default; 0: for ever."""


@dataclass(frozen=True, kw_only=True)
class HistorySettings:
    """How the history is kept."""

    period: int
    """The sample rate, s."""
    url: str
    csv: bool
    style: CsvStyle
    factors: GasFactors
    kept: Mapping[Kind, int]
    """Days; kinds that are kept for ever are not there."""

    @classmethod
    def of(cls, options: Mapping[str, Any], folder: Path) -> Self:
        """Read the options of the installation; ``folder``: where the archive is if they name no other place."""
        kept: dict[Kind, int] = {}
        for option, (kinds, default) in KEPT.items():
            if days := int(options.get(option, default)):
                kept |= dict.fromkeys(kinds, days)
        return cls(
            period=60 * int(options.get(OPT_SAMPLE_RATE, DEFAULT_SAMPLE_RATE)),
            url=options.get(OPT_ARCHIVE_URL) or file_url(folder),
            csv=options.get(OPT_CSV, True),
            style=CsvStyle(decimal=options.get(OPT_CSV_DECIMAL, ","), separator=options.get(OPT_CSV_SEPARATOR, ";")),
            factors=read_factors(options),
            kept=kept,
        )

    def before(self, now: float) -> dict[Kind, int]:
        """Return before when rows are too old, by kind, POSIX seconds."""
        return {kind: int(now) - days * _DAY for kind, days in self.kept.items()}


def file_url(folder: Path) -> str:
    """Return the URL of the archive in the configuration folder."""
    return f"sqlite:///{folder / ARCHIVE_FILE}"


def read_factors(options: Mapping[str, Any]) -> GasFactors:
    """Return what gas is worth, as the options have it: days and texts of numbers."""
    rows = (
        (date.fromisoformat(day), None if factor is None else Decimal(factor))
        for day, factor in options.get(OPT_GAS_FACTORS, ())
    )
    return GasFactors(factors=tuple(sorted(rows, key=itemgetter(0))))
