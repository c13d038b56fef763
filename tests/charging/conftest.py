"""Fixtures of the tests of charging."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest

from .garage import Garage
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


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    """Return what ends with the test."""
    async with AsyncExitStack() as stack:
        yield stack


@pytest.fixture
async def closed(panel: Panel, monkeypatch: pytest.MonkeyPatch, stack: AsyncExitStack) -> AsyncIterator[Garage]:
    """Return a garage beside the car park that is not there yet; open it on the ``stack``."""
    assert stack is not None
    monkeypatch.setattr("custom_components.legrand_ews.STATION_FRAME_INTERVAL", 0.0)
    yield Garage(panel)
    await panel.unload_all()


@pytest.fixture
async def garage(closed: Garage, stack: AsyncExitStack) -> Garage:
    """Return the same, managed, without cars."""
    await closed.open(stack)
    return closed
