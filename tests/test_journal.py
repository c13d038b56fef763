"""The journal's file and those who listen: nothing is lost, everybody hears of it once."""

from __future__ import annotations

import errno
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import Context
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import (  # type: ignore[import-untyped]
    async_capture_events,
    async_fire_time_changed,
)

from custom_components.legrand_ews.alarms import Journal, JournalFile, Kind, Origin
from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.journal import (
    DATA_JOURNAL,
    EVENT_ALARM,
    SiteJournal,
    async_load_journal,
    async_user_name,
    journal_path,
)

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from custom_components.legrand_ews.alarms import Entry

    from .support import Panel

PUMP = Origin(device_id="pump", device="Pump", gateway="West", address="5")
FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
async def site(hass: HomeAssistant) -> SiteJournal:
    """Return an empty journal."""
    await async_load_journal(hass)
    return hass.data[DATA_JOURNAL]


def trip(site: SiteJournal, subject: str = "breaker", *, on: bool = True) -> None:
    """Let a breaker trip, or be opened."""
    site.record(Kind.STATE, "breaker_tripped" if on else "breaker_opened", PUMP, subject=subject, alarm=on)


def events(hass: HomeAssistant) -> list[str]:
    """Return what the journal holds, oldest first."""
    return [entry.event for entry in reversed(hass.data[DATA_JOURNAL].journal.entries)]


def issues(hass: HomeAssistant) -> set[str]:
    """Return the issues of the integration."""
    return {issue for domain, issue in ir.async_get(hass).issues if domain == DOMAIN}


