"""Fixtures that all tests share."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack
from functools import wraps
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

import pytest
from homeassistant.exceptions import ConfigEntryError
from homeassistant.helpers.entity import Entity
from hypothesis import settings

# Imported before the ``hass`` fixture puts another ``custom_components`` first on the path.
import custom_components.legrand_ews  # noqa: F401

from .archive.cluster import private_cluster
from .archive.support import ask
from .support import Clock, Panel

# How long an example takes is the machine's matter.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    from homeassistant.core import HomeAssistant

    from .archive.cluster import Cluster

_EMPTY: Final = (
    """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid != pg_backend_pid()""",
    "DROP SCHEMA public CASCADE",
    "CREATE SCHEMA public",
)


@pytest.fixture
def slow_loop() -> bool:
    """Tell whether the loop is to be in its debug mode, in which threads that nobody waits for come first."""
    return False


@pytest.fixture(autouse=True)
async def enable_event_loop_debug(slow_loop: bool) -> None:  # noqa: FBT001 -- a fixture
    """Keep of the loop's debug mode that it refuses other threads, in place of what the test library has.

    The rest notes where every future, task and callback comes from, which is a third of the time that tests take.
    """
    loop: Any = asyncio.get_running_loop()
    loop.set_debug(slow_loop)
    if hasattr(loop, "_check_thread"):
        loop.call_soon, loop.call_at = _checked(loop, loop.call_soon), _checked(loop, loop.call_at)


def _checked(loop: Any, call: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method of a loop that refuses to be called from another thread."""

    @wraps(call)
    def checked(*args: Any, **more: Any) -> Any:
        """Check, and call."""
        loop._check_thread()
        return call(*args, **more)

    return checked


@pytest.fixture(scope="session", autouse=True)
def quiet_libraries() -> None:
    """Do not log statements, as the test library has it, nor each frame on a line: there are many."""
    for name in ("sqlalchemy.engine", "pymodbus", "tmodbus"):
        logging.getLogger(name).setLevel(logging.WARNING)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Return the server, started once."""
    with private_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def database(cluster: Cluster) -> str:
    """Return the URL of the database that all tests use in turn: to make one takes longer than most tests."""
    return cluster.create("archive")


@pytest.fixture
def postgresql(database: str) -> str:
    """Return the URL of an empty database of the server."""
    for statement in _EMPTY:
        ask(database, statement)
    return database


@pytest.fixture(autouse=True)
def auto_enable_custom_integrations(request: pytest.FixtureRequest) -> None:
    """Let Home Assistant load the integration, in the tests that have a Home Assistant."""
    if "recorder_mock" in request.fixturenames:
        # Refuses to come after ``hass``.
        request.getfixturevalue("recorder_mock")
    if "hass" in request.fixturenames:
        request.getfixturevalue("enable_custom_integrations")


@pytest.fixture
def hass_config_dir(tmp_path: Path) -> str:
    """Give each Home Assistant a folder of its own: tests write register maps there."""
    return str(tmp_path)


@pytest.fixture
def all_enabled() -> Iterator[None]:
    """Let all entities begin enabled."""
    with patch.object(Entity, "entity_registry_enabled_default", new=True):
        yield


@pytest.fixture
async def panel(
    hass: HomeAssistant,
    socket_enabled: None,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> AsyncIterator[Panel]:
    """Return a panel without gateways yet; at the end no exception may have been logged that nobody caught."""
    clock = Clock()
    clock.inject(monkeypatch)
    async with AsyncExitStack() as stack:
        panel = Panel(hass, clock, stack)
        yield panel
        await panel.unload_all()
    records = [record for record in caplog.get_records("call") if record.levelno >= logging.ERROR and record.exc_info]
    assert [record.getMessage() for record in records if not _foreseen(record)] == []


def _foreseen(record: logging.LogRecord) -> bool:
    """Tell whether Home Assistant logs why a gateway is not set up."""
    return record.exc_info is not None and isinstance(record.exc_info[1], ConfigEntryError)
