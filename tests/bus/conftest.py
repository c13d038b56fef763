"""The bus knows nothing of Home Assistant: its tests need none."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def auto_enable_custom_integrations() -> None:
    """Take the place of the fixture that would start Home Assistant for each test."""
