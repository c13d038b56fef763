"""The driver of PostgreSQL: asked for where a server is named, and told where it cannot be had."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from homeassistant.exceptions import ServiceValidationError
from homeassistant.requirements import RequirementsNotFound
from homeassistant.util.package import is_installed

from custom_components.legrand_ews.archive import ArchiveError
from custom_components.legrand_ews.archive_driver import DRIVER, async_need_driver
from custom_components.legrand_ews.const import DOMAIN

from .support import METER
from .test_archive_services import act
from .test_history import begin

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .support import Panel

PROCESS = "custom_components.legrand_ews.archive_driver.async_process_requirements"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    """Return the list that takes what is asked for, by whom."""
    asked: list[tuple[str, list[str]]] = []

    async def process(_hass: HomeAssistant, name: str, requirements: list[str]) -> None:
        """Note it."""
        asked.append((name, requirements))

    monkeypatch.setattr(PROCESS, process)
    return asked


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be installed."""

    async def process(_hass: HomeAssistant, name: str, requirements: list[str]) -> None:
        """Fail as Home Assistant does."""
        raise RequirementsNotFound(name, requirements)

    monkeypatch.setattr(PROCESS, process)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
async def test_a_server_needs_the_driver(hass: HomeAssistant, asked: list[object], scheme: str) -> None:
    await async_need_driver(hass, f"{scheme}://ews@server/ews")
    assert asked == [(DOMAIN, [DRIVER])]


@pytest.mark.parametrize("url", ["sqlite:////config/postgres.db", "mysql://server/postgres", ""])
async def test_nothing_else_needs_it(hass: HomeAssistant, asked: list[object], url: str) -> None:
    await async_need_driver(hass, url)
    assert asked == []


async def test_a_driver_that_is_there_is_not_installed_again(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("homeassistant.util.package.install_package", lambda *_, **__: pytest.fail("installed"))
    monkeypatch.setattr("homeassistant.requirements.pkg_util.install_package", lambda *_, **__: pytest.fail("again"))
    await async_need_driver(hass, "postgresql://ews@server/ews")


def test_the_tests_use_the_driver_that_users_get() -> None:
    wanted = (Path(__file__).parent.parent / "requirements_test.txt").read_text(encoding="utf-8").splitlines()
    assert DRIVER in wanted
    assert is_installed(DRIVER)


@pytest.mark.usefixtures("offline")
async def test_a_driver_that_cannot_be_installed_is_named(hass: HomeAssistant) -> None:
    with pytest.raises(ArchiveError) as error:
        await async_need_driver(hass, "postgresql://ews:secret@server/ews")
    assert DRIVER in str(error.value)
    assert "secret" not in str(error.value)


@pytest.mark.usefixtures("offline")
async def test_without_the_driver_the_archive_is_not_moved(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(METER)
    entry = await begin(panel)
    with pytest.raises(ServiceValidationError) as error:
        await act(hass, "move_archive", archive_url="postgresql://ews:secret@server/ews")
    assert DRIVER in str(error.value)
    assert "archive_url" not in entry.options
