"""Home Assistant's backup has a whole archive. Another Home Assistant goes on from it: nothing lost, nothing twice."""

from __future__ import annotations

import shutil
import tarfile
from contextlib import asynccontextmanager
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from homeassistant import loader
from homeassistant.components.backup import async_get_manager
from homeassistant.components.backup import manager as backup_manager
from homeassistant.config_entries import ConfigEntry, ConfigSubentryDataWithId
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import (  # type: ignore[import-untyped]
    MockConfigEntry,
    async_fire_time_changed,
    async_test_home_assistant,
    mock_component,
)

from custom_components.legrand_ews.archive import Archive, ArchiveWriter, IntervalRow
from custom_components.legrand_ews.backup import async_post_backup, async_pre_backup
from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.history_settings import ARCHIVE_FILE, COPY_FILE

from .support import METER, SOCKETS, Panel
from .test_archive_services import act, seamless, uncounted
from .test_history import begin, count, history, intervals, written

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from homeassistant.core import HomeAssistant

LEFT_OUT: Final = shutil.ignore_patterns("*.db-shm", "*.log", "backups", "__pycache__")
"""What Home Assistant's backup leaves out of the folder."""


def twin(entry: ConfigEntry, **options: Any) -> ConfigEntry:
    """Return an entry as another Home Assistant has it after a restore."""
    subentries = [
        ConfigSubentryDataWithId(
            subentry_id=one.subentry_id,
            data=one.data,
            subentry_type=one.subentry_type,
            title=one.title,
            unique_id=one.unique_id,
        )
        for one in entry.subentries.values()
    ]
    found: ConfigEntry = MockConfigEntry(
        domain=DOMAIN,
        entry_id=entry.entry_id,
        title=entry.title,
        data=dict(entry.data),
        options={**entry.options, **options},
        subentries_data=subentries,
    )
    return found


class Site:
    """A house of which there are backups: the panel, the entries, and what Home Assistant stores."""

    def __init__(self, panel: Panel, entries: tuple[ConfigEntry, ...], storage: dict[str, Any]) -> None:
        self.panel = panel
        self.gateway, self.installation = entries
        self.storage = storage
        self.began = uncounted(panel, self.installation)

    @asynccontextmanager
    async def restored(self, folder: Path, stored: dict[str, Any], **options: Any) -> AsyncIterator[Panel]:
        """Let the first Home Assistant end, and another one go on from a folder and from what was stored."""
        await self.panel.unload_all()
        self.storage.clear()
        self.storage.update(deepcopy(stored))
        async with async_test_home_assistant(config_dir=str(folder)) as hass:
            hass.data.pop(loader.DATA_CUSTOM_COMPONENTS)
            # Can be set up once in a process.
            mock_component(hass, "usb")
            panel = Panel(hass, self.panel.clock, self.panel._stack)
            panel.plant = self.panel.plant
            try:
                for entry in (twin(self.installation, **options), twin(self.gateway)):
                    entry.add_to_hass(hass)  # type: ignore[attr-defined]
                    await hass.config_entries.async_setup(entry.entry_id)
                    await panel.settle()
                yield panel
            finally:
                await panel.unload_all()
                await hass.async_stop(force=True)


@pytest.fixture
async def site(panel: Panel, hass_storage: dict[str, Any]) -> Site:
    """Return a site that has counted for half an hour."""
    gateway = await panel.start(METER, SOCKETS)
    installation = await begin(panel)
    await count(panel, 1800)
    # What is stored of the meters is saved after minutes.
    await panel.wait(400)
    await written(panel)
    return Site(panel, (gateway, installation), hass_storage)


async def healthy(panel: Panel) -> list[IntervalRow]:
    """Return the intervals of a site whose archive is whole and has no gaps."""
    assert await history(panel.hass).async_ask(Archive.check) is None
    rows = await intervals(panel.hass)
    assert seamless(rows)
    return rows


