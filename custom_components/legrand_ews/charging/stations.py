"""The charging stations of the site: those on gateways, and the chargers of other integrations.

This module owns which there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..catalog import Kind
from ..catalog_store import DATA_CATALOG
from ..const import CONF_MODEL, DOMAIN, SUBENTRY_CHARGER, SUBENTRY_DEVICE

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigSubentry
    from homeassistant.core import HomeAssistant

    from ..catalog import Catalog


def known(hass: HomeAssistant) -> dict[str, str]:
    """Return the names of all stations by their ids, which are those of their subentries."""
    catalog = hass.data[DATA_CATALOG]
    return {
        row.subentry_id: row.title
        for entry in hass.config_entries.async_entries(DOMAIN)
        for row in entry.subentries.values()
        if _charges(catalog, row)
    }


def _charges(catalog: Catalog, row: ConfigSubentry) -> bool:
    """Tell a station from everything else that an entry carries."""
    if row.subentry_type != SUBENTRY_DEVICE:
        return row.subentry_type == SUBENTRY_CHARGER
    model = catalog.models.get(row.data[CONF_MODEL])
    return model is not None and model.kind is Kind.STATION
