"""The built dashboard: at which address the browser gets it.

This module owns the address. The files are built from ``/frontend`` of the repository, and committed as they are built.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from homeassistant.components.http.server import StaticPathConfig

from .const import DOMAIN

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

FOLDER: Final = Path(__file__).parent / "frontend"
_ENTRY: Final = "entry.js"
_FRONTEND: Final = "frontend"


async def async_serve_bundle(hass: HomeAssistant) -> None:
    """Serve the dashboard, and have every page load its light first module; without a frontend there is none.

    The address tells the content, so browsers may keep the files for ever.
    """
    if _FRONTEND not in hass.config.components:
        return
    from homeassistant.components.frontend import add_extra_js_url  # noqa: PLC0415 -- only where there is one

    address = await hass.async_add_executor_job(_address)
    await hass.http.async_register_static_paths([StaticPathConfig(address, str(FOLDER), cache_headers=True)])
    add_extra_js_url(hass, f"{address}/{_ENTRY}")


def _address() -> str:
    """Return where the files are served. Blocking."""
    digest = sha256()
    for path in sorted(FOLDER.glob("*.js")):
        digest.update(path.read_bytes())
    return f"/{DOMAIN}/{digest.hexdigest()[:12]}"
