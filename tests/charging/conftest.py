"""Fixtures of the tests of charging."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest

from .park import Park

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ..support import Panel


@pytest.fixture
async def park(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Park]:
    """Return a car park that is managed; its cars come later."""
    monkeypatch.setattr("custom_components.legrand_ews.STATION_FRAME_INTERVAL", 0.0)
    async with AsyncExitStack() as stack:
        park = Park(panel)
        await park.start(stack)
        yield park
        await panel.unload_all()
