"""Actions on the archive: optimise it (manual 8.8), move it to another database."""

from __future__ import annotations

from contextlib import asynccontextmanager, closing
from functools import partial
from time import time
from typing import TYPE_CHECKING, Final

import voluptuous as vol
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service

from .archive import Archive
from .archive_work import Progress, alone, busy, ends
from .const import DOMAIN, LOGGER, OPT_ARCHIVE_URL
from .history import find_history
from .history_form import async_try_archive
from .history_settings import COPY_FILE, file_url

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from .archive import ArchiveInfo
    from .history import History

SERVICE_OPTIMISE: Final = "optimise_archive"
SERVICE_MOVE: Final = "move_archive"
SERVICE_RESTORE: Final = "restore_archive"
SERVICE_EXPORT_CSV: Final = "export_csv"
_PAUSE: Final = 60.0
_EVER: Final = 2**40

MOVE_SCHEMA: Final = vol.Schema({vol.Optional(OPT_ARCHIVE_URL, default=""): cv.string})


@callback
def async_setup_archive_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    optional = SupportsResponse.OPTIONAL
    async_register_admin_service(
        hass, DOMAIN, SERVICE_OPTIMISE, _async_optimise, schema=vol.Schema({}), supports_response=optional
    )
    async_register_admin_service(
        hass, DOMAIN, SERVICE_MOVE, _async_move, schema=MOVE_SCHEMA, supports_response=optional
    )
    async_register_admin_service(
        hass, DOMAIN, SERVICE_RESTORE, _async_restore, schema=vol.Schema({}), supports_response=optional
    )
    async_register_admin_service(
        hass, DOMAIN, SERVICE_EXPORT_CSV, _async_export_csv, schema=vol.Schema({}), supports_response=optional
    )


async def _async_export_csv(call: ServiceCall) -> ServiceResponse:
    """Compare all CSV tables with the archive, and write what differs."""
    history = find_history(call.hass)
    try:
        return {"files": await history.tables.async_update()}
    except OSError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="csv_not_written", translation_placeholders={"error": str(err)}
        ) from err


async def _async_optimise(call: ServiceCall) -> ServiceResponse:
    """Check the archive, give back free space, renew what its planner knows. Rows wait in memory meanwhile."""
    hass, history = call.hass, find_history(call.hass)

    def optimise(archive: Archive) -> int:
        """Return the bytes afterwards. Blocking."""
        archive.optimise()
        return archive.info().size

    with alone(hass):
        before = (await history.async_ask(Archive.info)).size
        broken = await history.async_ask(Archive.check)
        if broken is not None:
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key="archive_broken", translation_placeholders={"error": broken}
            )
        async with _async_held(hass, history):
            after = await history.async_ask(optimise)
    return {"size_before": before, "size": after}


async def _async_move(call: ServiceCall) -> ServiceResponse:
    """Copy the archive to another database while it goes on, then use that one.

    Rows that come meanwhile are copied last, with writing held for a moment. The old archive stays as it is.
    """
    hass, history = call.hass, find_history(call.hass)
    url = call.data[OPT_ARCHIVE_URL].strip() or file_url(history.folder)
    if url == history.settings.url:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="archive_same")
    with alone(hass), Progress(hass, history, "archive_moving") as progress:
        if reason := await async_try_archive(hass, url):
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="archive_refused",
                translation_placeholders={"reason": reason},
            )
        return _told(await _async_change_over(hass, history, url, progress))


async def _async_restore(call: ServiceCall) -> ServiceResponse:
    """Take back what a backup has of an archive that was elsewhere; what is there already stays as it is."""
    hass, history = call.hass, find_history(call.hass)
    file = history.folder / COPY_FILE
    if not await hass.async_add_executor_job(file.exists):
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_copy", translation_placeholders={"file": str(file)}
        )

    def work(archive: Archive, progress: Progress) -> ArchiveInfo:
        """Copy, and remove what is not needed any more. Blocking."""
        there = archive.sessions(-_EVER, _EVER)
        with closing(Archive.open(f"sqlite:///{file}", site=history.site_id, zone=history.zone)) as copy:
            copy.copy_to(archive, progress)
        # Charging sessions change: one that is over must not be open again.
        archive.write(sessions=there)
        file.unlink()
        return archive.info()

    with alone(hass), Progress(hass, history, "archive_moving") as progress:
        async with _async_held(hass, history):
            info = await history.async_ask(partial(work, progress=progress))
    hass.config_entries.async_schedule_reload(history.entry.entry_id)
    return _told(info)


def _told(info: ArchiveInfo) -> ServiceResponse:
    """Return how much there is now."""
    return {name: getattr(info, name) for name in ("intervals", "samples", "alarms", "sessions")}


async def _async_change_over(hass: HomeAssistant, history: History, url: str, progress: Progress) -> ArchiveInfo:
    """Copy all, then what came meanwhile, and use the copy."""
    began = int(time())
    before = await history.async_ask(Archive.marks)
    going_on = await history.async_ask(partial(_open_sessions, now=began))
    await history.async_ask(partial(_copy, history=history, url=url, progress=progress, since=None))
    async with _async_held(hass, history):
        after = await history.async_ask(Archive.marks)
        # A meter that was silent for long may have told meanwhile what it counted before the move began.
        late = (until for meter, (until, _) in before.items() if after[meter][0] != until)
        ends_of = await history.async_ask(partial(_ends, sessions=going_on))
        since = min([began - 2 * history.period, *late, *ends_of])
        info = await history.async_ask(partial(_copy, history=history, url=url, progress=progress, since=since))
        if ends(hass, history):
            raise busy()
        await hass.async_add_executor_job(history.change_archive, url)
    LOGGER.info("The archive moved to another database: %s intervals", info.intervals)
    options = {key: value for key, value in history.entry.options.items() if key != OPT_ARCHIVE_URL}
    if url != file_url(history.folder):
        options[OPT_ARCHIVE_URL] = url
    hass.config_entries.async_update_entry(history.entry, options=options)
    return info


def _open_sessions(archive: Archive, now: int) -> dict[str, int]:
    """Return when the charging sessions that go on began, by id. Blocking."""
    return {row.id: row.start for row in archive.sessions(now, _EVER) if row.end is None}


def _ends(archive: Archive, sessions: Mapping[str, int]) -> list[int]:
    """Return times before the ends of those of some charging sessions that are over now. Blocking.

    A car that left unseen ended its session when it was last seen, maybe long ago.
    """
    if not sessions:
        return []
    rows = archive.sessions(min(sessions.values()), _EVER)
    return [row.end - 1 for row in rows if row.id in sessions and row.end is not None]


def _copy(archive: Archive, *, history: History, url: str, progress: Progress, since: int | None) -> ArchiveInfo:
    """Copy what ends after a time, all if None, and tell what is there then. Blocking."""
    with closing(Archive.open(url, site=history.site_id, zone=history.zone)) as other:
        archive.copy_to(other, progress, since=since)
        return other.info()


@asynccontextmanager
async def _async_held(hass: HomeAssistant, history: History) -> AsyncIterator[None]:
    """Write nothing meanwhile. Raises ``HomeAssistantError`` if what is being written takes too long."""
    if not await hass.async_add_executor_job(history.writer.pause, _PAUSE):
        raise busy()
    try:
        yield
    finally:
        history.writer.resume()
