"""How the history is kept, as the options say it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from custom_components.legrand_ews.archive import Archive
from custom_components.legrand_ews.const import SAMPLE_RATES
from custom_components.legrand_ews.history_settings import HistorySettings, file_url, read_factors

FOLDER = Path("/config/legrand_ews")
DAY = 86400


def test_without_options_there_are_the_defaults() -> None:
    settings = HistorySettings.of({}, FOLDER)
    assert (settings.period, settings.url, settings.csv) == (600, "sqlite:////config/legrand_ews/archive.db", True)
    assert (settings.style.decimal, settings.style.separator) == (",", ";")
    assert settings.factors.on(date(2026, 3, 2)) is None
    assert settings.kept == {"samples": 180, "alarms": 3650}


def test_every_option_is_read() -> None:
    options = {
        "sample_rate": 60,
        "archive_url": "postgresql://user@host/ews",
        "csv": False,
        "csv_decimal": ".",
        "csv_separator": ",",
        "gas_factors": [["2026-03-02", "11.2"]],
        "keep_intervals": 400,
        "keep_samples": 0,
        "keep_alarms": 10,
    }
    settings = HistorySettings.of(options, FOLDER)
    assert (settings.period, settings.url, settings.csv) == (3600, "postgresql://user@host/ews", False)
    assert (settings.style.decimal, settings.style.separator) == (".", ",")
    assert settings.factors.on(date(2026, 3, 2)) == Decimal("11.2")
    assert settings.kept == {"intervals": 400, "alarms": 10}


@pytest.mark.parametrize("rate", SAMPLE_RATES)
def test_sample_rates_are_minutes(rate: int) -> None:
    assert HistorySettings.of({"sample_rate": rate}, FOLDER).period == 60 * rate


def test_rows_are_kept_so_many_days_and_what_is_kept_for_ever_is_never_too_old() -> None:
    now = 1_772_000_000.5
    assert HistorySettings.of({"keep_alarms": 0}, FOLDER).before(now) == {"samples": 1_772_000_000 - 180 * DAY}
    assert HistorySettings.of({"keep_samples": 0, "keep_alarms": 0}, FOLDER).before(now) == {}
    days = {"keep_intervals": 1, "keep_samples": 2, "keep_alarms": 3, "keep_sessions": 4}
    assert HistorySettings.of(days, FOLDER).before(now) == {
        "intervals": 1_772_000_000 - DAY,
        "samples": 1_772_000_000 - 2 * DAY,
        "alarms": 1_772_000_000 - 3 * DAY,
        "sessions": 1_772_000_000 - 4 * DAY,
    }


def test_factors_are_in_order_whatever_order_they_are_stored_in() -> None:
    factors = read_factors({"gas_factors": [["2026-05-01", "12"], ["2026-03-02", "11.200"]]})
    assert factors.factors == ((date(2026, 3, 2), Decimal("11.2")), (date(2026, 5, 1), Decimal(12)))
    assert read_factors({}).factors == ()


def test_the_url_of_the_file_leads_there(tmp_path: Path) -> None:
    folder = tmp_path / "Größe & 100 % #1"
    Archive.open(file_url(folder), site="site", zone="Europe/Paris").close()
    assert [path.name for path in folder.iterdir() if path.suffix == ".db"] == ["archive.db"]
