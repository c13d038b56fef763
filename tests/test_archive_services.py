"""The actions on the archive, on a real site whose meters go on counting meanwhile."""

from __future__ import annotations

import asyncio
import threading
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import ServiceCall
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from custom_components.legrand_ews.archive import Archive, ArchiveWriter
from custom_components.legrand_ews.archive_services import MOVE_SCHEMA, SERVICE_MOVE, _async_move
from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.history import DATA_HISTORY
from custom_components.legrand_ews.history_settings import COPY_FILE, file_url

from .archive.support import session
from .support import METER, SOCKETS
from .test_history import begin, count, history, index, intervals, total, written

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant

    from custom_components.legrand_ews.archive import IntervalRow

    from .support import Panel

NOTE: Final = f"{DOMAIN}_move_archive"
PATIENCE: Final = 30
WHERE: Final = "custom_components.legrand_ews.archive_services"


async def act(hass: HomeAssistant, action: str, **data: Any) -> dict[str, Any]:
    """Run an action; return its answer."""
    answer = await hass.services.async_call(DOMAIN, action, data, blocking=True, return_response=True)
    assert answer is not None
    return answer


def notes(hass: HomeAssistant) -> dict[str, Any]:
    """Return the notifications that are shown."""
    found: dict[str, Any] = hass.data.get("persistent_notification", {})
    return found


def key_of(error: pytest.ExceptionInfo[HomeAssistantError]) -> str | None:
    """Return which sentence an error is."""
    return error.value.translation_key


def stored(hass: HomeAssistant, url: str) -> list[IntervalRow]:
    """Return the intervals of the site that another archive has."""
    archive = Archive.open(url, site=history(hass).site_id, zone=history(hass).zone)
    try:
        return list(archive.intervals(None, 0, 2**40))
    finally:
        archive.close()


def seamless(rows: list[IntervalRow]) -> bool:
    """Tell whether the intervals of each meter follow one another: nothing is missing, nothing is there twice."""
    meters = {(row.device, row.quantity) for row in rows}
    spans = (
        sorted((row.start, row.start + row.seconds) for row in rows if (row.device, row.quantity) == meter)
        for meter in meters
    )
    return bool(rows) and all(before[1] == after[0] for of_one in spans for before, after in pairwise(of_one))


def uncounted(panel: Panel, entry: ConfigEntry) -> float:
    """Return what the meters counted before the site had a history, kWh: stays the same if nothing is lost or twice."""
    shown = total(panel.hass, entry, "electricity")
    assert shown is not None
    return index(panel, "Mains") + index(panel, "Sockets") - shown


