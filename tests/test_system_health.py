"""What Home Assistant's system page tells of the archive, and that it tells it in time."""

from __future__ import annotations

import asyncio
import json
import threading
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.components.system_health import get_info
from homeassistant.setup import async_setup_component

import custom_components.legrand_ews
from custom_components.legrand_ews.archive import Archive
from custom_components.legrand_ews.const import DOMAIN

from .support import METER
from .test_history import begin, count, history, intervals
from .test_loads import site

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .support import Panel

WRITING = {"archive", "archive_waiting", "archive_dropped", "archive_last_write", "archive_free"}
ROWS = {"archive_engine", "archive_size", "archive_intervals", "archive_samples", "archive_last_interval"}


async def page(hass: HomeAssistant) -> dict[str, Any]:
    """Return what the page shows of the integration."""
    assert await async_setup_component(hass, "system_health", {})
    told: Any = await get_info(hass)
    shown: dict[str, Any] = json.loads(json.dumps(told))[DOMAIN]
    return shown


@pytest.fixture
async def counted(panel: Panel) -> None:
    """Set up a site that has counted for half an hour."""
    await panel.start(METER)
    await begin(panel)
    await count(panel, 1800)


@pytest.mark.usefixtures("counted")
async def test_the_page_tells_how_the_archive_is(hass: HomeAssistant) -> None:
    shown = await page(hass)
    rows = await intervals(hass)
    last = datetime.fromisoformat(shown["archive_last_interval"])
    assert set(shown) == WRITING | ROWS
    assert (shown["archive"], shown["archive_waiting"], shown["archive_dropped"]) == ("ok", 0, 0)
    assert (shown["archive_engine"], shown["archive_intervals"]) == ("sqlite", len(rows))
    assert shown["archive_samples"] > 0
    assert last.timestamp() == max(row.start + row.seconds for row in rows)
    assert datetime.fromisoformat(shown["archive_last_write"]).tzinfo is not None
    assert float(shown["archive_free"].removesuffix(" MB")) > 0
    size = (await history(hass).async_ask(Archive.info)).size
    assert shown["archive_size"] == f"{size / 1e6:.1f} MB"


def test_all_that_is_told_has_a_name() -> None:
    folder = Path(custom_components.legrand_ews.__file__).parent
    names = json.loads((folder / "translations" / "en.json").read_text(encoding="utf-8"))["system_health"]["info"]
    assert set(names) == WRITING | ROWS


async def test_without_an_installation_the_page_says_so(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(METER)
    assert await page(hass) == {"archive": "no installation"}


async def test_an_archive_that_is_away_is_told(
    hass: HomeAssistant, panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> Archive:
        """Be away."""
        raise OSError("no such disk")

    monkeypatch.setattr("custom_components.legrand_ews.history.History.open_archive", refuse)
    await panel.start(METER)
    await site(hass)
    shown = await page(hass)
    assert set(shown) == WRITING
    assert "no such disk" in shown["archive"]
    assert shown["archive_last_write"] is None


@pytest.mark.usefixtures("counted")
async def test_an_archive_that_takes_long_does_not_keep_the_page_waiting(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.legrand_ews.system_health._PATIENCE", 0)
    go, info = threading.Event(), Archive.info

    def wait(archive: Archive) -> Any:
        """Answer late."""
        go.wait(10)
        return info(archive)

    monkeypatch.setattr(Archive, "info", wait)
    async with asyncio.timeout(5):
        shown = await page(hass)
    go.set()
    assert set(shown) == WRITING
    assert shown["archive"] == "ok"