async def pass_time(hass: HomeAssistant, seconds: float) -> None:
    """Let timers of the next seconds go off."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds + 1))
    await hass.async_block_till_done()


async def reload(hass: HomeAssistant) -> Journal:
    """Return the journal as its file tells it."""
    await async_load_journal(hass)
    return hass.data[DATA_JOURNAL].journal


async def test_entries_alarms_and_states_come_back_from_the_file(hass: HomeAssistant, site: SiteJournal) -> None:
    trip(site)
    site.note_state("pump", "breaker", "tripped")
    await pass_time(hass, 1)
    journal = await reload(hass)
    assert events(hass) == ["breaker_tripped"]
    assert journal.is_active("pump", Kind.STATE, "breaker")
    assert journal.known_state("pump", "breaker") == "tripped"


async def test_what_was_acknowledged_is_kept_and_told_to_those_who_watch(
    hass: HomeAssistant, site: SiteJournal
) -> None:
    trip(site)
    watched: list[bool] = []
    followed: list[Entry] = []
    site.watch(lambda: watched.append(True))
    site.follow(followed.append)
    assert site.acknowledge([1, 7], "Zoë") == [1]
    assert (watched, [entry.acknowledged_by for entry in followed]) == ([True], ["Zoë"])
    assert site.acknowledge(None, "Max") == []
    assert watched == [True]
    await pass_time(hass, 1)
    (entry,) = (await reload(hass)).entries
    assert (entry.acknowledged_by, entry.active) == ("Zoë", True)


async def test_what_is_new_is_written_before_home_assistant_ends(hass: HomeAssistant, site: SiteJournal) -> None:
    trip(site)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await hass.async_block_till_done()
    await reload(hass)
    assert events(hass) == ["breaker_tripped"]


async def test_a_full_disk_loses_nothing(hass: HomeAssistant, site: SiteJournal) -> None:
    with patch.object(JournalFile, "append", side_effect=FULL):
        trip(site)
        await pass_time(hass, 1)
        assert issues(hass) == {"journal_not_saved"}
        trip(site, on=False)
        await pass_time(hass, 1)
    assert not journal_path(hass).exists()
    await pass_time(hass, 60)
    assert issues(hass) == set()
    await reload(hass)
    assert events(hass) == ["breaker_tripped", "breaker_opened"]


async def test_a_write_that_worked_is_not_done_again(hass: HomeAssistant, site: SiteJournal) -> None:
    trip(site)
    await site.async_save()
    size = journal_path(hass).stat().st_size
    await site.async_save()
    assert journal_path(hass).stat().st_size == size


async def test_a_journal_that_cannot_be_read_goes_on_beside_it_and_is_put_together(
    hass: HomeAssistant, site: SiteJournal
) -> None:
    trip(site)
    await site.async_save()
    unread = OSError(errno.EIO, "Input/output error")
    read = JournalFile.read

    def fails(file: JournalFile) -> list[str]:
        """Fail for the journal alone."""
        if file._path == journal_path(hass):
            raise unread
        return read(file)

    for subject in ("breaker_2", "breaker_3"):
        with patch.object(JournalFile, "read", fails):
            await async_load_journal(hass)
        assert issues(hass) == {"journal_not_read"}
        trip(hass.data[DATA_JOURNAL], subject)
        await hass.data[DATA_JOURNAL].async_save()
    for _ in range(2):
        journal = await reload(hass)
        assert issues(hass) == set()
        assert [entry.subject for entry in reversed(journal.entries)] == ["breaker", "breaker_2", "breaker_3"]
        assert journal.active_count() == 3


async def test_nothing_to_read_at_all_is_no_reason_to_fail(hass: HomeAssistant) -> None:
    with patch.object(JournalFile, "read", side_effect=PermissionError("no")):
        await async_load_journal(hass)
    trip(hass.data[DATA_JOURNAL])
    assert events(hass) == ["breaker_tripped"]
    await hass.data[DATA_JOURNAL].async_save()


async def test_journals_that_cannot_be_put_together_wait_for_the_next_start(
    hass: HomeAssistant, site: SiteJournal
) -> None:
    trip(site)
    await site.async_save()
    JournalFile(journal_path(hass).with_suffix(".aside.jsonl")).append(JournalFile(journal_path(hass)).read())
    with patch.object(JournalFile, "rewrite", side_effect=FULL):
        await reload(hass)
    assert events(hass) == ["breaker_tripped"] * 2
    await reload(hass)
    assert events(hass) == ["breaker_tripped"] * 2


async def test_a_damaged_line_is_left_out(
    hass: HomeAssistant, site: SiteJournal, caplog: pytest.LogCaptureFixture
) -> None:
    trip(site)
    await site.async_save()
    JournalFile(journal_path(hass)).append(['{"id": 7, "at"'])
    await reload(hass)
    assert events(hass) == ["breaker_tripped"]
    assert "1 lines of the journal of alarms are damaged" in caplog.text


async def test_a_long_file_is_written_anew(hass: HomeAssistant) -> None:
    site = SiteJournal(hass, Journal(capacity=4), JournalFile(journal_path(hass)))
    for number in range(30):
        site.record(Kind.COMMAND, "command_done", PUMP, subject=f"output_{number}")
        await site.async_save()
    lines = JournalFile(journal_path(hass)).read()
    assert len(lines) <= 12
    assert [entry.subject for entry in Journal.load(lines, capacity=4).entries] == [
        f"output_{number}" for number in range(29, 25, -1)
    ]


async def test_a_listener_hears_its_device_everybody_hears_all(site: SiteJournal) -> None:
    heard: dict[str | None, list[Entry]] = {"pump": [], "fan": [], None: []}
    ways_out = [site.listen(key, entries.append) for key, entries in heard.items()]
    trip(site)
    assert {key: len(entries) for key, entries in heard.items()} == {"pump": 1, "fan": 0, None: 1}
    for way_out in ways_out:
        way_out()
    trip(site, on=False)
    assert len(heard[None]) == 1
    await site.async_save()


async def test_the_bus_hears_of_new_entries_only(hass: HomeAssistant, site: SiteJournal) -> None:
    fired = async_capture_events(hass, EVENT_ALARM)
    trip(site)
    trip(site)
    (event,) = fired
    assert "device_id" not in event.data
    assert (event.data["device"], event.data["alarm"], event.data["kind"]) == ("Pump", True, "state")
    await site.async_save()


async def test_what_joined_an_entry_is_told_once_it_is_calm(hass: HomeAssistant, site: SiteJournal) -> None:
    fired = async_capture_events(hass, EVENT_ALARM)
    for on in (True, False, True, False, True, False, True, False, True):
        trip(site, on=on)
    assert [event.data["event"] for event in fired] == ["breaker_tripped", "breaker_opened"] * 3
    await pass_time(hass, 290)
    assert len(fired) == 6
    await pass_time(hass, 301)
    assert [event.data["event"] for event in fired[6:]] == ["breaker_tripped"]
    assert fired[-1].data["count"] == 3
    trip(site, on=False)
    trip(site)
    await pass_time(hass, 400)
    assert len(fired) == 7


async def test_nothing_is_told_later_of_a_device_that_is_gone(hass: HomeAssistant, site: SiteJournal) -> None:
    fired = async_capture_events(hass, EVENT_ALARM)
    for on in (True, False, True, False, True, False, True):
        trip(site, on=on)
    site.forget(set())
    await pass_time(hass, 400)
    assert len(fired) == 6
    assert site.journal.active_count() == 0


async def test_those_who_watch_see_each_change(site: SiteJournal) -> None:
    seen: list[int] = []
    way_out = site.watch(lambda: seen.append(site.journal.active_count()))
    trip(site)
    trip(site, on=False)
    trip(site)
    site.forget(set())
    way_out()
    trip(site)
    assert seen == [1, 0, 1, 0]
    await site.async_save()


async def test_texts_have_the_names_that_people_know(hass: HomeAssistant, panel: Panel) -> None:
    await panel.serve()
    await panel.load_integration()
    site = hass.data[DATA_JOURNAL]
    assert site.text_of("breaker_tripped", {"subject": "Pump breaker"}) == "Pump breaker tripped"
    assert site.text_of("what_a_newer_version_knows", {}) == "what_a_newer_version_knows"


async def test_users_are_called_by_name(hass: HomeAssistant, hass_admin_user: Any) -> None:
    assert await async_user_name(hass, Context(user_id=hass_admin_user.id)) == hass_admin_user.name
    assert await async_user_name(hass, Context(user_id="gone")) is None
    assert await async_user_name(hass, Context()) is None
    assert await async_user_name(hass, None) is None
