"""The driver of PostgreSQL, installed for those who keep their archive on a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from homeassistant.requirements import RequirementsNotFound, async_process_requirements

from .archive import ArchiveError
from .const import DOMAIN

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

DRIVER: Final = "psycopg[binary]==3.3.9"


async def async_need_driver(hass: HomeAssistant, url: str) -> None:
    """Install the driver where a URL needs it and it is missing.

    Raises ``ArchiveError`` where it cannot be installed.
    """
    if not url.startswith("postgres"):
        return
    try:
        await async_process_requirements(hass, DOMAIN, [DRIVER])
    except RequirementsNotFound as err:
        raise ArchiveError(f"the Python package {DRIVER} for PostgreSQL could not be installed") from err
