"""Fixtures that all tests share."""

from __future__ import annotations

import pytest

# Imported before the ``hass`` fixture puts another ``custom_components`` first on the path.
import custom_components.legrand_ews  # noqa: F401


@pytest.fixture(autouse=True)
def auto_enable_custom_integrations(enable_custom_integrations: None) -> None:
    """Let Home Assistant load the integration."""