async def test_another_home_assistant_goes_on_from_a_folder_that_was_copied_while_meters_counted(
    hass: HomeAssistant, panel: Panel, site: Site, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    before = await intervals(hass)
    writer = history(hass).writer
    await async_pre_backup(hass)
    for _ in range(20):
        await panel.wait(60)
    history(hass)._hand_on()
    await panel.settle()
    assert writer.status.queued > 0
    assert await intervals(hass) == before
    folder = tmp_path_factory.mktemp("restored") / "config"
    stored = deepcopy(site.storage)
    await hass.async_add_executor_job(lambda: shutil.copytree(tmp_path, folder, ignore=LEFT_OUT))
    await async_post_backup(hass)
    await count(panel, 600)
    assert writer.status.queued == 0
    assert len(await healthy(panel)) > len(before)
    async with site.restored(folder, stored) as other:
        assert await intervals(other.hass) == before
        await count(other, 1800)
        rows = await healthy(other)
        assert rows[: len(before)] == before
        assert uncounted(other, site.installation) == pytest.approx(site.began, abs=0.003)


async def test_a_backup_of_home_assistant_has_all_that_was_written_before_it(
    hass: HomeAssistant,
    site: Site,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    before, one = await intervals(hass), history(hass)
    meanwhile = IntervalRow(
        device="other", quantity="volume", commodity="water", start=before[0].start, seconds=600, amount=7, level=7
    )
    add = backup_manager.atomic_contents_add  # type: ignore[attr-defined]

    def add_slowly(*given: Any, **more: Any) -> None:
        """Pack the folder while rows arrive."""
        assert (tmp_path / DOMAIN / ARCHIVE_FILE).exists()
        assert one.writer.put([meanwhile])
        add(*given, **more)
        assert one.writer.status.queued == 1

    monkeypatch.setattr(backup_manager, "atomic_contents_add", add_slowly)
    assert await async_setup_component(hass, "backup", {})
    await hass.async_block_till_done()
    await async_get_manager(hass).async_create_backup(
        agent_ids=["backup.local"],
        include_addons=None,
        include_all_addons=False,
        include_database=True,
        include_folders=None,
        include_homeassistant=True,
        name="test",
        password=None,
    )
    await hass.async_block_till_done()
    stored = deepcopy(site.storage)
    await written(site.panel)
    assert meanwhile.device in {row.device for row in await intervals(hass)}
    folder = tmp_path_factory.mktemp("restored")

    def unpack() -> None:
        """Unpack what the backup has of the folder."""
        (packed,) = (tmp_path / "backups").glob("*.tar")
        with tarfile.open(packed) as outer:
            inner = outer.extractfile("homeassistant.tar.gz")
            with tarfile.open(fileobj=inner, mode="r:gz") as tar:
                tar.extractall(folder, filter="data")

    await hass.async_add_executor_job(unpack)
    async with site.restored(folder / "data", stored) as other:
        await count(other, 1200)
        rows = await healthy(other)
        assert set(before) < set(rows)
        assert meanwhile.device not in {row.device for row in rows}
        assert uncounted(other, site.installation) == pytest.approx(site.began, abs=0.003)


async def test_of_an_archive_on_a_server_the_backup_has_a_copy(
    hass: HomeAssistant,
    panel: Panel,
    site: Site,
    postgresql: str,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    await act(hass, "move_archive", archive_url=postgresql)
    await panel.settle()
    await count(panel, 600)
    copy = history(hass).folder / COPY_FILE
    folder = tmp_path_factory.mktemp("restored") / "config"
    await async_pre_backup(hass)
    before = await intervals(hass)
    await count(panel, 1200)
    assert len(await intervals(hass)) > len(before), "nothing waits: the copy is not touched by what is written"
    stored = deepcopy(site.storage)
    await hass.async_add_executor_job(lambda: shutil.copytree(tmp_path, folder, ignore=LEFT_OUT))
    await async_post_backup(hass)
    assert not await hass.async_add_executor_job(copy.exists)

    def without_archive() -> None:
        """Leave the copy only, as where the first archive was on a server."""
        for file in (folder / DOMAIN).glob(f"{ARCHIVE_FILE}*"):
            file.unlink()

    await hass.async_add_executor_job(without_archive)
    async with site.restored(folder, stored, archive_url="") as other:
        await act(other.hass, "restore_archive")
        await other.settle()
        assert set(await intervals(other.hass)) >= set(before)
        await count(other, 1200)
        assert set(await intervals(other.hass)) >= set(before)
        assert await history(other.hass).async_ask(Archive.check) is None
        assert uncounted(other, site.installation) == pytest.approx(site.began, abs=0.003)
        assert not await other.hass.async_add_executor_job((folder / DOMAIN / COPY_FILE).exists)


async def test_a_copy_that_was_not_taken_back_yet_is_not_lost_in_the_next_backup(
    hass: HomeAssistant, panel: Panel, site: Site, postgresql: str
) -> None:
    first = await intervals(hass)
    copy = history(hass).folder / COPY_FILE
    await history(hass).async_ask(lambda archive: archive.backup(copy))
    hass.config_entries.async_update_entry(site.installation, options={"archive_url": postgresql})
    await panel.settle()
    await count(panel, 1200)
    own = await intervals(hass)
    for _ in range(2):
        await async_pre_backup(hass)
        await async_post_backup(hass)
    await act(hass, "restore_archive")
    await panel.settle()
    assert set(await intervals(hass)) == {*first, *own}


async def test_an_archive_that_is_away_does_not_keep_from_backing_up(
    hass: HomeAssistant, site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(_: object) -> None:
        """Be away."""
        raise OSError("no such disk")

    with monkeypatch.context() as patched:
        patched.setattr(Archive, "settle", refuse)
        await async_pre_backup(hass)
    await async_post_backup(hass)
    assert "no such disk" in caplog.text
    await count(site.panel, 1200)
    assert history(hass).writer.status.queued == 0


async def test_an_archive_that_is_busy_is_told(
    hass: HomeAssistant, site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(ArchiveWriter, "pause", lambda *_: False)
        await async_pre_backup(hass)
    await async_post_backup(hass)
    assert "in the middle of a write" in caplog.text
    await count(site.panel, 1200)
    assert history(hass).writer.status.queued == 0


async def test_writing_goes_on_after_a_backup_that_never_ended(
    hass: HomeAssistant, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    before = await intervals(hass)
    await async_pre_backup(hass)
    assert history(hass).writer._holds == 1
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(hours=3))
    await site.panel.settle()
    assert history(hass).writer._holds == 0
    assert "A backup that began 2.0 hours ago never ended" in caplog.text
    await count(site.panel, 1200)
    assert len(await intervals(hass)) > len(before)
    assert await hass.async_add_executor_job(history(hass).writer.pause, 10)
    await async_post_backup(hass)
    assert history(hass).writer._holds == 1, "who pauses now is not disturbed by a late end"
    history(hass).writer.resume()


async def test_an_installation_that_is_loaded_anew_during_a_backup_writes(hass: HomeAssistant, site: Site) -> None:
    before = await intervals(hass)
    await async_pre_backup(hass)
    await hass.config_entries.async_reload(site.installation.entry_id)
    await site.panel.settle()
    await async_post_backup(hass)
    await count(site.panel, 1200)
    assert len(await healthy(site.panel)) > len(before)


async def test_an_installation_that_is_gone_during_a_backup_leaves_no_copy(
    hass: HomeAssistant, panel: Panel, site: Site, postgresql: str
) -> None:
    hass.config_entries.async_update_entry(site.installation, options={"archive_url": postgresql})
    await panel.settle()
    copy = history(hass).folder / COPY_FILE
    await async_pre_backup(hass)
    assert await hass.async_add_executor_job(copy.exists)
    await hass.config_entries.async_unload(site.installation.entry_id)
    await async_post_backup(hass)
    assert not await hass.async_add_executor_job(copy.exists)


async def test_without_an_installation_a_backup_is_made_too(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(METER)
    await async_pre_backup(hass)
    await async_post_backup(hass)
    assert not await hass.async_add_executor_job(Path(hass.config.path(DOMAIN, ARCHIVE_FILE)).exists)
