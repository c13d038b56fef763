"""Every test that asks for ``url`` runs on SQLite and on a real PostgreSQL server."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from .support import ZONE, Opener

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from custom_components.legrand_ews.archive import Archive


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """Return the URL of a file that is not there yet."""
    return f"sqlite:///{tmp_path / 'archive' / 'archive.db'}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the folder of the CSV tables, which is not there yet."""
    return tmp_path / "csv"


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
