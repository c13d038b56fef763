"""Entries that tests of charging share: they are there, and not set up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import ConfigSubentryDataWithId
from pytest_homeassistant_custom_component.common import MockConfigEntry  # type: ignore[import-untyped]

from custom_components.legrand_ews.const import DOMAIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant


def add_gateway(hass: HomeAssistant, **models: str) -> ConfigEntry:
    """Add a gateway with devices: their ids, which tell their names, and their models."""
    rows = {key: {"model": model, "address": place} for place, (key, model) in enumerate(models.items(), start=1)}
    return _add(hass, "gateway", "device", rows)


def add_site(hass: HomeAssistant, **chargers: Mapping[str, Any]) -> ConfigEntry:
    """Add the installation with chargers: their ids, which tell their names, and what is stored of them."""
    return _add(hass, "installation", "charger", chargers)


def _add(hass: HomeAssistant, kind: str, row_kind: str, rows: Mapping[str, Mapping[str, Any]]) -> ConfigEntry:
    """Add an entry with subentries."""
    entry: ConfigEntry = MockConfigEntry(
        domain=DOMAIN,
        title=kind.title(),
        data={"kind": kind},
        subentries_data=[
            ConfigSubentryDataWithId(
                subentry_id=key, data=data, subentry_type=row_kind, title=name_of(key), unique_id=None
            )
            for key, data in rows.items()
        ],
    )
    entry.add_to_hass(hass)  # type: ignore[attr-defined]
    return entry


def name_of(key: str) -> str:
    """Return the name that goes with an id."""
    return key.replace("_", " ").capitalize()
