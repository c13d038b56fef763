"""The CSV folder in the media browser. Owns how it is listed; which files can be had is ``csv_files``'s matter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, override

from homeassistant.components.media_player.const import MediaClass
from homeassistant.components.media_player.errors import BrowseError
from homeassistant.components.media_source import (
    BrowseMediaSource,
    MediaSource,
    MediaSourceItem,
    PlayMedia,
    Unresolvable,
)
from homeassistant.exceptions import ServiceValidationError

from .const import DOMAIN
from .csv_files import CSV_TYPE, CSV_URL, csv_folder, find_file, find_folder
from .history import find_history

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from homeassistant.core import HomeAssistant

    from .archive import Site

_NAME: Final = "Energy Web Server"
_NOT_FOUND: Final = "There is no such file or folder."


async def async_get_media_source(hass: HomeAssistant) -> CsvSource:
    """Return the folder as a source."""
    return CsvSource(hass)


class CsvSource(MediaSource):
    """The folders and their CSV files; an identifier is a path below the root."""

    name = _NAME

    def __init__(self, hass: HomeAssistant) -> None:
        """Take Home Assistant."""
        super().__init__(DOMAIN)
        self._hass = hass

    @override
    async def async_resolve_media(self, item: MediaSourceItem) -> PlayMedia:
        """Return where a file is served; who asked signs the address."""
        location = item.identifier or ""
        try:
            found = await self._hass.async_add_executor_job(find_file, csv_folder(self._hass), location)
        except ServiceValidationError as err:
            raise Unresolvable(str(err)) from err
        if found is None:
            raise Unresolvable(_NOT_FOUND)
        return PlayMedia(f"{CSV_URL}/{location}", CSV_TYPE, path=found)

    @override
    async def async_browse_media(self, item: MediaSourceItem) -> BrowseMediaSource:
        """Return a folder with what is in it, folders first."""
        location = item.identifier or ""
        try:
            names = _device_names(find_history(self._hass).site())
            children = await self._hass.async_add_executor_job(_children, csv_folder(self._hass), location, names)
        except ServiceValidationError as err:
            raise BrowseError(str(err)) from err
        folder = _folder(location, names)
        folder.children = children
        return folder


def _device_names(site: Site) -> dict[str, str]:
    """Return what the devices are called, by the folders that have their numbers."""
    return {f"devices/{device.number}": device.name for device in site.devices if device.number is not None}


def _children(root: Path, location: str, names: Mapping[str, str]) -> list[BrowseMediaSource]:
    """Return what can be had of a folder, devices in the order of their numbers.

    The root has nothing before the first tables are written. Raises ``BrowseError`` for no folder of the tree. Blocks.
    """
    folder = find_folder(root, location)
    if folder is None and location:
        raise BrowseError(_NOT_FOUND)
    found = sorted((path.name for path in folder.iterdir()) if folder is not None else (), key=_order)
    inside = [f"{location}/{name}".removeprefix("/") for name in found]
    return [
        *(_folder(one, names) for one in inside if find_folder(root, one) is not None),
        *(_file(one) for one in inside if find_file(root, one) is not None),
    ]


def _order(name: str) -> tuple[int, str]:
    """Return what sorts names that are numbers as such."""
    return (int(name), "") if name.isdecimal() else (0, name)


def _folder(location: str, names: Mapping[str, str]) -> BrowseMediaSource:
    """Return a folder in a list; that of a device has its name, too."""
    own = location.rpartition("/")[2] or _NAME
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=location,
        media_class=MediaClass.DIRECTORY,
        media_content_type="",
        title=f"{own} · {names[location]}" if location in names else own,
        can_play=False,
        can_expand=True,
    )


def _file(location: str) -> BrowseMediaSource:
    """Return a file in a list."""
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=location,
        media_class=MediaClass.URL,
        media_content_type=CSV_TYPE,
        title=location.rpartition("/")[2],
        can_play=False,
        can_expand=False,
    )
