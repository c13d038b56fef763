"""Which files of the CSV folder can be had, and how they are served."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.components.http.auth import async_sign_path
from homeassistant.setup import async_setup_component

from custom_components.legrand_ews.access import Role
from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.csv_files import CsvView, find_file, find_folder
from custom_components.legrand_ews.history import DATA_HISTORY

from .access_support import person, token

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from homeassistant.core import HomeAssistant

FILE = "devices/1/1_energy_2026-10.csv"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a tree with a file, beside what nobody may have."""
    root = tmp_path / "legrand_ews" / "csv"
    (root / "devices" / "1").mkdir(parents=True)
    (root / FILE).write_bytes(b"time;Mains\r\n")
    (root / "folder.csv").mkdir()
    for name in (".index.json", ".hidden.csv", "notes.txt", "back\\slash.csv"):
        (root / name).write_text("secret")
    (root.parent / "secret.csv").write_text("secret")
    (root / "out").symlink_to(root.parent)
    (root / "link.csv").symlink_to(root.parent / "secret.csv")
    (root / "inside.csv").symlink_to(root / FILE)
    return root


REFUSED = (
    "",
    "devices",
    "folder.csv",
    "missing.csv",
    ".index.json",
    ".hidden.csv",
    "notes.txt",
    "back\\slash.csv",
    "..",
    "../secret.csv",
    "devices/../../secret.csv",
    "devices/./1/1_energy_2026-10.csv",
    "devices//1/1_energy_2026-10.csv",
    "/devices/1/1_energy_2026-10.csv",
    "devices/1/1_energy_2026-10.csv/",
    "devices/1/1_energy_2026-10.csv/more.csv",
    "out/secret.csv",
    "link.csv",
    "inside.csv",
    "\0.csv",
    f"{'x' * 300}.csv",
)


def test_files_of_the_tree_are_found(tree: Path) -> None:
    assert find_file(tree, FILE) == (tree / FILE).resolve()


@pytest.mark.parametrize("location", REFUSED)
def test_nothing_else_is(tree: Path, location: str) -> None:
    assert find_file(tree, location) is None
    assert find_file(tree, str(tree.parent / "secret.csv")) is None


def test_folders(tree: Path) -> None:
    assert find_folder(tree, "") == tree.resolve()
    assert find_folder(tree, "devices/1") == (tree / "devices" / "1").resolve()
    for location in ("..", "out", FILE, "missing", "devices/", "."):
        assert find_folder(tree, location) is None
    assert find_folder(tree / "missing", "") is None


def test_the_tree_may_lie_behind_a_link(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").symlink_to(tree)
    assert find_file(tmp_path / "elsewhere", FILE) == (tree / FILE).resolve()


@pytest.fixture
async def browser(hass: HomeAssistant, tree: Path, hass_client_no_auth: Any) -> Any:
    """Return a client that is not logged in."""
    assert await async_setup_component(hass, "http", {})
    hass.http.register_view(CsvView)
    hass.data[DATA_HISTORY] = SimpleNamespace(folder=tree.parent)  # type: ignore[assignment]
    return await hass_client_no_auth()


@pytest.fixture(autouse=True)
def forgotten(request: pytest.FixtureRequest) -> Iterator[None]:
    """Leave no history behind."""
    yield
    if "hass" in request.fixturenames:
        request.getfixturevalue("hass").data.pop(DATA_HISTORY, None)


def signed(hass: HomeAssistant, path: str) -> str:
    """Return a link as Home Assistant signs it."""
    return async_sign_path(hass, f"/api/{DOMAIN}/csv/{path}", timedelta(minutes=1))


async def test_a_signed_link_opens_a_file(hass: HomeAssistant, browser: Any) -> None:
    response = await browser.get(signed(hass, FILE))
    assert (response.status, await response.read()) == (200, b"time;Mains\r\n")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="1_energy_2026-10.csv"'


async def test_without_a_login_nothing_opens(browser: Any) -> None:
    assert (await browser.get(f"/api/{DOMAIN}/csv/{FILE}")).status == 401


async def test_who_is_logged_in_gets_files_of_the_tree_only(browser: Any, hass_access_token: str) -> None:
    headers = {"Authorization": f"Bearer {hass_access_token}"}
    assert (await browser.get(f"/api/{DOMAIN}/csv/{FILE}", headers=headers)).status == 200
    for path in ("link.csv", "out/secret.csv", ".index.json", "..%2Fsecret.csv", "%2e%2e/secret.csv", "folder.csv"):
        response = await browser.get(f"/api/{DOMAIN}/csv/{path}", headers=headers)
        assert response.status in (400, 404), path
        assert b"secret" not in (await response.read()).replace(b"secret.csv", b""), path


@pytest.mark.parametrize(("role", "status"), [(Role.GREENUP, 200), (Role.USER, 401), (Role.NONE, 401)])
async def test_files_are_for_those_who_may_have_reports(
    hass: HomeAssistant, browser: Any, role: Role, status: int
) -> None:
    headers = {"Authorization": f"Bearer {await token(hass, await person(hass, role))}"}
    assert (await browser.get(f"/api/{DOMAIN}/csv/{FILE}", headers=headers)).status == status


async def test_without_an_installation_there_is_nothing(hass: HomeAssistant, browser: Any) -> None:
    url = signed(hass, FILE)
    del hass.data[DATA_HISTORY]
    assert (await browser.get(url)).status == 404
