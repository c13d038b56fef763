"""A private PostgreSQL server for the tests: made in a folder of its own, gone at the end."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn, Self

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

_UNPRIVILEGED: Final[Mapping[str, Any]] = {"user": "nobody", "group": "nogroup", "extra_groups": []}
"""Whom the server runs as where we are root, which it refuses to."""
_SETTINGS: Final = {
    "listen_addresses": "",
    "max_connections": "40",
    "fsync": "off",
    "shared_buffers": "64MB",
}
"""Nobody needs these rows after a power cut."""


def missing(what: str) -> NoReturn:
    """Fail a test that cannot run on this machine; skip it where that was asked for, which in CI cannot be."""
    if os.environ.get("LEGRAND_EWS_WITHOUT_POSTGRESQL") and not os.environ.get("CI"):
        pytest.skip(what)
    pytest.fail(f"{what}; scripts/setup installs it, LEGRAND_EWS_WITHOUT_POSTGRESQL=1 skips these tests outside of CI")


def programs() -> Path:
    """Return the folder of the server's programs: named by the environment, on the PATH, or Debian's newest."""
    named = os.environ.get("POSTGRESQL_BIN")
    on_path = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    found = [Path(named)] if named else [Path(on_path).resolve().parent] if on_path else debian
    path = next((one for one in found if (one / "initdb").exists()), None)
    return path or missing("no PostgreSQL server")


class Cluster:
    """A server that listens on a socket in its folder."""

    def __init__(self) -> None:
        """Make the cluster; raises RuntimeError with what was said if that does not work."""
        self._programs = programs()
        self._as = dict(_UNPRIVILEGED) if os.geteuid() == 0 else {}
        # Not below pytest's folders: others may not enter these, and the name of a socket must be short.
        self._folder = Path(tempfile.mkdtemp(prefix="ews-pg-"))
        if self._as:
            shutil.chown(self._folder, self._as["user"], self._as["group"])
        self._data = self._folder / "data"
        self._run("initdb", "-D", self._data, "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        with (self._data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in _SETTINGS.items())
            file.write(f"unix_socket_directories = '{self._folder}'\n")

    def __enter__(self) -> Self:
        """Start the server."""
        try:
            self.start()
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop the server and remove all that it wrote."""
        try:
            self.stop()
        finally:
            self._remove()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._run("pg_ctl", "start", "-w", "-t", "60", "-D", self._data, "-l", self._folder / "log")

    def stop(self) -> None:
        """Stop the server as if it had crashed: connections are cut."""
        self._run("pg_ctl", "stop", "-m", "immediate", "-w", "-t", "60", "-D", self._data)

    def url(self, database: str) -> str:
        """Return the URL of a database."""
        return f"postgresql://test@/{database}?host={self._folder}"

    def create(self, database: str) -> str:
        """Make a database and return its URL."""
        self._run("createdb", "-h", self._folder, "-U", "test", database)
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database, whoever uses it."""
        self._run("dropdb", "-h", self._folder, "-U", "test", "--force", database)

    def _run(self, program: str, *arguments: str | Path) -> None:
        """Run one of the server's programs as the server's user; what it leaves running must not inherit a pipe."""
        said = self._folder / "said"
        command = [str(self._programs / program), *map(str, arguments)]
        with said.open("w") as file:
            done = subprocess.run(command, cwd=self._folder, stdout=file, stderr=file, check=False, **self._as)  # noqa: S603
        if done.returncode:
            raise RuntimeError(f"{program}: {said.read_text()}")

    def _remove(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self._folder, ignore_errors=True)