class Copying:
    """The first copy of a move: it stops at its end until it is let go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.began, self.go = threading.Event(), threading.Event()
        copy = Archive.copy_to

        def copy_to(archive: Archive, other: Archive, progress: Any = None, *, since: int | None = None) -> None:
            """Copy, and wait."""
            copy(archive, other, progress, since=since)
            if since is None:
                self.began.set()
                assert self.go.wait(PATIENCE)
                if progress is not None:
                    progress(1, 1)

        monkeypatch.setattr(Archive, "copy_to", copy_to)

    @asynccontextmanager
    async def move(self, hass: HomeAssistant, **data: Any) -> AsyncIterator[asyncio.Task[Any]]:
        """Begin to move outside of what the panel waits for, and let it end after the block."""
        call = ServiceCall(hass, DOMAIN, SERVICE_MOVE, MOVE_SCHEMA(data))
        task = asyncio.get_running_loop().create_task(_async_move(call))
        try:
            assert await asyncio.get_running_loop().run_in_executor(None, self.began.wait, PATIENCE)
            yield task
        finally:
            self.go.set()
            await asyncio.wait([task])


@pytest.fixture
def copying(monkeypatch: pytest.MonkeyPatch) -> Iterator[Copying]:
    """Return what stops copies."""
    copying = Copying(monkeypatch)
    yield copying
    copying.go.set()


@pytest.fixture
async def site(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> ConfigEntry:
    """Set up a site that has counted for half an hour."""
    monkeypatch.setattr(f"{WHERE}.time", panel.clock)
    await panel.start(METER, SOCKETS)
    entry = await begin(panel)
    await count(panel, 1800)
    return entry


async def test_what_comes_while_the_archive_moves_comes_along_and_back(
    hass: HomeAssistant, panel: Panel, site: ConfigEntry, copying: Copying, postgresql: str
) -> None:
    file, began = file_url(history(hass).folder), uncounted(panel, site)
    for url, given in ((postgresql, {"archive_url": postgresql}), (file, {})):
        before = await intervals(hass)
        async with copying.move(hass, **given) as move:
            await count(panel, 1200)
            assert len(await intervals(hass)) > len(before)
        answer = await move
        await panel.settle()
        copying.began.clear()
        copying.go.clear()
        assert history(hass).settings.url == url
        assert site.options.get("archive_url") == given.get("archive_url")
        await count(panel, 1200)
        rows = await intervals(hass)
        assert seamless(rows)
        assert answer["intervals"] < len(rows)
        assert {row.start for row in before} < {row.start for row in rows}
        assert stored(hass, url) == rows
        assert uncounted(panel, site) == pytest.approx(began, abs=0.003)
    assert notes(hass) == {}


async def test_what_a_silent_meter_tells_while_the_archive_moves_comes_along(
    hass: HomeAssistant, panel: Panel, site: ConfigEntry, copying: Copying, postgresql: str
) -> None:
    began = uncounted(panel, site)
    panel.unit(2).faults.silent = True
    await count(panel, 4 * 3600, every=600)
    async with copying.move(hass, archive_url=postgresql) as move:
        panel.unit(2).faults.silent = False
        await count(panel, 600)
        meanwhile = await intervals(hass)
    await move
    await panel.settle()
    await written(panel)
    rows = await intervals(hass)
    estimated = {row for row in rows if row.estimated}
    assert len(estimated) > 20
    assert estimated == {row for row in meanwhile if row.estimated}
    assert seamless(rows)
    assert uncounted(panel, site) == pytest.approx(began, abs=0.003)


@pytest.mark.usefixtures("site")
async def test_sessions_that_change_while_the_archive_moves_come_along(
    hass: HomeAssistant, panel: Panel, copying: Copying, postgresql: str
) -> None:
    now = int(panel.clock())
    before = [session(key, now - 50_000, None) for key in ("stays", "goes")]
    over = session("over", now - 60_000)
    await history(hass).async_ask(lambda archive: archive.write(sessions=[*before, over]))
    after = [before[0], session("goes", now - 50_000, 600), session("new", now + 60, None)]
    async with copying.move(hass, archive_url=postgresql) as move:
        history(hass).writer.put(sessions=after[1:])
        await count(panel, 600)
    answer = await move
    await panel.settle()
    assert answer["sessions"] == 4
    assert history(hass).settings.url == postgresql
    rows = await history(hass).async_ask(lambda archive: archive.sessions(0, 2**40))
    assert {row.id: row for row in rows} == {row.id: row for row in [over, *after]}


async def test_people_see_how_far_a_move_is(
    hass: HomeAssistant, panel: Panel, site: ConfigEntry, postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.legrand_ews.archive_work._NEWS_EVERY", 0)
    told: list[str] = []
    monkeypatch.setattr(
        "custom_components.legrand_ews.archive_work.persistent_notification.async_create",
        lambda _hass, text, **_: told.append(text),
    )
    rows = len(await intervals(hass))
    await act(hass, "move_archive", archive_url=postgresql)
    assert told[0].startswith("Copying the archive: 0 % ")
    assert any(text.startswith("Copying the archive: 100 % ") for text in told)
    assert all(f" of {rows} " not in text for text in told), "samples count, too"
    await panel.settle()
    assert site.state is ConfigEntryState.LOADED


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://ews:secret@nowhere/ews", "use sqlite or postgresql"),
        ("postgresql://ews:secret@127.0.0.1:1/ews", "OperationalError"),
        ("sqlite://", "needs a file"),
        ("secret", "cannot be read"),
    ],
)
@pytest.mark.usefixtures("site")
async def test_a_url_that_cannot_be_used_is_refused_and_nothing_changes(
    hass: HomeAssistant, url: str, said: str
) -> None:
    one = history(hass)
    with pytest.raises(ServiceValidationError) as error:
        await act(hass, "move_archive", archive_url=url)
    assert key_of(error) == "archive_refused"
    assert said in str(error.value)
    assert "secret" not in str(error.value)
    assert history(hass) is one
    assert one.settings.url == file_url(one.folder)
    assert notes(hass) == {}


@pytest.mark.usefixtures("site")
async def test_the_archive_is_not_moved_to_where_it_is(hass: HomeAssistant) -> None:
    for given in ({}, {"archive_url": " "}, {"archive_url": file_url(history(hass).folder)}):
        with pytest.raises(ServiceValidationError) as error:
            await act(hass, "move_archive", **given)
        assert key_of(error) == "archive_same"


async def test_an_archive_that_does_not_come_to_rest_is_not_moved(
    hass: HomeAssistant, panel: Panel, site: ConfigEntry, postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(ArchiveWriter, "pause", lambda *_: False)
        for action, data in (("move_archive", {"archive_url": postgresql}), ("optimise_archive", {})):
            with pytest.raises(HomeAssistantError) as error:
                await act(hass, action, **data)
            assert key_of(error) == "archive_busy"
    assert "archive_url" not in site.options
    before = await intervals(hass)
    await count(panel, 1200)
    assert len(await intervals(hass)) > len(before)


@pytest.mark.usefixtures("site")
async def test_one_of_the_long_actions_runs_at_a_time(
    hass: HomeAssistant, panel: Panel, copying: Copying, postgresql: str
) -> None:
    (history(hass).folder / COPY_FILE).touch()
    async with copying.move(hass, archive_url=postgresql) as move:
        for action in ("move_archive", "optimise_archive", "restore_archive"):
            with pytest.raises(HomeAssistantError) as error:
                await act(hass, action, **({"archive_url": "sqlite:////nowhere"} if action == "move_archive" else {}))
            assert key_of(error) == "archive_busy"
    await move
    await panel.settle()
    await act(hass, "optimise_archive")


@pytest.mark.parametrize("cancelled", [False, True])
async def test_a_move_ends_with_the_installation_or_with_who_asked_for_it(
    hass: HomeAssistant, panel: Panel, site: ConfigEntry, copying: Copying, postgresql: str, *, cancelled: bool
) -> None:
    before = await intervals(hass)
    async with copying.move(hass, archive_url=postgresql) as move:
        if cancelled:
            move.cancel()
            await asyncio.wait([move])
        else:
            unload = asyncio.get_running_loop().create_task(hass.config_entries.async_unload(site.entry_id))
            while DATA_HISTORY in hass.data:  # noqa: ASYNC110 -- nobody tells
                await asyncio.sleep(0)
    if not cancelled:
        with pytest.raises(HomeAssistantError) as error:
            await move
        assert key_of(error) == "archive_unavailable"
        assert await unload
        await hass.config_entries.async_setup(site.entry_id)
    await panel.settle()
    assert notes(hass) == {}
    assert "archive_url" not in site.options
    await count(panel, 1200)
    rows = await intervals(hass)
    assert seamless(rows)
    assert len(rows) > len(before)


async def test_a_server_that_goes_while_the_archive_moves_changes_nothing(
    hass: HomeAssistant, panel: Panel, site: ConfigEntry, postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await intervals(hass)

    def lose(archive: Archive, *_: object, **__: object) -> None:
        """Lose the connection."""
        raise ConnectionResetError(f"{archive.zone}: the server is gone")

    with monkeypatch.context() as patched:
        patched.setattr(Archive, "copy_to", lose)
        with pytest.raises(HomeAssistantError, match="the server is gone"):
            await act(hass, "move_archive", archive_url=postgresql)
    assert "archive_url" not in site.options
    assert notes(hass) == {}
    await count(panel, 1200)
    assert len(await intervals(hass)) > len(before)


async def test_an_archive_is_optimised_while_rows_wait(
    hass: HomeAssistant, panel: Panel, site: ConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, held = await intervals(hass), list[bool]()
    optimise, one = Archive.optimise, history(hass)

    def noted(archive: Archive) -> None:
        """Note whether rows wait."""
        held.append(one.writer._holds > 0)
        optimise(archive)

    monkeypatch.setattr(Archive, "optimise", noted)
    await one.async_ask(lambda archive: archive.retain({"samples": 2**40}))
    answer = await act(hass, "optimise_archive")
    assert held == [True]
    assert 0 < answer["size"] <= answer["size_before"]
    assert await intervals(hass) == rows
    await count(panel, 1200)
    assert len(await intervals(hass)) > len(rows)
    assert site.state is ConfigEntryState.LOADED


@pytest.mark.usefixtures("site")
async def test_a_damaged_archive_is_told_and_not_touched(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Archive, "check", lambda _: "row 7 missing from index")
    monkeypatch.setattr(Archive, "optimise", lambda _: pytest.fail("touched"))
    with pytest.raises(HomeAssistantError, match="row 7 missing from index") as error:
        await act(hass, "optimise_archive")
    assert key_of(error) == "archive_broken"


async def test_a_copy_is_taken_back_beside_what_is_there(
    hass: HomeAssistant, panel: Panel, site: ConfigEntry, postgresql: str
) -> None:
    began, first = uncounted(panel, site), await intervals(hass)
    copy = history(hass).folder / COPY_FILE
    await history(hass).async_ask(lambda archive: archive.backup(copy))
    hass.config_entries.async_update_entry(site, options={"archive_url": postgresql})
    await panel.settle()
    await count(panel, 1800)
    own = await intervals(hass)
    assert not {(row.device, row.quantity, row.start) for row in own} & {
        (row.device, row.quantity, row.start) for row in first
    }
    answer = await act(hass, "restore_archive")
    await panel.settle()
    rows = await intervals(hass)
    assert answer["intervals"] == len(rows) == len(first) + len(own)
    assert set(rows) == {*first, *own}
    assert uncounted(panel, site) >= began - 0.003
    assert not await hass.async_add_executor_job(copy.exists)
    assert notes(hass) == {}


async def test_sessions_of_a_copy_come_back_and_those_that_are_there_stay(
    hass: HomeAssistant, panel: Panel, site: ConfigEntry, postgresql: str
) -> None:
    now = int(panel.clock())
    copy = history(hass).folder / COPY_FILE
    old = [session("early", now - 9000), session("late", now - 3000, None)]
    await history(hass).async_ask(lambda archive: archive.write(sessions=old))
    await history(hass).async_ask(lambda archive: archive.backup(copy))
    hass.config_entries.async_update_entry(site, options={"archive_url": postgresql})
    await panel.settle()
    over = session("late", now - 3000, 1800)
    await history(hass).async_ask(lambda archive: archive.write(sessions=[over]))
    assert (await act(hass, "restore_archive"))["sessions"] == 2
    await panel.settle()
    assert await history(hass).async_ask(lambda archive: archive.sessions(0, 2**40)) == [old[0], over]


@pytest.mark.usefixtures("site")
async def test_without_a_copy_there_is_nothing_to_take_back(hass: HomeAssistant) -> None:
    with pytest.raises(ServiceValidationError) as error:
        await act(hass, "restore_archive")
    assert key_of(error) == "no_copy"
    assert str(history(hass).folder) in str(error.value)


@pytest.mark.usefixtures("site")
async def test_tables_that_were_changed_or_deleted_are_written_again(hass: HomeAssistant) -> None:
    folder = history(hass).folder / "csv"

    def read() -> dict[Path, bytes]:
        """Return all tables."""
        return {path: path.read_bytes() for path in folder.rglob("*.csv")}

    def spoil(tables: dict[Path, bytes]) -> None:
        """Delete a table and change another one."""
        lost, changed, *_ = tables
        lost.unlink()
        changed.write_bytes(tables[changed] + b"1;2;3\n")

    assert (await act(hass, "export_csv"))["files"] > 0
    tables = await hass.async_add_executor_job(read)
    await hass.async_add_executor_job(spoil, tables)
    assert (await act(hass, "export_csv"))["files"] >= 2
    assert await hass.async_add_executor_job(read) == tables


@pytest.mark.usefixtures("site")
async def test_tables_that_cannot_be_written_are_told(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> int:
        """Have no room."""
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("custom_components.legrand_ews.csv_tables.Folders.update", refuse)
    with pytest.raises(HomeAssistantError, match="No space left"):
        await act(hass, "export_csv")


@pytest.mark.parametrize("action", ["optimise_archive", "move_archive", "restore_archive", "export_csv"])
async def test_without_an_installation_there_is_nothing_to_act_on(
    hass: HomeAssistant, panel: Panel, action: str
) -> None:
    await panel.start(METER)
    with pytest.raises(ServiceValidationError) as error:
        await act(hass, action)
    assert key_of(error) == "no_installation"
