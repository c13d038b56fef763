"""The one catalogue of this Home Assistant: loaded once, again on request, its faults told to the user.

This module owns where users' register maps lie and the repair issues about them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from homeassistant.helpers import issue_registry as ir
from homeassistant.util.hass_dict import HassKey

from .catalog import Catalog, profile_template
from .const import DOCUMENTATION, DOMAIN, LOGGER, PROFILES_FOLDER

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .catalog import Model

DATA_CATALOG: HassKey[Catalog] = HassKey(f"{DOMAIN}_catalog")
_ISSUE: Final = "profile_error_"


def profiles_folder(hass: HomeAssistant) -> Path:
    """Return where users keep register maps of their own."""
    return Path(hass.config.path(DOMAIN, PROFILES_FOLDER))


async def async_load_catalog(hass: HomeAssistant) -> Catalog:
    """Load the catalogue, or load it again: a map whose file has an error now keeps its last good form."""
    previous = hass.data.get(DATA_CATALOG)
    folder = profiles_folder(hass)
    catalog = await hass.async_add_executor_job(Catalog.load, folder, previous)
    hass.data[DATA_CATALOG] = catalog
    _report(hass, catalog)
    return catalog


def _report(hass: HomeAssistant, catalog: Catalog) -> None:
    """Raise an issue per faulty file, and clear those that are mended."""
    registry = ir.async_get(hass)
    current: set[str] = set()
    for error in catalog.errors:
        issue_id = f"{_ISSUE}{Path(error.file).name}"
        if issue_id in current:
            continue
        current.add(issue_id)
        LOGGER.error("Register map left out: %s", error)
        ir.async_create_issue(
            hass,
            DOMAIN,
            issue_id,
            is_fixable=False,
            learn_more_url=f"{DOCUMENTATION}/profiles.md",
            severity=ir.IssueSeverity.ERROR,
            translation_key="profile_error",
            translation_placeholders={
                "file": str(error.file),
                "line": str(error.line),
                "key": error.key,
                "reason": error.reason,
            },
        )
    for domain, issue_id in list(registry.issues):
        if domain == DOMAIN and issue_id.startswith(_ISSUE) and issue_id not in current:
            ir.async_delete_issue(hass, DOMAIN, issue_id)


async def async_write_template(hass: HomeAssistant, model: Model) -> Path:
    """Write a register map to fill in for a model, unless there is a file already; return its path."""
    path = profiles_folder(hass) / f"{model.number.lower()}.yaml"

    def write() -> None:
        """Write without touching what the user has."""
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_text(profile_template(model), encoding="utf-8")

    await hass.async_add_executor_job(write)
    return path
