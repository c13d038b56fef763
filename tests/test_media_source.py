"""The CSV folder in the media browser."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.setup import async_setup_component

from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.history import DATA_HISTORY

from .test_download import set_up_downloads

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from homeassistant.core import HomeAssistant

ROOT = f"media-source://{DOMAIN}"
FILE = "devices/10/10_energy_2026-10.csv"


@pytest.fixture
async def folder(hass: HomeAssistant, tmp_path: Path) -> AsyncIterator[Path]:
    """Return the folder of an installation."""
    assert await async_setup_component(hass, DOMAIN, {})
    assert await async_setup_component(hass, "media_source", {})
    set_up_downloads(hass)
    device = SimpleNamespace(number=2, name="Lift")
    site = SimpleNamespace(devices=(device, SimpleNamespace(number=None, name="New")))
    hass.data[DATA_HISTORY] = SimpleNamespace(folder=tmp_path, site=lambda: site)  # type: ignore[assignment]
    yield tmp_path / "csv"
    hass.data.pop(DATA_HISTORY, None)


@pytest.fixture
def tree(folder: Path) -> Path:
    """Return a tree as the archive makes it, with what is not for people."""
    for name in ("2/2_stat_2026-10.csv", "2/2_energy_2026-10.csv", "10/10_energy_2026-10.csv", "1/notes.txt"):
        path = folder / "devices" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("time")
    (folder / "energy").mkdir()
    (folder / "a.csv").write_text("time")
    (folder / ".index.json").write_text("{}")
    (folder / "out").symlink_to(folder.parent)
    return folder


async def ask(client: Any, command: str, location: str) -> dict[str, Any]:
    """Ask as the media browser does."""
    await client.send_json_auto_id({"type": f"media_source/{command}_media", "media_content_id": f"{ROOT}{location}"})
    answer: dict[str, Any] = await client.receive_json()
    return answer


@pytest.fixture
async def client(hass: HomeAssistant, folder: Path, hass_ws_client: Any) -> Any:  # noqa: ARG001
    """Return a connection of somebody who is logged in."""
    return await hass_ws_client(hass)


def listed(answer: dict[str, Any]) -> list[tuple[str, bool]]:
    """Return what a folder shows: titles, and which of them are folders."""
    assert answer["success"], answer
    return [(child["title"], child["can_expand"]) for child in answer["result"]["children"]]


@pytest.mark.usefixtures("tree")
async def test_folders_come_first_and_numbers_count(client: Any) -> None:
    assert listed(await ask(client, "browse", "")) == [("devices", True), ("energy", True), ("a.csv", False)]
    assert listed(await ask(client, "browse", "/devices")) == [("1", True), ("2 · Lift", True), ("10", True)]
    two = await ask(client, "browse", "/devices/2")
    assert listed(two) == [("2_energy_2026-10.csv", False), ("2_stat_2026-10.csv", False)]
    assert two["result"]["title"] == "2 · Lift"
    assert two["result"]["children"][0]["media_content_id"] == f"{ROOT}/devices/2/2_energy_2026-10.csv"
    assert listed(await ask(client, "browse", "/devices/1")) == []


async def test_before_the_first_tables_there_is_nothing(client: Any) -> None:
    assert listed(await ask(client, "browse", "")) == []


@pytest.mark.usefixtures("tree")
async def test_the_source_has_a_name_among_the_others(client: Any) -> None:
    await client.send_json_auto_id({"type": "media_source/browse_media"})
    answer = await client.receive_json()
    sources = {child["media_content_id"]: child["title"] for child in answer["result"]["children"]}
    assert sources[ROOT] == "Energy Web Server"


@pytest.mark.usefixtures("tree")
async def test_a_file_has_a_signed_link(client: Any, hass_client_no_auth: Any) -> None:
    answer = await ask(client, "resolve", f"/{FILE}")
    assert answer["success"], answer
    assert answer["result"]["mime_type"] == "text/csv"
    response = await (await hass_client_no_auth()).get(answer["result"]["url"])
    assert (response.status, await response.text()) == (200, "time")


@pytest.mark.usefixtures("tree")
async def test_what_is_no_file_or_folder_of_the_tree_is_refused(client: Any) -> None:
    for location in ("/..", "/out", "/a.csv", "/missing", "/.index.json"):
        assert (await ask(client, "browse", location))["error"]["code"] == "browse_media_failed", location
    for location in ("", "/devices", "/../a.csv", "/out/csv/a.csv", "/.index.json", "/missing.csv"):
        assert (await ask(client, "resolve", location))["error"]["code"] == "resolve_media_failed", location


async def test_without_an_installation_there_is_nothing(hass: HomeAssistant, client: Any) -> None:
    del hass.data[DATA_HISTORY]
    assert (await ask(client, "browse", ""))["error"]["code"] == "browse_media_failed"
    assert (await ask(client, "resolve", f"/{FILE}"))["error"]["code"] == "resolve_media_failed"
