"""Actions on the archive: optimise it (manual 8.8), move it to another database."""

from __future__ import annotations

from contextlib import closing
from time import monotonic, time
from typing import TYPE_CHECKING, Final

import voluptuous as vol
from homeassistant.components import persistent_notification
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.helpers.translation import async_get_exception_message

from .archive import Archive
from .const import DOMAIN, LOGGER, OPT_ARCHIVE_URL
from .history import find_history
from .history_form import async_try_archive
from .history_settings import COPY_FILE, file_url

if TYPE_CHECKING:
    from .archive import ArchiveInfo
    from .history import History

SERVICE_OPTIMISE: Final = "optimise_archive"
SERVICE_MOVE: Final = "move_archive"
SERVICE_RESTORE: Final = "restore_archive"
SERVICE_EXPORT_CSV: Final = "export_csv"
_NOTE: Final = f"{DOMAIN}_move_archive"
_NEWS_EVERY: Final = 2.0
_PAUSE: Final = 60.0

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
        return {"files": await history.async_update_tables()}
    except OSError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="csv_not_written", translation_placeholders={"error": str(err)}
        ) from err


async def _async_optimise(call: ServiceCall) -> ServiceResponse:
    """Check the archive, give back free space, renew what its planner knows."""
    history = find_history(call.hass)

    def work(archive: Archive) -> tuple[str | None, int, int]:
        """Return what is broken, and the bytes before and after. Blocking."""
        before = archive.info().size
        broken = archive.check()
        if broken is None:
            archive.optimise()
        return broken, before, archive.info().size

    broken, before, after = await history.async_ask(work)
    if broken is not None:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="archive_broken", translation_placeholders={"error": broken}
        )
    return {"size_before": before, "size": after}


async def _async_move(call: ServiceCall) -> ServiceResponse:
    """Copy the archive to another database while it goes on, then use that one.

    Rows that come meanwhile are copied last, with writing held for a moment. The old archive stays as it is.
    """
    history = find_history(call.hass)
    url = call.data[OPT_ARCHIVE_URL].strip() or file_url(history.folder)
    if url == history.settings.url:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="archive_same")
    if reason := await async_try_archive(call.hass, url):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="archive_refused",
            translation_placeholders={"reason": reason},
        )
    try:
        info = await _async_copy(call.hass, history, url)
    finally:
        persistent_notification.async_dismiss(call.hass, _NOTE)
    return _told(info)


async def _async_restore(call: ServiceCall) -> ServiceResponse:
    """Take back what a backup has of an archive that was elsewhere; what is there already stays as it is."""
    history = find_history(call.hass)
    file = history.folder / COPY_FILE
    if not await call.hass.async_add_executor_job(file.exists):
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_copy", translation_placeholders={"file": str(file)}
        )

    def work(archive: Archive) -> ArchiveInfo:
        """Copy. Blocking."""
        with closing(Archive.open(f"sqlite:///{file}", site=history.site_id, zone=history.zone)) as copy:
            copy.copy_to(archive)
            return archive.info()

    info = await history.async_ask(work)
    call.hass.config_entries.async_schedule_reload(history.entry.entry_id)
    return _told(info)


def _told(info: ArchiveInfo) -> ServiceResponse:
    """Return how much there is now."""
    return {"intervals": info.intervals, "samples": info.samples, "alarms": info.alarms}


async def _async_copy(hass: HomeAssistant, history: History, url: str) -> ArchiveInfo:
    """Copy, and change over."""
    began = int(time())
    await _async_copy_since(hass, history, url, None)
    if not await hass.async_add_executor_job(history.writer.pause, _PAUSE):
        raise HomeAssistantError(translation_domain=DOMAIN, translation_key="archive_busy")
    try:
        info = await _async_copy_since(hass, history, url, began - 2 * history.period)
    except BaseException:
        history.writer.resume()
        raise
    options = {key: value for key, value in history.entry.options.items() if key != OPT_ARCHIVE_URL}
    if url != file_url(history.folder):
        options[OPT_ARCHIVE_URL] = url
    LOGGER.info("The archive moved to another database: %s intervals", info.intervals)
    history.change_archive(url)
    history.writer.resume()
    hass.config_entries.async_update_entry(history.entry, options=options)
    return info


async def _async_copy_since(hass: HomeAssistant, history: History, url: str, since: int | None) -> ArchiveInfo:
    """Copy what came since a time, all if None, and tell how far it is."""
    told = monotonic()

    def tell(done: int, total: int) -> None:
        """Say now and then how far it is, from the thread that copies."""
        nonlocal told
        if monotonic() - told >= _NEWS_EVERY:
            told = monotonic()
            hass.loop.call_soon_threadsafe(_note, hass, done, total)

    def work(archive: Archive) -> ArchiveInfo:
        """Copy. Blocking."""
        with closing(Archive.open(url, site=history.site_id, zone=history.zone)) as other:
            archive.copy_to(other, tell, since=since)
            return other.info()

    if since is None:
        _note(hass, 0, 0)
    return await history.async_ask(work)


@callback
def _note(hass: HomeAssistant, done: int, total: int) -> None:
    """Show how far the move is."""
    percent = 100 * done // total if total else 0
    text = async_get_exception_message(
        DOMAIN, "archive_moving", {"percent": str(percent), "done": str(done), "total": str(total)}
    )
    persistent_notification.async_create(hass, text, notification_id=_NOTE)
