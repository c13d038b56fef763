"""Every test that asks for ``url`` runs on SQLite and on a real PostgreSQL server."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from itertools import count
from typing import TYPE_CHECKING, Final

import pytest

from .cluster import Cluster
from .support import ZONE, Opener

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from custom_components.legrand_ews.archive import Archive

_NUMBERS: Final = count(1)


@pytest.fixture(scope="session", autouse=True)
def quiet() -> None:
    """Do not log statements, as the test library has it: there are many."""
    logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Return the server, started once."""
    with Cluster() as cluster:
        yield cluster


@pytest.fixture
def postgresql(cluster: Cluster) -> Iterator[str]:
    """Return the URL of an empty database of the server."""
    name = f"archive_{next(_NUMBERS)}"
    yield cluster.create(name)
    cluster.drop(name)


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
