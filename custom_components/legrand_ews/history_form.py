"""The form of the history: what it asks, what it refuses, what is stored of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

import voluptuous as vol
from homeassistant.helpers import instance_id
from homeassistant.helpers.selector import (
    BooleanSelector,
    TextSelector,
)

from .archive import FAULTS, Archive, ArchiveError, CsvStyle, describe
from .archive_driver import async_need_driver
from .const import (
    DEFAULT_SAMPLE_RATE,
    OPT_ARCHIVE_URL,
    OPT_CSV,
    OPT_CSV_DECIMAL,
    OPT_CSV_SEPARATOR,
    OPT_SAMPLE_RATE,
    SAMPLE_RATES,
)
from .device_form import choice, number
from .history_settings import KEPT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.core import HomeAssistant

_LONGEST: Final = 36500
_SEPARATORS: Final[dict[str, Literal[";", ","]]] = {"semicolon": ";", "comma": ","}
_DECIMALS: Final[dict[str, Literal[",", "."]]] = {"comma": ",", "point": "."}

HISTORY_SCHEMA: Final = vol.Schema(
    {
        vol.Required(OPT_SAMPLE_RATE): choice([str(rate) for rate in SAMPLE_RATES], translation_key="sample_rate"),
        vol.Required(OPT_CSV): BooleanSelector(),
        vol.Required(OPT_CSV_DECIMAL): choice(list(_DECIMALS), translation_key="csv_decimal"),
        vol.Required(OPT_CSV_SEPARATOR): choice(list(_SEPARATORS), translation_key="csv_separator"),
        **{vol.Required(option): number(0, _LONGEST, unit="d") for option in KEPT},
        vol.Optional(OPT_ARCHIVE_URL): TextSelector(),
    }
)


def history_form(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form shows of the options."""
    shown: dict[str, Any] = {
        OPT_SAMPLE_RATE: str(options.get(OPT_SAMPLE_RATE, DEFAULT_SAMPLE_RATE)),
        OPT_CSV: options.get(OPT_CSV, True),
        OPT_CSV_DECIMAL: _word(_DECIMALS, options.get(OPT_CSV_DECIMAL, ",")),
        OPT_CSV_SEPARATOR: _word(_SEPARATORS, options.get(OPT_CSV_SEPARATOR, ";")),
        **{option: options.get(option, default) for option, (_, default) in KEPT.items()},
    }
    if url := options.get(OPT_ARCHIVE_URL):
        shown[OPT_ARCHIVE_URL] = url
    return shown


async def async_check_history(
    hass: HomeAssistant, options: Mapping[str, Any], given: Mapping[str, Any], errors: dict[str, str]
) -> str:
    """Put what is wrong into ``errors``; return why the archive cannot be used, "" where it can."""
    try:
        CsvStyle(decimal=_DECIMALS[given[OPT_CSV_DECIMAL]], separator=_SEPARATORS[given[OPT_CSV_SEPARATOR]])
    except ValueError:
        errors[OPT_CSV_SEPARATOR] = "same_separators"
    url = (given.get(OPT_ARCHIVE_URL) or "").strip()
    if not url or url == options.get(OPT_ARCHIVE_URL):
        return ""
    reason = await async_try_archive(hass, url)
    if reason:
        errors[OPT_ARCHIVE_URL] = "archive_refused"
    return reason


async def async_try_archive(hass: HomeAssistant, url: str) -> str:
    """Open the archive of a URL, which makes its tables; return why it cannot be used, "" where it can."""
    site = await instance_id.async_get(hass)

    def look() -> None:
        """Open and close it. Blocking."""
        Archive.open(url, site=site, zone=hass.config.time_zone).close()

    try:
        await async_need_driver(hass, url)
        await hass.async_add_executor_job(look)
    except (*FAULTS, ArchiveError) as err:
        return describe(err)
    return ""


def changed_history(options: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options with what the form was given."""
    changed = {key: value for key, value in options.items() if key != OPT_ARCHIVE_URL}
    changed[OPT_SAMPLE_RATE] = int(given[OPT_SAMPLE_RATE])
    changed[OPT_CSV] = given[OPT_CSV]
    changed[OPT_CSV_DECIMAL] = _DECIMALS[given[OPT_CSV_DECIMAL]]
    changed[OPT_CSV_SEPARATOR] = _SEPARATORS[given[OPT_CSV_SEPARATOR]]
    changed |= {option: int(given[option]) for option in KEPT}
    if url := (given.get(OPT_ARCHIVE_URL) or "").strip():
        changed[OPT_ARCHIVE_URL] = url
    return changed


def _word(words: Mapping[str, str], sign: str) -> str:
    """Return the word for a sign."""
    return next(word for word, known in words.items() if known == sign)
