"""The files of the CSV folder, for those who may have reports.

This module owns which files of it can be had, and serves them. What is in them is the archive's matter, how people
browse them ``media_source``'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiohttp import hdrs, web
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView

from .access import Right, check
from .const import DOMAIN
from .csv_tables import FOLDER
from .history import find_history

if TYPE_CHECKING:
    from pathlib import Path

    from homeassistant.core import HomeAssistant

CSV_URL: Final = f"/api/{DOMAIN}/csv"
CSV_TYPE: Final = "text/csv"
_SUFFIX: Final = ".csv"


def csv_folder(hass: HomeAssistant) -> Path:
    """Return the folder; raises ``ServiceValidationError`` if there is no installation."""
    return find_history(hass).folder / FOLDER


def find_folder(root: Path, location: str) -> Path | None:
    """Return a folder of the tree, given as "devices/1"; "" is the root. None for anything else. Blocks."""
    found = _inside(root, location)
    return found if found is not None and found.is_dir() else None


def find_file(root: Path, location: str) -> Path | None:
    """Return a CSV file of the tree, given as "devices/1/1_energy_2026-10.csv". None for anything else. Blocks."""
    found = _inside(root, location)
    return found if found is not None and found.suffix == _SUFFIX and found.is_file() else None


def _inside(root: Path, location: str) -> Path | None:
    """Return what is at a place of the tree; None if nothing is, it is hidden, a link or a way out."""
    parts = location.split("/") if location else []
    if any(not part or part.startswith(".") or "\\" in part or "\0" in part for part in parts):
        return None
    try:
        expected = root.resolve(strict=True).joinpath(*parts)
        return expected if expected.resolve(strict=True) == expected else None
    except OSError:
        return None


class CsvView(HomeAssistantView):
    """Serves a file as an attachment; links are signed by Home Assistant (``auth/sign_path``)."""

    url = f"{CSV_URL}/{{path:.+}}"
    name = f"api:{DOMAIN}:csv"

    async def get(self, request: web.Request, path: str) -> web.StreamResponse:
        """Send a file. Raises ``Unauthorized`` where the user may have no reports."""
        hass = request.app[KEY_HASS]
        check(hass, request[KEY_HASS_USER], Right.REPORTS)
        try:
            found = await hass.async_add_executor_job(find_file, csv_folder(hass), path)
        except ServiceValidationError as err:
            raise web.HTTPNotFound from err
        if found is None:
            raise web.HTTPNotFound
        headers = {
            hdrs.CONTENT_TYPE: f"{CSV_TYPE}; charset=utf-8",
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="{found.name}"',
            hdrs.CACHE_CONTROL: "no-cache",
        }
        return web.FileResponse(found, headers=headers)
