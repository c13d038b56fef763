"""Every test that asks for ``url`` runs on SQLite and on a real PostgreSQL server."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

import pytest

from .cluster import private_cluster
from .support import ZONE, Opener, ask

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from custom_components.legrand_ews.archive import Archive

    from .cluster import Cluster

_EMPTY: Final = (
    """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid != pg_backend_pid()""",
    "DROP SCHEMA public CASCADE",
    "CREATE SCHEMA public",
)


@pytest.fixture(scope="session", autouse=True)
def quiet() -> None:
    """Do not log statements, as the test library has it: there are many."""
    logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)


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


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """Return the URL of a file that is not there yet."""
    return f"sqlite:///{tmp_path / 'archive' / 'archive.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """Return the URL of an empty database, of each engine in turn."""
    found: str = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def opener(url: str) -> Iterator[Opener]:
    """Return what opens archives in the database; all are closed at the end."""
    with ExitStack() as stack:
        yield Opener(url, stack)


@pytest.fixture
def archive(opener: Opener) -> Archive:
    """Return the archive of a site."""
    return opener(zone=ZONE)
