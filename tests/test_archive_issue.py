"""The archive is away: people are told, nothing is lost, and all is well by itself afterwards."""

from __future__ import annotations

import threading
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from homeassistant.helpers import issue_registry as ir

from custom_components.legrand_ews.archive import Archive, WriterStatus
from custom_components.legrand_ews.archive_issue import ISSUE as NAME
from custom_components.legrand_ews.archive_issue import ArchiveIssue
from custom_components.legrand_ews.const import DOMAIN

from .support import Clock
from .test_history import HEATED, begin, count, history, index, intervals, total

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .support import Panel

ISSUE = (DOMAIN, NAME)
AWAY = WriterStatus(queued=7, dropped={"samples": 2, "alarms": 1}, error="OSError: No space left on device")


@pytest.fixture
def slow_loop() -> bool:
    """The rows of the writer's thread have to be there when the next minute comes."""
    return True


async def test_a_short_absence_is_not_worth_a_word(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    clock.inject(monkeypatch)
    issue, issues = ArchiveIssue(hass), ir.async_get(hass).issues
    issue.take(AWAY)
    clock.now += 9
    issue.take(AWAY)
    assert ISSUE not in issues
    issue.take(WriterStatus())
    clock.now += 9
    issue.take(AWAY)
    assert ISSUE not in issues
    clock.now += 10
    issue.take(AWAY)
    assert issues[ISSUE].translation_placeholders == {"error": AWAY.error, "queued": "7", "dropped": "3"}
    issue.take(WriterStatus())
    assert ISSUE not in issues


async def test_who_has_no_history_any_more_has_no_issue(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    clock.inject(monkeypatch)
    issue, issues = ArchiveIssue(hass), ir.async_get(hass).issues
    issue.take(AWAY)
    clock.now += 10
    issue.take(AWAY)
    assert ISSUE in issues
    issue.close()
    issue.take(AWAY)
    assert ISSUE not in issues


async def test_a_database_that_is_gone_is_told_and_caught_up_with(
    hass: HomeAssistant, panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.legrand_ews.history._BACK_OFF", (0.05,))
    await panel.start(HEATED)
    entry = await begin(panel)
    await count(panel, 600)
    failed, write = threading.Event(), Archive.write

    def refuse(_self: Archive, *_rows: object) -> None:
        """Have no room."""
        failed.set()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Archive, "write", refuse)
    issues = ir.async_get(hass).issues
    before = index(panel, "Heated")
    for _ in range(20):
        await panel.wait(60)
    history(hass)._hand_on()
    for _ in range(3):
        failed.clear()
        assert await hass.async_add_executor_job(failed.wait, 10)
        await panel.settle()
        panel.clock.now += 20
    placeholders = issues[ISSUE].translation_placeholders
    assert placeholders is not None
    assert "No space left" in placeholders["error"]
    assert int(placeholders["queued"]) > 0
    assert index(panel, "Heated") > before
    shown = total(hass, entry, "electricity")
    monkeypatch.setattr(Archive, "write", write)
    await count(panel, 600)
    assert ISSUE not in issues
    assert history(hass).writer.status.queued == 0
    rows = await intervals(hass)
    spans = sorted((row.start, row.start + row.seconds) for row in rows if row.quantity == "energy_import")
    assert len(spans) >= 3
    assert all(before[1] == after[0] for before, after in pairwise(spans))
    assert total(hass, entry, "electricity") != shown
