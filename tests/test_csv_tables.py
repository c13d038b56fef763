"""The CSV folders follow the archive: once per interval, and what failed is made good."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from custom_components.legrand_ews.archive import Archive, Folders

from .archive.support import session
from .test_history import HEATED, begin, count, history

if TYPE_CHECKING:
    import pytest
    from homeassistant.core import HomeAssistant

    from .support import Panel


def tables(hass: HomeAssistant) -> set[str]:
    """Return the CSV files that there are."""
    folder = history(hass).folder / "csv"
    return {str(path.relative_to(folder)) for path in folder.rglob("*.csv")}


def full() -> int:
    """Have no room."""
    raise OSError(28, "No space left on device")


async def test_tables_are_due_once_per_interval(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(HEATED)
    await begin(panel)
    await count(panel, 600)
    followed = history(hass).tables
    assert [followed.due(), followed.due()] == [True, False]
    panel.clock.now += 600
    assert [followed.due(), followed.due()] == [True, False]


async def test_tables_have_what_is_in_the_archive(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(HEATED)
    await begin(panel)
    await count(panel, 1800)
    await history(hass).tables.async_follow()
    names = tables(hass)
    assert any(name.startswith("energy/loads_") for name in names), names
    assert any(name.startswith("devices/1/1_energy_") for name in names), names


async def test_a_session_whose_end_becomes_known_late_is_in_the_tables(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(HEATED)
    await begin(panel)
    one, begun = history(hass), int(panel.clock()) - 40 * 86400
    for seconds in None, 60:
        row = session("one", begun, seconds)
        await one.async_ask(partial(Archive.write, sessions=[row]))
        one.tables.note_sessions([row])
        await one.tables.async_follow()
    (file,) = (one.folder / "csv" / "Charging").glob("sessions_*.csv")
    _, line = file.read_text(encoding="utf-8-sig").splitlines()
    assert all(line.split(";")[:2])


async def test_what_failed_is_made_good(
    hass: HomeAssistant, panel: Panel, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await panel.start(HEATED)
    await begin(panel)
    await count(panel, 1800)
    with monkeypatch.context() as patch:
        patch.setattr(Folders, "update", lambda *_rows, **_more: full())
        await history(hass).tables.async_follow()
    assert "could not be brought up to date" in caplog.text
    assert not any("energy" in name for name in tables(hass))
    await history(hass).tables.async_follow()
    energy = next(path for path in (history(hass).folder / "csv").rglob("1_energy_*.csv"))
    assert len(energy.read_text(encoding="utf-8-sig").splitlines()) >= 3
